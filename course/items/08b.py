"""The exercises and questions of lesson 08b: cases, laws, known mistakes and hints."""

import numpy as np

from momentum_lab.authoring import Goal, Item, Known, Option, Ordering, Question, Wrong

# ------------------------------------------------------------------ the curvature along a direction


def curvature_cases(rng):
    """Return calls of `curvature_along`; most bowls are tilted, so that a direction turns on its way through them."""

    def numbers(count):
        return np.round(rng.uniform(0.5, 2.0, count) * rng.choice([-1.0, 1.0], count), 3).tolist()

    def tilted(count):
        columns = rng.normal(size=(count, count))
        return np.round(columns @ columns.T + 0.5 * np.eye(count), 3).tolist()

    def call(says, count=2, *, like=None, **changes):
        fresh = {
            "theta": numbers(count),
            "direction": numbers(count),
            "grad": {"quadratic": tilted(count), "minimum": numbers(count)},
            "eps": 0.01,
        }
        return {"says": says, "arguments": {**(like["arguments"] if like else fresh), **changes}}

    one = call("a tilted bowl in two directions")
    direction = np.array(one["arguments"]["direction"])
    hessian = np.array(one["arguments"]["grad"]["quadratic"])
    steeper = {"quadratic": (3 * hessian).tolist(), "minimum": one["arguments"]["grad"]["minimum"]}
    return [
        one,
        call("a direction twice as long", like=one, direction=(2 * direction).tolist()),
        call("the opposite direction", like=one, direction=(-direction).tolist()),
        call("a bowl three times as steep", like=one, grad=steeper),
        call("another point of the same bowl", like=one, theta=numbers(2)),
        call("a smaller eps", like=one, eps=0.002),
        call("four directions", 4),
        call("a single direction", 1),
        call("a direction that has length one already", 3, direction=[0.6, 0.0, -0.8]),
    ]


def _unit(direction):
    return direction / np.linalg.norm(direction)


def _from_product(product_of):
    """Return an answer whose product is `product_of(theta, unit, grad, eps)`; the rest is right."""

    def curvature_along(theta, direction, grad, eps):
        unit = _unit(direction)
        product = product_of(theta, unit, grad, eps)
        return product, np.sum(unit * product)

    return curvature_along


def _from_curvature(curvature_of):
    """Return an answer whose curvature is `curvature_of(unit, product, direction)`; the product is right."""

    def curvature_along(theta, direction, grad, eps):
        unit = _unit(direction)
        product = (grad(theta + eps * unit) - grad(theta - eps * unit)) / (2 * eps)
        return product, curvature_of(unit, product, direction)

    return curvature_along


def direction_as_it_is(theta, direction, grad, eps):
    product = (grad(theta + eps * direction) - grad(theta - eps * direction)) / (2 * eps)
    return product, np.sum(direction * product)


def divided_by_the_length_once(theta, direction, grad, eps):
    product = (grad(theta + eps * direction) - grad(theta - eps * direction)) / (2 * eps)
    return product, np.sum(direction * product) / np.sum(direction * direction)


def sum_for_length(theta, direction, grad, eps):
    unit = direction / np.sum(np.abs(direction))
    product = (grad(theta + eps * unit) - grad(theta - eps * unit)) / (2 * eps)
    return product, np.sum(unit * product)


