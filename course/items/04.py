"""The exercises and questions of lesson 04: cases, laws, known mistakes and hints."""

import numpy as np
import sympy

from momentum_lab.authoring import Blank, Goal, Item, Known, Number, Option, Ordering, Question, Symbolic, Wrong

# ------------------------------------------------------------------ the rate of a whole valley


def rate_cases(rng):
    """Return calls of `slowest_rate`: each kind of spring is the slowest one somewhere."""

    def call(says, stiffnesses, beta):
        lr = round(float(rng.uniform(0.02, 0.3)), 3)
        return {"says": says, "arguments": {"curvatures": [u / lr for u in stiffnesses], "lr": lr, "beta": beta}}

    beta = round(float(rng.uniform(0.55, 0.8)), 3)
    slow, fast = (1 - beta**0.5) ** 2, (1 + beta**0.5) ** 2  # the limits of the circle
    soft = slow * float(rng.uniform(0.2, 0.5))
    stiff = fast + (2 * (1 + beta) - fast) * float(rng.uniform(0.6, 0.9))
    one = call("a soft spring that creeps, and two on the circle", [1.3, soft, 0.6], beta)
    twice = {"curvatures": [2 * c for c in one["arguments"]["curvatures"]], "lr": one["arguments"]["lr"] / 2}
    return [
        one,
        {"says": "twice the curvatures and half the learning rate", "arguments": {**one["arguments"], **twice}},
        call("a stiff spring near its limit", [0.9, stiff, 1.4, 0.7], beta),
        call("both springs on the circle", [0.6, 1.9], beta),
        call("a single spring", [0.4 * slow], beta),
        call("beta = 0, which is gradient descent", [0.3, 1.6], 0.0),
        call("a stiff spring beyond its limit", [0.5, 2 * (1 + beta) + 0.4, 1.1], beta),
    ]


def _over_springs(of_roots, gather=max, polynomial=None, count=None):
    """Return a wrong answer: another length of the roots, another choice of springs, or another polynomial."""
    polynomial = polynomial or (lambda u, beta: [1, -(1 + beta - u), beta])

    def slowest_rate(curvatures, lr, beta):
        return gather([of_roots(np.roots(polynomial(lr * c, beta)), lr * c, beta) for c in np.array(curvatures)])

    return slowest_rate


def _length(roots, u, beta):
    return max(abs(roots), default=0.0)


signs_kept = _over_springs(lambda roots, u, beta: max(roots.real, default=0.0))
shorter_root = _over_springs(lambda roots, u, beta: min(abs(roots)))
largest_entry_squared = _over_springs(lambda roots, u, beta: max(abs(roots)) ** 2)
always_on_circle = _over_springs(lambda roots, u, beta: beta**0.5)
no_momentum = _over_springs(lambda roots, u, beta: abs(1 - u))
one_large_rate = _over_springs(lambda roots, u, beta: abs(1 - u / (1 - beta)))
best_spring = _over_springs(_length, gather=min)
mean_of_springs = _over_springs(_length, gather=lambda kept: sum(kept) / len(kept))
a_list_of_rates = _over_springs(_length, gather=np.array)
wrong_sign = _over_springs(_length, polynomial=lambda u, beta: [1, -(1 + beta + u), beta])
beta_below_zero = _over_springs(_length, polynomial=lambda u, beta: [1, -(1 + beta - u), -beta])
coefficients_reversed = _over_springs(_length, polynomial=lambda u, beta: [beta, -(1 + beta - u), 1])
looking_ahead = _over_springs(_length, polynomial=lambda u, beta: [1, -(1 + beta) * (1 - u), beta * (1 - u)])
averaging_form = _over_springs(_length, polynomial=lambda u, beta: [1, -(1 + beta - (1 - beta) * u), beta])


def stiffest_only(curvatures, lr, beta):
    return _length(np.roots([1, -(1 + beta - lr * max(curvatures)), beta]), None, beta)


def softest_only(curvatures, lr, beta):
    return _length(np.roots([1, -(1 + beta - lr * min(curvatures)), beta]), None, beta)


def rate_left_out(curvatures, lr, beta):
    return max(_length(np.roots([1, -(1 + beta - c), beta]), None, beta) for c in np.array(curvatures))


