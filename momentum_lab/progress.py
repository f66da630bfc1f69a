"""What a learner has done so far: a list of events in one SQLite file in the learner's folder.

Events are only ever added.  Everything else, such as what has passed, is read off the list.  Trouble with
the file never stops a lesson: the event is kept until the kernel ends, and one sentence says so.
"""

import contextlib
import itertools
import json
import os
import random
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

FILE = "momentum-lab-progress.sqlite"
VARIABLE = "MOMENTUM_LAB_PROGRESS"
NOTHING_KEPT = "none"
WAIT = 30.0  # seconds to wait for another kernel that is writing
COURSE_FOLDERS = ("notebooks", "exercises", "solutions")
EVENTS = "SELECT at, kind, item, detail FROM events ORDER BY number"

MIGRATIONS = [
    (
        "CREATE TABLE events (number INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, item TEXT NOT NULL, "
        "detail TEXT NOT NULL)",
        "CREATE TABLE learner (seed INTEGER NOT NULL)",
    ),
]
"""What brings a file of version n to version n + 1."""


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    Attributes
    ----------
    at : str
        UTC, in ISO form.
    kind : str
        "attempt", "hint", "solution" or "prediction".
    item : str
        Such as "01.one_more_line".
    detail : dict
        What belongs to the kind, such as the status of an attempt.
    """

    at: str
    kind: str
    item: str
    detail: dict


def where():
    """Return the path of the progress file, or None where nothing is to be kept (tests, builds, graders)."""
    chosen = os.environ.get(VARIABLE)
    if chosen == NOTHING_KEPT or os.environ.get("NBGRADER_EXECUTION"):
        return None
    if chosen:
        return Path(chosen)
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / FILE).exists():
            return folder / FILE
    return (here.parent if here.name in COURSE_FOLDERS else here) / FILE


_open = {}  # path -> the Progress of this process


def current():
    """Return the progress of the learner whose folder this is."""
    path = where()
    return _open.setdefault(path, Progress(path))


class Unusable(Exception):
    """The file cannot be used now; the message is what the learner should be told."""


class Damaged(Unusable):
    """The file is damaged, and who reads it changes nothing."""


class Progress:
    """The events in one file.

    Parameters
    ----------
    path : Path or None
        The file; it is made with the first event.  None keeps the events of this process only.
    """

    def __init__(self, path):
        self.path = path
        self._kept = []  # events that could not be written, or should not be
        self._told = set()
        self._locked = False  # whether another program held the file when it was last asked for

    # -------------------------------------------------------------- writing and reading

    def record(self, kind, item, **detail):
        """Add one event; return None, or one sentence that the learner should be told (once)."""
        event = Event(datetime.now(UTC).isoformat(timespec="seconds"), kind, item, detail)
        notices = []
        try:
            with self._file(notices) as file:
                row = (event.at, event.kind, event.item, json.dumps(event.detail))
                file.execute("INSERT INTO events (at, kind, item, detail) VALUES (?, ?, ?, ?)", row)
        except Unusable as trouble:
            self._kept.append(event)
            notices.append(str(trouble))
        fresh = [notice for notice in notices if notice and notice not in self._told]
        self._told.update(fresh)
        return " ".join(fresh) or None

    def events(self, kind=None, item=None):
        """Return the events in order, all of them or those of one kind and item."""
        rows = []
        if self.path and self.path.exists():
            try:
                with self._file() as file:
                    rows = file.execute(EVENTS).fetchall()
            except Damaged:  # the next event sets the file aside and says so
                rows = _salvaged(self.path)
            except Unusable:
                pass
        found = [*filter(None, (_event(*row) for row in rows)), *self._kept]
        return [e for e in found if kind in (None, e.kind) and item in (None, e.item)]

    @property
    def learner(self):
        """A whole number drawn once for this learner, by which options are shuffled; 0 before the first event."""
        if self.path and self.path.exists():
            with contextlib.suppress(Unusable), self._file() as file:
                return file.execute("SELECT seed FROM learner").fetchone()[0]
        return 0

    def passed(self):
        """Return the ids of the items that have passed at least once."""
        return {event.item for event in self.events("attempt") if event.detail.get("status") == "passed"}

    def attempts(self, item):
        """Return the attempts at an item, untouched answers left out."""
        return [e for e in self.events("attempt", item) if e.detail.get("status") != "not attempted"]

    def hints(self, item):
        """Return the number of the last hint given for an item, 0 if there was none."""
        return max((event.detail.get("number", 0) for event in self.events("hint", item)), default=0)

    # -------------------------------------------------------------- the file

    @contextlib.contextmanager
    def _file(self, notices=None):
        """Open the file, migrated where needed, for one transaction; mended too, where somebody reads the notices."""
        if self.path is None:
            raise Unusable("")
        # A page reads often, and waits but once for a file that stays locked.
        wait = 0.0 if notices is None and self._locked else WAIT
        try:
            import sqlite3
        except ImportError:
            raise Unusable("This Python has no sqlite3, so your progress lasts until the kernel ends only.") from None
        try:
            if not _is_healthy(self.path, sqlite3, wait):
                if notices is None:
                    raise Damaged("damaged, or no progress file")
                notices.append(_set_aside(self.path, sqlite3))
            with _connected(self.path, sqlite3, wait) as file:
                file.execute("BEGIN IMMEDIATE")  # one writer at a time; the others wait
                self._locked = False
                _migrate(file, self.path)
                yield file
                file.execute("COMMIT")
        except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
            self._locked = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
            raise Unusable(
                f"Your progress cannot be kept in {self.path} ({error}); it lasts until the kernel ends."
            ) from None


def look_into(path):
    """Return the number of the learner and the events in somebody's progress file, which stays as it is.

    Raises
    ------
    Unusable
        If it is damaged, no progress file, or from a newer version of the course.
    """
    import tempfile

    if not path.is_file() or not path.stat().st_size:
        raise Unusable("no progress file, or an empty one")
    with tempfile.TemporaryDirectory() as folder:
        copied = Progress(Path(shutil.copyfile(path, Path(folder, FILE))))
        with copied._file() as file:
            learner = file.execute("SELECT seed FROM learner").fetchone()[0]
        return learner, copied.events()


def _connected(path, sqlite3, wait=WAIT):
    """Open a connection that is closed at the end of its block."""
    file = sqlite3.connect(path, timeout=wait, isolation_level=None)
    file.text_factory = lambda raw: raw.decode("utf-8", "replace")  # a flipped bit must not stop the reading
    return contextlib.closing(file)


def _event(at, kind, item, detail):
    """Return one row as an event, or None if a flipped bit has made it unreadable."""
    with contextlib.suppress(ValueError, TypeError):
        known = json.loads(detail)
        if isinstance(known, dict):
            return Event(at, kind, item, known)
    return None


def _is_healthy(path, sqlite3, wait=WAIT):
    """False if the file is damaged; a file that is missing, locked or out of reach is not damaged."""
    if not path.exists():
        return True
    try:
        with _connected(path, sqlite3, wait) as file:
            file.execute("BEGIN")  # one look at one state: another kernel may be making the file
            if file.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                return False
            version = file.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:  # a file just begun is empty
                return file.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
            if 0 < version <= len(MIGRATIONS):
                if not _tables(version, sqlite3) <= set(file.execute("SELECT name, sql FROM sqlite_master")):
                    return False
                return file.execute("SELECT count(seed) FROM learner").fetchone()[0] == 1
            return version > 0
    except sqlite3.OperationalError as error:
        return (error.sqlite_errorcode & 0xFF) in _out_of_reach(sqlite3)
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return False


def _tables(version, sqlite3):
    """Return the tables of a whole file of this version, as SQLite writes them down."""
    with contextlib.closing(sqlite3.connect(":memory:")) as file:
        for statement in itertools.chain(*MIGRATIONS[:version]):
            file.execute(statement)
        return set(file.execute("SELECT name, sql FROM sqlite_master"))


def _out_of_reach(sqlite3):
    """Error codes of a file that is whole and cannot be used now."""
    names = "PERM BUSY LOCKED NOMEM READONLY INTERRUPT IOERR FULL CANTOPEN PROTOCOL AUTH"
    return {getattr(sqlite3, f"SQLITE_{name}") for name in names.split()}


def _salvaged(path):
    """Return the rows that can still be read of a damaged file."""
    import sqlite3

    rows = []
    with contextlib.suppress(sqlite3.Error, UnicodeDecodeError), _connected(path, sqlite3) as file:
        rows.extend(row for row in file.execute(EVENTS) if all(isinstance(part, str) for part in row))
    return rows


def _set_aside(path, sqlite3):
    """Rename a damaged file, begin a new one with what can still be read, and say so."""
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    rows = _salvaged(path)
    path.rename(aside)
    with _connected(path, sqlite3) as file:
        file.execute("BEGIN IMMEDIATE")
        _migrate(file, path)
        file.executemany("INSERT INTO events (at, kind, item, detail) VALUES (?, ?, ?, ?)", rows)
        file.execute("COMMIT")
    return (
        f"The file of your progress was damaged. It is kept as {aside.name}, and a new one is begun "
        f"with the {len(rows)} events that could still be read."
    )


def _migrate(file, path):
    """Bring an older file up to date, within the open transaction; leave a newer one alone."""
    version = file.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise Unusable(
            f"Your progress in {path.name} was written by a newer version of the course; it is left as it is. "
            "Update the course to go on with it."
        )
    if 0 < version < len(MIGRATIONS):
        shutil.copy2(path, path.with_name(f"{path.name}.before-version-{len(MIGRATIONS)}"))
    for number, statements in enumerate(MIGRATIONS[version:], version + 1):
        for statement in statements:
            file.execute(statement)
        file.execute(f"PRAGMA user_version = {number}")
    if version == 0:
        file.execute("INSERT INTO learner (seed) VALUES (?)", (random.SystemRandom().randrange(1, 2**31),))
