"""How the course draws: landscapes are grey, methods have colour.

Everything neutral (paper, ink, grid, dots) comes from a `Theme`.  A coloured mark is always a method
or the reader, and it never differs by colour alone: in time the dash names the method, in the plane
the marker does.  Pictures are 900 x 400 px, made by five templates with the same margins.

Nothing here touches pyplot, so no figure is ever left open; and all drawing happens under our own
settings, so a learner's matplotlibrc cannot change a picture.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import Normal, Stroke
from matplotlib.text import Text

from momentum_lab.slips import Slip

WIDTH, HEIGHT, DPI = 900, 400, 100
LEFT, BOTTOM, TOP = 50, 45, 18  # margins in px, the same in every picture
SQUARE, LANE, LABELS, GAP = 337, 360, 110, 14
DRAWABLE = 1e12  # no frame of the course shows numbers larger than this


@dataclass(frozen=True)
class Theme:
    """The neutral colours of one theme, the size of type, and how large pictures are shown.

    `ink` on `paper` has a contrast of 17 : 1 (light) and 16 : 1 (dark), `second_ink` at least 7 : 1.
    """

    paper: str
    ink: str
    second_ink: str
    grid: str
    contour: str
    label_size: float = 10.0
    tick_size: float = 9.0
    magnification: int = 1


LIGHT = Theme(paper="#FFFFFF", ink="#1A1A1A", second_ink="#595959", grid="#E6E6E6", contour="#CBD0D6")
DARK = Theme(paper="#111111", ink="#EDEDED", second_ink="#A6A6A6", grid="#2C2C2C", contour="#3A3D42")
THEMES = {"light": LIGHT, "dark": DARK}


@dataclass(frozen=True)
class Style:
    """How one method looks: colour, dash in time, marker in the plane.

    `dashes` are on and off lengths in units of the line width; None is a solid line.
    """

    color: str
    dashes: tuple | None
    width: float
    marker: str


STYLES = {
    "gradient descent": Style("#686A6E", (2.2, 1.4), 1.8, "|"),
    "heavy ball": Style("#116EFA", None, 2.4, "o"),
    "Nesterov": Style("#EB470B", (7, 2.2), 2.4, "D"),
    "Adam": Style("#4BA172", (8, 2, 1.5, 2), 2.4, "s"),
    "you": Style("#D45EC2", (0.6, 1.8), 2.4, "*"),
    "RMSProp": Style("#BD2A43", (7, 2, 1, 2, 1, 2), 2.4, "^"),
    "AdaGrad": Style("#A58E3E", (4, 1.5), 2.4, "v"),
    "guest": Style("#186C85", (11, 3), 2.4, "p"),
}
"""One style a method.  "you" is the reader's prediction, "guest" a method that visits one panel."""

_current = LIGHT


def use_theme(name, projector=False):
    """Choose "light" or "dark" for the pictures made from now on.

    With `projector`, pictures are twice as large, 1800 px wide, type and lines too: for the last row of a room.
    """
    global _current
    if name not in THEMES:
        raise Slip(f'There are two themes, "light" and "dark"; {name!r} is not one of them.')
    _current = replace(THEMES[name], magnification=2 if projector else 1)


def theme():
    """Return the theme in use."""
    return _current


def settings(look=None):
    """Return the drawing settings of a theme (the one in use if left out), as a context manager."""
    look = look or _current
    ours = {
        "font.family": "DejaVu Sans",  # comes with matplotlib, so every machine draws the same letters
        "font.size": look.label_size,
        "axes.labelsize": look.label_size,
        "xtick.labelsize": look.tick_size,
        "ytick.labelsize": look.tick_size,
        "figure.facecolor": look.paper,
        "axes.facecolor": look.paper,
        "axes.edgecolor": look.second_ink,
        "axes.labelcolor": look.ink,
        "axes.linewidth": 0.8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "axes.unicode_minus": True,
        "grid.color": look.grid,
        "grid.linewidth": 0.8,
        "text.color": look.ink,
        "xtick.color": look.second_ink,
        "ytick.color": look.second_ink,
        "lines.dash_capstyle": "butt",
        "lines.solid_capstyle": "round",
    }
    # From matplotlib's own defaults, so that nothing of the learner's configuration is left.
    defaults = {k: v for k, v in mpl.rcParamsDefault.items() if k not in ("backend", "backend_fallback")}
    return mpl.rc_context({**defaults, **ours})


# ------------------------------------------------------------------ the five templates


def blank():
    """Return an empty 900 x 400 px figure in the theme's paper; in projector mode it has twice as many pixels."""
    return Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI * _current.magnification)


def where_and_when(figure, lanes):
    """Square picture on the left, `lanes` time lanes on the right: (axes, [axes, ...])."""
    where = _axes(figure, LEFT, BOTTOM, SQUARE, HEIGHT - BOTTOM - TOP)
    return where, _stack(figure, LEFT + SQUARE + LEFT, LANE, lanes)


def pair_and_when(figure, lanes):
    """Two small panels in the place of the square, `lanes` time lanes on the right: ([axes, axes], [axes, ...])."""
    height = (HEIGHT - 2 * BOTTOM - TOP) / 2
    panels = [_axes(figure, LEFT, bottom, SQUARE, height) for bottom in (2 * BOTTOM + height, BOTTOM)]
    return panels, _stack(figure, LEFT + SQUARE + LEFT, LANE, lanes)


def map_and_run(figure):
    """Square map on the left, one lane on the right: (axes, axes)."""
    where, (run,) = where_and_when(figure, 1)
    return where, run


def lanes(figure, count):
    """Two or three lanes over one time axis, full width: [axes, ...]."""
    return _stack(figure, LEFT, WIDTH - LEFT - LABELS - GAP, count)


