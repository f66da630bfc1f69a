"""The verb `momentum-lab grade`.

Exit codes: 0 every submission was graded or had nothing filled in; 1 something could not be graded, see the
report; 2 wrong use; 3 no sandbox works here; 130 interrupted, and the same command goes on where it stopped.
"""

import math
import sys
from contextlib import suppress
from pathlib import Path

from momentum_lab.checks import bank
from momentum_lab.checks.verdict import NOT_ATTEMPTED
from momentum_lab.grading import exports, sandbox
from momentum_lab.grading.finding import find
from momentum_lab.grading.grade import grade
from momentum_lab.grading.matching import graded
from momentum_lab.grading.outcome import GRADED
from momentum_lab.grading.report import write_all
from momentum_lab.grading.store import Store
from momentum_lab.slips import Slip

DONE, PROBLEMS, WRONG_USE, NO_SANDBOX, INTERRUPTED = 0, 1, 2, 3, 130


def options(verb):
    """Give the verb its arguments."""
    add = verb.add_argument
    add("paths", nargs="+", metavar="PATH", help="notebooks, folders, zip archives")
    add("--lesson", required=True, help="such as 02")
    add("--out", required=True, metavar="DIR", help="where scores, feedback and the report go")
    add("--jobs", type=int, default=2, metavar="N", help="how many at a time (2)")
    add("--sandbox", choices=sandbox.NAMES, default="auto", help="where submissions run; none is for trusted code only")
    add("--image", help="for --sandbox container: an image with Python, NumPy and SymPy")
    add("--format", action="append", default=[], choices=[*exports.FORMATS], help="a further export; may be repeated")
    add("--bank", "--seed", dest="bank", metavar="FILE", help="a secret bank, made by momentum-lab release --seed")
    add("--only", action="append", default=[], metavar="QUESTION", help="run this question again; may be repeated")
    add("--override", action="append", default=[], nargs=4, metavar=("ID", "QUESTION", "POINTS", "REASON"),
        help="decide one question by hand; stays until decided otherwise")  # fmt: skip


def run(arguments):
    """Grade, write the files, say how it went; return the exit code."""
    try:
        return _run(arguments)
    except (Slip, ValueError) as error:
        print(error, file=sys.stderr)
        return WRONG_USE
    except sandbox.SandboxError as error:
        print(error, file=sys.stderr)
        return NO_SANDBOX
    except KeyboardInterrupt:
        print("\nInterrupted. What is finished is kept; the same command goes on from here.", file=sys.stderr)
        return INTERRUPTED


def _run(arguments):
    lesson, entries, hidden = read_bank(arguments.bank, arguments.lesson)
    submissions = find(arguments.paths, leave_out=arguments.out)
    backend = sandbox.choose(arguments.sandbox, arguments.image)
    if not backend.safe:
        print(backend.notice, file=sys.stderr)
    out = Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)
    with Store(out / "grading.sqlite") as store:
        for override in arguments.override:
            _override(store, submissions, graded(entries), *override)
        rows = grade(
            submissions, lesson, entries=entries, hidden=hidden, jobs=arguments.jobs, sandbox=backend.name,
            image=arguments.image, store=store, only=arguments.only, watch=_Progress(),
        )  # fmt: skip
    written = write_all(out, rows, graded(entries), arguments.format)
    lost = sum(row.status not in (GRADED, NOT_ATTEMPTED) for row in rows)
    flagged = sum(bool(row.review) for row in rows)
    print(f"{len(rows)} submissions: {len(rows) - lost} graded, {lost} not or in part, {flagged} to look at.")
    print(f"In {out}: {', '.join([name for name in written if '/' not in name])}, feedback.")
    return PROBLEMS if lost else DONE


def read_bank(file, lesson):
    """Return (lesson, entries, hidden) from a secret bank, or from the course if no file is named."""
    if not file:
        return lesson, bank.entries(lesson), False
    try:
        content = bank.unpack(Path(file).read_text("ascii"))
        found, entries = content["lesson"], content["entries"]
    except Exception as error:  # unreadable, not packed, or packed from something else
        raise Slip(f"{file} is no bank that momentum-lab release has made ({type(error).__name__}).") from None
    if found != lesson:
        raise Slip(f"{file} is a bank of lesson {found}, not of lesson {lesson}.")
    return lesson, entries, True


def _override(store, submissions, entries, submission, question, points, reason):
    """Check and keep a decision by hand."""
    if submission not in {one.id for one in submissions}:
        raise Slip(f"There is no submission {submission!r}; the ids are in the first column of scores.csv.")
    if question not in entries:
        raise Slip(f"There is no exercise {question!r}; known are: {', '.join(entries)}.")
    with suppress(ValueError):
        if math.isfinite(float(points)) and 0 <= float(points) <= entries[question]["points"]:
            store.override(submission, question, float(points), reason)
            return
    raise Slip(f"Points for {question} go from 0 to {entries[question]['points']:g}, not {points!r}.")


class _Progress:
    """One line on standard error: done, left, problems."""

    def __init__(self):
        self._problems, self._live = 0, sys.stderr.isatty()

    def __call__(self, done, count, row):
        self._problems += row.status not in (GRADED, NOT_ATTEMPTED)
        line = f"{done} done, {count - done} left, {self._problems} problems"
        if self._live:
            print(f"\r{line}   ", end="" if done < count else "\n", file=sys.stderr, flush=True)
        elif done == count or done % 20 == 0:
            print(line, file=sys.stderr, flush=True)
