"""What an instructor needs to know of a learner's machine, and nothing that tells whose it is.

No name, no path, no address: versions, the kind of system, what the doctor found, and whether disk and memory suffice.
"""

import os
import platform
import shutil
import sys
from dataclasses import dataclass

from momentum_lab import __version__, doctor
from momentum_lab.classroom import code
from momentum_lab.slips import Slip

SYSTEMS = ("another system", "Linux", "macOS", "Windows", "a browser")
MACHINES = ("another machine", "x86-64", "ARM")
PACKAGES = ("numpy", "matplotlib", "sympy", "ipywidgets", "jupyterlab")
GIGABYTE = 1e9
DISK = (0.2, 1.0)  # gigabytes free: below the first there is no room, below the second it is tight
MEMORY = (2.0, 4.0)  # gigabytes built in
CLASSES = ("unknown", "too little", "tight", "enough")

FORMAT = 1
SIZES = [3, 4, 6, 6, 5, 3, 2, *[12] * len(PACKAGES), len(doctor.KINDS), 2, 2]


@dataclass(frozen=True)
class Machine:
    """The facts.

    Attributes
    ----------
    course : tuple of int
        Major, minor and patch version of the course.
    python : int
        The 12 of Python 3.12.
    system, machine : str
        One of `SYSTEMS`, one of `MACHINES`.
    packages : tuple of (int, int)
        Major and minor version of each of `PACKAGES`; (0, 0) for what is missing.
    kinds : frozenset of str
        The kinds of the doctor's problems, from `doctor.KINDS`.
    disk, memory : str
        One of `CLASSES`.
    """

    course: tuple
    python: int
    system: str
    machine: str
    packages: tuple
    kinds: frozenset
    disk: str
    memory: str


def look(report):
    """Return the facts of this machine.

    Parameters
    ----------
    report : doctor.Report
    """
    return Machine(
        numbers(__version__, 3),
        sys.version_info.minor,
        _system(),
        _machine(),
        tuple(numbers(report.packages.get(name) or "0.0", 2) for name in PACKAGES),
        frozenset(problem.kind for problem in report.problems) & set(doctor.KINDS),
        _class(_free_disk(), DISK),
        _class(_memory(), MEMORY),
    )


def to_code(machine):
    """Return the code of a machine."""
    flags = [2**place for place, kind in enumerate(doctor.KINDS) if kind in machine.kinds]
    packages = [major << 6 | min(minor, 63) for major, minor in machine.packages]
    system, kind = SYSTEMS.index(machine.system), MACHINES.index(machine.machine)
    values = [FORMAT, *machine.course, machine.python, system, kind, *packages, sum(flags)]
    return code.write([*values, CLASSES.index(machine.disk), CLASSES.index(machine.memory)], SIZES)


def from_code(text):
    """Return the machine that a code tells of.

    Raises
    ------
    Slip
        If it is no such code.
    """
    form, *values = code.read(text, SIZES)
    if form != FORMAT:
        raise Slip("the code was made by another version of the course")
    course, (python, system, machine), packages, (flags, disk, memory) = (
        tuple(values[:3]), values[3:6], values[6:-3], values[-3:],
    )  # fmt: skip
    if system >= len(SYSTEMS) or machine >= len(MACHINES):
        raise Slip("the code was made by another version of the course")
    kinds = frozenset(kind for place, kind in enumerate(doctor.KINDS) if flags >> place & 1)
    pairs = tuple((package >> 6, package & 63) for package in packages)
    return Machine(course, python, SYSTEMS[system], MACHINES[machine], pairs, kinds, CLASSES[disk], CLASSES[memory])


def numbers(version, count):
    """Return the first numbers of a version: those of "4.6.0rc1", 3 are (4, 6, 0).  What is no number is 0."""
    parts = (version.split("+")[0].split(".") + ["0"] * count)[:count]
    digits = ["".join(char if char.isdigit() else " " for char in part).split() for part in parts]
    return tuple(int(found[0]) if found else 0 for found in digits)


def _system():
    known = {"linux": "Linux", "darwin": "macOS", "win32": "Windows", "emscripten": "a browser"}
    return known.get(sys.platform, SYSTEMS[0])


def _machine():
    name = platform.machine().lower()
    return "x86-64" if name in ("x86_64", "amd64") else "ARM" if name in ("arm64", "aarch64") else MACHINES[0]


def _class(amount, limits):
    """Return one of `CLASSES`; a class tells less of a person's machine than a number of bytes."""
    if amount is None:
        return CLASSES[0]
    return CLASSES[1 + sum(amount / GIGABYTE >= limit for limit in limits)]


def _free_disk():
    try:
        return shutil.disk_usage(os.getcwd()).free
    except OSError:
        return None


def _memory():
    """Return the bytes of memory built in, or None where the system does not say."""
    if sys.platform == "win32":
        return _memory_of_windows()
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        return None


def _memory_of_windows():
    import ctypes

    kilobytes = ctypes.c_ulonglong()
    asked = ctypes.windll.kernel32.GetPhysicallyInstalledSystemMemory(ctypes.byref(kilobytes))
    return kilobytes.value * 1024 if asked else None
