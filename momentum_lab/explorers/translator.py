"""E10, the translator: two correct programs with the same settings, and where they part.

The course's form keeps the learning rate inside the velocity, PyTorch's SGD keeps it outside the buffer.  The course's
form has no dampening, and it decays the weights by themselves, not through its memory.
"""

from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace

import numpy as np

from momentum_lab import plots
from momentum_lab.explorers.controls import Choice, Preset, Quantity
from momentum_lab.explorers.dots_picture import FLAT_LINE
from momentum_lab.explorers.explorer import Explorer
from momentum_lab.explorers.stage import Artists
from momentum_lab.optimizers import HeavyBall, TorchSGD
from momentum_lab.oracles import exact
from momentum_lab.running import Trajectory, run
from momentum_lab.schedules import momentum_correction
from momentum_lab.surfaces import Quadratic, twelve_dots
from momentum_lab.words import number

UPDATES = 100
STEADY, DOTS = "steady", "twelve dots"
PLAIN, CORRECTED = "none", "momentum correction"
STYLES = ("heavy ball", "guest")
AGREE = 1e-12  # as a share of the largest coordinate, or of 1 if that is smaller
CLOSE = 0.1  # a step within 10 % of its terminal length has arrived

STEP_LIMITS, STORED_LIMITS, GAP_LIMITS = (4e-3, 80), (0.02, 400), (0, 1e4)


@dataclass(frozen=True, eq=False)
class CourseForm(HeavyBall):
    """The heavy ball with decay beside the velocity: theta <- (1 - lr weight_decay) theta - velocity."""

    weight_decay: float = 0.0

    def step(self, theta, grad, state):
        """Return the heavy ball's step, less a share of theta."""
        after, memory = super().step(theta, grad, state)
        return after - self.lr * self.weight_decay * theta, memory


@dataclass(frozen=True)
class Pair:
    """The two programs, the course's form first; one number an update."""

    settings: SimpleNamespace
    runs: tuple[Trajectory, Trajectory]
    lengths: tuple[np.ndarray, np.ndarray]  # of the steps, UPDATES numbers each
    stored: tuple[np.ndarray, np.ndarray]  # size of the velocity and of the buffer, the same
    gaps: np.ndarray  # between the two places, from the start on

    @property
    def apart(self):
        """The first update after which the two places differ by more than rounding, or None."""
        scale = np.maximum(1, [np.abs(run.thetas).max(axis=-1) for run in self.runs])
        outside = self.gaps > AGREE * np.maximum.accumulate(scale.max(axis=0))
        return int(outside.argmax()) if outside.any() else None

    @property
    def changes(self):
        """Whether the learning rate changes on the way."""
        return self.settings.drop > 0 and self.settings.lr != self.settings.lr_after

    @property
    def plain(self):
        """Whether the learning rate is all that can tell the programs apart, and the gradient is always 1."""
        settings = self.settings
        extras = settings.dampening > 0 or settings.decay > 0 or settings.correction == CORRECTED
        return settings.gradient == STEADY and settings.beta > 0 and self.changes and not extras

    @property
    def law(self):
        """The extra travel in the end: what was remembered at the change goes on with the old learning rate."""
        return extra_travel(self.settings, self.stored[1][self.settings.drop - 1])


def extra_travel(settings, buffer):
    """Return how far the course's form still carries what it remembers at the change, beyond PyTorch."""
    return abs(settings.lr - settings.lr_after) * buffer * settings.beta / (1 - settings.beta)


def translator():
    """Return a fresh translator: a steady gradient, and a learning rate that drops to a tenth."""
    return Explorer(
        "translator",
        [
            Choice("gradient", "gradient", STEADY, (STEADY, DOTS)),
            Quantity("lr", "learning rate before", 0.1, 0.01, 0.3, 0.001),
            Quantity("lr_after", "learning rate after", 0.01, 0.001, 0.3, 0.001),
            Quantity("drop", "learning rate changes at step", 40, 0, 80, 1, whole=True),
            Quantity("beta", "beta", 0.9, 0.0, 0.99, 0.005),
            Quantity("dampening", "dampening, PyTorch", 0.0, 0.0, 1.0, 0.01),
            Quantity("decay", "weight decay", 0.0, 0.0, 0.1, 0.001),
            Choice("correction", "correction, course's form", PLAIN, (PLAIN, CORRECTED)),
        ],
        simulate,
        set_up,
        draw,
        presets=[
            Preset("Equal learning rates", lambda settings: {"lr_after": settings["lr"]}),
            Preset("Dampening = beta", lambda settings: {"dampening": settings["beta"]}),
        ],
        lines=5,
    )


