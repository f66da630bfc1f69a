"""A surface of one's own: the check of its gradient, and the laws of all explorers."""

import math
import re

import numpy as np
import pytest
from explorer_samples import BOX, OWN_SURFACES, Tub, buttons, height, slope
from hypothesis import given
from hypothesis import strategies as st

from momentum_lab import plots, surfaces
from momentum_lab.explorers import own_surface
from momentum_lab.explorers.controls import Scale
from momentum_lab.explorers.own_surface import RULES as METHODS
from momentum_lab.explorers.panel import Panel
from momentum_lab.optimizers import RULES, HeavyBall
from momentum_lab.running import run
from momentum_lab.slips import Slip
from momentum_lab.surfaces import FromFunctions, Rosenbrock, Surface, check_gradient
from momentum_lab.words import number

# ------------------------------------------------------------------ what it says


def test_the_sentence_says_what_the_library_computes():
    hills = FromFunctions(height, slope, BOX, start=[3.0, 1.5])
    walk = run(HeavyBall(0.05, 0.8), hills, [2.0, 1.0], 90)
    text = own_surface(hills, [2.0, 1.0]).set(lr=0.05, beta=0.8, steps=90).sentence
    assert f"From (2, 1), at height {number(height(2, 1))}, 90 steps of the heavy ball (lr 0.05, beta 0.8)" in text
    assert f"The height there is {number(walk.losses[-1]).replace('-', '−')}" in text
    slopes = np.linalg.norm(hills.grad(walk.thetas), axis=1)
    since = np.flatnonzero(slopes > 0.01 * slopes[0])[-1] + 1
    assert f"The slope stays below a hundredth of its start from step {since} on." in text


def test_divergence_a_fall_without_end_and_an_undefined_place_are_told_in_words():
    assert "the run diverged at step 6. A learning rate below 2 is" in OWN_SURFACES["hills"]().set(lr=2).sentence
    assert "there seems to be no lowest place that way." in OWN_SURFACES["saddle"]().sentence
    edge = OWN_SURFACES["edge"]()
    text = edge.set(method="gradient descent", lr=edge.controls[1].high).sentence
    assert "there the run had to end, as the next gradient is not a number. It stood at x = " in text
    pit = FromFunctions(lambda x: x - np.log(x), lambda x: 1 - 1 / x, ((0.1, 5),), start=[4.0])
    text = own_surface(pit, lr=9.0).set(method="gradient descent").sentence
    assert "Some height on the way is no number: your function is not defined there." in text


def test_distances_are_measured_where_minima_are_known():
    far = OWN_SURFACES["waves"]().set(lr=1.0, beta=0.95, steps=60).sentence
    assert "times as far from the nearest lowest point as at the start" in far
    assert "of its starting distance left." in OWN_SURFACES["banana"]().sentence
    assert "It stays within a hundredth of its starting distance from the nearest lowest point from step" in (
        OWN_SURFACES["waves"]().sentence
    )


def test_every_rule_runs_on_a_surface_of_ones_own():
    hills = FromFunctions(height, slope, BOX)
    for rule in RULES:
        walk = run(rule(0.01), hills, hills.start, 30)
        assert walk.losses[-1] < walk.losses[0]
    assert set(METHODS) == set(plots.STYLES) & {rule.name for rule in RULES} - {"RMSProp", "AdaGrad"}


# ------------------------------------------------------------------ the check of the gradient

OURS = [
    surfaces.Beale(), surfaces.DoubleWell(), surfaces.Himmelblau(), surfaces.Lessard(), surfaces.MonkeySaddle(),
    surfaces.Plateau(), surfaces.Quadratic([1.0, 1000.0]), surfaces.Ravine(), surfaces.Rosenbrock(), surfaces.Saddle(),
    surfaces.TiltedRavine(), surfaces.twelve_dots(),
]  # fmt: skip


@pytest.mark.parametrize("surface", OURS, ids=lambda s: type(s).__name__)
def test_the_surfaces_of_the_course_pass(surface):
    check_gradient(surface)


