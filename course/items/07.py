"""The exercises and questions of lesson 07: cases, laws, known mistakes and hints."""

import numpy as np
import sympy

from momentum_lab.authoring import Item, Known, Number, Option, Ordering, Question, Symbolic, Wrong

# Almost every case starts in the middle of a run: there the usual mistakes give finite numbers, and can be told apart.


def _numbers(rng, *shape, low=0.5, high=3.0):
    return np.round(rng.uniform(low, high, shape) * rng.choice([-1.0, 1.0], shape), 3)


def _bowl(theta, slope):
    """Return a gradient that is `slope` at `theta`."""
    curvature = 1.25
    return {"quadratic": np.full(theta.shape[-1], curvature).tolist(), "minimum": (theta - slope / curvature).tolist()}


# ------------------------------------------------------------------ AdaGrad and RMSProp

LAW = "With all gradients ten times as large, and `eps` = 0, the step must stay the same; yours does not."


def scaled_cases(memory, more):
    """Return the cases of a rule whose memory is one array of squares; `more(rng)` gives its other numbers."""

    def cases(rng):
        def call(says, count=2, *, repeat=1, like=None, slope=None, square=None, **changes):
            theta = np.array(like["arguments"]["theta"]) if like else _numbers(rng, count)
            slope = _numbers(rng, count) if slope is None else slope
            square = np.round(rng.uniform(4.0, 9.0, count), 3) if square is None else np.array(square)
            fresh = {"theta": theta.tolist(), memory: square.tolist(), "grad": _bowl(theta, slope), **more(rng)}
            return {"says": says, "arguments": {**fresh, **changes}, "repeat": repeat}

        slope, square = _numbers(rng, 2), np.round(rng.uniform(4.0, 9.0, 2), 3)
        one = call("two coordinates and `eps` = 0", slope=slope, square=square, eps=0.0)
        rest = {name: value for name, value in one["arguments"].items() if name not in ("theta", memory, "grad", "eps")}
        return [
            one,
            call("gradients ten times as large", like=one, slope=10 * slope, square=100 * square, eps=0.0, **rest),
            call("a large `eps`"),
            call("the first step of a run", slope=np.abs(_numbers(rng, 2)), square=np.zeros(2)),
            call("a single coordinate", 1),
            call("three coordinates", 3),
            call("five steps in a row", repeat=5, square=np.round(rng.uniform(20.0, 30.0, 2), 3)),
        ]

    return cases


def adagrad_numbers(rng):
    return {"lr": round(float(rng.uniform(0.05, 0.3)), 3), "eps": round(float(rng.uniform(0.1, 0.4)), 3)}


def rmsprop_numbers(rng):
    decay = round(float(rng.uniform(0.75, 0.95)), 3)
    return {**adagrad_numbers(rng), "decay": decay}


def _adagrad(renew, step=lambda g, total, lr, eps, old: lr * g / (np.sqrt(total) + eps), keep=lambda total: total):
    """Return AdaGrad with another sum, another step, or another thing kept."""

    def adagrad_step(theta, total, grad, lr, eps):
        g, old = grad(theta), total
        total = renew(total, g, lr)
        return theta - step(g, total, lr, eps, old), keep(total)

    return adagrad_step


def _sum(total, g, lr):
    return total + g**2


def sum_in_place(theta, total, grad, lr, eps):
    g = grad(theta)
    total += g**2
    return theta - lr * g / (np.sqrt(total) + eps), total


