"""The ball behind the heavy ball: mass, friction, energy; and the equation behind Nesterov's growing momentum."""

import functools

import sympy as sp

from momentum_lab.derivations.core import Derivation, Step, equal
from momentum_lab.derivations.symbols import beta

m, c, h = sp.symbols("m c h", positive=True)
x, before, after, G, velocity = sp.symbols("x x_before x_next G V")
T = sp.Symbol("t", positive=True)


@functools.cache
def two_discretisations():
    """Return the derivation of two maps from mass and friction to lr and beta; both have lr / (1 - beta) = h / c."""
    qian = x - h**2 / (m + c * h) * G + m / (m + c * h) * (x - before)
    semi = x - h**2 / m * G + (1 - c * h / m) * (x - before)
    faster, lr, lr_semi, momentum = sp.symbols("V_next eta eta_2 beta_2", positive=True)
    return Derivation(
        "A ball, looked at now and then",
        (
            Step(
                "Qian's way to cut time",
                equal(after, qian),
                "Mass times the central second difference, friction times the forward first one, and the slope G.",
                premise=True,
            ),
            Step(
                "It obeys the equation of motion",
                equal(m * (after - 2 * x + before) / h**2 + c * (after - x) / h + G, 0),
                "Cut into steps of length h: mass times acceleration, friction, slope.",
            ),
            Step("Qian's learning rate", equal(lr, h**2 / (m + c * h)), "Read off.", premise=True),
            Step("Qian's momentum", equal(beta, m / (m + c * h)), "Read off.", premise=True),
            Step(
                "How long a step is in the end",
                equal(lr / (1 - beta), h / c),
                "On a steady slope G a step has the length ηG/(1 − β) = hG/c: the mass drops out.",
            ),
            Step("Another way: velocity first", equal(velocity, (x - before) / h), "Speed so far.", premise=True),
            Step(
                "The new velocity",
                equal(faster, velocity + h * (-c * velocity - G) / m),
                "Friction and slope change it.",
                premise=True,
            ),
            Step(
                "Then the place",
                equal(x + h * faster, semi),
                "The heavy ball again, with other settings: semi-implicit Euler.",
            ),
            Step("Its learning rate", equal(lr_semi, h**2 / m), "Read off.", premise=True),
            Step("Its momentum", equal(momentum, 1 - c * h / m), "Read off; it is above 0 for ch < m.", premise=True),
            Step("The same length in the end", equal(lr_semi / (1 - momentum), h / c), "Again without the mass."),
        ),
    )


@functools.cache
def energy():
    """Return the derivation of the energy that friction takes, and of its decay on strongly convex slopes."""
    place, f = sp.Function("x")(T), sp.Function("f")
    critical = sp.Function("X")(T)
    r = sp.Symbol("r", positive=True)
    speed, slope = sp.Derivative(critical, T), sp.diff(f(critical), critical)
    total = m * sp.Derivative(place, T) ** 2 / 2 + f(place)
    stored = f(critical) + (r * critical + speed) ** 2 / 2
    force = -c * sp.Derivative(place, T) - sp.diff(f(place), place)
    bound = r * (f(critical) - critical * slope + r**2 * critical**2 / 2) - r * speed**2 / 2
    return Derivation(
        "Energy",
        (
            Step(
                "The equation of motion",
                equal(sp.Derivative(place, (T, 2)), force / m),
                "Mass times acceleration is friction and slope.",
                premise=True,
            ),
            Step(
                "What friction takes",
                equal(sp.Derivative(total, T), -c * sp.Derivative(place, T) ** 2),
                "The energy of motion and height together never grows; without friction it stays.",
            ),
            Step(
                "A special friction",
                equal(sp.Derivative(critical, (T, 2)), -2 * r * speed - slope),
                "For a minimum at 0 of height 0 and curvature at least μ: mass 1 and friction 2r, where r is √μ.",
                premise=True,
            ),
            Step(
                "Another energy fades at the rate √μ at least",
                equal(sp.Derivative(stored, T) + r * stored, bound),
                "Height, and the square of rX + X′. Curvature at least μ means that the bracket is not positive, "
                "F − gX + μX²/2 ≤ 0. Nor is the rest. So the energy falls at least like exp(−√μ t).",
            ),
        ),
    )


@functools.cache
def nesterov_equation():
    """Return the derivation of X'' + 3/t X' + f' = 0 behind beta = (k - 1)/(k + 2), and of f <= 2 |x0|^2 / t^2."""
    x0, x1, x2, k, left = sp.symbols("X_0 X_1 X_2 k R")
    residual = (after - x) - (k - 1) / (k + 2) * (x - before) + h**2 * G
    curvature = sp.Symbol("lambda", positive=True)
    bessel = 2 * sp.besselj(1, sp.sqrt(curvature) * T) / (sp.sqrt(curvature) * T)
    place, f = sp.Function("X")(T), sp.Function("f")
    speed, slope = sp.Derivative(place, T), sp.diff(f(place), place)
    stored = T**2 * f(place) + 2 * (place + T * speed / 2) ** 2
    return Derivation(
        "The equation behind a growing momentum",
        (
            Step(
                "One step",
                equal(left, residual),
                "Zero at every step, with η = h². The slope G is taken ahead.",
                premise=True,
            ),
            Step("Where we are", equal(x, x0), "At time t = kh.", premise=True),
            Step(
                "One step on",
                equal(after, x0 + h * x1 + h**2 * x2 / 2),
                "Taylor's series up to h²; X₁ and X₂ are derivatives. What is left out is gone in the limit.",
                premise=True,
            ),
            Step("One step back", equal(before, x0 - h * x1 + h**2 * x2 / 2), "The same, backwards.", premise=True),
            Step("The number of steps", equal(k, T / h), "Time over step; it grows as h falls.", premise=True),
            Step(
                "For small steps",
                equal(sp.Limit(left / h**2, h, 0), x2 + 3 * x1 / T + G),
                "Friction is 3/t: strong at first, and ever weaker.",
            ),
            Step(
                "Its solution in a bowl",
                equal(sp.Derivative(bessel, (T, 2)) + 3 / T * sp.Derivative(bessel, T) + curvature * bessel, 0),
                "From rest at 1: a Bessel function, which swings and fades.",
            ),
            Step("It starts at 1", equal(sp.Limit(bessel.subs(curvature, 1), T, 0), 1), "For λ = 1."),
            Step(
                "On any slope",
                equal(sp.Derivative(place, (T, 2)), -3 / T * speed - slope),
                "The same equation, for a function f with a minimum at 0 of height 0.",
                premise=True,
            ),
            Step(
                "An energy that never grows",
                equal(sp.Derivative(stored, T), 2 * T * (f(place) - place * slope)),
                "On a convex function f ≤ Xf′. So t²f stays below what the energy is at the start, 2x₀²: "
                "the height falls like 1/t².",
            ),
        ),
    )
