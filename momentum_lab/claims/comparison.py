"""Claims 23 to 29: the table that compares the heavy ball with Nesterov's method, row by row."""

import numpy as np

from momentum_lab import theory
from momentum_lab.claims.claim import Claim
from momentum_lab.claims.convergence import (
    best_on_grid,
    textbook_beyond_quadratics,
    tuned,
    two_modes,
    worst_gap,
    worst_gaps,
)
from momentum_lab.optimizers import GradientDescent, HeavyBall, Nesterov
from momentum_lab.oracles import AdditiveNoise
from momentum_lab.running import run
from momentum_lab.schedules import nesterov_beta
from momentum_lab.surfaces import Lessard, Quadratic


def _slope(at_1600, at_3200):
    """Return the power of k with which the gap falls between 1600 and 3200 steps."""
    return np.log2(at_3200 / at_1600)


def classical_on_convex():
    """The heavy ball with a constant beta on the worst of all quadratics, lr = 1/L."""
    ball, plain = worst_gap("heavy ball", 100, 0.9), worst_gap("gradient descent", 100)
    return {
        "slope of the heavy ball": _slope(*(worst_gap("heavy ball", steps, 0.9) for steps in (1600, 3200))),
        "slope of gradient descent": _slope(*(worst_gap("gradient descent", steps) for steps in (1600, 3200))),
        "heavy ball, gap after 100": ball,
        "gradient descent, gap after 100": plain,
        "ratio": plain / ball,
    }


def nesterov_on_convex():
    """Nesterov's method on the worst of all quadratics: a constant beta, and two that grow."""
    fixed = [worst_gap("Nesterov", steps, 0.9) for steps in (1600, 3200)]
    growing, growing_too = (worst_gaps(beta, 3200)[[1600, 3200]] for beta in (nesterov_beta(), lambda t: t / (t + 3)))
    return {
        "slope, beta 0.9": _slope(*fixed),
        "slope, beta (k - 1) / (k + 2)": _slope(*growing),
        "slope, beta k / (k + 3)": _slope(*growing_too),
        "gap after 3200, beta 0.9": fixed[1],
        "gap after 3200, beta (k - 1) / (k + 2)": growing[1],
    }


def classical_on_strongly_convex():
    """The promised rate at kappa 25, kept on a quadratic and broken on Lessard's curve."""
    settings = theory.best_settings("heavy ball", 1.0, 25.0)
    rule = tuned(HeavyBall, settings)
    return {
        "rate at kappa 25": settings.rate,
        "steps to 1e-6 on a quadratic": two_modes(rule, 25.0).steps_to(distance=1e-6),
        "Lessard's curve from 3.3: closest in steps 300 to 600": run(rule, Lessard(), [3.3], 600).distances[300:].min(),
    }


def rates_and_steps():
    """Rates and runs, by kappa: to 1e-6 for good, on curvatures 1 and kappa, one unit away along both."""
    best = theory.best_settings("Nesterov", 1.0, 100.0).rate
    found = {"a grid has a better rate, Nesterov, kappa 100": best_on_grid("Nesterov", 100.0) < best - 1e-6}
    for kappa in (10, 100, 1000, 10000):
        plain, ball, best = (theory.best_settings(method, 1.0, kappa) for method in theory.METHODS)
        row = {"gradient descent, rate": plain.rate, "gradient descent, steps": _steps_of_plain(plain, kappa)}
        named = {"heavy ball": (HeavyBall, ball), "Nesterov, best": (Nesterov, best)}
        named["Nesterov, textbook"] = (Nesterov, theory.textbook_nesterov(1.0, kappa))
        for name, (rule, settings) in named.items():
            row[f"{name}, rate"] = theory.spectrum_rate(rule.name, settings.lr, settings.beta, 1.0, kappa)
            row[f"{name}, steps"] = two_modes(tuned(rule, settings), kappa).steps_to(distance=1e-6)
        row["Nesterov, textbook, guaranteed"] = (1 - kappa**-0.5) ** 0.5
        found |= {f"kappa {kappa}: {name}": value for name, value in row.items()}
    return {**found, **textbook_beyond_quadratics()}


