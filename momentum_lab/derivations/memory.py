"""What the velocity remembers: the sum, its window, and how much of a gradient comes out.

The rule is the course's own, v[t] = beta v[t - 1] + eta g[t] from v[-1] = 0, with eta the learning rate.
"""

import functools

import sympy as sp

from momentum_lab.derivations.core import Derivation, Step, equal
from momentum_lab.derivations.symbols import FADING, G, beta, eta, k, n, t

h, tau = sp.symbols("h tau", positive=True)
omega = sp.Symbol("omega", real=True)
v, g, d, w = (sp.IndexedBase(name) for name in ("v", "g", "d", "w"))

REST = Step("Start at rest", equal(v[-1], 0), "Before the first step there is no velocity.", premise=True)
RULE = Step(
    "The rule",
    equal(v[t], beta * v[t - 1] + eta * g[t]),
    "A share β of the velocity survives a step, and the new push is the learning rate η times the gradient g.",
    premise=True,
)


@functools.cache
def unrolled():
    """Return the derivation of the sum that the velocity is.

    v[t] = eta (g[t] + beta g[t - 1] + beta^2 g[t - 2] + ...), by induction over t.
    """
    return Derivation(
        "What the velocity is made of",
        (
            REST,
            RULE,
            Step("The first step", equal(v[0], eta * g[0]), "Put t = 0 into the rule."),
            Step("The second step", equal(v[1], eta * g[1] + beta * eta * g[0]), "Put t = 1 into the rule."),
            Step(
                "The third step",
                equal(v[2], eta * g[2] + beta * eta * g[1] + beta**2 * eta * g[0]),
                "With every step that passes, each old gradient is multiplied by β once more.",
            ),
            Step(
                "Every step",
                equal(v[t], eta * sp.Sum(beta**k * g[t - k], (k, 0, t))),
                "It holds at t = 0, and the rule carries it from t − 1 to t: "
                "every old term gains one β, and the new gradient comes in with the weight 1.",
                over=t,
            ),
        ),
    )


@functools.cache
def effective_window():
    """Return the derivation of five exact answers to "how far back does the velocity look?".

    Total weight 1/(1 - beta); share of the newest n, 1 - beta^n, and from it half-life and e-fold;
    mean age beta/(1 - beta); effective number (1 + beta)/(1 - beta).
    """
    total = sp.Sum(beta**k, (k, 0, n - 1))
    squares = sp.Sum(beta ** (2 * k), (k, 0, n - 1))
    ages = sp.Sum(k * beta**k, (k, 0, n - 1))
    return Derivation(
        "How far back the memory reaches",
        (
            Step(
                "The newest n together",
                equal(total, (1 - beta**n) / (1 - beta)),
                "A gradient from k steps ago has the weight βᵏ; by induction over n.",
                over=n,
            ),
            Step(
                "All of them",
                equal(sp.Limit(total, n, sp.oo), 1 / (1 - beta)),
                "For 0 < β < 1 the power βⁿ dies out. This many full gradients are in the velocity.",
                where=FADING,
                when="0 < β < 1",
            ),
            Step(
                "Share of the newest n",
                equal((1 - beta) * total, 1 - beta**n),
                "The newest n as a share of all: the rest, βⁿ, is older.",
            ),
            Step("Half-life", equal(h, sp.log(2) / -sp.log(beta)), "Call this number of steps h.", premise=True),
            Step(
                "What is left after a half-life",
                equal(beta**h, sp.Rational(1, 2)),
                "After h steps half of a gradient's weight is gone.",
            ),
            Step("Time to 1/e", equal(tau, 1 / -sp.log(beta)), "Call this number of steps τ.", premise=True),
            Step(
                "What is left after that time",
                equal(beta**tau, sp.exp(-1)),
                "After τ steps a share 1/e is left, about 0.368.",
            ),
            Step(
                "Ages, added up",
                equal(ages, beta * (1 - n * beta ** (n - 1) + (n - 1) * beta**n) / (1 - beta) ** 2),
                "Each of the newest n counted with its age k; by induction over n.",
                over=n,
            ),
            Step(
                "Mean age",
                equal(sp.Limit(ages / total, n, sp.oo), beta / (1 - beta)),
                "The average age of what is remembered, weighted as it is remembered.",
                where=FADING,
                when="0 < β < 1",
            ),
            Step(
                "Squares, added up",
                equal(squares, (1 - beta ** (2 * n)) / (1 - beta**2)),
                "The first sum again, with β² in the place of β.",
                over=n,
            ),
            Step(
                "Effective number",
                equal(sp.Limit(total**2 / squares, n, sp.oo), (1 + beta) / (1 - beta)),
                "An average with these weights is as noisy as a plain average of so many independent gradients.",
                where=FADING,
                when="0 < β < 1",
            ),
        ),
    )


