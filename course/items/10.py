"""The exercises of lesson 10, and the twelve diagnostic questions asked again."""

from dataclasses import dataclass

import numpy as np
import sympy

from course import source
from momentum_lab.authoring import Item, Known, Option, Question, Symbolic, Wrong

# ------------------------------------------------------------------ the twelve questions, asked again

FIRST_ASKED = {
    "10.q01": "02.settles",
    "10.q02": "02.newest_ten",
    "10.q03": "02.flips",
    "10.q04": "03.overshoots",
    "10.q05": "03.stiffer",
    "10.q06": "04.more_memory",
    "10.q07": "05a.limits",
    "10.q08": "05b.constant_beta",
    "10.q09": "05b.can_circle",
    "10.q10": "06a.averages",
    "10.q11": "06b.after_drop",
    "10.q12": "07.constant",
}
"""Question of this lesson -> the question that it repeats."""


@dataclass(frozen=True)
class AskedAgain(Question):
    """A question of an earlier lesson under a second id, so that both answers are kept."""

    first_asked: str = ""

    def compile(self, reference, seed):
        """Return what the bank holds besides the common part: a question's, and whose repetition it is."""
        return super().compile(reference, seed) | {"first_asked": self.first_asked}


def earlier(item_id):
    """Return a question of an earlier lesson."""
    lesson = item_id.partition(".")[0]
    items = [item for path in source.sources() if source.key(path) == lesson for item in source.items(path)]
    return next(item for item in items if item.id == item_id)


def again(item_id, first_id):
    """Return the question of an earlier lesson under its second id; its words are not written twice."""
    question = earlier(first_id)
    home = f"lesson {first_id.partition('.')[0]}"
    options = tuple(
        Option(o.key, o.text, o.says.replace("this lesson", home), o.belief) for o in question.options
    )  # fmt: skip
    return AskedAgain(item_id, question.title, question.text, options, recalled=False, first_asked=first_id)


TWELVE = [again(item_id, first_id) for item_id, first_id in FIRST_ASKED.items()]

# ------------------------------------------------------------------ a step left blank

_b, _v, _n = sympy.symbols("beta v n")

COASTING = Symbolic(
    id="10.missing_step",
    title="the way it still rolls",
    answer="way",
    symbols=(("beta", 0.1, 0.9), ("v", 1, 9), ("n", 2, 9)),
    mistakes=[
        Wrong("the end only", _b * _v / (1 - _b), "That is the whole way; after n steps some of it is still to come."),
        Wrong("one step early", _v * (1 - _b**_n) / (1 - _b),
              "Try n = 1: the first step that is counted has lost a share already."),
        Wrong("one term more", _v * (1 - _b ** (_n + 1)) / (1 - _b),
              "Try n = 1: the step v itself lies behind the ball, and you have counted it."),
        Wrong("one power short", _b * _v * (1 - _b ** (_n - 1)) / (1 - _b), "Try n = 1: in yours nothing rolls."),
        Wrong("the last step", _b**_n * _v, "That is the n-th step alone; all of them are asked for."),
        Wrong("nothing fades", _n * _b * _v, "Every step loses a share once more; yours are all of one length."),
        Wrong("not divided", _b * _v * (1 - _b**_n), "Multiply the sum by 1 - beta: that is what you have."),
        Wrong("sign", _b * _v * (1 - _b**_n) / (1 + _b), "Below the bar is the other sign: try n = 1."),
    ],
    hints=(
        "Write the way down for n = 1 and for n = 2. The second step says what comes in with each n.",
        "It is a sum of powers of beta, from the first to the n-th, times v. Such a sum has a short form with a bar.",
    ),
    praise="The rule carries it from n - 1 to n, and at n = 0 it is nothing.",
)  # fmt: skip

# ------------------------------------------------------------------ four slips in print

RATE = Symbolic(
    id="10.errata1",
    title="a rate twice too large",
    answer="length",
    symbols=(("beta", 0.1, 0.9),),
    mistakes=[
        Wrong("as printed", 2 * sympy.sqrt(_b), "That is what was printed; compare it with the lengths in the cell."),
        Wrong("the product", _b, "That is the product of the two roots, and both have the same length."),
        Wrong("half of it", sympy.sqrt(_b) / 2, "Now the factor stands on the other side; compare with the lengths."),
        Wrong("what is lost", sympy.sqrt(1 - _b), "That belongs to the share that is lost, and not to what is kept."),
        Wrong("half the sum", (1 + _b) / 2, "That is half the sum of the roots at u = 0, where they are real."),
        Wrong("upside down", 1 / sympy.sqrt(_b), "Above 1 a swing grows; these fade."),
    ],
    hints=(
        "The last number of z² - p z + beta is the product of the two roots. The two are mirror images.",
        "Two equal lengths whose product is beta: how long is each?",
    ),
    praise="The factor 2 belongs to the sum of the roots, and in the length there is none.",
)  # fmt: skip

