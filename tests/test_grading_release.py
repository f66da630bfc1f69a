"""What is handed out: no solution for a class, solutions after an attempt for somebody alone, secrets for nobody."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from course import source
from momentum_lab import cli
from momentum_lab.checks import bank
from momentum_lab.contents import EXTRAS, LESSONS
from momentum_lab.grading.releasing import KINDS, release
from momentum_lab.slips import Slip

ROOT = Path(__file__).resolve().parent.parent
CANARY = "settled = canary_of_the_authors(41)"
SECRET = "correct horse battery staple\n"
# Lines of solutions that the lessons themselves teach: found in every learner's notebooks, and in the library.
TAUGHT = {
    "velocity = beta * velocity + lr * grad(theta)", "theta = theta - velocity", "return theta, velocity",
    "average = beta * average + (1 - beta) * g", "while distance < 1 - 1e-12:", "for _ in range(steps):",
    "points.append(theta)", "return np.array(points)", "ahead = theta - beta * velocity", "for _ in range(200):",
    "theta = theta - lr * mean / (np.sqrt(square) + eps)", "g = grad(theta)", "return theta, m, s, t",
}  # fmt: skip


def one_line(text):
    return " ".join(text.split())


def solved_lines():
    """The lines of every solution, by exercise, but those that the exercise gives or the lessons teach."""
    found = {}
    for path in source.sources():
        for cell in source.read(path):
            text = re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell.source + "\n", re.DOTALL)
            if cell.metadata.get("role") == "answer":
                lines = {one_line(line) for line in "".join(text).splitlines()}
                given = {line.removeprefix("### BLANK:").strip() for line in lines if line.startswith("###")}
                found[cell.metadata["item"]] = {
                    line for line in lines - given - TAUGHT if len(line) >= 10 and not line.startswith("###")
                }
    return found


SOLVED = solved_lines()


def texts(folder):
    """Yield (path, text) of every file of a folder, also of what is packed: banks, and the members of archives."""
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = file.relative_to(folder).as_posix()
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                yield from ((f"{name}/{member}", plain(member, archive.read(member))) for member in archive.namelist())
        else:
            yield name, plain(name, file.read_bytes())


def plain(name, data):
    text = data.decode("utf-8", "replace")
    with suppress(Exception):  # most files are not packed
        text = json.dumps(bank.unpack(text))
    return one_line(text.replace("\\n", "\n").replace('\\"', '"'))


def leaks(folder, lines):
    """The (file, line) pairs of a folder that give something away."""
    return {(name, line) for name, text in texts(folder) for line in lines if line in text}


@pytest.fixture(scope="module")
def bundles(tmp_path_factory):
    """One bundle of each kind."""
    out = tmp_path_factory.mktemp("bundles")
    for kind in KINDS:
        assert cli.main(["release", "--kind", kind, "--out", str(out / kind)]) == 0
    return out


def run(folder, *words, home=None):
    """Run Python with a bundle as its library."""
    variables = {**os.environ, "PYTHONPATH": str(home or folder), "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, *words], cwd=folder, env=variables, capture_output=True, text=True)
    assert "Traceback" not in done.stderr, done.stderr
    return done


# ------------------------------------------------------------------ what is in it


def test_a_class_gets_no_solution_anywhere(bundles):
    every = set().union(*SOLVED.values())
    assert len(SOLVED) > 40 and len(every) > 100
    assert not leaks(bundles / "class", every | {"BEGIN SOLUTION"})
    names = [name for name, _ in texts(bundles / "class")]
    assert not [name for name in names if name.startswith(("solutions/", "banks/")) or name.endswith(".solutions")]


@pytest.mark.parametrize("kind", ["self-paced", "instructor"])
def test_the_search_for_solutions_finds_those_of_the_other_kinds(bundles, kind):
    found = leaks(bundles / kind, set().union(*SOLVED.values()))
    for item, lines in SOLVED.items():
        seen = {name for name, line in found if line in lines}
        assert not lines or f"momentum_lab/checks/banks/{item.partition('.')[0]}.solutions" in seen, item
        assert not lines or any(name.startswith("solutions/") for name in seen) == (kind == "instructor"), item


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_a_whole_course(bundles, kind):
    names = {name for name, _ in texts(bundles / kind)}
    lessons = {f"{folder}/{one.file}" for one in LESSONS for folder in ("notebooks", "exercises")}
    assert lessons | {f"notebooks/{name}" for name in EXTRAS} == {n for n in names if re.match("(note|ex)[a-z]*/", n)}
    assert {"start.py", "requirements.lock", "pyproject.toml", "README.md", "LICENSE", "docs/your_files.md"} <= names
    assert {f"momentum_lab/checks/banks/{one.key}.bank" for one in LESSONS} <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith(("course/", "tests/"))]
    said = (bundles / kind / "README.md").read_text("utf-8")
    assert ("your instructor has the solutions" in said) == (kind == "class") and "python start.py" in said


def test_the_extras_are_those_that_the_course_has():
    assert {f"{path.stem}.ipynb" for path in source.extras()} == set(EXTRAS)


def test_a_canary_in_the_solutions_reaches_no_class(tmp_path):
    """A course of its own in which every answer of one lesson holds a word that is nowhere else."""
    course = tmp_path / "course"
    for name in ("momentum_lab", "notebooks", "exercises", "solutions", "docs"):
        shutil.copytree(ROOT / name, course / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (
        "start.py",
        "requirements.lock",
        "pyproject.toml",
        "LICENSE",
        "LICENSE-TEXT",
        "NOTICE",
        "CHANGELOG.md",
    ):
        shutil.copy(ROOT / name, course / name)
    packed = course / "momentum_lab" / "checks" / "banks" / "05a.solutions"
    packed.write_text(bank.pack(dict.fromkeys(bank.unpack(packed.read_text("ascii")), CANARY)), "ascii")
    solved = next((course / "solutions").glob("05a_*.ipynb"))
    solved.write_text(solved.read_text("utf-8").replace("### BEGIN SOLUTION", CANARY), "utf-8")
    (course / "notebooks" / "05a_mine (yours before restoring).ipynb").write_text(CANARY, "utf-8")
    (course / "exercises" / "Untitled.ipynb").write_text(CANARY, "utf-8")
    for kind in KINDS:
        done = run(course, "-m", "momentum_lab", "release", "--kind", kind, "--out", str(tmp_path / kind))
        assert done.returncode == 0, done.stderr
        found = {name.partition("/")[0] for name, _ in leaks(tmp_path / kind, {CANARY})}
        wanted = {"class": set(), "self-paced": {"momentum_lab"}, "instructor": {"momentum_lab", "solutions"}}
        assert found == wanted[kind]


# ------------------------------------------------------------------ it works for whoever gets it


def run_notebook(file, home, **changed):
    """Run a notebook with a bundle as its library; return its cells by id."""
    notebook = nbformat.read(file, as_version=4)
    for cell in notebook.cells:
        cell.source = changed.get(cell.id.replace("-", "_"), cell.source)
    variables = {**os.environ, "PYTHONPATH": str(home)}
    client = NotebookClient(notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": file.parent}})
    client.execute(env=variables)
    return notebook.cells


@pytest.mark.parametrize("kind", ["class", "self-paced"])
def test_an_untouched_bundle_runs_in_a_fresh_folder(bundles, tmp_path, kind):
    shutil.copytree(bundles / kind, tmp_path / "mine")
    file = tmp_path / "mine" / "exercises" / "05a_look_before_you_leap.ipynb"
    cells = run_notebook(file, tmp_path / "mine")
    checked = [
        json.dumps(cell.outputs) for cell in cells if cell.metadata.get("momentum_lab", {}).get("role") == "check"
    ]
    assert len(checked) == len([item for item in SOLVED if item.startswith("05a.")])
    assert all("Not attempted" in said for said in checked), checked
    place = "import momentum_lab; print(momentum_lab.__file__)"
    assert Path(run(tmp_path / "mine", "-c", place).stdout.strip()).is_relative_to(tmp_path / "mine")


ATTEMPT = """
from momentum_lab import progress
from momentum_lab.checks import bank, check, hint
print(bank.solution("05a.nag_step") is None)
print(repr(hint("05a.nag_step")))
def nesterov_step(theta, velocity, grad, lr, beta):
    return theta, velocity
