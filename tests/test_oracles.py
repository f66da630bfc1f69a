from itertools import islice

import numpy as np
import pytest

from momentum_lab.optimizers import GradientDescent, HeavyBall, Nesterov
from momentum_lab.oracles import AdditiveNoise, Counting, CurvatureNoise, MiniBatches, exact
from momentum_lab.running import run
from momentum_lab.slips import Slip
from momentum_lab.surfaces import Quadratic, twelve_dots

BOWL = Quadratic([1.0, 4.0])


def test_counting_counts_and_keeps_the_points():
    counted = Counting(BOWL.grad)
    trajectory = run(GradientDescent(0.1), BOWL, [1.0, 1.0], 7, oracle=exact(counted))
    assert counted.calls == 7  # checking what comes in costs no evaluation
    np.testing.assert_array_equal(counted.asked_at, trajectory.thetas[:-1])


def test_the_kept_points_are_copies():
    point, counted = np.array([1.0, 2.0]), Counting(BOWL.grad)
    counted(point)
    point[:] = 0
    np.testing.assert_array_equal(counted.asked_at[0], [1.0, 2.0])


def test_every_step_gets_its_own_gradient_function():
    """A lookahead must see the same sample as the step that it belongs to."""
    samples = [lambda theta, s=s: s * theta for s in (1.0, 3.0, 2.0)]
    thetas = run(Nesterov(0.1, 0.5), BOWL, [1.0, 1.0], 3, oracle=samples).thetas
    v1 = 0.1
    x1 = 1 - v1
    v2 = 0.5 * v1 + 0.1 * 3 * (x1 - 0.5 * v1)
    x2 = x1 - v2
    v3 = 0.5 * v2 + 0.1 * 2 * (x2 - 0.5 * v2)
    np.testing.assert_allclose(thetas[:, 0], [1, x1, x2, x2 - v3], rtol=1e-15)


NOISY = [AdditiveNoise(BOWL.grad, 0.5, 7), CurvatureNoise(BOWL.grad, 0.3, 7), MiniBatches(twelve_dots(), 5, 7)]


@pytest.mark.parametrize("oracle", NOISY, ids=lambda o: type(o).__name__)
def test_the_same_oracle_gives_two_runs_the_same_noise(oracle):
    one, two = (run(HeavyBall(0.05, 0.9), BOWL, [1.0, 1.0], 30, oracle=oracle).thetas for _ in range(2))
    np.testing.assert_array_equal(one, two)
    other = type(oracle)(*list(vars(oracle).values())[:2], seed=8)
    assert not np.array_equal(one, run(HeavyBall(0.05, 0.9), BOWL, [1.0, 1.0], 30, oracle=other).thetas)


@pytest.mark.parametrize("oracle", NOISY, ids=lambda o: type(o).__name__)
def test_within_a_step_the_noise_stays(oracle):
    theta = np.array([1.0, 2.0])
    first, second = islice(oracle, 2)
    np.testing.assert_array_equal(first(theta), first(theta))
    assert not np.array_equal(first(theta), second(theta))


def test_the_noise_has_the_size_that_was_asked_for():
    theta = np.tile([3.0, -1.0], (200_000, 1))
    added = next(iter(AdditiveNoise(BOWL.grad, 0.5, 0)))(theta) - BOWL.grad(theta)
    np.testing.assert_allclose(added.mean(axis=0), 0, atol=0.005)
    np.testing.assert_allclose(added.std(axis=0), 0.5, rtol=0.01)
    factors = next(iter(CurvatureNoise(BOWL.grad, 0.3, 0)))(theta) / BOWL.grad(theta)
    np.testing.assert_allclose(factors[:, 0], factors[:, 1], rtol=1e-12)  # one factor a run
    assert factors.mean() == pytest.approx(1.0, abs=0.01) and factors.var() == pytest.approx(0.3, rel=0.02)


def test_noise_in_one_coordinate_only():
    theta = np.zeros((50, 2))
    drawn = next(iter(AdditiveNoise(BOWL.grad, np.array([0.0, 1.0]), 0)))(theta)
    assert (drawn[:, 0] == 0).all() and drawn[:, 1].std() > 0.5


