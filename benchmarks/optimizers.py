"""What a step and a run cost, as ratios to hand-written NumPy, PyTorch and Optax in the same run.

    python benchmarks/optimizers.py [--rounds 15]

The work is the twelve dots, a point of two coordinates.  Rounds take turns, so that a busy moment hits all;
the ratio printed is the median over rounds.  PyTorch and Optax are compared where they are installed.
"""

import argparse
import statistics
import time

import numpy as np

from momentum_lab.optimizers import Adam, HeavyBall, TorchSGD
from momentum_lab.running import run
from momentum_lab.schedules import cosine
from momentum_lab.surfaces import twelve_dots

STEPS = 2000
LR, BETA = 4 / 12.1, (9 / 11) ** 2
DOTS = twelve_dots()


def heavy_ball_by_hand():
    """Step only."""
    theta, velocity = np.zeros(2), np.zeros(2)
    for _ in range(STEPS):
        velocity = BETA * velocity + LR * DOTS.grad(theta)
        theta = theta - velocity
    return theta


def history_by_hand():
    """Step and keep every point."""
    theta, velocity = np.zeros(2), np.zeros(2)
    thetas = np.empty((STEPS + 1, 2))
    thetas[0] = theta
    for t in range(STEPS):
        velocity = BETA * velocity + LR * DOTS.grad(theta)
        theta = theta - velocity
        thetas[t + 1] = theta
    return thetas[-1]


def adam_by_hand():
    """Adam, step only."""
    theta, m, s = np.zeros(2), np.zeros(2), np.zeros(2)
    for t in range(1, STEPS + 1):
        slope = DOTS.grad(theta)
        m = 0.9 * m + (1 - 0.9) * slope
        s = 0.999 * s + (1 - 0.999) * slope**2
        theta = theta - 0.1 * m / (1 - 0.9**t) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
    return theta


def by_step(rule):
    """Return a function that calls the library's rule directly."""

    def work():
        theta = np.zeros(2)
        state = rule.init(theta)
        for _ in range(STEPS):
            theta, state = rule.step(theta, DOTS.grad, state)
        return theta

    return work


def by_run(rule):
    """Return a function that uses the library's run."""
    return lambda: run(rule, DOTS, [0.0, 0.0], STEPS).thetas[-1]


def by_torch():
    """Return a function that steps torch.optim.SGD, the gradient from NumPy, or None where it is missing."""
    try:
        import torch
    except ImportError:
        return None

    def work():
        theta = torch.zeros(2, dtype=torch.float64, requires_grad=True)
        view = theta.detach().numpy()
        optimizer = torch.optim.SGD([theta], lr=LR, momentum=BETA, foreach=False)
        theta.grad = torch.zeros(2, dtype=torch.float64)
        slope = theta.grad.numpy()
        for _ in range(STEPS):
            slope[:] = DOTS.grad(view)
            optimizer.step()
        return view.copy()

    return work


def by_optax():
    """Return a function that calls optax.sgd's update, compiled, or None where it is missing."""
    try:
        import jax
        import optax
    except ImportError:
        return None
    jax.config.update("jax_enable_x64", True)
    optimizer = optax.sgd(LR, momentum=BETA)

    @jax.jit
    def step(theta, slope, state):
        updates, state = optimizer.update(slope, state)
        return optax.apply_updates(theta, updates), state

    def work():
        theta = jax.numpy.zeros(2)
        state = optimizer.init(theta)
        for _ in range(STEPS):
            theta, state = step(theta, DOTS.grad(np.asarray(theta)), state)
        return np.asarray(theta)

    work()  # compile
    return work


def cpu_seconds(work):
    """Time one call on the processor's clock."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main():
    """Run everything and print one line a comparison."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    ball = HeavyBall(LR, BETA)
    pairs = [
        ("step, heavy ball", by_step(ball), "hand-written NumPy", heavy_ball_by_hand),
        ("step, PyTorch SGD", by_step(TorchSGD(LR, BETA)), "hand-written heavy ball", heavy_ball_by_hand),
        ("step, Adam", by_step(Adam(0.1)), "hand-written NumPy", adam_by_hand),
        ("run, heavy ball", by_run(ball), "hand-written NumPy", history_by_hand),
        ("run, lr scheduled", by_run(HeavyBall(cosine(LR, STEPS), BETA)), "hand-written NumPy", history_by_hand),
        ("step, heavy ball", by_step(ball), "torch.optim.SGD", by_torch()),
        ("step, PyTorch SGD", by_step(TorchSGD(LR, BETA)), "torch.optim.SGD", by_torch()),
        ("step, heavy ball", by_step(ball), "optax.sgd, compiled", by_optax()),
    ]
    for name, ours, against, theirs in pairs:
        if theirs is None:
            print(f"{name:18} {against} is not installed")
            continue
        if "scheduled" not in name:
            assert np.allclose(ours(), theirs(), atol=1e-12)
        times = [(cpu_seconds(ours), cpu_seconds(theirs)) for _ in range(rounds)]
        ratio = statistics.median(a / b for a, b in times)
        micro = 1e6 * statistics.median(a for a, _ in times) / STEPS
        print(f"{name:18} {micro:6.2f} us a step, {ratio:5.2f} times {against}")


if __name__ == "__main__":
    main()
