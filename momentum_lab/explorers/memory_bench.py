"""E2, the memory bench: one memory, fed with gradients that were chosen beforehand.

The velocity v[t] = beta v[t - 1] + g[t] starts at rest; the learning rate is 1.  This is the open loop:
a heavy ball that moves meets other gradients, because it makes its own.
"""

import math
from dataclasses import dataclass
from itertools import accumulate
from types import SimpleNamespace

import numpy as np

from momentum_lab import plots
from momentum_lab.explorers.controls import Choice, Preset, Quantity
from momentum_lab.explorers.dots_picture import FLAT_LINE
from momentum_lab.explorers.explorer import Explorer
from momentum_lab.explorers.stage import Artists
from momentum_lab.optimizers import GradientDescent
from momentum_lab.running import run
from momentum_lab.surfaces import twelve_dots
from momentum_lab.words import number, signed

STEPS, TURNING, AGES = 60, 30, 40
RECORDED, STEADY, NOISE, TURN, WAVE = "recorded in lesson 1", "steady and flipping", "noise", "a turn", "wave"
PATTERNS = {
    RECORDED: ("along the valley", "across the valley"),
    STEADY: ("steady", "flipping"),
    NOISE: ("1 and noise", "noise alone"),
    TURN: ("1, then −1", "0, then 1"),
    WAVE: ("your wave", "flipping"),
}
"""Name of a pattern -> what its two channels are."""

# Ends and ticks of a lane.  The top sixth of every lane stays free for its name.
FLIPS, SMALL, SWING = (-2.2, 2.2, (-1, 0, 1)), (-3.5, 3.5, (-2, 0, 2)), (-13.0, 18.5, (-10, 0, 10))
NARROW, WIDE = (-4.0, 16.0, (0, 10)), (-20.0, 64.0, (0, 50))
SPREAD, UNIT, NOISY = (-4.5, 4.5, (-3, 0, 3)), (-1.4, 1.9, (-1, 0, 1)), (-1.0, 3.3, (0, 1, 2))
FRAMES = {
    RECORDED: ((NARROW, WIDE), (FLIPS,), (UNIT,)),
    STEADY: ((NARROW, WIDE), (FLIPS,), (UNIT,)),
    NOISE: ((NARROW, WIDE), (SPREAD,), (NOISY,)),
    TURN: ((SWING, WIDE), (NARROW, WIDE), (UNIT,)),
    WAVE: ((SMALL, SWING), (FLIPS,), (UNIT,)),
}
"""Name of a pattern -> the frames of each lane: the first one that holds its curves is taken."""
WAVES = {"steady": 0, "12": np.pi / 6, "6": np.pi / 3, "4": np.pi / 2, "3": 2 * np.pi / 3, "flipping": np.pi}
"""What the axis of frequencies says -> the angle a step."""


@dataclass(frozen=True)
class Bench:
    """What went in and what came out; one row a channel, one number a step."""

    settings: SimpleNamespace
    gradients: np.ndarray
    velocities: np.ndarray
    averages: np.ndarray  # of the first channel: the EMA, and the same with its start at zero corrected


def memory_bench():
    """Return a fresh memory bench with the gradients of lesson 01."""
    return Explorer(
        "memory bench",
        [
            Choice("pattern", "gradients that come in", RECORDED, tuple(PATTERNS)),
            Quantity("beta", "beta", 0.9, 0.0, 0.99, 0.01),
            Quantity("period", "steps in one wave", 12.0, 2.0, 40.0, 0.1),
            Quantity("n", "newest gradients shaded", 10, 1, AGES, 1, whole=True),
        ],
        simulate,
        set_up,
        draw,
        presets=[Preset("Gain exactly 1", _gain_one)],
        lines=5,
    )


def _gain_one(settings):
    """Choose the wave whose angle a step has the cosine beta / 2: it comes out as large as it went in."""
    return {"pattern": WAVE, "period": float(f"{2 * math.pi / math.acos(settings['beta'] / 2):.6g}")}


