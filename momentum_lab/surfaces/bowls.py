"""The quadratics: bowls, valleys, and a line through dots.  On these everything can be computed."""

import numpy as np

from momentum_lab.arguments import real_numbers
from momentum_lab.slips import Slip
from momentum_lab.surfaces.surface import Surface


class Quadratic(Surface):
    """A bowl: f(theta) = lowest + (theta - minimum)' H (theta - minimum) / 2.

    Parameters
    ----------
    hessian : array of shape (dim,) or (dim, dim)
        The curvatures.  One number a coordinate for a bowl whose axes are the coordinate axes, or a
        symmetric matrix for a tilted one.  All eigenvalues must be positive.
    minimum : array of shape (dim,), optional
        The lowest point; the origin if left out.
    lowest : float
        The height there.

    Attributes
    ----------
    eigenvalues : ndarray of shape (dim,)
        Curvatures along the axes of the bowl, smallest first.
    directions : ndarray of shape (dim, dim)
        Column i is the unit vector along which the curvature is `eigenvalues[i]`.
    """

    story = "A bowl: the slope grows in proportion to the distance, so every step can be predicted."

    @real_numbers("hessian", "minimum")
    @real_numbers("lowest", single=True)
    def __init__(self, hessian, minimum=None, lowest=0.0):
        self.hessian = np.array(hessian, dtype=float)
        if self.hessian.size == 0:
            raise Slip("A quadratic needs at least one curvature; here there is none.")
        matrix = np.diag(self.hessian) if self.hessian.ndim == 1 else self.hessian
        if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not np.allclose(matrix, matrix.T):
            raise Slip(
                f"A quadratic needs one curvature a coordinate or a symmetric matrix; "
                f"this array has shape {self.hessian.shape} and is neither."
            )
        self.eigenvalues, self.directions = np.linalg.eigh(matrix)
        if not self.eigenvalues[0] > 0:
            raise Slip(f"A bowl curves upwards everywhere; the smallest curvature here is {self.eigenvalues[0]:.3g}.")
        dim = len(self.eigenvalues)
        bottom = np.zeros(dim) if minimum is None else np.array(minimum, dtype=float)
        if bottom.shape != (dim,):
            raise Slip(f"The minimum needs {dim} coordinates, one a curvature; it has shape {bottom.shape}.")
        self.minima = bottom[np.newaxis]
        self.lowest = float(lowest)

    @property
    def domain(self):
        """Four units to each side of the minimum."""
        return tuple((float(m) - 4.0, float(m) + 4.0) for m in self.minimum)

    @property
    def start(self):
        """One unit from the minimum along every axis of the bowl."""
        return self.minimum + self.directions.sum(axis=1)

    @property
    def kappa(self):
        """Condition number: the largest curvature over the smallest."""
        return float(self.eigenvalues[-1] / self.eigenvalues[0])

    def _height(self, theta):
        away = theta - self.minimum
        return self.lowest + 0.5 * (away * self._bend(away)).sum(axis=-1)

    def _slope(self, theta):
        return self._bend(theta - self.minimum)

    def parts(self, theta):
        """Return `theta - minimum` along the axes of the bowl, softest first, shape (..., dim).

        Each part moves by itself: on a quadratic, one direction never hears of another.
        """
        return (theta - self.minimum) @ self.directions

    def _bend(self, away):
        return away * self.hessian if self.hessian.ndim == 1 else away @ self.hessian


class Ravine(Quadratic):
    """f = 0.1 x^2 + 2 y^2, twenty times steeper across than along.

    Gradient descent converges up to a learning rate of 0.5; at 0.6 it bounces out, and a beta of 0.5 tames it.
    """

    story = "A valley twenty times steeper across than along: the learning rate the walls allow is slow on the floor."
    start = np.array([-5.0, -2.0])

    def __init__(self):
        super().__init__([0.2, 4.0])


