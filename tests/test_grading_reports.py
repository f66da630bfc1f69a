"""What is written: harmless in a spreadsheet, safe as a file, kind to its reader, silent about what is secret."""

import csv
import io
import json
import subprocess
import sys
from itertools import chain
from xml.etree import ElementTree

import pytest
from grading_samples import (
    CHEAP,
    FAST,
    FIRST,
    ROOT,
    answers,
    copied,
    data,
    lesson_entries,
    notebook,
    with_first,
)
from hypothesis import given
from hypothesis import strategies as st

from course import secret_banks
from momentum_lab import cli
from momentum_lab.checks import bank
from momentum_lab.grading import exports, files
from momentum_lab.grading.command import read_bank
from momentum_lab.grading.feedback import markdown, page
from momentum_lab.grading.finding import Submission
from momentum_lab.grading.grade import Row, grade
from momentum_lab.grading.report import scores, write_all
from momentum_lab.slips import Slip

HEAD = "def nesterov_step(theta, velocity, grad, lr, beta):\n"
ALL = [*exports.FORMATS]
IDS = [
    "=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\t=1", "  =1", "＝1", "a\nb", "a\r\nb", 'quo"te', "it's", "a,b;c",
    "../../up", "/etc/passwd", "..", ".", "", "CON", "nul.txt", "Name", "name", "NAME", "é", "e\u0301", "日本", "a/b",
    "a\\b", "a:b", "*?<>|",
    "x" * 300, "<script>alert(1)</script>", "&amp;", "\x00\x07", "\u202egnp", "\ud800", "%00", "`rm`", "$(x)", "{{7}}",
]  # fmt: skip


def table(text):
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def row(name="anna", **outcome):
    first = {
        "status": "wrong", "message": "The sign is `wrong`.", "points": 0.0, "out_of": 2.0, "mistake": "uphill",
        "cell": 5, "notes": [], "check": "0",
    } | outcome  # fmt: skip
    return Row(name, "graded", "0 of 1 questions have full points.", {FIRST: first}, [], [], "1/1/0", 5.0)


def everything(folder):
    return {
        file.relative_to(folder).as_posix(): file.read_text("utf-8") for file in folder.rglob("*") if file.is_file()
    }


# ------------------------------------------------------------------ names and cells


def test_any_id_gives_files_of_its_own_inside_the_folder(tmp_path):
    out = tmp_path / "deep" / "out"
    rows = [row(name, message=name, mistake=name) for name in IDS]
    write_all(out, rows, lesson_entries(), ALL)
    names = [name for name in everything(out) if name.startswith("feedback/")]
    assert len({name.lower() for name in names}) == 2 * len(IDS)
    assert all(len(name) < 100 and name.isascii() and not set('\\:*?"<>|') & set(name) for name in names)
    assert {file.name for file in (tmp_path / "deep").iterdir()} == {"out"} and len(list(tmp_path.iterdir())) == 1
    assert not [name for name in everything(out) if ".half" in name]


def test_no_cell_is_a_formula(tmp_path):
    rows = [row(name, message=name, mistake=name) for name in IDS]
    write_all(tmp_path, rows, lesson_entries(), ALL)
    for name, text in everything(tmp_path).items():
        if name.endswith(".csv"):
            lines = table(text)
            assert len({len(line) for line in lines}) == 1
            for cell in chain.from_iterable(lines):
                assert cell.lstrip()[:1] not in set("=+-@＝＋－＠") and "\n" not in cell and "\t" not in cell, (
                    name,
                    cell,
                )


@given(st.text(max_size=40))
def test_harmless_cells_and_safe_names(text):
    cell = files.harmless(text)
    assert not files.FORMULA.match(cell) and cell.isprintable()
    name = files.safe_name(text)
    assert name.isascii() and name.replace("-", "").isalnum() and len(name) <= 61
    assert name.lower() != files.safe_name(text + "x").lower()


