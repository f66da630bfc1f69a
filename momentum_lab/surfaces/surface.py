"""What every surface answers."""

import numpy as np

from momentum_lab.slips import Slip


class Surface:
    """A function of `dim` coordinates with an exact gradient.

    A surface of your own needs `__call__`, `grad` and `dim`; and `minima` and `lowest`, where it knows them.

    Attributes
    ----------
    dim : int
        Number of coordinates.
    minima : ndarray of shape (k, dim)
        The bottoms of its valleys, the lowest first; empty if it has none.
    lowest : float or None
        The height it can come down to; -inf if it falls without end, None if nobody knows.
    domain : tuple of (low, high) pairs, one a coordinate
        The box worth looking at.
    start : ndarray of shape (dim,)
        A good place to start from.
    story : str
        One line: what it is for.
    """

    story = ""
    lowest: float | None = 0.0
    minima: np.ndarray
    domain: tuple
    start: np.ndarray

    def __call__(self, theta):
        """Return the height at each point, shape (...).

        Parameters
        ----------
        theta : array_like of shape (..., dim)

        Raises
        ------
        Slip
            If these are no points of this surface.
        """
        return self._height(self._as_points(theta))

    def grad(self, theta):
        """Return the exact gradient at each point, shape (..., dim).

        Parameters
        ----------
        theta : array_like of shape (..., dim)

        Raises
        ------
        Slip
            If these are no points of this surface.
        """
        return self._slope(self._as_points(theta))

    def _as_points(self, theta):
        """Return points as an array of floats, of the precision they have."""
        try:
            points = np.asarray(theta)
            if points.dtype.kind != "f":
                points = points.astype(float, casting="same_kind" if points.dtype.kind == "c" else "unsafe")
        except (TypeError, ValueError):  # words, complex numbers, rows of unequal length
            raise Slip(f"A point on this surface is {self._numbers}; this is {theta!r}.") from None
        if points.ndim == 0 or points.shape[-1] != self.dim:
            raise Slip(f"A point on this surface has {self._numbers} in its last axis; the shape is {points.shape}.")
        return points

    @property
    def _numbers(self):
        return "1 real number" if self.dim == 1 else f"{self.dim} real numbers"

    def _height(self, theta):
        raise NotImplementedError

    def _slope(self, theta):
        raise NotImplementedError

    @property
    def dim(self):
        """Number of coordinates."""
        return self.minima.shape[-1]

    @property
    def minimum(self):
        """The lowest point, shape (dim,), the first one if there are several; None if there is none."""
        return self.minima[0] if len(self.minima) else None

    @property
    def goals(self):
        """Those of the minima that lie at the lowest height, shape (k, dim)."""
        if len(self.minima) < 2:
            return self.minima
        heights = self(self.minima)
        return self.minima[heights <= self.lowest + 1e-9 * max(1.0, abs(self.lowest))]
