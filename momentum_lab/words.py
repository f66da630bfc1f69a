"""Numbers as the course writes them: three significant digits, a thin space in the thousands."""

import math

THIN_SPACE = "\u2009"
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value):
    r"""Write a number with three significant digits.

    >>> number(0.66942), number(1341), number(2.3e-14), number(float("inf"))
    ('0.669', '1\u2009341', '2.3 × 10⁻¹⁴', 'infinity')
    """
    value = float(value)
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "infinity" if value > 0 else "minus infinity"
    mantissa, exponent = f"{value:.2e}".split("e")
    if value and not -4 <= int(exponent) < 6:
        return f"{float(mantissa):g} × 10{str(int(exponent)).translate(_SUPERSCRIPTS)}"
    # Whole numbers in the thousands keep all their digits: 1 341 steps, not 1 340.
    rounded = float(f"{value:.3g}") if abs(value) < 1000 else round(value)
    return f"{rounded:,.10g}".replace(",", THIN_SPACE)


def signed(value):
    """Write a place or a step in a sentence: a true minus sign, and 0 for the dust of rounding (12 decimals).

    >>> signed(-2.5), signed(-1e-16)
    ('−2.5', '0')
    """
    return number(round(float(value), 12) + 0.0).replace("-", "−")
