"""Claim 10: the two families of surfaces on which the best heavy ball for quadratics never arrives."""

from itertools import islice, repeat

import numpy as np

from momentum_lab import theory
from momentum_lab.claims.claim import Claim
from momentum_lab.optimizers import GradientDescent, HeavyBall, Momentum, Nesterov
from momentum_lab.running import iterate, run
from momentum_lab.slips import Slip
from momentum_lab.surfaces import Lessard, Polygon


def counterexamples():
    """Two surfaces on which a heavy ball goes round for ever, although they are smooth and strongly convex."""
    return {**_lessard(), **_lessard_at_beta_09(), **_polygons(), **_triangle(), **_polygons_at_beta_09()}


def _lessard():
    """The best heavy ball for kappa 25, from 12001 resting starts between -6 and 6, 0.001 apart."""
    surface, starts = Lessard(), np.linspace(-6, 6, 12001)[:, np.newaxis]
    cycling = np.abs(_tail(HeavyBall(1 / 9, 4 / 9), surface, starts, 400)[..., 0]).max(axis=0) > 0.1
    edges = np.flatnonzero(np.diff(cycling.astype(int)))
    found = {"Lessard: share of resting starts that cycle": cycling.mean()}
    for i, (before, last) in enumerate(edges.reshape(-1, 2), start=1):
        found[f"Lessard: first start of interval {i}"] = starts[before + 1, 0]
        found[f"Lessard: last start of interval {i}"] = starts[last, 0]
    end = run(HeavyBall(1 / 9, 4 / 9), surface, [3.3], 600).thetas[-3:, 0]
    end = np.roll(end, -np.abs(end).argmin())
    found |= {f"Lessard: point {i} of the cycle": x for i, x in enumerate(end, start=1)}
    found["Lessard: these are 792, -2208 and 2592 over 1225"] = np.allclose(end, surface.cycle, rtol=0, atol=1e-12)
    for rule in (GradientDescent(2 / 26), Nesterov(1 / 25, 2 / 3)):
        found[f"Lessard: {rule.name} arrives"] = abs(run(rule, surface, [3.3], 600).thetas[-1, 0]) < 1e-12
    return found


SHARES = ("1.5", "1.55", "1.6", "1.65", "1.7", "2.05", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "25/9", "2.78")


def _lessard_at_beta_09():
    """Of 241 resting starts between -6 and 6, how many have not arrived after 1000 steps, for several lr L."""
    lr = np.array([25 / 9 if name == "25/9" else float(name) for name in SHARES]) / 25
    starts = np.linspace(-6, 6, 241)[:, np.newaxis, np.newaxis] + np.zeros((1, len(lr), 1))
    ends = np.abs(_tail(HeavyBall(lr[:, np.newaxis], 0.9), Lessard(), starts, 1000, 20)[..., 0]).max(axis=0)
    return {f"Lessard, beta 0.9, lr L {name}: fail": n for name, n in zip(SHARES, (ends > 1e-3).sum(0), strict=True)}


def _polygons():
    """The smallest kappa at which the best heavy ball goes round a polygon of that many corners, by bisection."""
    found = {}
    for corners in (3, 4, 5, 6):
        low, high = 2.0, 200.0
        for _ in range(50):
            middle = (low + high) / 2
            low, high = (low, middle) if _goes_round(corners, middle) else (middle, high)
        found[f"smallest kappa for {corners} corners"] = high
    return found


def _triangle():
    """The triangle at kappa 25: started on it, beside it and from rest; and beside it near the smallest kappa."""
    surface = Polygon(3)
    axis = np.linspace(-6, 6, 41)
    grid = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1)
    resting = _tail(HeavyBall(surface.lr, surface.beta), surface, grid, 400, 1)[0]
    found = {"triangle: resting starts of 1681 that reach it": (np.linalg.norm(resting, axis=-1) > 0.5).sum()}
    for kappa in (18.0, 19.0, 25.0):
        found[f"triangle, kappa {kappa:.0f}, beside it: distance after 3000"] = _beside(Polygon(3, smoothness=kappa))
    start = surface.cycle_start()[0] + np.array([0.01, 0.0])
    for rule in (GradientDescent(2 / 26), Nesterov(1 / 25, 2 / 3)):
        found[f"triangle: {rule.name} after 3000"] = np.linalg.norm(run(rule, surface, start, 3000).thetas[-1])
    return found


