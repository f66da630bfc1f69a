"""How far back a velocity reaches: five definitions of its window, which do not agree.

A gradient that is j steps old has the weight beta^j in a velocity with the learning rate taken out, and
(1 - beta) beta^j in an average.
"""

from typing import NamedTuple

import numpy as np

from momentum_lab.arguments import real_numbers
from momentum_lab.slips import Slip


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


@real_numbers("beta")
def window(beta):
    """Return the five lengths for a beta (float or array) above 0 and below 1."""
    _check(beta)
    decay = -np.log(beta)
    return Window(1 / (1 - beta), beta / (1 - beta), 1 / decay, np.log(2) / decay, (1 + beta) / (1 - beta))


@real_numbers("beta", "steps")
def weight_of_last(beta, steps):
    """Return the share of all weight that the newest gradients have: 1 - beta^steps.

    For steps = 1 / (1 - beta) it is about 63 per cent: the window of this length leaves out a third.
    """
    if not (np.all((np.asarray(beta) >= 0) & (np.asarray(beta) <= 1)) and np.all(np.asarray(steps) >= 0)):
        raise Slip(f"This needs 0 <= beta <= 1 and steps from 0 on; these are {beta!r} and {steps!r}.")
    return 1 - beta**steps


@real_numbers("beta", "share")
def steps_for_weight(beta, share):
    """Return how many of the newest gradients together have at least this share of the weight, a whole number.

    Parameters
    ----------
    beta, share : float or array
        Both above 0 and below 1.
    """
    _check(beta)
    _check(share, "share")
    beta, share = np.asarray(beta, dtype=float), np.asarray(share, dtype=float)
    steps = np.ceil(np.log1p(-share) / np.log(beta))
    # Rounding may have added one.
    return (steps - (weight_of_last(beta, steps - 1) >= share * (1 - 1e-15))).astype(int)[()]


def _check(value, name="beta"):
    if not np.all((np.asarray(value) > 0) & (np.asarray(value) < 1)):
        raise Slip(f"This needs a {name} above 0 and below 1; this is {value!r}.")
