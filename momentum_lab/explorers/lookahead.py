"""E6, the lookahead: one step of the heavy ball and of Nesterov's method from the same point, side by side.

Both add the same memory.  They differ in where they ask for the gradient: here, or where the memory leads.
"""

from dataclasses import dataclass

import numpy as np
from matplotlib.patches import FancyArrowPatch
from matplotlib.patheffects import Normal, Stroke

from momentum_lab import plots
from momentum_lab.explorers.controls import Preset, Quantity
from momentum_lab.explorers.explorer import Explorer
from momentum_lab.explorers.stage import Artists
from momentum_lab.optimizers import HeavyBall, Nesterov
from momentum_lab.running import Trajectory, run
from momentum_lab.surfaces import Quadratic
from momentum_lab.theory import polynomial, rate, stability_limit
from momentum_lab.words import number, signed

STEPS, LAST = 60, 40  # steps drawn, and the last one under the microscope
RUN = 200  # far enough to see who diverges
KAPPA = 20  # the valley is so many times steeper across than along
SOFT, STEEP = 0, 1
START = [10.0, 1.0]  # far along the floor, so that both parts of a step can be seen
METHODS = ("heavy ball", "Nesterov")
FRAME, ROOM = 1.3, 2.2  # half the width of the plane, and how much of it the marks may span
CONTOURS = 12
SWING = (-2.2, 2.5)
LARGEST = 4.0  # no heavy ball bears a larger u


@dataclass(frozen=True)
class Moment:
    """One step under the microscope, and both methods' own runs from rest.

    `ahead` is where the memory leads from the point; landings and runs are in the order of `METHODS`.
    """

    u: float
    beta: float
    step: int
    point: np.ndarray
    ahead: np.ndarray
    landings: tuple[np.ndarray, np.ndarray]
    runs: tuple[Trajectory, Trajectory]


def lookahead():
    """Return a fresh lookahead, at a step whose two gradients point to opposite sides."""
    return Explorer(
        "lookahead",
        [
            Quantity("u", "stiffness u = lr times steep curvature", 0.7, 0.05, 4.0, 0.01),
            Quantity("beta", "beta", 0.9, 0.0, 0.99, 0.01),
            Quantity("step", "step of Nesterov's run", 1, 0, LAST, 1, whole=True),
        ],
        simulate,
        set_up,
        draw,
        presets=[Preset("u = 0.1: both swing past", lambda _: {"u": 0.1, "beta": 0.9, "step": 6})],
        lines=4,
    )


def simulate(settings):
    """Run both methods, and take one step of each from the same place with the same memory."""
    # With lr 1 a curvature is a stiffness.
    valley = Quadratic([settings.u / KAPPA, settings.u])
    ball, ahead = HeavyBall(1.0, settings.beta), Nesterov(1.0, settings.beta)
    runs = run(ball, valley, START, RUN), run(ahead, valley, START, RUN, keep_states=True)
    point, memory = runs[1].thetas[settings.step], runs[1].states[settings.step]
    landings = tuple(rule.step(point, valley.grad, memory)[0] for rule in (ball, ahead))
    reached = point - settings.beta * memory.velocity
    return Moment(settings.u, settings.beta, settings.step, point, reached, landings, runs)


# ------------------------------------------------------------------ the picture


def set_up(figure):
    """Draw the valley, the lane of the steep direction, and the frame of the two limits."""
    plane, (lane,) = plots.where_and_when(figure, 1)
    limits = _split(figure, lane)
    _frame(plane, lane, limits)
    return Artists(
        ground={
            "bars": [_bar(limits, method, row) for method, row in zip(METHODS, (1, 0), strict=True)],
            "ends": [limits.text(LARGEST + 0.15, row, "", va="center") for row in (1, 0)],
        },
        moving={
            **_microscope(plane),
            # The heavy ball on top: at the goal the other curve fills the frame.
            "curves": [plots.in_time(lane, method, zorder=z) for method, z in zip(METHODS, (5, 4), strict=True)],
            "cursor": lane.plot([], [], color=plots.theme().second_ink, linewidth=0.9, zorder=3)[0],
            "exits": [plots.exit_mark(lane, method) for method in METHODS],
            "present": limits.plot([], [], color=plots.theme().ink, linewidth=1.4, zorder=6)[0],
        },
    )


