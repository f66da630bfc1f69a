import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from momentum_lab import theory
from momentum_lab.optimizers import GradientDescent, HeavyBall, Momentum, Nesterov
from momentum_lab.oracles import AdditiveNoise, CurvatureNoise
from momentum_lab.running import run, sweep
from momentum_lab.slips import Slip
from momentum_lab.surfaces import Polygon, Quadratic

RULES = {"gradient descent": lambda lr, beta: GradientDescent(lr), "heavy ball": HeavyBall, "Nesterov": Nesterov}
methods = pytest.mark.parametrize("method", theory.METHODS)


def measured_roots(errors):
    """The two roots behind a recorded error, by fitting error[t + 1] = p error[t] - d error[t - 1] (Prony's method).

    It makes no difference whether the roots are real, complex or equal.
    """
    scale = np.abs(errors[1:-1]) + np.abs(errors[:-2])
    system = np.stack([errors[1:-1], -errors[:-2]], axis=-1) / scale[:, np.newaxis]
    (p, d), *_ = np.linalg.lstsq(system, errors[2:] / scale, rcond=None)
    return np.roots([1, -p, d])


@methods
def test_the_measured_rate_is_the_rate_on_200_random_quadratics(method):
    """Random curvatures and settings; every fourth at its best settings, where the roots are equal."""
    rng, compared = np.random.default_rng(5), 0
    for k in range(200):
        dim = int(rng.integers(1, 6))
        curvatures = np.sort(10 ** rng.uniform(-2, 2, dim))
        if k % 4 == 0:
            lr, beta, best = theory.best_settings(method, curvatures[0], curvatures[-1])
        else:
            beta = 0.0 if method == "gradient descent" else rng.uniform(0, 0.99)
            lr = rng.uniform(0.05, 0.99) * theory.stability_limit(method, beta) / curvatures[-1]
        thetas = run(RULES[method](lr, beta), Quadratic(curvatures), np.ones(dim), 60).thetas
        rates = theory.rate(method, lr * curvatures, beta)
        exact = np.stack([theory.position(method, t, lr * curvatures, beta) for t in range(61)])
        np.testing.assert_allclose(thetas, exact, rtol=1e-9, atol=1e-9 * np.abs(exact).max())
        for i in range(dim):
            if np.abs(thetas[:, i]).min() > 1e-12 and rates[i] > 1e-4:
                measured = np.abs(measured_roots(thetas[:, i])).max()
                compared += 1
                # An equal root is found to the square root of the precision only.
                assert measured == pytest.approx(rates[i], abs=1e-3 if k % 4 == 0 else 2e-4)
        if k % 4 == 0:
            assert theory.spectrum_rate(method, lr, beta, curvatures[0], curvatures[-1]) == pytest.approx(
                best, abs=1e-6
            )


def test_equal_roots_add_a_factor_that_grows():
    """kappa 100: (1 + (1 - r) t) r^t in both end directions, r = 9/11 and -9/11; the steep one peaks at 3.7072."""
    lr, beta, rate = theory.best_settings("heavy ball", 1.0, 100.0)
    thetas = run(HeavyBall(lr, beta), Quadratic([1.0, 100.0]), [1.0, 1.0], 300).thetas
    t = np.arange(301)
    for i, r in enumerate((rate, -rate)):
        np.testing.assert_allclose(thetas[:, i], (1 + (1 - r) * t) * r**t, rtol=1e-6, atol=1e-12)
    assert np.abs(thetas[:, 1]).max() == pytest.approx(3.7072, abs=5e-5) and np.abs(thetas[:, 1]).argmax() == 4
    # Only with the factor taken out is the slope of the error the rate.
    raw = (abs(thetas[200, 0]) / abs(thetas[100, 0])) ** 0.01
    freed = raw * ((1 + (1 - rate) * 100) / (1 + (1 - rate) * 200)) ** 0.01
    assert freed == pytest.approx(rate, abs=1e-6) and raw - rate > 0.005


@methods
@given(u=st.floats(0.001, 3.9), beta=st.floats(0.0, 0.999))
def test_the_rate_is_the_spectral_radius_of_the_matrix(method, u, beta):
    beta = 0.0 if method == "gradient descent" else beta
    radius = np.abs(np.linalg.eigvals(theory.iteration_matrix(method, u, beta))).max()
    assert theory.rate(method, u, beta) == pytest.approx(radius, abs=1e-7)


