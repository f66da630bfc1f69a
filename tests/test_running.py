import subprocess
import sys
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from momentum_lab import entry
from momentum_lab.optimizers import Adam, GradientDescent, HeavyBall, Momentum, Nesterov, RMSProp
from momentum_lab.running import run, sweep
from momentum_lab.slips import Slip
from momentum_lab.surfaces import Beale, DoubleWell, Himmelblau, Quadratic, Saddle, twelve_dots
from momentum_lab.trajectory import RUNAWAY

DOTS, FLAT = twelve_dots(), [0.0, 0.0]
BEST_GD, CAUTIOUS_GD, POLYAK = GradientDescent(2 / 10.1), GradientDescent(0.1), HeavyBall(4 / 12.1, (9 / 11) ** 2)


class OwnBowl:
    """A bowl as a learner writes one, each part of which may be wrong."""

    def __init__(self, dim=2, grad=lambda t: 2 * t, height=lambda t: (t**2).sum(axis=-1), **more):
        self.dim, self.grad, self.height = dim, grad, height
        vars(self).update(more)

    def __call__(self, theta):
        return self.height(theta)


@pytest.mark.parametrize(("rule", "steps"), [(BEST_GD, 691), (CAUTIOUS_GD, 1341), (POLYAK, 93)])
def test_the_race_on_the_dots(rule, steps):
    assert run(rule, DOTS, FLAT, 1500).steps_to(distance=1e-6) == steps


def test_the_first_steps_of_the_race():
    a, b = (run(rule, DOTS, FLAT, 100) for rule in (BEST_GD, POLYAK))
    share_a, share_b = a.gaps / a.gaps[0], b.gaps / b.gaps[0]
    assert share_b.argmax() == 4 and share_b.max() == pytest.approx(13.6, abs=0.05)
    assert share_a[10] == pytest.approx(0.67, abs=0.005)
    assert (share_b < share_a)[21:].all() and not (share_b < share_a)[20]
    assert abs(DOTS.parts(b.thetas))[:, 1].max() == pytest.approx(3.7072, abs=5e-5)
    one_step = run(CAUTIOUS_GD, DOTS, FLAT, 1)
    assert 1 - one_step.gaps[1] / one_step.gaps[0] == pytest.approx(0.990, abs=5e-4)


def test_for_good_is_later_than_the_first_touch():
    """lr 1/L, beta 0.9, kappa 100: the distance first touches 1e-6 at step 258 and stays below from 263."""
    trajectory = run(HeavyBall(0.1, 0.9), DOTS, FLAT, 400)
    close = trajectory.distances <= 1e-6 * trajectory.distances[0]
    assert close.argmax() == 258
    assert trajectory.steps_to(distance=1e-6) == 263
    nesterov = run(Nesterov(0.1, 0.9), DOTS, FLAT, 400)
    assert (nesterov.distances <= 1e-6 * nesterov.distances[0]).argmax() == 207
    assert nesterov.steps_to(distance=1e-6) == 234


def test_steps_to_counts_from_the_end():
    trajectory = run(GradientDescent(0.1), Quadratic([1.0]), [1.0], 10)
    assert trajectory.steps_to(distance=1.0) == 0
    assert trajectory.steps_to(distance=0.9**10) == 10
    assert trajectory.steps_to(distance=0.9**10.5) is None
    assert trajectory.steps_to(gap=0.9**4.01) == 3
    with pytest.raises(Slip, match="Say what must become small"):
        trajectory.steps_to()


def test_a_batch_answers_with_arrays():
    trajectory = run(HeavyBall(**sweep(lr=[0.1, 0.4], beta=[0.0, 0.5])), DOTS, FLAT, 700)
    assert trajectory.diverged.tolist() == [[-1, -1], [13, 17]]
    assert trajectory.steps_to(distance=1e-6).tolist() == [[-1, 654], [-1, -1]]
    assert trajectory.losses.shape == (701, 2, 2)


