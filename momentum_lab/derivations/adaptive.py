"""What Adam corrects: averages that start at zero."""

import functools

import sympy as sp

from momentum_lab.derivations.core import Derivation, Step, equal
from momentum_lab.derivations.symbols import FADING, G, beta, eta, s, t

m = sp.IndexedBase("m")
drift = sp.Symbol("c", positive=True)
beta1, beta2 = sp.symbols("beta_1 beta_2", positive=True)
slope = sp.Symbol("g", real=True, nonzero=True)
first, second, step = sp.symbols("m_1 s_1 d")


@functools.cache
def bias_correction():
    """Return the derivation of m[t] = (1 - beta^t) G for a steady gradient, and of the lag behind a drifting one."""
    d = sp.IndexedBase("d")
    steady = (1 - beta**t) * G
    lagging = drift * (t - beta * (1 - beta**t) / (1 - beta))
    lag = beta / (1 - beta) - t * beta**t / (1 - beta**t)
    return Derivation(
        "An average that starts at zero",
        (
            Step("Nothing yet", equal(m[0], 0), "Before the first update, which is counted as t = 1.", premise=True),
            Step(
                "A steady gradient",
                equal(m[t], beta * m[t - 1] + (1 - beta) * G),
                "The average takes in the same gradient G every time.",
                premise=True,
            ),
            Step("The average", equal(m[t], steady), "By induction over t: too small by the factor 1 − βᵗ.", over=t),
            Step(
                "Corrected",
                equal(m[t] / (1 - beta**t), G),
                "Divided by it, the average is right from the first update, t = 1, on.",
            ),
            Step("Nothing yet, again", equal(d[0], 0), "Another average.", premise=True),
            Step(
                "A gradient that drifts",
                equal(d[t], beta * d[t - 1] + (1 - beta) * drift * t),
                "It is ct at update t.",
                premise=True,
            ),
            Step("Its average", equal(d[t], lagging), "By induction over t.", over=t),
            Step(
                "It lags behind, even corrected",
                equal(t - d[t] / (drift * (1 - beta**t)), lag),
                "So many updates ago the gradient was what the corrected average is now.",
            ),
            Step(
                "In the end",
                equal(sp.Limit(lag, t, sp.oo), beta / (1 - beta)),
                "By β/(1 − β) updates: the correction mends the start, and nothing else.",
                where=FADING,
                when="0 < β < 1",
            ),
        ),
    )


@functools.cache
def first_step():
    """Return the derivation of Adam's first step, lr * sign(g), and of what it would be without corrections."""
    raw = eta * first / sp.sqrt(second)
    return Derivation(
        "Adam's first step",
        (
            Step("The first average", equal(first, (1 - beta1) * slope), "It starts at zero.", premise=True),
            Step("The average of squares", equal(second, (1 - beta2) * slope**2), "It starts at zero.", premise=True),
            Step(
                "The step",
                equal(step, eta * (first / (1 - beta1)) / sp.sqrt(second / (1 - beta2))),
                "Both corrected; eps is left out. The step is subtracted.",
                premise=True,
            ),
            Step(
                "Its length is the learning rate",
                equal(step, eta * sp.sign(slope)),
                "Whatever the gradient, if it is not zero and large against eps: only its sign is left.",
                where={beta2: 1 / (1 + s)},
                when="0 < β₂ < 1",
            ),
            Step(
                "Without both corrections",
                equal(raw, eta * sp.sign(slope) * (1 - beta1) / sp.sqrt(1 - beta2)),
                "With 0.9 and 0.999 it would be 3.16 times as long.",
                where={beta2: 1 / (1 + s)},
                when="0 < β₂ < 1",
            ),
        ),
    )
