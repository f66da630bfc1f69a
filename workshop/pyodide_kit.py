"""Collect a Pyodide of our own in one folder: Python 3.14 for the browser, with what the course needs.

    python workshop/pyodide_kit.py FOLDER [--pyodide ARCHIVE]

Runtime, lock file and compiled wheels come from a release archive of Pyodide.  Where none is to be had, the runtime
and its lock file come from the npm package `pyodide`, and the compiled wheels from a Python package that carries a copy
of them.  Either way only those wheels are taken whose SHA-256 is the one in the runtime's own lock file.  Pure Python
wheels that are not there are downloaded by pip, in the versions of the lock.  Where Node is installed, the wheels are
then compiled to bytecode, which spares a browser a third of the work before the first picture (see bytecode.py).
Nothing of it is part of the
course: the folder is made where it is needed, and never committed.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from email.parser import Parser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

VERSION = "314.0.3"
DONOR = "open-webui==0.12.4"  # its wheel holds Pyodide's wheels of numpy, matplotlib and what they need
LOCK = "pyodide-lock.json"
RUNTIME = {
    "pyodide.js", "pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", LOCK, "package.json",
}  # fmt: skip
NEEDS = ("numpy", "matplotlib", "sympy", "ipython", "ipywidgets", "micropip", "jedi")
CACHE = Path.home() / ".cache" / "momentum-lab" / "pyodide"
REASON = re.compile(r"^(npm error (code )?|ERROR: |\w*Error: )(?P<words>.+)$", re.MULTILINE)  # npm's, pip's, Python's
BROWSER = {
    "sys_platform": "emscripten", "platform_system": "Emscripten", "os_name": "posix", "python_version": "3.14",
    "python_full_version": "3.14.0", "implementation_name": "cpython", "platform_python_implementation": "CPython",
    "extra": "",
}  # fmt: skip


class Missing(Exception):
    """Something could not be had here; one sentence says what."""


def make(folder, archive=None):
    """Fill a folder with the runtime and every wheel that the course needs; return the names of the packages.

    Parameters
    ----------
    folder : Path
        A complete one is left as it is; one that holds other things than a kit is refused.
    archive : Path, optional
        A release archive of Pyodide; without one, npm and pip are asked.

    Raises
    ------
    Missing
        If npm, pip or a file of them is not to be had.
    """
    folder = Path(folder)
    if archive and not Path(archive).is_file():
        raise Missing(f"There is no file {archive}.")
    node, stamp = shutil.which("node"), folder / "kit.json"
    wanted = [VERSION, *NEEDS, _sha(Path(archive)) if archive else DONOR, "bytecode" if node else "source"]
    if stamp.exists() and json.loads(stamp.read_text())["made of"] == wanted:
        return json.loads(stamp.read_text())["packages"]
    _refuse_what_is_no_kit(folder)
    with tempfile.TemporaryDirectory() as scratch:
        new = Path(scratch) / "kit"
        new.mkdir()
        held = _unpacked(archive) if archive else _without_archive(Path(scratch))
        packages = _collect(held, Path(scratch), new)
        if node:
            run([node, str(Path(__file__).with_name("bytecode.mjs")), str(new)], new)
        (new / stamp.name).write_text(json.dumps({"made of": wanted, "packages": packages}))
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(new, folder)
    return packages


def _refuse_what_is_no_kit(folder):
    """The folder is emptied before it is filled: nothing of somebody else's may be in it."""
    of_a_kit = {*RUNTIME, "kit.json"}
    others = [f for f in folder.iterdir() if f.name not in of_a_kit and f.suffix != ".whl"] if folder.is_dir() else []
    if others or (folder.exists() and not folder.is_dir()):
        raise Missing(f"{folder} holds other things already and was left alone: name a new folder.")


def add(folder, wheels):
    """Put further wheels, such as the course's own, into a folder made by `make`, and into its lock file.

    A wheel takes the place of one with the same name.
    """
    file = Path(folder) / LOCK
    lock = json.loads(file.read_text("utf-8"))
    for wheel in map(Path, wheels):
        entry = _entry(wheel)
        old = lock["packages"].get(canonicalize_name(entry["name"]))
        if old:
            (folder / old["file_name"]).unlink()
        shutil.copy2(wheel, folder)
        lock["packages"][canonicalize_name(entry["name"])] = entry
    file.write_text(json.dumps(lock))


# ------------------------------------------------------------------------------- where the files come from


def _unpacked(archive):
    """Return {file name: bytes} of a release archive."""
    try:
        with tarfile.open(archive) as opened:
            files = [member for member in opened.getmembers() if member.isfile() and member.name.count("/") < 3]
            return {Path(member.name).name: opened.extractfile(member).read() for member in files}
    except (OSError, tarfile.TarError) as error:
        raise Missing(f"{archive} cannot be read as a release archive of Pyodide: {error}") from None


