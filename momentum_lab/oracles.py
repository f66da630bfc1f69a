"""Gradient sources: where the gradient of each step comes from.

An oracle is an iterable of gradient functions, one for every step of a run.  The exact oracle hands out the
same function for ever; noise and mini-batches hand out another one at every step.  So one loop serves all, and a
lookahead sees the same mini-batch as the step it belongs to.

A noisy oracle holds a seed, not a stream: two runs that are given the same oracle meet the same noise.
"""

from itertools import repeat

import numpy as np

from momentum_lab.arguments import generator, real_number
from momentum_lab.slips import Slip, is_whole


def exact(grad):
    """Hand out the same gradient function at every step.

    Parameters
    ----------
    grad : callable
        Maps points of shape (..., dim) to gradients of the same shape.
    """
    return repeat(grad)


class Counting:
    """A gradient function that counts how often it is asked.

    Fair races are counted in gradient evaluations, not in seconds.

    Attributes
    ----------
    calls : int
        Evaluations so far.
    asked_at : list of ndarray
        Copies of the points it was asked about, in order.
    """

    def __init__(self, grad):
        self.grad = _gradient(grad)
        self.asked_at = []

    @property
    def calls(self):
        """Number of evaluations so far."""
        return len(self.asked_at)

    def __iter__(self):
        """Hand itself out at every step, as an oracle does."""
        return repeat(self)

    def __call__(self, theta):
        """Note the point and return the gradient there."""
        self.asked_at.append(np.array(theta))
        return self.grad(theta)


class AdditiveNoise:
    """The exact gradient plus normal noise of the same size everywhere.

    Parameters
    ----------
    grad : callable
        The exact gradient.
    scale : float or array that broadcasts against theta
        Standard deviation of the noise in each coordinate; a mini-batch of B divides it by the root of B.
    seed : int
        Seed of `numpy.random.default_rng`.
    """

    def __init__(self, grad, scale, seed):
        self.grad, self.scale, self.seed = _gradient(grad), real_number("scale", scale), seed

    def __iter__(self):
        """Yield one gradient function a step; each run of a batch has noise of its own."""
        rng = generator(self.seed)
        while True:
            drawn = _once(rng)
            yield lambda theta, drawn=drawn: _slope(self.grad, theta) + _like(self._noise(drawn, theta), theta)

    def _noise(self, drawn, theta):
        try:
            return np.broadcast_to(self.scale, theta.shape) * drawn(theta.shape)
        except ValueError:
            raise Slip(
                f"The scale of the noise is one number, or one a coordinate; it has shape {np.shape(self.scale)}, the "
                f"points have {theta.shape}."
            ) from None


class CurvatureNoise:
    """The exact gradient times a random factor of mean 1: small near the minimum, as when all examples agree there.

    Parameters
    ----------
    grad : callable
        The exact gradient.
    spread : float
        Variance r of the factor.  It is drawn for each run and step, the same for all coordinates.
    seed : int
        Seed of `numpy.random.default_rng`.
    """

    def __init__(self, grad, spread, seed):
        if not real_number("spread", spread, single=True) >= 0:
            raise Slip(f"The spread of the curvature is a variance, 0 or more; this is {spread!r}.")
        self.grad, self.spread, self.seed = _gradient(grad), spread, seed

    def __iter__(self):
        """Yield one gradient function a step."""
        rng = generator(self.seed)
        while True:
            drawn = _once(rng)
            yield (
                lambda theta, drawn=drawn: (
                    _slope(self.grad, theta) * _like(1 + np.sqrt(self.spread) * drawn((*theta.shape[:-1], 1)), theta)
                )
            )


class MiniBatches:
    """The gradient on a few examples at a time, each example once an epoch, in an order drawn anew each epoch.

    Parameters
    ----------
    problem : object with `examples` and `grad_on(theta, rows)`
        Such as `surfaces.LineFit` or `networks.Training`.
    size : int
        Examples a step.  The last batch of an epoch is smaller if the size does not divide their number.
    seed : int
        Seed of `numpy.random.default_rng`.
    """

    def __init__(self, problem, size, seed):
        if isinstance(problem, type) or not (hasattr(problem, "examples") and hasattr(problem, "grad_on")):
            raise Slip(f"Mini-batches need a problem made of examples, such as twelve_dots(); this is {problem!r}.")
        if not (is_whole(size) and 1 <= size <= problem.examples):
            raise Slip(
                f"A mini-batch is a whole number of examples between 1 and {problem.examples}; this is {size!r}."
            )
        self.problem, self.size, self.seed = problem, size, seed

    @property
    def steps_per_epoch(self):
        """Number of steps in which every example is seen once."""
        return -(-self.problem.examples // self.size)

    def __iter__(self):
        """Yield one gradient function a step."""
        rng = generator(self.seed)
        while True:
            order = rng.permutation(self.problem.examples)
            for first in range(0, len(order), self.size):
                rows = order[first : first + self.size]
                yield lambda theta, rows=rows: self.problem.grad_on(theta, rows)


def _once(rng):
    """Return a function that draws at its first call and then repeats itself: one sample a step."""
    kept = []

    def drawn(shape):
        if not kept:
            kept.append(rng.standard_normal(shape))
        return kept[0]

    return drawn


def _gradient(grad):
    if hasattr(grad, "grad") and not isinstance(grad, Counting):
        raise Slip("This takes a gradient; hand over surface.grad and not the surface.")
    if not callable(grad):
        raise Slip(f"A gradient is a function of theta, such as surface.grad; this is {grad!r}.")
    return grad


def _slope(grad, theta):
    slope = grad(theta)
    if slope is None:
        raise Slip("The gradient returned None; does the function end with a return?")
    return slope


def _like(noise, theta):
    return noise.astype(theta.dtype, copy=False)
