"""What is special in lesson 04: the challenge to the step, and what nobody can beat."""

import numpy as np
import pytest

from course import source
from momentum_lab.checks import bank
from momentum_lab.checks.judge import judge
from momentum_lab.checks.probe import look
from momentum_lab.optimizers import HeavyBall
from momentum_lab.running import run
from momentum_lab.surfaces import Quadratic
from momentum_lab.theory import best_settings, spectrum_rate

LESSON = next(path for path in source.sources() if source.key(path) == "04")


def verdict_on(lr, beta):
    entry = bank.load("04.beat_polyak")
    return judge(look({"beats": {"lr": lr, "beta": beta}}, entry), entry)


@pytest.mark.parametrize(
    ("lr", "beta", "passes", "words"),
    [
        (0.316, 0.681, True, "from step 74 on, 19 under par"),
        (0.32, 0.69, True, "from step 79 on, 14 under par"),
        (0.33, 0.68, False, "from step 80 on, 13 under par. Silver"),
        (0.32, 0.67, False, "from step 88 on, 5 under par. Bronze"),
        (4 / 12.1, (9 / 11) ** 2, False, "from step 93 on, which is par"),
        (0.1, 0.9, False, "from step 263 on, 170 above par. Gold is an arrival before step 80."),
        (0.5, 0.1, False, "diverges at step"),
        (0.001, 0.1, False, "of the distance is left after 400 steps"),
    ],
)
def test_the_challenge_to_the_step(lr, beta, passes, words):
    verdict = verdict_on(lr, beta)
    assert verdict.passed == passes and words in verdict.message


def test_the_answers_of_the_code_items_agree_with_the_library():
    rate, best = (source.reference(LESSON, item) for item in source.items(LESSON) if item.kind == "code")
    for mu, kappa in ((0.1, 100.0), (2.0, 3.0), (1.0, 1e4)):
        found = best_settings("heavy ball", mu, mu * kappa)
        assert best(mu, mu * kappa) == pytest.approx(found[:2], rel=1e-12)
        for lr, beta in ((found.lr, 0.9), (0.5 * found.lr, 0.3), (0.99 * found.lr, found.beta)):
            expected = spectrum_rate("heavy ball", lr, beta, mu, mu * kappa)
            assert rate([mu, mu * kappa], lr, beta) == pytest.approx(expected, rel=1e-7)


def test_conjugate_gradients_are_never_above_a_heavy_ball():
    """The lesson's own loop, against the best constant settings and against random ones."""
    cell = next(c for c in source.read(LESSON) if c.metadata["id"] == "conjugate-code")
    namespace = {"np": np}
    exec(cell.source, namespace)
    bowl = Quadratic(np.geomspace(0.1, 10, 200))
    losses = bowl(namespace["conjugate_gradients"](bowl, bowl.start, 60))
    for lr, beta in ((4 / 12.1, (9 / 11) ** 2), (0.316, 0.681), (0.15, 0.8), (0.198, 0.0)):
        assert np.all(losses <= run(HeavyBall(lr, beta), bowl, bowl.start, 60).losses * (1 + 1e-9))
