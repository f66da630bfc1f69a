import re
import warnings

import numpy as np
import pytest
from explorer_samples import DOTS, YEARS
from hypothesis import given, settings
from hypothesis import strategies as st

from momentum_lab.explorers.own_dots import own_dots
from momentum_lab.explorers.pasted import columns
from momentum_lab.optimizers import GradientDescent, HeavyBall
from momentum_lab.running import run
from momentum_lab.slips import Slip
from momentum_lab.surfaces import LineFit
from momentum_lab.words import number


def test_the_twelve_dots_run_as_in_the_race():
    assert own_dots(DOTS.x, DOTS.y).sentence == (
        "12 dots: condition number 100; it would be 1 with x counted from its mean, 2.85. Gradient descent (lr 0.198) "
        "is within a millionth of its starting distance from step 691 on. The heavy ball (lr 0.331, beta 0.669) is "
        "within a millionth of its starting distance from step 93 on, after its loss climbed to 13.6 times the start. "
        "At their best long-run settings the two need 691 and 93 steps to a millionth, and with centred x 1 and 1."
    )


@pytest.mark.parametrize(("lr_a", "lr_b", "beta", "shift"), [(1.2, 2.0, 0.9, 0.5), (0.7, 3.0, 0.6, 1.7), (1, 1, 0, 2)])
def test_the_steps_are_those_of_a_run(lr_a, lr_b, beta, shift):
    surface = LineFit(DOTS.x - shift, DOTS.y)
    largest = surface.eigenvalues[-1]
    text = own_dots(DOTS.x, DOTS.y).set(lr_a=lr_a, lr_b=lr_b, beta=beta, shift=shift).sentence
    assert f"12 dots, x less {shift}: condition number {number(surface.kappa)};" in text
    for rule, name in (
        (GradientDescent(lr_a / largest), "Gradient descent"),
        (HeavyBall(lr_b / largest, beta), f"heavy ball (lr {number(lr_b / largest)}, beta {number(beta)})"),
    ):
        step = run(rule, surface, [0.0, 0.0], 2000).steps_to(distance=1e-6)
        assert re.search(f"{re.escape(name)}[^.]*(\\.\\d+[^.]*)*from step {step} on", text)


def test_a_long_valley_is_counted_by_its_rate_and_centring_is_the_cure():
    explorer = own_dots(YEARS)
    x = np.array(YEARS)[:, 0]
    kappa = LineFit(x, x).kappa
    assert f"30 dots: condition number {number(kappa)}; it would be {number(x.var())} with x" in explorer.sentence
    assert "Gradient descent (lr 4.98 × 10⁻⁷) needs about " in explorer.sentence
    explorer.set(shift=explorer.controls[0].high)
    explorer.set(**explorer.presets[0].values(explorer.settings))
    assert explorer.settings["beta"] == pytest.approx(((x.std() - 1) / (x.std() + 1)) ** 2)
    assert re.search(
        r"from step 518 on.*from step 72 on.*need 518 and 72 steps to a millionth, and with", explorer.sentence
    )


def test_divergence_and_a_run_that_stands_are_said():
    explorer = own_dots(DOTS.x, DOTS.y)
    assert "The heavy ball (lr 0.4, beta 0.669) diverged at step 20." in explorer.set(lr_b=4.0).sentence
    assert "Gradient descent (lr 0.2) never arrives: one direction does not shrink." in explorer.set(lr_a=2.0).sentence


def test_centred_x_has_nothing_to_shift():
    explorer = own_dots(DOTS.x - DOTS.x.mean(), DOTS.y)
    assert [control.name for control in explorer.controls] == ["lr_a", "lr_b", "beta", "step"]
    assert explorer.sentence.startswith("12 dots: condition number 1; x is centred already.")


# ------------------------------------------------------------------ reading a table

NUMBERS = st.floats(-1e9, 1e9) | st.integers(-1000, 1000).map(float)
PAIRS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2, max_size=30).filter(
    lambda rows: len({x for x, _ in rows}) > 1
)
HEADERS = ["", "x{}y\n", "Year{}Temperature (°C)\n", "\n\ntime in s{}value\n"]


