"""A batch is never in the memory at once, and what is read again is what was found."""

import importlib
import io
import json
import os
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest
from grading_samples import CHEAP, POINTS, ROOT, code, data, notebook

from momentum_lab import cli
from momentum_lab.grading import places
from momentum_lab.grading.finding import Submission, find
from momentum_lab.grading.grade import grade
from momentum_lab.grading.store import Store

module = importlib.import_module("momentum_lab.grading.grade")
MEGABYTE = 1 << 20
SIZE, ALLOWED = 5 * MEGABYTE, 150 * MEGABYTE
GRADE = """
import json, pathlib, re, sys
from momentum_lab.grading.finding import find
from momentum_lab.grading.grade import grade

def peak():
    status = pathlib.Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\\s*(\\d+) kB", status)[1]) * 1024

if __name__ == "__main__":
    grade(find([sys.argv[1]]), sys.argv[3], jobs=2, sandbox="none")
    before = peak()
    rows = grade(find([sys.argv[2]]), sys.argv[3], jobs=2, sandbox="none")
    print(json.dumps([peak() - before, len(rows), sorted({row.status for row in rows})]))
"""


@cache
def _large():
    """A notebook of another lesson with a large output, around the place of its number."""
    nb = notebook("01")
    shown = {"output_type": "stream", "name": "stdout", "text": "NUMBER" + "x" * SIZE}
    nb["cells"].append(code("print(1)") | {"outputs": [shown]})
    return data(nb).split(b"NUMBER")


def large(number):
    return str(number).encode().join(_large())


def zipped(contents):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in contents:
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
@pytest.mark.parametrize("inner", [False, True], ids=["an archive", "archives in an archive"])
@pytest.mark.parametrize("count", [60, pytest.param(200, marks=pytest.mark.full)])
def test_the_parent_holds_a_part_of_the_batch_only(tmp_path, count, inner):
    """Notebooks of another lesson: all of them are found, read and turned away, and none needs a sandbox."""
    members = ((f"s{i}.ipynb", large(i)) for i in range(count))
    if inner:
        members = ((f"{i}.zip", zipped([("hw.ipynb", large(i))])) for i in range(count))
    (tmp_path / "class.zip").write_bytes(zipped(members))
    (tmp_path / "one.ipynb").write_bytes(data(notebook("01")))
    script = tmp_path / "measure.py"
    script.write_text(GRADE)
    done = subprocess.run(
        [sys.executable, script, tmp_path / "one.ipynb", tmp_path / "class.zip", CHEAP],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    grown, found, statuses = json.loads(done.stdout)
    print(f"{count} submissions: {grown / MEGABYTE:.0f} MB")
    assert found == count and statuses == ["unmatched"]
    assert MEGABYTE < grown < ALLOWED <= count * SIZE / 2


class Watching(ThreadPoolExecutor):
    """Knows the most bytes that were in its hands at one time."""

    held, most = 0, 0

    def submit(self, function, content, *arguments):
        self.held += len(content)
        self.most = max(self.most, self.held)
        future = super().submit(function, content, *arguments)
        future.add_done_callback(lambda done: self._give_back(len(content)))
        return future

    def _give_back(self, size):
        self.held -= size


def test_an_executor_is_given_so_many_bytes_at_a_time(tmp_path, monkeypatch):
    size = len(large(0))
    (tmp_path / "class.zip").write_bytes(zipped((f"s{i}.ipynb", large(i)) for i in range(9)))
    for room in (3 * size + 100, size // 2):
        monkeypatch.setattr(module, "BYTES_AT_ONCE", room)
        with Watching(1) as pool:
            rows = grade(find([tmp_path / "class.zip"]), CHEAP, pool, sandbox="none")
        assert len(rows) == 9 and size <= pool.most <= max(room, size)


def test_there_is_room_for_so_many_or_so_large(monkeypatch):
    monkeypatch.setattr(module, "BYTES_AT_ONCE", 100)

    def room(size, *others, jobs=1):
        running = {number: Submission("x", b" " * other) for number, other in enumerate(others)}
        return module._is_room(Submission("y", b" " * size), running, jobs)

    assert room(40, 30, 30) and not room(41, 30, 30)
    assert room(1, *[1] * 7) and not room(1, *[1] * 8) and room(1, *[1] * 8, jobs=2)


# ------------------------------------------------------------------ read again


def test_every_submission_can_be_read_again(tmp_path):
    texts = {name: f"{{{name}".encode() for name in ("plain", "first", "second", "deep", "deeper")}
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = zipped([("hw.ipynb", texts["first"]), ("folder/", b""), ("hw.ipynb", texts["second"])])
    nested = zipped([("a.ipynb", texts["deep"]), ("b.zip", zipped([("c.ipynb", texts["deeper"])]))])
    (tmp_path / "plain.ipynb").write_bytes(texts["plain"])
    (tmp_path / "twice.zip").write_bytes(twice)
    (tmp_path / "outer.zip").write_bytes(zipped([("inner.zip", nested)]))
    found = find([tmp_path])
    assert {one.read() for one in found} == set(texts.values()) and len(found) == 5
    for one in found:
        assert (one.digest, one.size, one.opening) == (places.digest(one.read()), len(one.read()), one.read())
    (tmp_path / "outer.zip").write_bytes(zipped([("inner.zip", zipped([("a.ipynb", b"{other"), ("b.zip", b"")]))]))
    for one in found:
        if "outer" in one.id:
            with pytest.raises(places.Unread):
                one.read()


@pytest.mark.sandbox
def test_a_file_that_changes_under_way_is_one_row(tmp_path):
    for name in ("a", "changed", "gone"):
        (tmp_path / f"{name}.ipynb").write_bytes(data(notebook() | {"name": name}))
    found = find([tmp_path])
    (tmp_path / "changed.ipynb").write_bytes(data(notebook()))
    (tmp_path / "gone.ipynb").unlink()
    with Store() as store:
        options = {"sandbox": "bwrap", "store": store}
        good, changed, gone = grade(found, CHEAP, **options)
        assert (good.status, good.score) == ("graded", POINTS)
        assert (changed.status, gone.status) == ("killed", "killed")
        assert "was changed" in changed.reason and "can no longer be read" in gone.reason
        assert [row.status for row in grade(find([tmp_path]), CHEAP, **options)] == ["graded", "graded"]


def test_collecting_says_in_a_sentence_that_a_file_has_changed(tmp_path, monkeypatch, capsys):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.ipynb").write_bytes(data(notebook()))
    found = find([tmp_path / "in"])
    (tmp_path / "in" / "a.ipynb").write_bytes(b"{}")
    monkeypatch.setattr("momentum_lab.grading.collecting.find", lambda *a, **k: found)
    assert cli.main(["collect", str(tmp_path / "in"), "--out", str(tmp_path / "out")]) == 1
    assert "was changed" in capsys.readouterr().err and not (tmp_path / "out").exists()
