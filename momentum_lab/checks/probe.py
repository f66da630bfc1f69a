"""Call the learner's function, and write down what it did.

The probe is all that ever stands beside the learner's code.  It knows the inputs of an exercise but
no expected number, and what it returns is plain JSON: values, shapes, types, whether an input was
changed, where the gradient was asked for, and how the call ended.  The judge reads that and nothing else.
"""

import contextlib
import io
import linecache
import signal
import sys
import threading
import time

import numpy as np

TIME_LIMIT = 2.0
"""Seconds that all the calls of one exercise may take together."""


class TimeUp(BaseException):
    """The time limit has passed.  Not an Exception, so that `except Exception` cannot swallow it."""


def observe(function, cases, feeds=(), seconds=TIME_LIMIT):
    """Call `function` once a case and return one observation a case.

    Parameters
    ----------
    function : callable
        The learner's.
    cases : list of dict
        `arguments`: name -> value in the order of the call; a value is a number, a (nested) list of
        floats, or a gradient named by its surface,
        {"quadratic": hessian, "minimum": point}.  `repeat`: how many calls in a row (1 if left out).
    feeds : sequence of str
        In a row of calls, the arguments that the returned values replace, in order.
    seconds : float
        Time limit for all calls together.

    Returns
    -------
    list of dict
        `returned` (see `plain`), `changed` (names of altered inputs), `asked_at` (points), `error`.
    """
    observations = []
    end = time.monotonic() + seconds
    for case in cases:
        try:
            with within(end - time.monotonic()), contextlib.redirect_stdout(_Silence()):
                observations.append(_observe_one(function, case, feeds))
        except TimeUp:
            observations.append(_failure({"type": "TimeUp", "message": f"{seconds:g} seconds", "line": ""}))
            break  # the other cases would only wait as long
    return observations


def look(namespace, item, seconds=TIME_LIMIT):
    """Return what an exercise's answer is, as plain JSON for the judge; None if it is not there yet.

    Parameters
    ----------
    namespace : dict
        What the notebook has defined.
    item : dict
        Of the bank entry only the public part is used: kind, names, cases, and where to evaluate.
    seconds : float
        Time limit for the calls of a function.
    """
    if item["kind"] == "code":
        function = namespace.get(item["function"])
        return observe(function, item["cases"], item["feeds"], seconds) if callable(function) else None
    value = namespace.get(item["variable"])
    if value is None or value is Ellipsis:
        return None
    if item["kind"] == "number":
        return plain(value)
    if item["kind"] == "symbolic":
        return evaluate(value, item["at"])
    return _settings(value)


def _settings(value):
    """A mapping of names to numbers as it is; None while a number is still missing; else its type in words."""
    if not isinstance(value, dict):
        return type(value).__name__
    if any(setting is Ellipsis for setting in value.values()):
        return None
    if not all(_is_numeric(setting) and np.ndim(setting) == 0 for setting in value.values()):
        return "a mapping with something else than numbers"
    return {str(name): float(setting) for name, setting in value.items()}


def evaluate(value, points):
    """Evaluate an expression at rational points, exactly.

    Parameters
    ----------
    value : SymPy expression or number
    points : list of dict
        Symbol name -> fraction, such as {"beta": "9/10"}.

    Returns
    -------
    dict
        `values`, one a point: a fraction as text, or a float where the value is irrational; or `problem`.
    """
    import sympy  # only here: the other exercises do not need it

    if isinstance(value, str):
        return {"problem": "is a text; write it without the quotation marks."}
    try:
        expression = sympy.sympify(value)
        strangers = sorted({s.name for s in expression.free_symbols} - set(points[0]))
    except (sympy.SympifyError, AttributeError, TypeError):
        return {"problem": f"is a value of type {type(value).__name__}; an expression in the symbols is asked for."}
    if strangers:
        return {"problem": f"holds {strangers[0]}, which is none of the symbols {', '.join(points[0])}."}
    values = []
    for point in points:
        at = {s: sympy.Rational(point[s.name]) for s in expression.free_symbols}
        result = expression.subs(at)
        if result.is_Rational:
            values.append(f"{result.p}/{result.q}")
        elif result.is_real and result.is_finite:
            values.append(float(result))
        else:
            return {"problem": f"has no finite value at {', '.join(f'{k} = {v}' for k, v in point.items())}."}
    return {"values": values}


