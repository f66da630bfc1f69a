import numpy as np
import pytest
from explorer_samples import at_share

from momentum_lab.explorers.escape import LADDER, escape, simulate
from momentum_lab.optimizers import HeavyBall
from momentum_lab.running import run, sweep
from momentum_lab.surfaces import DoubleWell
from momentum_lab.words import number

WELLS = DoubleWell()


def walk(start, beta, velocity=0.0, steps=600):
    """The ball by hand, on x (x^2 - 1) + 0.15."""
    places = [start]
    for _ in range(steps):
        x = places[-1]
        velocity = beta * velocity + 0.02 * (x * (x * x - 1) + 0.15)
        places.append(x - velocity)
    return np.array(places)


def test_at_rest():
    assert escape().sentence == (
        "From 2, at rest, the heavy ball (beta 0.8) ends in the shallow well, at 0.914; it never crosses the barrier. "
        "From step 11 on, height and speed together no longer reach the barrier's 0.261. "
        "Gradient descent from the same place ends in the shallow well too. Goal: the smallest beta that gets out."
    )


def test_trapped_up_to_0835_out_from_084_and_back_again():
    betas = [0.0, 0.5, 0.8, 0.835, 0.84, 0.9, 0.95, 0.955, 0.96, 0.97, 0.98, 0.99, 0.995, 0.999]
    last = run(HeavyBall(**sweep(lr=[0.02], beta=betas)), WELLS, [2.0], 20_000).thetas[-1, 0, :, 0]
    assert [b for b, x in zip(betas, last, strict=True) if x > 0] == [0.0, 0.5, 0.8, 0.835, 0.96, 0.98, 0.999]
    for beta, end in zip(betas[:-1], last, strict=False):
        assert f"ends in the {'shallow' if end > 0 else 'deep'} well" in escape().set(beta=beta).sentence.split(". ")[0]
    assert "has not settled after 600 steps" in escape().set(beta=0.999).sentence


@pytest.mark.parametrize(("start", "beta", "velocity"), [(1.5, 0.97, -0.2), (-1.7, 0.93, 0.3), (-2.2, 0.98, 0.5)])
def test_the_numbers_are_those_of_the_ball_by_hand(start, beta, velocity):
    text = escape().set(start=start, beta=beta, velocity=velocity).sentence
    places = walk(start, beta, velocity)
    crossed = np.flatnonzero(np.diff(places > WELLS.barrier)) + 1
    assert f", at {number(places[-1]).replace('-', '−')};" in text
    count = {1: "once, ", 2: "twice, the last time "}.get(len(crossed), f"{len(crossed)} times, the last time ")
    assert f"crosses the barrier {count}at step {crossed[-1]}." in text


def test_a_fate_once_told_is_kept_for_ever():
    """600 steps and the height within reach tell the well of 20 000 steps."""
    explorer, rng = escape(), np.random.default_rng(8)
    for _ in range(15):
        values = at_share(explorer, rng.uniform(size=3))
        values["beta"] = rng.uniform(0.8, 0.998)
        result = simulate(type("Settings", (), values))
        end = walk(values["start"], values["beta"], values["velocity"], 20_000)[-1]
        assert result.fate in (0, -np.sign(end))


def test_the_first_goal_is_the_smallest_beta_that_gets_out():
    assert "Goal: the smallest beta" in escape().set(beta=0.835).sentence
    text = escape().set(beta=0.84).sentence
    assert "That is the first goal: none of the smaller betas gets out." in text
    assert "Larger is no safer, 0.96, 0.965, 0.98 come back" in text
    for beta in (0.845, 0.9, 0.97):
        assert "so it is with a smaller beta" in escape().set(beta=beta).sentence
    assert "It was out, and has come back. Goal: the smallest" in escape().set(beta=0.96).sentence


def test_the_second_goal_is_a_start_that_momentum_makes_worse():
    assert "Second goal" in escape().set(start=-2.0).sentence
    text = escape().set(start=-2.0, beta=0.9).sentence
    assert "ends in the shallow well, at 0.914; it crosses the barrier once" in text
    assert "Gradient descent from the same place ends in the deep well. That is the second goal" in text
    for beta, worse in ((0.95, True), (0.99, False)):
        assert ("That is the second goal" in escape().set(start=-2.0, beta=beta).sentence) == worse


def test_a_velocity_above_0_goes_left():
    assert walk(0.9, 0.9, 0.1)[1] < 0.9
    np.testing.assert_allclose(
        simulate(type("Settings", (), {"start": 0.9, "beta": 0.9, "velocity": 0.1})).ball, walk(0.9, 0.9, 0.1)
    )
    assert "with velocity −0.1" in escape().set(velocity=-0.1).sentence


def test_on_top_of_the_barrier_nothing_is_settled():
    text = escape().set(start=WELLS.barrier, beta=0.0).sentence
    assert "has not settled after 600 steps; it has not crossed the barrier so far" in text


def test_the_ladder_is_what_single_balls_do():
    result = simulate(type("Settings", (), {"start": 1.8, "beta": 0.5, "velocity": 0.0}))
    for beta, fate in [*zip(LADDER, result.ladder, strict=True)][::20]:
        assert fate == -np.sign(walk(1.8, beta)[-1])