def _microscope(plane):
    """Return all that moves in the plane, by name."""
    look, corner = plots.theme(), {"transform": plane.transAxes}
    thin = {"color": look.second_ink, "linewidth": 0.9}
    return {
        "contours": [plane.plot([], [], color=look.contour, linewidth=0.9, zorder=1)[0] for _ in range(CONTOURS)],
        "floor": plane.plot([], [], **thin, zorder=2)[0],
        "floor_name": plane.text(FRAME - 0.03, 0, "valley floor", ha="right", va="bottom", color=look.second_ink,
                                 size=look.tick_size, clip_on=True),
        "minimum": plane.plot([], [], "+", color=look.ink, markersize=9, zorder=4)[0],
        "path": plane.plot([], [], ".-", **thin, markersize=5, zorder=2)[0],
        "memory": _arrow(plane, "-|>", color=plots.STYLES["heavy ball"].color, linewidth=4, mutation_scale=15,
                         zorder=3),
        # The second one ends at a large mark, which would hide its head.
        "gradients": [_arrow(plane, "->", color=look.ink, linewidth=1.4, mutation_scale=11, zorder=6, shrinkB=short)
                      for short in (0, 5)],
        "copy": plane.plot([], [], color=look.ink, linewidth=1.2, linestyle=(0, (2, 2)), zorder=2)[0],
        "point": plane.plot([], [], "o", color=look.ink, markersize=6, zorder=7)[0],
        "ahead": plane.plot([], [], "D", markerfacecolor=look.paper, markeredgecolor=look.ink, markersize=9,
                            zorder=5)[0],
        "landings": [_landing(plane, method) for method in METHODS],
        "step": plane.text(0.0, 1.01, "", **corner),
        "scale": plane.text(1.0, 1.01, "", ha="right", **corner),
    }  # fmt: skip


def _split(figure, lane):
    """Shorten the lane and return axes of their own below it, for the limits."""
    box, bottom = lane.get_position(), 167 / plots.HEIGHT
    lane.set_position((box.x0, bottom, box.width, box.y1 - bottom))
    return figure.add_axes((box.x0, box.y0, box.width, 66 / plots.HEIGHT))


def _frame(plane, lane, limits):
    """Say what every axis is, and name the curves and arrows."""
    plane.set(xlim=(-FRAME, FRAME), ylim=(-FRAME, FRAME), xticks=[], yticks=[])
    plane.set_xlabel("soft direction", labelpad=6)
    plane.set_ylabel("steep direction", labelpad=6)
    lane.set(xlim=(0, STEPS), ylim=SWING, yticks=[-2, -1, 0, 1, 2])
    # At the bottom, as a run that diverges is marked at the top.
    plots.name_lane(lane, "error in the steep direction").set(y=0.03, verticalalignment="bottom")
    limits.set(xlim=(0, LARGEST), ylim=(-0.6, 1.6), xticks=range(5), yticks=[])
    limits.set_xlabel("stable u of either method; the line is the present u", labelpad=1)
    arrows = (METHODS[0], "memory, beta\ntimes velocity"), (None, "lr × gradient,\nhere and at ◇")
    *curves, memory, slope = plots.key(lane.figure, [(METHODS[0], "heavy ball"), (METHODS[1], "Nesterov"), *arrows])
    for curve, method in zip(curves, METHODS, strict=True):
        curve.sample.set(marker=plots.STYLES[method].marker, markersize=8, markevery=[1])
    memory.sample.set_linewidth(5)
    slope.sample.set_linewidth(1.4)


def _arrow(axes, style, shrinkB=0, **kwargs):
    """Add an arrow to scale; `shrinkB` points are left free at its end."""
    arrow = FancyArrowPatch((0, 0), (0, 0), arrowstyle=style, shrinkA=0, shrinkB=shrinkB, **kwargs)
    if style == "->":
        arrow.set_path_effects([Stroke(linewidth=3.4, foreground=plots.theme().paper), Normal()])
    return axes.add_patch(arrow)


