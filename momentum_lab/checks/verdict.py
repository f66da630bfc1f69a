"""What a check says: one status, one message, never the answer."""

from dataclasses import dataclass

NOT_ATTEMPTED, ERROR, WRONG, OTHER_FORM, PASSED = "not attempted", "error", "wrong", "other form", "passed"

# A word and a sign each, so that no status is told by colour.
_OPENINGS = {
    NOT_ATTEMPTED: "○ Not attempted",
    ERROR: "△ Your code stopped",
    WRONG: "✗ Not yet",
    OTHER_FORM: "◇ Right, in another form",
    PASSED: "✓ Passed",
}


@dataclass(frozen=True)
class Verdict:
    """The outcome of one check.

    Attributes
    ----------
    item : str
        Which exercise, such as "01.one_more_line".
    status : str
        One of "not attempted", "error", "wrong", "other form", "passed".
    message : str
        What differs and where to look, in a sentence or two.
    points, out_of : float
        Points earned and points possible.
    mistake : str or None
        Short name of the known mistake or form that the answer matches.
    notice : str or None
        Something to tell besides, such as that progress cannot be kept.
    """

    item: str
    status: str
    message: str
    points: float
    out_of: float
    mistake: str | None = None
    notice: str | None = None

    @property
    def passed(self):
        """True if the answer is right, in the form asked for."""
        return self.status == PASSED

    @property
    def attempted(self):
        """True if there is an answer to judge."""
        return self.status != NOT_ATTEMPTED

    def __repr__(self):
        return f"{_OPENINGS[self.status]}. {self._words()}".replace("`", "")

    def _repr_markdown_(self):
        return f"**{_OPENINGS[self.status]}.** {self._words()}"

    def _words(self):
        return f"{self.message} {self.notice}" if self.notice else self.message