@methods
def test_the_matrix_is_what_a_step_does(method):
    u, beta = 0.3, 0.0 if method == "gradient descent" else 0.7
    errors = run(RULES[method](u, beta), Quadratic([1.0]), [1.0], 6).thetas[:, 0]
    for t in range(1, 6):
        after = theory.iteration_matrix(method, u, beta) @ errors[[t, t - 1]]
        np.testing.assert_allclose(after, errors[[t + 1, t]], atol=1e-15)
    assert theory.iteration_matrix(method, np.ones((3, 2)), beta).shape == (3, 2, 2, 2)


@methods
@given(u=st.floats(0.0, 4.5), beta=st.floats(0.0, 0.999), steps=st.integers(0, 120))
def test_the_position_is_where_a_run_arrives(method, u, beta, steps):
    beta = 0.0 if method == "gradient descent" else beta
    errors = run(RULES[method](u, beta), Quadratic([1.0]), [1.0], steps).thetas[:, 0]
    assert theory.position(method, steps, u, beta) == pytest.approx(
        errors[-1], rel=1e-8, abs=1e-9 * np.abs(errors).max()
    )


def test_positions_of_a_whole_grid():
    settings = sweep(lr=np.linspace(0.001, 0.3, 20), beta=np.linspace(0, 0.99, 20))
    bowl = Quadratic([0.1, 10.0])
    for method, rule in (("heavy ball", HeavyBall), ("Nesterov", Nesterov)):
        ends = theory.position(method, 500, settings["lr"] * bowl.eigenvalues, settings["beta"])
        measured = run(rule(**settings), bowl, [1.0, 1.0], 500).thetas[-1]
        bounded = np.abs(measured) < 1
        np.testing.assert_allclose(ends[bounded], measured[bounded], atol=1e-9)
        assert bounded.mean() > 0.5
    assert theory.position("gradient descent", 10**6, 5.0) == np.inf
    np.testing.assert_array_equal(theory.position("heavy ball", 0, np.array([0.1, 9.0]), 0.5), [1, 1])


@methods
def test_only_the_ends_of_the_spectrum_matter(method):
    curvatures = np.linspace(0.1, 10, 2001)
    for lr in np.linspace(0.01, 0.35, 15):
        for beta in (0.0,) if method == "gradient descent" else (0.0, 0.3, 0.67, 0.9, 0.99):
            densely = theory.rate(method, lr * curvatures, beta).max()
            assert theory.spectrum_rate(method, lr, beta, 0.1, 10.0) == pytest.approx(densely, abs=1e-12)
    assert theory.spectrum_rate(method, np.full((4, 1), 0.1), np.full((1, 5), 0.0), 0.1, 10.0).shape == (4, 5)


@methods
@pytest.mark.parametrize("kappa", [1.0, 4.0, 100.0, 1e4])
def test_no_other_settings_have_a_better_rate(method, kappa):
    best = theory.best_settings(method, 1.0, kappa)
    assert theory.spectrum_rate(method, best.lr, best.beta, 1.0, kappa) == pytest.approx(best.rate, abs=3e-7)
    rng = np.random.default_rng(0)
    for width in (0.3, 0.03, 0.003):
        lrs = best.lr * (1 + width * rng.uniform(-1, 1, 500))
        betas = np.clip(best.beta + width * rng.uniform(-1, 1, 500) * (method != "gradient descent"), 0, 0.9999)
        assert theory.spectrum_rate(method, lrs, betas, 1.0, kappa).min() >= best.rate - 1e-9


@pytest.mark.parametrize(
    ("kappa", "rates"),
    [
        (10, (0.818182, 0.519494, 0.640789, 0.683772)),
        (25, (0.923077, 0.666667, 0.770584, 0.8)),
        (100, (0.980198, 0.818182, 0.884722, 0.9)),
        (1000, (0.998002, 0.938693, 0.963491, 0.968377)),
        (10000, (0.999800, 0.980198, 0.988453, 0.99)),
    ],
)
def test_the_table_of_rates(kappa, rates):
    ours = [theory.best_settings(method, 1.0, kappa).rate for method in theory.METHODS]
    textbook = theory.textbook_nesterov(1.0, kappa)
    np.testing.assert_allclose([*ours, textbook.rate], rates, atol=5e-7)
    assert theory.spectrum_rate("Nesterov", textbook.lr, textbook.beta, 1.0, kappa) == pytest.approx(
        textbook.rate, abs=1e-6
    )


