"""Exercises that are not functions: numbers, expressions, goals, questions, orders and gaps."""

import itertools

import numpy as np
import pytest
import sympy

from course import source
from momentum_lab.authoring import SEED, Blank, Number, Ordering, Symbolic, Wrong, compile_item
from momentum_lab.checks import bank
from momentum_lab.checks.judge import judge
from momentum_lab.checks.probe import evaluate, look
from momentum_lab.checks.verdict import NOT_ATTEMPTED, PASSED, WRONG

ALL = [(path, item) for path in source.sources() for item in source.items(path)]


def of_kind(*kinds):
    found = [(path, item) for path, item in ALL if item.kind in kinds]
    return pytest.mark.parametrize(("path", "item"), found, ids=lambda v: getattr(v, "id", ""))


def verdict_on(value, entry):
    return judge(look({entry["variable"]: value}, entry), entry)


def banks(path, item):
    reference = source.reference(path, item)
    return [bank.load(item.id), *(compile_item(item, reference, seed) for seed in (SEED, 1, 2))]


@of_kind("number", "symbolic", "goal")
def test_reference_passes_and_every_known_mistake_gets_its_own_words(path, item):
    for entry in banks(path, item):
        verdict = verdict_on(source.reference(path, item), entry)
        assert verdict.status == PASSED and verdict.points == item.points, verdict
        for wrong in item.mistakes:
            verdict = verdict_on(wrong.value, entry)
            assert (verdict.status, verdict.mistake, verdict.points) == (WRONG, wrong.name, 0), (wrong.name, verdict)
            assert wrong.says in verdict.message
    says = [wrong.says for wrong in item.mistakes]
    assert len(set(says)) == len(says) >= 3


@of_kind("number", "symbolic", "goal")
def test_an_untouched_answer_is_not_attempted(path, item):
    entry = bank.load(item.id)
    for namespace in ({}, {entry["variable"]: ...}):
        assert judge(look(namespace, entry), entry).status == NOT_ATTEMPTED
    if item.kind == "goal":
        assert verdict_on(dict.fromkeys(item.settings, ...), entry).status == NOT_ATTEMPTED


@of_kind("number", "symbolic", "goal")
def test_hints_and_a_solution_are_there(path, item):
    assert len(item.hints) == 2 and item.praise
    namespace = {"np": np, "sympy": sympy}
    exec("import sympy\n" + bank.solution(item.id), namespace)
    assert judge(look(namespace, bank.load(item.id)), bank.load(item.id)).status == PASSED


@of_kind("number", "symbolic", "goal", "code")
def test_the_prompt_names_what_is_asked_for(path, item):
    prompts = [c.source for c in source.read(path) if c.metadata.get("item") == item.id
               and c.metadata.get("role") in ("prompt", "answer")]  # fmt: skip
    assert f"`{item.answer}" in prompts[0] or f"def {item.answer}" in prompts[1]


# ------------------------------------------------------------------ numbers


@of_kind("number")
def test_a_number_in_any_dress_passes_and_one_percent_off_does_not(path, item):
    right, entry = float(source.reference(path, item)), bank.load(item.id)
    for same in (right, [right], np.array([right]), np.float32(right), np.array(right)):
        assert verdict_on(same, entry).passed, same
    for off in (0.99, 1.01):
        assert verdict_on(off * right, entry).status == WRONG
    for inside, factor in ((True, 0.99), (False, 1.01)):
        for sign in (-1, 1):
            assert verdict_on(right * (1 + sign * factor * item.tolerance), entry).passed == inside


@of_kind("number")
def test_what_is_no_number_is_told_so(path, item):
    entry = bank.load(item.id)
    assert "should be one number" in verdict_on([1.0, 2.0], entry).message
    assert "should be one number" in verdict_on("many", entry).message
    assert "no finite number" in verdict_on(float("nan"), entry).message
    shown = {verdict_on(x, entry).message for x in (1e9, -1e9)}
    assert any("too large" in text for text in shown) and any("too small" in text for text in shown)


# ------------------------------------------------------------------ expressions

EXAMPLE = Symbolic(
    "99.x", "x", "total", (("beta", 0.1, 0.9), ("t", 1, 9)),
    [Wrong("limit", 1 / (1 - sympy.Symbol("beta")), "That is the limit.")], (), "Yes.",
)  # fmt: skip
BETA, T = sympy.symbols("beta t")
RIGHT = (1 - BETA ** (T + 1)) / (1 - BETA)


@pytest.mark.parametrize("seed", [SEED, 1, 2])
def test_an_expression_is_judged_by_its_values(seed):
    entry = compile_item(EXAMPLE, RIGHT, seed)
    b, t = sympy.symbols("beta t", positive=True)
    for same in (RIGHT, sympy.expand(RIGHT), sympy.together(RIGHT), (b ** (t + 1) - 1) / (b - 1),
                 RIGHT.evalf(), 1.0 * RIGHT):  # fmt: skip
        assert verdict_on(same, entry).passed, same
    assert verdict_on(1 / (1 - BETA), entry).mistake == "limit"
    assert verdict_on(1.01 * RIGHT, entry).status == WRONG
    for value, words in (
        ("1/(1-beta)", "without the quotation marks"),
        (RIGHT + sympy.Symbol("n"), "holds n, which is none of the symbols beta, t"),
        (object(), "a value of type object"),
        (sympy.zoo * BETA, "no finite value"),
        (RIGHT + 1, "another value than it should at beta = "),
        (7, "another value"),
    ):
        assert words in verdict_on(value, entry).message, value


