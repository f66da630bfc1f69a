"""Two things from practice: a cycle of learning rates, and weights that decay through a buffer or past it."""

import functools

import sympy as sp

from momentum_lab.derivations.core import Derivation, Step, equal
from momentum_lab.derivations.symbols import beta

M = sp.Symbol("M", positive=True)
first, first_beta, peak_beta = sp.symbols("eta_0 beta_0 beta_1", positive=True)
delta, d = sp.symbols("delta d", positive=True)
x, before, after, v, v_after = sp.symbols("x x_before x_next v v_next")


@functools.cache
def one_cycle():
    """Return the derivation of how much the step really changes in a 1cycle: 25/3 instead of 25."""
    share = sp.Symbol("y", positive=True)
    low, high = sp.Rational(85, 100), sp.Rational(95, 100)
    swing = low + (high - low) * (1 + sp.cos(sp.pi * share)) / 2
    start, peak = sp.symbols("alpha_0 alpha_1")
    return Derivation(
        "One cycle",
        (
            Step("The first learning rate", equal(first, M / 25), "The largest one, M, over 25.", premise=True),
            Step("The first momentum", equal(first_beta, high), "The larger one.", premise=True),
            Step("The momentum at the peak", equal(peak_beta, low), "The smaller one.", premise=True),
            Step(
                "How large the steps are at first", equal(start, first / (1 - first_beta)), "η/(1 − β).", premise=True
            ),
            Step("And at the peak", equal(peak, M / (1 - peak_beta)), "η/(1 − β).", premise=True),
            Step("At first", equal(start, sp.Rational(4, 5) * M), "0.8 M."),
            Step("At the peak", equal(peak, sp.Rational(20, 3) * M), "6.67 M."),
            Step("The range", equal(peak / start, sp.Rational(25, 3)), "8.33 instead of 25: momentum evens it out."),
            Step(
                "Half-way",
                equal(sp.Subs(swing, share, sp.Rational(1, 2)), (low + high) / 2),
                "On half a cosine the momentum is in the middle, 0.9, half-way.",
            ),
        ),
    )


@functools.cache
def weight_decay():
    """Return the derivation of decay through the buffer, about 1/(1 - beta) times as strong as past it."""
    root = sp.Mul(sp.Rational(1, 2), 1 + beta - d + sp.sqrt((1 + beta - d) ** 2 - 4 * beta), evaluate=False)
    plain = sp.Symbol("x_plain")
    return Derivation(
        "Two kinds of weight decay",
        (
            Step("How we came here", equal(v, before - x), "The velocity is the last step.", premise=True),
            Step(
                "Decay through the buffer",
                equal(v_after, beta * v + d * x),
                "No slope but the penalty's: d, learning rate times decay, times the weight.",
                premise=True,
            ),
            Step("The step", equal(after, x - v_after), "As always.", premise=True),
            Step(
                "The weight is a ball in a bowl",
                equal(after, (1 + beta - d) * x - beta * before),
                "The heavy ball's mixture, with d in the place of u.",
            ),
            Step(
                "What a step forgets",
                equal(beta, 1 - delta),
                "δ is the share of the velocity that is lost.",
                premise=True,
            ),
            Step(
                "What a step leaves in the long run",
                equal(root, 1 - d / (1 - beta) - beta * d**2 / (1 - beta) ** 3 + sp.O(d**3)),
                "The slow root: 1/(1 − β) times as much is taken off, and a little more.",
            ),
            Step("Decay past the buffer", equal(plain, x - d * x), "As in AdamW.", premise=True),
            Step("Leaves", equal(plain, (1 - d) * x), "Only d is taken off, whatever β is."),
        ),
    )
