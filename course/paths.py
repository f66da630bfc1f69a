"""Three ways through the same notebooks: ninety minutes, three hours, or alone in one's own time.

A short path goes through some sections of some lessons; here stand their headings and minutes.  The build writes
the page with the tables, and tags the cells of those sections: `path-90` and `path-180`.
"""

import re
from dataclasses import dataclass

from momentum_lab.contents import LESSONS, anchor, lesson

PAGE = "docs/paths.md"


@dataclass(frozen=True)
class Path:
    """One way through the course.

    Attributes
    ----------
    tag : str
        What its cells are tagged with.
    title : str
    about : str
        What it is for, in a sentence or two.
    breaks : tuple of (str, int)
        After the lesson of that key, so many minutes of break.
    sections : dict
        Lesson -> {heading without its ##: minutes}, in order.
    """

    tag: str
    title: str
    about: str
    breaks: tuple
    sections: dict

    def minutes(self, key):
        """Return the minutes of a lesson on this path."""
        return sum(self.sections[key].values())

    @property
    def total(self):
        """Return all minutes, breaks included."""
        return sum(map(self.minutes, self.sections)) + sum(minutes for _, minutes in self.breaks)


PATHS = (
    Path(
        "path-90",
        "Ninety minutes",
        "What a velocity remembers, why two knobs are quicker than one, and how Nesterov's method brakes. "
        "Explorers and talk; one exercise.",
        (),
        {
            "01": {
                "Twelve dots and a line": 2, "A run you know": 3, "Two runs without names": 4, "One more line": 3,
                "Across and along": 3, "Now move it": 5,
            },
            "02": {
                "Two lists that you have already made": 3, "Three gradients by hand": 4, "Move it": 8,
                "How far back does it look?": 4, "A sum, and no average": 3, "One memory, two gains": 3,
                "Exercise: the flipping push": 5,
            },
            "04": {
                "One knob for two springs": 4, "The second knob": 4, "Move both": 9, "Both on one circle": 4,
                "Too much of a good thing": 4,
            },
            "05a": {
                "Too late to brake": 2, "One change": 4, "One step under the microscope": 5,
                "Friction where it is steep": 4,
            },
        },
    ),
    Path(
        "path-180",
        "Three hours",
        "The whole argument, from the race to Adam, with an exercise in each of the first two lessons and four closing "
        "questions. The other exercises are for afterwards.",
        (("02", 10), ("05a", 10)),
        {
            "00": {"Is this machine ready?": 2, "One picture to move": 3},
            "01": {
                "Twelve dots and a line": 2, "A run you know": 3, "Two runs without names": 4, "One more line": 3,
                "Across and along": 3, "Now move it": 5, "Exercise: one more line": 5,
            },
            "02": {
                "Two lists that you have already made": 3, "Three gradients by hand": 4, "Move it": 8,
                "How far back does it look?": 4, "A sum, and no average": 3, "One memory, two gains": 3,
                "Exercise: the flipping push": 5,
            },
            "03": {
                "One direction by itself": 4, "Bet, then move it": 8, "What stays the same": 4,
                "Why the learning rate drops out": 4,
            },
            "04": {
                "One knob for two springs": 4, "The second knob": 4, "Move both": 9, "Both on one circle": 4,
                "Too much of a good thing": 4, "Or make kappa smaller": 5,
            },
            "05a": {
                "Too late to brake": 2, "One change": 4, "One step under the microscope": 5,
                "Friction where it is steep": 4,
            },
            "06a": {
                "A run that never arrives": 3, "Your bet": 6, "The same, and the same": 3, "When does momentum pay?": 2,
            },
            "07": {
                "One dial for two units": 3, "Is it the same momentum?": 3, "Two valleys of one kappa": 8,
                "Who has momentum?": 3, "What stays": 4,
            },
        },
    ),
)  # fmt: skip


def tags(key, headings):
    """Return the tags of a cell that stands under these headings of a lesson."""
    return [path.tag for path in PATHS if set(headings) & set(path.sections.get(key, {}))]


def page():
    """Return the page with a table for each path."""
    alone = sum(one.minutes for one in LESSONS if not one.optional)
    parts = [
        "# Three paths",
        "The notebooks are the same on every path; a shorter one leaves sections out. Every lesson runs by itself, so "
        "a path can be entered anywhere: run all of it once, which takes seconds, and go to the section. "
        "Minutes include reading, moving and answering.",
        f"## In your own time: {alone} minutes",
        "One sitting an evening; the three questions at its start are about earlier evenings. The last lesson is "
        f"optional and adds {LESSONS[-1].minutes} minutes.",
        _table(
            ("lesson", "its question", "minutes"),
            [(f"[{one.key} · {one.title}](../notebooks/{one.file})", one.question, one.minutes) for one in LESSONS],
        ),
    ]
    for path in PATHS:
        parts += [f"## {path.title}: {path.total} minutes", path.about, _path_table(path)]
        parts += [f"In the notebooks the cells of this path carry the tag `{path.tag}`."]
    return "\n\n".join(parts) + "\n"


def _path_table(path):
    rows, breaks = [], dict(path.breaks)
    for key, sections in path.sections.items():
        one = lesson(key)
        rows.append((f"**[{one.key} · {one.title}](../notebooks/{one.file})**", f"**{path.minutes(key)}**"))
        rows += [
            (f"[{heading}](../notebooks/{one.file}#{anchor(heading)})", minutes)
            for heading, minutes in sections.items()
        ]
        if key in breaks:
            rows.append(("*break*", f"*{breaks[key]}*"))
    return _table(("section", "minutes"), rows)


def _table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows])


def headings(cells):
    """Return the headings of a lesson's cells: for each cell those it stands under, more than one if it has its own."""
    found, current = [], ""
    for cell in cells:
        own = re.findall(r"^## (.+)", cell.source, re.M) if cell.cell_type == "markdown" else []
        before = [] if cell.source.startswith("## ") else [current]
        found.append((*before, *own))
        current = (*before, *own)[-1]
    return found
