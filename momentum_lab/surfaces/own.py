"""A surface of your own, and the test that its gradient belongs to its heights."""

import numpy as np

from momentum_lab.slips import Slip, is_whole
from momentum_lab.surfaces.surface import Surface

POINTS = 12  # places at which a gradient is tried
NAMES = "xyz"


class FromFunctions(Surface):
    """A surface from two functions of yours.

    The functions get one array a coordinate, so plain formulas work for one point and for a thousand.  The gradient
    is compared with the heights at once; a gradient that does not belong to them is refused in one sentence.

    Parameters
    ----------
    value : callable
        value(x) or value(x, y) returns the height.
    grad : callable
        grad(x) returns the slope; grad(x, y) returns two slopes.
    domain : tuple of (low, high) pairs, one a coordinate
        The box worth looking at, such as ((-3, 3), (-2, 2)).
    start : list of floats, optional
        A good place to start from; a quarter of the way into the box if left out.
    minima : list of points, optional
        The bottoms of its valleys, if you know them, the lowest first.
    story : str
        One line: what it is for.

    Raises
    ------
    Slip
        If the functions and the box do not fit together.
    """

    def __init__(self, value, grad, domain, *, start=None, minima=None, story=""):
        for name, function in (("value", value), ("grad", grad)):
            if not callable(function):
                raise Slip(f"{name} is a function of the coordinates; this is {function!r}.")
        self._value, self._grad, self.story = value, grad, story
        self.domain = box(domain)
        self.start = self._quarter() if start is None else _array("start", start)
        self.minima = np.empty((0, self.dim)) if minima is None else _points(minima, self.dim)
        check_gradient(self)
        self.lowest = float(self(self.minima).min()) if len(self.minima) else None

    def _quarter(self):
        return np.array([0.75 * low + 0.25 * high for low, high in self.domain])

    @property
    def dim(self):
        """Number of coordinates."""
        return len(self.domain)

    def _height(self, theta):
        return _filled(self._value, _called(self._value, theta), theta)

    def _slope(self, theta):
        if self.dim == 1:
            return _filled(self._grad, _called(self._grad, theta), theta)[..., np.newaxis]
        slopes = _called(self._grad, theta)
        if not isinstance(slopes, tuple | list | np.ndarray) or len(slopes) != self.dim:
            raise Slip(f"grad({_arguments(self.dim)}) must return {self.dim} slopes, one a coordinate.")
        return np.stack(
            [_filled(self._grad, slope, theta, "number a point in each slope") for slope in slopes], axis=-1
        )


def box(domain):
    """Return a box as a tuple of (low, high) pairs of floats, or say why it is none."""
    try:
        pairs = np.array(domain, dtype=float)
    except (TypeError, ValueError):
        pairs = np.empty(0)
    if (
        pairs.ndim != 2
        or pairs.shape[1:] != (2,)
        or not (np.isfinite(pairs).all() and (pairs[:, 0] < pairs[:, 1]).all())
    ):
        raise Slip(f"The domain is a (low, high) pair a coordinate, such as ((-3, 3), (-2, 2)); this is {domain!r}.")
    return tuple((float(low), float(high)) for low, high in pairs)


def must_be_surface(surface):
    """Refuse what has not the three things that make a surface."""
    functions = callable(surface) and callable(getattr(surface, "grad", None))
    if isinstance(surface, type) or not (functions and is_whole(getattr(surface, "dim", None))):
        raise Slip(
            "A surface has __call__, grad and dim, a whole number; FromFunctions(value, grad, domain) makes one."
        )


def check_gradient(surface, domain=None):
    """Compare a surface's gradient with its heights at a dozen points of its box.

    At each point and for each coordinate the slope is measured from two heights close by.  Where the measurement is
    itself uncertain, as at a kink, nothing is asked.

    Parameters
    ----------
    surface : object
        With `__call__`, `grad` and `dim`.
    domain : tuple of (low, high) pairs, optional
        Where to look; the surface's own `domain` if left out.

    Raises
    ------
    Slip
        One sentence: which coordinate is wrong, at which point, what was returned and what was expected.
    """
    must_be_surface(surface)
    low, high = np.array(box(getattr(surface, "domain", None) if domain is None else domain)).T
    points = low + (high - low) * np.random.default_rng(7).uniform(0.02, 0.98, (POINTS, surface.dim))
    with np.errstate(all="ignore"):
        heights, slopes = surface(points), surface.grad(points)
        _check_shapes(surface, points, heights, slopes)
        for axis, width in enumerate(high - low):
            measured, doubt = _measured(surface, points, axis, 1e-4 * width)
            returned = slopes[:, axis]
            allowed = 1e-5 * np.maximum(np.abs(measured), np.abs(returned)) + 3 * doubt + 1e-9
            wrong = np.flatnonzero(np.abs(returned - measured) > allowed)
            if wrong.size:
                at = wrong[np.argmax(np.abs(returned - measured)[wrong])]
                raise Slip(_wrong_slope(axis, points[at], float(returned[at]), float(measured[at])))


