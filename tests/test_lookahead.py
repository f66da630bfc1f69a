import re

import numpy as np
import pytest

from momentum_lab.explorers.lookahead import FRAME, KAPPA, START, lookahead, magnification
from momentum_lab.theory import rate, stability_limit
from momentum_lab.words import number

GOAL = "That is the goal: Nesterov's method diverges here and the heavy ball still converges."


def say(value):
    return number(value).replace("-", "−")


def by_hand(u, beta, steps, nesterov):
    """Both coordinates of a run with lr 1, written out."""
    curvature = np.array([u / KAPPA, u])
    theta, velocity, path = np.array(START), np.zeros(2), []
    for _ in range(steps + 1):
        path.append((theta, velocity))
        where = theta - beta * velocity if nesterov else theta
        velocity = beta * velocity + curvature * where
        theta = theta - velocity
    return path


def test_at_rest():
    assert lookahead().sentence == (
        "At step 1 the memory leads to −0.33 in the steep direction. The gradient here adds −0.21, the one there "
        "0.231: the heavy ball lands at −0.54, Nesterov's method at −0.099, 0.441 apart. In the steep direction "
        "Nesterov's momentum is beta (1 − u) = 0.27, in the soft one 0.869. The heavy ball overshoots to −0.918, "
        "Nesterov's method overshoots to −0.137; the heavy ball is stable below u = 3.8, Nesterov's method below 1.36."
    )


def test_the_numbers_of_the_lesson():
    """Overshoot -0.604 and -0.355 at u = 0.1, limits 3.8 and 1.357, and a momentum of 0.45 at u = 0.5."""
    text = lookahead().set(u=0.1, beta=0.9).sentence
    assert "The heavy ball overshoots to −0.604, Nesterov's method overshoots to −0.355;" in text
    assert "the heavy ball is stable below u = 3.8, Nesterov's method below 1.36" in text
    assert "beta (1 − u) = 0.45, in the soft one 0.877" in lookahead().set(u=0.5, beta=0.9).sentence


@pytest.mark.parametrize(("u", "beta", "step"), [(0.3, 0.8, 4), (1.2, 0.95, 7), (0.06, 0.5, 33)])
def test_the_sentence_tells_one_step_of_each_from_one_place(u, beta, step):
    text = lookahead().set(u=u, beta=beta, step=step).sentence
    theta, velocity = by_hand(u, beta, step, nesterov=True)[step]
    curvature = np.array([u / KAPPA, u])
    ahead = theta - beta * velocity
    ball, nesterov = ahead - curvature * theta, ahead - curvature * ahead
    assert f"the memory leads to {say(ahead[1])} in the steep direction" in text
    assert f"here adds {say(-u * theta[1])}, the one there {say(-u * ahead[1])}" in text
    apart = number(np.hypot(*(ball - nesterov)))
    assert f"lands at {say(ball[1])}, Nesterov's method at {say(nesterov[1])}, {apart} apart" in text
    soft = say(beta * (1 - u / KAPPA))
    assert f"beta (1 − u) = {say(round(beta * (1 - u), 12))}, in the soft one {soft}." in text
    deepest = [min(place[1] for place, _ in by_hand(u, beta, 200, kind)) for kind in (False, True)]
    ball, nesterov = ("never overshoots" if low > -1e-9 else f"overshoots to {say(low)}" for low in deepest)
    assert f"The heavy ball {ball}, Nesterov's method {nesterov};" in text


@pytest.mark.parametrize("beta", [0.3, 0.9, 0.99])
def test_the_goal_is_said_between_the_two_limits_only(beta):
    low, high = stability_limit("Nesterov", beta), stability_limit("heavy ball", beta)
    for u, reached in ((low - 0.01, False), (low + 0.01, True), (high - 0.01, True), (min(high + 0.01, 4), False)):
        assert (GOAL in lookahead().set(u=u, beta=beta).sentence) == reached


def test_divergence_is_said_with_its_step():
    path = by_hand(1.5, 0.9, 200, nesterov=True)
    step = next(t for t, (place, _) in enumerate(path) if np.abs(place).max() > 1e7)  # a million times the start, 10
    assert f"Nesterov's method diverged at step {step};" in lookahead().set(u=1.5).sentence
    text = lookahead().set(u=4.0, beta=0.99).sentence
    assert re.search(r"The heavy ball diverged at step \d+ and Nesterov's method diverged at step \d+;", text)
    slow = 100 * (rate("Nesterov", 1.36, 0.9) - 1)
    assert f"Nesterov's method grows by {number(slow)} % a step" in lookahead().set(u=1.36).sentence


def test_two_runs_that_diverge_are_named_in_the_lane():
    explorer = lookahead().set(u=4.0, beta=0.99)
    explorer.show()
    words = [word for _, word in explorer._stage.artists.exits]
    assert words[0].get_text().startswith("heavy ball diverged") and words[1].get_text().startswith("Nesterov diverged")
    assert words[0].get_position()[1] != words[1].get_position()[1]
    explorer.set(u=0.5).show()
    assert not any(word.get_text() for word in words)


def test_without_a_memory_both_land_on_one_point():
    assert "At step 0 the velocity is still 0: both methods land at 0.3 in" in lookahead().set(step=0).sentence
    assert "At step 1 beta is 0: both methods land at 0.09 in" in lookahead().set(beta=0).sentence
    assert "The heavy ball never settles and Nesterov's" in lookahead().set(beta=0, u=2).sentence


@pytest.mark.parametrize(("u", "beta", "step"), [(0.7, 0.9, 1), (0.1, 0.9, 30), (3.0, 0.9, 20), (4.0, 0.99, 40)])
def test_the_step_is_drawn_to_scale_and_inside_the_frame(u, beta, step):
    explorer = lookahead().set(u=u, beta=beta, step=step)
    explorer.show()
    artists = explorer._stage.artists
    marks = np.array([np.ravel(mark.get_data()) for mark in (artists.point, artists.ahead, *artists.landings)])
    assert np.abs(marks).max() < FRAME
    theta, velocity = by_hand(u, beta, step, nesterov=True)[step]
    curvature, ahead = np.array([u / KAPPA, u]), theta - beta * velocity
    places = np.array([theta, ahead, ahead - curvature * theta, ahead - curvature * ahead])
    np.testing.assert_allclose(np.diff(marks, axis=0), magnification(places) * np.diff(places, axis=0), atol=1e-9)


def test_the_preset_shows_the_overshoot_of_the_lesson():
    explorer = lookahead()
    (preset,) = explorer.presets
    explorer.set(**preset.values(explorer.settings))
    assert explorer.settings == {"u": 0.1, "beta": 0.9, "step": 6}
    assert "−0.604" in explorer.sentence and "−0.355" in explorer.sentence