def test_settings_and_steps_at_condition_number_100():
    best = theory.best_settings("heavy ball", 1.0, 100.0)
    np.testing.assert_allclose(best, (0.0330579, 0.669421, 0.818182), atol=5e-7)
    assert theory.steps_for(0.9801980198, 1e-6) == pytest.approx(690.75, abs=0.01)
    assert theory.steps_for(best.rate, 1e-6) == pytest.approx(68.8, abs=0.05)
    for beta, kappa in ((0.5, 33.97), (0.8, 322.0), (0.9, 1442.0), (0.95, 6082), (0.99, 158402)):
        assert theory.best_settings("heavy ball", 1.0, kappa).beta == pytest.approx(beta, abs=2e-5)


@methods
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.99])
def test_the_limit_of_stability_is_bracketed(method, beta):
    """One in a thousand below it a run converges, one in a thousand above it a run diverges."""
    limit = theory.stability_limit(method, beta)
    for factor, converges in ((0.999, True), (1.001, False)):
        end = np.abs(run(RULES[method](factor * limit, beta), Quadratic([1.0]), [1.0], 60_000).thetas[-1, 0])
        assert (end < 1e-3) == converges
    expected = {
        "gradient descent": 4 * [2.0],
        "heavy ball": [2, 3, 3.8, 3.98],
        "Nesterov": [2, 1.5, 1.357143, 1.335570],
    }
    assert limit == pytest.approx(expected[method][[0.0, 0.5, 0.9, 0.99].index(beta)], abs=5e-7)


def one_step(rule, factor):
    """The matrix of one step in (x, v) when the curvature is 1 times a factor, read off the rule itself."""
    columns = []
    for x, v in ((1.0, 0.0), (0.0, 1.0)):
        state = None if isinstance(rule, GradientDescent) else Momentum(np.array([v]))
        new, after = rule.step(np.array([x]), lambda theta: factor * theta, state)
        columns.append([new[0], 0.0 if after is None else after.velocity[0]])
    return np.array(columns).T


@methods
@pytest.mark.parametrize("spread", [0.0, 0.1, 1.0, 10.0])
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.99])
def test_the_limit_under_curvature_noise_is_bracketed(method, spread, beta):
    """A factor that is 1 + sqrt(r) or 1 - sqrt(r) with equal chance: the mean square grows or falls by a matrix."""
    limit = theory.curvature_noise_limit(method, beta, spread)
    for share, converges in ((0.999, True), (1.001, False)):
        rule = RULES[method](share * limit, beta)
        steps = [one_step(rule, 1 + sign * np.sqrt(spread)) for sign in (1, -1)]
        radius = np.abs(np.linalg.eigvals(sum(np.kron(step, step) for step in steps) / 2)).max()
        assert (radius < 1) == converges
    if spread == 0:
        assert limit == pytest.approx(theory.stability_limit(method, 0.0 if method == "gradient descent" else beta))


def test_curvature_noise_turns_the_advice_about_large_beta_round():
    betas = np.array([0, 0.5, 0.9, 0.99])
    np.testing.assert_allclose(theory.curvature_noise_limit("heavy ball", betas, 1.0), [1, 0.75, 0.19, 0.0199])
    np.testing.assert_allclose(theory.stability_limit("heavy ball", betas), [2, 3, 3.8, 3.98])
    bowl, starts = Quadratic([1.0]), np.ones((4000, 1))
    oracle = CurvatureNoise(bowl.grad, 1.0, 0)
    inside, outside = (
        (run(HeavyBall(u, 0.9), bowl, starts, 400, oracle=oracle).thetas[-1] ** 2).mean() for u in (0.05, 0.6)
    )
    assert inside < 1e-3 < 1e3 < outside


def test_the_first_polygon():
    """beta 0.9, kappa 100: none below lr L = 0.7512, ten corners come first; about 8 (1 - beta)."""
    limit = theory.polygon_limit(0.9, 100.0)
    assert limit == pytest.approx(0.75116, abs=5e-6)
    assert limit == theory.polygon_limit(0.9, 100.0, [10])
    for corners in range(3, 80):
        with pytest.raises(Slip, match="on no bowl"):
            Polygon(corners, lr=limit * 0.999 / 100, beta=0.9, smoothness=100.0)
    surface = Polygon(10, lr=limit * 1.001 / 100, beta=0.9, smoothness=100.0)
    start, velocity = surface.cycle_start()
    thetas = run(HeavyBall(surface.lr, 0.9), surface, start, 200, state=Momentum(velocity)).thetas
    np.testing.assert_allclose(np.linalg.norm(thetas, axis=-1), 1.0, atol=1e-9)
    assert limit < theory.stability_limit("heavy ball", 0.9)
    assert theory.polygon_limit(4 / 9, 25.0) < 25 / 9  # the best settings for quadratics lie above it
    assert theory.polygon_limit(0.0, 100.0) == np.inf  # gradient descent goes round nothing


