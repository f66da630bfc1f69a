"""Judge a goal: the learner hands in settings, and our own simulation says what they do."""

from momentum_lab.checks.verdict import ERROR, NOT_ATTEMPTED, PASSED, WRONG
from momentum_lab.optimizers import HeavyBall
from momentum_lab.running import run
from momentum_lab.slips import Slip
from momentum_lab.surfaces import Lessard, twelve_dots
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


SIMULATIONS = {
    "race to a share": race_to_a_share,
    "race home": race_home,
    "a start on Lessard's curve": start_on_lessard,
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