RATE = Item(
    id="04.rate",
    title="the rate of a whole valley",
    function="slowest_rate",
    returns=("rate",),
    feeds=(),
    cases=rate_cases,
    properties=[
        {"says": "Twice the curvatures with half the learning rate is the same `u` everywhere, and must give the same "
                 "rate; yours changes.",
         "terms": [[1.0, 0, 0], [-1.0, 1, 0]]},
    ],
    mistakes=[
        Known("signs kept", signs_kept,
              "You compare the roots with their signs, or only their real parts. A root of -0.9 keeps as much as one "
                  "of 0.9: take lengths."),
        Known("shorter root", shorter_root, "You took the shorter of the two roots. The longer one outlives it."),
        Known("squared", largest_entry_squared, "This is the square of the length: what a step keeps of the loss, "
              "and not of the error."),
        Known("always on the circle", always_on_circle,
              "sqrt(beta) is right for complex roots only. A spring that is too soft or too stiff is off the circle."),
        Known("no momentum", no_momentum, "This is gradient descent, |1 - u|: beta has no part in it."),
        Known("one large learning rate", one_large_rate,
              "You treat momentum as gradient descent with lr / (1 - beta). That is good for a tiny u only."),
        Known("best spring", best_spring, "You return what the fastest spring keeps. The run waits for the slowest."),
        Known("mean of the springs", mean_of_springs, "A mean of the springs hides the slowest, which decides."),
        Known("a list", a_list_of_rates, "You return what every spring keeps. Return one number, for the slowest."),
        Known("stiffest only", stiffest_only, "You look at the stiffest spring alone; here and there another is "
              "slower."),
        Known("softest only", softest_only, "You look at the softest spring alone; here and there another is slower."),
        Known("sign of u", wrong_sign, "Look at the sign of `u` in the middle coefficient: with yours the springs "
              "push away from rest."),
        Known("sign of beta", beta_below_zero, "Look at the sign of the last coefficient: the two roots multiply to "
              "beta."),
        Known("coefficients reversed", coefficients_reversed,
              "The coefficients run the other way: np.roots wants that of the highest power first."),
        Known("looks ahead", looking_ahead, "This is the polynomial of Nesterov's method, whose turn comes in lesson "
              "5."),
        Known("learning rate left out", rate_left_out, "The learning rate is missing: `u` is lr times curvature."),
    ],
    forms=[
        Known("average", averaging_form,
              "This is right for a velocity that is an average, with a factor 1 - beta before the gradient. The course "
                  "keeps the sum: drop that factor."),
    ],
    hints=(
        "A polynomial goes into np.roots as the list of its coefficients. What is the length of a complex number in "
        "Python?",
        "The list has three entries: 1, then minus the bracket, then beta. `abs` gives the lengths, and the longer "
        "one counts.",
    ),
    praise="The slowest spring decides, and you find it wherever it is, on the circle or off it.",
    points=2.0,
)  # fmt: skip


# ------------------------------------------------------------------ Polyak's setting


def best_cases(rng):
    """Return calls of `best_heavy_ball`."""

    def call(says, mu, kappa):
        mu = round(mu, 3)
        return {"says": says, "arguments": {"mu": mu, "L": round(mu * kappa, 3)}}

    mus, kappas = rng.uniform(0.2, 2.0, 4), rng.uniform((2, 8, 60, 900), (5, 30, 200, 9000))
    some = [call(f"kappa near {k:.0f}", m, k) for m, k in zip(mus, kappas, strict=True)]
    doubled = {name: 2 * value for name, value in some[1]["arguments"].items()}
    return [
        *some,
        {"says": "both curvatures doubled", "arguments": doubled},
        call("two equal curvatures", float(mus[0]), 1.0),
    ]


def _roots(mu, L):
    return L**0.5 + mu**0.5, L**0.5 - mu**0.5


def rate_for_beta(mu, L):
    plus, minus = _roots(mu, L)
    return 4 / plus**2, minus / plus


def kappa_for_root(mu, L):
    plus, _ = _roots(mu, L)
    return 4 / plus**2, ((L - mu) / (L + mu)) ** 2


