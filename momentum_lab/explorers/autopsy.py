"""E11, the autopsy: Adam taken apart on two valleys of the same condition number.

One valley is long because of bad units: it runs along an axis.  The other is long because x = 0 lies far from the
dots: it runs across both axes, and a method that scales each coordinate by itself gains less.
"""

from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import ClassVar

import numpy as np

from momentum_lab import plots
from momentum_lab.explorers.controls import Choice, Preset, Quantity
from momentum_lab.explorers.explorer import Explorer
from momentum_lab.explorers.stage import Artists
from momentum_lab.optimizers import Adam, HeavyBall
from momentum_lab.running import Trajectory, run
from momentum_lab.surfaces import OFFSET, Quadratic, twelve_dots
from momentum_lab.theory import best_settings
from momentum_lab.words import number

STEPS, FIRST = 400, 60
NEAR = 0.01  # arrived: within a hundredth of the starting distance, for good
LONGEST_SEARCH = 2500
BALL = "heavy ball"


class Uncorrected(Adam):
    """Adam whose averages start at zero and are taken as they are: nothing makes up for the empty start."""

    name: ClassVar[str] = "Adam without correction"

    def _direction(self, new):
        return new.m / (np.sqrt(new.s) + self.eps)


class Unscaled(Adam):
    """Adam that does not divide by the second average: what is left is a corrected average of gradients.

    Up to the correction it is the heavy ball with the learning rate (1 - beta1) * lr.
    """

    name: ClassVar[str] = "Adam without its second average"

    def _direction(self, new):
        return new.m / (1 - self.beta1**new.t)


class Forgetful(Adam):
    """Adam without its first average, as with beta1 = 0: the newest gradient gives the direction."""

    name: ClassVar[str] = "Adam without its first average"

    def step(self, theta, grad, state):
        """Return the next point and the averages; the first average is the newest gradient, unmixed."""
        slope = grad(theta)
        new = self._averages(slope, state)._replace(m=slope)
        return theta - self.lr * slope / self._scale(new.s, new.t), new


PARTS = {"Adam": Adam, "no correction": Uncorrected, "no second average": Unscaled, "no first average": Forgetful}
"""What is switched off -> the rule that is left."""
SHORT = {
    "Adam": "Adam",
    "no correction": "Adam,\nno correction",
    "no second average": "Adam, no\nsecond\naverage",
    "no first average": "Adam, no\nfirst average",
    BALL: "",
}


@dataclass(frozen=True)
class Autopsy:
    """One rule on two valleys, and the heavy ball, to which both valleys are the same."""

    settings: SimpleNamespace
    kappa: float
    units: Trajectory
    origin: Trajectory
    ball: Trajectory
    law: np.ndarray  # step over lr, if every gradient were the first one of the units valley


def autopsy():
    """Return a fresh autopsy: Adam whole, on two valleys of condition number 100."""
    return Explorer(
        "autopsy",
        [
            Quantity("offset", "middle of the dots, from x = 0", round(OFFSET, 5), 0.0, 10.0, 0.02),
            Quantity("lr", "learning rate", 0.1, 0.001, 0.5, 0.001),
            Quantity("beta1", "beta1", 0.9, 0.0, 0.99, 0.01),
            Choice("parts", "parts", "Adam", (*PARTS, BALL)),
        ],
        simulate,
        set_up,
        draw,
        presets=[Preset("Best rate, bad units", _best("units")), Preset("Best rate, bad origin", _best("origin"))],
        lines=5,
    )


@lru_cache(maxsize=16)
def valleys(offset):
    """Return the two valleys with their starts, one unit from the minimum along each of their axes.

    Returns
    -------
    dict
        "units" and "origin" -> (surface, start).
    """
    dots = twelve_dots(offset)
    # The sign of a computed direction is an accident; here both point towards larger slopes.
    directions = dots.directions * np.where(dots.directions[1] < 0, -1, 1)
    units = Quadratic(dots.eigenvalues)
    return {"units": (units, np.ones(2)), "origin": (dots, dots.minimum + directions.sum(axis=1))}


@lru_cache(maxsize=16)
def _ball(offset):
    """Run the heavy ball at its best settings; turning the valley turns its run, so one will do for both."""
    surface, start = valleys(offset)["units"]
    best = best_settings(BALL, *map(float, surface.eigenvalues))
    return run(HeavyBall(best.lr, best.beta), surface, start, STEPS)


