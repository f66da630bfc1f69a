"""Submissions for the tests of the grader: a full-mark notebook, and ways to break it."""

import copy
from functools import cache
from pathlib import Path

from momentum_lab.checks import bank
from momentum_lab.grading.assess import Settings, assess
from momentum_lab.grading.limits import Limits
from momentum_lab.grading.matching import graded
from workshop import sample_class
from workshop.sample_class import answers, code, data

__all__ = ["answers", "code", "data"]  # what comes along from the sample class

ROOT = Path(__file__).resolve().parent.parent
FAST = Limits(cell=1.0, calls=1.0, question=3.0, cpu=6)
"""Short limits, so that an endless loop does not take long."""

CHEAP, FIRST, POINTS = "05a", "05a.nag_step", 5.0
"""A lesson without SymPy, its first exercise (2 points), and the points of the whole."""


def notebook(lesson=CHEAP, kind="solutions"):
    """A notebook of the course as a dict of its own, every source one text."""
    return sample_class.notebook(kind, next((ROOT / kind).glob(f"{lesson}_*.ipynb")).name)


def with_first(source, lesson=CHEAP):
    """A full-mark notebook whose first answer is another text."""
    nb = notebook(lesson)
    next(iter(answers(nb).values()))["source"] = source
    return nb


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