def rate_of_descent(mu, L):
    plus, minus = _roots(mu, L)
    return 2 / (L + mu), (minus / plus) ** 2


def careful_rate(mu, L):
    plus, minus = _roots(mu, L)
    return 1 / L, (minus / plus) ** 2


def sum_not_squared(mu, L):
    plus, minus = _roots(mu, L)
    return 4 / plus, (minus / plus) ** 2


def squares_in_place_of_square(mu, L):
    plus, minus = _roots(mu, L)
    return 4 / (L + mu), (minus / plus) ** 2


def two_above(mu, L):
    plus, minus = _roots(mu, L)
    return 2 / plus**2, (minus / plus) ** 2


def root_of_rate(mu, L):
    plus, minus = _roots(mu, L)
    return 2 / plus, (minus / plus) ** 2


def order_exchanged(mu, L):
    plus, minus = _roots(mu, L)
    return (minus / plus) ** 2, 4 / plus**2


def one_minus(mu, L):
    return 4 / _roots(mu, L)[0] ** 2, 1 - (mu / L) ** 0.5


def no_memory(mu, L):
    return 2 / (L + mu), 0.0


def as_average(mu, L):
    plus, minus = _roots(mu, L)
    beta = (minus / plus) ** 2
    return 4 / plus**2 / (1 - beta), beta


BEST = Item(
    id="04.optimal_hb",
    title="Polyak's setting",
    function="best_heavy_ball",
    returns=("lr", "beta"),
    feeds=(),
    cases=best_cases,
    properties=[
        {"says": "With both curvatures doubled, kappa is the same, and so must be `beta`; yours changes.",
         "terms": [[1.0, 1, 1], [-1.0, 4, 1]]},
        {"says": "With both curvatures doubled, `lr` must be half as large; yours is not.",
         "terms": [[1.0, 1, 0], [-2.0, 4, 0]]},
    ],
    mistakes=[
        Known("rate for beta", rate_for_beta, "Your learning rate is right. What you call beta is the rate, sqrt(beta):"
              " one step is missing."),
        Known("kappa for its root", kappa_for_root,
              "Your learning rate is right. In `beta` take the roots of the curvatures, and not the curvatures."),
        Known("rate of descent", rate_of_descent,
              "Your beta is right. The learning rate is the best one of gradient descent; with memory it can be "
                  "larger."),
        Known("careful rate", careful_rate, "Your beta is right. One over `L` is a careful learning rate: it leaves the"
              " soft spring off the circle."),
        Known("not squared", sum_not_squared, "Your beta is right. In `lr` the sum of the roots must be squared."),
        Known("squares summed", squares_in_place_of_square,
              "Your beta is right. In `lr` square the sum of the roots: that is more than the sum of the squares."),
        Known("half of it", two_above, "Your beta is right, and the learning rate half of what it should be: the 2 is "
              "squared as well."),
        Known("root of lr", root_of_rate, "Your beta is right. What you call lr is its root: square it."),
        Known("exchanged", order_exchanged, "The two are right and exchanged: `lr` comes first."),
        Known("one minus", one_minus, "Your learning rate is right. Your beta is one minus one over the root of kappa: "
              "near it for long valleys, and no more than that."),
        Known("no memory", no_memory, "This is gradient descent at its best; the heavy ball keeps something."),
    ],
    forms=[
        Known("average", as_average,
              "This is right for a velocity that is an average; there the learning rate is 1 / (1 - beta) times as "
                  "large. "
              "The course keeps the sum."),
    ],
    hints=(
        "Add the two equations: sqrt(beta) falls out, and what is left gives sqrt(lr).",
        "The sum says that sqrt(lr) times (sqrt(mu) + sqrt(L)) is 2. For sqrt(beta), subtract the two and put sqrt(lr) "
        "in.",
    ),
    praise="Polyak's setting: both springs at the ends of one circle, at any kappa from 1 on.",
    points=2.0,
)  # fmt: skip


# ------------------------------------------------------------------ numbers and an expression

