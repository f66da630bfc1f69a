"""E13, the clinic: eight unnamed loss curves, each with one cause, and three knobs to treat them with.

Every patient is a heavy ball on a bowl.  The sentence judges a diagnosis by the curve, and names no other cause.
"""

import textwrap
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace

import numpy as np

from momentum_lab import plots
from momentum_lab.explorers.controls import Choice, Preset, Quantity
from momentum_lab.explorers.explorer import Explorer
from momentum_lab.explorers.stage import Artists
from momentum_lab.optimizers import HeavyBall
from momentum_lab.oracles import AdditiveNoise
from momentum_lab.running import Trajectory, run
from momentum_lab.surfaces import Quadratic
from momentum_lab.words import number

STEPS, DROP, SEED, UNDECIDED = 200, 53, 5, "undecided"


@dataclass(frozen=True)
class Patient:
    """The settings nobody sees.  `noise` is the standard deviation of one gradient, `drop` the share of lr left."""

    cause: str
    curvatures: tuple[float, float]
    lr: float
    beta: float
    noise: float = 0.0
    sign: int = 1
    drop: float = 1.0
    start: tuple[float, float] = (1.0, 1.0)


PATIENTS = (
    Patient("noise floor", (1.0, 4.0), 0.1, 0.5, noise=1.0),
    Patient("beta too high", (1.0, 3.0), 0.03, 0.98),
    Patient("wrong sign", (0.5, 1.0), 0.05, 0.5, sign=-1),
    Patient("badly conditioned", (1e-4, 10.0), 0.02, 0.8, start=(32.0, 1.0)),
    Patient("learning rate too low", (1.0, 3.0), 0.0012, 0.5),
    Patient("learning rate drop, velocity remembers", (1.0, 1.2), 0.008, 0.97, drop=0.01),
    Patient("learning rate too high", (0.5, 10.0), 0.274, 0.3),
    Patient("beta too low", (0.05, 10.0), 0.19, 0.0),
)


@dataclass(frozen=True)
class Visit:
    """One patient as it came and as it was treated."""

    settings: SimpleNamespace
    patient: Trajectory
    treated: Trajectory


def clinic():
    """Return a fresh clinic: the first patient, not diagnosed and not treated."""
    return Explorer(
        "clinic",
        [
            Quantity("case", "patient", 1, 1, len(PATIENTS), 1, whole=True),
            Choice("diagnosis", "your diagnosis", UNDECIDED, (UNDECIDED, *RULES)),
            Quantity("lr", "treatment: learning rate times", 1.0, 0.05, 4.0, 0.05),
            Quantity("forget", "treatment: 1 − beta (forgetting) times", 1.0, 0.1, 10.0, 0.1),
            Quantity("batch", "treatment: batch size", 1, 1, 64, 1, whole=True),
        ],
        simulate,
        set_up,
        draw,
        presets=[Preset("No treatment", lambda settings: {"lr": 1.0, "forget": 1.0, "batch": 1})],
        lines=6,
    )


def simulate(settings):
    """Run the patient twice: as it came and as it is treated."""
    treated = course_of(settings.case, settings.lr, settings.forget, settings.batch)
    return Visit(settings, course_of(settings.case), treated)


@lru_cache(maxsize=32)
def course_of(case, lr=1.0, forget=1.0, batch=1):
    """Run a patient with its learning rate, its forgetting 1 - beta and its batch multiplied."""
    patient = PATIENTS[case - 1]
    surface, rate = Quadratic(patient.curvatures), lr * patient.lr
    beta = max(1 - forget * (1 - patient.beta), 0.0)
    rule = HeavyBall(rate if patient.drop == 1 else lambda t: rate * (1 if t < DROP else patient.drop), beta)
    oracle = AdditiveNoise(lambda theta: patient.sign * surface.grad(theta), patient.noise / np.sqrt(batch), SEED)
    return run(rule, surface, patient.start, STEPS, oracle=oracle)


# ------------------------------------------------------------------ what a curve shows


def series(trajectory):
    """Return the loss as a share of its start, and the length of every step; both kept finite."""
    with np.errstate(all="ignore"):
        both = trajectory.gaps / trajectory.gaps[0], np.linalg.norm(np.diff(trajectory.thetas, axis=0), axis=1)
    return [np.nan_to_num(numbers, nan=1e300, posinf=1e300) for numbers in both]


