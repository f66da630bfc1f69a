"""A table of two columns, as it comes out of a spreadsheet: pasted text, pairs or two lists."""

from collections import Counter

import numpy as np

from momentum_lab.slips import Slip
from momentum_lab.words import number

MOST, LARGEST = 10_000, 1e9  # rows; size of a number


def columns(x, y):
    """Return the two columns of a table as arrays of floats.

    Parameters
    ----------
    x : str, or list or array of floats
        A pasted text, a list of pairs, or with `y` the first column.
    y : list or array of floats, optional
        The second column.

    Raises
    ------
    Slip
        In one sentence: what is wrong with the table, and in which line.
    """
    if isinstance(x, str):
        if y is not None:
            raise Slip("Give one text with both columns, or two lists; not a text and a list.")
        places, pairs = _read(x)
    else:
        places, pairs = _pair(x, y)
    if len(pairs) < 2:
        raise Slip(f"A line needs two dots at least; there {'is one' if pairs else 'are none'} in this table.")
    numbers = np.array([[_number(c, place, row) for c in row] for place, row in zip(places, pairs, strict=True)])
    if np.ptp(numbers[:, 0]) == 0:
        raise Slip(f"All x are {number(numbers[0, 0])}; a line needs dots at two different x at least.")
    return numbers[:, 0], numbers[:, 1]


def _pair(x, y):
    """Return the names of the rows and the rows of two lists or of one list of pairs."""
    try:
        rows = list(x) if y is None else list(zip(x, y, strict=True))
        rows = [tuple(row) for row in rows]
    except ValueError:
        raise Slip(f"Every dot needs an x and a y; there are {len(list(x))} x and {len(list(y))} y.") from None
    except TypeError:
        raise Slip("Give a pasted text, a list of pairs, or two lists of numbers: own_dots(x, y).") from None
    _few(len(rows))
    for place, row in enumerate(rows, start=1):
        if len(row) != 2:
            raise Slip(f"Row {place} has {_columns_of(row)}, not two: {row}.")
    return [f"Row {place}" for place in range(1, len(rows) + 1)], rows


def _read(text):
    """Return the names of the lines and the lines of a pasted text, split in two; a header is left out."""
    lines = [(place, line.strip()) for place, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1)]
    lines = [(place, line) for place, line in lines if line]
    _few(len(lines) - 1)  # one of them may be a header
    # Later lines first: the header is the least likely to tell.
    common = Counter(_separator(line) for _, line in reversed(lines)).most_common(1)
    separator = common[0][0] if common else None
    rows = [(place, [_clean(cell, separator) for cell in line.split(separator)], line) for place, line in lines]
    if rows and not any(_is_number(cell) for cell in rows[0][1]):
        rows = rows[1:]
    _few(len(rows))
    for place, cells, line in rows:
        if len(cells) != 2:
            raise Slip(f"Line {place} has {_columns_of(cells)}, not two: {line[:60]!r}.")
    return [f"Line {place}" for place, _, _ in rows], [cells for _, cells, _ in rows]


def _separator(line):
    """Return what separates the two columns of a line; None stands for spaces."""
    if "\t" in line or ";" in line:
        return "\t" if "\t" in line else ";"
    words = line.split()
    inside = len(words) == 2 and not any(word.startswith(",") or word.endswith(",") for word in words)
    return "," if "," in line and not inside else None


def _clean(cell, separator):
    cell = cell.strip().strip("\"'").strip().replace("\u2212", "-")
    return cell if separator == "," else cell.replace(",", ".")


def _is_number(cell):
    try:
        float(cell)
        return "_" not in str(cell)  # Python reads 1_000, a spreadsheet does not
    except (TypeError, ValueError, OverflowError):
        return False


def _number(cell, place, row):
    """Return one cell as a number of ordinary size."""
    shown = f"{place}, {' '.join(map(str, row))[:60]!r},"
    if not _is_number(cell):
        raise Slip(f"{shown} is not two numbers: {cell!r} is none.")
    if not abs(float(cell)) <= LARGEST:
        raise Slip(f"{shown} does not fit: {cell} is not finite, or larger than {number(LARGEST)}.")
    return float(cell)


def _columns_of(cells):
    return "one column" if len(cells) == 1 else f"{len(cells)} columns"


def _few(count):
    if count > MOST:
        raise Slip(f"This table has {number(count)} rows; more than {number(MOST)} are too many for this picture.")