ADAGRAD = Item(
    id="07.adagrad_step",
    title="one step of AdaGrad",
    function="adagrad_step",
    returns=("theta", "total"),
    feeds=("theta", "total"),
    cases=scaled_cases("total", adagrad_numbers),
    properties=[{"says": LAW, "terms": [[1.0, 0, 0], [-1.0, 1, 0]]}],
    mistakes=[
        Known("root forgotten", _adagrad(_sum, lambda g, total, lr, eps, old: lr * g / (total + eps)),
              "The root is missing: you divide by the sum of squares itself."),
        Known("old sum", _adagrad(_sum, lambda g, total, lr, eps, old: lr * g / (np.sqrt(old) + eps)),
              "You divide by the old sum. The newest gradient is already in it when the step is made."),
        Known("eps inside", _adagrad(_sum, lambda g, total, lr, eps, old: lr * g / np.sqrt(total + eps)),
              "`eps` stands inside the root. Here it is added after the root is taken."),
        Known("eps for the whole step", _adagrad(_sum, lambda g, total, lr, eps, old: lr * g / np.sqrt(total) + eps),
              "A bracket is missing: `eps` is added to the whole step, and belongs below the bar."),
        Known("all forgotten", _adagrad(lambda total, g, lr: g**2),
              "Only the newest square is kept, and all earlier ones are forgotten. AdaGrad adds them up."),
        Known("not squared", _adagrad(lambda total, g, lr: total + g), "You add up gradients; their squares are asked "
              "for, which cannot cancel."),
        Known("sizes", _adagrad(lambda total, g, lr: total + np.abs(g)),
              "You add up the sizes of the gradients; their squares are asked for."),
        Known("rate in the sum", _adagrad(lambda total, g, lr: total + (lr * g) ** 2),
              "The learning rate got into the sum of squares, where it would cancel itself."),
        Known("root kept", _adagrad(_sum, keep=np.sqrt),
              "The step is right, but you hand on the root. The next step needs the sum itself."),
        Known("one sum for all", _adagrad(lambda total, g, lr: total + np.sum(g**2)),
              "You mix the coordinates. Each keeps a sum of its own; that is what makes up for their units."),
        Known("square above", _adagrad(_sum, lambda g, total, lr, eps, old: lr * g**2 / (np.sqrt(total) + eps)),
              "The gradient itself stands above the bar, with its sign, and you put its square there."),
        Known("uphill", _adagrad(_sum, lambda g, total, lr, eps, old: -lr * g / (np.sqrt(total) + eps)),
              "This goes uphill: the step has to be taken away."),
        Known("rate forgotten", _adagrad(_sum, lambda g, total, lr, eps, old: g / (np.sqrt(total) + eps)),
              "The learning rate is missing from the step."),
        Known("sum in place", sum_in_place,
              "The numbers are right, but `+=` changes the array that the caller still holds. Make a new one."),
    ],
    forms=[],
    hints=(
        "Two lines are missing: the memory takes in the newest gradient, then the step divides by its root.",
        "The sum grows by the square of `g`, in each coordinate. Below the bar stands the root of the new sum, and "
        "`eps` is added to that root.",
    ),
    praise="That is AdaGrad: every coordinate in its own units, and a memory that never shrinks.",
    points=1.0,
)  # fmt: skip


def _rmsprop(renew, step=lambda g, s, lr, eps, decay, old: lr * g / (np.sqrt(s) + eps), keep=lambda s: s):
    """Return RMSProp with another average, another step, or another thing kept."""

    def rmsprop_step(theta, s, grad, lr, eps, decay):
        g, old = grad(theta), s
        s = renew(s, g, decay)
        return theta - step(g, s, lr, eps, decay, old), keep(s)

    return rmsprop_step


def _mix(s, g, decay):
    return decay * s + (1 - decay) * g**2


def average_in_place(theta, s, grad, lr, eps, decay):
    g = grad(theta)
    s *= decay
    s += (1 - decay) * g**2
    return theta - lr * g / (np.sqrt(s) + eps), s


RMSPROP = Item(
    id="07.rmsprop_step",
    title="one step of RMSProp",
    function="rmsprop_step",
    returns=("theta", "s"),
    feeds=("theta", "s"),
    cases=scaled_cases("s", rmsprop_numbers),
    properties=[{"says": LAW, "terms": [[1.0, 0, 0], [-1.0, 1, 0]]}],
    mistakes=[
        Known("nothing forgotten", _rmsprop(lambda s, g, decay: s + g**2),
              "That is AdaGrad's sum: nothing is forgotten. The old average keeps only the share `decay`."),
        Known("a sum that fades", _rmsprop(lambda s, g, decay: decay * s + g**2),
              "This is a sum, as in a velocity. In an average the new square has a share of its own."),
        Known("shares exchanged", _rmsprop(lambda s, g, decay: (1 - decay) * s + decay * g**2),
              "The two shares are exchanged: `decay` is the share of the old average that survives."),
        Known("old not faded", _rmsprop(lambda s, g, decay: s + (1 - decay) * g**2),
              "The new square comes in with the right share, but the old average never fades."),
        Known("not squared", _rmsprop(lambda s, g, decay: decay * s + (1 - decay) * g),
              "You average gradients. Here their squares are averaged."),
        Known("root forgotten", _rmsprop(_mix, lambda g, s, lr, eps, decay, old: lr * g / (s + eps)),
              "The root is missing: you divide by the mean square."),
        Known("old average", _rmsprop(_mix, lambda g, s, lr, eps, decay, old: lr * g / (np.sqrt(old) + eps)),
              "You divide by the old average, which has not seen this gradient yet."),
        Known("eps inside", _rmsprop(_mix, lambda g, s, lr, eps, decay, old: lr * g / np.sqrt(s + eps)),
              "`eps` stands inside the root. Some libraries have it there; here it is added after the root."),
        Known("eps for the whole step", _rmsprop(_mix, lambda g, s, lr, eps, decay, old: lr * g / np.sqrt(s) + eps),
              "A bracket is missing: `eps` is added to the whole step, and belongs below the bar."),
        Known("corrected", _rmsprop(_mix, lambda g, s, lr, eps, decay, old: lr * g / (np.sqrt(s / (1 - decay)) + eps)),
              "You correct the average. RMSProp takes it as it is."),
        Known("root kept", _rmsprop(_mix, keep=np.sqrt),
              "The step is right, but you hand on the root. The next step needs the average of the squares."),
        Known("one average for all", _rmsprop(lambda s, g, decay: decay * s + (1 - decay) * np.mean(g**2) + 0 * g),
              "You mix the coordinates. Each has an average of its own."),
        Known("uphill", _rmsprop(_mix, lambda g, s, lr, eps, decay, old: -lr * g / (np.sqrt(s) + eps)),
              "This goes uphill: the step has to be taken away."),
        Known("average in place", average_in_place,
              "The numbers are right, but you change the array that the caller still holds. Make a new one."),
    ],
    forms=[],
    hints=(
        "It is AdaGrad with one change: where the sum took in a square, an average does. Lesson 2 has the two shares.",
        "The old average keeps the share `decay`, the square of `g` comes in with what is left of 1. Below the bar "
        "stands the root of the new average, plus `eps`.",
    ),
    praise="That is RMSProp: the old squares fade, so the steps do not die out.",
    points=1.0,
)  # fmt: skip


