"""The ball behind the heavy ball: mass * x'' + friction * x' + f'(x) = 0, and when it just fails to swing."""

from typing import NamedTuple

import numpy as np

from momentum_lab.arguments import real_numbers
from momentum_lab.slips import Slip
from momentum_lab.theory.modes import METHODS


class Pendulum(NamedTuple):
    """Mass and friction of a ball whose position is looked at once every `time_step`."""

    mass: float
    friction: float


_SCHEMES = ("Qian", "semi-implicit")


@real_numbers("lr", "beta", "time_step")
def pendulum(lr, beta, time_step=1.0, scheme="Qian"):
    """Return the ball that a heavy ball's settings imitate.

    The answer depends on how the equation is cut into steps of length h.  Qian takes central differences for x''
    and a forward one for x': lr = h^2 / (m + c h), beta = m / (m + c h).  Semi-implicit Euler first updates
    the velocity, then the place: lr = h^2 / m, beta = 1 - c h / m.  Both give lr / (1 - beta) = h / c.

    Source: N. Qian, "On the momentum term in gradient descent learning algorithms", Neural Networks 12 (1999)
    145-151.
    """
    if not np.all(np.asarray(lr) > 0):
        raise Slip(f"A ball has a mass; that needs a learning rate above 0, and this is {lr!r}.")
    friction = (1 - beta) * time_step / lr
    mass = time_step**2 / lr
    return Pendulum(mass * beta if _known(scheme) == "Qian" else mass, friction)


@real_numbers("mass", "friction", "time_step")
def settings_of(mass, friction, time_step=1.0, scheme="Qian"):
    """Return (lr, beta), the inverse of `pendulum`."""
    whole = mass + friction * time_step if _known(scheme) == "Qian" else mass
    if not np.all(np.asarray(whole) > 0):
        raise Slip(f"No settings imitate a ball of mass {mass} and friction {friction}; give a mass above 0.")
    if scheme == "Qian":
        return time_step**2 / whole, mass / whole
    return time_step**2 / mass, 1 - friction * time_step / mass


@real_numbers("u")
def critical_beta(method, u):
    """Return the beta at which one direction just fails to swing: its two roots are equal.

    Heavy ball: (1 - sqrt(u))^2.  Nesterov: (1 - sqrt(u)) / (1 + sqrt(u)).  For 0 < u < 1.
    """
    if not np.all((np.asarray(u) > 0) & (np.asarray(u) < 1)):
        raise Slip(f"Critical damping needs 0 < u < 1; this is {u!r}.")
    root = np.sqrt(u)
    return (1 - root) ** 2 if _swings(method) == "heavy ball" else (1 - root) / (1 + root)


@real_numbers("beta")
def critical_stiffness(method, beta):
    """Return the u = lr * curvature above which one direction swings, the inverse of `critical_beta`.

    Heavy ball: (1 - sqrt(beta))^2.  Nesterov: ((1 - beta) / (1 + beta))^2.
    """
    if not np.all((np.asarray(beta) >= 0) & (np.asarray(beta) < 1)):
        raise Slip(f"This needs 0 <= beta < 1; this is {beta!r}.")
    return (1 - np.sqrt(beta)) ** 2 if _swings(method) == "heavy ball" else ((1 - beta) / (1 + beta)) ** 2


def _known(scheme):
    if scheme not in _SCHEMES:
        raise Slip(f"The scheme is one of {', '.join(_SCHEMES)}; this is {scheme!r}.")
    return scheme


def _swings(method):
    if method not in METHODS[1:]:
        raise Slip(f"Only {' and '.join(METHODS[1:])} can swing by their own; not {method!r}.")
    return method
