"""E1, the dots race: why somebody would keep the optimizer whose loss goes up.

Two rules fit the same line to the same twelve dots.  A is gradient descent, B the heavy ball.  The
reader bets on one of two unnamed traces, then moves the learning rates, beta and the origin of x.
"""

from dataclasses import dataclass

import numpy as np

from momentum_lab import plots
from momentum_lab.explorers.controls import Preset, Quantity
from momentum_lab.explorers.explorer import Explorer
from momentum_lab.explorers.prediction import Prediction
from momentum_lab.explorers.stage import Artists
from momentum_lab.optimizers import GradientDescent, HeavyBall
from momentum_lab.running import Trajectory, run
from momentum_lab.surfaces import OFFSET, LineFit, twelve_dots
from momentum_lab.words import number

STEPS = 100
BET_STEPS = 10
FLAT_LINE = [0.0, 0.0]  # intercept and slope of the line y = 0
METHODS = ("gradient descent", "heavy ball")
LETTERS = dict(zip("AB", METHODS, strict=True))

ACROSS_LIMIT, ALONG_LIMITS = 4.6, (-0.9, 1.4)
LOSS_LIMITS = (1e-9, 1e4)
HOME = 1e-9  # a run is home with a billionth of its starting loss; below it, rounding decides
HEIGHTS = (-4.0, 10.0)
VIEW = (-4.1, 2.1)  # of x - offset: the dots stay where they are when the origin moves


@dataclass(frozen=True)
class Race:
    """Two runs over one surface.

    Attributes
    ----------
    surface : LineFit
    runs : tuple of two Trajectory
        Gradient descent, heavy ball.
    step : int
        The step whose lines are drawn through the dots.
    bet : str or None
        "A", "B" or None.
    """

    surface: LineFit
    runs: tuple[Trajectory, Trajectory]
    step: int
    bet: str | None


def best_lr(eigenvalues):
    """Return gradient descent's learning rate with the best long-run rate, 2 / (L + mu)."""
    mu, smoothness = eigenvalues[0], eigenvalues[-1]
    return float(2 / (smoothness + mu))


def polyak(eigenvalues):
    """Return the heavy ball's (lr, beta) with the best long-run rate (Polyak 1964), for kappa > 1."""
    mu, smoothness = eigenvalues[0], eigenvalues[-1]
    root_mu, root_smoothness = np.sqrt(mu), np.sqrt(smoothness)
    lr = 4 / (root_smoothness + root_mu) ** 2
    beta = ((root_smoothness - root_mu) / (root_smoothness + root_mu)) ** 2
    return float(lr), float(beta)


def dots_race():
    """Return a fresh dots race, the bet not placed yet."""
    rest = {"offset": round(OFFSET, 5)}
    rest |= _best_rates(rest)
    return Explorer(
        "dots race",
        [
            Quantity("offset", "middle of the dots, from x = 0", rest["offset"], 0.0, 10.0, 0.02),
            Quantity("lr_a", "learning rate, gradient descent", rest["lr_a"], 0.0, 1.0, 0.002),
            Quantity("lr_b", "learning rate, heavy ball", rest["lr_b"], 0.0, 1.0, 0.002),
            Quantity("beta", "beta, heavy ball", rest["beta"], 0.0, 0.999, 0.005),
            Quantity("step", "step shown through the dots", 30, 0, STEPS, 1, whole=True),
        ],
        simulate,
        set_up,
        draw,
        presets=[Preset("Best long-run rates", _best_rates)],
        prediction=Prediction(
            "You may keep one of these two optimizers for the next ninety steps. Which one?",
            tuple(LETTERS),
            set_up_bet,
            draw_bet,
        ),
    )


def _best_rates(settings):
    """Tune both rules for the valley that the present origin makes, to six digits."""
    eigenvalues = twelve_dots(settings["offset"]).eigenvalues
    lr, beta = polyak(eigenvalues)
    values = {"lr_a": best_lr(eigenvalues), "lr_b": lr, "beta": beta}
    return {name: float(f"{value:.6g}") for name, value in values.items()}


def simulate(settings):
    """Run both rules from the flat line."""
    surface = twelve_dots(settings.offset)
    rules = (GradientDescent(settings.lr_a), HeavyBall(settings.lr_b, settings.beta))
    return Race(surface, tuple(run(rule, surface, FLAT_LINE, STEPS) for rule in rules), settings.step, settings.bet)


# ------------------------------------------------------------------ the picture


