"""Claims 16, 19 and 20: what a beta alone decides, above all how far back a velocity reaches."""

import numpy as np

from momentum_lab import theory
from momentum_lab.claims.claim import Claim
from momentum_lab.claims.history import fed
from momentum_lab.optimizers import HeavyBall

COLUMNS = (
    "window", "mean age", "e-fold", "half-life", "gradients averaged", "share inside the window",
    "gradients for 95 per cent", "swings above u", "heavy ball stable below u", "Nesterov stable below u",
    "best for kappa",
)  # fmt: skip
TABLE = {
    0.5: ("2", "1", "1.4427", "1.0000", "3", "0.7500", "5", "0.085786", "3.0", "1.50000", "33.97"),
    0.8: ("5", "4", "4.4814", "3.1063", "9", "0.6723", "14", "0.011146", "3.6", "1.38462", "322.0"),
    0.9: ("10", "9", "9.4912", "6.5788", "19", "0.6513", "29", "0.002633", "3.8", "1.35714", "1442.0"),
    0.95: ("20", "19", "19.4957", "13.5134", "39", "0.6415", "59", "0.000641", "3.9", "1.34483", "6082"),
    0.99: ("100", "99", "99.4992", "68.9676", "199", "0.6340", "299", "0.0000251", "3.98", "1.33557", "158402"),
}


def _best_kappa(beta):
    return ((1 + beta**0.5) / (1 - beta**0.5)) ** 2


def best_kappa():
    """The condition number for which a beta is the best one; `best_settings` must return the beta."""
    kappas = {beta: _best_kappa(beta) for beta in TABLE}
    agree = [np.isclose(theory.best_settings("heavy ball", 1.0, kappa).beta, beta) for beta, kappa in kappas.items()]
    lr, beta = np.meshgrid(np.linspace(0.04, 4, 100) / 1442, np.linspace(0, 0.999, 1000))
    rates = theory.spectrum_rate("heavy ball", lr, beta, 1.0, 1442.0)
    return {
        **{f"best kappa for beta {beta}": kappa for beta, kappa in kappas.items()},
        "formulas agree": all(agree),
        "best beta on a grid, kappa 1442": beta.flat[rates.argmin()],
        "better than the best, kappa 1442": rates.min() < theory.best_settings("heavy ball", 1.0, 1442.0).rate - 1e-12,
    }


def last_ten():
    """The share of all weight in the newest ten gradients, by formula and in a velocity that was fed with ones."""
    filling = fed(HeavyBall(0.1, 0.9), np.ones(400))  # with lr = 1 - beta the weights add up to 1
    shares = {share: theory.steps_for_weight(0.9, share / 100) for share in (90, 95, 99)}
    return {
        "0.9 to the power 10": 0.9**10,
        "per cent in the last 10": 100 * theory.weight_of_last(0.9, 10),
        "per cent older": 100 * (1 - theory.weight_of_last(0.9, 10)),
        "per cent in the last 10, in a run": 100 * filling[9],
        **{f"gradients for {share} per cent": number for share, number in shares.items()},
        "gradients for 95 per cent, in a run": np.argmax(filling >= 0.95) + 1,
    }


def windows():
    """Everything that a beta alone decides, for five of them, and the last hundred at 0.99 in a run."""
    found = {"0.99 to the power 100": 0.99**100}
    found["share of the last 100 in a run"] = fed(HeavyBall(0.01, 0.99), np.ones(100))[-1]
    for beta in TABLE:
        window = theory.window(beta)
        columns = {
            "window": window.total,
            "mean age": window.mean_age,
            "e-fold": window.e_fold,
            "half-life": window.half_life,
            "gradients averaged": window.averaged,
            "share inside the window": theory.weight_of_last(beta, window.total),
            "gradients for 95 per cent": theory.steps_for_weight(beta, 0.95),
            "swings above u": theory.critical_stiffness("heavy ball", beta),
            "heavy ball stable below u": theory.stability_limit("heavy ball", beta),
            "Nesterov stable below u": theory.stability_limit("Nesterov", beta),
            "best for kappa": _best_kappa(beta),
        }
        found |= {f"beta {beta}: {name}": value for name, value in columns.items()}
    return found


CLAIMS = (
    Claim(
        16,
        "Beta is typically 0.9.",
        "true with condition",
        "True as a habit; no theorem singles it out. On quadratics, with lr and beta both at their best for the heavy "
        "ball, 0.9 belongs to kappa 1442 alone. A beta of 0.5 belongs to kappa 33.97, and 0.99 to kappa 158402.",
        ("polyak1964",),
        {
            **{f"best kappa for beta {beta}": row[-1] for beta, row in TABLE.items()},
            "formulas agree": "yes",
            "best beta on a grid, kappa 1442": "0.90",
            "better than the best, kappa 1442": "no",
        },
        best_kappa,
    ),
    Claim(
        19,
        "At beta 0.9 the window is about the last 10 gradients, because 0.9 to the power 10 is about 0.35.",
        "imprecise",
        "The power is right, 0.348678, and it is what the last 10 gradients leave out: they hold 65.13 per cent of the "
        "weight, older ones 34.87 per cent. For 90, 95 and 99 per cent it takes 22, 29 and 44 gradients.",
        (),
        {
            "0.9 to the power 10": "0.348678",
            "per cent in the last 10": "65.13",
            "per cent older": "34.87",
            "per cent in the last 10, in a run": "65.13",
            "gradients for 90 per cent": "22",
            "gradients for 95 per cent": "29",
            "gradients for 99 per cent": "44",
            "gradients for 95 per cent, in a run": "29",
        },
        last_ten,
    ),
    Claim(
        20,
        "At beta 0.99 the window is about the last 100 gradients.",
        "imprecise",
        "As 1 / (1 - beta) it is 100, and the last 100 gradients hold 63.4 per cent of the weight. Other definitions "
        "give other lengths: mean age 99, e-fold 99.4992, half-life 68.9676, gradients averaged 199, and 299 for 95 "
        "per cent. Say which one is meant.",
        (),
        {
            "0.99 to the power 100": "0.366032",
            "share of the last 100 in a run": "0.634",
            **{
                f"beta {beta}: {name}": number
                for beta, row in TABLE.items()
                for name, number in zip(COLUMNS, row, strict=True)
            },
        },
        windows,
    ),
)
