"""Surfaces made to defeat a method: the slowest, and two on which the heavy ball goes round for ever."""

import numpy as np

from momentum_lab.arguments import real_numbers
from momentum_lab.slips import Slip, is_whole
from momentum_lab.surfaces.surface import Surface


class WorstCase(Surface):
    """A chain of coordinates in which news travels one link a step.

    f = smoothness / 4 * (theta' T theta / 2 - theta_1), with T = 2 on the diagonal and -1 beside it.  From zero,
    no method that walks along the gradients it has seen can touch coordinate k + 1 before its step k + 1.  So after k
    steps its gap is at least L / 8 * (1 / (k + 1) - 1 / (dim + 1)).  In the chain of dim = 2 k + 1 links that
    is at least 3 L |minimum|^2 / (32 (k + 1)^2): on convex functions nothing is faster than 1 / k^2 in general.

    Parameters
    ----------
    dim : int
        Number of coordinates.
    smoothness : float
        Upper bound on the curvature, L.

    Source: Yu. Nesterov, "Introductory lectures on convex optimization" (2004), section 2.1.2.
    """

    story = "A chain in which news travels one link a step: no method that follows gradients can hurry it."

    @real_numbers("smoothness", single=True)
    def __init__(self, dim=50, smoothness=1.0):
        if not (is_whole(dim) and dim >= 1 and smoothness > 0):
            raise Slip(f"The chain needs at least one link and a smoothness above 0; these are {dim} and {smoothness}.")
        self.smoothness = float(smoothness)
        self.minima = 1 - np.arange(1.0, dim + 1)[np.newaxis] / (dim + 1)
        self.lowest = self.smoothness / 8 * (1 / (dim + 1) - 1)
        self.domain = dim * ((-0.5, 1.5),)
        self.start = np.zeros(dim)

    def _height(self, theta):
        return self.smoothness / 4 * (0.5 * (theta * self._chain(theta)).sum(axis=-1) - theta[..., 0])

    def _slope(self, theta):
        pull = self._chain(theta)
        pull[..., 0] -= 1
        return self.smoothness / 4 * pull

    def _chain(self, theta):
        pull = 2 * theta
        pull[..., 1:] -= theta[..., :-1]
        pull[..., :-1] -= theta[..., 1:]
        return pull


class Lessard(Surface):
    """One coordinate, curvature 25 outside and 1 between x = 1 and x = 2; strongly convex.

    With lr = 1/9 and beta = 4/9, the best settings for a quadratic of condition number 25, the heavy ball
    from 3.3 ends in the cycle 792/1225, -2208/1225, 2592/1225 and never reaches the minimum at 0.

    Source: L. Lessard, B. Recht, A. Packard, "Analysis and design of optimization algorithms via integral
    quadratic constraints", SIAM J. Optim. 26 (2016) 57-95, arXiv 1408.3595, section 4 (section from memory).
    """

    story = "A bowl with a soft stretch on one side: there the best heavy ball for bowls goes round for ever."
    minima = np.zeros((1, 1))
    domain = ((-6.0, 6.0),)
    start = np.array([3.3])
    cycle = np.array([792.0, -2208.0, 2592.0]) / 1225

    def _height(self, theta):
        x = theta[..., 0]
        inner = 12.5 * x * x
        return np.where(x < 1, inner, np.where(x < 2, 0.5 * x * x + 24 * x - 12, inner - 24 * x + 36))

    def _slope(self, theta):
        return np.where(theta < 1, 25 * theta, np.where(theta < 2, theta + 24, 25 * theta - 24))


