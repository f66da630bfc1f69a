"""The exercise of lesson 01: cases, laws, known mistakes and hints."""

import numpy as np

from course.authoring import Item, Known


def cases(rng):
    """Return the calls of `momentum_step`, from everyday ones to the corners where mistakes show."""

    def numbers(*shape):
        return np.round(rng.uniform(0.5, 3.0, shape) * rng.choice([-1.0, 1.0], shape), 3).tolist()

    def call(says, shape=(2,), *, lr=None, beta=None, repeat=1, stretch=1.0, like=None, velocity=None):
        fresh = {
            "theta": numbers(*shape),
            "velocity": numbers(*shape),
            "grad": {
                "quadratic": np.round(rng.uniform(0.2, 5.0, shape[-1:]), 3).tolist(),
                "minimum": numbers(*shape[-1:]),
            },
            "lr": round(float(rng.uniform(0.02, 0.15)), 3),
            "beta": round(float(rng.uniform(0.5, 0.95)), 3),
        }
        arguments = dict(like["arguments"]) if like else fresh
        curvatures = [round(stretch * c, 6) for c in arguments["grad"]["quadratic"]]
        arguments["grad"] = {**arguments["grad"], "quadratic": curvatures}
        changes = {"lr": lr, "beta": beta, "velocity": velocity}
        arguments.update({name: value for name, value in changes.items() if value is not None})
        return {"says": says, "arguments": arguments, "repeat": repeat}

    moving = call("two coordinates and a velocity that is not zero")
    no_memory = call("beta = 0", beta=0.0)
    return [
        moving,
        call("a ball at rest (velocity zero)", velocity=[0.0, 0.0]),
        no_memory,
        call("beta = 0 and another velocity", like=no_memory, velocity=numbers(2)),
        call("the gradient twice as large", like=moving, stretch=2.0),
        call("the gradient three times as large", like=moving, stretch=3.0),
        call("lr = 0, so that the ball only coasts", lr=0.0),
        call("a single coordinate", shape=(1,)),
        call("five coordinates", shape=(5,)),
        call("three runs at once, theta of shape (3, 2)", shape=(3, 2)),
        call("six steps in a row, each fed with what the last returned", repeat=6),
    ]


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

ITEMS = [
    Item(
        id="01.one_more_line",
        title="one step of the heavy ball",
        function="momentum_step",
        returns=("theta", "velocity"),
        feeds=("theta", "velocity"),
        cases=cases,
        properties=[
            {"says": "With beta = 0 the old velocity must not matter, and in your answer it does.",
             "terms": [[1.0, 2, 0], [-1.0, 3, 0]]},
            {"says": "When the gradient grows in equal steps, so must the new velocity, and yours does not.",
             "terms": [[1.0, 0, 1], [-2.0, 4, 1], [1.0, 5, 1]]},
            {"says": "When the gradient grows in equal steps, so must the move of `theta`, and yours does not.",
             "terms": [[1.0, 0, 0], [-2.0, 4, 0], [1.0, 5, 0]]},
        ],
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
    ),
]  # fmt: skip
