"""The heavy ball on one direction of a quadratic: two numbers decide everything.

One direction has the slope lambda x.  All that matters is u = eta lambda, learning rate times curvature, and beta.
"""

import functools

import sympy as sp

from momentum_lab.derivations.core import Derivation, Step, equal, greater, less
from momentum_lab.derivations.symbols import BELOW_ONE, L, a, beta, between, eta, kappa, mu, q, s, t, u, z

x, before, after, v, v_after = sp.symbols("x x_before x_next v v_next")
r1, r2, p, d = sp.symbols("r_1 r_2 p d")
rho = sp.Symbol("rho", positive=True)

POLYNOMIAL = z**2 - (1 + beta - u) * z + beta


@functools.cache
def modes():
    """Return the derivation of the two-step form, its polynomial, and when its roots are complex."""
    spread = (1 + q**2 - u) ** 2 - 4 * q**2
    inside = {u: between((1 - q) ** 2, (1 + q) ** 2), q: 1 / (1 + s)}
    real, imaginary = (1 + q**2 - u) / 2, sp.sqrt(4 * q**2 - (1 + q**2 - u) ** 2) / 2
    return Derivation(
        "What one direction does",
        (
            Step("How we came here", equal(v, before - x), "The velocity is the last step, downhill.", premise=True),
            Step(
                "The new velocity",
                equal(v_after, beta * v + u * x),
                "The rule, with the slope λx times the learning rate η: together ux.",
                premise=True,
            ),
            Step("The step", equal(after, x - v_after), "The velocity points uphill.", premise=True),
            Step(
                "Without the velocity",
                equal(after, (1 + beta - u) * x - beta * before),
                "Put the velocities in: the next error is a mixture of the last two.",
            ),
            Step(
                "The polynomial of this mixture",
                equal(
                    sp.Determinant(z * sp.eye(2) - sp.Matrix([[1 + beta - u, -beta], [1, 0]])),
                    z**2 - (1 + beta - u) * z + beta,
                ),
                "The matrix turns the last two errors into the next two. Its eigenvalues are the roots.",
            ),
            Step(
                "What is under the root",
                equal(spread, (u - (1 - q) ** 2) * (u - (1 + q) ** 2)),
                "With q = √β. The sign changes at two values of u.",
            ),
            Step(
                "Between them the roots are complex",
                less(spread, 0),
                "For (1 − q)² < u < (1 + q)² the direction swings.",
                where=inside,
            ),
            Step(
                "And as long as √β",
                equal(real**2 + imaginary**2, q**2),
                "A complex root and its mirror image multiply to β, so each has the length √β, whatever u is.",
            ),
        ),
    )


