"""Derivations that are checked before they are shown, one theme a file."""

from momentum_lab.derivations import (
    adaptive,
    best_rates,
    chebyshev,
    conventions,
    counterexamples,
    heavy_ball,
    nesterov,
    noise,
    physics,
    practice,
)
from momentum_lab.derivations.core import Attempt, Derivation, Step
from momentum_lab.derivations.deciding import DerivationError
from momentum_lab.derivations.memory import amplification, coasting, effective_window, gain, start_up, unrolled
from momentum_lab.slips import Names

CATALOGUE = Names({
    "unrolled": unrolled,
    "effective window": effective_window,
    "amplification": amplification,
    "gain": gain,
    "start-up": start_up,
    "coasting": coasting,
    "gradient descent": best_rates.gradient_descent,
    "heavy ball": heavy_ball.modes,
    "heavy ball, stability": heavy_ball.stability,
    "heavy ball, best settings": best_rates.best_settings,
    "two equal roots": heavy_ball.double_root,
    "two different roots": heavy_ball.swinging,
    "slow direction": best_rates.slow_direction,
    "Nesterov": nesterov.modes,
    "Nesterov, correction": nesterov.correction,
    "Nesterov, stability": nesterov.stability,
    "Nesterov, textbook rate": nesterov.textbook_rate,
    "Nesterov, best settings": nesterov.best_settings,
    "Chebyshev": chebyshev.changing_settings,
    "three points": counterexamples.three_points,
    "polygon": counterexamples.polygon,
    "average and sum": conventions.average_and_sum,
    "changing the rate": conventions.changing_the_rate,
    "point ahead": conventions.point_ahead,
    "one family": conventions.one_family,
    "bias correction": adaptive.bias_correction,
    "Adam's first step": adaptive.first_step,
    "ball and friction": physics.two_discretisations,
    "energy": physics.energy,
    "Nesterov's equation": physics.nesterov_equation,
    "heavy ball, noise floor": noise.heavy_ball_floor,
    "Nesterov, noise floor": noise.nesterov_floor,
    "curvature noise": noise.curvature_noise,
    "one cycle": practice.one_cycle,
    "weight decay": practice.weight_decay,
})  # fmt: skip
"""Name -> function that returns the derivation."""

__all__ = [
    "CATALOGUE",
    "Attempt",
    "Derivation",
    "DerivationError",
    "Step",
    "amplification",
    "effective_window",
    "gain",
    "unrolled",
]