def _polygons_at_beta_09():
    """Kappa 100: the smallest lr L with a cycle of fewer than 80 corners, and the corners that go at lr L = 1."""
    corners = range(3, 80)
    limits = np.array([theory.polygon_limit(0.9, 100.0, [k]) for k in corners])
    going = [k for k in corners if _goes_round(k, 100.0, lr=0.01, beta=0.9)]
    return {
        "beta 0.9, kappa 100: smallest lr L with a cycle": limits.min(),
        "beta 0.9, kappa 100: corners of the first": corners[limits.argmin()],
        "beta 0.9, kappa 100, lr L 1: fewest corners": min(going),
        "beta 0.9, kappa 100, lr L 1: most corners": max(going),
    }


def _tail(rule, surface, starts, steps, last=3):
    """Return the last points only, of so many runs that all of them would fill the memory."""
    walk = iterate(rule, repeat(surface.grad), starts)
    return np.array([theta for theta, _ in islice(walk, steps + 1 - last, steps + 1)])


def _goes_round(corners, kappa, **settings):
    try:
        Polygon(corners, smoothness=kappa, **settings)
    except Slip:
        return False
    return True


def _beside(surface, off=0.01):
    """Return how far from the minimum a ball is that starts a little beside the cycle."""
    start, velocity = surface.cycle_start()
    state = Momentum(velocity + np.array([0.0, off]))
    rule = HeavyBall(surface.lr, surface.beta)
    return np.linalg.norm(run(rule, surface, start + np.array([off, 0.0]), 3000, state=state).thetas[-1])


INTERVALS = (
    ("-4.373", "-4.100"), ("-3.370", "-3.219"), ("-3.056", "-2.886"), ("0.971", "1.038"),
    ("2.751", "2.855"), ("2.858", "2.920"), ("3.062", "3.463"), ("5.394", "5.555"),
)  # fmt: skip
FAILS = ("0", "33", "24", "28", "1", "0", "27", "73", "54", "30", "11", "0", "23", "49", "50")

CLAIMS = (
    Claim(
        10,
        "The fast rate of the tuned heavy ball holds on every smooth, strongly convex function.",
        "false",
        "On Lessard's curve, kappa 25, the best heavy ball for quadratics cycles for ever from a share of 0.116 of the "
        "resting starts between -6 and 6. From kappa 17.944 on, a function made for it has a triangle that holds a "
        "ball started on it. No lr and beta are fast on all such functions from all starts. Slower convergence is "
        "proved, at small enough lr.",
        ("lessard2016", "goujaud2023", "goujaud2023b", "ghadimi2015", "kassing2024"),
        {
            "Lessard: share of resting starts that cycle": "0.116",
            **{f"Lessard: first start of interval {i}": first for i, (first, _) in enumerate(INTERVALS, start=1)},
            **{f"Lessard: last start of interval {i}": last for i, (_, last) in enumerate(INTERVALS, start=1)},
            "Lessard: point 1 of the cycle": "0.646531",
            "Lessard: point 2 of the cycle": "-1.802449",
            "Lessard: point 3 of the cycle": "2.115918",
            "Lessard: these are 792, -2208 and 2592 over 1225": "yes",
            "Lessard: gradient descent arrives": "yes",
            "Lessard: Nesterov arrives": "yes",
            **{f"Lessard, beta 0.9, lr L {name}: fail": n for name, n in zip(SHARES, FAILS, strict=True)},
            "smallest kappa for 3 corners": "17.944",
            "smallest kappa for 4 corners": "25.274",
            "smallest kappa for 5 corners": "43.866",
            "smallest kappa for 6 corners": "76.271",
            "triangle: resting starts of 1681 that reach it": "19",
            "triangle, kappa 18, beside it: distance after 3000": "0.0000",
            "triangle, kappa 19, beside it: distance after 3000": "1.0000",
            "triangle, kappa 25, beside it: distance after 3000": "1.0000",
            "triangle: gradient descent after 3000": "2e-105",
            "triangle: Nesterov after 3000": "0.000000000",
            "beta 0.9, kappa 100: smallest lr L with a cycle": "0.7512",
            "beta 0.9, kappa 100: corners of the first": "10",
            "beta 0.9, kappa 100, lr L 1: fewest corners": "7",
            "beta 0.9, kappa 100, lr L 1: most corners": "11",
        },
        counterexamples,
    ),
)