def signs(trajectory):
    """Measure what one can see of a run; losses are shares of the start.

    `end` is the typical loss of the last 20 steps, `tail` that of the last 50 over that of the 50 before, `early` the
    percentage of the fall, in powers of ten, done by step 60.  `swings` counts how often the loss doubles and halves
    again, `late` the same after step 100, `turns` the first steps (of `seen`) that turn back against the one before.
    """
    loss = series(trajectory)[0][: STEPS + 1 if trajectory.diverged is None else trajectory.diverged + 1]
    moves = np.diff(trajectory.thetas[: min(62, len(loss))], axis=0)
    peaks, end = _peaks(loss), float(np.median(loss[-20:]))
    return SimpleNamespace(
        diverged=trajectory.diverged, end=end, low=loss.min(), low_step=int(loss.argmin()),
        top=loss.max(), top_step=int(loss.argmax()),
        early=100 * np.clip(np.log(loss[min(60, len(loss) - 1)]) / np.log(end), 0, 1) if end < 0.9 else 0.0,
        swings=len(peaks), late=sum(peak > 100 for peak in peaks),
        turns=int(((moves[1:] * moves[:-1]).sum(axis=1) < 0).sum()), seen=len(moves) - 1,
        tail=float(np.median(loss[-50:]) / np.median(loss[-100:-50])) if len(loss) > STEPS else np.inf,
    )  # fmt: skip


def _peaks(loss):
    """Return the steps at which the loss has doubled from its last low and is about to halve."""
    peaks, low, high, climbing = [], 0, 0, False
    for step, value in enumerate(loss):
        if climbing and value > loss[high]:
            high = step
        elif climbing and value < loss[high] / 2:
            peaks.append(high)
            climbing, low = False, step
        elif not climbing and value < loss[low]:
            low = step
        elif not climbing and value > 2 * loss[low]:
            climbing, high = True, step
    return peaks


def _bounded(text):
    return (lambda s: s.diverged is None), text + "; this one diverged at step {diverged}."


RULES = {
    "learning rate too high": (
        [(lambda s: s.diverged is not None, "A learning rate too high grows without end; this loss ends near {end}."),
         (lambda s: s.turns > 30, "A learning rate too high zigzags; here {turns} of {seen} steps turn back.")],
        "the loss grows without end, and {turns} of {seen} steps turn back against the one before.",
    ),
    "learning rate too low": (
        [_bounded("A learning rate too low is slow but safe"),
         (lambda s: s.swings == 0, "A learning rate too low never swings; this loss swings; peaks: {swings}."),
         (lambda s: s.turns < 5, "A learning rate too low goes one way; here {turns} of {seen} steps turn back.")],
        "the loss falls evenly, without a swing, {early} percent of its fall done by step 60.",
    ),
    "beta too high": (
        [_bounded("A beta too high swings, but its swings shrink"),
         (lambda s: s.late > 2, "A beta too high swings to the end; after step 100 this loss swings {late} times."),
         (lambda s: s.tail < 0.8, "The swings of a beta too high shrink; these keep {tail} in 50 steps.")],
        "the loss swings {swings} times, and each fifty steps leave {tail} of it.",
    ),
    "beta too low": (
        [_bounded("A beta too low is slow, not wild"),
         (lambda s: s.swings == 0, "A beta too low forgets before it can swing; this loss has swung; peaks: {swings}."),
         (lambda s: s.turns > 20, "A beta too low zigzags; here {turns} of {seen} steps turn back.")],
        "{turns} of the first {seen} steps turn back, the loss never swings, and the end is a crawl.",
    ),
    "noise floor": (
        [_bounded("Noise that stays the same holds a run up, it does not blow it up"),
         (lambda s: s.late > 2, "Noise rattles to the end; after step 100 this loss goes up and down {late} times."),
         (lambda s: s.tail > 0.8, "A noise floor is a level; 50 steps still shrink this loss to {tail}.")],
        "the loss rattles about a level of {end}; the last fifty steps keep {tail} of it.",
    ),
    "badly conditioned": (
        [_bounded("A bad condition number makes a run slow"),
         (lambda s: s.late == 0, "A bad condition number ends in a smooth crawl; this loss swings {late} times late."),
         (lambda s: s.early > 85, "A bad condition number falls fast; here {early} percent are done by step 60.")],
        "{early} percent of the fall is done by step 60, and then fifty steps leave {tail} of the loss.",
    ),
    "wrong sign": (
        [(lambda s: s.diverged is not None, "A wrong sign walks uphill for ever; this loss ends near {end}."),
         (lambda s: s.turns == 0, "A wrong sign walks straight uphill; here {turns} of {seen} steps turn back.")],
        "the loss grows from the first step, and no step turns back.",
    ),
    "learning rate drop, velocity remembers": (
        [_bounded("A velocity that outlives a learning rate coasts and stops"),
         (lambda s: s.late == 0, "A velocity without new pushes runs out; this loss still swings {late} times late."),
         (lambda s: s.low < 0.1 * s.end, "An old velocity overruns a low; this loss ends near its lowest, {low}.")],
        "the loss was down to {low} at step {low_step}; then it coasts away to {end} while the steps run out.",
    ),
}  # fmt: skip
"""Cause -> what must be seen for it, each with what to say if it is not, and what to say if all of it is."""


