import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from momentum_lab.optimizers import Adam, GradientDescent, HeavyBall, Lion, Nesterov, TorchSGD
from momentum_lab.running import iterate, run
from momentum_lab.schedules import (
    constant,
    cosine,
    linear_warm_up,
    momentum_correction,
    nesterov_1983_beta,
    nesterov_beta,
    one_cycle,
    step_decay,
    sutskever_beta,
    warm_up_cosine,
)
from momentum_lab.slips import Slip
from momentum_lab.surfaces import Quadratic

BOWL = Quadratic([0.5, 3.0])


def values(schedule, *steps):
    return [schedule(t) for t in steps]


def test_the_simple_ones():
    assert values(constant(0.3), 0, 7) == [0.3, 0.3]
    np.testing.assert_allclose(values(linear_warm_up(1.0, 4), 0, 1, 3, 4, 9), [0, 0.25, 0.75, 1, 1])
    np.testing.assert_allclose(values(linear_warm_up(1.0, 4, start=0.2), 0, 2, 4), [0.2, 0.6, 1])
    np.testing.assert_allclose(values(cosine(1.0, 10), 0, 5, 10, 50), [1, 0.5, 0, 0], atol=1e-15)
    np.testing.assert_allclose(values(cosine(1.0, 10, end=0.2), 0, 5, 10), [1, 0.6, 0.2])
    np.testing.assert_allclose(values(step_decay(1.0, 0.1, 30), 0, 29, 30, 59, 60), [1, 1, 0.1, 0.1, 0.01])
    np.testing.assert_allclose(
        values(warm_up_cosine(1.0, 5, 15), 0, 4, 5, 10, 15, 99), [0, 0.8, 1, 0.5, 0, 0], atol=1e-15
    )


def test_a_warm_up_from_zero_spends_its_first_step_on_nothing():
    thetas = run(HeavyBall(linear_warm_up(0.1, 5)), BOWL, [1.0, 1.0], 2).thetas
    np.testing.assert_array_equal(thetas[1], thetas[0])
    assert (thetas[2] != thetas[1]).all()


def test_nesterov_s_growing_momentum():
    assert values(nesterov_beta(), 0, 1, 2, 3, 4, 10) == [0, 0, 1 / 4, 2 / 5, 1 / 2, 0.75]
    plain = run(GradientDescent(0.1), BOWL, [1.0, 1.0], 2).thetas
    np.testing.assert_array_equal(run(Nesterov(0.1, nesterov_beta()), BOWL, [1.0, 1.0], 2).thetas, plain)


def test_nesterov_s_schedule_of_1983():
    betas = np.array(values(nesterov_1983_beta(), *range(301)))
    np.testing.assert_allclose(betas[:4], [0, 0, 0.28175352, 0.43404278], atol=1e-8)
    assert (np.diff(betas[1:]) > 0).all() and 0.98 < betas[-1] < 1
    np.testing.assert_allclose(betas, values(nesterov_beta(), *range(301)), atol=0.04)
    shuffled = nesterov_1983_beta()
    assert values(shuffled, 300, 2, 7) == list(betas[[300, 2, 7]])  # no matter in which order it is asked


