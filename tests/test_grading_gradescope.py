"""Gradescope: the bundle as it is uploaded, set up and run, and a `results.json` whatever is handed in."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest
from grading_samples import CHEAP, FIRST, POINTS, answers, data, lesson_entries, notebook, with_first

from course import secret_banks
from momentum_lab import cli
from momentum_lab.grading import sandbox

HEAD = "def nesterov_step(theta, velocity, grad, lr, beta):\n"
RIGHT = answers(notebook())[FIRST]["source"]
WRONG = HEAD + "    return theta, velocity"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="what runs at Gradescope is a shell script")


def packed(folder, *more):
    out = folder / "autograder.zip"
    assert cli.main(["gradescope", "--lesson", CHEAP, "--out", str(out), *more]) == 0
    return out


class Container:
    """The folder that is called /autograder at Gradescope, set up by the bundle's own script."""

    def __init__(self, base, bundle):
        self.base = base
        self.programs = base / "programs"
        for name in ("source", "results", "submission", "programs"):
            (base / name).mkdir()
        with zipfile.ZipFile(bundle) as archive:
            archive.extractall(base / "source")
        self.requirements = (base / "source" / "requirements.txt").read_text()
        (base / "source" / "requirements.txt").write_text("")  # a test has no network
        # This Python, and a package manager that reaches nothing.
        (self.programs / "python3").symlink_to(Path(sys.executable).resolve())
        (self.programs / "apt-get").write_text("#!/bin/sh\nexit 100\n")
        (self.programs / "apt-get").chmod(0o755)
        done = self.run("setup.sh", f"{self.programs}:{os.environ['PATH']}")
        assert done.returncode == 0, done.stdout + done.stderr
        (site,) = (base / "momentum-lab").glob("lib/python*/site-packages")
        (site / "borrowed.pth").write_text("\n".join(map(str, sandbox.site_folders())))

    def run(self, script, path=os.environ["PATH"]):
        environment = {"MOMENTUM_LAB_AUTOGRADER": str(self.base), "PATH": path, "LANG": "C.UTF-8"}
        command = ["bash", str(self.base / "source" / script)]
        return subprocess.run(command, cwd=self.base, env=environment, capture_output=True, text=True, timeout=120)

    def grade(self, files, **options):
        """Return (results.json, the process) for a submission of these files."""
        shutil.rmtree(self.base / "submission")
        (self.base / "submission").mkdir()
        for name, content in files.items():
            (self.base / "submission" / name).write_bytes(content)
        file = self.base / "results" / "results.json"
        file.unlink(missing_ok=True)
        done = self.run("run_autograder", **options)
        return checked(json.loads(file.read_text())), done


FIELDS = {
    "score": float, "execution_time": float, "output": str, "output_format": str, "test_output_format": str,
    "test_name_format": str, "visibility": str, "stdout_visibility": str, "extra_data": dict, "tests": list,
    "leaderboard": list,
}  # fmt: skip
TEST_FIELDS = {
    "score": float, "max_score": float, "status": str, "name": str, "name_format": str, "number": str, "output": str,
    "output_format": str, "tags": list, "visibility": str, "extra_data": dict,
}  # fmt: skip
WORDS = {
    "visibility": {"hidden", "after_due_date", "after_published", "visible"},
    "output_format": {"text", "html", "simple_format", "md", "ansi"}, "status": {"passed", "failed"},
}  # fmt: skip


def checked(results):
    """Return results that have no field but Gradescope's documented ones, each of its kind."""
    for part, fields in [(results, FIELDS), *((test, TEST_FIELDS) for test in results["tests"])]:
        for name, value in part.items():
            assert isinstance(value, fields[name]), (name, value)
            assert value in WORDS.get(name, [value]), (name, value)
    scored = [test for test in results["tests"] if "score" in test]
    assert ("score" in results) == bool(scored) and results["output"] and results["tests"]
    return results


