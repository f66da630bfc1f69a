"""From a rule and a surface to a recorded run.

`iterate` is the whole idea: apply one step after another.  `run` does it a given number of times,
checks what comes in, and keeps what comes out in a `Trajectory`.
"""

from collections.abc import Iterable, Iterator
from itertools import count, islice, repeat
from typing import Any

import numpy as np

from momentum_lab.optimizers import Optimizer
from momentum_lab.slips import Slip
from momentum_lab.trajectory import Trajectory


def iterate(optimizer: Optimizer, oracle: Iterable, start: np.ndarray, state: Any = None) -> Iterator[tuple]:
    """Yield (theta, state) before the first step and after every step, for as long as the oracle lasts.

    Parameters
    ----------
    optimizer : Optimizer
        The rule.
    oracle : iterable of callables
        One gradient function a step, see `momentum_lab.oracles`.
    start : ndarray of shape (..., dim)
        The first point.
    state : optional
        What the rule remembers at the start, such as a velocity; the rule's `init` if left out.
    """
    theta, state = start, optimizer.init(start) if state is None else state
    yield theta, state
    rules = map(optimizer.at, count()) if optimizer.schedules else repeat(optimizer)
    for grad, rule in zip(oracle, rules, strict=False):
        theta, state = rule.step(theta, grad, state)
        yield theta, state


def run(optimizer, surface, start, steps, *, oracle=None, state=None, keep_states=False):
    """Walk `steps` steps from `start` and record every point.

    Parameters
    ----------
    optimizer : Optimizer
        The rule.  Array-valued hyper-parameters make many runs at once (see `sweep`).
    surface : Surface
        What is minimised, see `momentum_lab.surfaces`.
    start : array of floats, shape (dim,) or (..., dim)
        The first point of each run.  It is copied, never changed.
    steps : int
        Number of updates.
    oracle : iterable of callables, optional
        One gradient function a step; the surface's exact gradient if left out.
    state : optional
        What the rule remembers at the start, such as `Momentum(velocity)`; nothing if left out.
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
    rule = _in_precision(optimizer, start.dtype)
    gradients = repeat(_checked(surface.grad)) if oracle is None else map(_checked, oracle)
    if start.nbytes > 1 << 16:
        # The C library hands memory back after every step until it has seen a large block freed.  Show it one.
        np.empty(1 << 21)
    thetas = _coordinates_outside(start.shape, start.dtype, lead=(steps + 1,))
    states = []
    # Numbers that outgrow the machine are the story of a run that diverges, not an accident.
    with np.errstate(all="ignore"):
        t = -1
        for t, (theta, memory) in enumerate(islice(iterate(rule, gradients, start, state), steps + 1)):
            thetas[t] = theta
            if keep_states:
                states.append(memory)
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


def _check_settings(optimizer, steps):
    if not isinstance(steps, int | np.integer) or isinstance(steps, bool) or steps < 0:
        raise Slip(f"The number of steps is a whole number from 0 on; this is {steps!r}.")
    for name, value in optimizer.settings.items():
        if not callable(value) and not _finite(value):
            raise Slip(f"{name} must be a finite number, an array of them or a schedule; it is {value!r}.")


def _check_start(start, surface, optimizer):
    """Copy the start, spread it over the batch of settings, or say in a sentence why that cannot be."""
    theta = np.array(start)
    if theta.dtype.kind in "iu":
        raise Slip("The start holds whole numbers, which cannot move by fractions; write [5.0, 2.0] for [5, 2].")
    if theta.dtype.kind != "f" or theta.ndim == 0:
        raise Slip(f"The start is a list of floats such as [5.0, 2.0]; this is {start!r}.")
    if not np.all(np.isfinite(theta)):
        raise Slip(f"The start must be finite; it is {theta}.")
    dim = surface.dim
    if theta.shape[-1] != dim:
        raise Slip(
            f"This surface has {dim} coordinates, so the last axis of the start has length {dim}; "
            f"the shape given is {theta.shape}."
        )
    shapes = [np.shape(value(0) if callable(value) else value) for value in optimizer.settings.values()]
    try:
        spread = np.broadcast_to(theta, np.broadcast_shapes(theta.shape, *shapes))
    except ValueError:
        raise Slip(
            f"Start and settings do not fit together: the start has shape {theta.shape}, the settings have "
            f"{[s for s in shapes if s]}; the last axis of a setting belongs to the coordinates (see sweep)."
        ) from None
    copy = _coordinates_outside(spread.shape, theta.dtype)
    copy[...] = spread
    return copy


def _coordinates_outside(shape, dtype, lead=()):
    """Return an empty array of shape (*lead, *shape) in which the last axis of the shape comes first in memory.

    NumPy then loops over the many runs inside and over the few coordinates outside: a grid of 100 x 100 settings in
    two coordinates runs several times as fast, and no formula notices.
    """
    if np.prod(shape[:-1]) <= shape[-1]:
        return np.empty((*lead, *shape), dtype)
    return np.moveaxis(np.empty((*lead, shape[-1], *shape[:-1]), dtype), len(lead), -1)


def _finite(value):
    try:
        return bool(np.all(np.isfinite(value)))
    except TypeError:
        return False


def _checked(grad):
    """Wrap a gradient so that a wrong answer is named where it happens, not ten lines later."""

    def checked(theta):
        slope = grad(theta)
        if type(slope) is not np.ndarray or slope.shape != theta.shape or slope.dtype != theta.dtype:
            slope = _as_gradient(slope, theta)
        return slope

    return checked


def _as_gradient(slope, theta):
    if slope is None:
        raise Slip("The gradient returned None; does the function end with a return?")
    if np.shape(slope) != theta.shape:
        raise Slip(f"The gradient must have the shape of theta, {theta.shape}; it returned shape {np.shape(slope)}.")
    try:
        return np.asarray(slope).astype(theta.dtype, casting="same_kind", copy=False)
    except TypeError:
        raise Slip(f"The gradient must be made of real numbers; it returned {np.asarray(slope).dtype}.") from None


def _refuse_nan(trajectory):
    """A NaN out of a healthy point is a broken gradient; out of huge numbers it is divergence."""
    # A rule that takes a NaN in keeps it, so the last point tells whether there is anything to look for.
    lost = np.isnan(trajectory.thetas[-1]).any(axis=-1)
    if not lost.any():
        return
    thetas, bounds = trajectory.thetas[:, lost], trajectory.bounds[lost]
    first = np.isnan(thetas).any(axis=-1).argmax(axis=0)
    before = thetas[first - 1, np.arange(len(first))]
    for broken in np.flatnonzero(np.abs(before).max(axis=-1) <= bounds)[:1]:
        raise Slip(
            f"The gradient of step {first[broken]} was not a number, although the point before it, "
            f"{before[broken]}, is an ordinary one; look at what the gradient does there."
        )


def _in_precision(optimizer, dtype):
    """Settings given as arrays follow the start, so that float32 stays float32."""
    if dtype == np.float64:
        return optimizer
    cast = {name: a.astype(dtype) for name, a in optimizer.settings.items() if isinstance(a, np.ndarray)}
    for name, schedule in optimizer.schedules.items():
        cast[name] = lambda t, schedule=schedule: _follow(schedule(t), dtype)
    return optimizer.with_settings(**cast)


def _follow(value, dtype):
    return value if np.ndim(value) == 0 else np.asarray(value, dtype)
