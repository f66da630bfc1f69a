"""Twelve mistakes that other people's libraries were reported for, each with the right value here.

The threads are named by repository and number; the numbers were computed with the libraries.
"""

import numpy as np
import pytest

from momentum_lab import schedules
from momentum_lab.optimizers import Adam, AdamW, HeavyBall, Nesterov, RMSProp, SkipBroken, TorchSGD
from momentum_lab.running import iterate, run
from momentum_lab.slips import Slip
from momentum_lab.surfaces import Quadratic


def fed(rule, slopes, start=0.0):
    """The points of a rule that is handed these gradients."""
    oracle = [lambda theta, slope=slope: np.array([slope]) for slope in slopes]
    return [theta[0] for theta, _ in iterate(rule, oracle, np.array([start]))][1:]


def test_b1_the_first_gradient_is_not_dampened():
    """pytorch/pytorch#152833, ml-explore/mlx#473."""
    np.testing.assert_allclose(fed(TorchSGD(0.1, 0.9, 0.5), 3 * [1.0]), [-0.1, -0.24, -0.416], atol=1e-15)
    dampened_from_the_start = [-0.05, -0.145, -0.2805]  # the course's own form with half the learning rate
    np.testing.assert_allclose(fed(HeavyBall(0.05, 0.9), 3 * [1.0])[:2], [-0.05, -0.145], atol=1e-15)
    assert fed(TorchSGD(0.1, 0.9, 0.5), 3 * [1.0])[-1] != pytest.approx(dampened_from_the_start[-1])


def test_b2_a_new_learning_rate_acts_on_the_whole_buffer_or_on_new_gradients_only():
    """pytorch/pytorch#1099, jax-ml/jax#1528."""
    lr = lambda t: 0.1 if t == 0 else 0.01  # noqa: E731
    assert fed(TorchSGD(lr, 0.9), 2 * [1.0])[-1] == pytest.approx(-0.119, abs=1e-15)
    assert fed(HeavyBall(lr, 0.9), 2 * [1.0])[-1] == pytest.approx(-0.2, abs=1e-15)
    corrected = HeavyBall(lr, schedules.momentum_correction(0.9, lr))
    assert fed(corrected, 2 * [1.0])[-1] == pytest.approx(-0.119, abs=1e-15)


def test_b3_pytorch_s_nesterov_shows_the_point_looked_ahead_to():
    """pytorch/pytorch#5920, #14465, #887; keras-team/keras#966; google-deepmind/optax#900."""
    bowl = Quadratic([10.0])
    ours = run(Nesterov(0.02, 0.9), bowl, [1.0], 4, keep_states=True)
    theirs = run(TorchSGD(0.02, 0.9, nesterov=True), bowl, [1.0], 4)
    np.testing.assert_allclose(ours.thetas[1:, 0], [0.8, 0.496, 0.17792, -0.0866816], atol=1e-15)
    np.testing.assert_allclose(theirs.thetas[1:, 0], [0.62, 0.2224, -0.108352, -0.32482304], atol=1e-15)
    ahead = [theta - 0.9 * state.velocity for theta, state in zip(ours.thetas, ours.states, strict=True)]
    np.testing.assert_allclose(ahead, theirs.thetas, atol=1e-15)


def test_b4_the_sign_of_nesterov_s_extra_term():
    """PaddlePaddle/Paddle#12231."""
    assert fed(TorchSGD(0.1, 0.9, nesterov=True), 3 * [1.0])[-1] == pytest.approx(-0.8049, abs=1e-15)


def test_b5_rmsprop_s_eps_stands_outside_the_root():
    """pytorch/pytorch#23796, jax-ml/jax#1427, tensorflow/tensorflow#58412; inside it would be -0.000999995."""
    assert fed(RMSProp(0.1), [1e-6])[0] == pytest.approx(-0.3065343, abs=5e-8)


def test_b6_adam_s_eps_is_added_after_the_correction():
    """tensorflow/tensorflow#9047, keras-team/keras#17391; with eps-hat it would be -0.0030653430."""
    assert fed(Adam(0.1), [1e-8])[0] == pytest.approx(-0.05, abs=1e-9)
    eps_hat = Adam(0.1, eps=lambda t: 1e-8 / np.sqrt(1 - 0.999 ** (t + 1)))
    assert fed(eps_hat, [1e-8])[0] == pytest.approx(-0.0030653430, abs=5e-11)


