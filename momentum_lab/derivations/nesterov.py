"""Nesterov's method on one direction of a quadratic: a heavy ball whose momentum depends on the curvature."""

import functools

import sympy as sp

from momentum_lab.derivations.core import Derivation, Step, equal, greater, less
from momentum_lab.derivations.symbols import BELOW_ONE, a, beta, between, eta, s, u, z

x, before, ahead, after = sp.symbols("x x_before x_ahead x_next")
c = sp.Symbol("c", positive=True)

POLYNOMIAL = z**2 - (1 + beta) * (1 - u) * z + beta * (1 - u)


@functools.cache
def modes():
    """Return the derivation of the two-step form, of the momentum it amounts to, and when its roots are complex."""
    spread = c * ((1 + beta) ** 2 * c - 4 * beta)
    return Derivation(
        "What one direction does under Nesterov's method",
        (
            Step(
                "The point looked ahead to",
                equal(ahead, x + beta * (x - before)),
                "The last step once more, times β.",
                premise=True,
            ),
            Step("The step", equal(after, ahead - u * ahead), "From there, along the slope there.", premise=True),
            Step(
                "A mixture of the last two errors",
                equal(after, (1 + beta) * (1 - u) * x - beta * (1 - u) * before),
                "Put in the point looked ahead to.",
            ),
            Step(
                "A heavy ball with another momentum",
                equal(after, x - u * x + beta * (1 - u) * (x - before)),
                "The same: a gradient step from x, and the last step times β(1 − u). In soft directions, where u is "
                "small, nothing changes; in steep ones the momentum is less, and for u > 1 negative.",
            ),
            Step(
                "The polynomial of this mixture",
                equal(
                    sp.Determinant(z * sp.eye(2) - sp.Matrix([[(1 + beta) * (1 - u), -beta * (1 - u)], [1, 0]])),
                    POLYNOMIAL,
                ),
                "The matrix turns the last two errors into the next two.",
            ),
            Step("What a gradient step leaves", equal(u, 1 - c), "Call it c; it is 1 − u.", premise=True),
            Step(
                "What is under the root",
                equal((1 + beta) ** 2 * (1 - u) ** 2 - 4 * beta * (1 - u), spread),
                "It is negative for 0 < c < 4β/(1 + β)².",
            ),
            Step(
                "There the roots are complex",
                less(spread, 0),
                "That is for ((1 − β)/(1 + β))² < u < 1, and their length is √(β(1 − u)).",
                where={u: 1 - c, c: between(0, 4 * beta / (1 + beta) ** 2), **BELOW_ONE},
                when="0 < c < 4β/(1 + β)² and 0 < β < 1",
            ),
            Step(
                "The lower end of the swing",
                equal(1 - 4 * beta / (1 + beta) ** 2, ((1 - beta) / (1 + beta)) ** 2),
                "Critical damping: c = 4β/(1 + β)², written with u.",
            ),
        ),
    )


@functools.cache
def stability():
    """Return the derivation of 0 < u < 2 (1 + beta) / (1 + 2 beta), which is less than the heavy ball allows."""
    w = sp.Symbol("w")
    limit = 2 * (1 + beta) / (1 + 2 * beta)
    mapped = sp.expand(sp.cancel(POLYNOMIAL.subs(z, (1 + w) / (1 - w)) * (1 - w) ** 2))
    within = {u: between(0, limit), **BELOW_ONE}
    at_minus_one, middle = 2 * (1 + beta) - u * (1 + 2 * beta), 2 * (1 - beta + beta * u)
    return Derivation(
        "Where Nesterov's method converges",
        (
            Step("A learning rate that is not too large", less(u, limit), "Suppose this.", premise=True),
            Step(
                "At z = −1",
                equal(sp.Subs(POLYNOMIAL, z, -1), at_minus_one),
                "At z = 1 the polynomial is u, which is positive. Here it is positive as long as we supposed.",
            ),
            Step(
                "From the circle to a half-plane",
                equal(mapped, at_minus_one * w**2 + middle * w + u),
                "With z = (1 + w)/(1 − w), as for the heavy ball: the three coefficients must have one sign.",
            ),
            Step(
                "The first coefficient",
                greater(at_minus_one, 0),
                "By what we supposed.",
                where=within,
                when="0 < u < the limit and 0 < β < 1",
            ),
            Step(
                "The second coefficient", greater(middle, 0), "It is positive anyway.", where=within, when="0 < β < 1"
            ),
            Step(
                "Beyond the limit",
                less(sp.Subs(at_minus_one, u, limit + a), 0),
                "There the first coefficient is −a(1 + 2β): the direction diverges.",
                where=within,
                when="0 < β < 1",
            ),
            Step(
                "Less than the heavy ball allows",
                equal(2 * (1 + beta) - limit, 4 * beta * (1 + beta) / (1 + 2 * beta)),
                "The difference is positive for every β above 0.",
            ),
            Step(
                "Less than gradient descent allows",
                equal(2 - limit, 2 * beta / (1 + 2 * beta)),
                "Looking ahead costs room: at β = 0.9 the limit is 1.357 instead of 2.",
            ),
        ),
    )