# ------------------------------------------------------------------ one step of Adam


def adam_cases(rng, **more):
    """Return calls of `adam_step`, all from the middle of a run; `more` are further arguments."""

    def call(says, shape=(2,), *, repeat=1, like=None, theta=None, slope=None, m=None, s=None, t=None, **changes):
        theta = _numbers(rng, *shape) if theta is None else theta
        slope = _numbers(rng, *shape) if slope is None else slope
        m = _numbers(rng, *shape) if m is None else np.array(m)
        s = np.round(rng.uniform(4.0, 9.0, shape), 3) if s is None else np.array(s)
        rates = {
            "lr": round(float(rng.uniform(0.05, 0.3)), 3),
            "beta1": round(float(rng.uniform(0.6, 0.85)), 3),
            "beta2": round(float(rng.uniform(0.88, 0.97)), 3),
            "eps": round(float(rng.uniform(0.1, 0.3)), 3),
            **{name: round(float(rng.uniform(*ends)), 3) for name, ends in more.items()},
        }
        if like:
            rates = {name: like["arguments"][name] for name in rates}
        fresh = {
            "theta": theta.tolist(), "m": m.tolist(), "s": s.tolist(),
            "t": int(rng.integers(2, 6)) if t is None else t, "grad": _bowl(theta, slope), **rates,
        }  # fmt: skip
        return {"says": says, "arguments": {**fresh, **changes}, "repeat": repeat}

    theta, slope, m = (_numbers(rng, 2) for _ in range(3))
    s = np.round(rng.uniform(4.0, 9.0, 2), 3)
    one = call("two coordinates and `eps` = 0", theta=theta, slope=slope, m=m, s=s, t=3, eps=0.0)
    return [
        one,
        call("gradients ten times as large", like=one, theta=theta, slope=10 * slope, m=10 * m, s=100 * s, t=3),
        call("a large `eps`"),
        call("the second step, t = 1 coming in", t=1),
        call("an average m that is zero", m=[0.0, 0.0]),
        call("a single coordinate", (1,)),
        call("four steps in a row", repeat=4),
        call("the thirtieth step", (3,), t=29),
    ]


def right_way(m, s, t, g, lr, beta1, beta2, eps):
    return m / (1 - beta1**t) / (np.sqrt(s / (1 - beta2**t)) + eps)


def _adam(way=right_way, first=None, second=None, count=lambda t: t + 1, keep=None):
    """Return Adam with another direction, another average, another count, or other things kept."""
    first = first or (lambda m, g, beta1, lr: beta1 * m + (1 - beta1) * g)
    second = second or (lambda s, g, beta2: beta2 * s + (1 - beta2) * g**2)

    def adam_step(theta, m, s, t, grad, lr, beta1, beta2, eps):
        g = grad(theta)
        m, s, t, after = first(m, g, beta1, lr), second(s, g, beta2), t + 1, count(t)
        theta = theta - lr * way(m, s, t, g, lr, beta1, beta2, eps)
        kept = keep(m, s, t, beta1, beta2) if keep else (m, s)
        return theta, *kept, after

    return adam_step


def adam_counted_late(theta, m, s, t, grad, lr, beta1, beta2, eps):
    g = grad(theta)
    m, s = beta1 * m + (1 - beta1) * g, beta2 * s + (1 - beta2) * g**2
    return theta - lr * right_way(m, s, t, g, lr, beta1, beta2, eps), m, s, t + 1


