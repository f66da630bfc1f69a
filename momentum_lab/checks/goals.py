"""Judge a goal: the learner hands in settings, and our own simulation says what they do."""

from collections import deque
from functools import cache
from itertools import islice

import numpy as np

from momentum_lab.checks.verdict import ERROR, NOT_ATTEMPTED, PASSED, WRONG
from momentum_lab.networks import Network, Training, load_digits
from momentum_lab.optimizers import HeavyBall
from momentum_lab.oracles import MiniBatches
from momentum_lab.running import iterate, run
from momentum_lab.searching import search
from momentum_lab.slips import Slip
from momentum_lab.surfaces import Lessard, Quadratic, twelve_dots
from momentum_lab.words import number


def race_to_a_share(settings, *, share, steps):
    """Run the heavy ball on the dots; return at which step its loss stays below a share of the start."""
    trajectory = run(HeavyBall(settings["lr"], settings["beta"]), twelve_dots(), [0.0, 0.0], steps)
    arrived = trajectory.steps_to(gap=share)
    if trajectory.diverged is not None:
        return None, f"With these settings the run diverges at step {trajectory.diverged}."
    if arrived is None:
        left = number(trajectory.gaps[-1] / trajectory.gaps[0])
        return None, f"With these settings {left} of the loss is left after {steps} steps."
    return arrived, f"With these settings the loss is there from step {arrived} on."


def race_home(settings, *, near, steps, par):
    """Run the heavy ball on the dots; return the step from which it stays within a share of the starting distance."""
    trajectory = run(HeavyBall(settings["lr"], settings["beta"]), twelve_dots(), [0.0, 0.0], steps)
    arrived = trajectory.steps_to(distance=near)
    if trajectory.diverged is not None:
        return None, f"With these settings the run diverges at step {trajectory.diverged}."
    if arrived is None:
        left = number(trajectory.distances[-1] / trajectory.distances[0])
        return None, f"With these settings {left} of the distance is left after {steps} steps."
    beside = f"{abs(par - arrived)} {'under' if arrived < par else 'above'} par" if arrived != par else "which is par"
    return arrived, f"With these settings the dots are home from step {arrived} on, {beside}."


def start_on_lessard(settings, *, steps):
    """Run the heavy ball, at its best for quadratics, on Lessard's curve; return its start if it arrives from there."""
    start = settings["start"]
    away = run(HeavyBall(1 / 9, 4 / 9), Lessard(), [start], steps).distances[-3:].max()
    if away > 1e-6:
        return None, f"From {start:.6g} the ball still goes round after {steps} steps, up to {number(away)} away."
    return start, f"From {start:.6g} the ball arrives."


def tune_three(settings, *, budget, pars, seed):
    """Try a grid of learning rates on three problems; return the worst of the losses, each over its par."""
    tries = _whole(settings, "tries")
    lowest, highest = settings["lowest"], settings["highest"]
    if lowest > highest:
        return None, "`lowest` is above `highest`, so there is no rate between them."
    rates = np.geomspace(lowest, highest, tries) if tries > 1 else [np.sqrt(lowest * highest)]
    candidates = [HeavyBall(float(lr), settings["beta"]) for lr in rates]
    digits, bowl, dots = _training(), Quadratic([0.8, 80.0]), twelve_dots()
    problems = {
        "the dots": (dots, np.zeros(2), None),
        "the steep bowl": (bowl, np.ones(2), None),
        "the digits": (digits, digits.network.init(seed), MiniBatches(digits, 32, seed)),
    }
    shares = {}
    for name, (surface, start, oracle) in problems.items():
        best = search(candidates, surface, start, budget, oracle=oracle)[0]
        shares[name] = (best.loss - surface.lowest) / (float(surface(start)) - surface.lowest)
    left = [f"{number(share)} on {name}" if share < 1 else f"all or more on {name}" for name, share in shares.items()]
    worst = max(share / par for share, par in zip(shares.values(), pars, strict=True))
    each = f"{tries} tries have {budget // tries} evaluations each" if tries > 1 else f"One try has all {budget}"
    return worst, f"{each}. The best ones leave of the loss {left[0]}, {left[1]} and {left[2]}."


def train_the_digits(settings, *, epochs, networks, seed):
    """Train networks on mini-batches for so many epochs; return the median of their training losses."""
    problem, digits = _training(), load_digits()
    rule, batch = HeavyBall(settings["lr"], settings["beta"]), _whole(settings, "batch")
    ends = []
    for s in range(seed, seed + networks):
        oracle = MiniBatches(problem, batch, s)
        steps = epochs * oracle.steps_per_epoch
        with np.errstate(all="ignore"):
            [(theta, _)] = deque(iterate(rule, islice(oracle, steps), problem.network.init(s)), maxlen=1)
            right = problem.network.accuracy(theta, digits.held_out_x, digits.held_out_labels)
            ends.append((np.nan_to_num(problem(theta), nan=np.inf), right))
    loss, right = np.median(ends, axis=0)
    ended = f"have a median training loss of {number(loss)}" if np.isfinite(loss) else "have diverged"
    seen = f"{number(100 * right)} % of the held-out digits right"
    return float(loss), f"After {steps} steps each, {networks} networks {ended}, and {seen}."


def _whole(settings, name):
    """Return a setting that must be a whole number, which comes as a float."""
    if settings[name] != int(settings[name]):
        raise Slip(f"`{name}` is a whole number; yours is {number(settings[name])}.")
    return int(settings[name])


@cache
def _training():
    """The digits network as a surface; it takes a moment to load."""
    digits = load_digits()
    return Training(Network((64, 32, 10)), digits.x, digits.labels)


SIMULATIONS = {
    "race to a share": race_to_a_share,
    "race home": race_home,
    "a start on Lessard's curve": start_on_lessard,
    "tune three": tune_three,
    "train the digits": train_the_digits,
}
"""Name -> function of (settings, **options) that returns a measure (None: never) and a sentence with it."""


def judge(seen, item):
    """Judge settings by what our simulation makes of them.

    `seen` maps names to numbers; None if nothing is handed in; a text if it is no such mapping.
    """
    names = " and ".join(f"`{name}`" for name in item["settings"])
    if seen is None:
        return NOT_ATTEMPTED, f"Put your settings for {names} in the place of the dots, run that cell, then this one."
    if not isinstance(seen, dict) or set(seen) != set(item["settings"]):
        return WRONG, f"`{item['variable']}` should hold a number for {names} and nothing else."
    for name, (low, high) in item["settings"].items():
        if not low <= seen[name] <= high:
            return WRONG, f"`{name}` goes from {number(low)} to {number(high)}; yours is {number(seen[name])}."
    try:
        measure, sentence = SIMULATIONS[item["simulation"]](seen, **item["options"])
    except Slip as slip:
        return ERROR, str(slip)
    if measure is not None and item["low"] <= measure <= item["high"]:
        return PASSED, f"{sentence} {item['praise']}"
    for known in item["mistakes"]:
        if all(abs(seen[name] - value) <= 1e-3 * max(abs(value), 1e-3) for name, value in known["settings"].items()):
            return WRONG, f"{sentence} {known['says']}", known["name"]
    return WRONG, f"{sentence} {item['goal']}"
