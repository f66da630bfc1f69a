"""What comes into a run is checked here, once, so that a slip is named where it happens and not ten lines later."""

import numpy as np

from momentum_lab.slips import Slip, is_whole


def check_settings(optimizer, surface):
    """Refuse things that are no rule or no surface, and settings that are no numbers."""
    if isinstance(optimizer, type) or not hasattr(optimizer, "step"):
        raise Slip(f"The optimizer is a rule with its settings, such as HeavyBall(0.1); this is {_short(optimizer)}.")
    if isinstance(surface, type) or not (hasattr(surface, "grad") and hasattr(surface, "dim")):
        raise Slip(f"The surface is a landscape, such as twelve_dots() or Rosenbrock(); this is {_short(surface)}.")
    if not (callable(surface) and callable(surface.grad) and is_whole(surface.dim)):
        raise Slip(
            f"A surface of your own has __call__ and grad, two functions of points, and dim, a whole number; "
            f"{_short(surface)} has not."
        )
    for name, value in optimizer.settings.items():
        if not callable(value) and not _finite(value):
            raise Slip(f"{name} must be a finite number, an array of them or a schedule; it is {value!r}.")


def check_steps(steps):
    """Refuse a number of steps that is no whole number from 0 on."""
    if not is_whole(steps) or steps < 0:
        raise Slip(f"The number of steps is a whole number from 0 on; this is {steps!r}.")


def gradients(oracle):
    """Return an oracle's gradient functions one by one, each checked, or say that it is no oracle."""
    try:
        return map(checked, oracle)
    except TypeError:
        raise Slip(
            f"An oracle holds one gradient function for every step; write exact(grad) for the same one each time. "
            f"This is {_short(oracle)}."
        ) from None


def enter(start, surface, optimizer):
    """Copy the start, spread it over the batch of settings, or say in a sentence why that cannot be."""
    try:
        theta = np.array(start)
    except ValueError:
        raise Slip(f"The points of a start all have the same number of coordinates; this is {start!r}.") from None
    if theta.dtype.kind in "iu":
        raise Slip("The start holds whole numbers, which cannot move by fractions; write [5.0, 2.0] for [5, 2].")
    if theta.dtype.kind != "f" or theta.ndim == 0:
        raise Slip(f"The start is a list of floats such as [5.0, 2.0]; this is {start!r}.")
    if not np.all(np.isfinite(theta)):
        raise Slip(f"The start must be finite; it is {theta}.")
    if theta.shape[-1] != surface.dim:
        raise Slip(
            f"This surface has {_counted(surface.dim)}, so the last axis of the start has length {surface.dim}; "
            f"the shape given is {theta.shape}."
        )
    copy = _coordinates_outside(_shape(theta, optimizer, surface), theta.dtype)
    copy[...] = theta
    return copy


def room_for_path(start, steps):
    """Return an empty array for the start and the points after every step."""
    if start.nbytes > 1 << 16:
        # The C library hands memory back after every step until it has seen a large block freed.  Show it one.
        np.empty(1 << 21)
    try:
        return _coordinates_outside(start.shape, start.dtype, lead=(steps + 1,))
    except (MemoryError, ValueError):  # as NumPy says that there is too little memory, or none could ever be enough
        raise Slip(
            f"This computer cannot keep {steps + 1} points of shape {start.shape}; ask for fewer steps or fewer runs."
        ) from None


def enter_state(state, optimizer, start):
    """Return the state to start with: the rule's own, or the given one if it could be that rule's."""
    own = optimizer.init(start)
    if state is None:
        return own
    if type(state) is not type(own):
        kind = "nothing" if own is None else type(own).__name__
        raise Slip(f"A {optimizer.name} remembers {kind}; the state given is {_short(state)}.")
    try:
        parts = [_like(given, part) for given, part in zip(state, own, strict=True)]
    except ValueError:
        raise Slip(
            f"Every part of a {type(own).__name__} is made of finite numbers in the shape of the start, {start.shape}; "
            f"this is {state!r}."
        ) from None
    return type(own)(*parts)


