import contextlib
import json
import subprocess
import sys
import threading

import numpy as np
import pytest

from course import build, source
from momentum_lab import progress
from momentum_lab.authoring import compile_item
from momentum_lab.checks import bank, check, hint
from momentum_lab.checks.code import _same
from momentum_lab.checks.judge import judge
from momentum_lab.checks.probe import TIME_LIMIT, observe, plain
from momentum_lab.checks.verdict import ERROR, NOT_ATTEMPTED, OTHER_FORM, PASSED, WRONG
from momentum_lab.slips import Slip

LESSONS = source.sources()
ALL_ITEMS = [(path, item) for path in LESSONS for item in source.items(path)]
ITEMS = [(path, item) for path, item in ALL_ITEMS if item.kind == "code"]
KNOWN = [
    (path, item, known, status)
    for path, item in ITEMS
    for kind, status in ((item.mistakes, WRONG), (item.forms, OTHER_FORM))
    for known in kind
]
MOMENTUM_STEP = "01.one_more_line"


def verdict_on(function, entry):
    return judge(observe(function, entry["cases"], entry["feeds"]), entry)


def fresh(path, item, seed):
    return compile_item(item, source.reference(path, item), seed)


# ------------------------------------------------------------------ every item


@pytest.mark.parametrize(("path", "item"), ITEMS, ids=lambda v: getattr(v, "id", ""))
def test_the_reference_passes_on_three_banks(path, item):
    reference = source.reference(path, item)
    for entry in (bank.load(item.id), fresh(path, item, 1), fresh(path, item, 2)):
        verdict = verdict_on(reference, entry)
        assert verdict.status == PASSED and verdict.points == item.points == verdict.out_of


@pytest.mark.parametrize(("path", "item", "known", "status"), KNOWN, ids=lambda v: getattr(v, "name", ""))
def test_a_known_answer_gets_its_own_words_and_no_other(path, item, known, status):
    for entry in (bank.load(item.id), fresh(path, item, 1), fresh(path, item, 2)):
        verdict = verdict_on(known.function, entry)
        assert (verdict.status, verdict.mistake, verdict.message, verdict.points) == (status, known.name, known.says, 0)


@pytest.mark.parametrize(
    ("path", "item"), [pair for pair in ITEMS if len(pair[1].returns) > 1], ids=lambda v: getattr(v, "id", "")
)
def test_the_right_values_in_another_order_are_named(path, item):
    """Also those of another form; where the exercise has words of its own for it, those are said."""
    entry = bank.load(item.id)
    for answer in (source.reference(path, item), *(form.function for form in item.forms)):

        def turned(*arguments, answer=answer):
            first, *others = answer(*arguments)
            return *others, first

        verdict = verdict_on(turned, entry)
        assert verdict.status == WRONG and (verdict.mistake or "in this order" in verdict.message), verdict


@pytest.mark.parametrize(("path", "item"), ITEMS, ids=lambda v: getattr(v, "id", ""))
def test_an_item_is_complete(path, item):
    entry = bank.load(item.id)
    assert len(item.mistakes) >= 6
    assert len(item.hints) >= 2
    says = [known.says for known in (*item.mistakes, *item.forms)]
    assert len(set(says)) == len(says)
    assert len(entry["cases"]) >= 6 and all(case["says"] for case in entry["cases"])
    prompt = next(
        c.source for c in source.read(path) if c.metadata.get("item") == item.id and c.metadata.get("role") == "prompt"
    )
    assert item.tolerance == 1e-6 and "one part in a million" in prompt


@pytest.mark.parametrize(("path", "item"), ITEMS, ids=lambda v: getattr(v, "id", ""))
def test_no_word_to_the_learner_holds_an_expected_number_or_the_code(path, item):
    entry = bank.load(item.id)
    if not hasattr(item, "answer"):
        return
    code = source.solution(path, item)
    lines = [line.strip() for line in code.splitlines() if "=" in line and not line.strip().startswith(("#", "def"))]
    text = json.dumps([entry["hints"], entry["praise"], [k["says"] for k in entry["mistakes"]]])
    assert not [line for line in lines if line in text]


def test_banks_hold_no_code():
    for file in build.BANKS.glob("*.bank"):
        text = json.dumps(bank.unpack(file.read_text("ascii")))
        assert "lambda" not in text and "def " not in text and "return theta -" not in text


def test_a_packed_bank_is_no_plain_text():
    packed = bank.pack({"01.x": {"hints": ["the answer is forty-two"]}})
    assert "forty" not in packed and packed.isascii()
    assert bank.unpack(packed) == {"01.x": {"hints": ["the answer is forty-two"]}}


