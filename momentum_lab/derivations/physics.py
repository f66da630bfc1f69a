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
                "The speed in the end",
                equal(lr / (1 - beta), h / c),
                "On a steady slope: the mass drops out, friction alone decides.",
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
            Step("Its momentum", equal(momentum, 1 - c * h / m), "Read off.", premise=True),
            Step("The same speed in the end", equal(lr_semi / (1 - momentum), h / c), "Again without the mass."),
        ),
    )


@functools.cache
def energy():
    """Return the derivation of the energy that friction takes, and of its decay on strongly convex slopes."""
    place, f = sp.Function("x")(T), sp.Function("f")
    r, position, speed, height, slope = sp.symbols("r x v F g", real=True)
    total = m * sp.Derivative(place, T) ** 2 / 2 + f(place)
    motion = equal(sp.Derivative(place, (T, 2)), (-c * sp.Derivative(place, T) - sp.diff(f(place), place)) / m)
    change = slope * speed + (r * position + speed) * (r * speed - 2 * r * speed - slope)
    stored = height + (r * position + speed) ** 2 / 2
    bound = r * (height - position * slope + r**2 * position**2 / 2) - r * speed**2 / 2
    rate, level = sp.symbols("E_t E")
    return Derivation(
        "Energy",
        (
            Step("The equation of motion", motion, "Mass times acceleration is friction and slope.", premise=True),
            Step(
                "What friction takes",
                equal(sp.Derivative(total, T), -c * sp.Derivative(place, T) ** 2),
                "The energy of motion and height together never grows; without friction it stays.",
            ),
            Step(
                "Another energy",
                equal(level, stored),
                "For a minimum at 0 of height 0, curvature at least μ, mass 1 and friction 2√μ, with r = √μ: "
                "height F and the square of rx + v.",
                premise=True,
            ),
            Step(
                "How it changes",
                equal(rate, change),
                "Its derivative, with the acceleration −2rv − g put in; g is the slope.",
                premise=True,
            ),
            Step(
                "It fades at the rate √μ at least",
                equal(rate + r * level, bound),
                "The bracket is not positive: that is what curvature at least μ means. Nor is the rest.",
            ),
        ),
    )


@functools.cache
def nesterov_equation():
    """Return the derivation of X'' + 3/t X' + f' = 0 behind beta = (k - 1)/(k + 2), and of f <= 2 |x0|^2 / t^2."""
    x0, x1, x2 = sp.symbols("X X_1 X_2")
    ahead, behind = x0 + h * x1 + h**2 * x2 / 2, x0 - h * x1 + h**2 * x2 / 2
    k, left = sp.symbols("k R")
    residual = (after - x) - (k - 1) / (k + 2) * (x - before) + h**2 * G
    curvature = sp.Symbol("lambda", positive=True)
    bessel = 2 * sp.besselj(1, sp.sqrt(curvature) * T) / (sp.sqrt(curvature) * T)
    place, v, F, g = sp.symbols("X v F g", real=True)
    acceleration, change = sp.symbols("A E_t")
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
                equal(after, ahead),
                "Taylor's series up to h²; X₁ and X₂ are derivatives. What is left out is gone in the limit.",
                premise=True,
            ),
            Step("One step back", equal(before, behind), "The same, backwards.", premise=True),
            Step("The number of steps", equal(k, T / h), "Time over step.", premise=True),
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
            Step("The acceleration", equal(acceleration, -3 / T * v - g), "The equation, with slope g.", premise=True),
            Step(
                "An energy's change",
                equal(
                    change,
                    2 * T * F + T**2 * g * v + 4 * (place + T * v / 2) * (v + v / 2 + T * acceleration / 2),
                ),
                "The derivative of t²F + 2(X + tv/2)², for a minimum at 0 of height 0.",
                premise=True,
            ),
            Step(
                "It never grows",
                equal(change, 2 * T * (F - place * g)),
                "On a convex function F ≤ Xg. So t²F stays below 2x₀²: the height falls like 1/t².",
            ),
        ),
    )
