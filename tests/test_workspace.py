"""A learner's folder: whatever happens to it, what the learner wrote stays.

Most tests use a small course of their own, so that a release can change and delete what it likes.
"""

import contextlib
import errno
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from momentum_lab import edition
from momentum_lab.slips import Slip
from momentum_lab.workspace import ledger as ledgers
from momentum_lab.workspace.finding import version_in
from momentum_lab.workspace.originals import originals
from momentum_lab.workspace.restoring import restore
from momentum_lab.workspace.texts import fingerprint
from momentum_lab.workspace.updating import copy, update
from momentum_lab.workspace.writing import refusal

ROOT = Path(__file__).resolve().parent.parent
ONE, TWO, SHEET, PAGE = "notebooks/01_one.ipynb", "notebooks/02_two.ipynb", "exercises/02_two.ipynb", "docs/page.md"


def notebook(*texts, answer=None):
    """Return a small notebook as bytes; with an answer, one exercise is in it."""
    cells = [
        {"cell_type": "code", "id": f"c{n}", "metadata": {}, "source": [text], "outputs": [], "execution_count": None}
        for n, text in enumerate(texts)
    ]
    if answer:
        ours = {"momentum_lab": {"item": "02.sum", "role": "answer"}}
        cells.append({**cells[0], "id": "sum-answer", "metadata": ours, "source": [answer]})
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


FIRST = {
    ONE: notebook("one"),
    TWO: notebook("two", answer="return ..."),
    SHEET: notebook("sheet", answer="return ..."),
    PAGE: b"# A page\n",
}
SECOND = {ONE: notebook("one, better"), SHEET: FIRST[SHEET], PAGE: b"# A better page\n", "docs/new.md": b"# New\n"}


def edit(file, text):
    """Write into the first cell of a notebook, or at the end of a page, as a learner does."""
    if file.suffix != ".ipynb":
        file.write_bytes(file.read_bytes() + text.encode())
        return
    content = json.loads(file.read_bytes())
    content["cells"][0]["source"] = [text]
    file.write_text(json.dumps(content, indent=1), "utf-8")


def run_all(file):
    """Leave outputs and counts behind, as running a notebook does."""
    content = json.loads(file.read_bytes())
    for n, cell in enumerate(content["cells"]):
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": [f"{random.random()}\n"]}]
        cell["execution_count"] = n
    content["metadata"]["kernelspec"] = {"name": "python3"}
    file.write_text(json.dumps(content, indent=1), "utf-8")


def everything(folder):
    """Return {path: bytes} of a folder."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture
def mine(tmp_path):
    """A learner's folder, with a name that is awkward."""
    folder = tmp_path / "Mes leçons d'été"
    copy(folder, FIRST, "0.1.0")
    return folder


# ------------------------------------------------------------------------------------------- the first copy


def test_the_first_copy_is_the_course_and_a_ledger(mine):
    files = everything(mine)
    assert files.pop(ledgers.FILE) and files == FIRST
    assert version_in(mine) == "0.1.0"


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(Slip, match="holds other files already"):
        copy(tmp_path, FIRST)
    assert everything(tmp_path) == {"thesis.tex": b"years of work"}


def test_a_folder_with_hidden_files_only_is_empty(tmp_path):
    (tmp_path / ".git").mkdir()
    assert copy(tmp_path, FIRST).new == list(FIRST)


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OSError) as trouble:
        copy(tmp_path / "file", FIRST)
    assert "is not a folder" in refusal(trouble.value)
    assert (tmp_path / "file").read_text() == "mine"


def test_the_checkout_is_no_copy():
    for act in (copy, update):
        with pytest.raises(Slip, match="the course itself"):
            act(ROOT)


def test_the_changelog_comes_along_as_a_page():
    assert originals()["docs/whats_new.md"] == (ROOT / "CHANGELOG.md").read_bytes()


def test_pages_for_those_who_teach_and_grade_stay_out():
    for path in ("docs/grading.md", "docs/class_tools.md"):
        assert (ROOT / path).exists() and path not in originals()