SLOPE = Number(
    id="04.slope",
    title="one more digit",
    answer="steps_per_digit",
    mistakes=[
        Wrong("one over the loss", 20.0, "1/(1 - rate) steps leave about a third, and not a tenth."),
        Wrong("to one e-th", -1 / np.log(0.95), "That many steps leave one e-th, 0.37. A tenth takes longer."),
        Wrong("half-life", np.log(0.5) / np.log(0.95), "That many steps leave a half."),
        Wrong(
            "digit of the loss",
            np.log(0.1) / np.log(0.95) / 2,
            "That is so for the loss, which goes with the square of the distance.",
        ),
        Wrong("approximated", np.log(10) / 0.05, "You took 1 - rate for -ln(rate); it is a little less than that."),
        Wrong("sign", np.log(10) / np.log(0.95), "Steps are counted upwards: a sign is wrong."),
        Wrong("straight line", 18.0, "Taking off 5 % of what is left is not 5 % of the start each time."),
        Wrong("upside down", np.log(0.95) / np.log(0.1), "You have it upside down: this is digits a step."),
        Wrong("rounded", 45.0, "Rounded up this is right; the question is about the exact number."),
    ],
    hints=(
        "Write down what is left of the distance after `t` steps, and set it equal to a tenth.",
        "0.95 to the power t is 0.1. Take the logarithm of both sides, and solve for t.",
    ),
    praise="On a logarithmic axis, that is the slope of the straight line.",
)

KAPPA = Number(
    id="04.beta_for_kappa",
    title="the valley of 0.9",
    answer="kappa_of_usual",
    mistakes=[
        Wrong("beta for its root", 361.0, "You used beta where sqrt(beta) belongs."),
        Wrong("not squared", (1 + 0.9**0.5) / (1 - 0.9**0.5), "That is the root of kappa."),
        Wrong("neither", 19.0, "Two things are missing: the root of beta, and the square at the end."),
        Wrong("window", 10.0, "1/(1 - beta) is the sum of all weights in the memory, and no condition number."),
        Wrong(
            "window squared", 100.0, "You took beta for 1 - 1/sqrt(kappa); the fraction for sqrt(beta) is another one."
        ),
        Wrong("upside down", ((1 - 0.9**0.5) / (1 + 0.9**0.5)) ** 2, "Kappa is above 1; you have it upside down."),
        Wrong(
            "one minus",
            1 / (1 - 0.9**0.5) ** 2,
            "You took sqrt(beta) for 1 - 1/sqrt(kappa); the fraction is another one.",
        ),
        Wrong("rounded root", 38.0**2, "Keep more digits: the root of kappa is a little less than 38."),
    ],
    hints=(
        "At the best setting sqrt(beta) is (K - 1)/(K + 1), where K is the root of kappa. Solve for K.",
        "K is (1 + q)/(1 - q), where q is sqrt(beta). One step is left.",
    ),
    praise="More than a thousand. For a shorter valley, 0.9 is more memory than the best long-run rate asks for.",
)

LIMIT = Symbolic(
    id="04.stability_limit",
    title="the right edge of the map",
    answer="largest_lr",
    symbols=(("beta", 0.1, 0.9), ("mu", 1, 4), ("L", 5, 40)),
    mistakes=[],
    hints=(
        "Which of the springs has the largest u at a given learning rate?",
        "Write lr times the curvature of that spring below 2 (1 + beta), and divide.",
    ),
    praise="The stiffest spring draws the edge, and memory moves it outwards: from 2/L towards 4/L.",
)
_b, _mu, _L = sympy.symbols("beta mu L")
LIMIT.mistakes.extend([
    Wrong("softest spring", 2 * (1 + _b) / _mu, "At that learning rate the soft spring still converges, and the stiff "
          "one is gone long since."),
    Wrong("gradient descent", 2 / _L, "That is the edge without memory: beta has no part in it."),
    Wrong("effective learning rate", 2 * (1 - _b) / _L, "It is tempting to divide the limit by 1/(1 - beta). The map "
          "leans the other way: with more beta it goes further."),
    Wrong("limit of u", 2 * (1 + _b), "That is the limit of u; the learning rate is u over a curvature."),
    Wrong("end of the circle", (1 + sympy.sqrt(_b)) ** 2 / _L, "That is where the stiffest spring leaves the circle. "
          "It converges a little further."),
    Wrong("Polyak's learning rate", 4 / (sympy.sqrt(_L) + sympy.sqrt(_mu)) ** 2, "That is the learning rate of the "
          "best setting, and no limit."),
    Wrong("sum of curvatures", 2 * (1 + _b) / (_L + _mu), "Each spring has a limit of its own; their curvatures are "
          "not added."),
    Wrong("beta near one", 4 / _L, "That is so for beta 1; for a smaller one the edge lies further left."),
    Wrong("Nesterov", 2 * (1 + _b) / ((1 + 2 * _b) * _L), "That is the limit of Nesterov's method."),
])  # fmt: skip

