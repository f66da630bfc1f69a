"""No sandbox, but a user of its own: for a machine that belongs to one submission and lets nobody make a sandbox.

The submission's processes have a user who owns nothing but the scratch folder, so files that are closed to others are
closed to it, no process of ours can be touched, and the limit of processes binds.  The network stays open.
"""

import os
import shutil
from dataclasses import replace

from momentum_lab.grading.sandbox import SandboxError, a_new_user, is_root
from momentum_lab.grading.unprotected import Unprotected

NOTICE = """\
************************************************************************************************
*  NO SANDBOX, ONLY ANOTHER USER.  Files that are closed to others stay closed to a submission, *
*  but it sees the network and every file that everybody may read.                              *
************************************************************************************************"""


class OtherUser(Unprotected):
    """Run every submission as a plain process of a user who is nobody else."""

    name, title, notice = "user", "A process of another user", NOTICE

    def look(self):
        """Raise SandboxError unless we may change the user."""
        if not is_root():
            raise SandboxError("Only root can give a submission another user.")
        if not shutil.which("setpriv"):
            raise SandboxError("setpriv is missing (Debian: util-linux).")

    def process_limit(self, limits):
        """Return how many processes the child's user may have: it has no others."""
        return limits.processes

    def start(self, limits, scratch):
        """Return how a child starts, in a scratch folder that belongs to its user."""
        plain, user = super().start(limits, scratch), a_new_user()
        os.chown(scratch, int(user[2]), int(user[2]))
        # What has left the child's process group still has its user: kill -1 is everything that this user may end.
        end = [shutil.which("setpriv"), *user[1:], "sh", "-c", "kill -KILL -1"]
        return replace(plain, command=[shutil.which("setpriv"), *user[1:], *plain.command], stop=end)
