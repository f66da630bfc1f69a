"""Every claim follows, every altered step is caught, and the numbers of the course come out of the formulas."""

import re
from dataclasses import replace

import pytest
import sympy as sp

from momentum_lab.claims import SOURCES
from momentum_lab.derivations import CATALOGUE, DerivationError
from momentum_lab.derivations.core import Derivation, Step, equal, greater, less
from momentum_lab.derivations.memory import amplification, effective_window, gain, omega, unrolled
from momentum_lab.derivations.symbols import beta, eta, n, t, z
from momentum_lab.slips import Slip

DERIVATIONS = {name: make() for name, make in CATALOGUE.items()}


# ------------------------------------------------------------------ mutants


def altered(step):
    """Yield (name, statement): the step with one thing wrong in its right-hand side."""
    statement = step.equation
    left, right = statement.lhs, statement.rhs
    if not isinstance(statement, sp.Eq):
        turned = sp.StrictGreaterThan if isinstance(statement, sp.StrictLessThan) else sp.StrictLessThan
        yield "turned round", turned(left, right, evaluate=False)
        return
    if isinstance(right, sp.MatrixExpr):
        yield "sign turned", equal(left, sp.MatMul(-1, right))
        return
    yield "one more", equal(left, right + 1)
    yield "sign turned", equal(left, -right)
    terms = sp.Add.make_args(right)
    for i, term in enumerate(terms):
        others = [a for j, a in enumerate(terms) if j != i]
        if others and not term.is_Order:
            yield f"sign of term {i} turned", equal(left, sp.Add(*others) - term)
            yield f"term {i} left out", equal(left, sp.Add(*others))
    if right.has(beta):
        yield "beta squared", equal(left, right.subs(beta, beta**2))
    for index in (t, n):
        if right.has(index) and not step.premise:
            yield f"{index} shifted", equal(left, right.subs(index, index + 1))


def caught(derivation, number, statement):
    """True if the derivation with this step altered fails, at the step or after it."""
    steps = list(derivation.steps)
    steps[number] = replace(steps[number], equation=statement)
    mutant = replace(derivation, steps=tuple(steps))
    try:
        return any(mutant._left_over(i) is not None for i in range(number, len(steps)))
    except DerivationError:
        return True


# Nothing is wrong with these: one step more or less is gone in the limit of small steps, and a beta below 1 is all
# that the two series need.
HARMLESS = {("Nesterov's equation", "The number of steps", "one more")} | {
    (name, "What a step forgets", kind)
    for name in ("slow direction", "weight decay")
    for kind in ("sign of term 0 turned", "term 0 left out")
}


@pytest.mark.parametrize("name", DERIVATIONS)
def test_every_derivation_holds(name):
    assert DERIVATIONS[name].verify() is DERIVATIONS[name]


@pytest.mark.parametrize("name", DERIVATIONS)
def test_every_altered_step_is_caught(name):
    """And no step is idle: of each at least one alteration is caught."""
    derivation = DERIVATIONS[name]
    for number, step in enumerate(derivation.steps):
        kinds = []
        for kind, statement in altered(step):
            minus_zero = kind == "sign turned" and step.equation.rhs == 0
            if minus_zero or (name, step.title, kind) in HARMLESS:
                assert not caught(derivation, number, statement), (step.title, kind)
            else:
                assert caught(derivation, number, statement), (step.title, kind)
                kinds.append(kind)
        assert kinds, step.title


def test_how_many_alterations_there_are():
    mutants = [(step, kind) for d in DERIVATIONS.values() for step in d.steps for kind, _ in altered(step)]
    zeros = [step for step, kind in mutants if kind == "sign turned" and step.equation.rhs == 0]
    assert len(mutants) > 900 and len(zeros) < 25


def test_what_cannot_be_decided_does_not_hold():
    riddle = sp.Function("f")(n)
    with pytest.raises(DerivationError, match="step 1 \\(Riddle\\) does not follow"):
        Derivation("Test", (Step("Riddle", equal(riddle, sp.Function("h")(n)), ""),)).verify()


def test_a_claim_that_says_nothing_is_refused():
    x = sp.Symbol("x")
    with pytest.raises(DerivationError, match="says nothing"):
        Derivation("Test", (Step("Same", equal(x, x), ""),)).verify()