two_forgotten = _from_product(lambda t, u, grad, eps: (grad(t + eps * u) - grad(t - eps * u)) / eps)
one_sided = _from_product(lambda t, u, grad, eps: (grad(t + eps * u) - grad(t)) / eps)
half_of_one_side = _from_product(lambda t, u, grad, eps: (grad(t + eps * u) - grad(t)) / (2 * eps))
looking_back = _from_product(lambda t, u, grad, eps: (grad(t) - grad(t - eps * u)) / eps)
turned_round = _from_product(lambda t, u, grad, eps: (grad(t - eps * u) - grad(t + eps * u)) / (2 * eps))
not_divided = _from_product(lambda t, u, grad, eps: grad(t + eps * u) - grad(t - eps * u))
halved_only = _from_product(lambda t, u, grad, eps: (grad(t + eps * u) - grad(t - eps * u)) / 2)
multiplied = _from_product(lambda t, u, grad, eps: (grad(t + eps * u) - grad(t - eps * u)) / 2 * eps)
added = _from_product(lambda t, u, grad, eps: (grad(t + eps * u) + grad(t - eps * u)) / (2 * eps))
a_whole_step = _from_product(lambda t, u, grad, eps: (grad(t + u) - grad(t - u)) / (2 * eps))
along_the_gradient = _from_product(
    lambda t, u, grad, eps: (grad(t + eps * grad(t)) - grad(t - eps * grad(t))) / 2 / eps
)
behind_first = _from_product(lambda t, u, grad, eps: -(grad(t - eps * u) - grad(t + eps * u)) / (2 * eps))
length_of_product = _from_curvature(lambda unit, product, direction: np.linalg.norm(product))
long_direction_again = _from_curvature(lambda unit, product, direction: np.sum(direction * product))
summed_up = _from_curvature(lambda unit, product, direction: np.sum(product))
no_sum = _from_curvature(lambda unit, product, direction: (unit * product)[0])


CURVATURE = Item(
    id="08b.curvature",
    title="the curvature along a direction",
    function="curvature_along",
    returns=("product", "curvature"),
    feeds=(),
    cases=curvature_cases,
    properties=[
        {"says": "A direction twice as long is the same direction: the curvature must not change, and yours does.",
         "terms": [[1.0, 0, 1], [-1.0, 1, 1]]},
        {"says": "Looking the other way turns the product round; yours does not turn.",
         "terms": [[1.0, 0, 0], [1.0, 2, 0]]},
        {"says": "In a bowl three times as steep the curvature is three times as large; yours is not.",
         "terms": [[3.0, 0, 1], [-1.0, 3, 1]]},
        {"says": "A bowl has the same curvature everywhere; yours changes with the point.",
         "terms": [[1.0, 0, 1], [-1.0, 4, 1]]},
        {"says": "In a bowl the curvature does not depend on eps; yours does.",
         "terms": [[1.0, 0, 1], [-1.0, 5, 1]]},
    ],
    mistakes=[
        Known("direction as it is", direction_as_it_is,
              "The direction keeps its own length, so a longer one finds more curvature. Make its length one first."),
        Known("divided at the end", divided_by_the_length_once,
              "Your curvature is right, but the product is that of the long direction, and the gradient is asked for "
              "too far away. Make the length one first."),
        Known("sum for length", sum_for_length,
              "The length is the root of the sum of squares; you divide by the sum of the sizes."),
        Known("two forgotten", two_forgotten, "From behind to ahead the way is twice as long as you say."),
        Known("one-sided", one_sided,
              "You look ahead only. On a bowl that gives the same numbers; where a loss bends unevenly, the "
              "difference of both sides has a much smaller error. Ask behind the point too."),
        Known("one-sided, halved", half_of_one_side,
              "You look ahead only, from the point itself, and that way is no two eps long."),
        Known("looking back", looking_back, "You look behind only; ask for the gradient ahead of the point too."),
        Known("turned round", turned_round, "The sign is wrong: take what is behind away from what is ahead."),
        Known("not divided", not_divided,
              "This is how much the gradient changes in all. How much is it per unit of the way?"),
        Known("halved only", halved_only, "You halve the difference, but eps is missing below the bar."),
        Known("multiplied", multiplied, "Mind the order of operations: `a / 2 * eps` multiplies by eps."),
        Known("added", added, "You add the two gradients; it is their difference that tells how the slope changes."),
        Known("a whole step", a_whole_step,
              "You look a whole unit ahead and behind, and divide as if it were eps."),
        Known("along the gradient", along_the_gradient,
              "You go along the gradient; the direction to look along is handed in."),
        Known("length of the product", length_of_product,
              "The length of the product counts also the part that points elsewhere. Only its part along the "
              "direction is the curvature there."),
        Known("long direction again", long_direction_again,
              "The product is right. For the curvature, too, the direction has length one."),
        Known("summed up", summed_up,
              "You add up the entries of the product. Each must be weighed with its entry of the direction."),
        Known("first entry", no_sum, "That is the first entry alone; the curvature adds up all of them."),
    ],
    forms=[
        Known("behind first", behind_first,
              "The numbers are right. Ask for the gradient ahead first, as the text has it."),
    ],
    hints=(
        "Three lines: make the length one, take the difference of two gradients per way between them, and add up the "
        "products of the entries.",
        "`np.linalg.norm` is the length. The two places lie eps ahead of theta and eps behind it, along the unit "
        "direction; how far apart are they?",
    ),
    praise="Two gradients tell the curvature along any direction, without a matrix of millions of entries.",
    points=2.0,
)  # fmt: skip