def simulate(settings):
    """Run both programs with the same learning rates from the same place."""
    surface, start, grad = _problem(settings.gradient)
    rules = programs(settings)
    runs = tuple(run(rule, surface, start, UPDATES, oracle=exact(grad), keep_states=True) for rule in rules)
    lengths = tuple(np.linalg.norm(np.diff(r.thetas, axis=0), axis=-1) for r in runs)
    stored = tuple(np.linalg.norm([state[0] for state in r.states[1:]], axis=-1) for r in runs)
    return Pair(settings, runs, lengths, stored, np.linalg.norm(runs[0].thetas - runs[1].thetas, axis=-1))


@cache
def _problem(gradient):
    """Return surface, start and gradient; a steady push is 1 everywhere, so its bowl is never asked."""
    if gradient == STEADY:
        return Quadratic([1.0]), [0.0], np.ones_like
    return twelve_dots(), FLAT_LINE, twelve_dots().grad


def programs(settings):
    """Return the course's form and PyTorch's, with the same settings."""
    before, after, drop = settings.lr, settings.lr_after, settings.drop

    def lr(t):
        return before if t < drop else after

    beta = momentum_correction(settings.beta, lr) if settings.correction == CORRECTED else settings.beta
    torch = TorchSGD(lr, momentum=settings.beta, dampening=settings.dampening, weight_decay=settings.decay)
    return CourseForm(lr, beta, settings.decay), torch


# ------------------------------------------------------------------ the picture


def set_up(figure):
    """Draw the frame: steps, stored numbers and gap over one axis of time."""
    lanes = steps, stored, gap = plots.lanes(figure, 3)
    look = plots.theme()
    steps.set(xlim=(0, UPDATES), yscale="log", ylim=STEP_LIMITS, yticks=[0.01, 0.1, 1, 10])
    stored.set(yscale="log", ylim=STORED_LIMITS, yticks=[0.1, 1, 10, 100])
    gap.set_yscale("symlog", linthresh=1)  # linear below 1, so that 0 has a place
    gap.set(ylim=GAP_LIMITS, yticks=[0, 1, 10, 100])
    names = "length of each step", "stored: velocity, buffer", "gap of the two places"
    for lane, name in zip(lanes, names, strict=True):
        lane.set_yticks(lane.get_yticks(), [f"{tick:g}" for tick in lane.get_yticks()])
        lane.minorticks_off()
        plots.name_lane(lane, name)
    course, torch = zip(STYLES, ("the course:\nlr inside", "PyTorch:\nlr outside"), strict=True)
    *_, thick, _ = plots.key(figure, [course, torch, (None, "gap"), (None, "law")])
    thick.sample.set_linewidth(2.0)
    return Artists(
        moving={
            # Up to the names of the lanes only.
            "changes": [lane.axvline(0, 0, 0.82, color=look.second_ink, linestyle=":", zorder=2) for lane in lanes],
            "rates": steps.text(
                0, 0.97, "", transform=steps.get_xaxis_transform(), va="top", size=look.tick_size,
                bbox={"facecolor": look.paper, "edgecolor": "none", "pad": 1.0},
            ),
            "lengths": [plots.in_time(steps, method, zorder=z) for method, z in zip(STYLES, (4, 5), strict=True)],
            "stored": [plots.in_time(stored, method, zorder=z) for method, z in zip(STYLES, (4, 5), strict=True)],
            "gap": gap.plot([], [], color=look.ink, linewidth=2.0, zorder=4)[0],
            "law": gap.plot([], [], color=look.ink, linewidth=0.9, zorder=3)[0],
            # In two lanes, as both may leave at the same step.
            "exits": [plots.exit_mark(lane, method) for lane, method in zip((steps, stored), STYLES, strict=True)],
        },
    )  # fmt: skip


def draw(pair, artists):
    """Move every artist to this setting and say it in words."""
    for row, trajectory in enumerate(pair.runs):
        end = UPDATES if trajectory.diverged is None else trajectory.diverged
        for line, series in ((artists.lengths[row], pair.lengths[row]), (artists.stored[row], pair.stored[row])):
            line.set_data(np.arange(1, end + 1), np.minimum(series[:end], plots.DRAWABLE))
        plots.set_exit(artists.exits[row], np.append(0.0, (pair.lengths, pair.stored)[row][row]), trajectory)
    artists.gap.set_data(np.arange(UPDATES + 1), np.minimum(pair.gaps, plots.DRAWABLE))
    artists.law.set_data(*(([pair.settings.drop, UPDATES], [pair.law, pair.law]) if pair.plain else ([], [])))
    _draw_change(pair, artists)
    return sentence(pair)