def adam_with_old_averages(theta, m, s, t, grad, lr, beta1, beta2, eps):
    g = grad(theta)
    theta = theta - lr * right_way(m, s, t + 1, g, lr, beta1, beta2, eps)
    return theta, beta1 * m + (1 - beta1) * g, beta2 * s + (1 - beta2) * g**2, t + 1


def adam_betas_exchanged(theta, m, s, t, grad, lr, beta1, beta2, eps):
    return _adam()(theta, m, s, t, grad, lr, beta2, beta1, eps)


def adam_in_place(theta, m, s, t, grad, lr, beta1, beta2, eps):
    g = grad(theta)
    m *= beta1
    m += (1 - beta1) * g
    s *= beta2
    s += (1 - beta2) * g**2
    return theta - lr * right_way(m, s, t + 1, g, lr, beta1, beta2, eps), m, s, t + 1


def eps_of_keras(m, s, t, g, lr, beta1, beta2, eps):
    return m / (1 - beta1**t) * np.sqrt(1 - beta2**t) / (np.sqrt(s) + eps)


ADAM = Item(
    id="07.adam_step",
    title="one step of Adam",
    function="adam_step",
    returns=("theta", "m", "s", "t"),
    feeds=("theta", "m", "s", "t"),
    cases=adam_cases,
    properties=[{"says": LAW, "terms": [[1.0, 0, 0], [-1.0, 1, 0]]}],
    mistakes=[
        Known("no correction", _adam(lambda m, s, t, g, lr, b1, b2, eps: m / (np.sqrt(s) + eps)),
              "Neither average is corrected, so the first steps come out too long. Both started at zero."),
        Known("only m corrected", _adam(lambda m, s, t, g, lr, b1, b2, eps: m / (1 - b1**t) / (np.sqrt(s) + eps)),
              "Only `m` is corrected. The average of the squares started at zero too."),
        Known("only s corrected", _adam(lambda m, s, t, g, lr, b1, b2, eps: m / (np.sqrt(s / (1 - b2**t)) + eps)),
              "Only `s` is corrected. The average of the gradients started at zero too."),
        Known("counted late", adam_counted_late,
              "You count the step after you use `t`, so the powers are one too small, and the very first step would "
              "divide by zero. Count first."),
        Known("counted twice", _adam(lambda m, s, t, g, lr, b1, b2, eps: right_way(m, s, t + 1, g, lr, b1, b2, eps)),
              "The powers are one too large: after `t` gradients the weights make 1 minus the power `t`."),
        Known("not counted", _adam(count=lambda t: t),
              "The step is right, but you hand on the old `t`, so the next step is corrected like this one."),
        Known("no power", _adam(lambda m, s, t, g, lr, b1, b2, eps: m / (1 - b1) / (np.sqrt(s / (1 - b2)) + eps)),
              "The power `t` is missing: that correction is right for the first step only."),
        Known("multiplied", _adam(lambda m, s, t, g, lr, b1, b2, eps:
                                  m * (1 - b1**t) / (np.sqrt(s * (1 - b2**t)) + eps)),
              "You multiply by what the weights make so far. The averages are too small: divide."),
        Known("eps inside", _adam(lambda m, s, t, g, lr, b1, b2, eps: m / (1 - b1**t) / np.sqrt(s / (1 - b2**t) + eps)),
              "`eps` stands inside the root. It is added after the root is taken."),
        Known("eps for the whole step", _adam(lambda m, s, t, g, lr, b1, b2, eps:
                                              m / (1 - b1**t) / np.sqrt(s / (1 - b2**t)) + eps),
              "A bracket is missing: `eps` is added to the whole direction, and belongs below the bar."),
        Known("root forgotten", _adam(lambda m, s, t, g, lr, b1, b2, eps: m / (1 - b1**t) / (s / (1 - b2**t) + eps)),
              "The root is missing: you divide by the mean square."),
        Known("root of s alone", _adam(lambda m, s, t, g, lr, b1, b2, eps:
                                       m / (1 - b1**t) / (np.sqrt(s) / (1 - b2**t) + eps)),
              "The root is taken of `s` and not of its correction. Correct first, then take the root."),
        Known("a sum for m", _adam(first=lambda m, g, b1, lr: b1 * m + g),
              "Your `m` is the sum of a velocity. In an average the new gradient has a share of its own."),
        Known("a sum for s", _adam(second=lambda s, g, b2: b2 * s + g**2),
              "Your `s` is a sum. In an average the new square has a share of its own."),
        Known("s without squares", _adam(second=lambda s, g, b2: b2 * s + (1 - b2) * g),
              "Your `s` averages the gradients. It averages their squares."),
        Known("s of m", _adam(lambda m, s, t, g, lr, b1, b2, eps: right_way(m, s, t, g, lr, b1, b2, eps),
                              first=lambda m, g, b1, lr: b1 * m + (1 - b1) * g**2),
              "Your `m` averages the squares. It averages the gradients, with their signs."),
        Known("betas exchanged", adam_betas_exchanged,
              "`beta1` and `beta2` are exchanged: the first belongs to the gradients, the second to their squares."),
        Known("corrected handed on", _adam(keep=lambda m, s, t, b1, b2: (m / (1 - b1**t), s / (1 - b2**t))),
              "You hand on the corrected averages. Keep the raw ones, and correct copies of them at every step."),
        Known("gradient on top", _adam(lambda m, s, t, g, lr, b1, b2, eps: g / (np.sqrt(s / (1 - b2**t)) + eps)),
              "The newest gradient stands above the bar. The direction comes from the first average."),
        Known("old averages", adam_with_old_averages,
              "You step with the old averages, which have not seen this gradient yet."),
        Known("rate in the average", _adam(first=lambda m, g, b1, lr: b1 * m + (1 - b1) * lr * g),
              "The learning rate got into `m`. It stands before the ratio, once."),
        Known("looks ahead", _adam(lambda m, s, t, g, lr, b1, b2, eps:
                                   (b1 * m / (1 - b1 ** (t + 1)) + (1 - b1) * g / (1 - b1**t))
                                   / (np.sqrt(s / (1 - b2**t)) + eps)),
              "That is Nadam: the newest gradient counts once more. Adam uses the first average alone."),
        Known("uphill", _adam(lambda *a: -right_way(*a)), "This goes uphill: the step has to be taken away."),
        Known("in place", adam_in_place,
              "The numbers are right, but you change arrays that the caller still holds. Make new ones."),
    ],
    forms=[
        Known("Keras's eps", _adam(eps_of_keras),
              "This is Adam as Keras has it: `eps` is added to the root of the uncorrected average. A right form, but "
              "here `eps` is added to the root of the corrected one, as in the paper's Algorithm 1."),
    ],
    hints=(
        "Count first. Then renew both averages, each with its own beta. Then correct copies of both, and divide.",
        "The copies are `m` and `s`, each divided by one minus its beta to the power `t`. Take the root of the second "
        "copy, add `eps`, and put the first copy over it. Hand on the raw `m` and `s`.",
    ),
    praise="That is Adam as in its paper: two averages, both corrected, and a ratio.",
    points=2.0,
)  # fmt: skip


