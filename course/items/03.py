"""The exercises and questions of lesson 03: cases, laws, known mistakes and hints."""

import numpy as np
import sympy

from momentum_lab.authoring import Blank, Item, Known, Number, Option, Ordering, Question, Symbolic, Wrong

# ------------------------------------------------------------------ from friction to beta


def ball_cases(rng):
    """Return calls of `settings_of_ball`."""

    def call(says, mass, friction):
        return {
            "says": f"{says}: mass {mass:g}, friction {friction:g}",
            "arguments": {"mass": mass, "friction": friction},
        }

    masses = np.round(rng.uniform(5.0, 90.0, 5), 2).tolist()
    frictions = np.round(rng.uniform(2.0, 20.0, 5), 2).tolist()
    return [
        call("a ball", masses[0], frictions[0]),
        call("twice the mass and twice the friction", 2 * masses[0], 2 * frictions[0]),
        call("no friction", masses[1], 0.0),
        call("no friction, and another mass", masses[2], 0.0),
        call("more friction than mass", 1.5, frictions[3]),
        call("another ball", masses[4], frictions[4]),
        call("a light ball", 0.25, 0.5),
    ]


def exchanged(mass, friction):
    return mass / (mass + friction), 1 / (mass + friction)


def what_friction_takes(mass, friction):
    return 1 / (mass + friction), friction / (mass + friction)


def mass_alone(mass, friction):
    return 1 / mass, mass / (mass + friction)


def friction_in_the_middle(mass, friction):
    return 2 / (2 * mass + friction), (2 * mass - friction) / (2 * mass + friction)


def old_velocity_by_mass(mass, friction):
    return 1 / (mass + friction), 1 - friction / mass


def slope_times_mass(mass, friction):
    return mass / (mass + friction), mass / (mass + friction)


def not_divided(mass, friction):
    return 1.0, mass


def sign_of_friction(mass, friction):
    return 1 / (mass - friction), mass / (mass - friction)


def upside_down(mass, friction):
    return mass + friction, (mass + friction) / mass


def friction_alone(mass, friction):
    return 1 / (1 + friction), 1 / (1 + friction)


def only_beta(mass, friction):
    return mass / (mass + friction)


def friction_on_the_old(mass, friction):
    return 1 / mass, 1 - friction / mass


FRICTION = Item(
    id="03.friction_to_beta",
    title="from friction to beta",
    function="settings_of_ball",
    returns=("lr", "beta"),
    feeds=(),
    cases=ball_cases,
    properties=[
        {"says": "Twice the mass with twice the friction must leave `beta` as it is; yours changes.",
         "terms": [[1.0, 0, 1], [-1.0, 1, 1]]},
        {"says": "With twice the mass and twice the friction the slope does half as much: `lr` must be half as large; "
                 "yours is not.",
         "terms": [[1.0, 0, 0], [-2.0, 1, 0]]},
        {"says": "Without friction `beta` is the same whatever the mass; yours is not.",
         "terms": [[1.0, 2, 1], [-1.0, 3, 1]]},
    ],
    mistakes=[
        Known("returned the other way round", exchanged, "The two are right but exchanged: `lr` comes first."),
        Known("what friction takes", what_friction_takes,
              "This `beta` is the share that friction takes. It should be the share of the velocity that stays."),
        Known("friction missing in lr", mass_alone,
              "`beta` is right. The slope pushes the new velocity, and friction brakes that same velocity: it belongs "
              "into `lr` too."),
        Known("friction on both velocities", friction_in_the_middle,
              "You let friction act on the mean of the old and the new velocity. The law here has the new one only."),
        Known("two laws mixed", old_velocity_by_mass,
              "`lr` is right; your `beta` belongs to a friction that acts on the old velocity."),
        Known("slope times mass", slope_times_mass, "`beta` is right. The mass does not stand before the slope."),
        Known("not divided", not_divided,
              "All the terms with the new velocity belong together. Divide by what stands before it."),
        Known("sign of friction", sign_of_friction,
              "Bring `friction * new` to the other side: it changes its sign on the way."),
        Known("upside down", upside_down, "Both are upside down: divide by what stands before the new velocity."),
        Known("mass forgotten", friction_alone, "That is a ball of mass 1; the mass is one of the two inputs."),
        Known("only beta", only_beta, "`beta` is right; return `lr` before it."),
    ],
    forms=[
        Known("friction on the old velocity", friction_on_the_old,
              "This is a ball too: friction acts on the old velocity, and both walk alike for short time steps. This "
              "exercise has friction act on the new one, which keeps `beta` above 0 for every friction."),
    ],
    hints=(
        "Gather everything that has `new` in it on the left side, and the rest on the right.",
        "On the left stands `new`, times the sum of two of the inputs. Divide by it, and compare what stands before "
        "`old` and before `slope`.",
    ),
    praise="Ice gives a beta near 1, snow a smaller one, and no friction at all gives 1.",
    points=1.0,
)  # fmt: skip


