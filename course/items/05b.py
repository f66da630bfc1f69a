"""The exercises and questions of lesson 05b: cases, laws, known mistakes and hints."""

import numpy as np

from momentum_lab.authoring import Blank, Goal, Item, Known, Number, Option, Question, Wrong

# ------------------------------------------------------------------ is it a cycle?


def cycle_cases(rng):
    """Return calls of `cycle_misses`."""

    def numbers(*shape):
        return np.round(rng.uniform(0.5, 3.0, shape) * rng.choice([-1.0, 1.0], shape), 3)

    def call(says, points, slopes, lr=None, beta=None):
        return {
            "says": says,
            "arguments": {
                "points": np.asarray(points).tolist(),
                "slopes": np.asarray(slopes).tolist(),
                "lr": round(float(rng.uniform(0.05, 0.3)), 3) if lr is None else lr,
                "beta": round(float(rng.uniform(0.3, 0.9)), 3) if beta is None else beta,
            },
        }

    points, slopes = numbers(4), 5 * numbers(4)
    one = call("four points on a line", points, slopes)
    settings = {name: one["arguments"][name] for name in ("lr", "beta")}
    return [
        one,
        call("the same points, twice as far out", 2 * points, 2 * slopes, **settings),
        call("two points that are a cycle", [1.0, -1.0], [12.0, -12.0], lr=0.25, beta=0.5),
        call("five points in the plane", numbers(5, 2), 5 * numbers(5, 2)),
        call("beta = 0", numbers(3), numbers(3), beta=0.0),
        call("a single point", numbers(1), numbers(1)),
        call("three points beside the cycle of the lesson", [0.6, -1.8, 2.1], [15.0, -45.0, 28.5], lr=0.11, beta=0.44),
    ]


def _missing(points, slopes, lr, beta, before):
    return points - lr * slopes + beta * (points - before) - np.roll(points, -1, axis=0)


def other_way_round(points, slopes, lr, beta):
    return points - lr * slopes + beta * (points - np.roll(points, -1, axis=0)) - np.roll(points, 1, axis=0)


def starts_at_rest(points, slopes, lr, beta):
    return _missing(points, slopes, lr, beta, np.concatenate([points[:1], points[:-1]]))


def open_chain(points, slopes, lr, beta):
    return right_misses(points, slopes, lr, beta)[:-1]


def step_turned(points, slopes, lr, beta):
    return points - lr * slopes - beta * (points - np.roll(points, 1, axis=0)) - np.roll(points, -1, axis=0)


def cycle_uphill(points, slopes, lr, beta):
    return right_misses(points, -slopes, lr, beta)


def cycle_without_rate(points, slopes, lr, beta):
    return right_misses(points, slopes, 1.0, beta)


def only_landings(points, slopes, lr, beta):
    return points - lr * slopes + beta * (points - np.roll(points, 1, axis=0))


def compared_with_itself(points, slopes, lr, beta):
    return only_landings(points, slopes, lr, beta) - points


def without_memory(points, slopes, lr, beta):
    return right_misses(points, slopes, lr, 0.0)


def share_of_the_place(points, slopes, lr, beta):
    return points - lr * slopes + beta * np.roll(points, 1, axis=0) - np.roll(points, -1, axis=0)


def next_minus_landing(points, slopes, lr, beta):
    return -right_misses(points, slopes, lr, beta)


def sizes_only(points, slopes, lr, beta):
    return np.abs(right_misses(points, slopes, lr, beta))


def right_misses(points, slopes, lr, beta):
    return _missing(points, slopes, lr, beta, np.roll(points, 1, axis=0))


CYCLE = Item(
    id="05b.cycle",
    title="is it a cycle?",
    function="cycle_misses",
    returns=("misses",),
    feeds=(),
    cases=cycle_cases,
    properties=[
        {"says": "Points and slopes twice as large make misses twice as large, at the same settings; yours are not.",
         "terms": [[2.0, 0, 0], [-1.0, 1, 0]]},
    ],
    mistakes=[
        Known("other way round", other_way_round,
              "You go round the other way: the point before and the next one are exchanged."),
        Known("starts at rest", starts_at_rest,
              "The first step comes from rest in yours. In a cycle the point before the first one is the last one."),
        Known("open chain", open_chain, "One miss is absent: the last point has a next one too, the first."),
        Known("share turned", step_turned,
              "The share of the last step has the wrong sign: the ball goes on in the direction in which it came."),
        Known("uphill", cycle_uphill, "The slope has the wrong sign: the ball is pushed downhill."),
        Known("learning rate missing", cycle_without_rate, "The learning rate is missing."),
        Known("only where it lands", only_landings,
              "That is where the ball lands. By how much does it miss the next point?"),
        Known("compared with itself", compared_with_itself,
              "You compare with the point where the step began. Compare with the next point."),
        Known("no memory", without_memory, "That is gradient descent: the share of the last step is missing."),
        Known("share of the place", share_of_the_place,
              "You keep a share of the point before. What is kept is a share of the step that led from there to here."),
        Known("sign of the miss", next_minus_landing,
              "The sign is the other one: where the ball lands, minus where it should."),
        Known("sizes only", sizes_only, "The sizes are right, but the signs are gone."),
    ],
    forms=[],
    hints=(
        "One step needs three things: the point, the slope there, and the point before it. With `np.roll` you get the "
        "points before, all at once.",
        "The step that brought the ball is the point minus the one before. Roll the other way, by -1, for the points "
        "where it should land; then take these away from where it does.",
    ),
    praise="Zero for a cycle, and the right miss for everything else, in any number of directions.",
    points=2.0,
)  # fmt: skip


