"""What lesson 08b says beside the numbers its cells print."""

import numpy as np
import pytest

from course import source
from momentum_lab.checks import bank
from momentum_lab.checks.judge import judge
from momentum_lab.checks.verdict import ERROR, PASSED, WRONG
from momentum_lab.explorers.budget_race import stored
from momentum_lab.networks import Network, Training, load_digits


def training(lr, beta, batch):
    return {"lr": lr, "beta": beta, "batch": batch}


@pytest.mark.parametrize(
    ("settings", "status", "words"),
    [
        (training(0.06, 0.9, 16), PASSED, "After 264 steps each, 5 networks have a median training loss of 0.105"),
        (training(0.4, 0.0, 8), PASSED, "median training loss of 0.128"),  # the praise says so
        (training(0.05, 0.9, 32), WRONG, "median training loss of 0.192"),
        (training(0.2, 0.0, 32), WRONG, "A median of 0.13 or less is asked for."),
        (training(0.05, 0.9, 8.5), ERROR, "`batch` is a whole number; yours is 8.5."),
    ],
)
def test_the_capstone_can_be_reached_with_and_without_momentum(settings, status, words):
    verdict = judge({name: float(value) for name, value in settings.items()}, bank.load("08b.capstone"))
    assert verdict.status == status and words in verdict.message


@pytest.mark.parametrize(
    ("tries", "lowest", "highest", "beta", "status", "words"),
    [
        (3, 0.03, 0.3, 0.8, PASSED, "3 tries have 133 evaluations each."),
        (2, 0.02, 0.2, 0.7, PASSED, "2 tries have 200 evaluations each."),
        (10, 0.001, 1.0, 0.9, WRONG, "10 tries have 40 evaluations each."),
        (1, 0.1, 0.1, 0.8, WRONG, "all or more on the steep bowl"),
        (3, 0.3, 0.03, 0.8, WRONG, "`lowest` is above `highest`"),
        (2.5, 0.03, 0.3, 0.8, ERROR, "`tries` is a whole number"),
    ],
)
def test_tuning_three_problems(tries, lowest, highest, beta, status, words):
    settings = {"tries": float(tries), "lowest": lowest, "highest": highest, "beta": beta}
    verdict = judge(settings, bank.load("08b.tune_three"))
    assert verdict.status == status and words in verdict.message


def reference(name):
    (path,) = (p for p in source.sources() if source.key(p) == "08b")
    (item,) = (i for i in source.items(path) if i.id == name)
    return source.reference(path, item)


def test_the_examples_in_the_texts_are_true():
    product, curvature = reference("08b.curvature")(np.ones(2), np.array([2.0, 0]), lambda t: np.array([3, 1]) * t, 0.1)
    np.testing.assert_allclose([*product, curvature], [3, 0, 3], atol=1e-12)
    found = reference("08b.fair")(np.array([[1.0, 2, 9], [3, 3, 3]]), np.array([[4.0, 5, 6], [1, 1, 1]]))
    np.testing.assert_allclose(found, [0, 4.2, 5.0, 5.8])


def test_where_the_loss_is_smooth_looking_ahead_and_behind_is_the_more_exact_one():
    """Without a hidden layer nothing is cut off at 0, so there are no kinks."""
    digits, network = load_digits(), Network((64, 10))
    problem, theta = Training(network, digits.x, digits.labels), network.init(0)
    way = np.random.default_rng(1).normal(size=network.dim)
    true, central = (reference("08b.curvature")(theta, way, problem.grad, eps)[1] for eps in (1e-4, 1e-2))
    way /= np.linalg.norm(way)
    ahead = way @ (problem.grad(theta + 1e-2 * way) - problem.grad(theta)) / 1e-2
    assert abs(central - true) < 0.01 * abs(ahead - true)


def test_what_is_left_at_rest_is_less_than_the_networks_differ():
    (low, middle, high) = np.moveaxis(stored()["pairs"][1, 1, :, 0, :, -1], -1, 0)
    assert abs(middle[0] - middle[1]) < (high - low).min()
