"""A batch: one row each, the same bytes every time, nothing done twice, nothing written elsewhere."""

import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor

import pytest
from grading_samples import (
    CHEAP,
    FAST,
    FIRST,
    POINTS,
    ROOT,
    answers,
    code,
    copied,
    data,
    lesson_entries,
    notebook,
    settings,
    with_first,
)

from momentum_lab import cli
from momentum_lab.checks import bank
from momentum_lab.grading.assess import assess
from momentum_lab.grading.finding import Submission
from momentum_lab.grading.grade import grade
from momentum_lab.grading.outcome import STATUSES
from momentum_lab.grading.report import scores, write_all
from momentum_lab.grading.store import Store
from momentum_lab.slips import Slip

HEAD = "def nesterov_step(theta, velocity, grad, lr, beta):\n"
RIGHT = answers(notebook())[FIRST]["source"]
WRONG = HEAD + "    return theta, velocity"


def sample(number):
    """One of a dozen kinds of submissions; every one of them is another file."""
    sources = [
        RIGHT,
        WRONG,
        HEAD + "    return None",
        HEAD + "    return {'theta', 'velocity', 'beta'}",
        HEAD + "    raise ValueError(f'{ {str(i) for i in range(9)} } {object()}')",
        RIGHT.replace("):", ")"),
        "import os; os._exit(0)",
        "import os\nos.walk('/')\n" + RIGHT,
        HEAD + "    return theta + 1.5, f'{theta:n}'",
        "%matplotlib inline\n" + RIGHT,
    ]
    nb = with_first(f"# number {number}\n" + sources[number % len(sources)])
    if number % 12 == 10:
        return data(nb)[: 3000 + number]
    if number % 12 == 11:
        return data(notebook("01", "exercises") | {"number": number})
    return data(nb)


def put(folder, count):
    """Write some submissions, in another order than their names have."""
    names = [f"student {i:02}é.ipynb" if i % 3 else f"Group {i}/final ({i}).ipynb" for i in range(count)]
    for i in random.Random(count).sample(range(count), count):
        file = folder / names[i]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(sample(i))


def run(*arguments, **environment):
    command = [sys.executable, "-m", "momentum_lab", "grade", *map(str, arguments), "--sandbox", "bwrap"]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, encoding="utf-8"
    )


class Counting(Executor):
    """Does the work in this process and counts it."""

    def __init__(self):
        self.known = []

    def submit(self, function, content, settings, known):
        self.known.append(set(known))
        future = Future()
        future.set_result(function(content, settings, known))
        return future


def graded(submissions, **options):
    return grade(submissions, CHEAP, **{"sandbox": "bwrap", "limits": FAST} | options)


ONE = [Submission("one", data(notebook()))]

# ------------------------------------------------------------------ the same bytes


