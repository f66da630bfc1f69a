"""The exercises and questions of lesson 06a: cases, laws, known mistakes and hints."""

import numpy as np

from momentum_lab.authoring import Item, Known, Number, Option, Ordering, Question, Wrong

# ------------------------------------------------------------------ the floor as a function


def floor_cases(rng):
    """Return calls of `floor_of`; the first three belong to the laws."""

    def call(says, like=None, **changes):
        fresh = {
            "lr": round(float(rng.uniform(0.03, 0.3)), 3),
            "beta": round(float(rng.uniform(0.5, 0.95)), 3),
            "curvature": round(float(rng.uniform(1.5, 5.0)), 3),
            "variance": round(float(rng.uniform(1.5, 4.0)), 3),
            "batch": int(rng.integers(2, 40)),
        }
        return {"says": says, "arguments": {**(like["arguments"] if like else fresh), **changes}}

    one = call("everyday settings")
    given = one["arguments"]
    return [
        one,
        call("twice the variance", one, variance=2 * given["variance"]),
        call("twice the batch", one, batch=2 * given["batch"]),
        call("beta = 0, which is gradient descent", beta=0.0),
        call("a batch of one example", batch=1),
        call("a long memory", beta=0.99),
        call("a soft direction", curvature=0.05),
        call("a stiff step", lr=0.7, curvature=3.0, beta=0.9),
    ]


def right_floor(lr, beta, curvature, variance, batch):
    return lr * variance / batch * (1 + beta) / (curvature * (1 - beta) * (2 * (1 + beta) - lr * curvature))


def _floor(change):
    """Return a wrong answer: the right law with other arguments put in, or multiplied by a factor."""

    def floor_of(lr, beta, curvature, variance, batch):
        return change(lr, beta, curvature, variance, batch)

    return floor_of


batch_forgotten = _floor(lambda a, b, h, s, n: right_floor(a, b, h, s, 1))
batch_rooted = _floor(lambda a, b, h, s, n: right_floor(a, b, h, s, np.sqrt(n)))
batch_squared = _floor(lambda a, b, h, s, n: right_floor(a, b, h, s, n * n))
batch_multiplies = _floor(lambda a, b, h, s, n: right_floor(a, b, h, s, 1 / n))
rate_squared = _floor(lambda a, b, h, s, n: a * right_floor(a, b, h, s, n))
gain_forgotten = _floor(lambda a, b, h, s, n: (1 - b) * right_floor(a, b, h, s, n))
top_forgotten = _floor(lambda a, b, h, s, n: right_floor(a, b, h, s, n) / (1 + b))
curvature_forgotten = _floor(lambda a, b, h, s, n: h * right_floor(a, b, h, s, n))
rate_for_u = _floor(lambda a, b, h, s, n: a * s / n * (1 + b) / (h * (1 - b) * (2 * (1 + b) - a)))
plus_u = _floor(lambda a, b, h, s, n: a * s / n * (1 + b) / (h * (1 - b) * (2 * (1 + b) + a * h)))
short_steps = _floor(lambda a, b, h, s, n: a * s / n / (2 * h * (1 - b)))
no_memory = _floor(lambda a, b, h, s, n: right_floor(a, 0.0, h, s, n))
limit_of_descent = _floor(lambda a, b, h, s, n: a * s / n * (1 + b) / (h * (1 - b) * (2 - a * h)))
root_taken = _floor(lambda a, b, h, s, n: np.sqrt(right_floor(a, b, h, s, n)))
deviation_for_variance = _floor(lambda a, b, h, s, n: right_floor(a, b, h, s * s, n))
loss_returned = _floor(lambda a, b, h, s, n: 0.5 * h * right_floor(a, b, h, s, n))
noise_of_velocity = _floor(lambda a, b, h, s, n: a * a * s / n / (1 - b * b))
one_large_rate = _floor(lambda a, b, h, s, n: right_floor(a / (1 - b), 0.0, h, s, n))
neighbours = _floor(lambda a, b, h, s, n: (1 + b - a * h) / (1 + b) * right_floor(a, b, h, s, n))
looking_ahead = _floor(lambda a, b, h, s, n: right_floor(a, b * (1 - a * h), h, s, n))
averaging = _floor(lambda a, b, h, s, n: right_floor(a * (1 - b), b, h, s, n))


