"""Judge a function: compare what the probe saw with the bank, and name the mistake."""

import math
from itertools import permutations

from momentum_lab.checks.verdict import ERROR, NOT_ATTEMPTED, OTHER_FORM, PASSED, WRONG
from momentum_lab.words import number

FLOAT32_TOLERANCE = 1e-5


def judge(observations, item):
    """Return status, message and the name of the known mistake, if it is one, for an answer in code.

    Parameters
    ----------
    observations : list of dict or None
        From `probe.observe`, one a case of the item; None if there is no such function.
    item : dict
        The bank entry.
    """
    for look in LOOKS:
        found = look(observations, item)
        if found:
            return found
    raise AssertionError("the last look always finds something")


# ------------------------------------------------------------------ the looks, in order


def _missing(observations, item):
    if observations is None:
        return NOT_ATTEMPTED, f"There is no `{item['function']}` yet: run the cell that defines it, then this one."
    first = observations[0]
    if first["returned"] == {"none": "Ellipsis"}:
        names = ", ".join(item["returns"])
        return NOT_ATTEMPTED, f"`{item['function']}` still returns `...`; make it `return {names}`."
    if first["error"] and "'ellipsis'" in first["error"]["message"]:
        return NOT_ATTEMPTED, f"`{item['function']}` still has a `...` where something of yours belongs."
    if first["error"] and first["error"]["type"] == "NotImplementedError":
        return NOT_ATTEMPTED, f"`{item['function']}` still raises NotImplementedError."
    return None


def _stopped(observations, item):
    for case, seen in zip(item["cases"], observations, strict=False):
        if seen["error"]:
            # In a row of calls it can be values in another order, handed back to the wrong arguments, that stopped it.
            return _another_order(observations, item) or (ERROR, _where(seen["error"], case))
    return None


def _where(error, case):
    if error["type"] == "TimeUp":
        return f"It was not done after {error['message']}. Is there a loop that never ends?"
    where = f" in the line `{error['line']}`" if error["line"] else ""
    return f"{error['type']}: {error['message']}{where}, called with {case['says']}."


def _right(observations, item):
    if all(_same(seen, wanted, item) for seen, wanted in zip(observations, item["expected"], strict=True)):
        return PASSED, item["praise"]
    return None


def _known_mistake(observations, item):
    return _matching(observations, item, "mistakes", WRONG)


def _other_form(observations, item):
    return _matching(observations, item, "forms", OTHER_FORM)


def _matching(observations, item, kind, status):
    for entry in item[kind]:
        if all(_same(seen, told, item) for seen, told in zip(observations, entry["observations"], strict=True)):
            return status, entry["says"], entry["name"]
    return None


def _another_order(observations, item):
    """The values of a right answer, or of another form of it, in another order."""
    names = item["returns"]
    if len(observations) < len(item["cases"]):
        return None  # a call took all the time
    # In a row of calls the values are handed back to the wrong arguments, so only single calls can tell.
    single = [place for place, case in enumerate(item["cases"]) if case.get("repeat", 1) == 1]
    answers = [item["expected"], *(form["observations"] for form in item["forms"])]
    for order in list(permutations(range(len(names))))[1:]:
        turned = {place: _turned(observations[place], order) for place in single}
        for answer in answers:
            if all(turned[place] and _same(turned[place], answer[place], item) for place in single):
                return WRONG, f"It must return {_listed(names)}, in this order; yours come in another."
    return None


def _turned(seen, order):
    """Return an observation with the returned values in another order, or None if they are not as many."""
    parts = _parts(seen["returned"], len(order))
    return parts and {**seen, "returned": {"parts": [parts[place] for place in order]}}


def badly_formed(observations, item):
    """The answer is no number, has another shape, or alters what it was given."""
    names = item["returns"]
    for case, seen, wanted in zip(item["cases"], observations, item["expected"], strict=True):
        parts, right = _parts(seen["returned"], len(names)), _parts(wanted["returned"], len(names))
        if parts is None:
            return WRONG, f"It must return {_listed(names)}; it returned {_kind(seen['returned'])}."
        for name, part, wished in zip(names, parts, right, strict=True):
            if "shape" not in part:
                return WRONG, f"`{name}` must be an array of numbers; it is {_kind(part)}."
            shape = wished["shape"]
            if part["shape"] != shape:
                if seen["returned"].get("shape") == shape and len(names) > 1:
                    # As many coordinates as values: Python would unpack it without a word.
                    return WRONG, f"It must return {_listed(names)}; it returned {_kind(seen['returned'])}."
                return (
                    WRONG,
                    f"`{name}` must have shape {tuple(shape)}; it has {tuple(part['shape'])}, with {case['says']}.",
                )
        if seen["changed"]:
            changed = " and ".join(f"`{name}`" for name in seen["changed"])
            return WRONG, (
                f"The call changed its input {changed}. The caller still holds that array; make a new one instead."
            )
    return None


