"""What lesson 03 says beyond its own cells: the escape's notches, the known answers' numbers, the spring's goal."""

import numpy as np
import pytest

from course import source
from momentum_lab import theory
from momentum_lab.checks import bank, check
from momentum_lab.explorers.escape import LADDER, escape
from momentum_lab.explorers.spring import spring

(LESSON,) = (path for path in source.sources() if source.key(path) == "03")
ITEMS = {item.id: item for item in source.items(LESSON)}


def fate(beta):
    return escape().set(beta=beta)._result().fate


def test_the_smallest_beta_that_gets_out_is_the_explorers():
    result = escape()._result()
    assert bank.load("03.escape")["expected"] == LADDER[result.ladder > 0].min() == 0.84
    assert [fate(beta) for beta in (0.8, 0.835, 0.8365, 0.84, 0.845, 0.85, 0.9, 0.96)] == [-1, -1, 1, 1, 1, 1, 1, -1]


def test_the_exercises_agree_with_the_library():
    critical = source.reference(LESSON, ITEMS["03.critical_beta"])
    assert (
        critical(0.04) == pytest.approx(0.64)
        and "That is the goal" in spring().set(u=0.04, beta=critical(0.04)).sentence
    )
    settings = source.reference(LESSON, ITEMS["03.friction_to_beta"])
    kind = source.reference(LESSON, ITEMS["03.classify"])
    for u, beta in np.random.default_rng(3).uniform((0.01, 0.0), (4.2, 0.95), (300, 2)):
        ball = theory.pendulum(u, beta)
        assert settings(ball.mass, ball.friction) == pytest.approx((u, beta))
        p, d = theory.polynomial("heavy ball", u, beta)
        roots = np.roots([1, -p, d])
        wanted = 3 if theory.rate("heavy ball", u, beta) > 1 else 1 if roots.imag.any() else 2 if p < 0 else 0
        assert kind(u, beta) == wanted, (u, beta)


def test_a_kind_in_words_is_told_so():
    namespace = {"check": check, "kind_of_motion": lambda u, beta: "swings"}
    verdict = eval("check('03.classify')", namespace)
    assert "a value of type str" in verdict.message