FLOOR = Item(
    id="06a.noise_floor",
    title="the floor as a function",
    function="floor_of",
    returns=("floor",),
    feeds=(),
    cases=floor_cases,
    properties=[
        {"says": "Twice the variance in each gradient makes the floor twice as high; yours does not.",
         "terms": [[2.0, 0, 0], [-1.0, 1, 0]]},
        {"says": "Twice the batch makes the floor half as high; yours does not.",
         "terms": [[1.0, 0, 0], [-2.0, 2, 0]]},
    ],
    mistakes=[
        Known("batch forgotten", batch_forgotten, "The batch is forgotten: this is the floor for one example a step."),
        Known("root of the batch", batch_rooted,
              "You took the root of the batch. That belongs to a typical distance; here squares are asked for."),
        Known("batch twice", batch_squared, "The batch comes in twice."),
        Known("batch multiplies", batch_multiplies, "In yours a larger batch makes more noise. It makes less."),
        Known("lr squared", rate_squared,
              "There is one `lr` too many. The noise puts in its square, but a step also takes away more where `lr` is "
              "large."),
        Known("1 - beta forgotten", gain_forgotten,
              "The gain of the memory is missing: `1 - beta` belongs below the bar."),
        Known("1 + beta forgotten", top_forgotten, "With `beta` 0 it is right. One factor above the bar is missing."),
        Known("curvature forgotten", curvature_forgotten,
              "A curvature is missing below the bar: a stiffer spring pulls back more."),
        Known("lr for u", rate_for_u, "In the last bracket stands `u`, the learning rate times the curvature."),
        Known("sign of u", plus_u,
              "The sign of `u` is turned. As `u` nears the limit of what is stable, the floor must grow without end."),
        Known("short steps only", short_steps,
              "That is the law for very short steps. The exact one has a bracket with `u` below the bar."),
        Known("no memory", no_memory, "That is gradient descent: `beta` plays no part in it."),
        Known("limit of gradient descent", limit_of_descent,
              "The bracket holds the stable limit of gradient descent. That of the heavy ball is larger."),
        Known("root taken", root_taken, "You took the root at the end; the mean of the square is asked for."),
        Known("variance squared", deviation_for_variance,
              "You squared the variance. It is the mean of a square already."),
        Known("loss", loss_returned, "That is the mean loss, half the curvature times what is asked for."),
        Known("noise of the velocity", noise_of_velocity,
              "That is the noise in the velocity if nothing moves. The spring is missing."),
        Known("one large rate", one_large_rate,
              "That is gradient descent with `lr / (1 - beta)`. For short steps it is near; exactly, it is not the "
              "same."),
        Known("neighbours", neighbours,
              "That is the mean of x times the x before. The mean of x squared is asked for."),
        Known("Nesterov", looking_ahead, "That is the floor of Nesterov's method; the heavy ball is asked for."),
    ],
    forms=[
        Known("average", averaging,
              "This is the floor of the rule that takes an average of gradients, with a factor (1 - beta). Here the "
              "learning rate is inside the velocity and the velocity is a sum."),
    ],
    hints=(
        "Noise of B independent examples has one B-th of the variance. Give it and `u` names of their own.",
        "The derivation of the lesson has the floor, in Greek letters, for a batch of one. Or solve the two "
        "balances: the first gives `g1` as a share of `g0`; put that into the second, and only `g0` is left.",
    ),
    praise="That is the law, and it holds for each direction of a bowl by itself.",
    points=2.0,
)  # fmt: skip


# ------------------------------------------------------------------ the gradient on a mini-batch


def batch_cases(rng):
    """Return calls of `batch_gradient`; the first four belong to one law."""
    x, y = (np.round(rng.uniform(-3.0, 3.0, 12), 3) for _ in range(2))
    theta = np.round(rng.uniform(0.5, 2.0, 2), 3)

    def call(says, size, k, count=12):
        values = {"theta": theta.tolist(), "x": x[:count].tolist(), "y": y[:count].tolist()}
        return {"says": says, "arguments": {**values, "size": size, "k": k}}

    return [
        call("the first batch of four of twelve dots", 4, 0),
        call("the second batch of four", 4, 1),
        call("the third batch of four", 4, 2),
        call("all twelve in one batch", 12, 0),
        call("one dot a batch", 1, 7),
        call("a last batch that is smaller: size 4, eleven dots", 4, 2, 11),
        call("a last batch of a single dot", 5, 2, 11),
    ]


def _on(choose, combine=None):
    """Return a wrong answer: other dots, or another way to combine their misses."""
    combine = combine or (lambda miss, x, size, count: (np.mean(miss), np.mean(miss * x)))

    def batch_gradient(theta, x, y, size, k):
        mine = choose(size, k, len(x))
        miss = theta[0] + theta[1] * x[mine] - y[mine]
        return np.array(combine(miss, x[mine], size, len(x)))

    return batch_gradient


