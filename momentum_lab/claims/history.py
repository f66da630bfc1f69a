"""Claims 1 to 6, 11 and 14: what momentum is said to be, and who is said to have found it."""

import numpy as np

from momentum_lab import theory
from momentum_lab.claims.claim import Claim
from momentum_lab.optimizers import (
    LAMB,
    AdaGrad,
    Adam,
    AdamW,
    Buffer,
    GradientDescent,
    HeavyBall,
    Lion,
    Nadam,
    Nesterov,
    RMSProp,
    TorchSGD,
)
from momentum_lab.running import iterate, run
from momentum_lab.schedules import sutskever_beta
from momentum_lab.surfaces import DoubleWell, Quadratic, TiltedRavine


def fed(rule, gradients, state=None):
    """Return the steps, uphill counted as positive, of a rule that meets these gradients wherever it stands."""
    oracle = (lambda theta, g=g: np.full_like(theta, g) for g in gradients)
    points = [theta for theta, _ in iterate(rule, oracle, np.zeros(1), state)]
    return -np.diff(np.ravel(points))


def average(beta):
    """Return the rule whose step is an average of gradients, and the state in which that average starts at zero."""
    return TorchSGD(1.0, momentum=beta, dampening=beta), Buffer(np.zeros(1), True)


def sum_not_average():
    """Feed the gradient 1 to a velocity and to an average: each step is then the total of its weights."""
    velocity = fed(HeavyBall(1.0, 0.9), np.ones(400))
    rule, state = average(0.9)
    mean = fed(rule, np.ones(400), state)
    return {
        "weights of the velocity, 10 gradients": velocity[9],
        "weights of the velocity, 400 gradients": velocity[-1],
        "weights of the average, 10 gradients": mean[9],
        "weights of the average, 400 gradients": mean[-1],
    }


def steady_and_flipping():
    """Gains on given gradients, then a ball that makes its own oscillation on a bowl of curvature 1."""
    steady, flipping = (abs(fed(HeavyBall(1.0, 0.9), signs)[-1]) for signs in (np.ones(400), (-1.0) ** np.arange(400)))
    bowl = Quadratic([1.0])
    ball, plain = (run(rule, bowl, [1.0], 200).thetas for rule in (HeavyBall(0.1, 0.9), GradientDescent(0.1)))
    edge = theory.critical_stiffness("heavy ball", 0.9)
    below, above = (run(HeavyBall(share * edge, 0.9), bowl, [1.0], 2000).thetas.min() < 0 for share in (0.99, 1.01))
    return {
        "gain on steady gradients": steady,
        "gain on flipping gradients": flipping,
        "ratio": steady / flipping,
        "u above which the heavy ball swings": edge,
        "crosses zero at 0.99 times that": below,
        "crosses zero at 1.01 times that": above,
        "lowest point of the heavy ball, u 0.1": ball.min(),
        "gradient descent falls at every step, u 0.1": np.all(np.diff(plain, axis=0) < 0),
    }


def linear_equations():
    """Solve H theta = b by the heavy ball: the minimum of the quadratic is the solution of the equations."""
    surface = TiltedRavine()
    lr, beta, _ = theory.best_settings("heavy ball", 2.0, 50.0)
    end = run(HeavyBall(lr, beta), surface, surface.start, 200).thetas[-1]
    left = surface.hessian @ end
    return {
        "solution, first": end[0],
        "solution, second": end[1],
        "H theta, first": left[0],
        "H theta, second": left[1],
    }


def who_remembers():
    """Hand each rule the gradient 1 and then the gradient 0: who moves at the second step has momentum."""
    without = (GradientDescent(0.1), AdaGrad(0.1), RMSProp(0.1), TorchSGD(0.1))
    # Decay would move the weights too, whatever the rule remembers.
    kin_of_adam = (Adam(0.1), AdamW(0.1, weight_decay=0.0), Nadam(0.1), LAMB(0.1, weight_decay=0.0), Lion(0.1))
    rules = (*without, HeavyBall(0.1), Nesterov(0.1), *kin_of_adam)
    return {f"{rule.name} has momentum": fed(rule, [1.0, 0.0])[1] != 0 for rule in rules}


def friction_and_bumps():
    """A constant slope of 1, the same with a hundredth of the mass, and a shallow well to roll out of."""
    mass, friction = theory.pendulum(0.01, 0.9)
    balls = {"lr 0.01, beta 0.9": (0.01, 0.9), "a hundredth of the mass": theory.settings_of(mass / 100, friction)}
    found = {
        f"step on a constant slope, {name}": fed(HeavyBall(*ball), np.ones(400))[-1] for name, ball in balls.items()
    }
    for beta in (0.5, 0.9):
        found[f"end of beta {beta}"] = run(HeavyBall(0.02, beta), DoubleWell(), [1.8], 2000).thetas[-1, 0]
    return found


def two_forms():
    """Nesterov's method with a velocity, against its older form: extrapolate from two points, then step."""
    surface = TiltedRavine()
    beta = sutskever_beta()
    before = here = surface.start
    points = [here]
    for t in range(300):
        ahead = here + beta(t) * (here - before)
        before, here = here, ahead - 0.02 * surface.grad(ahead)
        points.append(here)
    thetas = run(Nesterov(0.02, beta), surface, surface.start, 300).thetas
    return {
        "both forms walk the same way": np.allclose(thetas, points, rtol=0, atol=1e-12),
        "beta at the first update": beta(0),
        "beta after 250 updates": beta(250),
        "beta after 1000 updates": beta(1000),
        "default in this library: highest beta": beta(10**6),
    }


