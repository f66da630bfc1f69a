"""What a misconception is: something that learners of momentum often believe, and a run that shows what is true."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from momentum_lab.claims.claim import mismatches


@dataclass(frozen=True)
class Misconception:
    """Something that is often believed about momentum, and what is true.

    Attributes
    ----------
    id : int
        Number in the list.
    belief : str
        What is believed, in the learner's voice.
    truth : str
        What is true.
    lesson : str
        The lesson that treats it, by its two-digit number.
    numbers : dict
        Name of a number -> the number as it is printed, as in `Claim`.
    experiment : callable
        Takes nothing and returns the numbers anew, by running the library.
    """

    id: int
    belief: str
    truth: str
    lesson: str
    numbers: dict[str, str]
    experiment: Callable[[], dict[str, Any]]

    def check(self):
        """Run the experiment and return the numbers that did not come out as printed: {name: (printed, found)}."""
        return mismatches(self.numbers, self.experiment())
