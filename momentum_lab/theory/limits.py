"""Where a method stops converging, and how close noise lets it come.

Three answers to "how large may the learning rate be?".  On a noiseless quadratic the heavy ball allows more than
gradient descent, and Nesterov's method less.  With strong noise in the curvature, as small batches have it, both allow
about (1 - beta) times as much as gradient descent.  And among all smooth,
strongly convex functions there are some on which a heavy ball goes round for ever long before its limit on quadratics.
"""

from collections.abc import Iterable

import numpy as np

from momentum_lab.arguments import real_numbers
from momentum_lab.slips import Slip
from momentum_lab.theory.modes import METHODS, no_theory, rate


@real_numbers("beta")
def stability_limit(method, beta=0.0):
    """Return the largest lr * curvature with which a noiseless quadratic converges (the limit itself does not).

    Gradient descent: 2.  Heavy ball: 2 (1 + beta).  Nesterov: 2 (1 + beta) / (1 + 2 beta), less than either.
    """
    if method == "gradient descent":
        return 2.0 + 0.0 * beta
    if method == "heavy ball":
        return 2 * (1 + beta)
    if method == "Nesterov":
        return 2 * (1 + beta) / (1 + 2 * beta)
    raise no_theory(method)


@real_numbers("beta", "spread")
def curvature_noise_limit(method, beta=0.0, spread=1.0):
    """Return the largest lr * curvature with which the mean square error still falls under curvature noise.

    Each gradient is the exact one times a random factor of mean 1 and variance `spread`, as in
    `oracles.CurvatureNoise`.  The limit is where the 3 x 3 matrix that carries E[x^2], E[x x_before] and
    E[x_before^2] from step to step gets the eigenvalue 1.

    Heavy ball: 2 (1 - beta^2) / ((1 - beta) + spread (1 + beta)).  Nesterov: the positive root u of
    beta (1 + 2 beta) (1 + spread) u^2 + ((1 + spread) (1 + beta) - 2 beta (1 + 2 beta)) u = 2 (1 - beta^2).
    Our derivation.
    """
    if method not in METHODS:
        raise no_theory(method)
    if not np.all((np.asarray(beta) >= 0) & (np.asarray(beta) < 1)) or not np.all(np.asarray(spread) >= 0):
        raise Slip(f"This needs 0 <= beta < 1 and a spread of 0 or more; these are {beta!r} and {spread!r}.")
    beta = np.zeros_like(beta, dtype=float)[()] if method == "gradient descent" else beta
    if method != "Nesterov":
        return 2 * (1 - beta**2) / ((1 - beta) + spread * (1 + beta))
    square = beta * (1 + 2 * beta) * (1 + spread)
    linear = (1 + spread) * (1 + beta) - 2 * beta * (1 + 2 * beta)
    known = 2 * (1 - beta**2)
    return 2 * known / (linear + np.sqrt(linear**2 + 4 * square * known))


@real_numbers("beta", "kappa", single=True)
def polygon_limit(beta, kappa, corners=range(3, 200)):
    """Return the smallest lr * smoothness with which a heavy ball goes round a polygon for ever.

    It does so on one smooth, strongly convex function of condition number kappa, made for it: `surfaces.Polygon`.
    So at and above this value no promise for all such functions is possible.  Below it none of these cycles
    exists, which is no proof of convergence.

    For K corners and c = cos(2 pi / K) the cycle exists where Q y^2 - R y + kappa <= 0, with y = 1 / (lr mu),
    Q = (1 + beta)^2 (1 - c)^2 + (1 - beta)^2 (1 - c^2) and R = 2 (beta - c)(kappa - 1) + 2 (1 + beta)(1 - c).

    Parameters
    ----------
    beta : float
        Momentum.
    kappa : float
        Condition number, above 1.
    corners : iterable of int
        The polygons to try, one at least.

    Returns
    -------
    float
        Infinite if there is no such cycle at any learning rate that is stable on quadratics.

    Source: B. Goujaud, A. Taylor, A. Dieuleveut, arXiv 2307.11291 (2023); solved for lr here.
    """
    if not (0 <= beta < 1 and kappa > 1):
        raise Slip(f"This needs one beta, 0 <= beta < 1, and one kappa above 1; these are {beta} and {kappa}.")
    c = np.cos(2 * np.pi / _at_least_one(corners))
    q = (1 + beta) ** 2 * (1 - c) ** 2 + (1 - beta) ** 2 * (1 - c**2)
    r = 2 * (beta - c) * (kappa - 1) + 2 * (1 + beta) * (1 - c)
    inside = r**2 - 4 * q * kappa
    y = np.where((inside >= 0) & (r > 0), r + np.sqrt(np.maximum(inside, 0)), 0) / (2 * q)
    smallest = kappa / y.max() if y.max() > 0 else np.inf
    return float(smallest) if smallest < stability_limit("heavy ball", beta) else float("inf")


def _at_least_one(corners):
    numbers = np.asarray(list(corners) if isinstance(corners, Iterable) else corners)
    if numbers.ndim != 1 or not numbers.size or numbers.dtype.kind not in "iu" or numbers.min() < 3:
        raise Slip(f"Give the numbers of corners to try, each 3 or more, such as range(3, 200); this is {corners!r}.")
    return numbers


@real_numbers("lr", "beta", "curvature", "variance")
def noise_floor(method, lr, beta, curvature, variance=1.0):
    """Return the variance that remains in one direction when every gradient carries noise, in units of theta^2.

    Heavy ball: lr s (1 + beta) / (h (1 - beta) (2 (1 + beta) - lr h)), for noise of variance s and curvature h.
    Nesterov: lr^2 s (1 + d) / ((1 - d) (1 - a) (1 + a + 2 d)), with a = 1 - lr h and d = beta a.

    At the same lr / (1 - beta) the floor is the same to first order, and a little lower with momentum.  A mini-batch
    of B examples has the variance of one example divided by B.

    Returns
    -------
    float or array
        Infinite where the method does not converge.
    """
    curvature = np.asarray(curvature, dtype=float)
    u = lr * curvature
    if not np.all(u > 0):
        raise Slip(f"A noise floor needs a learning rate and a curvature above 0; these are {lr} and {curvature}.")
    beta = np.zeros_like(u) if method == "gradient descent" else beta
    with np.errstate(divide="ignore", invalid="ignore"):
        if method == "Nesterov":
            d = beta * (1 - u)
            floor = np.square(lr) * variance * (1 + d) / ((1 - d) * u * (2 - u + 2 * d))
        else:
            floor = lr * variance * (1 + beta) / (curvature * (1 - beta) * (2 * (1 + beta) - u))
    return np.where(rate(method, u, beta) < 1, floor, np.inf)[()]