# ------------------------------------------------------------------ critical damping


def stiffness_cases(rng):
    """Return calls of `critical_beta`."""
    us = [*np.round(rng.uniform(0.02, 0.9, 5), 3).tolist(), 0.04, 0.0004, 0.998]
    return [{"says": f"u = {u:g}", "arguments": {"u": u}} for u in us]


def square_forgotten(u):
    return 1 - np.sqrt(u)


def one_minus(u):
    return 1 - u


def root_forgotten(u):
    return (1 - u) ** 2


def upper_edge(u):
    return (1 + np.sqrt(u)) ** 2


def of_nesterov(u):
    return (1 - np.sqrt(u)) / (1 + np.sqrt(u))


def for_small_u(u):
    return 1 - 2 * np.sqrt(u)


def root_of_the_difference(u):
    return np.sqrt(1 - u)


def root_alone(u):
    return np.sqrt(u)


def without_beta_in_the_middle(u):
    return (1 - u) ** 2 / 4


CRITICAL = Item(
    id="03.critical_beta",
    title="critical damping",
    function="critical_beta",
    returns=("beta",),
    feeds=(),
    cases=stiffness_cases,
    properties=[],
    mistakes=[
        Known("square forgotten", square_forgotten,
              "That is the root of `beta`, the long-run factor of a step. One square is missing."),
        Known("one minus u", one_minus,
              "At u 0.25 this is 0.75, and that beta swings widely. The two roots are equal for a much smaller one."),
        Known("root forgotten", root_forgotten, "The square is there, but u stands where its root belongs."),
        Known("upper edge", upper_edge,
              "Here the two roots are equal as well, but this is above 1. The condition has two answers; take the "
              "other one."),
        Known("Nesterov's", of_nesterov, "That is critical damping for Nesterov's method, which has another middle "
              "term."),
        Known("u dropped", for_small_u,
              "That is right for very small u only: a term with u itself has been dropped, and for larger u your beta "
              "is negative."),
        Known("root of the difference", root_of_the_difference,
              "You took the root of 1 - u as a whole. Take the root of both sides of the condition first."),
        Known("the root of u", root_alone, "That grows with u. A stiffer spring needs a smaller beta."),
        Known("beta lost", without_beta_in_the_middle,
              "In the middle of the polynomial stands 1 + beta - u; you have lost the beta there."),
    ],
    forms=[],
    hints=(
        "Equal roots: `(1 + beta - u) ** 2` is `4 * beta`. Take the root of both sides, with q for the root of beta.",
        "1 + q squared - u is 2 q, so the square of 1 - q is u. Solve for q, which is below 1, and remember what q "
        "is.",
    ),
    praise="It is the threshold read backwards: u and beta may be exchanged in it.",
    points=1.0,
)  # fmt: skip


# ------------------------------------------------------------------ which kind of motion

CREEPS, SWINGS, FLIPS, GROWS = 0, 1, 2, 3


def kind_cases(rng):
    """Return calls of `kind_of_motion`, away from the borders, one group a border that somebody misplaces."""

    def call(says, u, beta):
        u, beta = round(float(u), 5), round(float(beta), 3)
        return {"says": f"{says}u = {u:g} and beta = {beta:g}", "arguments": {"u": u, "beta": beta}}

    low, high = rng.uniform(0.2, 0.4), rng.uniform(0.88, 0.95)
    root, wide = np.sqrt(round(low, 3)), np.sqrt(round(high, 3))
    edge, top = (1 - root) ** 2, (1 + root) ** 2
    share = rng.uniform(0.3, 0.7)
    return [
        call("", rng.uniform(0.3, 0.7) * edge, low),
        call("", edge + share * ((1 - round(low, 3)) ** 2 - edge), low),  # between (1 - q)^2 and (1 - beta)^2
        call("", rng.uniform(0.05, 0.2), high),
        call("", rng.uniform(0.5, 0.9), high),
        call("", rng.uniform(1.05, 1.25), high),
        call("", rng.uniform(1.5, 1.8), high),
        call("", rng.uniform(2.2, 3.3), high),
        call("", top + share * (2 * (1 + round(low, 3)) - top), low),
        call("", 2 * (1 + round(low, 3)) * 1.1, low),
        call("", rng.uniform(4.2, 6.0), high),
        call("", 0.5 * (1 - wide) ** 2, high),
        call("gradient descent, ", rng.uniform(0.3, 0.8), 0.0),
        call("gradient descent, ", rng.uniform(1.3, 1.8), 0.0),
        call("gradient descent, ", rng.uniform(2.2, 3.0), 0.0),
    ]


