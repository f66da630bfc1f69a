import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from momentum_lab.slips import Slip
from momentum_lab.surfaces import OFFSET, LineFit, Quadratic, twelve_dots

SURFACES = [
    Quadratic([0.5, 3.0], [1.0, -2.0], 4.0),
    Quadratic([[2.0, 1.0], [1.0, 3.0]]),
    twelve_dots(),
    twelve_dots(7.0),
]


@pytest.mark.parametrize("surface", SURFACES)
@given(theta=arrays(float, 2, elements=st.floats(-5, 5)))
def test_the_gradient_is_the_slope(surface, theta):
    h = 1e-5
    slopes = [(surface(theta + h * e) - surface(theta - h * e)) / (2 * h) for e in np.eye(2)]
    scale = surface.eigenvalues[-1] * 10
    np.testing.assert_allclose(surface.grad(theta), slopes, rtol=1e-6, atol=1e-7 * scale)


@pytest.mark.parametrize("surface", SURFACES)
def test_the_minimum_is_the_lowest_point(surface):
    np.testing.assert_allclose(surface.grad(surface.minimum), 0, atol=1e-12)
    assert surface(surface.minimum) == pytest.approx(surface.lowest)
    around = surface.minimum + np.random.default_rng(1).normal(size=(50, 2))
    assert (surface(around) > surface.lowest).all()
    assert all(low < m < high for (low, high), m in zip(surface.domain, surface.minimum, strict=True))


def test_batches_of_points():
    theta = np.random.default_rng(2).normal(size=(3, 4, 2))
    for surface in SURFACES:
        assert surface(theta).shape == (3, 4)
        assert surface.grad(theta).shape == surface.parts(theta).shape == (3, 4, 2)


def test_the_dots_make_a_valley_of_condition_number_one_hundred():
    dots = twelve_dots()
    np.testing.assert_allclose(dots.eigenvalues, [0.1, 10.0], rtol=1e-12)
    np.testing.assert_allclose(np.abs(dots.parts(np.zeros(2))), [1.0, 1.0], rtol=1e-12)
    np.testing.assert_allclose(dots.minimum, [-0.65195124, 1.25497393], atol=5e-9)
    assert len(dots.x) == 12


@pytest.mark.parametrize(
    ("offset", "kappa"), [(0, 1.0), (1, 6.9), (2, 34.0), (OFFSET, 100.0), (5, 727.0), (10, 10402.0)]
)
def test_the_origin_makes_the_valley(offset, kappa):
    assert round(twelve_dots(offset).kappa, 1) == kappa


def test_moving_the_origin_moves_no_dot_and_changes_no_line():
    near, far = twelve_dots(1.0), twelve_dots(6.0)
    np.testing.assert_allclose(near.y, far.y)
    np.testing.assert_allclose(far.x - near.x, 5.0)
    assert near.minimum[1] == pytest.approx(far.minimum[1])
    assert near.lowest == pytest.approx(far.lowest)


def test_the_loss_of_a_line_is_half_its_mean_square():
    x, y = np.array([0.0, 1.0, 3.0]), np.array([1.0, 0.0, 5.0])
    fit, theta = LineFit(x, y), np.array([0.3, -1.2])
    assert fit(theta) == pytest.approx(0.5 * np.mean((y - 0.3 + 1.2 * x) ** 2))
    np.testing.assert_allclose(fit.minimum, np.polynomial.polynomial.polyfit(x, y, 1), atol=1e-12)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Quadratic([1.0, -1.0]), "curves upwards"),
        (lambda: Quadratic([[1.0, 2.0], [0.0, 1.0]]), "symmetric"),
        (lambda: Quadratic([1.0, 2.0], [0.0]), "2 coordinates"),
        (lambda: LineFit([1.0, 1.0], [0.0, 2.0]), "two dots at different x"),
        (lambda: LineFit([1.0, 2.0, 3.0], [0.0, 2.0]), "3 x and 2 y"),
        (lambda: LineFit([1.0, np.nan], [0.0, 2.0]), "finite"),
    ],
)
def test_bad_surfaces_are_refused_in_a_sentence(make, words):
    with pytest.raises(Slip, match=words):
        make()