def _measured(surface, points, axis, h):
    """Return the slope along one axis from heights at two distances, and how far the two measurements differ."""
    step = h * np.eye(surface.dim)[axis]
    wide, near = ((surface(points + s * step) - surface(points - s * step)) / (2 * s * h) for s in (1.0, 0.5))
    rounding = 1e-15 * np.abs(surface(points)) / h
    return (4 * near - wide) / 3, np.abs(near - wide) + 20 * rounding


def _check_shapes(surface, points, heights, slopes):
    """Refuse heights and slopes that are not one a point, or no numbers."""
    if np.shape(heights) != (POINTS,) or np.shape(slopes) != points.shape:
        raise Slip(
            f"For {POINTS} points of shape {points.shape} the heights must have shape ({POINTS},) and the gradient "
            f"{points.shape}; they have {np.shape(heights)} and {np.shape(slopes)}: write theta[..., 0] for the first "
            f"coordinate, not theta[0]."
        )
    for name, numbers in (("height", heights), ("gradient", slopes)):
        bad = ~np.isfinite(np.reshape(numbers, (POINTS, -1))).all(axis=1)
        if bad.any():
            raise Slip(
                f"The {name} at {_place(points[bad.argmax()])} is no finite number; choose a domain where it is."
            )


def _wrong_slope(axis, point, returned, expected):
    name = f" ({NAMES[axis]})" if axis < len(NAMES) else ""
    where = f"The gradient is wrong in coordinate {axis + 1}{name} at {_place(point)}"
    text = f"{where}: it returns {returned:.4g}, and the heights there rise by {expected:.4g} a unit"
    if expected and abs(returned + expected) < 1e-4 * abs(expected):
        return f"{text}; its sign is the other way round."
    if expected and abs(returned / expected) > 1e-9:
        factor = returned / expected
        if abs(factor - round(factor)) < 1e-4 or abs(1 / factor - round(1 / factor)) < 1e-4:
            return f"{text}, so it is {factor:.3g} times what it should be."
    return f"{text}."


def _called(function, theta):
    """Call a reader's function with one array a coordinate."""
    try:
        return function(*np.moveaxis(theta, -1, 0))
    except (TypeError, ValueError) as error:
        name = getattr(function, "__name__", "the function")
        raise Slip(
            f"{name}({_arguments(theta.shape[-1])}) stopped with {type(error).__name__}: {error}; it gets one array a "
            "coordinate, so write np.sin for math.sin, and np.where for if."
        ) from error


def _filled(function, numbers, theta, what="number a point"):
    """Return the numbers that a function gave, one for every point; a constant stands for all."""
    shape = theta.shape[:-1]
    try:
        if numbers is None or not np.isrealobj(numbers):
            raise TypeError
        return np.broadcast_to(np.asarray(numbers, dtype=theta.dtype), shape).copy()
    except (TypeError, ValueError):
        name = getattr(function, "__name__", "the function")
        raise Slip(
            f"{name}({_arguments(theta.shape[-1])}) must return one {what}; it returned "
            f"{_returned(numbers)} for {shape or 'one point'}."
        ) from None


def _returned(numbers):
    if isinstance(numbers, np.ndarray):
        return f"{'complex numbers' if np.iscomplexobj(numbers) else 'an array'} of shape {numbers.shape}"
    return repr(numbers)[:60]


def _arguments(dim):
    return ", ".join([*NAMES[:dim], *(["..."] if dim > len(NAMES) else [])])


def _points(minima, dim):
    points = _array("minima", minima).astype(float)
    if points.ndim != 2 or points.shape[1] != dim or not np.isfinite(points).all():
        raise Slip(
            f"The minima are a list of points with {dim} coordinates each, such as [[{', '.join(['0.0'] * dim)}]]."
        )
    return points


def _array(name, value):
    """Return a list of numbers as an array; whole numbers are left as they are, `run` has a word to say to them."""
    try:
        array = np.array(value)
    except ValueError:
        array = np.empty(0, dtype=object)
    if array.dtype.kind not in "iuf":
        raise Slip(f"{name} is made of real numbers, in rows of one length; this is {value!r}.")
    return array


def _place(point):
    return f"({', '.join(f'{part:.3g}' for part in point)})"
