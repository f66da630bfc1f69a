"""Keep a secret bank secret: what a learner's code says is not passed on.

An answer sees the inputs of a hidden check.  It could carry them out in the message of an exception, in the name of
a class or of a symbol, and read them in its feedback.  So of all that comes back only numbers are used, names that
Python itself gives, and lines of the submission.
"""

import builtins

from momentum_lab.grading.validating import words

OWN = "something of your own"


def known_kind(name):
    """Return the name of a built-in type; any other one may have been made up of an input."""
    return name if isinstance(getattr(builtins, name, None), type) else OWN


def without_words(seen, found):
    """Return checked observations without the learner's words.

    Parameters
    ----------
    seen : JSON value
        From `validating.observations`.
    found : Found
        The cells of the answer: lines of theirs may be shown.
    """
    if isinstance(seen, str):
        return known_kind(seen)
    if isinstance(seen, dict) and "problem" in seen:
        return {"problem": "is no expression in the symbols asked for that has a finite value everywhere."}
    if not isinstance(seen, list):
        return _typed(seen)
    lines = {words(line.strip(), 120) for cell in found.cells for line in cell.source.splitlines()}
    return [_one(observation, lines) for observation in seen]


def _one(observation, lines):
    error = observation["error"]
    if error and error["type"] != "TimeUp":
        error = {
            "type": known_kind(error["type"]),
            "message": "'ellipsis'" if "'ellipsis'" in error["message"] else "it stopped",
            "line": error["line"] if error["line"] in lines else "",
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


def without_points(message, entry):
    """Return a message without the points at which an expression is evaluated."""
    for said in entry.get("says_points", ()):
        message = message.replace(said, "a point of the check")
    return message
