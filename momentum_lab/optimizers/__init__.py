"""The update rules, simplest first.

A rule is a frozen object: its hyper-parameters and one formula, `step`.  What it remembers between
two steps is a separate value, the state, which you can print, keep or throw away.  A rule never sees
the surface it walks on.  It sees `grad`, a function that returns the gradient at any point it asks about.

Three chapters: `momentum` remembers a direction, `adaptive` how large gradients were, `adam` both.  `rule`
holds what all of them share, `guard` what to do about a gradient that is not a number.

Two conventions hold for every rule.

* The last axis of `theta` holds the coordinates; all axes before it are independent runs.  A
  hyper-parameter is anything that broadcasts against `theta`.
* Any hyper-parameter may be a schedule: a function of the update count t = 0, 1, 2, ...
"""

from momentum_lab.optimizers.adam import LAMB, Adam, AdamW, Average, Lion, Moments, Nadam
from momentum_lab.optimizers.adaptive import AdaGrad, RMSProp, Scaled, SquareSum
from momentum_lab.optimizers.guard import SkipBroken
from momentum_lab.optimizers.momentum import Buffer, GradientDescent, HeavyBall, Momentum, Nesterov, TorchSGD
from momentum_lab.optimizers.rule import Gradient, Hyper, Optimizer

RULES = (GradientDescent, HeavyBall, Nesterov, TorchSGD, AdaGrad, RMSProp, Adam, AdamW, Nadam, LAMB, Lion)
"""All of them, in the order in which the course meets them."""

__all__ = [rule.__name__ for rule in RULES] + [
    "RULES", "Average", "Buffer", "Gradient", "Hyper", "Moments", "Momentum", "Optimizer", "Scaled", "SkipBroken",
    "SquareSum",
]  # fmt: skip
