"""The sandbox of Linux: bubblewrap.

The child has no network, sees a read-only system with nothing of ours but what it needs, a scratch folder that
vanishes with it, and no process but its own.  When the grader runs as root, bubblewrap keeps just the rights
to change the user, and `setpriv` inside gives even those up: the child then has a user of its own, so that the
limit of processes binds and no file of another submission belongs to it.
"""

import os
import shutil
from pathlib import Path

from momentum_lab.grading.inside.silent import SILENT
from momentum_lab.grading.sandbox import (
    ENVIRONMENT,
    FLAGS,
    INSIDE,
    PACKAGE,
    SandboxError,
    Start,
    a_new_user,
    beside_ours,
    interpreter,
    is_root,
    site_folders,
)

SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/etc/ld.so.cache", "/etc/alternatives")
LAB = Path("/lab")


class Bubblewrap:
    """Run every submission in namespaces of its own."""

    name, title, safe, forks = "bwrap", "Bubblewrap", True, True

    def look(self):
        """Raise SandboxError if a program is missing."""
        if not shutil.which("bwrap"):
            raise SandboxError("bubblewrap is not installed (Debian: apt install bubblewrap).")
        if is_root() and not shutil.which("setpriv"):
            raise SandboxError("As root, setpriv is needed (Debian: util-linux); or grade as an ordinary user.")

    def process_limit(self, limits):
        """Return how many processes the child's user may have."""
        return limits.processes if is_root() else beside_ours(limits)

    def start(self, limits, scratch):
        """Return how a child starts; `scratch` is not needed, as bubblewrap has its own."""
        program = interpreter()
        command = [shutil.which("bwrap"), *_namespaces(), *_environment(), *_scratch(limits)]
        command += [*_trees([*map(Path, SYSTEM), program.parent.parent], site_folders()), *_lab()]
        command += ["--remount-ro", "/", "--chdir", "/tmp", *(a_new_user() if is_root() else [])]
        files = {
            "probe": str(LAB / "probe.py"),
            "silent": str(LAB / "silent.py"),
            "paths": [str(LAB), *map(str, site_folders())],
        }
        return Start([*command, str(program), *FLAGS, str(LAB / "child.py")], {}, files)


def _trees(system, sites):
    """Show the system and the packages, but not the course where it lies among them."""
    command, shown = [], []
    own = PACKAGE if PACKAGE.parent in sites else PACKAGE.parent  # installed, or a folder with all of the course
    for tree in (tree for tree in system if tree.exists()):
        if not _inside(tree, shown):
            command += [*_parents(tree), *_show(tree)]
            shown.append(tree)
    if _inside(own, shown):
        command += ["--tmpfs", str(own)]
    for site in sites:
        if not _inside(site, shown) or site.is_relative_to(own):
            command += [*_parents(site), *_show(site)]
    if PACKAGE.parent in sites:
        command += ["--tmpfs", str(PACKAGE)]
    return command


def _inside(path, trees):
    return any(path.is_relative_to(tree) for tree in trees)


def _namespaces():
    common = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    common += ["--die-with-parent", "--new-session", "--hostname", "lab", "--clearenv"]
    if is_root():
        return [*common, "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return [*common, "--unshare-user", "--uid", "65534", "--gid", "65534"]


def _environment():
    return [word for name, value in ENVIRONMENT.items() for word in ("--setenv", name, value)]


def _scratch(limits):
    """A scratch folder of limited size in the memory, and no other place to write to."""
    scratch = ["--size", str(limits.scratch), "--perms", "1777", "--tmpfs", "/tmp"]
    return ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev", *scratch]


def _parents(path):
    """Make the folders above a path: those that bubblewrap makes by itself are closed to others."""
    return [word for parent in list(path.parents)[-2::-1] for word in ("--dir", str(parent))]


def _show(path):
    if path.is_symlink():
        return ["--symlink", os.readlink(path), str(path)]
    return ["--ro-bind", str(path), str(path)]


def _lab():
    """Show the child's own files and the library without its checks."""
    shown = {LAB / "child.py": INSIDE / "child.py", LAB / "silent.py": INSIDE / "silent.py"}
    shown[LAB / "probe.py"] = PACKAGE / "checks" / "probe.py"
    for path in sorted(PACKAGE.iterdir()):
        if path.stem not in SILENT:
            shown[LAB / PACKAGE.name / path.name] = path
    words = ["--dir", str(LAB), "--dir", str(LAB / PACKAGE.name)]
    return words + [word for target, path in shown.items() for word in ("--ro-bind", str(path), str(target))]