def _kinds(*, middle=None, limit=None, negative=None, shift=0):
    """Return a whole answer that differs from the right one in one place."""
    middle = middle or (lambda u, beta: (1 + beta - u) ** 2 < 4 * beta)
    limit = limit or (lambda u, beta: u > 2 * (1 + beta))
    negative = negative or (lambda u, beta: 1 + beta - u < 0)

    def kind_of_motion(u, beta):
        if limit(u, beta):
            return GROWS
        if middle(u, beta):
            return SWINGS
        return FLIPS if negative(u, beta) else CREEPS

    return kind_of_motion


def _first_the_swing(u, beta):
    if u > (1 - np.sqrt(beta)) ** 2 and beta > 0:
        return SWINGS
    return _kinds()(u, beta)


def _inside_out(u, beta):
    if u > 2 * (1 + beta):
        return GROWS
    if (1 + beta - u) ** 2 > 4 * beta:
        return SWINGS
    return FLIPS if 1 + beta - u < 0 else CREEPS


CLASSIFY = Item(
    id="03.classify",
    title="which kind of motion",
    function="kind_of_motion",
    returns=("kind",),
    feeds=(),
    cases=kind_cases,
    properties=[
        {"says": "With a beta near 0.9 a stiffness of 0.1 and one of 0.7 move in the same kind of way; in your answer "
                 "they do not.",
         "terms": [[1.0, 2, 0], [-1.0, 3, 0]]},
        {"says": "Below the threshold both betas creep; in your answer one of them does something else.",
         "terms": [[1.0, 0, 0], [-1.0, 10, 0]]},
    ],
    mistakes=[
        Known("gradient descent's limit", _kinds(limit=lambda u, beta: u > 2),
              "You let it grow from u 2 on. That is gradient descent's limit; with memory there is more room."),
        Known("effective learning rate", _kinds(limit=lambda u, beta: u / (1 - beta) > 2),
              "You divide by 1 - beta before you compare with 2. That gain is for steady pushes, and a swing is none: "
              "try u 0.5 and beta 0.9 in the spring."),
        Known("Nesterov's limit", _kinds(limit=lambda u, beta: u > 2 * (1 + beta) / (1 + 2 * beta)),
              "Your limit is that of Nesterov's method. The heavy ball's is larger."),
        Known("limit forgotten", _kinds(limit=lambda u, beta: False),
              "Nothing ever grows in your answer. Ask for the limit of u first."),
        Known("flips forgotten", _kinds(negative=lambda u, beta: False),
              "Where the roots are plain numbers they may be negative as well. Look at their sum."),
        Known("inside out", _inside_out, "You have the sign of the discriminant turned round: below zero it swings."),
        Known("beta for its root", _kinds(middle=lambda u, beta: (1 - beta) ** 2 < u < (1 + beta) ** 2),
              "Your edges of the swing hold beta where the root of beta belongs."),
        Known("four forgotten", _kinds(middle=lambda u, beta: (1 + beta - u) ** 2 < beta),
              "The discriminant takes four times the last number of the polynomial away, and you take it once."),
        Known("upper edge forgotten", _first_the_swing,
              "You call everything above the threshold a swing. The swing has an upper edge, and more lies beyond it."),
        Known("only overshoot", _kinds(middle=lambda u, beta: (1 - np.sqrt(beta)) ** 2 < u < 1),
              "You end the swing at u 1, where gradient descent begins to cross the minimum. With memory it goes on."),
        Known("sign of beta", _kinds(middle=lambda u, beta: (1 - beta - u) ** 2 < 4 * beta),
              "In the middle of the polynomial beta has the wrong sign in your answer."),
        Known("without memory", lambda u, beta: GROWS if u > 2 else FLIPS if u > 1 else CREEPS,
              "Your answer does not use beta: it is gradient descent, which never swings."),
    ],
    forms=[],
    hints=(
        "Ask three questions in this order: is u above the limit? Is the discriminant negative? If not, which sign do "
        "the roots have?",
        "The sum of the two roots is 1 + beta - u and their product is not negative, so both have the sign of the sum.",
    ),
    praise="Two numbers tell the whole future of a direction.",
    points=2.0,
)  # fmt: skip


