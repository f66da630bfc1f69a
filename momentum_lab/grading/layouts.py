"""Who handed in a file, read off its path: the ways in which teaching platforms name what they export.

| platform | a path |
|---|---|
| Moodle | `Name Surname_12345_assignsubmission_file_/hw.ipynb`, or the same without a folder |
| Canvas | `surnamename_123_456_hw-1.ipynb`, with `_LATE` behind the name if it was late; -1 is the second attempt |
| Gradescope | `submission_123456789/hw.ipynb`; the names are in `submission_metadata.yml` |
| nbgrader | `submitted/USER/ASSIGNMENT/hw.ipynb` |
| GitHub Classroom | `lesson-02-username/hw.ipynb` |

A path that looks like none of them has no learner and no attempts.
"""

import re
from dataclasses import dataclass

MOODLE = re.compile(r"(?P<learner>.+?)_(?P<person>\d+)_assignsubmission_(?:file|onlinetext)(?:_.*)?")
CANVAS = re.compile(r"(?P<learner>[^_\sA-Z]+)_(?:LATE_)?(?P<person>\d+)_(?P<upload>\d+)_(?P<file>.+)")
GRADESCOPE = re.compile(r"submission_(?P<number>\d+)")
CLASSROOM = re.compile(r"lesson-\d+[a-z]?-(?P<learner>[a-z\d](?:-?[a-z\d])*)", re.IGNORECASE)
AGAIN = re.compile(r"-(\d+)(?=\.[^.]*$|$)")  # what Canvas puts behind the name of a file that is handed in again


@dataclass(frozen=True)
class Sender:
    """Whose a file is.

    Attributes
    ----------
    layout : str
        The platform; empty if the path looks like none.
    learner : str
        The name that the platform gives, as it gives it.
    work : tuple
        The same for all attempts at the same thing; empty where the platform numbers no attempts.
    attempt : tuple
        Larger for a later attempt.
    """

    layout: str = ""
    learner: str = ""
    work: tuple = ()
    attempt: tuple = ()


def sender(path, people=None):
    """Return whose the file at a path is.

    Parameters
    ----------
    path : str
        With / between its parts.
    people : dict, optional
        Gradescope's folders, such as "submission_12", and the learner's name and mark for each.
    """
    parts = path.split("/")
    for number, part in enumerate(parts):
        above = "/".join(parts[:number])
        is_file = number == len(parts) - 1
        if found := MOODLE.fullmatch(part):
            return Sender("Moodle", found["learner"])
        if is_file and (found := CANVAS.fullmatch(part)):
            return _on_canvas(above, found)
        if not is_file and (found := GRADESCOPE.fullmatch(part)):
            learner, mark = (people or {}).get(part, ("", ""))
            return Sender("Gradescope", learner, (above, mark) if mark else (), (int(found["number"]),))
        if not is_file and (found := CLASSROOM.fullmatch(part)):
            return Sender("GitHub Classroom", found["learner"])
        if part == "submitted" and len(parts) - number >= 4:
            return Sender("nbgrader", parts[number + 1])
    return Sender()


def _on_canvas(above, found):
    again = AGAIN.search(found["file"])
    attempt = (int(again[1]) if again else 0, int(found["upload"]))
    return Sender("Canvas", found["learner"], (above, found["person"], AGAIN.sub("", found["file"])), attempt)


def people_of_gradescope(text):
    """Return {folder: (learner's name, mark)} from the text of a `submission_metadata.yml`.

    Three keys of a file that a program has written are wanted, so no reader of the whole format is needed.
    """
    found, text = {}, text.replace("\r\n", "\n")
    for block in re.split(r"^(?=submission_\d+:)", text, flags=re.MULTILINE):
        folder = re.match(r"submission_\d+(?=:)", block)
        if folder:
            names, marks = _values("name", block), _values("email", block) or _values("sid", block)
            found[folder[0]] = (", ".join(names), ", ".join(sorted(marks or names)))
    return found


def _values(key, block):
    """Return the values of a key of the submitters, without the quotes around them."""
    submitters = re.search(r"^  :submitters:\n((?:  [- ].*\n?)*?)(?=  :|\Z)", block, re.MULTILINE)
    lines = re.findall(rf"^[ -]*:{key}: *(.*?) *$", submitters[1] if submitters else "", re.MULTILINE)
    return [text for line in lines if (text := _unquoted(line))]


def _unquoted(value):
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1].replace("''", "'")
    if len(value) > 1 and value[0] == value[-1] == '"':
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    return value
