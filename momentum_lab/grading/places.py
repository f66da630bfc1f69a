"""Where the bytes of a submission are, so that a batch of any size is never in the memory at once.

A submission is read once when it is found, to see what it is, and then forgotten; who needs its bytes reads them again.
The digest says whether they are still the same.
"""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from momentum_lab.slips import Slip

LARGEST = 50 << 20
"""Bytes of the largest file that is read; of a larger one, one byte more."""


class Unread(Slip):
    """The bytes are not there any more, or are others: one sentence."""


@dataclass(frozen=True)
class Place:
    """A file, or a member of an archive.

    Attributes
    ----------
    file : Path
        On the disk.
    members : tuple of int
        The numbers of the members in the archives, from the outermost one in; none for the file itself.
    """

    file: Path
    members: tuple = ()

    def read(self):
        """Return the bytes, at most `LARGEST` + 1."""
        if not self.members:
            with self.file.open("rb") as stream:
                return stream.read(LARGEST + 1)
        *outer, last = self.members
        if not outer:
            with self.file.open("rb") as stream:
                return _member(stream, last)
        state = self.file.stat()
        return _member(io.BytesIO(_archive(Place(self.file, tuple(outer)), state.st_mtime_ns, state.st_size)), last)


@dataclass(frozen=True)
class Stored:
    """The bytes at a place, by what is known of them without reading them again.

    Attributes
    ----------
    place : Place
    digest : str
        SHA-256 of the bytes.
    size : int
    opening : bytes
        The first 200 of them.
    """

    place: Place
    digest: str
    size: int
    opening: bytes

    def read(self):
        """Return the bytes.

        Raises
        ------
        Unread
            If they are not what they were.
        """
        try:
            data = self.place.read()
        except (*NO_ARCHIVE, IndexError) as error:
            raise Unread(f"The file can no longer be read ({type(error).__name__}); start again.") from None
        if digest(data) != self.digest:
            raise Unread("The file was changed after it was found; start again.")
        return data


NO_ARCHIVE = (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError)
"""What comes of reading an archive that is broken, closed with a password, or packed in a way nobody knows."""


def digest(data):
    """Return the SHA-256 of bytes as a text."""
    return hashlib.sha256(data).hexdigest()


def stored(place, data):
    """Return the bytes at a place without the bytes."""
    return Stored(place, digest(data), len(data), data[:200])


def members(archive):
    """Return the number and the entry of every file in an archive."""
    return [(number, info) for number, info in enumerate(archive.infolist()) if not info.is_dir()]


def _member(stream, number):
    with zipfile.ZipFile(stream) as archive, archive.open(archive.infolist()[number]) as member:
        return member.read(LARGEST + 1)


@lru_cache(maxsize=1)
def _archive(place, *state):
    """Keep one archive that lies in another: what it holds is read one after the other.  `state` tells it apart."""
    return place.read()
