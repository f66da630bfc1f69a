"""Bring a learner's folder up to this version of the course, and never touch what the learner did.

- not there before: written
- untouched: replaced
- changed: kept, and a new text goes beside it, under a name of its own
- deleted: stays deleted
- no longer part of the course: left where it is
- the ledger is lost or damaged: nothing is overwritten, whatever it is
"""

import contextlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from momentum_lab import __version__
from momentum_lab.slips import Slip
from momentum_lab.workspace import ledger as ledgers
from momentum_lab.workspace.originals import FOLDERS, NEWS, home_of_originals, originals
from momentum_lab.workspace.texts import fingerprint
from momentum_lab.workspace.writing import put, put_beside, sweep

NEW_IN = "new in {}"


@dataclass
class Outcome:
    """What an update did; as a text, what the learner is told.

    Attributes
    ----------
    version : str
        The version of the course that the folder now has.
    new, replaced, deleted, gone : list of str
        Files that came, that were replaced, that the learner deleted and that changed since, and that the course
        has no more.
    beside : list of (str, str)
        Files that the learner changed, each with the name under which the new text lies beside it.
    ledger_lost : bool
        True where there was no ledger to tell changed from untouched.
    """

    version: str
    new: list = field(default_factory=list)
    replaced: list = field(default_factory=list)
    beside: list = field(default_factory=list)
    deleted: list = field(default_factory=list)
    gone: list = field(default_factory=list)
    ledger_lost: bool = False

    def __str__(self):
        parts = [
            ("New", self.new),
            ("Replaced, you had not changed them", self.replaced),
            ("Kept as you left them, with the new text beside them", [f"{a}  ->  {b}" for a, b in self.beside]),
            ("Changed in the course; you deleted them, so they stay deleted", self.deleted),
            ("No longer part of the course; yours stay where they are", self.gone),
        ]
        lines = []
        if self.ledger_lost:
            lines.append("The list of what was copied here is lost or damaged, so no file was overwritten.")
        for title, files in parts:
            lines += [f"{title} ({len(files)}):", *(f"  {file}" for file in files)] if files else []
        if not any(files for _, files in parts):
            lines.append(f"Nothing to do: these are the lessons of version {self.version} already.")
        elif NEWS in self.new + self.replaced:
            lines.append(f"What is new in version {self.version}: {NEWS}")
        return "\n".join(lines)


def copy(folder, course=None, version=__version__):
    """Copy the course into a folder, which is made if need be.

    Parameters
    ----------
    folder : str or Path
        New, empty, or with a copy of the course, which is then brought up to this version.
    course : dict of str to bytes, optional
        What to copy; what this installation comes with by default.
    version : str

    Returns
    -------
    Outcome

    Raises
    ------
    Slip
        If the folder holds other things than the course, or is where the originals are.
    OSError
        If the system refuses; everything written so far is whole, and a second call goes on from there.
    """
    folder, course = Path(folder), originals() if course is None else course
    _refuse_the_originals(folder)
    if not ledgers.holds_course(folder) and not any(os.path.lexists(folder / path) for path in course):
        if folder.is_dir() and any(_visible(folder)):
            raise Slip(f"{folder} holds other files already: name a new folder, or an empty one.")
        ledgers.write(folder, ledgers.Ledger())  # marks the folder as ours, so that a copy cut short goes on
    return _bring_up(folder, course, version)


def update(folder, course=None, version=__version__):
    """Bring a folder that has a copy of the course up to this version.

    Parameters
    ----------
    folder : str or Path
    course, version
        As for `copy`.

    Returns
    -------
    Outcome

    Raises
    ------
    Slip
        If there is no copy of the course, or a newer version made it.
    OSError
        If the system refuses; nothing is lost, and a second call does the rest.
    """
    folder, course = Path(folder), originals() if course is None else course
    _refuse_the_originals(folder)
    if not ledgers.holds_course(folder) and not (folder / "notebooks").is_dir():
        raise Slip(f'{folder} holds no copy of the course; one is made by: momentum-lab start "{folder}"')
    return _bring_up(folder, course, version)


def _visible(folder):
    return (entry for entry in folder.iterdir() if not entry.name.startswith("."))


def _refuse_the_originals(folder):
    """Where the originals are is nobody's copy: there, git or a new download does the updating."""
    with contextlib.suppress(OSError):
        if folder.resolve() == Path(str(home_of_originals())).resolve():
            raise Slip(f"{folder} is the course itself and no copy of it: name another folder.")


def _bring_up(folder, course, version):
    """Look at every file once, then write down what was offered, also when the system refuses half-way."""
    sweep([folder, *(folder / name for name in FOLDERS)])
    ledger = ledgers.read(folder)
    outcome = Outcome(version, ledger_lost=ledger.lost)
    try:
        for path, data in course.items():
            _bring_up_file(folder / path, path, data, ledger, outcome)
    except BaseException:
        with contextlib.suppress(OSError):
            ledgers.write(folder, ledger)
        raise
    _let_go(folder, course, ledger, outcome)
    ledger.version = version
    ledgers.write(folder, ledger)
    return outcome


def _bring_up_file(file, path, data, ledger, outcome):
    """Write one file, or leave it; the ledger changes after the file did, so that it never claims too much."""
    offered, before = fingerprint(data), ledger.files.get(path)
    there = os.path.lexists(file)
    mine = fingerprint(file.read_bytes()) if file.is_file() else None
    if not there and before is None:
        put(file, data)
        outcome.new.append(path)
    elif offered in (mine, before):
        pass  # up to date, or changed or deleted by the learner and no news
    elif not there:
        outcome.deleted.append(path)
    elif mine is not None and mine == before:
        put(file, data)
        outcome.replaced.append(path)
    else:
        beside = put_beside(file, NEW_IN.format(outcome.version), data, _same_text)
        outcome.beside.append((path, beside.name))
    ledger.files[path] = offered


def _same_text(one, other):
    return fingerprint(one) == fingerprint(other)


def _let_go(folder, course, ledger, outcome):
    """Forget the files that the course has no more; the learner's own stay."""
    for path in [path for path in ledger.files if path not in course]:
        if os.path.lexists(folder / path):
            outcome.gone.append(path)
        del ledger.files[path]
