import doctest

import pytest

from momentum_lab import words
from momentum_lab.words import number, signed


def test_the_examples_of_the_docstrings():
    assert doctest.testmod(words).failed == 0


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (1, "1"), (-0.5, "-0.5"), (0.66942, "0.669"), (13.613, "13.6"), (999.6, "1\u2009000"), (100.0, "100"),
        (1341, "1\u2009341"), (10402.0, "10\u2009402"), (0.000123456, "0.000123"), (1.5e-5, "1.5 × 10⁻⁵"),
        (2.5e7, "2.5 × 10⁷"), (-1e-9, "-1 × 10⁻⁹"), (float("-inf"), "minus infinity"), (float("nan"), "not a number"),
    ],
)  # fmt: skip
def test_numbers_in_sentences(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.5, "0.5"), (-0.5, "\u22120.5"), (-1e-13, "0"), (-1e-5, "\u22121 × 10⁻⁵"), (-12000, "\u221212\u2009000")],
)
def test_signed_numbers_have_a_true_minus_and_no_dust(value, text):
    assert signed(value) == text