def test_sutskever_s_growing_momentum():
    np.testing.assert_allclose(
        values(sutskever_beta(0.999), 0, 249, 250, 500, 750, 10**7), [0.5, 0.5, 0.75, 5 / 6, 7 / 8, 0.999]
    )
    for t in (0, 777, 5000):
        assert sutskever_beta(1.0)(t) == pytest.approx(1 - 2 ** (-1 - math.log2(t // 250 + 1)))


def test_one_cycle_rises_and_falls_and_momentum_mirrors_it():
    lr, beta = one_cycle(1.0, 100)
    rates, betas = values(lr, *range(100)), values(beta, *range(100))
    assert np.argmax(rates) == np.argmin(betas) == 29 and (rates[29], betas[29]) == (1.0, 0.85)
    assert (rates[0], betas[0]) == pytest.approx((0.04, 0.95)) and (rates[99], betas[99]) == pytest.approx((4e-6, 0.95))
    assert (np.diff(rates[:30]) > 0).all() and (np.diff(rates[29:]) < 0).all()
    assert ((np.diff(rates) > 0) == (np.diff(betas) < 0)).all()
    effective = np.array(rates) / (1 - np.array(betas))
    assert effective[0] == pytest.approx(0.8) and effective.max() == pytest.approx(20 / 3)


def test_a_peak_between_two_updates_is_not_reached():
    assert max(values(one_cycle(1.0, 25).lr, *range(25))) == pytest.approx(0.99799, abs=5e-6)
    assert max(values(one_cycle(1.0, 5).lr, *range(5))) == pytest.approx(0.950, abs=5e-4)


def test_one_cycle_goes_into_a_rule_as_it_is():
    trajectory = run(HeavyBall(*one_cycle(0.1, 50)), BOWL, [1.0, 1.0], 50)
    assert trajectory.gaps[-1] < 0.01 * trajectory.gaps[0]


def test_a_long_rise_leaves_room_if_its_phases_are_in_order():
    assert len(values(one_cycle(0.1, 10, rise=0.5, three_phases=True).lr, *range(10))) == 10
    assert len(values(one_cycle(0.1, 4).lr, *range(4))) == 4


@given(st.integers(4, 60), st.floats(0.26, 0.49), st.booleans(), st.sampled_from(["cosine", "line"]))
def test_a_cycle_stays_within_its_bounds(steps, rise, three, shape):
    lr, beta = one_cycle(2.0, steps, rise=rise, three_phases=three, shape=shape)
    rates, betas = np.array(values(lr, *range(steps))), np.array(values(beta, *range(steps)))
    assert (rates > 0).all() and (rates <= 2.0 + 1e-12).all()
    assert (betas >= 0.85 - 1e-12).all() and (betas <= 0.95 + 1e-12).all()
    for t in (-1, steps, steps + 5):
        with pytest.raises(Slip, match="over after"):
            lr(t)


@pytest.mark.parametrize("kind", [HeavyBall, Nesterov])
def test_momentum_correction_makes_the_learning_rate_act_at_once(kind):
    lr = step_decay(0.1, 0.1, 10)
    ours = run(kind(lr, momentum_correction(0.9, lr)), BOWL, [1.0, 1.0], 30, keep_states=True)
    theirs = run(TorchSGD(lr, 0.9, nesterov=kind is Nesterov), BOWL, [1.0, 1.0], 30)
    if kind is HeavyBall:
        np.testing.assert_allclose(ours.thetas, theirs.thetas, atol=1e-14)
    else:  # PyTorch's point is the one looked ahead to, with the learning rate of the next step
        beta = momentum_correction(0.9, lr)
        ahead = [
            theta - beta(t) * state.velocity
            for t, (theta, state) in enumerate(zip(ours.thetas, ours.states, strict=True))
        ]
        np.testing.assert_allclose(ahead[:10], theirs.thetas[:10], atol=1e-14)


def test_a_steady_gradient_through_a_drop_of_the_learning_rate():
    """lr 0.1 -> 0.01, beta 0.9: steps 0.91, 0.829, ... with lr inside the velocity, 0.1 at once with it outside."""
    lr = step_decay(0.1, 0.1, 400)
    steady = 405 * [np.ones_like]
    inside, outside, corrected = (
        -np.diff([theta[0] for theta, _ in iterate(rule, steady, np.zeros(1))])[400:]
        for rule in (HeavyBall(lr), TorchSGD(lr, 0.9), HeavyBall(lr, momentum_correction(constant(0.9), lr)))
    )
    np.testing.assert_allclose(inside[:3], [0.91, 0.829, 0.7561], atol=1e-12)
    np.testing.assert_allclose(outside, 0.1, atol=1e-12)
    np.testing.assert_allclose(corrected, 0.1, atol=1e-12)


def test_every_setting_takes_a_schedule():
    rule = Adam(cosine(0.1, 20), beta1=one_cycle(1.0, 20).beta, beta2=constant(0.99), eps=step_decay(1e-3, 0.1, 5))
    by_hand, state = np.array([1.0, 1.0]), rule.init(np.zeros(2))
    for t in range(20):
        now = Adam(cosine(0.1, 20)(t), one_cycle(1.0, 20).beta(t), 0.99, step_decay(1e-3, 0.1, 5)(t))
        by_hand, state = now.step(by_hand, BOWL.grad, state)
    np.testing.assert_array_equal(run(rule, BOWL, [1.0, 1.0], 20).thetas[-1], by_hand)
    assert run(Lion(0.1, beta2=sutskever_beta(0.99)), BOWL, [1.0, 1.0], 5).steps == 5


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: linear_warm_up(0.1, 0), "at least one step"),
        (lambda: cosine(0.1, -1), "at least one step"),
        (lambda: step_decay(0.1, 0.5, 0), "at least one step"),
        (lambda: sutskever_beta(every=0), "at least one step"),
        (lambda: warm_up_cosine(0.1, 20, 20), "at least one step and fewer than all"),
        (lambda: one_cycle(0.1, 1), "leaves room for the fall"),
        (lambda: one_cycle(0.1, 100, rise=0.0), "leaves room for the fall"),
        (lambda: one_cycle(0.1, 100, rise=0.6, three_phases=True), "leaves room for the fall"),
        (lambda: one_cycle(0.1, 100, shape="cos"), "one of cosine, line"),
        (lambda: momentum_correction(0.9, linear_warm_up(0.1, 5))(1), "which is 0 at update 0"),
        (lambda: momentum_correction(0.9, lambda t: None)(1), "The learning rate at update 0 is a finite number"),
        (lambda: momentum_correction(lambda t: None, lambda t: 0.1)(1), "beta is a finite number"),
        (lambda: momentum_correction(0.9, 0.1), "a learning rate that changes, a schedule; this is 0.1"),
        (lambda: warm_up_cosine(0.1, 0, 20), "at least one step and fewer than all; these are 0 of 20"),
        (lambda: one_cycle(0.1, 20, divide=0), "divides its peak by numbers above 0"),
        (lambda: one_cycle(0.1, 3), "leaves room for the fall"),
        (lambda: cosine(0.1, None), "at least one step; this is None"),
        (lambda: linear_warm_up(0.1, "5"), "at least one step; this is '5'"),
    ],
)
def test_bad_schedules_are_refused_in_a_sentence(make, words):
    with pytest.raises(Slip, match=words):
        make()
