"""Explorers: one question, a few numbers to move, a picture that answers, a sentence that says it."""

from momentum_lab.explorers.dots_race import dots_race
from momentum_lab.explorers.dots_still import dots_still
from momentum_lab.explorers.memory_bench import memory_bench
from momentum_lab.explorers.timeline import timeline

CATALOGUE = {"dots race": dots_race, "memory bench": memory_bench, "timeline": timeline}
"""Name -> function that makes a fresh explorer."""

__all__ = ["CATALOGUE", "dots_race", "dots_still", "memory_bench", "timeline"]