# ------------------------------------------------------------------ a fair report


def report_cases(rng):
    """Return calls of `fair_report`; validation and test disagree, one seed blew up and one was lucky."""

    def table(medians, seeds):
        return np.round(np.outer(medians, np.ones(seeds)) * rng.uniform(0.93, 1.07, (7, seeds)), 4)

    def tables(seeds=7, order=None):
        """Each way to choose has a rate of its own: median, mean, best seed, worst seed, both tables, test, largest."""
        order = rng.permutation(7) if order is None else order
        validation = table((0.2, 0.31, 0.6, 0.48, 0.42, 0.8, 1.0), seeds)
        test = table((0.7, 0.6, 0.75, 0.65, 0.3, 0.2, 0.9), seeds)
        if seeds > 2:  # two that blew up, two high ones, one lucky
            validation[[0, 1, 2, 4], [1, 2, 0, 1]] = 2.3, 0.9, 0.02, 1.2
            test[0, 2] = 2.3
        return validation[order], test[order]

    def call(says, validation, test):
        return {"says": says, "arguments": {"validation": validation.tolist(), "test": test.tolist()}}

    validation, test = tables()
    shuffled, turn = rng.permutation(7), rng.permutation(7)
    ten = tables(10)
    return [
        call("seven rates and seven seeds", validation, test),
        call("the same, the seeds in another order", validation[:, shuffled], test[:, shuffled]),
        call("all losses twice as large", 2 * validation, 2 * test),
        call("the rates in another order", validation[turn], test[turn]),
        call("ten seeds", *ten),
        call("one seed", *tables(1)),
        call("five seeds", *tables(5)),
        call("the best rate first", *tables(7, np.arange(7))),
        call("the best rate last", *tables(7, np.array([6, 1, 2, 3, 4, 5, 0]))),
        call("a single rate", validation[:1], test[:1]),
    ]


def _report(choose=lambda validation, test: np.argmin(np.median(validation, axis=1)),
            tell=lambda losses: tuple(np.percentile(losses, [10, 50, 90]))):  # fmt: skip
    def fair_report(validation, test):
        chosen = choose(validation, test)
        return (chosen, *tell(test[chosen]))

    return fair_report


mean_chooses = _report(lambda validation, test: np.argmin(np.mean(validation, axis=1)))
chosen_on_test = _report(lambda validation, test: np.argmin(np.median(test, axis=1)))
lucky_seed_chooses = _report(lambda validation, test: np.argmin(np.min(validation, axis=1)))
worst_seed_chooses = _report(lambda validation, test: np.argmin(np.max(validation, axis=1)))
largest_chosen = _report(lambda validation, test: np.argmax(np.median(validation, axis=1)))
mean_told = _report(tell=lambda x: (np.percentile(x, 10), np.mean(x), np.percentile(x, 90)))
whole_range = _report(tell=lambda x: (np.min(x), np.median(x), np.max(x)))
middle_half = _report(tell=lambda x: tuple(np.percentile(x, [25, 50, 75])))
shares_for_percent = _report(tell=lambda x: tuple(np.percentile(x, [0.1, 0.5, 0.9])))
spread_for_band = _report(tell=lambda x: (np.median(x) - np.std(x), np.median(x), np.median(x) + np.std(x)))
turned_band = _report(tell=lambda x: tuple(np.percentile(x, [90, 50, 10])))
best_seed_told = _report(tell=lambda x: (np.min(x), np.min(x), np.min(x)))