# ------------------------------------------------------------------ the last start that arrives

EDGE = Goal(
    id="05b.edge",
    title="the last start that arrives",
    answer="edge",
    settings={"start": (2.9, 3.3)},
    simulation="a start on Lessard's curve",
    options={"steps": 400},
    low=3.055,
    high=3.3,
    goal="Find one that arrives and is at least 3.055.",
    mistakes=[
        Wrong("the safe side", {"start": 3.0}, "It arrives, but the edge is further out. Go on from here."),
        Wrong("one notch", {"start": 3.05}, "Very near. The slider has notches; type a start between two of them."),
        Wrong("the next notch", {"start": 3.1}, "That is too far. Halve the way back to a start that arrives."),
        Wrong("just beyond", {"start": 3.07}, "That is a little too far. Halve the way back once more."),
        Wrong("the start of the lesson", {"start": 3.3}, "That is the start of the lesson. The edge is nearer to 3."),
        Wrong("below it all", {"start": 2.9}, "This one belongs to another black bar of the strip. Come from 3."),
    ],
    hints=(
        "You know one start that arrives and one that does not. Try the one halfway between, and keep the half in "
        "which the fate changes.",
        "Between 3.05 and 3.1 type starts with two decimals into the picture of the lesson, and read its sentence.",
    ),
    praise="One hundredth further out the ball goes round for ever. A promise is for every start, so one edge ends it.",
)  # fmt: skip


# ------------------------------------------------------------------ two numbers

SLOPE = Number(
    id="05b.slope",
    title="read a slope",
    answer="log_slope",
    mistakes=[
        Wrong("sign lost", 1.773969, "The size is right. The gap falls, so the line goes down."),
        Wrong("no logarithms", -0.0195 / 350, "That is the slope on plain paper. Both axes are logarithmic here."),
        Wrong("steps not logarithmic", np.log(0.025) / 350,
              "You took the logarithm of the gaps only. Take that of the steps as well."),
        Wrong("gaps not logarithmic", -0.0195 / np.log(8),
              "You took the logarithm of the steps only. Take that of the gaps as well."),
        Wrong("upside down", np.log(8) / np.log(0.025), "It is upside down: the change of the gap stands on top."),
        Wrong("ratios divided", 0.025 / 8, "You divided the two ratios. Take the logarithm of each one first."),
        Wrong("two kinds of logarithm", np.log(0.025) / np.log10(8),
              "Two kinds of logarithm are mixed. Any one will do, but the same on both sides."),
        Wrong("two kinds, the other way", np.log10(0.025) / np.log(8),
              "Two kinds of logarithm are mixed, ten below and e above or the other way. Use one."),
        Wrong("quotient of logarithms", np.log(0.0005) / np.log(400) - np.log(0.02) / np.log(50),
              "You divided at each point. Take the differences of the logarithms first, then divide once."),
        Wrong("the line at one point", np.log(0.0005) / np.log(400),
              "That is the slope of a line from the gap 1 at step 1. Use both points that are given."),
    ],
    hints=(
        "How many times as small has the gap become, and how many times as large the number of steps?",
        "A slope is a rise over a run. On this paper the rise is the logarithm of one ratio, and the run is that of "
        "the other.",
    ),
    praise="Between 1/k and 1/k^2, and nearer to the second one.",
)  # fmt: skip