@functools.cache
def stability():
    """Return the derivation of 0 < u < 2 (1 + beta), by Jury's conditions and a map of the circle to a half-plane."""
    w = sp.Symbol("w")
    mapped = sp.expand(sp.cancel(POLYNOMIAL.subs(z, (1 + w) / (1 - w)) * (1 - w) ** 2))
    within = {u: between(0, 2 * (1 + beta)), **BELOW_ONE}
    return Derivation(
        "Where the heavy ball converges",
        (
            Step("A learning rate that is not too large", less(u, 2 * (1 + beta)), "Suppose this.", premise=True),
            Step(
                "At z = 1",
                equal(sp.Subs(POLYNOMIAL, z, 1), u),
                "The first condition: this must be positive, and it is.",
            ),
            Step(
                "At z = −1",
                equal(sp.Subs(POLYNOMIAL, z, -1), 2 * (1 + beta) - u),
                "The second condition: it is positive just as long as u < 2(1 + β).",
            ),
            Step(
                "From the circle to a half-plane",
                equal(mapped, (2 * (1 + beta) - u) * w**2 + 2 * (1 - beta) * w + u),
                "Put z = (1 + w)/(1 − w) and multiply by (1 − w)². |z| < 1 becomes: the real part of w is negative. "
                "A quadratic has both roots there exactly if its three coefficients have the same sign.",
            ),
            Step("The first coefficient", greater(2 * (1 + beta) - u, 0), "By what we supposed.", where=within),
            Step("The second coefficient", greater(2 * (1 - beta), 0), "For 0 < β < 1.", where=BELOW_ONE),
            Step(
                "Beyond the limit",
                less(2 * (1 + beta) - (2 * (1 + beta) + a), 0),
                "For u = 2(1 + β) + a the first coefficient has another sign than the others: the direction diverges.",
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
    smaller = {beta: rho**2 * a / (1 + a), rho: 1 / (1 + s)}
    return Derivation(
        "The best heavy ball",
        (
            Step(
                "A rate ρ asks something of the softest direction",
                equal(at.subs(u, eta * mu), eta * mu * rho - (1 - rho) * (rho - beta)),
                "If no root is longer than ρ, the polynomial is not negative at ρ. So ημρ ≥ (1 − ρ)(ρ − β).",
            ),
            Step(
                "And of the steepest",
                equal(POLYNOMIAL.subs(z, -rho).subs(u, eta * L), (1 + rho) * (rho + beta) - eta * L * rho),
                "Nor is it negative at −ρ. So ηLρ ≤ (1 + ρ)(ρ + β). Divide the two: κ is at most a fraction in β.",
            ),
            Step(
                "The fraction is largest for the largest β",
                greater(bound.subs(beta, rho**2), bound),
                "The roots multiply to β, so β ≤ ρ². Below ρ² the fraction is smaller.",
                where=smaller,
            ),
            Step(
                "There it is a square",
                equal(bound.subs(beta, rho**2), ((1 + rho) / (1 - rho)) ** 2),
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
            Step("And in the steepest", equal(eta * L, (1 + rate) ** 2), "u = (1 + ρ)² is the other end."),
        ),
    )


@functools.cache
def double_root():
    """Return the derivation of (1 + (1 - r) t) r^t: why the best heavy ball first makes the error larger."""
    r, e = sp.Symbol("r", nonzero=True), sp.IndexedBase("e")
    jump = sp.Matrix([[2 * r, -(r**2)], [1, 0]])
    basis = sp.Matrix([[r, 1], [1, 0]])
    return Derivation(
        "Two equal roots",
        (
            Step("The start", equal(e[0], 1), "One unit away.", premise=True),
            Step("At rest", equal(e[-1], 1), "And one unit away before that.", premise=True),
            Step(
                "The mixture",
                equal(e[t], 2 * r * e[t - 1] - r**2 * e[t - 2]),
                "Both roots are r: at the best settings r = √β in the softest direction, −√β in the steepest.",
                premise=True,
            ),
            Step(
                "The error",
                equal(e[t], (1 + (1 - r) * t) * r**t),
                "By induction over t. It is no pure power: a factor grows in a straight line.",
                over=t,
            ),
            Step(
                "Why",
                equal(
                    sp.MatMul(jump, basis, evaluate=False),
                    sp.MatMul(basis, sp.Matrix([[r, 1], [0, r]]), evaluate=False),
                ),
                "The matrix has only one direction that it just stretches. In this basis it stretches by r and "
                "shears: its powers carry a factor t.",
            ),
        ),
    )


@functools.cache
def swinging():
    """Return the derivation of the error with two different roots, real or complex, from rest."""
    e = sp.IndexedBase("e")
    first, second = r1 * (1 - r2) / (r1 - r2), r2 * (1 - r1) / (r1 - r2)
    angle = sp.Rational(9, 10) + sp.Rational(3, 10) * sp.I
    c = sp.IndexedBase("c")
    return Derivation(
        "Two different roots",
        (
            Step("The start", equal(e[0], 1), "One unit away.", premise=True),
            Step("At rest", equal(e[-1], 1), "And one unit away before that.", premise=True),
            Step(
                "The mixture",
                equal(e[t], (r1 + r2) * e[t - 1] - r1 * r2 * e[t - 2]),
                "The polynomial with the roots r₁ and r₂.",
                premise=True,
            ),
            Step("The error", equal(e[t], first * r1**t - second * r2**t), "By induction over t.", over=t),
            Step("An example, the start", equal(c[0], 1), "β = 0.9 and u = 0.1.", premise=True),
            Step("The example, at rest", equal(c[-1], 1), "As before.", premise=True),
            Step(
                "The example's mixture",
                equal(c[t], sp.Rational(9, 5) * c[t - 1] - sp.Rational(9, 10) * c[t - 2]),
                "1 + 0.9 − 0.1 = 1.8.",
                premise=True,
            ),
            Step(
                "The example swings",
                equal(c[t], (angle**t + sp.conjugate(angle) ** t) / 2),
                "The real part of (0.9 + 0.3i)ᵗ, by induction over t.",
                over=t,
            ),
            Step(
                "How fast it fades",
                equal(angle * sp.conjugate(angle), sp.Rational(9, 10)),
                "The length of the root, squared, is β; it turns by an angle of arctan(1/3) a step.",
            ),
        ),
    )


@functools.cache
def slow_direction():
    """Return the series of the slow root for a small u, and how much momentum gains at critical damping."""
    root = (1 + beta - u + sp.sqrt((1 + beta - u) ** 2 - 4 * beta)) / 2
    taken_off, plainly = sp.symbols("d_1 d_0")
    return Derivation(
        "What momentum does for a slow direction",
        (
            Step(
                "The slow root",
                equal(root, 1 - u / (1 - beta) - beta * u**2 / (1 - beta) ** 3 + sp.O(u**3)),
                "For a small u: gradient descent with the learning rate η/(1 − β), and a little faster. "
                "With a negative u it is the way out of a saddle.",
                where={beta: 1 - s},
            ),
            Step(
                "At critical damping",
                equal(taken_off, 1 - q),
                "At u = (1 − √β)², with q = √β, a step in the long run leaves q of the error, and takes off the rest.",
                premise=True,
            ),
            Step(
                "Gradient descent there",
                equal(plainly, (1 - q) ** 2),
                "With the same learning rate it takes off u.",
                premise=True,
            ),
            Step("The gain", equal(taken_off / plainly, 1 / (1 - q)), "At β = 0.9 it is 19.487."),
            Step(
                "About twice 1/(1 − β)",
                equal(sp.Limit((1 - q**2) / (1 - q), q, 1), 2),
                "For β near 1: the gain, times 1 − β.",
            ),
        ),
    )


@functools.cache
def gradient_descent():
    """Return the derivation of gradient descent's best learning rate, and of its number of steps."""
    e = sp.Symbol("e", positive=True)
    return Derivation(
        "Gradient descent at its best",
        (
            Step("The learning rate", equal(eta, 2 / (L + mu)), "Choose this.", premise=True),
            Step(
                "Both ends shrink alike",
                equal(1 - eta * mu, eta * L - 1),
                "A larger η is worse for the steepest direction, a smaller one for the softest.",
            ),
            Step("Curvatures", equal(L, kappa * mu), "The steepest is κ times the softest.", premise=True),
            Step("The rate", equal(1 - eta * mu, (kappa - 1) / (kappa + 1)), "Per step, in either direction."),
            Step(
                "How many steps",
                equal(-sp.log((1 - e) / (1 + e)), 2 * e + 2 * e**3 / 3 + sp.O(e**5)),
                "The steps for a factor ε are ln(1/ε) over this, with e = 1/κ: about κ/2 ln(1/ε). The heavy ball has "
                "e = 1/√κ: about √κ/2 ln(1/ε), and some more for its double root.",
            ),
        ),
    )
