"""The learner's home: every lesson, how it stands, and where to go on."""

import json
from dataclasses import dataclass
from pathlib import Path

from momentum_lab import progress
from momentum_lab.checks import bank
from momentum_lab.contents import LESSONS, anchor, lesson
from momentum_lab.standing import standing

UNKNOWN = "–"


@dataclass(frozen=True)
class Home:
    """What `home` shows.

    Attributes
    ----------
    go_on : str
        One sentence, with a link, on what to do next.
    rows : tuple of (Lesson, str)
        Every lesson and how it stands, in words.
    """

    go_on: str
    rows: tuple

    def __repr__(self):
        lines = [f"{one.key:4}{one.title:54}{one.minutes:3} min   {words}" for one, words in self.rows]
        return "\n".join([_without_links(self.go_on), "", *lines])

    def _repr_markdown_(self):
        table = [
            f"| [{one.key} · {one.title}]({one.file}) | {one.question} | {one.minutes} | {words} |"
            for one, words in self.rows
        ]
        head = ["| lesson | its question | minutes | how it stands |", "|---|---|---|---|"]
        return "\n".join([f"**{self.go_on}**", "", *head, *table])


def home(folder="."):
    """Return every lesson with its standing, and a link to where the learner stopped.

    Parameters
    ----------
    folder : str or Path
        Where the lessons lie; the link leads to the heading of the next open exercise if they are found there.
    """
    if progress.where() is None:  # a build: what it stores must not tell a learner that nothing is done
        first = f"Begin with {_link(LESSONS[0])}. If you have begun, run this cell to see where to go on."
        return Home(first, tuple((one, UNKNOWN) for one in LESSONS))
    return Home(go_on(Path(folder)), tuple((one, in_words(one)) for one in LESSONS))


def in_words(one):
    """Say how a lesson stands in a few words."""
    rows = standing(one.key).exercises if one.key in bank.lessons() else ()
    done, begun = sum(row.passed for row in rows), any(row.tries for row in rows)
    if rows and done == len(rows):
        return f"✓ {done} of {len(rows)} exercises"
    return f"… {done} of {len(rows)} exercises" if begun else "○ optional" if one.optional else "○ open"


def go_on(folder):
    """Say where to go on: the next open exercise of the lesson last worked on, or the lesson after it."""
    events = [event for event in progress.current().events() if lesson(event.item.partition(".")[0])]
    if not events:
        return f"Begin with {_link(LESSONS[0])}."
    last = lesson(events[-1].item.partition(".")[0])
    still_open = [row for row in standing(last.key).exercises if not row.passed] if last.key in bank.lessons() else []
    if still_open:
        anchor = heading_of(folder / last.file, still_open[0].item)
        return f"Continue where you stopped: {_link(last, anchor)}, next is “{still_open[0].title}”."
    following = LESSONS[LESSONS.index(last) + 1 :]
    if not following:
        return "You have been through the whole course; open what you like."
    return f"Lesson {last.key} is done. Continue with {_link(following[0])}."


def heading_of(file, item):
    """Return the heading above an exercise in a notebook, or "" if it is not found."""
    try:
        cells = json.loads(file.read_text("utf-8"))["cells"]
    except (OSError, ValueError, KeyError):
        return ""
    heading = ""
    for cell in cells:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and text.startswith("## "):
            heading = text.splitlines()[0].removeprefix("## ")
        if f'check("{item}")' in text:
            return heading
    return ""


def _link(one, heading=""):
    """Return a link to a lesson, and to a heading in it."""
    where = f"#{anchor(heading)}" if heading else ""
    return f"[{one.key} · {one.title}]({one.file}{where})"


def _without_links(text):
    """Return a Markdown text with its links as plain words."""
    pieces = text.split("](")
    return pieces[0].replace("[", "") + "".join(piece.partition(")")[2] for piece in pieces[1:])