def test_whatever_a_page_links_to_comes_along(tmp_path):
    mine = tmp_path / "mine"
    copy(mine)
    seen = 0
    for file in mine.rglob("*.*"):
        text = file.read_text("utf-8") if file.suffix in (".md", ".ipynb") else ""
        original = ROOT / file.relative_to(mine)
        for target in re.findall(r"\]\(([^)\s#:]+)[^):]*\)", text):
            seen += 1
            assert (file.parent / target).exists() or not (original.parent / target).exists(), f"{file.name}: {target}"
    assert seen > 100


# ------------------------------------------------------------------------------------------------ updating


def test_work_in_lessons_that_a_release_changes_and_deletes_is_kept(mine):
    edit(mine / ONE, "my one")
    edit(mine / TWO, "my two")
    before = everything(mine)
    outcome = update(mine, SECOND, "0.2.0")
    after = everything(mine)
    assert after[ONE] == before[ONE] and after[TWO] == before[TWO]
    assert after["notebooks/01_one (new in 0.2.0).ipynb"] == SECOND[ONE]
    said = str(outcome)
    assert f"{ONE}  ->  01_one (new in 0.2.0).ipynb" in said
    assert f"No longer part of the course; yours stay where they are (1):\n  {TWO}" in said
    assert outcome.replaced == [PAGE] and outcome.new == ["docs/new.md"]
    again = update(mine, SECOND, "0.2.0")
    assert str(again) == "Nothing to do: these are the lessons of version 0.2.0 already."
    assert everything(mine) == after


def test_running_a_lesson_is_no_change(mine):
    run_all(mine / ONE)
    assert update(mine, SECOND, "0.2.0").replaced == [PAGE, ONE] or (mine / ONE).read_bytes() == SECOND[ONE]
    run_all(mine / ONE)
    before = everything(mine)
    assert str(update(mine, SECOND, "0.2.0")).startswith("Nothing to do")
    assert everything(mine) == before, "outputs are a learner's too"


def test_what_was_deleted_stays_deleted(mine):
    (mine / ONE).unlink()
    (mine / PAGE).unlink()
    outcome = update(mine, {**FIRST, ONE: SECOND[ONE]}, "0.2.0")
    assert outcome.deleted == [ONE] and "you deleted them" in str(outcome)
    assert not (mine / ONE).exists() and not (mine / PAGE).exists()
    assert str(update(mine, {**FIRST, ONE: SECOND[ONE]}, "0.2.0")).startswith("Nothing to do")


@pytest.mark.parametrize(
    "damage", [None, b"", b"{", b"[]", b"\xff\xfe", b'{"files": 3}', b'{"format": 1, "files": {}}']
)
@pytest.mark.parametrize("act", [copy, update])
def test_without_its_ledger_nothing_is_overwritten(mine, damage, act):
    edit(mine / ONE, "my one")
    before = everything(mine)
    if damage is None:
        (mine / ledgers.FILE).unlink()
    else:
        (mine / ledgers.FILE).write_bytes(damage)
    outcome = act(mine, SECOND, "0.2.0")
    assert "lost or damaged, so no file was overwritten" in str(outcome)
    after = everything(mine)
    assert all(after[path] == before[path] for path in FIRST)
    assert [path for path, _ in outcome.beside] == [ONE, PAGE]
    assert str(act(mine, SECOND, "0.2.0")).startswith("Nothing to do")


def test_a_ledger_from_a_newer_version_is_not_understood_and_not_touched(mine):
    (mine / ledgers.FILE).write_text('{"format": 2, "version": "9", "files": {}}')
    before = everything(mine)
    with pytest.raises(Slip, match="by a newer version"):
        update(mine, SECOND)
    assert everything(mine) == before


