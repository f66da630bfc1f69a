"""The picture of a reader's own surface: the landscape in grey with the path, and two lanes of what the run did."""

import numpy as np
from matplotlib.ticker import MaxNLocator, ScalarFormatter

from momentum_lab import plots
from momentum_lab.explorers.stage import Artists

STEPS, FINE, LEVELS = 200, 121, 9  # steps there is room for; points of the grid a side; contours
METHODS = ("gradient descent", "heavy ball", "Nesterov", "Adam")
POWERS = {1e-8: "10⁻⁸", 1e-4: "10⁻⁴", 1: "1", 100: "100"}


def set_up(figure, land):
    """Draw the landscape, and the frames of the two lanes; their limits fit the box and then stay."""
    where, (height, way) = plots.where_and_when(figure, 2)
    heights = _profile(where, land) if len(land.start) == 1 else _contours(where, land)
    height.set(xlim=(0, STEPS), ylim=_height_limits(heights, land.first_height))
    _few_numbers(height.yaxis, 4)
    height.ticklabel_format(axis="y", scilimits=(-3, 5))
    plots.name_lane(height, "height f")
    plots.log_scale(way, (1e-10, 300), POWERS)
    # At the bottom, as a run that diverges is marked at the top.
    what = "distance from the minimum" if len(land.minima) else "slope"
    plots.name_lane(way, f"{what}, share of its start").set(y=0.04, verticalalignment="bottom")
    (entry,) = plots.key(figure, [("heavy ball", "heavy ball")])
    return Artists(
        moving={
            "name": entry.name,
            "sample": entry.sample,
            "paths": [_path(where, m) for m in METHODS],
            "start": where.plot([], [], "o", color=plots.theme().ink, markerfacecolor=plots.theme().paper,
                                markersize=7, zorder=6)[0],
            "end": where.plot([], [], "o", color=plots.theme().ink, markersize=6, zorder=7)[0],
            "curves": [[plots.in_time(lane, m, zorder=4) for m in METHODS] for lane in (height, way)],
            "exits": [[plots.exit_mark(lane, m) for m in METHODS] for lane in (height, way)],
        },
    )  # fmt: skip


def _path(axes, method):
    """Return a thin path with small marks and no halo, which would hide the marks before."""
    path = plots.in_plane(axes, method, zorder=4)
    path.set(path_effects=[], linewidth=1.2, markersize=4, markeredgewidth=1.2 if method == METHODS[0] else 0)
    return path


def _few_numbers(axis, most):
    axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(ScalarFormatter(useMathText=False))


def _contours(axes, land):
    """Draw contours, a like part of the box between any two of them, start and minima; return the heights."""
    look, (low, high) = plots.theme(), (land.low, land.high)
    sides = [np.linspace(*ends, FINE) for ends in zip(low, high, strict=True)]
    x, y = np.meshgrid(*sides)
    with np.errstate(all="ignore"):
        heights = np.asarray(land.surface(np.stack([x, y], axis=-1)), dtype=float)
    heights[~np.isfinite(heights)] = np.nan
    levels = np.unique(np.nanquantile(heights, np.linspace(0.02, 0.97, LEVELS)))
    if np.ptp(levels) > 0:
        axes.contour(x, y, heights, levels=levels, colors=look.contour, linewidths=0.9, linestyles="solid", zorder=1)
    axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    axes.set_xlabel("x", labelpad=2)
    plots.name_lane(axes, "height f(x, y)")
    _marks(axes, land.minima)
    return heights[np.isfinite(heights)]


def _profile(axes, land):
    """Draw the height over the one coordinate, start and minima; return the heights."""
    x = np.linspace(land.low[0], land.high[0], 400)
    with np.errstate(all="ignore"):
        heights = np.asarray(land.surface(x[:, np.newaxis]), dtype=float)
    heights[~np.isfinite(heights)] = np.nan
    axes.plot(x, heights, color=plots.theme().contour, linewidth=5, zorder=1)
    seen = heights[np.isfinite(heights)]
    room = 0.12 * np.ptp(seen) or 1.0
    axes.set(xlim=(x[0], x[-1]), ylim=(seen.min() - room, seen.max() + room))
    axes.set_xlabel("x", labelpad=2)
    plots.name_lane(axes, "height f(x)")
    bottoms = np.column_stack([land.minima, land.surface(land.minima)]) if len(land.minima) else ()
    _marks(axes, bottoms)
    return seen


def _marks(axes, minima):
    """Draw a plus at every known minimum, and say what the marks mean."""
    look = plots.theme()
    axes.ticklabel_format(scilimits=(-3, 5))
    for axis in (axes.xaxis, axes.yaxis):
        _few_numbers(axis, 5)
    for x, y in minima:
        axes.plot(x, y, "+", color=look.ink, markersize=13, zorder=3)
    left = (plots.WIDTH - plots.LABELS + plots.GAP) / plots.WIDTH
    words = "○ start\n● end" + ("\n+ minimum" if len(minima) else "")
    axes.get_figure().text(left, 0.68, words, va="top", size=look.tick_size, linespacing=1.5)


def _height_limits(heights, first):
    """Return limits that show the start, or a tenth of the landscape, with room for the name of the lane."""
    low, high = min(heights.min(), first), max(np.quantile(heights, 0.1), first)
    room = (high - low) or 1.0
    return low - 0.06 * room, high + 0.4 * room


def draw(walk, artists):
    """Move the path and both curves to a run, in the colours of its method."""
    row, trajectory = METHODS.index(walk.method), walk.trajectory
    plots.dress(artists.sample, walk.method)
    artists.name.set_text(walk.method.replace(" ", "\n", 1) if walk.method == METHODS[0] else walk.method)
    seen = trajectory.thetas if trajectory.diverged is None else trajectory.thetas[: trajectory.diverged + 1]
    points = _points(seen, trajectory.losses[: len(seen)])
    artists.start.set_data(points[:1, 0], points[:1, 1])
    artists.end.set_data(points[-1:, 0], points[-1:, 1])
    for number, path in enumerate(artists.paths):
        path.set_visible(number == row)
        if number == row:
            path.set_data(*points.T)
    for lane, exits, series in zip(artists.curves, artists.exits, (trajectory.losses, way(walk)), strict=True):
        for number, (curve, mark) in enumerate(zip(lane, exits, strict=True)):
            curve.set_visible(number == row)
            for part in mark:
                part.set_visible(number == row)
            if number == row:
                plots.set_run(curve, series, trajectory)
                plots.set_exit(mark, series, trajectory)


def _points(thetas, heights):
    """Return the places of a run in the picture, shape (steps + 1, 2); what is not a number is not drawn."""
    points = np.column_stack([thetas, heights]) if thetas.shape[1] == 1 else thetas
    return np.clip(points, -plots.DRAWABLE, plots.DRAWABLE)


def way(walk):
    """Return what the lower lane shows: distance from the nearest minimum, or slope, as a share of its start."""
    series = walk.distances if len(walk.land.minima) else walk.slopes
    with np.errstate(all="ignore"):
        return series / series[0]