def _landing(axes, method):
    style, rim = plots.STYLES[method], {"markeredgecolor": plots.theme().paper, "markeredgewidth": 1.2}
    return axes.plot([], [], style.marker, color=style.color, markersize=10, zorder=8, **rim)[0]


def _bar(axes, method, row):
    """Add a bar in the method's dash, thick enough to be one."""
    style = plots.STYLES[method]
    kind = {"linestyle": "-" if style.dashes is None else (0, (1.6, 0.4)), "solid_capstyle": "butt"}
    return axes.plot([0, 0], [row, row], color=style.color, linewidth=9, zorder=3, **kind)[0]


def draw(moment, artists):
    """Move every artist to this step and say it in words."""
    _draw_plane(moment, artists)
    artists.cursor.set_data([moment.step, moment.step], SWING)
    for method, curve, mark, trajectory in zip(METHODS, artists.curves, artists.exits, moment.runs, strict=True):
        steep = trajectory.thetas[:, STEEP]
        plots.set_run(curve, steep, trajectory)
        plots.set_exit(mark, steep[: STEPS + 1], trajectory)
        gone = np.abs(steep) > 2 * SWING[1]
        if moment.u > stability_limit(method, moment.beta) and gone.any():  # it will not come back
            curve.set_data(np.arange(gone.argmax() + 1), steep[: gone.argmax() + 1])
    if all(word.get_text() for _, word in artists.exits):  # one below the other, each with its name
        for (_, word), method, y in zip(artists.exits, METHODS, (0.97, 0.88), strict=True):
            word.set(text=f"{method} {word.get_text()}", y=y)
    for bar, end, method in zip(artists.bars, artists.ends, METHODS, strict=True):
        limit = stability_limit(method, moment.beta)
        if bar.get_xdata()[1] != limit:  # else its pixels can stay
            bar.set_xdata([0, limit])
            end.set_text(f"u < {number(limit)}")
    artists.present.set_data([moment.u, moment.u], [-0.6, 1.6])
    return sentence(moment)


def _draw_plane(moment, artists):
    """Place everything as a microscope shows it that follows the step: all parts alike, to scale."""
    places = np.array([moment.point, moment.ahead, *moment.landings])
    middle, scale = (places.min(axis=0) + places.max(axis=0)) / 2, magnification(places)
    point, ahead, ball, nesterov = scale * (places - middle)
    moves = zip((artists.memory, *artists.gradients), (point, point, ahead), (ahead, point + ball - ahead, nesterov),
                strict=True)  # fmt: skip
    for arrow, start, tip in moves:
        arrow.set_positions(start, tip)
        arrow.set_visible(bool(np.hypot(*(tip - start)) > 0.02))  # else there is nothing but the head
    artists.copy.set_data(*np.transpose([ahead, ball]))
    marks = (artists.point, artists.ahead, *artists.landings)
    for mark, place in zip(marks, (point, ahead, ball, nesterov), strict=True):
        mark.set_data(*place[:, np.newaxis])
    path = moment.runs[1].thetas[: moment.step + 1]
    artists.path.set_data(*np.clip(scale * (path - middle), -plots.DRAWABLE, plots.DRAWABLE).T)
    _draw_valley(artists, middle, scale)
    artists.step.set_text(f"step {moment.step}")
    artists.scale.set_text(f"frame {number(2 * FRAME / scale)} wide")