BOUND = Number(
    id="05b.bound",
    title="how many steps to be sure?",
    answer="sure_after",
    mistakes=[
        Wrong("k for k + 1", 85, "One too many: the promise divides by the square of k + 1."),
        Wrong("rounded down", 83, "After so many steps the promise is still a little above 0.01."),
        Wrong("R not squared", 48, "The distance R enters with its square."),
        Wrong("factor two", 59, "The factor 2 on top is missing."),
        Wrong("square root forgotten", 7199, "You have the square of k + 1; take its root."),
        Wrong("gradient descent", 900, "That is what gradient descent can promise. This method promises more."),
        Wrong("L forgotten", 42, "The steepest curvature, L, is missing on top."),
    ],
    hints=(
        "Put the numbers in. How large must the square of k + 1 be?",
        "Twice 4 times the square of 3, divided by 0.01, is the square that you need. Take the root, round up, and "
        "mind the one in k + 1.",
    ),
    praise="Gradient descent needs 900 to be as sure. Both are sure only for a convex function and exact gradients.",
)  # fmt: skip


# ------------------------------------------------------------------ one step with restart


def restart_cases(rng):
    """Return calls of `restart_step`; in the uphill ones the velocity points far down the other side."""

    def numbers(count):
        return np.round(rng.uniform(1.0, 3.0, count) * rng.choice([-1.0, 1.0], count), 3)

    def call(says, theta, share, *, k=8, lr=0.1, repeat=1, minimum=None, curvatures=None):
        """Start with a velocity that is `share` times the gradient where the ball stands."""
        curvatures = np.round(rng.uniform(0.5, 1.5, len(theta)), 3) if curvatures is None else curvatures
        minimum = np.zeros(len(theta)) if minimum is None else minimum
        velocity = np.round(np.asarray(share) * curvatures * (theta - minimum), 3)
        arguments = {
            "theta": theta.tolist(),
            "velocity": velocity.tolist(),
            "k": k,
            "grad": {"quadratic": np.asarray(curvatures).tolist(), "minimum": np.asarray(minimum).tolist()},
            "lr": lr,
        }
        return {"says": says, "arguments": arguments, "repeat": repeat}

    down = call("a step that goes downhill", numbers(2), 0.3)
    twice = {name: (2 * np.array(down["arguments"][name])).tolist() for name in ("theta", "velocity")}
    return [
        down,
        {"says": "the same, twice as far out", "arguments": {**down["arguments"], **twice}},
        call("a step that goes uphill", numbers(2), -0.4, minimum=numbers(2)),
        call("an old velocity that points uphill no more, and a new one that does", numbers(2), -0.08),
        call("two directions, of which one goes uphill and one downhill more", np.array([1.0, 3.0]), [-0.4, 0.3],
             curvatures=np.array([1.0, 1.1])),
        call("the first step, at rest", numbers(3), 0.0, k=0),
        call("a single direction, uphill, at k = 30", numbers(1), -0.7, k=30),
        call("sixty steps in a row from rest", numbers(2), 0.0, k=0, repeat=60,
             curvatures=np.array([0.05, 1.0]), lr=0.9),
    ]  # fmt: skip


def _restarting(test, restarted=lambda old, theta, velocity, k: (theta, np.zeros_like(velocity), 0)):
    """Return a step that restarts if `test(gradient, velocity, old_velocity)` says so, in the way of `restarted`."""

    def restart_step(theta, velocity, k, grad, lr):
        beta = max(k - 1, 0) / (k + 2)
        gradient = grad(theta - beta * velocity)
        new = beta * velocity + lr * gradient
        after = theta - new
        return restarted(theta, after, new, k) if test(gradient, new, velocity) else (after, new, k + 1)

    return restart_step


def uphill(gradient, velocity, old):
    return np.sum(gradient * velocity) < 0


restart_on_agreement = _restarting(lambda gradient, velocity, old: np.sum(gradient * velocity) > 0)
never_restarted = _restarting(lambda gradient, velocity, old: False)
restarted_every_time = _restarting(lambda gradient, velocity, old: True)
tested_with_the_old = _restarting(lambda gradient, velocity, old: np.sum(gradient * old) < 0)
count_only = _restarting(uphill, lambda old, theta, velocity, k: (theta, velocity, 0))
velocity_only = _restarting(uphill, lambda old, theta, velocity, k: (theta, np.zeros_like(velocity), k + 1))
step_undone = _restarting(uphill, lambda old, theta, velocity, k: (old, np.zeros_like(velocity), 0))
back_to_zero = _restarting(uphill, lambda old, theta, velocity, k: (np.zeros_like(theta), np.zeros_like(velocity), 0))
count_from_one = _restarting(uphill, lambda old, theta, velocity, k: (theta, np.zeros_like(velocity), 1))
velocity_turned = _restarting(uphill, lambda old, theta, velocity, k: (theta, -velocity, 0))
count_stands = _restarting(uphill, lambda old, theta, velocity, k: (theta, np.zeros_like(velocity), k))
right_restart = _restarting(uphill)
any_direction = _restarting(lambda gradient, velocity, old: np.any(gradient * velocity < 0))


