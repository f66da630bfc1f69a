"""The explorers of the course and some of one's own, and what tests look at in them."""

import io

import numpy as np
import pytest
from hypothesis import strategies as st
from PIL import Image

from momentum_lab import plots
from momentum_lab.explorers import CATALOGUE, own_surface
from momentum_lab.explorers.controls import Choice
from momentum_lab.explorers.own_dots import own_dots
from momentum_lab.surfaces import FromFunctions, Rosenbrock, Saddle, twelve_dots

# ------------------------------------------------------------------ surfaces and dots of one's own


def height(x, y):
    return 0.5 * x**2 + 4 * y**2 + np.sin(2 * x)


def slope(x, y):
    return x + 2 * np.cos(2 * x), 8 * y


BOX = ((-4, 4), (-2, 2))


class Tub:
    """A surface that is no `Surface`, and knows neither box, start nor minima."""

    dim = 1

    def __call__(self, theta):
        return np.abs(theta[..., 0]) ** 2.5

    def grad(self, theta):
        return 2.5 * np.abs(theta) ** 1.5 * np.sign(theta)


def entropy(x):
    return x * np.log(x) - x


OWN_SURFACES = {
    "hills": lambda: own_surface(FromFunctions(height, slope, BOX, start=[3.0, 1.5])),
    "waves": lambda: own_surface(
        FromFunctions(lambda x: x**2 - np.cos(3 * x), lambda x: 2 * x + 3 * np.sin(3 * x), ((-3, 3),), minima=[[0.0]])
    ),
    "banana": lambda: own_surface(Rosenbrock()),
    "saddle": lambda: own_surface(Saddle()),
    "tub": lambda: own_surface(Tub(), start=[-2000.0], domain=((-3000, 3000),)),
    "edge": lambda: own_surface(FromFunctions(entropy, np.log, ((0.1, 5),), start=[4.0])),
}
DOTS = twelve_dots()
YEARS = [(1990 + i, 14 + 0.02 * i + 0.1 * ((7 * i) % 5)) for i in range(30)]
CLOUD = np.random.default_rng(0).normal(3, 1, (10_000, 2))
TABLES = {"twelve": (DOTS.x, DOTS.y), "years": (YEARS,), "cloud": (CLOUD,), "negative": ([-5, -4, -3], [1e6, 2e6, 9e6])}
OWN_DOTS = {name: lambda table=table: own_dots(*table) for name, table in TABLES.items()}
EVERY = {**CATALOGUE, **OWN_SURFACES, **OWN_DOTS}
EVERY_EXPLORER = pytest.mark.parametrize("make", EVERY.values(), ids=EVERY)

# ------------------------------------------------------------------ settings


def settings_of(explorer):
    """A strategy for any setting that the controls of an explorer allow."""
    return st.fixed_dictionaries({control.name: values_of(control) for control in explorer.controls})


def values_of(control):
    if isinstance(control, Choice):
        return st.sampled_from(control.options)
    return st.integers(int(control.low), int(control.high)) if control.whole else st.floats(control.low, control.high)


def ends(control):
    """The values that must look different from one another."""
    return control.options if isinstance(control, Choice) else (control.low, control.high)


def at_share(explorer, shares):
    """Settings at a share of the way through every control, from 0 to 1: `shares` gives one a control."""
    values = {}
    for control, share in zip(explorer.controls, shares, strict=False):
        if isinstance(control, Choice):
            values[control.name] = control.options[int(share * (len(control.options) - 1) + 0.5)]
        else:
            value = control.low + share * (control.high - control.low)
            values[control.name] = round(value) if control.whole else value
    return values


# ------------------------------------------------------------------ what is shown


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=int)


def words_of(stage):
    """Every text that is shown, but for the numbers along the axes."""
    panels = stage.figure.axes
    labels = [label for axes in panels for label in (*axes.texts, axes.xaxis.label, axes.yaxis.label)]
    return [text for text in (*stage.figure.texts, *labels) if text.get_text() and text.get_visible()]


def assert_words_inside(stage):
    for text in words_of(stage):
        box = text.get_window_extent(stage.canvas.get_renderer())
        assert box.x0 >= 0 and box.x1 <= plots.WIDTH and box.y0 >= 0 and box.y1 <= plots.HEIGHT, text.get_text()


def buttons(view):
    found = {}
    for child in getattr(view, "children", ()):
        found |= buttons(child)
        if hasattr(child, "click"):
            found[child.description] = child
    return found
