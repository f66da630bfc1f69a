"""What a learner calls: `check` and `hint`."""

import inspect
import os
from dataclasses import dataclass

from momentum_lab.checks import bank
from momentum_lab.checks.judge import judge
from momentum_lab.checks.probe import observe
from momentum_lab.checks.verdict import NOT_ATTEMPTED

_last_verdict = {}  # exercise -> what its last check in this session said
_hints_given = {}  # exercise -> how many of its hints have been shown


def check(item_id):
    """Look at the answer to one exercise and say how it stands.

    The function is found by its name among what the notebook has defined.  Nothing is raised, whatever
    the answer does.

    Parameters
    ----------
    item_id : str
        Such as "01.one_more_line".

    Returns
    -------
    Verdict, or float
        The points alone when nbgrader runs the notebook, as nbgrader reads a partial grade so.
    """
    item = bank.load(item_id)
    function = inspect.currentframe().f_back.f_globals.get(item["function"])
    observations = observe(function, item["cases"], item["feeds"]) if callable(function) else None
    verdict = _last_verdict[item_id] = judge(observations, item)
    return verdict.points if os.environ.get("NBGRADER_EXECUTION") else verdict


def hint(item_id):
    """Return the next hint for an exercise, once there is an attempt to help; the last hint stays."""
    hints = bank.load(item_id)["hints"]
    verdict = _last_verdict.get(item_id)
    if verdict is None or verdict.status == NOT_ATTEMPTED:
        return Hint(0, len(hints), "Write an answer and check it first; then there are hints here.")
    if verdict.passed:
        return Hint(0, len(hints), "Your answer has passed; no hint is needed.")
    number = min(_hints_given.get(item_id, 0) + 1, len(hints))
    _hints_given[item_id] = number
    return Hint(number, len(hints), hints[number - 1])


@dataclass(frozen=True)
class Hint:
    """One of several hints, the later ones saying more; number 0 is no hint, and says why."""

    number: int
    of: int
    text: str

    def __repr__(self):
        return f"{self._title()} {self.text}".replace("`", "").strip()

    def _repr_markdown_(self):
        return f"**{self._title()}** {self.text}" if self.number else self.text

    def _title(self):
        return f"Hint {self.number} of {self.of}." if self.number else ""
