"""A bank of somebody's own exercises: a file beside the notebook, or entries still being tried out.

`check("own.halfway")` looks for `own.bank` in the folder of the notebook.  The file holds numbers and words, and
nothing in it is ever run.
"""

import binascii
import re
import zlib
from pathlib import Path

from momentum_lab.slips import Slip

COMMON = {"id", "kind", "title", "points", "hints", "praise"}
PARTS = {
    "code": {"function", "returns", "feeds", "tolerance", "cases", "expected", "properties", "mistakes", "forms"},
    "number": {"variable", "expected", "tolerance", "mistakes"},
    "symbolic": {"variable", "at", "says_points", "expected", "mistakes"},
    "goal": {"variable", "settings", "simulation", "options", "low", "high", "goal", "mistakes"},
    "choice": {"text", "options", "expected", "recalled"},
    "ordering": {"text", "lines", "mistakes"},
    "blank": {"text", "gaps"},
}
"""Kind -> what a whole entry of it has besides the common parts."""

_lent = {}  # name -> entries that are being tried out in this kernel


def is_name(name):
    """True for a name that a bank of one's own may have: small letters, digits and _, a letter first."""
    return re.fullmatch(r"[a-z][a-z0-9_]*", name) is not None


def lend(name, entries):
    """Let `check` find these entries until the kernel ends, before any file of that name."""
    _lent[name] = entries


def read(name, unpack):
    """Return the entries of a bank of one's own by id; none if there is no such bank.

    Parameters
    ----------
    name : str
        Such as "own".
    unpack : callable
        From the text of a bank file to its entries.

    Raises
    ------
    Slip
        If the file is damaged.
    """
    if name in _lent:
        return _lent[name]
    file = Path(f"{name}.bank")
    if not is_name(name) or not file.is_file():
        return {}
    try:
        entries = unpack(file.read_text("utf-8-sig"))
    except (OSError, ValueError, zlib.error, binascii.Error):
        entries = None
    if not is_whole(name, entries):
        raise Slip(
            f"The file {file} is damaged, or was made by another version of the course; ask for it again where you "
            "got it."
        )
    return entries


def missing(name):
    """Say where a bank of one's own should be."""
    return f"the file {name}.bank, which would hold it, is not in the folder of this notebook; put it there."


def is_whole(name, entries):
    """True if every entry has an id of this bank, a known kind, and all the parts of its kind."""
    return (
        isinstance(entries, dict)
        and bool(entries)
        and all(isinstance(entry, dict) and _is_whole(name, item_id, entry) for item_id, entry in entries.items())
    )


def _is_whole(name, item_id, entry):
    parts = PARTS.get(str(entry.get("kind")))
    return (
        parts is not None
        and entry.get("id") == item_id
        and item_id.startswith(f"{name}.")
        and (set(entry) >= COMMON | parts)
    )
