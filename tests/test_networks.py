import hashlib

import numpy as np
import pytest

from momentum_lab.networks import Network, Training, load_digits
from momentum_lab.optimizers import Adam, HeavyBall
from momentum_lab.oracles import MiniBatches
from momentum_lab.running import iterate, run
from momentum_lab.searching import search
from momentum_lab.slips import Slip

DIGITS = load_digits()
SMALL = Network((64, 32, 10))


def some_data(sizes, examples=7, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(examples, sizes[0])), rng.integers(0, sizes[-1], examples)


@pytest.mark.parametrize("sizes", [(3, 4), (3, 5, 4), (2, 6, 5, 3), (64, 32, 10)])
def test_the_gradient_is_the_slope(sizes):
    network, (x, labels) = Network(sizes), some_data(sizes)
    rng = np.random.default_rng(1)
    for seed in range(3):
        theta = network.init(seed) + 0.1 * rng.normal(size=network.dim)
        slope = network.grad(theta, x, labels)
        # A kink of max(0, .) between the two points would spoil a difference: go along single coordinates, a little.
        chosen = range(network.dim) if network.dim < 100 else rng.choice(network.dim, 100, replace=False)
        for i in chosen:
            e = 1e-6 * (np.arange(network.dim) == i)
            measured = (network.loss(theta + e, x, labels) - network.loss(theta - e, x, labels)) / 2e-6
            assert slope[i] == pytest.approx(measured, abs=2e-8)


def test_without_a_hidden_layer_it_is_softmax_regression():
    network, (x, labels) = Network((3, 4)), some_data((3, 4))
    theta = np.random.default_rng(0).normal(size=network.dim)
    weights, biases = theta[:12].reshape(3, 4), theta[12:]
    shares = np.exp(x @ weights + biases)
    shares /= shares.sum(axis=1, keepdims=True)
    assert network.loss(theta, x, labels) == pytest.approx(-np.log(shares[np.arange(7), labels]).mean())
    error = (shares - np.eye(4)[labels]) / 7
    np.testing.assert_allclose(network.grad(theta, x, labels), [*(x.T @ error).ravel(), *error.sum(axis=0)], atol=1e-15)


def test_knowing_nothing_costs_the_logarithm_of_the_number_of_classes():
    assert SMALL.loss(np.zeros(SMALL.dim), DIGITS.x, DIGITS.labels) == pytest.approx(np.log(10))
    assert SMALL.dim == 64 * 32 + 32 + 32 * 10 + 10 == 2410


def test_huge_scores_do_not_overflow():
    theta = 1e4 * SMALL.init(0)
    assert np.isfinite(SMALL.loss(theta, DIGITS.x, DIGITS.labels))
    assert np.isfinite(SMALL.grad(theta, DIGITS.x, DIGITS.labels)).all()


def test_many_networks_at_once_are_the_single_ones():
    training = Training(SMALL, DIGITS.x[:64], DIGITS.labels[:64])
    thetas = np.stack([SMALL.init(seed) for seed in range(3)])
    assert training(thetas).shape == training.accuracy(thetas).shape == (3,)
    for i in range(3):
        np.testing.assert_allclose(training.grad(thetas)[i], training.grad(thetas[i]), atol=1e-14)
    together = run(HeavyBall(0.1, 0.9), training, thetas, 5).thetas[-1]
    np.testing.assert_allclose(together[1], run(HeavyBall(0.1, 0.9), training, thetas[1], 5).thetas[-1], atol=1e-12)


def test_the_digits():
    """The 1797 digits of scikit-learn's load_digits, by their checksum (tests/test_live_parity.py compares them)."""
    x = np.concatenate([DIGITS.x, DIGITS.held_out_x])
    labels = np.concatenate([DIGITS.labels, DIGITS.held_out_labels])
    back = np.argsort(np.random.default_rng(0).permutation(1797))
    images, labels = (x[back] * 16).astype(np.uint8), labels[back].astype(np.uint8)
    checksum = "87ff0c9e40dc7e2c0e34e7257799c2e3f3aec1a016363bb11cad869ec428a826"
    assert hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest() == checksum
    assert DIGITS.x.shape == (1400, 64) and DIGITS.held_out_x.shape == (397, 64)
    assert DIGITS.x.min() == 0.0 and DIGITS.x.max() == 1.0
    assert sorted(np.bincount(labels)) == [174, 177, 178, 179, 180, 181, 181, 182, 182, 183]


def trained(lr, beta, seed, epochs=20):
    training = Training(SMALL, DIGITS.x, DIGITS.labels)
    batches = MiniBatches(training, 32, seed)
    last = run(
        HeavyBall(lr, beta), training, SMALL.init(seed), epochs * batches.steps_per_epoch, oracle=batches
    ).thetas[-1]
    return training(last), SMALL.accuracy(last, DIGITS.held_out_x, DIGITS.held_out_labels)


