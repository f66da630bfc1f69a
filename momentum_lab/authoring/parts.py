"""What kind of thing each part of an exercise is, looked at before anything is made of it."""

import numpy as np

from momentum_lab.authoring.items import Known, Wrong
from momentum_lab.authoring.questions import Option
from momentum_lab.checks.goals import SIMULATIONS
from momentum_lab.slips import Slip


def check_parts(item):
    """Refuse an exercise with a part of the wrong kind, and name the part.

    Raises
    ------
    Slip
        In one sentence: which part of which exercise, and what belongs there.
    """
    for name, (fits, wanted) in {**_PARTS, "mistakes": _mistakes(item)}.items():
        if hasattr(item, name) and not fits(getattr(item, name)):
            raise Slip(f"{item.id}: {name} is {wanted}; this is {getattr(item, name)!r}.")


def _mistakes(item):
    kind = Known if item.kind == "code" else Wrong
    return _listed(kind), f"a list of {kind.__name__}(...)"


def _listed(kind):
    return lambda value: isinstance(value, list | tuple) and all(isinstance(entry, kind) for entry in value)


def _is_number(value):
    return isinstance(value, int | float | np.number) and bool(np.isfinite(value)) and value >= 0


def _is_range(value):
    return isinstance(value, list | tuple) and len(value) == 2 and all(map(_is_finite, value)) and value[0] <= value[1]


def _is_finite(value):
    return isinstance(value, int | float) and bool(np.isfinite(value))


def _is_law(value):
    return isinstance(value, dict) and {"terms", "says"} <= set(value)


def _is_gap(value):
    return isinstance(value, list | tuple) and len(value) == 2 and _listed(str)(value[0]) and _listed(Wrong)(value[1])


_NAME = (lambda value: isinstance(value, str) and value.isidentifier(), "the name of what the learner defines")
_NUMBER = (_is_number, "a number from 0 on")
_PARTS = {
    "function": _NAME,
    "answer": _NAME,
    "points": _NUMBER,
    "tolerance": _NUMBER,
    "returns": (_listed(str), 'a tuple of names, such as ("velocity",)'),
    "feeds": (_listed(str), 'a tuple of names, such as ("velocity",)'),
    "hints": (lambda value: isinstance(value, str | list | tuple), 'a tuple of words, such as ("Look at ...",)'),
    "cases": (callable, "a function that takes a random generator and returns a list of cases"),
    "forms": (_listed(Known), "a list of Known(...)"),
    "properties": (
        lambda value: isinstance(value, list | tuple) and all(map(_is_law, value)),
        'a list of laws, {"terms": [...], "says": words}',
    ),
    "options": (
        lambda value: isinstance(value, dict) or _listed(Option)(value),
        "a tuple of Option(...), or in a Goal a dict",
    ),
    "gaps": (
        lambda value: isinstance(value, list | tuple) and all(map(_is_gap, value)),
        'a tuple with one gap each, (("accepted",), (Wrong(...),))',
    ),
    "lines": (_listed(str), "a tuple of lines"),
    "settings": (
        lambda value: isinstance(value, dict) and bool(value) and all(map(_is_range, value.values())),
        'a dict of ranges, such as {"lr": (0.0, 1.0)}',
    ),
    "simulation": (lambda value: value in list(SIMULATIONS), f"one of {', '.join(SIMULATIONS)}"),
}