@pytest.mark.sandbox
def test_scores_have_the_same_bytes_however_they_are_made(tmp_path):
    put(tmp_path / "in", 24)
    ways = [
        (1, {"LC_ALL": "C", "PYTHONHASHSEED": "1", "TZ": "UTC"}),
        (2, {"LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo"}),
        (4, {"LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "random", "TZ": "America/New_York"}),
    ]
    found = []
    for jobs, environment in ways:
        out = tmp_path / f"out {jobs}"
        done = run(tmp_path / "in", "--lesson", CHEAP, "--out", out, "--jobs", jobs, **environment)
        assert done.returncode == 1 and "24 submissions" in done.stdout, done.stderr
        files = {f.relative_to(out): f.read_bytes() for f in out.rglob("*") if f.suffix in (".csv", ".html", ".md")}
        del files[next(name for name in files if name.name == "timings.csv")]
        found.append(files)
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 2 + 2 * 24
    lines = next(text for name, text in found[0].items() if name.name == "scores.csv").decode("utf-8-sig").splitlines()
    assert len(lines) == 25 and all(any(f",{status}," in line for status in STATUSES) for line in lines[1:])


@pytest.mark.sandbox
def test_any_executor_and_any_order_give_the_same_rows():
    submissions = [Submission(f"s{i}", sample(i)) for i in range(8)]
    plain = graded(submissions)
    with ThreadPoolExecutor(2) as threads, ProcessPoolExecutor(2) as processes:
        for pool in (threads, processes):
            random.Random(1).shuffle(submissions)
            assert graded(submissions, executor=pool) == plain
    assert [row.id for row in plain] == sorted(row.id for row in plain)


# ------------------------------------------------------------------ nothing is done twice


@pytest.mark.sandbox
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_an_interrupted_batch_goes_on_where_it_stopped(tmp_path, ending):
    put(tmp_path / "in", 16)
    out = tmp_path / "out"
    command = [sys.executable, "-m", "momentum_lab", "grade", tmp_path / "in", "--lesson", CHEAP, "--out", out]
    process = subprocess.Popen(
        [*command, "--sandbox", "bwrap", "--jobs", "2"], cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True
    )
    end = time.monotonic() + 60
    while time.monotonic() < end and stored(out) < 3:
        time.sleep(0.02)
    os.killpg(process.pid, ending)
    assert process.wait(20) == (130 if ending == signal.SIGINT else -9)
    process.stderr.close()
    done = stored(out)
    assert 3 <= done < 14
    from momentum_lab.grading.finding import find

    pool = Counting()
    with Store(out / "grading.sqlite") as store:
        options = {"sandbox": "bwrap", "store": store, "entries": bank.entries(CHEAP)}
        rows = grade(find([tmp_path / "in"]), CHEAP, pool, **options)
        assert len(rows) == 16 and len(pool.known) == 16 - done
        again = Counting()
        assert grade(find([tmp_path / "in"]), CHEAP, again, **options) == rows and not again.known


def stored(out):
    import sqlite3
    from contextlib import closing

    try:
        with closing(sqlite3.connect(f"file:{out / 'grading.sqlite'}?mode=ro", uri=True)) as base:
            return base.execute("select count(*) from results").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


@pytest.mark.sandbox
def test_an_edited_check_runs_its_own_question_only():
    entries = copied(bank.entries(CHEAP))
    pool = Counting()
    with Store() as store:
        (before,) = graded(ONE, executor=pool, store=store, entries=entries)
        entries["05a.overshoot"]["expected"] += 1
        (after,) = graded(ONE, executor=pool, store=store, entries=entries)
    assert pool.known == [set(), set(lesson_entries()) - {"05a.overshoot"}]
    changed = {key for key in before.questions if before.questions[key] != after.questions[key]}
    assert changed == {"05a.overshoot"} and after.score == before.score - 1 and after.version != before.version


@pytest.mark.sandbox
def test_one_question_can_be_run_again():
    pool = Counting()
    with Store() as store:
        before = graded(ONE, executor=pool, store=store)
        assert graded(ONE, executor=pool, store=store, only=[FIRST]) == before
    assert pool.known == [set(), set(lesson_entries()) - {FIRST}]
    with pytest.raises(Slip, match="known are"):
        graded(ONE, only=["05a.nothing"])


@pytest.mark.sandbox
def test_other_limits_or_another_lesson_make_results_anew():
    pool = Counting()
    with Store() as store:
        graded(ONE, executor=pool, store=store)
        grade(ONE, CHEAP, pool, sandbox="bwrap", store=store)
        assert grade(ONE, "01", pool, sandbox="bwrap", store=store)[0].status == "unmatched"
    assert pool.known == [set(), set(), set()]


@pytest.mark.sandbox
def test_a_decision_by_hand_outlives_a_new_run(tmp_path):
    (tmp_path / "a.ipynb").write_bytes(data(with_first(WRONG)))
    out, arguments = tmp_path / "out", [tmp_path / "a.ipynb", "--lesson", CHEAP, "--out", tmp_path / "out"]
    assert run(*arguments).returncode == 0
    before = (out / "scores.csv").read_text("utf-8-sig")
    done = run(*arguments, "--override", "a", FIRST, "1.5", "a good idea, <b>shown</b> in class")
    assert done.returncode == 0, done.stderr
    for extra in ([], ["--only", FIRST]):
        assert run(*arguments, *extra).returncode == 0
        text = (out / "scores.csv").read_text("utf-8-sig")
        assert ",4.5,5," in text and ",3,5," in before and f"{FIRST}: a good idea" in text
        feedback = next((out / "feedback").glob("*.html")).read_text("utf-8")
        assert "Decided by hand" in feedback and "&lt;b&gt;" in feedback and "<b>" not in feedback
    for wrong in (
        ["b", FIRST, "1", "x"],
        ["a", "05a.none", "1", "x"],
        ["a", FIRST, "3", "x"],
        ["a", FIRST, "nan", "x"],
    ):
        assert run(*arguments, "--override", *wrong).returncode == 2


# ------------------------------------------------------------------ what goes wrong is one row


class Breaking(Executor):
    """Loses every second submission, as a worker that dies does."""

    count = 0

    def submit(self, function, *arguments):
        future, self.count = Future(), self.count + 1
        if self.count == 3:
            raise RuntimeError("the pool is broken")
        if self.count % 2:
            future.set_exception(RuntimeError("a worker has gone"))
        else:
            future.set_result(function(*arguments))
        return future


@pytest.mark.sandbox
def test_a_lost_worker_costs_a_row_that_the_next_run_makes_good():
    submissions = [Submission(f"s{i}", data(with_first(f"# {i}\n" + RIGHT))) for i in range(4)]
    with Store() as store:
        rows = graded(submissions, executor=Breaking(), store=store)
        assert sorted(row.status for row in rows) == ["graded", "graded", "killed", "killed"]
        assert {row.score for row in graded(submissions, store=store)} == {POINTS}


def test_a_fault_of_the_grader_is_one_row(monkeypatch):
    from momentum_lab.grading import assess as module

    monkeypatch.setattr(module, "match", lambda *a: 1 / 0)
    row = assess(data(notebook()), settings())
    assert row["status"] == "killed" and "ZeroDivisionError" in row["reason"] and row["failed"]


def test_a_lesson_without_exercises_is_a_slip():
    with pytest.raises(Slip, match="nothing to grade"):
        grade(ONE, "77")


# ------------------------------------------------------------------ the command


@pytest.mark.sandbox
def test_exit_codes(tmp_path, monkeypatch, capsys):
    good = tmp_path / "good.ipynb"
    good.write_bytes(data(notebook()))
    (tmp_path / "bad.ipynb").write_bytes(b"")
    base = ["--lesson", CHEAP, "--out", str(tmp_path / "out"), "--sandbox", "bwrap", "--jobs", "1"]
    assert cli.main(["grade", str(good), *base]) == 0
    assert cli.main(["grade", str(good), str(tmp_path / "bad.ipynb"), *base]) == 1
    assert "2 submissions: 1 graded, 1 not" in capsys.readouterr().out
    assert cli.main(["grade", str(tmp_path / "nowhere"), *base]) == 2
    assert cli.main(["grade", str(good), "--lesson", "77", "--out", str(tmp_path / "out")]) == 2
    assert cli.main(["grade", str(good), *base, "--bank", str(good)]) == 2
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert cli.main(["grade", str(good), *base]) == 3
    assert "bubblewrap is not installed" in capsys.readouterr().err
    assert cli.main(["grade", str(good), *base[:4], "--sandbox", "none", "--jobs", "1"]) == 0
    assert "NOT FOR UNTRUSTED CODE" in capsys.readouterr().err


def test_other_verbs_do_not_load_the_grader():
    source = "import sys\nfrom momentum_lab import cli\ncli.command_line(['progress'])\n"
    source += "assert not [m for m in sys.modules if 'grading' in m or m in ('sqlite3', 'numpy')]"
    assert subprocess.run([sys.executable, "-c", source], cwd=ROOT).returncode == 0


# ------------------------------------------------------------------ a large batch


def large_batch(folder):
    """200 submissions, 50 of them broken; returns {id: (status, points)}."""
    wanted = {}

    def hand_in(name, content, status, points):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        wanted[name.removesuffix(".ipynb")] = (status, points)

    def first(i, source):
        return data(with_first(f"# {i}\n{source}"))

    for i in range(150):
        nb = with_first(f"# {i}\n" + (RIGHT if i % 4 else WRONG))
        if i % 5 == 0:
            answers(nb)["05a.overshoot"]["source"] = "lowest = 0"
        hand_in(f"s{i:03}.ipynb", data(nb), "graded", POINTS - (0 if i % 4 else 2) - (1 if i % 5 == 0 else 0))
    for i in range(8):
        hand_in(f"deep {i}/again/final ({i}).txt", first(200 + i, RIGHT), "graded", 5)
    for i in range(6):
        nb = with_first(f"# {300 + i}\n" + (WRONG, RIGHT)[i % 2])
        nb["cells"].append(code((WRONG, RIGHT)[(i + 1) % 2]))
        hand_in(f"copied {i}.ipynb", data(nb), "graded", 3 if i % 2 else 5)
        hand_in(f"loop {i}.ipynb", first(400 + i, "while True: pass"), "partly graded", 3)
        hand_in(f"syntax {i}.ipynb", first(500 + i, "def"), "graded", 3)
    for i in range(5):
        hand_in(f"empty {i}.ipynb", b" " * i, "unreadable", 0)
        hand_in(f"cut {i}.ipynb", data(notebook())[: 2000 + i], "unreadable", 0)
    for i in range(4):
        nb = notebook()
        nb["metadata"]["momentum_lab"]["source"] = f"{i:016}"
        hand_in(f"version {i}.ipynb", data(nb), "graded", 5)
        nb["cells"].remove(answers(nb)[FIRST])
        hand_in(f"deleted {i}.ipynb", data(nb), "graded", 3)
    for i in range(3):
        nb = with_first(f"# {600 + i}\n" + WRONG)
        for cell in nb["cells"]:
            if cell["source"].startswith(("check(", "from momentum_lab.checks")):
                cell["source"] = "assert True"
        hand_in(f"edited {i}.ipynb", data(nb), "graded", 3)
        hand_in(f"loud {i}.ipynb", first(700 + i, "for _ in range(100): print('x' * 10 ** 6)\n" + RIGHT), "graded", 5)
    return wanted


@pytest.mark.full
@pytest.mark.sandbox
def test_two_hundred_submissions(tmp_path):
    wanted = large_batch(tmp_path / "in")
    assert len(wanted) == 200
    begin = time.monotonic()
    done = run(tmp_path / "in", "--lesson", CHEAP, "--out", tmp_path / "out", "--jobs", "2", "--format", "csv")
    seconds = time.monotonic() - begin
    assert done.returncode == 1 and "200 submissions: 184 graded, 16 not" in done.stdout, done.stdout + done.stderr
    import csv
    import io

    rows = list(csv.DictReader(io.StringIO((tmp_path / "out" / "scores.csv").read_text("utf-8-sig"), newline="")))
    assert {row["id"]: (row["status"], float(row["score"])) for row in rows} == wanted
    flagged = {row["id"] for row in rows if row["please review"]}
    assert flagged == {f"edited {i}" for i in range(3)}
    begin = time.monotonic()
    run(tmp_path / "in", "--lesson", CHEAP, "--out", tmp_path / "out", "--jobs", "2")
    print(f"{seconds:.0f} s, and {time.monotonic() - begin:.1f} s the second time")
    assert seconds < 300 and time.monotonic() - begin < 30


def test_a_report_of_nobody_can_be_written(tmp_path):
    write_all(tmp_path, [], lesson_entries(), ["csv", "junit", "moodle", "canvas", "gradescope"])
    assert scores([], lesson_entries()).count("\r\n") == 1
