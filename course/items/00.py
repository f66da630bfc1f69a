"""The first exercise: it proves that answering and checking work on this machine."""

import numpy as np

from momentum_lab.authoring import Item, Known


def cases(rng):
    """Return the calls of `added`."""

    def numbers(*shape):
        return np.round(rng.uniform(0.5, 3.0, shape) * rng.choice([-1.0, 1.0], shape), 3).tolist()

    def call(says, a, b):
        return {"says": says, "arguments": {"a": a, "b": b}}

    a, b = numbers(3), numbers(3)
    return [
        call("three numbers each", a, b),
        call("the same two the other way round", b, a),
        call("one number each", numbers(1), numbers(1)),
        call("arrays of shape (2, 3)", numbers(2, 3), numbers(2, 3)),
        call("zeros for b", numbers(4), [0.0] * 4),
        call("no entry at all", [], []),
    ]


def taken_away(a, b):
    return a - b


def multiplied(a, b):
    return a * b


def halfway(a, b):
    return (a + b) / 2


def only_one(a, b):
    return a.copy()


def one_total(a, b):
    return np.sum(a + b)


def side_by_side(a, b):
    return np.concatenate([a, b])


def into_the_first(a, b):
    a += b
    return a


def sizes_added(a, b):
    return abs(a) + abs(b)


def both_loops(a, b):
    return a + np.sum(b)


ENV = Item(
    id="00.env",
    title="a first answer",
    function="added",
    returns=("sums",),
    feeds=(),
    cases=cases,
    properties=[
        {"says": "The order of the two arrays should not matter, and with yours it does.",
         "terms": [[1.0, 0, 0], [-1.0, 1, 0]]},
    ],
    mistakes=[
        Known("taken away", taken_away, "These are the differences; the sums are asked for."),
        Known("multiplied", multiplied, "These are the products; the sums are asked for."),
        Known("halfway", halfway, "These are the means: half of what is asked for."),
        Known("only one", only_one, "That is `a` alone; `b` is nowhere in it."),
        Known("one total", one_total, "That is one number for all entries; one for each is asked for."),
        Known("side by side", side_by_side, "The arrays stand one behind the other, and nothing is added."),
        Known("into the first", into_the_first,
              "The sums are right, and the caller's `a` is changed, as `+=` writes into it. Make a new array."),
        Known("signs lost", sizes_added, "The signs are gone; a negative entry stays negative."),
        Known("all of b", both_loops, "Every entry got all of `b`; each one should get its own partner alone."),
    ],
    forms=[],
    hints=(
        "NumPy adds arrays of one shape entry by entry; no loop is needed.",
        "The line begins with `return`, and holds both names and one sign between them.",
    ),
    praise="Answering and checking work on this machine.",
)  # fmt: skip

ITEMS = [ENV]
