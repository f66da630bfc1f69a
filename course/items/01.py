"""The exercises and questions of lesson 01: cases, laws, known mistakes and hints."""

from course.momentum_steps import LAWS, cases
from momentum_lab.authoring import Goal, Item, Known, Option, Ordering, Question, Wrong

# ------------------------------------------------------------------ what learners are known to write


def wrong_way(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad(theta)
    return theta + velocity, velocity


def gradient_uphill(theta, velocity, grad, lr, beta):
    velocity = beta * velocity - lr * grad(theta)
    return theta - velocity, velocity


def no_learning_rate(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + grad(theta)
    return theta - velocity, velocity


def learning_rate_twice(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad(theta)
    return theta - lr * velocity, velocity


def learning_rate_on_all(theta, velocity, grad, lr, beta):
    velocity = lr * (beta * velocity + grad(theta))
    return theta - velocity, velocity


def average(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + (1 - beta) * lr * grad(theta)
    return theta - velocity, velocity


def memory_reversed(theta, velocity, grad, lr, beta):
    velocity = -beta * velocity + lr * grad(theta)
    return theta - velocity, velocity


def nothing_moves(theta, velocity, grad, lr, beta):
    return theta, velocity


def nothing_fades(theta, velocity, grad, lr, beta):
    velocity = velocity + lr * grad(theta)
    return theta - velocity, velocity


def fades_all(theta, velocity, grad, lr, beta):
    velocity = beta * (velocity + lr * grad(theta))
    return theta - velocity, velocity


def no_memory(theta, velocity, grad, lr, beta):
    velocity = lr * grad(theta)
    return theta - velocity, velocity


def swapped_knobs(theta, velocity, grad, lr, beta):
    velocity = lr * velocity + beta * grad(theta)
    return theta - velocity, velocity


def one_step_late(theta, velocity, grad, lr, beta):
    return theta - velocity, beta * velocity + lr * grad(theta)


def memory_not_returned(theta, velocity, grad, lr, beta):
    new = beta * velocity + lr * grad(theta)
    return theta - new, velocity


def looks_ahead(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad(theta - beta * velocity)
    return theta - velocity, velocity


def step_without_memory(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad(theta)
    return theta - lr * grad(theta), velocity


def returned_the_other_way(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad(theta)
    return velocity, theta - velocity


def only_theta(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + lr * grad(theta)
    return theta - velocity


def in_place(theta, velocity, grad, lr, beta):
    velocity *= beta
    velocity += lr * grad(theta)
    return theta - velocity, velocity


def both_in_place(theta, velocity, grad, lr, beta):
    velocity *= beta
    velocity += lr * grad(theta)
    theta -= velocity
    return theta, velocity


MISTAKES = [
    Known("wrong way", wrong_way,
          "Your step goes the wrong way: the velocity is made of gradients, which point uphill. "
          "Take it away from `theta`."),
    Known("gradient uphill", gradient_uphill,
          "The gradient enters the velocity with the wrong sign for a velocity that is subtracted afterwards."),
    Known("no learning rate", no_learning_rate,
          "The learning rate is missing: the gradient enters the velocity at full length."),
    Known("learning rate twice", learning_rate_twice,
          "The learning rate is applied twice, once inside the velocity and once in the step."),
    Known("learning rate on everything", learning_rate_on_all,
          "The learning rate multiplies the old velocity too; it belongs to the new gradient only."),
    Known("average", average,
          "You took an average: the factor (1 - beta) makes every step 1 - beta times too short. "
          "The heavy ball adds up; it does not average."),
    Known("memory reversed", memory_reversed,
          "The old velocity enters with the wrong sign: what survives of it pushes on, it does not push back."),
    Known("nothing moves", nothing_moves,
          "Nothing has moved: `theta` and `velocity` come back as they went in."),
    Known("nothing fades", nothing_fades,
          "beta is missing: without it nothing of the old velocity ever fades."),
    Known("everything fades", fades_all,
          "beta multiplies the new gradient too; only the old velocity fades."),
    Known("no memory", no_memory,
          "The old velocity is not used: this is plain gradient descent, trace A of the race."),
    Known("knobs swapped", swapped_knobs,
          "lr and beta are exchanged: beta belongs to the old velocity, lr to the gradient."),
    Known("one step late", one_step_late,
          "The step uses the old velocity; it should use the one you have just computed."),
    Known("memory not returned", memory_not_returned,
          "The step is right, but the old velocity is returned, so the next step will have forgotten this one."),
    Known("looks ahead", looks_ahead,
          "The gradient is asked for ahead of `theta`, at `theta - beta * velocity`. That is Nesterov's method, "
          "lesson 5; the heavy ball asks where it stands."),
    Known("step without memory", step_without_memory,
          "The velocity is right, but the step uses the new gradient alone; take the whole velocity."),
    Known("returned the other way round", returned_the_other_way,
          "The two values are right but exchanged: return `theta` first, then `velocity`."),
    Known("only theta", only_theta,
          "The step is right, but the new velocity is lost: return it beside `theta`."),
    Known("changes its input", in_place,
          "The numbers are right, but `*=` and `+=` change the caller's own `velocity`. Make a new array instead."),
    Known("changes both inputs", both_in_place,
          "The numbers are right, but the in-place operators change the caller's own `theta` and `velocity`. "
          "Make new arrays instead."),
]  # fmt: skip


# ------------------------------------------------------------------ right, in another form


def learning_rate_outside(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + grad(theta)
    return theta - lr * velocity, velocity


def velocity_downhill(theta, velocity, grad, lr, beta):
    velocity = beta * velocity - lr * grad(theta)
    return theta + velocity, velocity


def average_outside(theta, velocity, grad, lr, beta):
    velocity = beta * velocity + (1 - beta) * grad(theta)
    return theta - lr * velocity, velocity


FORMS = [
    Known("learning rate outside", learning_rate_outside,
          "This is PyTorch's form, with the learning rate outside the velocity. At a constant learning rate it "
          "walks the same path. This exercise asks for the form of the lesson, with `lr` inside the velocity."),
    Known("velocity downhill", velocity_downhill,
          "This is the form with a velocity that points downhill and is added. It walks the same path. "
          "This exercise asks for a velocity that is made of uphill gradients and is subtracted."),
    Known("average, learning rate outside", average_outside,
          "This is the averaging form, as in Adam's first moment. It walks the same path only with a learning "
          "rate 1/(1 - beta) times larger. This exercise asks for the sum, with `lr` inside the velocity."),
]  # fmt: skip

STEP = Item(
        id="01.one_more_line",
        title="one step of the heavy ball",
        function="momentum_step",
        returns=("theta", "velocity"),
        feeds=("theta", "velocity"),
        cases=cases,
        properties=LAWS,
        mistakes=MISTAKES,
        forms=FORMS,
        hints=(
            "Two things happen in a step. First the velocity is renewed: what survives of the old one, plus this "
            "step's push. Then `theta` gives up one whole velocity.",
            "The push is the learning rate times the gradient where the ball stands, `grad(theta)`. What survives "
            "is the share `beta` of the old velocity. Write the sum into `velocity` before you use it.",
        ),
        praise="Your step equals the library's: at rest, moving, coasting, without memory, in a row, and in any shape.",
        points=2.0,
    )  # fmt: skip

GOAL = Goal(
    id="01.goal",
    title="faster than the textbook",
    answer="goal",
    settings={"lr": (0.0, 1.0), "beta": (0.0, 0.999)},
    simulation="race to a share",
    options={"share": 1e-3, "steps": 300},
    low=1,
    high=20,
    goal="The goal is step 20.",
    mistakes=[
        Wrong("long-run rates", {"lr": 0.330579, "beta": 0.669421},
              "These are the best rates in the long run. A short race has other winners: the goal is step 20."),
        Wrong("gradient descent at its best", {"lr": 0.198, "beta": 0.0},
              "With beta 0 this is gradient descent, and no learning rate brings it near step 20. Let it remember."),
        Wrong("the usual beta", {"lr": 0.330579, "beta": 0.9},
              "A beta of 0.9 keeps the swing alive too long for a valley of this kind. Try less memory."),
        Wrong("the cautious run", {"lr": 0.1, "beta": 0.9},
              "One over the steepest curvature is a careful learning rate; with much memory the ball overshoots "
              "along the valley and has to come back. Try a larger rate and less memory."),
    ],
    hints=(
        "Both knobs matter. Less memory than the textbook's lets the swing across the valley die sooner.",
        "Look at the picture of the race with the step set to 20, and lower both knobs a little at a time: a learning "
        "rate below 0.3 and a beta below 0.6 are in the right country.",
    ),
    praise="That beats the textbook's 39 and gradient descent's best by far. The best found on a fine grid is 17.",
)  # fmt: skip

READY = [
    Question(
        "01.ready_slope",
        "ready: a slope",
        "Are you ready? The loss is `(theta - 3) ** 2 / 2`. What is its slope at `theta = 7`?",
        (
            Option("four", "4", "The slope is the distance from the lowest point here."),
            Option("five", "7", "7 is where you stand; the slope is zero at 3, so count from there. "
                   "The cell below prints a small table of slopes.", "the slope is the position"),
            Option("height", "the loss itself, (7 - 3) ** 2 / 2",
                   "The height of a hill says nothing about its slope. The cell below prints both.", "slope is height"),
            Option("minus", "-4", "To the right of the lowest point the loss rises, so the slope is positive.",
                   "the slope points downhill"),
        ),
        recalled=False,
    ),
    Question(
        "01.ready_array",
        "ready: arrays",
        "`a = np.array([1.0, 2.0])` and `b = np.array([10.0, 1.0])`. What is `a * b`?",
        (
            Option("each", "[10., 2.]", "NumPy multiplies entry by entry."),
            Option("dot", "12.0", "That is the sum of the products, `a @ b`. A star alone goes entry by entry.",
                   "a star is the dot product"),
            Option("table", "a table with four products", "That would be `np.outer(a, b)`.", "all pairs"),
            Option("error", "an error", "Two arrays of one shape can always be multiplied.", "arrays do not multiply"),
        ),
        recalled=False,
    ),
    Question(
        "01.ready_name",
        "ready: names and arrays",
        "`b = a`, then `b += 1.0`, where `a` is a NumPy array. What has become of `a`?",
        (
            Option("changed", "It has grown by 1 as well.", "Both names mean one array, and `+=` works inside it."),
            Option("same", "It is as it was.", "`b = a` copies no array, it gives it a second name. Try `b = a + 1.0`, "
                   "which makes a new one.", "a second name is a copy"),
            Option("gone", "It does not exist any more.", "A name keeps what it means until it is given another.",
                   "a value has one name"),
            Option("error", "Python stops with an error.", "Arrays may be changed in place.", "arrays cannot change"),
        ),
        recalled=False,
    ),
    Question(
        "01.ready_share",
        "ready: a share of a share",
        "Something loses a tenth of itself at every step. What is left after two steps?",
        (
            Option("product", "81 %", "A tenth less, of what was left: 0.9 times 0.9."),
            Option("sum", "80 %", "The second tenth is taken of what is left, not of the start.", "shares add up"),
            Option("once", "90 %", "That is after one step.", "one step counted"),
            Option("tenth", "1 %", "That is a tenth of a tenth; what is lost is a tenth, what stays is more.",
                   "what is lost is what is left"),
        ),
        recalled=False,
    ),
]  # fmt: skip

QUESTIONS = [
    Question(
        "01.why",
        "why the heavy ball wins",
        "Why is the heavy ball home first in the race of lesson 1?",
        (
            Option("rates", "In the long run both parts of its distance shrink by more at each step.",
                   "Both of its parts lose more at each step, once the first swing is over."),
            Option("calm", "It calms the zigzag across the valley from the first step on.",
                   "Look at the lane across the valley in the dots race: its first swing is the wilder one.",
                   "momentum only smooths"),
            Option("lucky", "It happens to start in a better direction than the other one.",
                   "Both make the same kind of first step from the same line; move the origin in the dots race.",
                   "a lucky start"),
            Option("larger", "Its learning rate is larger, and nothing else is different.",
                   "Give gradient descent that learning rate in the dots race, and watch it.",
                   "momentum is a larger learning rate"),
        ),
    ),
    Question(
        "01.beta_zero",
        "beta = 0",
        "What does the heavy ball do with `beta = 0`?",
        (
            Option("descent", "It is gradient descent.", "Nothing of the velocity survives, so each step is new."),
            Option("rest", "It stays where it is.", "beta multiplies the old velocity only; the push is still there. "
                   "Try it in the dots race.", "beta scales the step"),
            Option("coast", "It keeps its first velocity.", "That would be beta = 1 without pushes.",
                   "beta is a brake"),
            Option("fast", "It diverges at any learning rate.", "Try it in the dots race with the learning rate 0.1.",
                   "no beta means no control"),
        ),
    ),
    Question(
        "01.velocity",
        "what the velocity is made of",
        "In the course's form of the rule, what is the velocity made of?",
        (
            Option("uphill", "Gradients times the learning rate, so it points uphill.",
                   "The step takes it away from theta."),
            Option("downhill", "Steps, so it points downhill.",
                   "That is the other sign convention; here the step subtracts the velocity. See the names in "
                   "lesson 1.", "the velocity is the step"),
            Option("points", "Earlier points, so it remembers where the ball was.",
                   "No point enters it. Run the code of B in lesson 1 by hand for one step.", "it remembers places"),
            Option("losses", "Earlier losses, so it remembers how well it went.",
                   "The rule never looks at the loss, only at `grad`. See the code in lesson 1.",
                   "an optimizer sees the loss"),
        ),
    ),
    Question(
        "01.fair",
        "a fair race",
        "Two optimizers are compared at the same learning rate. What does the result tell you?",
        (
            Option("little", "Little, until each is tuned for the same finish.",
                   "A race must say how each runner was tuned, and for which finish."),
            Option("better", "Which of the two is the better one.",
                   "In lesson 1 three runs swap their places between step 10 and the end; see the table there.",
                   "same learning rate is fair"),
            Option("faster", "Which of the two needs less computing time.",
                   "Steps are no seconds, and the finish is still open.", "steps are seconds"),
            Option("safe", "Which of the two can never diverge.",
                   "Both diverge in the dots race when their learning rate is raised.", "one setting proves safety"),
        ),
    ),
    Question(
        "01.polyak",
        "what Polyak proved",
        "For which functions did Polyak prove the fast rate of the heavy ball in 1964?",
        (
            Option("quadratics", "For quadratics, and close to a minimum that looks like one.",
                   "Far away from a minimum the curvature can change, and the proof does not reach there."),
            Option("convex", "For every smooth convex function.",
                   "That claim came in 1983, for another method; move the timeline there.",
                   "the heavy ball is fast on all convex functions"),
            Option("networks", "For the losses of neural networks.", "Networks were trained so from 1986 on; see the "
                   "timeline.", "it was made for networks"),
            Option("noisy", "For noisy gradients.", "His gradients are exact; see the timeline.", "it averages noise"),
        ),
    ),
    Ordering(
        "01.story",
        "the story in order",
        "Put the story in order, the earliest first.",
        (
            "a step that adds a share of the last one, for large linear systems",
            "the same step for minimisation, with its rate on quadratics",
            "a gradient asked for ahead of the point, for all smooth convex functions",
            "the step with a share of the last one, for networks with hidden units",
            "averages of gradients and of squared gradients, for noisy problems",
        ),
        [
            Wrong("networks before convex", (0, 1, 3, 2, 4),
                  "The networks of 1986 came three years after the method for convex functions."),
            Wrong("minimisation first", (1, 0, 2, 3, 4),
                  "The linear systems came first; move the timeline to 1950."),
            Wrong("backwards", (4, 3, 2, 1, 0), "This is the latest first."),
        ],
        "That is the order of the papers.",
    ),
]  # fmt: skip

ITEMS = [*READY, STEP, GOAL, *QUESTIONS]