def test_an_inequality_that_is_not_plain_does_not_hold():
    x = sp.Symbol("x", positive=True)
    for wrong in (less(x, 1), greater(x**2, x), greater(x - 1, 0), greater(-x, 0)):
        with pytest.raises(DerivationError, match="does not follow"):
            Derivation("Test", (Step("Wrong", wrong, ""),)).verify()
    Derivation("Test", (Step("Right", greater(x**2 + 1 / x, -x), ""),)).verify()


def test_values_beyond_what_is_given_are_refused():
    x, y = sp.symbols("x y", positive=True)
    given = Step("Given", less(x, 1), "", premise=True)
    Derivation("Test", (given, Step("Within", greater(1 - x, 0), "", where={x: y / (1 + y)}))).verify()
    with pytest.raises(DerivationError, match="'Given' does not allow"):
        Derivation("Test", (given, Step("Beyond", greater(2 - x, 0), "", where={x: 2 * y / (1 + y)}))).verify()


def test_what_holds_for_some_values_is_not_used_for_others():
    x = sp.Symbol("x")
    special = Step("Special", equal(x**2, x), "", where={x: 1})
    Derivation("Test", (special, Step("Same values", equal(x**2 + 1, x + 1), "", where={x: 1}))).verify()
    with pytest.raises(DerivationError, match="does not follow"):
        Derivation("Test", (special, Step("Any value", equal(x**2 + 1, x + 1), ""))).verify()


def test_a_series_is_compared_up_to_its_order():
    x = sp.Symbol("x")
    right = Step("Right", equal(sp.exp(x), 1 + x + x**2 / 2 + sp.O(x**3)), "")
    Derivation("Test", (right,)).verify()
    longer = replace(right, equation=equal(sp.exp(x), 1 + x + x**2 / 2 + x**3 / 6 + sp.O(x**4)))
    Derivation("Test", (longer,)).verify()
    for terms in (1 + x + x**2, 1 + x):
        wrong = replace(right, equation=equal(sp.exp(x), terms + sp.O(x**3)))
        with pytest.raises(DerivationError, match="does not follow"):
            Derivation("Test", (wrong,)).verify()


def test_induction_over_two_steps_back():
    f, r = sp.IndexedBase("f"), sp.Symbol("r")
    start = (Step("Zero", equal(f[0], 0), "", premise=True), Step("One", equal(f[1], 1), "", premise=True))
    rule = Step("Rule", equal(f[n], 3 * f[n - 1] - 2 * f[n - 2]), "", premise=True)
    Derivation("Test", (*start, rule, Step("Closed", equal(f[n], 2**n - 1), "", over=n))).verify()
    for wrong in (2**n, 2**n - 1 + n * (n - 1), n):
        with pytest.raises(DerivationError, match="does not follow"):
            Derivation("Test", (*start, rule, Step("Closed", equal(f[n], wrong), "", over=n))).verify()
    assert r not in rule.equation.free_symbols


# ------------------------------------------------------------------ false claims that must not get through