@functools.cache
def amplification():
    """Return the derivation of what becomes of a steady gradient and of one that flips its sign.

    A steady one grows by (1 - beta^(t + 1))/(1 - beta), up to 1/(1 - beta); a flipping one comes out
    1/(1 + beta) times as large.
    """
    steady = eta * G * (1 - beta ** (t + 1)) / (1 - beta)
    flipping = eta * G * ((-1) ** t + beta ** (t + 1)) / (1 + beta)
    return Derivation(
        "One memory, two gains",
        (
            REST,
            RULE,
            Step("A steady gradient", equal(g[t], G), "The same push at every step.", premise=True),
            Step(
                "Its velocity",
                equal(v[t], steady),
                "By induction over t. The bracket is the start-up: it grows from 1 − β to 1.",
                over=t,
            ),
            Step(
                "Its gain in the end",
                equal(sp.Limit(v[t] / (eta * G), t, sp.oo), 1 / (1 - beta)),
                "For 0 < β < 1 the bracket goes to 1.",
                where=FADING,
                when="0 < β < 1",
            ),
            Step(
                "A flipping gradient",
                equal(d[t], beta * d[t - 1] + eta * G * (-1) ** t),
                "The same rule for another velocity d, fed with a push that changes its sign at every step.",
                premise=True,
            ),
            Step("It starts at rest too", equal(d[-1], 0), "No velocity before the first step.", premise=True),
            Step(
                "The velocity of the flipping one",
                equal(d[t], flipping),
                "By induction over t. The power of β is the start-up, and dies out.",
                over=t,
            ),
            Step(
                "The flipping gain in the end",
                equal(sp.Limit(d[2 * n] / (eta * G), n, sp.oo), 1 / (1 + beta)),
                "At even steps; at odd ones the sign is turned. It is smaller than 1, and never 0.",
                where=FADING,
                when="0 < β < 1",
            ),
        ),
    )


@functools.cache
def gain():
    """Return the derivation of the gain at a frequency: 1/sqrt(1 - 2 beta cos(omega) + beta^2).

    A gradient that swings with the angle omega a step, from 0 (steady) to pi (flipping), is written as
    exp(i omega t); its real part is the swing.
    """
    wave = sp.exp(sp.I * omega * t)
    response = eta / (1 - beta * sp.exp(-sp.I * omega))
    size = 1 - 2 * beta * sp.cos(omega) + beta**2
    return Derivation(
        "The gain at every frequency",
        (
            Step(
                "A swinging gradient",
                equal(g[t], wave),
                "It turns by the angle ω at every step; its real part is cos(ωt).",
                premise=True,
            ),
            Step(
                "A velocity that swings along",
                equal(w[t], response * wave),
                "A guess: the same swing, times a number that does not change.",
                premise=True,
            ),
            Step(
                "It obeys the rule",
                equal(w[t + 1], beta * w[t] + eta * g[t + 1]),
                "Put the guess into the rule. The start at rest differs from it by something that loses a factor β "
                "at every step, and dies out.",
            ),
            Step(
                "Its size, squared",
                equal(response * sp.conjugate(response), eta**2 / size),
                "A complex number times its mirror image is its length, squared. The gain is the root of this, "
                "divided by η.",
            ),
            Step(
                "A steady gradient",
                equal(size.subs(omega, 0), (1 - beta) ** 2),
                "At ω = 0 the gain is 1/(1 − β).",
            ),
            Step(
                "A flipping gradient",
                equal(size.subs(omega, sp.pi), (1 + beta) ** 2),
                "At ω = π the gain is 1/(1 + β).",
            ),
            Step(
                "Neither more nor less",
                equal(size - 1, beta * (beta - 2 * sp.cos(omega))),
                "Where cos(ω) = β/2 this is zero: a swing comes out as large as it went in.",
            ),
        ),
    )


@functools.cache
def coasting():
    """Return the derivation of how far a ball still rolls once the slope is gone: beta v / (1 - beta)."""
    left = sp.IndexedBase("c")
    start = sp.Symbol("v", positive=True)
    closed = beta * start * (1 - beta**n) / (1 - beta)
    return Derivation(
        "How far it still rolls",
        (
            Step("Before", equal(left[0], 0), "The slope has just become zero; the last step was v.", premise=True),
            Step(
                "One step more",
                equal(left[n], left[n - 1] + beta**n * start),
                "Without a slope each step is β times the one before: βv, β²v, and so on.",
                premise=True,
            ),
            Step("The way after n steps", equal(left[n], closed), "By induction over n.", over=n),
            Step(
                "The whole way",
                equal(sp.Limit(closed, n, sp.oo), beta * start / (1 - beta)),
                "For 0 < β < 1 the power dies out.",
                where=FADING,
                when="0 < β < 1",
            ),
        ),
    )


@functools.cache
def start_up():
    """Return the derivation of the way gone on a steady slope: n steps at full speed, less what the start costs."""
    x = sp.IndexedBase("x")
    way = eta * G * (n / (1 - beta) - beta * (1 - beta**n) / (1 - beta) ** 2)
    return Derivation(
        "What the start costs",
        (
            Step("Nothing gone yet", equal(x[0], 0), "The way gone downhill after no step.", premise=True),
            Step(
                "One step more",
                equal(x[n], x[n - 1] + eta * G * (1 - beta**n) / (1 - beta)),
                "On a steady slope G the n-th step is this long; see the steady gradient in the two gains.",
                premise=True,
            ),
            Step("The way after n steps", equal(x[n], way), "By induction over n.", over=n),
            Step(
                "Behind a ball at full speed",
                equal(sp.Limit((eta * G * n / (1 - beta) - way) * (1 - beta) / (eta * G), n, sp.oo), beta / (1 - beta)),
                "Counted in full steps ηG/(1 − β), the start costs β/(1 − β) of them, once and for all.",
                where=FADING,
                when="0 < β < 1",
            ),
        ),
    )
