"""The exercises and questions of lesson 06b: cases, laws, known mistakes and hints."""

import numpy as np

from momentum_lab.authoring import Blank, Item, Known, Number, Option, Question, Wrong

# ------------------------------------------------------------------ carry a run over


def convert_cases(rng):
    """Return calls of `to_pytorch`, each form with ordinary settings and at the edges."""

    def call(says, form, like=None, **changes):
        fresh = {
            "lr": round(float(rng.uniform(0.02, 0.4)), 3),
            "beta": round(float(rng.uniform(0.6, 0.95)), 3),
            "memory": np.round(rng.uniform(0.5, 3.0, 3) * rng.choice([-1.0, 1.0], 3), 3).tolist(),
        }
        return {"says": says, "arguments": {"form": form, **(like or fresh), **changes}}

    first = call("an average", "average")
    settings = {name: first["arguments"][name] for name in ("lr", "beta", "memory")}
    return [
        first,
        call("the same average, twice as large", "average", settings, memory=[2 * m for m in settings["memory"]]),
        call("lr inside", "inside"),
        call("Keras", "Keras"),
        call("an average with beta = 0", "average", beta=0.0),
        call("lr inside, beta = 0.99", "inside", beta=0.99),
        call("Keras, with lr = 1", "Keras", lr=1.0),
        call("a memory of zeros", "inside", memory=[0.0, 0.0]),
    ]


def _changed(**forms):
    """Return the right conversion, but for the forms given as functions of (lr, beta, memory)."""

    def to_pytorch(form, lr, beta, memory):
        return {**RIGHT, **forms}[form](lr, beta, memory)

    return to_pytorch


RIGHT = {
    "inside": lambda lr, beta, memory: (lr, memory / lr),
    "Keras": lambda lr, beta, memory: (lr, -memory / lr),
    "average": lambda lr, beta, memory: ((1 - beta) * lr, memory / (1 - beta)),
}


def memory_as_it_is(form, lr, beta, memory):
    return RIGHT[form](lr, beta, memory)[0], memory


def at_rest_again(form, lr, beta, memory):
    return RIGHT[form](lr, beta, memory)[0], 0 * memory


def rate_as_it_is(form, lr, beta, memory):
    return lr, RIGHT[form](lr, beta, memory)[1]


def places_exchanged(form, lr, beta, memory):
    return RIGHT[form](lr, beta, memory)[::-1]


def memory_changed(form, lr, beta, memory):
    if form == "average":
        memory /= 1 - beta
        return (1 - beta) * lr, memory
    memory /= lr if form == "inside" else -lr
    return lr, memory


def signs_of_keras_everywhere(form, lr, beta, memory):
    rate, buffer = RIGHT[form](lr, beta, memory)
    return rate, -buffer


def no_form_asked(form, lr, beta, memory):
    return lr, memory / lr


