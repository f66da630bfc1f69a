"""What lesson 08a says beside the numbers its cells print."""

import numpy as np
import pytest

from course import source
from momentum_lab.schedules import linear_warm_up, one_cycle

(PATH,) = (path for path in source.sources() if source.key(path) == "08a")
ITEMS = {item.id: item for item in source.items(PATH)}
LESSON = {cell.metadata["id"]: cell.source for cell in source.read(PATH)}


def answer(name):
    return source.reference(PATH, ITEMS[name])


def test_the_schedules_of_the_exercises_are_those_of_the_library():
    cycle_at, warm_up = answer("08a.one_cycle"), answer("08a.warmup")
    for steps in (25, 40, 100):
        lr, beta = one_cycle(0.7, steps)
        for t in range(steps):
            assert cycle_at(t, steps, 0.7) == pytest.approx((lr(t), beta(t)), rel=1e-9)
    for t in range(30):
        assert warm_up(t, 0.02, 0.5, 20) == pytest.approx(linear_warm_up(0.5, 20, 0.02)(t))


def test_the_examples_in_the_texts_are_true():
    assert [answer("08a.warmup")(t, 0.1, 0.5, 4) for t in (0, 1, 4, 9)] == pytest.approx([0.1, 0.2, 0.5, 0.5])
    cycle_at = answer("08a.one_cycle")
    assert [cycle_at(t, 100, 1.0)[0] for t in (0, 29, 99)] == pytest.approx([0.04, 1, 4e-6])
    assert answer("08a.diagnose")(np.linspace(3, 2, 201)) == 4


@pytest.mark.parametrize("cause", range(5))
def test_random_patients_are_diagnosed_as_their_settings_have_it(cause):
    """What the exercise judges are settings; the shapes of its text must name them, for other seeds too."""
    draw = ITEMS["08a.diagnose"].cases.__globals__["patient"]
    diagnose = answer("08a.diagnose")
    for seed in range(12):
        assert diagnose(draw(np.random.default_rng([seed, cause]), cause)) == cause


def test_the_strangers_are_told_by_the_same_signs():
    namespace = {"np": np}
    exec(LESSON["two-curves"] + "\n" + LESSON["strangers"], namespace)
    diagnose = answer("08a.diagnose")
    for seed in namespace["seeds"]:
        losses, cause = namespace["stranger"](seed)
        assert diagnose(losses) == cause


def test_no_constant_of_a_finer_grid_beats_the_warm_up():
    namespace = {"np": np}
    exec(LESSON["stiff"], namespace)
    home, constant = namespace["home"], namespace["constant"]
    best = min(step for lr in np.linspace(0.01, 2, 200) if isinstance(step := home(constant(lr), 0.5), int))
    assert home(linear_warm_up(1.0, 20, 1 / 50), 0.5) == 28 < best
