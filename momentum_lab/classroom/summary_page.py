"""The summary of a class as a page to read and print, and as a table for a spreadsheet."""

from momentum_lab import __version__
from momentum_lab.grading.files import table
from momentum_lab.grading.page import grid, listing, whole

FEW = 5
TITLE = "Momentum Lab: how the class stands"
HEAD = ["exercise or question", "title", "attempted", "passed", "median attempts", "most frequent mistakes"]


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
        [item.item, item.title, str(item.attempted), str(item.passed),
         "" if item.attempts is None else f"{item.attempts:g}", _counted(item.mistakes)]
        for item in of_class.items
    ]  # fmt: skip


def _counted(pairs):
    return "; ".join(f"{words} ({count})" for words, count in pairs)


def _files(count, what):
    return f"{count} {what}{'' if count == 1 else 's'}"