def _steps_of_plain(settings, kappa):
    """Return the first step at which both ends are below 1e-6; no run, for it may take 69078 steps."""
    u = settings.lr * np.array([1.0, kappa])
    guess = int(theory.steps_for(settings.rate, 1e-6))
    near = range(guess - 2, guess + 3)
    return next(n for n in near if np.abs(theory.position("gradient descent", n, u)).max() <= 1e-6)


def stability():
    """Limits, rates at beta 0.9, and the stretch of u where Nesterov's method is the better damped of the two."""
    found = {f"{method} stable below u": theory.stability_limit(method, 0.9) for method in theory.METHODS}
    bowl = Quadratic([1.0])
    for rule in (GradientDescent, HeavyBall, Nesterov):
        limit = theory.stability_limit(rule.name, 0.9)
        inside, outside = (
            run(rule(u) if rule is GradientDescent else rule(u, 0.9), bowl, [1.0], 3000).distances[-1]
            for u in (0.99 * limit, 1.01 * limit)
        )
        found[f"{rule.name}: runs confirm the limit"] = inside < 1e-6 and outside > 1e6
    for u in (0.002, 0.5, 1.2, 1.5):
        found |= {f"rate of {method}, u {u}": theory.rate(method, u, 0.9) for method in theory.METHODS[1:]}
    u = np.linspace(1e-4, theory.stability_limit("Nesterov", 0.9), 200_000)
    better = u[theory.rate("Nesterov", u, 0.9) < theory.rate("heavy ball", u, 0.9)]
    return {**found, "Nesterov better from u": better[0], "Nesterov better up to u": better[-1]}


def in_noise():
    """Noise of variance 1, curvature 0.1, all at lr / (1 - beta) = 0.1: rate, and variance that remains."""
    rules = {"gradient descent": GradientDescent(0.1), "heavy ball": HeavyBall(0.01), "Nesterov": Nesterov(0.01)}
    bowl, found, close = Quadratic([0.1]), {}, []
    noise = AdditiveNoise(bowl.grad, 1.0, seed=0)
    for name, rule in rules.items():
        floor = theory.noise_floor(name, rule.lr, 0.9, 0.1)
        thetas = run(rule, bowl, np.zeros((400, 1)), 1500, oracle=noise).thetas
        found[f"rate of {name}"] = theory.rate(name, 0.1 * rule.lr, 0.9)
        found[f"floor of {name}"] = floor
        close.append(abs(np.square(thetas[500:]).mean() / floor - 1) < 0.03)
    return {**found, "runs agree within 3 per cent": all(close)}


def in_practice():
    """Both at their best for kappa 25, on a quadratic and on Lessard's curve; both at the same settings, kappa 100."""
    ball, ahead = (tuned(rule, theory.best_settings(rule.name, 1.0, 25.0)) for rule in (HeavyBall, Nesterov))
    found = {}
    for rule in (ball, ahead):
        found[f"{rule.name}, best, quadratic: steps"] = two_modes(rule, 25.0).steps_to(distance=1e-6)
        arrived = run(rule, Lessard(), [3.3], 600).steps_to(distance=1e-6)
        found[f"{rule.name}, best, Lessard's curve: arrives"] = arrived is not None
    for rule in (HeavyBall(0.01, 0.9), Nesterov(0.01, 0.9)):
        found[f"{rule.name}, lr 1/L, beta 0.9, kappa 100: steps"] = two_modes(rule, 100.0).steps_to(distance=1e-6)
    return found


