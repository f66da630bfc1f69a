"""Noise: how close it lets a method come, and how large a learning rate it lets a method have."""

import functools

import sympy as sp

from momentum_lab.derivations.core import Derivation, Step, equal, greater
from momentum_lab.derivations.symbols import BELOW_ONE, beta, between, eta, s, u

S, lam, alpha, r = sp.symbols("S lambda alpha r", positive=True)
g0, g1 = sp.symbols("gamma_0 gamma_1")
c = sp.Symbol("c")


@functools.cache
def heavy_ball_floor():
    """Return the derivation of the variance that noise keeps up in one direction under the heavy ball."""
    floor = eta**2 * S * (1 + beta) / ((1 - beta) * u * (2 * (1 + beta) - u))
    same = {eta: alpha * (1 - beta), u: alpha * (1 - beta) * lam, **BELOW_ONE}
    written = eta * S * (1 + beta) / (lam * (1 - beta) * (2 * (1 + beta) - eta * lam))
    fair = alpha * S / (2 * lam) / (1 - alpha * lam * (1 - beta) / (2 * (1 + beta)))
    return Derivation(
        "The heavy ball's noise floor",
        (
            Step(
                "A guess for the variance",
                equal(g0, floor),
                "γ₀ is the mean of x², for 0 < u < 2(1 + β). The noise in each gradient has the variance S, and "
                "is independent "
                "from step to step.",
                premise=True,
            ),
            Step(
                "Neighbours in time",
                equal(g1, (1 + beta - u) * g0 / (1 + beta)),
                "γ₁ is the mean of x times the x before. The mixture says γ₁ = (1 + β − u)γ₀ − βγ₁; solved for γ₁.",
                premise=True,
            ),
            Step(
                "It keeps itself up",
                equal((1 + beta - u) ** 2 * g0 + beta**2 * g0 - 2 * beta * (1 + beta - u) * g1 + eta**2 * S, g0),
                "One step mixes the last two and adds noise of variance η²S: the variance stays what it is.",
            ),
            Step("Learning rate times curvature", equal(u, eta * lam), "η times λ.", premise=True),
            Step("With the curvature", equal(g0, written), "The same, with u written out."),
            Step(
                "At the same η/(1 − β)",
                equal(written, fair),
                "Call it α. For a small αλ the floor is αS/(2λ), whatever β is.",
                where=same,
                when="η = α(1 − β) and 0 < β < 1",
            ),
            Step(
                "Momentum does not raise it",
                greater(fair.subs(beta, 0) - fair, 0),
                "For a small αλ it hardly lowers it either; at αλ = 1 and β = 0.9 the floor is about half.",
                where={alpha: between(0, 2 / lam), **BELOW_ONE},
                when="0 < αλ < 2 and 0 < β < 1",
            ),
            Step(
                "For β towards 1",
                equal(sp.Limit(fair, beta, 1, "-"), alpha * S / (2 * lam)),
                "Where the learning rate goes to 0 with 1 − β.",
            ),
        ),
    )


@functools.cache
def nesterov_floor():
    """Return the derivation of the variance that noise keeps up in one direction under Nesterov's method."""
    first, second = (1 + beta) * c, beta * c
    floor = eta**2 * S * (1 + beta * c) / ((1 - beta * c) * (1 - c) * (1 + c + 2 * beta * c))
    return Derivation(
        "Nesterov's noise floor",
        (
            Step(
                "A guess for the variance",
                equal(g0, floor),
                "γ₀ is the mean of x², S the variance of the noise in each gradient, independent from step to step, "
                "c = 1 − u; for 0 < u < 2(1 + β)/(1 + 2β).",
                premise=True,
            ),
            Step(
                "Neighbours in time",
                equal(g1, first * g0 / (1 + second)),
                "γ₁ is the mean of x times the x before; from the mixture, as for the heavy ball.",
                premise=True,
            ),
            Step(
                "It keeps itself up",
                equal(first**2 * g0 + second**2 * g0 - 2 * first * second * g1 + eta**2 * S, g0),
                "One step mixes the last two and adds noise: the variance stays what it is.",
            ),
        ),
    )


@functools.cache
def curvature_noise():
    """Return the derivation of the learning rates at which the mean square still falls when the curvature is noisy."""
    q, a_square = sp.Symbol("Q", positive=True), (1 + beta - u) ** 2 + u**2 * r
    ball = sp.Matrix([[a_square, -2 * beta * (1 + beta - u), beta**2], [1 + beta - u, -beta, 0], [1, 0, 0]])
    ahead = sp.Matrix(
        [
            [(1 + beta) ** 2 * q, -2 * beta * (1 + beta) * q, beta**2 * q],
            [(1 + beta) * (1 - u), -beta * (1 - u), 0],
            [1, 0, 0],
        ]
    )
    one = sp.eye(3)
    limit = 2 * (1 - beta**2) / ((1 - beta) + r * (1 + beta))
    inside = 2 * (1 - beta**2) - u * ((1 - beta) + r * (1 + beta))
    quadratic = (
        2 * (1 - beta**2)
        - ((1 + r) * (1 + beta) - 2 * beta * (1 + 2 * beta)) * u
        - beta * (1 + 2 * beta) * (1 + r) * u**2
    )
    return Derivation(
        "Noise in the curvature",
        (
            Step(
                "Where the mean square stops falling",
                equal(sp.Determinant(one - ball), u * inside),
                "The matrix carries the means of x², of x times the x before, and of the x² before. Each gradient is "
                "multiplied by a random factor of mean 1 and variance r. The longest eigenvalue of such a matrix, "
                "which turns "
                "means of squares into means of squares, is a positive number (Perron and Frobenius), so growth begins "
                "where it is 1.",
            ),
            Step(
                "The heavy ball's limit",
                equal(sp.Subs(inside, u, limit), 0),
                "Solved for u. Without noise, r = 0, it is 2(1 + β); for strong noise about 2(1 − β)/r.",
            ),
            Step(
                "Below it the determinant is positive",
                greater(inside, 0),
                "There 1 is no eigenvalue.",
                where={u: between(0, limit), **BELOW_ONE},
                when="0 < u < the limit and 0 < β < 1",
            ),
            Step("Without noise", equal(sp.Subs(limit, r, 0), 2 * (1 + beta)), "The limit of a noiseless quadratic."),
            Step(
                "With strong noise",
                equal(sp.Limit(limit * r, r, sp.oo), 2 * (1 - beta)),
                "Then the learning rate has to shrink with 1 − β.",
                where={beta: 1 / (1 + s)},
                when="0 < β < 1",
            ),
            Step(
                "What noise does to a gradient step",
                equal(q, (1 - u) ** 2 + u**2 * r),
                "The mean square of what one leaves. Nesterov's method is a gradient step from the point ahead.",
                premise=True,
            ),
            Step(
                "Nesterov's method",
                equal(sp.Determinant(one - ahead), u * quadratic),
                "The same with the mixture of Nesterov's method: the limit is the positive root of the quadratic.",
            ),
        ),
    )
