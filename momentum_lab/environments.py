"""Make an environment of packages: what `start.py` and the installer on a stick have in common.

Both load this file by its path, before there is an environment: the standard library only, and nothing of ours.  Both
have said by then that an old Python is too old, so this file may use what Python 3.11 brings.
"""

import contextlib
import errno
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple


class Trouble(Exception):
    """Something foreseeable went wrong; the message is one sentence with the cause and the cure."""


# ------------------------------------------------------------------------------ a folder, and whose it is


def python_of(folder):
    """Return the path of the Python of an environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_foreign(folder, marker):
    """Tell whether somebody else made this folder.  An empty one is as good as ours."""
    if (folder / marker).exists() or not folder.exists():
        return False
    return not folder.is_dir() or any(folder.iterdir())


def starts(python):
    """Tell whether a Python runs; it stops doing so when the Python it was made from is uninstalled."""
    try:
        return subprocess.call([str(python), "-I", "-S", "-c", ""], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


@contextlib.contextmanager
def locked(folder, marker):
    """Let one program at a time build in a folder.  The system frees the lock, even after a crash."""
    with open(folder / marker, "a") as file:
        if not try_lock(file):
            print(f"Another one is setting up {folder}; waiting for it.", flush=True)
            while not try_lock(file):
                time.sleep(0.2)
        yield


def try_lock(file):
    """Lock an open file against other processes; return False when another one holds it."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        # Some network drives know no locks; a course that starts is worth more than a perfect lock.
        return True
    return True


def empty(folder, marker):
    """Delete everything in a folder except the marker, which is locked and keeps the folder ours."""
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != marker:
            entry.unlink()


# ---------------------------------------------------------------------------- making and filling it


class Way(NamedTuple):
    """One way to an environment: a command that makes it, one that fills it, and whether to go on after."""

    make: list
    fill: list
    last: bool = True  # when filling fails, no other way is tried


def ways(folder, pip=None):
    """Return every way that this machine offers, the best first.

    Parameters
    ----------
    folder : Path
    pip : Path, optional
        A wheel of pip, which runs as it is: with one, no machine is too bare.
    """
    outer = outer_python()
    inner = str(python_of(folder))
    uv = shutil.which("uv")
    found = []
    if uv:
        make = [uv, "venv", "--allow-existing", "--python", outer, str(folder)]
        # uv does not read pip's settings (a mirror, a proxy), so pip may succeed where uv failed.
        found.append(Way(make, [uv, "pip", "install", "--python", inner], last=False))
    if has("venv") and has("ensurepip"):
        found.append(Way([outer, "-m", "venv", str(folder)], [inner, "-m", "pip", "install"]))
    if has("virtualenv"):
        found.append(Way([outer, "-m", "virtualenv", str(folder)], [inner, "-m", "pip", "install"]))
    # Debian keeps ensurepip in a package of its own: another pip fills an environment without pip.
    bare = [outer, "-m", "venv", "--without-pip", str(folder)]
    if has("venv") and pip:
        found.append(Way(bare, [inner, str(pip / "pip"), "install"]))
    if has("venv") and has("pip"):
        found.append(Way(bare, [outer, "-m", "pip", "--python", inner, "install"]))
    return found


def outer_python():
    """Return the Python that this one was made from: this one may lie in the very folder that is emptied before use."""
    return getattr(sys, "_base_executable", None) or sys.executable


def has(module):
    """Tell whether this Python has a module, without importing it.  An empty folder is none."""
    spec = importlib.util.find_spec(module)
    return spec is not None and spec.origin is not None


def install(folder, marker, wanted, variables, pip=None):
    """Make an environment in the first way that works, and fill it.

    Parameters
    ----------
    folder : Path
        It is emptied first, but for the marker.
    marker : str
    wanted : list of str
        The arguments of pip's install.
    variables : dict
        What the installers find in their environment.
    pip : Path, optional

    Raises
    ------
    Trouble
        If no way works; the last lines of the installer are printed before.
    """
    if os.pathsep in str(folder):
        raise Trouble(f"{folder} has a {os.pathsep} in its name, which no environment may have: rename it, {AGAIN}")
    if sys.platform == "win32" and Path(sys.executable).is_relative_to(folder):
        another = pasted(outer_python(), *sys.argv)
        raise Trouble(f"{folder} must be made anew, and this Python lies in it: start another one, with  {another}")
    trouble = NO_WAY
    for tried, way in enumerate(ways(folder, pip)):
        if tried:
            print("That did not work; trying another way.", flush=True)
        empty(folder, marker)
        trouble = attempt(way.make, variables, folder, otherwise=NO_WAY)
        if trouble:
            continue
        trouble = attempt([*way.fill, *wanted], variables, folder, otherwise=FAILED_INSTALL)
        if not trouble or way.last:
            break
    if trouble:
        raise Trouble(trouble)