# ------------------------------------------------------------------ what goes in and what comes out


def recorded(steps):
    """Return the gradients that lesson 01 met, along and across the valley, in units of the first of each.

    Shape (steps,) each.  They come from gradient descent at its best learning rate, from the flat line.
    """
    surface = twelve_dots()
    points = run(GradientDescent(float(2 / surface.eigenvalues.sum())), surface, FLAT_LINE, steps - 1).thetas
    parts = surface.grad(points) @ surface.directions
    return tuple((parts / parts[0]).T)


def gradients_of(pattern, period, steps=STEPS):
    """Return the two channels of a pattern, shape (2, steps)."""
    t = np.arange(steps)
    ones, flips, late = np.ones(steps), (-1.0) ** t, t >= TURNING
    noise = np.random.default_rng(2).normal(0.0, 0.5, steps)
    channels = {
        RECORDED: recorded(steps),
        STEADY: (ones, flips),
        NOISE: (ones + noise, noise),
        TURN: (ones - 2 * late, 1.0 * late),
        WAVE: (np.cos(2 * np.pi * t / period), flips),
    }
    return np.array(channels[pattern])


def fed(gradients, beta):
    """Return the velocity after each gradient, from rest; time is the last axis."""
    return np.array(list(accumulate(gradients.T, lambda velocity, gradient: beta * velocity + gradient))).T


def gain(beta, omega):
    """Return how much larger a swing of the angle `omega` a step comes out (see derivations.gain)."""
    return 1 / np.sqrt(1 - 2 * beta * np.cos(omega) + beta**2)


def wave_gain(beta, period):
    """Return the gain of a wave as a simulation shows it, once the start has faded to a billionth."""
    start = 0 if beta == 0 else math.ceil(math.log(1e-9) / math.log(beta))
    angles = 2 * np.pi * np.arange(start + 400) / period
    swings = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    out = fed(swings[:, 0], beta)
    # The two swings that add up to what comes out have its size together; with a period of 2 the sine is zero.
    fit, *_ = np.linalg.lstsq(swings[start:], out[start:], rcond=1e-5)
    return float(np.hypot(*fit))


def simulate(settings):
    """Feed the chosen gradients to the memory."""
    gradients = gradients_of(settings.pattern, settings.period)
    velocities = fed(gradients, settings.beta)
    average = (1 - settings.beta) * velocities[0]
    corrected = average / (1 - settings.beta ** np.arange(1, STEPS + 1))
    return Bench(settings, gradients, velocities, np.array([average, corrected]))


# ------------------------------------------------------------------ the picture


def set_up(figure):
    """Draw the frame: weights and gains on the left, two channels and the averages on the right."""
    (weights, gains), lanes = plots.pair_and_when(figure, 3)
    look = plots.theme()
    weights.set(xlim=(-1, AGES), ylim=(0, 1.5), yticks=[0, 0.5, 1])
    weights.set_xlabel("age in steps", labelpad=2)
    plots.name_lane(weights, "weight of a gradient by its age")
    plots.log_scale(gains, (0.4, 110), {1: "1", 10: "10", 100: "100"})
    gains.set(xlim=(0, np.pi), xticks=list(WAVES.values()), xticklabels=list(WAVES))
    gains.set_xlabel("steps in one wave", labelpad=2)
    gains.plot([0, np.pi], [1, 1], color=look.second_ink, linewidth=0.9)
    plots.name_lane(gains, "gain at every frequency")
    lanes[0].set_xlim(0, STEPS)
    plots.name_lane(lanes[2], "averages of the first channel")
    _key(figure)
    return Artists(
        base={"lanes": lanes, "names": [plots.name_lane(lane, "") for lane in lanes[:2]]},
        moving={
            "bars": [weights.plot([], [], color=color, linewidth=4, solid_capstyle="butt")[0]
                     for color in (look.ink, look.contour)],
            "share": weights.text(0.985, 0.84, "", transform=weights.transAxes, ha="right", va="top"),
            "wave": gains.text(0.985, 0.84, "", transform=gains.transAxes, ha="right", va="top"),
            "period": gains.plot([], [], color=look.second_ink, linewidth=0.9)[0],
            "gain": gains.plot([], [], color=look.ink, linewidth=1.4)[0],
            "marks": [gains.plot([], [], mark, color=look.ink, markersize=8, clip_on=False)[0] for mark in "os"],
            # The dots lie over the velocity, whose rim would hide them.
            "gradients": [lane.plot([], [], ".", color=look.second_ink, markersize=4, zorder=z)[0]
                          for lane, z in zip(lanes, (5, 5, 2), strict=True)],
            "velocities": [plots.in_time(lane, "heavy ball", zorder=4) for lane in lanes[:2]],
            "averages": [lanes[2].plot([], [], dash, color=look.ink, linewidth=1.3)[0] for dash in ("-", "--")],
        },
    )  # fmt: skip


