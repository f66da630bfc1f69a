"""The bank of an exercise: inputs, expected observations, known mistakes, hints.

It is compiled by the course's build from the reference solution and the known-wrong variants, and
holds their numbers only, never their code.  The file is packed so that nobody reads an answer by
accident.  That is a spoiler shield and not a secret: who wants to unpack it can.
"""

import base64
import json
import zlib
from importlib.resources import files

from momentum_lab.slips import Slip


def load(item_id):
    """Return the bank entry of one exercise.

    Parameters
    ----------
    item_id : str
        Lesson and name, such as "01.one_more_line".
    """
    lesson = str(item_id).partition(".")[0]
    path = files("momentum_lab.checks").joinpath("banks", f"{lesson}.bank")
    items = unpack(path.read_text("ascii")) if lesson.isdigit() and path.is_file() else {}
    if item_id not in items:
        known = ", ".join(items) or "none in a lesson of that number"
        raise Slip(f"There is no exercise {item_id!r}; known are: {known}.")
    return items[item_id]


def pack(items):
    """Return the text of a bank file for a dict of entries by id; the same entries give the same text."""
    raw = json.dumps(items, separators=(",", ":")).encode()
    encoded = base64.b64encode(zlib.compress(raw, 9)).decode("ascii")
    return "\n".join(encoded[i : i + 100] for i in range(0, len(encoded), 100)) + "\n"


def unpack(text):
    """Return the entries of a bank file."""
    return json.loads(zlib.decompress(base64.b64decode(text)))
