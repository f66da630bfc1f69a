"""The progress file: nothing lost, nothing overwritten, whatever happens to the kernel or the file."""

import os
import random
import signal
import sqlite3
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jupyter_client.manager import start_new_kernel

from momentum_lab import progress
from momentum_lab.progress import FILE, Progress, current, where

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def file(tmp_path):
    return tmp_path / FILE


# ------------------------------------------------------------------ what is kept


def test_events_come_back_in_order_in_another_process(file):
    first = Progress(file)
    assert first.record("attempt", "01.a", status="wrong", mistake="sign") is None
    first.record("hint", "01.a", number=1)
    first.record("attempt", "01.a", status="passed")
    first.record("attempt", "01.b", status="not attempted")
    again = Progress(file)
    assert [e.kind for e in again.events()] == ["attempt", "hint", "attempt", "attempt"]
    assert again.passed() == {"01.a"} and again.hints("01.a") == 1 and again.hints("01.b") == 0
    assert len(again.attempts("01.a")) == 2 and again.attempts("01.b") == []
    assert again.events("attempt", "01.a")[0].detail == {"status": "wrong", "mistake": "sign"}
    assert again.learner == first.learner > 0


NAMES = st.text(max_size=8).filter(lambda name: name not in ("kind", "item", "self"))
VALUES = st.text() | st.integers() | st.booleans() | st.none()


@given(details=st.lists(st.dictionaries(NAMES, VALUES), max_size=5))
def test_any_detail_comes_back(tmp_path_factory, details):
    one = Progress(tmp_path_factory.mktemp("progress") / FILE)
    for detail in details:
        one.record("prediction", "race", **detail)
    assert [e.detail for e in Progress(one.path).events()] == details


def test_reading_makes_no_file(file):
    one = Progress(file)
    assert one.events() == [] and one.passed() == set() and one.learner == 0
    assert not file.exists()


