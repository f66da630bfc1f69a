"""Claims 7 to 9, 12 and 13: what has been proved about how fast momentum converges."""

import numpy as np

from momentum_lab import theory
from momentum_lab.claims.claim import Claim
from momentum_lab.optimizers import GradientDescent, HeavyBall, Nesterov
from momentum_lab.running import run, sweep
from momentum_lab.schedules import nesterov_beta
from momentum_lab.surfaces import Lessard, Quadratic, Surface, WorstCase

CURVATURES = np.geomspace(1e-7, 1, 1000)
"""Enough to stand for all quadratics with L = 1: on a quadratic every direction moves by itself."""


def tuned(rule, settings):
    """Return the rule with the settings that theory found, and nothing else."""
    return rule(settings.lr) if rule is GradientDescent else rule(settings.lr, settings.beta)


def two_modes(rule, kappa, steps=2200):
    """Run a rule on curvatures 1 and kappa, one unit from the minimum along both."""
    return run(rule, Quadratic([1.0, kappa]), [1.0, 1.0], steps)


def best_on_grid(method, kappa):
    """Return the smallest rate among 300 x 300 settings, for curvatures between 1 and kappa."""
    lrs = np.linspace(0.001, theory.stability_limit(method, 0.999), 300)[:, np.newaxis] / kappa
    return theory.spectrum_rate(method, lrs, np.linspace(0, 0.999, 300), 1.0, kappa).min()


def worst_gap(method, steps, beta=0.0):
    """Return the largest gap after `steps` steps with lr = 1/L = 1, over all quadratics one unit from the minimum."""
    return (CURVATURES * theory.position(method, steps, CURVATURES, beta) ** 2 / 2).max()


def worst_gaps(beta, steps):
    """Return the same for Nesterov's method with a schedule, after every step, shape (steps + 1,)."""
    # Only lr * curvature matters, so many learning rates on one curvature are one learning rate on many curvatures.
    thetas = run(Nesterov(beta=beta, **sweep(lr=CURVATURES)), Quadratic([1.0]), [1.0], steps).thetas[..., 0]
    return (CURVATURES * thetas**2 / 2).max(axis=1)


def square_root_of_kappa():
    """The rate of the best heavy ball, and the steps to 1e-6 that it says and that a run needs."""
    found = {}
    for kappa in (100, 10000):
        settings = theory.best_settings("heavy ball", 1.0, kappa)
        found[f"rate at kappa {kappa}"] = theory.spectrum_rate("heavy ball", settings.lr, settings.beta, 1.0, kappa)
        found[f"steps by the rate, kappa {kappa}"] = theory.steps_for(settings.rate, 1e-6)
        found[f"steps of a run, kappa {kappa}"] = two_modes(tuned(HeavyBall, settings), kappa).steps_to(distance=1e-6)
    return found


def best_plain_descent():
    """Gradient descent at its best on a quadratic, and on a curve that is none."""
    settings = theory.best_settings("gradient descent", 1.0, 100.0)
    starts = np.linspace(-6, 6, 2400)[:, np.newaxis]  # an even number leaves out the minimum itself
    after = run(GradientDescent(2 / 26), Lessard(), starts, 1).thetas[1]
    return {
        "rate at kappa 100": theory.spectrum_rate("gradient descent", settings.lr, 0.0, 1.0, 100.0),
        "steps to 1e-6 by the rate": theory.steps_for(settings.rate, 1e-6),
        "steps to 1e-6 of a run": two_modes(tuned(GradientDescent, settings), 100.0).steps_to(distance=1e-6),
        "rate at lr 1/L": theory.spectrum_rate("gradient descent", 0.01, 0.0, 1.0, 100.0),
        "largest factor of a step on Lessard's curve, kappa 25": np.abs(after / starts).max(),
    }


def best_heavy_ball():
    """The best settings at kappa 100, against a grid of others, and the detour that their double roots make."""
    settings = theory.best_settings("heavy ball", 1.0, 100.0)
    walk = two_modes(tuned(HeavyBall, settings), 100.0)
    far = np.abs(two_modes(tuned(HeavyBall, theory.best_settings("heavy ball", 1.0, 1e4)), 1e4, 400).thetas[:, 1])
    steep = np.abs(walk.thetas[:, 1])
    return {
        "best lr L": 100 * settings.lr,
        "best beta": settings.beta,
        "rate": theory.spectrum_rate("heavy ball", settings.lr, settings.beta, 1.0, 100.0),
        "a grid of settings has a better one": best_on_grid("heavy ball", 100.0) < settings.rate - 1e-6,
        "largest distance across, kappa 100": steep.max(),
        "at step, kappa 100": steep.argmax(),
        "largest distance across, kappa 10000": far.max(),
        "at step, kappa 10000": far.argmax(),
        "rise of the loss, kappa 100": (walk.losses / walk.losses[0]).max(),
        "steps to 1e-6 by the rate": theory.steps_for(settings.rate, 1e-6),
        "steps to 1e-6 of a run": walk.steps_to(distance=1e-6),
    }


