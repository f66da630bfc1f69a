"""E4, the escape: a ball in two wells.  Momentum carries it out of the shallow one, and out of the deep one too."""

from dataclasses import dataclass

import numpy as np

from momentum_lab import plots
from momentum_lab.explorers.controls import Quantity
from momentum_lab.explorers.explorer import Explorer
from momentum_lab.explorers.stage import Artists
from momentum_lab.optimizers import HeavyBall, Momentum
from momentum_lab.running import run
from momentum_lab.surfaces import DoubleWell
from momentum_lab.words import number, signed

LR, STEPS, SHOWN = 0.02, 600, 150  # steps walked, and as many of them as the lanes have room for
WELLS = DoubleWell()
BARRIER = WELLS.barrier
TOP, DEEP, SHALLOW = (float(WELLS(np.array([x]))) for x in (BARRIER, *WELLS.minima[:, 0]))
NOTCH = 0.005
LADDER = np.round(np.arange(0, 1, NOTCH), 3)  # betas that start beside the ball, to see which of them get out
VIEW, HEIGHTS, REACH_LIMITS, PLACE_LIMITS = (-2.3, 2.3), (-0.5, 2.7), (-0.2, 1.0), (-2.4, 2.9)
BALL, PLAIN = "heavy ball", "gradient descent"
FATES = {1: "ends in the deep well", -1: "ends in the shallow well", 0: "has not settled yet"}


@dataclass(frozen=True)
class Escape:
    """The ball, gradient descent from the same place, and the fate of every beta on the ladder.

    A fate is 1 for the deep well, -1 for the shallow one, and 0 while the ball can still cross the barrier.
    """

    start: float
    velocity: float
    beta: float
    ball: np.ndarray  # places, shape (steps + 1,)
    plain: np.ndarray
    reach: np.ndarray  # the height the ball would get to without friction, shape (steps + 1,)
    fate: int
    plain_fate: int
    ladder: np.ndarray

    @property
    def crossings(self):
        """The steps that lead from one side of the barrier to the other."""
        return np.flatnonzero(np.diff(self.ball > BARRIER)) + 1


def escape():
    """Return a fresh escape, the ball trapped."""
    return Explorer(
        "escape",
        [
            Quantity("start", "start x", 2.0, -2.2, 2.2, 0.01),
            Quantity("velocity", "start velocity (above 0 goes left)", 0.0, -0.5, 0.5, 0.01),
            Quantity("beta", "beta", 0.8, 0.0, 0.999, NOTCH),
        ],
        simulate,
        set_up,
        draw,
        lines=4,
    )


def simulate(settings):
    """Let go of the ball, of gradient descent, and of one ball a beta of the ladder, all from one place."""
    betas = np.concatenate([[settings.beta], LADDER])[:, np.newaxis]  # the ladder begins with beta 0
    start, velocity = np.full(betas.shape, settings.start), np.full(betas.shape, settings.velocity)
    rule = HeavyBall(np.full(betas.shape, LR), betas)
    places = run(rule, WELLS, start, STEPS, state=Momentum(velocity)).thetas[..., 0]
    steps = np.diff(places, axis=0, prepend=places[:1] + settings.velocity)
    reach = WELLS(places[..., np.newaxis]) + steps**2 / (2 * LR)
    # Below the barrier for a while: what is left of the swing cannot lift the ball over it.
    decided = (reach[-50:] < TOP).all(axis=0)
    fates = np.where(decided, np.where(places[-1] < BARRIER, 1, -1), 0)
    return Escape(
        settings.start, settings.velocity, settings.beta, places[:, 0], places[:, 1], reach[:, 0],
        int(fates[0]), int(fates[1]), fates[1:],
    )  # fmt: skip


# ------------------------------------------------------------------ the picture


def set_up(figure):
    """Draw the landscape and the two lanes."""
    land, (place, reach) = plots.where_and_when(figure, 2)
    look = plots.theme()
    _draw_land(land, look)
    place.set(xlim=(0, SHOWN), ylim=PLACE_LIMITS, yticks=[-2, 0, 2])
    reach.set(ylim=REACH_LIMITS, yticks=[0, 0.5, 1])
    plots.name_lane(place, "place x")
    plots.name_lane(reach, "height within reach: f + step² / (2 lr)")
    named = (WELLS.minima[0, 0], "deep well", "top"), (WELLS.minima[1, 0], "shallow well", "bottom")
    for at, text, side in (*named, (BARRIER, "barrier", "top")):
        _law(place, look, at, text, side)
    _law(reach, look, TOP, "barrier", "bottom")
    plots.key(figure, [(BALL, BALL), (PLAIN, "gradient\ndescent"), (None, "height f\nof the ball")])
    return Artists(
        moving={
            "path": _path(land),
            "ends": [_marks(land, method, markersize=size) for method, size in ((PLAIN, 30), (BALL, 12))],
            "origin": _start(land, look),
            "places": [plots.in_time(place, method, zorder=z) for method, z in ((BALL, 4), (PLAIN, 5))],
            "reach": plots.in_time(reach, BALL, zorder=4),
            "height": reach.plot([], [], color=look.ink, linewidth=0.9, zorder=3)[0],
        }
    )