def own(size, k, count):
    return slice(k * size, (k + 1) * size)


whole_data = _on(lambda size, k, count: slice(None))
starts_at_k = _on(lambda size, k, count: slice(k, k + size))
every_kth = _on(lambda size, k, count: slice(k, None, size))
always_first = _on(lambda size, k, count: slice(0, size))
all_so_far = _on(lambda size, k, count: slice(0, (k + 1) * size))
all_from_here = _on(lambda size, k, count: slice(k * size, None))
batch_before = _on(lambda size, k, count: np.arange((k - 1) * size, k * size) % count)
summed = _on(own, lambda miss, x, size, count: (np.sum(miss), np.sum(miss * x)))
over_all = _on(own, lambda miss, x, size, count: (np.sum(miss) / count, np.sum(miss * x) / count))
over_size = _on(own, lambda miss, x, size, count: (np.sum(miss) / size, np.sum(miss * x) / size))
doubled = _on(own, lambda miss, x, size, count: (2 * np.mean(miss), 2 * np.mean(miss * x)))
turned = _on(own, lambda miss, x, size, count: (-np.mean(miss), -np.mean(miss * x)))
no_x = _on(own, lambda miss, x, size, count: (np.mean(miss), np.mean(miss)))
means_multiplied = _on(own, lambda miss, x, size, count: (np.mean(miss), np.mean(miss) * np.mean(x)))
swapped = _on(own, lambda miss, x, size, count: (np.mean(miss * x), np.mean(miss)))
misses_squared = _on(own, lambda miss, x, size, count: (np.mean(miss**2), np.mean(miss**2 * x)))


def other_dots_in_y(theta, x, y, size, k):
    mine = slice(k * size, (k + 1) * size)
    miss = theta[0] + theta[1] * x[mine] - y[: len(x[mine])]
    return np.array([np.mean(miss), np.mean(miss * x[mine])])


def parameters_exchanged(theta, x, y, size, k):
    mine = slice(k * size, (k + 1) * size)
    miss = theta[1] + theta[0] * x[mine] - y[mine]
    return np.array([np.mean(miss), np.mean(miss * x[mine])])


def dots_not_compared(theta, x, y, size, k):
    mine = slice(k * size, (k + 1) * size)
    height = theta[0] + theta[1] * x[mine]
    return np.array([np.mean(height), np.mean(height * x[mine])])


BATCH = Item(
    id="06a.mini_batch",
    title="the gradient on a mini-batch",
    function="batch_gradient",
    returns=("gradient",),
    feeds=(),
    cases=batch_cases,
    properties=[
        {"says": "The mean over the three batches of an epoch must be the gradient on all dots, and yours is not.",
         "terms": [[1.0, 0, 0], [1.0, 1, 0], [1.0, 2, 0], [-3.0, 3, 0]]},
    ],
    mistakes=[
        Known("sum", summed, "You took the sum over the batch. With the mean, a larger batch makes no longer step."),
        Known("whole data", whole_data, "That is the gradient on all dots: the batch plays no part in it."),
        Known("starts at k", starts_at_k,
              "Your batch starts at dot `k`. Batch number `k` starts after `k` whole batches."),
        Known("every so many", every_kth, "You take every so-manieth dot. A batch is a piece without gaps."),
        Known("always the first", always_first, "Every `k` gives the first batch in yours."),
        Known("all so far", all_so_far, "Your batch holds all the earlier ones as well. Where does it begin?"),
        Known("all from here", all_from_here, "Your batch does not end: all dots after it are in it as well."),
        Known("counted from one", batch_before, "Batches are counted from 0; yours is one too early."),
        Known("mean over all", over_all, "You divided by the number of all dots, and not by that of the batch."),
        Known("mean over size", over_size,
              "You divided by `size`. The last batch may be smaller: divide by the number of its own dots."),
        Known("factor two", doubled, "It is twice as large as it should be: the loss has half the mean square."),
        Known("sign", turned, "The sign is turned: a miss is the line minus the dot."),
        Known("x missing", no_x, "The derivative by the slope is missing a factor `x`."),
        Known("means multiplied", means_multiplied,
              "The mean of a product is not the product of the means: multiply each miss by its own `x` first."),
        Known("swapped", swapped, "The two derivatives are exchanged: the intercept comes first."),
        Known("misses squared", misses_squared, "The misses are squared. That is the loss; its derivative has them "
              "plain."),
        Known("y of other dots", other_dots_in_y, "The `x` are those of the batch, but the `y` belong to other dots."),
        Known("parameters exchanged", parameters_exchanged, "Intercept and slope are exchanged in the line itself."),
        Known("no miss", dots_not_compared, "You took the height of the line. A miss is what is left without `y`."),
    ],
    forms=[],
    hints=(
        "Cut the dots of this batch out of `x` and of `y` with one slice. The miss of each is the line minus the dot.",
        "The slice goes from `k * size` up to the same with `k + 1`. By the intercept the derivative is the mean of "
        "the misses; by the slope each miss is multiplied by its own `x` before the mean.",
    ),
    praise="And the mean over an epoch is the full gradient: the batches are wrong one by one, and right together.",
    points=2.0,
)  # fmt: skip


