"""Grade the one submission of a container: what `run_autograder` calls.

Nothing is left without an answer: `results.json` has either points for every question, or a sentence and no score.
"""

import json
import sys
from pathlib import Path

from momentum_lab.grading import sandbox
from momentum_lab.grading.command import read_bank
from momentum_lab.grading.exports import gradescope_results, not_gradable
from momentum_lab.grading.files import write
from momentum_lab.grading.finding import find
from momentum_lab.grading.grade import grade
from momentum_lab.grading.matching import graded
from momentum_lab.grading.outcome import UNMATCHED, UNREADABLE
from momentum_lab.slips import Slip

OURS = "This is not your fault; please tell your instructor."


def main(base):
    """Grade and write `results.json`; return 0, or 1 if the fault is ours."""
    base = Path(base)
    try:
        text, code = results(base / "submission", base / "source"), 0
    except Slip as slip:
        text, code = not_gradable(str(slip)), 0
    except Exception as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)  # what is printed is shown to instructors only
        text, code = not_gradable(f"The grader failed ({type(error).__name__}). {OURS}"), 1
    write(base / "results", "results.json", text)
    return code


def results(submission, source):
    """Return the text of `results.json` for a folder with a submission."""
    wanted = json.loads((source / "grading.json").read_text("utf-8"))
    bank = source / "bank.secret"
    lesson, entries, hidden = read_bank(bank if bank.exists() else None, wanted["lesson"])
    backend = _backend()
    rows = grade(_handed_in(submission), lesson, entries=entries, hidden=hidden, sandbox=backend.name)
    return gradescope_results(_the_one(rows, lesson), graded(entries))


def _backend():
    """Return bubblewrap; where the container does not let it run, a process of another user, with a notice."""
    try:
        return sandbox.choose("bwrap")
    except sandbox.SandboxError as error:
        print(error, file=sys.stderr)
    backend = sandbox.choose("user")  # never with the rights of the grader, which could write the results
    print(backend.notice, file=sys.stderr)
    return backend


def _handed_in(folder):
    try:
        return find([folder])
    except Slip:
        raise Slip("There is no notebook in your submission. Hand in the lesson's .ipynb file.") from None


def _the_one(rows, lesson):
    """Return the row of the one notebook of this lesson; other files may lie beside it."""
    fitting = [row for row in rows if row.status not in (UNREADABLE, UNMATCHED)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = ", ".join(f"{row.id}.ipynb" for row in fitting)
        raise Slip(f"There are {len(fitting)} notebooks of lesson {lesson}: {names}. Hand in the one that counts.")
    raise Slip(" ".join(f"{row.id}: {row.reason}" for row in rows[:5]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
