"""The exercises and questions of lesson 05a: cases, laws, known mistakes and hints."""

import numpy as np

from course import momentum_steps
from momentum_lab.authoring import Item, Known, Number, Option, Ordering, Question, Wrong

# ------------------------------------------------------------------ one step of Nesterov's method


def step_cases(rng):
    """Return the calls of `nesterov_step`."""
    shapes = {says: shape for says, shape in momentum_steps.SHAPES.items() if shape != (5,)}
    return momentum_steps.cases(rng, shapes)


def asks_where_it_stands(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad(theta)
    return theta - velocity, velocity


def asks_behind(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad(theta + beta * velocity)
    return theta - velocity, velocity


def asks_too_far_ahead(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad(theta - velocity)
    return theta - velocity, velocity


def ahead_with_the_rate(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad(theta - lr * velocity)
    return theta - velocity, velocity


def ahead_with_both(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad(theta - lr * beta * velocity)
    return theta - velocity, velocity


def faded_before_looking(theta, velocity, grad, lr, beta):
    velocity = beta * velocity
    velocity = velocity + lr * grad(theta - beta * velocity)
    return theta - velocity, velocity


def looks_with_the_new_velocity(theta, velocity, grad, lr, beta):
    new = beta * velocity + lr * grad(theta)
    velocity = beta * velocity + lr * grad(theta - beta * new)
    return theta - velocity, velocity


def renewed_twice(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad(theta)
    velocity = beta * velocity + lr * grad(theta - beta * velocity)
    return theta - velocity, velocity


def steps_from_ahead(theta, velocity, grad, lr, beta):
    ahead = theta - beta * velocity
    velocity = beta * velocity + lr * grad(ahead)
    return ahead - velocity, velocity


def next_point_ahead(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad(theta - beta * velocity)
    return theta - velocity - beta * velocity, velocity


def returns_the_point_ahead(theta, velocity, grad, lr, beta):
    ahead = theta - beta * velocity
    return ahead, beta * velocity + lr * grad(ahead)


def rate_left_out(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + grad(theta - beta * velocity)
    return theta - velocity, velocity


def rate_used_twice(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad(theta - beta * velocity)
    return theta - lr * velocity, velocity


def averaged(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + (1 - beta) * lr * grad(theta - beta * velocity)
    return theta - velocity, velocity


def climbs(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad(theta - beta * velocity)
    return theta + velocity, velocity


def memory_thrown_away(theta, velocity, grad, lr, beta):
    velocity, ahead = lr * grad(theta - beta * velocity), theta - beta * velocity
    return ahead - velocity, velocity


def lands_without_memory(theta, velocity, grad, lr, beta):
    velocity = lr * grad(theta - beta * velocity)
    return theta - velocity, velocity


def old_velocity_returned(theta, velocity, grad, lr, beta):
    ahead = theta - beta * velocity
    return ahead - lr * grad(ahead), velocity


def mean_of_two_gradients(theta, velocity, grad, lr, beta):
    slope = (grad(theta) + grad(theta - beta * velocity)) / 2
    velocity = beta * velocity + lr * slope
    return theta - velocity, velocity


def sum_of_two_gradients(theta, velocity, grad, lr, beta):
    slope = grad(theta) + grad(theta - beta * velocity)
    velocity = beta * velocity + lr * slope
    return theta - velocity, velocity


def asks_twice(theta, velocity, grad, lr, beta):
    grad(theta)
    velocity = beta * velocity + lr * grad(theta - beta * velocity)
    return theta - velocity, velocity


def exchanged(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad(theta - beta * velocity)
    return velocity, theta - velocity


def theta_alone(theta, velocity, grad, lr, beta):
    return theta - beta * velocity - lr * grad(theta - beta * velocity)


def moves_the_callers_theta(theta, velocity, grad, lr, beta):
    velocity = beta * velocity
    theta -= velocity
    push = lr * grad(theta)
    return theta - push, velocity + push


def changes_the_callers_velocity(theta, velocity, grad, lr, beta):
    velocity *= beta
    velocity += lr * grad(theta - velocity)
    return theta - velocity, velocity


STEP_MISTAKES = [
    Known("where it stands", asks_where_it_stands,
          "The gradient is asked for at `theta`, where the ball stands: this is the heavy ball."),
    Known("behind", asks_behind,
          "The gradient is asked for behind the ball. The velocity points uphill, so the step subtracts it; "
          "going ahead subtracts too."),
    Known("too far ahead", asks_too_far_ahead,
          "The gradient is asked for a whole velocity ahead; only a share of the velocity survives the step."),
    Known("ahead with lr", ahead_with_the_rate,
          "The way to the point ahead is measured with `lr`. The learning rate is inside the velocity already; "
          "another number says how much of it survives."),
    Known("ahead with both", ahead_with_both,
          "The way to the point ahead holds `lr` once more than it should: the learning rate is in the velocity."),
    Known("faded before looking", faded_before_looking,
          "The velocity fades before you look ahead with it, and then once more: the point ahead comes too near."),
    Known("looks with the new velocity", looks_with_the_new_velocity,
          "You look ahead with a velocity that holds this step's gradient already. Look with the one that came in, "
          "and ask for one gradient only."),
    Known("renewed twice", renewed_twice, "The velocity is renewed twice in one step: it takes in two gradients."),
    Known("steps from ahead", steps_from_ahead,
          "The step starts at the point ahead, so the memory is taken twice. That point is for asking only; "
          "the step starts where the ball stands."),
    Known("next point ahead", next_point_ahead,
          "The step is right, but then you go ahead once more, and return the next point ahead in the place of "
          "`theta`."),
    Known("returns the point ahead", returns_the_point_ahead,
          "You return the point where you asked. The ball still has to make its step, from `theta`."),
    Known("no learning rate", rate_left_out,
          "The learning rate is missing: the gradient enters the velocity at full length."),
    Known("learning rate twice", rate_used_twice,
          "The learning rate is applied twice, in the velocity and in the step."),
    Known("average", averaged, "You took an average: the factor (1 - beta) does not belong here."),
    Known("uphill", climbs, "Your step goes uphill: the velocity is made of gradients, so take it away from `theta`."),
    Known("memory thrown away", memory_thrown_away,
          "The new `theta` is right. But the velocity you return holds the new gradient alone, so the next step "
          "will have no memory."),
    Known("no memory", lands_without_memory,
          "You looked ahead with the memory and then forgot it: the old velocity must be part of the new one."),
    Known("old velocity returned", old_velocity_returned,
          "The new `theta` is right, but the old velocity is returned beside it."),
    Known("mean of two gradients", mean_of_two_gradients,
          "You took the mean of the gradients here and there; the rule asks at one point only."),
    Known("sum of two gradients", sum_of_two_gradients,
          "You added the gradients here and there; the rule asks at one point only."),
    Known("asks twice", asks_twice,
          "The numbers are right, but the gradient is asked for at two points. It is the costly part of a step: "
          "ask once."),
    Known("exchanged", exchanged, "The two values are right but exchanged: `theta` comes first."),
    Known("theta alone", theta_alone, "The new `theta` is right, but the velocity is lost: return it as well."),
    Known("moves the caller's theta", moves_the_callers_theta,
          "The numbers are right, but `-=` moves the caller's own `theta` to the point ahead. Make a new array."),
    Known("changes the caller's velocity", changes_the_callers_velocity,
          "The numbers are right, but `*=` and `+=` change the caller's own `velocity`. Make a new array."),
]  # fmt: skip


def velocity_points_downhill(theta, velocity, grad, lr, beta):
    velocity = beta * velocity - lr * grad(theta + beta * velocity)
    return theta + velocity, velocity


def stored_point(theta, velocity, grad, lr, beta):
    slope = grad(theta)
    velocity = beta * velocity + lr * slope
    return theta - lr * slope - beta * velocity, velocity


def stored_point_rate_outside(theta, velocity, grad, lr, beta):
    slope = grad(theta)
    velocity = beta * velocity + slope
    return theta - lr * (slope + beta * velocity), velocity


def rate_outside(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + grad(theta - lr * beta * velocity)
    return theta - lr * velocity, velocity


STEP_FORMS = [
    Known("velocity downhill", velocity_points_downhill,
          "This is the sign of Sutskever's paper, with a velocity that points downhill and is added. It walks the same "
          "path. This exercise asks for a velocity that is made of uphill gradients and is subtracted."),
    Known("stored point", stored_point,
          "This is a right form in which `theta` stands for the point ahead, and the gradient is asked for there. "
          "This exercise asks for the leap: `theta` is where the ball is."),
    Known("PyTorch", stored_point_rate_outside,
          "This is PyTorch's form: `theta` stands for the point ahead, and the learning rate is outside the velocity. "
          "This exercise asks for the leap, with `lr` inside."),
    Known("learning rate outside", rate_outside,
          "This is the leap with the learning rate outside the velocity. At a constant learning rate it walks the same "
          "path. This exercise asks for `lr` inside the velocity."),
]  # fmt: skip

STEP = Item(
    id="05a.nag_step",
    title="one step of Nesterov's method",
    function="nesterov_step",
    returns=("theta", "velocity"),
    feeds=("theta", "velocity"),
    cases=step_cases,
    properties=momentum_steps.LAWS,
    mistakes=STEP_MISTAKES,
    forms=STEP_FORMS,
    hints=(
        "Three things happen: find the point where the memory alone would lead, renew the velocity with the gradient "
        "asked for there, and make the step from where the ball stands.",
        "The memory alone would subtract the share `beta` of the velocity from `theta`. Give that point a name of its "
        "own, and hand it to `grad`. The last two lines are those of the heavy ball.",
    ),
    praise="Your step equals the library's, and the gradient was asked for once, at the point ahead.",
    points=2.0,
)  # fmt: skip


# ------------------------------------------------------------------ the largest learning rate


def rate_cases(rng):
    """Return calls of `largest_lr`; the first three belong to one law."""
    some = np.round(rng.uniform(0.5, 20.0, 3), 3)
    beta = round(float(rng.uniform(0.5, 0.95)), 3)

    def call(says, beta, curvatures):
        return {"says": says, "arguments": {"beta": beta, "curvatures": np.asarray(curvatures).tolist()}}

    def other_beta():
        return round(float(rng.uniform(0.3, 0.95)), 3)

    many = np.round(rng.uniform(0.1, 50.0, 6), 3)
    return [
        call("three curvatures", beta, some),
        call("all curvatures twice as large", beta, 2 * some),
        call("one more direction, softer than all others", beta, [*some, 0.01]),
        call("a single direction", other_beta(), np.round(rng.uniform(2.0, 9.0, 1), 3)),
        call("the steepest first", other_beta(), np.sort(many)[::-1]),
        call("the steepest last", other_beta(), np.sort(many)),
        call("beta = 0", 0.0, np.round(rng.uniform(2.0, 9.0, 2), 3)),
    ]


def limit_of_the_heavy_ball(beta, curvatures):
    return 2 * (1 + beta) / np.max(curvatures)


def limit_of_gradient_descent(beta, curvatures):
    return 2 / np.max(curvatures)


def softest_direction(beta, curvatures):
    return 2 * (1 + beta) / (1 + 2 * beta) / np.min(curvatures)


def stiffness_for_rate(beta, curvatures):
    return 2 * (1 + beta) / (1 + 2 * beta)


def product_for_quotient(beta, curvatures):
    return 2 * (1 + beta) / (1 + 2 * beta) * np.max(curvatures)


def mean_curvature(beta, curvatures):
    return 2 * (1 + beta) / (1 + 2 * beta) / np.mean(curvatures)


def all_curvatures_together(beta, curvatures):
    return 2 * (1 + beta) / (1 + 2 * beta) / np.sum(curvatures)


def first_direction(beta, curvatures):
    return 2 * (1 + beta) / (1 + 2 * beta) / curvatures[0]


def gain_taken_off(beta, curvatures):
    return 2 * (1 - beta) / np.max(curvatures)


def textbook_choice(beta, curvatures):
    return 1 / np.max(curvatures)


def half_of_it(beta, curvatures):
    return (1 + beta) / (1 + 2 * beta) / np.max(curvatures)


def upside_down(beta, curvatures):
    return (1 + 2 * beta) / (2 + 2 * beta) / np.max(curvatures)


def bracket_forgotten(beta, curvatures):
    return (2 + 2 * beta) / 1 + 2 * beta / np.max(curvatures)


def one_for_each(beta, curvatures):
    return 2 * (1 + beta) / (1 + 2 * beta) / np.asarray(curvatures)


RATE = Item(
    id="05a.max_lr",
    title="the largest learning rate",
    function="largest_lr",
    returns=("lr",),
    feeds=(),
    cases=rate_cases,
    properties=[
        {"says": "With all curvatures twice as large the learning rate must be half as large, and yours is not.",
         "terms": [[1.0, 0, 0], [-2.0, 1, 0]]},
        {"says": "One more direction that is softer than all others must change nothing, and in your answer it does.",
         "terms": [[1.0, 0, 0], [-1.0, 2, 0]]},
    ],
    mistakes=[
        Known("heavy ball", limit_of_the_heavy_ball,
              "That is what the heavy ball bears. Look at the lower bar in the lookahead picture."),
        Known("gradient descent", limit_of_gradient_descent,
              "That is the limit of gradient descent; here `beta` matters too."),
        Known("softest direction", softest_direction,
              "You divided by the softest curvature. Which direction is the first to run away when `lr` grows?"),
        Known("u for lr", stiffness_for_rate, "That is the largest `u`. The learning rate is asked for."),
        Known("multiplied", product_for_quotient,
              "You multiplied by the curvature. The steeper the direction, the smaller the learning rate must be."),
        Known("mean curvature", mean_curvature,
              "You took the mean of the curvatures, which lets the steeper directions run away."),
        Known("sum of curvatures", all_curvatures_together,
              "You added the curvatures up. Each direction moves by itself; one of them decides."),
        Known("first direction", first_direction, "You took the first curvature; they come in no order."),
        Known("gain taken off", gain_taken_off,
              "You divided by the gain 1/(1 - beta). Without noise a run may step much further than that."),
        Known("textbook's choice", textbook_choice,
              "That is a usual choice, and well inside. The edge is asked for, and it depends on `beta`."),
        Known("half of it", half_of_it, "You lost a factor of two: try `beta` = 0, where it must be gradient descent."),
        Known("upside down", upside_down, "The fraction with `beta` is upside down."),
        Known("bracket forgotten", bracket_forgotten,
              "A bracket is missing: Python divides before it adds, so only a part is divided."),
        Known("one for each", one_for_each,
              "You return one number for each direction; one learning rate has to serve them all."),
    ],
    forms=[],
    hints=(
        "Start with one direction: `u` must stay below a fraction made of `beta`. What is `lr`, if you know `u` and "
        "the curvature?",
        "`lr` is `u` divided by the curvature. Every direction gives such a number; the smallest of them counts.",
    ),
    praise="That is the edge, for any set of curvatures: the steepest direction alone decides.",
    points=1.0,
)  # fmt: skip


# ------------------------------------------------------------------ from the stored point to the ball


def shift_cases(rng):
    """Return calls of `ball_itself`; the first three belong to one law."""

    def numbers(*shape):
        return np.round(rng.uniform(0.5, 3.0, shape) * rng.choice([-1.0, 1.0], shape), 3).tolist()

    def call(says, shape=(2,), *, like=None, **changes):
        fresh = {
            "stored": numbers(*shape),
            "buffer": numbers(*shape),
            "lr": round(float(rng.uniform(0.02, 0.3)), 3),
            "beta": round(float(rng.uniform(0.5, 0.95)), 3),
        }
        return {"says": says, "arguments": {**(like["arguments"] if like else fresh), **changes}}

    one = call("two numbers")
    buffer = np.array(one["arguments"]["buffer"])
    return [
        one,
        call("a buffer twice as large", like=one, buffer=(2 * buffer).round(6).tolist()),
        call("a buffer three times as large", like=one, buffer=(3 * buffer).round(6).tolist()),
        call("an empty buffer", buffer=[0.0, 0.0]),
        call("beta = 0", beta=0.0),
        call("a single number", shape=(1,)),
        call("three runs at once, arrays of shape (3, 2)", shape=(3, 2)),
    ]


def further_ahead(stored, buffer, lr, beta):
    return stored - beta * lr * buffer


def buffer_for_velocity(stored, buffer, lr, beta):
    return stored + beta * buffer


def whole_velocity(stored, buffer, lr, beta):
    return stored + lr * buffer


def whole_buffer(stored, buffer, lr, beta):
    return stored + buffer


def where_it_was(stored, buffer, lr, beta):
    return np.array(stored)


def share_lost(stored, buffer, lr, beta):
    return stored + (1 - beta) * lr * buffer


def a_step_further(stored, buffer, lr, beta):
    return stored - lr * buffer


def only_the_way(stored, buffer, lr, beta):
    return beta * lr * buffer


def rate_divided_out(stored, buffer, lr, beta):
    return stored + beta * buffer / lr


def scaled_back(stored, buffer, lr, beta):
    return stored + lr * buffer / (1 - beta)


def stored_moved(stored, buffer, lr, beta):
    stored += beta * lr * buffer
    return stored


def buffer_scaled(stored, buffer, lr, beta):
    buffer *= lr
    return stored + beta * buffer


SHIFT = Item(
    id="05a.shift_map",
    title="where the ball is",
    function="ball_itself",
    returns=("theta",),
    feeds=(),
    cases=shift_cases,
    properties=[
        {"says": "When the buffer grows in equal steps, so must the way from the stored point to the ball.",
         "terms": [[1.0, 0, 0], [-2.0, 1, 0], [1.0, 2, 0]]},
    ],
    mistakes=[
        Known("further ahead", further_ahead,
              "You went ahead once more. The stored point is ahead already: go back."),
        Known("buffer for velocity", buffer_for_velocity,
              "You used the buffer as if it were the velocity. What does the buffer lack?"),
        Known("whole velocity", whole_velocity,
              "You went back a whole velocity. The point ahead is nearer than that."),
        Known("whole buffer", whole_buffer,
              "You added the whole buffer. Two numbers turn it into the way from the ball to the point ahead."),
        Known("nothing changed", where_it_was, "You return the stored point: that is where the ball looked, not where "
              "it is."),
        Known("what is lost", share_lost,
              "You used the share of the velocity that is lost, 1 - beta. The point ahead is made with what survives."),
        Known("a step further", a_step_further,
              "You made another step. Nothing moves here: one point is to be found from the other."),
        Known("only the way", only_the_way, "That is the way between the two points; the point itself is asked for."),
        Known("lr divided out", rate_divided_out,
              "You divided by the learning rate. The buffer is made of bare gradients; how does a velocity come out?"),
        Known("gain", scaled_back, "1/(1 - beta) is the gain of a steady push; no sum over all steps is needed here."),
        Known("stored moved", stored_moved,
              "The number is right, but `+=` changes the array that was loaded. Make a new one."),
        Known("buffer scaled", buffer_scaled,
              "The number is right, but `*=` changes the caller's buffer, and the program needs it for its next step."),
    ],
    forms=[],
    hints=(
        "Write down what the stored point is, with `theta` and the velocity in it, and solve for `theta`.",
        "The point ahead is `theta` less `beta` times the velocity, so you have to give that much back. The "
        "velocity is made from the buffer with the learning rate.",
    ),
    praise="That is the ball. At the end of a run, when the velocity is nearly zero, the two points meet.",
    points=1.0,
)  # fmt: skip

# ------------------------------------------------------------------ a number

OVERSHOOT = Number(
    id="05a.overshoot",
    title="how far past",
    answer="lowest",
    mistakes=[
        Wrong("heavy ball", -0.708974, "That is how far the heavy ball swings. Where is the gradient asked for here?"),
        Wrong("lr 0.1", -0.354595, "That is the lowest point with `lr` 0.1; here it is 0.2."),
        Wrong("no sign", 0.332574, "The size is right. The lowest point lies past 0, so give it its sign."),
        Wrong("points ahead", -0.415718, "That is the lowest of the points ahead; the ball itself does not get there."),
        Wrong("first one past", -0.086686, "That is the first point past 0. The run goes on, and lower."),
        Wrong("never past", 0.0, "Gradient descent would stay above 0 here; with a memory the run does shoot past."),
        Wrong("beta less u", -0.30025, "You took u away from beta. A share is taken: multiply by 1 - u."),
    ],
    hints=(
        "A loop of three lines does it: the point ahead, the velocity, the step. Keep the smallest `theta`.",
        "Or run a heavy ball: with `lr` 0.2 and curvature 1, `u` is 0.2, and what is left of `beta` is 0.72.",
    ),
    praise="Less deep than with half the learning rate: a stiffer step brings more friction with it.",
)

# ------------------------------------------------------------------ questions

QUESTIONS = [
    Ordering(
        "05a.order",
        "the lines of Nesterov's step",
        "Put the lines of one step of Nesterov's method in order.",
        ("ahead = theta - beta * velocity", "g = grad(ahead)", "velocity = beta * velocity + lr * g",
         "theta = theta - velocity"),
        [
            Wrong("gradient first", (1, 0, 2, 3), "The gradient is asked for at `ahead`, which does not exist yet."),
            Wrong("velocity too early", (0, 2, 1, 3), "The velocity needs `g`, so the gradient comes before it."),
            Wrong("velocity first", (2, 0, 1, 3), "The velocity needs `g`; and you must look with the velocity that "
                  "came in."),
            Wrong("step too early", (0, 1, 3, 2), "This steps with the old velocity, and is one step late."),
            Wrong("step first", (3, 0, 1, 2), "This moves before it has looked."),
        ],
        "That is one step: look, ask, remember, move.",
    ),
    Question(
        "05a.limits",
        "which learning rates they bear",
        "One direction of a quadratic, exact gradients, `beta` 0.9. Below which `u` = `lr` times curvature does each "
        "of the two converge?",
        (
            Option("smaller", "heavy ball 3.8, Nesterov 1.36", "Nesterov's method brakes better, inside a smaller "
                   "garden."),
            Option("larger", "heavy ball 1.36, Nesterov 3.8", "Swinging less is one thing, bearing more another. Set u "
                   "to 1.5 in the lookahead picture, and see which run leaves the frame.", "Nesterov is more stable"),
            Option("two", "heavy ball 2, Nesterov 2", "That is gradient descent. Look at the two bars in the lookahead "
                   "picture while you move beta.", "memory changes the speed and not the limit"),
            Option("gain", "heavy ball 0.2, Nesterov 0.2", "Set u to 1 in the lookahead picture: both converge.",
                   "the gain 1/(1 - beta) decides what is stable"),
        ),
    ),
    Question(
        "05a.future",
        "what it knows",
        "What does Nesterov's method use that the heavy ball does not?",
        (
            Option("slope", "The gradient at the point that its memory leads to.",
                   "That point is made of `theta` and `velocity`, and of nothing that is still to come."),
            Option("landing", "The gradient at the point where it is going to land.",
                   "Compare the diamond with the landing in the lookahead picture: they are two points.",
                   "it looks into the future"),
            Option("bend", "How far it still has to go to the lowest point.",
                   "Press \"u = 0.1: both swing past\" in the lookahead picture, and read the overshoot.",
                   "it sees the bend coming"),
            Option("curvature", "The curvature, which it is given with the rate.",
                   "Run the step by hand: its only question is `grad`. Read the sentence of the lookahead picture for "
                   "what the curvature does all the same.", "the friction is set beforehand"),
        ),
    ),
    Question(
        "05a.brake",
        "where it brakes",
        "`lr` and `beta` stay as they are, on a quadratic. Where does Nesterov's method lose the most of its velocity?",
        (
            Option("steep", "In steep directions, at every step alike.",
                   "beta * (1 - u) is small where u is near 1, and no step is an exception."),
            Option("late", "In all directions, shortly before the bend.",
                   "Move the step in the lookahead picture: the momentum in the sentence stays what it is.",
                   "it brakes when the bend comes"),
            Option("alike", "In all directions alike, at every step.",
                   "Read the two momenta in the sentence of the lookahead picture, and move u.",
                   "it is a heavy ball with a smaller beta"),
            Option("soft", "In soft directions, at every step alike.",
                   "Read the two momenta in the sentence of the lookahead picture: which one is smaller?",
                   "friction helps where progress is slow"),
        ),
    ),
]  # fmt: skip

ITEMS = [STEP, OVERSHOOT, RATE, SHIFT, *QUESTIONS]