def judge(cause, seen):
    """Return whether a cause fits what is seen, and why, in one sentence."""
    conditions, telltale = RULES[cause]
    words = {name: value if isinstance(value, int) else number(value or 0) for name, value in vars(seen).items()}
    for holds, counter in conditions:
        if not holds(seen):
            return False, "Against your diagnosis: " + counter.format(**words)
    return True, "That fits: " + telltale.format(**words)


# ------------------------------------------------------------------ the picture


def set_up(figure):
    """Draw two lanes: the loss, and the length of the steps."""
    loss, steps = plots.lanes(figure, 2)
    look = plots.theme()
    for lane, text in ((loss, "loss, share of its start"), (steps, "step length, share of the starting distance")):
        lane.set_xlim(0, STEPS)
        plots.log_scale(lane, (1e-6, 1e4), {1e-6: "10⁻⁶", 1e-3: "0.001", 1: "1"})
        plots.name_lane(lane, text)
    untreated, _ = plots.key(figure, [(None, "patient, as\nit came"), ("heavy ball", "patient,\ntreated")])
    dashed = {"linewidth": 1.6, "linestyle": (0, (3, 2)), "color": look.ink}
    untreated.sample.set(**dashed)
    left = untreated.name.get_position()[0]
    exits = [plots.exit_mark(loss, "heavy ball") for _ in range(2)]
    exits[0][0].set_color(look.ink)
    return Artists(
        moving={
            "treated": [plots.in_time(lane, "heavy ball", zorder=4) for lane in (loss, steps)],
            "patient": [lane.plot([], [], zorder=3, **dashed)[0] for lane in (loss, steps)],
            "exits": exits,
            "diagnosis": figure.text(left, 0.5, "", va="top", size=look.tick_size, linespacing=1.3),
        },
    )  # fmt: skip


def draw(visit, artists):
    """Move every artist to this patient and say it in words."""
    walks = (artists.patient, visit.patient), (artists.treated, visit.treated)
    for (lines, trajectory), mark in zip(walks, artists.exits, strict=True):
        loss, lengths = series(trajectory)
        lengths = lengths[: trajectory.diverged] / trajectory.distances[0]
        plots.set_run(lines[0], loss, trajectory)
        lines[1].set_data(np.arange(1, len(lengths) + 1), np.clip(lengths, 1e-12, plots.DRAWABLE))
        plots.set_exit(mark, loss, trajectory)
    for artist in (*artists.treated, *artists.exits[1]):
        artist.set_visible(_is_treated(visit))
    if _is_treated(visit) and visit.treated.diverged is not None:
        artists.exits[0][1].set_text("")  # the two words would lie on one another
    artists.diagnosis.set_text("diagnosis:\n" + textwrap.fill(visit.settings.diagnosis, 14))
    return sentence(visit)


# ------------------------------------------------------------------ the words


def sentence(visit):
    """Describe the curve, judge the diagnosis and the treatment."""
    diagnosis, seen = visit.settings.diagnosis, signs(visit.patient)
    fits, why = (False, "Name a cause.") if diagnosis == UNDECIDED else judge(diagnosis, seen)
    text = f"Patient {visit.settings.case}: {_shape(seen)} {why} {_treatment(visit, seen)}"
    return text + " That is the goal for this patient: named and repaired." * (fits and repaired(visit))


def _shape(seen):
    """Describe the curve in words and numbers."""
    turns = f"Of the first {seen.seen} steps {seen.turns or 'no step'} went back against the one before."
    if seen.diverged is not None:
        return f"the loss grows from its first steps on, and the run diverged at step {seen.diverged}. {turns}"
    swings = f"swings (peaks: {seen.swings}, after step 100: {seen.late})" if seen.swings else "never swings"
    text = f"the loss {swings} and ends near {number(seen.end)} of its start. "
    if seen.top > 1.05:
        text += f"It climbs to {number(seen.top)} times the start, at step {seen.top_step}. "
    early = f"Of its fall, in powers of ten, {number(seen.early)} percent is done by step 60. " if seen.early else ""
    return text + early + turns


def _is_treated(visit):
    return (visit.settings.lr, visit.settings.forget, visit.settings.batch) != (1, 1, 1)


def repaired(visit):
    """Say whether the treatment works: it ends below the start, and at a tenth of what the patient ended with."""
    before, after = signs(visit.patient).end, signs(visit.treated)
    return after.diverged is None and after.end < 1 and after.end <= before / 10


def _treatment(visit, seen):
    """Say what was done and what came of it."""
    knobs, after = visit.settings, signs(visit.treated)
    if not _is_treated(visit):
        return "It is not treated yet."
    dose = f"With lr times {number(knobs.lr)}, 1 - beta times {number(knobs.forget)} and batch {knobs.batch}"
    if after.diverged is not None:
        return f"{dose} it diverged at step {after.diverged}: not repaired."
    if repaired(visit):
        return f"{dose} the loss ends near {number(after.end)}: repaired."
    asked = "1" if seen.diverged else number(seen.end / 10)
    return f"{dose} the loss ends near {number(after.end)}: not repaired, as that asks for less than {asked}."
