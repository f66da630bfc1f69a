"""Claims 53 to 56, 58 and 59: momentum in practice."""

from itertools import cycle, islice

import numpy as np

from momentum_lab.claims.claim import Claim
from momentum_lab.claims.mechanism import pushed
from momentum_lab.optimizers import GradientDescent, HeavyBall
from momentum_lab.oracles import AdditiveNoise
from momentum_lab.running import run, sweep
from momentum_lab.schedules import one_cycle
from momentum_lab.surfaces import Quadratic
from momentum_lab.theory import (
    critical_stiffness,
    curvature_noise_limit,
    noise_floor,
    pendulum,
    polygon_limit,
    polynomial,
    rate,
    stability_limit,
)

BOWL = Quadratic([1.0])


def slow_start():
    """How long the first steps are with beta 0.99 and a constant gradient, as shares of the last."""
    steps = -np.diff(pushed(HeavyBall(1.0, 0.99), np.ones(4000)).thetas[:, 0])
    return {f"step {t} over the last": steps[t - 1] / steps[-1] for t in (1, 10, 100)}


def cycle_of_smith():
    """One cycle of 100 steps with a largest learning rate of 1."""
    lr, beta = one_cycle(1.0, 100)
    rates = np.array([lr(t) for t in range(100)])
    effective = np.array([lr(t) / (1 - beta(t)) for t in range(100)])
    return {
        "default in this library: peak at update": rates.argmax(),
        "default in this library: beta at the start": beta(0),
        "default in this library: beta at the peak": beta(29),
        "default in this library: beta at the end": beta(99),
        "default in this library: lr at the peak over lr at the start": lr(29) / lr(0),
        "lr / (1 - beta) at the start": effective[0],
        "lr / (1 - beta) at the peak": effective[29],
        "ratio of the two": effective[29] / effective[0],
    }


def amplification():
    """How many times longer than lr * gradient the steps are with beta 0.9: three different answers."""
    steps = -np.diff(pushed(HeavyBall(1.0, 0.9), np.ones(400)).thetas[:, 0])
    signs = list(islice(cycle([1.0, -1.0]), 400))
    edge = critical_stiffness("heavy ball", 0.9)
    inside = rate("heavy ball", np.array([0.01, 1.0, 3.0]), 0.9)
    return {
        **{f"constant gradient, step {t}": steps[t - 1] for t in (1, 5, 10, 22, 44)},
        "alternating gradient": abs(pushed(HeavyBall(1.0, 0.9), signs).states[-1].velocity[0]),
        "quadratic, u 0.00001": (1 - rate("heavy ball", 1e-5, 0.9)) / 1e-5,
        "u of critical damping": edge,
        "quadratic, at critical damping": (1 - rate("heavy ball", edge, 0.9)) / edge,
        "rate at u 0.01": inside[0],
        "the same at u 1 and u 3": bool(np.allclose(inside, inside[0])),
    }


def stable_learning_rates():
    """Largest lr times curvature, without noise and with a curvature that varies by 100 per cent."""
    betas = (0.0, 0.5, 0.9, 0.99)
    noisy = [curvature_noise_limit("heavy ball", beta, spread=1.0) for beta in betas]
    edges = [_growth(share * limit, beta) for limit, beta in zip(noisy, betas, strict=True) for share in (0.99, 1.01)]
    below, above = (run(HeavyBall(lr, 0.9), BOWL, [1.0], 5000) for lr in (3.79, 3.81))
    return {
        **{f"no noise, beta {beta:g}": stability_limit("heavy ball", beta) for beta in betas},
        "no noise, Nesterov, beta 0.9": stability_limit("Nesterov", 0.9),
        "converges at 3.79 and not at 3.81": below.steps_to(distance=1e-6) is not None and above.diverged is not None,
        **{f"noise, beta {beta:g}": limit for beta, limit in zip(betas, noisy, strict=True)},
        **{f"cycle at kappa 100, beta {beta:g}": polygon_limit(beta, 100.0) for beta in (0.9, 0.99)},
        "mean square falls below and grows above": all(a < 1 < b for a, b in zip(edges[::2], edges[1::2], strict=True)),
    }