CONVERT = Item(
    id="06b.convert",
    title="carry a run over",
    function="to_pytorch",
    returns=("lr", "buffer"),
    feeds=(),
    cases=convert_cases,
    properties=[
        {"says": "A memory twice as large makes a buffer twice as large, in every form; yours does not.",
         "terms": [[2.0, 0, 1], [-1.0, 1, 1]]},
        {"says": "The learning rate does not depend on what is remembered; yours does.",
         "terms": [[1.0, 0, 0], [-1.0, 1, 0]]},
    ],
    mistakes=[
        Known("memory as it is", memory_as_it_is,
              "The learning rate is right, but the memory is handed over as it is. Its unit changes too."),
        Known("at rest again", at_rest_again,
              "You start PyTorch at rest. Then the next step forgets all that was remembered."),
        Known("learning rate as it is", rate_as_it_is,
              "The buffers are right. But the average takes shorter steps than a sum, so its lr has to change."),
        Known("multiplied by lr", _changed(
            inside=lambda lr, beta, memory: (lr, memory * lr), Keras=lambda lr, beta, memory: (lr, -memory * lr)),
              "With lr inside, you multiply by lr what already holds it. Then it would be in there twice."),
        Known("sign of Keras", _changed(Keras=lambda lr, beta, memory: (lr, memory / lr)),
              "In the Keras form the velocity is added, so it points downhill. Which way does a buffer point?"),
        Known("all signs turned", signs_of_keras_everywhere, "All your signs are turned; a buffer points uphill."),
        Known("average shrunk", _changed(average=lambda lr, beta, memory: ((1 - beta) * lr, (1 - beta) * memory)),
              "The sum is larger than the average, and yours is smaller."),
        Known("lr of the average grown", _changed(
            average=lambda lr, beta, memory: (lr / (1 - beta), memory / (1 - beta))),
              "For the average your buffer grows and your lr grows too. Their product must stay what it was."),
        Known("average unscaled", _changed(average=lambda lr, beta, memory: ((1 - beta) * lr, memory)),
              "For the average you changed lr alone. The next step is then too short: scale the memory as well."),
        Known("beta for one minus beta", _changed(
            average=lambda lr, beta, memory: (beta * lr, memory / (beta or 1e-3))),
              "For the average you used beta. The new gradient enters with another share."),
        Known("average treated as inside", no_form_asked, "You treat all three forms alike; look at `form`."),
        Known("effective rate", _changed(
            inside=lambda lr, beta, memory: (lr / (1 - beta), memory / lr * (1 - beta)),
            Keras=lambda lr, beta, memory: (lr / (1 - beta), -memory / lr * (1 - beta))),
              "With lr inside you hand over lr / (1 - beta). The next step fits, but later gradients enter too large."),
        Known("order exchanged", places_exchanged, "The order is the other way: first lr, then the buffer."),
        Known("memory changed", memory_changed,
              "You divide in place, which changes the caller's array. Make a new one."),
    ],
    forms=[],
    hints=(
        "Two things must agree: what becomes of the memory at the next step, and what one new gradient adds to that "
        "step. The second one tells you the lr.",
        "Write the old memory as some factor times the sum of gradients; dividing by that factor gives the buffer. For "
        "the average the factor goes into lr; for the two others lr stays.",
    ),
    praise="The run goes on as if nothing had happened, from each of the three forms.",
    points=1.0,
)  # fmt: skip


# ------------------------------------------------------------------ PyTorch's SGD


def torch_cases(rng):
    """Return calls of `torch_points`."""

    def numbers(count):
        return np.round(rng.uniform(0.5, 3.0, count) * rng.choice([-1.0, 1.0], count), 3).tolist()

    def call(says, count=2, *, like=None, steps=5, drop=False, **changes):
        lr = round(float(rng.uniform(0.03, 0.12)), 3)
        fresh = {
            "theta": numbers(count),
            "grad": {"quadratic": np.round(rng.uniform(0.5, 4.0, count), 3).tolist(), "minimum": numbers(count)},
            "rates": [lr] * steps if not drop else [lr] * 3 + [round(lr / 5, 4)] * (steps - 3),
            "momentum": round(float(rng.uniform(0.6, 0.9)), 3),
            "dampening": 0.0,
            "nesterov": False,
            "weight_decay": 0.0,
        }
        return {"says": says, "arguments": {**(like["arguments"] if like else fresh), **changes}}

    one = call("momentum and nothing else")
    other = call("momentum and nothing else, from another start", like=one, theta=numbers(2))
    halfway = np.mean([one["arguments"]["theta"], other["arguments"]["theta"]], axis=0).tolist()
    decay = round(float(rng.uniform(0.2, 0.6)), 3)
    return [
        one,
        other,
        call("a start halfway between two others", like=one, theta=halfway),
        call("a learning rate that drops", steps=6, drop=True),
        call("dampening", dampening=round(float(rng.uniform(0.2, 0.45)), 3)),
        call("nesterov", nesterov=True),
        call("weight decay", weight_decay=decay),
        call("nesterov, weight decay and a learning rate that drops", steps=6, drop=True, nesterov=True,
             weight_decay=decay),
        call("dampening and weight decay", dampening=0.3, weight_decay=decay),
        call("momentum 0 with dampening", momentum=0.0, dampening=0.4),
        call("one step in one coordinate, with dampening", count=1, steps=1, dampening=0.5),
    ]  # fmt: skip


