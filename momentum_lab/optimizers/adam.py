"""Adam and its kin: two averages, one of gradients and one of their squares, and what was made of them.

As in `adaptive`, the numbers in the docstrings are points after the gradients 1, 0.5, -0.2, 0.1, 0.3, from 1
with learning rate 0.1; `tests/test_parity.py` holds them.
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from momentum_lab.optimizers.rule import Hyper, Optimizer


class Moments(NamedTuple):
    """The memory of Adam and its kin.

    m averages the gradients and s their squares, both in the shape of theta; t counts the updates so far.
    peak is the largest s yet, kept only for AMSGrad.  The paper writes v for s; in this course v is the velocity.
    """

    m: np.ndarray
    s: np.ndarray
    t: int
    peak: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class _TwoMoments(Optimizer):
    """What Adam, Nadam and LAMB share: two averages, and the division by 1 - beta**t."""

    beta1: Hyper = 0.9
    beta2: Hyper = 0.999
    eps: Hyper = 1e-8

    def init(self, theta):
        """Return two averages of zero, and no update counted."""
        return Moments(np.zeros_like(theta), np.zeros_like(theta), 0)

    def _averages(self, slope, state):
        m = self.beta1 * state.m + (1 - self.beta1) * slope
        s = self.beta2 * state.s + (1 - self.beta2) * slope**2
        return Moments(m, s, state.t + 1)

    def _scale(self, s, t):
        return np.sqrt(s / (1 - _power(self.beta2, t))) + self.eps

    def _direction(self, new):
        return new.m / (1 - _power(self.beta1, new.t)) / self._scale(new.s, new.t)


def _power(beta, t):
    """Return beta**t; infinity, as NumPy does, where a beta above 1 outgrows the machine."""
    try:
        return beta**t
    except OverflowError:
        return np.inf


@dataclass(frozen=True, eq=False)
class Adam(_TwoMoments):
    """Average the gradients, and divide by the root of the average of their squares.

    m     <- beta1 * m + (1 - beta1) * grad(theta)
    s     <- beta2 * s + (1 - beta2) * grad(theta)**2
    t     <- t + 1
    theta <- theta - lr * m / (1 - beta1**t) / (sqrt(s / (1 - beta2**t)) + eps)

    Both averages start at zero.  The divisions by 1 - beta**t make up for that, so that a first gradient
    of any size, if it is much larger than eps, moves its coordinate by lr.

    Where libraries differ: PyTorch and Optax take the root first and add eps after it, as the paper's
    Algorithm 1: 0.6354464262.  Keras adds its eps, 1e-7, to the root of the uncorrected average (the paper's
    "eps hat"): 0.6354474723.  With gradients a million times smaller the difference is plain: 0.640504
    against 0.905937.  Optax also offers a second eps inside the root.

    AMSGrad divides by the largest s so far instead of s.  PyTorch and Keras take the largest of the
    uncorrected averages, and so do we; Optax the largest of the corrected ones, as the first step of which
    is the largest: after gradients 1, 0.1, 0.1, 0.1, 0.1 the first is at 0.651666 and the second at 0.756970.

    Parameters
    ----------
    lr : float, array or schedule
        Learning rate, the length of a step while the gradients agree.  The paper suggests 0.001.
    beta1, beta2 : float, array or schedule
        Share of each average that survives a step.  Under a schedule the correction takes the present value.
    eps : float, array or schedule
        Keeps the division finite.
    amsgrad : bool
        Divide by the largest s so far.
    weight_decay : float, array or schedule
        Strength of an L2 penalty: weight_decay * theta is added to the gradient, and then divided with it, so
        that coordinates with large gradients hardly decay.  `AdamW` decays all alike.

    Source: D. P. Kingma, J. Ba, "Adam: a method for stochastic optimization", ICLR 2015, arXiv 1412.6980,
    Algorithm 1; AMSGrad: S. J. Reddi, S. Kale, S. Kumar, ICLR 2018, arXiv 1904.09237.
    """

    amsgrad: bool = False
    weight_decay: Hyper = 0.0

    name: ClassVar[str] = "Adam"

    def init(self, theta):
        """Return averages of zero and no update counted; AMSGrad's largest average is zero too."""
        start = super().init(theta)
        return start._replace(peak=np.zeros_like(theta)) if self.amsgrad else start

    def step(self, theta, grad, state):
        """Return the next point, the two averages and their count."""
        new = self._averages(grad(theta) + self.weight_decay * theta, state)
        return theta - self.lr * self._direction(new), new

    def _averages(self, slope, state):
        new = super()._averages(slope, state)
        if not self.amsgrad:
            return new
        return new._replace(peak=np.maximum(state.peak, new.s))

    def _direction(self, new):
        return super()._direction(new._replace(s=new.peak) if self.amsgrad else new)


