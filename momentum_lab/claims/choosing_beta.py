"""Claims 38 to 43: which beta to choose."""

import numpy as np

from momentum_lab.claims.claim import Claim
from momentum_lab.claims.mechanism import pushed, tuned_steps
from momentum_lab.optimizers import Buffer, HeavyBall, TorchSGD
from momentum_lab.oracles import AdditiveNoise, MiniBatches
from momentum_lab.running import run
from momentum_lab.surfaces import Quadratic, twelve_dots
from momentum_lab.theory import (
    best_settings,
    noise_floor,
    spectrum_rate,
    stability_limit,
    steps_for,
    steps_for_weight,
    window,
)


def windows():
    """The memory of several betas, measured by 1 / (1 - beta) and otherwise."""
    betas = [0.0, 0.5, 0.8, 0.9, 0.95, 0.99]
    sums = [-pushed(HeavyBall(1.0, beta), np.ones(3000)).states[-1].velocity[0] for beta in betas]
    memory = window(0.9)
    # One gradient of 1 and then none: the velocity is the weight of a gradient that is t steps old.
    kick = pushed(HeavyBall(1.0, 0.9), np.eye(1, 400)[0])
    weights = np.array([state.velocity[0] for state in kick.states[1:]])
    shares = weights / weights.sum()
    return {
        **{f"1 / (1 - beta), beta {beta:g}": abs(total) for beta, total in zip(betas, sums, strict=True)},
        "mean age, beta 0.9": shares @ np.arange(400),
        "half-life, beta 0.9": memory.half_life,
        "averaged gradients, beta 0.9": 1 / (shares**2).sum(),
        "gradients for 95 per cent, beta 0.9": steps_for_weight(0.9, 0.95),
        "the same, measured": 1 + np.argmax(np.cumsum(shares) >= 0.95),
    }


def noise_at_equal_effective_lr():
    """The variance that noise of variance 1 leaves at curvature 1, with lr / (1 - beta) = 0.1; then lr = 0.1."""
    betas = np.array([0.0, 0.5, 0.9])
    floors = noise_floor("heavy ball", 0.1 * (1 - betas), betas, 1.0)
    bowl = Quadratic([1.0])
    rule = HeavyBall(0.1 * (1 - betas)[:, np.newaxis, np.newaxis], betas[:, np.newaxis, np.newaxis])
    runs = run(rule, bowl, np.zeros((2000, 1)), 250, oracle=AdditiveNoise(bowl.grad, 1.0, seed=0))
    measured = runs.thetas[100:, ..., 0].var(axis=(0, 2))
    return {
        **{f"floor with beta {beta:g}": floor for beta, floor in zip(betas, floors, strict=True)},
        "simulated floors within 5 per cent": bool(np.all(np.abs(measured / floors - 1) < 0.05)),
        "floor with beta 0.9 and lr 0.1": noise_floor("heavy ball", 0.1, 0.9, 1.0),
    }


def best_beta():
    """The best beta of a quadratic, by condition number, and what a beta of 0.99 costs at kappa 100."""
    kappas = [1.0, 10.0, 100.0, 1e3, 1e4, 1e6]
    found = {f"best beta, kappa {kappa:.0f}": best_settings("heavy ball", 1.0, kappa).beta for kappa in kappas}
    lr = best_settings("heavy ball", 1.0, 100.0).lr
    stiff = run(HeavyBall(lr, 0.99), Quadratic([1.0, 100.0]), [1.0, 1.0], 4000)
    return {
        **found,
        "kappa 100, rate with the best beta": best_settings("heavy ball", 1.0, 100.0).rate,
        "kappa 100, rate with beta 0.99": spectrum_rate("heavy ball", lr, 0.99, 1.0, 100.0),
        "kappa 100, steps with the best beta": tuned_steps("heavy ball", 100.0),
        "kappa 100, steps with beta 0.99 and the same lr": stiff.steps_to(distance=1e-6),
    }


