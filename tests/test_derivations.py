"""Every claim follows, every altered step is caught, and the numbers of the course come out of the formulas."""

import pytest
import sympy as sp

from momentum_lab.derivations import CATALOGUE, DerivationError
from momentum_lab.derivations.core import Derivation, Step, equal
from momentum_lab.derivations.deciding import is_zero, rewrite, settle
from momentum_lab.derivations.memory import amplification, effective_window, gain, omega, unrolled
from momentum_lab.derivations.symbols import beta, eta, n, t
from momentum_lab.slips import Slip

DERIVATIONS = {name: make() for name, make in CATALOGUE.items()}


# ------------------------------------------------------------------ mutants


def altered(step):
    """Yield (name, equation): the step with one thing wrong in its right-hand side."""
    left, right = step.equation.lhs, step.equation.rhs
    yield "one more", equal(left, right + 1)
    yield "sign turned", equal(left, -right)
    for i, term in enumerate(sp.Add.make_args(right)):
        others = [a for j, a in enumerate(sp.Add.make_args(right)) if j != i]
        if others:
            yield f"sign of term {i} turned", equal(left, sp.Add(*others) - term)
            yield f"term {i} left out", equal(left, sp.Add(*others))
    if right.has(beta):
        yield "beta squared", equal(left, right.subs(beta, beta**2))
    for index in (t, n):
        if right.has(index) and not step.premise:
            yield f"{index} shifted", equal(left, right.subs(index, index + 1))


def equivalent(step, mutant, known):
    """True if an altered step says the same as the step."""
    difference = (mutant.rhs - step.equation.rhs).subs(step.where)
    return is_zero(settle(rewrite(difference, known)))


ALL_MUTANTS = [
    (name, number, kind, equation)
    for name, derivation in DERIVATIONS.items()
    for number, step in enumerate(derivation.steps)
    for kind, equation in altered(step)
]
MUTANTS = [m for m in ALL_MUTANTS if not equivalent(DERIVATIONS[m[0]].steps[m[1]], m[3], [])]


@pytest.mark.parametrize("name", DERIVATIONS)
def test_every_derivation_holds(name):
    assert DERIVATIONS[name].verify() is DERIVATIONS[name]


@pytest.mark.parametrize(("name", "number", "kind", "mutant"), MUTANTS, ids=lambda x: str(x)[:30])
def test_every_altered_step_is_caught(name, number, kind, mutant):
    derivation = DERIVATIONS[name]
    steps, step = list(derivation.steps), derivation.steps[number]
    steps[number] = Step(step.title, mutant, step.reason, step.premise, step.where, step.over)
    with pytest.raises(DerivationError, match=r"does not follow|does not come to an end"):
        Derivation(derivation.title, tuple(steps)).verify()


def test_there_are_mutants_of_every_step():
    assert len(MUTANTS) >= 100
    equivalent_ones = [(name, number, kind) for name, number, kind, equation in ALL_MUTANTS
                       if (name, number, kind, equation) not in MUTANTS]  # fmt: skip
    # Minus zero is zero: the starts at rest, turned.
    assert equivalent_ones == [
        ("unrolled", 0, "sign turned"), ("amplification", 0, "sign turned"), ("amplification", 6, "sign turned"),
    ]  # fmt: skip
    assert {(name, number) for name, number, *_ in MUTANTS} == {
        (name, number) for name, d in DERIVATIONS.items() for number in range(len(d.steps))
    }


def test_what_cannot_be_decided_does_not_hold():
    riddle = sp.Function("f")(n)
    with pytest.raises(DerivationError, match="step 1 \\(Riddle\\) does not follow"):
        Derivation("Test", (Step("Riddle", equal(riddle, sp.Function("h")(n)), ""),)).verify()


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
    assert all(f"**{step.title}.**" in page and step.title in text for step in derivation.steps)
    assert page.count("*Given.*") == sum(step.premise for step in derivation.steps)
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
    crossing = gain().step("Neither more nor less").where[omega].subs(beta, at)
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
