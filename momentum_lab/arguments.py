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
            return function(*given.args, **given.kwargs)

        return careful

    return looked_after


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
