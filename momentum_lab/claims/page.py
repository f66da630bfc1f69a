"""The ledger as a page: claims by verdict, misconceptions by lesson, in tables that fold out."""

from collections.abc import Iterable
from dataclasses import dataclass

from momentum_lab.claims.claim import VERDICTS, Claim
from momentum_lab.claims.misconception import Misconception
from momentum_lab.slips import Slip


@dataclass(frozen=True)
class Table:
    """Rows in groups; a notebook folds each group away unless there is one group alone.

    Attributes
    ----------
    heads : tuple of str
    groups : dict
        Name of a group -> its rows, each with as many texts as there are heads.
    """

    heads: tuple[str, ...]
    groups: dict[str, list]

    def __repr__(self):
        lines = []
        for name, rows in self.groups.items():
            lines += [f"{name}: {len(rows)}", *(f"  {first}. {' -- '.join(rest)}" for first, *rest in rows)]
        return "\n".join(lines)

    def _repr_markdown_(self):
        if len(self.groups) == 1:
            ((name, rows),) = self.groups.items()
            return f"**{name}: {len(rows)}**\n\n{self._rows(rows)}"
        parts = [
            f"<details><summary>{name}: {len(rows)}</summary>\n\n{self._rows(rows)}\n\n</details>"
            for name, rows in self.groups.items()
        ]
        return "\n\n".join(parts)

    def _rows(self, rows):
        lines = [self.heads, [":---"] * len(self.heads), *([literal(text) for text in row] for row in rows)]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def literal(text):
    """Return a text as Markdown that shows it as it is, in a table too."""
    for sign in "\\|*_$":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("<", "&lt;")


def _all_are(kind, entries, name):
    """Return the entries as a list, or say which ones belong here."""
    entries = list(entries) if isinstance(entries, Iterable) else [entries]
    if not all(isinstance(entry, kind) for entry in entries):
        raise Slip(
            f"This table is made of {name}, or of some of them: {name}[:3]; this is {type(entries[0]).__name__}."
        )
    return entries


def claims_table(claims, verdict=None):
    """Return claims as a table, by verdict.

    Parameters
    ----------
    claims : iterable of Claim
    verdict : str, optional
        One of `VERDICTS`: that part alone.
    """
    claims = _all_are(Claim, claims, "CLAIMS")
    if verdict not in (None, *VERDICTS):
        raise Slip(f"There is no verdict {verdict!r}; there are {', '.join(VERDICTS)}.")
    wanted = [verdict] if verdict else VERDICTS
    groups = {w: [(str(c.id), c.claim, c.statement) for c in claims if c.verdict == w] for w in wanted}
    return Table(("", "what is said", "what is exactly true"), groups)


def misconceptions_table(misconceptions):
    """Return misconceptions as a table, by the lesson that treats them."""
    misconceptions = _all_are(Misconception, misconceptions, "MISCONCEPTIONS")
    lessons = sorted({m.lesson for m in misconceptions})
    groups = {
        f"lesson {name}": [(str(m.id), m.belief, m.truth) for m in misconceptions if m.lesson == name]
        for name in lessons
    }
    return Table(("", "what is believed", "what is true"), groups)