# ------------------------------------------------------------------ AdamW


def adamw_cases(rng):
    """Return calls of `adamw_step`."""
    return adam_cases(rng, weight_decay=(0.2, 0.8))


def _adamw(change, decayed=lambda theta, lr, wd: 0.0, asked_at=lambda theta, lr, wd: theta):
    """Return Adam with `decayed` added to its gradient, `change(theta, direction, lr, wd)` as its step."""

    def adamw_step(theta, m, s, t, grad, lr, beta1, beta2, eps, weight_decay):
        g = grad(asked_at(theta, lr, weight_decay)) + decayed(theta, lr, weight_decay)
        t, m, s = t + 1, beta1 * m + (1 - beta1) * g, beta2 * s + (1 - beta2) * g**2
        direction = right_way(m, s, t, g, lr, beta1, beta2, eps)
        return change(theta, direction, lr, weight_decay), m, s, t

    return adamw_step


def _both(theta, direction, lr, wd):
    return theta - lr * (direction + wd * theta)


def decayed_in_place(theta, m, s, t, grad, lr, beta1, beta2, eps, weight_decay):
    g = grad(theta)
    theta *= 1 - lr * weight_decay
    t, m, s = t + 1, beta1 * m + (1 - beta1) * g, beta2 * s + (1 - beta2) * g**2
    return theta - lr * right_way(m, s, t, g, lr, beta1, beta2, eps), m, s, t