def set_up(figure):
    """Draw the frame: dots panel, three lanes, names."""
    dots, (across, along, loss) = plots.where_and_when(figure, 3)
    look = plots.theme()
    dots.set(xlim=VIEW, ylim=HEIGHTS, xticks=[])
    dots.set_xlabel("x", labelpad=16)
    across.set(xlim=(0, STEPS), ylim=(-ACROSS_LIMIT, ACROSS_LIMIT), yticks=[-4, 0, 4])
    along.set(ylim=ALONG_LIMITS, yticks=[0, 1])
    loss.set(yscale="log", ylim=LOSS_LIMITS, yticks=[1e-8, 1e-4, 1], yticklabels=["10⁻⁸", "10⁻⁴", "1"])
    loss.minorticks_off()
    lanes = (across, along, loss)
    for lane, text in zip(lanes, ("across the valley", "along the valley", "loss, share of its start"), strict=True):
        plots.name_lane(lane, text)
    *names, _ = plots.key(figure, [*((method, "") for method in METHODS), (None, "best line")])
    thin = {"color": look.second_ink, "linewidth": 0.9}
    return Artists(
        base={"names": names},
        ground={
            "best": dots.plot([], [], color=look.ink, linewidth=0.9, zorder=2)[0],
            "origin": dots.plot([], [], **thin, zorder=1)[0],
            "ticks": [plots.tick_label(dots) for _ in range(4)],
            # Above the frame, where no line passes.
            "step": dots.text(0.0, 1.01, "", transform=dots.transAxes),
            "kappa": dots.text(1.0, 1.01, "", transform=dots.transAxes, ha="right"),
        },
        moving={
            "dots": dots.plot([], [], "o", color=look.ink, markersize=5, zorder=5)[0],
            "lines": [plots.in_time(dots, method, zorder=4) for method in METHODS],
            # Dashes on top: a solid curve below them still shows.
            "curves": [
                [plots.in_time(lane, m, zorder=z) for m, z in zip(METHODS, (5, 4), strict=True)] for lane in lanes
            ],
            "exits": [plots.exit_mark(loss, method) for method in METHODS],
            "cursors": [lane.plot([], [], **thin, zorder=3)[0] for lane in lanes],
        },
    )


def draw(race, artists):
    """Move every artist to this race and say it in words."""
    _draw_problem(race.surface, artists)
    for row, trajectory in enumerate(race.runs):
        intercept, slope = trajectory.thetas[race.step]
        ends = race.surface.x.mean() + np.array(VIEW)
        artists.lines[row].set_visible(trajectory.diverged is None or race.step <= trajectory.diverged)
        artists.lines[row].set_data(VIEW, np.clip(intercept + slope * ends, -plots.DRAWABLE, plots.DRAWABLE))
        along, across = swings(trajectory)
        for lane, series in zip(artists.curves, (across, along, shares(trajectory)), strict=True):
            plots.set_run(lane[row], series, trajectory)
        plots.set_exit(artists.exits[row], shares(trajectory), trajectory)
    for cursor in artists.cursors:
        cursor.set_data([race.step, race.step], [-1e9, 1e9])
    artists.step.set_text(f"step {race.step}")
    for letter, name in zip(LETTERS, artists.names, strict=True):
        words = LETTERS[letter].replace(" ", "\n", 1)
        name.set_text(f"{letter}: {words}" + ("\n★ your bet" if race.bet == letter else ""))
    return sentence(race)


def _draw_problem(surface, artists):
    """Place the origin, and with it the numbers on the x axis; the dots themselves stay."""
    middle = surface.x.mean()
    if list(artists.origin.get_xdata()) == [-middle, -middle]:
        return  # the same problem as before: its pixels can stay
    artists.dots.set_data(surface.x - middle, surface.y)
    intercept, slope = surface.minimum
    artists.best.set_data(VIEW, intercept + slope * (middle + np.array(VIEW)))
    artists.origin.set_data([-middle, -middle], HEIGHTS)
    evens = 2 * np.arange(np.ceil((middle + VIEW[0]) / 2), np.floor((middle + VIEW[1]) / 2) + 1)
    for label, x in zip(artists.ticks, [*evens, None], strict=False):
        plots.set_tick_label(label, x, None if x is None else x - middle)
    artists.kappa.set_text(f"kappa = {number(surface.kappa)}")


def swings(trajectory):
    """Return the two parts of the distance, along and across, in units of the starting distance.

    Shapes (steps + 1,) each.  The unit makes both start at 1 when the start has equal parts, and the
    sign is chosen so that both start above zero.
    """
    parts = trajectory.surface.parts(trajectory.thetas)
    unit = trajectory.distances[0] / np.sqrt(2)
    return (parts * np.where(parts[0] < 0, -1.0, 1.0) / unit).T


