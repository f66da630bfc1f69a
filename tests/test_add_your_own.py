"""A surface and an exercise of one's own: the page, the template, and both from an installed wheel."""

import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace

import nbformat
import numpy as np
import pytest
import sympy

from course import source
from momentum_lab import authoring, progress
from momentum_lab.authoring import Blank, Item, Known, Number, Option, OwnBank, Question, Symbolic, Wrong
from momentum_lab.checks import bank, check, hint, own_bank
from momentum_lab.checks.judge import JUDGES
from momentum_lab.quizzes import ask
from momentum_lab.slips import Slip
from momentum_lab.standing import page, standing

ROOT = source.ROOT
PAGE = (ROOT / "docs" / "add_your_own.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```)?", PAGE, re.M | re.S)


@pytest.fixture(autouse=True)
def a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(own_bank, "_lent", {})
    monkeypatch.setattr(progress, "_open", {})


# ------------------------------------------------------------------ the page


def test_the_code_of_the_page_prints_what_the_page_says(capsys, tmp_path):
    assert len(BLOCKS) >= 8
    namespace = {}
    for code, printed in BLOCKS:
        exec(compile(code, "docs/add_your_own.md", "exec"), namespace)
        assert capsys.readouterr().out.rstrip() == printed.rstrip()
    assert (tmp_path / "own.bank").is_file()
    assert namespace["channel"].sentence.startswith("From (1.5, 1), at height 3.35, 120 steps of the heavy ball")


def test_the_page_and_the_template_teach_the_same():
    """What differs is only where a notebook shows and a page prints."""
    cells = "\n".join(cell.source for cell in source.read(ROOT / "course/extras/add_your_own.py"))
    for shared in (
        "def height(x, y):",
        "def my_cases(rng):",
        'id="own.coasting",',
        "What is left?",
        "own_surface(hills)",
    ):
        assert shared in PAGE and shared in cells


# ------------------------------------------------------------------ a bank of one's own


def right(a, b):
    return a + 2 * b


def cases(rng):
    return [{"says": f"a = {a}", "arguments": {"a": a, "b": 1.5}} for a in rng.integers(1, 9, 3).astype(float).tolist()]


TWICE = Known("twice", lambda a, b: 2 * a + 2 * b, "You doubled both.")
PARTS = {
    "id": "own.sum", "title": "a sum", "function": "total", "returns": ("total",), "cases": cases, "mistakes": [TWICE],
    "hints": ("Which one is doubled?",), "praise": "Yes.",
}  # fmt: skip


def item(**changes):
    return Item(**{**PARTS, **changes})


def verdict_of(function, item_id="own.sum"):
    namespace = {"check": check, "total": function}
    exec(f"verdict = check({item_id!r})", namespace)
    return namespace["verdict"]


def test_a_bank_can_be_tried_saved_and_found_again(tmp_path, monkeypatch):
    made = OwnBank((item(), right))
    assert repr(made) == "own.sum: the reference passes, 1 known answer told from it and named, in 3 cases."
    assert verdict_of(right).passed and verdict_of(TWICE.function).message == "You doubled both."
    file = made.save()
    assert file.name == "own.bank" and "doubled" not in file.read_text("ascii")
    own_bank._lent.clear()  # another kernel, another person
    assert bank.entries("own") == made.entries
    assert verdict_of(right).passed and verdict_of(TWICE.function).mistake == "twice"
    assert verdict_of(lambda a, b: ...).status == "not attempted"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))  # as some mail programs send it
    assert verdict_of(right).passed


def test_a_bank_holds_no_code(tmp_path):
    text = json.dumps(bank.unpack(OwnBank((item(), right)).text))
    assert "lambda" not in text and "def " not in text and "2 * b" not in text


def test_a_learner_without_the_bank_is_told_in_a_sentence():
    words = "There is no exercise 'own.sum' here: the file own.bank, which would hold it, is not in the folder of this"
    for ask_for in (lambda: check("own.sum"), lambda: hint("own.sum"), lambda: ask("own.sum")):
        with pytest.raises(Slip, match=re.escape(words)):
            ask_for()


def test_an_exercise_that_the_bank_lacks_is_named():
    OwnBank((item(), right)).save()
    with pytest.raises(Slip, match=r"no exercise 'own.other'; known are: own.sum\."):
        check("own.other")


