"""Gradient sources: where the gradient of each step comes from.

An oracle is an iterable of gradient functions, one for every step of a run.  The exact oracle hands
out the same function for ever.  (Noise and mini-batches hand out another one at every step, so one
loop serves both, and a lookahead sees the same mini-batch as the step it belongs to.)
"""

from itertools import repeat

import numpy as np


def exact(grad):
    """Hand out the same gradient function at every step.

    Parameters
    ----------
    grad : callable
        Maps points of shape (..., dim) to gradients of the same shape.
    """
    return repeat(grad)


class Counting:
    """A gradient function that counts how often it is asked.

    Fair races are counted in gradient evaluations, not in seconds.

    Attributes
    ----------
    calls : int
        Evaluations so far.
    asked_at : list of ndarray
        Copies of the points it was asked about, in order.
    """

    def __init__(self, grad):
        self.grad = grad
        self.asked_at = []

    @property
    def calls(self):
        """Number of evaluations so far."""
        return len(self.asked_at)

    def __call__(self, theta):
        """Note the point and return the gradient there."""
        self.asked_at.append(np.array(theta))
        return self.grad(theta)