def test_float32_noise_stays_float32():
    for oracle in NOISY[:2]:
        assert next(iter(oracle))(np.zeros(2, np.float32) + 1).dtype == np.promote_types(np.float32, BOWL.grad(
            np.zeros(2, np.float32)).dtype)  # fmt: skip
        assert run(HeavyBall(0.1), BOWL, np.ones(2, np.float32), 3, oracle=oracle).thetas.dtype == np.float32


def test_every_example_is_seen_once_an_epoch():
    dots = twelve_dots()
    seen = []

    class Watched:
        examples = dots.examples

        def grad_on(self, theta, rows):
            seen.append(rows)
            return dots.grad_on(theta, rows)

    batches = MiniBatches(Watched(), 5, seed=3)
    assert batches.steps_per_epoch == 3
    run(GradientDescent(0.01), dots, [0.0, 0.0], 6, oracle=batches)
    assert [len(rows) for rows in seen] == [5, 5, 2, 5, 5, 2]
    for epoch in (seen[:3], seen[3:]):
        assert sorted(np.concatenate(epoch)) == list(range(12))
    assert not np.array_equal(seen[0], seen[3])


def test_a_batch_of_all_is_the_exact_gradient():
    dots, theta = twelve_dots(), np.array([0.3, -0.2])
    np.testing.assert_allclose(next(iter(MiniBatches(dots, 12, 0)))(theta), dots.grad(theta), atol=1e-12)


@pytest.mark.parametrize("size", [0, 13, 2.5])
def test_a_bad_batch_size_is_named(size):
    with pytest.raises(Slip, match="whole number of examples between 1 and 12"):
        MiniBatches(twelve_dots(), size, 0)


@pytest.mark.parametrize(
    ("oracle", "words"),
    [
        (lambda: AdditiveNoise(BOWL.grad, "much", 0), "scale is a finite number"),
        (lambda: AdditiveNoise(BOWL.grad, [0.1, 0.2, 0.3], 0), r"one number, or one a coordinate; it has shape \(3,\)"),
        (lambda: AdditiveNoise(None, 0.1, 0), "A gradient is a function of theta"),
        (lambda: AdditiveNoise(lambda theta: None, 0.1, 0), "The gradient returned None"),
        (lambda: AdditiveNoise(BOWL.grad, 0.1, -1), "A seed is a whole number from 0 on; this is -1"),
        (lambda: CurvatureNoise(BOWL.grad, "much", 0), "spread is one finite number"),
        (lambda: CurvatureNoise(BOWL.grad, [0.1, 0.2], 0), "spread is one finite number"),
        (lambda: CurvatureNoise(lambda theta: None, 0.1, 0), "The gradient returned None"),
        (lambda: CurvatureNoise(BOWL.grad, 0.1, 1.5), "A seed is a whole number from 0 on; this is 1.5"),
        (lambda: MiniBatches(twelve_dots(), 3, "x"), "A seed is a whole number from 0 on; this is 'x'"),
        (lambda: MiniBatches(BOWL, 3, 0), "a problem made of examples"),
        (lambda: MiniBatches(3, twelve_dots(), 0), "a problem made of examples"),
        (lambda: Counting(None), "A gradient is a function of theta"),
    ],
)
def test_a_bad_oracle_is_told_in_a_sentence(oracle, words):
    with pytest.raises(Slip, match=words):
        run(GradientDescent(0.1), BOWL, [1.0, 1.0], 2, oracle=oracle())


def test_a_negative_spread_is_refused():
    with pytest.raises(Slip, match="variance, 0 or more"):
        CurvatureNoise(BOWL.grad, -0.1, 0)


@pytest.mark.parametrize("kind", [AdditiveNoise, CurvatureNoise])
def test_a_surface_in_the_place_of_its_gradient_is_named(kind):
    with pytest.raises(Slip, match=r"hand over surface\.grad"):
        kind(BOWL, 0.1, 0)
    assert next(iter(kind(Counting(BOWL.grad), 0.1, 0)))(np.ones(2)).shape == (2,)


def test_counting_is_an_oracle_by_itself():
    counted = Counting(BOWL.grad)
    run(GradientDescent(0.1), BOWL, [1.0, 1.0], 7, oracle=counted)
    assert counted.calls == 7


def test_numpy_s_whole_numbers_are_whole_numbers():
    assert MiniBatches(twelve_dots(), np.int64(5), 0).steps_per_epoch == 3
    with pytest.raises(Slip, match="whole number"):
        MiniBatches(twelve_dots(), True, 0)
