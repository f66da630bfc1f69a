"""How far back a velocity reaches: five definitions of its window, which do not agree.

A gradient that is j steps old has the weight beta^j in a velocity with the learning rate taken out, and
(1 - beta) beta^j in an average.
"""

from typing import NamedTuple

import numpy as np


class Window(NamedTuple):
    """Five lengths of the memory, in steps.

    total is the sum of all weights, 1 / (1 - beta); mean_age the average age of what is remembered,
    beta / (1 - beta); e_fold the age at which the weight is down to 1/e; half_life to 1/2; averaged the number
    of independent gradients whose mean is as noisy, (1 + beta) / (1 - beta).
    """

    total: float
    mean_age: float
    e_fold: float
    half_life: float
    averaged: float


def window(beta):
    """Return the five lengths for a beta above 0 and below 1."""
    decay = -np.log(beta)
    return Window(1 / (1 - beta), beta / (1 - beta), 1 / decay, np.log(2) / decay, (1 + beta) / (1 - beta))


def weight_of_last(beta, steps):
    """Return the share of all weight that the newest gradients have: 1 - beta^steps.

    For steps = 1 / (1 - beta) it is about 63 per cent: the window of this length leaves out a third.
    """
    return 1 - beta**steps


def steps_for_weight(beta, share):
    """Return how many of the newest gradients together have at least this share of the weight, a whole number."""
    return np.ceil(np.log1p(-np.asarray(share)) / np.log(beta) - 1e-12).astype(int)[()]
