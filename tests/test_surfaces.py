import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from momentum_lab.optimizers import GradientDescent, HeavyBall, Momentum, Nesterov
from momentum_lab.running import run
from momentum_lab.slips import Slip
from momentum_lab.surfaces import (
    OFFSET,
    Beale,
    DoubleWell,
    FromFunctions,
    Himmelblau,
    Lessard,
    LineFit,
    MonkeySaddle,
    Plateau,
    Polygon,
    Quadratic,
    Ravine,
    Rosenbrock,
    Saddle,
    TiltedRavine,
    WorstCase,
    twelve_dots,
)

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


EVERY = [
    *SURFACES, Ravine(), TiltedRavine(), Rosenbrock(), Beale(), Himmelblau(), Saddle(), MonkeySaddle(), Plateau(),
    DoubleWell(), DoubleWell(1.0, 0.3), WorstCase(50), WorstCase(1), WorstCase(7, 3.0), Lessard(), Polygon(3),
    Polygon(5, smoothness=50.0), Polygon(10, lr=0.008, beta=0.9, smoothness=100.0),
]  # fmt: skip
named = pytest.mark.parametrize("surface", EVERY, ids=lambda s: f"{type(s).__name__}{s.dim}")


@named
def test_every_gradient_is_the_slope(surface):
    rng = np.random.default_rng(3)
    low, high = np.array(surface.domain).T
    for theta in rng.uniform(low, high, (20, surface.dim)):
        h = 1e-6
        slopes = np.array([(surface(theta + h * e) - surface(theta - h * e)) / (2 * h) for e in np.eye(surface.dim)])
        np.testing.assert_allclose(surface.grad(theta), slopes, rtol=0, atol=3e-8 * (1 + abs(surface(theta)) / h * 1e-7
                                   + np.abs(slopes).max()))  # fmt: skip


@named
def test_every_minimum_is_flat_and_the_lowest_point_around(surface):
    assert surface.minima.shape[1] == surface.dim == len(surface.domain) == len(surface.start)
    assert surface.story and surface.story.endswith(".")
    if not len(surface.minima):
        assert surface.minimum is None and surface.lowest == -np.inf and len(surface.goals) == 0
        return
    np.testing.assert_allclose(surface.grad(surface.minima), 0, atol=1e-12)
    heights = surface(surface.minima)
    assert heights[0] == pytest.approx(surface.lowest, abs=1e-12) and (np.diff(heights) >= -1e-12).all()
    rng = np.random.default_rng(1)
    around = surface.minima[:, np.newaxis] + 0.05 * rng.normal(size=(len(heights), 50, surface.dim))
    assert (surface(around) >= heights[:, np.newaxis] - 1e-14).all()
    inside = [low <= x <= high for m in surface.minima for (low, high), x in zip(surface.domain, m, strict=True)]
    assert all(inside)


@named
def test_every_surface_takes_batches_and_changes_nothing(surface):
    theta = np.random.default_rng(2).normal(size=(3, 4, surface.dim))
    kept = theta.copy()
    theta.setflags(write=False)
    assert surface(theta).shape == (3, 4) and surface.grad(theta).shape == theta.shape
    np.testing.assert_array_equal(theta, kept)
    np.testing.assert_allclose(surface.grad(theta)[1, 2], surface.grad(theta[1, 2]), rtol=1e-13, atol=1e-13)
    assert surface(theta[1, 2]) == pytest.approx(surface(theta)[1, 2], rel=1e-13)
    assert surface.grad(np.empty((0, surface.dim))).shape == (0, surface.dim)
    assert run(HeavyBall(1e-4), surface, surface.start, 2).thetas.shape == (3, surface.dim)


def test_known_heights():
    assert Rosenbrock()(np.array([-1.2, 1.0])) == pytest.approx(24.2)
    assert Beale()(np.array([1.0, 1.0])) == pytest.approx(14.203125)
    assert Himmelblau()(np.array([0.0, 0.0])) == 170.0
    assert TiltedRavine()(np.zeros(2)) == pytest.approx(0.0, abs=1e-15) and TiltedRavine().kappa == pytest.approx(25.0)
    assert Ravine()(np.array([-5.0, -2.0])) == pytest.approx(10.5)
    assert MonkeySaddle()(np.array([1.0, 1.0])) == -2.0