x, y = sp.symbols("x y")
X, Y, a = sp.symbols("X Y a", positive=True)
real = sp.Symbol("x", real=True)
i, j, k, m = sp.symbols("i j k m", integer=True, nonnegative=True)
f = sp.IndexedBase("f")
FALSE = {
    "a sum over two indices": [(equal(sp.Sum(i, (i, 0, n), (j, 0, m)), sp.Sum(i, (i, 0, n))), {})],
    "an index before the start": [(equal(f[-1], 7),), (equal(f[t], 0),), (equal(f[t - 1], 0), {})],
    "a sum that begins before the start": [
        (equal(f[-1], 7),), (equal(f[t], 0),), (equal(sp.Sum(f[k - 1], (k, 0, 2)), 0), {})],
    "an inequality by induction": [
        (equal(f[0], 2),), (equal(f[n], 3 - f[n - 1]),), (greater(f[n], sp.Rational(6, 5)), {"over": n})],
    "the letter of a sum": [(equal(y, k),), (equal(sp.Sum(y, (k, 0, 2)), 3), {})],
    "the letter of a place": [(equal(y, z**2),), (equal(sp.Subs(y, z, 1), 1), {})],
    "the letter of a sum in a rule": [
        (equal(f[t], sp.Sum(beta**k * sp.IndexedBase("g")[t - k], (k, 0, t))),),
        (equal(f[k], sp.IndexedBase("g")[0] * sp.Sum(beta**k, (k, 0, k))), {})],
    "a value against a given equation": [(equal(x**2, 4),), (equal(x + x**2, 9), {"where": {x: 5}})],
    "a value against a given inequality": [
        (less(X, 2 * (1 + Y)),), (less(Y, 1),), (greater(X, 100), {"where": {X: sp.Integer(200)}})],
    "a negative value for a positive letter": [(less(X, 0), {"where": {X: sp.Integer(-1)}})],
    "logarithms of negative numbers": [
        (equal(sp.log(X * Y), sp.log(X) + sp.log(Y)), {}),
        (equal(sp.log(X * Y), 2 * sp.I * sp.pi), {"where": {X: sp.Integer(-1), Y: sp.Integer(-1)}})],
    "a series from one side": [(equal(sp.Abs(real), real + sp.O(real**2)), {})],
    "a series of a jump": [(equal(sp.sign(real), 1 + sp.O(real**2)), {})],
    "a series far out": [(equal(x**5, sp.O(x**2, (x, sp.oo))), {})],
    "a series at its own value": [(equal(sp.exp(x), 1 + 7 * x + sp.O(x**2)), {"where": {x: sp.Integer(0)}})],
    "two indices": [(equal(f[t, k], t + k),), (equal(f[3, 1], k + 3), {})],
    "induction over any number": [
        (equal(f[0], 1),), (equal(f[real], f[real - 1]),), (equal(f[real], 1), {"over": real})],
    "an integral": [(equal(sp.Integral(X, (X, 0, Y)), Y), {})],
}  # fmt: skip


@pytest.mark.parametrize("name", FALSE)
def test_a_false_claim_does_not_get_through(name):
    steps = [Step(str(number), statement, "", premise=not extra, **(extra[0] if extra else {}))
             for number, (statement, *extra) in enumerate(FALSE[name])]  # fmt: skip
    with pytest.raises(DerivationError):
        Derivation("Test", tuple(steps)).verify()


def test_an_unknown_derivation_is_told_with_those_there_are():
    with pytest.raises(Slip, match="There is no 'Gain' here; there are unrolled, effective window"):
        CATALOGUE["Gain"]


def test_two_steps_of_one_title_are_refused():
    with pytest.raises(DerivationError, match="two steps with the same title"):
        Derivation("Test", (Step("A", equal(x, 1), "", premise=True), Step("A", equal(y, 1), "", premise=True)))


def test_an_attempt_may_use_letters_of_its_own_making():
    """Plain letters and text are read as the letters of the derivation."""
    puzzle = amplification().with_blank("Its velocity")
    b, e, G, when = sp.symbols("beta eta G t")
    assert puzzle.attempt("Its velocity", e * G * (1 - b ** (when + 1)) / (1 - b)).follows
    assert puzzle.attempt("Its velocity", "eta*G*(1 - beta**(t + 1))/(1 - beta)").follows
    for nonsense in (
        None,
        "1 +",
        "v[t]",
        (b, e),
        {b: e},
        True,
        [1, 2],
        sp.Matrix([b]),
        sp.Eq(b, e),
        b > e,
        sp.sin,
        set(),
    ):
        with pytest.raises(Slip):
            puzzle.attempt("Its velocity", nonsense)
    with pytest.raises(Slip, match="left-hand side again"):
        puzzle.attempt("Its velocity", puzzle.step("Its velocity").equation.lhs)


# ------------------------------------------------------------------ what SymPy gets wrong


def test_a_wrong_limit_is_not_believed(monkeypatch):
    x = sp.Symbol("x", positive=True)
    claim = Derivation("Test", (Step("Limit", equal(sp.Limit(1 / x, x, sp.oo), 1), ""),))
    monkeypatch.setattr(sp.Limit, "doit", lambda self, **_: sp.Integer(1))
    with pytest.raises(DerivationError, match=r"SymPy takes .* apart"):
        claim.verify()


def test_a_positive_unknown_would_make_another_polynomial():
    """Matrix.charpoly returns another z than the positive one it is given; ours is a plain symbol and a determinant."""
    positive = sp.Symbol("z", positive=True)
    polynomial = sp.Matrix([[1, 2], [3, 4]]).charpoly(positive).as_expr()
    assert positive not in polynomial.free_symbols
    assert not z.is_positive and sp.Determinant(z * sp.eye(2) - sp.eye(2)).doit().free_symbols == {z}


