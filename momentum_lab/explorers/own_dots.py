"""Own dots: the dots race on a reader's own table of two columns.

Gradient descent and the heavy ball fit a line to it, and subtracting a number from x shows what centring does.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from matplotlib.ticker import MaxNLocator, ScalarFormatter

from momentum_lab import plots
from momentum_lab.explorers.controls import Preset, Quantity
from momentum_lab.explorers.dots_picture import FLAT_LINE, climb, place_step, run_artists, shares, swings
from momentum_lab.explorers.explorer import Explorer
from momentum_lab.explorers.pasted import columns
from momentum_lab.explorers.stage import Artists
from momentum_lab.optimizers import GradientDescent, HeavyBall
from momentum_lab.running import run
from momentum_lab.slips import Slip
from momentum_lab.surfaces import LineFit
from momentum_lab.theory import best_settings, positions, spectrum_rate, steps_for
from momentum_lab.words import number, signed

STEPS, COUNTED = 200, 2000  # steps in the picture, and so many are looked through for the arrival
NEAR = 1e-6
METHODS = ("gradient descent", "heavy ball")
WORST, DRAWN = 1e13, 500  # the largest condition number; the most dots that are drawn
LOSS_POWERS = {1e-8: "10⁻⁸", 1e-4: "10⁻⁴", 1: "1", 1e4: "10⁴"}


def own_dots(x, y=None):
    """Return a dots race on your own dots.

    Parameters
    ----------
    x : str, or list or array of floats
        A table of two columns pasted from a spreadsheet (as one text), a list of pairs, or with `y` the first column.
        The columns of a text are separated by tabs, semicolons, commas or spaces, the first line may be a header, and
        unless commas separate the columns a decimal comma is read as well.
    y : list or array of floats, optional
        The second column.

    Returns
    -------
    Explorer
    """
    table = Table(*columns(x, y))
    rest = table.best_rates({"shift": 0.0})
    largest = max(0.999, rest["beta"])  # a table far from x = 0 needs more
    controls = [
        Quantity("lr_a", "lr × curvature, gradient descent", rest["lr_a"], 0.02, 2.2, 0.01),
        Quantity("lr_b", "lr × curvature, heavy ball", rest["lr_b"], 0.02, 4.0, 0.02),
        Quantity("beta", "beta, heavy ball", rest["beta"], 0.0, largest, 0.005),
        Quantity("step", "step shown through the dots", 30, 0, STEPS, 1, whole=True),
    ]
    if table.middle:
        low, high = sorted((0.0, table.middle))
        controls.insert(0, Quantity("shift", "shift x by", 0.0, low, high, (high - low) / 200))
    return Explorer(
        "own dots", controls, table.simulate, table.set_up, draw,
        presets=[Preset("Best long-run rates", table.best_rates)], lines=5,
    )  # fmt: skip


@dataclass(frozen=True)
class Race:
    """Two runs over one table, and how many steps both need: as they are set, at their best, and with x centred."""

    table: "Table"
    shift: float
    runs: tuple
    arrivals: tuple
    tuned: tuple
    step: int


class Table:
    """The dots, and what an explorer asks of them.

    Attributes
    ----------
    x, y : ndarray
    middle : float
        The mean of x, or 0 where x is centred already and there is nothing to shift.
    """

    def __init__(self, x, y):
        self.x, self.y = x, y
        self.surface = lru_cache(maxsize=8)(self._surface)
        self.tuned = lru_cache(maxsize=64)(self._tuned)
        mean = float(f"{x.mean():.10g}")
        self.middle = mean if abs(mean) >= max(1e-3 * x.std(), 1e-6) else 0.0
        start = self.surface(0.0)
        if not start(np.array(FLAT_LINE)) - start.lowest > 1e-12 * np.mean(y**2):
            raise Slip("The best line through these dots is the flat line y = 0, from which both runs start.")

    def _surface(self, shift):
        x = self.x - shift
        # The determinant of the curvatures is the variance of x, which needs no eigenvalue.
        if not (1 + np.mean(x**2)) ** 2 < WORST * x.var():
            raise Slip(
                f"With these x the condition number is above {number(WORST)}, more than sixteen digits can tell; "
                f"subtract about {number(self.x.mean())} from x, or take a unit in which x spreads over about 1."
            )
        return LineFit(x, self.y)

    def best_rates(self, settings):
        """Tune both rules for the valley that the present shift makes."""
        mu, steepest = map(float, self.surface(settings.get("shift", 0.0)).eigenvalues)
        plain, ball = (best_settings(method, mu, steepest) for method in METHODS)
        return {"lr_a": plain.lr * steepest, "lr_b": ball.lr * steepest, "beta": ball.beta}

    def _tuned(self, shift):
        surface = self.surface(shift)
        rates = self.best_rates({"shift": shift})
        return tuple(arrival(m, rates[f"lr_{k}"], rates["beta"], surface) for m, k in zip(METHODS, "ab", strict=True))

    def simulate(self, settings):
        """Run both rules from the flat line."""
        shift = getattr(settings, "shift", 0.0)
        surface = self.surface(shift)
        steepest = float(surface.eigenvalues[-1])
        rules = GradientDescent(settings.lr_a / steepest), HeavyBall(settings.lr_b / steepest, settings.beta)
        arrivals = tuple(
            arrival(rule.name, lr, settings.beta, surface)
            for rule, lr in zip(rules, (settings.lr_a, settings.lr_b), strict=True)
        )
        runs = tuple(run(rule, surface, FLAT_LINE, STEPS) for rule in rules)
        return Race(self, shift, runs, arrivals, (self.tuned(shift), self.tuned(self.middle)), settings.step)

    def set_up(self, figure):
        """Draw the frame; its limits fit the table and the best runs without a shift, and then stay."""
        dots, lanes = plots.where_and_when(figure, 3)
        self._dots_panel(dots)
        rest = self.best_rates({"shift": 0.0})
        steepest, surface = self.surface(0.0).eigenvalues[-1], self.surface(0.0)
        best = run(HeavyBall(rest["lr_b"] / steepest, rest["beta"]), surface, FLAT_LINE, STEPS)
        wide = max(1.6, 1.25 * np.abs(swings(best)[1]).max())
        top = 1e4 * shares(best).max()  # the name of the lane stands above the curves
        _lanes(lanes, float(wide), float(top))
        plots.key(figure, [(METHODS[0], "gradient\ndescent"), (METHODS[1], "heavy ball"), (None, "best line")])
        thin = {"color": plots.theme().second_ink, "linewidth": 0.9}
        moving = run_artists(dots, lanes, METHODS, heights=(5, 4))
        moving["dots"].set_markersize(5 if len(self.x) <= 60 else 3)
        moving["dots"].set_data(self.x[:: self.every], self.y[:: self.every])
        return Artists(
            ground={
                "best": dots.plot([], [], color=plots.theme().ink, linewidth=0.9, zorder=2)[0],
                "origin": dots.plot([], [], **thin, zorder=1)[0],
                "word": dots.text(0, 0.96, "x = 0", transform=dots.get_xaxis_transform(), va="top", ha="center",
                                  size=plots.theme().tick_size, clip_on=True,
                                  bbox={"facecolor": plots.theme().paper, "edgecolor": "none", "pad": 1.0}),
            },
            moving={
                **moving,
                "step": dots.text(1.0, 1.01, "", transform=dots.transAxes, ha="right"),
                "exits": [plots.exit_mark(lanes[-1], method) for method in METHODS],
            },
        )  # fmt: skip

    @property
    def every(self):
        """One dot out of so many is drawn."""
        return -(-len(self.x) // DRAWN)

    def _dots_panel(self, dots):
        low, high = self.y.min(), self.y.max()
        room = (high - low) or abs(high)
        if low - room <= 0 <= high + room:  # the flat line both start from, if it does not squeeze the dots
            low, high = min(low, 0.0), max(high, 0.0)
        edge = 0.12 * np.ptp(self.x)
        dots.set(xlim=(self.x.min() - edge, self.x.max() + edge), ylim=(low - 0.2 * room, high + 0.2 * room))
        for axis in (dots.xaxis, dots.yaxis):
            axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
            axis.set_major_formatter(ScalarFormatter(useMathText=False))
        dots.ticklabel_format(scilimits=(-3, 5))
        dots.set_xlabel("x", labelpad=2)


def _lanes(lanes, wide, top):
    lanes[0].set(xlim=(0, STEPS), ylim=(-wide, wide), yticks=[0, float(f"{0.7 * wide:.1g}")])
    lanes[1].set(ylim=(-0.9, 2.4), yticks=[0, 1])
    plots.log_scale(lanes[2], (1e-9, top), LOSS_POWERS)
    for lane, text in zip(lanes, ("across the valley", "along the valley", "loss, share of its start"), strict=True):
        plots.name_lane(lane, text)


def arrival(method, lr, beta, surface):
    """Return the step from which a run from the flat line stays near the best line, and whether it was counted.

    `lr` is in units of 1 / largest curvature.  Past `COUNTED` steps the rate alone says it, and never is infinite.
    """
    mu, steepest = map(float, surface.eigenvalues)
    errors = positions(method, COUNTED, np.array([lr * mu / steepest, lr]), beta)
    with np.errstate(all="ignore"):
        left = surface.parts(np.array(FLAT_LINE)) * errors
        far = ~(np.linalg.norm(left, axis=1) <= NEAR * np.linalg.norm(left[0]))
    last = int(np.flatnonzero(far)[-1])
    if last < COUNTED:
        return last + 1, True
    return float(steps_for(spectrum_rate(method, lr, beta, mu / steepest, 1.0), NEAR)), False


def draw(race, artists):
    """Move every artist to this race and say it in words."""
    ends = np.array(artists.lines[0].axes.get_xlim())
    if getattr(artists, "shift", None) != race.shift:
        artists.shift = race.shift
        intercept, slope = race.runs[0].surface.minimum
        artists.best.set_data(ends, intercept + slope * (ends - race.shift))
        panel = artists.lines[0].axes
        low, high = panel.get_xlim()
        artists.origin.set_data([race.shift] * 2, panel.get_ylim())
        room = 0.08 * (high - low)  # half of the word; cut at the frame, it could not be read
        artists.word.set(x=race.shift, visible=low + room <= race.shift <= high - room)
    for row, trajectory in enumerate(race.runs):
        intercept, slope = trajectory.thetas[race.step]
        artists.lines[row].set_visible(trajectory.diverged is None or race.step <= trajectory.diverged)
        heights = np.nan_to_num(intercept + slope * (ends - race.shift))
        artists.lines[row].set_data(ends, np.clip(heights, -plots.DRAWABLE, plots.DRAWABLE))
        along, across = swings(trajectory)
        for lane, series in zip(artists.curves, (across, along, shares(trajectory)), strict=True):
            plots.set_run(lane[row], series, trajectory)
        plots.set_exit(artists.exits[row], shares(trajectory), trajectory)
    artists.exits[0][1].set_y(0.6)  # below the other word
    place_step(artists, race.step)
    artists.step.set_text(f"step {race.step}, kappa = {number(race.runs[0].surface.kappa)}")
    return sentence(race)


def sentence(race):
    """Say how long the valley is, what both runs made of it, and what tuning and centring would."""
    table, surface = race.table, race.runs[0].surface
    drawn = f", one in {table.every} drawn" if table.every > 1 else ""
    shifted = f", x less {signed(race.shift)}" if race.shift else ""
    words = f"{number(len(table.x))} dots{drawn}{shifted}: condition number {number(surface.kappa)}"
    centred = f"it would be {number(table.surface(table.middle).kappa)} with x counted from its mean"
    words += f"; {centred}, {signed(table.x.mean())}." if table.middle else "; x is centred already."
    here, there = (" and ".join(map(_count, tuned)) for tuned in race.tuned)
    centre = f", and with centred x {there}" if table.middle else ""
    return " ".join(
        [
            words,
            *map(_fate, race.runs, race.arrivals),
            f"At their best long-run settings the two need {here} steps to a millionth{centre}.",
        ]
    )


def _count(arrived):
    step, counted = arrived
    return number(step) if counted else f"about {number(step)}"


def _beta(beta):
    """Write a beta; close to 1 three digits would make it 1."""
    return number(beta) if beta <= 0.999 else f"{beta:.7f}"


def _fate(trajectory, arrived):
    """Say when one run arrives, or that it never does."""
    rule, share = trajectory.optimizer, shares(trajectory)
    beta = f", beta {_beta(rule.beta)}" if rule.name == "heavy ball" else ""
    name = f"{'The heavy ball' if beta else 'Gradient descent'} (lr {number(rule.lr)}{beta})"
    if trajectory.diverged is not None:
        return f"{name} diverged at step {trajectory.diverged}."
    if arrived[0] == float("inf"):
        return f"{name} never arrives: one direction does not shrink."
    if not arrived[1]:
        return f"{name} needs about {number(arrived[0])} steps to a millionth of its starting distance, by its rate."
    peak = climb(share)
    detour = f", after its loss climbed to {number(share[peak])} times the start" if peak is not None else ""
    return f"{name} is within a millionth of its starting distance from step {arrived[0]} on{detour}."
