"""The update rules, simplest first.

A rule is a frozen object: its hyper-parameters and one formula, `step`.  What it remembers between
two steps is a separate value, the state, which you can print, keep or throw away.  A rule never sees
the surface it walks on.  It sees `grad`, a function that returns the gradient at any point it asks about.

Two conventions hold for every rule.

* The last axis of `theta` holds the coordinates; all axes before it are independent runs.  A
  hyper-parameter is anything that broadcasts against `theta`.
* Any hyper-parameter may be a schedule: a function of the update count t = 0, 1, 2, ...
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

import numpy as np

from momentum_lab.slips import Slip

Gradient = Callable[[np.ndarray], np.ndarray]
Hyper = float | np.ndarray | Callable[[int], float]


@dataclass(frozen=True, eq=False)
class Optimizer:
    """What all rules share: a learning rate, and the two questions `init` and `step`.

    Parameters
    ----------
    lr : float, array or schedule
        Learning rate, eta in the papers.  Its unit is that of 1 / curvature.
    """

    lr: Hyper

    name: ClassVar[str] = "optimizer"

    def init(self, theta: np.ndarray) -> Any:
        """Return the state before the first step, or None for a rule that remembers nothing."""
        return None

    def step(self, theta: np.ndarray, grad: Gradient, state: Any) -> tuple[np.ndarray, Any]:
        """Return the next point and the next state; the old ones are left as they were."""
        raise NotImplementedError

    @cached_property
    def schedules(self) -> dict[str, Callable[[int], float]]:
        """Name and function of every hyper-parameter that changes with the update count."""
        return {f.name: getattr(self, f.name) for f in fields(self) if callable(getattr(self, f.name))}

    def at(self, t: int) -> "Optimizer":
        """Return this rule with every schedule replaced by its value at update t.

        Raises
        ------
        Slip
            If a schedule returns something that is not a finite number (or array of them).
        """
        return replace(self, **{name: _value(name, schedule, t) for name, schedule in self.schedules.items()})

    @property
    def label(self) -> str:
        """Name and settings in words, for captions: what is drawn is what was run."""
        settings = [f"{f.name} {_words(getattr(self, f.name))}" for f in fields(self)]
        return f"{self.name}, " + ", ".join(settings)


@dataclass(frozen=True, eq=False)
class GradientDescent(Optimizer):
    """Walk downhill; remember nothing.

    theta <- theta - lr * grad(theta)

    On a quadratic with curvatures between mu and L it converges for 0 < lr < 2/L.  The best rate,
    (kappa - 1)/(kappa + 1) per step, needs lr = 2/(L + mu).

    Source: A. Cauchy, "Methode generale pour la resolution des systemes d'equations simultanees",
    Comptes rendus 25 (1847) 536-538.
    """

    name: ClassVar[str] = "gradient descent"

    def step(self, theta, grad, state):
        """Return `theta - lr * grad(theta)`."""
        return theta - self.lr * grad(theta), state


class Momentum(NamedTuple):
    """The memory of the heavy ball and of Nesterov's method.

    velocity has the shape of theta.  It is made of gradients, which point uphill: the step subtracts it.
    """

    velocity: np.ndarray


@dataclass(frozen=True, eq=False)
class HeavyBall(Optimizer):
    """Keep a share beta of the last step, and add the new one.

    velocity <- beta * velocity + lr * grad(theta)
    theta    <- theta - velocity

    This is the course's own form: the learning rate is inside the velocity.  PyTorch's SGD keeps it
    outside; at a constant learning rate both make the same steps.  On a quadratic it converges for
    0 < lr * curvature < 2 (1 + beta).

    Parameters
    ----------
    lr : float, array or schedule
        Learning rate.
    beta : float, array or schedule
        Share of the velocity that survives a step, 0 <= beta < 1.  With beta = 0 this is gradient descent.

    Source: B. T. Polyak, "Some methods of speeding up the convergence of iteration methods",
    USSR Comput. Math. Math. Phys. 4(5) (1964) 1-17.
    """

    beta: Hyper = 0.9

    name: ClassVar[str] = "heavy ball"

    def init(self, theta):
        """Return a velocity of zero: the ball starts at rest."""
        return Momentum(np.zeros_like(theta))

    def step(self, theta, grad, state):
        """Return the point one velocity further, and that velocity."""
        velocity = self.beta * state.velocity + self.lr * grad(theta)
        return theta - velocity, Momentum(velocity)


@dataclass(frozen=True, eq=False)
class Nesterov(HeavyBall):
    """The heavy ball that asks for the gradient where its memory is about to carry it.

    lookahead <- theta - beta * velocity
    velocity  <- beta * velocity + lr * grad(lookahead)
    theta     <- theta - velocity

    The state is theta itself.  PyTorch's `nesterov=True` stores the lookahead point instead, so its
    printed iterates are another sequence.  On a quadratic it converges for
    0 < lr * curvature < 2 (1 + beta)/(1 + 2 beta), which is less than the heavy ball allows.

    Source: Yu. E. Nesterov, "A method of solving a convex programming problem with convergence rate
    O(1/k^2)", Soviet Math. Dokl. 27(2) (1983) 372-376, with a beta that grows; in this form and with
    this name in I. Sutskever et al., ICML 2013, PMLR 28(3) 1139-1147, eqs. 3-4.
    """

    name: ClassVar[str] = "Nesterov"

    def step(self, theta, grad, state):
        """Return the point one velocity further, and that velocity."""
        lookahead = theta - self.beta * state.velocity
        velocity = self.beta * state.velocity + self.lr * grad(lookahead)
        return theta - velocity, Momentum(velocity)


class Moments(NamedTuple):
    """The memory of Adam.

    m averages the gradients and s their squares, both in the shape of theta; t counts the updates so far.
    The paper writes v for s; in this course v is the velocity.
    """

    m: np.ndarray
    s: np.ndarray
    t: int


@dataclass(frozen=True, eq=False)
class Adam(Optimizer):
    """Average the gradients, and divide by the root of the average of their squares.

    m     <- beta1 * m + (1 - beta1) * grad(theta)
    s     <- beta2 * s + (1 - beta2) * grad(theta)**2
    t     <- t + 1
    theta <- theta - lr * m / (1 - beta1**t) / (sqrt(s / (1 - beta2**t)) + eps)

    Both averages start at zero.  The divisions by 1 - beta**t make up for that, so that a first gradient
    of any size moves every coordinate by lr.

    The root is taken first and eps is added after it, as in the paper and in PyTorch.  Keras adds its eps
    before the second average is corrected, and Optax offers a second one inside the root.

    Parameters
    ----------
    lr : float, array or schedule
        Learning rate, the length of a step while the gradients agree.  The paper suggests 0.001.
    beta1, beta2 : float, array or schedule
        Share of each average that survives a step.  Under a schedule the correction takes the present value.
    eps : float, array or schedule
        Keeps the division finite.

    Source: D. P. Kingma, J. Ba, "Adam: a method for stochastic optimization", ICLR 2015, arXiv 1412.6980,
    Algorithm 1.
    """

    beta1: Hyper = 0.9
    beta2: Hyper = 0.999
    eps: Hyper = 1e-8

    name: ClassVar[str] = "Adam"

    def init(self, theta):
        """Return two averages of zero, and no update counted."""
        return Moments(np.zeros_like(theta), np.zeros_like(theta), 0)

    def step(self, theta, grad, state):
        """Return the next point, the two averages and their count."""
        slope, t = grad(theta), state.t + 1
        m = self.beta1 * state.m + (1 - self.beta1) * slope
        s = self.beta2 * state.s + (1 - self.beta2) * slope**2
        scale = np.sqrt(s / (1 - self.beta2**t)) + self.eps
        return theta - self.lr * m / (1 - self.beta1**t) / scale, Moments(m, s, t)


def _value(name, schedule, t):
    """Evaluate one schedule at update t, and refuse what would silently poison a run."""
    value = schedule(t)
    try:
        finite = bool(np.all(np.isfinite(value)))
    except TypeError:
        finite = False
    if not finite:
        raise Slip(f"The schedule for {name} returned {value!r} at update t = {t}; return a finite number for every t.")
    # A plain float keeps a float32 run in float32; a NumPy scalar would not.
    return float(value) if np.ndim(value) == 0 else np.asarray(value)


def _words(value):
    """Three significant digits for a number, a word for everything else."""
    if callable(value):
        return "scheduled"
    return f"{value:.3g}" if np.ndim(value) == 0 else "varied"