def growing_momentum():
    """Nesterov's method on the worst of all quadratics, and on a chain of 201 links, after 100 steps."""
    chain = WorstCase(201)
    radius = (chain.minimum**2).sum()
    rules = (GradientDescent(1.0), Nesterov(1.0, nesterov_beta()))
    plain, growing = (run(rule, chain, chain.start, 100).gaps / radius for rule in rules)
    bounds = 2 / np.arange(1, 102) ** 2
    worst, too_fast = (worst_gaps(beta, 100) for beta in (nesterov_beta(), lambda t: 1 - 1 / (t + 1) ** 2))
    return {
        "bound at k 100": bounds[-1],
        "worst quadratic, beta (k - 1) / (k + 2)": worst[-1],
        "worst quadratic, beta k / (k + 3)": worst_gaps(lambda t: t / (t + 3), 100)[-1],
        "every gap is below its bound": (worst < bounds).all() and (growing < bounds).all(),
        "worst quadratic, beta 1 - 1/(k + 1)^2, over the bound": too_fast[-1] / bounds[-1],
        "chain: no method comes below": 3 / 32 / 101**2,
        "chain: best in the span of the chain": (chain(_best_of(chain, 100)) - chain.lowest) / radius,
        "chain: Nesterov": growing[-1],
        "chain: gradient descent": plain[-1],
    }


def _best_of(chain, links):
    """Return the lowest point with only the first links away from zero: as many gradients reach no other links."""
    zero = np.zeros(chain.dim)
    pull = chain.grad(zero)
    curvature = chain.grad(np.eye(chain.dim)) - pull  # of a quadratic: row i is the gradient's change along i
    point = np.zeros(chain.dim)
    point[:links] = np.linalg.solve(curvature[:links, :links], -pull[:links])
    return point


class _Bend(Surface):
    """A bowl that becomes a straight slope: on it gradient descent with lr = 1/L does worst (Drori, Teboulle)."""

    minima = np.zeros((1, 1))

    def __init__(self, steps):
        self.edge = 1 / (2 * steps + 1)

    def __call__(self, theta):
        away = np.abs(theta[..., 0])
        return np.where(away < self.edge, away**2 / 2, self.edge * away - self.edge**2 / 2)

    def grad(self, theta):
        return np.clip(theta, -self.edge, self.edge)


def plain_descent_on_convex():
    """Gradient descent with lr = 1/L on the worst of all quadratics, and on the function that is worse."""
    attained = [run(GradientDescent(1.0), _Bend(k), [1.0], k).gaps[-1] for k in (1, 10, 100)]
    return {
        "bound at k 100": 1 / 402,
        "worst convex function": attained[-1],
        "the bound is attained at k 1, 10 and 100": np.allclose(attained, [1 / 6, 1 / 42, 1 / 402], rtol=1e-9),
        "worst quadratic": worst_gap("gradient descent", 100),
    }


class _SoftLessard(Lessard):
    """Lessard's curve, tilted: its minimum, at 1.5, lies where the curvature is 1, so that the end takes long."""

    minima = np.full((1, 1), 1.5)
    lowest = -13.125

    def _height(self, theta):
        return super()._height(theta) - 25.5 * theta[..., 0]

    def _slope(self, theta):
        return super()._slope(theta) - 25.5


def textbook_beyond_quadratics():
    """Textbook settings for kappa 25 on Lessard's curve, as it is and tilted, from 240 starts."""
    settings = theory.textbook_nesterov(1.0, 25.0)
    starts = np.linspace(-6, 6, 240)[:, np.newaxis]
    walk, soft = (run(tuned(Nesterov, settings), curve, starts, 120) for curve in (Lessard(), _SoftLessard()))
    kept = []
    for each in (walk, soft):
        # Nesterov's theorem: this falls by 1 - 1/sqrt(kappa) a step, from the gap and half of mu distance^2.
        promise = 0.8 ** np.arange(121)[:, np.newaxis] * (each.gaps[0] + each.distances[0] ** 2 / 2)
        kept.append((each.gaps <= promise + 1e-12).all())
    late = (soft.distances[120] / soft.distances[60]).max() ** (1 / 60)
    return {
        "textbook beyond quadratics, kappa 25: loss within its promise": all(kept),
        "tilted Lessard curve, textbook: late factor": late,
        "tilted Lessard curve, textbook: guaranteed": 0.8**0.5,
    }