def test_himmelblau_has_four_goals_and_a_hilltop_between_them():
    surface, top = Himmelblau(), np.array([-0.270844590667, -0.923038557])
    assert len(surface.goals) == 4
    np.testing.assert_allclose(surface.grad(top), 0, atol=1e-6)
    assert surface(top) > surface(top + 0.1)


def test_momentum_tames_the_ravine_that_throws_gradient_descent_out():
    ends = [run(rule, Ravine(), Ravine.start, 20).thetas[-1] for rule in (GradientDescent(0.6), HeavyBall(0.6, 0.5))]
    assert abs(ends[0][1]) == pytest.approx(1673.365, abs=5e-3)
    np.testing.assert_allclose(ends[1], [0.0071879, 0.0025533], atol=5e-7)


def test_from_the_exact_ridge_of_a_saddle_nobody_leaves():
    for beta in (0.0, 0.9, 0.99):
        assert (run(HeavyBall(0.1, beta), Saddle(), [1.0, 0.0], 200).thetas[:, 1] == 0.0).all()
    off = [abs(run(HeavyBall(0.1, beta), Saddle(), [1.0, 1e-6], 60).thetas[-1, 1]) for beta in (0.0, 0.9)]
    assert off[0] == pytest.approx(0.056, abs=5e-4) and off[1] == pytest.approx(2.5e4, rel=0.02)


@pytest.mark.parametrize(("beta", "steps"), [(0.0, 2250), (0.9, 317)])
def test_crossing_the_plateau(beta, steps):
    away = np.linalg.norm(run(HeavyBall(0.1, beta), Plateau(), [4.0, 0.0], 3000).thetas, axis=-1)
    assert (away < 0.01).argmax() == steps


@pytest.mark.parametrize(("beta", "well"), [(0.0, 1), (0.5, 1), (0.8, 0), (0.9, 0), (0.95, 1)])
def test_momentum_leaves_the_shallow_well_and_may_come_back(beta, well):
    surface = DoubleWell(1.0, 0.3)
    end = run(HeavyBall(0.01, beta), surface, [2.0], 5000).thetas[-1]
    np.testing.assert_allclose(end, surface.minima[well], atol=1e-6)


def test_the_wells_and_the_barrier():
    surface = DoubleWell(1.0, 0.3)
    np.testing.assert_allclose(surface.minima[:, 0], [-1.0355787, 0.9601496], atol=5e-8)
    np.testing.assert_allclose(surface(surface.minima) - 1, [-1.30543, -0.70585], atol=5e-6)
    assert surface.barrier == pytest.approx(0.0754292, abs=5e-8)
    default = DoubleWell()
    np.testing.assert_allclose(default.minima[:, 0], [-1.068, 0.914], atol=5e-4)
    assert len(default.goals) == 1 and len(DoubleWell(tilt=0.0).goals) == 2
    assert DoubleWell(tilt=-0.15).minimum[0] == pytest.approx(-default.minimum[0])
    for start, end in ((1.8, 0), (-2.0, 1)):  # out of the shallow well, and out of the deep one
        np.testing.assert_allclose(run(HeavyBall(0.02, 0.9), default, [start], 3000).thetas[-1], default.minima[end])


def test_the_chain_passes_news_on_one_link_a_step():
    surface = WorstCase(50)
    for rule in (GradientDescent(1.0), HeavyBall(1.0, 0.5), Nesterov(1.0, 0.9)):
        thetas = run(rule, surface, surface.start, 40).thetas
        for t in range(41):
            assert (thetas[t, t:] == 0).all() and (t == 0 or thetas[t, t - 1] != 0)