def in_precision(optimizer, dtype):
    """Settings given as arrays follow the start, so that float32 stays float32."""
    return optimizer if dtype == np.float64 else optimizer.in_precision(dtype)


def checked(grad):
    """Wrap a gradient so that a wrong answer is named."""
    if not callable(grad):
        raise Slip(f"A gradient is a function of theta, such as surface.grad; this is {_short(grad)}.")

    def checked_grad(theta):
        slope = grad(theta)
        if type(slope) is not np.ndarray or slope.shape != theta.shape or slope.dtype != theta.dtype:
            slope = _as_gradient(slope, theta)
        return slope

    return checked_grad


def _as_gradient(slope, theta):
    if slope is None:
        raise Slip("The gradient returned None; does the function end with a return?")
    try:
        shape = np.shape(slope)
    except ValueError:
        shape = "rows of different lengths"
    if shape != theta.shape:
        returned = shape if isinstance(shape, str) else f"shape {shape}"
        raise Slip(f"The gradient must have the shape of theta, {theta.shape}; it returned {returned}.")
    try:
        return np.asarray(slope).astype(theta.dtype, casting="same_kind", copy=False)
    except TypeError:
        raise Slip(f"The gradient must be made of real numbers; it returned {np.asarray(slope).dtype}.") from None


def heights(surface, thetas):
    """Return the heights of a surface at many points, or say that there is not one a point."""
    found = surface(thetas)
    if found is None or np.shape(found) != thetas.shape[:-1]:
        raise Slip(
            f"The surface must return one height a point; for points of shape {thetas.shape} it returned "
            f"{'None' if found is None else f'shape {np.shape(found)}'}: write theta[..., 0] for the first coordinate, "
            f"not theta[0], and end with a return."
        )
    return np.asarray(found)


def one_number(name, value):
    """Refuse what is not one finite number."""
    if np.ndim(value) or not _finite(value):
        raise Slip(f"{name} is one finite number; this is {value!r}.")


def _shape(theta, optimizer, surface):
    """Return the shape of all runs together."""
    shapes = [np.shape(value(0) if callable(value) else value) for value in optimizer.settings.values()]
    try:
        shape = np.broadcast_shapes(theta.shape, *shapes)
    except ValueError:
        shape = (None,)
    if shape[-1] != surface.dim:
        raise Slip(
            f"Start and settings do not fit together: the start has shape {theta.shape}, the settings have "
            f"{[s for s in shapes if s]}; the last axis of a setting belongs to the coordinates (see sweep)."
        )
    return shape


def _coordinates_outside(shape, dtype, lead=()):
    """Return an empty array of shape (*lead, *shape) in which the last axis of the shape comes first in memory.

    NumPy then loops over the many runs inside and over the few coordinates outside: a grid of 100 x 100 settings in
    two coordinates runs several times as fast, and no formula notices.
    """
    if np.prod(shape[:-1]) <= shape[-1]:
        return np.empty((*lead, *shape), dtype)
    return np.moveaxis(np.empty((*lead, shape[-1], *shape[:-1]), dtype), len(lead), -1)


def _like(given, part):
    """Return a given part of a state in the shape and precision of the rule's own part."""
    if not isinstance(part, np.ndarray):
        return given
    if not _finite(given):
        raise ValueError
    return np.broadcast_to(np.asarray(given, dtype=part.dtype), part.shape).copy()


def _finite(value):
    try:
        return bool(np.isrealobj(value) and np.all(np.isfinite(value)))
    except TypeError:
        return False


def _counted(dim):
    return "1 coordinate" if dim == 1 else f"{dim} coordinates"


def _short(value):
    return f"the class {value.__name__}" if isinstance(value, type) else f"a {type(value).__name__}"
