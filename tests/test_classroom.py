"""What an instructor gets from a class: codes that cannot be mistyped unnoticed, and counts without persons."""

import csv
import io
import os
import random
import re
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from momentum_lab import cli, doctor
from momentum_lab.classroom import code, machine, readiness, summary, summary_page
from momentum_lab.progress import Progress
from momentum_lab.slips import Slip
from momentum_lab.workspace.updating import copy

small = st.integers(0, 63)
MACHINES = st.builds(
    machine.Machine,
    course=st.tuples(st.integers(0, 15), small, small),
    python=st.integers(0, 31),
    system=st.sampled_from(machine.SYSTEMS),
    machine=st.sampled_from(machine.MACHINES),
    packages=st.tuples(*[st.tuples(small, small)] * len(machine.PACKAGES)),
    kinds=st.frozensets(st.sampled_from(doctor.KINDS)),
    disk=st.sampled_from(machine.CLASSES),
    memory=st.sampled_from(machine.CLASSES),
)
ROOT = Path(__file__).resolve().parent.parent
FINE = machine.look(doctor.examine())


# ------------------------------------------------------------------------------------------------- codes


@given(MACHINES)
def test_a_code_tells_what_was_put_in_and_is_found_in_a_mail(one):
    text = machine.to_code(one)
    assert re.fullmatch("ML(-[0-9A-HJKMNP-TV-Z]{2,4})+", text) and len(text) <= 32
    assert machine.from_code(text) == one
    mail = f"Hi,\n> here it is: {text.lower().replace('0', 'o').replace('1', 'l').replace('-', '–')}. Regards, Émile"
    (found,) = code.find(mail)
    assert machine.from_code(found) == one


@given(MACHINES, st.data())
def test_one_wrong_character_or_two_that_changed_places_are_noticed(one, data):
    text = machine.to_code(one)
    places = [place for place in range(3, len(text)) if text[place] != "-"]
    first, second = data.draw(st.sampled_from(places)), data.draw(st.sampled_from(places))
    wrong = list(text)
    wrong[first], wrong[second] = wrong[second], wrong[first]
    if wrong == list(text):
        wrong[first] = data.draw(st.sampled_from(sorted(set(code.ALPHABET) - {wrong[first]})))
    for mistyped in ("".join(wrong), text[:-1], text + "0"):
        with pytest.raises(Slip):
            machine.from_code(mistyped)


def test_numbers_too_large_for_their_place_do_not_spill_over():
    huge = replace(FINE, course=(99, 99, 99), packages=((70, 99),) * len(machine.PACKAGES))
    again = machine.from_code(machine.to_code(huge))
    assert again.course == (15, 63, 63) and again.python == FINE.python and again.disk == FINE.disk


@pytest.mark.parametrize(
    ("version", "parts"), [("4.6.0rc1", (4, 6, 0)), ("2.4", (2, 4, 0)), ("8.1.9+local.3", (8, 1, 9)), ("x", (0, 0, 0))]
)
def test_versions_become_numbers(version, parts):
    assert machine.numbers(version, 3) == parts


def test_every_kind_of_problem_has_a_sentence():
    assert set(readiness.CAUSES) == set(readiness.FIXES) == set(doctor.KINDS)
    for kind in doctor.KINDS:
        ready, words = readiness.verdict(machine.to_code(replace(FINE, kinds=frozenset([kind]))))
        assert not ready and any(readiness.FIXES[kind] in sentence for sentence in words)


def test_a_table_of_codes_names_who_is_not_ready(tmp_path, capsys):
    fine, full = machine.to_code(FINE), machine.to_code(replace(FINE, disk="too little"))
    old = machine.to_code(replace(FINE, course=(0, 0, 1)))
    file = tmp_path / "mails.txt"
    file.write_text(f"{fine}\n{fine}\n> {full}\nmine: {old}\n{fine[:-1]}\n", "utf-8")
    assert cli.main(["class-check", str(file)]) == 1
    said = capsys.readouterr().out
    assert said.startswith("3 of 5 are ready.")
    assert f"{fine}  (2 times)  ready" in said and "the disk is full: free 1 GB." in said
    assert "the code has 21 characters" in said and "momentum-lab update" in said
    assert said.index(full) < said.index(fine + "  (2")  # those who need help come first


