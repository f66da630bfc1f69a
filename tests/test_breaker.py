import numpy as np
import pytest

from momentum_lab.explorers.breaker import BEST, LESSARD, QUADRATIC, STARTS, breaker
from momentum_lab.optimizers import GradientDescent, HeavyBall, Momentum, Nesterov
from momentum_lab.running import run
from momentum_lab.surfaces import Lessard, Polygon, Quadratic
from momentum_lab.words import number

CYCLE = "goes round 792/1225, −2208/1225 and 2592/1225 for ever: 0.647, −1.8 and 2.12."
GOAL = "That is the goal:"


def lessard(**values):
    return breaker().set(function=LESSARD, **values)


def arrived(trajectory):
    away = np.flatnonzero(~(trajectory.distances < 1e-6))
    return int(away[-1]) + 1


def by_hand(start, lr, beta, steps):
    """Lessard's curve, its slope written out."""
    x, velocity, path = start, 0.0, [start]
    for _ in range(steps):
        slope = 25 * x if x < 1 else x + 24 if x < 2 else 25 * x - 24
        velocity = beta * velocity + lr * slope
        x -= velocity
        path.append(x)
    return np.array(path)


def test_at_rest_the_triangle_runs():
    assert breaker().sentence == (
        "The heavy ball (lr 0.111, beta 0.444) on the triangle from 1 goes round 3 points for ever, 1 from the "
        "minimum. A start of 1 is the first corner with the velocity of the cycle; both are scaled by the start. "
        "Gradient descent arrives at step 160, Nesterov's method at step 2. "
        "Of 241 starts 7, a share of 0.029, go round for ever."
    )


def test_lessards_curve_from_3_3_is_the_cycle_of_the_paper():
    text = lessard(start=3.3).sentence
    assert CYCLE in text
    plain, ahead = (run(rule, Lessard(), [3.3], 400) for rule in (GradientDescent(2 / 26), Nesterov(1 / 25, 2 / 3)))
    assert f"Gradient descent arrives at step {arrived(plain)}, Nesterov's method at step {arrived(ahead)}." in text
    path = by_hand(3.3, 1 / 9, 4 / 9, 400)
    np.testing.assert_allclose(np.sort(path[-3:]), np.sort(Lessard.cycle), atol=1e-9)


def test_the_strip_of_lessards_curve_is_that_of_the_dossier():
    """11.6 % of all starts, in eight intervals (edges to three digits); of 241 starts 29, which is 12.0 %."""
    gaps = [(-4.373, -4.100), (-3.370, -3.219), (-3.056, -2.886), (0.971, 1.038), (2.751, 2.855), (2.858, 2.920),
            (3.062, 3.463), (5.394, 5.555)]  # fmt: skip
    inside = np.any([(low < STARTS + 5e-4) & (high > STARTS - 5e-4) for low, high in gaps], axis=0)
    explorer = lessard()
    explorer.show()
    np.testing.assert_array_equal(explorer._result().strip, inside)
    assert "Of 241 starts 29, a share of 0.12, go round for ever." in explorer.sentence


@pytest.mark.parametrize("start", [3.06, 3.0, 2.95, 3.05])
def test_the_goal_is_said_where_a_start_arrives_beside_one_that_does_not(start):
    text = lessard(start=start).sentence
    step = np.flatnonzero(np.abs(by_hand(start, 1 / 9, 4 / 9, 400)) >= 1e-6)[-1] + 1
    assert f"from {number(start)} is within a millionth of the minimum from step {step} on" in text
    assert f"{GOAL} {number(start)} arrives, and 3.07 goes round for ever." in text


@pytest.mark.parametrize("values", [{"start": 3.07}, {"start": 2.9}, {"start": 3.06, "beta": 0.4}, {"start": -3.0},
                                    {"start": 3.06, "lr": 0.9}])  # fmt: skip
def test_elsewhere_it_is_not(values):
    assert GOAL not in lessard(**values).sentence
    assert GOAL not in breaker().set(start=3.06).sentence
    assert CYCLE in lessard(start=3.07).sentence


def test_on_the_triangle_the_start_scales_corner_and_velocity():
    surface = Polygon(3)
    corner, velocity = surface.cycle_start()
    for start in (-2.5, 0.93):
        ball = run(HeavyBall(0.9 / 9, 0.6), surface, start * corner, 400, state=Momentum(start * velocity))
        text = breaker().set(start=start, lr=0.9, beta=0.6).sentence
        assert f"The heavy ball (lr 0.1, beta 0.6) on the triangle from {number(start).replace('-', '−')}" in text
        assert f"within a millionth of the minimum from step {arrived(ball)} on" in text


def test_on_a_quadratic_every_start_arrives_at_the_best_settings():
    text = breaker().set(function=QUADRATIC, start=-5).sentence
    ball = run(HeavyBall(1 / 9, 4 / 9), Quadratic([1.0, 25.0]), [-5.0, -5.0], 400)
    assert f"from −5 is within a millionth of the minimum from step {arrived(ball)} on" in text
    assert "Of 241 starts none goes round for ever." in text


def test_longer_cycles_are_found():
    """With beta 0.9 and the same lr some starts on Lessard's curve end in a cycle of seven points."""
    explorer = lessard(beta=0.9)
    start = float(STARTS[np.flatnonzero(explorer._result().strip > 0)[0]])
    path = by_hand(start, 1 / 9, 0.9, 400)
    assert np.abs(path[-7:] - path[-14:-7]).max() < 1e-6 < 0.1 < np.abs(path[-7:] - path[-8:-1]).max()
    low, high = (number(end).replace("-", "−") for end in (path[-7:].min(), path[-7:].max()))
    assert f"goes round 7 points between {low} and {high} for ever" in explorer.set(start=start).sentence


def test_a_run_that_creeps_or_rests_is_no_cycle():
    assert "neither at rest nor in a cycle" in lessard(beta=0.99, lr=0.1).sentence
    assert "none goes round for ever, and 240 neither arrive nor go round in 400" in lessard(beta=0.99).sentence
    assert "within a millionth of the minimum from step 0 on" in lessard(start=0).sentence


def test_divergence_is_said_with_its_step():
    path = by_hand(1.0, 1.2 / 9, BEST.beta, 400)
    step = np.flatnonzero(np.abs(path) <= 1e6)[-1] + 1
    assert f"diverged at step {step}." in lessard(lr=1.2, start=1.0).sentence
    explorer = lessard(lr=1.2)
    explorer.show()
    assert explorer._stage.artists.exit[1].get_text() == f"diverged, step {step}"


def test_the_presets():
    explorer = breaker().set(function=QUADRATIC, lr=0.3, beta=0.7)
    triangle, curve = explorer.presets
    explorer.set(**curve.values(explorer.settings))
    assert explorer.settings["function"] == LESSARD and CYCLE in explorer.sentence
    explorer.set(**triangle.values(explorer.settings))
    assert explorer.settings == breaker().settings and explorer.sentence == breaker().sentence


def test_a_typed_start_changes_no_strip():
    one, other = lessard(start=3.05)._result(), lessard(start=3.0612)._result()
    np.testing.assert_array_equal(one.strip, other.strip)
    assert other.runs[0].thetas[0] == 3.0612  # the run is the typed start's own
