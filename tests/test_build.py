import itertools
import json
import re
import shutil

import nbformat
import pytest

from course import build, source
from course.execute import execute

ROOT = source.ROOT
LESSONS = source.sources()
STORED = [
    ROOT / folder / p.with_suffix(".ipynb").name for p in LESSONS for folder in ("notebooks", "exercises", "solutions")
]
EXTRAS = source.extras()
STORED_EXTRAS = [ROOT / "notebooks" / path.with_suffix(".ipynb").name for path in EXTRAS]
LEARNER_FILES = [file for file in STORED if file.parent.name != "solutions"]


def outputs(notebook):
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


@pytest.fixture
def lesson_copy(tmp_path, monkeypatch):
    """A tiny course of its own, which a test may spoil."""
    (tmp_path / "course" / "items").mkdir(parents=True)
    path = tmp_path / "course" / "01_tiny.py"
    path.write_text('# %% [markdown] id="title"\n# # Tiny\n\n# %% id="one"\n1 + 1\n', encoding="utf-8")
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(source, "ROOT", tmp_path)
    monkeypatch.setattr(build, "BANKS", tmp_path / "banks")
    monkeypatch.setattr(build, "PICTURES", {})
    monkeypatch.setattr(build, "PAGES", {})
    return path


def test_everything_is_up_to_date():
    assert build.stale() == []


def test_building_twice_gives_the_same_bytes(tmp_path):
    for path in (*LESSONS, *EXTRAS):
        for file, notebook, is_run in build.targets(path):
            finished = execute(notebook, file) if is_run else notebook
            assert nbformat.writes(finished) + "\n" == file.read_text("utf-8"), file.name
        if path in LESSONS:
            assert build.bank_text(path) == build.bank_text(path)


def test_an_extra_makes_one_notebook_and_nothing_else(lesson_copy, capsys):
    folder = source.ROOT / "course" / "extras"
    folder.mkdir()
    (folder / "home.py").write_text('# %% [markdown] id="title"\n# # Home\n\n# %% id="two"\n2 + 2\n', encoding="utf-8")
    assert build.main(["--check"]) == 1
    assert "out of date: notebooks/home.ipynb" in capsys.readouterr().out
    assert build.main([]) == 0 and build.main(["--check"]) == 0
    made = [file for file in source.ROOT.rglob("*") if file.is_file() and "home" in file.name]
    assert sorted(file.name for file in made) == ["home.ipynb", "home.py"]
    assert '"4"' in (source.ROOT / "notebooks" / "home.ipynb").read_text("utf-8")
    (folder / "home.py").unlink()
    assert build.main(["--check"]) == 1  # a notebook without a source


def test_check_changes_nothing_and_names_what_is_stale(lesson_copy, capsys):
    assert build.main(["--check"]) == 1
    assert "out of date: notebooks/01_tiny.ipynb" in capsys.readouterr().out
    assert not (source.ROOT / "notebooks").exists()
    assert build.main([]) == 0
    assert build.main(["--check"]) == 0
    before = (source.ROOT / "notebooks" / "01_tiny.ipynb").read_bytes()
    assert b'"2"' in before
    lesson_copy.write_text(lesson_copy.read_text("utf-8").replace("1 + 1", "1 + 2"), encoding="utf-8")
    assert build.main(["--check"]) == 1
    assert (source.ROOT / "notebooks" / "01_tiny.ipynb").read_bytes() == before


def test_a_notebook_without_a_source_is_named(lesson_copy, capsys):
    build.main([])
    shutil.copy(source.ROOT / "notebooks" / "01_tiny.ipynb", source.ROOT / "notebooks" / "02_left_over.ipynb")
    assert build.main(["--check"]) == 1
    assert "notebooks/02_left_over.ipynb" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# %%\n1\n", 'id=""'),
        ('# %% id="a1"\n1\n\n# %% id="a1"\n2\n', "used twice"),
        ('# %% id="a1" role="answr"\n1\n', "no role 'answr'"),
    ],
)
def test_a_bad_source_is_told_in_a_sentence(lesson_copy, capsys, text, words):
    lesson_copy.write_text(text, encoding="utf-8")
    assert build.main([]) == 2
    error = capsys.readouterr().err
    assert "01_tiny.py" in error and words in error


# ------------------------------------------------------------------ what is stored


@pytest.mark.parametrize("file", [*STORED, *STORED_EXTRAS], ids=lambda f: f"{f.parent.name}/{f.name}")
def test_stored_notebooks_are_clean(file):
    text = file.read_text("utf-8")
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    slides = {"rise"} if "rise" in notebook.metadata else set()  # which lessons have them: test_workshop_kit
    assert set(notebook.metadata) == {"kernelspec", "language_info", "momentum_lab"} | slides
    assert "widget-view" not in text and '"execution":' not in text
    assert not re.search(r"(/home/|/root/|/Users/|C:\\)", text)
    assert all(output.output_type != "error" for output in outputs(notebook))
    assert len(text) < 300_000
    if file.parent.name == "exercises":
        assert not outputs(notebook)
        assert all(cell.execution_count is None for cell in notebook.cells if cell.cell_type == "code")


