"""The exercises and questions of lesson 02: cases, laws, known mistakes and hints."""

import numpy as np
import sympy

from momentum_lab.authoring import Blank, Item, Known, Number, Option, Ordering, Question, Symbolic, Wrong

# ------------------------------------------------------------------ the weights of an average


def weight_cases(rng):
    """Return calls of `ema_weights`."""
    betas = np.round(rng.uniform(0.3, 0.97, 6), 3).tolist()
    cases = [
        {"says": f"beta = {b:g} and n = {n}", "arguments": {"beta": b, "n": n}}
        for b, n in zip(betas, (1, 2, 4, 7, 12, 30), strict=True)
    ]
    return [*cases, {"says": "beta = 0 and n = 3", "arguments": {"beta": 0.0, "n": 3}}]


def sum_weights(beta, n):
    return beta ** np.arange(n)


def oldest_first(beta, n):
    return ((1 - beta) * beta ** np.arange(n))[::-1]


def aged_by_one(beta, n):
    return (1 - beta) * beta ** (np.arange(n) + 1)


def swapped_weights(beta, n):
    return beta * (1 - beta) ** np.arange(n)


def cut_off(beta, n):
    weights = beta ** np.arange(n)
    return weights / weights.sum()


def plain_average(beta, n):
    return np.full(n, 1 / n)


def what_is_missing(beta, n):
    return 1 - beta ** np.arange(n)


def straight_line(beta, n):
    return (1 - beta) * beta * np.arange(n)


WEIGHTS = Item(
    id="02.ema_weights",
    title="the weights of an average",
    function="ema_weights",
    returns=("weights",),
    feeds=(),
    cases=weight_cases,
    properties=[],
    mistakes=[
        Known("weights of the sum", sum_weights,
              "These are the weights of the velocity, which add up to more than 1. An average needs one more factor."),
        Known("oldest first", oldest_first, "The weights are right but run the other way: the newest comes first."),
        Known("one step too old", aged_by_one,
              "Every weight has one factor beta too many: the newest gradient has not faded yet."),
        Known("shares exchanged", swapped_weights,
              "The two shares are exchanged: what fades with age is a power of beta."),
        Known("cut off", cut_off,
              "You made the newest n add up to 1. The average also remembers the older ones, so these make less."),
        Known("plain average", plain_average, "This is the plain average; in an EMA old gradients weigh less."),
        Known("what is missing", what_is_missing, "This is what all newer ones weigh together."),
        Known("product for power", straight_line, "A gradient is multiplied by beta at every step: take a power of "
                  "beta, "
              "where you have a product with the age."),
    ],
    forms=[],
    hints=(
        "Take one gradient and follow it: which share of it comes in, and what happens to it at every later step?",
        "It comes in with the share 1 - beta. After `age` more steps it has been multiplied by beta `age` times.",
    ),
    praise="These are the weights of the average: the newest first, each a factor beta below the one before.",
    points=1.0,
)  # fmt: skip


# ------------------------------------------------------------------ the corrected average


def average_cases(rng):
    """Return calls of `corrected_averages`."""

    def call(says, gradients, beta=None):
        beta = round(float(rng.uniform(0.4, 0.95)), 3) if beta is None else beta
        return {"says": says, "arguments": {"gradients": gradients, "beta": beta}}

    def some(count):
        return np.round(rng.uniform(0.5, 3.0, count) * rng.choice([-1.0, 1.0], count), 3).tolist()

    return [
        call("six gradients", some(6)),
        call("a steady gradient", [2.0] * 5),
        call("a single gradient", some(1)),
        call("gradients that flip their sign", [1.0, -1.0, 1.0, -1.0]),
        call("beta = 0, where nothing is remembered", some(4), beta=0.0),
        call("forty gradients", some(40)),
    ]


def uncorrected(gradients, beta):
    average, averages = 0.0, []
    for g in gradients:
        average = beta * average + (1 - beta) * g
        averages.append(average)
    return np.array(averages)


def power_too_large(gradients, beta):
    return uncorrected(gradients, beta) / (1 - beta ** (np.arange(len(gradients)) + 2))


def divided_by_one_power(gradients, beta):
    return uncorrected(gradients, beta) / (1 - beta)


