"""The verb `momentum-lab gradescope`: make the zip file that an instructor uploads as autograder.

It holds the library as it is installed here, so what grades there is what was tried here, with the versions of
NumPy and SymPy that it was tried with.
"""

import json
import zipfile
from importlib.metadata import version
from pathlib import Path

from momentum_lab.grading.command import read_bank
from momentum_lab.grading.matching import graded
from momentum_lab.grading.sandbox import PACKAGE
from momentum_lab.slips import Slip

HERE = Path(__file__).resolve().parent
NEEDED = ("ipywidgets", "matplotlib", "numpy", "sympy")
LEFT_OUT = {"__pycache__", "lessons", "jupyterlab", ".solutions"}
START_OF_TIME = (1980, 1, 1, 0, 0, 0)  # the same course makes the same bytes on any day


def options(verb):
    """Give the verb its arguments."""
    verb.add_argument("--lesson", required=True, help="such as 02")
    verb.add_argument("--out", required=True, metavar="FILE", help="where the zip file goes, such as autograder.zip")
    verb.add_argument("--bank", metavar="FILE", help="a secret bank, made by momentum-lab release --seed")


def run(arguments):
    """Write the bundle and say where it is."""
    out = Path(arguments.out)
    lesson, entries, _ = read_bank(arguments.bank, arguments.lesson)
    if not graded(entries):
        raise Slip(f"There is nothing to grade in lesson {lesson!r}.")
    members = _members(lesson, arguments.bank)
    try:
        with out.open("xb") as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(members):
                archive.writestr(_entry(name), members[name])
    except FileExistsError:
        raise Slip(f"{out} is there already; give another name, or move it away.") from None
    points = sum(entry["points"] for entry in graded(entries).values())
    print(f"The autograder of lesson {lesson} is in {out}: {points:g} points, {out.stat().st_size / 1e6:.1f} MB.")
    return 0


def _members(lesson, bank):
    """Return what goes into the bundle: name -> bytes."""
    members = {name: (HERE / name).read_bytes() for name in ("setup.sh", "run_autograder")}
    members["requirements.txt"] = "".join(f"{name}=={version(name)}\n" for name in NEEDED).encode()
    members["grading.json"] = (json.dumps({"lesson": lesson}) + "\n").encode()
    if bank:
        members["bank.secret"] = Path(bank).read_bytes()
    for file in PACKAGE.rglob("*"):
        inside = file.relative_to(PACKAGE)
        if file.is_file() and not LEFT_OUT & {*inside.parts, inside.suffix}:
            members[f"{PACKAGE.name}/{inside.as_posix()}"] = file.read_bytes()
    return members


def _entry(name):
    """Return the entry of a file; the scripts can be executed."""
    entry = zipfile.ZipInfo(name, START_OF_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # rights are those of a POSIX system, wherever the bundle is made
    entry.external_attr = (0o100755 if name in ("setup.sh", "run_autograder") else 0o100644) << 16
    return entry