ADAMW = Item(
    id="07.adamw",
    title="decay by itself",
    function="adamw_step",
    returns=("theta", "m", "s", "t"),
    feeds=("theta", "m", "s", "t"),
    cases=adamw_cases,
    properties=[{"says": LAW, "terms": [[1.0, 0, 0], [-1.0, 1, 0]]}],
    mistakes=[
        Known("L2", _adamw(lambda th, d, lr, wd: th - lr * d, lambda th, lr, wd: wd * th),
              "That is Adam with an L2 penalty: the decay joins the gradient and goes through the ratio. Let it act on "
              "theta by itself."),
        Known("both", _adamw(_both, lambda th, lr, wd: wd * th),
              "The decay acts twice: through the gradient, and by itself. Only the second belongs here."),
        Known("no decay", _adamw(lambda th, d, lr, wd: th - lr * d), "This is plain Adam: nothing decays."),
        Known("decay without lr", _adamw(lambda th, d, lr, wd: th - lr * d - wd * th),
              "The decay is not multiplied by the learning rate. That is how the paper has it, but here and in the "
              "libraries `lr` belongs to both parts."),
        Known("grows", _adamw(lambda th, d, lr, wd: th - lr * (d - wd * th)),
              "The weights grow by the decay: its sign is turned."),
        Known("after the step", _adamw(lambda th, d, lr, wd: (th - lr * d) * (1 - lr * wd)),
              "You let the new theta decay, after the step. What decays is the theta that came in."),
        Known("gradient after the decay", _adamw(_both, asked_at=lambda th, lr, wd: (1 - lr * wd) * th),
              "You ask for the gradient where theta is after its decay. Ask where it came in."),
        Known("sign only", _adamw(lambda th, d, lr, wd: th - lr * (d + wd * np.sign(th))),
              "Your decay takes the same amount from every weight. It takes a share, so it needs theta itself."),
        Known("squared", _adamw(lambda th, d, lr, wd: th - lr * (d + wd * th**2)),
              "Your decay holds the square of theta. The squares belong to the penalty; its slope has theta itself."),
        Known("direction decays", _adamw(lambda th, d, lr, wd: th - lr * (1 - wd) * d),
              "You shorten the step. What has to shrink is theta."),
        Known("only what is left", _adamw(lambda th, d, lr, wd: wd * th - lr * d),
              "You keep the share `weight_decay` of theta, where that share, times `lr`, is what it loses."),
        Known("in place", decayed_in_place,
              "The numbers are right, but `*=` changes the array that the caller still holds. Make a new one."),
    ],
    forms=[],
    hints=(
        "The gradient is asked for as in plain Adam. The decay has its place in the last line.",
        "The last line takes two things off theta, both times `lr`: Adam's direction, and the share `weight_decay` of "
        "the theta that came in.",
    ),
    praise="Now every weight decays by the same share, however large its gradients are.",
    points=1.0,
)  # fmt: skip


# ------------------------------------------------------------------ LAMB


def lamb_cases(rng):
    """Return calls of `lamb_step`; the first three belong to one another by a law."""

    def call(says, theta, u, lr=None):
        lr = round(float(rng.uniform(0.05, 0.3)), 3) if lr is None else lr
        return {"says": says, "arguments": {"theta": np.array(theta).tolist(), "u": np.array(u).tolist(), "lr": lr}}

    theta, u = _numbers(rng, 3), _numbers(rng, 3)
    return [
        call("three weights", theta, u, 0.1),
        call("an update three times as long", theta, (3 * u).round(6), 0.1),
        call("weights twice as large", (2 * theta).round(6), u, 0.1),
        call("weights of zero", np.zeros(2), _numbers(rng, 2)),
        call("an update of zero", _numbers(rng, 2), np.zeros(2)),
        call("a single weight", _numbers(rng, 1), _numbers(rng, 1)),
        call("seven weights", _numbers(rng, 7), _numbers(rng, 7)),
    ]


def _lamb(ratio):
    """Return LAMB's step with another ratio, and 1 where it is not defined."""

    def lamb_step(theta, u, lr):
        usable = np.any(theta) and np.any(u)
        return theta - lr * (ratio(theta, u) if usable else 1.0) * u

    return lamb_step


def length(a):
    return np.sqrt(np.sum(a**2))


def zero_stays_zero(theta, u, lr):
    return theta - lr * (length(theta) / length(u) if np.any(u) else 1.0) * u


def special_case_unscaled(theta, u, lr):
    return theta - lr * length(theta) / length(u) * u if np.any(theta) and np.any(u) else theta - u


def special_case_forgets(theta, u, lr):
    return theta - lr * length(theta) / length(u) * u if np.any(theta) and np.any(u) else np.zeros_like(theta)


def layer_in_place(theta, u, lr):
    theta -= lr * (length(theta) / length(u) if np.any(theta) and np.any(u) else 1.0) * u
    return theta