@pytest.mark.parametrize(
    ("method", "lr", "beta"),
    [
        ("gradient descent", 0.1, 0.0),
        ("gradient descent", 1.0, 0.0),
        ("heavy ball", 0.1, 0.5),
        ("heavy ball", 0.1, 0.9),
        ("heavy ball", 1.0, 0.9),
        ("Nesterov", 0.1, 0.5),
        ("Nesterov", 0.1, 0.9),
        ("Nesterov", 1.0, 0.9),
        ("Nesterov", 1.2, 0.9),
    ],
)
def test_the_noise_floor_is_what_a_simulation_keeps(method, lr, beta):
    """40 000 runs, the last 150 of 300 steps; within two per cent."""
    bowl = Quadratic([1.0])
    trajectory = run(
        RULES[method](lr, beta), bowl, np.zeros((40_000, 1)), 300, oracle=AdditiveNoise(bowl.grad, 1.0, 11)
    )
    kept = (trajectory.thetas[150:] ** 2).mean()
    assert theory.noise_floor(method, lr, beta, 1.0) == pytest.approx(kept, rel=0.02)


def test_the_table_of_noise_floors():
    floor = theory.noise_floor
    betas = np.array([0, 0.5, 0.9, 0.99])
    np.testing.assert_allclose(floor("heavy ball", 0.1, betas, 1.0), [0.052632, 0.103448, 0.513514, 5.12887], rtol=1e-5)
    np.testing.assert_allclose(
        floor("heavy ball", 0.1 * (1 - betas), betas, 1.0), [0.0526, 0.0508, 0.0501, 0.05], atol=5e-5
    )
    assert floor("Nesterov", 0.1, 0.9, 1.0) == pytest.approx(0.270634, abs=5e-7)
    assert floor("heavy ball", 0.1, 0.9, 1.0, variance=1 / 16) == pytest.approx(0.032095, abs=5e-7)
    assert floor("heavy ball", 5.0, 0.9, 1.0) == np.inf and floor("gradient descent", 2.0, 0.0, 1.0) == np.inf
    assert floor("heavy ball", 0.1, 0.9, 4.0) == pytest.approx(0.1 * 1.9 / (4 * 0.1 * (3.8 - 0.4)))


@pytest.mark.parametrize(
    ("beta", "lengths", "last", "needed"),
    [
        (0.5, (2, 1, 1.4427, 1.0, 3), 0.75, 5),
        (0.8, (5, 4, 4.4814, 3.1063, 9), 0.6723, 14),
        (0.9, (10, 9, 9.4912, 6.5788, 19), 0.6513, 29),
        (0.95, (20, 19, 19.4957, 13.5134, 39), 0.6415, 59),
        (0.99, (100, 99, 99.4992, 68.9676, 199), 0.6340, 299),
    ],
)
def test_the_table_of_windows(beta, lengths, last, needed):
    np.testing.assert_allclose(theory.window(beta), lengths, atol=5e-5)
    assert theory.weight_of_last(beta, round(1 / (1 - beta))) == pytest.approx(last, abs=5e-5)
    assert theory.steps_for_weight(beta, 0.95) == needed


def test_windows_are_sums_over_weights():
    ages, weights = np.arange(5000), 0.9 ** np.arange(5000.0)
    window = theory.window(0.9)
    assert window.total == pytest.approx(weights.sum())
    assert window.mean_age == pytest.approx((ages * weights).sum() / weights.sum())
    assert window.averaged == pytest.approx(weights.sum() ** 2 / (weights**2).sum())
    assert 0.9**window.e_fold == pytest.approx(1 / np.e) and 0.9**window.half_life == pytest.approx(0.5)
    np.testing.assert_array_equal(theory.steps_for_weight(0.9, np.array([0.9, 0.95, 0.99])), [22, 29, 44])
    assert theory.steps_for_weight(0.5, 0.75) == 2  # exactly reached: rounding must not add one


