"""Claims 15, 17, 18, 21 and 22: the classical rule, Nesterov's, and what small slips make of them."""

import numpy as np

from momentum_lab.claims.claim import Claim
from momentum_lab.claims.history import average, fed
from momentum_lab.optimizers import HeavyBall, Momentum, Nesterov, TorchSGD
from momentum_lab.running import run
from momentum_lab.schedules import step_decay
from momentum_lab.surfaces import Quadratic

BOWL = Quadratic([1.0])


def points(rule, steps=5, state=None):
    """Return the points of a run on f = x^2 / 2 from 1, without the start."""
    return run(rule, BOWL, [1.0], steps, state=state).thetas[1:, 0]


def numbered(name, values):
    """Return {"name x_1": first value, "name x_2": second, ...}."""
    return {f"{name} x_{t}": value for t, value in enumerate(values, start=1)}


def classical_rule():
    """The classical rule, and the same without a velocity: x + beta (x - x_before) - lr grad."""
    two_step = [1.0, 1.0]
    for _ in range(5):
        two_step.append(two_step[-1] + 0.9 * (two_step[-1] - two_step[-2]) - 0.1 * two_step[-1])
    found = points(HeavyBall(0.1, 0.9))
    return {
        **numbered("classical", found),
        "the form without a velocity is the same": np.allclose(found, two_step[2:], rtol=0, atol=1e-12),
    }


def sum_and_average():
    """A velocity, an average, the learning rate that makes them one run, and PyTorch's dampening."""
    rule, state = average(0.9)
    averaged = points(rule, 50, state)
    return {
        "velocity under a constant gradient of 1": fed(HeavyBall(1.0, 0.9), np.ones(400))[-1],
        "average under a constant gradient of 1": fed(rule, np.ones(400), state)[-1],
        "sum at lr 0.1 walks like average at lr 1": np.allclose(points(HeavyBall(0.1, 0.9), 50), averaged, atol=1e-12),
        **numbered("average from zero", averaged[:3]),
        **numbered("PyTorch, dampening 0.9", points(rule, 3)),
    }


def unrolling():
    """Gradients 1, 2, 3 and beta 0.5; then a learning rate that falls from 0.1 to 0.01 before the third of them."""
    lr = step_decay(0.1, 0.1, 2)
    return {
        "third velocity": fed(HeavyBall(0.1, 0.5), [1.0, 2.0, 3.0])[2],
        "third velocity by its weights": 0.1 * np.dot(0.5 ** np.arange(3), [3.0, 2.0, 1.0]),
        "third step, lr inside": fed(HeavyBall(lr, 0.5), [1.0, 2.0, 3.0])[2],
        "third step by weights of the old lr": np.dot([0.01, 0.1, 0.1] * 0.5 ** np.arange(3), [3.0, 2.0, 1.0]),
        "third step, lr outside": fed(TorchSGD(lr, momentum=0.5), [1.0, 2.0, 3.0])[2],
        "third step by weights of the new lr": 0.01 * np.dot(0.5 ** np.arange(3), [3.0, 2.0, 1.0]),
    }


def _wrong_sign(x, v):
    """Look ahead uphill."""
    v = 0.9 * v + 0.1 * (x + 0.9 * v)
    return x - v, v


def _stepped_velocity_looks_ahead(x, v):
    """Look ahead by a velocity that has already had its gradient, and step by another."""
    w = 0.9 * v + 0.1 * x
    v = 0.9 * v + 0.1 * (x - 0.9 * w)
    return x - v, v


def _stepped_velocity_is_kept(x, v):
    """The same, but the velocity kept is the one that looked ahead."""
    w = 0.9 * v + 0.1 * x
    return x - 0.9 * w - 0.1 * (x - 0.9 * w), w


def _momentum_twice(x, v):
    """Apply beta to a velocity that has already had it."""
    w = 0.9 * v + 0.1 * x
    v = 0.9 * w + 0.1 * (x - 0.9 * w)
    return x - v, v


SLIPS = {
    "wrong sign": _wrong_sign,
    "stepped velocity looks ahead": _stepped_velocity_looks_ahead,
    "stepped velocity is kept": _stepped_velocity_is_kept,
    "momentum twice": _momentum_twice,
}


def lookahead_slips():
    """On f = x^2 / 2 from 1, lr 0.1, beta 0.9: the rules, and what small slips in Nesterov's rule make of it."""
    found = numbered("classical", points(HeavyBall(0.1, 0.9)))
    found |= numbered("Nesterov", points(Nesterov(0.1, 0.9)))
    found |= numbered("PyTorch nesterov", points(TorchSGD(0.1, momentum=0.9, nesterov=True)))
    states = run(Nesterov(0.1, 0.9), BOWL, [1.0], 5, keep_states=True)
    ahead = [x[0] - 0.9 * s.velocity[0] for x, s in zip(states.thetas, states.states, strict=True)]
    pytorch = points(TorchSGD(0.1, momentum=0.9, nesterov=True))
    found["PyTorch's points are the lookahead points"] = np.allclose(pytorch, ahead[1:], rtol=0, atol=1e-12)
    # A velocity that starts with the first gradient instead of zero is no wrong step, only a wrong state.
    found |= numbered("velocity starts as lr grad", points(Nesterov(0.1, 0.9), 2, Momentum(np.array([0.1]))))
    for name, step in SLIPS.items():
        found |= numbered(name, _walk(step, 3 if step is _wrong_sign else 2))
    return found


def _walk(step, steps):
    """Return the points of a wrong rule from 1, with a velocity that starts at zero."""
    x, v, walk = 1.0, 0.0, []
    for _ in range(steps):
        x, v = step(x, v)
        walk.append(x)
    return walk


