"""Make the three notebooks of a lesson from its cells: the lesson, the exercise sheet, the solutions."""

import hashlib
import re

import nbformat

from course import paths, slides
from course.execute import FRESH
from course.source import LESSON_ROLES, SHEET_ROLES, BuildError, items, key, read

SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION\n(.*?)^ *### END SOLUTION\n?", re.DOTALL | re.MULTILINE)
BLANK = re.compile(r"^ *### BLANK: ?(.*\n)", re.MULTILINE)
PLACEHOLDER = "return ...  # your lines go here, and this one goes away\n"


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
    source = read(path)
    cells = [
        _cell(c, answered, points, paths.tags(key(path), under))
        for c, under in zip(source, paths.headings(source), strict=True)
        if c.metadata.get("role") in roles
    ]
    presented = roles is LESSON_ROLES and slides.is_presented(key(path))
    if presented:
        _to_slides(cells, path, source)
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "momentum_lab": {"source": hashlib.sha256(path.read_bytes()).hexdigest()[:16]},
    }
    if presented:
        notebook.metadata["rise"] = slides.SHOW
    return notebook


def _to_slides(cells, path, source):
    """Say in the metadata of each cell what it is when the lesson is presented."""
    kinds = dict(
        zip([c.metadata["id"] for c in source], slides.kinds(key(path), source, paths.headings(source)), strict=True)
    )
    for cell in cells:
        cell.metadata["slideshow"] = {"slide_type": kinds[cell.id]}


def _cell(source, answered, points, tags):
    make = nbformat.v4.new_markdown_cell if source.cell_type == "markdown" else nbformat.v4.new_code_cell
    text, item, role = source.source, source.metadata.get("item"), source.metadata.get("role")
    if role == "answer" and not answered:
        text, count = SOLUTION.subn(_placeholder, text + "\n")
        if not count:
            raise BuildError(f"Cell {source.metadata['id']}: an answer needs BEGIN SOLUTION and END SOLUTION.")
    text = BLANK.sub("", text)
    cell = make(text.strip("\n"), id=source.metadata["id"])
    if source.metadata.get("fresh"):
        tags = [*tags, FRESH]
    if tags:
        cell.metadata["tags"] = tags
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