def validation_told(validation, test):
    chosen = np.argmin(np.median(validation, axis=1))
    return (chosen, *np.percentile(validation[chosen], [10, 50, 90]))


def all_rates_told(validation, test):
    return (np.argmin(np.median(validation, axis=1)), *np.percentile(test, [10, 50, 90]))


def both_together(validation, test):
    chosen = np.argmin(np.median(np.concatenate([validation, test], axis=1), axis=1))
    return (chosen, *np.percentile(test[chosen], [10, 50, 90]))


FAIR = Item(
    id="08b.fair",
    title="a fair report",
    function="fair_report",
    returns=("chosen", "low", "median", "high"),
    feeds=(),
    cases=report_cases,
    properties=[
        {"says": "The order of the seeds must not matter; your median changes with it.",
         "terms": [[1.0, 0, 2], [-1.0, 1, 2]]},
        {"says": "The order of the seeds must not matter; the lower edge of your band changes with it.",
         "terms": [[1.0, 0, 1], [-1.0, 1, 1]]},
        {"says": "With all losses twice as large the median is twice as large; yours is not.",
         "terms": [[2.0, 0, 2], [-1.0, 2, 2]]},
        {"says": "With all losses twice as large the upper edge is twice as large; yours is not.",
         "terms": [[2.0, 0, 3], [-1.0, 2, 3]]},
        {"says": "The order of the rates must not change the report; your median changes with it.",
         "terms": [[1.0, 0, 2], [-1.0, 3, 2]]},
    ],
    mistakes=[
        Known("the mean chooses", mean_chooses,
              "You choose by the mean. One seed that blew up then spoils the best rate."),
        Known("chosen on the test set", chosen_on_test,
              "You choose the rate by the test losses. Then the test set has been used for tuning, and its numbers "
              "are too good."),
        Known("the lucky seed chooses", lucky_seed_chooses,
              "You choose by the best seed of each rate: that is the luckiest rate, and no typical one."),
        Known("the worst seed chooses", worst_seed_chooses,
              "You choose by the worst seed of each rate. The middle one is asked for."),
        Known("the largest", largest_chosen, "You take the largest loss. That would be right for accuracies."),
        Known("the mean is told", mean_told,
              "You report the mean; one seed that blew up pulls it away from all the others."),
        Known("the whole range", whole_range,
              "Your band goes from the best seed to the worst; the 10th and 90th percentile are asked for."),
        Known("the middle half", middle_half, "Your band holds half of the seeds; it should hold the middle 80 %."),
        Known("shares for percent", shares_for_percent,
              "`np.percentile` counts from 0 to 100, so your 0.1 is a tenth of one percent."),
        Known("spread for band", spread_for_band,
              "Your band is the median plus and minus the spread. It can reach below every run there is."),
        Known("band turned round", turned_band, "The two edges of the band are exchanged."),
        Known("the best seed is told", best_seed_told, "You report the best seed alone, as so many papers do."),
        Known("validation is told", validation_told,
              "You report the losses by which you chose. The choice has made them too good; report the others."),
        Known("all rates are told", all_rates_told, "You report the runs of all rates; only the chosen one counts."),
        Known("both together", both_together,
              "You choose on both tables together. The test losses must have no say in the choice."),
    ],
    forms=[],
    hints=(
        "Two lines. Which of the two tables may choose, and which one is only read?",
        "A row is a rate, so `axis=1` goes over the seeds. `np.argmin` gives the place of the smallest; "
        "`np.percentile` takes a list of percentages.",
    ),
    praise="Chosen where it is allowed, told where nothing was chosen: anybody may check it.",
    points=2.0,
)  # fmt: skip


# ------------------------------------------------------------------ goals


def _grid(tries, lowest, highest, beta):
    return {"tries": tries, "lowest": lowest, "highest": highest, "beta": beta}


