"""From what was seen to an outcome: a status, a sentence, points.

What the judge says is passed on as it is.  A limit that was hit is named, and so is the line at which an answer
stopped.  With a secret bank no word of a learner's code is passed on, as it could carry an input of a check away.
"""

import hashlib
import json
import re

from momentum_lab.checks.judge import judge
from momentum_lab.checks.verdict import ERROR, NOT_ATTEMPTED
from momentum_lab.grading import secrecy
from momentum_lab.grading.matching import answer_name
from momentum_lab.grading.validating import Malformed, observations, words

GRADED, PARTLY, UNREADABLE, UNMATCHED = "graded", "partly graded", "unreadable", "unmatched"
TIMEOUT, KILLED = "timeout", "killed"
STATUSES = (GRADED, PARTLY, NOT_ATTEMPTED, UNREADABLE, UNMATCHED, TIMEOUT, KILLED)


def fingerprint(entry):
    """Return a short mark of a bank entry, or of a whole bank: it changes when a check does."""
    return hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()[:12]


def outcome(entry, status, message, points=0.0, mistake=None, cell=None, notes=()):
    """Return the outcome of one question, with the mark of the check it comes from."""
    return {
        "status": status, "message": message, "points": points, "out_of": float(entry["points"]), "mistake": mistake,
        "cell": cell, "notes": list(notes), "check": fingerprint(entry),
    }  # fmt: skip


def judged(entry, found, seen, settings, flags):
    """Return the outcome of one question."""
    key, cell = entry["id"], found.counts.number
    if key not in seen.results:
        status, message = _ended(seen.failures.get(key), settings.limits)
        return outcome(entry, status, message, cell=cell, notes=found.notes)
    result = seen.results[key] if isinstance(seen.results[key], dict) else {}
    if isinstance(result.get("problem"), dict):
        status, message = _stopped(result["problem"], entry, found, settings)
        return outcome(entry, status, message, cell=cell, notes=found.notes)
    try:
        checked = observations(result["seen"], entry)
        if settings.hidden:
            checked = secrecy.without_words(checked)
        checked = _with_limit_named(checked, settings.limits)
        verdict = judge(checked, entry)
    except (Malformed, KeyError, TypeError, ValueError, ArithmeticError, IndexError, AttributeError):
        flags.append(f"Cell {cell}: what came back for {key} is nothing that the check writes.")
        return outcome(entry, ERROR, "What came back could not be read.", cell=cell, notes=found.notes)
    notes = [*found.notes, *_stopped_later(result.get("stopped"), settings)]
    status = TIMEOUT if verdict.status == ERROR and "not done after" in verdict.message else verdict.status
    message = secrecy.without_inputs(verdict.message, entry) if settings.hidden else verdict.message
    return outcome(entry, status, message, verdict.points, verdict.mistake, cell, notes)


def _ended(how, limits):
    """Say why there is no result; the limit that was hit is named."""
    if how == "time":
        return TIMEOUT, f"There was no answer after {limits.question:g} seconds. Is there a loop that never ends?"
    if how in _BY_A_LIMIT:
        return KILLED, f"Its process was ended: it used more than {limits.cpu} s of processor time."
    if how == "signal 9":
        return (
            KILLED,
            f"Its process was ended from outside or by itself; the limit of memory is {limits.memory >> 20} MB.",
        )
    if _SIGNAL.fullmatch(str(how)):
        return KILLED, f"Its process crashed ({how})."
    if how == "output":
        return KILLED, f"More than {limits.output >> 20} MB were sent out of the sandbox."
    if how == "memory":
        return KILLED, f"Its processes used more than {limits.memory >> 20} MB of memory together."
    if how == "start":
        return KILLED, "The sandbox did not start for this submission; grade it again."
    return KILLED, "The code ended its own process before there was an answer."


_SIGNAL = re.compile(r"signal \d{1,2}")  # the child says it, and the child may be in a learner's hands
_BY_A_LIMIT = ("signal 24", "signal 30")  # SIGXCPU, which has another number on some systems


def _stopped(problem, entry, found, settings):
    """Say how an answer's cell stopped, with the line if it is in a cell of the answer."""
    kind, message = words(problem.get("type"), 60) or "Exception", words(problem.get("message"))
    if kind == "TimeUp":
        after = "the time that it has" if settings.hidden else message
        return TIMEOUT, f"The cell was not done after {after}. Is there a loop that never ends?"
    if "'ellipsis'" in message or kind == "NotImplementedError":
        return NOT_ATTEMPTED, f"`{answer_name(entry)}` still has a `...` where something of yours belongs."
    shown = f": {message}"
    if settings.hidden:
        kind, shown = secrecy.known_kind(kind), ""
    if kind == "MemoryError":
        shown = f": {_memory(settings.limits)}"
    line = "" if settings.hidden else _line(problem, found)
    return ERROR, f"{kind}{shown}{f' in the line `{line}`' if line else ''}."


def _memory(limits):
    return f"the limit of {limits.memory >> 20} MB of memory was hit"


def _with_limit_named(seen, limits):
    """Say of a MemoryError, which has no words of its own, what the limit is."""
    for one in seen if isinstance(seen, list) else ():
        if one["error"] and one["error"]["type"] == "MemoryError":
            one["error"]["message"] = _memory(limits)
    return seen


def _line(problem, found):
    """Return a line of the learner's from our own copy of the cell, not from what the sandbox says."""
    at = problem.get("at")
    for cell in found.cells:
        lines = cell.source.splitlines()
        if cell.number == problem.get("cell") and isinstance(at, int) and 1 <= at <= len(lines):
            return words(lines[at - 1].strip(), 120)
    return ""


def _stopped_later(problem, settings):
    if not isinstance(problem, dict):
        return []
    kind = words(problem.get("type"), 60)
    return [f"The cell stopped after the answer with {secrecy.known_kind(kind) if settings.hidden else kind}."]


# ------------------------------------------------------------------ the whole submission


def summary(questions):
    """Return the status of a submission and one sentence."""
    by_status = {}
    for key, one in questions.items():
        by_status.setdefault(one["status"], []).append(key)
    lost = [key for key, one in questions.items() if one["status"] in (TIMEOUT, KILLED)]
    if not lost:
        if list(by_status) == [NOT_ATTEMPTED]:
            return NOT_ATTEMPTED, "No exercise has been filled in."
        passed = sum(one["points"] == one["out_of"] for one in questions.values())
        return GRADED, f"{passed} of {len(questions)} questions have full points."
    first = questions[lost[0]]
    where = f"{lost[0]}, cell {first['cell']}" if first["cell"] else lost[0]
    more = f" ({len(lost)} questions in all)" if len(lost) > 1 else ""
    status = PARTLY
    if set(by_status) <= {TIMEOUT, KILLED, NOT_ATTEMPTED}:
        status = first["status"]
    return status, f"{where}: {first['message']}{more}"
