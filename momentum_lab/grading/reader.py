"""Read a notebook, however it has been treated on its way.

The rules:

1. At most 50 MB are read, 1000 cells, and 200 000 characters of code: what is done with them outside the sandbox has
   no limit of time.  A byte-order mark, Windows line ends and UTF-16 are understood; bytes that are no
   UTF-8 are read as Windows-1252, with a note.
2. nbformat 3 (cells in worksheets) and 4.0 to 4.5 are read, with or without metadata, ids and outputs.  What
   is no cell is passed over, with a note.
3. Lines that belong to Jupyter and not to Python (`%matplotlib inline`, `!pip install`, `name?`) are taken out,
   with a note; cells in another language (`%%bash`) are taken out whole.
4. A file that is no notebook gets one sentence that says what it is instead.

A cell's number counts every cell from 1, as a person would with a finger on the screen.
"""

import ast
import json
import re
import warnings
from dataclasses import dataclass, field, replace

from momentum_lab.grading.places import LARGEST

MOST_CELLS, MOST_CODE = 1000, 200_000
UNREADABLE = "unreadable"


class Unreadable(ValueError):
    """The file is no notebook that can be graded: one sentence."""


@dataclass(frozen=True)
class Cell:
    """A code cell: its number in the notebook, its Python, what it was meant for, and what was taken out."""

    number: int
    source: str
    item: str = ""
    role: str = ""
    notes: tuple = ()


@dataclass(frozen=True)
class Notebook:
    """The code cells of a notebook, and what is to be said about the file."""

    cells: tuple
    notes: tuple = ()
    version: str = ""
    items: frozenset = field(default=frozenset())


def read(data):
    """Return the notebook in the bytes of a file.

    Raises
    ------
    Unreadable
        With the reason.
    """
    if len(data) > LARGEST:
        raise Unreadable(f"The file is larger than {LARGEST >> 20} MB; clear the outputs and hand it in again.")
    text, notes = _decode(data)
    raw = _cells(_parse(text))
    if len(raw) > MOST_CELLS:
        raise Unreadable(f"The notebook has {len(raw)} cells; more than {MOST_CELLS} are not graded.")
    cells, skipped, items = [], 0, set()
    for number, cell in enumerate(raw, 1):
        if not isinstance(cell, dict):
            skipped += 1
            continue
        item, role = _purpose(cell)
        items.add(item)
        if cell.get("cell_type") == "code":
            cells.append(Cell(number, _source(cell), item, role))
    if not raw:
        raise Unreadable("The notebook has no cells.")
    if skipped:
        notes.append(f"{skipped} of {len(raw)} cells could not be read.")
    code = sum(len(cell.source) for cell in cells)
    if code > MOST_CODE:
        raise Unreadable(f"The notebook holds {code} characters of code; more than {MOST_CODE} are not graded.")
    cells = [_without_magics(cell) for cell in cells]
    notes += [note for cell in cells for note in cell.notes]
    return Notebook(tuple(cells), tuple(notes), _version(text), frozenset(items - {""}))


# ------------------------------------------------------------------ from bytes to JSON


def _decode(data):
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise Unreadable("The file is empty.")
    for opening, kind in _FOREIGN.items():
        if data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(opening):
            raise Unreadable(f"The file is {kind}, not a notebook; hand in the .ipynb file itself.")
    try:
        return data.decode(_encoding(data)), []
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), ["The file is not in UTF-8; it was read as Windows-1252."]


_FOREIGN = {
    b"<!doctype": "a web page", b"<html": "a web page", b"<?xml": "an XML file", b"%pdf": "a PDF", b"pk\x03\x04":
    "a zip archive or a word-processor document", b"{\\rtf": "a word-processor document", b"\x89png": "a picture",
    b"\x1f\x8b": "a compressed file", b"import ": "a Python program", b"from ": "a Python program",
    b"#": "a Python program or a plain text", b"version https://git-lfs": "a pointer to a file kept elsewhere",
}  # fmt: skip


def _encoding(data):
    """Return the encoding by the byte-order mark or the zero bytes, as JSON's own rules have it."""
    found = json.detect_encoding(data)
    return "utf-8" if found == "surrogatepass" else found