def highest_lr():
    """Rates at kappa 100 (curvatures 0.01 to 1) with beta near 1, and with the highest lr."""
    shares = np.linspace(0.001, 0.999, 999)

    def rates(beta):
        return spectrum_rate("heavy ball", shares * stability_limit("heavy ball", beta), beta, 0.01, 1.0)

    frozen = rates(0.999).min()
    return {
        "best rate at all": best_settings("heavy ball", 0.01, 1.0).rate,
        "its beta": best_settings("heavy ball", 0.01, 1.0).beta,
        "beta 0.999, rate at the best lr": frozen,
        "beta 0.999, steps by rate": steps_for(frozen, 1e-6),
        "beta 0.5, rate at the best lr": rates(0.5).min(),
        "beta 0.5, rate at 99.9 per cent of the limit": rates(0.5)[-1],
        "beta 0.9, rate at 99.9 per cent of the limit": rates(0.9)[-1],
        "beta 0.999, steps in a run with lr 1": run(
            HeavyBall(1.0, 0.999), Quadratic([0.01, 1.0]), [1.0, 1.0], 30000
        ).steps_to(distance=1e-6),
    }


def sum_and_average():
    """A velocity and an average of the same mini-batch gradients."""
    line = twelve_dots()
    batches = MiniBatches(line, 3, seed=0)
    summed = run(HeavyBall(0.01, 0.9), line, [0.0, 0.0], 100, oracle=batches, keep_states=True)
    # A buffer that counts as born is an average that starts at zero; a new one would take the first gradient whole.
    averaging = TorchSGD(0.1, momentum=0.9, dampening=0.9)
    averaged = run(averaging, line, [0.0, 0.0], 100, oracle=batches, state=Buffer(np.zeros(2), True), keep_states=True)
    steady = pushed(HeavyBall(1.0, 0.9), np.ones(400)).states
    return {
        "weights in the long run": abs(steady[-1].velocity[0]),
        "weights after 5 steps": abs(steady[5].velocity[0]),
        "velocity / lr over the average": (summed.states[-1].velocity / 0.01 / averaged.states[-1].buffer)[0],
        "same path with ten times the lr": np.allclose(summed.thetas, averaged.thetas, atol=1e-12),
    }