@functools.cache
def correction():
    """Return the derivation of what Nesterov's method adds to a heavy ball, for every function with a gradient."""
    place, moved, phi_last, phi, phi_next = sp.symbols("theta theta_next phi_last phi phi_next")
    g_last, g = sp.symbols("G_last G")
    heavy_ball = phi - eta * g + beta * (phi - phi_last)
    return Derivation(
        "Why it is no heavy ball",
        (
            Step("Where it is", equal(place, phi_last - eta * g_last), "From the last point ahead.", premise=True),
            Step("Where it will be", equal(moved, phi - eta * g), "From this one; G is the gradient.", premise=True),
            Step("Memory", equal(phi_next, moved + beta * (moved - place)), "The next point ahead.", premise=True),
            Step(
                "A heavy ball, and a correction",
                equal(phi_next, heavy_ball - beta * eta * (g - g_last)),
                "Put the first two into the third: the points ahead walk like a heavy ball, less β η times the change "
                "of the gradient.",
            ),
            Step(
                "On a parabola",
                equal(g, g_last + u / eta * (phi - phi_last)),
                "There the gradient grows evenly, by the curvature u/η times the way.",
                premise=True,
            ),
            Step(
                "Less memory",
                equal(phi_next, phi - eta * g + beta * (1 - u) * (phi - phi_last)),
                "The correction takes the share u of the memory.",
            ),
        ),
    )


@functools.cache
def textbook_rate():
    """Return the derivation of 1 - 1/sqrt(kappa), for lr = 1/L and the usual beta: a double root in the softest."""
    root = sp.Symbol("K", positive=True)
    momentum, steep = (root - 1) / (root + 1), sp.Symbol("w")
    return Derivation(
        "Nesterov's usual settings",
        (
            Step("The usual momentum", equal(beta, momentum), "With K the root of κ.", premise=True),
            Step("The softest direction", equal(u, 1 / root**2), "η = 1/L, so u = μ/L = 1/κ.", premise=True),
            Step(
                "Equal roots",
                equal((1 + beta) ** 2 * (1 - u) ** 2 - 4 * beta * (1 - u), 0),
                "Nothing is under the root: this β is the critical one of the softest direction.",
            ),
            Step(
                "The rate",
                equal((1 + beta) * (1 - u) / 2, 1 - 1 / root),
                "Per step, on quadratics: 1 − 1/√κ. In between the roots are complex and of the length √(β(1 − u)), "
                "which is less. The fraction (√κ − 1)/(√κ + 1), often given as the rate, is β.",
            ),
            Step(
                "The steepest direction",
                equal(sp.Subs(POLYNOMIAL.subs(u, steep), (steep, z), (1, 0)), 0),
                "There u = 1, here called w, both roots are 0, and two steps take off everything.",
            ),
        ),
    )


@functools.cache
def best_settings():
    """Return the check of lr = 4 / (3 L + mu): a double root at one end and the same rate at the other."""
    w = sp.Symbol("w", positive=True)
    condition, rho = (w**2 - 1) / 3, 1 - 2 / w
    steepest, softest = 4 * condition / (3 * condition + 1), 4 / (3 * condition + 1)
    return Derivation(
        "A good setting of Nesterov's method on quadratics",
        (
            Step("Momentum", equal(beta, (w - 2) / (w + 2)), "With w = √(3κ + 1).", premise=True),
            Step(
                "The softest direction has the root ρ",
                equal(sp.Subs(POLYNOMIAL, (u, z), (softest, rho)), 0),
                "With η = 4/(3L + μ) its u is 4/(3κ + 1), and ρ = 1 − 2/w.",
            ),
            Step(
                "Twice",
                equal(sp.Subs(sp.Derivative(POLYNOMIAL, z), (u, z), (softest, rho)), 0),
                "The slope of the polynomial vanishes there too.",
            ),
            Step(
                "The steepest has the root −ρ",
                equal(sp.Subs(POLYNOMIAL, (u, z), (steepest, -rho)), 0),
                "So both ends shrink alike, by the factor 1 − 2/√(3κ + 1) a step. That no other settings do better, "
                "and that directions in between are no slower, is not shown here.",
            ),
            Step(
                "Its other root is smaller",
                greater(rho**2 - (beta * (steepest - 1)) ** 2 / rho**2, 0),
                "The roots multiply to β(1 − u); for w > 2, that is κ > 1, the other one is closer to zero.",
                where={beta: (w - 2) / (w + 2), w: 2 + s},
                when="w > 2",
            ),
        ),
    )