def test_nobody_beats_the_bound_of_the_chain():
    """After k steps: L / 8 (1 / (k + 1) - 1 / (n + 1)), and 3 L |x*|^2 / (32 (k + 1)^2) for n = 2 k + 1."""
    betas = (lambda t: max(t - 1, 0) / (t + 2), 0.0, 0.5, 0.9)
    for dim in (9, 25, 49):
        surface, k, half = WorstCase(dim, 2.0), np.arange(dim), (dim - 1) // 2
        bound = 2.0 / 8 * (1 / (k + 1) - 1 / (dim + 1))
        assert bound[half] >= 3 * 2.0 * (surface.minimum**2).sum() / (32 * (half + 1) ** 2)
        for kind, beta, lr in itertools.product((HeavyBall, Nesterov), betas, (0.25, 0.5, 0.65)):
            assert (run(kind(lr, beta), surface, surface.start, dim - 1).gaps >= bound).all()
    np.testing.assert_allclose(WorstCase(50).lowest, -50 / 51 / 8)


def test_the_best_heavy_ball_for_bowls_cycles_on_lessard_s():
    surface = Lessard()
    thetas = run(HeavyBall(1 / 9, 4 / 9), surface, [3.3], 600).thetas[:, 0]
    np.testing.assert_allclose(thetas[1:5], [-3.2, 2.8, 0.3555555556, -1.7185185185], atol=1e-9)
    first = np.abs(thetas[-3:] - surface.cycle[0]).argmin()
    np.testing.assert_allclose(np.roll(thetas[-3:], -first), surface.cycle, rtol=0, atol=1e-12)
    for rule in (GradientDescent(2 / 26), Nesterov(1 / 25, 2 / 3)):
        assert abs(run(rule, surface, [3.3], 400).thetas[-1, 0]) < 1e-12


def test_which_starts_cycle_on_lessard_s():
    """Of the starts at rest in [-6, 6] 11.6 % cycle, among them 3.062 to 3.463."""
    starts = np.linspace(-6, 6, 12001)[:, np.newaxis]
    ends = np.abs(run(HeavyBall(1 / 9, 4 / 9), Lessard(), starts, 400).thetas[-3:, :, 0]).max(axis=0)
    cycling = ends > 0.1
    assert cycling.mean() == pytest.approx(0.116, abs=5e-4)
    np.testing.assert_array_equal(cycling[[9060, 9064, 9460, 9466]], [False, True, True, False])


def test_lessard_s_curve_has_no_steps():
    edges = np.array([[1.0], [2.0]])
    for f in (Lessard(), Lessard().grad):
        np.testing.assert_allclose(np.ravel(f(edges - 1e-12)), np.ravel(f(edges + 1e-12)), atol=1e-9)


@pytest.mark.parametrize(("corners", "kappa"), [(3, 9 + 4 * 5**0.5), (4, 25.274), (5, 43.866), (6, 76.271)])
def test_from_which_condition_number_the_polygon_cycles(corners, kappa):
    """Of the heavy balls that are best for quadratics; the first threshold is (2 + sqrt 5)^2."""
    Polygon(corners, smoothness=kappa * 1.00002)
    with pytest.raises(Slip, match=f"goes round {corners} corners on no bowl"):
        Polygon(corners, smoothness=kappa * 0.99998)


@pytest.mark.parametrize("surface", [s for s in EVERY if isinstance(s, Polygon)], ids=lambda s: str(s.corners))
def test_the_heavy_ball_goes_round_the_polygon_and_the_others_come_in(surface):
    start, velocity = surface.cycle_start()
    rule = HeavyBall(surface.lr, surface.beta)
    thetas = run(rule, surface, start, 3 * surface.corners, state=Momentum(velocity)).thetas
    np.testing.assert_allclose(thetas, surface.cycle[np.arange(3 * surface.corners + 1) % surface.corners], atol=1e-10)
    for other in (GradientDescent(2 / (surface.mu + surface.smoothness)), Nesterov(1 / surface.smoothness, 2 / 3)):
        assert np.linalg.norm(run(other, surface, start, 3000).thetas[-1]) < 1e-9


def test_the_polygon_attracts():
    surface = Polygon(3)
    start, velocity = surface.cycle_start()
    state = Momentum(velocity + np.array([0.0, 0.01]))
    thetas = run(HeavyBall(surface.lr, surface.beta), surface, start + np.array([0.01, 0.0]), 3000, state=state).thetas
    assert np.linalg.norm(thetas[-1]) == pytest.approx(1.0, abs=1e-9)


