"""E9, the noise floor: how far from the minimum a run stays when every gradient carries noise.

One direction of curvature 1.  The gradient of one example has noise of variance 1; a batch of B divides it by B.
"""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

from momentum_lab import plots, theory
from momentum_lab.explorers.controls import Choice, Preset, Quantity
from momentum_lab.explorers.explorer import Explorer
from momentum_lab.explorers.stage import Artists
from momentum_lab.optimizers import HeavyBall
from momentum_lab.oracles import AdditiveNoise
from momentum_lab.running import run
from momentum_lab.surfaces import Quadratic
from momentum_lab.words import number

STEPS, LAST, RUNS, START, SEED = 300, 100, 200, 3.0, 2
CURVATURE = 1.0
SAME_LR, SAME_EFFECTIVE = "same lr", "same lr / (1 − beta)"
KEEPS = (SAME_LR, SAME_EFFECTIVE)
METHODS = ("heavy ball", "gradient descent")

GOAL_LR, GOAL_BETA, NEAR = 0.1, 0.9, 0.05  # the floor of plain lr 0.1, within 5 %, with beta 0.9 or more
GOAL = float(theory.noise_floor("gradient descent", GOAL_LR, 0.0, CURVATURE))
FADED = 0.01  # a start that adds less than 1 % to the floor is forgotten

LIMITS = (1e-5, 2e3)
POWERS = {1e-4: "10⁻⁴", 1e-2: "0.01", 1: "1", 100: "100"}
BETAS = np.linspace(0, 0.995, 200)


@dataclass(frozen=True)
class Floors:
    """Two rules under the same noise, the heavy ball first; everything is a mean of x squared or a share of it."""

    settings: SimpleNamespace
    rates: tuple[float, float]  # the learning rates that were run
    squares: np.ndarray  # mean over the runs, shape (2, STEPS + 1)
    band: np.ndarray  # the heavy ball's 10th and 90th percentile, shape (2, STEPS + 1)
    laws: tuple[float, float]
    settled: bool  # whether the heavy ball has forgotten its start by the last hundred steps

    @property
    def measured(self):
        """Mean of x squared over all runs and the last hundred steps, shape (2,)."""
        return self.squares[:, -LAST:].mean(axis=1)


def noise_floor():
    """Return a fresh noise floor: momentum 0.9 at the learning rate of gradient descent."""
    return Explorer(
        "noise floor",
        [
            Quantity("guess", "your guess for the floor, a mean of x²", 0.005, 0.001, 10.0, 0.02),
            Quantity("batch", "batch size B", 1, 1, 1000, 2, whole=True),
            Quantity("lr", "learning rate", 0.1, 0.001, 1.0, 0.001),
            Quantity("beta", "beta", 0.9, 0.0, 0.99, 0.005),
            Choice("keep", "compared with gradient descent at", SAME_LR, KEEPS),
        ],
        simulate,
        set_up,
        draw,
        presets=[
            Preset("No momentum", lambda settings: {"beta": 0.0}),
            Preset("Ten times the batch", lambda settings: {"batch": min(10 * settings["batch"], 1000)}),
        ],
        lines=5,
    )


