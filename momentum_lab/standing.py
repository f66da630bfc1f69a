"""Where a learner stands: the exercises of the course against what the progress file has seen."""

from dataclasses import dataclass
from html import escape

from momentum_lab import __version__, progress
from momentum_lab.checks import bank
from momentum_lab.contents import lesson
from momentum_lab.words import number

GENERATOR = "Momentum Lab report"


@dataclass(frozen=True)
class Row:
    """One exercise or question: its title, its points, and how it stands."""

    item: str
    title: str
    points: float
    passed: bool
    tries: int
    hints: int
    mistakes: tuple[str, ...]

    @property
    def words(self):
        """A sign and a word."""
        if self.passed:
            return "✓ passed"
        return f"… tried, {self.tries} time{'s' if self.tries > 1 else ''}" if self.tries else "○ open"


@dataclass(frozen=True)
class Standing:
    """How one lesson stands."""

    lesson: str
    exercises: tuple[Row, ...]
    questions: tuple[Row, ...]

    @property
    def begun(self):
        """True once anything in it was tried."""
        return any(row.tries or row.hints for row in (*self.exercises, *self.questions))

    @property
    def summary(self):
        """Counts, in a sentence."""
        done = [row for row in self.exercises if row.passed]
        points = number(sum(row.points for row in done))
        asked = sum(row.passed for row in self.questions)
        return (
            f"Lesson {self.lesson}: {len(done)} of {len(self.exercises)} exercises passed, {points} of "
            f"{number(sum(row.points for row in self.exercises))} points; "
            f"{asked} of {len(self.questions)} questions answered right."
        )

    def __repr__(self):
        return "\n".join([self.summary, *(f"  {row.words:20} {row.title}" for row in self.exercises)])

    def _repr_markdown_(self):
        return "\n".join([self.summary, "", *(f"- {row.words}: {row.title}" for row in self.exercises)])


def standing(key):
    """Return how one lesson stands, to be shown by a notebook.

    Parameters
    ----------
    key : str
        The number of the lesson, such as "02".
    """
    key = bank.lesson_named(key)
    mine = progress.current()
    passed = mine.passed()
    rows = [(_row(entry, mine, passed), entry["points"] > 0) for entry in bank.entries(key).values()]
    return Standing(key, tuple(row for row, marked in rows if marked), tuple(row for row, marked in rows if not marked))


def _row(entry, mine, passed):
    attempts = mine.attempts(entry["id"])
    met = dict.fromkeys(e.detail["mistake"] for e in attempts if e.detail.get("mistake"))
    return Row(
        entry["id"], entry["title"], entry["points"], entry["id"] in passed, len(attempts),
        mine.hints(entry["id"]), tuple(map(str, met)),
    )  # fmt: skip


# ------------------------------------------------------------------ a page to save and print

STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; }
table { border-collapse: collapse; width: 100%; margin: 0.5em 0 1.5em; }
th, td { text-align: left; vertical-align: top; padding: 0.3em 0.8em 0.3em 0; border-bottom: 1px solid; }
th:first-child { width: 32%; }
th:nth-child(2) { width: 18%; }
th:last-child { width: 36%; }
tr, h2 { break-inside: avoid; }
h2 { break-after: avoid; }
"""


def page(day):
    """Return the learner's report as one HTML page that needs nothing else.

    Parameters
    ----------
    day : str
        The day it is written, as it should be read.
    """
    placed = [(event.item, str(event.detail.get("option"))) for event in progress.current().events("prediction")]
    bets = "".join(f"<li>{escape(item)}: {escape(option)}</li>" for item, option in dict.fromkeys(placed))
    parts = [_lesson_part(standing(key)) for key in bank.lessons()]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta name="generator" content="{GENERATOR}">\n<title>Momentum Lab: what I have done</title>\n'
        f"<style>{STYLE}</style></head>\n<body>\n<h1>Momentum Lab: what I have done</h1>\n"
        + "\n".join(parts)
        + (f"\n<h2>Bets</h2>\n<ul>{bets}</ul>" if bets else "")
        + f"\n<p>Written on {escape(day)} by version {__version__} of the course. This is the learner's own record; "
        "it proves nobody's identity.</p>\n</body></html>\n"
    )


def _lesson_part(where):
    """Return the part of one lesson; a table of nothing but open questions would say nothing."""
    one = lesson(where.lesson)
    title = f"Lesson {where.lesson}" + (f" · {escape(one.title)}" if one else "")
    head = f"<h2>{title}</h2>\n<p>{escape(where.summary)}</p>\n"
    return head + _what_was_tried(where) if where.begun else head


def _what_was_tried(where):
    return _table(
        ("exercise or question", "standing", "tries", "hints", "mistakes met on the way"),
        [(row.title, row.words, row.tries, row.hints, "; ".join(row.mistakes)) for row in where.exercises]
        + [(row.title, row.words, row.tries, "", "; ".join(row.mistakes)) for row in where.questions],
    )


def _table(heads, rows):
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(str(first))}</th>'
        + "".join(f"<td>{escape(str(cell))}</td>" for cell in rest)
        + "</tr>\n"
        for first, *rest in rows
    )
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table>"
