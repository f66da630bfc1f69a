"""Build the notebooks and banks from the course's sources.

    python -m course.build            build everything that is out of date
    python -m course.build --all      build everything
    python -m course.build --check    say what is out of date, change nothing
    python -m course.build --class F  copy the learner's part into the new folder F, without solutions

One source a lesson, `course/NN_topic.py`, makes three notebooks:

    notebooks/NN_topic.ipynb    the lesson, run, with text and pictures
    exercises/NN_topic.ipynb    the exercises alone, untouched
    solutions/NN_topic.ipynb    the exercises answered, run

and `course/items/NN.py` makes `momentum_lab/checks/banks/NN.bank`.  Building twice gives the same bytes.
"""

import argparse
import hashlib
import importlib.util
import re
import shutil
import sys
from pathlib import Path

import jupytext
import nbformat

from course import gallery
from course.authoring import SEED, compile_item
from course.execute import execute, small_png
from momentum_lab.checks.bank import pack
from momentum_lab.explorers import dots_race

ROOT = Path(__file__).resolve().parent.parent
PICTURES = {"docs/dots_race.png": dots_race, **gallery.pictures()}  # file -> explorer at rest
BANKS = ROOT / "momentum_lab" / "checks" / "banks"
SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION\n(.*?)^ *### END SOLUTION\n?", re.DOTALL | re.MULTILINE)
BLANK = re.compile(r"^ *### BLANK: ?(.*\n)", re.MULTILINE)
PLACEHOLDER = "return ...  # your lines go here, and this one goes away\n"

# Which cells go into which notebook, by the role that the source gives them.
EXERCISE_ROLES = {"prompt", "answer", "check", "help", "hint"}
LESSON_ROLES = {None, "setup"} | EXERCISE_ROLES
SHEET_ROLES = {"setup", "sheet-title", "recap"} | EXERCISE_ROLES


class BuildError(Exception):
    """A source that cannot be built: one sentence that names the file and the cell."""


# ------------------------------------------------------------------ reading a source


def sources():
    """Return the lessons' source files, in order."""
    return sorted((ROOT / "course").glob("[0-9][0-9]*_*.py"))


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
    cells, seen = jupytext.read(path, fmt="py:percent").cells, set()
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
    """Return the exercises that belong to a lesson's source."""
    author_side = ROOT / "course" / "items" / f"{key(path)}.py"
    if not author_side.exists():
        return []
    spec = importlib.util.spec_from_file_location(f"course.items.lesson_{key(path)}", author_side)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.ITEMS


# ------------------------------------------------------------------ making notebooks


def lesson(path):
    """The lesson as a learner gets it: answers taken out."""
    return _notebook(path, LESSON_ROLES, answered=False)


def exercises(path):
    """The exercise sheet: recap, prompt, empty answer, check."""
    return _notebook(path, SHEET_ROLES, answered=False)


def solutions(path):
    """The exercise sheet with every answer filled in."""
    return _notebook(path, SHEET_ROLES, answered=True)


def _notebook(path, roles, answered):
    points = {item.id: item.points for item in items(path)}
    cells = [_cell(c, answered, points) for c in read(path) if c.metadata.get("role") in roles]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "momentum_lab": {"source": hashlib.sha256(path.read_bytes()).hexdigest()[:16]},
    }
    return notebook


def _cell(source, answered, points):
    make = nbformat.v4.new_markdown_cell if source.cell_type == "markdown" else nbformat.v4.new_code_cell
    text, item, role = source.source, source.metadata.get("item"), source.metadata.get("role")
    if role == "answer" and not answered:
        text, count = SOLUTION.subn(_placeholder, text + "\n")
        if not count:
            raise BuildError(f"Cell {source.metadata['id']}: an answer needs BEGIN SOLUTION and END SOLUTION.")
    text = BLANK.sub("", text)
    cell = make(text.strip("\n"), id=source.metadata["id"])
    if role == "setup":
        cell.metadata["jupyter"] = {"source_hidden": True}  # a learner needs its one line of output only
    if item:
        cell.metadata["momentum_lab"] = {"item": item, "role": role}
    if role in ("answer", "check"):
        cell.metadata["nbgrader"] = _nbgrader(cell.id, role, points[item])
    return cell


def _placeholder(solution):
    """Return what stands in the place of a solution: its BLANK lines, or an empty return."""
    indent, lines = solution.groups()
    return "".join(indent + line for line in BLANK.findall(lines) or [PLACEHOLDER])


def _nbgrader(name, role, points):
    """Metadata (schema 3) by which a host that runs nbgrader can release and grade the notebook."""
    shared = {"grade_id": name, "schema_version": 3, "task": False}
    if role == "answer":
        return shared | {"grade": False, "locked": False, "solution": True}
    return shared | {"grade": True, "locked": True, "points": points, "solution": False}


# ------------------------------------------------------------------ building and checking


