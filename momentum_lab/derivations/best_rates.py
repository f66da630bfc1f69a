"""How fast it can get: the best settings of gradient descent and of the heavy ball, and what momentum gains."""

import functools

import sympy as sp

from momentum_lab.derivations.core import Derivation, Step, equal, greater
from momentum_lab.derivations.heavy_ball import POLYNOMIAL
from momentum_lab.derivations.symbols import L, beta, between, eta, kappa, mu, q, s, u, z

rho = sp.Symbol("rho", positive=True)


@functools.cache
def gradient_descent():
    """Return the derivation of gradient descent's best learning rate, and of its number of steps."""
    delta = sp.Symbol("delta", positive=True)
    return Derivation(
        "Gradient descent at its best",
        (
            Step("The learning rate", equal(eta, 2 / (L + mu)), "Choose this.", premise=True),
            Step(
                "Both ends shrink alike",
                equal(1 - eta * mu, eta * L - 1),
                "The rate is the larger of |1 − ημ| and |1 − ηL|. A larger η is worse for the steepest direction, "
                "a smaller one for the softest.",
            ),
            Step("Curvatures", equal(L, kappa * mu), "The steepest is κ times the softest.", premise=True),
            Step("The rate", equal(1 - eta * mu, (kappa - 1) / (kappa + 1)), "Per step, in either direction."),
            Step(
                "How many steps",
                equal(-sp.log((1 - delta) / (1 + delta)), 2 * delta + 2 * delta**3 / 3 + sp.O(delta**5)),
                "A step leaves (1 − δ)/(1 + δ) with δ = 1/κ. To get down to a factor ε takes ln(1/ε) divided by this, "
                "about κ/2 ln(1/ε). The heavy ball has δ = 1/√κ: about √κ/2 ln(1/ε), and more for its equal roots.",
            ),
        ),
    )


@functools.cache
def best_settings():
    """Return the proof that no settings of the heavy ball have a rate below (sqrt(kappa) - 1) / (sqrt(kappa) + 1)."""
    root = sp.Symbol("K", positive=True)
    at = POLYNOMIAL.subs(z, rho)
    bound = (1 + rho) * (rho + beta) / ((1 - rho) * (rho - beta))
    rate = (root - 1) / (root + 1)
    share = sp.Symbol("beta", real=True)  # gradient descent has none, and a negative one is allowed here
    at, bound = at.subs(beta, share), bound.subs(beta, share)
    smaller = {share: between(-(rho**2), rho**2), rho: 1 / (1 + s)}
    return Derivation(
        "The best heavy ball",
        (
            Step(
                "A rate ρ asks something of the softest direction",
                equal(at.subs(u, eta * mu), eta * mu * rho - (1 - rho) * (rho - share)),
                "The rate ρ < 1 is the length of the longest root: what a step leaves in the long run. If no root is "
                "longer, the polynomial is not negative at ρ. So ημρ ≥ (1 − ρ)(ρ − β).",
            ),
            Step(
                "And of the steepest",
                equal(
                    POLYNOMIAL.subs({z: -rho, beta: share}).subs(u, eta * L), (1 + rho) * (rho + share) - eta * L * rho
                ),
                "Nor is it negative at −ρ. So ηLρ ≤ (1 + ρ)(ρ + β). Divide the two: κ is at most a fraction in β.",
            ),
            Step(
                "The fraction is largest for the largest β",
                greater(bound.subs(share, rho**2), bound),
                "The roots multiply to β, so it lies between −ρ² and ρ². With ρ < 1 that makes ρ − β positive, and the "
                "division was allowed. Below ρ² the fraction is smaller.",
                where=smaller,
                when="−ρ² < β < ρ² and 0 < ρ < 1",
            ),
            Step(
                "There it is a square",
                equal(bound.subs(share, rho**2), ((1 + rho) / (1 - rho)) ** 2),
                "So κ ≤ ((1 + ρ)/(1 − ρ))², for any settings.",
            ),
            Step("The root of κ", equal(kappa, root**2), "Call it K.", premise=True),
            Step(
                "No rate is below this one",
                equal(((1 + rate) / (1 - rate)) ** 2, kappa),
                "Solve for ρ: at this ρ, (√κ − 1)/(√κ + 1), the bound is κ itself; for a smaller ρ it is less than κ.",
            ),
            Step("Curvatures", equal(L, kappa * mu), "The steepest is κ times the softest.", premise=True),
            Step(
                "A learning rate",
                equal(eta, 4 / (mu * (1 + root) ** 2)),
                "Choose 4/(√L + √μ)², written with μ and K; and β = ρ².",
                premise=True,
            ),
            Step(
                "It reaches that rate in the softest direction",
                equal(eta * mu, (1 - rate) ** 2),
                "u = (1 − ρ)² is one end of the range with complex roots.",
            ),
            Step(
                "And in the steepest",
                equal(eta * L, (1 + rate) ** 2),
                "u = (1 + ρ)² is the other end. Every direction in between has complex roots of the length √β = ρ.",
            ),
        ),
    )


@functools.cache
def slow_direction():
    """Return the series of the slow root for a small u, and how much momentum gains at critical damping."""
    root = sp.Mul(sp.Rational(1, 2), 1 + beta - u + sp.sqrt((1 + beta - u) ** 2 - 4 * beta), evaluate=False)
    delta = sp.Symbol("delta", positive=True)
    critical, plainly = sp.symbols("u_1 d_0")
    return Derivation(
        "What momentum does for a slow direction",
        (
            Step(
                "What a step forgets",
                equal(beta, 1 - delta),
                "δ is the share of the velocity that is lost.",
                premise=True,
            ),
            Step(
                "The slow root",
                equal(root, 1 - u / (1 - beta) - beta * u**2 / (1 - beta) ** 3 + sp.O(u**3)),
                "For a small u: gradient descent with the learning rate η/(1 − β), and a little faster. "
                "With a negative u it is the way out of a saddle.",
            ),
            Step("At critical damping", equal(critical, (1 - q) ** 2), "With q = √β.", premise=True),
            Step(
                "Both roots are q there",
                equal(z**2 - (1 + q**2 - critical) * z + q**2, (z - q) ** 2),
                "In the long run a step leaves q of the error, and takes off 1 − q.",
            ),
            Step(
                "Gradient descent there",
                equal(plainly, critical),
                "With the same learning rate a step takes off u.",
                premise=True,
            ),
            Step("The gain", equal((1 - q) / plainly, 1 / (1 - q)), "At β = 0.9 it is 19.487."),
            Step(
                "About twice 1/(1 − β)",
                equal(sp.Limit((1 - q**2) / (1 - q), q, 1, "-"), 2),
                "For β near 1: the gain, times 1 − β.",
            ),
        ),
    )