def test_a_name_that_is_taken_is_left_alone(mine):
    edit(mine / ONE, "my one")
    taken = mine / "notebooks" / "01_one (new in 0.2.0).ipynb"
    taken.write_bytes(notebook("my notes"))
    outcome = update(mine, SECOND, "0.2.0")
    assert outcome.beside == [(ONE, "01_one (new in 0.2.0, 2).ipynb")]
    assert taken.read_bytes() == notebook("my notes")


@pytest.mark.parametrize("content", [b"", b"{", b"not a notebook", b'{"cells": 3}', b"\xff"])
def test_a_damaged_notebook_is_work_too(mine, content):
    (mine / ONE).write_bytes(content)
    update(mine, SECOND, "0.2.0")
    assert (mine / ONE).read_bytes() == content


def test_a_folder_or_a_dead_link_in_the_place_of_a_file_stays(mine):
    (mine / ONE).unlink()
    (mine / ONE).mkdir()
    (mine / PAGE).unlink()
    if os.name != "nt":
        (mine / PAGE).symlink_to("nowhere.md")
    update(mine, SECOND, "0.2.0")
    assert (mine / ONE).is_dir()
    assert os.name == "nt" or os.readlink(mine / PAGE) == "nowhere.md"


def test_names_work_on_windows():
    for path in [*originals(), "x (new in 0.2.0, 2).ipynb", "x (yours before restoring).ipynb"]:
        assert not re.search(r'[<>:"|?*\\]', path) and len(path) < 80


def test_an_update_needs_a_copy(tmp_path):
    with pytest.raises(Slip, match="holds no copy of the course; one is made by: momentum-lab start"):
        update(tmp_path, FIRST)


# ----------------------------------------------------------------------------------------------- restoring


def test_a_lesson_is_restored_and_yours_is_kept(mine):
    edit(mine / TWO, "my two")
    before = (mine / TWO).read_bytes()
    assert "02_two (yours before restoring).ipynb" in str(restore("02", mine, FIRST))
    assert (mine / TWO).read_bytes() == FIRST[TWO]
    assert (mine / "notebooks/02_two (yours before restoring).ipynb").read_bytes() == before
    assert str(restore("02", mine, FIRST)) == "Nothing to do: 02 is as the course comes with it."


@pytest.mark.parametrize("name", ["02", "02_two", "02_two.ipynb", TWO, "notebooks\\02_two.ipynb"])
def test_a_deleted_lesson_comes_back_under_any_of_its_names(mine, name):
    (mine / TWO).unlink()
    assert restore(name, mine, FIRST).files == ((TWO, None),)
    assert (mine / TWO).read_bytes() == FIRST[TWO]
    changed = {**FIRST, TWO: notebook("two, better")}
    assert update(mine, changed, "0.2.0").replaced == [TWO], "it does not count as deleted any more"


def test_one_answer_is_restored_wherever_it_was_changed(mine):
    content = json.loads((mine / TWO).read_bytes())
    content["cells"][0]["source"], content["cells"][1]["source"] = ["my notes ü"], ["return 'wrong' # \ud800"]
    (mine / TWO).write_text(json.dumps(content))
    before = (mine / TWO).read_bytes()
    restored = restore("02.sum", mine, FIRST)
    assert restored.files == ((TWO, "02_two (yours before restoring).ipynb"),)
    cells = json.loads((mine / TWO).read_bytes())["cells"]
    assert [cell["source"] for cell in cells] == [["my notes ü"], ["return ..."]]
    assert (mine / "notebooks/02_two (yours before restoring).ipynb").read_bytes() == before
    assert str(restore("02.sum", mine, FIRST)).startswith("Nothing to do")


def test_a_deleted_answer_cell_comes_back_to_its_place(mine):
    content = json.loads((mine / SHEET).read_bytes())
    content["cells"] = [content["cells"][0], {**content["cells"][0], "id": "own", "source": ["my own"]}]
    (mine / SHEET).write_text(json.dumps(content))
    restore("02.sum", mine, FIRST)
    assert [c["id"] for c in json.loads((mine / SHEET).read_bytes())["cells"]] == ["c0", "sum-answer", "own"]


