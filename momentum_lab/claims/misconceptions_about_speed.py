"""Misconceptions about speed: rates, steps, and what they depend on."""

import numpy as np

from momentum_lab.claims.misconception import Misconception
from momentum_lab.optimizers import GradientDescent, HeavyBall, Momentum, Nesterov
from momentum_lab.oracles import Counting, exact
from momentum_lab.running import run, sweep
from momentum_lab.schedules import nesterov_beta
from momentum_lab.surfaces import Lessard, Polygon, Quadratic
from momentum_lab.theory import best_settings, polygon_limit, spectrum_rate, steps_for, textbook_nesterov

BOWL = Quadratic([1.0])
VALLEY = Quadratic([1.0, 100.0])


def _best(method, rule, kappa=100.0):
    """Return a rule with its best settings for quadratics of curvatures from 1 to kappa."""
    best = best_settings(method, 1.0, kappa)
    return rule(best.lr) if rule is GradientDescent else rule(best.lr, best.beta)


def _has_triangle(kappa):
    best = best_settings("heavy ball", 1.0, kappa)
    return polygon_limit(best.beta, kappa, corners=[3]) <= best.lr * kappa


def _threshold(condition, low, high):
    """Return where a condition starts to hold, by bisection."""
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if condition(middle) else (middle, high)
    return high


def always_accelerated():
    """Run the best heavy ball for kappa 25 on two functions that were made to defeat it."""
    ball, plain = _best("heavy ball", HeavyBall, 25.0), _best("gradient descent", GradientDescent, 25.0)
    lessard, triangle = Lessard(), Polygon(3)
    cycle = np.sort(run(ball, lessard, lessard.start, 600).thetas[-3:, 0])
    corner, velocity = triangle.cycle_start()
    round_trip = run(ball, triangle, corner + 0.01, 1500, state=Momentum(velocity))
    return {
        "lowest of the cycle": cycle[0],
        "middle of the cycle": cycle[1],
        "highest of the cycle": cycle[2],
        "gradient descent arrives": run(plain, lessard, lessard.start, 600).steps_to(distance=1e-6) is not None,
        "distance after 1500 steps round the triangle": round_trip.distances[-1],
        "smallest kappa with a triangle": _threshold(_has_triangle, 4.0, 100.0),
    }


def loss_falls_at_every_step():
    """Race the best heavy ball against the best gradient descent at kappa 100, from equal parts in both directions."""
    ball = run(_best("heavy ball", HeavyBall), VALLEY, VALLEY.start, 200)
    plain = run(_best("gradient descent", GradientDescent), VALLEY, VALLEY.start, 1000)
    return {
        "highest loss over the first": ball.losses.max() / ball.losses[0],
        "step of the highest loss": int(ball.losses.argmax()),
        "heavy ball's steps": ball.steps_to(distance=1e-6),
        "gradient descent's steps": plain.steps_to(distance=1e-6),
    }


