"""The twenty-four misconceptions, in order: what learners believe, what is true, and a run that shows it."""

from momentum_lab.claims.misconception import Misconception
from momentum_lab.claims.misconceptions_about_memory import ABOUT_MEMORY
from momentum_lab.claims.misconceptions_about_paths import ABOUT_PATHS
from momentum_lab.claims.misconceptions_about_speed import ABOUT_SPEED

MISCONCEPTIONS = tuple(sorted(ABOUT_MEMORY + ABOUT_PATHS + ABOUT_SPEED, key=lambda misconception: misconception.id))
"""All of them, by number."""

__all__ = ["MISCONCEPTIONS", "Misconception"]
