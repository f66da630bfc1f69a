"""Questions asked twice, with both answers beside each other."""

import pytest

from momentum_lab import progress
from momentum_lab.checks import bank
from momentum_lab.quizzes import ask
from momentum_lab.slips import Slip
from momentum_lab.then_and_now import NOTHING, then_and_now


@pytest.fixture
def mine(tmp_path, monkeypatch):
    monkeypatch.setenv("MOMENTUM_LAB_PROGRESS", str(tmp_path / "p.sqlite"))
    return progress.current()


def test_without_progress_one_sentence_says_so(mine):
    table = then_and_now("10")
    assert repr(table) == table._repr_markdown_() == NOTHING
    assert len(table.rows) == 12 and not mine.path.exists()


def test_the_first_answer_then_and_the_latest_one_now(mine):
    for question, option in (("02.settles", "one"), ("02.settles", "ten"), ("10.q01", "beta"), ("10.q01", "ten")):
        ask(question).answer(question, option)
    ask("10.q02").answer("10.q02", "all")
    first, second, third, *_ = then_and_now("10").rows
    assert (first.then.text, first.then.right, first.now.text, first.now.right) == ("1", False, "10", True)
    assert second.then is None and (second.now.text, second.now.right) == ("all of it", False)
    assert third.then is third.now is None
    said = then_and_now("10")._repr_markdown_()
    assert said.startswith("The first time 0 of 1 answers were right, today 1 of 2. Questions with both answers: 1, ")
    assert "| what a steady push comes to | ✗ 1 | ✓ 10 |" in said
    assert "| the newest ten | not asked | ✗ all of it |" in said
    assert "not asked" in repr(then_and_now("10")) and "open" in repr(then_and_now("10"))


def test_an_answer_that_is_no_option_any_more(mine):
    mine.record("attempt", "02.settles", status="wrong", mistake="a belief of an older version")
    row = then_and_now("10").rows[0]
    assert (row.then.text, row.then.right) == ("another answer", False)


def test_a_question_that_its_lesson_does_not_have_counts_as_not_asked(mine, monkeypatch):
    mine.record("attempt", "77.gone", status="passed", mistake=None)
    entry = {**bank.load("10.q01"), "first_asked": "77.gone"}
    whole = bank.entries
    monkeypatch.setattr(bank, "entries", lambda lesson: {"10.q01": entry} if lesson == "10" else whole(lesson))
    assert then_and_now("10").rows[0].then is None


def test_a_lesson_without_such_questions_is_told_so():
    with pytest.raises(Slip, match="no questions that were asked before"):
        then_and_now("02")


def test_every_option_of_a_question_has_a_belief_of_its_own():
    """The answer of long ago is found by its belief."""
    for entry in bank.entries("10").values():
        if entry.get("first_asked"):
            assert len({option["belief"] for option in entry["options"]}) == len(entry["options"])