CLAIMS = (
    Claim(
        1,
        "Momentum keeps a kind of running average of the gradients so far.",
        "imprecise",
        "The velocity is a sum of past gradients with weights lr, lr beta, lr beta^2 and so on. With lr = 1 and beta = "
        "0.9 the weights add up to 6.513 after ten gradients, and to 10 in the long run. Those of an average that "
        "starts at zero add up to 0.6513 and 1. At constant lr the direction is the same, the size is not.",
        ("polyak1964",),
        {
            "weights of the velocity, 10 gradients": "6.513",
            "weights of the velocity, 400 gradients": "10.000",
            "weights of the average, 10 gradients": "0.6513",
            "weights of the average, 400 gradients": "1.0000",
        },
        sum_not_average,
    ),
    Claim(
        2,
        "Momentum speeds up where gradients agree and damps the directions in which they flip.",
        "true with condition",
        "It holds for gradients that are given: at beta 0.9 the gain is 10 on steady ones and 0.526 on flipping ones, "
        "a ratio of 19. A heavy ball makes its own gradients. It swings wherever u exceeds (1 - sqrt(beta))^2, which "
        "is 0.002633, although gradient descent does not swing below u = 1.",
        ("polyak1964", "qian1999"),
        {
            "gain on steady gradients": "10.000",
            "gain on flipping gradients": "0.526",
            "ratio": "19.0",
            "u above which the heavy ball swings": "0.002633",
            "crosses zero at 0.99 times that": "no",
            "crosses zero at 1.01 times that": "yes",
            "lowest point of the heavy ball, u 0.1": "-0.604",
            "gradient descent falls at every step, u 0.1": "yes",
        },
        steady_and_flipping,
    ),
    Claim(
        3,
        "Polyak introduced the method, as the heavy ball, in 1964.",
        "true with condition",
        "True for minimising a function. For linear equations the same recurrence of two steps is older: Frankel had "
        "it in 1950 (not re-read), and Golub and Varga treat it in 1961 under the name second-order Richardson. Here "
        "the heavy ball solves the equations of the tilted ravine, to 0.74 and -0.76.",
        ("polyak1964", "frankel1950", "golub1961"),
        {
            "solution, first": "0.740000",
            "solution, second": "-0.760000",
            "H theta, first": "1.000000",
            "H theta, second": "-2.000000",
        },
        linear_equations,
    ),
    Claim(
        4,
        "Nearly every optimizer in use today contains momentum.",
        "imprecise",
        "Many do: Adam, AdamW, Nadam, LAMB, Lion. Plain gradient descent and AdaGrad have none. RMSProp and PyTorch's "
        "SGD have none by default. The test: after a gradient of 1 and then a gradient of 0, does the rule still move?",
        ("duchi2011", "tieleman2012", "kingma2015", "loshchilov2019", "dozat2016", "you2020", "chen2023", "torch"),
        {
            "gradient descent has momentum": "no",
            "AdaGrad has momentum": "no",
            "RMSProp has momentum": "no",
            "PyTorch SGD has momentum": "no",
            "heavy ball has momentum": "yes",
            "Nesterov has momentum": "yes",
            "Adam has momentum": "yes",
            "AdamW has momentum": "yes",
            "Nadam has momentum": "yes",
            "LAMB has momentum": "yes",
            "Lion has momentum": "yes",
        },
        who_remembers,
    ),
    Claim(
        5,
        "Polyak's paper of 1964 is about methods for minimising functionals.",
        "imprecise",
        "That description fits another of his papers: Gradient methods for the minimisation of functionals, of 1963. "
        "The heavy ball is in the paper of 1964, Some methods of speeding up the convergence of iteration methods, "
        "volume 4, number 5, of the same journal.",
        ("polyak1963", "polyak1964"),
    ),
    Claim(
        6,
        "Friction keeps the ball from speeding up for ever; inertia carries it over bumps and flat stretches.",
        "true with condition",
        "Friction means beta < 1. On a constant slope g the step settles at lr g / (1 - beta), which is g over the "
        "friction in Qian's model: the mass drops out. Over a bump the ball comes only with enough energy. In the "
        "double well from 1.8, at lr 0.02, beta 0.5 ends at 0.914, in the shallow well, and beta 0.9 crosses to "
        "-1.068.",
        ("polyak1964", "qian1999"),
        {
            "step on a constant slope, lr 0.01, beta 0.9": "0.1000",
            "step on a constant slope, a hundredth of the mass": "0.1000",
            "end of beta 0.5": "0.914",
            "end of beta 0.9": "-1.068",
        },
        friction_and_bumps,
    ),
    Claim(
        11,
        "Rumelhart, Hinton and Williams built momentum into stochastic gradient descent in 1986.",
        "imprecise",
        "Equation 9 of their letter to Nature is the heavy ball. Its step counter advances once for each sweep through "
        "the whole set of cases, so it is descent on the full batch, called an acceleration method. Polyak is not "
        "among its references.",
        ("rumelhart1986", "polyak1964"),
    ),
    Claim(
        14,
        "Sutskever and colleagues made Nesterov's method popular in deep learning in 2013.",
        "true",
        "They wrote it with a velocity, which makes the same steps as the older form that extrapolates from two "
        "points. Their momentum was no constant 0.9: it grows during training, by a schedule that starts at 0.5 and "
        "never exceeds a chosen limit (not re-read).",
        ("sutskever2013", "nesterov1983"),
        {
            "both forms walk the same way": "yes",
            "beta at the first update": "0.50",
            "beta after 250 updates": "0.75",
            "beta after 1000 updates": "0.90",
            "default in this library: highest beta": "0.99",
        },
        two_forms,
    ),
)
