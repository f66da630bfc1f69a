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

from momentum_lab.grading.reader import LARGEST
from momentum_lab.slips import Slip

DOCUMENTS = {
    ".pdf", ".html", ".htm", ".py", ".doc", ".docx", ".odt", ".rtf", ".txt", ".md", ".rar", ".7z", ".gz", ".tar",
    ".json", ".ipynb",
}  # fmt: skip
PASSED_OVER = {".ipynb_checkpoints", "__macosx", "__pycache__", ".git"}
DEEPEST_ZIP = 3
BY_ITSELF = "If this is a whole class, name this archive to the command, or unpack it."


@dataclass
class Room:
    """How much of an archive is read.  One inside another has its own, or it would use up that of the others."""

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
    data : bytes
        The file's; one byte more than the largest file that is read if it is larger.
    trouble : str
        Why the file could not even be opened.
    """

    id: str
    data: bytes = b""
    trouble: str = ""


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
                inside = [replace(one, id=f"{_id(path.resolve().name)}/{one.id}") for one in inside]
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
    for one in sorted(submissions, key=lambda s: (s.id, s.data)):
        name, number = one.id, 1
        while name in taken:
            number += 1
            name = f"{one.id} ({number})"
        taken.add(name)
        result.append(Submission(name, one.data, one.trouble))
    return sorted(result, key=lambda s: s.id)


def _in_folder(folder, leave_out):
    """Yield what lies in a folder, and a row for a person's folder in which there is no notebook."""
    by_top = {}
    for parent, folders, names in os.walk(folder):
        folders[:] = [
            name for name in folders if name.lower() not in PASSED_OVER and (Path(parent) / name).resolve() != leave_out
        ]
        inside = Path(parent).relative_to(folder)
        for name in names:
            by_top.setdefault(inside.parts[0] if inside.parts else None, []).append(inside / name)
        if len(inside.parts) == 1 and not names and not folders:
            by_top.setdefault(inside.parts[0], [])
    for top, files in by_top.items():
        found = [one for file in sorted(files) for one in _in_file(folder / file, file.as_posix(), 0, named=False)]
        if top is not None and not found:
            held = ", ".join(sorted(file.name for file in files)[:3]) or "nothing"
            found = [Submission(_id(top), trouble=f"There is no notebook in this folder, but {held}.")]
        yield from found


def _in_file(path, name, depth, named):
    """Return the submissions in one file: itself, what an archive holds, or none."""
    try:
        if not stat.S_ISREG(path.stat().st_mode if named else path.lstat().st_mode):
            return []  # a link in somebody's folder may lead anywhere
        with path.open("rb") as stream:
            if zipfile.is_zipfile(stream):
                return _in_zip(stream, name, depth, Room() if named else _inner_room())
            stream.seek(0)
            data = stream.read(LARGEST + 1)
    except OSError as error:
        return [Submission(_id(name), trouble=f"The file could not be read: {error.strerror}.")]
    return [Submission(_id(name), data)] if named or _handed_in(name, data) else []


def _in_zip(stream, name, depth, room):
    """Return the submissions in an archive, read in memory: nothing is unpacked to the disk."""
    if depth >= DEEPEST_ZIP:
        return [Submission(_id(name), trouble="There are too many archives in one another.")]
    try:
        archive = zipfile.ZipFile(stream)
        members = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return [Submission(_id(name), trouble="The zip archive is broken; make it again.")]
    found = []
    for info in members[: room.members]:
        if not any(part.lower() in PASSED_OVER for part in PurePosixPath(info.filename).parts):
            inside = f"{PurePosixPath(name).with_suffix('')}/{info.filename}"
            found += _in_member(archive, info, inside, depth, room)
        if room.bytes <= 0:
            return [*found, Submission(_id(name), trouble=f"The archive is too large when it is unpacked. {BY_ITSELF}")]
    if len(members) > room.members:
        found.append(Submission(_id(name), trouble=f"Only the first {room.members} files were read. {BY_ITSELF}"))
    return found or [Submission(_id(name), trouble="There is no notebook in this archive.")]


def _in_member(archive, info, inside, depth, room):
    """Return the submissions in one file of an archive."""
    try:
        with archive.open(info) as member:
            data = member.read(LARGEST + 1)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        return [Submission(_id(inside), trouble="It could not be unpacked: it is broken or has a password.")]
    if (
        depth or len(data) <= LARGEST
    ):  # in the outermost archive what is too large is not kept, and costs the others nothing
        room.bytes -= len(data)
    if len(data) > LARGEST:
        return [Submission(_id(inside), trouble=f"The file is larger than {LARGEST >> 20} MB; clear the outputs.")]
    if zipfile.is_zipfile(io.BytesIO(data)) and not info.filename.lower().endswith((".docx", ".odt")):
        return _in_zip(io.BytesIO(data), inside, depth + 1, _inner_room())
    return [Submission(_id(inside), data)] if _handed_in(info.filename, data) else []


def _handed_in(name, data):
    """True for what is a notebook by its content, or may have been handed in for one."""
    path = PurePosixPath(name)
    if path.name.startswith("."):
        return False
    opening = data[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    return path.suffix.lower() in DOCUMENTS or opening.startswith(b"{") or ".ipynb" in path.name.lower()


def _id(name):
    """Return a path as an id: composed accents, no ending, and no bytes that are no text."""
    text = unicodedata.normalize("NFC", str(name)).encode("utf-8", "backslashreplace").decode("utf-8")
    return text.removesuffix(".ipynb") or text