@pytest.mark.parametrize("factor", [1e-3, 1.0, 1e6])
@given(width=st.floats(0.1, 100), wrong=st.sampled_from([-1.0, 0.5, 0.9, 0.999, 1.001, 2.0]))
def test_a_wrong_factor_is_found_at_any_scale_and_a_right_gradient_never_refused(factor, width, wrong):
    def value(x, y):
        return factor * (np.cosh(x / width) + (x / width) * (y / width))

    def grad(x, y, share=1.0):
        return factor / width * (np.sinh(x / width) + y / width), share * factor / width * x / width

    box = ((-width, 2 * width), (-width, width))
    FromFunctions(value, grad, box)
    with pytest.raises(Slip, match=r"^The gradient is wrong in coordinate 2 \(y\) at \("):
        FromFunctions(value, lambda x, y: grad(x, y, wrong), box)


@pytest.mark.parametrize(
    ("value", "grad", "domain", "words"),
    [
        (height, lambda x, y: (x, 8 * y), BOX, "wrong in coordinate 1 (x) at ("),
        (height, lambda x, y: (-x - 2 * np.cos(2 * x), 8 * y), BOX, "its sign is the other way round."),
        (height, lambda x, y: (x + 2 * np.cos(2 * x), 16 * y), BOX, "so it is 2 times what it should be."),
        (height, lambda x, y: (8 * y, x + 2 * np.cos(2 * x)), BOX, "wrong in coordinate 1"),
        (height, lambda x, y: x, BOX, "grad(x, y) must return 2 slopes"),
        (height, lambda x, y: None, BOX, "grad(x, y) must return 2 slopes"),
        (lambda x, y: math.sin(x) + y, slope, BOX, "write np.sin for math.sin, and np.where for if."),
        (lambda x, y: x if x > 0 else y, slope, BOX, "and np.where for if."),
        (lambda x, y: None, slope, BOX, "must return one number a point; it returned None"),
        (height, lambda x, y: (x, "y"), BOX, "must return one number a point in each slope; it returned 'y'"),
        (height, lambda x, y: (x, None), BOX, "must return one number a point in each slope; it returned None"),
        (height, lambda x, y: (x, np.zeros(5)), BOX, "it returned an array of shape (5,)"),
        (height, lambda x, y: (1j * x, 8 * y), BOX, "it returned complex numbers of shape (12,)"),
        (lambda x, y: 1j * x, slope, BOX, "it returned complex numbers of shape (12,)"),
        (None, slope, BOX, "value is a function of the coordinates; this is None."),
        (height, "slope", BOX, "grad is a function of the coordinates; this is 'slope'."),
        (lambda x: x**2, lambda x: 2 * x, BOX, "it gets one array a coordinate"),
        (lambda x, y: np.log(x) + y, lambda x, y: (1 / x, 1 + 0 * y), BOX, "is no finite number; choose a domain"),
        (height, slope, ((-4, 4), (2, -2)), "The domain is a (low, high) pair a coordinate"),
        (height, slope, (-4, 4), "The domain is a (low, high) pair a coordinate"),
        (height, slope, "box", "The domain is a (low, high) pair a coordinate"),
    ],
)
def test_what_does_not_fit_is_told_in_one_sentence(value, grad, domain, words):
    with pytest.raises(Slip, match=re.escape(words)) as slip:
        FromFunctions(value, grad, domain)
    assert "\n" not in str(slip.value)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"start": [[1.0], [2.0, 3.0]]}, "start is made of real numbers, in rows of one length"),
        ({"start": "here"}, "start is made of real numbers"),
        ({"minima": "there"}, "minima is made of real numbers"),
        ({"minima": [[0, 0], [1]]}, "minima is made of real numbers"),
        ({"minima": [[1j, 0]]}, "minima is made of real numbers"),
        ({"minima": [[np.nan, 0]]}, "The minima are a list of points with 2 coordinates each"),
    ],
)
def test_a_bad_start_or_minimum_is_told_in_one_sentence(options, words):
    with pytest.raises(Slip, match=words):
        FromFunctions(height, slope, BOX, **options)