# ------------------------------------------------------------------ an expression and a number

POLYNOMIAL = Symbolic(
    id="03.char_poly",
    title="the polynomial of one direction",
    answer="polynomial",
    symbols=(("z", -1.5, 1.5), ("beta", 0.1, 0.9), ("u", 0.2, 3.5)),
    mistakes=[],
    hints=(
        "Put the three powers into the mixture. Divided by z ** (t - 1) they are z squared, z and 1.",
        "Bring the two terms on the right of the mixture to the left; each changes its sign.",
    ),
    praise="The two numbers of the mixture are the sum and the product of its roots.",
)
_z, _b, _u = sympy.symbols("z beta u")
POLYNOMIAL.mistakes.extend([
    Wrong("numbers for letters", _z**2 - sympy.Rational(9, 5) * _z + sympy.Rational(9, 10),
          "Your expression holds 1.8 and 0.9 where letters belong. Write `beta_` and `u_`."),
    Wrong("all signs turned", -(_z**2) + (1 + _b - _u) * _z - _b,
          "It has the right roots, with all signs turned round. Begin with plus `z_ ** 2`."),
    Wrong("middle sign", _z**2 + (1 + _b - _u) * _z + _b,
          "Look at the middle term: it comes to the other side of the equation, so its sign changes."),
    Wrong("last sign", _z**2 - (1 + _b - _u) * _z - _b,
          "Look at the last term: in the mixture it is taken away, so on the other side it is added."),
    Wrong("sides mixed up", _z**2 + (1 + _b - _u) * _z - _b,
          "You have added the right side of the mixture. Bring it over, with both signs changed."),
    Wrong("sign of u", _z**2 - (1 + _b + _u) * _z + _b, "The stiffness u pulls back: it has the wrong sign."),
    Wrong("beta missing in the middle", _z**2 - (1 - _u) * _z + _b,
          "In the middle a beta is missing: the velocity that stays comes from two places."),
    Wrong("gradient descent", _z**2 - (1 - _u) * _z,
          "That is gradient descent: nothing of the last step is left."),
    Wrong("Nesterov", _z**2 - (1 + _b) * (1 - _u) * _z + _b * (1 - _u),
          "That is Nesterov's polynomial: the slope is taken ahead. Here it is taken at x."),
    Wrong("one side only", (1 + _b - _u) * _z - _b,
          "That is one side of the equation. Take it away from `z_ ** 2`."),
    Wrong("one power short", _z - (1 + _b - _u) + _b,
          "The two places before are one step apart, so their powers of z differ by one."),
])  # fmt: skip

ESCAPE = Number(
    id="03.escape",
    title="optional: out of the well",
    answer="smallest_beta",
    mistakes=[
        Wrong("the last one inside", 0.835, "With this one the ball is still trapped. It is the last such notch."),
        Wrong("between two notches", 0.8365, "That gets out, and lies between two notches; hand in the notch above."),
        Wrong("the usual beta", 0.9, "That gets out, and smaller ones do as well."),
        Wrong("the one it starts with", 0.8, "That is where the explorer starts: the ball never crosses the barrier."),
        Wrong("a coarse step", 0.85, "That gets out. Go down notch by notch: a smaller one does too."),
        Wrong("one that comes back", 0.96, "That one gets out, and comes back into the shallow well."),
        Wrong("the one that the sentence leaves out", 0.845, "Very near: one notch below gets out as well."),
    ],
    hints=(
        "Halve the range: 0.8 is trapped and 0.9 is out. Try the middle, and go on with the half where that changes.",
        "The sentence under the picture says when none of the smaller betas gets out.",
    ),
    praise="The ball barely gets over: a little less, and it rolls back.",
)

# ------------------------------------------------------------------ questions

_MIDDLE = (
    "1+beta-u", "1-u+beta", "beta+1-u", "beta-u+1", "-u+1+beta", "-u+beta+1", "(1+beta)-u", "(1-u)+beta", "1+(beta-u)",
    "beta+(1-u)",
)  # fmt: skip

