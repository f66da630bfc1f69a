"""Claims 30 to 37: how momentum works."""

from itertools import cycle, islice

import numpy as np

from momentum_lab.claims.claim import Claim
from momentum_lab.optimizers import GradientDescent, HeavyBall, Momentum, TorchSGD
from momentum_lab.running import run, sweep
from momentum_lab.surfaces import DoubleWell, Quadratic, Ravine, Saddle
from momentum_lab.theory import best_settings, position, rate, steps_for


def pushed(rule, gradients, start=(0.0,), state=None):
    """Run a rule under the given gradients, which are the same wherever it is; other claims use this too."""
    oracle = [lambda theta, gradient=gradient: np.zeros_like(theta) + gradient for gradient in gradients]
    # Of this bowl only the number of coordinates counts: the oracle gives all gradients.
    bowl = Quadratic(np.ones(len(start)))
    return run(rule, bowl, list(start), len(oracle), oracle=oracle, state=state, keep_states=True)


def tuned_steps(method, kappa):
    """Return the steps that a method with its best settings takes to 1e-6, for good, in a bowl with two curvatures."""
    lr, beta, _ = best_settings(method, 1.0, kappa)
    rule = GradientDescent(lr) if method == "gradient descent" else HeavyBall(lr, beta)
    return run(rule, Quadratic([1.0, kappa]), [1.0, 1.0], 2000).steps_to(distance=1e-6)


def _steps_alone(rule):
    return run(rule, Quadratic([1.0]), [1.0], 2000).steps_to(distance=1e-6)


def steep_direction():
    """Where momentum helps in a ravine, and where it does not."""
    ravine = Ravine()
    with_lr_of_06 = [run(HeavyBall(0.6, beta), ravine, ravine.start, 500) for beta in (0.0, 0.5)]
    return {
        "gradient descent, lr 0.6 in the ravine, diverges": with_lr_of_06[0].diverged is not None,
        "beta 0.5, lr 0.6 in the ravine, arrives": with_lr_of_06[1].steps_to(distance=1e-6) is not None,
        "gradient descent, rate at u 1.5": rate("gradient descent", 1.5),
        "gradient descent, steps at u 1.5": _steps_alone(GradientDescent(1.5)),
        "beta 0.9, rate at u 1.5": rate("heavy ball", 1.5, 0.9),
        "beta 0.9, steps at u 1.5": _steps_alone(HeavyBall(1.5, 0.9)),
        "gradient descent, rate at u 1.98": rate("gradient descent", 1.98),
        "gradient descent, steps at u 1.98": _steps_alone(GradientDescent(1.98)),
        "beta 0.9, steps at u 1.98": _steps_alone(HeavyBall(1.98, 0.9)),
    }


def alternating_gradients():
    """What is left of gradients that change their sign at every step."""
    signs = list(islice(cycle([1.0, -1.0]), 400))
    sums = pushed(HeavyBall(1.0, 0.9), signs)
    averages = pushed(TorchSGD(1.0, momentum=0.9, dampening=0.9), signs)
    steep = run(HeavyBall(1.9, 0.9), Quadratic([1.0]), [1.0], 400).thetas[:, 0]
    changes = np.count_nonzero(np.diff(np.sign(steep)))
    return {
        "velocity over one gradient": abs(sums.states[-1].velocity[0]),
        "averaging form": abs(averages.states[-1].buffer[0]),
        "steps per swing at u 1.9": 2 * 400 / changes,
    }


def plain():
    """Steps across a plain of length 1 and slope 0.001, with lr 1."""
    betas = [0.0, 0.5, 0.9, 0.99]
    slopes = np.full(1000, 1e-3)
    ways = -pushed(HeavyBall(**sweep(lr=[1.0], beta=betas)), slopes).thetas[:, 0, :, 0]
    far = -pushed(GradientDescent(10.0), slopes).thetas[:, 0]
    # A sum of a thousand rounded steps may end a hair before 1.
    steps = np.argmax(ways >= 1 - 1e-9, axis=0)
    found = {f"steps with beta {beta:g}": n for beta, n in zip(betas, steps, strict=True)}
    return {**found, "steps of gradient descent with lr 10": np.argmax(far >= 1 - 1e-9)}


