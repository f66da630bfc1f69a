"""One clear sentence for an ordinary slip: what is wrong, where, and what to do."""


class Slip(ValueError):
    """A mistake in what the caller handed over, told in one sentence.

    In a notebook the sentence alone is shown.  In a script it is an ordinary ValueError.
    """

    def _render_traceback_(self):
        # IPython asks an exception for this before it prints a traceback of its own.
        return [str(self)]
