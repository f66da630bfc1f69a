import re
from importlib.resources import files
from types import SimpleNamespace

import numpy as np
import pytest

from course import budget_runs
from momentum_lab.explorers.budget_race import (
    BATCHES,
    BUDGETS,
    EFFECTIVE,
    METHODS,
    SAME,
    SPOKEN,
    TUNED,
    budget_race,
    sentence,
    simulate,
    stored,
    tried,
)
from momentum_lab.optimizers import Adam, GradientDescent, HeavyBall
from momentum_lab.words import number

FILE = files("momentum_lab") / "data" / "budget_race.npz"
REACHED = "That is the goal: the two curves have parted by more than 20 %."


def sentences(text):
    return re.split(r"(?<=\.) (?=[A-Z0-9])", text)


# ------------------------------------------------------------------ the stored runs


def test_the_file_is_part_of_the_package_and_small():
    assert FILE.is_file() and len(FILE.read_bytes()) <= 150_000
    assert FILE.read_bytes() == budget_runs.FILE.read_bytes()


def test_the_stored_runs_are_what_the_explorer_takes_them_for():
    runs = stored()
    assert runs["grid"].shape == (4, 3, 12, 2, 3, 37) and runs["pairs"].shape == (4, 3, 2, 2, 3, 37)
    assert not any(np.isnan(array).any() for array in runs.values())
    np.testing.assert_array_equal(runs["rates"], [budget_runs.rates(method) for method in METHODS])
    np.testing.assert_array_equal(runs["epochs"], np.array(budget_runs.epochs(), dtype=float))
    assert [str(batch) for batch in budget_runs.BATCHES] == list(BATCHES)
    assert [number(lr) for lr in budget_runs.EFFECTIVE] == list(EFFECTIVE)
    assert [f"{b} epoch{'s' * (b > 1)}" for b in budget_runs.BUDGETS] == list(BUDGETS)
    assert tuple(budget_runs.METHODS) == METHODS
    low, middle, high = np.moveaxis(runs["grid"], -2, 0)
    assert (low <= middle).all() and (middle <= high).all()


def test_the_best_rate_of_every_budget_lies_inside_the_range():
    """So that no method is held back by where its twelve rates end."""
    runs = stored()
    for epochs in (1, 5, 20):
        best = runs["grid"][..., 0, 1, np.argmin(abs(runs["epochs"] - epochs))].argmin(axis=-1)
        assert (best > 0).all() and (best < 11).all()


@pytest.mark.parametrize(
    ("method", "batch", "rate", "rule"),
    [
        ("gradient descent", 32, 6, GradientDescent),
        ("heavy ball", 128, 9, lambda lr: HeavyBall(lr, 0.9)),
        ("Adam", 128, 5, Adam),
    ],
)
def test_one_epoch_can_be_computed_again(method, batch, rate, rule):
    runs, row = stored(), METHODS.index(method)
    again = budget_runs.train(rule(runs["rates"][row, rate]), batch, until=1)
    bands = np.percentile(again, (10, 50, 90), axis=-1).swapaxes(0, 1)
    kept = runs["grid"][row, budget_runs.BATCHES.index(batch), rate]
    np.testing.assert_allclose(kept[..., : bands.shape[-1]], bands, rtol=1e-3)


def test_the_pair_of_lesson_8b():
    """Training losses 0.182 and 0.186 after 20 epochs at lr/(1 - beta) = 0.05; one epoch is run again."""
    for place, rule in enumerate((GradientDescent(0.05), HeavyBall(0.005, 0.9))):
        again = np.median(budget_runs.train(rule, 32, until=1), axis=-1)
        kept = stored()["pairs"][1, 1, place][:, 1]
        np.testing.assert_allclose(kept[:, : again.shape[-1]], again, rtol=1e-3)
        assert kept[0, -1] == pytest.approx((0.182, 0.186)[place], abs=5e-4)


def test_the_tries_are_spread_evenly():
    assert tried(1) == [6] and tried(12) == list(range(12)) and tried(4) == [1, 4, 7, 10]
    assert all(len(set(tried(tries))) == tries for tries in range(1, 13))


# ------------------------------------------------------------------ the words


