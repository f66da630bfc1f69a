"""What an author writes down for an exercise that is answered in a cell, and how it becomes a bank entry.

Four kinds: `Item` (code), `Number`, `Symbolic`, `Goal`.  Those that are answered by a click are in `questions`.

The reference solution of a course exercise stands once, in the lesson's answer cell.  The known mistakes stand beside
the cases, as functions.  Compiling runs both through the same probe that will run the learner's answer,
and keeps the observations only.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from momentum_lab.checks.probe import evaluate, observe

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
    title : str
        A few words, for the list of what has passed.
    points : float
    tolerance : float
        Largest relative difference; stated in the text of the exercise.
    """

    id: str
    title: str
    function: str
    returns: tuple[str, ...]
    cases: Callable
    mistakes: list
    hints: tuple[str, ...]
    praise: str
    feeds: tuple[str, ...] = ()
    properties: Sequence = ()
    forms: Sequence = ()
    points: float = 1.0
    tolerance: float = 1e-6
    kind = "code"

    @property
    def answer(self):
        """Name of what the learner defines."""
        return self.function

    def compile(self, reference, seed):
        """Return what the bank holds besides the common part."""
        cases = self.cases(np.random.default_rng(seed))

        def seen(function):
            return observe(function, cases, self.feeds)

        def told(known):
            return [{"name": k.name, "says": k.says, "observations": seen(k.function)} for k in known]

        return {
            "function": self.function,
            "returns": self.returns,
            "feeds": self.feeds,
            "tolerance": self.tolerance,
            "cases": cases,
            "expected": seen(reference),
            "properties": self.properties,
            "mistakes": told(self.mistakes),
            "forms": told(self.forms),
        }


@dataclass(frozen=True)
class Wrong:
    """A known wrong value: a number, an expression, an order of lines, settings or a filled gap."""

    name: str
    value: object
    says: str


@dataclass(frozen=True)
class Number:
    """A number that the learner works out; the right one stands in the lesson's answer cell.

    Attributes
    ----------
    id, title, praise, hints, points
        As in `Item`.
    answer : str
        Name of the learner's variable.
    mistakes : list of Wrong
    tolerance : float
        Largest relative difference; stated in the text of the exercise.
    """

    id: str
    title: str
    answer: str
    mistakes: list
    hints: tuple[str, ...]
    praise: str
    tolerance: float = 1e-3
    points: float = 1.0
    kind = "number"

    def compile(self, reference, seed):
        """Return what the bank holds besides the common part."""
        mistakes = [{"name": w.name, "value": float(w.value), "says": w.says} for w in self.mistakes]
        return {
            "variable": self.answer, "expected": float(reference), "tolerance": self.tolerance, "mistakes": mistakes,
        }  # fmt: skip


@dataclass(frozen=True)
class Symbolic:
    """An expression, such as the step that a derivation leaves blank; judged by its values at rational points.

    Attributes
    ----------
    symbols : tuple of (str, int or Fraction, int or Fraction)
        Name and range of each symbol; whole-number ends make a whole number.
    """

    id: str
    title: str
    answer: str
    symbols: tuple
    mistakes: list
    hints: tuple[str, ...]
    praise: str
    points: float = 1.0
    kind = "symbolic"

    def compile(self, reference, seed):
        """Return what the bank holds besides the common part."""
        points = _rational_points(self.symbols, np.random.default_rng(seed))

        def values(expression):
            seen = evaluate(expression, points)
            if "problem" in seen:
                raise ValueError(f"the expression {expression!r} {seen['problem'].rstrip('.')}")
            return seen["values"]

        return {
            "variable": self.answer,
            "at": points,
            "says_points": [", ".join(f"{name} = {value}" for name, value in point.items()) for point in points],
            "expected": values(reference),
            "mistakes": [{"name": w.name, "values": values(w.value), "says": w.says} for w in self.mistakes],
        }


def _rational_points(symbols, rng, count=5):
    """Draw points with exact coordinates: whole numbers, or twentieths."""
    points = []
    for _ in range(count):
        point = {}
        for name, low, high in symbols:
            whole = isinstance(low, int) and isinstance(high, int)
            scale = 1 if whole else 20
            point[name] = str(Fraction(int(rng.integers(int(low * scale), int(high * scale) + 1)), scale))
        points.append(point)
    return points


@dataclass(frozen=True)
class Goal:
    """Settings that reach a goal, judged by our own simulation (`momentum_lab.checks.goals`).

    Attributes
    ----------
    settings : dict
        Name -> (low, high), what may be handed in.
    simulation, options : str, dict
        Which simulation, and what it is told besides.
    low, high : float
        The goal: the measure lies between them.
    goal : str
        The goal in words, said when it is missed.
    """

    id: str
    title: str
    answer: str
    settings: dict
    simulation: str
    options: dict
    low: float
    high: float
    goal: str
    mistakes: list
    hints: tuple[str, ...]
    praise: str
    points: float = 1.0
    kind = "goal"

    def compile(self, reference, seed):
        """Return what the bank holds besides the common part; the reference is only tried by the tests."""
        mistakes = [{"name": w.name, "settings": w.value, "says": w.says} for w in self.mistakes]
        return {
            "variable": self.answer, "settings": self.settings, "simulation": self.simulation,
            "options": self.options, "low": self.low, "high": self.high, "goal": self.goal, "mistakes": mistakes,
        }  # fmt: skip


def compile_item(item, reference=None, seed=SEED):
    """Return the bank entry of an item: numbers and words, no code.

    Parameters
    ----------
    item : any of the seven kinds
    reference : object
        What the lesson's answer cell defines; None for a kind without one.
    seed : int
        Another seed makes other inputs, for hidden checks; the verdicts must not depend on it.
    """
    common = {
        "id": item.id, "kind": item.kind, "title": item.title, "points": item.points,
        "hints": list(item.hints), "praise": item.praise,
    }  # fmt: skip
    return common | item.compile(reference, seed)
