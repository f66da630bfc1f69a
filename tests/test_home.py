"""The learner's home: how every lesson stands, and where to go on."""

import re

import pytest

from course import source
from momentum_lab import progress
from momentum_lab.checks import bank
from momentum_lab.contents import LESSONS, lesson
from momentum_lab.home import heading_of, home

NOTEBOOKS = source.ROOT / "notebooks"


@pytest.fixture
def mine(tmp_path, monkeypatch):
    """A learner's progress that is empty yet."""
    monkeypatch.setenv(progress.VARIABLE, str(tmp_path / "mine.sqlite"))
    return progress.current()


def exercises(key):
    return [entry["id"] for entry in bank.entries(key).values() if entry["points"] > 0]


def test_the_contents_are_the_lessons():
    sources = source.sources()
    assert [(one.key, one.file) for one in LESSONS] == [(source.key(p), p.stem + ".ipynb") for p in sources]
    for one, path in zip(LESSONS, sources, strict=True):
        title = source.read(path)[0].source
        assert title.startswith(f"# {one.key} · {one.title}\n"), one.key
        assert f"**{one.minutes} minutes.**" in title, one.key


def test_a_newcomer_begins_at_the_beginning(mine):
    seen = home(NOTEBOOKS)
    assert "Begin with [00 · Start](00_start.ipynb)." in seen._repr_markdown_()
    assert repr(seen).startswith("Begin with 00 · Start.")
    assert len(seen.rows) == len(LESSONS)
    assert mine.events() == [], "looking leaves nothing behind"


def test_what_a_build_stores_does_not_tell_a_learner_that_nothing_is_done(monkeypatch):
    monkeypatch.setenv("MOMENTUM_LAB_PROGRESS", "none")
    seen = home(NOTEBOOKS)
    assert "run this cell to see where to go on" in seen.go_on and "open" not in {words for _, words in seen.rows}
    stored = (NOTEBOOKS / "home.ipynb").read_text("utf-8")
    assert "run this cell to see where to go on" in stored and "○" not in stored


def test_the_next_open_exercise_of_the_lesson_last_worked_on(mine):
    first, second, *_ = exercises("02")
    mine.record("attempt", first, status="passed")
    said = home(NOTEBOOKS)
    heading = heading_of(NOTEBOOKS / lesson("02").file, second)
    assert heading and f"(02_what_it_remembers.ipynb#{heading.replace(' ', '-')})" in said.go_on
    assert bank.load(second)["title"] in said.go_on
    assert {one.key: words for one, words in said.rows}["02"] == f"… 1 of {len(exercises('02'))} exercises"


def test_a_lesson_that_is_done_leads_to_the_next(mine):
    for item in exercises("02"):
        mine.record("attempt", item, status="passed")
    said = home(NOTEBOOKS)
    assert said.go_on.startswith("Lesson 02 is done. Continue with [03 ")
    assert {one.key: words for one, words in said.rows}["02"].startswith("✓")


def test_the_end_of_the_course_and_an_exercise_of_ones_own(mine):
    for item in exercises("10"):
        mine.record("attempt", item, status="passed")
    mine.record("attempt", "own.something", status="wrong")
    assert home(NOTEBOOKS).go_on == "You have been through the whole course; open what you like."


def test_links_of_every_exercise_lead_to_its_heading():
    for one in LESSONS:
        for item in exercises(one.key):
            assert re.match(r"\w.+", heading_of(NOTEBOOKS / one.file, item)), item
    assert heading_of(NOTEBOOKS / "nowhere.ipynb", "02.window") == ""
