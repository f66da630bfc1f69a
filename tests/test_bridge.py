"""Theory computes what the derivations proved: each closed form against the derivation's result, at random settings."""

import numpy as np
import pytest
import sympy as sp

from momentum_lab import theory
from momentum_lab.derivations import CATALOGUE
from momentum_lab.optimizers import HeavyBall
from momentum_lab.running import run
from momentum_lab.surfaces import Quadratic

RNG = np.random.default_rng(17)
SETTINGS = [(RNG.uniform(0.01, 1.2), RNG.uniform(0.01, 0.98), 10 ** RNG.uniform(0.1, 4)) for _ in range(20)]
random_settings = pytest.mark.parametrize(("u", "beta", "kappa"), SETTINGS)


def value(name, title, side="rhs", **numbers):
    """Put numbers into one side of a derivation's step; symbols go by their names."""
    expression = getattr(CATALOGUE[name]().step(title).equation, side).doit()
    named = {symbol: numbers[str(symbol)] for symbol in expression.free_symbols if str(symbol) in numbers}
    return complex(expression.subs(named).evalf()) if expression.has(sp.I) else float(expression.subs(named).evalf())


@random_settings
def test_the_mixture_of_the_last_two_errors(u, beta, kappa):
    for name, title, method in (
        ("heavy ball", "Without the velocity", "heavy ball"),
        ("Nesterov", "A mixture of the last two errors", "Nesterov"),
    ):
        p, d = theory.polynomial(method, u, beta)
        assert value(name, title, u=u, beta=beta, x=1, x_before=0) == pytest.approx(p)
        assert value(name, title, u=u, beta=beta, x=0, x_before=1) == pytest.approx(-d)
        matrix = theory.iteration_matrix(method, u, beta)
        polynomial = value(name, "The polynomial of this mixture", u=u, beta=beta, z=0.37)
        assert polynomial == pytest.approx(np.linalg.det(0.37 * np.eye(2) - matrix))


@random_settings
def test_rates_where_the_roots_are_complex(u, beta, kappa):
    q = np.sqrt(beta)
    inside = (1 - q) ** 2 + (u / 1.2) * 4 * q * 0.999 + 1e-6
    p, d = (value("heavy ball", title, u=inside, beta=beta, p=(1 + beta - inside) / 2)
            for title in ("The real part of a root", "Its imaginary part, squared"))  # fmt: skip
    assert theory.rate("heavy ball", inside, beta) ** 2 == pytest.approx(p**2 + d)
    spread = value("heavy ball", "What is under the root", u=u, q=q)
    p, d = theory.polynomial("heavy ball", u, beta)
    assert spread == pytest.approx(p * p - 4 * d)
    c = 1 - min(u, 0.95)
    p, d = theory.polynomial("Nesterov", 1 - c, beta)
    assert value("Nesterov", "What is under the root", c=c, beta=beta) == pytest.approx(p * p - 4 * d)


@random_settings
def test_positions(u, beta, kappa):
    r = np.sqrt(beta)
    for t in (0, 1, 7, 30):
        double = value("two equal roots", "The error", r=r, t=t)
        assert theory.position("heavy ball", t, (1 - r) ** 2, beta) == pytest.approx(double, rel=1e-6, abs=1e-9)
        p, d = theory.polynomial("heavy ball", u, beta)
        first, second = np.roots([1, -p, d]).astype(complex)
        expression = CATALOGUE["two different roots"]().step("The error").equation.rhs
        named = {str(symbol): symbol for symbol in expression.free_symbols}
        error = expression.subs({named["r_1"]: first, named["r_2"]: second, named["t"]: t}).evalf()
        assert theory.position("heavy ball", t, u, beta) == pytest.approx(complex(error).real, rel=1e-6, abs=1e-9)


@random_settings
def test_best_settings(u, beta, kappa):
    mu, smoothness, root = 0.3, 0.3 * kappa, np.sqrt(kappa)
    plain, ball, ahead = (theory.best_settings(method, mu, smoothness) for method in theory.METHODS)
    assert plain.lr == pytest.approx(value("gradient descent", "The learning rate", L=smoothness, mu=mu))
    assert plain.rate == pytest.approx(value("gradient descent", "The rate", kappa=kappa))
    assert ball.lr == pytest.approx(value("heavy ball, best settings", "A learning rate", mu=mu, K=root))
    reached = "It reaches that rate in the softest direction"
    assert (1 - ball.rate) ** 2 == pytest.approx(value("heavy ball, best settings", reached, K=root))
    assert ball.beta == pytest.approx(ball.rate**2)
    w = np.sqrt(3 * kappa + 1)
    assert ahead.beta == pytest.approx(value("Nesterov, best settings", "Momentum", w=w))
    for title in ("The softest direction has the root ρ", "The steepest has the root −ρ"):
        assert value("Nesterov, best settings", title, "lhs", w=w, beta=ahead.beta) == pytest.approx(0, abs=1e-9)
    usual = theory.textbook_nesterov(mu, smoothness)
    assert usual.beta == pytest.approx(value("Nesterov, textbook rate", "The usual momentum", K=root))
    assert usual.rate == pytest.approx(value("Nesterov, textbook rate", "The rate", K=root))
    stays = value("Chebyshev", "An ω that stays", l=np.sqrt(smoothness), m=np.sqrt(mu))
    assert ball.beta == pytest.approx(stays - 1)
    lr = value("Chebyshev", "With the best constant learning rate", l=np.sqrt(smoothness), m=np.sqrt(mu))
    assert ball.lr == pytest.approx(lr)