@given(lr=st.floats(1e-4, 1.0), beta=st.floats(0.0, 0.999), h=st.floats(0.01, 2.0))
def test_a_pendulum_and_its_settings_are_one(lr, beta, h):
    for scheme in ("Qian", "semi-implicit"):
        ball = theory.pendulum(lr, beta, h, scheme)
        np.testing.assert_allclose(theory.settings_of(*ball, h, scheme), (lr, beta), rtol=1e-9, atol=1e-12)
        assert lr / (1 - beta) == pytest.approx(h / ball.friction)


def test_qian_s_ball_and_the_other():
    np.testing.assert_allclose(theory.pendulum(0.01, 0.9), (90, 10))
    np.testing.assert_allclose(theory.pendulum(0.01, 0.9, scheme="semi-implicit"), (100, 10))


def test_small_steps_of_the_heavy_ball_follow_the_pendulum():
    """m x'' + c x' + x = 0 with m = 1, c = 0.4 from rest at 1, against its exact solution; the error falls with h."""
    m, c = 1.0, 0.4
    w = np.sqrt(1 / m - (c / 2 / m) ** 2)
    for scheme in ("Qian", "semi-implicit"):
        errors = []
        for h in (0.02, 0.01):
            t = h * np.arange(int(10 / h) + 1)
            exact = np.exp(-c * t / 2 / m) * (np.cos(w * t) + c / (2 * m * w) * np.sin(w * t))
            thetas = run(HeavyBall(*theory.settings_of(m, c, h, scheme)), Quadratic([1.0]), [1.0], len(t) - 1).thetas[
                :, 0
            ]
            errors.append(np.abs(thetas - exact).max())
        assert errors[0] < 0.02 and errors[0] / errors[1] == pytest.approx(2.0, rel=0.1)


@pytest.mark.parametrize("method", theory.METHODS[1:])
@given(u=st.floats(0.001, 0.9))
def test_critical_damping_is_where_the_roots_meet(method, u):
    beta = theory.critical_beta(method, u)
    p, d = theory.polynomial(method, u, beta)
    assert p * p / 4 - d == pytest.approx(0, abs=1e-12)
    assert theory.critical_stiffness(method, beta) == pytest.approx(u)


def test_critical_numbers():
    assert theory.critical_beta("heavy ball", 0.04) == pytest.approx(0.64)
    assert theory.critical_stiffness("heavy ball", 0.9) == pytest.approx(0.002633, abs=5e-7)
    assert theory.critical_stiffness("Nesterov", 0.9) == pytest.approx(0.00277, abs=5e-6)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (
            lambda: theory.rate("Adam", 0.1),
            "There is theory for gradient descent, heavy ball, Nesterov; not for 'Adam'",
        ),
        (lambda: theory.best_settings("Adam", 1.0, 2.0), "There is theory for"),
        (lambda: theory.stability_limit("Adam"), "There is theory for"),
        (lambda: theory.curvature_noise_limit("Adam"), "There is theory for"),
        (lambda: theory.best_settings("heavy ball", 0.0, 2.0), "0 < mu <= smoothness"),
        (lambda: theory.textbook_nesterov(3.0, 2.0), "0 < mu <= smoothness"),
        (lambda: theory.position("heavy ball", 2.5, 0.1, 0.9), "whole number from 0 on"),
        (lambda: theory.polygon_limit(1.0, 100.0), "0 <= beta < 1"),
        (lambda: theory.pendulum(0.1, 0.9, scheme="Euler"), "Qian, semi-implicit"),
        (lambda: theory.critical_beta("gradient descent", 0.1), "can swing"),
        (lambda: theory.critical_beta("heavy ball", 2.0), "0 < u < 1"),
        (lambda: theory.critical_stiffness("heavy ball", -0.5), "0 <= beta < 1"),
        (lambda: theory.polygon_limit(np.array([0.5, 0.9]), 100.0), "beta is one finite number"),
        (lambda: theory.polygon_limit(0.9, 100.0, []), "the numbers of corners to try, each 3 or more"),
        (lambda: theory.curvature_noise_limit("Nesterov", 1.0), "0 <= beta < 1"),
        (lambda: theory.curvature_noise_limit("Nesterov", 0.5, -1.0), "a spread of 0 or more"),
        (lambda: theory.noise_floor("heavy ball", 0.0, 0.9, 1.0), "a learning rate and a curvature above 0"),
        (lambda: theory.pendulum(0.0, 0.9), "a learning rate above 0"),
        (lambda: theory.window(1.0), "above 0 and below 1"),
        (lambda: theory.window(np.array([0.5, 0.0])), "above 0 and below 1"),
        (lambda: theory.steps_for_weight(0.9, 95), "a share above 0 and below 1; this is 95"),
        (lambda: theory.steps_for(0.9, 0.0), "lies between 0 and 1"),
        (lambda: theory.steps_for("0.9", "x"), "share is a finite number"),
        (lambda: theory.steps_for(None, 0.1), "A rate is a number from 0 on; this is None"),
        (lambda: theory.steps_for(-1.0, 0.1), "A rate is a number from 0 on"),
        (lambda: theory.steps_for(1j, 0.1), "A rate is a number from 0 on"),
        (lambda: theory.settings_of(0.0, 0.0), "give a mass above 0"),
        (lambda: theory.settings_of(1.0, -1.0), "give a mass above 0"),
        (lambda: theory.weight_of_last(2.0, 5), "0 <= beta <= 1 and steps from 0 on"),
        (lambda: theory.weight_of_last(0.9, -1), "0 <= beta <= 1 and steps from 0 on"),
        (
            lambda: theory.rate("heavy ball", [0.1, 0.2], [0.1, 0.2, 0.3]),
            r"u has shape \(2,\) and beta has shape \(3,\)",
        ),
        (lambda: theory.best_settings("heavy ball", [1, 2], [3, 4, 5]), "These do not fit together: mu has shape"),
    ],
)
def test_bad_questions_are_refused_in_a_sentence(make, words):
    with pytest.raises(Slip, match=words):
        make()


