"""Submissions as platforms export them, in one folder: every one has a line, and the ids are those of the grader."""

import csv
import hashlib
import io
import os
import re
import tempfile
import zipfile
from pathlib import Path

import pytest
from grading_samples import CHEAP, POINTS, code, data, notebook
from hypothesis import example, given
from hypothesis import strategies as st

from momentum_lab import cli
from momentum_lab.grading import finding
from momentum_lab.grading.collecting import HEAD, collect, lines_of
from momentum_lab.grading.finding import Submission, find
from momentum_lab.grading.layouts import people_of_gradescope, sender
from momentum_lab.slips import Slip

FULL = data(notebook())
METADATA = """---
submission_111:
  :submitters:
  - :name: Zoë O'Hara
    :sid: '07'
    :email: zoe@example.org
  :created_at: 2026-03-01 10:00:00.000000000 Z
  :history:
  - :id: 1
    :name: nobody
submission_112:
  :submitters:
  - :name: Ben, Junior
    :email: ben@example.org
  - :name: 'Cy d''Or'
    :email: cy@example.org
  :score: 4.0
submission_113:
  :submitters:
  - :name: Zoë O'Hara
    :sid: '07'
    :email: zoe@example.org
"""


def numbered(number, lesson=CHEAP):
    """A notebook like no other."""
    nb = notebook(lesson)
    nb["cells"].append(code(f"# number {number}"))
    return data(nb)


# what a platform exports: {path: content}, and what is to come of it: {id: (platform, learner, counts)}
LAYOUTS = {
    "plain": (
        {"anna.ipynb": numbered(1), "group b/hw.ipynb": numbered(2)},
        {"anna": ("", "", True), "group b/hw": ("", "", True)},
    ),
    "Moodle": (
        {
            "Zoë O'Hara_12345_assignsubmission_file_/hw.ipynb": numbered(1),
            "Ann_Lee Li_12346_assignsubmission_file/my work/final (1).ipynb": numbered(2),
            "Ben Ode_12347_assignsubmission_file_hw.ipynb": numbered(3),
            "Zoë O'Hara_12345_assignsubmission_file_/.ipynb_checkpoints/hw-checkpoint.ipynb": b"{}",
        },
        {
            "Zoë O'Hara_12345_assignsubmission_file_/hw": ("Moodle", "Zoë O'Hara", True),
            "Ann_Lee Li_12346_assignsubmission_file/my work/final (1)": ("Moodle", "Ann_Lee Li", True),
            "Ben Ode_12347_assignsubmission_file_hw": ("Moodle", "Ben Ode", True),
        },
    ),
    "Canvas": (
        {
            "oharazoe_123_9001_hw.ipynb": numbered(1),
            "oharazoe_123_9002_hw-2.ipynb": numbered(2),
            "oharazoe_123_9005_hw-10.ipynb": numbered(3),
            "oharazoe_123_9003_other.ipynb": numbered(4),
            "leeann_LATE_124_9004_hw-1.ipynb": numbered(5),
            "odeben_125_9006_hw-1.ipynb": numbered(6, "02"),
            "odeben_125_9007_hw-2.ipynb": numbered(7),
        },
        {
            "oharazoe_123_9001_hw": ("Canvas", "oharazoe", False),
            "oharazoe_123_9002_hw-2": ("Canvas", "oharazoe", False),
            "oharazoe_123_9005_hw-10": ("Canvas", "oharazoe", True),
            "oharazoe_123_9003_other": ("Canvas", "oharazoe", True),
            "leeann_LATE_124_9004_hw-1": ("Canvas", "leeann", True),
            "odeben_125_9006_hw-1": ("Canvas", "odeben", True),  # of another lesson: no attempt at the same work
            "odeben_125_9007_hw-2": ("Canvas", "odeben", True),
        },
    ),
    "Gradescope": (
        {
            "assignment_9_export/submission_metadata.yml": METADATA.encode(),
            "assignment_9_export/submission_111/hw.ipynb": numbered(1),
            "assignment_9_export/submission_112/hw.ipynb": numbered(2),
            "assignment_9_export/submission_113/renamed.ipynb": numbered(3),
        },
        {
            "assignment_9_export/submission_111/hw": ("Gradescope", "Zoë O'Hara", False),
            "assignment_9_export/submission_112/hw": ("Gradescope", "Ben, Junior, Cy d'Or", True),
            "assignment_9_export/submission_113/renamed": ("Gradescope", "Zoë O'Hara", True),
        },
    ),
    "Gradescope without metadata": (
        {"submission_111/hw.ipynb": numbered(1), "submission_113/hw.ipynb": numbered(2)},
        {"submission_111/hw": ("Gradescope", "", True), "submission_113/hw": ("Gradescope", "", True)},
    ),
    "GitHub Classroom": (
        {
            "lesson-02-zoe-o/02.ipynb": numbered(1),
            "lesson-02-zoe-o/README.md": b"# Task",
            "lesson-02-zoe-o/.git/config": b"{}",
            "lesson-02-ben/work/hw.ipynb": numbered(2),
        },
        {
            "lesson-02-zoe-o/02": ("GitHub Classroom", "zoe-o", True),
            "lesson-02-ben/work/hw": ("GitHub Classroom", "ben", True),
        },
    ),
    "nbgrader": (
        {
            "submitted/zoe/hw1/05a.ipynb": numbered(1),
            "submitted/zoe/hw1/timestamp.txt": b"2026-03-01 10:00:00 UTC",
            "submitted/ben/hw1/05a.ipynb": numbered(2),
        },
        {"submitted/zoe/hw1/05a": ("nbgrader", "zoe", True), "submitted/ben/hw1/05a": ("nbgrader", "ben", True)},
    ),
}


