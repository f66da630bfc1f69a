"""Grade one submission: read, match, observe in the sandbox, judge.

The judge and the bank stay on this side.  What is passed into the sandbox is the learner's code and the inputs of
the checks; `public` says which part of a bank entry that is.
"""

import builtins
import hashlib
import json
import time
from dataclasses import asdict, dataclass, field
from functools import lru_cache

from momentum_lab.checks.judge import judge
from momentum_lab.checks.verdict import ERROR, NOT_ATTEMPTED
from momentum_lab.grading import review, sandbox, session
from momentum_lab.grading.limits import Limits
from momentum_lab.grading.matching import answer_name, belongs, graded, match
from momentum_lab.grading.reader import Unreadable, read
from momentum_lab.grading.validating import Malformed, observations, words

GRADER = 1
"""Raise this when the same submission and bank may come out otherwise: stored results are then made anew."""

GRADED, PARTLY, UNREADABLE, UNMATCHED = "graded", "partly graded", "unreadable", "unmatched"
TIMEOUT, KILLED = "timeout", "killed"
STATUSES = (GRADED, PARTLY, NOT_ATTEMPTED, UNREADABLE, UNMATCHED, TIMEOUT, KILLED)


@dataclass(frozen=True)
class Settings:
    """What is the same for all submissions of a batch.

    Attributes
    ----------
    lesson : str
    entries : dict
        Bank entries by id.
    backend, image : str
        See `sandbox.choose`.
    limits : Limits
    hidden : bool
        True if the bank is a secret one: no learner's error message is passed on, as it may hold its inputs.
    """

    lesson: str
    entries: dict
    backend: str = "auto"
    image: str | None = None
    limits: Limits = field(default_factory=Limits)
    hidden: bool = False


def fingerprint(entry):
    """Return a short mark of a bank entry, or of a whole bank: it changes when a check does."""
    return hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()[:12]


def assess(data, settings, known=None):
    """Grade the bytes of one file.

    Parameters
    ----------
    data : bytes
    settings : Settings
    known : dict, optional
        Outcomes of questions that are not to be run again, by question.

    Returns
    -------
    dict
        Plain JSON: `status`, `reason`, `questions` (outcomes by id), `notes`, `review`, `cpu`, `seconds`.
    """
    begin = time.perf_counter()
    try:
        row = _assess(data, settings, known or {})
    except Unreadable as error:
        row = _row(UNREADABLE, str(error))
    except sandbox.SandboxError:
        raise  # no submission is to blame for it
    except Exception as error:  # one file must not stop the batch
        row = _row(KILLED, f"The grader failed on this file: {type(error).__name__}. Please report that.")
        row["failed"] = True
    row["seconds"] = round(time.perf_counter() - begin, 3)
    return row


def _row(status, reason, questions=None, notes=(), flags=(), cpu=0.0):
    return {
        "status": status, "reason": reason, "questions": questions or {}, "notes": list(notes), "review": list(flags),
        "cpu": round(cpu, 3),
    }  # fmt: skip


def _assess(data, settings, known):
    notebook, entries = read(data), graded(settings.entries)
    stranger = belongs(notebook, entries, settings.lesson)
    if stranger:
        return _row(UNMATCHED, stranger, notes=notebook.notes)
    found = match(notebook, entries)
    wanted = [key for key in entries if key not in known and key in found.answers]
    seen = _observe(found, {key: entries[key] for key in wanted}, settings)
    flags = review.flags(notebook, found)
    questions = {}
    for key, entry in entries.items():
        if key in known:
            questions[key] = known[key]
        elif key not in found.answers:
            name = answer_name(entry)
            questions[key] = _outcome(entry, NOT_ATTEMPTED, f"No cell defines `{name}`; its cell is missing.")
        else:
            questions[key] = _judged(entry, found.answers[key], seen, settings, flags)
    status, reason = _summary(questions)
    notes = [*notebook.notes, *found.notes, *_helpers_that_stopped(seen)]
    return _row(status, reason, questions, notes, flags, seen.cpu)


