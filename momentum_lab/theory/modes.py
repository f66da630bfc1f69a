"""One direction of a quadratic: the error of each step is a fixed mixture of the two errors before.

error[t + 1] = p * error[t] - d * error[t - 1]

The two numbers p and d decide everything.  Gradient descent: p = 1 - u, d = 0.  Heavy ball: p = 1 + beta - u,
d = beta (B. T. Polyak, 1964).  Nesterov: p = (1 + beta)(1 - u), d = beta (1 - u), which is the heavy ball with the
momentum beta (1 - u) (I. Sutskever et al., ICML 2013).
"""

import math

import numpy as np

from momentum_lab.arguments import real_numbers
from momentum_lab.slips import Slip

METHODS = ("gradient descent", "heavy ball", "Nesterov")


def no_theory(method):
    """Return the slip of a method that is none of `METHODS`."""
    return Slip(f"There is theory for {', '.join(METHODS)}; not for {method!r}.")


@real_numbers("u", "beta")
def polynomial(method, u, beta=0.0):
    """Return p and d of z^2 - p z + d, the polynomial whose roots drive one direction.

    Parameters
    ----------
    method : str
        One of `METHODS`.
    u : float or array
        Learning rate times curvature.
    beta : float or array
        Momentum; gradient descent has none.

    Returns
    -------
    tuple of two floats or arrays
    """
    if method == "gradient descent":
        return 1 - u + 0.0 * beta, 0.0 * (u + beta)
    if method == "heavy ball":
        return 1 + beta - u, beta + 0.0 * u
    if method == "Nesterov":
        return (1 + beta) * (1 - u), beta * (1 - u)
    raise no_theory(method)


def iteration_matrix(method, u, beta=0.0):
    """Return the matrix that turns (error[t], error[t - 1]) into (error[t + 1], error[t]), shape (..., 2, 2)."""
    p, d = np.broadcast_arrays(*polynomial(method, u, beta))
    matrix = np.zeros((*p.shape, 2, 2))
    matrix[..., 0, 0], matrix[..., 0, 1], matrix[..., 1, 0] = p, -d, 1
    return matrix


@real_numbers("u", "beta")
def rate(method, u, beta=0.0):
    """Return the factor by which the error shrinks per step in the long run: the larger |root|.

    Below 1 the direction converges.  For the heavy ball the roots are complex for
    (1 - sqrt(beta))^2 < u < (1 + sqrt(beta))^2, and the rate there is sqrt(beta), whatever u is.

    Returns
    -------
    float or array
    """
    p, d = polynomial(method, np.asarray(u, dtype=float), beta)
    with np.errstate(over="ignore"):
        spread = p * p / 4 - d
        real = np.abs(p) / 2 + np.sqrt(np.maximum(spread, 0))
    return np.where(spread < 0, np.sqrt(np.abs(d)), real)[()]


@real_numbers("u", "beta")
def position(method, steps, u, beta=0.0):
    """Return error[steps] / error[0] of a run that starts at rest, without running it.

    With S[n] = (r1^n - r2^n) / (r1 - r2), where r1 and r2 are the roots, the error is S[n + 1] - d S[n].  S is found
    by doubling n as often as needed, like Fibonacci numbers (which are S for p = 1, d = -1): no root is computed, so
    equal roots, where the best settings lie, need no special care.

    Parameters
    ----------
    method : str
        One of `METHODS`.
    steps : int
        Number of updates, 0 or more.
    u, beta : float or array
        Learning rate times curvature; momentum.

    Returns
    -------
    float or array
        Infinite where the error has outgrown the machine.
    """
    _check_steps(steps)
    p, d = polynomial(method, np.asarray(u, dtype=float), beta)
    here, after = np.zeros(np.broadcast(p, d).shape), np.ones(np.broadcast(p, d).shape)
    with np.errstate(all="ignore"):
        for digit in f"{steps:b}":
            square = after * after - d * (here * here)
            here = here * (2 * after - p * here)
            here, after = (square, p * square - d * here) if digit == "1" else (here, square)
        error = after - d * here
    return np.where(np.isnan(error), np.inf, error)[()]


@real_numbers("u", "beta")
def positions(method, steps, u, beta=0.0):
    """Return error[0], error[1], ..., error[steps] of a run that starts at rest from 1, without running it.

    The error k steps later is a mixture of the last two errors.  The weights of the next sqrt(steps) errors are found
    step by step, and then used in sqrt(steps) strides: as exact as the steps themselves, and quicker.

    Parameters
    ----------
    method, steps, u, beta
        As in `position`.

    Returns
    -------
    array of shape (steps + 1, ...)
        Infinite where the error has outgrown the machine.
    """
    _check_steps(steps)
    p, d = np.broadcast_arrays(*polynomial(method, np.asarray(u, dtype=float), beta))
    stride, zero, one = math.isqrt(steps) + 2, np.zeros(p.shape), np.ones(p.shape)
    weights = [np.stack([zero, one]), np.stack([one, zero])]  # of (last, last but one), for steps -1 and 0
    errors = [one[np.newaxis]]
    with np.errstate(all="ignore"):
        for _ in range(stride):
            weights.append(p * weights[-1] - d * weights[-2])
        of_last, of_last_but_one = np.stack(weights[2:], axis=1)
        last = last_but_one = one  # at rest
        for _ in range(stride):
            errors.append(of_last * last + of_last_but_one * last_but_one)
            last_but_one, last = errors[-1][-2:]
    errors = np.concatenate(errors)[: steps + 1]
    return np.where(np.isnan(errors), np.inf, errors)


def _check_steps(steps):
    if not isinstance(steps, int | np.integer) or steps < 0:
        raise Slip(f"The number of steps is a whole number from 0 on; this is {steps!r}.")
