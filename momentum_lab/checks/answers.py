"""Judge an answer that is not a function: a number, a choice, an order, a filled gap, an expression."""

import math
from fractions import Fraction

from momentum_lab.checks.verdict import ERROR, NOT_ATTEMPTED, PASSED, WRONG
from momentum_lab.slips import is_whole

SINGLE_PRECISION = 1e-5  # relative; what float32 can hold


def judge_number(seen, item):
    """Judge a number against the right one and the known wrong ones.

    `seen` is what `probe.plain` makes of the learner's variable, or None if there is none.
    """
    name = item["variable"]
    if seen is None or seen == {"none": "Ellipsis"}:
        return NOT_ATTEMPTED, f"Put your number in the place of the dots in `{name} = ...`, run that cell, then this."
    if len(seen.get("data", ())) != 1:
        return WRONG, f"`{name}` should be one number."
    value = seen["data"][0]
    if not math.isfinite(value):
        return WRONG, f"`{name}` is no finite number."
    tolerance = max(item["tolerance"], SINGLE_PRECISION if seen["dtype"] in ("float32", "float16") else 0.0)
    if _near(value, item["expected"], tolerance):
        return PASSED, item["praise"]
    for known in item["mistakes"]:
        if _near(value, known["value"], tolerance):
            return WRONG, known["says"], known["name"]
    return WRONG, f"`{name}` is too {'large' if value > item['expected'] else 'small'}."


def _near(value, right, tolerance):
    return abs(value - right) <= tolerance * abs(right) if right else abs(value) <= tolerance


def judge_choice(seen, item):
    """Judge a choice: `seen` is the key of the chosen option, or None."""
    if seen is None:
        return NOT_ATTEMPTED, "Choose one of the answers."
    if not isinstance(seen, str):
        return ERROR, f"An answer is the key of one option, a text; this is {seen!r}."
    for option in item["options"]:
        if option["key"] == seen:
            if option["key"] == item["expected"]:
                return PASSED, option["says"]
            return WRONG, option["says"], option["belief"]
    return ERROR, f"There is no answer {seen!r} here."


def judge_ordering(seen, item):
    """Judge an order: `seen` lists the line numbers of the right order as the learner has put them."""
    if seen is None:
        return NOT_ATTEMPTED, "Give every line its place."
    right = list(range(len(item["lines"])))
    if not isinstance(seen, list | tuple) or not all(map(is_whole, seen)):
        return ERROR, f"An order is a list of line numbers, such as {right}; this is {seen!r}."
    seen = list(seen)
    if sorted(seen) != right:
        count = len(right)
        return WRONG, f"Every line has one place of its own, from 1 to {count}; here one is missing or claimed twice."
    if seen == right:
        return PASSED, item["praise"]
    for known in item["mistakes"]:
        if seen == known["order"]:
            return WRONG, known["says"], known["name"]
    first = next(place for place, line in enumerate(seen) if line != place)
    start = f"Up to place {first} it is right; look" if first else "Look"
    return WRONG, f"{start} at place {first + 1}."


def judge_blank(seen, item):
    """Judge filled gaps: `seen` lists what was typed, one text a gap."""
    count = len(item["gaps"])
    texts = isinstance(seen, list | tuple) and len(seen) == count and all(isinstance(text, str) for text in seen)
    if seen is not None and not texts:
        return ERROR, f"The gaps are filled by a list of {count} text{'s' * (count > 1)}; this is {seen!r}."
    if seen is None or not all(seen):
        return NOT_ATTEMPTED, "Fill every gap."
    for number, (text, gap) in enumerate(zip(seen, item["gaps"], strict=True), 1):
        typed = plain_text(text)
        if typed in map(plain_text, gap["accept"]):
            continue
        for known in gap["mistakes"]:
            if typed == plain_text(known["text"]):
                return WRONG, f"Gap {number}: {known['says']}", known["name"]
        return WRONG, f"Gap {number} is not right yet."
    return PASSED, item["praise"]


def plain_text(text):
    """Return what was typed without spaces and capitals."""
    return "".join(text.split()).lower()


def judge_symbolic(seen, item):
    """Judge an expression by its values at rational points.

    `seen` is what `probe.evaluate` makes of the learner's variable: {"values": [...]} with one exact
    fraction or float a point, {"problem": sentence}, or None if there is none.
    """
    name = item["variable"]
    if seen is None:
        return NOT_ATTEMPTED, f"Put your expression in the place of the dots in `{name} = ...`, run that cell."
    if "problem" in seen:
        return WRONG, f"`{name}` {seen['problem']}"
    if _same_values(seen["values"], item["expected"]):
        return PASSED, item["praise"]
    for known in item["mistakes"]:
        if _same_values(seen["values"], known["values"]):
            return WRONG, known["says"], known["name"]
    return WRONG, f"`{name}` has another value than it should at {item['says_points'][_first_off(seen, item)]}."


def _first_off(seen, item):
    pairs = zip(seen["values"], item["expected"], strict=True)
    return next(i for i, (value, right) in enumerate(pairs) if not _equal(value, right))


def _same_values(values, rights):
    return all(_equal(value, right) for value, right in zip(values, rights, strict=True))


def _equal(value, right):
    """Exact for fractions, within rounding for a float."""
    if isinstance(value, str):
        return Fraction(value) == Fraction(right)
    return abs(value - float(Fraction(right))) <= 1e-9 * max(1.0, abs(float(Fraction(right))))
