"""The bank of an exercise: inputs, expected observations, known mistakes, hints.

It is compiled by the course's build from the reference solution and the known-wrong variants, and
holds their numbers only, never their code.  The solutions stand in a file of their own, which a class
that withholds them leaves out.  Both files are packed so that nobody reads an answer by accident.  That
is a spoiler shield and not a secret: who wants to unpack it can.

A bank whose name begins with a letter is somebody's own, and lies beside the notebook: see `own_bank`.
"""

import base64
import json
import zlib
from importlib.resources import files

from momentum_lab.checks import own_bank
from momentum_lab.slips import Slip

IN_A_QUIZ = ("choice", "ordering", "blank")
"""Kinds that are answered on the screen, with `ask`; all others in a cell, with `check`."""


def lessons():
    """Return the numbers of the lessons that have exercises, such as ["01", "02"]."""
    folder = files("momentum_lab.checks").joinpath("banks")
    return sorted(path.name.removesuffix(".bank") for path in folder.iterdir() if path.name.endswith(".bank"))


def lesson_named(key):
    """Return the number of a lesson that has exercises, such as "02", or say which there are."""
    if not entries(str(key)):
        raise Slip(f"There is no lesson {key!r}; there are {', '.join(lessons())}, in quotes.")
    return str(key)


def entries(lesson):
    """Return the bank entries of one lesson by id, in the order of the lesson; none for an unknown lesson."""
    return own_bank.read(lesson, unpack) if own_bank.is_name(lesson) else _read(lesson, "bank")


def load(item_id):
    """Return the bank entry of one exercise.

    Parameters
    ----------
    item_id : str
        Lesson and name, such as "01.one_more_line".
    """
    lesson = _lesson(item_id)
    items = entries(lesson)
    if not items and own_bank.is_name(lesson):
        raise Slip(f"There is no exercise {item_id!r} here: {own_bank.missing(lesson)}")
    if str(item_id) not in items:
        known = ", ".join(items) or "none in a lesson of that number"
        raise Slip(f"There is no exercise {item_id!r}; known are: {known}.")
    return items[str(item_id)]


def solution(item_id):
    """Return the solution of one exercise as code, or None where solutions are withheld."""
    return _read(_lesson(item_id), "solutions").get(item_id)


def _lesson(item_id):
    return str(item_id).partition(".")[0]


def _read(lesson, kind):
    path = files("momentum_lab.checks").joinpath("banks", f"{lesson}.{kind}")
    return unpack(path.read_text("ascii")) if lesson.isalnum() and path.is_file() else {}


def pack(items):
    """Return the text of a bank file for a dict of entries by id; the same entries give the same text."""
    raw = json.dumps(items, separators=(",", ":")).encode()
    encoded = base64.b64encode(zlib.compress(raw, 9)).decode("ascii")
    return "\n".join(encoded[i : i + 100] for i in range(0, len(encoded), 100)) + "\n"


def unpack(text):
    """Return the entries of a bank file."""
    return json.loads(zlib.decompress(base64.b64decode(text)))
