"""Read a lesson's source: its cells, its exercises and their answers.

`course/NN_topic.py` holds the cells, in jupytext's percent format; `course/items/NN.py` holds the exercises.
`course/extras/` holds the sources of notebooks that are no lessons: without a number, exercises and solutions.
"""

import importlib.util
import re
from pathlib import Path

import jupytext
import nbformat

ROOT = Path(__file__).resolve().parent.parent
SETUP = ROOT / "course" / "setup_cell.py"  # one text for the first cell of every notebook

# Which cells go into which notebook, by the role that the source gives them.
EXERCISE_ROLES = {"prompt", "answer", "check", "help", "hint"}
LESSON_ROLES = {None, "setup"} | EXERCISE_ROLES
SHEET_ROLES = {"setup", "sheet-title", "recap"} | EXERCISE_ROLES


class BuildError(Exception):
    """A source that cannot be built: one sentence that names the file and the cell."""


def sources():
    """Return the lessons' source files, in order."""
    return sorted((ROOT / "course").glob("[0-9][0-9]*_*.py"))


def extras():
    """Return the source files of the notebooks that are no lessons, in order."""
    return sorted((ROOT / "course" / "extras").glob("*.py"))


def is_extra(path):
    """True for the source of a notebook that is no lesson."""
    return path.parent.name == "extras"


def key(path):
    """Return what a lesson is called in the names of its exercises: 02, or 05a for the first half of a lesson."""
    return path.name.partition("_")[0]


def read(path):
    """Return the cells of a source: markdown and code with `id`, `item` and `role`.

    Raises
    ------
    BuildError
        If an id is missing, used twice or unfit for a file format, or a role is unknown.
    """
    cells, seen = _with_setup(jupytext.read(path, fmt="py:percent").cells), set()
    for number, cell in enumerate(cells, 1):
        name, role = cell.metadata.get("id", ""), cell.metadata.get("role")
        if not re.fullmatch(r"[a-z][a-z0-9-]{1,62}", name) or name in seen:
            raise BuildError(
                f'{path.name}, cell {number}: id="{name}" is missing, used twice or not of the form a-b-c.'
            )
        if role not in LESSON_ROLES | SHEET_ROLES:
            raise BuildError(f"{path.name}, cell {name}: there is no role {role!r}.")
        seen.add(name)
    return cells


def _with_setup(cells):
    """Put the setup cell behind the titles."""
    titles = [number for number, cell in enumerate(cells) if cell.metadata.get("id") in ("title", "sheet-title")]
    text = "".join(SETUP.read_text("utf-8").splitlines(keepends=True)[1:])  # the first line is for its reader here
    setup = nbformat.v4.new_code_cell(text.strip(), metadata={"id": "setup", "role": "setup"})
    after = titles[-1] + 1 if titles else 0
    return [*cells[:after], setup, *cells[after:]]


def reference(path, item):
    """Return what the lesson's answer cell defines for an item; None for a kind that has no such cell."""
    if not hasattr(item, "answer"):
        return None
    namespace = {}
    exec(compile("import numpy as np\nimport sympy\n" + solution(path, item), path.name, "exec"), namespace)
    return namespace[item.answer]


def solution(path, item):
    """Return the text of an item's answer cell with the solution in it."""
    answers = [c for c in read(path) if c.metadata.get("role") == "answer" and c.metadata.get("item") == item.id]
    if len(answers) != 1:
        raise BuildError(f"{path.name}: the item {item.id} has {len(answers)} answer cells; it needs one.")
    lines = answers[0].source.splitlines(keepends=True)
    return "".join(line for line in lines if not line.strip().startswith("###"))


def items(path):
    """Return the exercises that belong to a lesson's source; an extra has none."""
    if is_extra(path):
        return []
    author_side = ROOT / "course" / "items" / f"{key(path)}.py"
    if not author_side.exists():
        return []
    spec = importlib.util.spec_from_file_location(f"course.items.lesson_{key(path)}", author_side)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.ITEMS
