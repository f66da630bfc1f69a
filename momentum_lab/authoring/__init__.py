"""For authors: write an exercise down, try it, and hand it on as a bank of numbers and words.

`items` and `questions` hold what an author writes for each of the seven kinds of exercise, `own` a bank of one's own,
`review` what is looked at before anybody gets it.  The course's own exercises are written with it too, and are not
here.
"""

from momentum_lab.authoring.items import SEED, Goal, Item, Known, Number, Symbolic, Wrong, compile_item
from momentum_lab.authoring.own import OwnBank
from momentum_lab.authoring.questions import Blank, Option, Ordering, Question

__all__ = [
    "SEED", "Blank", "Goal", "Item", "Known", "Number", "Option", "Ordering", "OwnBank", "Question", "Symbolic",
    "Wrong", "compile_item",
]  # fmt: skip
