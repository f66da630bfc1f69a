import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from momentum_lab import optimizers
from momentum_lab.optimizers import (
    LAMB,
    AdaGrad,
    Adam,
    AdamW,
    GradientDescent,
    HeavyBall,
    Lion,
    Momentum,
    Nadam,
    Nesterov,
    RMSProp,
    SkipBroken,
    TorchSGD,
)
from momentum_lab.oracles import Counting, exact
from momentum_lab.running import iterate, run, sweep
from momentum_lab.slips import Slip
from momentum_lab.surfaces import Quadratic

BOWL, BOWL2 = Quadratic([1.0]), Quadratic([0.5, 3.0])
RULES = [
    GradientDescent(0.1),
    HeavyBall(0.1, 0.9),
    Nesterov(0.1, 0.9),
    TorchSGD(0.1),
    TorchSGD(0.1, 0.9, 0.3, weight_decay=0.1),
    TorchSGD(0.1, 0.9, nesterov=True),
    AdaGrad(0.1, initial_accumulator=0.1),
    RMSProp(0.1, momentum=0.5),
    RMSProp(0.1, centered=True),
    Adam(0.1),
    Adam(0.1, amsgrad=True, weight_decay=0.1),
    AdamW(0.1),
    Nadam(0.1),
    LAMB(0.1),
    Lion(0.1, weight_decay=0.1),
    SkipBroken(Adam(0.1)),
]
rules = st.sampled_from(RULES)

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


def test_every_rule_is_tried_here():
    assert {type(rule) for rule in RULES} == {*optimizers.RULES, SkipBroken}


@given(points, st.floats(0, 2))
def test_beta_zero_is_gradient_descent_to_the_last_bit(theta, lr):
    plain, _ = GradientDescent(lr).step(theta, bend, None)
    for rule in (HeavyBall(lr, 0.0), Nesterov(lr, 0.0)):
        state = Momentum(np.full_like(theta, 7.0))  # whatever is remembered must not matter
        np.testing.assert_array_equal(rule.step(theta, bend, state)[0], plain)
    for rule in (TorchSGD(lr), TorchSGD(lr, dampening=0.5)):
        np.testing.assert_array_equal(rule.step(theta, bend, rule.init(theta))[0], plain)


def leaves(state):
    return [leaf for leaf in state or () if isinstance(leaf, np.ndarray)]


@given(points, rules, st.integers(0, 2))
def test_a_step_leaves_its_inputs_alone(theta, rule, steps_before):
    state = rule.init(theta)
    for _ in range(steps_before):
        theta, state = rule.step(theta, bend, state)
    inputs = [theta, *leaves(state)]
    kept = [array.copy() for array in inputs]
    for array in inputs:
        array.setflags(write=False)
    new, after = rule.step(theta, bend, state)
    for now, before in zip(inputs, kept, strict=True):
        np.testing.assert_array_equal(now, before)
    assert new.shape == theta.shape and not np.shares_memory(new, theta)
    assert all(leaf.shape == theta.shape for leaf in leaves(after))
    assert not any(np.shares_memory(a, b) for a in leaves(after) for b in inputs if a.size and a is not b)


@given(points, rules)
def test_the_order_in_memory_does_not_matter(theta, rule):
    one, _ = rule.step(theta, bend, rule.init(theta))
    turned = np.asfortranarray(theta)
    other, _ = rule.step(turned, bend, rule.init(turned))
    np.testing.assert_allclose(one, other, rtol=1e-13 if isinstance(rule, LAMB) else 0)


@given(arrays(float, (4, 2), elements=numbers), rules)
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


@given(arrays(float, 3, elements=st.floats(-10, 10)), st.permutations(range(3)), rules)
def test_the_order_of_the_coordinates_does_not_matter(start, order, rule):
    """LAMB alone looks at all coordinates at once: the order of its sum shows in the last digits."""
    curvatures = np.array([0.3, 1.0, 4.0])
    one = run(rule, Quadratic(curvatures), start, 10).thetas
    other = run(rule, Quadratic(curvatures[order]), start[order], 10).thetas
    if isinstance(rule, LAMB):
        np.testing.assert_allclose(one[:, order], other, rtol=1e-9, atol=1e-12)
    else:
        np.testing.assert_array_equal(one[:, order], other)