def test_a_sum_to_infinity_comes_in_pieces_without_a_bound_on_beta():
    endless = sp.summation(beta**n, (n, 0, sp.oo))
    assert isinstance(endless, sp.Piecewise)
    assert "All of them" in [step.title for step in effective_window().steps]  # ours: a finite sum, then a limit


def test_powers_of_minus_one_need_a_whole_number():
    assert ((-1) ** n) ** 2 == 1 and ((-1) ** sp.Symbol("m")) ** 2 != 1 and n.is_integer and t.is_integer


def test_recurrences_with_changing_coefficients_are_not_solved_by_sympy():
    """rsolve returns 0 for (k - 1)/(k + 2); no derivation calls it, all recurrences are checked by induction."""
    from pathlib import Path

    folder = Path(__file__).parent.parent / "momentum_lab" / "derivations"
    for word in ("rsolve", "charpoly", "reduce_inequalities", "summation("):
        users = [file.name for file in folder.glob("*.py") if word in file.read_text("utf-8")]
        assert users in ([], ["symbols.py"])  # a comment there says why


# ------------------------------------------------------------------ a reader's own step


def test_an_attempt_is_judged_and_says_what_is_left():
    puzzle = amplification().with_blank("Its velocity")
    G = sp.Symbol("G", positive=True)
    right = puzzle.attempt("Its velocity", eta * G * (1 - beta ** (t + 1)) / (1 - beta))
    other = puzzle.attempt("Its velocity", eta * G * (beta ** (t + 1) - 1) / (beta - 1))
    assert right.follows and other.follows and "This follows: v[t] = " in repr(right)
    wrong = puzzle.attempt("Its velocity", eta * G / (1 - beta))
    assert not wrong.follows and "Left minus right should be zero, and is" in repr(wrong)
    assert "$" in wrong._repr_markdown_() and wrong.left_over != 0
    with pytest.raises(Slip, match="is a SymPy expression"):
        puzzle.attempt("Its velocity", "1 +")
    with pytest.raises(Slip, match="has no step"):
        puzzle.attempt("Proof", 1)


def test_an_attempt_at_a_premise_must_agree_with_it():
    puzzle = amplification()
    G = sp.Symbol("G", positive=True)
    assert puzzle.attempt("A steady gradient", G + 0).follows
    assert not puzzle.attempt("A steady gradient", 2 * G).follows


def test_an_attempt_at_an_inequality():
    puzzle = CATALOGUE["heavy ball, stability"]()
    assert puzzle.attempt("The second coefficient", 0).follows
    wrong = puzzle.attempt("The second coefficient", 2)
    assert not wrong.follows and "should be positive" in repr(wrong)


def test_a_claim_may_not_use_what_comes_after_it():
    steps = unrolled().steps
    with pytest.raises(DerivationError, match="does not follow"):
        Derivation("Backwards", (steps[3], *steps[:3])).verify()


# ------------------------------------------------------------------ on the page


@pytest.mark.parametrize("name", DERIVATIONS)
def test_the_page_shows_every_equation_once(name):
    derivation = DERIVATIONS[name]
    page, text = derivation._repr_markdown_(), repr(derivation)
    assert page.count("$$") == 2 * len(derivation.steps)
    assert all(f". {step.title}.**" in page and step.title in text for step in derivation.steps)
    assert page.count("*Given.*") == text.count("(given)") == sum(step.premise for step in derivation.steps)
    # Whatever is put in for the check is said on the page as a condition, and every step says why.
    assert all(bool(step.where) == bool(step.when) and step.reason for step in derivation.steps)
    assert page.count("*Shown, for ") == sum(bool(step.when) for step in derivation.steps)
    assert len({step.title for step in derivation.steps}) == len(derivation.steps)


def test_folded_steps_come_last_and_a_blank_hides_the_answer():
    folded = effective_window().fold("Mean age", "Effective number")
    page = folded._repr_markdown_()
    assert page.index("<details>") < page.index("Mean age") and "2 more" in page
    blank = amplification().with_blank("Its velocity")
    assert "\\beta^{1 + t}" in amplification()._repr_markdown_().split("5.")[0]
    assert "v[t] = ?" in repr(blank) and "\\beta^{1 + t}" not in blank._repr_markdown_().split("6.")[0]
    with pytest.raises(Slip, match="has no step 'Proof'"):
        unrolled().step("Proof")