# ------------------------------------------------------------------ the challenge

BEAT = Goal(
    id="04.beat_polyak",
    title="beat Polyak",
    answer="beats",
    settings={"lr": (0.0, 1.0), "beta": (0.0, 0.999)},
    simulation="race home",
    options={"near": 1e-6, "steps": 400, "par": 93},
    low=1,
    high=79,
    goal="Gold is an arrival before step 80.",
    mistakes=[
        Wrong(
            "Polyak's setting",
            {"lr": 0.330579, "beta": 0.669421},
            "This is Polyak's setting itself, where both springs have two equal roots. Leave that corner a little.",
        ),
        Wrong(
            "bronze",
            {"lr": 0.32, "beta": 0.67},
            "Bronze: both springs have left the corner by a hair. Gold is before step 80; let them leave further.",
        ),
        Wrong(
            "silver",
            {"lr": 0.33, "beta": 0.68},
            "Silver, and one step short of gold. You have moved one knob; now try the other.",
        ),
        Wrong(
            "silver with more memory",
            {"lr": 0.33, "beta": 0.69},
            "Silver. A little less memory, and a little less learning rate, and it is gold.",
        ),
        Wrong(
            "gradient descent at its best",
            {"lr": 0.19802, "beta": 0.0},
            "With beta 0 this is gradient descent, and no learning rate helps it. Let it remember.",
        ),
        Wrong(
            "the usual beta",
            {"lr": 0.33, "beta": 0.9},
            "The rate is never below sqrt(beta), and 0.9 keeps the swing alive too long.",
        ),
        Wrong(
            "beta near one",
            {"lr": 0.39, "beta": 0.99},
            "That is the usual advice: beta near 1 and lr near the edge. It freezes the swing.",
        ),
        Wrong(
            "the winner of lesson 1",
            {"lr": 0.29, "beta": 0.58},
            "That wins a short race. At this beta no learning rate has both springs on the circle.",
        ),
    ],
    hints=(
        "The corner is where both springs have two equal roots. With a little more beta there is room on the circle "
        "for both to move off it.",
        "Raise beta by about 0.01. Then the learning rates with both springs on the circle form a short range around "
        "0.32; try its middle.",
    ),
    praise="Gold. The rate is a little worse than Polyak's, and there is no factor that grows with the step.",
    points=2.0,
)

# ------------------------------------------------------------------ the proof, and questions

PROOF = Ordering(
    "04.proof",
    "the best rate, line by line",
    "Put the lines of the proof in order. Every line uses the one before it.",
    (
        "Let r be below 1, and let no root of the softest or the stiffest spring be longer than r.",
        "Then neither polynomial is negative there: that of the softest at r, that of the stiffest at -r.",
        "So lr mu r is at least (1 - r)(r - beta), and lr L r is at most (1 + r)(r + beta).",
        "Divide the two: kappa is at most (1 + r)(r + beta) / ((1 - r)(r - beta)).",
        "As beta is at most r², this fraction is at most ((1 + r)/(1 - r))².",
        "Solve for r: it is at least (sqrt(kappa) - 1)/(sqrt(kappa) + 1).",
    ),
    [
        Wrong("divided first", (0, 1, 3, 2, 4, 5), "Before you can divide, you need the two inequalities."),
        Wrong("largest beta first", (0, 1, 2, 4, 3, 5), "\"This fraction\" must be there before it can be bounded."),
        Wrong("solved too early", (0, 1, 2, 3, 5, 4), "As long as beta is in the fraction, r cannot be solved for."),
        Wrong("result first", (5, 0, 1, 2, 3, 4), "That is what is to be shown; it comes last."),
    ],
    "That is the whole proof: two inequalities, one division, and the largest beta that r allows.",
)  # fmt: skip

