"""What an author writes down for an exercise, and how it becomes a bank entry.

The reference solution stands once, in the lesson's answer cell.  The known mistakes stand beside the
cases, as functions.  Compiling runs both through the same probe that will run the learner's answer,
and keeps the observations only.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from momentum_lab.checks.probe import observe

SEED = 20261125


@dataclass(frozen=True)
class Known:
    """A wrong answer, or a right one in another form, that learners are known to give.

    Attributes
    ----------
    name : str
        Short name, for reports.
    function : callable
        The answer itself.
    says : str
        What the learner is told: the mistake by its name, and where to look.
    """

    name: str
    function: Callable
    says: str


@dataclass(frozen=True)
class Item:
    """A code exercise.

    Attributes
    ----------
    id, function : str
        Such as "01.one_more_line" and "momentum_step".
    returns, feeds : tuple of str
        Names of the returned values, and of the arguments they replace in a row of calls.
    cases : callable
        Takes a random generator, returns the list of cases (see `probe.observe`), each with `says`.
    properties : list of dict
        Laws that hold for every right answer: `terms` (weight, case, output) whose sum is zero, and `says`.
    mistakes, forms : list of Known
    hints : tuple of str
        At least two, each saying more than the one before; none holds the answer.
    praise : str
        What a right answer is told.
    points : float
    tolerance : float
        Largest relative difference; stated in the text of the exercise.
    """

    id: str
    function: str
    returns: tuple[str, ...]
    feeds: tuple[str, ...]
    cases: Callable
    properties: list
    mistakes: list
    forms: list
    hints: tuple[str, ...]
    praise: str
    points: float = 1.0
    tolerance: float = 1e-6


def compile_item(item, reference, seed=SEED):
    """Return the bank entry of an item: numbers and words, no code.

    Parameters
    ----------
    item : Item
    reference : callable
        The solution from the lesson's answer cell.
    seed : int
        Another seed makes other inputs, for hidden checks; the verdicts must not depend on it.
    """
    cases = item.cases(np.random.default_rng(seed))

    def seen(function):
        return observe(function, cases, item.feeds)

    def told(known):
        return [{"name": k.name, "says": k.says, "observations": seen(k.function)} for k in known]

    return {
        "id": item.id,
        "function": item.function,
        "returns": item.returns,
        "feeds": item.feeds,
        "points": item.points,
        "tolerance": item.tolerance,
        "cases": cases,
        "expected": seen(reference),
        "properties": item.properties,
        "mistakes": told(item.mistakes),
        "forms": told(item.forms),
        "hints": item.hints,
        "praise": item.praise,
    }