print(repr(check("05a.nag_step")))
for _ in range(3):
    print("--", repr(hint("05a.nag_step")))
"""


@pytest.mark.parametrize("kind", ["class", "self-paced"])
def test_a_solution_comes_after_an_attempt_or_from_the_instructor(bundles, tmp_path, kind):
    variables = {
        **os.environ,
        "PYTHONPATH": str(bundles / kind),
        "MOMENTUM_LAB_PROGRESS": str(tmp_path / "mine.sqlite"),
    }
    command = [sys.executable, "-c", ATTEMPT]
    said = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=True).stdout
    before, *hints = said.split("-- ")
    solved = [line for line in SOLVED["05a.nag_step"] if line in one_line(said)]
    assert before.startswith(str(kind == "class")) and "Write an answer and check it first" in before
    assert len(hints) == 3 and not any(line in one_line(before + hints[0] + hints[1]) for line in solved)
    if kind == "class":
        assert not solved and "Your instructor has the solution." in hints[2]
    else:
        assert set(solved) == SOLVED["05a.nag_step"] and hints[2].startswith("A solution.")


def test_a_class_bundle_cannot_be_turned_into_another(bundles, tmp_path):
    for kind in ("self-paced", "instructor"):
        words = ["-m", "momentum_lab", "release", "--kind", kind, "--out", str(tmp_path / kind)]
        done = run(bundles / "class", *words)
        assert done.returncode == 1 and "has no solutions" in done.stderr and not (tmp_path / kind).exists()


@pytest.fixture(scope="module")
def site(tmp_path_factory, bundles):
    """What an installed wheel unpacks to: the wheel that the instructor's bundle makes."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=bundles / "self-paced", check=True, capture_output=True)
    with zipfile.ZipFile(next(out.glob("*.whl"))) as archive:
        archive.extractall(out / "site")
    return out / "site"


