"""What a step and a run cost, as ratios to hand-written NumPy in the same run.

    python benchmarks/optimizers.py [--rounds 15]

The work is the heavy ball on the twelve dots, a point of two coordinates.  Rounds take turns, so that a busy
moment hits both; the ratio printed is the median over rounds.
"""

import argparse
import statistics
import time

import numpy as np

from momentum_lab.optimizers import HeavyBall
from momentum_lab.running import run
from momentum_lab.surfaces import twelve_dots

STEPS = 2000
LR, BETA = 4 / 12.1, (9 / 11) ** 2


def by_hand(grad):
    """Step only."""
    theta, velocity = np.zeros(2), np.zeros(2)
    for _ in range(STEPS):
        velocity = BETA * velocity + LR * grad(theta)
        theta = theta - velocity
    return theta


def by_hand_with_history(grad):
    """Step and keep every point."""
    theta, velocity = np.zeros(2), np.zeros(2)
    thetas = np.empty((STEPS + 1, 2))
    thetas[0] = theta
    for t in range(STEPS):
        velocity = BETA * velocity + LR * grad(theta)
        theta = theta - velocity
        thetas[t + 1] = theta
    return thetas[-1]


def by_step(grad):
    """The library's rule, called directly."""
    rule, theta = HeavyBall(LR, BETA), np.zeros(2)
    state = rule.init(theta)
    for _ in range(STEPS):
        theta, state = rule.step(theta, grad, state)
    return theta


def by_run(dots):
    """The library's run."""
    return run(HeavyBall(LR, BETA), dots, [0.0, 0.0], STEPS).thetas[-1]


def seconds(work, argument):
    """Time one call."""
    start = time.perf_counter()
    work(argument)
    return time.perf_counter() - start


def main():
    """Run everything and print two lines."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    dots = twelve_dots()
    assert (by_hand(dots.grad) == by_step(dots.grad)).all() and (by_hand_with_history(dots.grad) == by_run(dots)).all()
    pairs = {
        "step": ((by_step, dots.grad), (by_hand, dots.grad)),
        "run": ((by_run, dots), (by_hand_with_history, dots.grad)),
    }
    for name, (ours, theirs) in pairs.items():
        times = [(seconds(*ours), seconds(*theirs)) for _ in range(rounds)]
        ratio = statistics.median(a / b for a, b in times)
        micro = 1e6 * statistics.median(a for a, _ in times) / STEPS
        print(f"{name:5} {micro:6.2f} us a step, {ratio:.2f} times hand-written NumPy")


if __name__ == "__main__":
    main()