@given(
    rows=PAIRS, separator=st.sampled_from(["\t", ";", "; ", ",", ", ", " , ", " ", "   "]),
    comma=st.booleans(), header=st.sampled_from(HEADERS), end=st.sampled_from(["\n", "\r\n", "\n\n"]),
    minus=st.sampled_from("-−"), frame=st.sampled_from(["", "\ufeff", " "]),
)  # fmt: skip
def test_a_table_that_is_written_and_pasted_comes_back(rows, separator, comma, header, end, minus, frame):
    text = end.join(separator.join(map(repr, row)) for row in rows)
    text = re.sub(r"(?<!e)-", minus, text)
    if comma and "," not in separator:
        text = text.replace(".", ",")
    read = columns(frame + header.format(separator) + text + end, None)
    np.testing.assert_array_equal(read, np.array(rows).T)


@given(rows=PAIRS)
def test_lists_arrays_and_pairs_are_one_table(rows):
    x, y = np.array(rows).T
    for given_as in ((rows, None), (x, y), (list(x), list(y)), (np.array(rows), None), ([list(r) for r in rows], None)):
        np.testing.assert_array_equal(columns(*given_as), [x, y])


@given(text=st.text(alphabet="0123456789.,;-e \t\nxyn\"'", max_size=60))
def test_any_text_is_a_table_or_a_slip(text):
    try:
        x, y = columns(text, None)
    except Slip as slip:
        assert len(str(slip)) > 20 and "\n" not in str(slip)
    else:
        assert len(x) == len(y) >= 2 and np.isfinite([x, y]).all()


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (("x;y\n1;2\n2;abc\n",), "Line 3, '2 abc', is not two numbers: 'abc' is none."),
        (("1\t2\n3\t\n",), "Line 2 has one column, not two: '3'."),
        (("1 2\n2 1_0\n",), "'1_0' is none"),
        (("1,5,2,5\n2,5,3,5",), "Line 1 has 4 columns, not two: '1,5,2,5'."),
        (("1\n2\n3\n",), "Line 1 has one column, not two"),
        (("1 2\n2 nan\n",), "Line 2, '2 nan', does not fit: nan is not finite"),
        (("1 2\n2 1e12\n",), "1e12 is not finite, or larger than 1 × 10⁹"),
        (("x y\n1 2\n",), "A line needs two dots at least; there is one in this table."),
        (("",), "there are none in this table"),
        (("x y\n",), "there are none in this table"),
        (("1 2\n1 3\n",), "All x are 1; a line needs dots at two different x"),
        (("1 2\n" * 10_002,), "This table has 10\u2009001 rows; more than 10\u2009000 are too many"),
        (([1, 2], [1, 2, 3]), "there are 2 x and 3 y"),
        (([1, 2], [1, float("inf")]), "Row 2, '2 inf', does not fit: inf is not finite"),
        (([(1, 2), (3, "many")],), "Row 2, '3 many', is not two numbers: 'many' is none."),
        (([10**400, 1], [1, 2]), "is not two numbers"),
        (([(1, 2, 3), (3, 4, 5)],), "Row 1 has 3 columns, not two: (1, 2, 3)."),
        (([1, 2, 3],), "Give a pasted text, a list of pairs, or two lists of numbers"),
        ((3,), "Give a pasted text, a list of pairs, or two lists of numbers"),
        (("1 2\n2 3", [1, 2]), "not a text and a list"),
        (([1, 2], [None, 2]), "None is none"),
        (([1, 2, 3], [0, 0, 0]), "is the flat line y = 0"),
        (([1e8, 1e8 + 1], [1, 2]), "subtract about 1 × 10⁸ from x"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_is_told_in_a_sentence(table, words):
    with pytest.raises(Slip, match=re.escape(words)):
        own_dots(*table)


@settings(max_examples=30)
@given(rows=PAIRS)
def test_any_table_makes_an_explorer_or_a_slip(rows):
    try:
        explorer = own_dots(rows)
    except Slip as slip:
        assert re.search("condition number is above|flat line", str(slip))
        return
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not re.search(r"\b(nan|inf|None)\b", explorer.sentence)