def test_steps_for_edges():
    assert theory.steps_for(1.2, 1e-6) == theory.steps_for(1.0, 1e-6) == np.inf
    assert theory.steps_for(0.0, 1e-6) == 0.0
    np.testing.assert_allclose(theory.steps_for(np.array([0.1, 1.0]), 1e-6), [6.0, np.inf])


def test_weight_and_steps_are_partners():
    for beta in (0.1, 0.5, 0.8, 0.9, 0.99):
        for steps in range(1, 60):
            share = theory.weight_of_last(beta, steps)
            if share < 1 - 1e-12:
                assert theory.steps_for_weight(beta, share) == steps


def test_strong_curvature_noise_leaves_a_share_of_one_minus_beta():
    for method in ("heavy ball", "Nesterov"):
        strong, none = (theory.curvature_noise_limit(method, 0.9, 1e4) / theory.curvature_noise_limit(method, 0.0, 1e4),
                        theory.curvature_noise_limit(method, 0.9, 0.0) / 2)  # fmt: skip
        assert strong == pytest.approx(0.1, rel=0.01)
        assert (none > 1) == (method == "heavy ball")


@pytest.mark.parametrize(("kappa", "grows"), [(5.7, False), (5.95, True)])
def test_from_which_condition_number_the_best_heavy_ball_first_grows(kappa, grows):
    lr, beta, _ = theory.best_settings("heavy ball", 1.0, kappa)
    steep = [abs(theory.position("heavy ball", t, lr * kappa, beta)) for t in range(1, 20)]
    soft = [abs(theory.position("heavy ball", t, lr, beta)) for t in range(1, 20)]
    assert (max(steep) > 1) == grows and max(soft) < 1


@methods
@given(u=st.floats(-0.5, 6), beta=st.floats(0, 0.999), steps=st.integers(0, 300))
def test_the_positions_are_the_position_of_every_step(method, u, beta, steps):
    beta = 0.0 if method == "gradient descent" else beta
    settings = np.array([u, u / 2, 1.0]), np.array([beta, 0.0, beta])
    every = theory.positions(method, steps, *settings)
    one_by_one = np.stack([theory.position(method, t, *settings) for t in range(steps + 1)])
    assert every.shape == (steps + 1, 3)
    with np.errstate(invalid="ignore"):
        scale = np.maximum.accumulate(np.abs(one_by_one), axis=0)
        assert (np.abs(every - one_by_one) <= 1e-9 * scale)[np.isfinite(scale)].all()


@methods
def test_positions_that_outgrow_the_machine_are_infinite(method):
    errors = theory.positions(method, 5000, 9.0, 0.5)
    assert errors[0] == 1 and np.isinf(errors[-1]) and not np.isnan(errors).any()


@pytest.mark.parametrize("steps", [-1, 2.5, "ten", None])
@pytest.mark.parametrize("function", [theory.position, theory.positions])
def test_a_number_of_steps_that_is_none_is_told(function, steps):
    with pytest.raises(Slip, match="The number of steps is a whole number from 0 on"):
        function("heavy ball", steps, 0.1, 0.9)