_z, _w, _d = sympy.symbols("z w d")

HALF = Symbolic(
    id="10.errata2",
    title="a loss and its gradient",
    answer="loss",
    symbols=(("z", 2, 6), ("w", 2, 6), ("d", -9, -1)),
    mistakes=[
        Wrong("as printed", (_z * _w - _d) ** 2, "Differentiate yours by w: it is twice the printed gradient."),
        Wrong("doubled", 2 * (_z * _w - _d) ** 2, "The slope of this one is four times the printed gradient."),
        Wrong("inside the square", ((_z * _w - _d) / 2) ** 2,
              "Inside the square a factor counts twice; the slope is half of the printed gradient."),
        Wrong("chain twice", _z * (_z * _w - _d) ** 2 / 2,
              "The factor z comes by itself when you differentiate; here it comes twice."),
        Wrong("the gradient", _z * (_z * _w - _d), "That is the gradient; the loss whose slope it is, is asked for."),
        Wrong("no square", _z * _w - _d, "The slope of this is z, wherever w stands."),
    ],
    hints=(
        "Differentiate the printed loss by w, with the chain rule, and put it beside the printed gradient.",
        "A constant factor in front of the loss stands in front of its slope, too. Which one is missing?",
    ),
    praise="With it the steps and the rates on that page are right as they stand.",
)  # fmt: skip

_q, _c = sympy.symbols("q c")

SQUARE = Symbolic(
    id="10.errata3",
    title="where the bowl has its bottom",
    answer="shift",
    symbols=(("q", 2, 9), ("c", 2, 9)),
    mistakes=[
        Wrong("as printed", -_c / _q, "That is what was printed: multiplied out, the term with x has the wrong sign."),
        Wrong("half", _c / (2 * _q), "Multiplied out, half of the term with x is missing: the square brings a 2."),
        Wrong("twice", 2 * _c / _q, "Multiplied out, the term with x comes twice: the q/2 in front takes the 2 away."),
        Wrong("not divided", _c, "Multiplied out, the term with x is q times too large."),
        Wrong("multiplied", _c * _q, "Multiplied out, the term with x grows with q squared."),
        Wrong("upside down", _q / _c, "Multiplied out, c stands below the bar."),
        Wrong("the rest", -(_c**2) / (2 * _q), "That is what is left over behind the square."),
    ],
    hints=(
        "Multiply q/2 (x + shift)² out. Which part has x to the first power, and what should it be?",
        "q times the shift times x must be c times x.",
    ),
    praise="The bottom lies at minus the shift, where the slope q x + c is zero.",
)  # fmt: skip

_u, _x, _e, _V = sympy.symbols("u x eta V")

NOISE = Symbolic(
    id="10.errata4",
    title="the square that was lost",
    answer="mean_square",
    symbols=(("u", 0.1, 0.9), ("x", 1, 9), ("eta", 0.1, 0.9), ("V", 2, 9)),
    mistakes=[
        Wrong("no noise", (1 - _u) ** 2 * _x**2,
              "The noise has mean zero, and its square has not: something of it stays."),
        Wrong("eta once", (1 - _u) ** 2 * _x**2 + _e * _V, "What stands in front of the noise is squared with it."),
        Wrong("eta missing", (1 - _u) ** 2 * _x**2 + _V, "The noise comes in times eta."),
        Wrong("minus", (1 - _u) ** 2 * _x**2 - _e**2 * _V, "A square of noise cannot make the mean square smaller."),
        Wrong("V squared", (1 - _u) ** 2 * _x**2 + _e**2 * _V**2, "V is the mean of a square already."),
        Wrong("first not squared", (1 - _u) * _x**2 + _e**2 * _V, "The factor of x is squared as x is."),
        Wrong("as if fixed", ((1 - _u) * _x - _e * sympy.sqrt(_V)) ** 2,
              "You took the noise for a fixed number. Its mean is zero, so the mixed term goes."),
    ],
    hints=(
        "Square the sum of two terms: there are two squares and one mixed term. Take the mean of each.",
        "The mixed term holds the noise once, and its mean is zero. The last term holds the noise squared.",
    ),
    praise="With the square, the noise stays; without it, the noise floor would be zero.",
)  # fmt: skip

# ------------------------------------------------------------------ the audit