def attempt(command, variables, folder, otherwise):
    """Run an installer; return None when it worked, else one sentence, with its last lines above.

    It runs in the new environment's folder, which holds no random.py to come in the place of Python's.
    """
    said = []
    with subprocess.Popen(
        command,
        env=variables,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        try:
            for line in process.stdout:
                said.append(line.rstrip())
                # A dot for each package that pip takes up shows a learner on a slow line that it goes on.
                if line.startswith(TAKEN_UP):
                    print(".", end="", flush=True)
        except KeyboardInterrupt:
            process.kill()
            raise
    if any(line.startswith(TAKEN_UP) for line in said):
        print(flush=True)
    if process.returncode == 0:
        return None
    print("\n".join(said[-15:]), file=sys.stderr)
    return diagnosis(said) or otherwise


TAKEN_UP = ("Collecting ", "Processing ")  # pip's words for a package from the network, and from a folder

# ------------------------------------------------------------------------------- trouble, in one sentence

THIS = "{}.{}".format(*sys.version_info[:2])
AGAIN = "then run the same command again."
NO_WAY = (
    f"This Python cannot make an environment of its own: install the package python{THIS}-venv "
    f"(on Debian and Ubuntu: sudo apt install python{THIS}-venv), {AGAIN}"
)
FAILED_INSTALL = f"The packages could not be installed, the lines above say why: mend that, {AGAIN}"
FULL_DISK = f"The disk is full: free about 1 GB, {AGAIN}"
NO_NETWORK = (
    "The packages could not be downloaded, there is no connection: connect to the network "
    f"(behind a proxy, set HTTPS_PROXY), {AGAIN}"
)
NO_TRUST = (
    "The network's certificate is not trusted: ask who runs the network for the certificate file, "
    f"set SSL_CERT_FILE to its path, {AGAIN}"
)
WRONG_FILE = f"A downloaded file is not the one that the lock names: try another network, {AGAIN}"
NO_PACKAGE = (
    f"A package of the lock does not exist for Python {THIS} on this machine: "
    f"install Python 3.11, 3.12 or 3.13, {AGAIN}"
)

# Words of pip, uv and the system, and what they mean.  The first row that fits is the answer.
MEANINGS = [
    (FULL_DISK, ["no space left", "os error 28", "disk quota", "winerror 112"]),
    (NO_TRUST, ["certificate_verify_failed", "invalid peer certificate"]),
    (NO_NETWORK, ["failed to establish", "name resolution", "dns error", "connect error", "proxyerror"]),
    (WRONG_FILE, ["do not match the hashes", "hash mismatch"]),
    (NO_PACKAGE, ["no matching distribution", "no solution found"]),
]


def diagnosis(said):
    """Return the sentence for what an installer said, or None when nothing in it is known."""
    text = "\n".join(said).lower()
    for sentence, signs in MEANINGS:
        if any(sign in text for sign in signs):
            return sentence
    return None


def refusal(error, folder):
    """Turn an error of the operating system into one sentence with the cause and the cure."""
    where = error.filename or folder
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return FULL_DISK
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"{where} cannot be written: close JupyterLab if it is running, "
            f"or copy the course into a folder of your own, {AGAIN}"
        )
    return f"The system refused ({error}): mend that, {AGAIN}"


# ------------------------------------------------------------------------------------ for the programs in it

# Another Python's paths, another JupyterLab's folder, other places to install to: none of our business.
LEAKS = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "JUPYTERLAB_DIR", "PIP_TARGET", "PIP_PREFIX"}


def clean_variables():
    """Return the variables for the programs of an environment: nothing of another Python leaks in."""
    variables = {name: value for name, value in os.environ.items() if name not in LEAKS}
    return {
        **variables,
        "PYTHONNOUSERSITE": "1",
        "PYTHONUTF8": "1",
        "PIP_USER": "0",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


def pasted(*words):
    """Return a command as a line to paste into a shell; on Windows it is the same for PowerShell and for cmd."""
    if sys.platform != "win32":
        return shlex.join(words)
    program, *others = [word if re.fullmatch(r"[\w\\:./~+-]+", word) else f'"{word}"' for word in words]
    if program.startswith('"'):  # PowerShell takes a line that begins with a quote for a text, not for a program
        program = f'{words[0][:3]}"{words[0][3:]}"'
    return " ".join([program, *others])


def module(*words):
    """Return the line that runs a module of this Python."""
    return pasted(sys.executable, "-m", *words)
