"""Misconceptions about where a run goes: how it swings, when it diverges, which saddles and wells it leaves."""

import numpy as np

from momentum_lab.claims.misconception import Misconception
from momentum_lab.optimizers import GradientDescent, HeavyBall, Nesterov
from momentum_lab.running import run
from momentum_lab.surfaces import DoubleWell, Quadratic, Saddle
from momentum_lab.theory import critical_stiffness, curvature_noise_limit, iteration_matrix, rate, stability_limit

BOWL = Quadratic([1.0])
FROM_ONE = np.array([1.0])


def removes_oscillation():
    """Start at 1 on f = x^2 / 2 with u = 0.1, with and without momentum."""
    plain, ball = (run(rule, BOWL, FROM_ONE, 200).thetas for rule in (GradientDescent(0.1), HeavyBall(0.1, 0.9)))
    return {
        "gradient descent stays on its side": bool((plain > 0).all()),
        "heavy ball's lowest point": ball.min(),
        "u above which beta 0.9 swings": critical_stiffness("heavy ball", 0.9),
    }


def nesterov_stable_for_larger_lr():
    """Compute limits and rates at beta 0.9, and run all three methods at u = 1.5."""
    rules = {
        "gradient descent": GradientDescent(1.5),
        "heavy ball": HeavyBall(1.5, 0.9),
        "Nesterov": Nesterov(1.5, 0.9),
    }
    numbers = {}
    for method, rule in rules.items():
        numbers[f"largest u, {method}"] = stability_limit(method, 0.9)
        numbers[f"factor at u = 1.5, {method}"] = rate(method, 1.5, 0.9)
        numbers[f"{method} diverges"] = run(rule, BOWL, FROM_ONE, 300).diverged is not None
    return numbers


def nesterov_never_overshoots():
    """Start Nesterov's method and the heavy ball at 1 on f = x^2 / 2 and look how far they swing to the other side."""
    return {
        f"{name} at u = {u}": run(rule(u, 0.9), BOWL, FROM_ONE, 300).thetas.min()
        for name, rule in (("Nesterov", Nesterov), ("heavy ball", HeavyBall))
        for u in (0.1, 0.01)
    }


def _growth_of_mean_square(u, beta):
    """Return the factor per step of the heavy ball's mean square error under curvature noise of variance 1."""
    step = iteration_matrix("heavy ball", u, beta)
    noise = np.array([[u, 0.0], [0.0, 0.0]])
    return np.abs(np.linalg.eigvals(np.kron(step, step) + np.kron(noise, noise))).max()


def larger_beta_needs_smaller_lr():
    """Compute the heavy ball's largest u without noise and with curvature noise, and test both limits."""
    betas = np.array([0.0, 0.5, 0.9, 0.99])
    quiet, noisy = stability_limit("heavy ball", betas), curvature_noise_limit("heavy ball", betas, 1.0)
    u = quiet[:, np.newaxis] * [0.99, 1.01]
    diverged = run(HeavyBall(u[..., np.newaxis], betas[:, np.newaxis, np.newaxis]), BOWL, FROM_ONE, 2000).diverged
    growth = [_growth_of_mean_square(u, beta) for u, beta in zip(noisy, betas, strict=True)]
    return {
        **{f"largest u at beta {beta:g}": limit for beta, limit in zip(betas, quiet, strict=True)},
        **{f"with noise at beta {beta:g}": limit for beta, limit in zip(betas, noisy, strict=True)},
        "runs part at the limit": bool((diverged[:, 0] < 0).all() and (diverged[:, 1] > 0).all()),
        "mean square stands still at the limit": bool(np.allclose(growth, 1)),
    }


def saddles_need_momentum():
    """Start a millionth off the ridge of a saddle with u = -0.01, and exactly on it; count the first step beyond 1."""
    numbers, saddle = {}, Saddle()
    for name, rule in (("gradient descent", GradientDescent(0.005)), ("heavy ball", HeavyBall(0.005, 0.9))):
        off, on = (run(rule, saddle, np.array([1.0, y]), 1500).thetas[:, 1] for y in (1e-6, 0.0))
        numbers[f"first step beyond 1, {name}"] = int(np.argmax(np.abs(off) >= 1))
        numbers[f"{name} leaves from the ridge"] = bool(on.any())
    return numbers


def better_minima():
    """Start on the outer slope of the deeper of two wells, and from 441 points, with and without momentum."""
    wells = DoubleWell(scale=0.25, tilt=0.15)
    starts = np.concatenate([[-2.0], np.linspace(-2.2, 2.2, 441)])[:, np.newaxis]
    # Only the ends count, and every run is over long before step 3000.
    plain, ball = (run(rule, wells, starts, 3000) for rule in (GradientDescent(0.02), HeavyBall(0.02, 0.9)))
    deep, deep_with_momentum = (end.thetas[-1, 1:, 0] < 0 for end in (plain, ball))
    return {
        "gradient descent ends at": plain.thetas[-1, 0, 0],
        "heavy ball ends at": ball.thetas[-1, 0, 0],
        "heavy ball ends higher": ball.losses[-1, 0] > plain.losses[-1, 0],
        "starts that only the heavy ball takes to the deeper well": (deep_with_momentum & ~deep).sum(),
        "starts that only gradient descent takes to the deeper well": (deep & ~deep_with_momentum).sum(),
    }