# ------------------------------------------------------------------ the sandbox


@lru_cache(maxsize=4)
def _backend(name, image):
    """Try a back-end once in every worker."""
    return sandbox.choose(name, image)


def public(entry):
    """Return the part of a bank entry that the probe needs: names and inputs, nothing expected."""
    part = {name: entry[name] for name in ("kind", "function", "variable", "feeds", "at") if name in entry}
    if "cases" in entry:
        part["cases"] = [{k: v for k, v in case.items() if k in ("arguments", "repeat")} for case in entry["cases"]]
    return part


def _observe(found, entries, settings):
    if not entries:
        return session.Seen()
    questions = [
        {"id": key, "cells": [[c.number, c.source] for c in found.answers[key].cells], "item": public(entry)}
        for key, entry in entries.items()
    ]
    helpers = [[cell.number, cell.source] for cell in found.helpers]
    needs_sympy = any(entry["kind"] == "symbolic" for entry in entries.values())
    return session.observe(_backend(settings.backend, settings.image), settings.limits, helpers, questions, needs_sympy)


def _helpers_that_stopped(seen):
    """A helper that fails is mentioned when it may be why an answer fails; a NameError of a plot is not."""
    for problem in seen.problems:
        kind, cell = words(problem.get("type"), 60), problem.get("cell")
        if isinstance(cell, int) and kind in ("TimeUp", "Killed", "MemoryError", "SyntaxError"):
            said = {"TimeUp": "was not done in time", "Killed": "ended the interpreter or never ended"}
            yield f"Cell {cell} {said.get(kind, f'stopped with {kind}')}; it was left out."


# ------------------------------------------------------------------ from what was seen to an outcome


def _outcome(entry, status, message, points=0.0, mistake=None, cell=None, notes=()):
    return {
        "status": status, "message": message, "points": points, "out_of": float(entry["points"]), "mistake": mistake,
        "cell": cell, "notes": list(notes), "check": fingerprint(entry),
    }  # fmt: skip


def _judged(entry, found, seen, settings, flags):
    """Return the outcome of one question."""
    key, cell = entry["id"], found.counts.number
    if key not in seen.results:
        status, message = _ended(seen.failures.get(key), settings.limits)
        return _outcome(entry, status, message, cell=cell, notes=found.notes)
    result = seen.results[key] if isinstance(seen.results[key], dict) else {}
    if isinstance(result.get("problem"), dict):
        status, message = _stopped(result["problem"], entry, found, settings)
        return _outcome(entry, status, message, cell=cell, notes=found.notes)
    try:
        checked = observations(result["seen"], entry)
        if settings.hidden:
            checked = _without_messages(checked, found)
        verdict = judge(checked, entry)
    except (Malformed, KeyError, TypeError, ValueError, ArithmeticError, IndexError, AttributeError):
        flags.append(f"Cell {cell}: what came back for {key} is nothing that the check writes.")
        return _outcome(entry, ERROR, "What came back could not be read.", cell=cell, notes=found.notes)
    notes = [*found.notes, *_stopped_later(result.get("stopped"))]
    status = TIMEOUT if verdict.status == ERROR and "not done after" in verdict.message else verdict.status
    message = _withheld(verdict.message, entry, settings)
    return _outcome(entry, status, message, verdict.points, verdict.mistake, cell, notes)


def _ended(how, limits):
    """Say why there is no result; the limit that was hit is named."""
    if how == "time":
        return TIMEOUT, f"There was no answer after {limits.question:g} seconds. Is there a loop that never ends?"
    if how == "signal":
        cpu, memory = limits.cpu, limits.memory >> 20
        return KILLED, f"Its process was ended: it used more than {cpu} s of processor time or {memory} MB of memory."
    if how == "output":
        return KILLED, f"More than {limits.output >> 20} MB were sent out of the sandbox."
    if how == "start":
        return KILLED, "The sandbox did not start for this submission; grade it again."
    return KILLED, "The code ended its own process before there was an answer."