def tested_where_it_lands(theta, velocity, k, grad, lr):
    beta = max(k - 1, 0) / (k + 2)
    velocity = beta * velocity + lr * grad(theta - beta * velocity)
    theta = theta - velocity
    if np.sum(grad(theta) * velocity) < 0:
        return theta, np.zeros_like(velocity), 0
    return theta, velocity, k + 1


def each_direction_alone(theta, velocity, k, grad, lr):
    beta = max(k - 1, 0) / (k + 2)
    gradient = grad(theta - beta * velocity)
    velocity = beta * velocity + lr * gradient
    kept = np.where(gradient * velocity < 0, 0.0, velocity)
    return theta - velocity, kept, 0 if np.sum(gradient * velocity) < 0 else k + 1


def count_forgotten(theta, velocity, k, grad, lr):
    theta, velocity, after = right_restart(theta, velocity, k, grad, lr)
    return theta, velocity, min(after, k)


RESTART = Item(
    id="05b.restart",
    title="one step with restart",
    function="restart_step",
    returns=("theta", "velocity", "k"),
    feeds=("theta", "velocity", "k"),
    cases=restart_cases,
    properties=[
        {"says": "On a bowl around zero, a start and a velocity twice as large lead twice as far; yours do not.",
         "terms": [[2.0, 0, 0], [-1.0, 1, 0]]},
        {"says": "On a bowl around zero, a start and a velocity twice as large leave a velocity twice as large; "
                 "yours do not.",
         "terms": [[2.0, 0, 1], [-1.0, 1, 1]]},
    ],
    mistakes=[
        Known("restart on agreement", restart_on_agreement,
              "You restart when gradient and velocity agree. The velocity points uphill and is taken away, so "
              "then the step goes downhill, and all is well."),
        Known("never", never_restarted, "This never restarts: it is Nesterov's method with the growing beta."),
        Known("every time", restarted_every_time, "This restarts after every step, which makes it gradient descent."),
        Known("old velocity", tested_with_the_old,
              "You test the old velocity, the one from before the step. The step was made with the new one."),
        Known("count only", count_only, "The count starts anew, but the velocity stays: the ball does not stop."),
        Known("velocity only", velocity_only,
              "The velocity is gone, but k goes on, so beta stays large. Both start anew."),
        Known("step undone", step_undone, "You take the step back. It is kept; only the memory starts anew."),
        Known("theta set to zero", back_to_zero, "You set theta to zero. Only velocity and k start anew."),
        Known("count from one", count_from_one,
              "After a restart you count from one; count from zero, as at the start."),
        Known("velocity turned", velocity_turned, "You turn the velocity round. A restart is a stop."),
        Known("count stands still at a restart", count_stands,
              "At a restart your k stays as it is, so beta stays large. It starts anew too."),
        Known("where it lands", tested_where_it_lands,
              "You ask for a second gradient, where the ball lands. Test with the one that the step was made of."),
        Known("any direction", any_direction,
              "You restart as soon as one direction goes uphill. What counts is the sum over all of them."),
        Known("each direction alone", each_direction_alone,
              "You stop each direction by itself. The sum decides, and then the whole velocity starts anew."),
        Known("count forgotten", count_forgotten, "Without a restart k must grow, or beta never does."),
    ],
    forms=[],
    hints=(
        "Two cases, so an `if`. In which of them does anything but `k` change?",
        "The sum of products is `np.sum(gradient * velocity)`, with the velocity of this step. If it is below zero, "
        "hand out a velocity of zeros, in the shape of the old one, and begin counting again.",
    ),
    praise="Downhill it remembers, uphill it starts anew, in any number of directions and over sixty steps.",
    points=2.0,
)  # fmt: skip


# ------------------------------------------------------------------ questions