def test_divergence_is_data_and_no_warning():
    """f = 1.5 x^2, lr 1: the iterate doubles every step, and passes a million at step 20."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        trajectory = run(GradientDescent(1.0), Quadratic([3.0]), [1.0], 2000)
        assert trajectory.diverged == 20
        assert trajectory.steps_to(distance=0.1) is None
        assert not np.isfinite(trajectory.losses[-1])
    np.testing.assert_array_equal(trajectory.thetas[:20, 0], (-2.0) ** np.arange(20))


def test_a_wild_run_that_comes_back_has_not_diverged():
    trajectory = run(
        HeavyBall(4 / (1 + 1e-6) ** 2, ((1 - 1e-6) / (1 + 1e-6)) ** 2), Quadratic([1e-12, 1.0]), [1.0, 1.0], 50
    )
    assert trajectory.diverged is None


def test_far_away_is_not_divergence():
    far = Quadratic([1.0], [1e9])
    assert run(GradientDescent(0.5), far, [1.0], 100).diverged is None
    assert RUNAWAY == 1e6


@given(st.integers(0, 30), st.floats(0.0, 5.0), st.floats(0.0, 0.999))
def test_every_run_has_one_point_more_than_steps(steps, lr, beta):
    trajectory = run(HeavyBall(lr, beta), DOTS, FLAT, steps)
    assert trajectory.thetas.shape == (steps + 1, 2)
    assert trajectory.steps == steps


def test_the_start_is_copied_and_the_history_read_only():
    start = np.array([1.0, 1.0])
    trajectory = run(POLYAK, DOTS, start, 3)
    start[:] = 9.0
    np.testing.assert_array_equal(trajectory.thetas[0], [1.0, 1.0])
    with pytest.raises(ValueError, match="read-only"):
        trajectory.thetas[0] = 0.0


def test_states_are_kept_on_request():
    trajectory = run(POLYAK, DOTS, FLAT, 5, keep_states=True)
    velocities = np.array([state.velocity for state in trajectory.states])
    np.testing.assert_allclose(-np.diff(trajectory.thetas, axis=0), velocities[1:], atol=1e-15)
    assert run(POLYAK, DOTS, FLAT, 5).states is None


def test_float32_and_empty_batches_and_odd_memory_orders():
    assert run(POLYAK, DOTS, np.zeros(2, np.float32), 3).thetas.dtype == np.float32
    assert run(POLYAK, DOTS, np.zeros((0, 2)), 3).thetas.shape == (4, 0, 2)
    starts = np.asfortranarray(np.arange(6.0).reshape(3, 2))
    starts.setflags(write=False)
    np.testing.assert_array_equal(run(POLYAK, DOTS, starts, 3).thetas[0], starts)


def returns(value):
    return lambda theta: value


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ([5, 2], r"whole numbers.*\[5\.0, 2\.0\]"),
        (np.array([5, 2]), "whole numbers"),
        ([1.0], "2 coordinates"),
        ([[1.0], [2.0]], "last axis"),
        (3.0, "list of floats"),
        ("ab", "list of floats"),
        ([True, False], "list of floats"),
        ([1.0 + 2j, 0j], "list of floats"),
        ([np.nan, 1.0], "finite"),
    ],
)
def test_a_bad_start_is_named(start, words):
    with pytest.raises(Slip, match=words):
        run(POLYAK, DOTS, start, 3)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "returned None"),
        (np.zeros(3), r"shape of theta, \(2,\); it returned shape \(3,\)"),
        (0.0, r"it returned shape \(\)"),
        (np.array([np.nan, 0.0]), "The gradient of step 1 was not a number"),
        (np.array([1j, 0.0]), "made of real numbers; it returned complex128"),
        (["a", "b"], "made of real numbers"),
    ],
)
def test_a_bad_gradient_is_named(answer, words):
    with pytest.raises(Slip, match=words):
        run(POLYAK, DOTS, FLAT, 3, oracle=[returns(answer)] * 3)


def test_a_gradient_that_breaks_later_is_named_with_its_step():
    oracle = [DOTS.grad] * 4 + [returns(np.full(2, np.nan))] * 2
    with pytest.raises(Slip, match="The gradient of step 5 was not a number"):
        run(POLYAK, DOTS, FLAT, 6, oracle=oracle)


def test_a_list_of_the_right_shape_is_a_gradient():
    np.testing.assert_allclose(
        run(GradientDescent(0.1), DOTS, FLAT, 1, oracle=[returns([1, 2])]).thetas[1], [-0.1, -0.2]
    )


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: run(POLYAK, DOTS, FLAT, -1), "whole number from 0 on"),
        (lambda: run(POLYAK, DOTS, FLAT, 2.5), "whole number from 0 on"),
        (lambda: run(POLYAK, DOTS, FLAT, 5, oracle=[DOTS.grad] * 3), "ended after 3 of 5 steps"),
        (lambda: run(GradientDescent(np.nan), DOTS, FLAT, 1), "lr must be a finite number"),
        (lambda: run(GradientDescent("fast"), DOTS, FLAT, 1), "lr must be a finite number"),
        (lambda: run(GradientDescent(np.ones(3)), DOTS, FLAT, 1), "do not fit together"),
        (lambda: sweep(lr=[[0.1], [0.2]]), "one list of numbers"),
    ],
)
def test_bad_settings_are_named(call, words):
    with pytest.raises(Slip, match=words):
        call()


def test_a_slip_is_one_sentence_in_a_notebook():
    slip = Slip("This is wrong; do that.")
    assert slip._render_traceback_() == ["This is wrong; do that."]
    assert isinstance(slip, ValueError)


def test_importing_the_package_is_light():
    heavy = "matplotlib sympy ipywidgets IPython PIL traitlets"
    code = f"import sys, momentum_lab; print([m for m in {heavy.split()!r} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
    running = code.replace("momentum_lab;", "momentum_lab.running, momentum_lab.surfaces;")
    assert subprocess.run([sys.executable, "-c", running], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_run_can_start_with_a_memory():
    first = run(POLYAK, DOTS, FLAT, 7, keep_states=True)
    rest = run(POLYAK, DOTS, first.thetas[-1], 5, state=first.states[-1])
    np.testing.assert_array_equal(rest.thetas, run(POLYAK, DOTS, FLAT, 12).thetas[7:])


def test_surfaces_without_a_lowest_point_say_so():
    trajectory = run(GradientDescent(0.1), Saddle(), [1.0, 1e-6], 5)
    assert trajectory.losses.shape == (6,)
    for ask in (lambda: trajectory.gaps, lambda: trajectory.distances, lambda: trajectory.steps_to(distance=0.1)):
        with pytest.raises(Slip, match="no lowest"):
            ask()


def test_the_distance_is_to_the_nearest_of_several_lowest_points():
    surface = Himmelblau()
    trajectory = run(GradientDescent(0.01), surface, surface.minima + 0.1, 300)
    assert (trajectory.distances[-1] < 1e-6).all()
    assert trajectory.steps_to(distance=0.01).min() > 0


def test_many_runs_at_once_are_bitwise_the_single_ones_whatever_their_number():
    """More runs than coordinates are kept in another order in memory."""
    starts = np.random.default_rng(0).normal(size=(7, 5, 2))
    surface = Quadratic([0.3, 4.0])
    together = run(HeavyBall(0.2, 0.8), surface, starts, 20)
    for index in np.ndindex(7, 5):
        alone = run(HeavyBall(0.2, 0.8), surface, starts[index], 20)
        np.testing.assert_array_equal(together.thetas[(slice(None), *index)], alone.thetas)
        np.testing.assert_array_equal(together.losses[(slice(None), *index)], alone.losses)
    assert together.thetas.shape == (21, 7, 5, 2) and together.thetas[0].flags.writeable is False


def test_a_diverging_grid_with_one_broken_gradient_names_the_broken_one():
    """Runs that blow up to NaN are divergence; the first healthy run that meets a NaN is a slip."""
    rates = sweep(lr=[1e3, 0.1])
    thetas = run(GradientDescent(**rates), Quadratic([1.0]), [1.0], 400).thetas
    assert np.isnan(thetas[-1, 0]).all() or np.isinf(thetas[-1, 0]).all()

    def broken_near_zero(theta):
        return np.where(np.abs(theta) < 0.5, np.nan, theta)

    with pytest.raises(Slip, match=r"The gradient of step 8 was not a number"):
        run(GradientDescent(**rates), Quadratic([1.0]), [1.0], 400, oracle=400 * [broken_near_zero])


class Unknown:
    """A surface of somebody's own, with the least it can have."""

    dim = 2

    def __call__(self, theta):
        return (theta**2).sum(axis=-1)

    def grad(self, theta):
        return 2 * theta