def test_irrational_values_are_compared_as_floats():
    points = [{"beta": "1/2", "t": "3"}]
    assert evaluate(sympy.sqrt(BETA), points) == {"values": [pytest.approx(0.5**0.5)]}


# ------------------------------------------------------------------ goals


def test_the_goal_of_lesson_01_to_the_step():
    entry = bank.load("01.goal")
    from momentum_lab.optimizers import HeavyBall
    from momentum_lab.running import run, sweep
    from momentum_lab.surfaces import twelve_dots

    lrs, betas = np.arange(0.2, 0.34, 0.005), np.arange(0.4, 0.7, 0.01)
    steps = run(HeavyBall(**sweep(lr=lrs, beta=betas)), twelve_dots(), [0.0, 0.0], 300).steps_to(gap=1e-3)
    assert steps[steps > 0].min() == 17
    for wanted, passes in ((20, True), (21, False)):
        i, j = np.argwhere(steps == wanted)[0]
        verdict = verdict_on({"lr": lrs[i], "beta": betas[j]}, entry)
        assert verdict.passed == passes and f"from step {wanted} on" in verdict.message
    textbook = verdict_on({"lr": 4 / 12.1, "beta": (9 / 11) ** 2}, entry)
    assert "from step 39 on" in textbook.message
    descent = run(lrs_only(np.arange(0.01, 0.2, 0.001)), twelve_dots(), [0.0, 0.0], 300).steps_to(gap=1e-3)
    assert descent[descent > 0].min() == 60


def lrs_only(lrs):
    from momentum_lab.optimizers import GradientDescent
    from momentum_lab.running import sweep

    return GradientDescent(**sweep(lr=lrs))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"lr": 0.5, "beta": 0.1}, "diverges at step"),
        ({"lr": 0.001, "beta": 0.1}, "is left after 300 steps"),
        ({"lr": 2.0, "beta": 0.1}, "`lr` goes from 0 to 1; yours is 2"),
        ({"lr": 0.1}, "a number for `lr` and `beta`"),
        ({"lr": "fast", "beta": 0.1}, "a number for `lr` and `beta`"),
        ([0.1, 0.5], "a number for `lr` and `beta`"),
    ],
)
def test_settings_that_miss_are_told_what_they_do(value, words):
    verdict = verdict_on(value, bank.load("01.goal"))
    assert verdict.status == WRONG and words in verdict.message


# ------------------------------------------------------------------ questions, orders, gaps


@of_kind("choice")
def test_every_wrong_option_names_a_belief_and_tells_what_to_look_at(path, item):
    entry = bank.load(item.id)
    right = [option for option in item.options if option.belief is None]
    assert len(right) == 1 and len(item.options) == 4
    assert judge(None, entry).status == NOT_ATTEMPTED
    for option in item.options:
        verdict = judge(option.key, entry)
        assert verdict.passed == (option.belief is None)
        assert verdict.message == option.says and verdict.mistake == option.belief
        assert option.belief is None or right[0].text not in option.says
    lengths = [len(option.text) for option in item.options]
    assert len(right[0].text) <= 1.6 * sorted(lengths)[-2] + 6  # the longest one is not the right one by its length
    assert len({option.says for option in item.options}) == 4 == len({option.text for option in item.options})


@of_kind("ordering")
def test_an_order_is_right_once(path, item):
    entry = bank.load(item.id)
    passed = [order for order in itertools.permutations(range(len(item.lines))) if judge(list(order), entry).passed]
    assert passed == [tuple(range(len(item.lines)))]
    assert judge(None, entry).status == NOT_ATTEMPTED
    for wrong in item.mistakes:
        assert judge(list(wrong.value), entry).mistake == wrong.name
    assert "one is missing or claimed twice" in judge([1] * len(item.lines), entry).message


def test_an_order_says_how_far_it_is_right():
    entry = compile_item(Ordering("99.o", "o", "?", ("a", "b", "c"), [], "Yes."))
    assert judge([0, 2, 1], entry).message == "Up to place 1 it is right; look at place 2."
    assert judge([1, 0, 2], entry).message == "Look at place 1."


def test_gaps():
    gap = (("beta",), (Wrong("lr", "lr", "that is the learning rate."),))
    entry = compile_item(Blank("99.b", "b", "___ * velocity", (gap,), "Yes."))
    assert judge([" Beta "], entry).passed and judge([""], entry).status == NOT_ATTEMPTED
    assert judge(["lr"], entry).message == "Gap 1: that is the learning rate."
    assert judge(["x"], entry).message == "Gap 1 is not right yet."


@of_kind("blank")
def test_the_gap_texts_of_the_course(path, item):
    entry = bank.load(item.id)
    assert item.text.count("___") == len(item.gaps)
    right = [accept[0] for accept, _ in item.gaps]
    assert judge(right, entry).passed
    for place, (_, wrong) in enumerate(item.gaps):
        for known in wrong:
            assert judge([*right[:place], known.value, *right[place + 1 :]], entry).mistake == known.name


def test_numbers_are_authored_with_a_tolerance_below_one_percent():
    assert all(item.tolerance < 0.01 for _, item in ALL if isinstance(item, Number))
