"""Quizzes as a learner meets them, without a browser."""

import subprocess
import sys

import pytest

from momentum_lab import progress
from momentum_lab.checks import bank
from momentum_lab.quiz_panel import Card
from momentum_lab.quizzes import Quiz, ask, recall, shuffled
from momentum_lab.slips import Slip

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def mine(tmp_path, monkeypatch):
    monkeypatch.setenv("MOMENTUM_LAB_PROGRESS", str(tmp_path / "p.sqlite"))
    return progress.current()


def card(item_id):
    quiz = ask(item_id)
    return Card(quiz, quiz.items[0])


def test_a_question_is_answered_by_its_key_and_told_in_words(mine):
    shown = card("02.settles")
    shown.inputs.buttons["one"].click()
    assert "Your answer: 1 " in shown.said.value
    assert "Not yet" in shown.said.value and "memory bench" in shown.said.value
    shown.inputs.buttons["ten"].click()
    assert "Passed" in shown.said.value and 'role="status"' in shown.said.value
    assert [e.detail["mistake"] for e in mine.events("attempt")] == ["the velocity is an average", None]


def test_lines_are_ordered_by_the_numbers_of_their_places(mine):
    shown = card("02.order")
    shown.inputs.button.click()
    assert "Not attempted" in shown.said.value and mine.events() == []
    for box, line in zip(shown.inputs.boxes, shown.inputs.lines, strict=True):
        assert box.description.startswith("place of line")
        box.value = str(line + 1)
    shown.inputs.button.click()
    assert "Passed" in shown.said.value
    for text in (shown.inputs.boxes[1].value, "9", "first"):
        shown.inputs.boxes[0].value = text
        shown.inputs.button.click()
        assert "one is missing or claimed twice" in shown.said.value


def test_gaps_are_typed(mine):
    shown = card("02.gaps")
    for box, text in zip(shown.inputs.boxes, ("beta", "lr", "theta"), strict=True):
        box.value = text
    shown.inputs.button.click()
    assert "Passed" in shown.said.value
    shown.inputs.boxes[1].value = "beta"
    shown.inputs.button.click()
    assert "beta belongs to the old velocity" in shown.said.value


def test_options_are_shuffled_for_each_learner_and_stay_so(mine):
    item = bank.load("02.settles")
    orders = set()
    for name in range(12):
        mine.path.unlink(missing_ok=True)
        mine.record("hint", f"x{name}", number=1)
        orders.add(tuple(shuffled(item)))
        assert shuffled(item) == shuffled(item)
    assert len(orders) > 3


def test_the_right_order_is_never_the_first_one_shown(mine):
    item = bank.load("02.order")
    for name in range(60):
        mine.path.unlink(missing_ok=True)
        mine.record("hint", f"x{name}", number=1)
        assert shuffled(item) != sorted(shuffled(item))


def test_old_questions_come_back_the_unasked_and_the_wrong_ones_first(mine):
    questions = [item["id"] for item in bank.entries("01").values() if item.get("recalled")]
    assert len(questions) >= 5 and not [q for q in questions if ".ready" in q]
    for name in questions[:3]:
        mine.record("attempt", name, status="passed", mistake=None)
    drawn = {item["id"] for item in recall("02").items}
    assert len(drawn) == 3 and set(questions[3:5]) <= drawn
    for name in questions[3:]:
        mine.record("attempt", name, status="passed", mistake=None)
    mine.record("attempt", questions[4], status="wrong", mistake="x")
    assert questions[4] == recall("02").items[0]["id"]
    assert recall("01").items == []
    for slip in (2, None, "77"):
        with pytest.raises(Slip, match=f"There is no lesson {slip!r}; there are 00"):
            recall(slip)


def test_the_still_form_gives_nothing_away_and_does_not_depend_on_progress(mine):
    for item_id in ("02.settles", "02.order", "02.gaps", "01.story"):
        data = ask(item_id)._repr_mimebundle_()
        assert (VIEW in data and bank.load(item_id)["praise"] not in data["text/plain"]) or not bank.load(item_id)[
            "praise"
        ]
    lines = ask("02.order")._repr_mimebundle_()["text/plain"].splitlines()[1:]
    assert lines == sorted(lines)
    before = recall("02")._repr_mimebundle_()["text/plain"]
    mine.record("attempt", "01.why", status="passed", mistake=None)
    assert recall("02")._repr_mimebundle_()["text/plain"] == before


def test_an_exercise_for_a_cell_is_told_so():
    with pytest.raises(Slip, match=r"answered in a cell of the notebook; check it with check\('02.window'\)"):
        ask("02.window")
    with pytest.raises(Slip, match="There is no exercise"):
        ask("02.nothing")


def test_a_question_that_is_not_here_is_named():
    with pytest.raises(Slip, match=r"There is no question '01\.x' here; there are 01\.why\."):
        ask("01.why").answer("01.x", "a")
    with pytest.raises(Slip, match="There is no question 'a' here"):
        ask("01.why").answer("a", "01.why")


@pytest.mark.parametrize("value", [0, True, float("nan"), ["a"], [None], ("a", 1), {"a": 1}, [0], print, set()])
@pytest.mark.parametrize("question", ["01.why", "01.story", "02.gaps"])
def test_an_answer_of_the_wrong_kind_is_told_and_raises_nothing(mine, question, value):
    assert ask(question).answer(question, value).status != "passed"


def test_an_order_may_be_a_tuple(mine):
    assert ask("01.story").answer("01.story", tuple(range(5))).status == "passed"


def test_without_widgets_the_questions_are_text():
    code = (
        "import sys; sys.modules['ipywidgets'] = None\n"
        "from momentum_lab.quizzes import ask\n"
        "data = ask('02.settles')._repr_mimebundle_()\n"
        "print(sorted(data), data['text/plain'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert "['text/html', 'text/plain']" in done.stdout and "The gradient is 1 for ever" in done.stdout


def test_everything_is_escaped():
    item = {**bank.load("02.settles"), "text": "<b>`x < y`</b>"}
    shown = Card(Quiz([item]), item).view.children[0].value
    assert "<b><b>" not in shown and "&lt;b&gt;<code>x &lt; y</code>" in shown