def _walk(step):
    """Return a whole run whose single step is `step(theta, buffer, grad, lr, momentum, dampening, nesterov, decay)`."""

    def torch_points(theta, grad, rates, momentum, dampening, nesterov, weight_decay):
        buffer, points = None, [theta]
        for lr in rates:
            theta, buffer = step(theta, buffer, grad, lr, momentum, dampening, nesterov, weight_decay)
            points.append(theta)
        return np.array(points)

    return torch_points


def _remember(buffer, g, m, d):
    return g if buffer is None else m * buffer + (1 - d) * g


def _move(theta, buffer, g, lr, m, nesterov):
    return theta - lr * (g if not m else g + m * buffer if nesterov else buffer), buffer


@_walk
def right_points(theta, buffer, grad, lr, m, d, nesterov, decay):
    g = grad(theta) + decay * theta
    return _move(theta, _remember(buffer, g, m, d) if m else None, g, lr, m, nesterov)


@_walk
def first_dampened(theta, buffer, grad, lr, m, d, nesterov, decay):
    g = grad(theta) + decay * theta
    old = np.zeros_like(theta) if buffer is None else buffer
    return _move(theta, m * old + (1 - d) * g if m else None, g, lr, m, nesterov)


@_walk
def first_dampened_without_momentum(theta, buffer, grad, lr, m, d, nesterov, decay):
    g = grad(theta) + decay * theta
    return _move(theta, _remember(buffer, g, m, d) if m else None, g if m else (1 - d) * g, lr, m, nesterov)


@_walk
def dampened_buffer_without_momentum(theta, buffer, grad, lr, m, d, nesterov, decay):
    g = grad(theta) + decay * theta
    buffer = _remember(buffer, g, m, d)
    return theta - lr * (g + m * buffer if nesterov else buffer), buffer


@_walk
def never_dampened(theta, buffer, grad, lr, m, d, nesterov, decay):
    g = grad(theta) + decay * theta
    return _move(theta, _remember(buffer, g, m, 0.0) if m else None, g, lr, m, nesterov)


@_walk
def all_dampened(theta, buffer, grad, lr, m, d, nesterov, decay):
    g = grad(theta) + decay * theta
    buffer = g if buffer is None else (1 - d) * (m * buffer + g)
    return _move(theta, buffer if m else None, g, lr, m, nesterov)


@_walk
def share_kept_for_left_out(theta, buffer, grad, lr, m, d, nesterov, decay):
    g = grad(theta) + decay * theta
    buffer = g if buffer is None else m * buffer + d * g
    return _move(theta, buffer if m else None, g, lr, m, nesterov)


@_walk
def always_an_average(theta, buffer, grad, lr, m, d, nesterov, decay):
    g = grad(theta) + decay * theta
    return _move(theta, _remember(buffer, g, m, m) if m else None, g, lr, m, nesterov)


@_walk
def decay_beside(theta, buffer, grad, lr, m, d, nesterov, decay):
    g = grad(theta)
    after, buffer = _move(theta, _remember(buffer, g, m, d) if m else None, g, lr, m, nesterov)
    return after - lr * decay * theta, buffer


@_walk
def decay_forgotten(theta, buffer, grad, lr, m, d, nesterov, decay):
    g = grad(theta)
    return _move(theta, _remember(buffer, g, m, d) if m else None, g, lr, m, nesterov)


@_walk
def decay_away(theta, buffer, grad, lr, m, d, nesterov, decay):
    g = grad(theta) - decay * theta
    return _move(theta, _remember(buffer, g, m, d) if m else None, g, lr, m, nesterov)


