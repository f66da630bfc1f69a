"""From a rule and a surface to a recorded run.

`iterate` is the whole idea: apply one step after another.  `run` does it a given number of times,
checks what comes in, and keeps what comes out in a `Trajectory`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import count, islice, repeat
from typing import Any

import numpy as np

from momentum_lab.optimizers import Optimizer
from momentum_lab.slips import Slip

RUNAWAY = 1e6
"""A run has diverged once it is this many times further away than start and minimum are from zero."""


def iterate(optimizer: Optimizer, oracle: Iterable, start: np.ndarray) -> Iterator[tuple[np.ndarray, Any]]:
    """Yield (theta, state) before the first step and after every step, for as long as the oracle lasts.

    Parameters
    ----------
    optimizer : Optimizer
        The rule.
    oracle : iterable of callables
        One gradient function a step, see `momentum_lab.oracles`.
    start : ndarray of shape (..., dim)
        The first point.
    """
    theta, state = start, optimizer.init(start)
    yield theta, state
    rules = map(optimizer.at, count()) if optimizer.schedules else repeat(optimizer)
    for grad, rule in zip(oracle, rules, strict=False):
        theta, state = rule.step(theta, grad, state)
        yield theta, state


def run(optimizer, surface, start, steps, *, oracle=None, keep_states=False):
    """Walk `steps` steps from `start` and record every point.

    Parameters
    ----------
    optimizer : Optimizer
        The rule.  Array-valued hyper-parameters make many runs at once (see `sweep`).
    surface : callable with `grad` and `minimum`
        What is minimised, see `momentum_lab.surfaces`.
    start : array of floats, shape (dim,) or (..., dim)
        The first point of each run.  It is copied, never changed.
    steps : int
        Number of updates.
    oracle : iterable of callables, optional
        One gradient function a step; the surface's exact gradient if left out.
    keep_states : bool
        Also keep the state after every step (costs memory).

    Returns
    -------
    Trajectory

    Raises
    ------
    Slip
        In one sentence: a start of whole numbers or of the wrong shape, a gradient that returns
        nothing, another shape or NaN, a schedule that returns no number, an oracle that ends too soon.
        A learning rate that is too large is no slip: the run diverges, and the trajectory says where.
    """
    _check_settings(optimizer, steps)
    start = _check_start(start, surface, optimizer)
    gradients = repeat(_checked(surface.grad)) if oracle is None else map(_checked, oracle)
    thetas = np.empty((steps + 1, *start.shape), dtype=start.dtype)
    states = []
    # Numbers that outgrow the machine are the story of a run that diverges, not an accident.
    with np.errstate(all="ignore"):
        t = -1
        for t, (theta, state) in enumerate(islice(iterate(optimizer, gradients, start), steps + 1)):
            thetas[t] = theta
            if keep_states:
                states.append(state)
    if t < steps:
        raise Slip(f"The oracle ended after {t} of {steps} steps; give it one gradient function for every step.")
    thetas.setflags(write=False)
    trajectory = Trajectory(optimizer, surface, thetas, tuple(states) if keep_states else None)
    _refuse_nan(trajectory)
    return trajectory


def sweep(**values):
    """Spread lists of settings over a grid, one axis each, ready for an optimizer.

    `HeavyBall(**sweep(lr=[0.1, 0.2], beta=[0.0, 0.5, 0.9]))` is a grid of 2 x 3 runs: the trajectory
    then has the batch shape (2, 3).  The last axis of size one is the place of the coordinates.
    """
    arrays = [np.atleast_1d(np.asarray(v, dtype=float)) for v in values.values()]
    if any(a.ndim != 1 for a in arrays):
        raise Slip("Each setting of a sweep is one list of numbers, like lr=[0.1, 0.2].")
    grids = np.meshgrid(*arrays, indexing="ij")
    return {name: grid[..., np.newaxis] for name, grid in zip(values, grids, strict=True)}


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

    optimizer: Optimizer
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
        """Height of the surface after each update, shape (steps + 1, ...)."""
        with np.errstate(all="ignore"):
            return self.surface(self.thetas)

    @property
    def gaps(self):
        """Loss above the lowest possible one, shape (steps + 1, ...)."""
        return self.losses - self.surface.lowest

    @cached_property
    def distances(self):
        """Distance from the minimum, shape (steps + 1, ...)."""
        with np.errstate(all="ignore"):
            return np.linalg.norm(self.thetas - self.surface.minimum, axis=-1)

    @cached_property
    def diverged(self):
        """The step from which on the run is out of bounds for good, or None.

        Out of bounds means not finite, or `RUNAWAY` times further from zero than the start and the
        minimum (and than 1).  For a batch of runs: an array of steps, -1 where a run did not diverge.
        """
        return _first_for_good(~(np.abs(self.thetas).max(axis=-1) <= self._bounds))

    @cached_property
    def _bounds(self):
        """How far from zero a run may be, shape (...)."""
        scale = max(1.0, float(np.abs(self.surface.minimum).max()))
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
        series, share = (self.distances, distance) if gap is None else (self.gaps, gap)
        return _first_for_good(series <= share * series[0])


def _first_for_good(flags):
    """First index along axis 0 from which a flag stays set: None, or -1 in an array, if it does not."""
    last_unset = len(flags) - 1 - np.argmin(flags[::-1], axis=0)
    first = np.where(flags.all(axis=0), 0, last_unset + 1)
    first = np.where(first < len(flags), first, -1)
    if first.ndim:
        return first
    return None if first < 0 else int(first)


def _check_settings(optimizer, steps):
    if not isinstance(steps, int | np.integer) or isinstance(steps, bool) or steps < 0:
        raise Slip(f"The number of steps is a whole number from 0 on; this is {steps!r}.")
    for field in fields(optimizer):
        value = getattr(optimizer, field.name)
        if not callable(value) and not _finite(value):
            raise Slip(f"{field.name} must be a finite number, an array of them or a schedule; it is {value!r}.")


def _check_start(start, surface, optimizer):
    """Copy the start, spread it over the batch of settings, or say in a sentence why that cannot be."""
    theta = np.array(start)
    if theta.dtype.kind in "iu":
        raise Slip("The start holds whole numbers, which cannot move by fractions; write [5.0, 2.0] for [5, 2].")
    if theta.dtype.kind != "f" or theta.ndim == 0:
        raise Slip(f"The start is a list of floats such as [5.0, 2.0]; this is {start!r}.")
    if not np.all(np.isfinite(theta)):
        raise Slip(f"The start must be finite; it is {theta}.")
    dim = len(surface.minimum)
    if theta.shape[-1] != dim:
        raise Slip(
            f"This surface has {dim} coordinates, so the last axis of the start has length {dim}; "
            f"the shape given is {theta.shape}."
        )
    shapes = [np.shape(optimizer.at(0).__dict__[f.name]) for f in fields(optimizer)]
    try:
        return np.array(np.broadcast_to(theta, np.broadcast_shapes(theta.shape, *shapes)))
    except ValueError:
        raise Slip(
            f"Start and settings do not fit together: the start has shape {theta.shape}, the settings have "
            f"{[s for s in shapes if s]}; the last axis of a setting belongs to the coordinates (see sweep)."
        ) from None


def _finite(value):
    try:
        return bool(np.all(np.isfinite(value)))
    except TypeError:
        return False


def _checked(grad):
    """Wrap a gradient so that a wrong answer is named where it happens, not ten lines later."""

    def checked(theta):
        slope = grad(theta)
        if type(slope) is not np.ndarray or slope.shape != theta.shape:
            slope = _as_gradient(slope, theta)
        return slope

    return checked


def _as_gradient(slope, theta):
    if slope is None:
        raise Slip("The gradient returned None; does the function end with a return?")
    if np.shape(slope) != theta.shape:
        raise Slip(f"The gradient must have the shape of theta, {theta.shape}; it returned shape {np.shape(slope)}.")
    return np.asarray(slope)


def _refuse_nan(trajectory):
    """A NaN out of a healthy point is a broken gradient; out of huge numbers it is divergence."""
    broken = np.isnan(trajectory.thetas).any(axis=-1)
    if not broken.any():
        return
    first = broken.argmax(axis=0)
    for run_index in np.ndindex(first.shape):
        t = int(first[run_index])
        before = trajectory.thetas[(t - 1, *run_index)]
        if broken[(t, *run_index)] and np.abs(before).max() <= trajectory._bounds[run_index]:
            raise Slip(
                f"The gradient of step {t} was not a number, although the point before it, {before}, is an "
                f"ordinary one; look at what the gradient does there."
            )
