"""What can be computed without running anything: closed forms for quadratics.

On a quadratic every direction moves by itself, and all that matters in one direction is u = lr * curvature, the
stiffness of the step, and beta.  A method is named by its `name`: "gradient descent", "heavy ball" or "Nesterov".
Settings may be NumPy arrays, and answers broadcast, where the docstring says "float or array".

Five chapters: `modes` is one direction, `tuning` the best settings for a whole range of curvatures, `limits` where
a method stops converging and how close noise lets it come, `memory` how far back a velocity reaches, `pendulum` the
ball with mass and friction behind it.
"""

from momentum_lab.theory.limits import curvature_noise_limit, noise_floor, polygon_limit, stability_limit
from momentum_lab.theory.memory import Window, steps_for_weight, weight_of_last, window
from momentum_lab.theory.modes import METHODS, iteration_matrix, polynomial, position, positions, rate
from momentum_lab.theory.pendulum import Pendulum, critical_beta, critical_stiffness, pendulum, settings_of
from momentum_lab.theory.tuning import Settings, best_settings, spectrum_rate, steps_for, textbook_nesterov

__all__ = [
    "METHODS", "Pendulum", "Settings", "Window", "best_settings", "critical_beta", "critical_stiffness",
    "curvature_noise_limit", "iteration_matrix", "noise_floor", "pendulum", "polygon_limit", "polynomial", "position",
    "positions", "rate", "settings_of", "spectrum_rate", "stability_limit", "steps_for", "steps_for_weight",
    "textbook_nesterov", "weight_of_last", "window",
]  # fmt: skip
