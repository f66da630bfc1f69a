"""E12, the schedule desk: what a schedule for learning rate and beta does to the step of a steady gradient.

That step is lr / (1 - beta), the effective learning rate.  Under the picture, 200 noisy runs say what the schedule
brings at the end.  The heavy ball, whose memory holds the old learning rate, goes on with it; PyTorch's form does not.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from momentum_lab import plots
from momentum_lab.explorers.controls import Choice, Preset, Quantity
from momentum_lab.explorers.explorer import Explorer
from momentum_lab.explorers.stage import Artists
from momentum_lab.optimizers import HeavyBall, TorchSGD
from momentum_lab.oracles import AdditiveNoise
from momentum_lab.running import run
from momentum_lab.schedules import constant, cosine, linear_warm_up, nesterov_beta, one_cycle, step_decay
from momentum_lab.schedules import warm_up_cosine as rise_and_fall
from momentum_lab.surfaces import Quadratic
from momentum_lab.words import number

STEPS, RUNS, SEED = 100, 200, 12
CONSTANT, WARM, COSINE, BOTH = "constant", "warm-up", "cosine", "warm-up and cosine"
STEP, CYCLE, NESTEROV = "step decay", "one cycle", "Nesterov's"
DIVIDE = 25.0  # a rise starts at this share of its peak, as PyTorch's cycle does
EVERY, FACTOR = 30, 0.1  # of the step decay
PLAIN = 0.1, 0.9  # lr and beta of the run to compare with
GOAL = round(PLAIN[0] / (1 - PLAIN[1]), 9)
VALLEY = Quadratic([0.1, 10.0])  # the curvatures of the twelve dots
START = np.array([10.0, 1.0])  # equal parts of the loss in both directions
NOISE = AdditiveNoise(VALLEY.grad, 1.0, SEED)

# The height of a point in the third lane is the sum of its heights in the other two: all three are logarithms of the
# same unit, and beta is drawn as 1/(1 - beta).
LANES = {
    "lr": ((1e-4, 8.0), {1e-3: "0.001", 1e-2: "0.01", 1e-1: "0.1"}),
    "beta": ((0.2, 16000.0), {1: "0", 10: "0.9", 100: "0.99"}),
    "effective lr: lr / (1 − beta)": ((4e-3, 320.0), {0.1: "0.1", 1: "1", 10: "10"}),
}
DUST = 1e-12  # below every frame; a logarithm needs more than zero


@dataclass(frozen=True)
class Desk:
    """A schedule as numbers, one a step, and what became of its runs."""

    schedule: str
    lrs: np.ndarray
    betas: np.ndarray
    ends: tuple  # of the heavy ball and of PyTorch's form: mean loss, and the step of divergence or None

    @property
    def effective(self):
        """How far a steady gradient of 1 would move a step in the end, if the schedule stood still."""
        return self.lrs / (1 - self.betas)

    @property
    def peak(self):
        """The step of the largest effective learning rate."""
        return int(np.argmax(self.effective))


def schedule_desk():
    """Return a fresh schedule desk with one cycle on it."""
    return Explorer(
        "schedule desk",
        [
            Choice("schedule", "schedule", CYCLE, (CONSTANT, WARM, COSINE, BOTH, STEP, CYCLE, NESTEROV)),
            Quantity("lr", "largest learning rate", 0.1, 0.001, 0.3, 0.001),
            Quantity("beta", "beta, the largest of one cycle", 0.95, 0.0, 0.99, 0.01),
            Quantity("rise", "share of the steps that rise", 0.3, 0.05, 0.6, 0.01),
        ],
        simulate,
        set_up,
        draw,
        presets=[
            Preset("The constant run", lambda settings: {"schedule": CONSTANT, "lr": PLAIN[0], "beta": PLAIN[1]}),
            Preset("Momentum as a warm-up", lambda settings: {"schedule": CONSTANT, "beta": 0.99}),
        ],
        lines=5,
    )


# ------------------------------------------------------------------ what a schedule does


def schedules_of(settings):
    """Return learning rate and beta as functions of the step."""
    peak, beta, rise = settings.lr, constant(settings.beta), settings.rise * STEPS
    if settings.schedule == CYCLE:
        low = max(settings.beta - 0.1, 0.0)
        return one_cycle(peak, STEPS, rise=settings.rise, divide=DIVIDE, low=low, high=settings.beta)
    if settings.schedule == NESTEROV:
        return constant(peak), nesterov_beta()
    start = peak / DIVIDE
    rates = {
        CONSTANT: lambda: constant(peak),
        WARM: lambda: linear_warm_up(peak, rise, start),
        COSINE: lambda: cosine(peak, STEPS),
        BOTH: lambda: rise_and_fall(peak, rise, STEPS, start),
        STEP: lambda: step_decay(peak, FACTOR, EVERY),
    }
    return rates[settings.schedule](), beta


def outcome(rule):
    """Return the mean loss of noisy runs after the last step, and the step where the first one diverged, or None."""
    runs = run(rule, VALLEY, np.tile(START, (RUNS, 1)), STEPS, oracle=NOISE)
    lost = runs.diverged[runs.diverged >= 0]
    return float(VALLEY(runs.thetas[-1]).mean()), int(lost.min()) if lost.size else None


@cache
def plain_loss():
    """Return the mean loss of the constant run."""
    return outcome(HeavyBall(*PLAIN))[0]


def simulate(settings):
    """Write the schedule out and run it, with the learning rate inside the velocity and outside of it."""
    pair = schedules_of(settings)
    lrs, betas = (np.array([schedule(t) for t in range(STEPS)]) for schedule in pair)
    ends = tuple(outcome(rule(*pair)) for rule in (HeavyBall, TorchSGD))
    return Desk(settings.schedule, lrs, betas, ends)


# ------------------------------------------------------------------ the picture


def set_up(figure):
    """Draw three logarithmic lanes, the constant run in them, and the names."""
    lanes, look = plots.lanes(figure, 3), plots.theme()
    lanes[0].set_xlim(0, STEPS)
    plain = {"color": look.second_ink, "linewidth": 1.2, "linestyle": "--", "zorder": 3}
    for lane, (name, (limits, ticks)), level in zip(
        lanes, LANES.items(), (PLAIN[0], 1 / (1 - PLAIN[1]), GOAL), strict=True
    ):
        plots.log_scale(lane, limits, ticks)
        lane.plot([0, STEPS], [level, level], **plain)
        plots.name_lane(lane, name)
    ours, constant = plots.key(figure, [(None, ""), (None, "constant run:\nlr 0.1,\nbeta 0.9,\neffective lr 1")])
    ours.sample.set_linewidth(1.8)
    constant.sample.set(color=plain["color"], linewidth=1.2, linestyle="--")
    rim = {"facecolor": look.paper, "edgecolor": "none", "pad": 1.0}
    return Artists(
        moving={
            "name": ours.name,
            "curves": [lane.plot([], [], color=look.ink, linewidth=1.8, zorder=4)[0] for lane in lanes],
            "peaks": [
                lane.plot([], [], "o", color=look.ink, markersize=5, zorder=5, clip_on=False)[0] for lane in lanes
            ],
            "spans": [
                lane.text(0.012, 0.97, "", transform=lane.transAxes, va="top", size=look.tick_size, bbox=rim, zorder=5)
                for lane in lanes
            ],
        },
    )


def draw(desk, artists):
    """Move every artist to this schedule and say it in words."""
    steps, peak = np.arange(STEPS), desk.peak
    effective = desk.effective
    shown, told = (desk.lrs, 1 / (1 - desk.betas), effective), (desk.lrs, desk.betas, effective)
    for curve, mark, heights in zip(artists.curves, artists.peaks, shown, strict=True):
        curve.set_data(steps, np.maximum(heights, DUST))
        low = curve.axes.get_ylim()[0]
        mark.set_data(*([[peak], [heights[peak]]] if heights[peak] > low else [[], []]))
    for span, series, heights in zip(artists.spans, told, shown, strict=True):
        span.set_text(_span(series, heights, peak))
    artists.name.set_text(desk.schedule.replace(" and", "\nand"))
    return sentence(desk)


def _span(series, heights, peak):
    """Say in a corner how far a lane goes from the first step to the peak, or from there to the end."""
    first, last = (peak, STEPS - 1) if peak == 0 else (0, peak)
    if series[first] == series[last]:
        return f"{number(series[0])} throughout" if np.ptp(series) == 0 else f"{number(series[0])} up to step {last}"
    words = f"{number(series[first])} at step {first}, {number(series[last])} at step {last}: "
    ends = heights[first], heights[last]
    if series is heights:
        return words + f"{number(max(ends) / min(ends))} times"
    return words + "1/(1 − beta) from {} to {}".format(*map(number, ends))


# ------------------------------------------------------------------ the words


def sentence(desk):
    """Say what the schedule does to the effective learning rate, and what its runs came to."""
    ball, torch = (_end(*end) for end in desk.ends)
    both = f"With this schedule the heavy ball {ball}; PyTorch's form, whose memory follows lr at once, {torch}."
    if ball == torch:
        both = f"With this schedule the heavy ball {ball}, and PyTorch's form as well."
    return " ".join(
        [
            *_course(desk),
            *_first_step(desk.betas[0]),
            f"After {STEPS} steps {RUNS} noisy runs at constant settings have a mean loss of {number(plain_loss())}.",
            both,
            *_goal(desk),
        ]
    )


def _end(loss, diverged):
    return f"has {number(loss)}" if diverged is None else f"diverged at step {diverged}"


def _course(desk):
    """Yield the effective learning rate at the start, at the peak and at the end."""
    first, top, last = (number(desk.effective[t]) for t in (0, desk.peak, -1))
    if desk.schedule == CONSTANT:
        yield f"The effective learning rate lr/(1 − beta) is {top} from the first step to the last."
    elif desk.peak == 0:
        yield f"The effective learning rate lr/(1 − beta) has its peak, {top}, at step 0 and ends at {last}."
    else:
        up, rates = desk.effective[desk.peak] / desk.effective[0], desk.lrs.max() / desk.lrs[0]
        yield f"The effective learning rate lr/(1 − beta) starts at {first}, peaks at {top} at step {desk.peak}"
        own = "while lr stands still" if rates == 1 else f"lr {number(rates)} times"
        yield f"and ends at {last}; it rises {number(up)} times, {own}."


def _first_step(beta):
    """Yield what the empty velocity does to the first step."""
    if beta == 0:
        yield "With beta 0 a steady gradient makes its full step at once."
    else:
        yield f"Momentum is a warm-up itself: at a constant beta {number(beta)} a steady gradient's first step is"
        yield f"{number(100 * (1 - beta))} % of its terminal one."


def _goal(desk):
    """Yield whether the peak is that of the constant run."""
    top = desk.effective[desk.peak]
    if desk.schedule == CONSTANT:
        yield f"The goal is another schedule whose effective lr peaks at {number(GOAL)}."
    elif abs(top / GOAL - 1) <= 0.02 + 1e-9:
        yield f"That is the goal: within 2 % it peaks where the constant run stands, at {number(GOAL)}."
    else:
        yield f"The goal is a peak of {number(GOAL)}, where the constant run stands; lr and beta both move it."
