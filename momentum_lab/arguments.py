"""The numbers that a function is given: what is none is told in a sentence, before anything is computed with it."""

from functools import wraps
from inspect import signature

import numpy as np

from momentum_lab.slips import Slip


def real_numbers(*names, single=False):
    """Have a function look at the arguments of these names before it begins; lists reach it as arrays.

    Parameters
    ----------
    names : str
        Names of its arguments.  A default that is handed over again is let through, number or not.
    single : bool
        Whether an array is refused too.
    """

    def looked_after(function):
        known = signature(function)

        @wraps(function)
        def careful(*positional, **named):
            try:
                given = known.bind(*positional, **named)
            except TypeError:
                return function(*positional, **named)  # an argument too many or too few: Python says it best
            for name in names:
                value = given.arguments.get(name, known.parameters[name].default)
                if value is not known.parameters[name].default:
                    given.arguments[name] = real_number(name, value, single)
            try:
                return function(*given.args, **given.kwargs)
            except ValueError as error:
                _name_shapes(error, {name: given.arguments[name] for name in names if name in given.arguments})
                raise

        return careful

    return looked_after


def _name_shapes(error, values):
    """Say which arguments do not fit together, if that may be why NumPy stopped."""
    shapes = {name: np.shape(value) for name, value in values.items() if np.ndim(value)}
    try:
        np.broadcast_shapes(*shapes.values())
    except ValueError:
        if not isinstance(error, Slip):
            told = " and ".join(f"{name} has shape {shape}" for name, shape in shapes.items())
            raise Slip(f"These do not fit together: {told}; give one number, or lists of one length.") from None


def generator(seed):
    """Return NumPy's generator of random numbers for a seed, or say in a sentence that it is none."""
    try:
        return np.random.default_rng(seed)
    except (TypeError, ValueError):
        raise Slip(f"A seed is a whole number from 0 on; this is {seed!r}.") from None


def real_number(name, value, single=False):
    """Return a finite number or array as it is and a list as an array, or say in a sentence that it is neither."""
    try:
        array = np.asarray(value)
    except ValueError:  # rows of different lengths
        array = np.empty(0, dtype=object)
    if array.dtype.kind not in "biuf" or not np.isfinite(array).all() or (single and array.ndim):
        wanted = "one finite number" if single else "a finite number or an array of them"
        raise Slip(f"{name} is {wanted}; this is {value!r}.")
    return array.astype(float) if isinstance(value, list | tuple) else value
