"""One idea, several ways to write it: sum and average, learning rate inside and outside, theta and the point ahead."""

import functools

import sympy as sp

from momentum_lab.derivations.core import Derivation, Step, equal
from momentum_lab.derivations.symbols import FADING, beta, eta, n, t

g, v, m, b = (sp.IndexedBase(name) for name in ("g", "v", "m", "b"))
nu = sp.Symbol("nu", nonnegative=True)
old, new = sp.symbols("eta_1 eta_2", positive=True)


@functools.cache
def average_and_sum():
    """Return the derivation of m = (1 - beta) v: an average walks like a sum with another learning rate."""
    return Derivation(
        "Average and sum",
        (
            Step("The average starts at zero", equal(m[-1], 0), "Nothing remembered yet.", premise=True),
            Step("The sum starts at zero", equal(v[-1], 0), "Nothing remembered yet.", premise=True),
            Step("The average", equal(m[t], beta * m[t - 1] + (1 - beta) * g[t]), "As in Adam.", premise=True),
            Step("The sum", equal(v[t], beta * v[t - 1] + g[t]), "As in PyTorch's SGD.", premise=True),
            Step(
                "One is the other, scaled",
                equal(m[t], (1 - beta) * v[t]),
                "By induction over t. A step η m is a step η(1 − β) v: the same path, "
                "if the learning rates differ by the factor 1 − β.",
                over=t,
            ),
        ),
    )


@functools.cache
def changing_the_rate():
    """Return the derivation of what a change of the learning rate does, inside the velocity and outside."""
    buffer = sp.Symbol("B", positive=True)
    lag = (old - new) * beta ** (t + 1) * buffer
    total = sp.Sum((old - new) * beta ** (n + 1) * buffer, (n, 0, t - 1))
    inside, outside = sp.symbols("v_1 b_1")
    return Derivation(
        "A new learning rate",
        (
            Step("Outside, just before", equal(b[-1], buffer), "The buffer sums gradients.", premise=True),
            Step("Inside, just before", equal(v[-1], old * buffer), "The old rate is in the velocity.", premise=True),
            Step("Outside, from now on", equal(b[t], beta * b[t - 1] + g[t]), "The step is η₂ b.", premise=True),
            Step("Inside, from now on", equal(v[t], beta * v[t - 1] + new * g[t]), "The step is v.", premise=True),
            Step(
                "The steps differ",
                equal(v[t], new * b[t] + lag),
                "For the same gradients, by induction over t. The velocity still carries what the old rate put in, "
                "and loses it slowly.",
                over=t,
            ),
            Step(
                "All differences together, up to t",
                equal(total, (old - new) * buffer * beta * (1 - beta**t) / (1 - beta)),
                "By induction over t.",
                over=t,
            ),
            Step(
                "All of them",
                equal(
                    sp.Limit((old - new) * buffer * beta * (1 - beta**t) / (1 - beta), t, sp.oo),
                    (old - new) * buffer * beta / (1 - beta),
                ),
                "This is how far apart the two paths are in the end, if both meet the same gradients.",
                where=FADING,
                when="0 < β < 1",
            ),
            Step("A velocity before the change", equal(inside, old * outside), "As above.", premise=True),
            Step(
                "Momentum correction",
                equal(beta * (new / old) * inside + new * g[0], new * (beta * outside + g[0])),
                "Multiply β by the new rate over the old one, once: then the steps agree.",
            ),
        ),
    )


@functools.cache
def point_ahead():
    """Return the derivation of PyTorch's nesterov=True: it is Nesterov's method, told from the point ahead."""
    theta, velocity, buffer, slope = sp.symbols("theta v b G")
    later, velocity_later, buffer_later, ahead, ahead_later = sp.symbols("theta_next v_next b_next phi phi_next")
    return Derivation(
        "Two accounts of Nesterov's method",
        (
            Step(
                "The point ahead",
                equal(ahead, theta - beta * velocity),
                "Where the slope G is taken. η and β stay what they are.",
                premise=True,
            ),
            Step("The velocity", equal(velocity, eta * buffer), "A buffer without the learning rate.", premise=True),
            Step("The new velocity", equal(velocity_later, beta * velocity + eta * slope), "The rule.", premise=True),
            Step("The step", equal(later, theta - velocity_later), "The rule.", premise=True),
            Step(
                "The next point ahead",
                equal(ahead_later, later - beta * velocity_later),
                "The same, one step later.",
                premise=True,
            ),
            Step("The new buffer", equal(buffer_later, beta * buffer + slope), "PyTorch's first line.", premise=True),
            Step(
                "PyTorch's second line",
                equal(ahead_later, ahead - eta * (slope + beta * buffer_later)),
                "The point ahead moves just as PyTorch moves its parameters: they are points ahead.",
            ),
        ),
    )


@functools.cache
def one_family():
    """Return the derivation of quasi-hyperbolic momentum: one setting nu leads from gradient descent to Nesterov."""
    average, total, slope, move = sp.symbols("m v G d")
    return Derivation(
        "One family",
        (
            Step(
                "A step between gradient and average",
                equal(move, (1 - nu) * slope + nu * average),
                "Ma and Yarats, 2019. The average already holds the new gradient G.",
                premise=True,
            ),
            Step("The average of a sum", equal(average, (1 - beta) * total), "See average and sum.", premise=True),
            Step("ν = 0", equal(move, slope), "Gradient descent.", where={nu: 0}, when="ν = 0"),
            Step("ν = 1", equal(move, average), "The heavy ball, in its averaging form.", where={nu: 1}, when="ν = 1"),
            Step(
                "ν = β",
                equal(move, (1 - beta) * (slope + beta * total)),
                "Nesterov's method as PyTorch writes it, with a learning rate 1 − β times as large.",
                where={nu: beta},
                when="ν = β",
            ),
        ),
    )