def test_at_rest():
    assert budget_race().sentence == (
        "After 20 epochs of batches of 32, gradient descent (lr 0.05) and the heavy ball (lr 0.005, beta 0.9)"
        " have median training losses 0.182 and 0.186, over ten networks. They differ by 1.99 %, gradient "
        "descent below, and their bands overlap. The held-out accuracies are 96.6 % and 96.7 %. Nothing was "
        "tuned: both have the effective learning rate lr/(1 − beta) = 0.05. The goal: part them by more than "
        "20 %, with another effective lr, batch or budget."
    )


def test_a_search_says_what_was_stored():
    text, runs = budget_race().set(fair=TUNED, tries=3, budget="5 epochs", batch="8").sentence, stored()
    assert "5 epochs (875 gradient evaluations) on 3 learning rates, so 291 evaluations" in text
    places = np.array([2, 6, 10])
    losses = runs["grid"][:, 0, places, 0, 1, np.argmin(abs(runs["epochs"] - 5 / 3))]
    rates, losses = runs["rates"][np.arange(4), places[losses.argmin(axis=1)]], losses.min(axis=1)
    for loss, rate, name in zip(losses, rates, SPOKEN, strict=True):
        assert f"{number(loss)} ({name}, lr {number(rate)})" in text
    (first, second), winner = sorted(losses)[:2], SPOKEN[losses.argmin()]
    assert f"{winner[0].upper() + winner[1:]} wins, {number(100 * (1 - first / second))} % below" in text


@pytest.mark.parametrize(("effective", "batch"), [("0.5", "32"), ("0.005", "128")])
def test_a_pair_says_what_was_stored(effective, batch):
    text = budget_race().set(effective=effective, batch=batch).sentence
    pair = stored()["pairs"][EFFECTIVE.index(effective), BATCHES.index(batch), :, :, 1, -1]
    (a, ours), (b, theirs) = pair
    assert f"have median training losses {number(a)} and {number(b)}" in text
    assert f"They differ by {number(100 * (max(a, b) / min(a, b) - 1))} %" in text
    assert f"accuracies are {number(100 * ours)} % and {number(100 * theirs)} %" in text


def test_a_try_has_its_share_of_the_budget():
    race = budget_race().set(tries=3)
    assert "After 6.66 epochs" in race.sentence
    assert "Of 20 epochs (880 gradient evaluations), each of 3 tries has 293." in race.sentence
    assert race._result().share == 880 // 3 and race._result().epochs[-1] == 293 / 44


def test_the_goal_is_open_at_rest_and_can_be_reached():
    race = budget_race()
    assert REACHED not in race.sentence
    text = race.set(effective="2").sentence
    assert REACHED in text and "differ by a factor of" in text
    assert "Gradient descent ended no better than guessing" in text
    assert REACHED in race.reset().set(effective="0.5", batch="8").sentence


@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("effective", ["0.005", "0.05"])
def test_small_effective_rates_never_part_the_curves(batch, effective):
    assert REACHED not in budget_race().set(batch=batch, effective=effective).sentence


def test_too_many_tries_train_nothing():
    text = budget_race().set(batch="128", budget="1 epoch", tries=12, fair=TUNED).sentence
    assert "12 tries share 1 epoch (11 gradient evaluations), which is less than one for each" in text


def test_presets():
    race = budget_race()
    same, tune = race.presets
    race.set(**tune.values(race.settings))
    assert race.settings["fair"] == TUNED and race.settings["tries"] == 4 and "on 4 learning rates" in race.sentence
    race.set(**same.values(race.settings))
    assert race.settings == budget_race().settings


def everything():
    for batch in BATCHES:
        for budget in BUDGETS:
            for tries in range(1, 13):
                common = {"batch": batch, "budget": budget, "tries": tries}
                yield SimpleNamespace(**common, fair=TUNED, effective="0.05")
                for effective in EFFECTIVE:
                    yield SimpleNamespace(**common, fair=SAME, effective=effective)


def test_every_setting_there_is_reads_like_the_course():
    for setting in everything():
        text = sentence(simulate(setting))
        assert not re.search(r"\b(nan|inf|None|simply|just|obviously|not a number)\b|[!?]", text)
        assert len(sentences(text)) <= 7 and len(text) <= 6 * 130
        assert max(len(one.split()) for one in sentences(text)) <= 32