def test_splitting_the_coordinates_changes_lamb_and_nothing_else():
    """Two coordinates at once, or each by itself: LAMB takes its length over all of them."""
    surface, start = Quadratic([0.3, 4.0]), [2.0, -1.0]
    for rule in RULES:
        together = run(rule, surface, start, 10).thetas
        apart = [run(rule, Quadratic([h]), [x], 10).thetas[:, 0] for h, x in zip([0.3, 4.0], start, strict=True)]
        assert np.array_equal(together, np.stack(apart, axis=-1)) == (not isinstance(rule, LAMB)), rule.label


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


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.label)
def test_float32_stays_float32(rule):
    start = np.array([1.0, 2.0], dtype=np.float32)
    exact_start = start.astype(float)
    path = [theta for (theta, _), _ in zip(iterate(rule, exact(np.sign), start), range(6), strict=False)]
    assert {theta.dtype for theta in path} == {np.dtype("float32")}
    double = [theta for (theta, _), _ in zip(iterate(rule, exact(np.sign), exact_start), range(6), strict=False)]
    np.testing.assert_allclose(path, double, rtol=1e-4, atol=1e-5)


def test_float32_stays_float32_with_schedules_sweeps_and_numpy_s_numbers():
    start = np.array([1.0, 2.0], dtype=np.float32)
    for rule in (
        HeavyBall(lambda t: np.float64(0.1), 0.9),
        Adam(lambda t: np.float64(0.1)),
        HeavyBall(np.float64(0.1), np.float64(0.9)),
        HeavyBall(**sweep(lr=[0.1, 0.2], beta=[0.5, 0.9])),
        HeavyBall(lambda t: np.array([[0.1], [0.2]]), 0.9),
    ):
        trajectory = run(rule, BOWL2, start, 4, keep_states=True)
        assert trajectory.thetas.dtype == np.float32
        assert {leaf.dtype for state in trajectory.states for leaf in leaves(state)} == {np.dtype("float32")}
    grid = run(HeavyBall(**sweep(lr=[0.1, 0.2], beta=[0.5, 0.9])), BOWL2, start, 9).thetas
    np.testing.assert_array_equal(grid[:, 1, 0], run(HeavyBall(0.2, 0.5), BOWL2, start, 9).thetas)


@pytest.mark.parametrize("rule", [rule for rule in RULES if not isinstance(rule, SkipBroken)], ids=lambda r: r.label)
def test_a_broken_gradient_is_reported_with_its_step(rule):
    oracle = 6 * [BOWL2.grad] + 4 * [lambda theta: np.array([np.nan, 1.0])]
    with pytest.raises(Slip, match="The gradient of step 7 was not a number"):
        run(rule, BOWL2, [1.0, 2.0], 10, oracle=oracle)


BLIND_TO_SIZE = [
    Adam(0.1, eps=0.0),
    Adam(0.1, eps=0.0, amsgrad=True),
    RMSProp(0.1, eps=0.0),
    AdaGrad(0.1, eps=0.0),
    Nadam(0.1, eps=0.0),
    Lion(0.1),
]


@pytest.mark.parametrize("rule", BLIND_TO_SIZE, ids=lambda rule: rule.label)
@given(factor=st.sampled_from([2.0**-20, 0.25, 8.0, 2.0**30]))
def test_the_size_of_the_gradients_does_not_matter(rule, factor):
    slopes = np.array([1.0, 0.5, -0.2, 0.1, 0.3])
    np.testing.assert_allclose(given_slopes(rule, factor * slopes), given_slopes(rule, slopes), rtol=1e-12)


@given(arrays(float, 3, elements=st.floats(-10, 10)), st.floats(0.01, 0.5))
def test_a_step_of_lamb_is_as_long_as_theta_says(theta, lr):
    new, _ = LAMB(lr).step(theta, lambda t: np.cos(t) + 2, LAMB(lr).init(theta))
    size = np.linalg.norm(theta)
    assert np.linalg.norm(new - theta) == pytest.approx(lr * size if size else lr * np.sqrt(3), rel=1e-5)


@given(arrays(float, 4, elements=st.floats(-10, 10)), st.floats(0.01, 0.5))
def test_lion_moves_every_coordinate_by_its_learning_rate(theta, lr):
    new, _ = Lion(lr).step(theta, lambda t: np.cos(t) + 2, Lion(lr).init(theta))
    np.testing.assert_allclose(new - theta, -lr, atol=1e-14)


def test_weight_decay_through_the_buffer_is_ten_times_as_strong():
    """No gradient, lr 0.1, decay 5e-4, momentum 0.9, 1000 steps: 0.6078 against 0.9512 decoupled."""
    flat = 1000 * [np.zeros_like]
    ends = [list(iterate(rule, flat, np.ones(1)))[-1][0][0]
            for rule in (TorchSGD(0.1, 0.9, weight_decay=5e-4), AdamW(0.1, weight_decay=5e-4))]  # fmt: skip
    np.testing.assert_allclose(ends, [0.607841, 0.951228], atol=5e-7)


