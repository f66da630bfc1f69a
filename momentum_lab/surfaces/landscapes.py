"""Bent landscapes: curved valleys, several minima, saddles, plains."""

import numpy as np

from momentum_lab.arguments import real_numbers
from momentum_lab.slips import Slip
from momentum_lab.surfaces.surface import Surface


class Rosenbrock(Surface):
    """f = (1 - x)^2 + 100 (y - x^2)^2, the banana.

    Source: H. H. Rosenbrock, "An automatic method for finding the greatest or least value of a function",
    Computer Journal 3 (1960) 175-184.
    """

    story = "A curved valley: easy to enter, slow to follow to its end."
    minima = np.array([[1.0, 1.0]])
    domain = ((-2.0, 2.0), (-1.0, 3.0))
    start = np.array([-1.2, 1.0])

    def _height(self, theta):
        x, y = theta[..., 0], theta[..., 1]
        return (1 - x) ** 2 + 100 * (y - x * x) ** 2

    def _slope(self, theta):
        x, y = theta[..., 0], theta[..., 1]
        off = y - x * x
        return np.stack([-2 * (1 - x) - 400 * x * off, 200 * off], axis=-1)


class Beale(Surface):
    """f = (1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2.

    Source: E. M. L. Beale, "On an iterative method for finding a local minimum of a function of more than one
    variable", technical report 25, Princeton (1958) (not re-read).
    """

    story = (
        "A flat floor between steep walls: one learning rate is too large for the walls and too small for the floor."
    )
    minima = np.array([[3.0, 0.5]])
    domain = ((-4.5, 4.5), (-4.5, 4.5))
    start = np.array([-1.0, 1.5])

    def _height(self, theta):
        return sum(miss**2 for miss, _ in self._misses(theta))

    def _slope(self, theta):
        x, y = theta[..., 0], theta[..., 1]
        misses = self._misses(theta)
        by_x = sum(2 * miss * (y**n - 1) for miss, n in misses)
        by_y = sum(2 * miss * n * x * y ** (n - 1) for miss, n in misses)
        return np.stack([by_x, by_y], axis=-1)

    def _misses(self, theta):
        x, y = theta[..., 0], theta[..., 1]
        return [(target - x + x * y**n, n) for n, target in ((1, 1.5), (2, 2.25), (3, 2.625))]


class Himmelblau(Surface):
    """f = (x^2 + y - 11)^2 + (x + y^2 - 7)^2: four valleys, all with bottom 0.

    Source: D. M. Himmelblau, "Applied nonlinear programming" (1972) (not re-read).
    """

    story = "Four valleys, equally deep: which one a run ends in is decided by its settings."
    minima = np.array(
        [
            [3.0, 2.0],
            [-2.805118086952745, 3.131312518250573],
            [-3.7793102533777465, -3.2831859912861696],
            [3.5844283403304917, -1.8481265269644036],
        ]
    )
    domain = ((-6.0, 6.0), (-6.0, 6.0))
    start = np.array([0.0, 0.0])

    def _height(self, theta):
        a, b = self._misses(theta)
        return a**2 + b**2

    def _slope(self, theta):
        x, y = theta[..., 0], theta[..., 1]
        a, b = self._misses(theta)
        return np.stack([4 * a * x + 2 * b, 2 * a + 4 * b * y], axis=-1)

    def _misses(self, theta):
        x, y = theta[..., 0], theta[..., 1]
        return x * x + y - 11, x + y * y - 7


class Saddle(Surface):
    """f = x^2 - y^2: a pass between two hills, falling without end on both sides.

    Started exactly on the axis y = 0, no rule leaves it: the slope along y is exactly zero there.
    """

    story = "A pass: level at the top, so leaving it takes time, and started exactly on the ridge nobody leaves."
    minima = np.empty((0, 2))
    lowest = -np.inf
    domain = ((-2.0, 2.0), (-2.0, 2.0))
    start = np.array([1.0, 1e-6])

    def _height(self, theta):
        return theta[..., 0] ** 2 - theta[..., 1] ** 2

    def _slope(self, theta):
        return theta * np.array([2.0, -2.0], dtype=theta.dtype)


class MonkeySaddle(Surface):
    """f = x^3 - 3 x y^2: a pass for two legs and a tail, without any curvature at its centre."""

    story = "A pass with three ways down and no curvature at its centre: the slope there grows only with the square."
    minima = np.empty((0, 2))
    lowest = -np.inf
    domain = ((-2.0, 2.0), (-2.0, 2.0))
    start = np.array([1.0, 1e-3])

    def _height(self, theta):
        x, y = theta[..., 0], theta[..., 1]
        return x**3 - 3 * x * y**2

    def _slope(self, theta):
        x, y = theta[..., 0], theta[..., 1]
        return np.stack([3 * x * x - 3 * y * y, -6 * x * y], axis=-1)


class Plateau(Surface):
    """f = 1 - exp(-(x^2 + y^2) / 2): a pit in a plain.  Four units out the slope is 0.0013."""

    story = "A pit in a plain: far out there is almost no slope, and memory is what adds it up."
    minima = np.zeros((1, 2))
    domain = ((-5.0, 5.0), (-5.0, 5.0))
    start = np.array([4.0, 0.0])

    def _height(self, theta):
        return -np.expm1(-0.5 * (theta * theta).sum(axis=-1))

    def _slope(self, theta):
        return theta * np.exp(-0.5 * (theta * theta).sum(axis=-1, keepdims=True))


class DoubleWell(Surface):
    """f = scale (x^2 - 1)^2 + tilt x: two wells with a barrier between them; a tilt above 0 makes the left one deeper.

    Parameters
    ----------
    scale : float
        Height of the barrier when there is no tilt.
    tilt : float
        Slope added to the whole; it must leave two wells, |tilt| < 8 scale / sqrt(27).

    Attributes
    ----------
    barrier : float
        Where the top of the barrier is.
    """

    story = "Two wells: momentum carries a run out of the shallow one, and out of the deep one too."
    domain = ((-2.2, 2.2),)
    start = np.array([1.8])

    @real_numbers("scale", "tilt", single=True)
    def __init__(self, scale=0.25, tilt=0.15):
        if not (scale > 0 and abs(tilt) < 8 * scale / np.sqrt(27)):
            raise Slip(
                f"Two wells need a scale above 0 and a tilt between -{8 / np.sqrt(27):.4f} and "
                f"{8 / np.sqrt(27):.4f} times the scale; these are scale {scale} and tilt {tilt}."
            )
        self.scale, self.tilt = float(scale), float(tilt)
        left, self.barrier, right = (float(x) for x in np.sort(np.roots([4 * scale, 0, -4 * scale, tilt]).real))
        wells = np.array([[left], [right]])
        self.minima = wells[np.argsort(self._height(wells), kind="stable")]
        self.lowest = float(self._height(self.minima[0]))

    def _height(self, theta):
        x = theta[..., 0]
        return self.scale * (x * x - 1) ** 2 + self.tilt * x

    def _slope(self, theta):
        return 4 * self.scale * theta * (theta * theta - 1) + self.tilt
