"""Write into the output folder and nowhere else, all of a file or nothing of it, and nothing that a program runs."""

import csv
import hashlib
import io
import re
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

from momentum_lab.slips import Slip
from momentum_lab.workspace.writing import put

# What a spreadsheet takes for the start of a formula, also behind blanks and in full width.
FORMULA = re.compile(r"^[\s\x00-\x20]*[=+\-@|%＝＋－＠]|^[\t\r\n]")


def write(folder, name, text):
    """Write a text file below the folder, all of it or nothing.

    Parameters
    ----------
    folder : path
    name : str
        Of our own making, such as "feedback/x.html".
    text : str
    """
    file = Path(folder) / name
    if not file.resolve().is_relative_to(Path(folder).resolve()):
        raise ValueError(f"{name} would lie outside the output folder.")
    put(file, text.encode("utf-8", "backslashreplace"))
    return file


@contextmanager
def new_folder(out):
    """Yield a folder to fill; it gets the name `out` when it is full, and leaves nothing behind if that fails.

    Parameters
    ----------
    out : path
        A folder that is not there yet, or is empty.

    Raises
    ------
    Slip
        If there is something already.
    """
    out = Path(out)
    if out.is_symlink() or (out.exists() and not (out.is_dir() and not any(out.iterdir()))):
        raise Slip(f"{out} is there already and is left as it is: name a new folder.")
    out.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(dir=out.parent, prefix=".half-"))
    try:
        yield half
        half.chmod(0o755)
        if out.exists():
            out.rmdir()
        half.rename(out)
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise


def safe_name(name):
    """Return a file name for an id: fit for every system, and another one for every other id, capitals aside."""
    words = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:50] or "submission"
    return f"{words}-{hashlib.sha256(name.encode('utf-8', 'backslashreplace')).hexdigest()[:10]}"


def harmless(value):
    """Return a cell for a spreadsheet; a text that it would compute gets an apostrophe in front."""
    if not isinstance(value, str):
        return value
    value = "".join(c if c.isprintable() else " " for c in value)
    return f"'{value}" if FORMULA.match(value) else value


def table(head, rows):
    """Return a CSV file for a spreadsheet: with a byte-order mark, so that it gets the accents right."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerows([list(map(harmless, row)) for row in [head, *rows]])
    return "\ufeff" + stream.getvalue()


def points(value):
    """Return points as they are printed: 2, 1.5."""
    return f"{value:g}"