@random_settings
def test_limits(u, beta, kappa):
    for name, method in (("heavy ball, stability", "heavy ball"), ("Nesterov, stability", "Nesterov")):
        limit = value(name, "A learning rate that is not too large", beta=beta)
        assert theory.stability_limit(method, beta) == pytest.approx(limit)
    spread = u * 3
    for method, title in (("heavy ball", "Where the mean square stops falling"), ("Nesterov", "Nesterov's method")):
        limit = theory.curvature_noise_limit(method, beta, spread)
        assert value("curvature noise", title, u=limit, beta=beta, r=spread) == pytest.approx(0, abs=1e-9)
        assert value("curvature noise", title, u=0.9 * limit, beta=beta, r=spread) > 0
    limit = theory.polygon_limit(beta, kappa, [7])
    if np.isfinite(limit):
        numbers = {"mu": 1.0, "kappa": kappa, "beta": beta, "c": np.cos(2 * np.pi / 7)}
        numbers |= {
            "Q": value("polygon", "A first number", **numbers),
            "R": value("polygon", "A second number", **numbers),
        }
        at, above = (value("polygon", "A quadratic in y", y=kappa / lr, **numbers) for lr in (limit, limit * 1.01))
        assert at == pytest.approx(0, abs=1e-6 * kappa) and above < 0


@random_settings
def test_noise_floors(u, beta, kappa):
    lam, eta = 2.0, u / 2
    numbers = {"eta": eta, "S": 0.7, "beta": beta, "u": u, "lambda": lam}
    floor = value("heavy ball, noise floor", "A guess for the variance", **numbers)
    assert theory.noise_floor("heavy ball", eta, beta, lam, 0.7) == pytest.approx(floor)
    assert value("heavy ball, noise floor", "With the curvature", **numbers) == pytest.approx(floor)
    ahead = value("Nesterov, noise floor", "A guess for the variance", c=1 - u, **numbers)
    assert theory.noise_floor("Nesterov", eta, beta, lam, 0.7) == pytest.approx(ahead)


@random_settings
def test_windows(u, beta, kappa):
    window = theory.window(beta)
    for title, length in (
        ("All of them", window.total),
        ("Mean age", window.mean_age),
        ("Time to 1/e", window.e_fold),
        ("Half-life", window.half_life),
        ("Effective number", window.averaged),
    ):
        assert value("effective window", title, beta=beta) == pytest.approx(length)
    assert value("effective window", "Share of the newest n", beta=beta, n=6) == pytest.approx(
        theory.weight_of_last(beta, 6)
    )


@random_settings
def test_the_ball_behind(u, beta, kappa):
    mass, friction, h = 10 * u, kappa / 100, 0.3
    for scheme, names in (
        ("Qian", ("Qian's learning rate", "Qian's momentum")),
        ("semi-implicit", ("Its learning rate", "Its momentum")),
    ):
        settings = theory.settings_of(mass, friction, h, scheme)
        proved = [value("ball and friction", title, m=mass, c=friction, h=h) for title in names]
        np.testing.assert_allclose(settings, proved)
    lower = value("Nesterov", "The lower end of the swing", beta=beta)
    assert theory.critical_stiffness("Nesterov", beta) == pytest.approx(lower)
    taken = value("slow direction", "At critical damping", q=np.sqrt(beta))
    assert theory.critical_stiffness("heavy ball", beta) == pytest.approx(taken)


def test_chebyshev_s_steps_are_a_heavy_ball_and_leave_least():
    """kappa 100: after k steps the error is 1 / T_k(101/99) at most, at either end exactly; 1e-6 takes 73 steps."""
    mu, smoothness = 1.0, 100.0
    sigma = (smoothness + mu) / (smoothness - mu)
    omegas = [1.0, 1 / (1 - 1 / (2 * sigma**2))]
    while len(omegas) < 80:
        omegas.append(value("Chebyshev", "From one to the next", omega=omegas[-1], sigma=sigma))
    rule = HeavyBall(lambda t: 2 * omegas[t] / (smoothness + mu), lambda t: omegas[t] - 1)
    thetas = run(rule, Quadratic([mu, smoothness]), [1.0, 1.0], 79).thetas
    k = np.arange(80)
    np.testing.assert_allclose(np.abs(thetas[:, 0]), 1 / np.cosh(k * np.arccosh(sigma)), rtol=1e-6)
    assert (np.abs(thetas[:, 0]) <= 1e-6).argmax() == 73
