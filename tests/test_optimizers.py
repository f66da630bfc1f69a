import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from momentum_lab.optimizers import Adam, GradientDescent, HeavyBall, Moments, Momentum, Nesterov
from momentum_lab.oracles import Counting, exact
from momentum_lab.running import iterate, run, sweep
from momentum_lab.slips import Slip
from momentum_lab.surfaces import Quadratic

BOWL = Quadratic([1.0])
RULES = [GradientDescent(0.1), HeavyBall(0.1, 0.9), Nesterov(0.1, 0.9), Adam(0.1)]

numbers = st.floats(-100, 100, allow_nan=False, width=64)
shapes = st.sampled_from([(1,), (2,), (5,), (3, 2), (0, 2), (2, 3, 4)])
points = shapes.flatmap(lambda shape: arrays(float, shape, elements=numbers))


def path(rule, surface=BOWL, start=(1.0,), steps=4):
    return run(rule, surface, list(start), steps).thetas[1:].ravel()


def given_slopes(rule, slopes, start=1.0):
    """The points of a rule that is told these gradients, whatever it does."""
    theta, state = np.array([start]), rule.init(np.array([start]))
    points = []
    for slope in slopes:
        theta, state = rule.step(theta, lambda _, slope=slope: np.array([slope]), state)
        points.append(theta[0])
    return points


def bend(theta):
    return np.cos(theta) + 0.3 * theta


def test_the_three_rules_on_half_x_squared_from_one():
    """Learning rate 0.1, beta 0.9; gradient descent multiplies by 0.9 a step."""
    np.testing.assert_allclose(path(GradientDescent(0.1)), [0.9, 0.81, 0.729, 0.6561], rtol=0, atol=1e-12)
    np.testing.assert_allclose(path(HeavyBall(0.1, 0.9)), [0.9, 0.72, 0.486, 0.2268], rtol=0, atol=1e-12)
    np.testing.assert_allclose(path(Nesterov(0.1, 0.9)), [0.9, 0.729, 0.51759, 0.294589], rtol=0, atol=5e-7)


def test_gradient_descent_on_two_curvatures():
    """Reference values: f = 0.1 x1^2 + 2 x2^2 from (-5, -2), 20 steps."""
    surface = Quadratic([0.2, 4.0])
    ends = [run(rule, surface, [-5.0, -2.0], 20).thetas[-1] for rule in
            (GradientDescent(0.4), GradientDescent(0.6), HeavyBall(0.6, 0.5))]  # fmt: skip
    np.testing.assert_allclose(
        ends, [[-0.943467, -0.0000731], [-0.387814, -1673.365], [0.0071879, 0.0025533]], rtol=5e-6, atol=5e-8
    )


@given(points, st.floats(0, 2))
def test_beta_zero_is_gradient_descent_to_the_last_bit(theta, lr):
    plain, _ = GradientDescent(lr).step(theta, bend, None)
    for rule in (HeavyBall(lr, 0.0), Nesterov(lr, 0.0)):
        state = Momentum(np.full_like(theta, 7.0))  # whatever is remembered must not matter
        np.testing.assert_array_equal(rule.step(theta, bend, state)[0], plain)


@given(points, st.floats(0, 1), st.floats(0, 0.999), st.sampled_from([HeavyBall, Nesterov]))
def test_a_step_leaves_its_inputs_alone(theta, lr, beta, kind):
    velocity = np.sin(theta)
    kept = theta.copy(), velocity.copy()
    theta.setflags(write=False)
    velocity.setflags(write=False)
    new, state = kind(lr, beta).step(theta, bend, Momentum(velocity))
    np.testing.assert_array_equal((theta, velocity), kept)
    assert new.shape == state.velocity.shape == theta.shape
    assert not np.shares_memory(new, theta) and not np.shares_memory(state.velocity, velocity)


@given(arrays(float, (4, 2), elements=numbers), st.sampled_from(RULES))
def test_a_batch_is_its_single_runs_bitwise(starts, rule):
    surface = Quadratic([0.5, 3.0], [1.0, -1.0])
    together = run(rule, surface, starts, 12).thetas
    for i, start in enumerate(starts):
        np.testing.assert_array_equal(together[:, i], run(rule, surface, start, 12).thetas)


def test_a_sweep_is_its_single_runs_bitwise():
    surface = Quadratic([0.5, 3.0])
    lrs, betas = [0.1, 0.2, 0.5], [0.0, 0.9]
    together = run(HeavyBall(**sweep(lr=lrs, beta=betas)), surface, [1.0, 2.0], 15).thetas
    assert together.shape == (16, 3, 2, 2)
    for i, lr in enumerate(lrs):
        for j, beta in enumerate(betas):
            np.testing.assert_array_equal(together[:, i, j], run(HeavyBall(lr, beta), surface, [1.0, 2.0], 15).thetas)