# ------------------------------------------------------------------ two numbers

PICK = Number(
    id="06a.pick_for_floor",
    title="the same floor, exactly",
    answer="lr_095",
    mistakes=[
        Wrong("same lr / (1 - beta)", 0.005,
              "That has the same `lr / (1 - beta)`, and so nearly the same floor. Its floor is a little lower."),
        Wrong("same lr", 0.1, "That is the learning rate of gradient descent; with it, the floor is far too high."),
        Wrong("short steps", 2 * 0.05 / 19, "You solved the law for short steps. Solve the exact one."),
        Wrong("sign", 2 * 0.0975 / 19 / (1.95 - 0.05 / 19),
              "Very near. When you bring `lr` to one side, a sign turns."),
        Wrong("beta 0.9", 2 * 0.19 / 19 / (1.9 + 0.1 / 19), "That is right for `beta` 0.9; here it is 0.95."),
        Wrong("Nesterov", 0.0058382, "That has this floor under Nesterov's method."),
        Wrong("noise of the sum", 0.00975,
              "You kept the noise of the velocity. The spring feels the sum of a kick, so it is 1 - beta that counts."),
        Wrong("the floor itself", 1 / 19, "That is the floor; the learning rate is asked for."),
        Wrong("the gain", 2.0, "Dividing by 1 - beta makes the steps longer; a longer memory needs shorter ones."),
    ],
    hints=(
        "It lies near the one with the same `lr / (1 - beta)`, a little above. Put that into the law: how far off is "
        "the floor?",
        "Set the law equal to 1/19 and multiply by what stands below the bar. `lr` is then on both sides, without a "
        "square: collect it.",
    ),
    praise="A little more than the same lr/(1 - beta): at equal gain momentum has the lower floor, by a hair.",
)  # fmt: skip

PAYOFF = Number(
    id="06a.batch_payoff",
    title="a batch for a floor",
    answer="batch_needed",
    mistakes=[
        Wrong("rounded down", 76, "With so many the floor is still a little above 0.01."),
        Wrong("short steps", 75, "That is what the law for short steps says; with the exact one it is not enough."),
        Wrong("no gain", 4, "The gain is missing: that is about what gradient descent would need with this `lr`."),
        Wrong("curvature once", 154, "The curvature is 2, and it stands below the bar as well as in the bracket."),
        Wrong("curvature forgotten", 152, "You took the curvature for 1."),
        Wrong("sign of u", 74, "In the last bracket `u` is taken away."),
        Wrong("variance forgotten", 26, "You took the variance of one example for 1; it is 3."),
        Wrong("Nesterov", 27, "That many are enough for Nesterov's method; the heavy ball is asked for."),
        Wrong("root", 5925, "You took the floor for a distance, which falls with the root of the batch. It is a mean "
              "square."),
        Wrong("root of the floor", 88, "You took a root of the floor first. The law is about squares all the way."),
    ],
    hints=(
        "Work out the floor for a batch of one. How many times too high is it?",
        "The floor falls like one over the batch. Divide the floor of one example by 0.01, and round so that the floor "
        "is reached.",
    ),
    praise="The exact law asks for two more than the one for short steps.",
)  # fmt: skip

# ------------------------------------------------------------------ questions