def test_the_example_in_the_text_is_true():
    path, item = next((path, item) for path, item in ITEMS if item.id == MOMENTUM_STEP)
    prompt = next(
        c.source for c in source.read(path) if c.metadata.get("item") == item.id and c.metadata.get("role") == "prompt"
    )
    assert "two steps lead to 0.9 and then to 0.72" in prompt
    theta, velocity = np.ones(1), np.zeros(1)
    seen = []
    for _ in range(2):
        theta, velocity = source.reference(path, item)(theta, velocity, lambda theta: theta, 0.1, 0.9)
        seen.append(theta[0])
    np.testing.assert_allclose(seen, [0.9, 0.72], rtol=1e-12)


# ------------------------------------------------------------------ momentum_step: right in many ways


def plain_answer(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad(theta)
    return theta - velocity, velocity


def rearranged(theta, velocity, grad, lr, beta):
    new = np.add(grad(theta) * lr, np.multiply(velocity, beta))
    return -(new - theta), new


def as_list(theta, velocity, grad, lr, beta):
    return list(plain_answer(theta, velocity, grad, lr, beta))


def as_one_array(theta, velocity, grad, lr, beta):
    return np.array(plain_answer(theta, velocity, grad, lr, beta))


def as_nested_lists(theta, velocity, grad, lr, beta):
    return tuple(part.tolist() for part in plain_answer(theta, velocity, grad, lr, beta))


def in_float32(theta, velocity, grad, lr, beta):
    return tuple(part.astype(np.float32) for part in plain_answer(theta, velocity, grad, lr, beta))


def gradient_twice(theta, velocity, grad, lr, beta):
    return theta - beta * velocity - lr * grad(theta), beta * velocity + lr * grad(theta)


def other_names(x, v, g, eta, b):
    return plain_answer(x, v, g, eta, b)


def placeholder_left_below(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad(theta)
    return theta - velocity, velocity
    return ...


def talkative(theta, velocity, grad, lr, beta):
    print("here" * 1000)
    return plain_answer(theta, velocity, grad, lr, beta)


@pytest.mark.parametrize(
    "answer",
    [plain_answer, rearranged, as_list, as_one_array, as_nested_lists, in_float32, gradient_twice, other_names,
     placeholder_left_below, talkative],
)  # fmt: skip
def test_a_right_answer_passes_however_it_is_written(answer, capsys):
    verdict = verdict_on(answer, bank.load(MOMENTUM_STEP))
    assert verdict.status == PASSED, verdict
    assert capsys.readouterr().out == ""


# ------------------------------------------------------------------ momentum_step: not there yet


def returns(value):
    def momentum_step(theta, velocity, grad, lr, beta):
        return value

    return momentum_step


def changed(change):
    def momentum_step(theta, velocity, grad, lr, beta):
        return change(*plain_answer(theta, velocity, grad, lr, beta))

    return momentum_step


def raises(error):
    def momentum_step(theta, velocity, grad, lr, beta):
        raise error

    return momentum_step


def for_two_coordinates_only(theta, velocity, grad, lr, beta):
    new = np.array([beta * velocity[0] + lr * grad(theta)[0], beta * velocity[1] + lr * grad(theta)[1]])
    return theta - new, new


def forgets_a_square(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad(theta) ** 2
    return theta - velocity, velocity


def half_remembers(theta, velocity, grad, lr, beta):
    velocity = (beta + 0.1) * velocity + lr * grad(theta)
    return theta - velocity, velocity


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (None, NOT_ATTEMPTED, "no `momentum_step` yet"),
        (returns([1.0, ...]), NOT_ATTEMPTED, "still returns `...`"),
        (returns(np.array([..., ...])), NOT_ATTEMPTED, "still returns `...`"),
        (lambda *a: ... * a[0], NOT_ATTEMPTED, "a `...` where something of yours belongs"),
        (returns(...), NOT_ATTEMPTED, "make it `return theta, velocity`"),
        (raises(NotImplementedError()), NOT_ATTEMPTED, "NotImplementedError"),
        (returns(None), WRONG, "it returned None"),
        (returns("done"), WRONG, "a value of type str"),
        (returns(1.0), WRONG, "one array of shape ()"),
        (changed(lambda t, v: (t, v, t)), WRONG, "it returned 3 values"),
        (changed(lambda t, v: (t, "v")), WRONG, "`velocity` must be an array of numbers; it is a value of type str"),
        (changed(lambda t, v: (t[:1], v)), WRONG, "`theta` must have shape (2,); it has (1,), with two coordinates"),
        (changed(lambda t, v: 1.5 * t), WRONG, "must return `theta`, `velocity`; it returned one array of shape (2,)"),
        (changed(lambda t, v: (1.01 * t, v)), WRONG, "`theta` is off by 1 % of its size"),
        (changed(lambda t, v: (t, v + np.nan)), WRONG, "`velocity` is off and is no finite number"),
        (forgets_a_square, WRONG, "When the gradient grows in equal steps"),
        (half_remembers, WRONG, "With beta = 0 the old velocity must not matter"),
        (
            raises(ZeroDivisionError("division by zero")),
            ERROR,
            "ZeroDivisionError: division by zero in the line `raise error`",
        ),
        (raises(SystemExit(0)), ERROR, "SystemExit"),
        (lambda theta: theta, ERROR, "TypeError"),
        (for_two_coordinates_only, ERROR, "called with a single coordinate"),
    ],
)
def test_what_is_not_right_is_named(answer, status, words):
    entry = bank.load(MOMENTUM_STEP)
    verdict = judge(None, entry) if answer is None else verdict_on(answer, entry)
    assert verdict.status == status and words in verdict.message, verdict
    assert verdict.points == 0 and not verdict.passed


SLIP_OF_THE_PEN = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for cell in [
    "from momentum_lab.checks import check",
    "def momentum_step(theta, velocity, grad, lr, beta):\\n    return theta, velocity",
    "def momentum_step(theta, velocity, grad, lr, beta):\\n    return theta - velocity, (velocity",
    "print(check('01.one_more_line'))",
    "print(check('01.one_more_line'))",
    "1 +",
    "print(check('01.one_more_line'))",
]:
    shell.run_cell(cell, store_history=True)
"""


def test_an_answer_that_python_cannot_read_is_not_taken_for_the_one_before_it():
    done = subprocess.run([sys.executable, "-c", SLIP_OF_THE_PEN], capture_output=True, text=True, encoding="utf-8")
    said = [line for line in done.stdout.splitlines() if "Your code stopped" in line or "Not yet" in line]
    assert len(said) == 3, done
    assert "SyntaxError" in said[0] and "Python cannot read your answer" in said[0]
    assert all("Not yet" in line for line in said[1:]), "the check after it, and a slip elsewhere"


@pytest.mark.parametrize("call", [check, hint])
@pytest.mark.parametrize("item_id", ["01.why", "01.story", "02.gaps"])
def test_a_question_of_the_quiz_is_sent_there(call, item_id):
    with pytest.raises(Slip, match=rf"^{item_id} is answered on the screen.*ask\('{item_id}'\) shows it\.$"):
        call(item_id)


@pytest.mark.parametrize("off", [0.99e-6, 1.01e-6])
def test_the_tolerance_is_the_stated_one(off):
    """The largest component of theta is moved by just under and just over one part in a million."""

    def nudge(theta, velocity):
        theta = theta.copy()
        largest = np.unravel_index(np.abs(theta).argmax(), theta.shape)
        theta[largest] *= 1 + off
        return theta, velocity

    entry = bank.load(MOMENTUM_STEP)
    single = {**entry, "cases": entry["cases"][:1], "expected": entry["expected"][:1], "properties": []}
    for kind in ("mistakes", "forms"):
        single[kind] = [{**known, "observations": known["observations"][:1]} for known in entry[kind]]
    assert verdict_on(changed(nudge), single).passed == (off < 1e-6)


def endless(theta, velocity, grad, lr, beta):
    while True:
        pass


def endless_and_stubborn(theta, velocity, grad, lr, beta):
    while True:
        with contextlib.suppress(Exception):
            theta = theta + 0.0


@pytest.mark.parametrize("answer", [endless, endless_and_stubborn])
@pytest.mark.parametrize("in_a_thread", [False, True])
def test_an_endless_loop_is_stopped_and_named(answer, in_a_thread):
    """In the main thread by an alarm; elsewhere, as on Windows and in the browser, by looking at the clock."""
    entry, seen = bank.load(MOMENTUM_STEP), []
    work = threading.Thread(target=lambda: seen.append(observe(answer, entry["cases"], entry["feeds"], seconds=0.3)))
    work.run() if not in_a_thread else (work.start(), work.join())
    verdict = judge(seen[0], entry)
    assert verdict.status == ERROR and "a loop that never ends" in verdict.message
    assert len(seen[0]) == 1  # the other cases were not waited for


def test_observations_are_plain_json():
    entry = bank.load(MOMENTUM_STEP)
    seen = observe(plain_answer, entry["cases"], entry["feeds"])
    assert json.loads(json.dumps(seen)) == seen
    assert plain([1, 2.5]) == {"shape": [2], "dtype": "float64", "data": [1.0, 2.5]}
    assert plain({"a": 1}) == {"other": "dict"}
    assert plain([[1.0], [2.0, 3.0]])["parts"]  # no array, so its parts are told
    assert plain([[1.0], [2.0]])["shape"] == [2, 1]
    assert len(plain(np.zeros(10**6))["data"]) == 10_000
    assert TIME_LIMIT == 2.0


# ------------------------------------------------------------------ what the learner calls


def test_check_finds_the_function_by_name_and_raises_nothing():
    assert call_check({}).status == NOT_ATTEMPTED
    assert call_check({"momentum_step": 3}).status == NOT_ATTEMPTED
    assert call_check({"momentum_step": plain_answer}).passed


def call_check(namespace):
    namespace["check"] = check
    return eval(f"check({MOMENTUM_STEP!r})", namespace)


def test_nbgrader_gets_points(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert call_check({"momentum_step": plain_answer}) == 2.0
    assert call_check({}) == 0.0


@pytest.mark.parametrize("name", ["01.one_more_lime", "77.x", "", None, "../bank", ["01.why"]])
def test_an_unknown_exercise_is_named(name):
    with pytest.raises(Slip, match="There is no exercise"):
        check(name)


@pytest.fixture
def fresh_session(monkeypatch):
    monkeypatch.setattr(progress, "_open", {})


def test_hints_come_after_an_attempt_one_by_one_and_then_the_solution(fresh_session):
    assert "Write an answer and check it first" in repr(hint(MOMENTUM_STEP))
    call_check({"momentum_step": returns(...)})
    assert hint(MOMENTUM_STEP).title == ""
    call_check({"momentum_step": returns(1.0)})
    shown = [hint(MOMENTUM_STEP) for _ in range(4)]
    assert repr(shown[0]).startswith("Hint 1 of 2. Two things happen")
    assert shown[1]._repr_markdown_().startswith("**Hint 2 of 2.**")
    assert shown[2] == shown[3] and shown[2].title == "A solution."
    namespace = {}
    exec(shown[2].code, namespace)
    assert verdict_on(namespace["momentum_step"], bank.load(MOMENTUM_STEP)).passed
    assert "### " not in shown[2].code and "```python" in shown[2]._repr_markdown_()
    call_check({"momentum_step": plain_answer})
    assert "has passed" in repr(hint(MOMENTUM_STEP))


def test_a_class_without_solutions_is_told_who_has_them(fresh_session, monkeypatch):
    monkeypatch.setattr(bank, "solution", lambda item_id: None)
    call_check({"momentum_step": returns(1.0)})
    last = [hint(MOMENTUM_STEP) for _ in range(3)][-1]
    assert last.title == "Hint 2 of 2." and "Your instructor has the solution" in last.text and not last.code


def test_attempts_are_kept_and_an_untouched_answer_is_none(fresh_session):
    call_check({})
    assert progress.current().events() == []
    call_check({"momentum_step": returns(1.0)})
    call_check({"momentum_step": plain_answer})
    assert [e.detail["status"] for e in progress.current().events("attempt", MOMENTUM_STEP)] == [WRONG, PASSED]


def test_trouble_with_the_progress_file_is_told_beside_the_verdict(fresh_session, monkeypatch, tmp_path):
    monkeypatch.setenv("MOMENTUM_LAB_PROGRESS", str(tmp_path / "missing" / "file"))
    assert "cannot be kept" in repr(call_check({"momentum_step": plain_answer}))
    assert "cannot be kept" not in repr(call_check({"momentum_step": plain_answer}))


def test_a_verdict_is_words_and_a_sign():
    verdict = verdict_on(plain_answer, bank.load(MOMENTUM_STEP))
    assert repr(verdict).startswith("✓ Passed. Your step equals the library's")
    assert verdict._repr_markdown_().startswith("**✓ Passed.**")
    untouched = verdict_on(returns(...), bank.load(MOMENTUM_STEP))
    assert repr(untouched) == "○ Not attempted. momentum_step still returns ...; make it return theta, velocity."


def test_a_text_a_table_a_number_and_nothing_are_told_apart():
    """A known mistake that returns words must not be found in another answer that returns none."""
    seen = [{"returned": plain(value), "changed": [], "asked_at": []} for value in ("swings", None, 3.0, {"kind": 1})]
    for i, one in enumerate(seen):
        for j, other in enumerate(seen):
            assert _same(one, other, {"returns": ("kind",), "tolerance": 1e-6}) == (i == j)
