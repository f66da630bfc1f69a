"""Questions that are asked twice: what a learner answered the first time, and what the learner says today.

A question of a last lesson may name the one that it repeats.  Nothing new is kept for it: both answers are
read from the attempts in the progress file.
"""

from dataclasses import dataclass

from momentum_lab import progress
from momentum_lab.checks import bank
from momentum_lab.slips import Slip

NOTHING = (
    "Nothing was found: none of these questions has been answered in this folder, here or in an earlier lesson. "
    "Answer some of them and run this cell again."
)
BAR = r"\|"  # a bar inside a Markdown table


@dataclass(frozen=True)
class Answer:
    """One answer: the option in words, and whether it was right."""

    text: str
    right: bool

    def __str__(self):
        return f"{'✓' if self.right else '✗'} {self.text}"


@dataclass(frozen=True)
class Row:
    """One question: the first answer to it in its lesson, and the latest one to its repetition; None where none is."""

    title: str
    then: Answer | None
    now: Answer | None


@dataclass(frozen=True)
class ThenAndNow:
    """The table, displayed by a notebook."""

    rows: tuple[Row, ...]

    @property
    def summary(self):
        """Counts, in a sentence."""
        if not any(row.then or row.now for row in self.rows):
            return NOTHING
        then, now = ([a for a in answers if a] for answers in zip(*((r.then, r.now) for r in self.rows), strict=True))
        both = [row for row in self.rows if row.then and row.now]
        changed = sum(row.then.text != row.now.text for row in both)
        return (
            f"The first time {sum(a.right for a in then)} of {len(then)} answers were right, "
            f"today {sum(a.right for a in now)} of {len(now)}. "
            f"Questions with both answers: {len(both)}, of which you have changed {changed}."
        )

    def __repr__(self):
        if self.summary == NOTHING:
            return NOTHING
        rows = [("", "the first time", "today"), *((r.title, *_words(r)) for r in self.rows)]
        widths = [max(len(row[i]) for row in rows) + 3 for i in (0, 1)]
        lines = ["".join([first.ljust(widths[0]), then.ljust(widths[1]), now]) for first, then, now in rows]
        return "\n".join([self.summary, "", *lines])

    def _repr_markdown_(self):
        if self.summary == NOTHING:
            return NOTHING
        rows = [_line(row.title, *_words(row)) for row in self.rows]
        return "\n".join([self.summary, "", _line("question", "the first time", "today"), "|:---|:---|:---|", *rows])


def _line(*texts):
    """Return one line of a table in Markdown."""
    return f"| {' | '.join(text.replace('|', BAR) for text in texts)} |"


def _words(row):
    return ["not asked" if row.then is None else str(row.then), "open" if row.now is None else str(row.now)]


def then_and_now(lesson):
    """Return both answers to every question of a lesson that repeats an earlier one.

    Parameters
    ----------
    lesson : str
        Its number, such as "10".
    """
    again = [entry for entry in bank.entries(str(lesson)).values() if entry.get("first_asked")]
    if not again:
        raise Slip(f"Lesson {lesson!r} has no questions that were asked before.")
    return ThenAndNow(
        tuple(Row(entry["title"], _answer(entry["first_asked"], 0), _answer(entry["id"], -1)) for entry in again)
    )


def _answer(item, place):
    """Return the first (0) or the latest (-1) answer to a question; None if there is none."""
    attempts = progress.current().attempts(item)
    entry = bank.entries(item.partition(".")[0]).get(item)
    if not attempts or entry is None:
        return None
    seen = attempts[place].detail
    right, belief = seen.get("status") == "passed", seen.get("mistake")
    # The record of an attempt holds the belief behind a wrong option; the right one has none.
    chosen = [o["text"] for o in entry["options"] if o["belief"] == belief and right == (o["belief"] is None)]
    return Answer(chosen[0].rstrip(".") if chosen else "another answer", right)