def shares(trajectory):
    """Return the loss above the best line's, as a share of its start, shape (steps + 1,)."""
    with np.errstate(all="ignore"):
        return trajectory.gaps / trajectory.gaps[0]


# ------------------------------------------------------------------ the words


def sentence(race):
    """Say what the race shows, with this run's numbers."""
    surface, (a, b) = race.surface, race.runs
    words = [f"Condition number {number(surface.kappa)}.", _fate(a, 2.0), _fate(b, 2 * (1 + b.optimizer.beta))]
    if a.diverged is None and b.diverged is None:
        now = (number(shares(run)[race.step]) for run in (a, b))
        words.append(f"At step {race.step} their losses are {' and '.join(now)} of the start.")
        words.append(_lead(shares(a), shares(b)))
    if race.bet:
        words.insert(0, f"Your bet: {race.bet}, which is {_the(LETTERS[race.bet])}.")
    return " ".join(words)


def _fate(trajectory, limit):
    """Say where one run got to, or at which step and why it diverged.

    `limit` is the largest stable value of learning rate x steepest curvature for this rule.
    """
    rule, share = trajectory.optimizer, shares(trajectory)
    name = f"{_the(rule.name)} ({', '.join(rule.label.split(', ')[1:])})"
    name = name[0].upper() + name[1:]
    stiffness = rule.lr * trajectory.surface.eigenvalues[-1]
    if trajectory.diverged is not None or (stiffness > limit and share[-1] > 1):
        how = "grows without end" if trajectory.diverged is None else f"diverged at step {trajectory.diverged}"
        return (
            f"{name} {how}: learning rate times steepest curvature is {number(stiffness)}, "
            f"and this rule bears less than {number(limit)}."
        )
    home = arrival(share)
    if home is not None:
        text = f"{name} has less than a billionth of its loss left from step {home} on"
    elif share[-1] < 1:
        text = f"{name} has {number(share[-1])} of its starting loss left after {STEPS} steps"
    else:
        text = f"{name} stands at {number(share[-1])} times its starting loss after {STEPS} steps"
    peak = int(np.argmax(share))
    if share[peak] > 1.005:
        text += f", after a climb to {number(share[peak])} times the start at step {peak}"
    return text + "."


def _lead(share_a, share_b):
    """Say from which step to which one of two runs is ahead, as far as the picture goes and both are not yet home."""
    order = np.sign(np.maximum(share_a, HOME) - np.maximum(share_b, HOME))  # 1 where the heavy ball is ahead
    apart = np.flatnonzero(order)
    if not apart.size:
        return "The two are never apart."
    last, leader = apart[-1], order[apart[-1]]
    behind = np.flatnonzero(order == -leader)
    since = behind[-1] + 1 if behind.size else apart[0]
    how = "ahead" if (order[since : last + 1] == leader).all() else "never behind"
    return f"From step {since} to step {last} {_the(METHODS[1] if leader > 0 else METHODS[0])} is {how}."


def arrival(share):
    """Return the first step from which the share stays below `HOME`, or None."""
    above = np.flatnonzero(~(share < HOME))
    return int(above[-1]) + 1 if above[-1] < len(share) - 1 else None


def _the(name):
    return f"the {name}" if name == "heavy ball" else name


# ------------------------------------------------------------------ the bet


def set_up_bet(figure):
    """Draw the frame of the question: one lane, two unnamed traces."""
    lane = plots.wide(figure)
    lane.set(xlim=(0, BET_STEPS), ylim=(0, 15), xticks=range(BET_STEPS + 1))
    plots.name_lane(lane, "loss, share of its start")
    plots.key(figure, [(method, letter) for letter, method in LETTERS.items()])
    return Artists(moving={"curves": [plots.in_time(lane, method) for method in METHODS]})


def draw_bet(race, artists):
    """Show the first ten steps of both runs, without their names."""
    a, b = (shares(trajectory)[: BET_STEPS + 1] for trajectory in race.runs)
    for curve, share in zip(artists.curves, (a, b), strict=True):
        curve.set_data(np.arange(BET_STEPS + 1), share)
    return (
        f"Two unnamed runs, ten steps each. The loss of A falls steadily, to {number(a[-1])} of its start. "
        f"The loss of B climbs to {number(b.max())} times its start at step {b.argmax()}, "
        f"and is at {number(b[-1])} in the end."
    )