def _key(figure):
    """Name the four kinds of curve at the right edge; only the velocity has the colour of a method."""
    names = (None, "gradient in"), (None, "average"), (None, "corrected\naverage")
    _, dots, average, corrected = (
        entry.sample for entry in plots.key(figure, [("heavy ball", "velocity out"), *names])
    )
    dots.set_data(np.linspace(*dots.get_xdata(), 7), np.repeat(dots.get_ydata()[0], 7))
    dots.set(linestyle="", marker=".", color=plots.theme().second_ink, markersize=4)
    average.set_linewidth(1.3)
    corrected.set(linewidth=1.3, linestyle="--")


def draw(bench, artists):
    """Move every artist to this setting and say it in words."""
    _draw_frame(bench, artists)
    _draw_weights(bench, artists)
    beta, omega, wave = bench.settings.beta, np.linspace(0, np.pi, 200), 2 * np.pi / bench.settings.period
    artists.gain.set_data(omega, gain(beta, omega))
    for mark, at in zip(artists.marks, _frequencies(bench), strict=True):
        mark.set_data(*([[], []] if at is None else [[at], [gain(beta, at)]]))
    artists.period.set_data([wave, wave], [0.4, gain(beta, wave)])
    artists.wave.set_text(f"wave of {number(bench.settings.period)} steps: {number(gain(beta, wave))}")
    lines = (*artists.gradients, *artists.velocities, *artists.averages)
    series = (*bench.gradients, bench.gradients[0], *bench.velocities, *bench.averages)
    for line, numbers in zip(lines, series, strict=True):
        line.set_data(np.arange(STEPS), numbers)
    return sentence(bench)


def _draw_frame(bench, artists):
    """Choose the frames of the lanes, and name the channels; the base stays while nothing of it changes."""
    pattern = bench.settings.pattern
    shown = (*zip(bench.gradients, bench.velocities, strict=True), (bench.gradients[0], bench.averages))
    for lane, frames, series in zip(artists.lanes, FRAMES[pattern], shown, strict=True):
        low, high, ticks = next((frame for frame in frames if _holds(frame, series)), frames[-1])
        if lane.get_ylim() != (low, high):
            lane.set(ylim=(low, high), yticks=ticks)
    for name, channel, mark, at in zip(artists.names, PATTERNS[pattern], "●■", _frequencies(bench), strict=True):
        name.set_text(channel if at is None else f"{mark} {channel}")
    limits = (lane.get_ylim() for lane in artists.lanes)
    artists.frame = (*limits, *(name.get_text() for name in artists.names))


def _holds(frame, series):
    """Say whether curves fit into a frame and stay below its name."""
    low, high, _ = frame
    return all(low < np.min(numbers) and np.max(numbers) < high - (high - low) / 6 for numbers in series)


