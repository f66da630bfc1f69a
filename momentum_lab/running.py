"""From a rule and a surface to a recorded run.

`iterate` is the whole idea: apply one step after another.  `run` does it a given number of times,
checks what comes in, and keeps what comes out in a `Trajectory`.
"""

from collections.abc import Iterable, Iterator
from itertools import count, islice, repeat
from typing import Any

import numpy as np

from momentum_lab import entry
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
        nothing, another shape or NaN, a schedule that returns no number, an oracle that ends too soon, a state
        that is not this rule's.
        A learning rate that is too large is no slip: the run diverges, and the trajectory says where.
    """
    entry.check_settings(optimizer, surface)
    entry.check_steps(steps)
    start = entry.enter(start, surface, optimizer)
    state = entry.enter_state(state, optimizer, start)
    rule = entry.in_precision(optimizer, start.dtype)
    gradients = repeat(entry.checked(surface.grad)) if oracle is None else entry.gradients(oracle)
    thetas = entry.room_for_path(start, steps)
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
    with np.errstate(all="ignore"):
        _refuse_nan(trajectory, oracle)
    return trajectory


def sweep(**values):
    """Spread lists of settings over a grid, one axis each, ready for an optimizer.

    `HeavyBall(**sweep(lr=[0.1, 0.2], beta=[0.0, 0.5, 0.9]))` is a grid of 2 x 3 runs: the trajectory
    then has the batch shape (2, 3).  The last axis of size one is the place of the coordinates.
    """
    try:
        arrays = [np.atleast_1d(np.asarray(v, dtype=float)) for v in values.values()]
    except (TypeError, ValueError):
        arrays = [np.empty((0, 0))]
    if any(a.ndim != 1 or np.isnan(a).any() for a in arrays):
        raise Slip("Each setting of a sweep is one list of numbers, like lr=[0.1, 0.2].")
    grids = np.meshgrid(*arrays, indexing="ij")
    return {name: grid[..., np.newaxis] for name, grid in zip(values, grids, strict=True)}


def _refuse_nan(trajectory, oracle):
    """A NaN out of a healthy point is a slip; out of huge numbers it is divergence."""
    # A rule that takes a NaN in keeps it, so the last point tells whether there is anything to look for.
    lost = np.isnan(trajectory.thetas[-1]).any(axis=-1)
    if not lost.any():
        return
    thetas, bounds = trajectory.thetas[:, lost], trajectory.bounds[lost]
    first = np.isnan(thetas).any(axis=-1).argmax(axis=0)
    before = thetas[first - 1, np.arange(len(first))]
    for broken in np.flatnonzero(np.abs(before).max(axis=-1) <= bounds):
        point = before[broken]
        slope = point * np.nan if oracle is not None else trajectory.surface.grad(point.astype(float))
        if not np.isfinite(slope).all():
            raise Slip(
                f"The gradient of step {first[broken]} was not a number, although the point before it, {point}, is an "
                f"ordinary one; look at what the gradient does there."
            )
        if np.isfinite((slope * slope).astype(thetas.dtype)).all():
            raise Slip(
                f"Step {first[broken]} led from an ordinary point, {point}, to something that is not a number, "
                f"although the gradient there is finite; look at the settings ({trajectory.label}) and the state."
            )