def _draw_valley(artists, middle, scale):
    """Draw floor, minimum and contours where they lie under the microscope."""
    bottom = np.clip(-scale * middle, -plots.DRAWABLE, plots.DRAWABLE)
    artists.minimum.set_data(*bottom[:, np.newaxis])
    artists.floor.set_data([-FRAME, FRAME], bottom[[STEEP, STEEP]])
    artists.floor_name.set_y(bottom[STEEP] + 0.02)
    artists.floor_name.set_visible(bool(abs(bottom[STEEP]) < FRAME))
    # A contour is an ellipse; its half height in the steep direction is one of a fixed list at any magnification.
    sides = bottom + FRAME * np.array([[1, 1], [-1, -1]])
    far = np.hypot(*(np.abs(sides).max(axis=0) / [KAPPA**0.5, 1]))
    near = max(np.maximum(0, np.abs(bottom) - FRAME) / [KAPPA**0.5, 1])
    spacing = max(0.26, (far - near) / CONTOURS)
    radii = (np.floor(near / spacing) + np.arange(1, CONTOURS + 1)) * spacing
    angles = np.linspace(0, 2 * np.pi, 721)
    for line, radius in zip(artists.contours, radii, strict=True):
        line.set_data(bottom[SOFT] + radius * KAPPA**0.5 * np.cos(angles), bottom[STEEP] + radius * np.sin(angles))


def magnification(places):
    """Return the largest of 1, 2, 5, 10... (or 1/2, 1/5...) that keeps all places inside the frame."""
    span = np.ptp(places, axis=0).max()
    steps = 10.0 ** np.floor(np.log10(ROOM / span)) * np.array([1, 2, 5])
    return float(steps[steps * span <= ROOM * (1 + 1e-12)].max())


# ------------------------------------------------------------------ the words


def sentence(moment):
    """Say where both land, what friction Nesterov's method has, and how far each swings and bears."""
    steep, soft = (signed(polynomial("Nesterov", u, moment.beta)[1]) for u in (moment.u, moment.u / KAPPA))
    friction = f"In the steep direction Nesterov's momentum is beta (1 − u) = {steep}, in the soft one {soft}."
    return " ".join([*_landings(moment), friction, *_fates(moment)])


def _landings(moment):
    """Compare the two landings."""
    ball, nesterov = moment.landings
    if np.array_equal(moment.point, moment.ahead):
        why = "beta is 0" if moment.beta == 0 else "the velocity is still 0"
        yield f"At step {moment.step} {why}: both methods land at {signed(ball[STEEP])} in the steep direction."
        return
    here, there = ball[STEEP] - moment.ahead[STEEP], nesterov[STEEP] - moment.ahead[STEEP]
    yield (
        f"At step {moment.step} the memory leads to {signed(moment.ahead[STEEP])} in the steep direction. "
        f"The gradient here adds {signed(here)}, the one there {signed(there)}: "
        f"the heavy ball lands at {signed(ball[STEEP])}, Nesterov's method at {signed(nesterov[STEEP])}, "
        f"{number(np.linalg.norm(ball - nesterov))} apart."
    )


def _fates(moment):
    """Say how far past the minimum both runs swing, which of them converge, and whether the goal is reached."""
    limits = [stability_limit(method, moment.beta) for method in METHODS]
    stable = [moment.u < limit for limit in limits]
    bear = f"the heavy ball is stable below u = {number(limits[0])}, Nesterov's method below {number(limits[1])}."
    if all(stable):
        deepest = (trajectory.thetas[:, STEEP].min() for trajectory in moment.runs)
        ball, nesterov = (f"overshoots to {signed(low)}" if low < -1e-9 else "never overshoots" for low in deepest)
        yield f"The heavy ball {ball}, Nesterov's method {nesterov}; {bear}"
        return
    fates = [_growth(*pair) for *pair, fine in zip(METHODS, [moment] * 2, moment.runs, stable, strict=True) if not fine]
    fate = " and ".join(fates)
    yield f"{fate[0].upper()}{fate[1:]}; {bear}"
    if stable == [True, False]:
        yield "That is the goal: Nesterov's method diverges here and the heavy ball still converges."


def _growth(method, moment, trajectory):
    """Say how a run fails to converge."""
    name = "the heavy ball" if method == "heavy ball" else "Nesterov's method"
    if trajectory.diverged is not None:
        return f"{name} diverged at step {trajectory.diverged}"
    factor = rate(method, moment.u, moment.beta)
    return f"{name} grows by {number(100 * (factor - 1))} % a step" if factor > 1 + 1e-9 else f"{name} never settles"