def multiplied(gradients, beta):
    return uncorrected(gradients, beta) * (1 - beta ** (np.arange(len(gradients)) + 1))


def sum_corrected(gradients, beta):
    return divided_by_one_power(gradients, beta) / (1 - beta ** (np.arange(len(gradients)) + 1))


def correction_kept(gradients, beta):
    average, averages = 0.0, []
    for t, g in enumerate(gradients, start=1):
        average = (beta * average + (1 - beta) * g) / (1 - beta**t)
        averages.append(average)
    return np.array(averages)


def first_as_start(gradients, beta):
    average, averages = gradients[0], []
    for g in gradients:
        average = beta * average + (1 - beta) * g
        averages.append(average)
    return np.array(averages)


def shares_exchanged(gradients, beta):
    return uncorrected(gradients, 1 - beta) / (1 - beta ** (np.arange(len(gradients)) + 1))


CORRECTION = Item(
    id="02.bias_correction",
    title="correct the average",
    function="corrected_averages",
    returns=("averages",),
    feeds=(),
    cases=average_cases,
    properties=[],
    mistakes=[
        Known("not corrected", uncorrected, "The average is right but not corrected: it is still too small at first."),
        Known("power off by one", power_too_large,
              "The power in the correction is one too large: after the first gradient it is `beta` to the 1."),
        Known("no power", divided_by_one_power,
              "This is the sum, as the velocity makes it. Give the new gradient the share `1 - beta`, and divide by "
                  "what the "
              "weights make after `t` gradients."),
        Known("multiplied", multiplied, "The average is too small and has to grow: divide where you multiply."),
        Known("sum corrected", sum_corrected, "The factor `1 - beta` of the new gradient is missing: this is the sum."),
        Known("correction kept", correction_kept,
              "You go on with the corrected average. Keep the uncorrected one, and correct only what you append."),
        Known("first gradient as start", first_as_start,
              "Starting with the first gradient is another cure: it gives that one too much weight for long. "
              "Start at zero and divide."),
        Known("shares exchanged", shares_exchanged, "The two shares of the average are exchanged."),
    ],
    forms=[],
    hints=(
        "Two numbers live side by side: the average that goes on, and its corrected copy that is appended.",
        "The average keeps the share beta of itself and takes 1 - beta of the new gradient. Its weights so far "
        "make one minus beta to the power t; divide the copy by that.",
    ),
    praise="Right from the first gradient on, and in the end the same as the plain EMA.",
    points=1.0,
)  # fmt: skip


# ------------------------------------------------------------------ the whole run


def run_cases(rng):
    """Return calls of `momentum_steps`."""

    def numbers(*shape):
        return np.round(rng.uniform(0.5, 3.0, shape) * rng.choice([-1.0, 1.0], shape), 3).tolist()

    def call(says, shape=(2,), *, steps=5, like=None, **changes):
        fresh = {
            "theta": numbers(*shape),
            "grad": {
                "quadratic": np.round(rng.uniform(0.2, 5.0, shape[-1:]), 3).tolist(),
                "minimum": numbers(*shape[-1:]),
            },
            "lr": round(float(rng.uniform(0.02, 0.15)), 3),
            "beta": round(float(rng.uniform(0.5, 0.95)), 3),
            "steps": steps,
        }
        return {"says": says, "arguments": {**(like["arguments"] if like else fresh), **changes}}

    one = call("five steps in two coordinates")
    other = call("the same surface from another start", like=one, theta=numbers(2))
    halfway = np.mean([one["arguments"]["theta"], other["arguments"]["theta"]], axis=0).tolist()
    return [
        one,
        other,
        call("a start halfway between two others", like=one, theta=halfway),
        call("no step at all", steps=0),
        call("one step", steps=1),
        call("beta = 0", beta=0.0),
        call("a single coordinate", shape=(1,)),
        call("three runs at once, theta of shape (3, 2)", shape=(3, 2)),
    ]


def _walk(theta, grad, lr, beta, steps, step):
    velocity, points = np.zeros_like(theta), [theta]
    for _ in range(steps):
        theta, velocity = step(theta, velocity)
        points.append(theta)
    return np.array(points)


def _with(change):
    """Return a whole run whose single step is `change(theta, velocity, grad, lr, beta)`."""

    def momentum_steps(theta, grad, lr, beta, steps):
        return _walk(theta, grad, lr, beta, steps, lambda th, v: change(th, v, grad, lr, beta))

    return momentum_steps