@given(arrays(float, (2, 2), elements=st.floats(-3, 3)), st.sampled_from([s for s in EVERY if isinstance(s, Polygon)]))
def test_the_polygon_s_curvature_lies_between_its_bounds(pair, surface):
    """mu |a - b|^2 <= (grad a - grad b)(a - b) <= L |a - b|^2, and the two inequalities of interpolation."""
    away, turn = pair[0] - pair[1], surface.grad(pair[0]) - surface.grad(pair[1])
    square, product = away @ away, turn @ away
    assert surface.mu * square - 1e-9 <= product <= surface.smoothness * square + 1e-9
    assert turn @ turn <= (surface.smoothness + surface.mu) * product - surface.smoothness * surface.mu * square + 1e-8


def test_a_mean_over_all_dots_is_the_gradient():
    dots, theta = twelve_dots(), np.random.default_rng(0).normal(size=(3, 2))
    np.testing.assert_allclose(dots.grad_on(theta, np.arange(12)), dots.grad(theta), atol=1e-12)
    singles = np.mean([dots.grad_on(theta, [i]) for i in range(dots.examples)], axis=0)
    np.testing.assert_allclose(singles, dots.grad(theta), atol=1e-12)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: DoubleWell(0.25, 0.5), "Two wells need"),
        (lambda: DoubleWell(-1.0), "Two wells need"),
        (lambda: WorstCase(0), "at least one link"),
        (lambda: WorstCase(2.5), "at least one link"),
        (lambda: Polygon(2), "3 corners or more"),
        (lambda: Polygon(lr=0.0), "a learning rate above 0"),
        (lambda: Quadratic([]), "at least one curvature"),
        (lambda: Quadratic([1.0, np.nan]), "hessian is a finite number or an array"),
        (lambda: Quadratic([1.0, np.inf]), "hessian is a finite number or an array"),
        (lambda: LineFit([], []), "at least two dots"),
        (lambda: Rosenbrock()(np.ones(3)), r"has 2 real numbers in its last axis; the shape is \(3,\)"),
        (lambda: Saddle()(1.0), "has 2 real numbers in its last axis"),
        (lambda: Rosenbrock().grad([1.0, 2.0, 3.0]), r"has 2 real numbers in its last axis; the shape is \(3,\)"),
        (lambda: DoubleWell().grad(1.0), "has 1 real number in its last axis"),
        (lambda: Quadratic([1.0, 2.0]).grad("ab"), "is 2 real numbers; this is 'ab'"),
        (lambda: Beale().grad([1.0, "b"]), r"is 2 real numbers; this is \[1.0, 'b'\]"),
        (lambda: Himmelblau()([1.0, 2j]), "is 2 real numbers"),
        (lambda: Saddle().grad([[1.0, 2.0], [3.0]]), "is 2 real numbers"),
        (lambda: Polygon(3, mu=30.0), "3 corners or more"),
        (lambda: Polygon(3, lr=0.01, beta=0.5), "try a larger lr"),
    ],
)
def test_bad_landscapes_are_refused_in_a_sentence(make, words):
    with pytest.raises(Slip, match=words):
        make()


@named
def test_heights_and_slopes_can_be_asked_of_a_list_and_of_whole_numbers(surface):
    listed = surface.start.tolist()
    assert surface(listed) == pytest.approx(surface(surface.start))
    assert surface.grad(listed) == pytest.approx(surface.grad(surface.start))
    whole = [round(x) + 2 for x in listed]
    assert surface(whole) == surface(np.array(whole, dtype=float))
    np.testing.assert_array_equal(surface.grad(whole), surface.grad(np.array(whole, dtype=float)))


def test_slopes_of_a_surface_of_one_s_own_are_no_whole_numbers():
    own = FromFunctions(lambda x, y: x**2 / 4 + y**2 / 8, lambda x, y: (x / 2, y / 4), [(-4, 4), (-4, 4)])
    np.testing.assert_array_equal(own.grad(np.array([1, 1])), [0.5, 0.25])


def test_numpy_s_whole_numbers_will_do():
    assert WorstCase(np.int64(5)).dim == 5 and Polygon(np.int64(3)).corners == 3
