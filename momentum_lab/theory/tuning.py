"""The best learning rate and beta for curvatures between mu and smoothness, and what they achieve.

All of these are rates in the long run.  At its best settings the heavy ball has equal roots at both ends of the
range; its error is then (1 + (1 - r) t) r^t with r = +rate at the soft end and -rate at the steep end.  It arrives
later than the rate alone says, and at the steep end it first grows, if kappa is above 5.83.
"""

from typing import NamedTuple

import numpy as np

from momentum_lab.arguments import real_numbers
from momentum_lab.slips import Slip
from momentum_lab.theory.modes import no_theory, rate


class Settings(NamedTuple):
    """A learning rate, a momentum, and the rate they reach in the slowest direction."""

    lr: float
    beta: float
    rate: float


@real_numbers("mu", "smoothness")
def best_settings(method, mu, smoothness):
    """Return the settings with the smallest rate over all curvatures from mu to smoothness.

    Gradient descent: lr = 2 / (L + mu), rate (kappa - 1) / (kappa + 1).
    Heavy ball: lr = 4 / (sqrt(L) + sqrt(mu))^2, rate q = (sqrt(kappa) - 1) / (sqrt(kappa) + 1), beta = q^2
    (B. T. Polyak, 1964).
    Nesterov: lr = 4 / (3 L + mu), rate 1 - 2 / sqrt(3 kappa + 1)
    (L. Lessard, B. Recht, A. Packard, SIAM J. Optim. 26 (2016) 57-95).

    For the heavy ball this holds on quadratics only: see `surfaces.Lessard` and `surfaces.Polygon`.

    Parameters
    ----------
    method : str
        One of `METHODS`.
    mu, smoothness : float
        Smallest and largest curvature.

    Returns
    -------
    Settings
    """
    kappa = _condition(mu, smoothness)
    if method == "gradient descent":
        return Settings(2 / (smoothness + mu), 0.0, (kappa - 1) / (kappa + 1))
    if method == "heavy ball":
        q = (kappa**0.5 - 1) / (kappa**0.5 + 1)
        return Settings(4 / (smoothness**0.5 + mu**0.5) ** 2, q * q, q)
    if method == "Nesterov":
        w = (3 * kappa + 1) ** 0.5
        return Settings(4 / (3 * smoothness + mu), (w - 2) / (w + 2), 1 - 2 / w)
    raise no_theory(method)


@real_numbers("mu", "smoothness")
def textbook_nesterov(mu, smoothness):
    """Return Nesterov's usual settings: lr = 1 / L, beta = (sqrt(kappa) - 1) / (sqrt(kappa) + 1).

    Its rate on quadratics is 1 - 1 / sqrt(kappa), at a double root in the softest direction.  On every smooth,
    strongly convex function the loss shrinks by at least 1 - 1 / sqrt(kappa) a step, and the distance
    therefore by the square root of that (Yu. Nesterov, "Introductory lectures on convex optimization", 2004,
    section 2.2).
    """
    root = _condition(mu, smoothness) ** 0.5
    return Settings(1 / smoothness, (root - 1) / (root + 1), 1 - 1 / root)


@real_numbers("lr", "beta", "mu", "smoothness")
def spectrum_rate(method, lr, beta, mu, smoothness):
    """Return the rate of the slowest direction among all curvatures from mu to smoothness.

    For each of the three methods the rate first falls with the curvature and then rises, so the slowest direction
    is one of the two ends, and no list of curvatures is needed.

    Returns
    -------
    float or array
        Broadcast over lr and beta, so that a map of 300 x 300 settings is one call.
    """
    lr = np.asarray(lr, dtype=float)
    return np.maximum(rate(method, lr * mu, beta), rate(method, lr * smoothness, beta))


@real_numbers("share")
def steps_for(rate, share):
    """Return how many steps shrink an error to a share of itself at this rate, not rounded; infinite from 1 on.

    Parameters
    ----------
    rate, share : float or array
        0 or more; above 0 and below 1.
    """
    if not np.all((np.asarray(share) > 0) & (np.asarray(share) < 1)):
        raise Slip(f"The share an error is to shrink to lies between 0 and 1; this is {share!r}.")
    try:
        rates = np.asarray(rate, dtype=float)
    except (TypeError, ValueError):
        rates = np.asarray(np.nan)
    if not np.all(rates >= 0):
        raise Slip(f"A rate is a number from 0 on; this is {rate!r}.")
    with np.errstate(divide="ignore"):
        steps = np.log(share) / np.log(rates)
    return np.where(rates < 1, steps, np.inf)[()]


def _condition(mu, smoothness):
    if not np.all((np.asarray(mu) > 0) & (np.asarray(mu) <= smoothness)):
        raise Slip(f"The curvatures need 0 < mu <= smoothness; these are mu {mu} and smoothness {smoothness}.")
    return smoothness / mu