def test_a_pasted_answer_cell_is_known_by_its_exercise(mine):
    content = json.loads((mine / TWO).read_bytes())
    content["cells"][1].update(id="fresh", source=["return 3"])
    (mine / TWO).write_text(json.dumps(content))
    restore("02.sum", mine, FIRST)
    assert [c["source"] for c in json.loads((mine / TWO).read_bytes())["cells"]] == [["two"], ["return ..."]]


def test_an_answer_restored_in_an_old_lesson_hides_no_news(mine):
    edit(mine / TWO, "my two")
    content = json.loads((mine / TWO).read_bytes())
    content["cells"][1]["source"] = ["return 3"]
    (mine / TWO).write_text(json.dumps(content))
    news = {**FIRST, TWO: notebook("two, better", answer="return ...  # new")}
    restore("02.sum", mine, news)
    assert [path for path, _ in update(mine, news, "0.2.0").beside] == [TWO]


@pytest.mark.parametrize(
    ("name", "words"),
    [("02.mean", "no exercise '02.mean' with an answer cell; known are: 02.sum"),
     ("99", "no lesson '99'; known are: 01, 02"),
     ("", "no lesson ''"), ("..", "no lesson '..'"), ("../../etc/passwd", "no lesson")],
)  # fmt: skip
def test_unknown_names_are_told_what_is_known(mine, name, words):
    before = everything(mine)
    with pytest.raises(Slip, match=re.escape(words)):
        restore(name, mine, FIRST)
    assert everything(mine) == before


def test_an_answer_in_a_damaged_notebook_asks_for_the_whole_lesson(mine):
    (mine / TWO).write_text("{")
    with pytest.raises(Slip, match="momentum-lab restore 02"):
        restore("02.sum", mine, FIRST)
    restore("02", mine, FIRST)
    assert (mine / "notebooks/02_two (yours before restoring).ipynb").read_text() == "{"


# ---------------------------------------------------------------------------------- when the system refuses


class Refusing:
    """Let every step by which a file is written pass, but the n-th; what was opened half-way stays half."""

    def __init__(self, monkeypatch, n, number=errno.ENOSPC):
        self.left, self.number = n, number
        for name in ("fsync", "replace"):
            monkeypatch.setattr(os, name, self.count(getattr(os, name)))

    def count(self, real):
        def step(*arguments, **options):
            self.left -= 1
            if self.left == 0:
                raise OSError(self.number, os.strerror(self.number), str(arguments[0]))
            return real(*arguments, **options)

        return step


def prepare(mine):
    """Make a folder in which an update has everything to do; return what of it is the learner's."""
    edit(mine / ONE, "my one")
    run_all(mine / SHEET)
    (mine / "notebooks" / "mine.ipynb").write_bytes(notebook("mine"))
    before = everything(mine)
    return {path: before[path] for path in (ONE, TWO, SHEET, "notebooks/mine.ipynb")}


ACTS = {
    "update": lambda folder: update(folder, SECOND, "0.2.0"),
    "restore": lambda folder: restore("01", folder, SECOND),
    "answer": lambda folder: restore("02.sum", folder, {**SECOND, SHEET: notebook("sheet", answer="...")}),
}


@pytest.mark.parametrize("name", ACTS)
def test_a_fault_at_every_write_loses_nothing_and_a_second_run_finishes(tmp_path, name):
    act = ACTS[name]
    whole = tmp_path / "whole"
    copy(whole, FIRST, "0.1.0")
    prepare(whole)
    act(whole)
    n, failed = 0, True
    while failed:
        n += 1
        folder = tmp_path / str(n)
        copy(folder, FIRST, "0.1.0")
        learners = prepare(folder)
        with pytest.MonkeyPatch.context() as patch:
            Refusing(patch, n)
            try:
                act(folder)
                failed = False
            except OSError as error:
                assert "The disk is full and nothing of yours is lost" in refusal(error)
        there = everything(folder)
        assert set(map(fingerprint, learners.values())) <= set(map(fingerprint, there.values()))
        assert not [path for path in there if path.endswith(".part")]
        act(folder)
        texts = {path: fingerprint(data) for path, data in everything(folder).items() if path != ledgers.FILE}
        wanted = {path: fingerprint(data) for path, data in everything(whole).items() if path != ledgers.FILE}
        assert texts == wanted
    assert n > 4, "every write was tried"


