"""Let only plain observations of the right form in: whatever comes out of a sandbox is a stranger's word.

Nothing here compares with an expected value.  What passes is as small, as shallow and of such types as the probe
would have written it; the judge can then read it without being surprised.
"""

import math
import re

FRACTION = re.compile(r"-?\d{1,600}/\d{1,600}")
ADDRESS = re.compile(r"0x[0-9a-fA-F]{4,}")
MOST_NUMBERS = 10_000
MOST_POINTS = 20_000
DEEPEST = 4


class Malformed(ValueError):
    """Not what the probe writes."""


def observations(seen, entry):
    """Return the observations of one exercise, checked and copied.

    Raises
    ------
    Malformed
        If they have not the form that the probe gives them.
    """
    return _BY_KIND[entry["kind"]](seen, entry)


def words(text, longest=300):
    """Return a learner's text as one line without control characters and without addresses in memory."""
    text = text if isinstance(text, str) else ""
    text = "".join(c if c.isprintable() else " " for c in text[: 4 * longest])
    return ADDRESS.sub("0x…", " ".join(text.split()))[:longest]


# ------------------------------------------------------------------ kinds


def _code(seen, entry):
    if seen is None:
        return None
    cases = entry["cases"]
    _demand(isinstance(seen, list) and 1 <= len(seen) <= len(cases))
    checked = [_observation(one, case) for one, case in zip(seen, cases, strict=False)]
    _demand(len(checked) == len(cases) or checked[-1]["error"] is not None)
    return checked


def _observation(one, case):
    _demand(isinstance(one, dict) and isinstance(one.get("changed"), list) and isinstance(one.get("asked_at"), list))
    error = _error(one.get("error"))
    _demand(len(one["asked_at"]) <= MOST_POINTS)
    return {
        "returned": None if error else _value(one.get("returned")),
        "changed": [name for name in one["changed"] if isinstance(name, str) and name in case["arguments"]],
        "asked_at": [_array(point) if "shape" in _dict(point) else _value(point) for point in one["asked_at"]],
        "error": error,
    }


def _error(error):
    if error is None:
        return None
    _demand(isinstance(error, dict))
    return {
        "type": words(error.get("type"), 60) or "Exception",
        "message": words(error.get("message")),
        "line": words(error.get("line"), 120),
    }


def _value(value, depth=0):
    _demand(isinstance(value, dict))
    if depth > DEEPEST:
        return {"other": "list"}  # too deep for any answer
    if "shape" in value:
        return _array(value)
    if "parts" in value:
        _demand(isinstance(value["parts"], list) and len(value["parts"]) <= MOST_NUMBERS)
        return {"parts": [_value(part, depth + 1) for part in value["parts"]]}
    for word in ("none", "other"):
        if word in value:
            return {word: words(value[word], 60) or "nothing"}
    raise Malformed


def _array(value):
    shape, dtype, data = value.get("shape"), value.get("dtype"), value.get("data")
    _demand(isinstance(shape, list) and len(shape) <= 64 and all(map(_is_count, shape)))
    _demand(isinstance(dtype, str) and re.fullmatch(r"[a-z]+\d{0,3}", dtype) is not None)
    _demand(isinstance(data, list) and len(data) == min(math.prod(shape), MOST_NUMBERS))
    return {"shape": shape, "dtype": dtype, "data": [_float(number) for number in data]}


def _number(seen, entry):
    return None if seen is None else _value(seen)


def _symbolic(seen, entry):
    if seen is None:
        return None
    if "problem" in _dict(seen):
        return {"problem": words(seen["problem"])}
    values = seen.get("values")
    _demand(isinstance(values, list) and len(values) == len(entry["at"]))
    return {"values": [_exact(value) for value in values]}


def _exact(value):
    if isinstance(value, str):
        _demand(FRACTION.fullmatch(value) is not None and int(value.partition("/")[2]) != 0)
        return value
    return _float(value)


def _goal(seen, entry):
    if seen is None or isinstance(seen, str):
        return seen if seen is None else words(seen, 60)
    _demand(len(_dict(seen)) <= 100 and all(isinstance(name, str) for name in seen))
    return {words(name, 60): _float(value) for name, value in seen.items()}


_BY_KIND = {"code": _code, "number": _number, "symbolic": _symbolic, "goal": _goal}

# ------------------------------------------------------------------ small things


def _demand(holds):
    if not holds:
        raise Malformed


def _dict(value):
    _demand(isinstance(value, dict))
    return value


def _is_count(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 62


def _float(value):
    _demand(isinstance(value, int | float) and not isinstance(value, bool))
    try:
        return float(value)
    except OverflowError:
        raise Malformed from None