QUESTIONS = [
    Question(
        "03.overshoots",
        "what memory adds to one direction",
        "The loss is `theta ** 2 / 2`, `lr` is 0.1, the start is 1. What does `beta` 0.9 do to gradient descent here?",
        (
            Option("over", "It makes it overshoot, to -0.60.", "Gradient descent creeps home; the velocity goes past."),
            Option("calm", "It takes the zigzag out of it.", "Set u 0.1 in the spring and look at gradient descent: is "
                   "there a zigzag to take out?", "momentum damps; here there is nothing to damp"),
            Option("faster", "It is the same path, ten times as fast.", "Compare the two curves in the spring at u "
                   "0.1: is one the other, only quicker?", "beta is only a larger learning rate"),
            Option("away", "It makes it diverge, as lr/(1 - beta) is 1.", "Raise u in the spring with beta 0.9, and "
                   "read from where on it diverges.", "an effective learning rate of 1 is unstable"),
        ),
    ),
    Question(
        "03.stiffer",
        "ten times as stiff",
        "One direction, `beta` 0.9. The stiffness u goes from 0.1 to 1. The share that a step takes off the swing, in "
        "the long run,",
        (
            Option("same", "stays 5.1 %.", "Both roots lie on one circle, whose radius is the root of beta."),
            Option("more", "becomes ten times as large.", "Set u to 0.1 and then to 1 in the spring, and watch how far "
                   "the roots are from the centre.", "speed follows the learning rate"),
            Option("less", "becomes smaller, for it overshoots more.", "Wider is not longer. Set u to 0.1 and to 1 in "
                   "the spring, and read what a step takes off.", "overshoot is slow"),
            Option("none", "is none: it diverges.", "Raise u in the spring and read from where on it diverges.",
                   "lr/(1 - beta) decides stability"),
        ),
    ),
    Question(
        "03.friction",
        "less friction",
        "A ball of the same mass gets less friction. Its `beta`",
        (
            Option("up", "comes nearer to 1.", "Without any friction it would be 1."),
            Option("down", "comes nearer to 0.", "A beta of 0 forgets every velocity at once. Press \"ringing\" in the "
                   "spring: that is a ball on ice.", "beta is friction"),
            Option("stays", "stays; only lr changes.", "Friction decides how much of the velocity stays. Compare beta "
                   "0.5 and 0.98 in the spring at u 0.1.", "friction is the learning rate"),
            Option("beyond", "can rise above 1.", "A friction of zero is the least there is. Set beta to 0.999 in the "
                   "spring: does the swing grow?", "little friction means growth"),
        ),
    ),
    Ordering(
        "03.argument",
        "why the learning rate drops out",
        "Put the argument in order.",
        (
            "A place is a mixture of the two before it.",
            "So a motion z ** t fits if z is a root of a polynomial of degree two.",
            "The two roots of that polynomial have the product beta.",
            "If they are complex, they are mirror images, so this product is the square of their common length.",
            "So that length is the root of beta, and u has dropped out.",
        ),
        [
            Wrong("end first", (4, 0, 1, 2, 3), "The first of these is what you want to show; it comes last."),
            Wrong("roots first", (1, 0, 2, 3, 4), "The polynomial is made from the mixture, so that comes before it."),
            Wrong("mirror first", (0, 1, 3, 2, 4), "\"This product\" needs a line before it that speaks of a product."),
            Wrong("product first", (2, 0, 1, 3, 4), "\"That polynomial\" needs a line before it that brings it in."),
        ],
        "That is the whole reason, in five lines.",
    ),
    Blank(
        "03.mixture",
        "the mixture",
        "Fill the gaps: `x_next = (___) * x - ___ * x_before`",
        (
            (_MIDDLE, (
                Wrong("beta forgotten", "1-u", "with velocity = x_before - x, a beta comes in here too."),
                Wrong("sign of u", "1+beta+u", "the spring pulls back, so u is taken away."),
                Wrong("sign of beta", "1-beta-u", "minus beta times (x_before - x) has plus beta times x in it."),
                Wrong("numbers", "1.8", "that is its value for u 0.1 and beta 0.9; write it with `beta` and `u`."),
                Wrong("u alone", "u", "x itself and the old velocity come in here too."),
            )),
            (("beta",), (
                Wrong("numbers", "0.9", "that is its value here; write the name."),
                Wrong("sign", "-beta", "the minus stands before the gap already."),
                Wrong("u", "u", "u multiplies the place of now, not the one before."),
                Wrong("what is lost", "(1-beta)", "what stays of the old velocity counts, not what is lost."),
            )),
        ),
        "Two places before, two numbers: nothing else enters.",
    ),
]  # fmt: skip

ITEMS = [FRICTION, POLYNOMIAL, CRITICAL, CLASSIFY, ESCAPE, *QUESTIONS]