def test_a_first_copy_that_fails_anywhere_goes_on_where_it_stopped(tmp_path):
    n, failed = 0, True
    while failed:
        n += 1
        with pytest.MonkeyPatch.context() as patch:
            Refusing(patch, n)
            try:
                copy(tmp_path / str(n), FIRST)
                failed = False
            except OSError:
                pass
        copy(tmp_path / str(n), FIRST)
        files = everything(tmp_path / str(n))
        assert {path: files[path] for path in FIRST} == FIRST and len(files) == len(FIRST) + 1
    assert n == 2 * (len(FIRST) + 2) + 1, "every write was tried"


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.EROFS, "cannot be written"), (errno.EACCES, "cannot be written"), (errno.ENOSPC, "disk is full"),
     (errno.EIO, "The system refused")],
)  # fmt: skip
def test_a_refusal_is_one_sentence_that_names_the_folder(mine, number, words):
    with pytest.MonkeyPatch.context() as patch, pytest.raises(OSError) as trouble:
        Refusing(patch, 2, number)
        update(mine, SECOND, "0.2.0")
    said = refusal(trouble.value)
    assert words in said and "nothing of yours is lost" in said and "\n" not in said
    assert number not in (errno.EROFS, errno.EACCES) or (str(mine) in said and ".part" not in said)


def test_what_a_killed_process_left_is_swept_when_it_is_old(mine):
    old, young = (mine / "notebooks" / f".momentum-lab-{n}-01_one.ipynb.part" for n in (1, 2))
    old.write_text("half")
    young.write_text("half")
    os.utime(old, (time.time() - 7200, time.time() - 7200))
    update(mine, SECOND, "0.2.0")
    assert not old.exists() and young.exists()


