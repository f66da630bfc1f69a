"""Grade one submission: read, match, observe in the sandbox, judge.

The judge and the bank stay on this side.  What is passed into the sandbox is the learner's code and the inputs of
the checks; `public` says which part of a bank entry that is.
"""

import time
from dataclasses import asdict, dataclass, field
from functools import lru_cache

from momentum_lab.checks.verdict import NOT_ATTEMPTED
from momentum_lab.grading import review, sandbox, session
from momentum_lab.grading.limits import Limits
from momentum_lab.grading.matching import answer_name, belongs, graded, match
from momentum_lab.grading.outcome import KILLED, UNMATCHED, UNREADABLE, fingerprint, judged, outcome, summary
from momentum_lab.grading.reader import Unreadable, read
from momentum_lab.grading.validating import words

GRADER = 2
"""Raise this when the same submission and bank may come out otherwise: stored results are then made anew."""


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
            questions[key] = outcome(entry, NOT_ATTEMPTED, f"No cell defines `{name}`; its cell is missing.")
        else:
            questions[key] = judged(entry, found.answers[key], seen, settings, flags)
    status, reason = summary(questions)
    notes = [*notebook.notes, *_helpers_that_stopped(seen, settings.hidden)]
    row = _row(status, reason, questions, notes, flags, seen.cpu)
    row["failed"] = "start" in seen.failures.values()  # not the submission's doing: a second run tries it again
    return row


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


def _helpers_that_stopped(seen, hidden):
    """A helper that fails is mentioned when it may be why an answer fails; a NameError of a plot is not."""
    for problem in seen.problems:
        kind, cell = words(problem.get("type"), 60), problem.get("cell")
        if isinstance(cell, int) and kind in _WORTH_SAYING:
            message = "" if hidden else words(problem.get("message"))  # a helper can reach for the inputs of the checks
            said = _WORTH_SAYING[kind] or f"stopped with {kind}{f' ({message})' if message else ''}"
            yield f"Cell {cell} {said}; the rest of it was left out."


_WORTH_SAYING = {
    "TimeUp": "was not done in time", "Killed": "ended the interpreter or never ended", "MemoryError": "",
    "SyntaxError": "", "IndentationError": "", "ModuleNotFoundError": "", "ImportError": "",
}  # fmt: skip


def settings_mark(settings):
    """Return what the outcome of a file depends on, besides the file."""
    return fingerprint([GRADER, settings.lesson, settings.hidden, asdict(settings.limits)])