def test_centered_rmsprop_survives_a_variance_of_zero():
    """A steady gradient has no variance; rounding may make the difference of two averages negative."""
    thetas = run(RMSProp(1e-6, decay=0.9, centered=True), BOWL, [1.0], 500, oracle=500 * [np.ones_like]).thetas
    assert np.isfinite(thetas).all()


def test_pytorch_s_buffer_rests_while_momentum_is_zero():
    """0.9, then 0 for a while, then 0.9 again: torch.optim.SGD 2.13 with its param group edited before the step."""
    betas = [0.9, 0.9, 0.0, 0.0, 0.9]
    rule, path = TorchSGD(0.1, lambda t: betas[t]), []
    for theta, state in iterate(rule, 5 * [np.ones_like], np.zeros(1)):
        path.append((theta[0], state.buffer[0]))
    np.testing.assert_allclose(path, [(0, 0), (-0.1, 1), (-0.29, 1.9), (-0.39, 1.9), (-0.49, 1.9), (-0.761, 2.71)])
    late = TorchSGD(0.1, lambda t: 0.9 if t >= 2 else 0.0, dampening=0.5)
    ends = [theta[0] for theta, _ in iterate(late, 4 * [np.ones_like], np.zeros(1))]
    np.testing.assert_allclose(ends, [0, -0.1, -0.2, -0.3, -0.44])  # born undamped at the third step


def test_a_sweep_of_pytorch_s_momentum_is_its_single_runs_bitwise():
    momenta, dampenings = [0.0, 0.5, 0.9], [0.0, 0.3]
    together = run(TorchSGD(0.1, **sweep(momentum=momenta, dampening=dampenings)), BOWL2, [1.0, 2.0], 12).thetas
    for i, momentum in enumerate(momenta):
        for j, dampening in enumerate(dampenings):
            alone = run(TorchSGD(0.1, momentum, dampening), BOWL2, [1.0, 2.0], 12).thetas
            np.testing.assert_array_equal(together[:, i, j], alone)


@pytest.mark.parametrize("settings", [{"momentum": 0.0}, {"momentum": 0.9, "dampening": 0.1}, {"momentum": [0.0, 0.9]}])
def test_nesterov_without_momentum_or_with_dampening_is_refused(settings):
    with pytest.raises(Slip, match="needs a momentum above 0 and no dampening"):
        TorchSGD(0.1, nesterov=True, **settings)


def test_skipping_judges_each_run_by_itself():
    def half_broken(theta):
        return np.array([[np.nan, 1.0], [1.0, 1.0]])

    oracle = [BOWL2.grad, half_broken, BOWL2.grad]
    both = run(SkipBroken(Adam(0.1)), BOWL2, [[1.0, 2.0], [3.0, 4.0]], 3, oracle=oracle).thetas
    np.testing.assert_array_equal(both[2, 0], both[1, 0])
    alone = run(Adam(0.1), BOWL2, [1.0, 2.0], 2).thetas[-1]
    np.testing.assert_allclose(both[3, 0], alone, rtol=1e-12)
    sound = run(Adam(0.1), BOWL2, [3.0, 4.0], 3, oracle=[BOWL2.grad, np.ones_like, BOWL2.grad]).thetas[-1]
    np.testing.assert_allclose(both[3, 1], sound, rtol=1e-12)
    assert "skipped" in SkipBroken(Adam(0.1)).label


def test_labels_come_from_the_settings():
    assert HeavyBall(1 / 3, 0.9).label == "heavy ball, lr 0.333, beta 0.9"
    assert GradientDescent(lambda t: 0.1).label == "gradient descent, lr scheduled"
    assert Nesterov(np.array([[0.1], [0.2]])).label == "Nesterov, lr varied, beta 0.9"
    assert Adam(0.1).label == "Adam, lr 0.1, beta1 0.9, beta2 0.999, eps 1e-08"
    assert Adam(0.1, amsgrad=True, weight_decay=0.2).label.endswith("eps 1e-08, amsgrad, weight_decay 0.2")
    assert TorchSGD(0.1, 0.9, nesterov=True).label == "PyTorch SGD, lr 0.1, momentum 0.9, nesterov"
    assert AdamW(0.1, weight_decay=0.0).label.endswith("weight_decay 0")