LAMB = Item(
    id="07.lamb",
    title="the trust ratio",
    function="lamb_step",
    returns=("theta",),
    feeds=(),
    cases=lamb_cases,
    properties=[
        {"says": "With an update three times as long the step must stay the same, and yours does not.",
         "terms": [[1.0, 0, 0], [-1.0, 1, 0]]},
        {"says": "With weights twice as large the step must be twice as large, and yours is not.",
         "terms": [[2.0, 0, 0], [-1.0, 2, 0]]},
    ],
    mistakes=[
        Known("upside down", _lamb(lambda th, u: length(u) / length(th)),
              "The ratio is upside down: large weights are to make large steps."),
        Known("no ratio", _lamb(lambda th, u: 1.0), "The trust ratio is missing: this is the step of AdamW."),
        Known("zero stays zero", zero_stays_zero,
              "Weights of zero can never leave zero: their ratio is 0. What does the text say of that case?"),
        Known("each by itself", _lamb(lambda th, u: np.abs(th) / np.abs(u)),
              "You made a ratio for each weight. One layer has one ratio, of two lengths."),
        Known("squared lengths", _lamb(lambda th, u: np.sum(th**2) / np.sum(u**2)),
              "These are the squares of the lengths: the root is missing."),
        Known("added sizes", _lamb(lambda th, u: np.sum(np.abs(th)) / np.sum(np.abs(u))),
              "You added up sizes. The length is the root of the sum of squares."),
        Known("largest", _lamb(lambda th, u: np.max(np.abs(th)) / np.max(np.abs(u))),
              "You compare the largest entries. All of them belong to the length."),
        Known("only theta", _lamb(lambda th, u: length(th)),
              "You multiply by the length of theta, and leave the length of `u` in. The step must not depend on it."),
        Known("only u", _lamb(lambda th, u: 1 / length(u)),
              "The step has length `lr`. It has to be that long in units of theta."),
        Known("uphill", _lamb(lambda th, u: -length(th) / length(u)), "The step has to be taken away from theta."),
        Known("special case without lr", special_case_unscaled,
              "In the special case the learning rate is missing: only the ratio is left out."),
        Known("special case forgets", special_case_forgets,
              "In the special case theta is lost. There the step is made without the ratio."),
        Known("in place", layer_in_place,
              "The numbers are right, but `-=` changes the array that the caller still holds. Make a new one."),
    ],
    forms=[],
    hints=(
        "Two lengths and an `if`. `np.linalg.norm` is the length of an array.",
        "The ratio is the length of theta over the length of `u`, and 1 if one of them is zero. Then the step is "
        "`lr` times ratio times `u`.",
    ),
    praise="The gradient gives the direction, the weights give the length, and weights of zero can still move.",
    points=1.0,
)  # fmt: skip

# ------------------------------------------------------------------ a number and an expression

ABLATE = Number(
    id="07.ablate",
    title="without correction",
    answer="times_too_long",
    mistakes=[
        Wrong("defaults", 10**0.5, "That is the answer for 0.9 and 0.999."),
        Wrong("root forgotten", 2000.0, "You divided by the mean square. Where is the root?"),
        Wrong("upside down", 0.05, "The ratio is upside down: is the first step without correction longer or shorter?"),
        Wrong("only m", 0.2, "That is what becomes of the average above the bar. The one below starts at zero too."),
        Wrong("only s", 100.0, "That is what the average below the bar does. The one above starts at zero too."),
        Wrong("corrected", 1.0, "That is the step with both corrections; they are switched off here."),
        Wrong("beta for its rest", 80.0, "You used `beta1` for the share of the first gradient. It comes in with the "
              "rest of 1."),
        Wrong("beta1 0.9", 10.0, "That is the answer for `beta1` 0.9."),
        Wrong("both swapped", 0.0001 / 0.2**0.5, "The two betas have changed places."),
    ],
    hints=(
        "After one gradient each average holds one term. Which share of `g`, and which share of its square?",
        "Above the bar is 1 - beta1 times g, below it the root of 1 - beta2 times the square of g. The `g` cancels.",
    ),
    praise="The slower the second average, the longer the uncorrected first step.",
)  # fmt: skip

_b = sympy.Symbol("beta1")
NADAM = Symbolic(
    id="07.nadam",
    title="Nadam's first step",
    answer="first_step_over_lr",
    symbols=(("beta1", 0.1, 0.95),),
    mistakes=[
        Wrong("Adam", sympy.Integer(1), "That is Adam's first step. In Nadam the new gradient counts once more."),
        Wrong("same correction twice", 1 + _b,
              "The average counts as it will at the next step, so it is corrected with the power of the next step."),
        Wrong("average only", _b / (1 + _b),
              "That is the part of the average. The part of the new gradient is missing."),
        Wrong("gradient not corrected", 1 - _b + _b / (1 + _b),
              "The part of the new gradient is not corrected. It is divided by 1 - beta1 to the power of this step."),
        Wrong("share forgotten", 1 + 1 / (1 + _b),
              "The average keeps only the share beta1 on its way to the next step."),
        Wrong("m forgotten", 1 + _b / (1 - _b**2),
              "After one gradient of 1 the average m is not 1, but the share that an average takes in."),
        Wrong("uncorrected", (1 - _b) * (1 + _b), "Neither part is corrected for the start at zero."),
        Wrong("numbers for symbols", sympy.Rational(28, 19),
              "That is its value at 0.9. Write it with the symbol `b1`."),
    ],
    hints=(
        "Put t = 1 and the gradient 1 into the direction. What is `m` after one gradient?",
        "`m` is 1 - b1. The first part is b1 times that over 1 - b1**2, which becomes shorter if you write its bottom "
        "as a product. The second part is as simple as it gets.",
    ),
    praise="Almost one and a half learning rates at 0.9: the correction makes only long averages exact.",
)  # fmt: skip