@pytest.mark.parametrize("start", [2.0, 10.0])
def test_b7_adamw_decays_outside_the_gradient(start):
    """keras-team/keras#19051, pytorch/pytorch#41679.  From 10 both give 9.9: a test has to start elsewhere too."""
    assert fed(AdamW(0.1, weight_decay=0.1), [0.0], start)[0] == pytest.approx(start * 0.99)
    assert fed(Adam(0.1, weight_decay=0.1), [0.0], start)[0] == pytest.approx(start - 0.1)


@pytest.mark.parametrize(("steps", "shape"), [(50, "cosine"), (20, "line")])
def test_b8_a_cycle_that_is_over_gives_no_learning_rate(steps, shape):
    """pytorch/pytorch#91765, #91853, #92040: one step too many turned the rate round, or made it -0.0714."""
    cycle = schedules.one_cycle(1.0, steps, shape=shape)
    assert cycle.lr(steps - 1) == pytest.approx(4e-6)
    assert cycle.beta(steps - 1) == pytest.approx(0.95)
    for schedule in cycle:
        with pytest.raises(Slip, match=f"over after {steps} updates; there is no update t = {steps}"):
            schedule(steps)
    with pytest.raises(Slip, match="no update t = 20"):
        run(HeavyBall(*schedules.one_cycle(0.1, 20)), Quadratic([1.0]), [1.0], 21)


@pytest.mark.parametrize("rule", [HeavyBall(0.1, 0.9), TorchSGD(0.1, 0.9), Adam(0.1), RMSProp(0.1, momentum=0.9)])
def test_b9_a_gradient_buffer_may_be_used_again(rule):
    """shivram1987/diffGrad#2, jettify/pytorch-optimizer#55: the velocity was the caller's own array."""
    shared = np.empty(1)

    def reused(theta):
        np.multiply(2.0, theta, out=shared)
        return shared

    bowl = Quadratic([2.0])
    np.testing.assert_array_equal(
        run(rule, bowl, [1.0], 3, oracle=3 * [reused]).thetas, run(rule, bowl, [1.0], 3).thetas
    )
    if isinstance(rule, HeavyBall):
        np.testing.assert_allclose(run(rule, bowl, [1.0], 3).thetas[1:, 0], [0.8, 0.46, 0.062], atol=1e-15)


def test_b10_whole_numbers_are_refused():
    """google-deepmind/optax#333, keras-team/keras#20058: they converge "faster" because updates are cut off."""
    with pytest.raises(Slip, match="whole numbers"):
        run(Adam(0.1), Quadratic([2.0]), [100], 3)
    assert run(Adam(0.1), Quadratic([2.0]), [100.0], 3).thetas[-1, 0] == pytest.approx(99.7, abs=1e-3)


def test_b11_a_point_without_axes_is_refused_and_never_changed():
    """candle-org/candle#322."""
    start = np.array(1.0)
    with pytest.raises(Slip, match="list of floats"):
        run(HeavyBall(0.1), Quadratic([1.0]), start, 3)
    moved, _ = HeavyBall(0.1).step(start, lambda theta: theta, HeavyBall(0.1).init(start))
    assert start == 1.0 and moved == pytest.approx(0.9)


@pytest.mark.parametrize("rule", [TorchSGD(0.1, 0.9), Adam(0.1)])
def test_b12_one_broken_gradient_poisons_the_memory_for_good_unless_skipped(rule):
    """anthonytorlucci/rlevo#184, facebookresearch/habitat-lab#2226."""
    slopes = [1.0, np.nan, 1.0, 1.0]
    assert np.isnan(fed(rule, slopes)[1:]).all()
    skipped = fed(SkipBroken(rule), slopes)
    assert skipped[0] == skipped[1] and np.isfinite(skipped).all()
    if isinstance(rule, Adam):
        np.testing.assert_allclose(skipped, [-0.1, -0.1, -0.2, -0.3], atol=1e-8)
    with pytest.raises(Slip, match="The gradient of step 2 was not a number"):
        run(rule, Quadratic([1.0]), [0.0], 4, oracle=[lambda t, s=s: np.array([s]) for s in slopes])