def wells_and_saddles():
    """Out of the shallow well, out of the deep one, and off a saddle."""
    wells, saddle = DoubleWell(), Saddle()
    ends = run(HeavyBall(0.02, 0.9), wells, [[1.8], [-2.0]], 3000).thetas[-1, :, 0]
    betas = [0.0, 0.5, 0.9, 0.99]
    # The curvature along y is -2, so lr 0.005 makes u = -0.01.
    falls = run(HeavyBall(**sweep(lr=[0.005], beta=betas)), saddle, [0.0, 1e-6], 1500)
    steps = np.argmax(np.abs(falls.thetas[:, 0, :, 1]) >= 1, axis=0)
    ridge = {
        rule.name: run(rule, saddle, [1.0, 0.0], 1500).thetas[:, 1]
        for rule in (GradientDescent(0.005), HeavyBall(0.005, 0.9))
    }
    return {
        "shallow well": wells.minima[1, 0],
        "deep well": wells.minima[0, 0],
        "end from 1.8": ends[0],
        "end from -2.0": ends[1],
        **{f"steps off the saddle, beta {beta:g}": n for beta, n in zip(betas, steps, strict=True)},
        "growth per step, beta 0.9": rate("heavy ball", -0.01, 0.9),
        **{f"{name} leaves the ridge": bool(y.any()) for name, y in ridge.items()},
    }


def coast():
    """How far a ball rolls after the gradient is gone."""
    moving = pushed(HeavyBall(0.1, 0.9), np.zeros(400), state=Momentum(np.array([0.5])))
    resting = pushed(HeavyBall(0.1, 0.9), np.zeros(400))
    return {"way after a last step of 0.5": abs(moving.thetas[-1, 0]), "moves from rest": bool(resting.thetas.any())}


def square_root_of_kappa():
    """The heavy ball at kappa 100 has the rate that gradient descent has at kappa 10."""
    return {
        "heavy ball, rate at kappa 100": best_settings("heavy ball", 1.0, 100.0).rate,
        "gradient descent, rate at kappa 10": best_settings("gradient descent", 1.0, 10.0).rate,
        "heavy ball, steps at kappa 100": tuned_steps("heavy ball", 100.0),
        "gradient descent, steps at kappa 10": tuned_steps("gradient descent", 10.0),
        "gradient descent, steps at kappa 100": tuned_steps("gradient descent", 100.0),
        "Chebyshev, steps at kappa 100": _chebyshev(100.0),
    }


def _chebyshev(kappa):
    """Return the steps of the Chebyshev iteration, a heavy ball with two schedules, on curvatures 1 to kappa."""
    middle, reach = (kappa + 1) / 2, (kappa - 1) / 2
    ratios = [reach / middle]
    for _ in range(200):
        ratios.append(1 / (2 * middle / reach - ratios[-1]))
    rule = HeavyBall(
        lambda t: 1 / middle if t == 0 else 2 * ratios[t] / reach,
        lambda t: 0.0 if t == 0 else ratios[t] * ratios[t - 1],
    )
    return run(rule, Quadratic([1.0, kappa]), [1.0, 1.0], 200).steps_to(distance=1e-6)


def step_counts():
    """Steps to 1e-6 at kappa 10000: by the rate alone, and in a run."""
    slow, fast = (best_settings(method, 1.0, 1e4) for method in ("gradient descent", "heavy ball"))
    steps = int(np.ceil(steps_for(slow.rate, 1e-6)))
    before, after = (abs(position("gradient descent", n, slow.lr)) for n in (steps - 1, steps))
    return {
        "gradient descent, steps by rate": steps,
        "gradient descent arrives at that step": before > 1e-6 >= after,
        "heavy ball, steps by rate": np.ceil(steps_for(fast.rate, 1e-6)),
        "heavy ball, steps in a run": tuned_steps("heavy ball", 1e4),
    }


