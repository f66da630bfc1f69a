"""A bank of exercises of one's own: tried at once, saved as one file, handed on beside a notebook."""

from pathlib import Path

from momentum_lab.authoring.parts import check_parts
from momentum_lab.authoring.review import check_words, reviewed
from momentum_lab.checks import bank, own_bank
from momentum_lab.slips import Slip
from momentum_lab.words import number


class OwnBank:
    """Exercises of yours, compiled and reviewed.

    As soon as it is made, `check` and `ask` find its exercises in this notebook, so that you can try them.

    Parameters
    ----------
    *exercises : (item, reference), or an item that needs no reference
        The reference is the right answer: a function for an `Item`, a value for a `Number`, and so on.  A `Question`,
        an `Ordering` and a `Blank` hold their right answer themselves.

    Raises
    ------
    Slip
        In one sentence, if something is missing or if a mistake cannot be told from the reference.
    """

    def __init__(self, *exercises):
        pairs = [pair if isinstance(pair, tuple) else (pair, None) for pair in exercises]
        if not pairs:
            raise Slip("A bank needs an exercise: OwnBank((ITEM, reference)).")
        if any(len(pair) != 2 for pair in pairs):
            raise Slip("An exercise and its reference are a pair: OwnBank((ITEM, reference)).")
        for item, reference in pairs:
            if isinstance(item, type) or not hasattr(item, "compile"):
                raise Slip(f"An exercise is an Item or one of its relatives, with its reference; this is {item!r}.")
            if hasattr(item, "answer") and reference is None:
                raise Slip(f"{item.id} needs its reference: OwnBank((item, reference)).")
            check_parts(item)
            check_words(item)
        ids = [item.id for item, _ in pairs]
        names = {item_id.partition(".")[0] for item_id in ids}
        if len(names) > 1 or len(set(ids)) < len(ids):
            raise Slip(f"The ids of a bank have one name before the dot, and differ after it; these are {ids}.")
        (self.name,) = names
        self.entries = {item.id: reviewed(item, reference) for item, reference in pairs}
        own_bank.lend(self.name, self.entries)

    @property
    def text(self):
        """What the file holds: packed, so that nobody reads an answer by accident.  It is no secret."""
        return bank.pack(self.entries)

    def save(self, folder="."):
        """Write the bank into a folder, as own.bank if the ids begin with own; return the path."""
        folder = Path(folder)
        if not folder.is_dir():
            raise Slip(f"There is no folder {str(folder)!r} to save the bank in.")
        file = folder / f"{self.name}.bank"
        try:
            file.write_text(self.text, encoding="ascii", newline="\n")
        except OSError as error:
            raise Slip(f"The bank cannot be saved as {file}: {error.strerror}; choose another folder.") from None
        return file

    def __repr__(self):
        return "\n".join(_line(entry) for entry in self.entries.values())


def _line(entry):
    known = len(entry.get("mistakes", ())) + len(entry.get("forms", ()))
    cases = f", in {_count(len(entry['cases']), 'case')}" if "cases" in entry else ""
    if entry["kind"] in bank.IN_A_QUIZ:
        return f"{entry['id']}: {entry['title']}; to be asked with ask({entry['id']!r})."
    return f"{entry['id']}: the reference passes, {_count(known, 'known answer')} told from it and named{cases}."


def _count(how_many, what):
    return f"{number(how_many)} {what}{'' if how_many == 1 else 's'}"