def test_the_table_counts_each_cause_and_takes_a_code_however_it_was_typed():
    fine, full = machine.to_code(FINE), machine.to_code(replace(FINE, disk="too little"))
    spoken = fine.replace("-", " ")
    broken = f"{fine[:3]} {fine[3:]}"
    said = readiness.table(f"{fine}\n{fine.lower()} bye\nHello, {spoken}\n{broken}\n{full}\n{full}\n{fine[:-1]}")
    assert said.startswith("4 of 7 are ready.\n   2  the disk is full\n   1  the code has 21 characters")
    assert f"{fine}  (4 times)  ready" in said and said.count("ready\n") == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_codes_are_read_in_whatever_a_shell_has_written_them(tmp_path, capsys, encoding):
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    (tmp_path / "code.txt").write_bytes(f"{mark}{machine.to_code(FINE)}\r\n".encode(encoding))
    assert cli.main(["class-check", str(tmp_path / "code.txt")]) == 0
    assert capsys.readouterr().out.startswith("1 of 1 are ready.")


def test_what_helps_can_be_pasted_into_every_shell():
    """Of brackets without quotes the shell of macOS says that no file has such a name."""
    lacking = machine.to_code(replace(FINE, kinds=frozenset(["package"]), packages=(*FINE.packages[:-1], (0, 0))))
    said = "\n".join(readiness.verdict(lacking)[1])
    assert said.count("[lab]") == said.count('"momentum-lab-course[lab]"') == 2


@pytest.mark.parametrize(("name", "words"), [("none.txt", "cannot be read"), ("empty.txt", "no code in it")])
def test_no_codes_are_told_in_a_sentence(tmp_path, capsys, name, words):
    (tmp_path / "empty.txt").write_text("Dear all,")
    assert cli.main(["class-check", str(tmp_path / name)]) == 1
    err = capsys.readouterr().err
    assert words in err and err.count("\n") == 1


def test_code_and_bug_report_hold_no_name_and_no_path(tmp_path):
    """From a folder with a telling name, with a lesson that was changed."""
    folder = tmp_path / "Zoe Example"
    copy(folder)
    lesson = folder / "notebooks" / "02_what_it_remembers.ipynb"
    lesson.write_text(lesson.read_text("utf-8").replace("# 02 ·", "# My 02 ·"), "utf-8")
    (folder / "notebooks" / "letter to Anna.ipynb").write_text("{}")
    said, variables = {}, {**os.environ, "PYTHONPATH": str(ROOT)}
    for option in ("--code", "--for-a-bug-report"):
        command = [sys.executable, "-m", "momentum_lab", "doctor", option]
        said[option] = subprocess.run(
            command, cwd=folder, env=variables, capture_output=True, encoding="utf-8", check=True
        ).stdout
        for private in ("Zoe", "Anna", str(tmp_path), str(Path.home()), sys.prefix, socket.gethostname()):
            assert private not in said[option]
    assert machine.from_code(said["--code"].strip()) == FINE
    assert "other text than the installed ones: notebooks/02_what_it_remembers\n" in said["--for-a-bug-report"]
    assert "numpy" in said["--for-a-bug-report"] and said["--code"].strip() in said["--for-a-bug-report"]


# ------------------------------------------------------------------------------------ the summary of a class

EXERCISE, QUESTION = "01.one_more_line", "01.why"


def learner(file, *statuses, mistakes=(), bet=None):
    """Write the progress file of somebody who tried the exercise."""
    mine = Progress(file)
    for status, mistake in zip(statuses, [*mistakes, *[None] * len(statuses)], strict=False):
        mine.record("attempt", EXERCISE, status=status, mistake=mistake)
    if bet:
        mine.record("prediction", "dots race", option=bet)
    return file


@pytest.fixture
def handed_in(tmp_path):
    """Five learners, and two files that are none."""
    folder = tmp_path / "handed in"
    folder.mkdir()
    learner(folder / "anna.sqlite", "wrong", "passed", mistakes=["the sign"], bet="up")
    learner(folder / "ben.sqlite", "passed", bet="up")
    learner(
        folder / "carla.sqlite", "wrong", "wrong", "wrong", mistakes=["the sign", "the sign", "=SUM(1)"], bet="down"
    )
    learner(folder / "dan.sqlite", "not attempted", "wrong", "error", "passed", mistakes=[None, "beta twice"])
    learner(folder / "eve.sqlite", bet="down")
    (folder / "frank.sqlite").write_bytes(b"SQLite format 3\0" + random.Random(1).randbytes(4000))
    (folder / "grace.sqlite").write_bytes(b"")
    return folder