@given(arrays(float, 3, elements=st.floats(-10, 10)), st.permutations(range(3)), st.sampled_from(RULES))
def test_the_order_of_the_coordinates_does_not_matter(start, order, rule):
    curvatures = np.array([0.3, 1.0, 4.0])
    one = run(rule, Quadratic(curvatures), start, 10).thetas
    other = run(rule, Quadratic(curvatures[order]), start[order], 10).thetas
    np.testing.assert_array_equal(one[:, order], other)


@given(arrays(float, 2, elements=st.floats(-10, 10)), st.floats(0.01, 100), st.sampled_from([HeavyBall, Nesterov]))
def test_scaling_the_curvature_is_scaling_the_learning_rate(start, factor, kind):
    one = run(kind(0.1, 0.8), Quadratic([1.0, 5.0]), start, 20).thetas
    other = run(kind(0.1 / factor, 0.8), Quadratic([factor, 5.0 * factor]), start, 20).thetas
    np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)


def test_nesterov_asks_ahead_and_the_heavy_ball_where_it_stands():
    theta, velocity = np.array([1.0, 2.0]), np.array([0.5, -1.0])
    for rule, where in ((HeavyBall(0.1, 0.8), theta), (Nesterov(0.1, 0.8), theta - 0.8 * velocity)):
        asked = Counting(bend)
        rule.step(theta, asked, Momentum(velocity))
        assert asked.calls == 1
        np.testing.assert_array_equal(asked.asked_at[0], where)


def test_nesterov_is_the_heavy_ball_with_friction_that_grows_with_curvature():
    """beta_eff = beta (1 - lr * curvature), Sutskever et al. 2013, Theorem 2.1."""
    lr, curvature, beta = 0.1, 3.0, 0.9
    one = path(Nesterov(lr, beta), Quadratic([curvature]), steps=30)
    other = path(HeavyBall(lr, beta * (1 - lr * curvature)), Quadratic([curvature]), steps=30)
    np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(
    ("rule", "limit"),
    [
        (lambda u: GradientDescent(u), 2.0),
        (lambda u: HeavyBall(u, 0.9), 3.8),
        (lambda u: Nesterov(u, 0.9), 2 * 1.9 / 2.8),
    ],
)
def test_the_stability_limits_of_the_docstrings(rule, limit):
    """lr x curvature: 2, 2 (1 + beta), 2 (1 + beta) / (1 + 2 beta), bracketed to one in a thousand."""
    inside, outside = (abs(path(rule(limit * f), steps=20_000)[-1]) for f in (0.999, 1.001))
    assert inside < 1e-3
    assert not outside < 1e3


def test_adam_walks_by_its_learning_rate_when_the_gradients_agree():
    for size in (1.0, 1000.0):
        np.testing.assert_allclose(given_slopes(Adam(1e-3), 3 * [size], 0.0), [-0.001, -0.002, -0.003], atol=1e-9)


def test_the_first_step_of_adam_does_not_see_the_size_of_the_gradient():
    for slope in (1e-4, 50.0, -50.0):
        assert given_slopes(Adam(0.01), [slope], 0.0)[0] == pytest.approx(-0.01 * np.sign(slope), rel=2e-4)


def test_adam_on_five_gradients():
    """Reference values: PyTorch 2.13, default settings, lr 0.1, from 1."""
    slopes = np.array([1.0, 0.5, -0.2, 0.1, 0.3])
    assert given_slopes(Adam(0.1), slopes)[-1] == pytest.approx(0.6354464262, abs=1e-9)
    # Gradients a million times smaller are as an eps a million times larger: eps stands after the root.
    assert given_slopes(Adam(0.1), 1e-6 * slopes)[-1] == pytest.approx(0.6405035570, abs=1e-9)
    assert given_slopes(Adam(0.1, eps=0.01), slopes)[-1] == pytest.approx(0.6405035570, abs=1e-9)


def test_adam_on_half_x_squared_from_one():
    by_hand, x, m, s = [], 1.0, 0.0, 0.0
    for t in range(1, 5):
        m, s = 0.9 * m + 0.1 * x, 0.999 * s + 0.001 * x * x
        x -= 0.1 * (m / (1 - 0.9**t)) / ((s / (1 - 0.999**t)) ** 0.5 + 1e-8)
        by_hand.append(x)
    np.testing.assert_allclose(by_hand, [0.9, 0.8004122, 0.7015863, 0.6039391], rtol=0, atol=5e-8)
    np.testing.assert_allclose(path(Adam(0.1)), by_hand, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("first", "second"), [(False, False), (True, False), (False, True)])