@_with
def forgotten_every_time(theta, velocity, grad, lr, beta):
    velocity = beta * np.zeros_like(theta) + lr * grad(theta)
    return theta - velocity, velocity


@_with
def run_uphill(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad(theta)
    return theta + velocity, velocity


@_with
def run_without_rate(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + grad(theta)
    return theta - velocity, velocity


@_with
def run_of_averages(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + (1 - beta) * lr * grad(theta)
    return theta - velocity, velocity


@_with
def run_ahead(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad(theta - beta * velocity)
    return theta - velocity, velocity


@_with
def run_without_fading(theta, velocity, grad, lr, beta):
    velocity = velocity + lr * grad(theta)
    return theta - velocity, velocity


@_with
def run_one_late(theta, velocity, grad, lr, beta):
    return theta - velocity, beta * velocity + lr * grad(theta)


def start_left_out(theta, grad, lr, beta, steps):
    return right_run(theta, grad, lr, beta, steps)[1:]


def only_the_end(theta, grad, lr, beta, steps):
    return right_run(theta, grad, lr, beta, steps)[-1]


def one_step_more(theta, grad, lr, beta, steps):
    return right_run(theta, grad, lr, beta, steps + 1)


def one_array_for_all(theta, grad, lr, beta, steps):
    velocity, points = np.zeros_like(theta), [theta]
    for _ in range(steps):
        velocity = beta * velocity + lr * grad(theta)
        theta -= velocity
        points.append(theta)
    return np.array(points)


def velocities_returned(theta, grad, lr, beta, steps):
    points = right_run(theta, grad, lr, beta, steps)
    return np.concatenate([np.zeros_like(points[:1]), points[:-1] - points[1:]])


right_run = _with(lambda theta, velocity, grad, lr, beta: _right_step(theta, velocity, grad, lr, beta))


def _right_step(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad(theta)
    return theta - velocity, velocity


RUN = Item(
    id="02.momentum_step",
    title="the whole run of the heavy ball",
    function="momentum_steps",
    returns=("points",),
    feeds=(),
    cases=run_cases,
    properties=[
        {"says": "On a bowl, the run from halfway between two starts lies halfway between their runs; yours does not.",
         "terms": [[1.0, 0, 0], [1.0, 1, 0], [-2.0, 2, 0]]},
    ],
    mistakes=[
        Known("forgotten every time", forgotten_every_time,
              "This is gradient descent: nothing of the old velocity is left. Make the velocity once, before the "
                  "loop, and "
              "keep the share `beta` of it at every step."),
        Known("uphill", run_uphill, "The run goes uphill: the velocity is made of gradients, so take it away."),
        Known("no learning rate", run_without_rate, "The learning rate is missing from the velocity."),
        Known("average", run_of_averages, "You took an average: the factor (1 - beta) makes the steps too short."),
        Known("looks ahead", run_ahead, "The gradient is asked for ahead of `theta`; that is Nesterov's method."),
        Known("nothing fades", run_without_fading, "beta is missing: the velocity never loses anything."),
        Known("one step late", run_one_late, "The step uses the old velocity; renew it first."),
        Known("start left out", start_left_out, "The first point is missing: there is one point more than steps."),
        Known("only the end", only_the_end, "You return the last point only; every point on the way is asked for."),
        Known("one step more", one_step_more, "There is one step too many."),
        Known("one array for all", one_array_for_all,
              "`theta -= velocity` changes one and the same array, so every entry of the list shows the last point, "
              "and the caller's own start is changed too. Make a new array at every step."),
        Known("velocities returned", velocities_returned, "These are the velocities; the points are asked for."),
    ],
    forms=[],
    hints=(
        "Before the loop there are two things: a velocity of zeros in the shape of theta, and a list with the first "
        "point. In the loop come the two lines of lesson 1, and one that keeps the point.",
        "Make new arrays in the loop, with `=` and not with `-=`, or the list will hold one array many times. "
        "`np.array(points)` turns the list into what is asked for.",
    ),
    praise="Every point as the library has it: from rest, in any shape, with no step and with many.",
    points=2.0,
)  # fmt: skip


# ------------------------------------------------------------------ numbers and an expression

WINDOW = Number(
    id="02.window",
    title="the window of 0.8",
    answer="newest",
    mistakes=[
        Wrong("rounded down", 20, "Twenty carry a little less than 99 %."),
        Wrong("sum of the weights", 5, "1/(1 - beta) is the sum of all weights; that many carry only two thirds."),
        Wrong("95 %", 14, "That is enough for 95 %."),
        Wrong("beta 0.9", 44, "That is the answer for beta 0.9."),
        Wrong("five windows", 25, "Five times 1/(1 - beta) is more than it takes."),
    ],
    hints=(
        "What is older than the newest n has the share beta to the power n. How small must that be?",
        "Try n one after the other, or take logarithms; then round so that the share is reached.",
    ),
    praise="More than four times the window 1/(1 - beta): its edge is soft.",
)

ALTERNATING = Number(
    id="02.alternating",
    title="the flipping push",
    answer="settles",
    mistakes=[
        Wrong("they cancel", 0.0, "They do not cancel: the newest push is never met by one of its own size."),
        Wrong("signs ignored", 5.0, "That is what a steady push comes to; here every second one has the other sign."),
        Wrong("no effect", 1.0, "One push alone is 1; the one before it pulls the other way and takes some of it."),
        Wrong("average", 1 / 9, "That is what the average makes of it; the velocity has no factor 1 - beta."),
        Wrong("one minus beta", 0.2, "1 - beta counts the push before, and leaves out all those before that one."),
    ],
    hints=(
        "Write down the newest four terms of the sum, with their signs.",
        "1 - 0.8 + 0.8 squared - ... is a sum of powers of minus 0.8. Such a sum has a short formula.",
    ),
    praise="A little more than half of one push, and never nothing.",
)

TOTAL = Symbolic(
    id="02.total",
    title="the missing step",
    answer="velocity_t",
    symbols=(("beta", 0.1, 0.9), ("eta", 0.1, 2.0), ("G", 1.0, 5.0), ("t", 1, 9)),
    mistakes=[],
    hints=(
        "At t_ = 0 it is eta * G, at t_ = 1 it is eta * G * (1 + beta_). Multiply the sum by 1 - beta_: what is left?",
        "The sum of the powers of beta from 0 to t is a fraction over 1 - beta. Its top is 1 minus one power of beta; "
        "count which one with t = 0.",
    ),
    praise="That is the missing step: the rule carries it from t - 1 to t.",
)
_b, _e, _g, _t = sympy.symbols("beta eta G t")
TOTAL.mistakes.extend([
    Wrong("numbers for symbols", _e * _g * (1 - sympy.Rational(9, 10) ** (_t + 1)) / (1 - sympy.Rational(9, 10)),
          "Your expression holds the number 0.9 where a symbol belongs. Write `beta_` for beta and `t_` for t."),
    Wrong("one power short", _e * _g * (1 - _b**_t) / (1 - _b), "Try t = 0: one gradient is in, and yours says zero."),
    Wrong("the end only", _e * _g / (1 - _b), "That is where it goes in the end; at step t it is still on the way."),
    Wrong("average", _e * _g * (1 - _b ** (_t + 1)), "That is what the average makes of it, with a factor 1 - beta."),
    Wrong("learning rate missing", _g * (1 - _b ** (_t + 1)) / (1 - _b), "The learning rate eta is missing."),
    Wrong("gradient missing", _e * (1 - _b ** (_t + 1)) / (1 - _b), "The gradient G is missing."),
    Wrong("sign", _e * _g * (1 - _b ** (_t + 1)) / (1 + _b), "Below the bar is the other sign: try t = 1."),
    Wrong("one power", _e * _g * _b**_t, "That is the weight of the oldest gradient alone; all of them are in."),
])  # fmt: skip

PLATEAU = Number(
    id="02.plateau",
    title="another plateau",
    answer="steps_needed",
    mistakes=[
        Wrong("start-up forgotten", 100, "That would be so at full speed from the start; building up takes time."),
        Wrong("without memory", 1000, "That is gradient descent: no memory."),
        Wrong("start-up taken off", 91, "Building up speed costs steps; you have taken them off."),
        Wrong("one too many", 110, "One step too many: the ball is there before the last of these."),
        Wrong("sum of the weights", 10, "That is how much faster it gets in the end; the question is about steps."),
    ],
    hints=(
        "At full speed a step is ten times 0.001. How far behind is the ball when it has reached that speed?",
        "A loop of two lines counts it: renew the velocity, add it to the distance, until the distance is 1.",
    ),
    praise="A hundred steps at full speed, and nine for building it up.",
)

# ------------------------------------------------------------------ questions

QUESTIONS = [
    Question(
        "02.settles",
        "what a steady push comes to",
        "The gradient is 1 for ever, `lr` is 1 and `beta` is 0.9. The velocity settles at",
        (
            Option("ten", "10", "All weights together make 1/(1 - 0.9)."),
            Option("one", "1", "That is what an average makes of ones. Choose \"steady and flipping\" in the memory "
                   "bench, and compare its third lane.", "the velocity is an average"),
            Option("beta", "0.9", "Earlier velocities are in there too. Choose \"steady and flipping\" in the memory "
                   "bench.", "only the last velocity counts"),
            Option("never", "nothing, it grows", "A share is lost at every step. Choose \"steady and flipping\" in the "
                   "memory bench.", "inertia has no friction"),
        ),
    ),
    Question(
        "02.newest_ten",
        "the newest ten",
        "With `beta` 0.9, which share of all the weight do the newest ten gradients carry?",
        (
            Option("most", "65 %", "More than a third is older."),
            Option("all", "all of it", "Shade ten weights in the memory bench: there are more to the right.",
                   "a window is a cut"),
            Option("beta", "90 %", "Shade ten weights in the memory bench, and read the share.",
                   "beta is a share of ten"),
            Option("rest", "35 %", "0.9 to the tenth counts something else. Shade ten weights in the memory bench, "
                  "and read the share.",
                   "0.9 to the tenth is what is in"),
        ),
    ),
    Question(
        "02.flips",
        "what a flipping push comes to",
        "The gradient is +1, -1, +1, ..., with `lr` 1 and `beta` 0.9. The size of the velocity settles at",
        (
            Option("half", "0.53", "1/(1 + 0.9) of one push: smaller, and never nothing."),
            Option("zero", "0", "The newest one always stands out. Choose \"steady and flipping\" in the memory "
                  "bench, and look at its second lane.",
                   "flipping gradients cancel"),
            Option("one", "1", "The push before takes some of it. Choose \"steady and flipping\" in the memory "
                  "bench, and look at its second lane.",
                   "memory has no effect on them"),
            Option("ten", "10", "That would be so without the signs. Choose \"steady and flipping\" in the memory "
                  "bench, and look at its second lane.",
                   "signs are ignored"),
        ),
    ),
    Ordering(
        "02.order",
        "the lines of a step",
        "Put the lines of one step in order.",
        ("g = grad(theta)", "velocity = beta * velocity + lr * g", "theta = theta - velocity", "points.append(theta)"),
        [
            Wrong("step first", (0, 2, 1, 3), "This steps with the old velocity, and is one step late."),
            Wrong("gradient later", (1, 0, 2, 3), "The second line needs g, so the gradient is asked for before it."),
            Wrong("kept too early", (0, 1, 3, 2), "This keeps the point before the step, and never the last one."),
        ],
        "That is one step: ask, remember, move, keep.",
    ),
    Blank(
        "02.gaps",
        "the gaps of a step",
        "Fill the gaps: `velocity = ___ * velocity + ___ * grad(___)`",
        (
            (("beta",), (
                Wrong("lr on memory", "lr", "lr belongs to the new gradient."),
                Wrong("average", "(1-beta)", "what survives is the share beta."),
            )),
            (("lr",), (
                Wrong("beta on gradient", "beta", "beta belongs to the old velocity."),
                Wrong("average", "(1-beta)", "this would be an average; here it is a sum with a learning rate."),
            )),
            (("theta",), (
                Wrong("ahead", "theta-beta*velocity", "that looks ahead, which is Nesterov's method."),
                Wrong("velocity", "velocity", "the gradient is asked for at a point."),
            )),
        ),
        "Those are the three names of the rule.",
    ),
]  # fmt: skip

ITEMS = [WINDOW, WEIGHTS, CORRECTION, ALTERNATING, TOTAL, PLATEAU, RUN, *QUESTIONS]
