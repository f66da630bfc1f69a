"""What lesson 05b says beside the numbers its cells print."""

import numpy as np
import pytest

from momentum_lab.checks import bank
from momentum_lab.checks.judge import judge
from momentum_lab.checks.verdict import PASSED, WRONG
from momentum_lab.optimizers import HeavyBall
from momentum_lab.running import run
from momentum_lab.surfaces import Lessard


@pytest.mark.parametrize(
    ("start", "passes", "words"),
    [
        (3.06, True, "From 3.06 the ball arrives."),
        (3.055, True, "From 3.055 the ball arrives."),
        (3.054, False, "From 3.054 the ball arrives. Find one that arrives and is at least 3.055."),
        (3.062, False, "From 3.062 the ball still goes round after 400 steps, up to 2.12 away."),
        (3.3, False, "up to 2.12 away"),
        (3.4, False, "`start` goes from 2.9 to 3.3"),
    ],
)
def test_the_edge_is_where_the_ledger_has_it(start, passes, words):
    verdict = judge({"start": start}, bank.load("05b.edge"))
    assert verdict.status == (PASSED if passes else WRONG) and words in verdict.message


def test_a_hundredth_beyond_every_accepted_start_it_goes_round():
    """The praise says so: the accepted starts end below 3.062, and all up to 3.072 go round."""
    starts = np.arange(3.055, 3.0725, 0.0005)
    away = run(HeavyBall(1 / 9, 4 / 9), Lessard(), starts[:, np.newaxis], 400).distances[-1]
    assert (away[starts < 3.0612] < 1e-6).all() and (away[starts > 3.0618] > 0.5).all()


def test_errors_beside_the_cycle_shrink_to_two_thirds():
    """All three points lie where the curvature is 25, so an error follows the rule of a parabola, u = 25/9."""
    beta, u = 4 / 9, 25 / 9
    np.testing.assert_allclose(np.abs(np.roots([1, -(1 + beta - u), beta])), 2 / 3, rtol=1e-6)
    assert ((Lessard.cycle < 1) | (Lessard.cycle > 2)).all()


def test_the_restart_example_is_true():
    from course import source

    (path,) = (p for p in source.sources() if source.key(p) == "05b")
    (item,) = (i for i in source.items(path) if i.id == "05b.restart")
    theta, velocity, k = source.reference(path, item)(np.ones(1), -np.ones(1), 4, lambda theta: theta, 0.1)
    assert theta[0] == pytest.approx(1.35) and velocity[0] == 0 and k == 0


def test_restarting_by_the_exercise_gives_the_443_steps_of_the_lesson():
    from course import source
    from momentum_lab.explorers.promises import BOWL, arrival, problem_of
    from momentum_lab.surfaces import Quadratic

    (path,) = (p for p in source.sources() if source.key(p) == "05b")
    (item,) = (i for i in source.items(path) if i.id == "05b.restart")
    step, bowl = source.reference(path, item), Quadratic(problem_of(BOWL).curvatures)
    theta, velocity, k, gaps = bowl.start, np.zeros(bowl.dim), 0, []
    for _ in range(600):
        gaps.append(bowl(theta))
        theta, velocity, k = step(theta, velocity, k, bowl.grad, 1.0)
    assert arrival(np.array(gaps), 599) == 443
