"""Keep a secret bank secret: what a learner's code says is not passed on.

An answer sees the inputs of a hidden check.  It could carry them out in the message of an exception, in the name of
a class or of a symbol, in the shape of an array or by the line at which it stops, and read them in its feedback.  So
what a learner is told is which sentence of the course fits, and the name of an error where Python itself gives it.
"""

import builtins
import re

OWN = "something of your own"


def known_kind(name):
    """Return the name of a built-in type; any other one may have been made up of an input."""
    return name if isinstance(getattr(builtins, name, None), type) else OWN


def without_words(seen):
    """Return checked observations without the learner's words.

    Parameters
    ----------
    seen : JSON value
        From `validating.observations`.
    """
    if isinstance(seen, str):
        return known_kind(seen)
    if isinstance(seen, dict) and "problem" in seen:
        return {"problem": "is no expression in the symbols asked for that has a finite value everywhere."}
    if not isinstance(seen, list):
        return _typed(seen)
    return [_one(observation) for observation in seen]


def _one(observation):
    error = observation["error"]
    if error and error["type"] != "TimeUp":
        error = {
            "type": known_kind(error["type"]),
            "message": "'ellipsis'" if "'ellipsis'" in error["message"] else "it stopped",
            "line": "",  # which one it is would tell an input, if there is a line for every value
        }
    elif error:
        error = {"type": "TimeUp", "message": "the time that it has", "line": ""}
    return observation | {"error": error, "returned": _typed(observation["returned"])}


def _typed(value):
    """Return a value with no name of a type that is not Python's own."""
    if isinstance(value, dict) and "parts" in value:
        return {"parts": [_typed(part) for part in value["parts"]]}
    if isinstance(value, dict) and "other" in value:
        return {"other": known_kind(value["other"])}
    if isinstance(value, dict) and "none" in value:
        return {"none": value["none"] if value["none"] in ("None", "Ellipsis") else OWN}
    return value


# ------------------------------------------------------------------ the sentence of the judge

CASE = "a case of the check"
_DIGITS = "0-9\u2070\u00b9\u00b2\u00b3\u2074-\u2079"
NUMBER = re.compile(rf"[{_DIGITS}]+(?:[\s.,/×eE+\-\u207b]*[{_DIGITS}]+)*")


def without_inputs(message, entry):
    """Return a verdict's message without the case that it speaks of, and without a number that the answer chose.

    A shape, a distance or a setting that the answer has made up of an input would carry the input away.  Numbers
    that stand in the texts of the exercise stay, such as the goal that is to be reached.
    """
    cases = [case["says"] for case in entry.get("cases", ())]
    for said in sorted({*cases, *entry.get("says_points", ())}, key=len, reverse=True):
        message = message.replace(said, CASE)
    own = set(NUMBER.findall(" ".join(_texts({k: v for k, v in entry.items() if k not in _INPUTS}))))
    message = NUMBER.sub(lambda found: found[0] if found[0] in own else "…", message)
    return re.sub(r"\([…, ]*\)", "(…)", message)


_INPUTS = ("cases", "expected", "at", "says_points", "properties", "tolerance")


def _texts(value):
    """Yield every text in a bank entry."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
