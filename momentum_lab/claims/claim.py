"""What a claim is, what can be said of it, and how its numbers are held."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from momentum_lab.slips import Slip

VERDICTS = ("true", "true with condition", "imprecise", "unsupported", "opinion", "false")
"""The one set of labels.  "imprecise": the idea is right and the words are not; "unsupported": nobody has shown it."""


@dataclass(frozen=True)
class Claim:
    """One thing that is said about momentum, and what is true of it.

    Attributes
    ----------
    id : int
        Number in the ledger, in the order of the article that the course covers.
    claim : str
        What is said, in our words.
    verdict : str
        One of `VERDICTS`.
    statement : str
        What is exactly true.
    sources : tuple of str
        Keys of `bibliography.SOURCES`, primary sources.
    numbers : dict
        Name of a number -> the number as it is printed.  A number holds if the experiment's value, rounded to as
        many digits, is printed the same; "yes" holds for True and "no" for False.
    experiment : callable or None
        Takes nothing and returns the numbers anew, by running the library.  None for history and opinion.
    """

    id: int
    claim: str
    verdict: str
    statement: str
    sources: tuple[str, ...] = ()
    numbers: dict[str, str] = field(default_factory=dict)
    experiment: Callable[[], dict[str, Any]] | None = None

    def __post_init__(self):
        """Refuse what is no ledger entry."""
        if self.verdict not in VERDICTS:
            raise Slip(f"The verdict on a claim is one of {', '.join(VERDICTS)}; this is {self.verdict!r}.")
        if bool(self.numbers) != (self.experiment is not None):
            raise Slip(f"Claim {self.id} needs both printed numbers and an experiment for them, or neither.")

    def check(self):
        """Run the experiment and return the numbers that did not come out as printed: {name: (printed, found)}."""
        return mismatches(self.numbers, self.experiment() if self.experiment else {})


def mismatches(printed, found):
    """Return {name: (printed, found)} for all that differ; a name that only one side has differs too."""
    pairs = {name: (printed.get(name), as_printed(found.get(name), printed.get(name))) for name in {**printed, **found}}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def as_printed(value, like):
    """Write a value the way another one is printed: as many decimals, with an exponent if that has one."""
    if value is None or like is None:
        return None if value is None else str(value)
    if isinstance(value, bool) or like in ("yes", "no"):
        return "yes" if value else "no"
    mantissa, _, exponent = like.partition("e")
    decimals = len(mantissa.partition(".")[2])
    if not exponent:
        return f"{value:.{decimals}f}"
    digits, _, power = f"{value:.{decimals}e}".partition("e")
    return f"{digits}e{int(power)}"