@pytest.fixture(scope="module")
def open_folder():
    """A folder that every user may read, as /autograder is."""
    folder = Path(tempfile.mkdtemp(prefix="momentum-lab-autograder-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def container(open_folder):
    (open_folder / "plain").mkdir()
    return Container(open_folder / "plain", packed(open_folder))


@pytest.fixture(scope="module")
def bank(open_folder):
    (open_folder / "seed").write_text("correct horse battery staple\n")
    for name, text in secret_banks.secret_banks(open_folder / "seed", [CHEAP]).items():
        (open_folder / name).write_text(text, "ascii")
    return open_folder / f"{CHEAP}.secret"


@pytest.fixture
def secret(container, bank):
    """The container as a bundle with a secret bank makes it."""
    kept = shutil.copy(bank, container.base / "source" / "bank.secret")
    yield container
    Path(kept).unlink()


# ------------------------------------------------------------------ the bundle


def test_the_bundle_has_the_same_bytes_again_and_overwrites_nothing(tmp_path, capsys):
    (tmp_path / "a").mkdir()
    first, second = packed(tmp_path), packed(tmp_path / "a")
    assert first.read_bytes() == second.read_bytes()
    assert "5 points" in capsys.readouterr().out
    assert cli.main(["gradescope", "--lesson", CHEAP, "--out", str(first)]) == 1
    assert "is there already" in capsys.readouterr().err and first.read_bytes() == second.read_bytes()
    assert cli.main(["gradescope", "--lesson", "77", "--out", str(tmp_path / "b.zip")]) == 1
    assert not (tmp_path / "b.zip").exists()


def test_what_gradescope_asks_for_lies_at_the_top_and_no_solution_anywhere(tmp_path):
    with zipfile.ZipFile(packed(tmp_path)) as archive:
        names = archive.namelist()
        rights = {name: archive.getinfo(name).external_attr >> 16 for name in ("setup.sh", "run_autograder")}
        assert all(right & 0o111 == 0o111 for right in rights.values())
        assert all(archive.read(name).startswith(b"#!/bin/bash\n") for name in rights)
    assert not [name for name in names if name.endswith((".ipynb", ".pyc", ".secret", ".solutions"))]


def test_a_secret_bank_is_packed_too(tmp_path, bank):
    with zipfile.ZipFile(packed(tmp_path, "--bank", str(bank))) as archive:
        assert archive.read("bank.secret") == bank.read_bytes()
    out = str(tmp_path / "other.zip")
    assert cli.main(["gradescope", "--lesson", "02", "--out", out, "--bank", str(bank)]) == 1


def test_the_versions_are_those_of_this_environment(container):
    import numpy

    assert f"numpy=={numpy.__version__}\n" in container.requirements


# ------------------------------------------------------------------ what is handed in


@pytest.mark.sandbox
def test_a_right_and_a_wrong_answer(container):
    results, done = container.grade({"mine.ipynb": data(notebook())})
    assert done.returncode == 0 and results["score"] == POINTS, done.stderr
    assert [test["number"] for test in results["tests"]] == list(lesson_entries())
    assert sum(test["max_score"] for test in results["tests"]) == POINTS
    results, _ = container.grade({"mine.ipynb": data(with_first(WRONG)), "notes.txt": b"see cell 3"})
    assert results["score"] == POINTS - 2 and results["tests"][0]["status"] == "failed"


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "no notebook in your submission"),
        ({"report.pdf": b"%PDF-1.4"}, "report"),
        ({"cut.ipynb": data(notebook())[:2000]}, "cut"),
        ({"other.ipynb": data(notebook("01"))}, "lesson 01"),
        ({"a.ipynb": data(notebook()), "b.ipynb": data(with_first(WRONG))}, "2 notebooks of lesson"),
    ],
)
def test_what_cannot_be_graded_gets_a_sentence_and_no_score(container, files, words):
    results, done = container.grade(files)
    assert done.returncode == 0 and "score" not in results, done.stderr
    assert words in results["output"] and results["output"].startswith("Your submission could not be graded.")


