"""Before the race: a still of the dots and of the line everybody starts from."""

import numpy as np

from momentum_lab import pictures, plots
from momentum_lab.explorers.dots_race import FLAT_LINE
from momentum_lab.surfaces import twelve_dots
from momentum_lab.words import number

VIEW = (-0.5, 5.0)


def dots_still():
    """Return a still picture of the twelve dots and the flat line."""
    return pictures.Still(_set_up)


def _set_up(figure):
    dots, look = twelve_dots(), plots.theme()
    axes = plots.wide(figure)
    axes.set(xlim=VIEW, ylim=(-1.0, 6.0), xlabel="x", ylabel="y")
    axes.plot(dots.x, dots.y, "o", color=look.ink, markersize=6)
    axes.plot(VIEW, [0.0, 0.0], color=look.ink, linewidth=1.4)
    axes.annotate("the flat line, your start", (3.2, 0.12), color=look.ink)
    return (
        f"Twelve dots between x = {number(dots.x.min())} and x = {number(dots.x.max())} rise from the lower left to "
        f"the upper right. The flat line y = 0 runs below all of them: the loss there is "
        f"{number(dots(np.array(FLAT_LINE)))}, and the best line's is {number(dots.lowest)}."
    )