def _observe_one(function, case, feeds):
    asked_at = []
    arguments = _make_arguments(case["arguments"], asked_at)
    changed, returned = set(), None
    for _ in range(case.get("repeat", 1)):
        before = {name: np.array(v) for name, v in arguments.items() if isinstance(v, np.ndarray)}
        try:
            returned = function(*arguments.values())  # by place: a renamed parameter is no mistake
        except (Exception, SystemExit) as error:
            return _failure(_describe(error, function))
        changed |= {name for name, v in before.items() if not np.array_equal(v, arguments[name], equal_nan=True)}
        parts = list(returned) if np.iterable(returned) and not isinstance(returned, str | dict) else []
        if len(parts) != len(feeds) or not all(map(_is_numeric, parts)):
            break  # nothing the next call could be fed with; the judge will say what is wrong
        arguments.update({name: np.array(part) for name, part in zip(feeds, parts, strict=True)})
    return {
        "returned": plain(returned),
        "changed": sorted(changed),
        "asked_at": [plain(point) for point in asked_at],
        "error": None,
    }


def plain(value):
    """Write a returned value as JSON: numbers and arrays with shape and dtype, tuples of them, or a type name."""
    if value is None or value is Ellipsis:
        return {"none": str(value)}
    if _is_listing(value) and any(part is Ellipsis for part in value):
        return {"none": "Ellipsis"}  # a gap of the exercise is still open
    if isinstance(value, tuple) or (isinstance(value, list) and not _is_numeric(value)):
        return {"parts": [plain(part) for part in value]}
    if not _is_numeric(value):
        return {"other": type(value).__name__}
    array = np.asarray(value)
    kept = array.astype(float).ravel()[:10_000]  # nobody's answer is larger; a huge one must not fill the memory
    return {"shape": list(array.shape), "dtype": array.dtype.name, "data": kept.tolist()}


def _is_listing(value):
    return isinstance(value, list | tuple) or (
        isinstance(value, np.ndarray) and value.dtype == object and value.ndim > 0
    )


def _is_numeric(value):
    try:
        return np.asarray(value).dtype.kind in "fiub"
    except (TypeError, ValueError):
        return False


def _make_arguments(specs, asked_at):
    arguments = {}
    for name, spec in specs.items():
        if isinstance(spec, dict):
            arguments[name] = _gradient(spec, asked_at)
        else:
            arguments[name] = np.array(spec, dtype=float) if isinstance(spec, list) else spec
    return arguments


def _gradient(bowl, asked_at):
    """Return the gradient of a bowl as a plain function, so that an error message speaks of a function.

    It answers whatever can be computed with, points of the bowl or not: an answer of a wrong shape shall come back
    and be named, where a surface would stop it.
    """
    hessian, minimum = np.array(bowl["quadratic"], dtype=float), np.array(bowl["minimum"], dtype=float)

    def grad(theta):
        asked_at.append(np.array(theta))
        away = theta - minimum
        return hessian * away if hessian.ndim == 1 else away @ hessian

    return grad


def _failure(error):
    return {"returned": None, "changed": [], "asked_at": [], "error": error}


def _describe(error, function):
    """Name the error and the learner's own line that caused it."""
    code = getattr(function, "__code__", None)
    line, trace = "", error.__traceback__
    while trace is not None:
        if code is not None and trace.tb_frame.f_code.co_filename == code.co_filename:
            line = linecache.getline(code.co_filename, trace.tb_lineno).strip()
        trace = trace.tb_next
    return {"type": type(error).__name__, "message": str(error)[:300], "line": line[:120]}


class _Silence(io.TextIOBase):
    """Where prints go: thirty calls would say the same thing thirty times."""

    def write(self, text):
        return len(text)


@contextlib.contextmanager
def within(seconds):
    """Raise TimeUp in the code below after `seconds`."""
    seconds = max(seconds, 1e-3)
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        arm, disarm = _alarm(seconds)
    else:
        arm, disarm = _trace(seconds)
    arm()
    try:
        yield
    finally:
        disarm()


def _alarm(seconds):
    def ring(signum, frame):
        raise TimeUp

    previous = signal.getsignal(signal.SIGALRM)

    def arm():
        signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, seconds, 0.1)  # again and again, should a bare except swallow it

    def disarm():
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)

    return arm, disarm


def _trace(seconds):
    """Look at the clock at every line: slow, but it works on Windows, in threads and in the browser."""
    end, previous = time.monotonic() + seconds, sys.gettrace()

    def look(frame, event, argument):
        if time.monotonic() > end:
            raise TimeUp
        return look

    return lambda: sys.settrace(look), lambda: sys.settrace(previous)
