"""What lesson 05a says, against runs of the library and by hand."""

import numpy as np
import pytest

from course import source
from momentum_lab.checks import bank
from momentum_lab.checks.judge import judge
from momentum_lab.checks.probe import observe
from momentum_lab.checks.verdict import PASSED
from momentum_lab.optimizers import HeavyBall, Momentum, Nesterov, TorchSGD
from momentum_lab.running import run
from momentum_lab.surfaces import DoubleWell, Quadratic, Rosenbrock

(PATH,) = (path for path in source.sources() if source.key(path) == "05a")
ANSWERS = {item.id: source.reference(PATH, item) for item in source.items(PATH) if hasattr(item, "answer")}
BOWL = Quadratic([1.0])


def test_the_step_is_the_librarys_and_the_example_is_true():
    step, theta, velocity, seen = ANSWERS["05a.nag_step"], np.ones(1), np.zeros(1), []
    for _ in range(2):
        theta, velocity = step(theta, velocity, lambda theta: theta, 0.1, 0.9)
        seen.append(theta[0])
    np.testing.assert_allclose(seen, [0.9, 0.729], rtol=1e-12)
    point, memory = np.array([0.3, -1.2]), np.array([0.7, 0.1])
    own = step(point, memory, Rosenbrock().grad, 0.001, 0.8)
    theirs, state = Nesterov(0.001, 0.8).step(point, Rosenbrock().grad, Momentum(memory))
    np.testing.assert_array_equal(own, [theirs, state.velocity])


def asked_again_at_the_same_point(theta, velocity, grad, lr, beta):
    ahead = theta - beta * velocity
    return ahead - lr * grad(ahead), beta * velocity + lr * grad(ahead)


def from_the_step_before(theta, velocity, grad, lr, beta):
    before = theta + velocity
    ahead = theta + beta * (theta - before)
    after = ahead - lr * grad(ahead)
    return [after, theta - after]


@pytest.mark.parametrize("answer", [asked_again_at_the_same_point, from_the_step_before])
def test_a_right_step_passes_however_it_is_written(answer):
    entry = bank.load("05a.nag_step")
    assert judge(observe(answer, entry["cases"], entry["feeds"]), entry).status == PASSED


def test_the_overshoot_by_two_roads():
    for rule in (Nesterov(0.2, 0.9), HeavyBall(0.2, 0.72)):
        assert run(rule, BOWL, [1.0], 400).thetas.min() == pytest.approx(ANSWERS["05a.overshoot"], rel=1e-12)


def test_the_largest_rate_is_the_edge():
    assert ANSWERS["05a.max_lr"](0.9, np.array([0.1, 10.0])) == pytest.approx(0.1357143, rel=1e-6)
    for beta in (0.0, 0.5, 0.9):
        edge = ANSWERS["05a.max_lr"](beta, np.array([3.0, 7.0, 1.0]))
        inside, outside = (
            run(Nesterov(factor * edge, beta), Quadratic([3.0, 7.0, 1.0]), np.ones(3), 3000).distances[-1]
            for factor in (0.99, 1.01)
        )
        assert inside < 1e-6 and not outside < 1e6


@pytest.mark.parametrize("surface", [BOWL, DoubleWell(), Rosenbrock()], ids=lambda s: type(s).__name__)
def test_a_program_with_a_stored_point_walks_the_same_run(surface):
    start = np.full(surface.minima.shape[-1], 0.4)
    leap = run(Nesterov(0.001, 0.9), surface, start, 40)
    stored = run(TorchSGD(0.001, momentum=0.9, nesterov=True), surface, start, 40, keep_states=True)
    for t in range(1, 41):
        back = ANSWERS["05a.shift_map"](stored.thetas[t], stored.states[t].buffer, 0.001, 0.9)
        np.testing.assert_allclose(back, leap.thetas[t], rtol=0, atol=1e-12)


def test_off_a_parabola_the_stored_point_is_a_heavy_ball_less_the_change_of_the_gradient():
    surface, lr, beta = Rosenbrock(), 0.001, 0.9
    points = run(TorchSGD(lr, momentum=beta, nesterov=True), surface, np.array([-0.5, 0.5]), 60).thetas
    slopes = np.array([surface.grad(point) for point in points])
    ball = points[1:-1] + beta * (points[1:-1] - points[:-2]) - lr * slopes[1:-1]
    np.testing.assert_allclose(points[2:], ball - beta * lr * (slopes[1:-1] - slopes[:-2]), rtol=0, atol=1e-12)
    assert np.abs(points[2:] - ball).max() > 1e-3  # the correction matters