def test_a_machine_is_not_called_ready_before_its_learner_has_asked():
    cells = {cell.id: cell for cell in nbformat.read(ROOT / "notebooks" / "00_start.ipynb", as_version=4).cells}
    assert "examine()" in cells["machine"].source
    assert not cells["machine"].outputs and cells["machine"].execution_count is None
    assert cells["picture"].outputs  # what is alike on every machine stays


@pytest.mark.parametrize("file", LEARNER_FILES, ids=lambda f: f"{f.parent.name}/{f.name}")
def test_no_answer_reaches_a_learner(file):
    notebook = nbformat.read(file, as_version=4)
    answers = [cell for cell in notebook.cells if cell.metadata.get("momentum_lab", {}).get("role") == "answer"]
    assert answers and all("..." in cell.source and "SOLUTION" not in cell.source for cell in answers)


def test_answer_and_check_carry_metadata_for_nbgrader():
    for file in STORED:
        if file.parent.name != "notebooks":
            graded = [c.metadata.nbgrader for c in nbformat.read(file, as_version=4).cells if "nbgrader" in c.metadata]
            assert {cell.schema_version for cell in graded} == {3}
            assert [(c.solution, c.grade) for c in graded] == [(True, False), (False, True)] * (len(graded) // 2)
            assert "### BLANK" not in file.read_text("utf-8")
            assert all(c.points > 0 for c in graded if c.grade)


# ------------------------------------------------------------------ the form of a lesson


def has_the_head_of_a_lesson(cells):
    assert re.match(r"# 0?\d+[ab]? · .+\n\n\*\*\d+ minutes\.\*\*", cells[0].source)
    assert 3 <= cells[0].source.count("\n- ") <= 5


@pytest.mark.parametrize("path", [*LESSONS, *EXTRAS], ids=lambda p: p.stem)
def test_the_form_of_a_lesson(path):
    cells = source.read(path)
    if path in LESSONS:
        has_the_head_of_a_lesson(cells)
    for cell in cells:
        name, text = cell.metadata["id"], cell.source
        if cell.cell_type == "markdown":
            assert len(re.sub(r"[#*`]", " ", text).split()) <= 125, name
            assert not re.search(r"\b(simply|just|obviously|of course|note that|powerful)\b|!\s", text, re.I), name
            for before, line in itertools.pairwise(text.splitlines()):  # a number at a line's start makes a list
                assert not (line.startswith("1. ") and before), f"{name}: {line}"
            for sentence in re.split(r"(?<=[.?:])\s", re.sub(r"\n(- |\d\. |#|\|).*", ". ", "\n" + text)):
                assert len(sentence.split()) <= 32, f"{name}: {sentence}"
        elif cell.metadata.get("role") != "setup":
            assert sum(bool(line.strip()) for line in text.splitlines()) <= 12, name


@pytest.mark.parametrize("path", [*LESSONS, *EXTRAS], ids=lambda p: p.stem)
def test_numbers_in_prose_are_printed_by_a_cell_above_them(path):
    """Decimals and numbers of two or more digits; sources, and what the reader is told to type, are exempt."""
    notebook = nbformat.read(ROOT / "notebooks" / path.with_suffix(".ipynb").name, as_version=4)
    printed = ""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            printed += cell.source + json.dumps([o.get("text") or o["data"]["text/plain"] for o in cell.outputs])
            continue
        if cell.metadata.get("momentum_lab", {}).get("role") == "prompt":
            continue  # its example is run in test_checks
        text = re.sub(
            r"\*\*Source\.\*\*.*|^\d\. .*$|\*\*\d+ minutes\.\*\*|^# .*$|lesson \d+", "", cell.source, flags=re.S | re.M
        )
        for number in re.findall(r"(?<![\w.])\d+\.\d+|(?<![\w.])\d{2,}(?![\w.]*\w)", text):
            assert number in printed, f"{cell.id}: {number}"


def test_pictures_have_a_text_with_a_number_of_their_run():
    for file in (*STORED, *STORED_EXTRAS):
        for output in outputs(nbformat.read(file, as_version=4)):
            if "image/png" in output.get("data", {}):
                alt = output.metadata["image/png"]["alt"]
                assert len(alt) >= 40 and re.search(r"\d", alt)
                assert alt == output.data["text/plain"]


def test_the_gallery_shows_every_explorer_with_its_question():
    from course import gallery
    from momentum_lab.explorers import CATALOGUE

    assert list(gallery.QUESTIONS) == list(CATALOGUE)
    page = (ROOT / gallery.PAGE).read_text("utf-8")
    for title, make in CATALOGUE.items():
        assert f"## {gallery.QUESTIONS[title][1]}" in page and make().sentence in page
    assert page.count("![") == len(CATALOGUE)
