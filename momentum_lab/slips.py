"""One clear sentence for an ordinary slip: what is wrong, where, and what to do."""

from numbers import Integral


class Slip(ValueError):
    """A mistake in what the caller handed over, told in one sentence.

    In a notebook the sentence alone is shown.  In a script it is an ordinary ValueError.
    """

    def _render_traceback_(self):
        # IPython asks an exception for this before it prints a traceback of its own.
        return [str(self)]


class Names(dict):
    """A dict whose missing name is told in one sentence."""

    def __missing__(self, name):
        raise Slip(f"There is no {name!r} here; there are {', '.join(self)}.")


def is_whole(value):
    """True for a whole number of Python's or NumPy's kind, and not for True and False."""
    return isinstance(value, Integral) and not isinstance(value, bool)