def _growth(u, beta, spread=1.0):
    """Return the factor per step of E[x^2] when u is multiplied by a random factor of mean 1 and this variance."""
    p, d = polynomial("heavy ball", u, beta)
    # From (E[x^2], E[x x_before], E[x_before^2]) of one step to those of the next.
    moments = np.array([[p * p + spread * u * u, -2 * p * d, d * d], [p, -d, 0], [1, 0, 0]])
    return np.abs(np.linalg.eigvals(moments)).max()


def amplified_noise():
    """The variance that additive noise of variance 1 leaves at curvature 1, and how noisy a velocity is by itself."""
    same_lr = noise_floor("heavy ball", 0.1, np.array([0.0, 0.9]), 1.0)
    same_effective = noise_floor("heavy ball", 0.01, 0.9, 1.0)
    rule = HeavyBall(**sweep(lr=[0.1], beta=[0.0, 0.9]))
    start = np.zeros((2000, 1, 2, 1))
    measured = run(rule, BOWL, start, 250, oracle=AdditiveNoise(BOWL.grad, 1.0, seed=0)).thetas[100:, :, 0, :, 0]
    kicks = pushed(HeavyBall(1.0, 0.9), np.eye(1, 400)[0]).states
    weights = np.array([state.velocity[0] for state in kicks])
    return {
        "beta 0, lr 0.1": same_lr[0],
        "beta 0.9, lr 0.1": same_lr[1],
        "beta 0.9, lr 0.01": same_effective,
        "simulated with lr 0.1 within 5 per cent": bool(np.all(np.abs(measured.var(axis=(0, 1)) / same_lr - 1) < 0.05)),
        "batch of 16, beta 0.9, lr 0.1": noise_floor("heavy ball", 0.1, 0.9, 1.0, 1 / 16),
        "variance of the sum, beta 0.9": (weights**2).sum(),
        "variance of the average, beta 0.9": (weights**2).sum() * 0.1**2,
    }


def sled():
    """A sled that shoots past the valley, one that does not, and one without friction."""
    heavy, plain = (run(rule, BOWL, [1.0], 300).thetas for rule in (HeavyBall(0.1, 0.9), GradientDescent(0.1)))
    slippery = run(HeavyBall(0.1, 1.0), BOWL, [1.0], 5000).thetas
    return {
        "beta 0.9, furthest beyond the valley": heavy.min(),
        "gradient descent crosses the valley": bool(plain.min() < 0),
        "beta 1, swing after 5000 steps": np.abs(slippery[-100:]).max(),
        "friction at lr 0.1, beta 0.9": pendulum(0.1, 0.9).friction,
        "friction at lr 0.1, beta 1": pendulum(0.1, 1.0).friction,
    }