CLAIMS = (
    Claim(
        38,
        "A beta of 0.5 to 0.8 looks back over 2 to 5 gradients, 0.9 over about 10, 0.95 to 0.99 over 20 to 100.",
        "true with condition",
        "True of 1 / (1 - beta), the sum of all weights. Other measures of the same memory differ. For beta 0.9 the "
        "mean age is 9 and the half-life 6.58. An average of this beta is as noisy as the plain mean of 19 gradients, "
        "and the newest 29 gradients hold 95 per cent of the weight.",
        (),
        {
            "1 / (1 - beta), beta 0": "1",
            "1 / (1 - beta), beta 0.5": "2",
            "1 / (1 - beta), beta 0.8": "5",
            "1 / (1 - beta), beta 0.9": "10",
            "1 / (1 - beta), beta 0.95": "20",
            "1 / (1 - beta), beta 0.99": "100",
            "mean age, beta 0.9": "9.00",
            "half-life, beta 0.9": "6.58",
            "averaged gradients, beta 0.9": "19.00",
            "gradients for 95 per cent, beta 0.9": "29",
            "the same, measured": "29",
        },
        windows,
    ),
    Claim(
        39,
        "Noisy training wants a light momentum, a beta of 0.5 to 0.8.",
        "unsupported",
        "We know no theorem for it. With fresh additive noise, beta hardly matters on a quadratic at equal lr / (1 - "
        "beta) while that times the curvature is well below 1. For curvature 1, variance 1 and lr / (1 - beta) = 0.1, "
        "it leaves a variance of 0.0526, 0.0508 and 0.0501 with beta 0, 0.5 and 0.9. At lr 0.1, beta 0.9 leaves "
        "0.5135.",
        ("wang2024",),
        {
            "floor with beta 0": "0.0526",
            "floor with beta 0.5": "0.0508",
            "floor with beta 0.9": "0.0501",
            "simulated floors within 5 per cent": "yes",
            "floor with beta 0.9 and lr 0.1": "0.5135",
        },
        noise_at_equal_effective_lr,
    ),
    Claim(
        40,
        "Betas of 0.95 or 0.99 suit smooth, well-conditioned losses.",
        "false",
        'If smooth means little noise, that half is plausible; "well-conditioned" is the wrong way round. The best '
        "beta for a quadratic, ((sqrt(kappa) - 1) / (sqrt(kappa) + 1))^2, grows with kappa: 0.27, 0.67, 0.88, 0.96 for "
        "kappa 10, 100, 1000, 10000. At kappa 100 the best rate, 0.818, belongs to beta 0.669; beta 0.99 has 0.99499. "
        "With the same lr that is 93 against 2861 steps to 1e-6.",
        ("polyak1964",),
        {
            "best beta, kappa 1": "0.0000",
            "best beta, kappa 10": "0.2699",
            "best beta, kappa 100": "0.6694",
            "best beta, kappa 1000": "0.8811",
            "best beta, kappa 10000": "0.9608",
            "best beta, kappa 1000000": "0.9960",
            "kappa 100, rate with the best beta": "0.818",
            "kappa 100, rate with beta 0.99": "0.99499",
            "kappa 100, steps with the best beta": "93",
            "kappa 100, steps with beta 0.99 and the same lr": "2861",
        },
        best_beta,
    ),
    Claim(
        41,
        "Push beta towards 1, then raise lr to the edge of convergence: this usually trains fastest.",
        "false",
        "Goh, whose advice this is, gives it for poor conditioning. The rate is never below sqrt(beta): at kappa 100, "
        "beta 0.999 has 0.9995, or 27617 steps to 1e-6; the best rate is 0.818, with beta 0.669. Below the best beta "
        "an lr near the limit is bad too: with beta 0.5 the rate is 0.994 at 99.9 per cent of it, and 0.936 at the "
        "best lr.",
        ("goh2017",),
        {
            "best rate at all": "0.818",
            "its beta": "0.669",
            "beta 0.999, rate at the best lr": "0.9995",
            "beta 0.999, steps by rate": "27617",
            "beta 0.5, rate at the best lr": "0.936",
            "beta 0.5, rate at 99.9 per cent of the limit": "0.994",
            "beta 0.9, rate at 99.9 per cent of the limit": "0.94868",
            "beta 0.999, steps in a run with lr 1": "27725",
        },
        highest_lr,
    ),
    Claim(
        42,
        "In SGD, the velocity averages mini-batch gradients with exponentially fading weights.",
        "false",
        "It is an exponentially weighted sum. Its weights add up to (1 - beta^t) / (1 - beta), in the long run 10 for "
        "beta 0.9; those of an average add up to 1 at most. With constant lr and beta and a start at zero, the average "
        "makes the same steps if its lr is 1 / (1 - beta) times as large.",
        (),
        {
            "weights in the long run": "10.00",
            "weights after 5 steps": "4.095",
            "velocity / lr over the average": "10.00",
            "same path with ten times the lr": "yes",
        },
        sum_and_average,
    ),
    Claim(
        43,
        "No method is used more than SGD with momentum, and vision prefers it as it generalises.",
        "opinion",
        "What is used most changes with field and year. In the experiments of Wilson et al. (2017) adaptive methods "
        "generalised worse. Choi et al. (2019) found that the ranking depends on what is tuned; in their experiments "
        "well-tuned adaptive methods never did worse than momentum.",
        ("wilson2017", "choi2019"),
    ),
)
