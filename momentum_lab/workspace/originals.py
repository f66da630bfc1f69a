"""The lessons as the course comes with them: inside the installed package, or beside it in a checkout."""

from importlib.resources import files
from pathlib import Path

from momentum_lab.slips import Slip

FOLDERS = ("notebooks", "exercises", "docs")
ENDINGS = (".ipynb", ".md", ".png")
NOT_FOR_LEARNERS = {"docs/grading.md", "docs/class_tools.md"}  # the wheel has them, a learner's folder need not
NEWS = "docs/whats_new.md"  # in a checkout CHANGELOG.md; the wheel has it under this name


def home_of_originals():
    """Return the folder that holds the original `notebooks`, `exercises` and `docs`.

    A wheel has them in the package.  An editable installation and a checkout have none there: then they are
    beside the package.

    Raises
    ------
    Slip
        If this installation has no lessons at all.
    """
    package = files("momentum_lab")
    for folder in (package / "lessons", Path(str(package)).parent):
        if (folder / "notebooks").is_dir():
            return folder
    raise Slip("This installation came without its lessons: install momentum-lab-course again.")


def originals():
    """Return {path in a learner's folder: bytes} of everything that belongs there, in alphabetical order.

    Raises
    ------
    Slip
        If this installation has no lessons at all.
    OSError
        If they cannot be read.
    """
    home = home_of_originals()
    found = {}
    for name in FOLDERS:
        if (home / name).is_dir():
            _collect(home / name, name, found)
    if NEWS not in found and (home / "CHANGELOG.md").is_file():
        found[NEWS] = (home / "CHANGELOG.md").read_bytes()
    return dict(sorted(found.items()))


def _collect(folder, path, found):
    """Add the files of a folder and of the folders in it; what tools leave behind is no part of the course."""
    for entry in folder.iterdir():
        if entry.name.startswith((".", "_")):
            continue
        if entry.is_dir():
            _collect(entry, f"{path}/{entry.name}", found)
        elif entry.name.endswith(ENDINGS) and f"{path}/{entry.name}" not in NOT_FOR_LEARNERS:
            found[f"{path}/{entry.name}"] = entry.read_bytes()
