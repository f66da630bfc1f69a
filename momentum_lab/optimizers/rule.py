"""What all rules share: a learning rate, and the two questions `init` and `step`."""

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from momentum_lab.slips import Slip

Gradient = Callable[[np.ndarray], np.ndarray]
Hyper = float | np.ndarray | Callable[[int], float]


@dataclass(frozen=True, eq=False)
class Optimizer:
    """A rule: settings that do not change, and a formula for one step.

    Parameters
    ----------
    lr : float, array or schedule
        Learning rate, eta in the papers.  Its unit is that of 1 / curvature.
    """

    lr: Hyper

    name: ClassVar[str] = "optimizer"

    def __post_init__(self):
        """Make lists arrays and copy them; make NumPy's numbers plain ones, which keep a float32 run in float32."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(field.default, bool) and not isinstance(value, bool | np.bool_):
                raise Slip(f"{field.name} is on or off, True or False, for all runs; make two runs to compare both.")
            if isinstance(value, np.generic):
                object.__setattr__(self, field.name, value.item())
            elif isinstance(value, list | tuple | np.ndarray):
                object.__setattr__(self, field.name, _own_array(field.name, value))

    def init(self, theta: np.ndarray) -> Any:
        """Return the state before the first step, or None for a rule that remembers nothing."""
        return None

    def step(self, theta: np.ndarray, grad: Gradient, state: Any) -> tuple[np.ndarray, Any]:
        """Return the next point and the next state; the old ones are left as they were."""
        raise NotImplementedError

    @property
    def settings(self) -> dict[str, Hyper]:
        """Name and value of every hyper-parameter."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @cached_property
    def schedules(self) -> dict[str, Callable[[int], float]]:
        """Name and function of every hyper-parameter that changes with the update count."""
        return {name: value for name, value in self.settings.items() if callable(value)}

    def at(self, t: int) -> "Optimizer":
        """Return this rule with every schedule replaced by its value at update t.

        Raises
        ------
        Slip
            If a schedule returns something that is not a finite number (or array of them).
        """
        return self._with({name: _value(name, schedule, t) for name, schedule in self.schedules.items()})

    def in_precision(self, dtype) -> "Optimizer":
        """Return this rule with settings that are arrays, now or later, in another precision."""
        arrays = {name: a.astype(dtype) for name, a in self.settings.items() if isinstance(a, np.ndarray)}
        schedules = {name: _follow(schedule, dtype) for name, schedule in self.schedules.items()}
        return self._with(arrays | schedules)

    def _with(self, settings):
        """Twice as fast as `dataclasses.replace`, for use at every step: what is put in has been checked before."""
        rule = object.__new__(type(self))
        rule.__dict__.update(self.__dict__, **settings)
        rule.__dict__.pop("schedules", None)
        return rule

    @property
    def label(self) -> str:
        """Name and settings in words, for captions: what is drawn is what was run.

        An option that is switched off, whose default is 0 or False, is not mentioned.
        """
        named = [(f.name, getattr(self, f.name)) for f in fields(self) if not _is_off(f, getattr(self, f.name))]
        settings = [name if value is True else f"{name} {_words(value)}" for name, value in named]
        return f"{self.name}, " + ", ".join(settings)


def _value(name, schedule, t):
    """Evaluate one schedule at update t, and refuse what would silently poison a run."""
    value = schedule(t)
    if type(value) is float and math.isfinite(value):
        return value
    try:
        finite = bool(np.isrealobj(value) and np.all(np.isfinite(value)))
    except (TypeError, ValueError):
        finite = False
    if not finite:
        raise Slip(f"The schedule for {name} returned {value!r} at update t = {t}; return a finite number for every t.")
    # A plain float keeps a float32 run in float32; a NumPy scalar would not.
    return float(value) if np.ndim(value) == 0 else np.asarray(value)


def _is_off(field, value):
    return not field.default and not callable(value) and np.ndim(value) == 0 and value == field.default


def _words(value):
    """Three significant digits for a number, six just below 1, a word for everything else."""
    if callable(value):
        return "scheduled"
    if np.ndim(value):
        return "varied"
    return f"{value:.6g}" if 0.99 < value < 1 else f"{value:.3g}"


def _own_array(name, value):
    try:
        return np.array(value)
    except ValueError:
        raise Slip(f"{name} is one number or an array of them with rows of one length; it is {value!r}.") from None


def _follow(schedule, dtype):
    """Return a schedule whose arrays are in this precision."""

    def followed(t):
        value = schedule(t)
        return value if np.ndim(value) == 0 else np.asarray(value, dtype)

    return followed
