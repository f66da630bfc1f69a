"""The machines that an offline bundle is for, and what the lock holds for each of them.

pip can download for another machine, but it reads the markers of a lock (`; sys_platform == "win32"`) as if they were
meant for the machine it runs on.  So the markers are read here, and pip gets the lines that are left.
"""

import sys
from dataclasses import dataclass

from packaging.markers import Marker, default_environment

from momentum_lab.slips import Slip

# Short name: the tags of pip.  The newest comes first; pip takes older ones only where they are named.
TAGS = {
    "windows": ["win_amd64"],
    "macos-arm": ["macosx_15_0_arm64", "macosx_12_0_arm64"],
    "macos-intel": ["macosx_15_0_x86_64", "macosx_12_0_x86_64"],
    "linux": [f"manylinux_2_{minor}_x86_64" for minor in (28, 27, 26, 24)] + ["manylinux2014_x86_64"],
    "linux-arm": [f"manylinux_2_{minor}_aarch64" for minor in (28, 27, 26, 24)] + ["manylinux2014_aarch64"],
}
SYSTEMS = {  # first letters of a tag: what Python calls the system there
    "win": {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"},
    "macosx": {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin"},
    "manylinux": {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux"},
    "linux": {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux"},
}


@dataclass(frozen=True)
class Target:
    """One kind of machine, with one Python.

    Attributes
    ----------
    python : str
        Such as "3.12".
    tags : tuple of str
        The platforms as pip calls them; none for the machine we are on.
    """

    python: str
    tags: tuple = ()

    def environment(self, patch=0):
        """Return the values that markers ask for, with the third number of Python's version."""
        known = default_environment()
        known.update(python_version=self.python, python_full_version=f"{self.python}.{patch}")
        for first, values in SYSTEMS.items():
            if self.tags and self.tags[0].startswith(first):
                machine = self.tags[0].rpartition("amd64")[1].upper() or self.tags[0].partition("_")[2]
                known.update(values, platform_machine=_machine(machine))
                break
        return known

    @property
    def options(self):
        """The options of `pip download`; none for the machine and the Python we are on."""
        if not self.tags:
            return []
        words = [word for tag in self.tags for word in ("--platform", tag)]
        return [*words, "--python-version", self.python, "--implementation", "cp"]


HERE = "{}.{}".format(*sys.version_info[:2])


def _machine(tag):
    """Return the machine of a tag: the arm64 of macosx_12_0_arm64."""
    return next((name for name in ("x86_64", "aarch64", "arm64", "AMD64") if tag.endswith(name)), tag)


def targets(platforms, pythons):
    """Return every combination that is asked for; the machine we are on where nothing is.

    Parameters
    ----------
    platforms, pythons : sequence of str

    Raises
    ------
    Slip
        If a platform is none that pip has a name for, or another Python is asked for and no platform.
    """
    pythons = list(dict.fromkeys(pythons or [HERE]))
    if not platforms and pythons != [HERE]:
        raise Slip("For another Python name the platform too, such as: --platform linux --python 3.12")
    for python in pythons:
        if not python.startswith("3.") or not python[2:].isdigit():
            raise Slip(f"{python} is no Python of a bundle: name two numbers, such as --python 3.12")
    for name in platforms:
        if name not in TAGS and not name.startswith(tuple(SYSTEMS)):
            raise Slip(f"{name} is no platform: name one of {', '.join(TAGS)}, or a tag of pip such as win_amd64.")
    places = [tuple(TAGS.get(name, [name])) for name in dict.fromkeys(platforms)] or [()]
    return [Target(python, tags) for tags in places for python in pythons]


def batches(target, lock):
    """Return the lines of a lock that a machine needs, without their markers, each with its hashes.

    A lock may name one version of a package for 3.11.4 and another for 3.11.5.  Learners have the one or the other,
    and pip takes no two versions at once: so there are two batches, and the second has only what is not in the first.

    Parameters
    ----------
    target : Target
    lock : str
    """
    first, last = (_lines(lock, target.environment(patch)) for patch in (0, 99))
    rest = [line for line in last if line not in first]
    return [first, rest] if rest else [first]


def _lines(lock, environment):
    wanted = []
    for line in lock.replace("\\\n", " ").splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        pin, _, hashes = line.partition("--hash=")
        name, _, marker = pin.partition(";")
        if not marker or Marker(marker.strip()).evaluate(environment):
            wanted.append(f"{name.strip()} --hash={hashes}")
    return wanted