def test_a_surface_that_does_not_know_its_minimum():
    trajectory = run(GradientDescent(0.1), Unknown(), [5.0, 2.0], 5)
    assert trajectory.losses[0] == 29.0 and trajectory.diverged is None
    for ask in (lambda: trajectory.gaps, lambda: trajectory.distances):
        with pytest.raises(Slip, match="or does not say so"):
            ask()
    with pytest.raises(Slip, match="The gradient of step 2 was not a number"):
        run(GradientDescent(0.1), Unknown(), [5.0, 2.0], 3, oracle=[Unknown().grad, *2 * [returns(np.full(2, np.nan))]])


@pytest.mark.parametrize("rule", [Adam(0.1, beta1=1.0), Adam(0.1, eps=0.0), RMSProp(0.1, decay=1.5)])
def test_a_setting_that_makes_a_nan_is_not_blamed_on_the_gradient(rule):
    with pytest.raises(Slip, match="although the gradient there is finite; look at the settings"):
        run(rule, DOTS if "decay" in rule.label else Quadratic([1.0, 1.0]), [5.0, 0.0], 20)


def test_gradients_too_large_for_float32_are_divergence():
    start = np.array([-1.0, 1.5], np.float32)
    assert run(RMSProp(1e3, centered=True), Beale(), start, 300).diverged is not None
    assert run(Adam(**sweep(lr=[1e-3, 1e6])), Beale(), start, 300).diverged.tolist()[0] == -1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: run(HeavyBall(0.1), Quadratic, FLAT, 5), "this is the class Quadratic"),
        (lambda: run(HeavyBall, DOTS, FLAT, 5), r"such as HeavyBall\(0.1\); this is the class HeavyBall"),
        (lambda: run(DOTS, HeavyBall(0.1), FLAT, 5), "The optimizer is a rule"),
        (lambda: run(HeavyBall(0.1), lambda x: x, FLAT, 5), "The surface is a landscape"),
        (lambda: run(HeavyBall(0.1), DOTS, FLAT, 5, oracle=DOTS.grad), r"write exact\(grad\)"),
        (lambda: run(HeavyBall(0.1), DOTS, [[1.0, 2.0], [1.0]], 5), "the same number of coordinates"),
        (lambda: run(GradientDescent([0.01, 0.1, 0.3]), DoubleWell(), [1.8], 5), "do not fit together"),
        (lambda: run(HeavyBall(0.1), DoubleWell(), [1.8, 1.0], 5), "1 coordinate, so"),
        (lambda: run(POLYAK, DOTS, FLAT, 5, state=Momentum(np.zeros(3))), r"shape of the start, \(2,\)"),
        (lambda: run(POLYAK, DOTS, FLAT, 5, state=Momentum(np.array([np.nan, 0]))), "finite numbers"),
        (lambda: run(POLYAK, DOTS, FLAT, 5, state=np.zeros(2)), "heavy ball remembers Momentum; .* a ndarray"),
        (lambda: run(BEST_GD, DOTS, FLAT, 5, state=Momentum(np.zeros(2))), "gradient descent remembers nothing"),
        (lambda: run(POLYAK, DOTS, FLAT, 5, oracle="grad"), "A gradient is a function of theta.*; this is a str"),
        (lambda: run(POLYAK, DOTS, FLAT, 5, oracle=[1, 2]), "A gradient is a function of theta.*; this is a int"),
        (lambda: run(POLYAK, DOTS, FLAT, 5, oracle=[lambda t: [[1], [1, 2]]]), "returned rows of different lengths"),
        (lambda: run(POLYAK, DOTS, FLAT, 10**20), "cannot keep 100000000000000000001 points"),
        (lambda: run(POLYAK, OwnBowl(dim="2"), FLAT, 5), "and dim, a whole number; a OwnBowl has not"),
        (lambda: run(POLYAK, OwnBowl(dim=lambda: 2), FLAT, 5), "and dim, a whole number; a OwnBowl has not"),
        (lambda: run(POLYAK, OwnBowl(grad=np.zeros(2)), FLAT, 5), "two functions of points"),
        (lambda: run(POLYAK, OwnBowl(height=lambda t: t[0] ** 2), FLAT, 5).losses, r"write theta\[..., 0\]"),
        (lambda: run(POLYAK, OwnBowl(height=lambda t: None), FLAT, 5).losses, "it returned None"),
        (lambda: run(POLYAK, DOTS, FLAT, 5).steps_to(distance="0.1"), "The share is one finite number; this is '0.1'"),
        (lambda: run(POLYAK, DOTS, FLAT, 5).steps_to(gap=[0.1, 0.2]), "The share is one finite number"),
        (lambda: run(POLYAK, DOTS, FLAT, 5).steps_to(gap=np.nan), "The share is one finite number"),
        (lambda: sweep(lr="abc"), "one list of numbers"),
        (lambda: sweep(lr=None), "one list of numbers"),
        (lambda: sweep(lr=[[0.1], [0.1, 0.2]]), "one list of numbers"),
    ],
)
def test_wrong_kinds_are_named(call, words):
    with pytest.raises(Slip, match=words):
        call()


