"""Put a lesson, or the answer cell of one exercise, back to how the course comes with it; keep what was there."""

import json
import operator
import os
import re
from dataclasses import dataclass
from pathlib import Path

from momentum_lab.slips import Slip
from momentum_lab.workspace import ledger as ledgers
from momentum_lab.workspace.originals import originals
from momentum_lab.workspace.texts import fingerprint, text_of_cells
from momentum_lab.workspace.writing import put, put_beside

REMARK = "yours before restoring"


@dataclass(frozen=True)
class Restored:
    """What `restore` did; as a text, what the learner is told.

    Attributes
    ----------
    what : str
        What was asked for.
    files : tuple of (str, str or None)
        Each file that was written, with the name of the backup beside it, None where there was nothing to keep.
    """

    what: str
    files: tuple

    def __str__(self):
        if not self.files:
            return f"Nothing to do: {self.what} is as the course comes with it."
        lines = [
            f"{path} has {self.what} as the course comes with it" + (f"; yours is kept as: {kept}" if kept else ".")
            for path, kept in self.files
        ]
        return "\n".join(lines)


def restore(name, folder, course=None):
    """Restore a lesson, any other file of the course, or the answer cell of one exercise.

    Parameters
    ----------
    name : str
        A lesson's number such as "02", a file such as "exercises/02" or "docs/paths.md", or an exercise such as
        "02.window".  The answer cell of an exercise is restored in the lesson and on the exercise sheet.
    folder : str or Path
        A learner's folder.
    course : dict of str to bytes, optional
        The originals; those of this installation by default.

    Returns
    -------
    Restored

    Raises
    ------
    Slip
        If there is nothing of that name, or a notebook is too damaged to restore one cell of it.
    OSError
        If the system refuses; what was there is then still there, or in the backup.
    """
    folder, course = Path(folder), originals() if course is None else course
    if not ledgers.holds_course(folder) and not (folder / "notebooks").is_dir():
        raise Slip(f'{folder} holds no copy of the course; one is made by: momentum-lab start "{folder}"')
    whole = _file_of(name, course)
    cells_of = [] if whole else _files_with(name, course)
    written = [_restore_file(folder, path, course[path]) for path in [whole] if path]
    written += [_restore_cell(folder, path, course[path], name) for path in cells_of]
    _note(folder, course)
    return Restored(name, tuple(filter(None, written)))


def _file_of(name, course):
    """Return the path of the file that is meant, None where an exercise is."""
    wanted = name.replace("\\", "/").strip("/")
    if wanted in course:
        return wanted
    start = wanted if "/" in wanted else f"notebooks/{wanted}"
    found = [path for path in course if path == start or path.startswith((f"{start}_", f"{start}.ipynb"))]
    return found[0] if wanted and len(found) == 1 else None


def _files_with(item, course):
    """Return the paths of the notebooks that hold an exercise."""
    lesson = item.partition(".")[0]
    paths = [path for path in course if path.split("/")[-1].startswith(f"{lesson}_") and path.endswith(".ipynb")]
    known = {cell_item for path in paths for cell_item in _answers(json.loads(course[path]))}
    if item in known:
        return [path for path in paths if item in _answers(json.loads(course[path]))]
    if known:
        raise Slip(f"There is no exercise {item!r} with an answer cell; known are: {', '.join(sorted(known))}.")
    lessons = sorted(path[10:].partition("_")[0] for path in course if re.match(r"notebooks/\d", path))
    raise Slip(f"There is no lesson {item!r}; known are: {', '.join(lessons)}, and exercises such as 02.window.")


def _restore_file(folder, path, data):
    """Write the original of a file; return (path, name of the backup), or None where it is the original."""
    file = folder / path
    kept = None
    if os.path.lexists(file):
        mine = file.read_bytes()
        if mine == data:
            return None
        kept = put_beside(file, REMARK, mine, operator.eq).name
    put(file, data)
    return path, kept


def _restore_cell(folder, path, data, item):
    """Write the original of one answer cell; return (path, name of the backup), or None where nothing differs."""
    file = folder / path
    if not os.path.lexists(file):
        return _restore_file(folder, path, data)
    mine = file.read_bytes()
    if text_of_cells(mine) is None:
        number = item.partition(".")[0]
        raise Slip(f"{file} is no whole notebook any more; restore all of it with: momentum-lab restore {number}")
    notebook, original = json.loads(mine), json.loads(data)
    cells, cell = notebook["cells"], _answers(original)[item]
    at = _place(cells, cell, item)
    if at is None:
        cells.insert(_gap(cells, original["cells"], cell), cell)
    elif "".join(cells[at]["source"]) == "".join(cell["source"]):
        return None
    else:
        cells[at] = cell
    kept = put_beside(file, REMARK, mine, operator.eq).name
    # Escapes instead of letters: so any text can be written, half a surrogate pair too.
    put(file, (json.dumps(notebook, indent=1) + "\n").encode("ascii"))
    return path, kept


def _answers(notebook):
    """Return the answer cells of a notebook by the id of their exercise."""
    found = {}
    for cell in notebook["cells"]:
        ours = cell.get("metadata", {}).get("momentum_lab", {})
        if ours.get("role") == "answer":
            found[ours.get("item")] = cell
    return found


def _place(cells, cell, item):
    """Return where the learner's answer cell is, None where it was deleted."""
    ids = [mine.get("id") for mine in cells]
    if cell["id"] in ids:
        return ids.index(cell["id"])
    ours = [mine.get("metadata", {}).get("momentum_lab", {}) for mine in cells]  # a cut and pasted cell has a new id
    roles = [(one.get("item"), one.get("role")) for one in ours]
    return roles.index((item, "answer")) if (item, "answer") in roles else None


def _gap(cells, originals_cells, cell):
    """Return where a deleted cell belongs: behind the nearest cell before it that is still there."""
    places = {mine.get("id"): at for at, mine in enumerate(cells)}
    for before in reversed(originals_cells[: originals_cells.index(cell)]):
        if before["id"] in places:
            return places[before["id"]] + 1
    return 0


def _note(folder, course):
    """Tell the ledger, where there is one, of the files that now are the originals.

    Else a file that was deleted and restored would still count as deleted.  A notebook with one cell restored
    is not noted: an update must still offer its new text.
    """
    ledger = ledgers.read(folder)
    if ledger.lost:
        return
    for path, data in course.items():
        file = folder / path
        if file.is_file() and fingerprint(file.read_bytes()) == fingerprint(data):
            ledger.files[path] = fingerprint(data)
    ledgers.write(folder, ledger)