def test_a_half_written_file_is_never_seen(tmp_path, monkeypatch):
    files.write(tmp_path, "a.csv", "old")
    monkeypatch.setattr("os.replace", lambda *a: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        files.write(tmp_path, "a.csv", "new")
    assert everything(tmp_path) == {"a.csv": "old"}
    with pytest.raises(ValueError, match="outside"):
        files.write(tmp_path, "../b.csv", "x")


# ------------------------------------------------------------------ what people read


def test_feedback_is_for_one_reader_and_nothing_in_it_runs():
    bad = row("<img src=x>", message="<script>alert(1)</script> `a<b` [x](javascript:1)", notes=["![](http://x)"])
    text, other = page(bad, lesson_entries()), markdown(bad, lesson_entries())
    assert "<script" not in text and "<img" not in text and "<code>a&lt;b</code>" in text
    assert '<html lang="en">' in text and '<th scope="col">' in text and "<caption>" in text and "(Cell 5.)" in text
    assert "\\[x\\]" in other and "\\<script" in other and "!\\[\\]" in other


def test_the_report_counts(tmp_path):
    rows = [
        row("a"),
        row("b"),
        row("c", status="passed", points=2.0, mistake=None),
        row("d", manual="kind", points=1.0),
    ]
    write_all(tmp_path, rows, lesson_entries())
    text = (tmp_path / "report.html").read_text("utf-8")
    assert "1 of 4 (25 %)" in text and "<td>uphill</td><td>3</td>" in text and "kind" in text
    assert "4 submissions" in text and "nobody has tried" in text


def test_exports_are_what_their_readers_expect():
    entries = lesson_entries()
    rows = [
        row("Müller, Jörg_1234_assignsubmission_file/a"),
        row("muellerjoerg_LATE_77_888_final", points=2.0, status="passed"),
        Row("empty", "unreadable", "The file is empty.", {}, [], [], "1", 5.0),
    ]
    results = [json.loads(text) for text in exports.gradescope(rows, entries).values()]
    assert [result.get("score") for result in results] == [0, 2, None] and results[0]["tests"][0]["max_score"] == 2
    assert results[2]["output"] == "Your submission could not be graded. The file is empty."
    suites = ElementTree.fromstring(exports.junit(rows, entries)["junit.xml"].encode())
    assert [len(suite.findall("testcase/failure")) for suite in suites] == [1, 0, 1]
    moodle = table(exports.moodle(rows, entries)["moodle.csv"])
    assert moodle[1][:2] == ["Participant 1234", "Müller, Jörg"] and moodle[3][0] == "empty"
    canvas = table(exports.canvas(rows, entries)["canvas.csv"])
    assert canvas[0][-1] == "Lesson 05a" and canvas[1][-1] == "5" and canvas[3][1] == "77"
    assert len(table(exports.long_table(rows, entries)["questions.csv"])) == 3


def test_junit_holds_any_text():
    for name in IDS:
        text = exports.junit([row(name, message=name)], lesson_entries())["junit.xml"]
        ElementTree.fromstring(text.encode("utf-8", "backslashreplace"))


def test_scores_open_with_accents():
    text = scores([row("Zoë")], lesson_entries())
    assert text.encode().startswith(b"\xef\xbb\xbf") and "\r\nZoë,graded,0,5," in text


# ------------------------------------------------------------------ a secret bank


@pytest.fixture(scope="module")
def secret(tmp_path_factory):
    folder = tmp_path_factory.mktemp("secret")
    (folder / "seed").write_text("correct horse battery staple\n")
    out = folder / "out"
    command = ["release", "--kind", "instructor", "--seed", str(folder / "seed"), "--out", str(out), "--lesson", CHEAP]
    assert cli.main(command) == 0
    return out / "banks" / f"{CHEAP}.secret"


def test_a_secret_makes_one_bank(secret, tmp_path):
    _, entries, hidden = read_bank(secret, CHEAP)
    assert hidden and set(entries) == set(bank.entries(CHEAP)) and entries[FIRST]["cases"] != bank.load(FIRST)["cases"]
    again = secret_banks.secret_bank(
        next(p for p in secret_banks.sources() if secret_banks.key(p) == CHEAP),
        secret_banks.seed_in(secret.parents[2] / "seed"),
    )
    assert again == secret.read_text("ascii")
    with pytest.raises(Slip, match="lesson 05a"):
        read_bank(secret, "02")


def test_a_short_secret_and_a_folder_of_the_repository_are_refused(tmp_path, capsys):
    (tmp_path / "short").write_text("1234")
    (tmp_path / "seed").write_text("correct horse battery staple\n")
    with pytest.raises(Slip, match="guessed"):
        secret_banks.seed_in(tmp_path / "short")
    command = ["release", "--kind", "instructor", "--lesson", CHEAP, "--seed", str(tmp_path / "seed"), "--out"]
    assert cli.main([*command, str(ROOT / "secret")]) == 1
    assert "lies in the repository" in capsys.readouterr().err and not (ROOT / "secret").exists()


@pytest.mark.sandbox
def test_full_marks_with_a_secret_bank(secret, tmp_path):
    (tmp_path / "a.ipynb").write_bytes(data(notebook()))
    (tmp_path / "b.ipynb").write_bytes(data(notebook(kind="exercises")))
    arguments = ["--lesson", CHEAP, "--out", str(tmp_path / "out"), "--sandbox", "bwrap", "--bank", str(secret)]
    assert cli.main(["grade", str(tmp_path / "a.ipynb"), str(tmp_path / "b.ipynb"), *arguments, "--jobs", "1"]) == 0
    lines = table((tmp_path / "out" / "scores.csv").read_text("utf-8-sig"))
    assert [line[1:3] for line in lines[1:]] == [["graded", "5"], ["not attempted", "0"]]


LEAKS = {
    "in a message": "    raise ValueError(repr((theta, velocity, lr, beta)))",
    "in the name of an exception": "    raise type(f'E{lr}{beta}'.replace('.', '_'), (Exception,), {})()",
    "in the name of a type": "    return type(f'T{lr}_{beta}'.replace('.', '_'), (), {})()",
    "in the name of a type in a tuple": "    return theta, type(f'T{lr}_{beta}'.replace('.', '_'), (), {})()",
    "in a line": "    # the place of lines is changed\n"
    "    from linecache import cache as c\n    c['<cell 5>'] = (9, None, [f'{lr} {beta}'] * 9, '')\n    1 / 0",
}


@pytest.mark.sandbox
@pytest.mark.parametrize("way", LEAKS)
def test_no_hidden_number_or_word_reaches_a_reader(secret, tmp_path, way):
    """Every number of the secret cases and a canary in every word of the bank are looked for in every file."""
    entries = copied(read_bank(secret, CHEAP)[1])
    for entry in entries.values():
        for name in ("hints", "properties", "forms"):
            if name in entry:
                entry[name] = [*entry[name]] if name != "hints" else ["CANARY-hint"]
        entry["canary"] = "CANARY-entry"
        for mistake in entry.get("mistakes", ()):
            mistake["canary"] = "CANARY-mistake"
    numbers = {
        f"{value:g}".lstrip("-")
        for case in entries[FIRST]["cases"]
        for value in flat([case["arguments"]["lr"], case["arguments"]["beta"], case["arguments"]["theta"]])
        if len(f"{value:g}".lstrip("-")) > 3
    }
    assert len(numbers) > 5
    nb = with_first(HEAD + LEAKS[way])
    answers(nb)["05a.overshoot"]["source"] = "lowest = 0.123"
    rows = grade([Submission("a", data(nb))], CHEAP, entries=entries, hidden=True, sandbox="bwrap", limits=FAST)
    write_all(tmp_path, rows, {k: e for k, e in entries.items() if e["points"] and "CANARY" not in k}, ALL)
    for name, text in everything(tmp_path).items():
        if name != "timings.csv":
            assert "CANARY" not in text, name
            assert not [number for number in numbers if number in text], name
            assert not [n for n in numbers if n.replace(".", "_") in text], name
    (shown,) = grade([Submission("a", data(nb))], CHEAP, entries=entries, sandbox="bwrap", limits=FAST)
    message = shown.questions[FIRST]["message"].replace("_", ".")
    assert [number for number in numbers if number in message], "the leak would be one"


def flat(value):
    return [value] if isinstance(value, int | float) else [x for part in value for x in flat(part)]


@pytest.mark.sandbox
def test_with_the_open_bank_a_message_helps():
    nb = with_first(HEAD + "    raise ValueError('my own words')")
    (one,) = grade([Submission("a", data(nb))], CHEAP, sandbox="bwrap", limits=FAST)
    assert "my own words" in one.questions[FIRST]["message"]


def test_the_grader_needs_nothing_of_the_authors_side():
    source = "import sys\nimport momentum_lab.grading.command\nassert 'course' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", source], cwd=ROOT).returncode == 0
