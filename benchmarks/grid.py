"""What a whole grid of settings costs: at once, in closed form, and one setting after the other.

    python benchmarks/grid.py [--rounds 7]

100 x 100 heavy balls of 500 steps on a bowl of two curvatures; a map of rates for 300 x 300 settings; and a small
network on the digits.  Times are medians on the processor's clock; the first run of a process also pays for fresh
memory and is left out.
"""

import argparse
import statistics
import time

import numpy as np

from momentum_lab.networks import Network, Training, load_digits
from momentum_lab.optimizers import HeavyBall
from momentum_lab.oracles import MiniBatches
from momentum_lab.running import run, sweep
from momentum_lab.surfaces import Quadratic
from momentum_lab.theory import position, spectrum_rate

STEPS, SAMPLE = 500, 40
BOWL = Quadratic([0.1, 10.0])
LRS, BETAS = np.linspace(0.002, 0.4, 100), np.linspace(0, 0.99, 100)
GRID = sweep(lr=LRS, beta=BETAS)


def at_once():
    """Run the whole grid as one run."""
    return run(HeavyBall(**GRID), BOWL, [1.0, 1.0], STEPS).thetas[-1]


def in_closed_form():
    """Say where the grid arrives without running it."""
    return position("heavy ball", STEPS, GRID["lr"] * BOWL.eigenvalues, GRID["beta"])


def one_by_one(sample):
    """Run some of the settings, one run each."""
    return [run(HeavyBall(LRS[i], BETAS[j]), BOWL, [1.0, 1.0], STEPS).thetas[-1] for i, j in sample]


def rate_map():
    """Rate of the slowest of all curvatures from 0.1 to 10, for 300 x 300 settings."""
    lrs, betas = np.linspace(0.001, 0.4, 300)[:, np.newaxis], np.linspace(0, 0.99, 300)
    return [spectrum_rate(method, lrs, betas, 0.1, 10.0) for method in ("heavy ball", "Nesterov")]


def digits():
    """Train 64-32-10 for 20 epochs in batches of 32."""
    data = load_digits()
    training = Training(Network((64, 32, 10)), data.x, data.labels)
    batches = MiniBatches(training, 32, seed=0)
    start = training.network.init(0)
    return run(HeavyBall(0.005, 0.9), training, start, 20 * batches.steps_per_epoch, oracle=batches).thetas[-1]


def median(work, rounds):
    """Milliseconds of processor time, median over rounds after one that is not counted."""
    times = []
    for _ in range(rounds + 1):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return 1e3 * statistics.median(times[1:])


def main():
    """Run everything and print one line a comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    sample = np.random.default_rng(0).integers(0, 100, (SAMPLE, 2))
    together, closed = at_once(), in_closed_form()
    np.testing.assert_array_equal([together[i, j] for i, j in sample], one_by_one(sample))
    bounded = np.abs(together) < 1
    np.testing.assert_allclose(closed[bounded], together[bounded], atol=1e-9)
    whole = median(at_once, rounds)
    formula = median(in_closed_form, rounds)
    single = median(lambda: one_by_one(sample), rounds) * 1e4 / SAMPLE
    print(f"100 x 100 grid, {STEPS} steps: {whole:.1f} ms by run, {formula:.2f} ms in closed form")
    print(f"one by one: {single:.0f} ms (from {SAMPLE} of them), {single / whole:.0f} times as long as by run")
    print(f"rate map, 300 x 300: {median(rate_map, rounds) / 2:.1f} ms")
    print(f"digits, 20 epochs: {median(digits, rounds) / 1e3:.2f} s")


if __name__ == "__main__":
    main()