def wide(figure):
    """One panel, full width: axes."""
    return lanes(figure, 1)[0]


def _axes(figure, left, bottom, width, height, **kwargs):
    return figure.add_axes((left / WIDTH, bottom / HEIGHT, width / WIDTH, height / HEIGHT), **kwargs)


def _stack(figure, left, width, count):
    """Axes above one another that share the time axis; only the lowest one says its numbers."""
    height = (HEIGHT - BOTTOM - TOP - GAP * (count - 1)) / count
    stack = []
    for row in range(count):
        bottom = HEIGHT - TOP - height - row * (height + GAP)
        axes = _axes(figure, left, bottom, width, height, sharex=stack[0] if stack else None)
        axes.tick_params(labelbottom=row == count - 1)
        stack.append(axes)
    stack[-1].set_xlabel("step", labelpad=2)
    return stack


# ------------------------------------------------------------------ marks


def in_time(axes, method, **kwargs):
    """Add an empty curve in the method's colour and dash; give it data with `set_data`."""
    return dress(_haloed(axes, STYLES[method], **kwargs), method)


def in_plane(axes, method, **kwargs):
    """Add an empty path with one mark of the method a step; give it data with `set_data`."""
    style = STYLES[method]
    return _haloed(axes, style, linestyle="-", marker=style.marker, markersize=5, **kwargs)


def dress(line, method):
    """Give a line the colour, width and dash that a method has in time; return the line."""
    style = STYLES[method]
    line.set(color=style.color, linewidth=style.width, linestyle="-" if style.dashes is None else (0, style.dashes))
    return line


def _haloed(axes, style, **kwargs):
    """A coloured line with a rim of paper, so that it stays readable over everything it crosses."""
    (line,) = axes.plot([], [], color=style.color, linewidth=style.width, **kwargs)
    line.set_path_effects([Stroke(linewidth=style.width + 2.6, foreground=_current.paper), Normal()])
    return line


def name_lane(axes, text):
    """Write in the upper right corner what a lane shows: runs begin on the left."""
    return axes.text(
        0.988, 0.97, text, transform=axes.transAxes, ha="right", va="top", size=_current.tick_size,
        color=_current.second_ink, bbox={"facecolor": _current.paper, "edgecolor": "none", "pad": 1.0},
    )  # fmt: skip


def log_scale(axes, limits, ticks):
    """Make the y axis logarithmic, with these limits and no other ticks than these: {number: how it is written}."""
    axes.set(yscale="log", ylim=limits, yticks=list(ticks), yticklabels=list(ticks.values()))
    axes.minorticks_off()


class Entry(NamedTuple):
    """One curve of a key: its name, and the sample of its line, both of which a drawing may change."""

    name: Text
    sample: Line2D


def key(figure, entries):
    """Name the curves in ink at the right edge, a 40 px sample of its line above each name.

    Parameters
    ----------
    figure : Figure
    entries : list of (method, text)
        From top to bottom; the method None is a thin line in ink.

    Returns
    -------
    list of Entry
    """
    made, left = [], WIDTH - LABELS + GAP
    for row, (method, text) in enumerate(entries):
        y = HEIGHT - TOP - 8 - 74 * row
        ends = [left / WIDTH, (left + 40) / WIDTH], [y / HEIGHT, y / HEIGHT]
        sample = figure.add_artist(Line2D(*ends, color=_current.ink, linewidth=0.9))
        if method:
            dress(sample, method)
        name = figure.text(left / WIDTH, (y - 8) / HEIGHT, text, va="top", size=_current.tick_size, linespacing=1.3)
        made.append(Entry(name, sample))
    return made


def set_run(line, series, trajectory):
    """Give a line the series of a run, one number a step, cut where the run diverged."""
    end = len(series) if trajectory.diverged is None else trajectory.diverged + 1
    line.set_data(np.arange(end), np.clip(series[:end], -DRAWABLE, DRAWABLE))


def exit_mark(axes, method):
    """Add the mark of a run that diverges: an arrowhead at the frame, the word and the step."""
    (arrow,) = axes.plot([], [], linestyle="", marker="^", markersize=9, color=STYLES[method].color, clip_on=False)
    arrow.set_zorder(6)
    word = axes.text(
        0, 0, "", transform=axes.get_xaxis_transform(), size=_current.tick_size, color=_current.ink, va="top", zorder=6,
        bbox={"facecolor": _current.paper, "edgecolor": "none", "pad": 1.0},
    )  # fmt: skip
    return arrow, word


def set_exit(mark, series, trajectory):
    """Place an exit mark where `series` leaves the frame upwards, or hide it if the run did not diverge."""
    arrow, word = mark
    top = arrow.axes.get_ylim()[1]
    outside = ~(series < top)
    if trajectory.diverged is None or not outside.any():
        arrow.set_data([], [])
        word.set_text("")
        return
    step, last = int(np.argmax(outside)), len(series) - 1
    arrow.set_data([step], [top])
    word.set_text(f"diverged, step {trajectory.diverged}")
    left = step > 0.6 * last  # keep the word inside the frame
    word.set_position((step + (-0.03 if left else 0.03) * last, 0.97))
    word.set_horizontalalignment("right" if left else "left")


def tick_label(axes):
    """Add a number under the x axis that can be moved, for an axis whose origin moves."""
    return axes.text(
        0, -0.02, "", transform=axes.get_xaxis_transform(), ha="center", va="top",
        size=_current.tick_size, color=_current.second_ink,
    )  # fmt: skip


def set_tick_label(label, number, x):
    """Write a whole number under the place x of the axis; None hides the label."""
    label.set_text("" if number is None else f"{int(number)}".replace("-", "−"))
    label.set_x(0 if x is None else x)
