"""Turn what the probe saw into a verdict, by the kind of the exercise.

`judge` is a pure function: observations and a bank entry in, a verdict out.  It never runs anything of
the learner's and never prints an expected value.  The same function serves the notebook and the grader.
"""

from momentum_lab.checks import answers, code, goals
from momentum_lab.checks.verdict import PASSED, Verdict

JUDGES = {
    "code": code.judge,
    "number": answers.judge_number,
    "choice": answers.judge_choice,
    "ordering": answers.judge_ordering,
    "blank": answers.judge_blank,
    "symbolic": answers.judge_symbolic,
    "goal": goals.judge,
}
"""Kind -> function of (observations, entry) that returns status, message and, for a known mistake, its name."""


def judge(observations, item):
    """Return the verdict on one answer.

    Parameters
    ----------
    observations : JSON value
        From `probe.look`; for an exercise of code a list with one observation a case.
    item : dict
        The bank entry.

    Returns
    -------
    Verdict
    """
    status, message, *mistake = JUDGES[item["kind"]](observations, item)
    points = item["points"] if status == PASSED else 0.0
    return Verdict(item["id"], status, message, float(points), float(item["points"]), *mistake)