def test_a_paper_named_in_a_reason_is_in_the_bibliography():
    reasons = [step.reason for derivation in DERIVATIONS.values() for step in derivation.steps]
    named = [found for reason in reasons for found in re.findall(r"(\w+)(?:, \w+)* and \w+ \((\d{4})\)", reason)]
    assert ("Taylor", "2017") in named
    for author, year in named:
        assert any(author in source.authors and source.year == int(year) for source in SOURCES.values()), author


def test_formulas_read_as_the_course_writes_them():
    assert "{g}_{t - k}" in unrolled()._repr_markdown_()
    assert "v[1] = eta*g[1] + beta*eta*g[0]" in repr(unrolled())
    assert "{v}_{t - 1}" in unrolled()._repr_markdown_() and "(k, 0, n - 1)" in repr(effective_window())


# ------------------------------------------------------------------ the numbers of the course


def value(derivation, title, **numbers):
    names = {"beta": beta, "n": n, "t": t, "omega": omega}
    right = derivation.step(title).equation.rhs
    return float(right.subs({eta: 1, sp.Symbol("G", positive=True): 1} | {names[k]: x for k, x in numbers.items()}))


# beta, total weight, mean age, time to 1/e, half-life, effective number, share of the newest 1/(1 - beta),
# how many make 95 %: `mathematics.md`, claim 20, to the digits printed there.
WINDOWS = [
    ("0.5", "2", "1", "1.4427", "1.0000", "3", "0.7500", 5),
    ("0.8", "5", "4", "4.4814", "3.1063", "9", "0.6723", 14),
    ("0.9", "10", "9", "9.4912", "6.5788", "19", "0.6513", 29),
    ("0.95", "20", "19", "19.4957", "13.5134", "39", "0.6415", 59),
    ("0.99", "100", "99", "99.4992", "68.9676", "199", "0.6340", 299),
]


@pytest.mark.parametrize("row", WINDOWS, ids=lambda row: row[0])
def test_the_table_of_windows(row):
    b, total, age, e_fold, half_life, effective, share, needed = row
    window = effective_window()
    b = sp.Rational(b)
    for title, printed in (("All of them", total), ("Mean age", age), ("Time to 1/e", e_fold),
                           ("Half-life", half_life), ("Effective number", effective)):  # fmt: skip
        digits = len(printed.partition(".")[2])
        assert f"{value(window, title, beta=b):.{digits}f}" == printed
    assert f"{value(window, 'Share of the newest n', beta=b, n=int(total)):.4f}" == share
    shares = [window.step("Share of the newest n").equation.rhs.subs({beta: b, n: i}) for i in (needed - 1, needed)]
    assert shares[0] < sp.Rational(95, 100) <= shares[1]


def test_gains():
    at = sp.Rational(9, 10)
    two = amplification()
    steps = [round(value(two, "Its velocity", beta=at, t=i - 1), 3) for i in (1, 5, 10, 22, 44)]
    assert steps == [1.0, 4.095, 6.513, 9.015, 9.903]
    assert value(two, "Its gain in the end", beta=at) == pytest.approx(10)
    assert value(two, "The flipping gain in the end", beta=at) == pytest.approx(0.526316, abs=1e-6)
    crossing = sp.acos(at / 2)
    zero = gain().step("Neither more nor less").equation.rhs.subs({omega: crossing, beta: at})
    assert abs(zero.evalf()) < 1e-12
    assert float(2 * sp.pi / crossing) == pytest.approx(5.6911, abs=1e-4)


def test_the_sum_is_what_the_rule_makes():
    import numpy as np

    from momentum_lab.optimizers import HeavyBall

    pushes = np.random.default_rng(7).normal(size=12)
    theta, state = np.zeros(1), HeavyBall(0.3, 0.8).init(np.zeros(1))
    for push in pushes:
        theta, state = HeavyBall(0.3, 0.8).step(theta, lambda _, push=push: np.array([push]), state)
    total = unrolled().step("Every step").equation.rhs.subs({eta: 0.3, beta: 0.8, t: 11}).doit()
    total = total.subs({term: pushes[int(term.indices[0])] for term in total.atoms(sp.Indexed)})
    assert float(total) == pytest.approx(state.velocity[0], rel=1e-12)