@pytest.mark.parametrize("rule", [rule for rule in RULES if not isinstance(rule, SkipBroken)], ids=lambda r: r.label)
@pytest.mark.parametrize("broken", [np.nan, np.inf])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_every_rule_can_skip_broken_gradients(rule, broken, dtype):
    """The run that meets none is the plain one; the other one rests for two steps, and its memory stays sound."""
    hole = np.array([[broken, 1.0], [np.nan, np.nan]], dtype)

    def half_broken(theta):
        slope = BOWL2.grad(theta)
        return np.stack([hole[0], slope[1]])

    starts = np.array([[1.0, 2.0], [3.0, 4.0]], dtype)
    oracle = [half_broken, BOWL2.grad, half_broken, *3 * [BOWL2.grad]]
    both = run(SkipBroken(rule), BOWL2, starts, 6, oracle=oracle, keep_states=True)
    plain = run(rule, BOWL2, starts[1], 6).thetas
    np.testing.assert_allclose(both.thetas[:, 1], plain, rtol=1e-12 if dtype == np.float64 else 1e-5)
    np.testing.assert_array_equal(both.thetas[1, 0], starts[0])
    late = run(rule, BOWL2, starts[0], 4).thetas
    np.testing.assert_allclose(both.thetas[[1, 2, 4, 5, 6], 0], late, rtol=1e-12 if dtype == np.float64 else 1e-5)
    assert all(np.isfinite(leaf).all() for state in both.states for leaf in leaves(state))
    assert {leaf.dtype for state in both.states for leaf in leaves(state) if leaf.shape == starts.shape} <= {
        np.dtype(dtype)
    }


def test_skipping_survives_a_sweep_that_diverges():
    thetas = run(SkipBroken(GradientDescent(**sweep(lr=[0.1, 3.0]))), BOWL2, [1.0, 2.0], 2000).thetas
    assert np.isfinite(thetas).all() and np.abs(thetas[-1, 0]).max() < 1e-9


def test_a_rule_keeps_its_own_copy_of_an_array():
    rates = np.array([[0.1], [0.2]])
    rule = HeavyBall(rates)
    rates *= 10
    np.testing.assert_array_equal(rule.lr, [[0.1], [0.2]])


def test_a_label_does_not_round_beta_to_one():
    assert HeavyBall(0.1, 0.9995).label == "heavy ball, lr 0.1, beta 0.9995"
    assert HeavyBall(0.1, 0.9999).label == "heavy ball, lr 0.1, beta 0.9999"
    assert HeavyBall([0.1, 0.2], 1.0).label == "heavy ball, lr varied, beta 1"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Adam(0.1, **sweep(amsgrad=[0, 1])), "amsgrad is on or off, True or False, for all runs"),
        (lambda: RMSProp(0.1, centered=[True, False]), "centered is on or off"),
        (lambda: AdaGrad(0.1, initial_accumulator=lambda t: 0.1), "used once, before the first step"),
        (lambda: HeavyBall([[0.1], [0.1, 0.2]]), "rows of one length"),
        (lambda: run(TorchSGD("0.1"), BOWL, [1.0], 1), "lr must be a finite number.* it is '0.1'"),
        (lambda: run(TorchSGD(0.1, "0.9"), BOWL, [1.0], 1), "momentum must be a finite number.* it is '0.9'"),
        (lambda: run(TorchSGD(0.1, momentum=None), BOWL, [1.0], 1), "momentum must be a finite number"),
        (lambda: SkipBroken(HeavyBall), "What is guarded is a rule with its settings"),
        (lambda: SkipBroken(0.1), "What is guarded is a rule with its settings"),
        (lambda: TorchSGD(-0.1), "no lr below 0"),
        (lambda: TorchSGD(0.1, -0.9), "no momentum below 0"),
        (lambda: TorchSGD(0.1, 0.9, weight_decay=[0.0, -1.0]), "no weight_decay below 0"),
        (lambda: run(HeavyBall(lambda t: 0.1 * (1 - t / 3) ** 0.9), BOWL, [1.0], 10), "returned .* at update t = 4"),
        (lambda: run(HeavyBall(0.1j), BOWL, [1.0], 10), "lr must be a finite number"),
    ],
)
def test_bad_rules_are_refused_in_a_sentence(make, words):
    with pytest.raises(Slip, match=words):
        make()


@pytest.mark.parametrize("rule", [Adam(0.1, 2.0), Nadam(0.1, 2.0), LAMB(0.1, 2.0), Adam(0.1, 0.9, 2.0)])
def test_a_beta_above_one_that_outgrows_the_machine_is_told(rule):
    with pytest.raises(Slip, match="look at the settings"):
        run(rule, BOWL, [1.0], 1100)
