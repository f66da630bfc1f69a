import numpy as np

from momentum_lab.optimizers import GradientDescent, Nesterov
from momentum_lab.oracles import Counting, exact
from momentum_lab.running import run
from momentum_lab.surfaces import Quadratic

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