def test_a_class_that_looks_at_the_first_point_instead_of_the_first_coordinate_is_told():
    class Confused(Tub):
        def __call__(self, theta):
            return theta[0] ** 2

    with pytest.raises(Slip, match=re.escape("write theta[..., 0] for the first coordinate, not theta[0].")):
        check_gradient(Confused(), ((-1, 1),))


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        ((Tub(),), {}, "does not say where to look; give domain="),
        ((Tub(),), {"domain": ((-1, 1),)}, "does not say where to start; give start="),
        ((Tub(), [1.0, 2.0]), {"domain": ((-1, 1),)}, "the last axis of the start has length 1"),
        ((Tub(), [1]), {"domain": ((-1, 1),)}, "The start holds whole numbers"),
        ((Tub(), [0.0]), {"domain": ((-1, 1),)}, "At the start, x = 0, the gradient is 0, so nothing would move."),
        ((Tub(), [1.0]), {"domain": BOX}, "The domain has 2 pairs, and the surface 1 coordinates."),
        ((Tub,), {}, "A surface has __call__, grad and dim"),
        ((height,), {}, "A surface has __call__, grad and dim"),
        ((Rosenbrock(), [[1.0, 2.0]]), {}, "This picture shows one start, a list of 2; the shape given is (1, 2)."),
        ((surfaces.Quadratic([1.0, 2.0, 3.0]),), {}, "one or two coordinates can be drawn; this one has 3."),
        ((Rosenbrock(),), {"lr": 0.0}, "lr, the learning rate at rest, is a number above 0; this is 0.0."),
    ],
)
def test_what_cannot_be_shown_is_told_in_one_sentence(arguments, options, words):
    with pytest.raises(Slip, match=re.escape(words)):
        own_surface(*arguments, **options)


def test_what_a_class_of_ones_own_lacks_is_told():
    class Bare(Tub):
        minima = None

    class Stiff(Tub):
        grad = np.zeros(1)

    with pytest.raises(Slip, match=r"The domain is a .* pair a coordinate"):
        check_gradient(Tub())
    with pytest.raises(Slip, match="A surface has __call__, grad and dim, a whole number"):
        check_gradient(Stiff(), ((-1, 1),))
    assert own_surface(Bare(), [1.0], domain=((-1, 1),)).sentence


def test_more_coordinates_than_can_be_drawn_can_still_be_run():
    def grad(a, b, c, d):
        return 2 * a, 2 * b, 2 * c, 2 * d

    box = ((-1, 1),) * 4
    bowl = FromFunctions(lambda a, b, c, d: a * a + b * b + c * c + d * d, grad, box)
    assert run(HeavyBall(0.1), bowl, bowl.start, 50).losses[-1] < bowl(bowl.start)
    with pytest.raises(Slip, match=r"wrong in coordinate 4 at \(.*so it is 2 times what it should be"):
        FromFunctions(bowl._value, lambda a, b, c, d: (2 * a, 2 * b, 2 * c, 4 * d), box)


def test_constants_single_points_and_batches():
    plane = FromFunctions(lambda x, y: x + 2 * y, lambda x, y: (1, 2), ((0, 1), (0, 1)))
    assert plane(np.array([1.0, 1.0])) == 3.0 and plane.lowest is None and isinstance(plane, Surface)
    assert plane.grad(np.zeros((3, 4, 2))).shape == (3, 4, 2)
    assert plane.grad(np.zeros(2, np.float32)).dtype == np.float32
    assert FromFunctions(lambda x: 0 * x + 3.0, lambda x: 0, ((0, 1),)).grad(np.ones((5, 1))).shape == (5, 1)
    with pytest.raises(Slip, match="The minima are a list of points with 2 coordinates each"):
        FromFunctions(height, slope, BOX, minima=[1.0])


# ------------------------------------------------------------------ a slider over powers of ten


def test_a_slider_of_powers_of_ten_goes_from_notch_to_notch():
    scale = Scale("lr", "learning rate", 0.02, 1e-5, 0.8, 0.02)
    last = scale.notch(scale.high)
    assert [scale.notch(scale.at(n)) for n in range(last + 1)] == list(range(last + 1))
    assert scale.at(0) == scale.low and scale.at(last + 1) == scale.high
    assert scale.at(scale.notch(0.02)) == pytest.approx(0.02, rel=0.03)


def test_a_slider_of_powers_of_ten_in_a_panel():
    explorer = OWN_SURFACES["hills"]()
    shown = Panel(explorer)
    row = shown.rows[1]
    row.slider.value = row.quantity.notch(0.2)
    assert explorer.settings["lr"] == pytest.approx(0.2, rel=0.03) and "lr 0.2" in shown.caption.value
    row.box.value = "0,05"
    assert explorer.settings["lr"] == 0.05 and row.slider.value == row.quantity.notch(0.05)
    buttons(shown.view)["Adam"].click()
    assert "of Adam (lr 0.05, beta 0.9)" in shown.caption.value
