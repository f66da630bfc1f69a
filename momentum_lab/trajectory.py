"""What a run leaves behind: every point, and the questions one asks about them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from momentum_lab import entry
from momentum_lab.slips import Slip

SOME = 1 << 17
"""So many numbers at once are given to a surface."""

RUNAWAY = 1e6
"""A run has diverged once it is this many times further away than start and minima are from zero."""


@dataclass(frozen=True, eq=False)
class Trajectory:
    """What a run left behind.

    Attributes
    ----------
    optimizer, surface
        What was run, and on what.
    thetas : ndarray of shape (steps + 1, ..., dim), read-only
        Every point; `thetas[t]` is the point after t updates.
    states : tuple or None
        The state after t updates, if the run was asked to keep it.
    """

    optimizer: Any
    surface: Any
    thetas: np.ndarray
    states: tuple | None = None

    @property
    def steps(self):
        """Number of updates."""
        return len(self.thetas) - 1

    @property
    def label(self):
        """The rule and its settings in words."""
        return self.optimizer.label

    @cached_property
    def losses(self):
        """Height of the surface after each update, shape (steps + 1, ...), read-only."""
        # A network fills a computer's memory if it is asked about a thousand points at once.
        some = max(1, SOME // max(1, self.thetas[0].size))
        with np.errstate(all="ignore"):
            pieces = (self.thetas[first : first + some] for first in range(0, len(self.thetas), some))
            parts = [entry.heights(self.surface, piece) for piece in pieces]
        heights = np.concatenate(parts)
        heights.setflags(write=False)
        return heights

    @property
    def gaps(self):
        """Loss above the lowest possible one, shape (steps + 1, ...)."""
        lowest = getattr(self.surface, "lowest", None)
        if lowest is None or not np.isfinite(lowest):
            raise Slip("This surface has no lowest loss, or does not say so, to measure a gap from.")
        return self.losses - lowest

    @cached_property
    def distances(self):
        """Distance from the lowest point, the nearest one if there are several, shape (steps + 1, ...)."""
        goals = getattr(self.surface, "goals", _minima(self.surface))
        if len(goals) == 0:
            raise Slip("This surface has no lowest point, or does not say so, to measure a distance from.")
        with np.errstate(all="ignore"):
            away = [np.linalg.norm(self.thetas - goal, axis=-1) for goal in goals]
        return np.minimum.reduce(away)

    @cached_property
    def diverged(self):
        """The step from which on the run is out of bounds for good, or None.

        Out of bounds means not finite, or `RUNAWAY` times further from zero than the start and the
        minima (and than 1).  For a batch of runs: an array of steps, -1 where a run did not diverge.
        """
        return _first_for_good(~(np.abs(self.thetas).max(axis=-1) <= self.bounds))

    @cached_property
    def bounds(self):
        """How far from zero a run may be before it counts as diverged, shape (...)."""
        scale = np.abs(_minima(self.surface)).max(initial=1.0)
        return RUNAWAY * np.maximum(scale, np.abs(self.thetas[0]).max(axis=-1))

    def steps_to(self, *, distance=None, gap=None):
        """Return the first step from which the run stays close to the minimum for good, or None.

        A heavy ball swings past its goal and comes back, so the first touch is not the arrival.

        Parameters
        ----------
        distance : float
            Close means this share of the starting distance, or
        gap : float
            this share of the starting gap.  Give one of the two.

        Returns
        -------
        int, None or ndarray
            For a batch of runs an array of steps, -1 where a run has not arrived.
        """
        if (distance is None) == (gap is None):
            raise Slip("Say what must become small: steps_to(distance=1e-6) or steps_to(gap=1e-3).")
        entry.one_number("The share", distance if gap is None else gap)
        series, share = (self.distances, distance) if gap is None else (self.gaps, gap)
        return _first_for_good(series <= share * series[0])


def _minima(surface):
    """The minima of a surface, none for one that does not say."""
    minima = getattr(surface, "minima", None)
    return np.empty((0, surface.dim)) if minima is None else minima


def _first_for_good(flags):
    """First index along axis 0 from which a flag stays set: None, or -1 in an array, if it does not."""
    last_unset = len(flags) - 1 - np.argmin(flags[::-1], axis=0)
    first = np.where(flags.all(axis=0), 0, last_unset + 1)
    first = np.where(first < len(flags), first, -1)
    if first.ndim:
        return first
    return None if first < 0 else int(first)
