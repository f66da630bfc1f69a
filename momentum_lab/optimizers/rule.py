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
        """Make lists arrays, and NumPy's numbers plain ones, which keep a float32 run in float32."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.generic):
                object.__setattr__(self, field.name, value.item())
            elif isinstance(value, list | tuple):
                object.__setattr__(self, field.name, np.array(value))

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
        now = {name: _value(name, schedule, t) for name, schedule in self.schedules.items()}
        return self.with_settings(**now)

    def with_settings(self, **settings) -> "Optimizer":
        """Return this rule with other settings; twice as fast as `dataclasses.replace`, for use at every step."""
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
        finite = bool(np.all(np.isfinite(value)))
    except TypeError:
        finite = False
    if not finite:
        raise Slip(f"The schedule for {name} returned {value!r} at update t = {t}; return a finite number for every t.")
    # A plain float keeps a float32 run in float32; a NumPy scalar would not.
    return float(value) if np.ndim(value) == 0 else np.asarray(value)


def _is_off(field, value):
    return not field.default and not callable(value) and np.ndim(value) == 0 and value == field.default


def _words(value):
    """Three significant digits for a number, a word for everything else."""
    if callable(value):
        return "scheduled"
    return f"{value:.3g}" if np.ndim(value) == 0 else "varied"