@_walk
def decay_not_of_theta(theta, buffer, grad, lr, m, d, nesterov, decay):
    g = (1 + decay) * grad(theta)
    return _move(theta, _remember(buffer, g, m, d) if m else None, g, lr, m, nesterov)


@_walk
def rate_inside(theta, buffer, grad, lr, m, d, nesterov, decay):
    g = lr * (grad(theta) + decay * theta)
    return _move(theta, _remember(buffer, g, m, d) if m else None, g, 1.0, m, nesterov)


@_walk
def textbook_nesterov(theta, buffer, grad, lr, m, d, nesterov, decay):
    old = np.zeros_like(theta) if buffer is None else buffer
    here = theta - lr * m * old if nesterov else theta
    g = grad(here) + decay * here
    return _move(theta, _remember(buffer, g, m, d) if m else None, g, lr, m, False)


@_walk
def nesterov_ignored(theta, buffer, grad, lr, m, d, nesterov, decay):
    g = grad(theta) + decay * theta
    return _move(theta, _remember(buffer, g, m, d) if m else None, g, lr, m, False)


@_walk
def nesterov_twice(theta, buffer, grad, lr, m, d, nesterov, decay):
    g = grad(theta) + decay * theta
    buffer = _remember(buffer, g, m, d) if m else None
    return _move(theta, buffer, buffer if nesterov else g, lr, m, nesterov)


@_walk
def nesterov_remembered(theta, buffer, grad, lr, m, d, nesterov, decay):
    g = grad(theta) + decay * theta
    buffer = _remember(buffer, g, m, d) if m else None
    buffer = g + m * buffer if nesterov else buffer
    return _move(theta, buffer, g, lr, m, False)


@_walk
def torch_uphill(theta, buffer, grad, lr, m, d, nesterov, decay):
    g = grad(theta) + decay * theta
    return _move(theta, _remember(buffer, g, m, d) if m else None, g, -lr, m, nesterov)


@_walk
def nothing_remembered(theta, buffer, grad, lr, m, d, nesterov, decay):
    return theta - lr * (grad(theta) + decay * theta), None


def in_one_array(theta, grad, rates, momentum, dampening, nesterov, weight_decay):
    buffer, points = None, [theta]
    for lr in rates:
        g = grad(theta) + weight_decay * theta
        if momentum:
            buffer = _remember(buffer, g, momentum, dampening)
        theta -= lr * (g if not momentum else g + momentum * buffer if nesterov else buffer)
        points.append(theta)
    return np.array(points)


