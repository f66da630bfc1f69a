"""No sandbox: a process with limits, for code that you trust."""

import os

from momentum_lab.grading.sandbox import (
    ENVIRONMENT,
    FLAGS,
    INSIDE,
    PACKAGE,
    Start,
    beside_ours,
    interpreter,
    site_folders,
)

NOTICE = """\
************************************************************************************************
*  NOT FOR UNTRUSTED CODE.  Without a sandbox a submission can read and change your files, see  *
*  the network and the solutions, and leave processes behind.  Grade only what you have read.   *
************************************************************************************************"""


class Unprotected:
    """Run every submission as a plain process in a scratch folder."""

    name, title, safe, notice = "none", "A plain process", False, NOTICE

    forks = hasattr(os, "fork")  # else every question needs an interpreter of its own

    def look(self):
        """Nothing is needed."""

    def process_limit(self, limits):
        """Return how many processes our user may have."""
        return beside_ours(limits)

    def start(self, limits, scratch):
        """Return how a child starts."""
        files = {
            "probe": str(PACKAGE / "checks" / "probe.py"),
            "silent": str(INSIDE / "silent.py"),
            "paths": [str(PACKAGE.parent), *map(str, site_folders())],
        }
        system = {name: os.environ[name] for name in ("SYSTEMROOT", "PATH") if name in os.environ}
        environment = ENVIRONMENT | system | {"HOME": scratch, "TMPDIR": scratch, "TEMP": scratch}
        return Start([str(interpreter()), *FLAGS, str(INSIDE / "child.py")], environment, files)
