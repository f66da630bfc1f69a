"""The ledger: what is said about momentum, what is true of it, and an experiment for everything that has a number.

`CLAIMS` are the 59 things that the article says which the course covers, in its order; `MISCONCEPTIONS` are 24 beliefs
that learners bring along.  Every printed number is made anew by the experiment beside it.
"""

from momentum_lab.claims import (
    batches,
    choosing_beta,
    comparison,
    convergence,
    counterexamples,
    history,
    mechanism,
    practice,
    relatives,
    update_rules,
    windows,
)
from momentum_lab.claims.bibliography import SOURCES, Source
from momentum_lab.claims.claim import VERDICTS, Claim
from momentum_lab.claims.misconception import Misconception
from momentum_lab.claims.misconceptions import MISCONCEPTIONS

_CHAPTERS = (
    history, convergence, counterexamples, update_rules, windows, comparison, mechanism, choosing_beta, relatives,
    batches, practice,
)  # fmt: skip
CLAIMS = tuple(sorted((claim for chapter in _CHAPTERS for claim in chapter.CLAIMS), key=lambda claim: claim.id))
"""All claims, in the order of the article."""

__all__ = ["CLAIMS", "MISCONCEPTIONS", "SOURCES", "VERDICTS", "Claim", "Misconception", "Source"]
