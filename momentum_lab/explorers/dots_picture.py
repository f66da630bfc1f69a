"""The picture of every race on the dots: dots with a line a run, and three lanes of what each run did.

The lanes show the two parts of the distance, across the valley and along it, and the loss.  Row 0 of the
runs is gradient descent.
"""

import numpy as np

from momentum_lab import plots
from momentum_lab.words import number

FLAT_LINE = [0.0, 0.0]  # intercept and slope of the line y = 0
HEIGHTS = (-4.0, 10.0)
VIEW = (-4.1, 2.1)  # of x - offset: the dots stay where they are when the origin moves
ACROSS_LIMIT = 4.6


def frame(figure, steps, *, along, loss, powers):
    """Draw the axes and name the lanes.

    Parameters
    ----------
    figure : Figure
    steps : int
        How far time goes.
    along, loss : (float, float)
        Ends of these two lanes.
    powers : dict
        The numbers on the axis of the loss, and how they are written.

    Returns
    -------
    tuple
        The axes of the dots, and the three lanes.
    """
    dots, lanes = plots.where_and_when(figure, 3)
    dots.set(xlim=VIEW, ylim=HEIGHTS, xticks=[])
    dots.set_xlabel("x", labelpad=16)
    lanes[0].set(xlim=(0, steps), ylim=(-ACROSS_LIMIT, ACROSS_LIMIT), yticks=[-4, 0, 4])
    lanes[1].set(ylim=along, yticks=[0, 1])
    plots.log_scale(lanes[2], loss, powers)
    for lane, text in zip(lanes, ("across the valley", "along the valley", "loss, share of its start"), strict=True):
        plots.name_lane(lane, text)
    return dots, lanes


def problem_artists(dots):
    """Return what belongs to the problem, by name, for the ground of the picture."""
    look = plots.theme()
    return {
        "best": dots.plot([], [], color=look.ink, linewidth=0.9, zorder=2)[0],
        "origin": dots.plot([], [], **_thin(), zorder=1)[0],
        "ticks": [plots.tick_label(dots) for _ in range(4)],
        # Above the frame, where no line passes.
        "step": dots.text(0.0, 1.01, "", transform=dots.transAxes),
        "kappa": dots.text(1.0, 1.01, "", transform=dots.transAxes, ha="right"),
    }


def run_artists(dots, lanes, methods, heights):
    """Return what moves with the runs, by name: one row a method in `lines` and in every lane's `curves`.

    `heights` says which curves lie on top where two meet: one number a method, the highest on top.
    """
    return {
        "dots": dots.plot([], [], "o", color=plots.theme().ink, markersize=5, zorder=5)[0],
        "lines": [plots.in_time(dots, method, zorder=4) for method in methods],
        "curves": [[plots.in_time(lane, m, zorder=z) for m, z in zip(methods, heights, strict=True)] for lane in lanes],
        "cursors": [lane.plot([], [], **_thin(), zorder=3)[0] for lane in lanes],
    }


def _thin():
    return {"color": plots.theme().second_ink, "linewidth": 0.9}


# ------------------------------------------------------------------ moving it


def place_problem(artists, surface):
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


def place_run(artists, row, trajectory, step):
    """Show one run in its row: its line at a step, and its three curves."""
    intercept, slope = trajectory.thetas[step]
    ends = trajectory.surface.x.mean() + np.array(VIEW)
    artists.lines[row].set_visible(trajectory.diverged is None or step <= trajectory.diverged)
    artists.lines[row].set_data(VIEW, np.clip(intercept + slope * ends, -plots.DRAWABLE, plots.DRAWABLE))
    along, across = swings(trajectory)
    for lane, series in zip(artists.curves, (across, along, shares(trajectory)), strict=True):
        lane[row].set_visible(True)
        plots.set_run(lane[row], series, trajectory)


def hide_run(artists, row):
    """Hide a row that has no run at present."""
    for line in (artists.lines[row], *(lane[row] for lane in artists.curves)):
        line.set_visible(False)


def place_step(artists, step):
    """Say which step's lines are drawn, and mark it in the lanes."""
    for cursor in artists.cursors:
        cursor.set_data([step, step], [-1e9, 1e9])
    artists.step.set_text(f"step {step}")


# ------------------------------------------------------------------ what the lanes show


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


def climb(series):
    """Return the step of the highest value, or None if a series never rises visibly above its start."""
    peak = int(np.argmax(series))
    return peak if series[peak] > 1.005 * series[0] else None