CLAIMS = (
    Claim(
        7,
        "How fast the heavy ball converges goes with the square root of kappa.",
        "imprecise",
        "On quadratics the number of steps is proportional to sqrt(kappa). The rate, the factor per step, is 1 - 2 / "
        "(sqrt(kappa) + 1), and smaller is better: 0.818182 at kappa 100, 0.980198 at kappa 10000. By the rate alone "
        "that is 68.8 and 690.8 steps to 1e-6; runs need 93 and 1056.",
        ("polyak1964",),
        {
            "rate at kappa 100": "0.818182",
            "steps by the rate, kappa 100": "68.8",
            "steps of a run, kappa 100": "93",
            "rate at kappa 10000": "0.980198",
            "steps by the rate, kappa 10000": "690.8",
            "steps of a run, kappa 10000": "1056",
        },
        square_root_of_kappa,
    ),
    Claim(
        8,
        "Gradient descent multiplies the error by (kappa - 1) / (kappa + 1) per step.",
        "true with condition",
        "True at lr = 2 / (L + mu), as a bound on the distance at every step, and not only for quadratics: for every "
        "function with curvatures between mu and L. At lr = 1/L it is 1 - 1/kappa. At kappa 100 these are 0.980198 and "
        "0.99. With the first, 691 steps lead to 1e-6.",
        ("nesterov2004",),
        {
            "rate at kappa 100": "0.980198",
            "steps to 1e-6 by the rate": "690.75",
            "steps to 1e-6 of a run": "691",
            "rate at lr 1/L": "0.990000",
            "largest factor of a step on Lessard's curve, kappa 25": "0.923077",
        },
        best_plain_descent,
    ),
    Claim(
        9,
        "Heavy ball multiplies the error by (sqrt(kappa) - 1) / (sqrt(kappa) + 1) per step.",
        "true with condition",
        "True on quadratics, and locally near a minimum with a continuous second derivative, with lr = 4 / (sqrt(L) + "
        "sqrt(mu))^2 and beta the square of that fraction. It is the rate in the long run. At kappa 100 the distance "
        "across first grows to 3.7072 and the loss to 13.6 times its start; 93 steps lead to 1e-6, not 68.8.",
        ("polyak1964", "danilova2021"),
        {
            "best lr L": "3.3058",
            "best beta": "0.669421",
            "rate": "0.818182",
            "a grid of settings has a better one": "no",
            "largest distance across, kappa 100": "3.7072",
            "at step, kappa 100": "4",
            "largest distance across, kappa 10000": "36.79",
            "at step, kappa 10000": "49",
            "rise of the loss, kappa 100": "13.6",
            "steps to 1e-6 by the rate": "68.8",
            "steps to 1e-6 of a run": "93",
        },
        best_heavy_ball,
    ),
    Claim(
        12,
        "Nesterov's method of 1983 reaches the optimal rate O(1/k^2) on convex functions.",
        "true with condition",
        "True with exact gradients, lr 1/L, beta like (k - 1) / (k + 2): from distance R, k steps leave a gap up to 2 "
        "L R^2 / (k + 1)^2. With 1 - 1/(k + 1)^2, growing too, 100 steps can leave 7.7 times that. On a chain of 2 k + "
        "1 links no combination of gradients gets below 3 L R^2 / (32 (k + 1)^2).",
        ("nesterov1983", "beck2009", "su2016", "nesterov2004", "kim2016"),
        {
            "bound at k 100": "1.961e-4",
            "worst quadratic, beta (k - 1) / (k + 2)": "6.484e-5",
            "worst quadratic, beta k / (k + 3)": "6.363e-5",
            "every gap is below its bound": "yes",
            "worst quadratic, beta 1 - 1/(k + 1)^2, over the bound": "7.7",
            "chain: no method comes below": "9.190e-6",
            "chain: best in the span of the chain": "9.259e-6",
            "chain: Nesterov": "3.001e-5",
            "chain: gradient descent": "1.395e-4",
        },
        growing_momentum,
    ),
    Claim(
        13,
        "Plain gradient descent reaches O(1/k) on convex functions.",
        "true with condition",
        "With the constant lr = 1/L the gap after k steps, from distance R, is at most L R^2 / (4 k + 2). For each k "
        "one function attains it, a bowl that becomes a straight slope. Special sequences of learning rates do better "
        "than 1/k without any momentum (Altschuler and Parrilo, not recomputed here).",
        ("drori2014", "altschuler2025"),
        {
            "bound at k 100": "2.488e-3",
            "worst convex function": "2.488e-3",
            "the bound is attained at k 1, 10 and 100": "yes",
            "worst quadratic": "9.174e-4",
        },
        plain_descent_on_convex,
    ),
)
