"""E1, the dots race: why somebody would keep the optimizer whose loss goes up.

Two rules fit the same line to the same twelve dots.  A is gradient descent, B the heavy ball.  The
reader bets on one of two unnamed traces, then moves the learning rates, beta and the origin of x.
"""

from dataclasses import dataclass

import numpy as np

from momentum_lab import plots
from momentum_lab.explorers import dots_picture
from momentum_lab.explorers.controls import Preset, Quantity
from momentum_lab.explorers.dots_picture import FLAT_LINE, climb, shares
from momentum_lab.explorers.dots_picture import swings as swings  # lesson 01 takes it from here
from momentum_lab.explorers.explorer import Explorer
from momentum_lab.explorers.prediction import Prediction
from momentum_lab.explorers.stage import Artists
from momentum_lab.optimizers import GradientDescent, HeavyBall
from momentum_lab.running import Trajectory, run
from momentum_lab.surfaces import OFFSET, LineFit, twelve_dots
from momentum_lab.theory import best_settings
from momentum_lab.words import number

STEPS = 100
BET_STEPS = 10
METHODS = ("gradient descent", "heavy ball")
LETTERS = dict(zip("AB", METHODS, strict=True))

ALONG_LIMITS, LOSS_LIMITS = (-0.9, 1.4), (1e-9, 1e4)
LOSS_POWERS = {1e-8: "10⁻⁸", 1e-4: "10⁻⁴", 1: "1"}
HOME = 1e-9  # a run is home with a billionth of its starting loss; below it, rounding decides


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
    mu, smoothness = float(eigenvalues[0]), float(eigenvalues[-1])
    plain, ball = best_settings("gradient descent", mu, smoothness), best_settings("heavy ball", mu, smoothness)
    values = {"lr_a": plain.lr, "lr_b": ball.lr, "beta": ball.beta}
    return {name: float(f"{value:.6g}") for name, value in values.items()}


def simulate(settings):
    """Run both rules from the flat line."""
    surface = twelve_dots(settings.offset)
    rules = (GradientDescent(settings.lr_a), HeavyBall(settings.lr_b, settings.beta))
    return Race(surface, tuple(run(rule, surface, FLAT_LINE, STEPS) for rule in rules), settings.step, settings.bet)


# ------------------------------------------------------------------ the picture


def set_up(figure):
    """Draw the frame: dots panel, three lanes, names."""
    dots, lanes = dots_picture.frame(figure, STEPS, along=ALONG_LIMITS, loss=LOSS_LIMITS, powers=LOSS_POWERS)
    *entries, _ = plots.key(figure, [*((method, "") for method in METHODS), (None, "best line")])
    return Artists(
        base={"names": [entry.name for entry in entries]},
        ground=dots_picture.problem_artists(dots),
        moving={
            # Dashes on top: a solid curve below them still shows.
            **dots_picture.run_artists(dots, lanes, METHODS, heights=(5, 4)),
            "exits": [plots.exit_mark(lanes[-1], method) for method in METHODS],
        },
    )


def draw(race, artists):
    """Move every artist to this race and say it in words."""
    dots_picture.place_problem(artists, race.surface)
    for row, trajectory in enumerate(race.runs):
        dots_picture.place_run(artists, row, trajectory, race.step)
        plots.set_exit(artists.exits[row], shares(trajectory), trajectory)
    artists.exits[0][1].set_y(0.6)  # below the other word
    dots_picture.place_step(artists, race.step)
    for letter, name in zip(LETTERS, artists.names, strict=True):
        words = LETTERS[letter].replace(" ", "\n", 1)
        name.set_text(f"{letter}: {words}" + ("\n★ your bet" if race.bet == letter else ""))
    return sentence(race)


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
    peak = climb(share)
    if peak is not None:
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