class TiltedRavine(Quadratic):
    """f = theta' H theta / 2 - b' theta with H = [[26, 24], [24, 26]] and b = (1, -2): curvatures 2 and 50.

    The valley runs along neither axis, so a method that scales each coordinate by itself gains nothing.
    """

    story = "A valley that runs across both axes: scaling each coordinate by itself gains nothing here."
    start = np.array([2.0, -1.0])

    def __init__(self):
        super().__init__([[26.0, 24.0], [24.0, 26.0]], minimum=[0.74, -0.76], lowest=-1.13)


class LineFit(Quadratic):
    """Fit a line to dots: the loss is half the mean squared height of the dots above the line.

    theta = (intercept, slope), so the loss is a quadratic in theta, with
    H = [[1, mean(x)], [mean(x), mean(x^2)]].  A formula finds the best line; a network has none.

    Parameters
    ----------
    x, y : arrays of shape (n,)
        The dots, at least two of them at different x.
    """

    story = "A straight line through dots: the course's own valley, made by where x = 0 lies."

    @real_numbers("x", "y")
    def __init__(self, x, y):
        self.x, self.y = np.array(x, dtype=float), np.array(y, dtype=float)
        if self.x.ndim != 1 or self.x.shape != self.y.shape:
            raise Slip(f"Every dot needs an x and a y; there are {self.x.size} x and {self.y.size} y.")
        if len(self.x) < 2 or np.ptp(self.x) == 0:
            raise Slip("A line needs at least two dots at different x.")
        middle = self.x.mean()
        slope = ((self.x - middle) * self.y).mean() / ((self.x - middle) ** 2).mean()
        best = np.array([self.y.mean() - slope * middle, slope])
        residuals = self.y - best[0] - best[1] * self.x
        super().__init__(
            hessian=[[1.0, middle], [middle, (self.x**2).mean()]],
            minimum=best,
            lowest=0.5 * (residuals**2).mean(),
        )

    @property
    def examples(self):
        """Number of dots."""
        return len(self.x)

    def grad_on(self, theta, rows):
        """Return the gradient of the loss on some of the dots only, shape (..., 2); the mean over all is `grad`."""
        x = self.x[rows]
        miss = theta[..., :1] + theta[..., 1:] * x - self.y[rows]
        return np.stack([miss.mean(axis=-1), (miss * x).mean(axis=-1)], axis=-1)


# Where the dots sit before anybody chooses an origin: evenly spaced, mean 0, mean square 1.
_PLACES = np.arange(12) - 5.5
_PLACES = _PLACES / np.sqrt((_PLACES**2).mean())
# How far each dot lies off the best line.  What a line could explain is taken out of the raw list,
# so that the best line is exactly the one chosen below.
_SCATTER = np.array([0.3, -0.5, 0.1, 0.6, -0.2, -0.6, 0.5, 0.2, -0.4, 0.4, -0.3, -0.1])
_SCATTER = _SCATTER - _SCATTER.mean() - (_SCATTER * _PLACES).mean() * _PLACES

OFFSET = float(np.sqrt(8.1))


@real_numbers("offset", single=True)
def twelve_dots(offset=OFFSET):
    """Return the course's running example: a line through twelve dots.

    Parameters
    ----------
    offset : float
        How far right of x = 0 the middle of the dots lies.  Moving the origin of x moves no dot and
        changes no line, but it makes the valley: offsets 0, 1, 2, 2.846, 5, 10 give condition numbers
        1, 6.9, 34, 100, 727, 10402.

    Returns
    -------
    LineFit
        At the default offset the curvatures are 0.1 along the valley and 10 across it, and the flat
        line y = 0, theta = (0, 0), lies one unit from the best line in either direction.
    """
    # One unit along the valley and one across it, written in (intercept, slope) at the default offset.
    across = np.array([OFFSET, 9.0]) / np.sqrt(89.1)
    along = np.array([9.0, -OFFSET]) / np.sqrt(89.1)
    intercept, slope = across - along
    y = intercept + slope * (OFFSET + _PLACES) + _SCATTER
    return LineFit(offset + _PLACES, y)
