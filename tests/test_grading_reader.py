"""Notebooks come in every shape: read them, match them by what they define, or say in one sentence why not."""

import io
import json
import zipfile

import pytest
from grading_samples import (
    CHEAP,
    FIRST,
    POINTS,
    answers,
    assessed,
    code,
    data,
    lesson_entries,
    notebook,
    score,
    with_first,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from momentum_lab.grading.finding import find, unique
from momentum_lab.grading.matching import belongs, match
from momentum_lab.grading.reader import LARGEST, Unreadable, read
from momentum_lab.slips import Slip

WRONG = "def nesterov_step(theta, velocity, grad, lr, beta):\n    return theta, velocity"
RIGHT = answers(notebook())[FIRST]["source"]


# ------------------------------------------------------------------ read and graded all the same


def version_3(nb):
    cells = []
    for cell in nb["cells"]:
        old = {"cell_type": cell["cell_type"], "metadata": {}}
        if cell["cell_type"] == "code":
            old |= {"input": cell["source"], "language": "python", "outputs": [], "collapsed": False}
        else:
            old["source"] = cell["source"]
        cells.append(old)
    heading = {"cell_type": "heading", "level": 1, "metadata": {}, "source": "Exercises"}
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": [heading, *cells]}]}


def without(*names):
    def strip(nb):
        for cell in nb["cells"]:
            for name in names:
                cell.pop(name, None)
        nb["metadata"] = {}
        return nb

    return strip


def in_lines(nb):
    for cell in nb["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)
    return nb


def with_outputs(nb):
    for cell in nb["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 2_000_000}]
    return nb


def with_junk(nb):
    nb["cells"][1:1] = [None, 3, "text", [], {}, {"cell_type": "code"}, {"cell_type": "code", "source": 5}]
    nb["metadata"] = []
    return nb


def each_source(change):
    def apply(nb):
        for cell in nb["cells"]:
            if cell["cell_type"] == "code":
                cell["source"] = change(cell["source"])
        return nb

    return apply


def added(cell, place):
    def add(nb):
        nb["cells"].insert(place, cell)
        return nb

    return add


def without_checks(nb):
    nb["cells"] = [c for c in nb["cells"] if c["metadata"].get("momentum_lab", {}).get("role") not in ("check", "hint")]
    return nb


def merged(nb):
    found = list(answers(nb).values())
    found[0]["source"] = "\n\n".join(cell["source"] for cell in found)
    nb["cells"] = [cell for cell in nb["cells"] if not any(cell is other for other in found[1:])]
    return nb


def split(nb):
    cell = answers(nb)["05a.overshoot"]
    lines = cell["source"].splitlines(keepends=True)
    second = dict(cell, source="".join(lines[2:]))
    cell["source"] = "".join(lines[:2])
    nb["cells"].insert(nb["cells"].index(cell) + 1, second)
    return nb


def split_without_metadata(nb):
    split(nb)
    for cell in nb["cells"]:
        cell["metadata"] = {}
    return nb


def reversed_order(nb):
    nb["cells"] = [*nb["cells"][:3], *reversed(nb["cells"][3:])]
    return nb


def in_the_check_cell(nb):
    cells = answers(nb)
    check = next(c for c in nb["cells"] if c["metadata"].get("momentum_lab") == {"item": FIRST, "role": "check"})
    check["source"] = cells[FIRST]["source"] + "\n" + check["source"]
    cells[FIRST]["source"] = answers(notebook(kind="exercises"))[FIRST]["source"]
    return nb


def shared_helper(nb):
    """The fourth answer uses what the first one's cell defines."""
    cells = answers(nb)
    cells[FIRST]["source"] += "\ndef double(x):\n    return 2 * x\n"
    cells["05a.shift_map"]["source"] = (
        "def ball_itself(stored, buffer, lr, beta):\n    return stored + beta * lr * double(buffer) / 2"
    )
    return nb


def helper_below(nb):
    nb["cells"].append(code("def eight():\n    return 8"))
    answers(nb)["05a.overshoot"]["source"] += "\nlowest = lowest * eight() / 8"
    return nb


def working_names_used_twice(nb):
    """As in the notebook, an answer sees what the cells above it have left, and not what comes later."""
    cell = answers(nb)["05a.overshoot"]
    place = nb["cells"].index(cell)
    cell["source"] += "\nlowest = lowest * scale"
    nb["cells"].insert(place + 1, code("scale = 100"))
    nb["cells"].insert(place, code("scale = 1"))
    return nb


def setup_at_the_end(nb):
    setup = next(cell for cell in nb["cells"] if cell.get("id") == "setup")
    nb["cells"].remove(setup)
    nb["cells"].append(setup)
    return nb


TREATED = {
    "working names used twice": working_names_used_twice,
    "the setup at the end": setup_at_the_end,
    "a byte-order mark and CRLF": lambda nb: b"\xef\xbb\xbf" + json.dumps(nb, indent=1).replace("\n", "\r\n").encode(),
    "CRLF in the sources": each_source(lambda s: s.replace("\n", "\r\n")),
    "old Mac line ends": each_source(lambda s: s.replace("\n", "\r")),
    "UTF-16": lambda nb: json.dumps(nb).encode("utf-16"),
    "UTF-16 without a mark": lambda nb: json.dumps(nb).encode("utf-16-le"),
    "UTF-32": lambda nb: json.dumps(nb).encode("utf-32"),
    "Windows-1252": lambda nb: json.dumps(added(code("# for later X"), 3)(nb)).replace("X", "ü — €").encode("cp1252"),
    "a coding line": each_source(lambda s: "# -*- coding: latin-1 -*-\n" + s),
    "bytes that are no text": lambda nb: json.dumps(nb).encode().replace(b"Inputs", b"\xff\xfe\x81"),
    "nbformat 3": version_3,
    "no ids": without("id"),
    "no metadata": without("id", "metadata"),
    "no outputs and counts": without("outputs", "execution_count"),
    "sources in lines": in_lines,
    "large outputs": with_outputs,
    "what is no cell": with_junk,
    "nbformat from the future": lambda nb: nb | {"nbformat": 5, "nbformat_minor": 9},
    "nbformat is a text": lambda nb: nb | {"nbformat": "four"},
    "no checks": without_checks,
    "checks are assert True": each_source(lambda s: "assert True" if s.strip().startswith("check(") else s),
    "answers merged into one cell": merged,
    "an answer split": split,
    "an answer split, no metadata": split_without_metadata,
    "the other way round": reversed_order,
    "the answer is in the check": in_the_check_cell,
    "an answer uses another": shared_helper,
    "a helper below": helper_below,
    "a magic line": each_source(lambda s: "%matplotlib inline\n" + s),
    "a shell line": each_source(lambda s: "!pip install numpy\n" + s + "\n!ls"),
    "a timed cell": each_source(lambda s: "%%time\n" + s),
    "a magic behind blank lines": each_source(lambda s: "\n\n%%capture out\n" + s),
    "a question to Jupyter": each_source(lambda s: s + "\nnp.roll?\n?np"),
    "an assigned magic": each_source(lambda s: "files = !ls\nt = %timeit -o 1\n" + s),
    "a magic in a block": each_source(lambda s: "if True:\n    %matplotlib inline\n" + s),
    "another language": added(code("%%bash\nfor i in 1 2; do echo $i; done"), 3),
    "a page in a cell": added(code("%%html\n<b>while</b>"), 3),
    "a per cent sign that is no magic": each_source(lambda s: "x = (7\n  % 3)\n" + s),
    "an exclamation mark in a text": each_source(lambda s: '"""\n!not a command\n%nor this\n"""\n' + s),
    "raw cells": added({"cell_type": "raw", "metadata": {}, "source": "x = "}, 2),
    "zero bytes": each_source(lambda s: s + "\x00"),
    "comments only above": each_source(lambda s: "# mine\n\n\n" + s),
}


@pytest.mark.sandbox
@pytest.mark.parametrize("name", TREATED)
def test_a_notebook_is_graded_however_it_was_treated(name):
    row = assessed(TREATED[name](notebook()))
    assert (row["status"], score(row)) == ("graded", POINTS), row


@pytest.mark.sandbox
@pytest.mark.parametrize(("first", "second", "points"), [(WRONG, RIGHT, 5), (RIGHT, WRONG, 3)])
@pytest.mark.parametrize("kept", [True, False], ids=["with metadata", "without"])
def test_of_copies_the_last_one_counts(first, second, points, kept):
    nb = with_first(first)
    place = nb["cells"].index(answers(nb)[FIRST]) + 1
    metadata = answers(nb)[FIRST]["metadata"] if kept else {}
    nb["cells"].insert(place, code(second, **metadata))
    row = assessed(nb)
    assert (row["status"], score(row)) == ("graded", points)
    outcome = row["questions"][FIRST]
    assert outcome["cell"] == place + 1
    assert outcome["notes"] == [
        f"2 cells define `nesterov_step`; the last one that is filled in, cell {place + 1}, counts."
    ]


@pytest.mark.sandbox
def test_a_copy_that_is_still_blank_does_not_count():
    nb = notebook()
    blank = answers(notebook(kind="exercises"))[FIRST]
    nb["cells"].append(blank)
    assert score(assessed(nb)) == POINTS


@pytest.mark.sandbox
def test_a_copy_that_stops_is_not_replaced_by_the_one_before():
    nb = notebook()
    nb["cells"].append(code("1 / 0\n" + RIGHT))
    row = assessed(nb)
    assert row["questions"][FIRST]["status"] == "error" and score(row) == POINTS - 2


@pytest.mark.sandbox
def test_a_deleted_answer_is_missing_and_the_others_count():
    nb = notebook()
    nb["cells"].remove(answers(nb)[FIRST])
    row = assessed(nb)
    assert (row["status"], score(row)) == ("graded", POINTS - 2)
    assert "missing" in row["questions"][FIRST]["message"]


@pytest.mark.sandbox
def test_a_renamed_function_is_told_its_name():
    row = assessed(with_first(RIGHT.replace("nesterov_step", "my_step")))
    assert "`nesterov_step`" in row["questions"][FIRST]["message"] and score(row) == POINTS - 2


def test_what_was_taken_out_is_said():
    cells = [code("%matplotlib inline\nx = 1"), code("%%bash\nls"), code("!ls\n!ls")]
    notes = read(data({"cells": cells})).notes
    assert [note.partition(":")[0] for note in notes] == ["Cell 1", "Cell 2", "Cell 3"]


# ------------------------------------------------------------------ not a notebook of this lesson

FULL = data(notebook())
DEEP = b'{"cells": ' + b"[" * 200_000
FILES = {
    "empty": (b"", "empty"),
    "blanks": (b" \r\n\t ", "empty"),
    "a byte-order mark alone": (b"\xef\xbb\xbf", "empty"),
    "cut in the middle": (FULL[: len(FULL) // 2], "cut off"),
    "cut at the end": (FULL[:-1], "cut off"),
    "cut in a text": (FULL[: FULL.index(b"theta") + 2], "cut off"),
    "cut behind the first brace": (FULL[:1], "cut off"),
    "a hole inside": (FULL[:400] + FULL[500:], "broken"),
    "an unresolved merge": (b'{\n<<<<<<< HEAD\n"cells": []\n=======\n>>>>>>> mine\n}', "merge"),
    "no object": (b"[1, 2]", "not a notebook"),
    "null": (b"null", "not a notebook"),
    "a number": (b"3", "not a notebook"),
    "no cells": (b"{}", "no list of cells"),
    "cells are null": (b'{"cells": null}', "no list of cells"),
    "cells are a text": (b'{"cells": "x"}', "no list"),
    "a list of no cells": (b'{"cells": []}', "no cells"),
    "worksheets without cells": (b'{"worksheets": [{}, 3]}', "no cells"),
    "nested too deep": (DEEP, "JSON"),
    "a number too long": (b'{"cells": ' + b"9" * 6000 + b"}", "JSON"),
    "a page": (b"<!DOCTYPE html><html></html>", "web page"),
    "a page behind a mark": (b"\xef\xbb\xbf\n<html>", "web page"),
    "a PDF": (b"%PDF-1.7 ...", "PDF"),
    "a program": (b"import numpy as np\n", "Python program"),
    "a picture": (b"\x89PNG\r\n", "picture"),
    "a pointer": (b"version https://git-lfs.github.com/spec/v1", "pointer"),
    "any bytes": (bytes(range(1, 256)), "not a notebook"),
    "too large": (b" " * (LARGEST + 1), "50 MB"),
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_notebook_is_unreadable_and_says_why(name):
    content, word = FILES[name]
    with pytest.raises(Unreadable, match=word):
        read(content)
    row = assessed(content)
    assert row["status"] == "unreadable" and word in row["reason"] and len(row["reason"].splitlines()) == 1


STRANGERS = {
    "another lesson": (data(notebook("01")), "lesson 01"),
    "another lesson, untouched": (data(notebook("03", "exercises")), "lesson 03"),
    "another course": (data({"cells": [code("x = 1"), code("print(x)")]}), "Nothing"),
    "text only": (data({"cells": [{"cell_type": "markdown", "metadata": {}, "source": "Hello"}]}), "Nothing"),
    "one blank cell": (data({"cells": [code("")]}), "Nothing"),
}


@pytest.mark.parametrize("name", STRANGERS)
def test_a_foreign_notebook_is_unmatched(name):
    content, word = STRANGERS[name]
    row = assessed(content)
    assert row["status"] == "unmatched" and word in row["reason"] and score(row) == 0


def test_another_version_of_the_course_belongs():
    nb = notebook()
    nb["metadata"]["momentum_lab"]["source"] = "0" * 16
    nb["cells"].append(code("y = 1", momentum_lab={"item": "05a.from_next_year", "role": "answer"}))
    read_in = read(data(nb))
    assert belongs(read_in, lesson_entries(), CHEAP) is None
    assert set(match(read_in, lesson_entries()).answers) == set(lesson_entries())


# ------------------------------------------------------------------ files, folders, archives


def zipped(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_files_are_found_wherever_they_lie(tmp_path):
    nested = tmp_path / "anna_17_assignsubmission_file" / "my work"
    nested.mkdir(parents=True)
    (nested / "final (1).ipynb").write_bytes(FULL)
    (tmp_path / "ben.txt").write_bytes(FULL)
    (tmp_path / "no ending").write_bytes(FULL)
    (tmp_path / "carla").mkdir()
    (tmp_path / "carla" / "report.pdf").write_bytes(b"%PDF-1")
    (tmp_path / "dora").mkdir()
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "old.ipynb").write_bytes(FULL)
    (tmp_path / "class.zip").write_bytes(
        zipped(
            **{"eve/a.ipynb": FULL, "__MACOSX/a.ipynb": b"", "../../up.ipynb": FULL, "in.zip": zipped(**{"f": FULL})}
        )
    )
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04 broken")
    (tmp_path / "leads out.ipynb").symlink_to("/etc/hostname")
    found = {one.id: one for one in find([tmp_path])}
    good = {name for name, one in found.items() if one.read() == FULL}
    assert good == {
        "anna_17_assignsubmission_file/my work/final (1)", "ben.txt", "no ending", "class/eve/a", "class/../../up",
        "class/in/f",
    }  # fmt: skip
    assert "report.pdf" in found["carla/report.pdf"].id and found["dora"].trouble
    assert "leads out" not in found and "bad.zip" not in good


def test_what_was_written_is_not_graded(tmp_path):
    (tmp_path / "a.ipynb").write_bytes(FULL)
    (tmp_path / "graded" / "feedback").mkdir(parents=True)
    (tmp_path / "graded" / "feedback" / "a.html").write_text("<html>")
    assert [one.id for one in find([tmp_path], leave_out=tmp_path / "graded")] == ["a"]


def test_ids_are_unique(tmp_path):
    for section in ("monday", "friday"):
        (tmp_path / section).mkdir()
        (tmp_path / section / "a.ipynb").write_bytes(FULL)
    ids = [one.id for one in find([tmp_path / "monday", tmp_path / "friday", tmp_path / "monday" / "a.ipynb"])]
    assert ids == sorted({"monday/a", "friday/a", "a"})
    twice = find([tmp_path / "monday" / "a.ipynb", tmp_path / "friday" / "a.ipynb"])
    assert [one.id for one in unique(twice)] == ["a", "a (2)"]


def test_a_path_that_is_not_there_is_a_slip(tmp_path):
    with pytest.raises(Slip, match="no file or folder"):
        find([tmp_path / "nowhere"])
    with pytest.raises(Slip, match="no submission"):
        find([tmp_path])


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.ipynb", b" " * (LARGEST + 1000))
    (tmp_path / "bomb.zip").write_bytes(stream.getvalue())
    (found,) = find([tmp_path / "bomb.zip"])
    assert not found.read() and "50 MB" in found.trouble


# ------------------------------------------------------------------ whatever comes, there is one answer

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.dictionaries(
            st.sampled_from(["cells", "cell_type", "source", "metadata", "input", "worksheets", "momentum_lab", "item"])
            | st.text(max_size=5),
            inside,
            max_size=5,
        )
    ),
    max_leaves=20,
)


def one_answer(content):
    try:
        notebook_read = read(content)
    except Unreadable as error:
        assert len(str(error).splitlines()) == 1
    else:
        belongs(notebook_read, lesson_entries(), CHEAP)
        match(notebook_read, lesson_entries())


@given(JSON)
def test_any_json(value):
    one_answer(json.dumps(value).encode())
    one_answer(json.dumps({"cells": value}).encode())
    one_answer(json.dumps({"cells": [value, {"cell_type": "code", "source": value, "metadata": value}]}).encode())


@given(st.data())
def test_any_damage(draw):
    content = bytearray(FULL)
    for _ in range(draw.draw(st.integers(1, 5))):
        place, length = draw.draw(st.integers(0, len(content))), draw.draw(st.integers(0, 60))
        content[place : place + length] = draw.draw(st.binary(max_size=20))
    one_answer(bytes(content))


@pytest.mark.full
@settings(max_examples=2000)
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda t: json.dumps({"cells": [code(t)]}).encode()))
def test_any_bytes_and_any_source(content):
    one_answer(content)