def _draw_land(land, look):
    """Draw the landscape in grey, and name its three places."""
    x = np.linspace(*VIEW, 300)
    land.set(xlim=VIEW, ylim=HEIGHTS, xticks=[-2, -1, 0, 1, 2], yticks=[0, 1, 2])
    land.plot(x, WELLS(x[:, np.newaxis]), color=look.contour, linewidth=5, zorder=1)
    land.set_xlabel("x", labelpad=2)
    plots.name_lane(land, "height f(x)").set(x=0.5, ha="center")  # the starts are in the corners
    small = {"size": look.tick_size, "color": look.second_ink, "ha": "center"}
    land.text(WELLS.minima[0, 0], DEEP - 0.16, "deep well", va="top", **small)
    land.text(WELLS.minima[1, 0], SHALLOW - 0.16, "shallow well", va="top", **small)
    land.text(BARRIER, TOP + 0.15, "barrier", va="bottom", **small)


def _law(lane, look, at, text, side):
    """Draw a thin line across a lane and name it at its right end, above or below."""
    lane.plot([0, SHOWN], [at, at], color=look.second_ink, linewidth=0.9, zorder=1)
    shift = 2 if side == "bottom" else -4
    lane.annotate(
        text, (0.988, at), (0, shift), xycoords=lane.get_yaxis_transform(), textcoords="offset points", ha="right",
        va=side, size=look.tick_size, color=look.second_ink,
    )  # fmt: skip


def _marks(land, method, markersize):
    marks = plots.in_plane(land, method, zorder=4 if markersize == 5 else 6)
    marks.set(linestyle="", markersize=markersize)
    return marks


def _path(land):
    """Return the marks of the path, without a halo: it would hide the marks before, and cost more than all the rest."""
    path = _marks(land, BALL, markersize=5)
    path.set(path_effects=[], markeredgewidth=0)
    return path


def _start(land, look):
    """Return the open circle of the start."""
    ring = {"color": look.ink, "markerfacecolor": look.paper, "markersize": 9}
    return land.plot([], [], "o", **ring, zorder=7, clip_on=False)[0]


def draw(result, artists):
    """Move every artist to this ball and say it in words."""
    shown = result.ball[: SHOWN + 1]
    artists.path.set_data(shown, _height(shown))
    for marks, places in zip(artists.ends, (result.plain, result.ball), strict=True):
        marks.set_data(places[-1:], _height(places[-1:]))
    artists.origin.set_data([result.start], [min(_height(result.start), HEIGHTS[1])])
    steps = np.arange(len(shown))
    for curve, places in zip(artists.places, (result.ball, result.plain), strict=True):
        curve.set_data(steps, places[: SHOWN + 1])
    artists.reach.set_data(steps, result.reach[: SHOWN + 1])
    artists.height.set_data(steps, _height(shown))
    return sentence(result)


def _height(x):
    return WELLS(np.asarray(x, dtype=float)[..., np.newaxis])


# ------------------------------------------------------------------ the words


def sentence(result):
    """Say where the ball ends, how often it crossed, where gradient descent ends, and how the goals stand."""
    return " ".join([_end(result), _decision(result), _plain(result), *_goals(result)])


def _end(result):
    push = "at rest" if result.velocity == 0 else f"with velocity {signed(result.velocity)}"
    begin = f"From {signed(result.start)}, {push}, the heavy ball (beta {number(result.beta)})"
    count = len(result.crossings)
    if result.fate == 0:
        so_far = f"it has crossed the barrier {_times(count)}" if count else "it has not crossed the barrier"
        return f"{begin} has not settled after {STEPS} steps; {so_far} so far."
    begin = f"{begin} {FATES[result.fate]}, at {signed(result.ball[-1])}"
    if count == 0:
        return f"{begin}; it never crosses the barrier."
    last = f"at step {result.crossings[0]}" if count == 1 else f"the last time at step {result.crossings[-1]}"
    return f"{begin}; it crosses the barrier {_times(count)}, {last}."


def _times(count):
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _decision(result):
    """Say from when on the ball is too slow to get over the barrier."""
    high = np.flatnonzero(result.reach >= TOP)
    if result.fate == 0:
        left, needed = number(result.reach[-1]), number(TOP)
        return f"Height and speed together would still lift it to {left}; the barrier needs {needed}."
    since = int(high[-1]) + 1 if high.size else 0
    return f"From step {since} on, height and speed together no longer reach the barrier's {number(TOP)}."


def _plain(result):
    too = " too" if result.plain_fate == result.fate else ""
    return f"Gradient descent from the same place {FATES[result.plain_fate]}{too}."


def _goals(result):
    """Say how the two goals stand: out with the smallest beta, and a start that momentum makes worse."""
    out, trapped = result.fate > 0, result.fate < 0
    if result.plain_fate > 0:
        if trapped:
            yield "That is the second goal: momentum has carried it out of the better well."
        else:
            yield "Second goal: a place and a beta with which momentum ends in the worse well."
    elif not out:
        if trapped and len(result.crossings):
            yield "It was out, and has come back."
        yield "Goal: the smallest beta that gets out."
    elif (result.ladder[result.beta - 1e-9 > LADDER] < 0).all():
        yield "That is the first goal: none of the smaller betas gets out."
        yield f"{_comeback(result)} find a place that momentum makes worse."
    else:
        yield "It is out, and so it is with a smaller beta: find the smallest."


def _comeback(result):
    """Begin a sentence with the larger betas that come back into the shallow well, in notches of 0.005."""
    back = LADDER[(result.beta < LADDER) & (result.ladder < 0)]
    if not back.size:
        return "Next:"
    some = ", ".join(map(number, back[:3])) + (f" and {back.size - 3} more" if back.size > 3 else "")
    return f"Larger is no safer, {some} {'come' if back.size > 1 else 'comes'} back; next,"