TUNE = Goal(
    id="08b.tune_three",
    title="tune on three problems",
    answer="tuning",
    settings={"tries": (1, 40), "lowest": (1e-4, 10.0), "highest": (1e-4, 10.0), "beta": (0.0, 0.999)},
    simulation="tune three",
    options={"budget": 400, "pars": [1e-6, 1e-6, 0.108], "seed": 0},
    low=0.0,
    high=1.0,
    goal="Asked for are a millionth of the loss on the dots and on the bowl, and 0.108 of it on the digits.",
    mistakes=[
        Wrong("one try", _grid(1, 0.03, 0.3, 0.8),
              "A single rate in the middle of the range is too large for one problem or too small for another."),
        Wrong("many tries", _grid(20, 0.03, 0.3, 0.8), "So many tries have too few steps each to get anywhere."),
        Wrong("all tries", _grid(40, 0.001, 1.0, 0.9), "Forty tries have ten steps each: you have searched, and not "
              "trained."),
        Wrong("too low", _grid(3, 0.0001, 0.01, 0.8), "Your rates are safe on the steep bowl, and crawl elsewhere."),
        Wrong("too high", _grid(3, 0.1, 10.0, 0.8), "Even your lowest rate is too large for the steep bowl."),
        Wrong("no momentum", _grid(3, 0.01, 0.3, 0.0),
              "Without momentum, kappa 100 takes more steps than a try has here."),
        Wrong("long memory", _grid(3, 0.03, 0.3, 0.99), "With beta 0.99 the swing lasts longer than a try."),
    ],
    hints=(
        "Curvatures up to 10, 80 and about 4: which rates does each of them need, with momentum? The grid has to "
        "hold one for each.",
        "Kappa is 100 on two of them, so lesson 4 says roughly which beta. Then take a handful of rates over a "
        "factor of ten.",
    ),
    praise="Few tries, well placed, leave most of the budget for training.",
    points=2.0,
)  # fmt: skip


def _run(lr, beta, batch):
    return {"lr": lr, "beta": beta, "batch": batch}


CAPSTONE = Goal(
    id="08b.capstone",
    title="train the digits",
    answer="training",
    settings={"lr": (0.0, 10.0), "beta": (0.0, 0.999), "batch": (4, 1400)},
    simulation="train the digits",
    options={"epochs": 3, "networks": 5, "seed": 0},
    low=0.0,
    high=0.13,
    goal="A median of 0.13 or less is asked for.",
    mistakes=[
        Wrong("a common default", _run(0.01, 0.9, 32),
              "These settings train well, with more time. Here the steps are too few or too short."),
        Wrong("the settings of this lesson", _run(0.005, 0.9, 32),
              "This is the slow run of the lesson, after 3 epochs of its 20."),
        Wrong("same lr as without momentum", _run(0.4, 0.9, 8),
              "The rate 0.4 is good without momentum. With beta 0.9 it acts like 4."),
        Wrong("momentum taken away", _run(0.04, 0.0, 8),
              "The rate 0.04 is good with beta 0.9. Without momentum it acts ten times as small."),
        Wrong("beta raised alone", _run(0.04, 0.99, 8),
              "You raised beta and left lr as it was: lr/(1 - beta) is now 4."),
        Wrong("large batch", _run(0.04, 0.9, 128),
              "Larger batches mean fewer steps for the same budget, and these are too short for so few."),
        Wrong("all at once", _run(0.04, 0.9, 1400), "The whole set at once leaves three steps."),
        Wrong("ten times larger", _run(0.5, 0.9, 32), "This acts like 5, which is beyond every batch of this size."),
    ],
    hints=(
        "The budget is in digits, so a smaller batch buys more steps. What does lr/(1 - beta) come to in your "
        "settings, and what did the runs of this lesson do at that value?",
        "Batches of 8 or 16, and lr/(1 - beta) somewhere from 0.3 to 0.8; the more noise, the lower.",
    ),
    praise="It can be done with momentum and without: each takes a learning rate of its own.",
    points=3.0,
)  # fmt: skip


# ------------------------------------------------------------------ an order and questions

