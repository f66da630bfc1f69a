"""What lesson 06a says beside the numbers its cells print."""

from itertools import combinations

import numpy as np
import pytest

from course import source
from momentum_lab.optimizers import HeavyBall
from momentum_lab.oracles import MiniBatches
from momentum_lab.running import run
from momentum_lab.surfaces import twelve_dots
from momentum_lab.theory import noise_floor

DOTS = twelve_dots()


def answer_of(item_id):
    (path,) = (p for p in source.sources() if source.key(p) == "06a")
    (item,) = (i for i in source.items(path) if i.id == item_id)
    return source.reference(path, item)


def exact_over_law(lr, beta, size):
    """Return the exact long-run mean squares on independent batches, over those of the law; no dice are needed."""
    batches = np.array(list(combinations(range(12), size)))
    x = np.stack([np.ones_like(DOTS.x), DOTS.x], axis=1)[batches]
    bends = DOTS.directions.T @ (np.swapaxes(x, 1, 2) @ x / size) @ DOTS.directions
    kicks = DOTS.grad_on(DOTS.minimum, batches) @ DOTS.directions
    steps = np.empty((len(batches), 4, 4))  # of (parts, velocity)
    steps[:, 2:, :2], steps[:, 2:, 2:] = lr * bends, beta * np.eye(2)
    steps[:, :2, :2], steps[:, :2, 2:] = np.eye(2) - lr * bends, -beta * np.eye(2)
    pushes = np.concatenate([-lr * kicks, lr * kicks], axis=1)
    carried = np.einsum("bij,bkl->ikjl", steps, steps).reshape(16, 16) / len(batches)
    put_in = (pushes.T @ pushes / len(batches)).ravel()
    squares = np.linalg.solve(np.eye(16) - carried, put_in).reshape(4, 4).diagonal()[:2]
    return squares / noise_floor("heavy ball", lr, beta, DOTS.eigenvalues, np.mean(kicks**2, axis=0))


@pytest.mark.parametrize(
    ("lr", "beta", "size", "along", "across"),
    [
        (0.01, 0.0, 4, 1.007, 1.003),
        (0.001, 0.9, 4, 1.007, 1.003),
        (0.01, 0.9, 4, 1.074, 1.033),
        (0.01, 0.9, 1, 1.477, 1.216),
    ],
)
def test_the_runs_on_independent_batches_miss_the_law_by_what_they_should(lr, beta, size, along, across):
    """The lesson prints 0.99 to 1.01, 0.99 to 1.01, then 1.07 and 1.03, then 1.49 and 1.21."""
    np.testing.assert_allclose(exact_over_law(lr, beta, size), [along, across], atol=6e-4)


def test_dealt_batches_of_the_library_are_far_below_the_law_and_momentum_lowers_them():
    variances = np.array([0.0022803, 0.2337706])
    found = []
    for lr, beta in ((0.01, 0.0), (0.001, 0.9)):
        walk = run(HeavyBall(lr, beta), DOTS, DOTS.minimum, 20_000, oracle=MiniBatches(DOTS, 4, seed=0))
        law = noise_floor("heavy ball", lr, beta, DOTS.eigenvalues, variances)
        found.append(np.mean(DOTS.parts(walk.thetas[4000:]) ** 2, axis=0) / law)
    np.testing.assert_allclose(found, [[0.0029, 0.130], [0.0001, 0.010]], rtol=0.5)


def test_the_function_of_the_exercise_is_the_library_s_floor():
    floor_of = answer_of("06a.noise_floor")
    assert floor_of(0.1, 0.9, 1.0, 1.0, 16) == pytest.approx(0.0320946, rel=1e-6)
    for lr, beta, curvature in ((0.1, 0.0, 1.0), (0.3, 0.8, 4.0), (0.7, 0.9, 5.0)):
        assert floor_of(lr, beta, curvature, 3.0, 5) == pytest.approx(
            noise_floor("heavy ball", lr, beta, curvature, 3.0 / 5), rel=1e-12
        )


def test_the_batch_gradient_is_the_library_s_and_its_example_is_true():
    gradient = answer_of("06a.mini_batch")
    np.testing.assert_allclose(gradient(np.ones(2), np.arange(1.0, 4.0), np.zeros(3), 2, 0), [2.5, 4.0])
    theta = np.array([0.3, -1.0])
    for k in range(3):
        np.testing.assert_allclose(
            gradient(theta, DOTS.x, DOTS.y, 4, k), DOTS.grad_on(theta, np.arange(4 * k, 4 * k + 4))
        )


def test_the_numbers_of_the_exercises():
    lr, batch = answer_of("06a.pick_for_floor"), answer_of("06a.batch_payoff")
    assert noise_floor("heavy ball", lr, 0.95, 1.0) == pytest.approx(noise_floor("gradient descent", 0.1, 0.0, 1.0))
    assert noise_floor("heavy ball", 0.05, 0.95, 2.0, 3 / batch) <= 0.01
    assert noise_floor("heavy ball", 0.05, 0.95, 2.0, 3 / (batch - 1)) > 0.01


def test_the_order_of_the_floors_is_that_of_the_law():
    settings = [(0.01, 0.0, 1), (0.1, 0.9, 16), (0.01, 0.9, 1), (0.1, 0.5, 1), (0.1, 0.9, 1)]
    floors = [noise_floor("heavy ball", lr, beta, 1.0, 1 / batch) for lr, beta, batch in settings]
    assert floors == sorted(floors)