CLAIMS = (
    Claim(
        30,
        "In a ravine the gradients across the valley cancel and those along it add up, which cures the zigzag.",
        "true with condition",
        "The gain is that a larger lr is possible, and that the slow direction speeds up, by 1 / (1 - beta) while u is "
        "small there. The steep direction alone gets slower, unless its u is above 1 + sqrt(beta). At u = 1.5 gradient "
        "descent's rate is 0.5 and the heavy ball's, with beta 0.9, is 0.9487; at u = 1.98 they are 0.98 and 0.9487.",
        ("polyak1964",),
        {
            "gradient descent, lr 0.6 in the ravine, diverges": "yes",
            "beta 0.5, lr 0.6 in the ravine, arrives": "yes",
            "gradient descent, rate at u 1.5": "0.5",
            "gradient descent, steps at u 1.5": "20",
            "beta 0.9, rate at u 1.5": "0.9487",
            "beta 0.9, steps at u 1.5": "264",
            "gradient descent, rate at u 1.98": "0.98",
            "gradient descent, steps at u 1.98": "684",
            "beta 0.9, steps at u 1.98": "265",
        },
        steep_direction,
    ),
    Claim(
        31,
        "Gradients that point to and fro partly cancel in the velocity.",
        "true",
        '"Partly" matters. Gradients that change sign at every step leave lr g / (1 + beta) in the velocity, which '
        "is 0.526 of one raw gradient's step for beta 0.9. An average leaves (1 - beta) / (1 + beta), 0.0526. The "
        "heavy ball itself need not alternate: with u = 1.9 and beta 0.9 one swing, there and back, takes 4 steps.",
        (),
        {"velocity over one gradient": "0.526", "averaging form": "0.0526", "steps per swing at u 1.9": "4"},
        alternating_gradients,
    ),
    Claim(
        32,
        "Where the slope is small but steady, momentum builds up speed and crosses the plain sooner.",
        "true with condition",
        "After a start-up it moves 1 / (1 - beta) times as fast, like gradient descent with lr / (1 - beta). A plain "
        "of length 1 and slope 0.001 takes, with lr 1, 1000 steps without momentum and 501, 109 and 48 with beta 0.5, "
        "0.9 and 0.99. Gradient descent with lr 10 takes 100.",
        (),
        {
            "steps with beta 0": "1000",
            "steps with beta 0.5": "501",
            "steps with beta 0.9": "109",
            "steps with beta 0.99": "48",
            "steps of gradient descent with lr 10": "100",
        },
        plain,
    ),
    Claim(
        33,
        "Velocity carries a run past shallow minima and saddle points.",
        "imprecise",
        "It carries it out of good valleys too: with lr 0.02 and beta 0.9, out of the double well's shallow well from "
        "1.8 and its deep well from -2.0. Gradient descent with lr below 1 / L also leaves strict saddles, from almost "
        "every start. Momentum is faster: with beta 0.9, 226 steps instead of 1389 at u = -0.01. Started at rest on "
        "the ridge, neither leaves it.",
        ("lee2016", "oneill2019"),
        {
            "shallow well": "0.914",
            "deep well": "-1.068",
            "end from 1.8": "-1.068",
            "end from -2.0": "0.914",
            "steps off the saddle, beta 0": "1389",
            "steps off the saddle, beta 0.5": "712",
            "steps off the saddle, beta 0.9": "226",
            "steps off the saddle, beta 0.99": "152",
            "growth per step, beta 0.9": "1.0646586",
            "gradient descent leaves the ridge": "no",
            "heavy ball leaves the ridge": "no",
        },
        wells_and_saddles,
    ),
    Claim(
        34,
        "Where the gradient is zero, inertia keeps pushing the parameters on.",
        "true with condition",
        "Only if the velocity is not zero there. If the gradient stays zero after a last step v, the way that remains "
        "is beta v / (1 - beta): 4.5 for v = 0.5 and beta 0.9. A ball at rest where the gradient is zero stays.",
        (),
        {"way after a last step of 0.5": "4.5", "moves from rest": "no"},
        coast,
    ),
    Claim(
        35,
        "In effect, momentum replaces the condition number of a problem by its square root.",
        "true with condition",
        "For a noiseless quadratic and the best lr and beta, in the long run: the heavy ball's rate at kappa 100 is "
        "gradient descent's rate at kappa 10, 0.818182. It arrives later than the rate says, at step 93 instead of 69, "
        "because its error first grows. The Chebyshev iteration, a heavy ball with changing settings, does it too, "
        "in 73 steps.",
        ("polyak1964", "golub1961"),
        {
            "heavy ball, rate at kappa 100": "0.818182",
            "gradient descent, rate at kappa 10": "0.818182",
            "heavy ball, steps at kappa 100": "93",
            "gradient descent, steps at kappa 10": "69",
            "gradient descent, steps at kappa 100": "691",
            "Chebyshev, steps at kappa 100": "73",
        },
        square_root_of_kappa,
    ),
    Claim(
        36,
        "On a quadratic, gradient descent needs about kappa log(1/eps) steps and momentum sqrt(kappa) log(1/eps).",
        "true with condition",
        "With the best settings: (kappa / 2) ln(1/eps) steps against (sqrt(kappa) / 2) ln(1/eps), to which the heavy "
        "ball's equal roots add a term of order sqrt(kappa) ln(kappa). For kappa 10000 and eps = 1e-6 that is 69078 "
        "against 691 by the rates, and 1056 for the heavy ball in a run.",
        ("polyak1964",),
        {
            "gradient descent, steps by rate": "69078",
            "gradient descent arrives at that step": "yes",
            "heavy ball, steps by rate": "691",
            "heavy ball, steps in a run": "1056",
        },
        step_counts,
    ),
    Claim(
        37,
        "The momentum coefficient is also written mu or alpha.",
        "true",
        "Rumelhart, Hinton and Williams wrote alpha for it in 1986, and PyTorch's documentation writes mu. Many other "
        "papers, such as Adam's, write alpha for the learning rate: look which one is meant.",
        ("rumelhart1986", "torch", "kingma2015"),
    ),
)