def _parse(text):
    try:
        return json.loads(text.lstrip("\ufeff").replace("\x00", ""))
    except json.JSONDecodeError as error:
        if text[error.pos :].strip() == "" or "Unterminated" in error.msg:
            raise Unreadable("The file is cut off: its end is missing. Save it and hand it in again.") from None
        if "<<<<<<<" in text and ">>>>>>>" in text:
            raise Unreadable("The file holds an unresolved merge of two versions.") from None
        place = f"line {error.lineno}, column {error.colno}"
        raise Unreadable(f"The file is not a notebook: its JSON is broken in {place}.") from None
    except (RecursionError, ValueError):
        raise Unreadable("The file is not a notebook: its JSON cannot be read.") from None


def _cells(notebook):
    """Return the list of cells of any version of the format."""
    if not isinstance(notebook, dict):
        raise Unreadable("The file is JSON, but not a notebook.")
    cells = notebook.get("cells")
    if cells is None and isinstance(notebook.get("worksheets"), list):
        sheets = [sheet.get("cells") for sheet in notebook["worksheets"] if isinstance(sheet, dict)]
        cells = [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]
    if cells is None:
        raise Unreadable("The file is JSON, but it has no list of cells.")
    if not isinstance(cells, list):
        raise Unreadable("The notebook's list of cells is no list.")
    return cells


# ------------------------------------------------------------------ one cell


def _source(cell):
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    source = source if isinstance(source, str) else ""
    return source.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").lstrip("\ufeff")


def _purpose(cell):
    """Return the exercise and the role that the metadata gives a cell; empty texts if it is lost."""
    metadata = cell.get("metadata")
    ours = metadata.get("momentum_lab") if isinstance(metadata, dict) else None
    if not isinstance(ours, dict):
        return "", ""
    return tuple(v if isinstance(v, str) else "" for v in (ours.get("item"), ours.get("role")))


def _version(text):
    """Return the mark of the course version that the build has put into the notebook."""
    found = re.search(r'"momentum_lab"\s*:\s*\{\s*"source"\s*:\s*"([0-9a-f]{16})"', text)
    return found[1] if found else ""


# ------------------------------------------------------------------ what is Jupyter's and not Python's

_KEPT_BODY = ("time", "timeit", "capture", "prun", "memit", "mprun", "debug", "python", "python3", "py")
_MAGIC = re.compile(
    r"^\s*(?:[\w.,\s]+=\s*)?(?:%{1,2}[A-Za-z]|!|\?)"  # %matplotlib inline, files = !ls, ?name
    r"|^\s*[\w.]+\?{1,2}\s*$"  # name?
    r"|^\s*(?:cd|ls|pwd|pip|conda) "
)


def _without_magics(cell):
    """Take out what Python does not know, keeping every line in its place."""
    lines = cell.source.splitlines()
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    note = f"Cell {cell.number}: "
    if first is not None and lines[first].lstrip().startswith("%%"):
        word = re.match(r"\s*%%(\w*)", lines[first])[1]
        if word not in _KEPT_BODY:
            said = note + f"`%%{word}` is no Python, so the cell was passed over."
            return replace(cell, source="", notes=(said,))
        lines[first] = ""
        cell = replace(cell, source="\n".join(lines), notes=(note + f"`%%{word}` was taken out.",))
    if _is_python(cell.source):
        return cell
    found = [i for i, line in enumerate(lines) if _MAGIC.match(line)]
    if not found:
        return cell
    for i in found:
        indent = len(lines[i]) - len(lines[i].lstrip())
        lines[i] = lines[i][:indent] + "pass"
    many = "lines that belong to Jupyter and not to Python were"
    said = f"{len(found)} {many} taken out." if len(found) > 1 else "one line for Jupyter, no Python, was taken out."
    return replace(cell, source="\n".join(lines), notes=(*cell.notes, note + said))


def _is_python(source):
    return tree(source) is not None


def tree(source):
    """Return the syntax tree of a cell, or None if it is no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None
