"""What lesson 07 says, against runs of the library and by hand."""

import numpy as np
import pytest

from course import source
from momentum_lab.checks import bank
from momentum_lab.checks.judge import judge
from momentum_lab.checks.probe import observe
from momentum_lab.checks.verdict import PASSED
from momentum_lab.explorers.autopsy import PARTS, valleys
from momentum_lab.optimizers import LAMB, AdaGrad, Adam, AdamW, Nadam, RMSProp
from momentum_lab.running import run
from momentum_lab.surfaces import OFFSET, Rosenbrock, twelve_dots

(PATH,) = (path for path in source.sources() if source.key(path) == "07")
ANSWERS = {item.id: source.reference(PATH, item) for item in source.items(PATH) if hasattr(item, "answer")}
START = np.array([-0.5, 0.8])


def points(step, memory, numbers, steps=25):
    """Run an answer: it returns theta and its memory, which go in again."""
    theta, seen = START, [START]
    for _ in range(steps):
        theta, *memory = step(theta, *memory, Rosenbrock().grad, *numbers)
        seen.append(theta)
    return np.array(seen)


@pytest.mark.parametrize(
    ("name", "memory", "numbers", "rule"),
    [
        ("07.adagrad_step", [np.zeros(2)], (0.01, 0.1), AdaGrad(0.01, eps=0.1)),
        ("07.rmsprop_step", [np.zeros(2)], (0.01, 0.1, 0.8), RMSProp(0.01, decay=0.8, eps=0.1)),
        ("07.adam_step", [np.zeros(2), np.zeros(2), 0], (0.01, 0.8, 0.9, 0.1), Adam(0.01, 0.8, 0.9, 0.1)),
        ("07.adamw", [np.zeros(2), np.zeros(2), 0], (0.01, 0.8, 0.9, 0.1, 0.5),
         AdamW(0.01, 0.8, 0.9, 0.1, weight_decay=0.5)),
    ],
)  # fmt: skip
def test_the_steps_are_the_librarys_from_the_first_on(name, memory, numbers, rule):
    np.testing.assert_allclose(points(ANSWERS[name], memory, numbers), run(rule, Rosenbrock(), START, 25).thetas)


def test_the_examples_in_the_texts_are_true():
    def slope(value):
        return lambda theta: np.full_like(theta, value)

    one, none = np.ones(1), np.zeros(1)
    assert ANSWERS["07.adagrad_step"](one, 9 * one, slope(4.0), 0.5, 0.0) == (pytest.approx(0.6), 25.0)
    assert ANSWERS["07.rmsprop_step"](one, 6 * one, slope(2.0), 0.5, 0.0, 0.0) == (0.5, 4.0)
    assert ANSWERS["07.adam_step"](one, none, none, 0, slope(2.0), 0.1, 0.5, 0.5, 0.0) == (pytest.approx(0.9), 1, 2, 1)
    decayed = ANSWERS["07.adamw"](2 * one, none, none, 0, slope(4.0), 0.1, 0.5, 0.5, 0.0, 0.5)
    assert decayed[0] == pytest.approx(1.8)
    update = np.array([0.0, 2.0])
    np.testing.assert_allclose(ANSWERS["07.lamb"](np.array([3.0, 4.0]), update, 0.1), [3.0, 3.5])
    np.testing.assert_allclose(ANSWERS["07.lamb"](np.zeros(2), update, 0.1), [0.0, -0.2])


def test_the_numbers_come_from_the_library_too():
    short = PARTS["no correction"](1.0, 0.8, 0.9999, eps=0.0)
    theta, _ = short.step(np.zeros(1), lambda theta: np.ones(1), short.init(np.zeros(1)))
    assert -theta[0] == pytest.approx(ANSWERS["07.ablate"])
    for beta1 in (0.3, 0.9):
        rule = Nadam(1.0, beta1, eps=0.0)
        theta, _ = rule.step(np.zeros(1), lambda theta: np.ones(1), rule.init(np.zeros(1)))
        assert -theta[0] == pytest.approx(float(ANSWERS["07.nadam"].subs("beta1", beta1)))


def test_the_trust_ratio_is_the_librarys():
    rule, slope = LAMB(0.1, eps=0.0, weight_decay=0.0), np.array([2.0, -30.0, 0.5])
    for theta in (np.array([3.0, -1.0, 0.2]), np.zeros(3)):
        after, _ = rule.step(theta, lambda _: slope, rule.init(theta))
        np.testing.assert_allclose(ANSWERS["07.lamb"](theta, np.sign(slope), 0.1), after)


def adam_in_one_expression(theta, m, s, t, grad, lr, beta1, beta2, eps):
    g = np.array(grad(theta))
    new_m, new_s = m + (1 - beta1) * (g - m), s + (1 - beta2) * (g * g - s)
    scale = np.sqrt(new_s) / np.sqrt(1 - beta2 ** (t + 1)) + eps
    return [theta - lr / (1 - beta1 ** (t + 1)) * new_m / scale, new_m, new_s, t + 1]


def lamb_without_a_branch(theta, u, lr):
    long, short = np.sqrt(theta @ theta), np.sqrt(u @ u)
    return theta - lr * u * np.divide(long or 1.0, short or 1.0) if long else theta - lr * u


def weights_decay_first(theta, m, s, t, grad, lr, beta1, beta2, eps, weight_decay):
    g = grad(theta)
    return adam_in_one_expression(theta * (1 - lr * weight_decay), m, s, t, lambda _: g, lr, beta1, beta2, eps)


@pytest.mark.parametrize(
    ("name", "answer"),
    [("07.adam_step", adam_in_one_expression), ("07.lamb", lamb_without_a_branch), ("07.adamw", weights_decay_first)],
)
def test_a_right_answer_passes_however_it_is_written(name, answer):
    entry = bank.load(name)
    assert judge(observe(answer, entry["cases"], entry["feeds"]), entry).status == PASSED


def test_no_stretch_of_two_coordinates_leaves_a_smaller_kappa():
    for middle in (0.0, OFFSET, 5.0, 10.0):
        hessian = twelve_dots(middle).hessian
        unit = 1 / np.sqrt(np.diag(hessian))
        left = [
            np.linalg.cond(hessian * np.outer(stretch, stretch))
            for stretch in (unit * [1, factor] for factor in np.geomspace(0.1, 10, 201))
        ]
        assert min(left) >= left[100] * (1 - 1e-9)


def test_the_steps_to_the_minimum_do_not_hang_on_the_last_digit():
    """The counts in the two tables, from starts that differ by parts in a thousand million."""
    nudge = 1 + 1e-9 * np.random.default_rng(0).normal(size=(5, 2))
    for middle in (OFFSET, 5.0, 10.0):
        for valley, start in valleys(middle).values():
            for lr in (0.05, 0.1, 0.2):
                assert np.ptp(run(Adam(lr), valley, start * nudge, 4000).steps_to(distance=0.01)) == 0
    for part in PARTS.values():
        for valley, start in valleys(OFFSET).values():
            assert np.ptp(run(part(0.1), valley, start * nudge, 400).steps_to(distance=0.01)) == 0


def test_much_later_adam_leaves_the_minimum_again():
    valley, start = valleys(OFFSET)["units"]
    away = run(Adam(0.1), valley, start, 9000).distances
    assert away[79:4000].max() <= 0.01 * away[0] < away[4000:].max()