ABOUT_PATHS = (
    Misconception(
        4,
        "Momentum removes oscillation.",
        "It can bring oscillation in. On f = x^2 / 2 from 1, with lr 0.1, gradient descent never crosses the minimum; "
        "with beta 0.9 the heavy ball swings to -0.604. With beta 0.9 it swings wherever u is above 0.00263.",
        "03",
        {
            "gradient descent stays on its side": "yes",
            "heavy ball's lowest point": "-0.604",
            "u above which beta 0.9 swings": "0.00263",
        },
        removes_oscillation,
    ),
    Misconception(
        8,
        "Nesterov's method is stable for larger learning rates.",
        "On a quadratic it allows less. With beta 0.9, u must stay below 3.8 for the heavy ball, 2 for gradient "
        "descent and 1.357 for Nesterov. At u = 1.5 their long-run factors a step are 0.9487, 0.5 and 1.297: Nesterov "
        "diverges.",
        "05",
        {
            "largest u, gradient descent": "2.0",
            "factor at u = 1.5, gradient descent": "0.5",
            "gradient descent diverges": "no",
            "largest u, heavy ball": "3.8",
            "factor at u = 1.5, heavy ball": "0.9487",
            "heavy ball diverges": "no",
            "largest u, Nesterov": "1.357",
            "factor at u = 1.5, Nesterov": "1.297",
            "Nesterov diverges": "yes",
        },
        nesterov_stable_for_larger_lr,
    ),
    Misconception(
        9,
        "Nesterov's method never overshoots.",
        "It overshoots less. With beta 0.9 and u = 0.1, from 1, it swings to -0.355 and the heavy ball to -0.604. "
        "At u = 0.01 the two are closer: -0.119 and -0.153.",
        "05",
        {
            "Nesterov at u = 0.1": "-0.355",
            "Nesterov at u = 0.01": "-0.119",
            "heavy ball at u = 0.1": "-0.604",
            "heavy ball at u = 0.01": "-0.153",
        },
        nesterov_never_overshoots,
    ),
    Misconception(
        10,
        "Raising beta always calls for a lower learning rate, or the run becomes unstable.",
        "On a noiseless quadratic the heavy ball's largest u rises: 2, 3, 3.8, 3.98 at beta 0, 0.5, 0.9, 0.99. With "
        "curvature noise of relative variance 1 it falls, in the mean square: 1, 0.75, 0.19, 0.0199.",
        "04",
        {
            "largest u at beta 0": "2.0",
            "largest u at beta 0.5": "3.0",
            "largest u at beta 0.9": "3.8",
            "largest u at beta 0.99": "3.98",
            "with noise at beta 0": "1.0",
            "with noise at beta 0.5": "0.75",
            "with noise at beta 0.9": "0.19",
            "with noise at beta 0.99": "0.0199",
            "runs part at the limit": "yes",
            "mean square stands still at the limit": "yes",
        },
        larger_beta_needs_smaller_lr,
    ),
    Misconception(
        19,
        "Without momentum a run cannot leave a saddle.",
        "Gradient descent leaves it too, later. With u = -0.01, from a millionth off the ridge, it first passes 1 at "
        "step 1389, and the heavy ball with beta 0.9 at step 226. At rest exactly on the ridge, neither leaves.",
        "03",
        {
            "first step beyond 1, gradient descent": "1389",
            "gradient descent leaves from the ridge": "no",
            "first step beyond 1, heavy ball": "226",
            "heavy ball leaves from the ridge": "no",
        },
        saddles_need_momentum,
    ),
    Misconception(
        20,
        "Momentum finds better minima.",
        "It leaves good ones as well as bad ones. Take f = (x^2 - 1)^2 / 4 + 0.15 x, lr 0.02 and 441 resting starts "
        "between -2.2 and 2.2. Beta 0.9 takes 56 to the deeper well instead of the shallower, and 22 the other way. "
        "From -2 gradient descent ends deep, at -1.068, and the heavy ball shallow, at 0.914.",
        "03",
        {
            "gradient descent ends at": "-1.068",
            "heavy ball ends at": "0.914",
            "heavy ball ends higher": "yes",
            "starts that only the heavy ball takes to the deeper well": "56",
            "starts that only gradient descent takes to the deeper well": "22",
        },
        better_minima,
    ),
)
