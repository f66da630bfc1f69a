"""What to do about a broken gradient."""

import numpy as np

from momentum_lab.slips import Slip


class SkipBroken:
    """A rule that takes no step where the next point would not be finite, and keeps its memory as it was.

    One gradient that is not a number poisons a velocity or a moment for ever: every later point is not a number
    either.  Skipping the step costs one step.  It also hides that something is wrong, so count what you skip.

    Parameters
    ----------
    rule : Optimizer
        Any rule.

    Notes
    -----
    Optax's `apply_if_finite` does this, for a while.  Each run of a batch is judged by itself.
    """

    def __init__(self, rule):
        if isinstance(rule, type) or not hasattr(rule, "step"):
            raise Slip(f"What is guarded is a rule with its settings, as in SkipBroken(Adam(0.1)); this is {rule!r}.")
        self.rule = rule
        self.name, self.settings, self.schedules = rule.name, rule.settings, rule.schedules
        self.init = rule.init

    @property
    def label(self):
        """The rule's own label, and what is done on top."""
        return f"{self.rule.label}, broken steps skipped"

    def at(self, t):
        """Return this rule with every schedule replaced by its value at update t."""
        return SkipBroken(self.rule.at(t))

    def in_precision(self, dtype):
        """Return this rule with settings that are arrays in another precision."""
        return SkipBroken(self.rule.in_precision(dtype))

    def step(self, theta, grad, state):
        """Return the rule's step, or theta and state as they were where point or memory would not be finite."""
        after, memory = self.rule.step(theta, grad, state)
        parts = [part for part in memory or () if np.shape(part) == theta.shape]
        sound = np.isfinite([after, *parts]).all(axis=0).all(axis=-1, keepdims=True)
        if sound.all():
            return after, memory
        if not sound.any():
            return theta, state
        if memory is not None:
            # A count becomes one count a run, in the precision of theta.
            kept = [None if new is None else np.where(sound, new, old) for new, old in zip(memory, state, strict=True)]
            memory = type(memory)(*[None if part is None else _as(part, theta.dtype) for part in kept])
        return np.where(sound, after, theta), memory


def _as(part, dtype):
    return part if part.dtype.kind == "b" else part.astype(dtype, copy=False)
