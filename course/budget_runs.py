"""Train the digits network by every method of the budget race and store what the explorer shows.

`python -m course.budget_runs` writes momentum_lab/data/budget_race.npz; twice the same run gives twice the
same bytes.  A search takes too long to be live, so the explorer reads these numbers.
"""

import time
from fractions import Fraction
from itertools import islice
from pathlib import Path

import numpy as np

from momentum_lab.networks import Network, Training, load_digits
from momentum_lab.optimizers import Adam, GradientDescent, HeavyBall, Nesterov
from momentum_lab.oracles import MiniBatches
from momentum_lab.running import iterate

FILE = Path(__file__).resolve().parent.parent / "momentum_lab" / "data" / "budget_race.npz"
SEEDS, BATCHES, BUDGETS, TRIES = 10, (8, 32, 128), (1, 5, 20), 12
BETA = 0.9
METHODS = {
    "gradient descent": (GradientDescent, -2, 1),
    "heavy ball": (lambda lr: HeavyBall(lr, BETA), -3, 0),
    "Nesterov": (lambda lr: Nesterov(lr, BETA), -3, 0),
    "Adam": (lambda lr: Adam(lr, 0.9, 0.999), -4, -1),
}
"""Name -> the rule at a learning rate, and the powers of ten its twelve rates go from and to."""
EFFECTIVE = (0.005, 0.05, 0.5, 2.0)
"""The learning rates of gradient descent in the pair; the heavy ball takes each times 1 - beta."""
PERCENTILES = (10, 50, 90)
SMOOTH = (0, Fraction(15, 2), 8, 12, 14, 17)  # epochs besides, so that the curves bend nicely between the shares


def epochs():
    """Return the stored epochs: every share of every budget among 1 to 12 tries, and a few besides."""
    shares = {Fraction(budget, tries) for budget in BUDGETS for tries in range(1, TRIES + 1)}
    return sorted(shares | set(map(Fraction, SMOOTH)))


def rates(method):
    """Return a method's twelve learning rates, equally far apart in their logarithm."""
    _, low, high = METHODS[method]
    return np.logspace(low, high, TRIES)


def train(rule, batch, until=BUDGETS[-1], seeds=SEEDS):
    """Train one network a seed, each on mini-batches of its own, and measure them at the stored epochs.

    Parameters
    ----------
    rule : Optimizer
    batch : int
        Examples a step.
    until : int
        Epochs.
    seeds : int
        Seed s draws the start, `Network.init(s)`, and the mini-batches, `MiniBatches(..., s)`.

    Returns
    -------
    array of shape (2, epochs, seeds)
        Training loss and held-out accuracy; a loss that is no number any more is infinite.
    """
    digits, network = load_digits(), Network((64, 32, 10))
    problem = Training(network, digits.x, digits.labels)
    # A share of an epoch is a whole number of steps, rounded down.
    a_epoch = MiniBatches(problem, batch, 0).steps_per_epoch
    wanted = [int(epoch * a_epoch) for epoch in epochs() if epoch <= until]
    with np.errstate(all="ignore"):
        runs = [_walk(rule, MiniBatches(problem, batch, seed), network.init(seed), wanted) for seed in range(seeds)]
        thetas = np.array(runs).swapaxes(0, 1)
        losses = [np.nan_to_num(problem(theta), nan=np.inf) for theta in thetas]
        return np.array([losses, [network.accuracy(t, digits.held_out_x, digits.held_out_labels) for t in thetas]])


def _walk(rule, oracle, start, wanted):
    """Return the points of one run at the wanted steps, which may repeat."""
    path = iterate(rule, islice(oracle, wanted[-1]), start)
    kept = {step: theta for step, (theta, _) in enumerate(path) if step in wanted}
    return [kept[step] for step in wanted]


def bands(runs):
    """Return the 10th, 50th and 90th percentile over the seeds, shape (2, 3, epochs), as it is stored."""
    with np.errstate(all="ignore"):
        middle = np.percentile(runs, PERCENTILES, axis=-1)
    return np.nan_to_num(middle, nan=np.inf, posinf=np.inf).swapaxes(0, 1).astype(np.float32)


def pair(lr):
    """Return gradient descent and the heavy ball of the same effective learning rate, lr / (1 - beta)."""
    return GradientDescent(lr), HeavyBall(lr * (1 - BETA), BETA)


def compute():
    """Return the arrays of the file, by name."""
    grid = [
        [[bands(train(rule(lr), batch)) for lr in rates(method)] for batch in BATCHES]
        for method, (rule, *_) in METHODS.items()
    ]
    pairs = [[[bands(train(rule, batch)) for rule in pair(lr)] for batch in BATCHES] for lr in EFFECTIVE]
    return {
        "epochs": np.array(epochs(), dtype=float),
        "rates": np.array([rates(method) for method in METHODS]),
        "grid": np.array(grid),  # (method, batch, rate, loss or accuracy, percentile, epoch)
        "pairs": np.array(pairs),  # (effective rate, batch, rule, loss or accuracy, percentile, epoch)
    }


def main():
    """Compute, write, and say how long it took."""
    begun = time.process_time()
    np.savez_compressed(FILE, **compute())
    print(f"{FILE.name}: {FILE.stat().st_size} bytes, {time.process_time() - begun:.0f} s of processor time")


if __name__ == "__main__":
    main()