def put(folder, files):
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder


def zipped(files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def index(out):
    """The list of a folder, by id."""
    text = (out / "index.csv").read_text("utf-8-sig")
    return {row["id"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


def is_whole(out, rows):
    """Every file of the folder is in the list, and is what the list says."""
    named = [row["file"] for row in rows.values() if row["file"]]
    assert len({name.lower() for name in named}) == len(named)
    assert sorted([*named, "index.csv"]) == sorted(file.name for file in out.iterdir())
    for row in rows.values():
        assert bool(row["file"]) != bool(row["note"])
        assert not row["file"] or hashlib.sha256((out / row["file"]).read_bytes()).hexdigest() == row["sha256"]


# ------------------------------------------------------------------ what platforms export


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_is_collected(tmp_path, name, packed, capsys):
    files, wanted = LAYOUTS[name]
    if packed:
        path = tmp_path / "class.zip"
        path.write_bytes(zipped(files | {"__MACOSX/._hw.ipynb": b"\x00\x05"}))
        wanted = {f"class/{key}": value for key, value in wanted.items()}
    else:
        path = put(tmp_path / "class", files | {"__MACOSX/._hw.ipynb": b"\x00\x05"})
        (path / "lost.lnk").symlink_to("/etc/hostname")
    out = tmp_path / "out"
    assert cli.main(["collect", str(path), "--out", str(out)]) == 0
    rows = index(out)
    found = {key: (row["platform"], row["learner"], not row["note"]) for key, row in rows.items()}
    assert found == wanted
    assert set(rows) == {one.id for one in find([path])}  # the ids of the grader
    is_whole(out, rows)
    contents = {hashlib.sha256(content).hexdigest(): name for name, content in files.items()}
    assert all(row["path"].endswith(contents[row["sha256"]]) for row in rows.values())
    earlier = sum(not counts for _, _, counts in wanted.values())
    assert f"{len(wanted)} submissions: {len(wanted) - earlier} collected, {earlier} earlier" in capsys.readouterr().out


def test_the_folder_that_is_named_may_be_the_one_that_a_platform_has_named(tmp_path):
    put(tmp_path, {"submitted/zoe/hw1/a.ipynb": FULL, "Ben Ode_12_assignsubmission_file_/a.ipynb": FULL})
    collect([tmp_path / "submitted"], tmp_path / "one")
    assert [(r["id"], r["learner"]) for r in index(tmp_path / "one").values()] == [("zoe/hw1/a", "zoe")]
    collect([tmp_path / "Ben Ode_12_assignsubmission_file_"], tmp_path / "two")
    assert [(r["id"], r["learner"]) for r in index(tmp_path / "two").values()] == [("a", "Ben Ode")]


def test_attempts_of_two_downloads_are_told_apart_by_folder(tmp_path):
    put(tmp_path / "monday", {"a_1_5_hw.ipynb": numbered(1), "a_1_6_hw-1.ipynb": numbered(2)})
    put(tmp_path / "friday", {"a_1_7_hw.ipynb": numbered(3)})
    lines = collect([tmp_path / "monday", tmp_path / "friday"], tmp_path / "out")
    assert {line.submission.id: line.note for line in lines} == {
        "friday/a_1_7_hw": "",
        "monday/a_1_5_hw": "an earlier attempt; this one counts: monday/a_1_6_hw-1",
        "monday/a_1_6_hw-1": "",
    }


def test_a_name_of_somebodys_own_is_none_of_canvas():
    assert sender("Final_2026_03_hw.ipynb") == sender("my work_1_2_hw.ipynb") == sender("a_1_hw.ipynb")
    assert sender("a_1_2_hw.ipynb").layout == "Canvas" and not sender("a_1_2_hw.ipynb/x.ipynb").layout


def test_names_in_a_file_of_gradescope():
    people = people_of_gradescope(METADATA)
    assert people["submission_112"] == ("Ben, Junior, Cy d'Or", "ben@example.org, cy@example.org")
    assert people["submission_111"] == people["submission_113"] == ("Zoë O'Hara", "zoe@example.org")
    windows = people_of_gradescope(METADATA.replace("\n", "\r\n"))
    assert windows == people
    assert people_of_gradescope("") == people_of_gradescope("{}") == {}
    assert people_of_gradescope("submission_1:\n  :score: 1\n") == {"submission_1": ("", "")}


@pytest.mark.sandbox
def test_what_was_collected_is_graded(tmp_path):
    files = LAYOUTS["Moodle"][0]
    collect([put(tmp_path / "class", files)], tmp_path / "out")
    words = ["--lesson", CHEAP, "--out", str(tmp_path / "graded"), "--sandbox", "bwrap"]
    assert cli.main(["grade", str(tmp_path / "out"), *words]) == 0
    text = (tmp_path / "graded" / "scores.csv").read_text("utf-8-sig")
    scores = {row["id"]: float(row["score"]) for row in csv.DictReader(io.StringIO(text, newline=""))}
    names = [row["file"].removesuffix(".ipynb") for row in index(tmp_path / "out").values()]
    assert scores == dict.fromkeys(names, POINTS)


# ------------------------------------------------------------------ nothing is lost, nothing gets out


def test_collisions_and_case_twins_are_parted(tmp_path):
    archive = zipped({"a/HW.ipynb": numbered(1), "a/hw.ipynb": numbered(2), "A/hw.ipynb": numbered(3)})
    put(tmp_path / "in", {"x.zip": archive, "x/a/hw.ipynb": numbered(4), "a-b.ipynb": numbered(5), "a b": numbered(6)})
    lines = collect([tmp_path / "in"], tmp_path / "out")
    assert [line.submission.id for line in lines] == [
        "a b", "a-b", "x/A/hw", "x/a/HW", "x/a/hw", "x/a/hw (2)",
    ]  # fmt: skip
    is_whole(tmp_path / "out", index(tmp_path / "out"))
    assert len(list((tmp_path / "out").glob("*.ipynb"))) == 6


def test_what_is_no_notebook_keeps_its_ending_and_what_has_no_file_a_line(tmp_path, capsys):
    put(tmp_path / "in", {"a.pdf": b"%PDF-1", "b.ipynb": b"", "c.ipynb.txt": FULL, "broken.zip": b"PK\x03\x04 broken"})
    (tmp_path / "in" / "empty" / "in it" / "nothing").mkdir(parents=True)
    assert cli.main(["collect", str(tmp_path / "in"), "--out", str(tmp_path / "out")]) == 1
    rows = index(tmp_path / "out")
    endings = {name: Path(row["file"]).suffix for name, row in rows.items()}
    assert endings == {"a.pdf": ".pdf", "b": ".ipynb", "c.ipynb.txt": ".ipynb", "broken.zip": ".zip", "empty": ""}
    assert "no notebook in this folder" in rows["empty"]["note"]
    assert "5 submissions: 4 collected, 0 earlier attempts, 1 without a file" in capsys.readouterr().out


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is closed to this user")
def test_what_may_not_be_read_has_a_line(tmp_path):
    put(tmp_path / "in", {"a/closed/hw.ipynb": FULL, "b.ipynb": FULL, "c.ipynb": FULL})
    (tmp_path / "in" / "a" / "closed").chmod(0)
    (tmp_path / "in" / "b.ipynb").chmod(0)
    try:
        notes = {line.submission.id: line.note for line in collect([tmp_path / "in"], tmp_path / "out")}
    finally:
        (tmp_path / "in" / "a" / "closed").chmod(0o700)
    assert notes == {
        "a/closed": "The folder could not be read: Permission denied.",
        "b": "The file could not be read: Permission denied.",
        "c": "",
    }


@pytest.mark.parametrize(
    "name", ["../../up.ipynb", "/etc/up.ipynb", "a/../../up.ipynb", "C:\\up.ipynb", "..\\up.ipynb", "C:/up.ipynb"]
)
def test_a_path_that_leads_out_is_refused_in_a_sentence(tmp_path, name):
    (tmp_path / "class.zip").write_bytes(zipped({name: FULL, "good.ipynb": FULL}))
    before = set(tmp_path.parent.rglob("*"))
    lines = collect([tmp_path / "class.zip"], tmp_path / "out")
    notes = {line.submission.id: line.note for line in lines}
    assert notes.pop("class/good") == ""
    (note,) = notes.values()
    assert note.startswith("Its archive names a place outside") and note.count(".") == 1
    assert {f for f in tmp_path.parent.rglob("*") if f not in before} == {
        tmp_path / "out",
        *(tmp_path / "out").iterdir(),
    }
    is_whole(tmp_path / "out", index(tmp_path / "out"))


@pytest.mark.parametrize("room", [finding.Room(bytes=5000), finding.Room(members=3)])
def test_a_bomb_is_refused_in_a_sentence(tmp_path, monkeypatch, room):
    monkeypatch.setattr(finding, "Room", lambda: room)
    (tmp_path / "bomb.zip").write_bytes(zipped({f"{i}.ipynb": b"{" * 2000 for i in range(4)}))
    (line,) = collect([tmp_path / "bomb.zip"], tmp_path / "out")
    assert line.note.startswith("The archive is too large") and line.submission.read() == b""


def test_a_real_bomb_is_not_even_unpacked(tmp_path):
    """60 members of 50 MB: 3 GB from 3 MB."""
    (tmp_path / "bomb.zip").write_bytes(zipped({"0.ipynb": b" " * (50 << 20)}))
    with zipfile.ZipFile(tmp_path / "bomb.zip") as archive:
        (only,) = archive.infolist()
        packed = (tmp_path / "bomb.zip").read_bytes()[: archive.start_dir]
    stream = io.BytesIO(packed)
    stream.seek(0, io.SEEK_END)
    with zipfile.ZipFile(stream, "a") as archive:  # every name in the directory leads to the same bytes
        archive.filelist = [only] * 60
        archive._didModify = True
    (tmp_path / "bomb.zip").write_bytes(stream.getvalue())
    (line,) = collect([tmp_path / "bomb.zip"], tmp_path / "out")
    assert line.note.startswith("The archive is too large")


def test_a_file_that_is_too_large_is_not_cut(tmp_path):
    (line,) = lines_of([Submission("a", b" " * ((50 << 20) + 1), path="a.ipynb")])
    assert "larger than 50 MB" in line.note and line.file == ""


def test_nothing_is_overwritten(tmp_path):
    put(tmp_path, {"in/a.ipynb": FULL, "out/thesis.tex": b"mine"})
    with pytest.raises(Slip, match="is there already"):
        collect([tmp_path / "in"], tmp_path / "out")
    with pytest.raises(Slip, match="no file or folder"):
        collect([tmp_path / "nowhere"], tmp_path / "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]


@pytest.mark.parametrize("verb", [["collect", "{}/in"], ["release", "--kind", "class"]])
def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path, verb, capsys):
    put(tmp_path, {"in/a.ipynb": FULL, "file": b"mine"})
    words = [word.format(tmp_path) for word in verb]
    assert cli.main([*words, "--out", str(tmp_path / "file" / "out")]) == 1
    assert "is not a folder" in capsys.readouterr().err and (tmp_path / "file").read_bytes() == b"mine"


def test_the_folder_may_lie_among_the_submissions(tmp_path):
    put(tmp_path, {"a.ipynb": FULL})
    assert [line.submission.id for line in collect([tmp_path], tmp_path / "out")] == ["a"]


# ------------------------------------------------------------------ hostile names

PART = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=20)
HOSTILE = st.sampled_from(
    [
        "..", ".", "C:", "CON", "nul.ipynb", "=cmd|'/c calc'!A0", "a" * 300, "\u202egnp.ipynb", "é", "e\u0301", "-rf",
        "~", "x_1_assignsubmission_file_", "submission_1", "lesson-02-x", "a_1_2_hw-1.ipynb", "submitted", "\r\n", '"',
        ",",
    ]
)  # fmt: skip
PATHS = st.lists(PART | HOSTILE, min_size=1, max_size=5).map("/".join)


@given(st.lists(PATHS, min_size=1, max_size=6, unique=True))
@example(["a/../b.ipynb", "/abs.ipynb", "CON.ipynb", "con.ipynb", "=1+1.ipynb"])
def test_any_names_in_an_archive_stay_in_the_folder(names):
    with tempfile.TemporaryDirectory() as home:
        home = Path(home)
        (home / "class.zip").write_bytes(zipped({f"{name}.ipynb": FULL for name in names}))
        lines = collect([home / "class.zip"], home / "out")
        assert sorted(file.name for file in home.iterdir()) == ["class.zip", "out"]
        assert [line.submission.id for line in lines] == [one.id for one in find([home / "class.zip"])]
        files = [line.file for line in lines if line.file]
        assert all(re.fullmatch(r"[A-Za-z0-9-]{1,80}\.[a-z0-9]{1,5}", name) for name in files)
        assert len({name.lower() for name in files}) == len(files)
        assert sorted([*files, "index.csv"]) == sorted(file.name for file in (home / "out").iterdir())
        with (home / "out" / "index.csv").open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream))
        assert rows[0] == HEAD and len(rows) == len(lines) + 1
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "|", "%"))]


@given(PATHS, st.text(max_size=200))
def test_any_path_and_any_metadata_are_read(path, text):
    found = sender(path, people_of_gradescope(text))
    assert found.layout in ("", "Moodle", "Canvas", "Gradescope", "GitHub Classroom", "nbgrader")
    assert bool(found.learner) <= bool(found.layout)
