"""The verb `momentum-lab class-summary`: how a class stands, as a page to read and print and as a table."""

import sys
from pathlib import Path

from momentum_lab import __version__
from momentum_lab.classroom.summary import summarise
from momentum_lab.grading.files import table, write
from momentum_lab.grading.page import grid, listing, whole
from momentum_lab.progress import FILE
from momentum_lab.slips import Slip

FEW = 5
TITLE = "Momentum Lab: how the class stands"
HEAD = ["exercise or question", "title", "not started", "trying", "passed", "median attempts", "most frequent mistakes"]


def options(verb):
    """Give the verb its arguments."""
    verb.add_argument("paths", nargs="+", metavar="PATH", help="progress files, or folders with some")
    verb.add_argument("--out", required=True, metavar="DIR", help="where the page and the table go")


def run(arguments):
    """Write the summary of a class; return 1 if a file could not be counted."""
    paths, out = progress_files(map(Path, arguments.paths)), Path(arguments.out)
    of_class = summarise(paths)
    for path, why in of_class.unreadable:
        print(f"Not counted: {path} ({why}).", file=sys.stderr)
    if not of_class.learners:
        raise Slip(f"None of the {len(paths)} files is a progress file, so nothing was written.")
    _refuse_others_pages(out)
    try:
        for name, text in files(of_class).items():
            write(out, name, text)
    except OSError as error:
        raise Slip(f"The summary could not be written to {out}: {error.strerror}.") from None
    print(f"The summary of {of_class.learners} learners is in {out / 'class-summary.html'}.")
    return int(bool(of_class.unreadable))


def progress_files(paths):
    """Return the files that are meant: each file that is named, and every progress file in a folder.

    In a home on a hub other programs keep files with the same ending, in folders whose names begin with a dot.
    """
    found, ending = [], Path(FILE).suffix
    for path in paths:
        inside = sorted(path.rglob(f"*{ending}")) if path.is_dir() else [path]
        found += [file for file in inside if not any(part.startswith(".") for part in file.relative_to(path).parts)]
    if not found:
        raise Slip(f"There is no progress file; one is called {FILE}, or another name that ends in {ending}.")
    return list(dict.fromkeys(found))


def _refuse_others_pages(folder):
    """Only an older page of this kind is ever replaced."""
    for name, mark in {"class-summary.html": TITLE, "class-summary.csv": HEAD[0]}.items():
        try:
            ours = not (folder / name).exists() or mark in (folder / name).read_text("utf-8", errors="replace")
        except OSError as error:
            raise Slip(f"{folder / name} cannot be read: {error.strerror}.") from None
        if not ours:
            raise Slip(f"{folder / name} is no page of this kind, so it is left alone: name another folder.")


def files(of_class):
    """Return {file name: text} of a class's summary."""
    return {"class-summary.csv": table(HEAD, _rows(of_class)), "class-summary.html": page(of_class)}


def page(of_class):
    """Return the page; it holds counts only."""
    tried = [row for row, item in zip(_rows(of_class), of_class.items, strict=True) if item.attempted]
    parts = [listing(_remarks(of_class))]
    parts.append(grid("Exercises and questions that somebody tried", HEAD, tried))
    if of_class.bets:
        rows = [[title, _counted(bets.items())] for title, bets in of_class.bets.items()]
        parts.append(grid("Bets, before the explorer showed what happens", ["explorer", "bets"], rows))
    untouched = [f"{item.item}: {item.title}" for item in of_class.items if not item.attempted]
    if untouched:
        parts.append("<h2>Nobody has tried</h2>\n" + listing(untouched))
    return whole(TITLE, "\n".join(parts))


def _remarks(of_class):
    yield f"{_files(of_class.learners, 'learner')}; version {__version__} of the course."
    if of_class.unreadable:
        yield f"{_files(len(of_class.unreadable), 'file')} could not be read: not counted."
    if of_class.repeated:
        yield f"{_files(of_class.repeated, 'file')} told of somebody who is counted already."
    if of_class.learners < FEW:
        yield f"Of fewer than {FEW} learners a count can tell who it was: show this to nobody outside the class."


def _rows(of_class):
    return [
        [item.item, item.title, str(of_class.learners - item.attempted), str(item.attempted - item.passed),
         str(item.passed), "" if item.attempts is None else f"{item.attempts:g}", _counted(item.mistakes)]
        for item in of_class.items
    ]  # fmt: skip


def _counted(pairs):
    return "; ".join(f"{words} ({count})" for words, count in pairs)


def _files(count, what):
    return f"{count} {what}{'' if count == 1 else 's'}"