CLAIMS = (
    Claim(
        53,
        "High momentum needs a warm-up since velocity starts at zero, so that early steps are large and ill-directed.",
        "false",
        "A velocity of zero makes the first steps smaller. With beta 0.99 and a constant gradient they are 1, 9.6 and "
        "63.4 per cent of the final ones at step 1, 10 and 100: momentum is a warm-up itself. The papers give other "
        "reasons: large learning rates while a network changes fast and, in Adam, a scale learnt from few gradients.",
        ("goyal2017", "liu2020"),
        {"step 1 over the last": "0.010", "step 10 over the last": "0.096", "step 100 over the last": "0.634"},
        slow_start,
    ),
    Claim(
        54,
        "Smith's 1cycle raises momentum from 0.85 to 0.95 while the learning rate falls, and the reverse.",
        "true",
        "The reverse comes first: in PyTorch lr rises and momentum falls for the first 30 per cent of the steps. With "
        "its defaults lr rises 25-fold, but lr / (1 - beta) only 8.33-fold, from 0.8 to 6.667 times the largest lr. "
        "That this trains faster is an observation, not a theorem.",
        ("smith2018", "smithtopin2017", "torch"),
        {
            "default in this library: peak at update": "29",
            "default in this library: beta at the start": "0.95",
            "default in this library: beta at the peak": "0.85",
            "default in this library: beta at the end": "0.95",
            "default in this library: lr at the peak over lr at the start": "25",
            "lr / (1 - beta) at the start": "0.8",
            "lr / (1 - beta) at the peak": "6.667",
            "ratio of the two": "8.33",
        },
        cycle_of_smith,
    ),
    Claim(
        55,
        "Momentum multiplies the learning rate by about 1 / (1 - beta): 10 times for 0.9, 100 times for 0.99.",
        "true with condition",
        "Under a constant gradient: (1 - beta^t) / (1 - beta) at step t, 6.513 at step 10 for beta 0.9. On a quadratic "
        "only for u far below (1 - sqrt(beta))^2 = 0.0026. At that u a step takes off 1 / (1 - sqrt(beta)) = 19.487 "
        "times as much as gradient descent. From there to (1 + sqrt(beta))^2 lr does not change the rate. Alternating "
        "gradients give 0.526.",
        ("polyak1964",),
        {
            "constant gradient, step 1": "1.000",
            "constant gradient, step 5": "4.095",
            "constant gradient, step 10": "6.513",
            "constant gradient, step 22": "9.015",
            "constant gradient, step 44": "9.903",
            "alternating gradient": "0.526",
            "quadratic, u 0.00001": "10.01",
            "u of critical damping": "0.002633",
            "quadratic, at critical damping": "19.487",
            "rate at u 0.01": "0.948683",
            "the same at u 1 and u 3": "yes",
        },
        amplification,
    ),
    Claim(
        56,
        "When beta is raised, the learning rate usually has to be lowered in proportion, or training becomes unstable.",
        "true with condition",
        "True with curvature noise, as in small batches, but in proportion to 1 - beta only near 1. For a random "
        "factor of variance 1 the mean-square limit of u is 1 - beta^2: 1, 0.75, 0.19, 0.0199 for beta 0, 0.5, 0.9, "
        "0.99. On noiseless quadratics the heavy ball's limit rises, from 2 to 3.8 for 0.9. Elsewhere beta 0.9 can "
        "cycle at kappa 100, lr L = 0.7512.",
        ("goujaud2023",),
        {
            "no noise, beta 0": "2",
            "no noise, beta 0.5": "3",
            "no noise, beta 0.9": "3.8",
            "no noise, beta 0.99": "3.98",
            "no noise, Nesterov, beta 0.9": "1.357",
            "converges at 3.79 and not at 3.81": "yes",
            "noise, beta 0": "1",
            "noise, beta 0.5": "0.75",
            "noise, beta 0.9": "0.19",
            "noise, beta 0.99": "0.0199",
            "mean square falls below and grows above": "yes",
            "cycle at kappa 100, beta 0.9": "0.7512",
            "cycle at kappa 100, beta 0.99": "0.0802",
        },
        stable_learning_rates,
    ),
    Claim(
        58,
        "With small batches a lower momentum may avoid amplifying the noise.",
        "imprecise",
        "What amplifies is lr / (1 - beta), so a lower lr helps as well. At curvature 1, fresh noise of variance 1 "
        "leaves 0.0526 without momentum and lr 0.1, 0.5135 with beta 0.9 and the same lr, but 0.0501 with lr 0.01. "
        "With lr 0.1 and beta 0.9 a batch of 16 leaves 0.0321 instead of 0.5135.",
        ("smithle2018",),
        {
            "beta 0, lr 0.1": "0.052632",
            "beta 0.9, lr 0.1": "0.513514",
            "beta 0.9, lr 0.01": "0.0501",
            "simulated with lr 0.1 within 5 per cent": "yes",
            "batch of 16, beta 0.9, lr 0.1": "0.032095",
            "variance of the sum, beta 0.9": "5.263",
            "variance of the average, beta 0.9": "0.0526",
        },
        amplified_noise,
    ),
    Claim(
        59,
        "Momentum is like a sled: it keeps its speed, so it glides down into the valley and does not swing from side "
        "to side.",
        "imprecise",
        "Add friction, (1 - beta) / lr in Qian's model, and that the sled may shoot past the valley. From 1, with "
        "u = 0.1, the heavy ball with beta 0.9 swings to -0.604 on the other side; gradient descent does not cross. "
        "With beta 1 there is no friction and the swinging never ends.",
        ("qian1999",),
        {
            "beta 0.9, furthest beyond the valley": "-0.604",
            "gradient descent crosses the valley": "no",
            "beta 1, swing after 5000 steps": "1.01",
            "friction at lr 0.1, beta 0.9": "1",
            "friction at lr 0.1, beta 1": "0",
        },
        sled,
    ),
)