def test_a_class_is_counted(handed_in):
    before = {file: file.read_bytes() for file in handed_in.iterdir()}
    of_class = summary.summarise(sorted(handed_in.iterdir()))
    assert of_class.learners == 5 and len(of_class.unreadable) == 2
    (item,) = [item for item in of_class.items if item.item == EXERCISE]
    assert (item.attempted, item.passed, item.attempts) == (4, 3, 2.5)
    assert item.mistakes == (("the sign", 2), ("=SUM(1)", 1), ("beta twice", 1))
    assert of_class.bets == {"dots race": {"down": 2, "up": 2}}
    (untried,) = [item for item in of_class.items if item.item == QUESTION]
    assert (untried.attempted, untried.attempts) == (0, None)
    assert {file: file.read_bytes() for file in handed_in.iterdir()} == before  # looked at, not mended


def test_nobody_is_in_the_page_and_no_order_shows(handed_in, tmp_path, capsys):
    """Other names and another order of the files give the same bytes."""
    assert cli.main(["class-summary", str(handed_in), "--out", str(tmp_path / "one")]) == 1  # two were not counted
    err = capsys.readouterr().err
    assert "frank.sqlite" in err and "grace.sqlite" in err
    for number, file in enumerate(sorted(handed_in.iterdir(), reverse=True)):
        file.rename(handed_in / f"{number}.sqlite")
    cli.main(["class-summary", str(handed_in), "--out", str(tmp_path / "two")])
    for name in ("class-summary.html", "class-summary.csv"):
        text = (tmp_path / "one" / name).read_text("utf-8-sig")
        assert text == (tmp_path / "two" / name).read_text("utf-8-sig")
        assert not [who for who in ("anna", "ben.", "carla", "frank", "sqlite") if who in text]
    assert "2 files could not be read" in (tmp_path / "one" / "class-summary.html").read_text("utf-8")


def test_the_table_opens_in_a_spreadsheet(handed_in):
    text = summary_page.files(summary.summarise(handed_in.iterdir()))["class-summary.csv"]
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    (row,) = [row for row in rows if row["exercise or question"] == EXERCISE]
    assert row["median attempts"] == "2.5"
    assert (row["not started"], row["trying"], row["passed"]) == ("1", "1", "3")
    assert all(not cell.startswith("=") for row in rows for cell in row.values())


def test_in_the_homes_of_a_hub_only_progress_is_looked_for(tmp_path):
    course, others = tmp_path / "homes" / "ada" / "momentum-lab", tmp_path / "homes" / "ada" / ".ipython"
    for folder in (course, others):
        folder.mkdir(parents=True)
    mine = learner(course / "momentum-lab-progress.sqlite", "passed")
    (others / "history.sqlite").write_bytes(b"the lines that ada ran")
    assert summary_page.progress_files([tmp_path / "homes"]) == [mine]


def test_the_same_learner_twice_counts_once_and_the_fuller_file_wins(tmp_path):
    early = learner(tmp_path / "early.sqlite", "wrong")
    late = tmp_path / "late.sqlite"
    late.write_bytes(early.read_bytes())
    learner(late, "passed")
    for paths in ([early, late], [late, early]):
        of_class = summary.summarise(paths)
        assert (of_class.learners, of_class.repeated) == (1, 1)
        assert [item.passed for item in of_class.items if item.item == EXERCISE] == [1]
    assert "Of fewer than 5 learners" in summary_page.page(of_class)


def test_what_a_file_says_cannot_become_markup(tmp_path):
    file = learner(tmp_path / "x.sqlite", "wrong", mistakes=["<script>alert(1)</script>"], bet="<b>")
    page = summary_page.page(summary.summarise([file]))
    assert "<script" not in page and "<b>" not in page and "&lt;script&gt;" in page


@pytest.mark.parametrize("content", [None, b"", b"no database"])
def test_without_a_readable_file_nothing_is_written(tmp_path, capsys, content):
    if content is not None:
        (tmp_path / "x.sqlite").write_bytes(content)
    assert cli.main(["class-summary", str(tmp_path), "--out", str(tmp_path / "out")]) == 1
    assert "progress file" in capsys.readouterr().err and not (tmp_path / "out").exists()


def test_somebody_elses_page_is_left_alone(handed_in, tmp_path, capsys):
    (tmp_path / "class-summary.html").write_text("my homepage")
    assert cli.main(["class-summary", str(handed_in), "--out", str(tmp_path)]) == 1
    assert "is left alone" in capsys.readouterr().err
    assert (tmp_path / "class-summary.html").read_text() == "my homepage"