def test_at_the_same_effective_learning_rate_momentum_makes_no_difference():
    """lr / (1 - beta) = 0.05 both times: training loss 0.182 and 0.186 after 20 epochs, median of 10 seeds."""
    plain, ball = (
        np.median([trained(lr, beta, s) for s in range(10)], axis=0) for lr, beta in ((0.05, 0), (0.005, 0.9))
    )
    assert plain[0] == pytest.approx(0.182, abs=5e-4) and ball[0] == pytest.approx(0.186, abs=5e-4)
    assert ball[0] == pytest.approx(plain[0], rel=0.05)
    assert plain[1] == pytest.approx(ball[1], abs=0.005) and plain[1] > 0.96


def test_the_article_s_sizes_run_too():
    network = Network((784, 256, 10))
    assert network.dim == 203_530
    x, labels = some_data((784, 10), 64)
    training = Training(network, x, labels)
    path = iterate(Adam(1e-3), 5 * [training.grad], network.init(0))
    losses = [training(theta) for theta, _ in path]
    assert losses[-1] < 0.5 * losses[0]


def test_an_equal_budget_on_the_digits():
    training = Training(SMALL, DIGITS.x, DIGITS.labels)
    batches = MiniBatches(training, 32, 0)
    candidates = [HeavyBall(lr, 0.9) for lr in (0.0005, 0.05)]
    best, worst = search(candidates, training, SMALL.init(0), 200, oracle=batches)
    assert best.optimizer.lr == 0.05 and best.loss < 0.5 < worst.loss
    assert best.evaluations == worst.evaluations == 100


def test_a_loss_without_a_known_minimum_says_so():
    training = Training(SMALL, DIGITS.x, DIGITS.labels)
    trajectory = run(HeavyBall(0.1), training, SMALL.init(0), 2)
    assert trajectory.gaps.shape == (3,) and trajectory.diverged is None
    with pytest.raises(Slip, match="no lowest point"):
        _ = trajectory.distances


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Network((64,)), "inputs and classes at least"),
        (lambda: Network((64, 0, 10)), "whole numbers"),
        (lambda: SMALL.loss(np.zeros(7), DIGITS.x, DIGITS.labels), "has 2410 parameters; these are 7"),
        (lambda: Training(SMALL, DIGITS.x[:, :5], DIGITS.labels), "takes 64 numbers an example"),
        (lambda: Training(SMALL, DIGITS.x, DIGITS.labels[:5]), "one label each"),
        (lambda: SMALL.loss(None, DIGITS.x, DIGITS.labels), "has 2410 parameters; these are object"),
        (lambda: SMALL.grad(np.zeros(2410), DIGITS.x[:, :5], DIGITS.labels), "takes 64 numbers an example"),
        (lambda: SMALL.scores(np.zeros(2410), DIGITS.x[0]), r"in an array of shape \(examples, 64\)"),
        (lambda: SMALL.accuracy(np.zeros(2410), DIGITS.x, 3), "one label each"),
        (lambda: SMALL.loss(np.zeros(2410), DIGITS.held_out_x, DIGITS.labels), "one label each"),
        (lambda: SMALL.grad(np.zeros(2410), DIGITS.x, DIGITS.labels[:1]), "one label each"),
        (lambda: Training(SMALL, DIGITS.x[:0], DIGITS.labels[:0]), "takes 64 numbers an example"),
        (lambda: Training(SMALL, DIGITS, DIGITS.labels), "takes 64 numbers an example"),
        (lambda: Training((64, 32, 10), DIGITS.x, DIGITS.labels), "Training needs a network"),
        (lambda: SMALL.init(1.5), "A seed is a whole number from 0 on"),
        (lambda: load_digits(-1), "A seed is a whole number from 0 on"),
        (lambda: load_digits(training=1797), "with some held out"),
        (lambda: load_digits(training=1400.0), "with some held out"),
        (lambda: Training(SMALL, DIGITS.x, DIGITS.labels - 1), "whole numbers from 0 to 9"),
        (lambda: Training(SMALL, DIGITS.x, DIGITS.labels + 1), "whole numbers from 0 to 9"),
        (lambda: Training(SMALL, DIGITS.x, DIGITS.labels / 1.0), "whole numbers from 0 to 9"),
        (lambda: Training(SMALL, DIGITS.x, np.eye(10)[DIGITS.labels]), "one label each"),
    ],
)
def test_bad_networks_are_refused_in_a_sentence(make, words):
    with pytest.raises(Slip, match=words):
        make()


def test_lists_are_as_good_as_arrays():
    theta, x, labels = SMALL.init(0), DIGITS.x[:5], DIGITS.labels[:5]
    assert SMALL.loss(theta.tolist(), x.tolist(), labels.tolist()) == SMALL.loss(theta, x, labels)
    np.testing.assert_array_equal(SMALL.grad(theta.tolist(), x, labels), SMALL.grad(theta, x, labels))