def test_without_its_corrections_adam_is_another_rule(first, second):
    """Step sizes of a steady gradient: lr times (1 - beta1^t) / sqrt(1 - beta2^t), or one half of that."""
    ours = -np.diff([0.0, *given_slopes(Adam(0.1), 20 * [1.0], 0.0)])
    t, m, s = np.arange(1, 21), np.zeros(21), np.zeros(21)
    for k in t:
        m[k], s[k] = 0.9 * m[k - 1] + 0.1, 0.999 * s[k - 1] + 0.001
    m, s = m[1:] / (1 - 0.9**t if first else 1.0), s[1:] / (1 - 0.999**t if second else 1.0)
    assert np.abs(0.1 * m / np.sqrt(s) / ours - 1).min() > 0.1


@given(points, st.floats(0, 1), st.floats(0, 0.999), st.floats(0, 0.999))
def test_a_step_of_adam_leaves_its_inputs_alone(theta, lr, beta1, beta2):
    state = Moments(np.sin(theta), np.cos(theta) ** 2, 3)
    kept = theta.copy(), state.m.copy(), state.s.copy()
    for array in (theta, state.m, state.s):
        array.setflags(write=False)
    new, after = Adam(lr, beta1, beta2).step(theta, bend, state)
    for now, before in zip((theta, state.m, state.s), kept, strict=True):
        np.testing.assert_array_equal(now, before)
    assert new.shape == after.m.shape == after.s.shape == theta.shape and (state.t, after.t) == (3, 4)
    assert not any(np.shares_memory(a, b) for a, b in ((new, theta), (after.m, state.m), (after.s, state.s)))


def test_a_sweep_of_adam_is_its_single_runs():
    """Not to the last bit: NumPy's power of an array rounds in another way than Python's of a number."""
    surface, lrs, betas = Quadratic([0.5, 3.0]), [0.01, 0.5], [0.5, 0.999]
    together = run(Adam(**sweep(lr=lrs, beta2=betas)), surface, [1.0, 2.0], 15).thetas
    for i, lr in enumerate(lrs):
        for j, beta2 in enumerate(betas):
            alone = run(Adam(lr, beta2=beta2), surface, [1.0, 2.0], 15).thetas
            np.testing.assert_allclose(together[:, i, j], alone, rtol=1e-12)


def test_adam_takes_schedules():
    """A learning rate that halves at the third update: steady gradients make the steps equal to it."""
    rule = Adam(lambda t: 0.1 if t < 2 else 0.05)
    thetas = [theta[0] for theta, _ in iterate(rule, 4 * [np.ones_like], np.array([1.0]))]
    np.testing.assert_allclose(thetas, [1.0, 0.9, 0.8, 0.75, 0.7], atol=1e-8)


def test_schedules_are_read_at_every_update():
    seen = []

    def lr(t):
        seen.append(t)
        return 0.1 / (t + 1)

    thetas = run(GradientDescent(lr), BOWL, [1.0], 3).thetas.ravel()
    np.testing.assert_allclose(thetas, np.cumprod([1, 0.9, 0.95, 1 - 0.1 / 3]), rtol=1e-15)
    assert set(seen) == {0, 1, 2}


@pytest.mark.parametrize("bad", [np.nan, np.inf, None, "0.1", [0.1, np.nan]])
def test_a_schedule_without_a_number_is_named(bad):
    rule = HeavyBall(0.1, beta=lambda t: 0.9 if t < 2 else bad)
    with pytest.raises(Slip, match=r"schedule for beta returned .* at update t = 2"):
        run(rule, BOWL, [1.0], 5)


def test_float32_stays_float32_even_with_a_schedule():
    start = np.array([1.0, 2.0], dtype=np.float32)
    for rule in (HeavyBall(lambda t: np.float64(0.1), 0.9), Adam(lambda t: np.float64(0.1))):
        thetas = [theta for (theta, _), _ in zip(iterate(rule, exact(np.sign), start), range(4), strict=False)]
        assert {theta.dtype for theta in thetas} == {np.dtype("float32")}


def test_labels_come_from_the_settings():
    assert HeavyBall(1 / 3, 0.9).label == "heavy ball, lr 0.333, beta 0.9"
    assert GradientDescent(lambda t: 0.1).label == "gradient descent, lr scheduled"
    assert Nesterov(np.array([[0.1], [0.2]])).label == "Nesterov, lr varied, beta 0.9"
    assert Adam(0.1).label == "Adam, lr 0.1, beta1 0.9, beta2 0.999, eps 1e-08"