GAPS = Blank(
    "04.proof_gaps",
    "the gaps of the proof",
    "The two roots multiply to beta, so a rate of r asks for a beta of at most ___. "
    "At the best setting sqrt(lr L) over sqrt(lr mu) is (1 + r)/(1 - r), which is kappa to the power ___.",
    (
        (("r**2", "r^2", "r²", "r*r", "rr", "r squared"), (
            Wrong("r itself", "r", "each of two roots is at most r long; how large is their product?"),
            Wrong("its root", "sqrt(r)", "it is the other way round: r is at least the root of beta."),
            Wrong("twice", "2r", "the roots are multiplied, and not added."),
            Wrong("one", "1", "that is right and too weak: the roots are shorter than 1."),
        )),
        (("1/2", "0.5", ".5", "½", "one half", "a half"), (
            Wrong("kappa", "1", "L over mu is kappa; here the roots of both are divided."),
            Wrong("square", "2", "take the root, where you have taken the square."),
            Wrong("sign", "-1/2", "the larger one stands above."),
        )),
    ),
    "The product of the roots, and the root of kappa: the two places where a root comes in.",
)  # fmt: skip

QUESTIONS = [
    Question(
        "04.more_memory",
        "more memory",
        "Kappa is 100. `beta` goes from 0.67 to 0.99, and for each the best learning rate of a grid is taken. The "
        "steps to a millionth become",
        (
            Option("thirty", "about thirty times as many",
                   "83 become 2705 on the grid of this lesson: the rate is never below sqrt(beta)."),
            Option("fewer", "fewer, as more is remembered",
                   "Walk up along `beta` in the settings map, and read the steps.", "more memory is better"),
            Option("same", "about the same number again",
                   "The learning rate cannot make up for it. Walk up along `beta` in the settings map.",
                   "lr makes up for beta"),
            Option("never", "infinite, as it diverges",
                   "A high beta makes the range of learning rates wider. Look at the right edge of the settings map.",
                   "high beta is unstable"),
        ),
    ),
    Question(
        "04.four_times",
        "four times the kappa",
        "Kappa goes from 400 to 1600, and the heavy ball gets its best long-run settings each time. By its rate, the "
        "steps to a millionth become about",
        (
            Option("twice", "twice as many", "The root of 4. In a run it is a little more, for the equal roots."),
            Option("four", "four times as many",
                   "So it is for gradient descent. Slide the middle of the dots in the settings map, and press the "
                   "best rate each time.", "momentum changes a factor only"),
            Option("sixteen", "sixteen times as many",
                   "The square goes the other way. Slide the middle of the dots in the settings map.",
                   "steps grow with the square"),
            Option("same", "as many as before",
                   "The best settings follow kappa, and still the rate comes nearer to 1. Slide the middle of the dots "
                   "in the settings map.", "tuning removes kappa"),
        ),
    ),
    Question(
        "04.smaller_kappa",
        "a smaller kappa",
        "A line is fitted to dots far from x = 0, and kappa is 727. What brings kappa down?",
        (
            Option("centre", "measuring x from its mean", "That moves the origin to where the valley is round."),
            Option("beta", "raising beta towards 0.99",
                   "Knobs change the run and not the valley. Move `beta` in the settings map, and watch kappa.",
                   "momentum lowers kappa"),
            Option("rate", "halving the learning rate",
                   "Knobs change the run and not the valley. Move the learning rate in the settings map, and watch "
                   "kappa.", "kappa depends on lr"),
            Option("start", "starting nearer to the line",
                   "The curvatures are the same everywhere on this valley. Look at what the shift does in the panel on "
                   "your own dots.", "kappa depends on the start"),
        ),
    ),
]  # fmt: skip

ITEMS = [SLOPE, RATE, PROOF, GAPS, BEST, KAPPA, LIMIT, BEAT, *QUESTIONS]