QUESTIONS = [
    Ordering(
        "08b.timeline",
        "the papers of the course",
        "These are papers that you have met. Put them in order, the earliest first.",
        (
            "Frankel: large linear systems, by two earlier points",
            "Polyak: the heavy ball for minimisation, with its rate on quadratics",
            "Nesterov: a gap of order 1/k^2 for all smooth convex functions",
            "Rumelhart, Hinton, Williams: networks with hidden units",
            "Qian: momentum as a mass on a spring with friction",
            "Sutskever, Martens, Dahl, Hinton: Nesterov's method for deep networks",
            "Kingma, Ba: Adam",
            "Choi and others: a ranking depends on what was tuned",
        ),
        [
            Wrong("networks before convex", (0, 1, 3, 2, 4, 5, 6, 7),
                  "Nesterov's promise is of 1983, three years before the networks of 1986."),
            Wrong("minimisation first", (1, 0, 2, 3, 4, 5, 6, 7),
                  "The recurrence is older than its use for minimisation."),
            Wrong("spring first", (0, 4, 1, 2, 3, 5, 6, 7),
                  "The ball is Polyak's picture of 1964; the spring with its mass was worked out for networks, later."),
            Wrong("spring before networks", (0, 1, 2, 4, 3, 5, 6, 7),
                  "Qian explains what the networks of 1986 had used for years."),
            Wrong("Adam before its rival", (0, 1, 2, 3, 4, 6, 5, 7),
                  "Adam came a year after Nesterov's method had been written for deep networks."),
            Wrong("ranking before Adam", (0, 1, 2, 3, 4, 5, 7, 6),
                  "The comparison has Adam in it, so Adam came first."),
        ],
        "Linear systems, minimisation, a promise, networks, a picture of why, deep networks, Adam, and the question of "
        "fairness: almost seventy years.",
    ),
    Question(
        "08b.same_curve",
        "the same curve",
        "A network trains well with `lr` 0.05 and no momentum, far from instability. You add `beta` 0.9, with lr "
        "inside the velocity. Which `lr` gives nearly the same curve?",
        (
            Option("tenth", "0.005", "Then lr/(1 - beta) is 0.05, as before."),
            Option("same", "0.05", "Then lr/(1 - beta) is 0.5. Look at the two curves of the budget race at rest.",
                   "momentum comes on top of lr"),
            Option("more", "0.5", "That goes the wrong way. Look at the two rates of the budget race at rest.",
                   "momentum makes steps shorter"),
            Option("none", "none does", "Look at the two curves of the budget race at rest: they differ by less than "
                   "their bands.", "momentum always changes the curve"),
        ),
    ),
    Question(
        "08b.coin",
        "what a budget counts",
        "Method A has one knob, and you try 4 settings of it. Method B has two knobs, and you try 4 x 5 of them. When "
        "is their race fair?",
        (
            Option("all", "if all tries of A together cost as much as all of B", "The search is part of the price."),
            Option("each", "if each try of A has as many steps as each try of B", "Then B has five times the budget. "
                   "Move the tries of the budget race to see what they are worth.", "the search is free"),
            Option("last", "if the last run of A has as many steps as that of B", "What came before it was paid too. "
                   "Move the tries of the budget race.", "only the best run counts"),
            Option("clock", "if both of them take equally many seconds on a computer", "Seconds depend on the machine "
                   "and on who wrote the program. The budget race says what it counts instead.",
                   "time is the measure"),
        ),
    ),
    Question(
        "08b.one_seed",
        "one run each",
        "One run each, with the same seed: method A ends at a loss of 0.040, method B at 0.028. What follows?",
        (
            Option("seeds", "little, before other seeds have been run", "The table of six seeds in lesson 08b has both "
                   "orders."),
            Option("better", "B is better by a third, as the seed is the same", "The same seed makes another run of "
                   "it under another rule. Look at the table of six seeds in lesson 08b.", "a shared seed is enough"),
            Option("tune", "A has the wrong rate, and should have a larger one", "One run cannot tell. Look at the "
                   "table of six seeds in lesson 08b.", "a worse run is a badly tuned one"),
            Option("equal", "both are equally good, for the two losses are small", "One run cannot tell that either. "
                   "Look at the table of six seeds in lesson 08b.", "small differences are none"),
        ),
    ),
]  # fmt: skip

ITEMS = [CURVATURE, FAIR, TUNE, CAPSTONE, *QUESTIONS]