KILLED = """
import os, pickle, signal, sys
from momentum_lab.workspace.updating import update
left, folder, file = int(sys.argv[1]), sys.argv[2], sys.argv[3]
def dies(real):
    def step(*arguments, **options):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments, **options)
    return step
os.fsync, os.replace = dies(os.fsync), dies(os.replace)
update(folder, pickle.load(open(file, "rb")), "0.2.0")
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_a_process_killed_at_any_write_loses_nothing(tmp_path):
    import pickle

    (tmp_path / "second").write_bytes(pickle.dumps(SECOND))
    killed = 0
    for n in range(1, 13):
        folder = tmp_path / f"the {n}th"
        copy(folder, FIRST, "0.1.0")
        learners = prepare(folder)
        command = [sys.executable, "-c", KILLED, str(n), str(folder), str(tmp_path / "second")]
        killed += subprocess.run(command, cwd=ROOT).returncode == -signal.SIGKILL
        there = everything(folder)
        assert set(map(fingerprint, learners.values())) <= set(map(fingerprint, there.values()))
        update(folder, SECOND, "0.2.0")
        assert str(update(folder, SECOND, "0.2.0")).startswith("Nothing to do")
        assert (folder / "notebooks/01_one (new in 0.2.0).ipynb").read_bytes() == SECOND[ONE]
        assert (folder / ONE).read_bytes() == learners[ONE]
    assert killed >= 8


# ------------------------------------------------------------------------------------- any order of anything

FILES = [ONE, TWO, SHEET, PAGE]
STEPS = st.one_of(
    st.tuples(st.sampled_from(["edit", "run", "delete", "restore"]), st.sampled_from(FILES)),
    st.tuples(st.just("update"), st.tuples(*[st.integers(0, 2)] * len(FILES))),
    st.tuples(st.just("lose the ledger"), st.none()),
    st.tuples(st.sampled_from(["fault in an update"]), st.integers(1, 12)),
)


def release(choice):
    """Return a course in which every file is one of two texts, or gone (0)."""
    texts = {path: (notebook(f"{path} {n}", answer="...") if path != PAGE else f"{n}".encode())
             for path, n in zip(FILES, choice, strict=True) if n}  # fmt: skip
    return texts or FIRST


@given(st.lists(STEPS, max_size=12))
def test_no_order_of_steps_loses_what_the_learner_wrote(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("any") / "mine"
    course = release((1, 1, 1, 1))
    copy(folder, course, "0")
    written, deleted = set(), set()  # texts of the learner; files they deleted while the ledger was there
    for number, (step, what) in enumerate(steps, 1):
        file = folder / what if what in FILES else None
        if step in ("edit", "run", "delete") and not file.is_file():
            continue
        if step == "edit":
            written.discard(fingerprint(file.read_bytes()))
            edit(file, f"step {number}")
            written.add(fingerprint(file.read_bytes()))
        elif step == "run" and what != PAGE:
            run_all(file)
        elif step == "delete":
            written.discard(fingerprint(file.read_bytes()))
            file.unlink()
            known = (folder / ledgers.FILE).exists() and what in ledgers.read(folder).files
            deleted |= {what} if known and what in course else set()
        elif step == "restore" and what in course:
            restore(what, folder, course)
            deleted.discard(what)
        elif step == "lose the ledger":
            (folder / ledgers.FILE).unlink(missing_ok=True)
            deleted.clear()
        elif step == "update":
            course = release(what)
            deleted &= set(course)  # what leaves the course and comes back is new
            update(folder, course, str(number))
            state = everything(folder)
            assert str(update(folder, course, str(number))).startswith("Nothing to do")
            assert everything(folder) == state
        elif step == "fault in an update":
            with pytest.MonkeyPatch.context() as patch:
                Refusing(patch, what)
                with contextlib.suppress(OSError):
                    update(folder, course, str(number))
        assert written <= {fingerprint(data) for data in everything(folder).values()}, (number, step, what)
        assert not [path for path in deleted if (folder / path).exists()], (number, step, what)


# ---------------------------------------------------------------------- the notice in a lesson's first cell


@pytest.fixture
def in_lesson(mine, monkeypatch):
    """Be in the folder of the notebooks, as a kernel is, with lesson 01 open."""
    monkeypatch.chdir(mine / "notebooks")
    monkeypatch.setenv("JPY_SESSION_NAME", str(mine / ONE))
    return mine


def test_no_notice_where_lesson_and_library_agree(in_lesson, monkeypatch):
    monkeypatch.setattr(edition, "__version__", "0.1.0")
    assert edition.ready() == "Momentum Lab 0.1.0 is ready."
    edit(in_lesson / ONE, "my one")
    assert edition.ready() == "Momentum Lab 0.1.0 is ready."


def test_a_notice_until_the_folder_is_updated_and_for_a_lesson_that_was_kept(in_lesson, monkeypatch):
    monkeypatch.setattr(edition, "__version__", "0.2.0")
    edit(in_lesson / ONE, "my one")
    assert edition.ready().splitlines()[1:] == [
        "These lessons are those of version 0.1.0; to update them: momentum-lab update"
    ]
    update(in_lesson, SECOND, "0.2.0")
    assert edition.ready().splitlines()[1:] == [
        "You keep an older text of this lesson; the one of version 0.2.0 is in 01_one (new in 0.2.0).ipynb."
    ]
    restore("01", in_lesson, SECOND)
    assert edition.ready() == "Momentum Lab 0.2.0 is ready."


@pytest.mark.parametrize("damage", [b"{", b'{"format": 9, "version": "9", "files": {}}'])
def test_a_damaged_ledger_stops_no_lesson(in_lesson, damage):
    (in_lesson / ledgers.FILE).write_bytes(damage)
    assert "\n" not in edition.ready()


def test_no_notice_outside_of_a_copy(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "\n" not in edition.ready()
