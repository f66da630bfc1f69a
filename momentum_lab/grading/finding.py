"""Find the submissions in files, folders and zip archives.

A file that is named gets a row whatever it is.  In folders and archives everything counts that is a notebook by
its content, whatever it is called, and everything that somebody may have handed in instead of one.  The id of a
submission is its path, without the ending of a notebook; no two submissions have the same.
"""

import io
import os
import stat
import unicodedata
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from momentum_lab.grading.places import LARGEST, NO_ARCHIVE, Place, Stored, digest, members, stored
from momentum_lab.slips import Slip

DOCUMENTS = {
    ".pdf", ".html", ".htm", ".py", ".doc", ".docx", ".odt", ".rtf", ".txt", ".md", ".rar", ".7z", ".gz", ".tar",
    ".json", ".ipynb", ".zip",
}  # fmt: skip
PASSED_OVER = {".ipynb_checkpoints", "__macosx", "__pycache__", ".git"}
NOT_HANDED_IN = {"readme.md", "timestamp.txt"}  # what GitHub Classroom and nbgrader put beside the work
DEEPEST_ZIP = 3
BY_ITSELF = "If this is a whole class, name this archive to the command, or unpack it."


@dataclass(frozen=True)
class Room:
    """How large an archive may be.  One inside another has its own, or it would use up that of the others."""

    members: int = 20_000
    bytes: int = 2 << 30


def _inner_room():
    return Room(members=200, bytes=100 << 20)


@dataclass(frozen=True)
class Submission:
    """What somebody has handed in.

    Attributes
    ----------
    id : str
    content : bytes or Stored
        The file's bytes, or where they are; one byte more than the largest file that is read if it is larger.
    trouble : str
        Why the file could not even be opened.
    path : str
        Where it was found: a path in the folder or archive, with the ending that the id lacks.
    """

    id: str
    content: bytes | Stored = b""
    trouble: str = ""
    path: str = ""

    def read(self):
        """Return the bytes; raise `places.Unread` if they are no longer what they were."""
        return self.content.read() if isinstance(self.content, Stored) else self.content

    @property
    def digest(self):
        """The SHA-256 of the bytes."""
        return self.content.digest if isinstance(self.content, Stored) else digest(self.content)

    @property
    def size(self):
        """How many bytes there are."""
        return self.content.size if isinstance(self.content, Stored) else len(self.content)

    @property
    def opening(self):
        """The first 200 bytes."""
        return self.content.opening if isinstance(self.content, Stored) else self.content[:200]


def find(paths, leave_out=None):
    """Return the submissions in files, folders and archives; of several folders each gives its name to the ids.

    Parameters
    ----------
    paths : list of path
    leave_out : path, optional
        A folder that holds no submissions, such as the one that is written to.

    Raises
    ------
    Slip
        If a path is not there or a folder holds nothing at all.
    """
    paths, found = [Path(path) for path in paths], []
    for path in paths:
        if path.is_dir():
            inside = list(_in_folder(path, leave_out and Path(leave_out).resolve()))
            if len(paths) > 1:
                name = _text(path.resolve().name)
                inside = [replace(one, id=f"{_id(name)}/{one.id}", path=f"{name}/{one.path}") for one in inside]
            if not inside:
                raise Slip(f"There is no submission in the folder {path}.")
            found += inside
        elif path.exists():
            found += _in_file(path, path.name, depth=0, named=True)
        else:
            raise Slip(f"There is no file or folder {path}.")
    return unique(found)


def unique(submissions):
    """Return the submissions in the order of their ids, with a number behind an id that comes again."""
    taken, result = set(), []
    for one in sorted(submissions, key=lambda s: (s.id, s.digest)):
        name, number = one.id, 1
        while name in taken:
            number += 1
            name = f"{one.id} ({number})"
        taken.add(name)
        result.append(replace(one, id=name))
    return sorted(result, key=lambda s: s.id)


def _in_folder(folder, leave_out):
    """Yield what lies in a folder, and a row for a person's folder in which there is no notebook."""
    by_top, closed = _listed(folder, leave_out)
    for top, files in by_top.items():
        found = [one for file in sorted(files) for one in _in_file(folder / file, file.as_posix(), 0, named=False)]
        found += closed.get(top, [])
        if top is not None and not found:
            held = ", ".join(sorted(file.name for file in files)[:3]) or "nothing"
            found = [_found(top, trouble=f"There is no notebook in this folder, but {held}.")]
        yield from found


