"""The verb `momentum-lab bundle`: the course on a stick for a room without a network, packages and installer.

The list of hashes is written last.  Without it a stick is unfinished, and the installer says so; the same command goes
on where it was stopped, because pip keeps every wheel that is there already and has the right hash.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from momentum_lab import __version__, environments
from momentum_lab.classroom import wheel
from momentum_lab.classroom.targets import batches, targets
from momentum_lab.slips import Slip
from momentum_lab.workspace.originals import home_of_originals
from momentum_lab.workspace.writing import put

SUMS, MADE_FOR, MARKER = "SHA256SUMS.txt", "made_for.json", ".momentum-lab-bundle"
WRITTEN = ("README.txt", "environments.py", "install.py", MADE_FOR, "requirements.txt")
STICK = Path(__file__).parent / "stick"


def options(verb):
    """Give the verb its arguments."""
    add = verb.add_argument
    add("--out", required=True, metavar="DIR", help="the stick, or a folder to copy onto it")
    platforms = "linux, linux-arm, macos-arm, macos-intel, windows, or a tag of pip; may be repeated (this machine)"
    add("--platform", action="append", default=[], metavar="NAME", help=platforms)
    add("--python", action="append", default=[], metavar="X.Y", help="such as 3.12; may be repeated (this one)")
    add("--wheel", metavar="FILE", help="the wheel of the course, such as the one of a class (made here)")


def run(arguments):
    """Make the bundle and say what it is; return the exit code."""
    out, own = Path(arguments.out).resolve(), arguments.wheel and Path(arguments.wheel)
    size = bundle(out, targets(arguments.platform, arguments.python), own)
    print(f"The bundle is in {out}, {size / 1e6:.0f} MB; what a learner does with it is in its README.txt.")
    return 0


def bundle(folder, machines, own=None):
    """Make a bundle, or finish one that was begun.

    Parameters
    ----------
    folder : Path
        New, empty, or with a bundle.
    machines : list of Target
    own : Path, optional
        The wheel of the course, such as one of a class; made here by default.

    Returns
    -------
    int
        The bytes of the bundle.

    Raises
    ------
    Slip
        If the folder holds other things, or packages cannot be had.
    OSError
        If the system refuses; the same call goes on from there.
    """
    _claim(folder)
    pip, wheels = command_of_pip(), folder / "wheels"
    wheels.mkdir(exist_ok=True)
    lock = Path(str(home_of_originals()), "requirements.lock").read_text("utf-8")
    for machine in machines:
        print(f"Packages for Python {machine.python} on {_system(machine)} ...", flush=True)
        for lines in batches(machine, lock):
            _download(pip, wheels, lines, machine)
    extra = [_own_wheel(wheels, own, pip), _wheel_of_pip(wheels, pip)]
    put(folder / "requirements.txt", (lock + "".join(map(_pinned, extra))).encode("utf-8"))
    _add_installer(folder, machines)
    _finish(folder, lock, extra)
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _claim(folder):
    """Mark a folder as a bundle's, and as unfinished."""
    if folder.exists() and not (folder / MARKER).exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Slip(f"{folder} holds other things already: name a new folder, or an empty one.")
    put(folder / MARKER, b"")
    (folder / SUMS).unlink(missing_ok=True)


def command_of_pip():
    """Return the command that is pip: the one of this Python, or of the Python that it was made from."""
    if find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    outer = environments.outer_python()
    if subprocess.call([outer, "-c", "import pip"], stderr=subprocess.DEVNULL) == 0:
        return [outer, "-m", "pip"]
    missing = environments.module("ensurepip")
    raise Slip(f"pip is missing, and it does the downloading; install it: {missing}")


def _download(pip, wheels, lines, machine):
    """Download what the lines name, unless it is there."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder, "requirements.txt")
        wanted.write_text("\n".join(lines) + "\n", "utf-8")
        _run([*pip, "download", "--no-deps", "--only-binary=:all:", "--require-hashes", "-r", str(wanted),
              "--dest", str(wheels), *machine.options], machine)  # fmt: skip


def _run(command, machine=None):
    """Run pip; what it cannot do ends in one sentence."""
    variables = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONUTF8": "1"}
    with tempfile.TemporaryDirectory() as folder:
        trouble = environments.attempt(command, variables, folder, otherwise=environments.FAILED_INSTALL)
    if trouble == environments.NO_PACKAGE and machine:
        place = f"Python {machine.python} on {_system(machine)}"
        raise Slip(f"A package of the lock has no wheel for {place}, the lines above name it: leave that machine out.")
    if trouble:
        raise Slip(trouble)


def _own_wheel(wheels, own, pip):
    if own is None:
        return wheel.make(wheels, pip)
    if own.name != wheel.NAME or not own.is_file():
        raise Slip(f"{own} is no wheel of this version of the course; it would be called {wheel.NAME}.")
    put(wheels / own.name, own.read_bytes())
    return wheels / own.name


def _wheel_of_pip(wheels, pip):
    """Return a wheel of pip, which runs as it is: some Pythons come without one and cannot make one."""
    if not list(wheels.glob("pip-*.whl")):
        _run([*pip, "download", "--no-deps", "--only-binary=:all:", "--dest", str(wheels), "pip"])
    return max(wheels.glob("pip-*.whl"))


def _pinned(file):
    """Return the line of a lock for a wheel."""
    name, version = file.name.split("-")[:2]
    return f"{name.replace('_', '-')}=={version} --hash=sha256:{_sum(file)}\n"


def _add_installer(folder, machines):
    shutil.copyfile(environments.__file__, folder / "environments.py")
    shutil.copyfile(STICK / "install.py", folder / "install.py")
    text = (STICK / "README.txt").read_text("utf-8").replace("VERSION", __version__)
    text = text.replace("MACHINES", "\n".join(f"    Python {one.python} on {_system(one)}" for one in machines))
    put(folder / "README.txt", text.replace("\n", "\r\n").encode("utf-8"))  # Windows' own editor wants both
    pairs = sorted({(one.python, one.environment()["sys_platform"]) for one in machines})
    put(folder / MADE_FOR, (json.dumps({"version": __version__, "machines": pairs}) + "\n").encode("ascii"))


def _system(machine):
    known = machine.environment()
    name = {"Darwin": "macOS"}.get(known["platform_system"], known["platform_system"])
    return f"{name} ({known['platform_machine']})"


def _finish(folder, lock, extra):
    """Write the list of hashes.

    A wheel that the lock does not name, left from an older bundle, is not in it, nor is what a system puts on a stick
    by itself, such as .DS_Store: it changes, and the installer must not call that damage.
    """
    lines = []
    for file in [*(folder / name for name in WRITTEN), *sorted((folder / "wheels").glob("*.whl"))]:
        digest = _sum(file)
        if file.suffix != ".whl" or file in extra or digest in lock:
            lines.append(f"{digest}  {file.relative_to(folder).as_posix()}\n")
    put(folder / SUMS, "".join(lines).encode("utf-8"))


def _sum(file):
    with open(file, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