def test_more_points_than_the_memory_holds_are_refused_in_a_sentence(monkeypatch):
    def full(*_args):
        raise MemoryError

    monkeypatch.setattr(np, "empty", full)
    with pytest.raises(Slip, match="ask for fewer steps or fewer runs"):
        entry.room_for_path(np.zeros(2), 5)


def test_a_surface_of_ones_own_need_not_know_its_minima():
    bowl = OwnBowl(minima=None)
    assert run(POLYAK, bowl, FLAT, 5).diverged is None
    with pytest.raises(Slip, match="no lowest point"):
        _ = run(POLYAK, bowl, FLAT, 5).distances


def test_a_memory_given_as_a_list_or_for_all_runs_is_spread():
    one = run(POLYAK, DOTS, [[1.0, 2.0], [3.0, 4.0]], 4, state=Momentum([1.0, 1.0])).thetas
    np.testing.assert_array_equal(one[:, 1], run(POLYAK, DOTS, [3.0, 4.0], 4, state=Momentum([1.0, 1.0])).thetas)


def test_losses_are_read_only_and_taken_in_slices():
    trajectory = run(POLYAK, DOTS, np.random.default_rng(0).normal(size=(3000, 2)), 100)
    np.testing.assert_array_equal(trajectory.losses, DOTS(trajectory.thetas))
    with pytest.raises(ValueError, match="read-only"):
        trajectory.losses[0] = 0.0
    assert run(POLYAK, DOTS, np.zeros((0, 2)), 3).losses.shape == (4, 0)