def targets(path):
    """Return (file, notebook without outputs, whether it is run) for the three notebooks of a lesson."""
    name = path.with_suffix(".ipynb").name
    return [
        (ROOT / "notebooks" / name, lesson(path), True),
        (ROOT / "exercises" / name, exercises(path), False),
        (ROOT / "solutions" / name, solutions(path), True),
    ]


def bank_text(path, seed=SEED):
    """Return the bank file of a lesson."""
    return pack({item.id: compile_item(item, reference(path, item), seed) for item in items(path)})


def solutions_text(path):
    """Return the file with the solutions of a lesson, which a class that withholds them leaves out."""
    return pack({item.id: solution(path, item).strip() for item in items(path) if hasattr(item, "answer")})


def packed(path):
    """Return {file: text} for what a lesson's exercises leave in the package."""
    return {
        BANKS / f"{key(path)}.bank": bank_text(path),
        BANKS / f"{key(path)}.solutions": solutions_text(path),
    }


def same_cells(file, notebook):
    """True if a stored notebook has the cells and metadata that the source makes; outputs are not looked at."""
    if not file.exists():
        return False
    stored = nbformat.read(file, as_version=4)
    for cell in stored.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return stored.metadata == notebook.metadata and stored.cells == notebook.cells


def build(path, everything=False):
    """Write what is out of date for one lesson; return the files written."""
    written = []
    for file, text in packed(path).items():
        if not file.exists() or file.read_text("ascii") != text:
            _write(file, text)
            written.append(file)
    for file, notebook, is_run in targets(path):
        if everything or written or not same_cells(file, notebook):
            finished = execute(notebook, file) if is_run else notebook
            _write(file, nbformat.writes(finished) + "\n")
            written.append(file)
    return written


def build_pictures():
    """Write the pictures of README and gallery whose pixels have changed, and the gallery; return the files written."""
    written = []
    for name, make in PICTURES.items():
        file = ROOT / name
        png = small_png(make().show()[0], file)
        if not file.exists() or file.read_bytes() != png:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(png)
            written.append(file)
    if not _gallery_is_fresh():
        _write(ROOT / gallery.PAGE, gallery.page())
        written.append(ROOT / gallery.PAGE)
    return written


def _gallery_is_fresh():
    file = ROOT / gallery.PAGE
    return file.exists() and file.read_text("utf-8") == gallery.page()


def stale():
    """Return the files that no longer fit their source, and those that have none."""
    found, wanted = [], set()
    for name, make in PICTURES.items():
        file = ROOT / name
        if not file.exists() or small_png(make().show()[0], file) != file.read_bytes():
            found.append(file)
    if not _gallery_is_fresh():
        found.append(ROOT / gallery.PAGE)
    for path in sources():
        for file, text in packed(path).items():
            wanted.add(file)
            if not file.exists() or file.read_text("ascii") != text:
                found.append(file)
        for file, notebook, _ in targets(path):
            wanted.add(file)
            if not same_cells(file, notebook):
                found.append(file)
    kept = [f for folder in ("notebooks", "exercises", "solutions") for f in (ROOT / folder).glob("*.ipynb")]
    return found + [f for f in (*kept, *BANKS.glob("*.bank"), *BANKS.glob("*.solutions")) if f not in wanted]


LEARNERS_PART = (
    "momentum_lab", "notebooks", "exercises", "docs", "start.py", "requirements.lock", "pyproject.toml",
    "README.md", "LICENSE", "LICENSE-TEXT", "NOTICE",
)  # fmt: skip


def copy_for_a_class(folder):
    """Copy what a learner needs into a new folder; a third hint there names the instructor, and no solution."""
    folder = Path(folder)
    if folder.exists():
        raise BuildError(f"{folder} is there already; name a folder that is not.")
    leave_out = shutil.ignore_patterns("*.solutions", "__pycache__", "momentum-lab-*")
    for name in LEARNERS_PART:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=leave_out)
        else:
            shutil.copy2(source, target)


def _write(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)


def main(arguments=None):
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m course.build", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="say what is out of date, change nothing")
    parser.add_argument("--all", action="store_true", help="run every notebook again")
    parser.add_argument("--class", dest="folder", metavar="F", help="copy the learner's part into F, without solutions")
    options = parser.parse_args(arguments)
    try:
        if options.folder:
            copy_for_a_class(options.folder)
            print(f"The class's copy is in {options.folder}.")
            return 0
        if options.check:
            out_of_date = [file.relative_to(ROOT) for file in stale()]
            for file in out_of_date:
                print(f"out of date: {file.as_posix()}")
            print("Run  python -m course.build" if out_of_date else "Everything is up to date.")
            return int(bool(out_of_date))
        for path in sources():
            for file in build(path, options.all):
                print(f"wrote {file.relative_to(ROOT).as_posix()}")
        for file in build_pictures():
            print(f"wrote {file.relative_to(ROOT).as_posix()}")
    except BuildError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
