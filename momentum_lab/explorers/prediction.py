"""A bet before the picture.

Watching a demonstration teaches about as much as no demonstration; predicting first is what helps
(C. Crouch, A. Fagen, J. Callan, E. Mazur, "Classroom demonstrations: learning tools or
entertainment?", American Journal of Physics 72 (2004) 835-838).  So an explorer may ask for a bet,
of one click, before it shows its run.  It can be skipped, and it is never marked.
"""

from collections.abc import Callable
from dataclasses import dataclass

SKIPPED = "skipped"


@dataclass(frozen=True)
class Prediction:
    """A question with a picture of its own.

    Attributes
    ----------
    question : str
        One sentence.
    options : tuple of str
        What can be bet on; skipping is always possible besides.
    set_up, draw : callable
        As in `Explorer`: how the picture of the question is made from the run at hand.  The sentence
        must not give the answer away.
    """

    question: str
    options: tuple[str, ...]
    set_up: Callable
    draw: Callable