@lru_cache(maxsize=16)
def _side_by_side(offset):
    """Return both valleys as one surface of four coordinates, and its start."""
    (units, here), (dots, there) = valleys(offset).values()
    hessian = np.zeros((4, 4))
    hessian[:2, :2], hessian[2:, 2:] = np.diag(units.hessian), dots.hessian
    return Quadratic(hessian, np.concatenate([units.minimum, dots.minimum])), np.concatenate([here, there])


def _walk(rule, offset):
    """Run a rule on both valleys at once, which halves the cost: no coordinate hears of another valley's."""
    thetas = run(rule, *_side_by_side(offset), STEPS).thetas
    halves = zip(valleys(offset).values(), (thetas[:, :2], thetas[:, 2:]), strict=True)
    return [Trajectory(rule, surface, half) for (surface, _), half in halves]


def simulate(settings):
    """Run what is left of Adam on both valleys."""
    both, ball = valleys(settings.offset), _ball(settings.offset)
    soft = float(both["units"][0].eigenvalues[0])
    if settings.parts == BALL:
        law = soft * (1 - ball.optimizer.beta ** np.arange(1, FIRST + 1)) / (1 - ball.optimizer.beta)
        return Autopsy(settings, both["units"][0].kappa, ball, ball, ball, law)
    rule = PARTS[settings.parts](settings.lr, settings.beta1)
    units, origin = _walk(rule, settings.offset)
    return Autopsy(settings, units.surface.kappa, units, origin, ball, _law(settings, soft))


def _law(settings, gradient):
    """Return step over lr for a constant gradient, shape (FIRST,)."""
    t = np.arange(1, FIRST + 1)
    if settings.parts == "no correction":
        return (1 - settings.beta1**t) / np.sqrt(1 - 0.999**t)
    return np.full(FIRST, gradient if settings.parts == "no second average" else 1.0)


def strides(trajectory):
    """Return the first steps along the softest direction in units of lr, shape (FIRST,)."""
    with np.errstate(all="ignore"):
        moved = np.abs(np.diff(trajectory.thetas[: FIRST + 1, 0])) / trajectory.optimizer.lr
    return np.nan_to_num(moved, nan=plots.DRAWABLE, posinf=plots.DRAWABLE)


def _best(valley):
    """Return a preset: the learning rate of a grid with which the chosen parts are first home in a valley."""

    def values(settings):
        chosen = SimpleNamespace(**settings)
        if chosen.parts == BALL:
            return {}
        grid = np.round(np.geomspace(0.001, 0.5, 60), 4)
        surface, start = valleys(chosen.offset)[valley]
        rule = PARTS[chosen.parts](grid[:, np.newaxis], chosen.beta1)
        runs = run(rule, surface, np.tile(start, (len(grid), 1)), LONGEST_SEARCH)
        steps = runs.steps_to(distance=NEAR)
        ends = np.where(np.isfinite(runs.distances[-1]), runs.distances[-1], np.inf)
        best = np.argmin(np.where(steps < 0, LONGEST_SEARCH, steps)) if steps.max() >= 0 else np.argmin(ends)
        return {"lr": float(grid[best])}

    return values


# ------------------------------------------------------------------ the picture


def set_up(figure):
    """Draw the frame: the length of the first steps on the left, the two valleys on the right."""
    strides_axes, lanes = plots.where_and_when(figure, 2)
    look = plots.theme()
    strides_axes.set(xlim=(0, FIRST), ylim=(0, 8), yticks=[0, 1, 2, 4, 6])
    strides_axes.set_xlabel("step", labelpad=2)
    plots.name_lane(strides_axes, "bad units: step over lr, along the valley")
    for lane, valley in zip(lanes, ("bad units", "bad origin"), strict=True):
        lane.set_xlim(0, STEPS)
        plots.log_scale(lane, (1e-4, 300), {1e-4: "10⁻⁴", NEAR: "0.01", 1: "1", 100: "100"})
        lane.plot([0, STEPS], [NEAR, NEAR], color=look.ink, linewidth=0.9, zorder=2)
        plots.name_lane(lane, f"{valley}: distance, share of start")
    thin = "left: law for\na constant\ngradient;\nright: 0.01"
    adam, *_ = plots.key(figure, [("Adam", "Adam"), (BALL, "heavy ball,\nbest settings"), (None, thin)])
    return Artists(
        moving={
            "name": adam.name,
            "sample": adam.sample,
            "law": strides_axes.plot([], [], color=look.ink, linewidth=0.9, zorder=3)[0],
            "balls": [plots.in_time(axes, BALL, zorder=4) for axes in (strides_axes, *lanes)],
            "curves": [plots.in_time(axes, "Adam", zorder=5) for axes in (strides_axes, *lanes)],
            "exits": [plots.exit_mark(lane, "Adam") for lane in lanes],
        },
    )