def audit_cases(rng):
    """Return calls of `survives`; no measured number lies near the middle between two printed ones."""

    def rows(decimals, count=9, size=3.0):
        unit = 10.0**-decimals
        printed = np.round(rng.uniform(0.5, 1.0, count) * size * rng.choice([-1.0, 1.0], count), decimals)
        off = unit * np.resize([0.0, 0.3, -0.3, 0.7, -0.7, 2.2, -40.0], count)
        measured = printed + off + unit * rng.uniform(-0.1, 0.1, count) * (off != 0)
        if count > 8:
            measured[7], measured[8] = -printed[7], -printed[8] + 0.2 * unit
        return printed, np.round(measured, decimals + 4)

    def call(says, printed, measured, decimals):
        return {
            "says": says,
            "arguments": {
                "printed": np.asarray(printed).tolist(),
                "measured": np.asarray(measured).tolist(),
                "decimals": decimals,
            },
        }

    printed, measured = rows(2)
    return [
        call("nine numbers with two decimals", printed, measured, 2),
        call("the same numbers, each three larger", np.round(printed + 3, 2), measured + 3, 2),
        call("large numbers with one decimal", *rows(1, size=800.0), 1),
        call("whole numbers", *rows(0, size=900.0), 0),
        call("small numbers with four decimals", *rows(4, size=0.05), 4),
        call("a single number", *rows(3, count=1), 3),
        call("no number at all", [], [], 2),
    ]


def right_audit(printed, measured, decimals):
    return np.abs(measured - printed) < 0.5 * 10.0**-decimals


def to_the_last_bit(printed, measured, decimals):
    return measured == printed


def one_percent(printed, measured, decimals):
    return np.abs(measured - printed) <= 0.01 * np.abs(printed)


def cut_off(printed, measured, decimals):
    return np.trunc(measured * 10.0**decimals) == np.round(printed * 10.0**decimals)


def one_unit(printed, measured, decimals):
    return np.abs(measured - printed) < 0.95 * 10.0**-decimals


def signs_lost(printed, measured, decimals):
    return np.abs(np.abs(measured) - np.abs(printed)) < 0.5 * 10.0**-decimals


def always_two(printed, measured, decimals):
    return np.abs(measured - printed) < 0.5 * 10.0**-2


def to_whole_numbers(printed, measured, decimals):
    return np.abs(measured - printed) < 0.5


def which_fall(printed, measured, decimals):
    return ~right_audit(printed, measured, decimals)


def how_many(printed, measured, decimals):
    return np.sum(right_audit(printed, measured, decimals))


def all_or_nothing(printed, measured, decimals):
    return np.all(right_audit(printed, measured, decimals))


def which_places(printed, measured, decimals):
    return np.flatnonzero(right_audit(printed, measured, decimals))


def significant_digits(printed, measured, decimals):
    return np.array([float(f"{m:.{decimals}g}") == p for p, m in zip(printed, measured, strict=True)], dtype=bool)


def below_only(printed, measured, decimals):
    return measured - printed < 0.5 * 10.0**-decimals


def measured_altered(printed, measured, decimals):
    measured -= printed
    return np.abs(measured) < 0.5 * 10.0**-decimals


AUDIT = Item(
    id="10.audit",
    title="which numbers survive",
    function="survives",
    returns=("verdicts",),
    feeds=(),
    cases=audit_cases,
    properties=[
        {"says": "With all numbers three larger, the same ones should survive; with yours others do.",
         "terms": [[1.0, 0, 0], [-1.0, 1, 0]]},
    ],
    mistakes=[
        Known("to the last bit", to_the_last_bit,
              "You ask for the same number to the last bit; a printed one has lost its later digits."),
        Known("one per cent", one_percent,
              "You allow a share of the size. What counts is the last printed digit, in large and small numbers."),
        Known("cut off", cut_off, "You cut the later digits off; printing rounds, up as well as down."),
        Known("one unit", one_unit,
              "You allow a whole unit in the last place; more than half of one is printed as another number."),
        Known("signs lost", signs_lost, "The signs are lost: a number and its negative are printed differently."),
        Known("always two", always_two, "You always look at two decimals; `decimals` says how many there are."),
        Known("whole numbers", to_whole_numbers, "You compare whole numbers, and lose all decimals."),
        Known("which fall", which_fall, "This says which ones fall; those that survive are asked for."),
        Known("how many", how_many, "This is how many survive; a true or false for each is asked for."),
        Known("all or nothing", all_or_nothing, "This is one verdict on all of them; each one has its own."),
        Known("which places", which_places, "These are the places of the survivors; give a true or false for each."),
        Known("significant digits", significant_digits,
              "You count significant digits; `decimals` counts those behind the point."),
        Known("below only", below_only, "A measured number may also be too small: look at both sides."),
        Known("input changed", measured_altered,
              "The verdicts are right, and `measured` is changed, as `-=` writes into it. Make a new array."),
    ],
    forms=[],
    hints=(
        "Printing rounds to the nearest number with that many decimals. How far may the measured one lie from it?",
        "Half a unit of the last printed digit, on either side. One unit is 10 to the power minus `decimals`.",
    ),
    praise="This is the test that every number of the ledger has to pass.",
    points=2.0,
)  # fmt: skip

ITEMS = [*TWELVE, COASTING, RATE, HALF, SQUARE, NOISE, AUDIT]