QUESTIONS = [
    Blank(
        "05b.gaps",
        "what the promise needs",
        "After k steps the gap is at most 2 L R^2 / (k + 1)^2, on every L-smooth function that is ___, with the "
        "learning rate ___, with gradients that are ___, and with a `beta` that ___.",
        (
            (("convex",), (
                Wrong("quadratic", "quadratic", "it holds for more than parabolas."),
                Wrong("strongly convex", "strongly convex", "it asks for less: no lowest curvature above zero."),
                Wrong("smooth", "smooth", "that is said already; something about the way it curves is missing."),
            )),
            (("1/L", "one over L", "lr=1/L"), (
                Wrong("two over L", "2/L", "that is the limit of gradient descent, and too large here."),
                Wrong("L", "L", "a steeper function needs shorter steps: turn it over."),
                Wrong("Polyak", "1/9", "that is one number for one kappa; here it depends on L alone."),
            )),
            (("exact", "noiseless", "without noise", "free of noise"), (
                Wrong("noisy", "noisy", "with noise this promise is lost."),
                Wrong("small", "small", "their size does not matter; how well they are known does."),
                Wrong("averaged", "averaged", "an average over some examples still has noise."),
            )),
            (("grows", "is growing", "increases", "grows with k", "rises"), (
                Wrong("0.9", "is 0.9", "with a beta that stays, the worst case is 1/k."),
                Wrong("constant", "is constant", "with a beta that stays, the worst case is 1/k."),
                Wrong("falls", "falls", "it goes the other way: less and less friction."),
            )),
        ),
        "Those are the four conditions, for a start at rest. The growth is like (k - 1)/(k + 2).",
    ),
    Question(
        "05b.constant_beta",
        "a beta that stays",
        "Nesterov's method with `lr` 1/L and a constant `beta` of 0.9, on the worst smooth convex function. In the "
        "long run the gap falls like",
        (
            Option("one", "1/k, with a better constant", "The slope is that of gradient descent, the line lies lower."),
            Option("two", "1/k^2, as the method promises", "The method of that promise has another beta. Choose "
                   "\"constant beta\" in the explorer of promises, and read its slope.", "the name brings the rate"),
            Option("linear", "(9/11)^k, a fixed share a step", "Such a share needs a lowest curvature above zero. Look "
                   "at the dotted line in the explorer of promises.", "a rate for strongly convex functions"),
            Option("none", "it need not fall at all", "That is the heavy ball's cycle, with other settings. Look at "
                   "the dotted line in the explorer of promises.", "Nesterov's method cycles too"),
        ),
    ),
    Question(
        "05b.can_circle",
        "a bowl with two curvatures",
        "Lessard's curve has curvatures between 1 and 25. The heavy ball has Polyak's best settings for them, and "
        "starts at rest at 3.3. It",
        (
            Option("circle", "goes round for ever", "Strong convexity is no insurance, and failing need not mean "
                   "diverging."),
            Option("fast", "arrives, at the rate 2/3", "That is the rate on quadratics. Choose \"Lessard's "
                   "curve from 3.3\" in the breaker.", "a quadratic result holds for all"),
            Option("later", "arrives, later than on a parabola", "Curvature above zero everywhere is no insurance. "
                   "Choose \"Lessard's curve from 3.3\" in the breaker.", "convex is safe"),
            Option("flies", "flies off to infinity", "Failing need not mean diverging. Choose \"Lessard's curve "
                   "from 3.3\" in the breaker, and watch the distance.", "failure means divergence"),
        ),
    ),
    Question(
        "05b.rate",
        "the rate of Nesterov's textbook settings",
        "A quadratic has kappa 100. With Nesterov's textbook settings, which factor is left of the distance per step, "
        "in the long run?",
        (
            Option("nine", "0.9", "One minus one over the root of kappa."),
            Option("beta", "0.818", "That is its beta, and the rate of another method. Look at the table of two "
                   "methods in lesson 05b.", "its beta is its rate"),
            Option("plain", "0.98", "That is gradient descent at its best. Look at the table of two methods in "
                   "lesson 05b.", "Nesterov's method is not accelerated"),
            Option("ball", "0.669", "That is the beta of the best heavy ball. Look at the table of two methods in "
                   "lesson 05b.", "the heavy ball's beta is a rate"),
        ),
    ),
    Question(
        "05b.promise",
        "what refutes a promise",
        "Somebody promises a gap below 1/k at every step, on every convex function with L = 1 and R = 1. What is the "
        "least that refutes it?",
        (
            Option("one", "one run, above it at one step", "A promise is for every function, start and "
                   "step; one exception is enough."),
            Option("mean", "many runs, above it in the mean", "It takes less than that. The breaker of lesson "
                   "05b needs a single start.", "a promise is about the mean"),
            Option("end", "one run, above it from some step on", "It takes less than that: it need not "
                   "stay there. See the cell of 240 starts in lesson 05b.", "a promise is about the end"),
            Option("slower", "one run of a faster method, below it", "Another method may do better without any harm. "
                   "Compare the two promises in the table of lesson 05b.", "a promise says it is the best"),
        ),
    ),
]  # fmt: skip

ITEMS = [CYCLE, EDGE, SLOPE, BOUND, RESTART, *QUESTIONS]