QUESTIONS = [
    Ordering(
        "06a.rank",
        "which floor is lower",
        "Curvature 1, noise of variance 1 in the gradient of one example. Put the settings in order, from the lowest "
        "floor to the highest.",
        ("lr 0.01, beta 0, batch 1", "lr 0.1, beta 0.9, batch 16", "lr 0.01, beta 0.9, batch 1",
         "lr 0.1, beta 0.5, batch 1", "lr 0.1, beta 0.9, batch 1"),
        [
            Wrong("momentum averages", (2, 0, 1, 4, 3), "This ranks a longer memory as less noise. At the same `lr` "
                  "it is more."),
            Wrong("by lr alone", (0, 2, 1, 3, 4), "This goes by `lr` alone. Divide it by 1 - beta, and by the batch."),
            Wrong("batch first", (1, 0, 2, 3, 4), "A batch of 16 helps, but the gain of 10 works against it."),
            Wrong("batch too weak", (0, 2, 3, 1, 4), "A batch of 16 divides the floor by 16, and not by its root."),
            Wrong("turned", (4, 3, 2, 1, 0), "This is the other way round: the lowest comes first."),
        ],
        "One hundredth, a sixteenth, a tenth, a fifth, and one: each floor is about half of that.",
    ),
    Question(
        "06a.averages",
        "what momentum does to the floor",
        "A quadratic of curvature 1, and noise that is independent from step to step. You go from `lr` 0.1, `beta` 0 "
        "to `lr` 0.01, `beta` 0.9. The noise floor",
        (
            Option("stays", "hardly moves", "0.0526 becomes 0.0501: each kick arrives whole, in instalments."),
            Option("falls", "falls about ten-fold", "A kick is not made smaller by coming in parts. In the noise floor "
                   "picture, choose the same lr / (1 − beta) and move beta.", "averaging removes noise"),
            Option("rises", "rises about ten-fold", "That happens when lr is left as it is. In the noise floor "
                   "picture, change what is compared, and watch the two lines.", "momentum always amplifies noise"),
            Option("zero", "becomes zero in the end", "Every new step brings new noise. Look at the band in the noise "
                   "floor picture, far to the right.", "an average converges"),
        ),
    ),
    Question(
        "06a.pays",
        "where momentum pays",
        "A long valley with independent noise, `lr` tuned for each method. Where does momentum save the largest "
        "share of the steps?",
        (
            Option("large", "With the largest batches.", "There the valley sets the pace: work for momentum."),
            Option("small", "With the smallest batches.", "There noise sets the pace. Read the column \"times fewer\" "
                   "in the table of batch sizes, from the top.", "momentum is there to fight noise"),
            Option("alike", "With every batch the same.", "Read the column \"times fewer\" in the table of batch "
                   "sizes.", "momentum is a constant speed-up"),
            Option("never", "With no batch, if tuned.", "Read the last row of the table of batch sizes: both had their "
                   "lr tuned there.", "momentum is only a larger lr"),
        ),
    ),
    Question(
        "06a.held_up",
        "what holds it up",
        "The loss has stood still for an hour. You divide `lr` by ten, `beta` stays, and the loss soon settles at a "
        "tenth of its height above the lowest. What held it up?",
        (
            Option("noise", "Noise: it was at its floor.", "The floor is about in proportion to lr, and the curvature "
                   "is not."),
            Option("valley", "A valley that is too long.", "A shorter step is slower along a valley. In the noise "
                   "floor picture, move lr and watch the level on the right.", "what stands still needs more speed"),
            Option("memory", "A memory that is too long.", "beta has not changed at all. In the noise floor picture, "
                   "move lr alone and watch the level.", "standing still is the fault of beta"),
            Option("minimum", "Nothing: it had arrived.", "Then there would have been nothing left to lose. In the "
                   "noise floor picture, move lr and watch the level.", "a loss that stands still has converged"),
        ),
    ),
    Question(
        "06a.stable",
        "which u it bears",
        "Each gradient of a quadratic is multiplied by a random factor of mean 1 and variance 1. `beta` goes from 0 to "
        "0.9. The largest `u` at which the mean of x squared falls",
        (
            Option("falls", "falls from 1 to 0.19", "It is 1 - beta^2; here a longer memory does need a shorter step."),
            Option("rises", "rises from 2 to 3.8", "That is without noise. Compare the columns of the table \"Three "
                   "kinds of stable\".", "stability is that of a noiseless quadratic"),
            Option("stays", "stays at 1, as it was", "Read the column with noisy curvature in the table \"Three kinds "
                   "of stable\", from top to bottom.", "memory does not touch stability"),
            Option("tenth", "falls from 2 to 0.2", "Near, but two rules are mixed. Read the column with noisy "
                   "curvature in the table \"Three kinds of stable\".", "lr must always shrink with 1 - beta"),
        ),
    ),
]  # fmt: skip

ITEMS = [FLOOR, PICK, BATCH, PAYOFF, *QUESTIONS]
