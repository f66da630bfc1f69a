"""Settings that change with the step: a schedule is a function of t = 0, 1, 2, ...

Any hyper-parameter of any rule takes one: `HeavyBall(cosine(0.1, 200), beta=0.9)`.  Step t is the t-th update,
counted from 0; the value at t is the one in force during it.
"""

import math
from numbers import Real
from typing import NamedTuple

import numpy as np

from momentum_lab.arguments import real_number, real_numbers
from momentum_lab.slips import Slip


@real_numbers("value")
def constant(value):
    """Return the schedule that never changes."""
    return lambda t: value


@real_numbers("peak", "start")
def linear_warm_up(peak, steps, start=0.0):
    """Rise in a straight line from `start` at t = 0 to `peak` at t = `steps`, and stay there.

    PyTorch's `LinearLR` starts at a third of the peak; Optax and Keras at a value you give.  With a start of 0
    the first update does nothing.

    Parameters
    ----------
    peak, start : float
        Last and first value.
    steps : int
        Number of updates below the peak.
    """
    _check_steps(steps)
    return lambda t: start + (peak - start) * min(t / steps, 1.0)


@real_numbers("peak", "end")
def cosine(peak, steps, end=0.0):
    """Fall along half a cosine from `peak` at t = 0 to `end` at t = `steps`, and stay there.

    PyTorch's `CosineAnnealingLR` rises again after `steps`; Optax and Keras stay, as here.

    Source: I. Loshchilov, F. Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017,
    arXiv 1608.03983, eq. 5, without the restarts.
    """
    _check_steps(steps)
    return lambda t: _swing(peak, end, min(t / steps, 1.0))


@real_numbers("peak", "start", "end")
@real_numbers("warm_up", single=True)
def warm_up_cosine(peak, warm_up, steps, start=0.0, end=0.0):
    """Rise in a straight line for `warm_up` updates, then fall along half a cosine until t = `steps`.

    `steps` counts the warm-up too, as in Optax; Keras counts its decay from the end of the warm-up.
    """
    _check_steps(steps)
    if not 0 < warm_up < steps:
        raise Slip(f"The warm-up takes at least one step and fewer than all; these are {warm_up} of {steps} steps.")
    rise, fall = linear_warm_up(peak, warm_up, start), cosine(peak, steps - warm_up, end)
    return lambda t: rise(t) if t < warm_up else fall(t - warm_up)


