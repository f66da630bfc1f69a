import numpy as np
import pytest

from momentum_lab.explorers.settings_map import EDGES, SOFT, STIFF, corner, region, settings_map
from momentum_lab.optimizers import HeavyBall
from momentum_lab.running import run
from momentum_lab.surfaces import Quadratic, twelve_dots
from momentum_lab.theory import spectrum_rate, steps_for
from momentum_lab.words import number


def test_at_rest():
    assert settings_map().sentence == (
        "Condition number 100: in the long run the slower of the two springs keeps 0.949 of its error a step. "
        "By this rate a millionth takes 263 steps; the run is within a millionth of its starting distance from step "
        "263 on. Its loss never climbs above its start. Polyak's corner, the best rate in the long run, arrives at "
        "step 93; the goal is an arrival before step 80."
    )


@pytest.mark.parametrize(("lr", "beta"), [(3.0, 0.7), (2.5, 0.4), (3.9, 0.97)])
def test_the_sentence_says_what_the_library_computes(lr, beta):
    dots = twelve_dots()
    walk = run(HeavyBall(lr / 10, beta), dots, [0.0, 0.0], 400)
    text = settings_map().set(lr=lr, beta=beta).sentence
    rate = max(np.abs(np.roots([1, lr * h / 10 - 1 - beta, beta])).max() for h in (0.1, 10))
    assert f"keeps {number(rate)} of its error" in text
    assert f"a millionth takes {number(np.ceil(np.log(1e-6) / np.log(rate)))} steps" in text
    arrived = walk.steps_to(distance=1e-6)
    left = walk.distances[-1] / walk.distances[0]
    assert (f"from step {arrived} on" if arrived else f"stands at {number(left)} of its start") in text
    peak = walk.gaps.argmax()
    assert f"peaks at {number(walk.gaps[peak] / walk.gaps[0])} times its start, at step {peak}." in text


@pytest.mark.parametrize(("springs", "row"), [(SOFT, 0), (STIFF, 1)])
def test_one_spring_alone(springs, row):
    curvature = float(twelve_dots().eigenvalues[row])
    arrived = run(HeavyBall(0.25, 0.6), Quadratic([curvature]), [1.0], 400).steps_to(distance=1e-6)
    text = settings_map().set(lr=2.5, beta=0.6, springs=springs).sentence
    assert f"the {springs} keeps" in text and f"from step {arrived} on" in text


def test_the_goal_is_open_at_rest_and_at_the_corner_and_can_be_reached():
    explorer = settings_map()
    assert "That is the goal" not in explorer.sentence
    explorer.set(**explorer.presets[0].values(explorer.settings))
    assert "from step 93 on" in explorer.sentence and "That is the goal" not in explorer.sentence
    assert "peaks at 13.6 times its start, at step 4" in explorer.sentence
    text = explorer.set(lr=3.16, beta=0.681).sentence
    assert "from step 74 on" in text and "That is the goal: an arrival before step 80." in text
    lr, beta = explorer.controls[1], explorer.controls[2]  # the sliders reach it too
    explorer.set(lr=lr.at(lr.notch(3.16)), beta=beta.at(beta.notch(0.68)))
    assert "That is the goal" in explorer.sentence


def test_gradient_descent_at_its_best():
    explorer = settings_map()
    explorer.set(**explorer.presets[1].values(explorer.settings))
    assert explorer.settings["beta"] == 0 and explorer.settings["lr"] == pytest.approx(20 / 10.1)
    assert "a millionth takes 691 steps" in explorer.sentence


def test_divergence_is_said():
    diverged = run(HeavyBall(0.39, 0.5), twelve_dots(), [0.0, 0.0], 400).diverged
    assert f"the run diverged at step {diverged}. Its loss grows" in settings_map().set(lr=3.9, beta=0.5).sentence


@pytest.mark.parametrize("offset", [0.5, 1.0, 5.0, 10.0])
def test_the_corner_arrives_when_its_run_does(offset):
    dots = twelve_dots(offset)
    lr, beta, step = corner(offset)
    walk = run(HeavyBall(lr / dots.eigenvalues[-1], beta), dots, [0.0, 0.0], 2000)
    assert abs(walk.steps_to(distance=1e-6) - step) <= 1


@pytest.mark.parametrize(("soft", "stiff"), [(0.01, 1.0), (0.01, 0.01), (1.0, 1.0), (0.3, 1.0), (1e-4, 1.0)])
def test_the_bands_are_those_of_the_theory(soft, stiff):
    """A setting lies in a region exactly if its rate is at least as good."""
    lr, beta = (grid.ravel() for grid in np.meshgrid(np.linspace(0.013, 3.99, 83), np.linspace(0.003, 0.99, 79)))
    steps = steps_for(spectrum_rate("heavy ball", lr, beta, soft, stiff), 1e-6)
    for edge in EDGES:
        corners = region(1e-6 ** (1 / edge), soft, stiff)
        if corners is None:
            assert not (steps < edge * 0.999).any()
            continue
        (x0, y0), (x1, _), (x2, y2), (x3, _) = corners
        share = (beta - y0) / (y2 - y0)
        inside = (share >= 0) & (share <= 1) & (lr >= x0 + share * (x3 - x0)) & (lr <= x1 + share * (x2 - x1))
        np.testing.assert_array_equal(
            inside[abs(steps / edge - 1) > 1e-6], (steps <= edge)[abs(steps / edge - 1) > 1e-6]
        )
