"""Explorers: one question, a few numbers to move, a picture that answers, a sentence that says it."""

from momentum_lab.explorers.autopsy import autopsy
from momentum_lab.explorers.breaker import breaker
from momentum_lab.explorers.budget_race import budget_race
from momentum_lab.explorers.clinic import clinic
from momentum_lab.explorers.dots_race import dots_race
from momentum_lab.explorers.dots_still import dots_still
from momentum_lab.explorers.escape import escape
from momentum_lab.explorers.lookahead import lookahead
from momentum_lab.explorers.memory_bench import memory_bench
from momentum_lab.explorers.noise_floor import noise_floor
from momentum_lab.explorers.own_dots import own_dots
from momentum_lab.explorers.own_surface import own_surface
from momentum_lab.explorers.promises import promises
from momentum_lab.explorers.schedule_desk import schedule_desk
from momentum_lab.explorers.settings_map import settings_map
from momentum_lab.explorers.spring import spring
from momentum_lab.explorers.timeline import timeline
from momentum_lab.explorers.translator import translator
from momentum_lab.slips import Names

CATALOGUE = Names({
    "dots race": dots_race,
    "timeline": timeline,
    "memory bench": memory_bench,
    "spring": spring,
    "escape": escape,
    "settings map": settings_map,
    "lookahead": lookahead,
    "breaker": breaker,
    "promises": promises,
    "noise floor": noise_floor,
    "translator": translator,
    "autopsy": autopsy,
    "clinic": clinic,
    "schedule desk": schedule_desk,
    "budget race": budget_race,
})  # fmt: skip
"""Name -> function that makes a fresh explorer, in the order of the lessons."""

__all__ = ["CATALOGUE", "dots_still", "own_dots", "own_surface", *(maker.__name__ for maker in CATALOGUE.values())]