@pytest.mark.parametrize("kind", ["class", "self-paced"])
def test_an_installed_course_makes_the_same_bundle_as_a_clone(site, bundles, tmp_path, kind):
    words = ["-m", "momentum_lab", "release", "--kind", kind, "--out", str(tmp_path / kind)]
    assert run(tmp_path, *words, home=site).returncode == 0
    assert dict(texts(tmp_path / kind)) == dict(texts(bundles / kind))


def test_an_installed_course_says_what_needs_the_repository(site, tmp_path):
    (tmp_path / "seed").write_text(SECRET)
    words = ["-m", "momentum_lab", "release", "--kind", "instructor", "--out", str(tmp_path / "out")]
    for more in ([], ["--seed", str(tmp_path / "seed")]):
        done = run(tmp_path, *words, *more, home=site)
        assert done.returncode == 1 and "in a clone" in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


# ------------------------------------------------------------------ options and slips


def test_lessons_are_chosen(tmp_path):
    release("class", tmp_path / "out", ["05a", "02"])
    names = sorted(file.name[:3] for file in (tmp_path / "out" / "exercises").iterdir())
    assert names == ["00_", "02_", "05a"]
    with pytest.raises(Slip, match="known are: 00, 01"):
        release("class", tmp_path / "other", ["5"])


def test_a_secret_is_for_the_instructor_alone(tmp_path, capsys):
    (tmp_path / "seed").write_text(SECRET)
    words = ["release", "--seed", str(tmp_path / "seed"), "--lesson", "02", "--out"]
    for kind in ("class", "self-paced"):
        assert cli.main([*words, str(tmp_path / kind), "--kind", kind]) == 1
        assert "--kind instructor" in capsys.readouterr().err and not (tmp_path / kind).exists()
    assert cli.main([*words, str(tmp_path / "mine"), "--kind", "instructor"]) == 0
    assert sorted(file.name for file in (tmp_path / "mine" / "banks").iterdir()) == ["00.secret", "02.secret"]
    assert not leaks(tmp_path / "mine", {SECRET.strip()})
    assert cli.main([*words[:2], str(tmp_path / "none"), "--out", str(tmp_path / "no"), "--kind", "instructor"]) == 1
    assert "could not be read" in capsys.readouterr().err


def test_nothing_is_overwritten_and_half_a_bundle_is_none(tmp_path, monkeypatch):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "thesis.tex").write_text("mine")
    with pytest.raises(Slip, match="is there already"):
        release("class", tmp_path / "taken")
    (tmp_path / "empty").mkdir()
    release("class", tmp_path / "empty", ["00"])
    assert (tmp_path / "empty" / "start.py").exists()

    def full(*paths):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(OSError):
        release("class", tmp_path / "half")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "taken"]


def test_an_answer_in_a_lesson_stops_the_release(tmp_path, bundles):
    shutil.copytree(bundles / "self-paced", tmp_path / "mine")
    file = next((tmp_path / "mine" / "notebooks").glob("05a_*"))
    notebook = json.loads(file.read_text("utf-8"))
    cell = next(c for c in notebook["cells"] if c["metadata"].get("momentum_lab", {}).get("role") == "answer")
    cell["source"] = "def nesterov_step(*things):\n    return 1"
    file.write_text(json.dumps(notebook), "utf-8")
    words = ["-m", "momentum_lab", "release", "--kind", "class", "--out", str(tmp_path / "out")]
    done = run(tmp_path / "mine", *words)
    assert done.returncode == 1 and "holds an answer to 05a.nag_step" in done.stderr
    assert not (tmp_path / "out").exists()
