"""What to do about a broken gradient."""

import numpy as np


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
    Optax calls this `apply_if_finite`.  Each run of a batch is judged by itself.
    """

    def __init__(self, rule):
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

    def with_settings(self, **settings):
        """Return this rule with other settings."""
        return SkipBroken(self.rule.with_settings(**settings))

    def step(self, theta, grad, state):
        """Return the rule's step, or theta and state as they were where it leads nowhere."""
        after, memory = self.rule.step(theta, grad, state)
        sound = np.isfinite(after).all(axis=-1, keepdims=True)
        if sound.all():
            return after, memory
        if not sound.any():
            return theta, state
        kept = [old if new is None else np.where(sound, new, old) for new, old in zip(memory, state, strict=True)]
        return np.where(sound, after, theta), type(memory)(*kept)
