"""The pages under docs/: paths, cheat sheet, glossary, bibliography."""

import re

import pytest

from course import bibliography, cheat_sheet, glossary, paths, source
from momentum_lab.claims import CLAIMS
from momentum_lab.claims.bibliography import SOURCES
from momentum_lab.explorers.clinic import RULES
from momentum_lab.optimizers import HeavyBall, Nesterov, TorchSGD
from momentum_lab.running import run
from momentum_lab.surfaces import Quadratic

CELLS = {source.key(path): source.read(path) for path in source.sources()}


@pytest.mark.parametrize("path", paths.PATHS, ids=lambda path: path.tag)
def test_a_path_has_the_minutes_it_says_and_headings_that_are_there(path):
    assert path.total == int(path.tag.partition("-")[2])
    for key, sections in path.sections.items():
        found = [heading for under in paths.headings(CELLS[key]) for heading in under]
        order = [found.index(heading) for heading in sections]
        assert order == sorted(order), key


def test_the_longer_path_holds_the_shorter():
    short, long = (path.sections for path in paths.PATHS)
    for key, sections in short.items():
        assert sections.items() <= long[key].items(), key


def test_cells_of_a_path_carry_its_tag():
    from course import make

    for path in source.sources():
        notebook = make.lesson(path)
        for way in paths.PATHS:
            tagged = {cell.id for cell in notebook.cells if way.tag in cell.metadata.get("tags", [])}
            assert bool(tagged) == (source.key(path) in way.sections)


def test_the_symptoms_are_the_diagnoses_of_the_clinic():
    assert sorted(cause for _, cause, _, _ in cheat_sheet.SYMPTOMS) == sorted(RULES)
    assert {row[-1] for row in cheat_sheet.SYMPTOMS} <= set(CELLS)


def test_what_the_cheat_sheet_says_of_stored_points():
    """`nesterov=True` stores the point ahead: theta = stored + lr * beta * buffer."""
    bowl, start, lr, beta = Quadratic([1.0, 4.0]), [1.0, 1.0], 0.1, 0.9
    ours = run(Nesterov(lr, beta), bowl, start, 20)
    theirs = run(TorchSGD(lr, beta, nesterov=True), bowl, start, 20, keep_states=True)
    for t in range(1, 21):
        buffer = theirs.states[t][0]
        assert abs(theirs.thetas[t] + lr * beta * buffer - ours.thetas[t]).max() < 1e-12
    inside, outside = (run(rule, bowl, start, 20) for rule in (HeavyBall(lr, beta), TorchSGD(lr, beta)))
    assert abs(inside.thetas - outside.thetas).max() < 1e-12


def test_every_word_stands_once_a_lesson_and_every_lesson_with_new_words_is_there():
    entries = glossary.entries()
    assert len({(word, number) for word, _, number in entries}) == len(entries)
    assert {number for _, _, number in entries} >= set(CELLS) - {"00", "10"}
    page = glossary.page()
    assert all(f"| {word} | {meaning} |" in page for word, meaning, _ in entries)


def test_every_source_is_in_the_bibliography_with_its_claims():
    page = bibliography.page()
    for key, one in SOURCES.items():
        line = next(line for line in page.splitlines() if line.startswith(f"- {one.text}."))
        cited = re.findall(r"\d+", line.partition("*Claims")[2])
        assert cited == [str(claim.id) for claim in CLAIMS if key in claim.sources]
