"""Claim 57: how much momentum gains with small batches and with large ones."""

import numpy as np

from momentum_lab.arguments import real_number
from momentum_lab.claims.claim import Claim
from momentum_lab.optimizers import HeavyBall, Momentum
from momentum_lab.running import run
from momentum_lab.slips import Slip
from momentum_lab.surfaces import Quadratic
from momentum_lab.theory import stability_limit

CURVATURES = np.geomspace(1e-3, 1.0, 30)


def fewest_steps(batch, beta):
    """Return the steps that the best lr of a grid takes to a mean loss of 1e-5, and whether it lies inside the grid.

    The noise has variance curvature / batch in each direction; to arrive means to stay there for good.
    """
    if not (real_number("batch", batch, single=True) > 0 and 0 <= real_number("beta", beta, single=True) < 1):
        raise Slip(f"This needs a batch above 0 and 0 <= beta < 1; these are {batch} and {beta}.")
    if batch < 1e4:
        # These runs are long, so the grid is narrow: the best lr is near 0.19 (1 - beta).
        return _best(_arrivals(batch, beta, np.linspace(0.175, 0.2, 6) * (1 - beta), 7400))[:2]
    longest = 1200 if batch < 1e5 else 900
    lrs = np.geomspace(1e-4, 0.9999, 120) * stability_limit("heavy ball", beta)
    _, inside, best = _best(_arrivals(batch, beta, lrs, longest))
    # A second, finer grid between the neighbours of the best.
    finer = np.linspace(lrs[max(best - 1, 0)], lrs[min(best + 1, len(lrs) - 1)], 41)
    steps, inside_too, _ = _best(_arrivals(batch, beta, finer, longest))
    return steps, inside and inside_too


def _best(arrivals):
    best = arrivals.argmin()
    return arrivals[best], 0 < best < len(arrivals) - 1, best


def _arrivals(batch, beta, lrs, longest):
    """Return the steps that each lr takes, by the exact mean of the loss over all noise; no dice are needed."""
    bowl, lr = Quadratic(CURVATURES), np.broadcast_to(lrs[:, np.newaxis], (len(lrs), len(CURVATURES)))
    start = run(HeavyBall(lr, beta), bowl, np.ones(len(CURVATURES)), longest).thetas
    # What one noise of size 1 does later: it is one step of length lr, and its echo.
    echo = run(HeavyBall(lr, beta), bowl, -lr, longest - 1, state=Momentum(lr)).thetas
    loss = start**2 @ CURVATURES
    loss[1:] += np.cumsum(echo**2 @ CURVATURES**2, axis=0) / batch
    above = loss / (2 * len(CURVATURES)) > 1e-5
    return len(above) - np.argmax(above[::-1], axis=0)


def batch_sizes():
    """Steps to a mean loss of 1e-5, for good, in 30 directions with noise of variance curvature / batch; lr tuned."""
    pairs = [(batch, beta) for batch in (1e3, 1e4, 1e5, 1e6) for beta in (0.0, 0.9)] + [(1e6, 0.8), (1e6, 0.99)]
    tuned = {f"batch {batch:.0f}, beta {beta:g}": fewest_steps(batch, beta) for batch, beta in pairs}
    found = {name: steps for name, (steps, _) in tuned.items()}
    return {**found, "every best lr lies inside its grid": all(inside for _, inside in tuned.values())}


CLAIMS = (
    Claim(
        57,
        "Larger batches, whose gradients are less noisy, make momentum more effective.",
        "true",
        "Well supported by experiments with networks. In a 30-dimensional quadratic, noise fresh, lr tuned on a grid, "
        "a mean loss of 1e-5 takes 7307 steps with beta 0 and 6934 with 0.9 at batch size 1000. It takes 1104 and 704 "
        "at 10000, 511 and 98 at 100000, 433 and 83 at a million: there beta 0.8 needs 55, but 0.99 needs 820.",
        ("shallue2019", "zhang2019"),
        {
            "batch 1000, beta 0": "7307",
            "batch 1000, beta 0.9": "6934",
            "batch 10000, beta 0": "1104",
            "batch 10000, beta 0.9": "704",
            "batch 100000, beta 0": "511",
            "batch 100000, beta 0.9": "98",
            "batch 1000000, beta 0": "433",
            "batch 1000000, beta 0.8": "55",
            "batch 1000000, beta 0.9": "83",
            "batch 1000000, beta 0.99": "820",
            "every best lr lies inside its grid": "yes",
        },
        batch_sizes,
    ),
)
