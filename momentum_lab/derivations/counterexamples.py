"""Where the heavy ball goes round for ever: three points on a line, and the corners of a polygon.

Sources: L. Lessard, B. Recht, A. Packard, SIAM J. Optim. 26 (2016) 57-95; B. Goujaud, A. Taylor, A. Dieuleveut,
arXiv 2307.11291 (2023).
"""

import functools

import sympy as sp

from momentum_lab.derivations.core import Derivation, Step, equal, greater, less
from momentum_lab.derivations.symbols import L, beta, eta, kappa, mu, s

one, two, three = sp.symbols("x_1 x_2 x_3")
g1, g2, g3 = sp.symbols("g_1 g_2 g_3")
theta = sp.Symbol("theta", real=True)
c = sp.Symbol("c", real=True)
root = sp.Symbol("K", positive=True)


@functools.cache
def three_points():
    """Return the derivation of the cycle 792/1225, -2208/1225, 2592/1225 on Lessard's curve."""
    high, low = sp.symbols("l m", positive=True)
    step = "One step of the heavy ball: x − ηf′(x) + β(x − the point before)."
    return Derivation(
        "Three points for ever",
        (
            Step(
                "The root of the largest curvature",
                equal(high, 5),
                "The slope f′ is 25x left of 1, x + 24 between 1 and 2, and 25x − 24 right of 2. Its steepness is "
                "25 at most.",
                premise=True,
            ),
            Step("The root of the smallest", equal(low, 1), "And 1 at least.", premise=True),
            Step(
                "The best learning rate for a quadratic", equal(eta, 4 / (high + low) ** 2), "Here 1/9.", premise=True
            ),
            Step(
                "The best momentum for a quadratic",
                equal(beta, ((high - low) / (high + low)) ** 2),
                "Here 4/9.",
                premise=True,
            ),
            Step("The first point", equal(one, sp.Rational(792, 1225)), "Try these three.", premise=True),
            Step("The second", equal(two, sp.Rational(-2208, 1225)), "Left of 1 as well.", premise=True),
            Step("The third", equal(three, sp.Rational(2592, 1225)), "Right of 2.", premise=True),
            Step("The first lies left of 1", less(one, 1), "There f′ is 25x."),
            Step("So does the second", less(two, 1), "There f′ is 25x."),
            Step("The third lies right of 2", greater(three, 2), "There f′ is 25x − 24."),
            Step("The slope at the first", equal(g1, 25 * one), "By its place.", premise=True),
            Step("At the second", equal(g2, 25 * two), "By its place.", premise=True),
            Step("At the third", equal(g3, 25 * three - 24), "By its place.", premise=True),
            Step("From the first to the second", equal(one - eta * g1 + beta * (one - three), two), step),
            Step("From the second to the third", equal(two - eta * g2 + beta * (two - one), three), step),
            Step("And back to the first", equal(three - eta * g3 + beta * (three - two), one), step),
        ),
    )


@functools.cache
def polygon():
    """Return the derivation of when a heavy ball goes round a regular polygon on a smooth, strongly convex function."""
    turn = sp.exp(sp.I * theta)
    real, imaginary = sp.symbols("p r", real=True)
    sine, y = sp.Symbol("S", positive=True), sp.Symbol("y", positive=True)
    largest = (1 + beta) ** 2 * (1 - c) ** 2 + (1 - beta) ** 2 * (1 - c**2)
    middle = 2 * (beta - c) * (kappa - 1) + 2 * (1 + beta) * (1 - c)
    first, second = sp.symbols("Q R", positive=True)
    inward = real - imaginary * (1 + c) / sine
    return Derivation(
        "Round a polygon",
        (
            Step(
                "The slope at a corner",
                equal(
                    ((1 + beta) - turn - beta / turn) / eta,
                    ((1 + beta) * (1 - sp.cos(theta)) - sp.I * (1 - beta) * sp.sin(theta)) / eta,
                ),
                "Corners are e^(iθt), θ a part of a full turn. To send the ball from one to the next, the slope there "
                "must be the corner times this number.",
            ),
            Step(
                "Along the radius",
                equal(real, (1 + beta) * (1 - c) / eta - mu),
                "Without μx; c is cos θ.",
                premise=True,
            ),
            Step("Across it", equal(imaginary, (1 - beta) * sine / eta), "Its size; S is sin θ.", premise=True),
            Step(
                "Half an angle",
                equal(sp.sin(theta) * sp.cot(theta / 2), 1 + sp.cos(theta)),
                "Two corners that are φ apart fit one convex function of curvature at most L − μ exactly if "
                "p − r cot(φ/2) ≥ (p² + r²)/(L − μ): the interpolation condition of Taylor, Hendrickx and Glineur "
                "(2017), "
                "taken from the literature. The cotangent is largest for neighbours, φ = θ.",
            ),
            Step(
                "Its square",
                equal(sine**2, 1 - c**2),
                "Pythagoras.",
                premise=True,
            ),
            Step(
                "The left side",
                equal(inward, 2 * (beta - c) / eta - mu),
                "For neighbours, with cot(θ/2) = (1 + cos θ)/sin θ.",
            ),
            Step("Curvatures", equal(L, kappa * mu), "The largest is κ times the smallest.", premise=True),
            Step("The learning rate", equal(eta, 1 / (mu * y)), "Let y be 1/(ημ).", premise=True),
            Step("A first number", equal(first, largest), "Shorter to write.", premise=True),
            Step("A second number", equal(second, middle), "Shorter to write.", premise=True),
            Step(
                "A quadratic in y",
                equal(
                    real**2 + imaginary**2 - (L - mu) * (2 * (beta - c) / eta - mu),
                    mu**2 * (first * y**2 - second * y + kappa),
                ),
                "Right side minus left side. A function on which the ball goes round exists exactly where it is "
                "not positive: "
                "the smallest learning rate belongs to its larger root.",
            ),
            Step(
                "Three corners, best settings",
                equal(first * y**2 - second * y + kappa, -(root**2 - 4 * root - 1) * (3 * root**2 + 4 * root - 3) / 16),
                "The second bracket is positive for K > 1. The first is negative from K = 2 + √5 on: a triangle exists "
                "exactly from κ = 17.94 on.",
                where={
                    y: (1 + root) ** 2 / 4,
                    beta: ((root - 1) / (root + 1)) ** 2,
                    kappa: root**2,
                    c: -sp.Rational(1, 2),
                    root: 1 + s,
                },
                when="c = −1/2 and the best settings for quadratics, y = (1 + K)²/4, β = ((K − 1)/(K + 1))², κ = "
                "K², K > 1",
            ),
        ),
    )