def test_none_keeps_events_for_this_process_only(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MOMENTUM_LAB_PROGRESS", "none")
    assert where() is None and current().record("attempt", "01.x", status="passed") is None
    assert "01.x" in current().passed() and list(tmp_path.iterdir()) == []


def test_the_file_lies_in_the_learners_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("MOMENTUM_LAB_PROGRESS", raising=False)
    (tmp_path / "notebooks" / "deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert where() == tmp_path / FILE
    monkeypatch.chdir(tmp_path / "notebooks")
    assert where() == tmp_path / FILE
    current().record("attempt", "01.x", status="wrong")
    monkeypatch.chdir(tmp_path / "notebooks" / "deep")
    assert where() == tmp_path / FILE and current().events()
    monkeypatch.setenv("MOMENTUM_LAB_PROGRESS", str(tmp_path / "mine.sqlite"))
    assert where() == tmp_path / "mine.sqlite"


# ------------------------------------------------------------------ real kernels


def in_kernel(client, code):
    client.execute_interactive(code, timeout=60, output_hook=lambda message: None)


@pytest.fixture
def kernels(file, monkeypatch):
    monkeypatch.setenv("MOMENTUM_LAB_PROGRESS", str(file))
    open_ones = []

    def start():
        manager, client = start_new_kernel(kernel_name="python3")
        open_ones.append((manager, client))
        return manager, client

    yield start
    for manager, client in open_ones:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()


def test_two_kernels_that_write_at_once_lose_nothing(file, kernels):
    code = (
        "from momentum_lab.progress import current\n"
        "told = [current().record('attempt', f'{name}.{i}', status='passed') for i in range(100)]"
    )
    clients = [kernels()[1] for _ in range(2)]
    for name, client in zip("ab", clients, strict=True):
        client.execute(f"name = {name!r}\n{code}")
    for client in clients:  # answered when the work before it is done
        in_kernel(client, "assert told == [None] * 100")
    events = Progress(file).events()
    assert len(events) == 200 and len({e.item for e in events}) == 200


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_killed_kernel_loses_at_most_the_last_event(file, kernels, tmp_path):
    """Killed at a random moment of 50 writes, eight times; what it had acknowledged is all there."""
    rng = random.Random(4)
    code = (
        "from momentum_lab.progress import current\n"
        "for i in range(50):\n"
        "    current().record('attempt', f'{turn}.{i}', status='passed')\n"
        "    print(i, file=said, flush=True)"
    )
    for turn in range(8):
        manager, client = kernels()
        said = tmp_path / f"said-{turn}"
        in_kernel(client, f"turn, said = {turn}, open({str(said)!r}, 'w')\nfrom momentum_lab import progress")
        client.execute(code)
        while not (said.exists() and said.read_text()):
            time.sleep(0.001)  # waits for an event, passes nothing by itself
        time.sleep(rng.uniform(0, 0.25))
        os.kill(manager.provisioner.pid, signal.SIGKILL)
        acknowledged = len(said.read_text().splitlines())
        kept = [e for e in Progress(file).events() if e.item.startswith(f"{turn}.")]
        assert acknowledged <= len(kept) <= acknowledged + 1
    assert not list(tmp_path.glob("*damaged*"))


# ------------------------------------------------------------------ a file in trouble


def filled(file, count=40):
    for i in range(count):
        Progress(file).record("attempt", f"01.{i}", status="passed")
    return file.read_bytes()


@pytest.mark.parametrize(
    "spoil", [lambda raw: b"no database " * 99, lambda raw: raw[:5000], lambda raw: b"\xff" * len(raw)]
)
def test_a_damaged_file_is_kept_and_announced(file, spoil):
    spoiled = spoil(filled(file))
    file.write_bytes(spoiled)
    one = Progress(file)
    notice = one.record("attempt", "02.a", status="passed")
    aside = file.with_name("momentum-lab-progress.damaged-1.sqlite")
    assert "was damaged" in notice and aside.name in notice and aside.read_bytes() == spoiled
    assert "02.a" in Progress(file).passed()
    assert one.record("attempt", "02.b", status="passed") is None
    file.write_bytes(b"again" * 99)
    assert "damaged-2" in Progress(file).record("attempt", "02.c", status="passed")
    assert aside.read_bytes() == spoiled


def test_who_only_reads_leaves_a_damaged_file_to_the_one_who_can_say_so(file):
    """Such as the page to go on from, whose kernel never records anything."""
    file.write_bytes(filled(file)[:-9000] + b"rubbish" * 99)
    spoiled, reader = file.read_bytes(), Progress(file)
    assert reader.learner == 0 and len(reader.events()) < 40
    assert [found.name for found in file.parent.iterdir()] == [FILE] and file.read_bytes() == spoiled
    assert "was damaged" in Progress(file).record("attempt", "02.a", status="passed")


GOOD = []  # the bytes of a sound file


@example(place=46, rubbish=b"\x00\x05")  # "unsupported file format", which SQLite does not call damage
@example(place=60, rubbish=b"\xff\xff\xff\xff")  # a version below zero
@example(place=3995, rubbish=b",")  # a comma in the note of how a table was made
@example(place=60, rubbish=b"\x00\x00\x00\x00")  # a version of nothing, with tables
@given(place=st.integers(0, 12_000), rubbish=st.binary(min_size=1, max_size=300))
def test_rubbish_anywhere_in_the_file_never_raises(tmp_path_factory, place, rubbish):
    folder = tmp_path_factory.mktemp("rubbish")
    file = folder / FILE
    if not GOOD:
        GOOD.append(filled(file))
    raw = GOOD[0]
    file.write_bytes(raw[:place] + rubbish + raw[place + len(rubbish) :])
    Progress(file).record("attempt", "02.a", status="passed")
    assert "02.a" in {e.item for e in Progress(file).events()} or "newer" in str(Progress(file).record("hint", "x"))


def test_what_can_be_read_of_a_damaged_file_is_carried_over(file):
    filled(file)
    with sqlite3.connect(file) as raw:  # an index that does not fit its table is damage that leaves the rows readable
        raw.execute("CREATE INDEX kinds ON events (kind)")
        raw.execute("PRAGMA writable_schema = ON")
        raw.execute("UPDATE sqlite_master SET sql = 'CREATE INDEX kinds ON events (item)' WHERE name = 'kinds'")
    raw.close()
    notice = Progress(file).record("attempt", "02.a", status="passed")
    assert "with the 40 events" in notice and len(Progress(file).events()) == 41


def test_a_folder_that_cannot_be_written(file, monkeypatch):
    filled(file, 1)
    one = Progress(file.parent / "missing" / FILE)
    notice = one.record("attempt", "02.a", status="passed")
    assert "lasts until the kernel ends" in notice and "02.a" in one.passed()
    assert one.record("attempt", "02.b", status="passed") is None  # told once


def test_a_full_disk(file, monkeypatch):
    filled(file, 1)
    one = Progress(file)

    def full(*_):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(progress, "_migrate", full)
    assert "disk is full" in one.record("attempt", "02.a", status="passed")
    monkeypatch.undo()
    assert one.passed() == {"01.0", "02.a"} and Progress(file).passed() == {"01.0"}


def test_a_locked_file_is_not_a_damaged_one(file, monkeypatch):
    filled(file, 1)
    monkeypatch.setattr(progress, "WAIT", 0.05)
    lock = sqlite3.connect(file, isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    assert "locked" in Progress(file).record("attempt", "02.a", status="passed")
    lock.close()
    assert Progress(file).passed() == {"01.0"} and len(list(file.parent.iterdir())) == 1


def test_only_the_first_of_many_readings_waits_for_a_locked_file(file, monkeypatch):
    filled(file, 1)
    monkeypatch.setattr(progress, "WAIT", 0.05)
    lock, one, waits, connected = sqlite3.connect(file, isolation_level=None), Progress(file), [], progress._connected

    def spied(path, sqlite3, wait=None):
        waits.append(wait)
        return connected(path, sqlite3, wait)

    monkeypatch.setattr(progress, "_connected", spied)
    lock.execute("BEGIN EXCLUSIVE")
    for _ in range(3):
        assert one.passed() == set()
    assert waits == [0.05, 0.05, 0.0, 0.0, 0.0, 0.0]
    assert "locked" in one.record("attempt", "02.a", status="passed") and waits[-1] == 0.05  # a writing does wait
    lock.close()
    assert one.passed() == {"01.0", "02.a"}
    one.passed()
    assert waits[-1] == 0.05


def test_a_newer_file_is_left_alone(file):
    filled(file, 1)
    with sqlite3.connect(file) as raw:
        raw.execute("PRAGMA user_version = 99")
    raw.close()
    before = file.read_bytes()
    assert "newer version of the course" in Progress(file).record("attempt", "02.a", status="passed")
    assert file.read_bytes() == before


def test_an_older_file_is_migrated_and_a_copy_is_kept(file, monkeypatch):
    old = filled(file, 2)
    monkeypatch.setattr(progress, "MIGRATIONS", [*progress.MIGRATIONS, ("ALTER TABLE learner ADD COLUMN name TEXT",)])
    assert Progress(file).passed() == {"01.0", "01.1"}
    assert file.with_name(f"{FILE}.before-version-2").read_bytes() == old
    with sqlite3.connect(file) as raw:
        assert raw.execute("PRAGMA user_version").fetchone() == (2,)
    raw.close()


def test_a_failed_migration_changes_nothing(file, monkeypatch):
    old = filled(file, 2)
    monkeypatch.setattr(
        progress,
        "MIGRATIONS",
        [
            *progress.MIGRATIONS,
            (
                "CREATE TABLE x (y)",
                "NO SQL",
            ),
        ],
    )
    assert "cannot be kept" in Progress(file).record("hint", "01.0", number=1)
    assert file.read_bytes() == old
