import numpy as np
import pytest

from momentum_lab.optimizers import Adam, GradientDescent, HeavyBall
from momentum_lab.oracles import AdditiveNoise, exact
from momentum_lab.running import run, sweep
from momentum_lab.schedules import one_cycle
from momentum_lab.searching import search
from momentum_lab.slips import Slip
from momentum_lab.surfaces import Quadratic, twelve_dots

DOTS, FLAT = twelve_dots(), [0.0, 0.0]


class Twice(GradientDescent):
    """Asks for the gradient twice a step (Heun's method)."""

    def step(self, theta, grad, state):
        first = grad(theta)
        return theta - self.lr * (first + grad(theta - self.lr * first)) / 2, state


class Silent:
    """A surface that forgets to return its height."""

    dim = 2

    def __call__(self, theta):
        return None

    def grad(self, theta):
        return theta


def test_the_budget_is_shared_and_the_best_comes_first():
    candidates = [HeavyBall(lr, 0.67) for lr in (0.01, 0.1, 0.33)]
    trials = search(candidates, DOTS, FLAT, 301)
    assert [trial.evaluations for trial in trials] == [100, 100, 100]
    assert [trial.optimizer.lr for trial in trials] == [0.33, 0.1, 0.01]
    for trial in trials:
        assert trial.loss == run(trial.optimizer, DOTS, FLAT, 100).losses[-1]
        np.testing.assert_array_equal(trial.theta, run(trial.optimizer, DOTS, FLAT, 100).thetas[-1])


def test_more_to_tune_leaves_fewer_steps():
    few, many = (search([HeavyBall(0.1, b) for b in np.linspace(0, 0.9, n)], DOTS, FLAT, 600) for n in (2, 60))
    assert few[0].evaluations == 300 and many[0].evaluations == 10


def test_evaluations_count_and_not_steps():
    plain, twice = GradientDescent(0.05), Twice(0.05)
    trials = {type(trial.optimizer): trial for trial in search([plain, twice], DOTS, FLAT, 42)}
    assert (
        trials[GradientDescent].evaluations == 21 and trials[Twice].evaluations == 20
    )  # an odd one is not half a step
    np.testing.assert_array_equal(trials[Twice].theta, run(twice, DOTS, FLAT, 10).thetas[-1])


def test_a_candidate_that_blows_up_comes_last_without_a_warning():
    trials = search([GradientDescent(1e6), GradientDescent(0.1), Adam(0.1)], DOTS, FLAT, 3000)
    assert trials[-1].loss == np.inf and trials[-1].optimizer.lr == 1e6


def test_candidates_meet_the_same_noise():
    bowl = Quadratic([1.0])
    trials = search(2 * [GradientDescent(0.1)], bowl, [1.0], 100, oracle=AdditiveNoise(bowl.grad, 1.0, 5))
    np.testing.assert_array_equal(trials[0].theta, trials[1].theta)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: search([GradientDescent(0.1)], DOTS, FLAT, np.inf), "The budget is a whole number .*; this is inf"),
        (lambda: search([GradientDescent(0.1)], Silent(), FLAT, 9), "must return one height a point.* returned None"),
        (lambda: search([GradientDescent(0.1)], DOTS, FLAT, "20"), "The budget is a whole number .*; this is '20'"),
        (lambda: search([GradientDescent(0.1)], DOTS, FLAT, 1.5), "The budget is a whole number"),
        (lambda: search([GradientDescent(0.1)], DOTS, [5, 2], 3), "whole numbers"),
        (lambda: search([GradientDescent(0.1)], DOTS, [1.0, 1.0, 1.0], 3), "2 coordinates"),
        (lambda: search([GradientDescent(**sweep(lr=[0.1, 0.2]))], DOTS, FLAT, 30), "is one setting"),
        (lambda: search([GradientDescent(np.nan)], DOTS, FLAT, 30), "lr must be a finite number"),
        (lambda: search([HeavyBall(0.1)], DOTS, FLAT, 30, oracle=exact(lambda t: None)), "returned None"),
        (lambda: search([HeavyBall(0.1)], DOTS, FLAT, 30, oracle=iter(30 * [DOTS.grad])), "can be started twice"),
        (lambda: search([HeavyBall(0.1)], DOTS, FLAT, 30, oracle=5 * [DOTS.grad]), "ended after 5 of the 30"),
        (
            lambda: search([HeavyBall(*one_cycle(0.1, 20))], DOTS, FLAT, 50),
            "With 50 evaluations for heavy ball.*over after",
        ),
    ],
)
def test_slips_in_a_search_are_named(call, words):
    with pytest.raises(Slip, match=words):
        call()


def test_one_candidate_needs_no_list_and_float32_stays():
    [trial] = search(Adam(0.1), DOTS, np.zeros(2, np.float32), 30)
    assert trial.theta.dtype == np.float32
    assert search([HeavyBall(0.1)], DOTS, FLAT, 5, oracle=5 * [DOTS.grad])[0].evaluations == 5


@pytest.mark.parametrize(("candidates", "budget"), [([], 10), ([GradientDescent(0.1)] * 3, 2)])
def test_too_little_for_everyone_is_said(candidates, budget):
    with pytest.raises(Slip, match="an evaluation for each"):
        search(candidates, DOTS, FLAT, budget)
