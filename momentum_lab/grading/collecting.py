"""The verb `momentum-lab collect`: one folder with one file a submission, and a list of everything that was found.

What counts as a submission, and its id, are those of `momentum-lab grade`: both ask `finding`.  Nothing is taken away
from where it was.  Every submission has a line in `index.csv`; no file is written for one that could not be read, that
is older than another attempt, or whose archive names a place outside of itself.
"""

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from momentum_lab.grading.files import new_folder, safe_name, table, write
from momentum_lab.grading.finding import Submission, find
from momentum_lab.grading.layouts import Sender, people_of_gradescope, sender
from momentum_lab.grading.places import LARGEST, NO_ARCHIVE

HEAD = ["id", "file", "learner", "platform", "path", "sha256", "note"]
METADATA, LARGEST_METADATA = "submission_metadata.yml", 20 << 20
ITEM = re.compile(rb"""(?:"item"\s*:\s*"|\b(?:check|hint)\(\s*\\?["'])(\w+)\.""")
EARLIER = "an earlier attempt; this one counts: "


@dataclass(frozen=True)
class Collected:
    """A line of the list: a submission, whose it is, and why it has no file (empty if it has one)."""

    submission: Submission
    sender: Sender
    note: str = ""

    @property
    def file(self):
        """The name of its file: made from the id, and another one for every other id."""
        if self.note:
            return ""
        one = self.submission
        ending = PurePosixPath(one.path).suffix.lower()
        is_notebook = one.opening.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
        keeps_its_ending = re.fullmatch(r"\.[a-z0-9]{1,5}", ending) and not is_notebook
        return safe_name(one.id) + (ending if keeps_its_ending else ".ipynb")


def options(verb):
    """Give the verb its arguments."""
    verb.add_argument(
        "paths", nargs="+", metavar="PATH", help="folders, zip archives, notebooks, as a platform has them"
    )
    verb.add_argument("--out", required=True, metavar="DIR", help="the new folder that is made")


def run(arguments):
    """Collect, say how it went; return the exit code."""
    lines = collect(arguments.paths, arguments.out)
    files = sum(not line.note for line in lines)
    earlier = sum(line.note.startswith(EARLIER) for line in lines)
    lost = len(lines) - files - earlier
    print(f"{len(lines)} submissions: {files} collected, {earlier} earlier attempts, {lost} without a file.")
    print(f"In {arguments.out}; what became of each one is in index.csv there.")
    return 1 if lost else 0


def collect(paths, out):
    """Write the submissions and their list into a new folder.

    Parameters
    ----------
    paths : list of path
    out : path
        A folder that is not there yet, or is empty.

    Returns
    -------
    list of Collected
        In the order of their ids.
    """
    with new_folder(out) as folder:
        lines = lines_of(find(paths, leave_out=folder), people_in(paths), _name_of(paths))
        for line in lines:
            if line.file:
                (folder / line.file).write_bytes(line.submission.read())
        write(folder, "index.csv", table(HEAD, map(_row, lines)))
    return lines


def lines_of(submissions, people=None, above=""):
    """Return a line for every submission.

    Parameters
    ----------
    submissions : list of Submission
    people : dict, optional
        Who is behind Gradescope's folders.
    above : str
        The name of the one folder they come from: it may be one that a platform has named.
    """
    senders = {one.id: sender(f"{above}/{one.path}" if above else one.path, people) for one in submissions}
    troubles = {one.id: _trouble(one) for one in submissions}
    latest = _latest([one for one in submissions if not troubles[one.id]], senders)
    lines = []
    for one in submissions:
        better = latest.get(one.id, one.id)
        note = troubles[one.id] or (EARLIER + better if better != one.id else "")
        lines.append(Collected(one, senders[one.id], note))
    return lines


def _trouble(one):
    """Return why a submission cannot be collected, or an empty text."""
    parts = one.path.replace("\\", "/").split("/")
    if ".." in parts or "" in parts or any(part.endswith(":") for part in parts):
        return "Its archive names a place outside of itself, so it was left in there; pack it again."
    if one.size > LARGEST:
        return f"The file is larger than {LARGEST >> 20} MB; clear the outputs and hand it in again."
    return one.trouble


def _latest(submissions, senders):
    """Return {id: id of the attempt that counts} where a platform numbers attempts at the same work.

    Notebooks of different lessons are no attempts at the same work, whatever they are called.
    """
    attempts = {}
    for one in submissions:
        mine = senders[one.id]
        if mine.work:
            attempts.setdefault((mine.layout, mine.work, frozenset(ITEM.findall(one.read()))), []).append(one.id)
    found = {}
    for ids in attempts.values():
        last = max(ids, key=lambda name: senders[name].attempt)
        found |= {name: last for name in ids if senders[name].attempt < senders[last].attempt}
    return found


def _row(line):
    one, mine = line.submission, line.sender
    mark = "" if one.trouble or one.size > LARGEST else one.digest
    return [one.id, line.file, mine.learner, mine.layout, one.path, mark, line.note]


# ------------------------------------------------------------------ what stands beside the submissions


def _name_of(paths):
    only = Path(paths[0])
    return only.resolve().name if len(paths) == 1 and only.is_dir() else ""


def people_in(paths):
    """Return who is behind Gradescope's folders, from the file that its export has beside them."""
    found = {}
    for path in map(Path, paths):
        for text in _texts_in_folder(path) if path.is_dir() else _texts_in_zip(path):
            found |= people_of_gradescope(text)
    return found


def _texts_in_folder(folder):
    for file in sorted(folder.rglob(METADATA)):
        if file.is_file() and not file.is_symlink():
            with file.open("rb") as stream:
                yield stream.read(LARGEST_METADATA).decode("utf-8", "replace")
    for file in sorted(folder.glob("*.zip")):
        yield from _texts_in_zip(file)


def _texts_in_zip(file):
    try:
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                if PurePosixPath(name).name == METADATA:
                    with archive.open(name) as stream:
                        yield stream.read(LARGEST_METADATA).decode("utf-8", "replace")
    except NO_ARCHIVE:
        return  # no archive, or a broken one: `find` says so