@dataclass(frozen=True, eq=False)
class AdamW(Adam):
    """Adam, with weights that decay by themselves instead of through the gradient.

    theta <- theta - lr * (Adam's direction + weight_decay * theta)

    Where libraries differ: only in the default decay, 0.01 in PyTorch, 0.0001 in Optax, 0.004 in Keras, and in
    Keras's eps (see `Adam`).  With a decay of 0.5: 0.449580 here, 0.562574 by Adam with the same decay.

    Parameters
    ----------
    lr, beta1, beta2, eps, amsgrad
        As in `Adam`.
    weight_decay : float, array or schedule
        Share of theta, times lr, that is taken off at every step.  0.01 as in PyTorch; the paper tunes it.

    Source: I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", ICLR 2019, arXiv 1711.05101; the
    libraries multiply the decay by lr, the paper by its schedule alone.
    """

    weight_decay: Hyper = 0.01

    name: ClassVar[str] = "AdamW"

    def step(self, theta, grad, state):
        """Return the next point, the two averages and their count."""
        new = self._averages(grad(theta), state)
        return theta - self.lr * (self._direction(new) + self.weight_decay * theta), new


@dataclass(frozen=True, eq=False)
class Nadam(_TwoMoments):
    """Adam that looks ahead: the new gradient counts now, the average counts as it will at the next step.

    m, s, t as in Adam
    ahead <- beta1 * m / (1 - beta1**(t + 1)) + (1 - beta1) * grad(theta) / (1 - beta1**t)
    theta <- theta - lr * ahead / (sqrt(s / (1 - beta2**t)) + eps)

    Where libraries differ: Optax is this, 0.624272.  PyTorch and Keras let beta1 grow with t inside `ahead`
    (but not inside m): 0.791626 and 0.789983.  The report has such a schedule too, as an option.

    Source: T. Dozat, "Incorporating Nesterov momentum into Adam", ICLR 2016 workshop.
    """

    name: ClassVar[str] = "Nadam"

    def step(self, theta, grad, state):
        """Return the next point, the two averages and their count."""
        slope = grad(theta)
        new = self._averages(slope, state)
        soon, now = 1 - _power(self.beta1, new.t + 1), 1 - _power(self.beta1, new.t)
        ahead = self.beta1 * new.m / soon + (1 - self.beta1) * slope / now
        return theta - self.lr * ahead / self._scale(new.s, new.t), new


@dataclass(frozen=True, eq=False)
class LAMB(_TwoMoments):
    """AdamW whose step is as long as theta, times lr: the gradient gives the direction, the weights the length.

    u     <- Adam's direction + weight_decay * theta
    theta <- theta - lr * u * |theta| / |u|         (without the ratio where |theta| or |u| is 0)

    The lengths are taken over the last axis: here the whole of theta is one layer.  A network takes them layer by
    layer, so the rule is the only one here that sees more than one coordinate at a time.

    Where libraries differ: Optax is this, with no decay as its default; in one dimension the ratio cancels u, and
    theta shrinks by 0.9 a step to 0.590490.  Keras decays theta first and has an eps of 1e-7: 0.456910 with
    a decay of 0.5.  The paper's bounds on |theta| are left out, as in both.

    Source: Y. You et al., "Large batch optimization for deep learning: training BERT in 76 minutes", ICLR 2020,
    arXiv 1904.00962, Algorithm 2; its experiments use eps 1e-6 and a decay of 0.01.
    """

    eps: Hyper = 1e-6
    weight_decay: Hyper = 0.01

    name: ClassVar[str] = "LAMB"

    def step(self, theta, grad, state):
        """Return the next point, the two averages and their count."""
        new = self._averages(grad(theta), state)
        u = self._direction(new) + self.weight_decay * theta
        return theta - self.lr * _trust_ratio(theta, u) * u, new


def _trust_ratio(theta, u):
    """Return |theta| / |u| for each run, and 1 where either is zero; shape (..., 1)."""
    long, short = (np.sqrt((a * a).sum(axis=-1, keepdims=True)) for a in (theta, u))
    usable = (long > 0) & (short > 0)
    return np.where(usable, long / np.where(usable, short, 1), 1).astype(theta.dtype)


class Average(NamedTuple):
    """The memory of Lion: one running average of gradients, in the shape of theta."""

    m: np.ndarray


@dataclass(frozen=True, eq=False)
class Lion(Optimizer):
    """Every coordinate moves by lr, whatever its gradient; momentum only decides which way.

    theta <- theta - lr * (sign(beta1 * m + (1 - beta1) * grad(theta)) + weight_decay * theta)
    m     <- beta2 * m + (1 - beta2) * grad(theta)

    (And it rests where the direction is exactly zero.)  The direction weighs the new gradient more than the memory
    does: beta1 < beta2.

    Where libraries differ: only in the default decay, 0.001 in Optax (0.699560), none in Keras (0.7).

    Parameters
    ----------
    lr : float, array or schedule
        Learning rate, the length of every step in every coordinate; weight decay comes on top.
    beta1, beta2 : float, array or schedule
        Share of the average in the direction, and share that survives the step.
    weight_decay : float, array or schedule
        As in `AdamW`; the paper tunes it.

    Source: X. Chen et al., "Symbolic discovery of optimization algorithms", arXiv 2302.06675 (2023),
    Algorithm 2 (not re-read).
    """

    beta1: Hyper = 0.9
    beta2: Hyper = 0.99
    weight_decay: Hyper = 0.0

    name: ClassVar[str] = "Lion"

    def init(self, theta):
        """Return an average of zero."""
        return Average(np.zeros_like(theta))

    def step(self, theta, grad, state):
        """Return the next point and the average."""
        slope = grad(theta)
        direction = np.sign(self.beta1 * state.m + (1 - self.beta1) * slope) + self.weight_decay * theta
        return theta - self.lr * direction, Average(self.beta2 * state.m + (1 - self.beta2) * slope)