@pytest.mark.parametrize("spoil", ["cut", "empty", "picture", "text", "list", "other id", "part missing", "no kind"])
def test_a_damaged_bank_is_told_in_a_sentence(tmp_path, spoil):
    made = OwnBank((item(), right))
    own_bank._lent.clear()
    entry, text = made.entries["own.sum"], made.text
    (tmp_path / "own.bank").write_bytes(
        {
            "cut": text[: len(text) // 2].encode(),
            "empty": b"",
            "picture": b"\x89PNG\r\n\x1a\n\xff\xfe",
            "text": b"This is my exercise.",
            "list": bank.pack([1, 2]).encode(),
            "other id": bank.pack({"own.other": entry}).encode(),
            "part missing": bank.pack({"own.sum": {k: v for k, v in entry.items() if k != "cases"}}).encode(),
            "no kind": bank.pack({"own.sum": {**entry, "kind": ["code"]}}).encode(),
        }[spoil]
    )
    with pytest.raises(Slip, match=r"^The file own\.bank is damaged, or was made by another version of the course; "):
        check("own.sum")


def test_the_parts_of_an_entry_are_those_that_the_course_compiles():
    seen = {}
    for lesson in bank.lessons():
        for entry in bank.entries(lesson).values():
            parts = set(entry) - {"first_asked"}  # what a question of lesson 10 has besides
            seen.setdefault(entry["kind"], parts)
            assert seen[entry["kind"]] == parts == own_bank.COMMON | own_bank.PARTS[entry["kind"]]
    assert set(seen) == set(JUDGES) == set(own_bank.PARTS)


@pytest.mark.parametrize("name", ["01", "../own", "own/../x", "Own", "", "öwn", "own.bank"])
def test_a_name_leads_nowhere_else(name):
    assert not own_bank.is_name(name)
    assert bank.lessons() and (name == "01" or bank.entries(name) == {})


NUMBER = Number("own.n", "a number", "n", [Wrong("double", 4.0, "Half of it.")], ("Count.",), "Yes.")
b = sympy.Symbol("b")
SYMBOLIC = Symbolic("own.s", "a sum", "s", (("b", 0.1, 0.9),), [Wrong("sign", 1 - b, "The sign.")], ("?",), "Yes.")
GOAL = next((path, i) for path in source.sources() for i in source.items(path) if i.kind == "goal")
QUESTION = Question("own.q", "a question", "Which?", (Option("a", "A", "Yes."), Option("b", "B", "No.", "it is B")))


@pytest.mark.parametrize(
    ("exercise", "words"),
    [
        ((item(id="sum"), right), "An id has the form own.name, in small letters; numbers are the course's own."),
        ((item(id="01.sum"), right), "numbers are the course's own. This is '01.sum'."),
        ((item(id="own.Sum"), right), "This is 'own.Sum'."),
        ((item(title=" "), right), "own.sum has no title"),
        ((item(praise=""), right), "own.sum has no praise"),
        ((item(hints=()), right), "own.sum has no hints"),
        ((item(hints="Look."), right), "own.sum has no hints"),
        ((item(mistakes=[Known("twice", TWICE.function, "")]), right), "'twice' needs a name, and words to say"),
        ((item(mistakes=[TWICE, Known("twice", right, "Other.")]), right), "two mistakes have the same name, 'twice'"),
        ((item(mistakes=[TWICE, Known("x", right, TWICE.says)]), right), "two mistakes have the same words"),
        ((item(mistakes=[Known("same", lambda a, b: a + b + b, "No.")]), right),
         "own.sum: the mistake 'same' cannot be told from your reference; add a case in which they differ."),
        ((item(mistakes=[TWICE, Known("again", lambda a, b: 2 * (a + b), "So.")]), right),
         "the mistake 'again' cannot be told from the mistake 'twice'."),
        ((item(mistakes=[Known("stops", lambda a, b: a / 0, "Nought.")]), right),
         "the mistake 'stops' is not seen as one: ZeroDivisionError"),
        ((item(), lambda a, b: a + unknown), "your own reference does not pass: NameError: name 'unknown' is"),  # noqa: F821
        ((item(), lambda a, b: ...), "your own reference does not pass"),
        ((item(), lambda a, b: "a"), "your own reference does not pass"),
        ((item(returns=("a", "b")), right), "It must return a, b; it returned one array"),
        ((item(), lambda a, b: float("nan")), "your own reference does not pass"),
        ((item(), None), "own.sum needs its reference: OwnBank((item, reference))."),
        ((item(), 3), "your own reference does not pass"),
        (item(), "own.sum needs its reference"),
        ((item(cases=lambda rng: []), right), "own.sum has no cases"),
        ((item(cases=lambda rng: [{"arguments": {"a": 1.0}}]), right), "a case has the form"),
        ((item(cases=lambda rng: [{"says": "x", "arguments": {"a": np.ones(2)}}]), right),
         "in the case 'x' the argument a is a ndarray; write .tolist() behind it."),
        ((item(cases=lambda rng: [{"says": "x", "arguments": {"a": right}}]), right), "a is a function; give a number"),
        ((item(properties=[{"says": "It is nought.", "terms": [[1.0, 0, 0]]}]), right), "breaks the law that says"),
        ((NUMBER, 4.0), "own.n: the mistake 'double' cannot be told from your reference."),
        ((NUMBER, "two"), "own.n cannot be compiled: ValueError"),
        ((SYMBOLIC, 1 - b), "own.s: the mistake 'sign' cannot be told from your reference."),
        (Question("own.q", "q", "?", (Option("a", "A", "Yes."), Option("b", "B", "No."))), "exactly one has no belief"),
        (Question("own.q", "q", "?", (Option("a", "A", "Yes."), Option("b", "B", "", "x"))), "needs words to say"),
        ((right, item()), "An exercise is an Item or one of its relatives"),
        ((Item, right), "An exercise is an Item or one of its relatives"),
        ((item(), right, 1), "An exercise and its reference are a pair"),
        ((item(mistakes=TWICE), right), "own.sum: mistakes is a list of Known(...); this is Known("),
        ((item(mistakes=[Wrong("x", 1, "No.")]), right), "own.sum: mistakes is a list of Known(...)"),
        ((item(mistakes=None), right), "own.sum: mistakes is a list of Known(...)"),
        ((item(forms="x"), right), "own.sum: forms is a list of Known(...)"),
        ((item(hints=5), right), "own.sum: hints is a tuple of words"),
        ((item(cases=[]), right), "own.sum: cases is a function that takes a random generator"),
        ((item(cases=lambda rng: 5), right), "own.sum has no cases"),
        ((item(function=["sum"]), right), "own.sum: function is the name of what the learner defines"),
        ((item(returns=1), right), "own.sum: returns is a tuple of names"),
        ((item(properties=[1]), right), "own.sum: properties is a list of laws"),
        ((item(points="x"), right), "own.sum: points is a number from 0 on"),
        ((item(tolerance=None), right), "own.sum: tolerance is a number from 0 on"),
        ((item(), lambda a, b: [1, [2]]), "your own reference does not pass"),
        ((NUMBER, 10**400), "own.n cannot be compiled: OverflowError"),
        ((SYMBOLIC, "1 - b"), "'1 - b' is a text; write it without the quotation marks."),
        ((replace(GOAL[1], id="own.g", simulation="x"), {}), "own.g: simulation is one of race to a share"),
        ((replace(GOAL[1], id="own.g", settings={"lr": (1,)}), {}), "own.g: settings is a dict of ranges"),
        (replace(QUESTION, options=[None]), "own.q: options is a tuple of Option(...)"),
        (replace(QUESTION, options=5), "own.q: options is a tuple of Option(...)"),
        (Blank("own.b", "b", "A ___.", ((("x",), (TWICE,)),), "Yes."), "own.b: gaps is a tuple with one gap each"),
    ],
)  # fmt: skip
def test_a_fault_is_told_in_one_sentence(exercise, words):
    with pytest.raises(Slip, match=re.escape(words)) as slip:
        OwnBank(exercise)
    assert "\n" not in str(slip.value)
    assert own_bank._lent == {}


def test_a_bank_has_one_name():
    with pytest.raises(Slip, match="one name before the dot"):
        OwnBank((item(), right), (item(id="other.sum"), right))
    with pytest.raises(Slip, match="differ after it"):
        OwnBank((item(), right), (item(), right))
    with pytest.raises(Slip, match="needs an exercise"):
        OwnBank()
    with pytest.raises(Slip, match="There is no folder 'nowhere'"):
        OwnBank((item(), right)).save("nowhere")


def test_every_kind_of_exercise_can_be_ones_own():
    path, goal = GOAL
    own_goal = (replace(goal, id="own.g"), source.reference(path, goal))
    OwnBank((NUMBER, 2.0), (SYMBOLIC, 1 + b), own_goal, QUESTION, (item(), right)).save()
    own_bank._lent.clear()
    assert list(bank.entries("own")) == ["own.n", "own.s", "own.g", "own.q", "own.sum"]
    assert ask("own.q").answer("own.q", "b").message == "No."


def test_progress_and_standing_take_an_exercise_that_no_lesson_has(tmp_path, monkeypatch):
    monkeypatch.setenv(progress.VARIABLE, str(tmp_path / "p.sqlite"))
    before = page("today")
    OwnBank((item(), right))
    assert hint("own.sum").text.startswith("Write an answer")
    verdict_of(TWICE.function)
    assert hint("own.sum").text == "Which one is doubled?"
    assert hint("own.sum").text == "Which one is doubled? Your instructor has the solution."
    assert verdict_of(right).passed
    assert page("today") == before and "own" not in bank.lessons()
    assert "Lesson own: 1 of 1 exercises passed" in repr(standing("own"))


def test_all_that_an_author_needs_has_a_name():
    assert all(hasattr(authoring, name) for name in authoring.__all__)


# ------------------------------------------------------------------ from an installed wheel

INSIDE = r"""
import os, pathlib, sys
import nbformat, matplotlib
import momentum_lab
home = pathlib.Path(momentum_lab.__file__).parent
assert str(home).startswith(os.environ["PYTHONPATH"]), home
notebook = nbformat.read(home / "lessons/notebooks/add_your_own.ipynb", as_version=4)
space = {}
for cell in notebook.cells:
    if cell.cell_type == "code":
        exec(compile(cell.source, cell.id, "exec"), space)
exec('print(check("own.coasting"))', space)
print(space["bank"].save("."))
"""
LEARNER = """
from momentum_lab.checks import check

def coasting(velocity, beta, steps):
    return velocity * (1 - beta**steps)

print(check("own.coasting"))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A real wheel in a folder of its own, without what it depends on; the checkout is out of reach."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    target = folder / "site"
    _install(wheel, target)
    return target


def _install(wheel, target):
    """Let pip install the wheel; an environment without pip gets what pip would unpack."""
    pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--target", str(target), str(wheel)]
    if subprocess.run(pip, capture_output=True).returncode:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(target)


def run_there(code, installed, folder):
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, encoding="utf-8",
        env={**kept, "PYTHONPATH": str(installed), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


def test_the_template_runs_from_a_wheel_and_its_bank_reaches_a_learner(installed, tmp_path):
    author, learner = tmp_path / "author", tmp_path / "learner"
    author.mkdir(), learner.mkdir()
    done = run_there(INSIDE, installed, author)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("✗ Not yet. You multiply by beta once. How often does it fade?\nown.bank\n")
    assert "Traceback" in run_there(LEARNER, installed, learner).stderr
    assert "own.bank, which would hold it, is not in the folder" in run_there(LEARNER, installed, learner).stderr
    (author / "own.bank").rename(learner / "own.bank")
    assert run_there(LEARNER, installed, learner).stdout == "✗ Not yet. That is what is lost. What is left?\n"


def test_the_page_runs_from_a_wheel_and_copies_the_template(installed, tmp_path):
    done = run_there("\n".join(code for code, _ in BLOCKS), installed, tmp_path)
    assert done.returncode == 0, done.stderr
    (command,) = re.findall(r'^python -c "(.*)"$', PAGE, re.M)
    assert run_there(command, installed, tmp_path).returncode == 0
    copied = nbformat.read(tmp_path / "add_your_own.ipynb", as_version=4)
    assert sum("# change this line" in cell.source for cell in copied.cells) >= 5
