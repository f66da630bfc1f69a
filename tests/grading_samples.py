"""Submissions for the tests of the grader: a full-mark notebook, and ways to break it."""

import copy
import json
from functools import cache
from pathlib import Path

from momentum_lab.checks import bank
from momentum_lab.grading.assess import Settings, assess
from momentum_lab.grading.limits import Limits
from momentum_lab.grading.matching import graded

ROOT = Path(__file__).resolve().parent.parent
FAST = Limits(cell=1.0, calls=1.0, question=3.0, cpu=6)
"""Short limits, so that an endless loop does not take long."""

CHEAP, FIRST, POINTS = "05a", "05a.nag_step", 5.0
"""A lesson without SymPy, its first exercise (2 points), and the points of the whole."""


@cache
def _stored(lesson, kind):
    file = next((ROOT / kind).glob(f"{lesson}_*.ipynb"))
    return file.read_text("utf-8")


def notebook(lesson=CHEAP, kind="solutions"):
    """A notebook of the course as a dict of its own, every source one text."""
    nb = json.loads(_stored(lesson, kind))
    for cell in nb["cells"]:
        cell["source"] = "".join(cell["source"])
    return nb


def answers(nb):
    """The answer cells of a notebook, by exercise."""
    return {
        cell["metadata"]["momentum_lab"]["item"]: cell
        for cell in nb["cells"]
        if cell["metadata"].get("momentum_lab", {}).get("role") == "answer"
    }


def code(source, **metadata):
    """A new code cell."""
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}


def with_first(source, lesson=CHEAP):
    """A full-mark notebook whose first answer is another text."""
    nb = notebook(lesson)
    next(iter(answers(nb).values()))["source"] = source
    return nb


def data(nb):
    """The bytes of a notebook."""
    return json.dumps(nb).encode()


@cache
def settings(lesson=CHEAP, backend="bwrap", limits=FAST, hidden=False):
    return Settings(lesson, bank.entries(lesson), backend, None, limits, hidden)


def assessed(nb, lesson=CHEAP, **options):
    """How a notebook, or the bytes of a file, comes out."""
    return assess(nb if isinstance(nb, bytes) else data(nb), settings(lesson, **options))


def score(row):
    return sum(outcome["points"] for outcome in row["questions"].values())


def copied(nb):
    return copy.deepcopy(nb)


def lesson_entries(lesson=CHEAP):
    return graded(bank.entries(lesson))