@real_numbers("start", "factor")
def step_decay(start, factor, every):
    """Multiply by `factor` after every `every` updates."""
    _check_steps(every)
    return lambda t: start * factor ** (t // every)


class OneCycle(NamedTuple):
    """A learning rate and the momentum that mirrors it, each a schedule; `HeavyBall(*one_cycle(...))` takes both."""

    lr: object
    beta: object


@real_numbers("peak", "low", "high")
@real_numbers("rise", "divide", "final_divide", single=True)
def one_cycle(
    peak, steps, *, rise=0.3, divide=25.0, final_divide=1e4, low=0.85, high=0.95, shape="cosine", three_phases=False
):
    """Raise the learning rate to its peak and lower it to almost nothing, while momentum does the opposite.

    The learning rate goes from peak / divide to the peak and then to peak / divide / final_divide; beta from
    `high` to `low` and back to `high`.  The rise ends at t = rise * steps - 1, which may lie between two
    updates: then no update has exactly the peak.  With three phases the fall first mirrors the rise back to
    peak / divide; momentum is then back at `high`.

    PyTorch's `OneCycleLR` gives the same values.  It also gives one more for t = steps, which continues past
    the end: upwards for the cosine, to a negative learning rate for straight lines.  Here that is refused.

    Parameters
    ----------
    peak : float
        Largest learning rate.
    steps : int
        Number of updates; the rise and the fall take more than one each.
    rise : float
        Share of the updates in which the learning rate rises.
    divide, final_divide : float
        Peak over first value; first value over last.
    low, high : float
        Bounds of beta.
    shape : {"cosine", "line"}
        How to go from one value to the next.
    three_phases : bool
        Fall in two parts instead of one.

    Returns
    -------
    OneCycle
        Two schedules; each raises a `Slip` for t >= steps.

    Source: L. N. Smith, "A disciplined approach to neural network hyper-parameters", arXiv 1803.09820 (2018); the
    learning rate alone in L. N. Smith, N. Topin, "Super-convergence", arXiv 1708.07120 (2017).
    """
    if shape not in _SHAPES:
        raise Slip(f"The shape of a cycle is one of {', '.join(_SHAPES)}; this is {shape!r}.")
    _check_steps(steps)
    if not (divide > 0 and final_divide > 0):
        raise Slip(f"A cycle divides its peak by numbers above 0; these are {divide} and {final_divide}.")
    fall = 2 * rise * steps - 2 if three_phases else rise * steps - 1
    if not (rise * steps > 1 and fall < steps - 1):
        raise Slip(
            f"A rise takes more than one update and leaves room for the fall; a share of {rise} of {steps} updates "
            f"does not. Try more updates, or another share."
        )
    first, last = peak / divide, peak / divide / final_divide
    ends = [0.0, rise * steps - 1, *([2 * rise * steps - 2] if three_phases else []), steps - 1.0]
    middle = three_phases * [first]
    rates = [first, peak, *middle, last]
    betas = [high, low, high, high] if three_phases else [high, low, high]
    return OneCycle(_through(ends, rates, _SHAPES[shape]), _through(ends, betas, _SHAPES[shape]))


def nesterov_beta():
    """Nesterov's growing momentum, (k - 1) / (k + 2) at the update that leaves the k-th iterate.

    At t = 0 there is no velocity yet, and at t = 1 the value is 0: the first two updates are plain gradient
    steps.  Then 1/4, 2/5, 1/2, ... towards 1.  It is this growth that gives 1/k^2 on convex functions; no
    fixed beta does.

    Source: the form of W. Su, S. Boyd, E. Candes, JMLR 17(153) (2016) 1-43, eq. 1.
    """
    return lambda t: max(t - 1, 0) / (t + 2)


def nesterov_1983_beta():
    """Return the momentum of Nesterov's paper of 1983: (a_(t-1) - 1) / a_t, from a_0 = 1.

    a_t = (1 + sqrt(4 a_(t-1)^2 + 1)) / 2.  As in `nesterov_beta` the first two updates are plain gradient steps; then
    come 0.282, 0.434, 0.531, ..., never far from 1/4, 2/5, 1/2, ...

    Source: Yu. E. Nesterov, "A method of solving a convex programming problem with convergence rate O(1/k^2)",
    Soviet Math. Dokl. 27(2) (1983) 372-376.
    """
    a = [1.0]

    def beta(t):
        while len(a) <= t:
            a.append((1 + math.sqrt(4 * a[-1] ** 2 + 1)) / 2)
        return (a[t - 1] - 1) / a[t] if t else 0.0

    return beta


@real_numbers("highest", single=True)
def sutskever_beta(highest=0.99, every=250):
    """Momentum 1 - 1/2, 1 - 1/4, 1 - 1/6, ..., a new value after every 250 updates, and never above `highest`.

    beta(t) = min(1 - 2**(-1 - log2(floor(t / every) + 1)), highest)

    Source: I. Sutskever et al., ICML 2013, PMLR 28(3) 1139-1147, eq. 5 (not re-read).
    """
    _check_steps(every)
    return lambda t: min(1 - 0.5 / (t // every + 1), highest)


def momentum_correction(beta, lr):
    """Return the beta that lets a velocity with the learning rate inside follow a changing learning rate at once.

    beta(t) * lr(t) / lr(t - 1)

    `HeavyBall(lr, momentum_correction(0.9, lr))` makes the steps of PyTorch's SGD with the same schedule.  With
    `Nesterov` the velocity follows too; but PyTorch's `nesterov=True` looks ahead with the learning rate of its own
    step and not of the next one, so there the two part where the learning rate changes.

    Parameters
    ----------
    beta : float or schedule
        The momentum meant.
    lr : schedule
        The learning rate.

    Source: P. Goyal et al., "Accurate, large minibatch SGD: training ImageNet in 1 hour", arXiv 1706.02677 (2017),
    section 3, remark 2.
    """
    if not callable(lr):
        raise Slip(f"Momentum correction is for a learning rate that changes, a schedule; this is {lr!r}.")
    meant = beta if callable(beta) else constant(real_number("beta", beta))

    def corrected(t):
        if t == 0:
            return meant(0)
        before = real_number(f"The learning rate at update {t - 1}", lr(t - 1))
        if np.any(np.equal(before, 0)):
            raise Slip(
                f"Momentum correction divides by the learning rate before, which is 0 at update {t - 1}; "
                "keep the schedule above 0."
            )
        return real_number("beta", meant(t)) * real_number(f"The learning rate at update {t}", lr(t)) / before

    return corrected


def _check_steps(steps):
    if not (isinstance(steps, Real) and steps >= 1):
        raise Slip(f"A schedule needs a number of steps, at least one step; this is {steps!r}.")


def _swing(start, end, share):
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2


def _line(start, end, share):
    return start + (end - start) * share


_SHAPES = {"cosine": _swing, "line": _line}


def _through(ends, values, shape):
    """Return the schedule that passes through the values at the ends, in the given shape in between."""

    def value(t):
        if not 0 <= t <= ends[-1]:
            raise Slip(f"This cycle is over after {ends[-1] + 1:.0f} updates; there is no update t = {t}.")
        phase = next(i for i, end in enumerate(ends[1:]) if t <= end)
        share = (t - ends[phase]) / (ends[phase + 1] - ends[phase])
        return shape(values[phase], values[phase + 1], share)

    return value
