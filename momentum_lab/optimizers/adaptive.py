"""Rules that remember how large gradients were, and divide by it: AdaGrad and RMSProp.

The libraries agree on the ideas and differ in small print: where eps stands, what starts at zero, which
average is corrected.  Each docstring gives the paper's formula, which is the one computed, and where PyTorch,
Optax and Keras part from it.  Its numbers are points after the gradients 1, 0.5, -0.2, 0.1, 0.3, from 1 with
learning rate 0.1; `tests/test_parity.py` holds them.
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from momentum_lab.optimizers.rule import Hyper, Optimizer
from momentum_lab.slips import Slip


class SquareSum(NamedTuple):
    """The memory of AdaGrad: the sum of all squared gradients so far, in the shape of theta."""

    total: np.ndarray


@dataclass(frozen=True, eq=False)
class AdaGrad(Optimizer):
    """Divide each coordinate's step by the root of the sum of its squared gradients so far.  No momentum.

    total <- total + grad(theta)**2
    theta <- theta - lr * grad(theta) / (sqrt(total) + eps)

    Where libraries differ: PyTorch is this, and ends at 0.838671.  Optax and Keras start the sum at 0.1 and
    add an eps of 1e-7 inside the root: 0.845556.

    Parameters
    ----------
    lr : float, array or schedule
        Learning rate.  Without an initial accumulator the very first step moves every coordinate by it.
    eps : float, array or schedule
        Keeps the division finite where no gradient has been seen yet; the paper's delta.
    initial_accumulator : float or array
        What the sum starts with, so no schedule; the paper starts at 0.

    Source: J. Duchi, E. Hazan, Y. Singer, "Adaptive subgradient methods for online learning and stochastic
    optimization", JMLR 12 (2011) 2121-2159, the diagonal version.
    """

    eps: Hyper = 1e-10
    initial_accumulator: float | np.ndarray = 0.0

    name: ClassVar[str] = "AdaGrad"

    def __post_init__(self):
        """Refuse a schedule for what is used once."""
        super().__post_init__()
        if callable(self.initial_accumulator):
            raise Slip("The initial accumulator is used once, before the first step; give a number and no schedule.")

    def init(self, theta):
        """Return a sum that holds the initial accumulator."""
        return SquareSum(np.zeros_like(theta) + self.initial_accumulator)

    def step(self, theta, grad, state):
        """Return the next point and the sum of squares."""
        slope = grad(theta)
        total = state.total + slope**2
        return theta - self.lr * slope / (np.sqrt(total) + self.eps), SquareSum(total)


class Scaled(NamedTuple):
    """The memory of RMSProp, each in the shape of theta.

    s averages squared gradients and m the gradients (used when centered); buffer sums the scaled gradients.
    """

    s: np.ndarray
    m: np.ndarray
    buffer: np.ndarray


@dataclass(frozen=True, eq=False)
class RMSProp(Optimizer):
    """Divide each coordinate's gradient by the root of the running average of its square.

    s      <- decay * s + (1 - decay) * grad(theta)**2
    buffer <- momentum * buffer + grad(theta) / (sqrt(s) + eps)
    theta  <- theta - lr * buffer

    With `centered`, the average of the gradients, squared, is first taken off s: what is left is their variance.

    The average starts at zero and is not corrected, so the first step is lr / sqrt(1 - decay), about three times lr.
    Where libraries differ: PyTorch is this, with a decay of 0.99 as its default: -0.619228.  Optax and Keras have
    a decay of 0.9 and put eps inside the root: 0.469008 (eps 1e-8) and 0.469009 (eps 1e-7).  Both keep lr inside
    the buffer, so that a new lr leaves the old buffer alone.

    Parameters
    ----------
    lr : float, array or schedule
        Learning rate.
    decay : float, array or schedule
        Share of the average that survives a step; the lecture has 0.9.
    eps : float, array or schedule
        Keeps the division finite.
    momentum : float, array or schedule
        Share of the buffer that survives a step; 0 in the lecture.
    centered : bool
        Divide by the standard deviation instead of the root mean square.

    Source: T. Tieleman, G. Hinton, "Neural networks for machine learning", Coursera lecture 6.5 (2012); momentum
    and centering in A. Graves, arXiv 1308.0850 (2013), there with eps inside the root (not re-read).
    """

    decay: Hyper = 0.9
    eps: Hyper = 1e-8
    momentum: Hyper = 0.0
    centered: bool = False

    name: ClassVar[str] = "RMSProp"

    def init(self, theta):
        """Return averages of zero and an empty buffer."""
        return Scaled(np.zeros_like(theta), np.zeros_like(theta), np.zeros_like(theta))

    def step(self, theta, grad, state):
        """Return the next point, the averages and the buffer."""
        slope, m = grad(theta), state.m
        s = self.decay * state.s + (1 - self.decay) * slope**2
        spread = s
        if self.centered:
            m = self.decay * state.m + (1 - self.decay) * slope
            # A variance is never negative; the difference of two rounded numbers can be, by a hair.
            spread = np.maximum(s - m**2, 0)
        buffer = self.momentum * state.buffer + slope / (np.sqrt(spread) + self.eps)
        return theta - self.lr * buffer, Scaled(s, m, buffer)