def _stopped(problem, entry, found, settings):
    """Say how an answer's cell stopped, with the line if it is in a cell of the answer."""
    kind, message = words(problem.get("type"), 60) or "Exception", words(problem.get("message"))
    if kind == "TimeUp":
        return TIMEOUT, f"The cell was not done after {message}. Is there a loop that never ends?"
    if "'ellipsis'" in message or kind == "NotImplementedError":
        return NOT_ATTEMPTED, f"`{answer_name(entry)}` still has a `...` where something of yours belongs."
    kind = kind if not settings.hidden else _known_kind(kind)
    shown = "" if settings.hidden and kind != "SyntaxError" else f": {message}"
    if kind == "MemoryError":
        shown = f": more than {settings.limits.memory >> 20} MB were asked for"
    line = _line(problem, found)
    return ERROR, f"{kind}{shown}{f' in the line `{line}`' if line else ''}."


def _line(problem, found):
    """Return a line of the learner's from our own copy of the cell, not from what the sandbox says."""
    at = problem.get("at")
    for cell in found.cells:
        lines = cell.source.splitlines()
        if cell.number == problem.get("cell") and isinstance(at, int) and 1 <= at <= len(lines):
            return words(lines[at - 1].strip(), 120)
    return ""


def _stopped_later(problem):
    if not isinstance(problem, dict):
        return []
    return [f"The cell stopped after the answer with {words(problem.get('type'), 60)}."]


# ------------------------------------------------------------------ a secret bank stays secret


def _known_kind(kind):
    """Return the name of a built-in exception; a learner's own may be named after an input."""
    known = getattr(builtins, kind, None)
    return kind if isinstance(known, type) and issubclass(known, BaseException) else "An exception of your own"


def _without_messages(checked, found):
    """Take the learner's own words out of errors: they could carry the inputs of a hidden check away."""
    if not isinstance(checked, list):
        return checked
    lines = {words(line.strip(), 120) for cell in found.cells for line in cell.source.splitlines()}
    for one in checked:
        error = one["error"]
        if error and error["type"] != "TimeUp":
            blank = "'ellipsis'" in error["message"]
            error["message"] = "'ellipsis'" if blank else "see the line"
            error["type"] = _known_kind(error["type"])
            error["line"] = error["line"] if error["line"] in lines else ""
    return checked


def _withheld(message, entry, settings):
    """Leave out the points at which a secret check evaluates an expression."""
    for said in entry.get("says_points", ()) if settings.hidden else ():
        message = message.replace(said, "a point of the check")
    return message


# ------------------------------------------------------------------ the whole submission


def _summary(questions):
    """Return the status of a submission and one sentence."""
    by_status = {}
    for key, outcome in questions.items():
        by_status.setdefault(outcome["status"], []).append(key)
    lost = [key for key, outcome in questions.items() if outcome["status"] in (TIMEOUT, KILLED)]
    if not lost:
        if list(by_status) == [NOT_ATTEMPTED]:
            return NOT_ATTEMPTED, "No exercise has been filled in."
        passed = sum(outcome["points"] == outcome["out_of"] for outcome in questions.values())
        return GRADED, f"{passed} of {len(questions)} questions have full points."
    first = questions[lost[0]]
    where = f"{lost[0]}, cell {first['cell']}" if first["cell"] else lost[0]
    more = f" ({len(lost)} questions in all)" if len(lost) > 1 else ""
    status = PARTLY
    if set(by_status) <= {TIMEOUT, KILLED, NOT_ATTEMPTED}:
        status = first["status"]
    return status, f"{where}: {first['message']}{more}"


def settings_mark(settings):
    """Return what the outcome of a file depends on, besides the file."""
    return fingerprint([GRADER, settings.lesson, settings.hidden, asdict(settings.limits)])