TORCH = Item(
    id="06b.sgd_torch",
    title="PyTorch's SGD",
    function="torch_points",
    returns=("points",),
    feeds=(),
    cases=torch_cases,
    properties=[
        {"says": "On a bowl, the run from halfway between two starts lies halfway between their runs; yours does not.",
         "terms": [[1.0, 0, 0], [1.0, 1, 0], [-2.0, 2, 0]]},
    ],
    mistakes=[
        Known("first gradient dampened", first_dampened,
              "You dampen the first gradient too. In PyTorch it enters whole, odd as that is."),
        Known("momentum 0 dampened", first_dampened_without_momentum,
              "With momentum 0 you still dampen. There is no buffer then, and the step is plain."),
        Known("a buffer with momentum 0", dampened_buffer_without_momentum,
              "With momentum 0 you still keep a buffer, and dampen what goes in. There is none in that case."),
        Known("dampening forgotten", never_dampened, "The dampening does nothing: later gradients enter whole."),
        Known("buffer dampened", all_dampened,
              "You dampen the old buffer together with the gradient. Only the new gradient is dampened."),
        Known("dampening the other way", share_kept_for_left_out,
              "You take `dampening` as the share that enters; it is the share that is left out."),
        Known("average", always_an_average,
              "You left out the share `momentum` of each later gradient. What is left out has its own parameter."),
        Known("decay beside the buffer", decay_beside,
              "Your decay acts beside the buffer, as in Keras. In PyTorch it is remembered like a gradient."),
        Known("decay forgotten", decay_forgotten, "The weight decay is missing."),
        Known("decay away from zero", decay_away,
              "Your decay pushes the weights away from zero. The gradient is taken away later; mind the sign."),
        Known("decay of the gradient", decay_not_of_theta, "You add a share of the gradient; add a share of theta."),
        Known("lr inside", rate_inside,
              "Your memory holds lr times the gradient, so it does not follow when lr drops. Keep lr out of it."),
        Known("textbook Nesterov", textbook_nesterov,
              "That is Nesterov's method as a textbook has it, with its gradient ahead. PyTorch asks at the theta it "
              "stores, and looks ahead in the step."),
        Known("nesterov ignored", nesterov_ignored,
              "With `nesterov` your step is still the plain one. Adding a share of the old buffer to the gradient only "
              "makes the new buffer once more."),
        Known("nesterov twice", nesterov_twice,
              "With `nesterov` you add the buffer to a share of itself. The first term is the gradient."),
        Known("nesterov remembered", nesterov_remembered,
              "With `nesterov` you put the direction of the step back into the buffer. Keep the two apart."),
        Known("uphill", torch_uphill, "The steps go uphill."),
        Known("no memory", nothing_remembered, "That is gradient descent with decay: the buffer is not used."),
        Known("one array for all", in_one_array,
              "`theta -= ...` changes one and the same array, so every point in the list is the last one. Make a new "
              "array at every step."),
    ],
    forms=[],
    hints=(
        "Four things in this order: the gradient with its decay, the buffer, the direction of the step, the step. The "
        "second and third depend on `if`: is there momentum, is it the first gradient, is it `nesterov`?",
        "A buffer that is `None` becomes the gradient itself. Later it keeps the share `momentum` and takes the share "
        "`1 - dampening` of the new one. Only then decide what to step along.",
    ),
    praise="Step by step what PyTorch does, odd first step and all. Recorded runs of PyTorch say the same.",
    points=2.0,
)  # fmt: skip


# ------------------------------------------------------------------ a number

DROP = Number(
    id="06b.lr_drop",
    title="how much farther?",
    answer="farther",
    mistakes=[
        Wrong("first step only", 0.6, "That is by how much the first step is longer. More steps follow."),
        Wrong("beta forgotten", 3.75, "The remembered part has faded once before the first step; a beta is missing."),
        Wrong("old rate only", 4.0, "You took all that the old rate put in. PyTorch carries a part of it, at the new "
              "rate."),
        Wrong("new rate only", 1.0, "You took the new rate. What counts is by how much the two rates differ."),
        Wrong("sign", -3.0, "The size is right, but the program with lr inside goes farther and not less far."),
        Wrong("the lesson's", 8.1, "That is the answer for the numbers of the lesson."),
        Wrong("beta 0.9", 13.5, "You used beta 0.9; here it is 0.8, and full speed is another one."),
        Wrong("the next step", 0.85, "That is the length of the next step. Asked for is the extra way in all."),
        Wrong("not added up", 0.75, "That is by how much the two full speeds differ. Add up the extra way of all "
              "steps."),
        Wrong("buffer of ten", 6.0, "With beta 0.8 the buffer at full speed is not 10."),
    ],
    hints=(
        "How large is the buffer at full speed, under a gradient of 1 and with this beta?",
        "At every step the extra length is beta times the one before. Start with the first extra step, and add up all "
        "of them.",
    ),
    praise="The extra steps shrink by a fifth each time, and all of them together make five times the first.",
)  # fmt: skip


# ------------------------------------------------------------------ questions

