"""How a class stands, from the progress files that its learners sent: by exercise and question, never by person.

A file holds a number drawn at random for its learner, times and what was tried; no name.  What comes out of here are
counts over the whole class, which do not depend on the order of the files or on what they are called.
"""

from collections import Counter
from dataclasses import dataclass, field
from statistics import median

from momentum_lab.checks import bank
from momentum_lab.progress import Unusable, look_into


@dataclass(frozen=True)
class Item:
    """One exercise or question in a class.

    Attributes
    ----------
    item, title : str
    attempted, passed : int
        How many learners tried, and how many passed.
    attempts : float or None
        The median of how often those who tried did so; None where nobody tried.
    mistakes : tuple of (str, int)
        The mistakes that most learners met, and how many of them did.
    """

    item: str
    title: str
    attempted: int
    passed: int
    attempts: float | None
    mistakes: tuple


@dataclass
class Class:
    """A class as a whole.

    Attributes
    ----------
    learners : int
    items : list of Item
        In the order of the course; what nobody tried is there too, exercises of one's own come last.
    bets : dict of str to dict
        For every explorer how many learners bet on what.
    unreadable : list of (str, str)
        Files that could not be counted and why.
    repeated : int
        How many files told of a learner who was counted already.
    """

    learners: int = 0
    items: list = field(default_factory=list)
    bets: dict = field(default_factory=dict)
    unreadable: list = field(default_factory=list)
    repeated: int = 0


MISTAKES = 3  # how many of the most frequent are told


def summarise(paths):
    """Return the summary of a class.

    Parameters
    ----------
    paths : iterable of Path
        Progress files.  Of two from the same learner the one with more events counts.
    """
    found, of_class = {}, Class()
    for path in paths:
        try:
            learner, events = look_into(path)
        except (Unusable, OSError) as trouble:
            of_class.unreadable.append((str(path), getattr(trouble, "strerror", None) or str(trouble)))
            continue
        of_class.repeated += learner in found
        found[learner] = max(found.get(learner, []), events, key=lambda some: (len(some), repr(some)))
    of_class.learners = len(found)
    of_class.items = [_item(key, title, found.values()) for key, title in _titles(found.values()).items()]
    of_class.bets = _bets(found.values())
    return of_class


def _titles(learners):
    """Return {item: title} of the course, and then of what learners tried besides."""
    titles = {key: entry["title"] for lesson in bank.lessons() for key, entry in bank.entries(lesson).items()}
    others = {event.item for events in learners for event in events if event.kind == "attempt"} - set(titles)
    return titles | {key: key for key in sorted(others)}


def _item(key, title, learners):
    tries = [[e.detail for e in events if (e.kind, e.item) == ("attempt", key)] for events in learners]
    tries = [mine for mine in ([d for d in some if d.get("status") != "not attempted"] for some in tries) if mine]
    passed = sum(any(detail.get("status") == "passed" for detail in mine) for mine in tries)
    met = Counter(mistake for mine in tries for mistake in {str(d["mistake"]) for d in mine if d.get("mistake")})
    counts = [len(mine) for mine in tries]
    return Item(key, title, len(tries), passed, median(counts) if counts else None, tuple(_ranked(met)[:MISTAKES]))


def _bets(learners):
    """Count every learner's first bet in every explorer, as the explorer does."""
    bets = {}
    for events in learners:
        first = {}
        for event in events:
            if event.kind == "prediction":
                first.setdefault(event.item, str(event.detail.get("option")))
        for title, option in first.items():
            bets.setdefault(title, Counter())[option] += 1
    return {title: dict(_ranked(bets[title])) for title in sorted(bets)}


def _ranked(counts):
    """Return the counts, the largest first; equal ones by name, so that no order of files shows."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