def _without_archive(scratch):
    """Return {file name: bytes} of the runtime and of the compiled wheels, from two packages."""
    try:
        return {**_from_npm(scratch), **_donated(scratch)}
    except Missing as trouble:
        raise Missing(f"{trouble} (A release archive of Pyodide does as well: --pyodide ARCHIVE.)") from None


def _from_npm(scratch):
    run(["npm", "pack", f"pyodide@{VERSION}", "--loglevel=error"], scratch)
    return _unpacked(next(scratch.glob("pyodide-*.tgz")))


def _donated(scratch):
    """Return {file name: bytes} of the wheels that the donor carries."""
    with zipfile.ZipFile(_download(DONOR, scratch)) as archive:
        members = [name for name in archive.namelist() if "/pyodide/" in name and name.endswith(".whl")]
        return {Path(name).name: archive.read(name) for name in members}


def _collect(held, scratch, new):
    """Write the runtime and every wheel that can be reached from what is needed; return the packages' names."""
    if lacking := sorted(RUNTIME - set(held)):
        raise Missing(f"This is no whole Pyodide: {lacking[0]} is missing.")
    for name in RUNTIME:
        (new / name).write_bytes(held[name])
    lock = json.loads(held[LOCK])
    if lock["info"]["python"].rpartition(".")[0] != BROWSER["python_version"]:
        raise Missing(f"This Pyodide has Python {lock['info']['python']}; the course needs that of {VERSION}.")
    locked = {canonicalize_name(name): entry for name, entry in lock["packages"].items()}
    packages, waiting = {}, [*NEEDS]
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name not in packages:
            packages[name] = _take(name, locked.get(name), held, scratch, new)
            waiting += packages[name]["depends"]
    lock["packages"] = dict(sorted(packages.items()))
    (new / LOCK).write_text(json.dumps(lock))
    return sorted(packages)


def _take(name, locked, held, scratch, new):
    """Write one wheel into the new folder; return its entry in the lock."""
    data = held.get(locked["file_name"]) if locked else None
    if data and hashlib.sha256(data).hexdigest() == locked["sha256"]:
        (new / locked["file_name"]).write_bytes(data)
        return locked
    if locked and "none-any" not in locked["file_name"]:
        raise Missing(f"The compiled package {name} of Pyodide {VERSION} is not to be had with its SHA-256.")
    wheel = _download(f"{name}=={locked['version']}" if locked else name, scratch)
    shutil.copy2(wheel, new)
    return _entry(wheel, locked)


def _download(requirement, scratch):
    """Return the wheel that pip finds for the browser's Python."""
    folder = scratch / re.sub(r"\W", "_", requirement)
    version = "3.11" if requirement == DONOR else BROWSER["python_version"]
    options = [
        "--no-deps", "--only-binary", ":all:", "--platform", "any", "--implementation", "py", "--abi", "none",
        "--python-version", version,
    ]  # fmt: skip
    run([sys.executable, "-m", "pip", "download", "-q", *options, "-d", str(folder), requirement], scratch)
    return next(folder.glob("*.whl"))


def _entry(wheel, old=None):
    """Return what the lock says of a wheel; its needs are those of the old entry, or those of its metadata."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read(next(name for name in names if name.endswith(".dist-info/METADATA")))
    said = Parser().parsestr(metadata.decode("utf-8"))
    needs = [Requirement(text) for text in said.get_all("Requires-Dist") or []]
    needs = [need.name for need in needs if need.marker is None or need.marker.evaluate(BROWSER)]
    tops = {name.split("/")[0].removesuffix(".py") for name in names if re.fullmatch(r"\w+(\.py|/__init__\.py)", name)}
    return {
        "name": said["Name"], "version": said["Version"], "file_name": wheel.name, "install_dir": "site",
        "sha256": _sha(wheel), "package_type": "package", "unvendored_tests": False,
        "imports": old["imports"] if old else sorted(tops),
        "depends": old["depends"] if old else sorted(map(canonicalize_name, needs)),
    }  # fmt: skip


def _sha(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def run(command, folder):
    """Run a program in a folder; if it fails, raise `Missing` with the first reason that it gave."""
    program = shutil.which(command[0])
    if not program:
        raise Missing(f"{command[0]} is not installed.")
    done = subprocess.run([program, *command[1:]], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        said = f"{done.stdout}\n{done.stderr}".strip() or "no reason given"
        reason = REASON.search(said)
        words = reason["words"] if reason else said.splitlines()[-1]
        raise Missing(f"{' '.join([Path(command[0]).name, *command[1:3]])} ... failed: {words.strip()}")


def main():
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pyodide", type=Path, metavar="ARCHIVE", help="a release archive of Pyodide")
    options = parser.parse_args()
    try:
        packages = make(options.folder, options.pyodide)
    except Missing as trouble:
        print(trouble, file=sys.stderr)
        return 1
    size = sum(file.stat().st_size for file in options.folder.iterdir()) / 1e6
    print(f"{len(packages)} packages, {size:.0f} MB, in {options.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