NAMES = (
    "gradient descent, rate", "gradient descent, steps", "heavy ball, rate", "heavy ball, steps",
    "Nesterov, best, rate", "Nesterov, best, steps", "Nesterov, textbook, rate", "Nesterov, textbook, steps",
    "Nesterov, textbook, guaranteed",
)  # fmt: skip
TABLE = {
    10: ("0.818182", "69", "0.519494", "27", "0.640789", "37", "0.683772", "43", "0.826905"),
    100: ("0.980198", "691", "0.818182", "93", "0.884722", "133", "0.900000", "155", "0.948683"),
    1000: ("0.998002", "6908", "0.938693", "315", "0.963491", "439", "0.968377", "508", "0.984062"),
    10000: ("0.999800", "69078", "0.980198", "1056", "0.988453", "1405", "0.990000", "1624", "0.994987"),
}

CLAIMS = (
    Claim(
        23,
        "On convex functions classical momentum reaches O(1/k).",
        "true with condition",
        "True as an upper bound: for the average of the points at a small enough constant lr (range not re-read), and "
        "for the last point on coercive functions. On the worst quadratic, beta 0.9 and lr = 1/L, the gap falls like "
        "k^-1.002; after 100 steps it is 9.67e-5, 9.5 times smaller than that of gradient descent.",
        ("ghadimi2015", "sun2019"),
        {
            "slope of the heavy ball": "-1.002",
            "slope of gradient descent": "-1.000",
            "heavy ball, gap after 100": "9.67e-5",
            "gradient descent, gap after 100": "9.17e-4",
            "ratio": "9.5",
        },
        classical_on_convex,
    ),
    Claim(
        24,
        "On convex functions Nesterov's rule, as printed with a constant beta, reaches O(1/k^2).",
        "false",
        "No constant beta below 1 gives that. On the worst quadratic, lr = 1/L and 1600 to 3200 steps, the gap falls "
        "like k^-1.002 at beta 0.9. With the growing beta (k - 1) / (k + 2) it falls like k^-1.998. The right growth "
        "is what Nesterov's theorem needs.",
        ("nesterov1983", "su2016", "attouch2017"),
        {
            "slope, beta 0.9": "-1.002",
            "slope, beta (k - 1) / (k + 2)": "-1.998",
            "slope, beta k / (k + 3)": "-1.997",
            "gap after 3200, beta 0.9": "2.878e-6",
            "gap after 3200, beta (k - 1) / (k + 2)": "6.604e-8",
        },
        nesterov_on_convex,
    ),
    Claim(
        25,
        "On strongly convex functions classical momentum multiplies the error by (sqrt(kappa) - 1) / (sqrt(kappa) + 1) "
        "per step.",
        "false",
        "True on quadratics, in the long run. Beyond them, no: on Lessard's curve, kappa 25, the same settings, whose "
        "rate on quadratics is 0.666667, end in a cycle from 3.3. Once in it they are never nearer than 0.646531 to "
        "the minimum. No other lr and beta are accelerated on all such functions either.",
        ("polyak1964", "lessard2016", "goujaud2023"),
        {
            "rate at kappa 25": "0.666667",
            "steps to 1e-6 on a quadratic": "44",
            "Lessard's curve from 3.3: closest in steps 300 to 600": "0.646531",
        },
        classical_on_strongly_convex,
    ),
    Claim(
        26,
        "On strongly convex functions Nesterov's method multiplies the distance by (sqrt(kappa) - 1) / (sqrt(kappa) + "
        "1) per step.",
        "false",
        "That fraction is its textbook beta, 0.818182 at kappa 100. On quadratics each step multiplies the distance, "
        "in the long run, by 0.9 with the textbook settings, by 0.884722 with the best. On every smooth, strongly "
        "convex function 0.9 is guaranteed for the loss, so 0.948683 for the distance. For the distance no method "
        "built on gradients beats 1 - 1/sqrt(kappa) on all of them, in every dimension.",
        ("nesterov2004", "lessard2016", "taylor2023", "vanscoy2018"),
        {
            "a grid has a better rate, Nesterov, kappa 100": "no",
            **{
                f"kappa {kappa}: {name}": number
                for kappa, row in TABLE.items()
                for name, number in zip(NAMES, row, strict=True)
            },
            "textbook beyond quadratics, kappa 25: loss within its promise": "yes",
            "tilted Lessard curve, textbook: late factor": "0.8145",
            "tilted Lessard curve, textbook: guaranteed": "0.8944",
        },
        rates_and_steps,
    ),
    Claim(
        27,
        "At a high beta Nesterov's method is more stable than the heavy ball.",
        "imprecise",
        "Its range is smaller: at beta 0.9 it converges for u below 1.357, the heavy ball below 3.8, gradient descent "
        "below 2. Inside, from u = 0.00277 to 1.333, it is better damped: its rate at u = 0.5 is 0.6708 against "
        "0.9487. At u = 1.5 it diverges and the heavy ball does not.",
        ("gitman2019",),
        {
            "gradient descent stable below u": "2.000",
            "heavy ball stable below u": "3.800",
            "Nesterov stable below u": "1.357",
            "gradient descent: runs confirm the limit": "yes",
            "heavy ball: runs confirm the limit": "yes",
            "Nesterov: runs confirm the limit": "yes",
            "rate of heavy ball, u 0.002": "0.97352",
            "rate of Nesterov, u 0.002": "0.97444",
            "rate of heavy ball, u 0.5": "0.9487",
            "rate of Nesterov, u 0.5": "0.6708",
            "rate of heavy ball, u 1.2": "0.949",
            "rate of Nesterov, u 1.2": "0.655",
            "rate of heavy ball, u 1.5": "0.9487",
            "rate of Nesterov, u 1.5": "1.297",
            "Nesterov better from u": "0.00277",
            "Nesterov better up to u": "1.333",
        },
        stability,
    ),
    Claim(
        28,
        "With noisy gradients classical momentum helps significantly and Nesterov's method modestly.",
        "unsupported",
        "We know of no proof of such a ranking. With a batch of 1 there are simple problems on which neither beats SGD "
        "(Kidambi), and at small learning rates momentum adds little (Wang). Here curvature is 0.1, noise variance 1, "
        "and lr / (1 - beta) = 0.1 for all three, beta 0.9 for the two with momentum. Their rates are 0.989 to 0.990, "
        "their floors 0.496 to 0.503.",
        ("kidambi2018", "wang2024"),
        {
            "rate of gradient descent": "0.990",
            "rate of heavy ball": "0.989",
            "rate of Nesterov": "0.989",
            "floor of gradient descent": "0.503",
            "floor of heavy ball": "0.500",
            "floor of Nesterov": "0.496",
            "runs agree within 3 per cent": "yes",
        },
        in_noise,
    ),
    Claim(
        29,
        "In practice Nesterov's method usually does as well as classical momentum or better.",
        "unsupported",
        "Experience, not a theorem. Each at its best for kappa 25, the heavy ball needs 44 steps to 1e-6 on a "
        "quadratic and Nesterov's method 63. On Lessard's curve, from 3.3, the heavy ball never arrives. At equal "
        "settings, lr 1/L, beta 0.9 and kappa 100, they need 263 and 234. But equal settings are no fair race, since "
        "their stable ranges differ.",
        ("sutskever2013", "lessard2016"),
        {
            "heavy ball, best, quadratic: steps": "44",
            "Nesterov, best, quadratic: steps": "63",
            "heavy ball, best, Lessard's curve: arrives": "no",
            "Nesterov, best, Lessard's curve: arrives": "yes",
            "heavy ball, lr 1/L, beta 0.9, kappa 100: steps": "263",
            "Nesterov, lr 1/L, beta 0.9, kappa 100: steps": "234",
        },
        in_practice,
    ),
)