def _draw_weights(bench, artists):
    """Draw a bar an age, in ink for the newest ones."""
    beta, n, ages = bench.settings.beta, bench.settings.n, np.arange(AGES)
    for line, some in zip(artists.bars, (ages[:n], ages[n:]), strict=True):
        tops = beta ** some.astype(float)
        line.set_data(np.repeat(some, 3), np.stack([0 * tops, tops, np.nan * tops], axis=1).ravel())
    artists.share.set_text(f"newest {n}: {_share(beta, n)}")


def _frequencies(bench):
    """Return the angle a step of each channel, or None where it has no single one."""
    first = {RECORDED: 0.0, STEADY: 0.0, WAVE: 2 * np.pi / bench.settings.period}.get(bench.settings.pattern)
    return first, None if first is None else np.pi


# ------------------------------------------------------------------ the words


def sentence(bench):
    """Say what the memory makes of these gradients, with this run's numbers."""
    beta, n = bench.settings.beta, bench.settings.n
    average, corrected, newest = map(signed, (*bench.averages[:, -1], bench.gradients[0, -1]))
    if beta == 0:
        return (
            "With beta 0 the newest gradient carries all of the weight, which is 1: nothing is remembered. "
            "Steady, flipping or between, every push comes out as large as it went in. "
            f"The average of the first channel ends at {average}, its newest gradient, and needs no correction."
        )
    some = "newest gradient carries" if n == 1 else f"newest {n} gradients carry"
    return (
        f"With beta {number(beta)} the {some} {_share(beta, n)} of the weight, "
        f"and all of them together weigh {number(1 / (1 - beta))}. {''.join(_outcome(bench))} "
        f"In the long run a steady push comes out {number(gain(beta, 0))} times as large, "
        f"a flipping one {number(gain(beta, np.pi))} times. The average of the first channel ends at {average}, "
        f"the corrected one at {corrected}; the newest gradient is {newest}."
    )


def _outcome(bench):
    """Yield what came out of this pattern."""
    pattern, beta = bench.settings.pattern, bench.settings.beta
    pairs = zip(bench.velocities[:, -1], bench.gradients[:, -1], strict=True)
    ends = [signed(velocity / (gradient or 1)) for velocity, gradient in pairs]  # a wave may end at 0
    if pattern == RECORDED:
        yield f"After {STEPS} gradients the velocity along the valley is {ends[0]} times the newest one, "
        yield f"across it {ends[1]} times. Both gradients shrink 2 % a step"
        kept = beta / bench.gradients[0, 1]  # of the weight, against a gradient that shrinks as well
        settle = f"; the ratios go on to {number(gain(kept, 0))} and {number(gain(kept, np.pi))}."
        yield settle if kept < 1 else ", faster than the memory fades, so the ratios never settle."
    elif pattern == STEADY:
        yield f"After {STEPS} gradients the velocity is {ends[0]} times the steady push, "
        yield f"and {ends[1]} times the flipping one."
    elif pattern == NOISE:
        one, other = (f"between {signed(v.min())} and {signed(v.max())}" for v in bench.velocities[:, 20:])
        yield f"From step 20 on the velocity of 1 and noise lies {one}, that of the noise alone {other}."
    elif pattern == TURN:
        turned = TURNING + np.argmax(bench.velocities[0, TURNING:] < 0)
        yield f"The first gradient turns to −1 at step {TURNING}, and its velocity changes sign at step {turned}. "
        yield f"The second one, 1 from step {TURNING} on, has a velocity of {ends[1]} at the last step."
    else:
        period = bench.settings.period
        yield f"A wave of {number(period)} steps comes out {number(wave_gain(beta, period))} times as large, "
        yield f"measured once the start has faded; the formula says {number(gain(beta, 2 * np.pi / period))}."


def _share(beta, n):
    """Write the share of the weight that the newest gradients carry; only beta 0 leaves nothing to the others."""
    return "more than 99.9 %" if beta > 0 and beta**n < 0.001 else f"{number(100 * (1 - beta**n))} %"
