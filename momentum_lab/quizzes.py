"""Questions, lines to order and gaps to fill, in core widgets, and old questions that come back.

`ask("02.settles")` shows one of them.  `recall("02")` draws three questions about earlier lessons from
the learner's progress: those never asked, then those last answered wrong, then those longest ago.
Everything works from the keyboard, and every answer is told in words.
"""

import random
from html import escape

from momentum_lab import progress
from momentum_lab.checks import bank
from momentum_lab.checks.check import judged
from momentum_lab.slips import Slip

RECALLED = 3


def ask(*item_ids):
    """Return questions, orderings or gap texts to be shown by the notebook.

    Raises
    ------
    Slip
        If an exercise is unknown, or is answered in a cell and not here.
    """
    items = [bank.load(item_id) for item_id in item_ids]
    for item in items:
        if item["kind"] not in bank.IN_A_QUIZ:
            raise Slip(f"{item['id']} is answered in a cell of the notebook; check it with check({item['id']!r}).")
    return Quiz(items)


def recall(lesson):
    """Return three questions about earlier lessons, drawn from what this learner has done so far.

    Parameters
    ----------
    lesson : str
        The number of the lesson that asks, such as "02".
    """
    lesson = bank.lesson_named(lesson)
    earlier = [name for name in bank.lessons() if name < lesson]
    asked_again = {item.get("first_asked") for item in bank.entries(lesson).values()}  # in the lesson itself
    questions = [item for name in earlier for item in bank.entries(name).values() if item.get("recalled")]
    questions = [item for item in questions if item["id"] not in asked_again]
    events, order = progress.current().events("attempt"), {}
    for place, event in enumerate(events):
        order[event.item] = (1 if event.detail.get("status") != "passed" else 2, place)
    lot = random.Random(f"{progress.current().learner} {lesson}")
    lot.shuffle(questions)
    drawn = sorted(questions, key=lambda item: order.get(item["id"], (0, 0)))[:RECALLED]
    return Quiz(drawn, still=f"{RECALLED} questions about earlier lessons. Run this cell to see yours.")


class Quiz:
    """One or more questions on the screen.

    Parameters
    ----------
    items : list of dict
        Bank entries.
    still : str, optional
        What stands in a notebook that is not running; the questions themselves if left out.
    """

    def __init__(self, items, still=None):
        self.items = items
        self._still = still or "\n".join(_in_words(item) for item in items)

    def answer(self, item_id, value):
        """Judge one answer, as the button does; return the verdict."""
        items = {item["id"]: item for item in self.items}
        if item_id not in items:
            raise Slip(f"There is no question {item_id!r} here; there are {', '.join(items) or 'none'}.")
        item = items[item_id]
        return judged(value, item)

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = {"text/plain": self._still, "text/html": f"<pre>{escape(self._still)}</pre>"}
        try:
            # Only here, so that a machine without widgets still shows the questions.
            from momentum_lab.quiz_panel import view
        except ImportError:
            return data
        return data | view(self)


def shuffled(item):
    """Return the places of an item's options or lines in this learner's order."""
    places = list(range(len(item.get("options") or item["lines"])))
    random.Random(f"{progress.current().learner} {item['id']}").shuffle(places)
    if item["kind"] == "ordering" and places == sorted(places):
        places.reverse()  # the right order would be a gift
    return places


def _in_words(item):
    """Write a question with its options as plain text, in an order that is no answer."""
    lines = [option["text"] for option in item.get("options", ())] or list(item.get("lines", ()))
    return "\n".join([item["text"].replace("`", ""), *(f"  - {line}" for line in sorted(lines))])