QUESTIONS = [
    Blank(
        "06b.correction",
        "momentum correction",
        "When `lr` changes from `lr1` to `lr2`, with `lr` inside: `velocity = velocity * ___ / ___`",
        (
            (("lr2",), (
                Wrong("upside down", "lr1", "with a falling rate the velocity has to shrink."),
                Wrong("beta", "beta", "beta comes with the next step, as always."),
                Wrong("gain", "(1-beta)", "both programs have the same beta; it has no part in this."),
            )),
            (("lr1",), (
                Wrong("upside down", "lr2", "divide by the rate that is in there."),
                Wrong("beta", "beta", "beta comes with the next step, as always."),
                Wrong("gain", "(1-beta)", "both programs have the same beta; it has no part in this."),
            )),
        ),
        "The old rate goes out, the new one comes in.",
    ),
    Question(
        "06b.after_drop",
        "the step after a drop",
        "A steady gradient of 1, full speed, `beta` 0.9. Then `lr` drops from 0.1 to 0.01. The next step with `lr` "
        "inside, and PyTorch's?",
        (
            Option("right", "0.91 and 0.1", "One memory holds the old rate, the other no rate at all."),
            Option("equal", "0.1 and 0.1", "They are equal only while lr stays. Look at the first lane of the "
                   "translator, at the step of the change.", "the two forms are equivalent"),
            Option("swapped", "0.1 and 0.91", "Which memory holds the old rate? Look at the second lane of the "
                   "translator.", "PyTorch's buffer holds the learning rate"),
            Option("both", "0.91 and 0.91", "One of them follows at once. Look at the first lane of the translator, "
                   "at the step of the change.", "velocity protects from the change in both"),
        ),
    ),
    Question(
        "06b.after_rise",
        "the step after a rise",
        "A steady gradient of 1, full speed, `beta` 0.9. Now `lr` rises from 0.01 to 0.1. The next step with `lr` "
        "inside, and PyTorch's?",
        (
            Option("right", "0.19 and 1", "The velocity has to grow into the new rate; the buffer is multiplied."),
            Option("equal", "1 and 1", "One of them has to build up speed. Let lr rise in the translator, and look at "
                   "its first lane.", "the two forms are equivalent"),
            Option("swapped", "1 and 0.19", "Which memory holds the old rate? Let lr rise in the translator, and look "
                   "at its second lane.", "PyTorch's buffer holds the learning rate"),
            Option("both", "0.19 and 0.19", "One of them follows at once. Let lr rise in the translator, and look at "
                   "its first lane.", "a new rate acts on new gradients only"),
        ),
    ),
    Question(
        "06b.first_step",
        "the first step",
        "PyTorch's SGD with `lr` 1, momentum 0.9 and dampening 0.9, at the very first gradient, which is 1. How long "
        "is the step?",
        (
            Option("right", "1", "The first gradient enters whole; dampening begins with the second."),
            Option("tenth", "0.1", "That would be an average from zero. Choose \"Dampening = beta\" in the translator, "
                   "and read about the first step.", "dampening acts from the start"),
            Option("share", "0.9", "Nothing has been remembered yet. Choose \"Dampening = beta\" in the translator, "
                   "and read about the first step.", "dampening is the share that enters"),
            Option("full", "10", "That is the full speed without dampening, long after the first step. Look at the "
                   "first lane of the translator.", "the gain is there from the first step"),
        ),
    ),
    Question(
        "06b.decay",
        "decay through the buffer",
        "A weight without any loss gradient, PyTorch's SGD with momentum 0.9. In the long run each step takes off, as "
        "a share of the weight,",
        (
            Option("right", "about 10 times lr times decay", "The decay is remembered like a gradient."),
            Option("plain", "lr times decay", "That is decay beside the memory. Raise the decay in the translator, and "
                   "compare the two programs.", "weight decay is independent of momentum"),
            Option("tenth", "a tenth of lr times decay", "It is stronger and not weaker. Raise the decay in the "
                   "translator, and compare the two programs.", "the buffer is an average that weakens the decay"),
            Option("none", "nothing, without a gradient", "The decay is added to the gradient, even to one of zero. "
                   "See the cell of 1000 steps in lesson 06b.", "decay needs a gradient"),
        ),
    ),
]  # fmt: skip

ITEMS = [DROP, CONVERT, TORCH, *QUESTIONS]
