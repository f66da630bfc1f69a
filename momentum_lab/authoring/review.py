"""What is looked at before an exercise of one's own is handed on.  Every fault is told in one sentence."""

import json
import re

import numpy as np

from momentum_lab.authoring.items import SEED, compile_item
from momentum_lab.checks import bank
from momentum_lab.checks.code import badly_formed, broken_property
from momentum_lab.checks.judge import judge
from momentum_lab.checks.probe import look
from momentum_lab.checks.verdict import PASSED
from momentum_lab.slips import Slip

SEEDS = (SEED, 1)  # what is said about an answer must not depend on the numbers drawn


def reviewed(item, reference):
    """Return the bank entry of an exercise that has been tried with its own reference and mistakes.

    Raises
    ------
    Slip
        If words are missing, if the reference does not pass, or if a mistake cannot be told from it.
    """
    check_words(item)
    if item.kind == "choice":
        _check_options(item)
    entries = [_compiled(item, reference, seed) for seed in SEEDS]
    if item.kind not in bank.IN_A_QUIZ:
        for entry in entries:
            _try(item, reference, entry)
    return entries[0]


def check_words(item):
    """Refuse an exercise with a bad id, or without the words that a learner is told."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", str(item.id)):
        raise Slip(f"An id has the form own.name, in small letters; numbers are the course's own. This is {item.id!r}.")
    needed = {"title": item.title}
    if item.kind != "choice":
        needed["praise"] = item.praise
    for name, text in needed.items():
        if not _is_text(text):
            raise Slip(f"{item.id} has no {name}: write a few words.")
    if item.kind not in bank.IN_A_QUIZ and (
        not item.hints or isinstance(item.hints, str) or not all(map(_is_text, item.hints))
    ):
        raise Slip(f'{item.id} has no hints: write at least one, in a tuple such as ("Look at ...",).')
    told = _known(item)
    for known in told:
        if not _is_text(known.name) or not _is_text(known.says):
            raise Slip(f"{item.id}: the mistake {known.name!r} needs a name, and words to say to the learner.")
    for what in ("name", "says"):
        texts = [getattr(known, what) for known in told]
        twice = next((text for text in texts if texts.count(text) > 1), None)
        if twice:
            raise Slip(f"{item.id}: two mistakes have the same {'name' if what == 'name' else 'words'}, {twice!r}.")


def _is_text(text):
    return isinstance(text, str) and bool(text.strip())


def _known(item):
    return [*getattr(item, "mistakes", ()), *getattr(item, "forms", ())]


def _check_options(item):
    right = [option.key for option in item.options if option.belief is None]
    if len(right) != 1 or len({option.key for option in item.options}) != len(item.options):
        raise Slip(f"{item.id}: the options need keys of their own, and exactly one has no belief, the right one.")
    if not all(_is_text(option.says) for option in item.options):
        raise Slip(f"{item.id}: every option needs words to say after it is chosen.")


def _compiled(item, reference, seed):
    """Return the entry as a learner will get it, through JSON; what cannot go that way is named."""
    if item.kind == "code":
        _check_cases(item, seed)
    try:
        entry = compile_item(item, reference, seed)
    except (TypeError, ValueError, KeyError, OverflowError) as error:
        raise Slip(f"{item.id} cannot be compiled: {type(error).__name__}: {error}.") from error
    try:
        return json.loads(json.dumps(entry, allow_nan=item.kind == "code"))
    except (TypeError, ValueError) as error:
        raise Slip(f"{item.id} holds something that is neither number nor text: {error}.") from error


def _check_cases(item, seed):
    cases = item.cases(np.random.default_rng(seed))
    if not isinstance(cases, list | tuple) or not cases:
        raise Slip(f"{item.id} has no cases: the function `cases` must return a list of them.")
    for case in cases:
        if not isinstance(case, dict) or not _is_text(case.get("says")) or not isinstance(case.get("arguments"), dict):
            raise Slip(
                f'{item.id}: a case has the form {{"says": words, "arguments": {{name: value}}}}; this is {case!r}.'
            )
        for name, value in case["arguments"].items():
            if not _is_plain(value):
                kind = type(value).__name__
                cure = "write .tolist() behind it" if hasattr(value, "tolist") else "give a number, a list or a surface"
                raise Slip(f"{item.id}: in the case {case['says']!r} the argument {name} is a {kind}; {cure}.")


def _is_plain(value):
    if isinstance(value, list):
        return all(map(_is_plain, value))
    if isinstance(value, dict):
        return set(value) == {"quadratic", "minimum"}
    return type(value) in (int, float, bool, str)


# ------------------------------------------------------------------ trying it


def _try(item, reference, entry):
    """Judge the reference, then every mistake, as a learner's answer is judged."""
    verdict = _verdict(reference, entry)
    if verdict.status != PASSED:
        raise Slip(f"{item.id}: your own reference does not pass: {_bare(verdict.message)}.")
    if item.kind == "code":
        form = badly_formed(entry["expected"], entry)
        if form:
            raise Slip(f"{item.id}: your own reference does not pass: {_bare(form[1])}.")
        law = broken_property(entry["expected"], entry)
        if law:
            raise Slip(f"{item.id}: your reference breaks the law that says {law[1]!r}.")
    for known in _known(item):
        value = getattr(known, "function", None) or getattr(known, "value", None)
        verdict = _verdict(value, entry)
        if verdict.mistake == known.name:
            continue
        if verdict.status == PASSED:
            more = "; add a case in which they differ" if item.kind == "code" else ""
            raise Slip(f"{item.id}: the mistake {known.name!r} cannot be told from your reference{more}.")
        if verdict.mistake:
            raise Slip(f"{item.id}: the mistake {known.name!r} cannot be told from the mistake {verdict.mistake!r}.")
        raise Slip(f"{item.id}: the mistake {known.name!r} is not seen as one: {_bare(verdict.message)}.")


def _bare(message):
    """Return a message as part of a sentence of plain text."""
    return message.replace("`", "").rstrip(".")


def _verdict(answer, entry):
    name = entry["function"] if entry["kind"] == "code" else entry["variable"]
    return judge(look({name: answer}, entry), entry)
