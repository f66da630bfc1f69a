"""Where a learner's code runs: one interface, and the choice between four back-ends.

A back-end says which command starts the child and where the child finds its files.  Everything else, the
protocol, the limits and what is done when they are hit, is the same for all of them.
"""

import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from importlib.util import cache_from_source, find_spec
from pathlib import Path

from momentum_lab.slips import Slip

PACKAGE = Path(__file__).resolve().parent.parent
INSIDE = PACKAGE / "grading" / "inside"
NAMES = ("auto", "bwrap", "container", "user", "none")
FIRST_USER = 1_900_000_000  # far above the users that a system gives out

# All that a child sees of our environment.
ENVIRONMENT = {
    "HOME": "/tmp",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PATH": "/usr/bin:/bin",
    "PYTHONBREAKPOINT": "0",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "TZ": "UTC",
}
FLAGS = ("-S", "-s", "-P", "-B")
"""No site files, no user's packages, nothing from the working folder, no compiled files left behind."""


class SandboxError(RuntimeError):
    """The sandbox cannot be used on this machine: one sentence that says why and what to do."""


@dataclass(frozen=True)
class Start:
    """How to start a child.

    Attributes
    ----------
    command : list of str
    environment : dict
        Of the command, not of the child where the two differ.
    files : dict
        Where the child finds `probe`, `silent` and, as `paths`, its packages.
    stop : sequence of str
        The command that ends the child where it is no child process of ours.
    """

    command: list
    environment: dict
    files: dict
    stop: tuple = ()


def site_folders():
    """Return the folders with installed packages in which NumPy and SymPy are found."""
    found = [Path(find_spec(name).origin).resolve().parent.parent for name in ("numpy", "sympy", "mpmath")]
    named = [Path(entry).resolve() for entry in sys.path if Path(entry).name in ("site-packages", "dist-packages")]
    return [folder for folder in dict.fromkeys([*found, *named]) if folder.is_dir()]


def interpreter():
    """Return the interpreter itself, behind the links of a virtual environment."""
    return Path(getattr(sys, "_base_executable", None) or sys.executable).resolve()


def choose(name="auto", image=None):
    """Return a back-end that has been tried on this machine.

    Parameters
    ----------
    name : str
        "bwrap", "container", "user", "none", or "auto": the first of the first two that works.
    image : str, optional
        For a container: an image with Python, NumPy and SymPy.

    Raises
    ------
    SandboxError
        If it does not work here.
    """
    from momentum_lab.grading.bubblewrap import Bubblewrap
    from momentum_lab.grading.container import Container
    from momentum_lab.grading.other_user import OtherUser
    from momentum_lab.grading.unprotected import Unprotected

    makers = {"bwrap": Bubblewrap, "container": lambda: Container(image), "user": OtherUser, "none": Unprotected}
    if name != "auto":
        if name not in makers:
            raise Slip(f"There is no sandbox {name!r}; known are: {', '.join(NAMES)}.")
        return _tried(makers[name]())
    reasons = []
    for known in ("bwrap", "container"):
        try:
            return _tried(makers[known]())
        except SandboxError as error:
            reasons.append(str(error))
    raise SandboxError(
        f"No sandbox works here. {' '.join(reasons)} With --sandbox none the submissions run unprotected, with all "
        "the rights that you have: do that only with code you trust."
    )


def _tried(backend):
    """Return the back-end after one child has started in it."""
    from momentum_lab.grading.limits import Limits
    from momentum_lab.grading.session import start_and_end

    backend.look()
    keep_compiled()
    reason = start_and_end(backend, Limits())
    if reason:
        raise SandboxError(f"{backend.title} does not start a process here: {reason}")
    return backend


def keep_compiled(names=("numpy", "sympy")):
    """Let Python compile packages here and keep that, as it does after any import.

    A child keeps nothing: where packages were installed without being compiled, it would do that for every submission.
    """
    new = [name for name in names if not Path(cache_from_source(find_spec(name).origin)).exists()]
    if new and not sys.dont_write_bytecode:
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        subprocess.run([sys.executable, "-c", f"import {', '.join(new)}"], env=environment, capture_output=True)


def beside_ours(limits):
    """Return the limit of processes for a child that keeps our user, or None where ours cannot be counted."""
    if not os.path.isdir("/proc/self/task"):
        return None
    count = 0
    for name in os.listdir("/proc"):
        try:
            if name.isdigit() and os.stat(f"/proc/{name}").st_uid == os.geteuid():
                count += len(os.listdir(f"/proc/{name}/task"))
        except OSError:
            continue  # it has ended in the meantime
    return limits.processes + count


def is_root():
    """True for the administrator of a POSIX system."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def a_new_user():
    """Return the command that makes us a user who owns nothing, for good; another one for every submission."""
    own = str(FIRST_USER + (os.getpid() * 64 + threading.get_ident() % 64) % 100_000_000)
    return ["setpriv", "--reuid", own, "--regid", own, "--clear-groups", "--no-new-privs", "--inh-caps=-all"]