def simulate(settings):
    """Run both rules 200 times under the noise of the batch."""
    batch, beta = settings.batch, settings.beta
    rates = (own_rate(settings.keep, settings.lr, beta), settings.lr)
    surface = Quadratic([CURVATURE])
    rule = HeavyBall(*(np.array(pair)[:, np.newaxis, np.newaxis] for pair in (rates, (beta, 0.0))))
    noise = AdditiveNoise(surface.grad, batch**-0.5, SEED)
    walk = run(rule, surface, np.full((2, RUNS, 1), START), STEPS, oracle=noise)
    squares = walk.thetas[..., 0] ** 2
    ordered = np.partition(squares[:, 0], (RUNS // 10 - 1, RUNS - RUNS // 10), axis=-1)
    band = ordered[:, [RUNS // 10 - 1, RUNS - RUNS // 10]].T
    laws = tuple(law(rate, b, batch) for rate, b in zip(rates, (beta, 0.0), strict=True))
    return Floors(settings, rates, squares.mean(axis=-1).T, band, laws, _settled(rates[0], beta, laws[0]))


def own_rate(keep, lr, beta):
    """Return the heavy ball's learning rate: gradient descent's, or the one with the same lr / (1 - beta)."""
    return lr if keep == SAME_LR else lr * (1 - beta)


def law(lr, beta, batch):
    """Return the floor of the heavy ball; with beta 0 it is gradient descent's."""
    return theory.noise_floor("heavy ball", lr, beta, CURVATURE, 1 / batch)


def _settled(lr, beta, floor):
    """Say whether the last hundred steps show the floor: the start has faded, and so has its freedom from noise."""
    left = theory.rate("heavy ball", lr * CURVATURE, beta) ** (2 * (STEPS - LAST))
    return bool(START**2 * left < FADED * floor and left < FADED)


# ------------------------------------------------------------------ the picture


def set_up(figure):
    """Draw the frame: floor against beta on the left, the two hundred runs on the right, level with one another."""
    by_beta, (lane,) = plots.where_and_when(figure, 1)
    look = plots.theme()
    for axes in (by_beta, lane):
        plots.log_scale(axes, LIMITS, POWERS)
    by_beta.set(xlim=(-0.03, 1.0))
    by_beta.set_xlabel("beta", labelpad=2)
    lane.set(xlim=(0, STEPS))
    plots.name_lane(by_beta, "floor of x² against beta")
    plots.name_lane(lane, "mean of x², 200 runs; band: middle 80 %")
    by_beta.plot([GOAL_BETA, 1.0], [GOAL, GOAL], color=look.contour, linewidth=7, solid_capstyle="butt")
    by_beta.text(0.95, GOAL / 2.2, "goal", ha="center", va="top", size=look.tick_size, color=look.second_ink)
    plots.key(figure, [*((m, m.replace(" ", "\n")) for m in METHODS), (None, "law"), ("you", "guess")])
    return Artists(moving=_left(by_beta, look) | _right(lane, look))


def _left(axes, look):
    """Make the two laws, where the runs ended, and the guess."""
    places = {"ha": "right", "va": "bottom"}, {"ha": "center", "va": "top"}
    return {
        "guesses": [plots.in_time(axes, "you", zorder=2)],
        "by_beta": [axes.plot([], [], zorder=3)[0] for _ in KEEPS],
        "names": [
            axes.text(0, 0, name, size=look.tick_size, color=look.second_ink, clip_on=True, **place)
            for name, place in zip(KEEPS, places, strict=True)
        ],
        "ends": [plots.in_plane(axes, method, zorder=z) for method, z in zip(METHODS, (5, 4), strict=True)],
    }


def _right(lane, look):
    """Make the band with its edges, the means, the laws, and the guess."""
    color = plots.STYLES["heavy ball"].color
    band = lane.fill_between([0, 1], [1, 1], [1, 1], color=color, alpha=0.18, linewidth=0, zorder=1)
    return {
        "band": band,
        "edges": [lane.plot([], [], "--", color=color, linewidth=0.8, zorder=2)[0] for _ in range(2)],
        "guess": plots.in_time(lane, "you", zorder=3),
        "curves": [plots.in_time(lane, method, zorder=z) for method, z in zip(METHODS, (5, 4), strict=True)],
        "laws": [lane.plot([], [], color=look.ink, linewidth=0.9, zorder=6)[0] for _ in METHODS],
    }


def draw(floors, artists):
    """Move every artist to this setting and say it in words."""
    settings, steps = floors.settings, np.arange(STEPS + 1)
    _draw_laws(settings, artists)
    for line, beta, end in zip(artists.ends, (settings.beta, 0.0), floors.measured, strict=True):
        line.set_data([beta], [end])
    artists.band.set_verts([np.column_stack([np.append(steps, steps[::-1]), np.append(*_closed(floors.band))])])
    for line, edge in zip(artists.edges, floors.band, strict=True):
        line.set_data(steps, edge)
    for line, squares in zip(artists.curves, floors.squares, strict=True):
        line.set_data(steps, squares)
    for line, floor in zip(artists.laws, floors.laws, strict=True):
        line.set_data([0, STEPS], [floor, floor])
    for line in (*artists.guesses, artists.guess):
        line.set_data([-1, STEPS], [settings.guess, settings.guess])
    return sentence(floors)


def _closed(band):
    """Return both edges in the order in which they go round the band."""
    return band[0], band[1][::-1]


def _draw_laws(settings, artists):
    """Draw the law against beta for both ways to compare, the chosen one in ink."""
    look = plots.theme()
    for line, name, keep, at in zip(artists.by_beta, artists.names, KEEPS, (0.6, 0.45), strict=True):
        chosen = settings.keep == keep
        line.set_data(BETAS, law(own_rate(keep, settings.lr, BETAS), BETAS, settings.batch))
        line.set(color=look.ink if chosen else look.second_ink, linewidth=1.4 if chosen else 0.9)
        line.set_linestyle("-" if chosen else (0, (3, 3)))
        away = 1.3 if keep == SAME_LR else 1 / 1.6
        name.set_position((at, law(own_rate(keep, settings.lr, at), at, settings.batch) * away))
        name.set_color(look.ink if chosen else look.second_ink)


# ------------------------------------------------------------------ the words


def sentence(floors):
    """Say where the runs stay, what the law says, and how far off the guess is."""
    return " ".join([_where(floors), _law_and_guess(floors), *_against(floors), _goal(floors)])


def _where(floors):
    settings = floors.settings
    rule = f"(lr {number(floors.rates[0])}, beta {number(settings.beta)}, {_batches(settings.batch)})"
    measured = f"a mean x² of {number(floors.measured[0])}"
    if floors.settled:
        return f"In the last {LAST} steps of {RUNS} runs the heavy ball {rule} has {measured}."
    return f"After {STEPS} steps the heavy ball {rule} is still settling: the last {LAST} have {measured}."


def _law_and_guess(floors):
    guess, floor = floors.settings.guess, floors.laws[0]
    within = f" (within {_percent(floors.measured[0] / floor)})" if floors.settled else ""
    says = f"The law says {number(floor)}{within}"
    if abs(guess / floor - 1) <= NEAR:
        return f"{says}, and the guess of {number(guess)} lies within 5 % of it."
    off, side = (floor / guess, "low") if guess < floor else (guess / floor, "high")
    return f"{says}, so the guess of {number(guess)} is too {side} by a factor of {number(off)}."


def _batches(batch):
    return "one example a step" if batch == 1 else f"batches of {number(batch)}"


def _against(floors):
    """Yield gradient descent's floor, and the heavy ball's for the other way to compare them."""
    settings, ratio = floors.settings, floors.laws[0] / floors.laws[1]
    plain = f"Gradient descent with lr {number(floors.rates[1])} has the floor {number(floors.laws[1])}"
    if settings.beta == 0:
        yield f"{plain}, the same: beta 0 remembers nothing."
        return
    far = f"{number(ratio)} times" if ratio >= 1.5 else f"by {_percent(ratio)}"
    yield f"{plain}; momentum {'raises' if ratio >= 1 else 'lowers'} it {far}."
    other = KEEPS[settings.keep == SAME_LR]
    rate = own_rate(other, settings.lr, settings.beta)
    yield (
        f"At the {other}, so lr {number(rate)}, the heavy ball's floor would be "
        f"{number(law(rate, settings.beta, settings.batch))}."
    )


def _goal(floors):
    beta = floors.settings.beta
    if beta >= GOAL_BETA and abs(floors.laws[0] / GOAL - 1) <= NEAR:
        return f"That is the goal: by the law, beta {number(beta)} has the floor of plain lr 0.1 within 5 %."
    return f"The goal: with beta 0.9 or more, the floor of plain lr 0.1 and one example a step, {number(GOAL)}."


def _percent(ratio):
    """Write how far a ratio is from 1."""
    return f"{number(100 * abs(ratio - 1))} %"
