"""Whole numbers as a code that people can read out, type and mail: letters, digits, and a check for typos.

The alphabet is Crockford's base 32: no I, L, O or U, and who types O for 0 or l for 1 is understood.  The last two
characters make the whole code, read as one number, a multiple of 1021.  That is a prime, so one wrong character, or
two that changed places, never gives another multiple.
"""

import re

from momentum_lab.slips import Slip

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PRIME = 1021  # the largest prime below 32 × 32: two characters can make up any remainder
FIRST = "ML"
GROUP = 4
FORGIVEN = str.maketrans("OIL", "011")
DASHES = "-‐‑‒–—−"  # mail programs make a minus of their own
WRITTEN = rf"[{DASHES}][0-9A-Za-z{DASHES}]+"
SPACED = rf"[{DASHES} ]+(?=[0-9])(?:[0-9A-Za-z]{{2,4}}[{DASHES} ]+)+[0-9A-Za-z]{{2,4}}"  # read out, or broken by a mail
PATTERN = re.compile(rf"(?<![0-9A-Za-z]){FIRST}(?:{WRITTEN}|{SPACED})", re.IGNORECASE)


def write(values, sizes):
    """Return the code of some whole numbers.

    Parameters
    ----------
    values : list of int
        What is too large for its place is written as the largest number that fits.
    sizes : list of int
        How many bits each number gets.

    >>> write([3, 11], [4, 6])
    'ML-6BCW'
    """
    word = 0
    for value, bits in zip(values, sizes, strict=True):
        word = word << bits | min(max(value, 0), 2**bits - 1)
    word = word << 10 | -(word << 10) % PRIME
    digits = "".join(ALPHABET[word >> 5 * place & 31] for place in reversed(range(length(sizes))))
    groups = [digits[start : start + GROUP] for start in range(0, len(digits), GROUP)]
    return "-".join([FIRST, *groups])


def read(code, sizes):
    """Return the numbers of a code.

    Raises
    ------
    Slip
        If it is too short or too long, or does not check.
    """
    digits = re.sub(f"[{DASHES} ]", "", code.strip())[len(FIRST) :].upper().translate(FORGIVEN)
    if len(digits) != length(sizes):
        raise Slip(f"the code has {len(digits)} characters after {FIRST} and should have {length(sizes)}")
    word = 0
    for digit in digits:
        word = word << 5 | ALPHABET.find(digit) if digit in ALPHABET else -1
        if word < 0:
            raise Slip(f"there is no {digit} in a code")
    if word % PRIME:
        raise Slip("the code has a typing mistake")
    return _split(word >> 10, sizes)


def _split(word, sizes):
    values = []
    for bits in reversed(sizes):
        values.append(word & (2**bits - 1))
        word >>= bits
    return values[::-1]


def length(sizes):
    """Return how many characters a code has, the check included."""
    return -(-sum(sizes) // 5) + 2


def find(text):
    """Return everything in a text that is meant as a code, in order, whether it checks or not."""
    return [found.strip(DASHES) for found in PATTERN.findall(text)]
