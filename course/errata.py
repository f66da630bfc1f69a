"""The errata page: how to report an error, those of the course, and those of the article that the course covers."""

from course import links
from momentum_lab.claims import CLAIMS
from momentum_lab.claims.page import literal

PAGE = "docs/errata.md"
LISTED = {
    "false": "False",
    "imprecise": "The idea is right, and the words are not",
    "unsupported": "Nobody has shown it, as far as we know",
}
"""Verdict -> its heading; the other verdicts are no errors."""

OF_THE_COURSE = ()
"""Errors of the course: (version that had it, what it said, what is right, version that mended it)."""


def page(table=None):
    """Return the page as Markdown."""
    return "\n\n".join([*_report(table), *_of_the_course(), *_of_the_article()]) + "\n"


def _report(table):
    where = links.sentence("Issues", "Open an issue at <{}>.", table)
    return [
        "# Errata",
        "## Report an error",
        f"{where or 'Tell whoever gave you the course.'} An error is a wrong sentence, number, formula or picture, "
        "an exercise that refuses a right answer or passes a wrong one, and anything that does not work. Say",
        "1. where: the lesson and its heading, or the name in the check cell, such as `02.window`;\n"
        "2. what it says, and what you think is right, with a source if you have one;\n"
        "3. the version, which the first cell of a lesson prints, and, if something does not work, what "
        "`momentum-lab doctor` (or `python start.py doctor`) says.",
        "Leave out what is yours alone: your name is not needed, and neither is your progress file.",
    ]


def _of_the_course():
    if not OF_THE_COURSE:
        return ["## Errors of the course", "None is known."]
    rows = [f"| {' | '.join(row)} |" for row in (("version", "it said", "right is", "mended in"), ("---",) * 4)]
    return ["## Errors of the course", "\n".join([*rows, *(f"| {' | '.join(row)} |" for row in OF_THE_COURSE)])]


def _of_the_article():
    parts = [
        "## Errors of the article",
        "The course follows an article about momentum, sentence by sentence. These sentences of it, in our words, do "
        "not hold as they stand. The numbers are those of the ledger in [lesson "
        "10](../notebooks/10_derivations_and_claims.ipynb), which has the rest of the sentences too; the sources are "
        "in the [bibliography](bibliography.md). Every number is made anew by an experiment: "
        "`CLAIMS[41 - 1].check()` runs the one of number 41.",
    ]
    for verdict, heading in LISTED.items():
        found = [claim for claim in CLAIMS if claim.verdict == verdict]
        parts += [f"### {heading}: {len(found)}", *map(_entry, found)]
    return parts


def _entry(claim):
    return f"**{claim.id}. “{literal(claim.claim)}”** {literal(claim.statement)}"