def _listed(folder, leave_out):
    """Return the files by the folder at the top, and by the same the rows for folders that may not be read."""
    by_top, closed = {}, {}

    def closed_to_us(error):
        inside = Path(error.filename).relative_to(folder)
        row = _found(inside.as_posix(), trouble=f"The folder could not be read: {error.strerror}.")
        by_top.setdefault(_top(inside), [])
        closed.setdefault(_top(inside), []).append(row)

    for parent, folders, names in os.walk(folder, onerror=closed_to_us):
        folders[:] = [
            name for name in folders if name.lower() not in PASSED_OVER and (Path(parent) / name).resolve() != leave_out
        ]
        inside = Path(parent).relative_to(folder)
        by_top.setdefault(_top(inside), []).extend(inside / name for name in names)
    return by_top, closed


def _top(inside):
    """Return the first folder of a path, which may be a person's; None for the folder that was named."""
    return inside.parts[0] if inside.parts else None


def _in_file(path, name, depth, named):
    """Return the submissions in one file: itself, what an archive holds, or none."""
    try:
        if not stat.S_ISREG(path.stat().st_mode if named else path.lstat().st_mode):
            return []  # a link in somebody's folder may lead anywhere
        with path.open("rb") as stream:
            if zipfile.is_zipfile(stream):
                return _in_zip(stream, name, depth, Room() if named else _inner_room(), Place(path.absolute()))
            stream.seek(0)
            data = stream.read(LARGEST + 1)
    except OSError as error:
        return [_found(name, trouble=f"The file could not be read: {error.strerror}.")]
    return [_found(name, stored(Place(path.absolute()), data))] if named or _handed_in(name, data) else []


def _in_zip(stream, name, depth, room, place):
    """Return the submissions in an archive, read in memory: nothing is unpacked to the disk."""
    if depth >= DEEPEST_ZIP:
        return [_found(name, trouble="There are too many archives in one another.")]
    try:
        archive = zipfile.ZipFile(stream)
        inside = members(archive)
    except NO_ARCHIVE:
        return [_found(name, trouble="The zip archive is broken; make it again.")]
    declared = sum(info.file_size for _, info in inside if info.file_size <= LARGEST)
    if len(inside) > room.members or declared > room.bytes:  # no member yields more than the size it declares
        return [_found(name, trouble=f"The archive is too large when it is unpacked. {BY_ITSELF}")]
    found = []
    for number, info in inside:
        if not any(part.lower() in PASSED_OVER for part in PurePosixPath(info.filename).parts):
            path = f"{PurePosixPath(name).with_suffix('')}/{info.filename}"
            found += _in_member(archive, info, path, depth, replace(place, members=(*place.members, number)))
    return found or [_found(name, trouble="There is no notebook in this archive.")]


def _in_member(archive, info, path, depth, place):
    """Return the submissions in one member of an archive."""
    if info.file_size > LARGEST:
        return [_found(path, trouble=f"The file is larger than {LARGEST >> 20} MB; clear the outputs.")]
    try:
        with archive.open(info) as member:
            data = member.read(LARGEST)
    except NO_ARCHIVE:
        return [_found(path, trouble="It could not be unpacked: it is broken or has a password.")]
    if zipfile.is_zipfile(io.BytesIO(data)) and not info.filename.lower().endswith((".docx", ".odt")):
        return _in_zip(io.BytesIO(data), path, depth + 1, _inner_room(), place)
    return [_found(path, stored(place, data))] if _handed_in(info.filename, data) else []


def _handed_in(name, data):
    """True for what is a notebook by its content, or may have been handed in for one."""
    path = PurePosixPath(str(name).replace("\\", "/"))  # some archives from Windows have .\hw.ipynb
    if path.name.startswith(".") or path.name.lower() in NOT_HANDED_IN:
        return False
    opening = data[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    return path.suffix.lower() in DOCUMENTS or opening.startswith(b"{") or ".ipynb" in path.name.lower()


def _found(name, content=b"", trouble=""):
    return Submission(_id(name), content, trouble, _text(name))


def _id(name):
    """Return a path as an id: without the ending of a notebook."""
    return _text(name).removesuffix(".ipynb") or _text(name)


def _text(name):
    """Return a path as a text: composed accents, and no bytes that are no text."""
    return unicodedata.normalize("NFC", str(name)).encode("utf-8", "backslashreplace").decode("utf-8")
