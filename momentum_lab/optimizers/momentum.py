"""Rules that remember a direction: gradient descent, the heavy ball, Nesterov's method, and PyTorch's SGD."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from momentum_lab.optimizers.rule import Hyper, Optimizer
from momentum_lab.slips import Slip


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


class Buffer(NamedTuple):
    """The memory of PyTorch's SGD.

    buffer has the shape of theta and sums gradients; the learning rate is not in it.  born says whether a
    first gradient has been put there (an array of that, one a run, if the momentum differs between runs).
    """

    buffer: np.ndarray
    born: bool | np.ndarray


@dataclass(frozen=True, eq=False)
class TorchSGD(Optimizer):
    """The rule of `torch.optim.SGD`, to the letter.

    slope  <- grad(theta) + weight_decay * theta
    buffer <- slope                                           at the first step
    buffer <- momentum * buffer + (1 - dampening) * slope     later
    theta  <- theta - lr * buffer, or with nesterov: theta - lr * (slope + momentum * buffer)

    Four things differ from the course's own form.  The learning rate stands outside the buffer, so a new
    learning rate acts at once on everything remembered; inside the velocity it acts on new gradients only.
    The first gradient is never dampened, so dampening = momentum is not quite an average.  Weight decay goes
    through the buffer, which makes it about 1 / (1 - momentum) times as strong as lr * weight_decay.  And
    with `nesterov` theta is the point that Nesterov's method looks ahead to, not the point where it is.

    Where libraries differ: Optax has no dampening and keeps a buffer even for momentum 0.0; Keras keeps the
    learning rate inside the velocity and decays the weights outside it.  After the gradients 1, 0.5, -0.2,
    0.1, 0.3 from 1, with lr 0.1, momentum 0.9 and a drop of lr to 0.01 before the third step, PyTorch and
    Optax are at 0.726374 and Keras at 0.419060.

    Parameters
    ----------
    lr : float, array or schedule
        Learning rate; PyTorch's default is 0.001.
    momentum : float, array or schedule
        Share of the buffer that survives a step; beta elsewhere in this course.  While it is 0 the buffer rests.
    dampening : float, array or schedule
        Share of each later gradient that is left out of the buffer.
    nesterov : bool
        Step along slope + momentum * buffer.
    weight_decay : float, array or schedule
        Strength of an L2 penalty: weight_decay * theta is added to the gradient.

    Raises
    ------
    Slip
        For what PyTorch refuses: a negative lr, momentum or weight decay, and nesterov with momentum 0 or dampening.

    Source: documentation and source of `torch.optim.SGD`, PyTorch 2.13.
    """

    lr: Hyper = 1e-3
    momentum: Hyper = 0.0
    dampening: Hyper = 0.0
    nesterov: bool = False
    weight_decay: Hyper = 0.0

    name: ClassVar[str] = "PyTorch SGD"

    def __post_init__(self):
        """Refuse what PyTorch refuses."""
        super().__post_init__()
        for name in ("lr", "momentum", "weight_decay"):
            value = getattr(self, name)
            if _any(np.less, value):
                raise Slip(f"PyTorch's SGD takes no {name} below 0; this is {value}.")
        at_rest = _any(np.equal, self.momentum)
        damped = _any(np.not_equal, self.dampening)
        if self.nesterov and (at_rest or damped):
            raise Slip("With nesterov=True PyTorch's SGD needs a momentum above 0 and no dampening.")

    def init(self, theta):
        """Return an empty buffer."""
        return Buffer(np.zeros_like(theta), False)

    def step(self, theta, grad, state):
        """Return the next point and the buffer."""
        slope = grad(theta) + self.weight_decay * theta
        later = self.momentum * state.buffer + (1 - self.dampening) * slope
        buffer = _pick(state.born, later, slope)
        direction = slope + self.momentum * buffer if self.nesterov else buffer
        in_use = self.momentum != 0
        after = theta - self.lr * _pick(in_use, direction, slope)
        return after, Buffer(_pick(in_use, buffer, state.buffer), state.born | in_use)


def _any(compare, value):
    """Compare with 0; False for a schedule, and for what is no number: that is named where the run begins."""
    try:
        return not callable(value) and bool(np.any(compare(value, 0)))
    except TypeError:
        return False


def _pick(flag, yes, no):
    """`numpy.where`, without its cost where one flag decides for all runs."""
    return (yes if flag else no) if isinstance(flag, bool) else np.where(flag, yes, no)