def overshoot():
    """How far past the minimum at 0 each rule goes, from 1, and the momentum that Nesterov's method is left with."""
    found = {f"effective beta at u {u}": 0.9 * (1 - u) for u in (0.1, 0.01)}
    for u in (0.1, 0.01):
        for rule in (HeavyBall(u, 0.9), Nesterov(u, 0.9)):
            found[f"lowest point of {rule.name}, u {u}"] = points(rule, 400).min()
        # On a quadratic Nesterov's method is the heavy ball with the effective beta.
        lookalike = points(HeavyBall(u, 0.9 * (1 - u)), 400)
        found[f"heavy ball with the effective beta is the same, u {u}"] = np.allclose(
            lookalike, points(Nesterov(u, 0.9), 400), rtol=0, atol=1e-12
        )
    return found


CLAIMS = (
    Claim(
        15,
        "Classical momentum adds lr times the gradient to beta times the velocity, and subtracts the velocity.",
        "true",
        "True, with a velocity that points uphill; others write it with the opposite sign. The same steps without a "
        "velocity: x + beta (x - x_before) - lr grad(x). On f = x^2 / 2 from 1, with lr 0.1 and beta 0.9: 0.9, 0.72, "
        "0.486, 0.2268, -0.02916.",
        ("polyak1964", "rumelhart1986", "sutskever2013"),
        {
            **numbered("classical", ("0.9", "0.72", "0.486", "0.2268", "-0.02916")),
            "the form without a velocity is the same": "yes",
        },
        classical_rule,
    ),
    Claim(
        17,
        "The velocity averages gradients, with weights that fade exponentially.",
        "false",
        "It is a sum, lr / (1 - beta) times the average. Under a constant gradient of 1 it grows to 10 at lr 1 and "
        "beta 0.9, the average to 1. Both make the same run if both start at zero and the sum has (1 - beta) times the "
        "lr. PyTorch's dampening is no such average: its first gradient is not dampened.",
        ("polyak1964", "torch"),
        {
            "velocity under a constant gradient of 1": "10.0000",
            "average under a constant gradient of 1": "1.0000",
            "sum at lr 0.1 walks like average at lr 1": "yes",
            **numbered("average from zero", ("0.9", "0.72", "0.486")),
            **numbered("PyTorch, dampening 0.9", ("0.0", "-0.9", "-1.62")),
        },
        sum_and_average,
    ),
    Claim(
        18,
        "Unrolled, the velocity is lr times the sum of all gradients, each weighted by beta to the power of its age.",
        "true with condition",
        "True for a start at rest and a constant lr: gradients 1, 2, 3 with beta 0.5 and lr 0.1 give 0.425. If lr "
        "falls to 0.01 before the third, a velocity with lr inside gives 0.155, because each gradient keeps its own "
        "lr. PyTorch, with lr outside, gives 0.0425.",
        ("torch",),
        {
            "third velocity": "0.425",
            "third velocity by its weights": "0.425",
            "third step, lr inside": "0.155",
            "third step by weights of the old lr": "0.155",
            "third step, lr outside": "0.0425",
            "third step by weights of the new lr": "0.0425",
        },
        unrolling,
    ),
    Claim(
        21,
        "Nesterov's rule takes the gradient at theta - beta * velocity and is otherwise the classical rule.",
        "true with condition",
        "True if the velocity is the last step, before the new gradient, and starts at zero. On f = x^2 / 2 from 1, lr "
        "0.1, beta 0.9: 0.9, 0.729, 0.51759. Looking ahead by an already updated velocity is another method: 0.751752, "
        "0.597861 or 0.538812 after two steps. PyTorch prints the lookahead points: 0.81, 0.5751.",
        ("nesterov1983", "sutskever2013", "bengio2013", "torch"),
        {
            **numbered("classical", ("0.9", "0.72", "0.486", "0.2268", "-0.02916")),
            **numbered("Nesterov", ("0.9", "0.729", "0.51759", "0.294589", "0.084499")),
            **numbered("PyTorch nesterov", ("0.81", "0.5751", "0.327321", "0.093888", "-0.104582")),
            "PyTorch's points are the lookahead points": "yes",
            **numbered("wrong sign", ("0.9", "0.711", "0.45279")),
            **numbered("stepped velocity looks ahead", ("0.909", "0.751752")),
            **numbered("stepped velocity is kept", ("0.819", "0.597861")),
            **numbered("velocity starts as lr grad", ("0.819", "0.59049")),
            **numbered("momentum twice", ("0.819", "0.538812")),
        },
        lookahead_slips,
    ),
    Claim(
        22,
        "The lookahead turns the velocity round before it overshoots.",
        "imprecise",
        "Nesterov's method overshoots too, only less: from 1 at beta 0.9 it reaches -0.355 at u = 0.1 (heavy ball "
        "-0.604) and -0.119 at u = 0.01 (-0.153). On a quadratic it is the heavy ball with beta (1 - u): much less "
        "momentum in steep directions, almost the same in flat ones.",
        ("sutskever2013",),
        {
            "effective beta at u 0.1": "0.810",
            "effective beta at u 0.01": "0.891",
            "lowest point of heavy ball, u 0.1": "-0.604",
            "lowest point of Nesterov, u 0.1": "-0.355",
            "heavy ball with the effective beta is the same, u 0.1": "yes",
            "lowest point of heavy ball, u 0.01": "-0.153",
            "lowest point of Nesterov, u 0.01": "-0.119",
            "heavy ball with the effective beta is the same, u 0.01": "yes",
        },
        overshoot,
    ),
)
