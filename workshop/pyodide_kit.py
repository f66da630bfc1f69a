"""Collect a Pyodide of our own in one folder: Python 3.14 for the browser, with what the course needs.

    python workshop/pyodide_kit.py FOLDER

The runtime and its lock file come from the npm package `pyodide`; a release archive of Pyodide has more than we need
and is not always to be had.  Compiled wheels are taken from a Python package that carries a copy of them, and only
those whose SHA-256 is the one in the runtime's own lock file.  Pure Python wheels are downloaded by pip in the versions
of the lock.  Nothing of it is part of the course: the folder is made where it is needed, and never committed.
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
RUNTIME = {
    "pyodide.js", "pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json",
    "package.json",
}  # fmt: skip
NEEDS = ("numpy", "matplotlib", "sympy", "ipython", "ipywidgets", "micropip")
BROWSER = {
    "sys_platform": "emscripten", "platform_system": "Emscripten", "os_name": "posix", "python_version": "3.14",
    "python_full_version": "3.14.0", "implementation_name": "cpython", "platform_python_implementation": "CPython",
    "extra": "",
}  # fmt: skip


class Missing(Exception):
    """Something could not be had here; one sentence says what."""


def make(folder, extra=()):
    """Fill a folder with the runtime and every wheel that the course needs; return the names of the packages.

    Parameters
    ----------
    folder : Path
        A complete one is left as it is.
    extra : sequence of Path
        Further wheels, such as the course's own.

    Raises
    ------
    Missing
        If npm, pip or a file of them is not to be had.
    """
    folder = Path(folder)
    stamp, wanted = folder / "kit.json", [VERSION, DONOR, *NEEDS, *(_sha(Path(wheel)) for wheel in extra)]
    if stamp.exists() and json.loads(stamp.read_text())["made of"] == wanted:
        return json.loads(stamp.read_text())["packages"]
    with tempfile.TemporaryDirectory() as scratch:
        new = Path(scratch) / "kit"
        new.mkdir()
        lock = _runtime(Path(scratch), new)
        packages = _Wheels(Path(scratch), lock).collect(extra, new)
        lock["packages"] = packages
        (new / "pyodide-lock.json").write_text(json.dumps(lock))
        (new / stamp.name).write_text(json.dumps({"made of": wanted, "packages": sorted(packages)}))
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(new, folder)
    return sorted(packages)


def _runtime(scratch, new):
    """Unpack the npm package into the new folder; return its lock file as a dict."""
    _run(["npm", "pack", "--silent", f"pyodide@{VERSION}"], scratch)
    with tarfile.open(next(scratch.glob("pyodide-*.tgz"))) as archive:
        for member in archive.getmembers():
            if Path(member.name).name in RUNTIME and member.name.count("/") == 1:
                (new / Path(member.name).name).write_bytes(archive.extractfile(member).read())
    return json.loads((new / "pyodide-lock.json").read_text("utf-8"))


class _Wheels:
    """Where the wheels come from: the donor, checked against the lock, or pip."""

    def __init__(self, scratch, lock):
        self.scratch = scratch
        self.locked = {canonicalize_name(name): entry for name, entry in lock["packages"].items()}
        self.donated = self._donated()

    def _donated(self):
        """Return {file name: bytes} of the donor's wheels that are exactly those of the lock."""
        hashes = {entry["sha256"] for entry in self.locked.values()}
        with zipfile.ZipFile(self._download(DONOR)) as archive:
            members = [name for name in archive.namelist() if "/pyodide/" in name and name.endswith((".whl", ".zip"))]
            held = {Path(name).name: archive.read(name) for name in members}
        return {name: data for name, data in held.items() if hashlib.sha256(data).hexdigest() in hashes}

    def collect(self, extra, new):
        """Copy every wheel that can be reached from what is needed; return the entries of the new lock."""
        packages, waiting = {}, [*NEEDS]
        for wheel in map(Path, extra):
            entry = _entry(wheel)
            shutil.copy2(wheel, new)
            packages[canonicalize_name(entry["name"])] = entry
            waiting += entry["depends"]
        while waiting:
            name = canonicalize_name(waiting.pop())
            if name in packages:
                continue
            packages[name] = self._take(name, new)
            waiting += packages[name]["depends"]
        return packages

    def _take(self, name, new):
        old = self.locked.get(name)
        if old and old["file_name"] in self.donated:
            (new / old["file_name"]).write_bytes(self.donated[old["file_name"]])
            return old
        if old and "none-any" not in old["file_name"]:
            raise Missing(f"The compiled package {name} of Pyodide {VERSION} is not in {DONOR}.")
        wheel = self._download(f"{name}=={old['version']}" if old else name)
        shutil.copy2(wheel, new)
        return _entry(wheel, old)

    def _download(self, requirement):
        """Return the wheel that pip finds for the browser's Python."""
        folder = self.scratch / re.sub(r"\W", "_", requirement)
        version = "3.11" if requirement == DONOR else "3.14"
        options = [
            "--no-deps",
            "--only-binary",
            ":all:",
            "--platform",
            "any",
            "--implementation",
            "py",
            "--abi",
            "none",
        ]
        command = [sys.executable, "-m", "pip", "download", "-q", *options, "--python-version", version]
        _run([*command, "-d", str(folder), requirement], self.scratch)
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


def _run(command, folder):
    program = shutil.which(command[0])
    if not program:
        raise Missing(f"{command[0]} is not installed.")
    done = subprocess.run([program, *command[1:]], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip() or "no reason given").splitlines()[-1]
        raise Missing(f"{' '.join(command[:3])} ... failed: {last}")


def main():
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("wheels", type=Path, nargs="*", help="further wheels, such as the course's own")
    options = parser.parse_args()
    try:
        packages = make(options.folder, options.wheels)
    except Missing as trouble:
        print(trouble, file=sys.stderr)
        return 1
    size = sum(file.stat().st_size for file in options.folder.iterdir()) / 1e6
    print(f"{len(packages)} packages, {size:.0f} MB, in {options.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