# ------------------------------------------------------------------ questions

QUESTIONS = [
    Ordering(
        "07.order",
        "the lines of Adam",
        "Put the lines of one step of Adam in order; `t` counts this step already.",
        ("g = grad(theta)",
         "m, s = beta1 * m + (1 - beta1) * g, beta2 * s + (1 - beta2) * g**2",
         "mean, square = m / (1 - beta1**t), s / (1 - beta2**t)",
         "theta = theta - lr * mean / (np.sqrt(square) + eps)"),
        [
            Wrong("averages first", (1, 0, 2, 3), "The averages need `g`, so the gradient is asked for before them."),
            Wrong("corrected too early", (0, 2, 1, 3), "This corrects the old averages, which have not seen `g` yet."),
            Wrong("step too early", (0, 1, 3, 2), "The step needs the corrected copies, so they are made before it."),
            Wrong("step second", (0, 3, 1, 2), "This steps with what was left from the step before."),
        ],
        "That is one step: ask, average, correct copies, divide.",
    ),
    Question(
        "07.constant",
        "a longer memory in Adam",
        "Adam meets a constant gradient of 1, with `lr` 0.1. `beta1` goes from 0.9 to 0.99. Its steps are then",
        (
            Option("same", "0.1, as before", "An average of ones is one, whatever its memory."),
            Option("longer", "ten times as long", "That is what `beta` does to a velocity. Move `beta1` in the "
                   "autopsy, and read the sentence about the first step.", "beta1 is the beta of the heavy ball"),
            Option("shorter", "ten times as short", "The correction makes up for that. Switch it off in the autopsy, "
                   "and compare.", "the factor 1 - beta1 is not corrected"),
            Option("grows", "slowly growing from 0", "So it would start with an average that is not corrected. "
                   "Switch the correction on and off in the autopsy.", "there is no bias correction"),
        ),
    ),
    Question(
        "07.who",
        "who carries a first moment",
        "Which of them keep an average of past gradients, with its direction: AdaGrad, RMSProp as in the lecture, "
        "AdamW, Nadam?",
        (
            Option("two", "AdamW and Nadam only", "The other two remember sizes, and no direction."),
            Option("all", "all four of them", "Read the table of one gradient and then none: who stood still?",
                   "every adaptive method has momentum"),
            Option("rms", "RMSProp, AdamW and Nadam", "A memory of squares has lost the sign. Read the table of one "
                   "gradient and then none.", "RMSProp's average is momentum"),
            Option("nadam", "Nadam and no other", "AdamW differs from Adam in its decay. Read the table of one "
                   "gradient and then none.", "AdamW gave up the first moment"),
        ),
    ),
    Question(
        "07.units",
        "units or origin",
        "Twelve dots make a long valley, because their x lie far from 0. Adam replaces gradient descent. What "
        "becomes of the valley?",
        (
            Option("stays", "Adam scales the axes, and it stays long",
                   "It runs across both axes, and no scaling of the axes makes it round. Centring x does."),
            Option("cured", "Adam makes it round, as in any valley",
                   "Move the middle of the dots to 5 in the autopsy, and compare its two lanes.",
                   "Adam cures any bad condition number"),
            Option("units", "it is cured if lr is chosen for it",
                   "Press the button of the best rate for the bad origin in the autopsy at 10, and compare the lanes.",
                   "a better lr makes up for the origin"),
            Option("ball", "nothing, as Adam is a heavy ball",
                   "Choose \"heavy ball\" among the parts in the autopsy, and see in which lane Adam differs from it.",
                   "Adam is the heavy ball with another lr"),
        ),
    ),
    Question(
        "07.decay",
        "decay and the ratio",
        "Two weights of 1 have gradients that flip their sign, of size 10 and of size 0.01. Adam gets an L2 penalty. "
        "Which weight shrinks faster?",
        (
            Option("small", "the one with small gradients",
                   "The penalty is divided by the size of the gradients, so large ones all but switch it off."),
            Option("alike", "both shrink by the same share",
                   "That is what AdamW does. Read the first row of the decay table.", "L2 and decay are the same"),
            Option("large", "the one with large gradients",
                   "Large gradients stand below the bar as well. Read the first row of the decay table.",
                   "large gradients make everything large"),
            Option("neither", "neither, as a ratio has no size",
                   "The flips cancel, the penalty always points one way. Read the decay table.",
                   "the ratio removes the penalty"),
        ),
    ),
]  # fmt: skip

ITEMS = [ADAGRAD, RMSPROP, ABLATE, ADAM, ADAMW, NADAM, LAMB, *QUESTIONS]