def _measured_rate(lr, beta, steps):
    """Return the factor per step over the second half of a run of Nesterov's method at kappa 100."""
    distances = run(Nesterov(lr, beta), VALLEY, VALLEY.start, steps).distances
    return (distances[-1] / distances[steps // 2]) ** (2 / steps)


def nesterov_rate():
    """Compute Nesterov's rates at kappa 100 and measure them late in long runs."""
    textbook, best = textbook_nesterov(1.0, 100.0), best_settings("Nesterov", 1.0, 100.0)
    return {
        "textbook momentum": textbook.beta,
        "textbook rate": textbook.rate,
        "textbook rate, measured": _measured_rate(textbook.lr, textbook.beta, 2800),
        "best rate": best.rate,
        "best rate, measured": _measured_rate(best.lr, best.beta, 2800),
        "heavy ball's best rate": best_settings("heavy ball", 1.0, 100.0).rate,
    }


def larger_beta_is_faster():
    """Raise beta at kappa 100, at the lr that is best for beta 0.669: there any larger beta has its best rate too."""
    best = best_settings("heavy ball", 1.0, 100.0)
    betas = {"at the best beta": best.beta, "at beta 0.9": 0.9, "at beta 0.99": 0.99, "at beta 0.999": 0.999}
    rates = {name: spectrum_rate("heavy ball", best.lr, beta, 1.0, 100.0) for name, beta in betas.items()}
    numbers = {f"steps by the rate, {name}": steps_for(rate, 1e-6) for name, rate in rates.items()}
    for name, longest in (("at the best beta", 200), ("at beta 0.9", 500), ("at beta 0.99", 4000)):
        ball = run(HeavyBall(best.lr, betas[name]), VALLEY, VALLEY.start, longest)
        numbers[f"steps counted, {name}"] = ball.steps_to(distance=1e-6)
    lowest = all(np.isclose(rates[name], beta**0.5) for name, beta in betas.items())
    return numbers | {"best beta": best.beta, "every rate is sqrt(beta)": lowest}


def high_beta_for_well_conditioned():
    """Compute the best beta for five condition numbers, and look for anything better on a grid around it."""
    numbers, beaten = {}, False
    for kappa in (1, 10, 100, 1000, 10000):
        best = best_settings("heavy ball", 1.0, kappa)
        numbers[f"best beta at kappa {kappa}"] = best.beta
        lr, beta = np.meshgrid(np.linspace(0.04, 4, 100) / kappa, np.linspace(0, 0.999, 100))
        beaten |= spectrum_rate("heavy ball", lr, beta, 1.0, kappa).min() < best.rate - 1e-12
    return numbers | {"any better setting on a grid": bool(beaten)}


def _slope(beta):
    """Return the log-log slope of the worst loss in any of 400 directions, from step 1600 to step 3200.

    All that counts in a direction is u = lr * curvature, so each is a run of its own on the same bowl.
    """
    u = np.geomspace(1e-8, 1, 400)
    directions = run(Nesterov(**sweep(lr=u), beta=beta), BOWL, np.array([1.0]), 3200)
    before, after = (u / 2 * directions.thetas[[1600, 3200], :, 0] ** 2).max(axis=1)
    return np.log2(after / before)


def constant_beta_on_convex():
    """Compare a constant beta with a growing one, each on the quadratics that are worst for it."""
    return {"slope with beta 0.9": _slope(0.9), "slope with (k - 1) / (k + 2)": _slope(nesterov_beta())}


def _restarted(surface, steps):
    """Run Nesterov's method and start its beta and velocity anew whenever a step goes uphill."""
    points = [surface.start]
    while len(points) <= steps:
        slopes = Counting(surface.grad)
        leg = run(Nesterov(1.0, nesterov_beta()), surface, points[-1], 400, oracle=exact(slopes))
        # Uphill by the gradient that the step was made of, the one at the point looked ahead to.
        uphill = (surface.grad(np.array(slopes.asked_at)) * np.diff(leg.thetas, axis=0)).sum(axis=1) > 0
        points.extend(leg.thetas[1 : (np.argmax(uphill) if uphill.any() else 399) + 2])
    return np.array(points)


def restart_is_a_detail():
    """Bring a loss below 1e-10 with a growing beta, at kappa 1000, without and with restarts."""
    surface = Quadratic(np.geomspace(1e-3, 1, 20))
    numbers = {}
    for name, points in (
        ("without restart", run(Nesterov(1.0, nesterov_beta()), surface, surface.start, 4000).thetas),
        ("with restart", _restarted(surface, 600)),
    ):
        above = surface(points) >= 1e-10
        numbers[f"first below, {name}"] = int(np.argmin(above))
        numbers[f"below for good, {name}"] = len(above) - int(np.argmax(above[::-1]))
    return numbers


ABOUT_SPEED = (
    Misconception(
        5,
        "The heavy ball is accelerated on every strongly convex function.",
        "It is so on quadratics. On Lessard's function, whose kappa is 25, the settings that are best for quadratics "
        "circle through 2.116, -1.802 and 0.647 for ever. From kappa 17.944 on there is, for such settings, a function "
        "on which they circle round a triangle if they start on it.",
        "05",
        {
            "lowest of the cycle": "-1.802",
            "middle of the cycle": "0.647",
            "highest of the cycle": "2.116",
            "gradient descent arrives": "yes",
            "distance after 1500 steps round the triangle": "1.0000",
            "smallest kappa with a triangle": "17.944",
        },
        always_accelerated,
    ),
    Misconception(
        6,
        "With good settings the loss falls at every step.",
        "At kappa 100, from equal parts in both directions, the heavy ball with the best rate first multiplies the "
        "loss by 13.6, at step 4. Yet it needs 93 steps to a millionth of the distance, and gradient descent at its "
        "best 691.",
        "01",
        {
            "highest loss over the first": "13.6",
            "step of the highest loss": "4",
            "heavy ball's steps": "93",
            "gradient descent's steps": "691",
        },
        loss_falls_at_every_step,
    ),
    Misconception(
        7,
        "Nesterov's rate is (sqrt(kappa) - 1) / (sqrt(kappa) + 1).",
        "That is its textbook momentum: 0.8182 at kappa 100. With it, the rate on quadratics is 0.9 there, and 0.8847 "
        "with the best constant settings. It is the heavy ball whose best rate on quadratics is 0.8182.",
        "05",
        {
            "textbook momentum": "0.8182",
            "textbook rate": "0.9000",
            "textbook rate, measured": "0.900",
            "best rate": "0.8847",
            "best rate, measured": "0.885",
            "heavy ball's best rate": "0.8182",
        },
        nesterov_rate,
    ),
    Misconception(
        11,
        "A larger beta is always faster.",
        "On quadratics the heavy ball's rate is never below sqrt(beta). At kappa 100, by their rates, the best beta, "
        "0.669, takes 69 steps to 1e-6, and 0.9, 0.99, 0.999 take 262, 2749, 27617. The first three, run at one lr, "
        "take 93, 272, 2861.",
        "04",
        {
            "steps by the rate, at the best beta": "69",
            "steps by the rate, at beta 0.9": "262",
            "steps by the rate, at beta 0.99": "2749",
            "steps by the rate, at beta 0.999": "27617",
            "steps counted, at the best beta": "93",
            "steps counted, at beta 0.9": "272",
            "steps counted, at beta 0.99": "2861",
            "best beta": "0.669",
            "every rate is sqrt(beta)": "yes",
        },
        larger_beta_is_faster,
    ),
    Misconception(
        12,
        "A high beta is for well-conditioned problems.",
        "It is for ill-conditioned ones. On quadratics the heavy ball's best beta is 0 at kappa 1, 0.27 at 10, 0.67 at "
        "100, 0.88 at 1000 and 0.96 at 10000.",
        "04",
        {
            "best beta at kappa 1": "0.00",
            "best beta at kappa 10": "0.27",
            "best beta at kappa 100": "0.67",
            "best beta at kappa 1000": "0.88",
            "best beta at kappa 10000": "0.96",
            "any better setting on a grid": "no",
        },
        high_beta_for_well_conditioned,
    ),
    Misconception(
        15,
        "With a constant beta Nesterov's method is O(1/k^2) on convex functions.",
        "Any beta fixed below 1 gives only 1/k in the worst case; 1/k^2 needs a beta that grows. On the worst of many "
        "quadratics the log-log slope of the loss is -1.00 with beta 0.9, and -2.00 with (k - 1) / (k + 2).",
        "05",
        {"slope with beta 0.9": "-1.00", "slope with (k - 1) / (k + 2)": "-2.00"},
        constant_beta_on_convex,
    ),
    Misconception(
        24,
        "Adaptive restart is a detail.",
        "At kappa 1000, in 20 directions, Nesterov's method with beta (k - 1) / (k + 2) first brings the loss below "
        "1e-10 at step 2002, and for good at 2958. Starting anew whenever a step goes uphill takes 443, for good.",
        "05",
        {
            "first below, without restart": "2002",
            "below for good, without restart": "2958",
            "first below, with restart": "443",
            "below for good, with restart": "443",
        },
        restart_is_a_detail,
    ),
)