def broken_property(observations, item):
    """A law that every right answer obeys: a weighted sum of returned values is zero."""
    for law in item["properties"]:
        total, size = None, 0.0
        for weight, case, output in law["terms"]:
            data = _parts(observations[case]["returned"], len(item["returns"]))[output]["data"]
            total = (
                [weight * x for x in data]
                if total is None
                else [t + weight * x for t, x in zip(total, data, strict=True)]
            )
            size = max(size, max(map(abs, data), default=0.0))
        if any(abs(t) > item["tolerance"] * max(size, 1e-9) for t in total):
            return WRONG, law["says"]
    return None


def _different(observations, item):
    """Nothing known fits: say which value differs, in which case, and by how much."""
    count = len(item["returns"])
    for case, seen, wanted in zip(item["cases"], observations, item["expected"], strict=True):
        pairs = zip(item["returns"], _parts(seen["returned"], count), _parts(wanted["returned"], count), strict=True)
        for name, got, right in pairs:
            off = _distance(got, right)
            if not off <= _tolerance(got, item):
                much = f"by {number(100 * off)} % of its size" if math.isfinite(off) else "and is no finite number"
                return WRONG, f"`{name}` is off {much}, with {case['says']}."
    return WRONG, "The numbers are right, but the gradient is asked for at another point than the rule says."


LOOKS = (
    _missing, _stopped, _right, _known_mistake, _other_form, _another_order, badly_formed, broken_property, _different,
)  # fmt: skip


# ------------------------------------------------------------------ comparing observations


def _same(seen, wanted, item):
    """True if two observations of one case agree: values, changed inputs, where the gradient was asked."""
    count = len(item["returns"])
    got, right = _parts(seen["returned"], count), _parts(wanted["returned"], count)
    if got is None or right is None:
        return got is None and right is None and _shape_of(seen["returned"]) == _shape_of(wanted["returned"])
    return (
        seen["changed"] == wanted["changed"]
        and _close(got, right, item)
        and _close(_distinct(seen["asked_at"]), _distinct(wanted["asked_at"]), item)
    )


def _close(got, right, item):
    return len(got) == len(right) and all(
        _distance(g, r) <= _tolerance(g, item) for g, r in zip(got, right, strict=True)
    )


def _distinct(points):
    """Asking twice at the same point is no mistake, only work done twice."""
    return [point for i, point in enumerate(points) if i == 0 or point != points[i - 1]]


def _parts(returned, count):
    """The returned values as a list of `count`, or None if it cannot be read so."""
    if returned is None or "none" in returned or "other" in returned:
        return None
    if count == 1:
        return [returned]
    if "parts" in returned:
        return returned["parts"] if len(returned["parts"]) == count else None
    if returned["shape"][:1] != [count]:
        return None
    size = len(returned["data"]) // count  # one array that holds all the values, along its first axis
    return [
        {**returned, "shape": returned["shape"][1:], "data": returned["data"][i * size : (i + 1) * size]}
        for i in range(count)
    ]


def _distance(got, right):
    """Largest difference as a share of the size of the right value; infinite if shapes differ."""
    if got.get("shape") != right.get("shape") or "data" not in got:
        return math.inf
    size = max([1e-9, *map(abs, right["data"])])
    off = [abs(g - r) for g, r in zip(got["data"], right["data"], strict=True)]
    return math.inf if any(map(math.isnan, off)) else max([0.0, *off]) / size


def _tolerance(got, item):
    return FLOAT32_TOLERANCE if got.get("dtype") in ("float32", "float16") else item["tolerance"]


def _shape_of(returned):
    """The shape of what came back, or the name of what has none."""
    if "parts" in returned:
        return [_shape_of(part) for part in returned["parts"]]
    return returned.get("shape", returned.get("other", returned.get("none")))


def _kind(returned):
    if "parts" in returned:
        return f"{len(returned['parts'])} values"
    if "shape" in returned:
        return f"one array of shape {tuple(returned['shape'])}"
    return returned.get("none") or f"a value of type {returned['other']}"


def _listed(names):
    return ", ".join(f"`{name}`" for name in names)