def draw(result, artists):
    """Move every artist to this setting and say it in words."""
    whole, t = result.settings.parts != BALL, np.arange(1, FIRST + 1)
    artists.name.set_text(SHORT[result.settings.parts])
    artists.sample.set_visible(whole)
    artists.law.set_data(t, np.where(result.law < 7, result.law, np.nan))  # where it would cross the name
    runs = (result.units, result.units, result.origin)
    for row, (curve, ball, trajectory) in enumerate(zip(artists.curves, artists.balls, runs, strict=True)):
        curve.set_visible(whole)
        for line, shown in ((curve, trajectory), (ball, result.ball)):
            if row == 0:
                line.set_data(t, np.minimum(strides(shown), 1e3))
            else:
                plots.set_run(line, _shares(shown), shown)
    for mark, trajectory in zip(artists.exits, runs[1:], strict=True):
        plots.set_exit(mark, _shares(trajectory), trajectory)
    return sentence(result)


def _shares(trajectory):
    return trajectory.distances / trajectory.distances[0]


# ------------------------------------------------------------------ the words


def sentence(result):
    """Say how long both valleys take, how long the first step is, and how the goals stand."""
    settings, ball = result.settings, result.ball
    best = f"lr {number(ball.optimizer.lr)}, beta {number(ball.optimizer.beta)}"
    both = f"Both valleys have condition number {number(result.kappa)}."
    if settings.parts == BALL:
        fate = f"The heavy ball at its best settings ({best}) cannot tell them apart: in either it {_fate(ball)}."
        return f"{both} {fate} {_stride(result)} Choose Adam to see one valley shrink."
    beta1 = "" if settings.parts == "no first average" else f", beta1 {number(settings.beta1)}"
    rule = f"{result.units.optimizer.name} (lr {number(settings.lr)}{beta1})"
    return (
        f"{both} {_both(result, rule)} The heavy ball at its best settings ({best}) {_fate(ball)} in either. "
        f"{_stride(result)} {_goal(result)}"
    )


def _both(result, rule):
    """Say how the chosen rule fares in either valley, in as few words as the two fates allow."""
    one, other = (run.steps_to(distance=NEAR) for run in (result.units, result.origin))
    if None in (one, other):
        return f"With bad units {rule} {_fate(result.units)}. With a bad origin it {_fate(result.origin)}."
    return f"{rule} settles at 0.01 of its distance at step {one} with bad units, at step {other} with a bad origin."


def _fate(trajectory):
    arrived = trajectory.steps_to(distance=NEAR)
    if arrived is not None:
        return f"settles at 0.01 of its distance at step {arrived}"
    if trajectory.diverged is not None:
        return f"diverged at step {trajectory.diverged}"
    return f"does not settle at 0.01 of its distance within {STEPS} steps ({number(_shares(trajectory)[-1])} left)"


def _stride(result):
    """Say how long the first step is, and what a constant gradient would make of it."""
    first, peak = strides(result.units)[0], int(result.law.argmax())
    text = f"The first step along the valley is {number(first)} times lr (with bad units)"
    if np.ptp(result.law) < 1e-9:
        return f"{text}; on a constant gradient all would be."
    longest = f"{number(result.law[peak])} times, at step {peak + 1}"
    return f"{text}; on a constant gradient the longest of {FIRST} would be {longest}."


def _goal(result):
    """Say which goal is reached, or what to move next."""
    settings, goals = result.settings, []
    if result.kappa < 1.0001:
        goals.append("That is the first goal: with the dots centred both valleys are the same round bowl.")
    if settings.parts == "no correction" and abs(strides(result.units)[0] - 10**0.5) < 0.005:
        goals.append("That is the second goal: without correction the first step is 3.16 times too long.")
    if settings.parts == "no second average":
        goals.append("Nothing divides here, so turning the valley changes nothing: both lanes agree.")
    return " ".join(goals) or "Move the middle of the dots to 0 to make both valleys equal."
