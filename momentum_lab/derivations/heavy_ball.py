"""The heavy ball on one direction of a quadratic: two numbers decide everything.

One direction has the slope lambda x.  All that matters is u = eta lambda, learning rate times curvature, and beta.
"""

import functools

import sympy as sp

from momentum_lab.derivations.core import Derivation, Step, equal, greater, less
from momentum_lab.derivations.symbols import BELOW_ONE, a, beta, between, q, s, t, u, z

x, before, after, v, v_after = sp.symbols("x x_before x_next v v_next")
r1, r2, p, d = sp.symbols("r_1 r_2 p d")

POLYNOMIAL = z**2 - (1 + beta - u) * z + beta


@functools.cache
def modes():
    """Return the derivation of the two-step form, its polynomial, and when its roots are complex."""
    spread = (1 + q**2 - u) ** 2 - 4 * q**2
    inside = {u: between((1 - q) ** 2, (1 + q) ** 2), q: 1 / (1 + s)}
    return Derivation(
        "What one direction does",
        (
            Step(
                "How we came here",
                equal(v, before - x),
                "x is the distance from the minimum in this direction. The velocity is minus the last step.",
                premise=True,
            ),
            Step(
                "The new velocity",
                equal(v_after, beta * v + u * x),
                "The rule, with the slope λx times the learning rate η: together ux.",
                premise=True,
            ),
            Step(
                "The step", equal(after, x - v_after), "The velocity points uphill, so it is subtracted.", premise=True
            ),
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
                "A matrix turns the last two errors into the next two. z is one of its eigenvalues if this is zero.",
            ),
            Step("Another letter", equal(beta, q**2), "q is the root of β.", premise=True),
            Step(
                "What is under the root",
                equal((1 + beta - u) ** 2 - 4 * beta, (u - (1 - q) ** 2) * (u - (1 + q) ** 2)),
                "The sign changes at two values of u.",
            ),
            Step(
                "Between them the roots are complex",
                less(spread, 0),
                "Where the roots are complex the direction swings.",
                where={beta: q**2, **inside},
                when="(1 − q)² < u < (1 + q)² and 0 < q < 1",
            ),
            Step("The real part of a root", equal(p, (1 + beta - u) / 2), "Half the middle coefficient.", premise=True),
            Step(
                "Its imaginary part, squared",
                equal(d, beta - p**2),
                "What is under the root, with the sign turned, over four.",
                premise=True,
            ),
            Step(
                "It is a root",
                equal(p**2 - d - (1 + beta - u) * p + beta, 0),
                "The real part of the polynomial at p + i√d; the imaginary part is 2p√d − (1 + β − u)√d, zero as well.",
            ),
            Step(
                "And as long as √β",
                equal(p**2 + d, beta),
                "The square of its length. So every step shrinks the swing by √β, whatever u is.",
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
            Step(
                "A learning rate that is not too large",
                less(u, sp.Mul(2, 1 + beta, evaluate=False)),
                "Suppose this; u is positive anyway.",
                premise=True,
            ),
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
            Step(
                "The first coefficient",
                greater(2 * (1 + beta) - u, 0),
                "By what we supposed.",
                where=within,
                when="0 < u < 2(1 + β) and 0 < β < 1",
            ),
            Step(
                "The second coefficient",
                greater(2 * (1 - beta), 0),
                "The third is u.",
                where=within,
                when="0 < β < 1",
            ),
            Step(
                "Beyond the limit",
                less(sp.Subs(2 * (1 + beta) - u, u, 2 * (1 + beta) + a), 0),
                "The first coefficient has another sign than the others: the direction diverges. At the limit itself "
                "−1 is a root, and the swing neither grows nor fades.",
            ),
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
    general = ((1 - r2) * r1 ** (t + 1) - (1 - r1) * r2 ** (t + 1)) / (r1 - r2)
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
            Step("The error", equal(e[t], general), "For r₁ ≠ r₂, by induction over t.", over=t),
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
