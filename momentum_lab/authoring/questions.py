"""What an author writes down for a question: `Question` (multiple choice), `Ordering`, `Blank`.

They hold their right answer themselves, so there is no reference.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Option:
    """One answer of a question.

    Attributes
    ----------
    key, text : str
    says : str
        What is told after the choice: for a wrong one what it overlooks and where to look, never the answer.
    belief : str or None
        The misconception behind a wrong one in a few words; None for the right one.
    """

    key: str
    text: str
    says: str
    belief: str | None = None


@dataclass(frozen=True)
class Question:
    """A multiple-choice question; exactly one option is right.  A recalled one comes back in later lessons."""

    id: str
    title: str
    text: str
    options: tuple[Option, ...]
    points: float = 0.0
    recalled: bool = True
    hints = ()
    praise = ""
    kind = "choice"

    def compile(self, reference, seed):
        """Return what the bank holds besides the common part."""
        (right,) = (option.key for option in self.options if option.belief is None)
        options = [{"key": o.key, "text": o.text, "says": o.says, "belief": o.belief} for o in self.options]
        return {"text": self.text, "options": options, "expected": right, "recalled": self.recalled}


@dataclass(frozen=True)
class Ordering:
    """Lines to put in order; `lines` holds them in the right one."""

    id: str
    title: str
    text: str
    lines: tuple[str, ...]
    mistakes: list
    praise: str
    points: float = 0.0
    hints = ()
    kind = "ordering"

    def compile(self, reference, seed):
        """Return what the bank holds besides the common part."""
        mistakes = [{"name": w.name, "order": list(w.value), "says": w.says} for w in self.mistakes]
        return {"text": self.text, "lines": list(self.lines), "mistakes": mistakes}


@dataclass(frozen=True)
class Blank:
    """A text with gaps, written ___; `gaps` has, one a gap, the accepted texts and the known wrong ones."""

    id: str
    title: str
    text: str
    gaps: tuple
    praise: str
    points: float = 0.0
    hints = ()
    kind = "blank"

    def compile(self, reference, seed):
        """Return what the bank holds besides the common part."""
        gaps = [
            {
                "accept": list(accept),
                "mistakes": [{"name": w.name, "text": w.value, "says": w.says} for w in wrong],
            }
            for accept, wrong in self.gaps
        ]
        return {"text": self.text, "gaps": gaps}