def _draw_change(pair, artists):
    """Mark where the learning rate changes, on the side of the mark that has room."""
    settings = pair.settings
    for line in artists.changes:
        line.set(xdata=[settings.drop] * 2, linewidth=1.0, visible=pair.changes)
    artists.rates.set_text(f"lr {number(settings.lr)} → {number(settings.lr_after)}" if pair.changes else "")
    side, align = (-1, "right") if settings.drop > UPDATES / 2 else (1, "left")
    artists.rates.set(x=settings.drop + side, horizontalalignment=align)


# ------------------------------------------------------------------ the words


def sentence(pair):
    """Say where the two programs part, by how much, and whether the gap is closed."""
    return " ".join([_together(pair), *_fates(pair), *_extras(pair), _goal(pair)])


def _together(pair):
    """Say how long the programs agree."""
    settings, apart = pair.settings, pair.apart
    rates = f"lr goes from {number(settings.lr)} to {number(settings.lr_after)}"
    if apart is None:
        return f"The two programs are identical to twelve digits at all {UPDATES} updates: {_why(pair, rates)}."
    if apart == settings.drop + 1:
        return f"Both programs take the same {settings.drop} step{'s' * (settings.drop > 1)} until {rates}."
    then = f"; after step {settings.drop} {rates}" if pair.changes else ""
    return f"The two programs part at update {apart}{then}."


def _why(pair, rates):
    settings = pair.settings
    if settings.beta == 0:
        return "with beta 0 neither remembers anything"
    if not pair.changes:
        return "the learning rate never changes"
    if settings.correction == PLAIN:
        return "what tells them apart is smaller than rounding"
    return f"when {rates}, the correction multiplies the velocity by {number(settings.lr_after / settings.lr)}"


def _fates(pair):
    """Yield the steps after the change and the gap, or at which steps the programs diverged."""
    ends = [r.diverged for r in pair.runs]
    if any(end is not None for end in ends):
        told = ("stays in bounds" if end is None else f"diverged at step {end}" for end in ends)
        yield "The course's form {}, PyTorch's program {}.".format(*told)
        return
    if pair.changes:
        yield _next_step(pair)
    if pair.plain:
        yield _arrival(pair)
    if pair.apart is not None:
        yield _gap(pair)


def _next_step(pair):
    settings = pair.settings
    inside, outside = (number(lengths[settings.drop]) for lengths in pair.lengths)
    if pair.apart is None:
        return f"The next step is {outside} in both."
    text = f"The next step is {inside} in the course's form and {outside} in PyTorch's"
    if not pair.plain:
        return f"{text}."
    full = 1 / (1 - settings.beta)  # the buffer at full speed
    one, other = settings.lr * settings.beta * full + settings.lr_after, settings.lr_after * full
    return f"{text}; from full speed it would be {number(one)} and {number(other)}."


def _arrival(pair):
    """Say how long the course's form takes to come near its new terminal step."""
    terminal = pair.settings.lr_after / (1 - pair.settings.beta)
    near = np.abs(pair.lengths[0][pair.settings.drop :] / terminal - 1) <= CLOSE
    if not near[-1]:
        return f"The course's form is not within 10 % of its new full speed by update {UPDATES}."
    return f"The course's form comes within 10 % of its new full speed {near.argmax() + 1} steps after the change."


def _gap(pair):
    if pair.plain:
        law, full = number(pair.law), number(extra_travel(pair.settings, 1 / (1 - pair.settings.beta)))
        return (
            f"After {UPDATES} updates the gap is {number(pair.gaps[-1])}; "
            f"by the law it goes to {law}, and from full speed to {full}."
        )
    widest = int(pair.gaps.argmax())
    return f"The gap is widest at update {widest}, {number(pair.gaps[widest])}; it ends at {number(pair.gaps[-1])}."


def _extras(pair):
    """Yield what dampening and weight decay do in PyTorch; without a buffer they do nothing special."""
    settings, parts, first = pair.settings, [], number(pair.lengths[1][0])
    if settings.dampening > 0:
        share = number(1 - settings.dampening)
        parts.append(f"PyTorch's first step, {first}, is not dampened, later gradients enter at {share} of their size")
    if settings.decay > 0:
        parts.append(f"decay through PyTorch's buffer is about {number(1 / (1 - settings.beta))} times as strong")
    if parts and settings.beta > 0:
        text = ", and ".join(parts)
        yield f"{text[0].upper()}{text[1:]}."


def _goal(pair):
    if pair.apart is None and pair.changes and pair.settings.beta > 0 and pair.settings.correction == CORRECTED:
        return "That is the goal: with the correction the two paths agree to twelve digits."
    return "The goal: the largest gap, then the correction that closes it."
