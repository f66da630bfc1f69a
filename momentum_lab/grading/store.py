"""Keep what has been graded, so that a batch can be interrupted and an exercise graded anew.

An outcome is stored for the content of a file, and holds the mark of the check that it comes from.  It is used
again as long as the file, the check and the grader are the same; when one check is edited, only its question is
run again.  What a person decides by hand stands in a table of its own and outlives every new run.
"""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from momentum_lab.grading.assess import settings_mark
from momentum_lab.grading.matching import graded
from momentum_lab.grading.outcome import fingerprint

TABLES = """
create table if not exists results (
    content text not null, settings text not null, result text not null, primary key (content, settings)
);
create table if not exists overrides (
    submission text not null, question text not null, points real not null, reason text not null,
    primary key (submission, question)
);
"""


class Store:
    """The file `grading.sqlite` of an output folder; ":memory:" keeps nothing.

    Parameters
    ----------
    file : path or ":memory:"
    """

    def __init__(self, file=":memory:"):
        if str(file) != ":memory:":
            Path(file).parent.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(file, timeout=60)
        self._base.execute("pragma journal_mode = wal")
        self._base.executescript(TABLES)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def close(self):
        """Close the file."""
        self._base.close()

    def finished(self, content, settings, only=()):
        """Return (result or None, known outcomes by question) for a file by the SHA-256 of its content.

        The result is there if nothing of it has to be run again.
        """
        row = self._one(
            "select result from results where content = ? and settings = ?", content, settings_mark(settings)
        )
        if row is None:
            return None, {}
        result = json.loads(row[0])
        entries = graded(settings.entries)
        known = {
            key: outcome
            for key, outcome in result["questions"].items()
            if key in entries and outcome["check"] == fingerprint(entries[key]) and key not in only
        }
        complete = not only and (not result["questions"] or list(known) == list(entries))
        return (result if complete else None), known

    def keep(self, content, settings, result):
        """Store a result; one that failed through a fault of the grader is not kept."""
        if result.get("failed"):
            return
        text = json.dumps(result)
        with self._base:
            self._base.execute(
                "insert or replace into results values (?, ?, ?)", (content, settings_mark(settings), text)
            )

    def override(self, submission, question, points, reason):
        """Put a person's points in the place of the grader's."""
        with self._base:
            row = (submission, question, float(points), reason)
            self._base.execute("insert or replace into overrides values (?, ?, ?, ?)", row)

    def overrides(self):
        """Return {(submission, question): (points, reason)}."""
        with closing(self._base.execute("select * from overrides")) as rows:
            return {(submission, question): (points, reason) for submission, question, points, reason in rows}

    def _one(self, question, *values):
        with closing(self._base.execute(question, values)) as rows:
            return rows.fetchone()
