"""The verb `momentum-lab release`: make a folder that can be handed out as it is.

A bundle is a whole course folder: the library, `notebooks`, `exercises`, `docs`, and `start.py`, which sets up the
rest.  The kinds differ in the solutions alone:

self-paced   the solutions are in the library, packed, and shown after an attempt and all hints
class        there is no solution in it, packed or not
instructor   as self-paced, and the solved notebooks in `solutions`; with --seed also secret banks in `banks`

A bundle is made from an installed course or from a clone of its repository.  Solved notebooks and secret banks need
what the authors wrote, so these are made in a clone only.
"""

import importlib
import json
import shutil
from importlib.resources import files
from pathlib import Path

from momentum_lab import __version__
from momentum_lab.checks import bank
from momentum_lab.contents import EXTRAS, LESSONS
from momentum_lab.grading.files import new_folder, write
from momentum_lab.slips import Slip
from momentum_lab.workspace.originals import ENDINGS, NEWS, home_of_originals

SELF_PACED, CLASS, INSTRUCTOR = KINDS = ("self-paced", "class", "instructor")
BESIDE = ("start.py", "requirements.lock", "pyproject.toml", "LICENSE", "LICENSE-TEXT", "NOTICE")
FIRST = "00"  # says whether everything works, so it is in every bundle

README = """# Momentum Lab {version}

You need Python 3.11 or newer and nothing else. In the folder of this file:

```
python start.py
```

It makes an environment in this folder and opens the first lesson in JupyterLab. `notebooks` holds the lessons,
`exercises` the exercises alone, and `docs/your_files.md` says how your work is kept. {solutions}
"""
SENTENCE = {
    SELF_PACED: "After an attempt there are hints, and after the hints a solution.",
    CLASS: "After an attempt there are hints; your instructor has the solutions.",
    INSTRUCTOR: "`solutions` holds the answers, so this is not for learners; `docs/grading.md` says how to grade.",
}


def options(verb):
    """Give the verb its arguments."""
    add = verb.add_argument
    add("--kind", required=True, choices=KINDS, help="solutions after an attempt, none at all, or all of them")
    add("--out", required=True, metavar="DIR", help="the new folder that is made")
    add("--lesson", nargs="+", default=[], metavar="LESSON", help="such as 02; all lessons if left out")
    add("--seed", metavar="FILE", help="a secret: also make banks with other numbers, for the instructor only")


def run(arguments):
    """Make the bundle and say what it is; return the exit code."""
    secrets = _secret_banks(arguments) if arguments.seed else {}
    release(arguments.kind, arguments.out, arguments.lesson, secrets)
    print(f"The {arguments.kind} bundle is in {arguments.out}; to open it: python start.py  in that folder.")
    if arguments.kind == CLASS:
        print("No solution is in it; who installs the course from elsewhere has the solutions all the same.")
    return 0


def release(kind, out, lessons=(), secrets=()):
    """Write a bundle into a new folder, all of it or nothing.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    out : path
        A folder that is not there yet, or is empty.
    lessons : list of str
        Such as ["02"]; all if empty.
    secrets : dict
        Texts of secret banks by file name, for an instructor's bundle.

    Raises
    ------
    Slip
        If this installation has not what the bundle needs, or `out` is taken.
    """
    home = home_of_originals()
    content = _library(kind) | _lessons(kind, home, _chosen(lessons)) | _pages(home) | _beside(home)
    with new_folder(out) as folder:
        for path, source in content.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        write(folder, "README.md", README.format(version=__version__, solutions=SENTENCE[kind]))
        for name, text in dict(secrets).items():
            write(folder, f"banks/{name}", text)


# ------------------------------------------------------------------ what goes into it: {path in the bundle: file}


def _library(kind):
    """Return the files of the library; of a class's without the solutions."""
    root = Path(str(files("momentum_lab")))
    found = {}
    for file in sorted(root.rglob("*")):
        path = file.relative_to(root)
        passed_over = path.parts[0] == "lessons" or any(part.startswith((".", "__pycache__")) for part in path.parts)
        if file.is_file() and not passed_over and not (kind == CLASS and file.suffix == ".solutions"):
            found[f"momentum_lab/{path.as_posix()}"] = file
    if kind != CLASS and not any(path.endswith(".solutions") for path in found):
        raise Slip(f"This course is a class's and has no solutions; make a {kind} bundle from the whole course.")
    return found


def _chosen(keys):
    """Return the lessons of some keys, and the first one."""
    known = [one.key for one in LESSONS]
    for key in keys:
        if key not in known:
            raise Slip(f"There is no lesson {key!r}; known are: {', '.join(known)}.")
    return [one for one in LESSONS if not keys or one.key in (*keys, FIRST)]


def _lessons(kind, home, chosen):
    """Return the notebooks by name: what else lies in these folders may be somebody's work."""
    names = [f"{folder}/{one.file}" for folder in ("notebooks", "exercises") for one in chosen]
    names += [f"notebooks/{name}" for name in EXTRAS]
    found = {name: _there(home, name) for name in names}
    for name, file in found.items():
        _stop_at_an_answer(name, file)
    if kind == INSTRUCTOR:
        _stop_outside_a_clone(home, "solutions", "The solved notebooks are")
        found |= {f"solutions/{one.file}": _there(home, f"solutions/{one.file}") for one in chosen}
    return found


def _stop_at_an_answer(name, file):
    """Stop if somebody has worked in a notebook that learners would get."""
    for cell in json.loads(file.read_text("utf-8"))["cells"]:
        purpose, source = cell["metadata"].get("momentum_lab", {}), "".join(cell["source"])
        if purpose.get("role") == "answer" and "..." not in source:
            item = purpose["item"]
            raise Slip(f"{file} holds an answer to {item}, which {name} would give away; put the original back first.")


def _pages(home):
    """Return the pages under docs; what is new is CHANGELOG.md beside them, as in a clone."""
    pages = [file for file in (home / "docs").rglob("*") if file.suffix in ENDINGS and file.suffix != ".ipynb"]
    found = {file.relative_to(home).as_posix(): file for file in sorted(pages)}
    news = found.pop(NEWS, home / "CHANGELOG.md")
    return found | {"CHANGELOG.md": news}


def _beside(home):
    return {name: _there(home, name) for name in BESIDE}


def _there(home, name):
    if not (home / name).is_file():
        raise Slip(f"This installation came without {name}: install momentum-lab-course again.")
    return home / name


# ------------------------------------------------------------------ what only a clone of the repository has


def _stop_outside_a_clone(home, folder, what):
    if not (home / folder).is_dir():
        raise Slip(f"{what} in the repository and not in an installed course: run this command in a clone of it.")


def _secret_banks(arguments):
    """Return {file name: text} of the secret banks."""
    if arguments.kind != INSTRUCTOR:
        raise Slip("A secret bank is nothing for a learner's folder: use --seed with --kind instructor.")
    home = home_of_originals()
    _stop_outside_a_clone(home, "course", "What secret banks are made from is")
    if Path(arguments.out).resolve().is_relative_to(home.resolve()):
        raise Slip(f"{arguments.out} lies in the repository, where a secret bank would be shared by mistake.")
    try:
        author_side = importlib.import_module("course.secret_banks")
    except ModuleNotFoundError as error:
        raise Slip(f"Secret banks need {error.name}: run this with the Python in .venv-dev.") from None
    keys = [one.key for one in _chosen(arguments.lesson) if one.key in bank.lessons()]
    return author_side.secret_banks(arguments.seed, keys)