def test_a_fault_of_ours_is_called_one(container, tmp_path):
    wanted = container.base / "source" / "grading.json"
    text = wanted.read_text()
    try:
        wanted.write_text("{")
        results, done = container.grade({"mine.ipynb": data(notebook())})
    finally:
        wanted.write_text(text)
    assert done.returncode == 1 and "score" not in results and "not your fault" in results["output"]


def test_without_an_environment_the_sentence_is_there_all_the_same(tmp_path, container):
    shutil.copytree(container.base / "source", tmp_path / "source")
    empty = object.__new__(Container)
    empty.base = tmp_path
    (tmp_path / "submission").mkdir()
    results, done = empty.grade({"mine.ipynb": data(notebook())})
    assert done.returncode and "score" not in results and "not your fault" in results["output"]


# ------------------------------------------------------------------ where bubblewrap does not run


@pytest.fixture(scope="module")
def without_bubblewrap(open_folder):
    """A PATH with what every Debian has, and no bubblewrap."""
    try:
        sandbox.choose("user")
    except sandbox.SandboxError as error:
        pytest.skip(str(error))
    programs = open_folder / "programs"
    programs.mkdir()
    for name in ("bash", "sh", "mkdir", "chmod", "cat", "setpriv"):
        (programs / name).symlink_to(shutil.which(name))
    return str(programs)


SPY = """
import os
def reach(path, mode):
    try:
        open(path, mode).close()
        return True
    except OSError:
        return False
here = {base!r}
reached = [f for f in (here + '/results/results.json', here + '/results/new') if reach(f, 'a')]
reached += [f for f in (here + '/source/bank.secret', here + '/source/grading.json', here + '/results/results.json')
            if reach(f, 'r')]
reached += [os.path.join(p, f) for p, _, fs in os.walk(here + '/momentum-lab') for f in fs if f.endswith('.bank')]
reached += [p for p in (here, here + '/momentum-lab', here + '/submission') if os.access(p, os.W_OK)]
for process in [p for p in os.listdir('/proc') if p.isdigit()]:
    try:
        if os.stat('/proc/' + process).st_uid == 0 and reach('/proc/' + process + '/environ', 'r'):
            reached.append('process ' + process)
    except OSError:
        pass
"""


@pytest.mark.parametrize("sandboxed", [pytest.param(True, marks=pytest.mark.sandbox), False])
def test_a_submission_reaches_neither_bank_nor_results(secret, request, sandboxed):
    options = {} if sandboxed else {"path": request.getfixturevalue("without_bubblewrap")}
    spy = SPY.format(base=str(secret.base))
    # With a secret bank no message comes back, so what was reached decides whether the answer is right.
    told = RIGHT.replace("):\n", "):\n    assert not reached and os.getuid(), reached\n", 1)
    results, done = secret.grade({"spy.ipynb": data(with_first(spy + told))}, **options)
    assert results["score"] == POINTS, (results, done.stderr)
    caught = spy + told.replace("not reached", "reached")
    results, _ = secret.grade({"spy.ipynb": data(with_first(caught))}, **options)
    assert results["score"] == POINTS - 2, "the spy does look"
    assert ("NO SANDBOX" in done.stderr) != sandboxed


def test_another_user_leaves_no_process_behind(container, without_bubblewrap):
    """Forks of forks in a session of their own, which no process group holds and nobody can count."""
    import psutil

    bomb = "import os\nif os.fork() == 0:\n    os.setsid()\n    while True:\n"
    bomb += "        try: os.fork()\n        except OSError: pass\n"
    results, _ = container.grade({"a.ipynb": data(with_first(bomb + RIGHT))}, path=without_bubblewrap)
    assert results["score"] >= POINTS - 2
    ours = [" ".join(p.info["cmdline"]) for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"]]
    assert not [words for words in ours if str(container.base) in words]