class Polygon(Surface):
    """A convex bowl in the plane on which one heavy ball runs from corner to corner of a polygon for ever.

    f = mu |theta|^2 / 2 + (smoothness - mu) (|theta|^2 - d^2) / 2, where d is the distance to a second, smaller
    polygon.  Its curvature lies between mu and smoothness.  Start the ball with `cycle_start`: from rest
    it hardly ever finds the cycle.

    Parameters
    ----------
    corners : int
        Number of corners, 3 or more.
    lr, beta : float, optional
        Settings of the heavy ball that shall go round; the best ones for quadratics if left out.
    mu, smoothness : float
        Bounds on the curvature.

    Raises
    ------
    Slip
        If this heavy ball goes round on no such bowl.

    Source: B. Goujaud, A. Taylor, A. Dieuleveut, "Provable non-accelerations of the heavy-ball method",
    arXiv 2307.11291 (2023).
    """

    story = "A bowl on which the best heavy ball for bowls walks round a polygon and never comes in."
    minima = np.zeros((1, 2))
    domain = ((-1.6, 1.6), (-1.6, 1.6))

    @real_numbers("lr", "beta", "mu", "smoothness", single=True)
    def __init__(self, corners=3, lr=None, beta=None, mu=1.0, smoothness=25.0):
        if not (is_whole(corners) and corners >= 3 and 0 < mu < smoothness):
            raise Slip(
                f"A polygon needs 3 corners or more and 0 < mu < smoothness; these are {corners}, {mu}, {smoothness}."
            )
        root = np.sqrt(smoothness / mu)
        self.lr = 4 / (np.sqrt(smoothness) + np.sqrt(mu)) ** 2 if lr is None else float(lr)
        self.beta = ((root - 1) / (root + 1)) ** 2 if beta is None else float(beta)
        if not self.lr > 0:
            raise Slip(f"A ball that goes round needs a learning rate above 0; this is {self.lr}.")
        self.mu, self.smoothness, self.corners = float(mu), float(smoothness), corners
        turn = np.exp(2j * np.pi / corners)
        # In complex numbers: the gradient that carries a ball from 1 to the next corner, `turn`, if it came from
        # the one before.  What is left of it without mu must be the corner of a polygon P.
        slope = ((1 + self.beta) - turn - self.beta / turn) / self.lr
        self._corner = (slope - mu) / (smoothness - mu)
        if not self._exists(turn):
            raise Slip(
                f"A heavy ball with lr {self.lr:.4g} and beta {self.beta:.4g} goes round {corners} corners on no bowl "
                f"of curvatures {mu:g} to {smoothness:g}; try a larger lr, or another number of corners."
            )
        around = turn ** np.arange(corners)
        self.cycle = np.stack([around.real, around.imag], axis=-1)

    @property
    def start(self):
        """The first corner of the cycle."""
        return self.cycle[0].copy()

    def cycle_start(self):
        """Return the first corner and the velocity, each of shape (2,), with which the ball arrives there."""
        return self.cycle[0].copy(), self.cycle[-1] - self.cycle[0]

    def _height(self, theta):
        away = theta - self._nearest(theta)
        square = (theta * theta).sum(axis=-1)
        return 0.5 * self.smoothness * square - 0.5 * (self.smoothness - self.mu) * (away * away).sum(axis=-1)

    def _slope(self, theta):
        return self.mu * theta + (self.smoothness - self.mu) * self._nearest(theta)

    def _exists(self, turn):
        """Whether corners and gradients belong to one smooth, strongly convex function.

        Of the interpolation conditions, the one between neighbours is the strictest.
        """
        inward = self._corner.real - abs(self._corner.imag) / np.tan(np.angle(turn) / 2)
        return inward >= abs(self._corner) ** 2 - 1e-12

    def _nearest(self, theta):
        """Return the nearest point of P, shape (..., 2).  By symmetry, look from the middle of the nearest edge."""
        z = theta[..., 0] + 1j * theta[..., 1]
        half = np.pi / self.corners
        middle = np.angle(self._corner) + half
        sector = np.round((np.angle(z) - middle) / (2 * half))
        facing = np.exp(1j * (middle + 2 * half * sector))
        seen = z / facing
        depth, width = abs(self._corner) * np.cos(half), abs(self._corner) * np.sin(half)
        on_edge = depth + 1j * np.clip(seen.imag, -width, width)
        nearest = np.where(seen.real <= depth, seen, on_edge) * facing
        return np.stack([nearest.real, nearest.imag], axis=-1)
