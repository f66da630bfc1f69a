"""What a learner calls: `check` and `hint`."""

import inspect
import os
from dataclasses import dataclass, replace

from momentum_lab import progress
from momentum_lab.checks import bank
from momentum_lab.checks.judge import judge
from momentum_lab.checks.probe import look
from momentum_lab.checks.verdict import ERROR, Verdict
from momentum_lab.slips import Slip


def check(item_id):
    """Look at the answer to one exercise and say how it stands.

    The answer is found by its name among what the notebook has defined.  Nothing is raised, whatever
    the answer does.

    Parameters
    ----------
    item_id : str
        Such as "01.one_more_line".

    Returns
    -------
    Verdict, or float
        The points alone when nbgrader runs the notebook, as nbgrader reads a partial grade so.

    Raises
    ------
    Slip
        If there is no such exercise, or if it is answered in a quiz.
    """
    item, namespace = _answered_in_a_cell(item_id), inspect.currentframe().f_back.f_globals
    verdict = _not_python(namespace, item) or judged(look(namespace, item), item)
    return verdict.points if os.environ.get("NBGRADER_EXECUTION") else verdict


def _answered_in_a_cell(item_id):
    item = bank.load(item_id)
    if item["kind"] in bank.IN_A_QUIZ:
        raise Slip(f"{item['id']} is answered on the screen, not in a cell; ask({item['id']!r}) shows it.")
    return item


def _not_python(namespace, item):
    """Return a verdict if the cell run before this one holds an answer that Python could not read.

    Otherwise the answer before it would be judged, and the learner told what they have mended already.
    """
    shell = namespace.get("get_ipython", lambda: None)()
    last = getattr(shell, "last_execution_result", None)
    error = getattr(last, "error_before_exec", None)
    name = item.get("function") or item.get("variable")
    if not isinstance(error, SyntaxError) or name not in (last.info.raw_cell or ""):
        return None
    said = f"{type(error).__name__}: {error.msg}. Python cannot read your answer; mend it and run it, then this."
    return Verdict(item["id"], ERROR, said, 0.0, float(item["points"]))


def judged(seen, item):
    """Judge an answer and write the attempt into the learner's progress; return the verdict."""
    verdict = judge(seen, item)
    if not verdict.attempted:
        return verdict  # running every cell of an untouched notebook leaves nothing behind
    notice = progress.current().record(
        "attempt", item["id"], status=verdict.status, mistake=verdict.mistake, points=verdict.points
    )
    return replace(verdict, notice=notice)


def hint(item_id):
    """Return the next hint for an exercise, once there is an attempt to help; after the last one, the solution."""
    hints, mine = _answered_in_a_cell(item_id)["hints"], progress.current()
    if item_id in mine.passed():
        return Hint("", "Your answer has passed; no hint is needed.")
    if not mine.attempts(item_id):
        return Hint("", "Write an answer and check it first; then there are hints here.")
    number = mine.hints(item_id) + 1
    if number <= len(hints):
        mine.record("hint", item_id, number=number)
        return Hint(f"Hint {number} of {len(hints)}.", hints[number - 1])
    solution = bank.solution(item_id)
    if solution is None:
        return Hint(f"Hint {len(hints)} of {len(hints)}.", f"{hints[-1]} Your instructor has the solution.")
    mine.record("solution", item_id)
    return Hint("A solution.", "Read it, close it, and write your own.", solution)


@dataclass(frozen=True)
class Hint:
    """A hint or a solution, or the reason why there is none (without a title)."""

    title: str
    text: str
    code: str = ""

    def __repr__(self):
        return "\n".join(filter(None, [f"{self.title} {self.text}".replace("`", "").strip(), self.code]))

    def _repr_markdown_(self):
        opening = f"**{self.title}** " if self.title else ""
        return opening + self.text + (f"\n\n```python\n{self.code}\n```" if self.code else "")
