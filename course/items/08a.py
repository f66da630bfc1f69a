"""The exercises and questions of lesson 08a: cases, laws, known mistakes and hints."""

import numpy as np

from momentum_lab.authoring import Item, Known, Number, Option, Ordering, Question, Wrong
from momentum_lab.optimizers import HeavyBall
from momentum_lab.oracles import AdditiveNoise
from momentum_lab.running import run
from momentum_lab.surfaces import Quadratic, twelve_dots

# ------------------------------------------------------------------ let the computer look

HEALTHY, LR_HIGH, FLOOR, BETA_HIGH, LR_LOW = range(5)
KINDS = {  # lowest and highest lr, lowest and highest beta, noise; on a bowl with curvatures 1 and 4
    HEALTHY: (0.2, 0.35, 0.2, 0.4, 0.0),
    LR_HIGH: (0.68, 0.75, 0.2, 0.35, 0.0),
    FLOOR: (0.1, 0.15, 0.4, 0.6, 1.0),
    BETA_HIGH: (0.03, 0.06, 0.968, 0.978, 0.0),
    LR_LOW: (0.0008, 0.0015, 0.3, 0.6, 0.0),
}


def patient(rng, cause):
    """Run random settings of one kind, drawn again while the curve is a borderline case; the settings are the truth."""
    low, high, least, most, noise = KINDS[cause]
    bowl = Quadratic([1.0, 4.0])
    while True:
        oracle = AdditiveNoise(bowl.grad, noise, int(rng.integers(1000)))
        rule = HeavyBall(rng.uniform(low, high), rng.uniform(least, most))
        losses = recorded(run(rule, bowl, [1.0, 1.0], 200, oracle=oracle))
        kept = np.median(losses[-50:]) / np.median(losses[-100:-50])
        if (cause != FLOOR or kept >= 0.8) and (cause != BETA_HIGH or kept <= 0.5):
            return losses


def climber():
    """Run Polyak's settings on the twelve dots: the loss climbs to 13.6 times its start, and arrives."""
    return recorded(run(HeavyBall(4 / 12.1, (9 / 11) ** 2), twelve_dots(), [0.0, 0.0], 200))


def recorded(trajectory):
    """Return the losses with four digits, the dust below 1e-12 of the start cut off."""
    return np.array([float(f"{gap:.4g}") for gap in np.maximum(trajectory.gaps, 1e-12 * trajectory.gaps[0])])


def curves(rng):
    """Return calls of `diagnose`."""

    def call(says, losses):
        return {"says": says, "arguments": {"losses": losses.tolist()}}

    floor = patient(rng, FLOOR)
    return [
        call("a run that comes down, and up and down again", floor),
        call("the same run, with a loss in a unit a thousand times as small", 1000 * floor),
        call("a run that ends high above its start", patient(rng, LR_HIGH)),
        call("a run that has come down a little at every step", patient(rng, LR_LOW)),
        call("a run that comes down, up, and further down, many times", patient(rng, BETA_HIGH)),
        call("a run that is down after a few steps", patient(rng, HEALTHY)),
        call("a run that climbs first, and arrives", climber()),
        call("another run that goes up and down", patient(rng, FLOOR)),
        call("another run that swings", patient(rng, BETA_HIGH)),
        call("a slow run with a loss in another unit", 0.01 * patient(rng, LR_LOW)),
    ]


def _told(losses, top=lambda shares: shares[-1], arrived=1e-6, names=(HEALTHY, LR_HIGH, FLOOR, BETA_HIGH, LR_LOW)):
    shares = losses / losses[0]
    if top(shares) > 1:
        return names[LR_HIGH]
    if shares[-1] < arrived:
        return names[HEALTHY]
    if not (np.diff(shares) > 0).any():
        return names[LR_LOW]
    return names[FLOOR if np.median(shares[-50:]) > 0.65 * np.median(shares[-100:-50]) else BETA_HIGH]


def climbing_is_diverging(losses):
    return _told(losses, top=np.max)


def every_rise_is_the_rate(losses):
    return LR_HIGH if (np.diff(losses) > 0).any() else _told(losses)


def a_level_is_slow(losses):
    return _told(losses, names=(HEALTHY, LR_HIGH, LR_LOW, BETA_HIGH, LR_LOW))


def rattling_is_swinging(losses):
    return _told(losses, names=(HEALTHY, LR_HIGH, BETA_HIGH, BETA_HIGH, LR_LOW))


def swinging_is_rattling(losses):
    return _told(losses, names=(HEALTHY, LR_HIGH, FLOOR, FLOOR, LR_LOW))


def only_the_learning_rate(losses):
    return _told(losses, names=(HEALTHY, LR_HIGH, LR_LOW, LR_LOW, LR_LOW))


def never_content(losses):
    return _told(losses, arrived=0.0)


def unit_forgotten(losses):
    if losses[-1] > 1:
        return LR_HIGH
    return _told(losses)


def growth_unseen(losses):
    return _told(losses, top=lambda shares: 0.0)


def high_and_low_exchanged(losses):
    return _told(losses, names=(HEALTHY, LR_LOW, FLOOR, BETA_HIGH, LR_HIGH))


def floor_and_swing_exchanged(losses):
    return _told(losses, names=(HEALTHY, LR_HIGH, BETA_HIGH, FLOOR, LR_LOW))


def slow_is_healthy(losses):
    return _told(losses, names=(HEALTHY, LR_HIGH, FLOOR, BETA_HIGH, HEALTHY))


DIAGNOSE = Item(
    id="08a.diagnose",
    title="let the computer look",
    function="diagnose",
    returns=("cause",),
    feeds=(),
    cases=curves,
    properties=[
        {"says": "The same curve in another unit has the same cause; yours has another. Compare with the start.",
         "terms": [[1.0, 0, 0], [-1.0, 1, 0]]},
    ],
    mistakes=[
        Known("climbing is diverging", climbing_is_diverging,
              "You call every climb above the start a learning rate too high. A heavy ball may climb first, and "
              "arrive; look at where the run ends."),
        Known("every rise is the learning rate", every_rise_is_the_rate,
              "You blame the learning rate for every rise. Noise makes a loss rise too, and so does a swing."),
        Known("a level is slow", a_level_is_slow,
              "You take a level for a slow run. It rattles and no longer falls; a higher learning rate would lift it."),
        Known("rattling is swinging", rattling_is_swinging,
              "You take every up and down for a swing of beta. Do the ups and downs shrink from one quarter to the "
              "next?"),
        Known("swinging is rattling", swinging_is_rattling,
              "You take every up and down for noise. In some of these runs they shrink from quarter to quarter."),
        Known("only the learning rate", only_the_learning_rate,
              "In yours every unfinished run has a learning rate too low. Some of them go up and down."),
        Known("never content", never_content,
              "You find something wrong with runs that have arrived. Below a millionth of the start nothing is wrong."),
        Known("unit forgotten", unit_forgotten,
              "You compare the loss itself with 1. Its unit is arbitrary; compare with the first loss."),
        Known("growth unseen", growth_unseen, "A run that ends above its start gets another cause in yours."),
        Known("high and low exchanged", high_and_low_exchanged,
              "The two numbers for a learning rate too high and too low are exchanged."),
        Known("floor and swing exchanged", floor_and_swing_exchanged,
              "You have seen the difference, but the numbers of noise floor and swings are exchanged."),
        Known("slow is healthy", slow_is_healthy,
              "A run that falls at every step passes as well in yours. It has far more than a millionth left."),
    ],
    forms=[],
    hints=(
        "Divide by the first loss. The two ends of the run settle the first two cases. Then ask: has the loss risen "
        "at any step?",
        "`np.diff` gives the changes from step to step; a slow run has no positive one. For the other two compare the "
        "medians of the last quarter and of the quarter before.",
    ),
    praise="All of them named as their settings have it, the climber too.",
    points=2.0,
)  # fmt: skip


# ------------------------------------------------------------------ a linear warm-up


def warm_ups(rng):
    """Return calls of `warm_up`."""
    first, peak, steps = round(float(rng.uniform(0.01, 0.1)), 3), round(float(rng.uniform(0.4, 0.9)), 3), 20

    def call(says, t, first=first, peak=peak, steps=steps):
        return {"says": says, "arguments": {"t": t, "first": first, "peak": peak, "steps": steps}}

    return [
        call("the first update, t = 0", 0),
        call("the update halfway", 10),
        call("the first update at the peak, t = steps", 20),
        call("an update early on", 3),
        call("the last update below the peak", 19),
        call("an update long after the warm-up", 200),
        call("a start at 0", 6, first=0.0, steps=8),
        call("a warm-up of a single step", 1, steps=1),
    ]


def one_ahead(t, first, peak, steps):
    return first + (peak - first) * min((t + 1) / steps, 1.0)


def peak_one_early(t, first, peak, steps):
    return first + (peak - first) * min(t / max(steps - 1, 1), 1.0)


def peak_one_late(t, first, peak, steps):
    return first + (peak - first) * min(t / (steps + 1), 1.0)


def never_stays(t, first, peak, steps):
    return first + (peak - first) * t / steps


def always_from_zero(t, first, peak, steps):
    return peak * min(t / steps, 1.0)


def first_on_top(t, first, peak, steps):
    return first + peak * min(t / steps, 1.0)


def not_below_first(t, first, peak, steps):
    return max(first, peak * min(t / steps, 1.0))


def whole_division(t, first, peak, steps):
    return first + (peak - first) * min(t // steps, 1)


def cooled_down(t, first, peak, steps):
    return peak + (first - peak) * min(t / steps, 1.0)


def by_a_factor(t, first, peak, steps):
    return first * (peak / first) ** min(t / steps, 1.0) if first else peak * min(t / steps, 1.0)


def back_to_first(t, first, peak, steps):
    return first + (peak - first) * t / steps if t <= steps else first


WARM_UP = Item(
    id="08a.warmup",
    title="a linear warm-up",
    function="warm_up",
    returns=("lr",),
    feeds=(),
    cases=warm_ups,
    properties=[
        {"says": "Halfway through the warm-up lr must lie halfway between its values at t = 0 and t = steps; "
                 "yours does not.",
         "terms": [[2.0, 1, 0], [-1.0, 0, 0], [-1.0, 2, 0]]},
    ],
    mistakes=[
        Known("one ahead", one_ahead, "You are one update ahead: the first one is t = 0, and it has `first`."),
        Known("peak one early", peak_one_early, "Your peak comes one update early: it is reached at t = steps."),
        Known("peak one late", peak_one_late, "Your peak comes one update late: it is reached at t = steps."),
        Known("never stays", never_stays, "After the warm-up yours goes on rising. It stays at the peak."),
        Known("always from zero", always_from_zero, "You start from zero, whatever `first` says."),
        Known("first on top", first_on_top, "You put `first` on top of the peak. What is still to climb at t = 0?"),
        Known("not below first", not_below_first,
              "Yours waits at `first` and then follows a line from zero. The line itself begins at `first`."),
        Known("whole division", whole_division, "`//` drops the fraction, so nothing rises before the end."),
        Known("cooled down", cooled_down, "Yours falls: first and peak are exchanged."),
        Known("by a factor", by_a_factor,
              "You rise by the same factor at every step; a line rises by the same amount."),
        Known("back to the first", back_to_first, "After the warm-up yours drops back to `first`."),
    ],
    forms=[],
    hints=(
        "Which share of the way is done at update t? It must not exceed 1.",
        "`min` holds the share at 1. Then go that share of the way from `first` to `peak`.",
    ),
    praise="From the first update to long after the last of the warm-up, as `linear_warm_up` of the library.",
)  # fmt: skip


# ------------------------------------------------------------------ one cycle


def cycles(rng):
    """Return calls of `cycle_at`."""

    def call(says, t, steps=100, max_lr=None):
        max_lr = round(float(rng.uniform(0.2, 2.0)), 3) if max_lr is None else max_lr
        return {"says": says, "arguments": {"t": t, "steps": steps, "max_lr": max_lr}}

    rising = call("an update of the rise", 11)
    return [
        rising,
        call("the same update with a largest lr twice as large", 11, max_lr=2 * rising["arguments"]["max_lr"]),
        call("the first update", 0),
        call("the update at the peak", 29),
        call("the update after the peak", 30),
        call("an update of the fall", 71),
        call("the last update", 99),
        call("a cycle of 40 updates, in the rise", 4, steps=40),
        call("a cycle of 40 updates, in the fall", 20, steps=40),
        call("a cycle of 25 updates, whose peak lies between two of them", 7, steps=25),
    ]


def _cycled(t, steps, max_lr, *, rise=0.3, late=1, last=1, divide=25, final=1e4, low=0.85, high=0.95,
            shape=lambda share: (1 + np.cos(np.pi * share)) / 2):  # fmt: skip
    peak, end, first = rise * steps - late, steps - last, max_lr / divide
    share = t / peak if t <= peak else (t - peak) / (end - peak)
    half = shape(share)
    if t <= peak:
        return max_lr + (first - max_lr) * half, low + (high - low) * half
    return first / final + (max_lr - first / final) * half, high + (low - high) * half


def beta_with_lr(t, steps, max_lr):
    return _cycled(t, steps, max_lr, low=0.95, high=0.85)


def phases_exchanged(t, steps, max_lr):
    rate, beta = _cycled(t, steps, max_lr, rise=0.7)
    return rate, beta


def falls_first(t, steps, max_lr):
    peak, last, first = 0.3 * steps - 1, steps - 1, max_lr / 25
    share = t / peak if t <= peak else (t - peak) / (last - peak)
    half = (1 + np.cos(np.pi * share)) / 2
    if t <= peak:
        return first + (max_lr - first) * half, 0.95 - 0.1 * half
    return max_lr + (first - max_lr) * half, 0.85 + 0.1 * half


def peak_off_by_one(t, steps, max_lr):
    return _cycled(t, steps, max_lr, late=0)


def ends_one_late(t, steps, max_lr):
    return _cycled(t, steps, max_lr, last=0)


def no_final_division(t, steps, max_lr):
    return _cycled(t, steps, max_lr, final=1.0)


def final_division_of_the_peak(t, steps, max_lr):
    return _cycled(t, steps, max_lr, final=1e4 / 25)


def down_to_nothing(t, steps, max_lr):
    rate, beta = _cycled(t, steps, max_lr)
    peak = 0.3 * steps - 1
    return (rate, beta) if t <= peak else (max_lr * (1 + np.cos(np.pi * (t - peak) / (steps - 1 - peak))) / 2, beta)


def starts_at_a_tenth(t, steps, max_lr):
    return _cycled(t, steps, max_lr, divide=10)


def in_degrees(t, steps, max_lr):
    return _cycled(t, steps, max_lr, shape=lambda share: (1 + np.cos(180 * share)) / 2)


def straight_lines(t, steps, max_lr):
    return _cycled(t, steps, max_lr, shape=lambda share: 1 - share)


def a_whole_cosine(t, steps, max_lr):
    return _cycled(t, steps, max_lr, shape=lambda share: (1 + np.cos(2 * np.pi * share)) / 2)


def share_from_the_start(t, steps, max_lr):
    peak, last, first = 0.3 * steps - 1, steps - 1, max_lr / 25
    half = (1 + np.cos(np.pi * (t / peak if t <= peak else t / last))) / 2
    if t <= peak:
        return max_lr + (first - max_lr) * half, 0.85 + 0.1 * half
    return first / 1e4 + (max_lr - first / 1e4) * half, 0.95 - 0.1 * half


def beta_stays(t, steps, max_lr):
    return _cycled(t, steps, max_lr)[0], 0.95


def beta_stays_low(t, steps, max_lr):
    rate, beta = _cycled(t, steps, max_lr)
    return rate, beta if t <= 0.3 * steps - 1 else 0.85


def exchanged(t, steps, max_lr):
    return _cycled(t, steps, max_lr)[::-1]


ONE_CYCLE = Item(
    id="08a.one_cycle",
    title="one cycle at step t",
    function="cycle_at",
    returns=("lr", "beta"),
    feeds=(),
    cases=cycles,
    properties=[
        {"says": "A largest learning rate twice as large makes every lr twice as large; yours is not.",
         "terms": [[2.0, 0, 0], [-1.0, 1, 0]]},
        {"says": "The largest learning rate must not move beta; yours does.",
         "terms": [[1.0, 0, 1], [-1.0, 1, 1]]},
    ],
    mistakes=[
        Known("beta with lr", beta_with_lr, "Your beta goes up with lr and down with it. It mirrors lr."),
        Known("falls first", falls_first, "Yours begins with the fall. The learning rate rises first, and beta falls."),
        Known("phases exchanged", phases_exchanged,
              "In yours the rise takes 70 % of the updates and the fall the rest."),
        Known("peak off by one", peak_off_by_one,
              "Your peak comes one update late: the first update is number 0."),
        Known("ends one late", ends_one_late,
              "Your fall ends at t = steps, which is one update after the last."),
        Known("no final division", no_final_division,
              "Your lr ends where it began. At the end it is far below that."),
        Known("final division of the peak", final_division_of_the_peak,
              "You divide the peak by 10000 at the end. It is the first value that is divided."),
        Known("down to nothing", down_to_nothing, "Your lr ends at zero. It ends very small, but above zero."),
        Known("starts at a tenth", starts_at_a_tenth, "You start at a tenth of the peak; the text says another share."),
        Known("in degrees", in_degrees, "`np.cos` takes radians, and half a turn is pi. Yours is given degrees."),
        Known("straight lines", straight_lines,
              "You go in straight lines. That is a form of this schedule too, but here it is half a cosine."),
        Known("a whole cosine", a_whole_cosine, "Yours goes round a whole cosine, and back to where the phase began."),
        Known("share from the start", share_from_the_start,
              "In the fall you count the share from t = 0. It is counted from the peak."),
        Known("beta stays", beta_stays, "The learning rates are right, but beta never moves."),
        Known("beta stays low", beta_stays_low, "After the peak beta has to climb back; yours stays low."),
        Known("exchanged", exchanged, "The two values are right, but exchanged: lr comes first."),
    ],
    forms=[],
    hints=(
        "Two phases, so an `if`. In each one, which share of it is done at update t? It is 0 at its beginning and 1 at "
        "its end.",
        "The fall is as long as from the peak to the last update. Both lr and beta go along the same half cosine, with "
        "the same share; only their two ends differ.",
    ),
    praise="The same numbers as `one_cycle` of the library, also where the peak lies between two updates.",
    points=2.0,
)  # fmt: skip


# ------------------------------------------------------------------ change beta, and nothing else

EFFECTIVE = Number(
    id="08a.effective",
    title="change beta, and nothing else",
    answer="new_lr",
    mistakes=[
        Wrong("kept", 0.03,
              "With the same lr the effective learning rate grows five-fold. You would change two things."),
        Wrong("the wrong way", 0.15, "That is the wrong way round: the gain has grown, so lr must come down."),
        Wrong("ratio of the betas", 0.03 * 0.9 / 0.98,
              "You divided by the betas themselves. What counts is what each of them forgets."),
        Wrong("times what is forgotten", 0.03 * 0.02,
              "You made 0.03 the effective rate. It is the lr of the first run; its effective rate is larger."),
        Wrong("the effective rate", 0.3, "That is the effective learning rate itself. Which lr gives it now?"),
        Wrong("the new effective rate", 1.5, "That is what the effective rate becomes if lr stays."),
        Wrong("stability", 0.03 * (1 - 0.98**2) / (1 - 0.9**2),
              "You kept the share of the limit under noisy curvature. Asked is the gain on a steady push."),
        Wrong("beta 0.99", 0.003, "That belongs to beta 0.99."),
    ],
    hints=(
        "What is the effective learning rate of the first run?",
        "That number must come out again when the new lr is divided by what beta 0.98 forgets at each step.",
    ),
    praise="What beta forgets has become a fifth, and so has lr.",
)  # fmt: skip


# ------------------------------------------------------------------ questions

QUESTIONS = [
    Ordering(
        "08a.order",
        "an order of the knobs",
        "Put the steps of this lesson's procedure in order.",
        (
            "look at the curve, and change nothing yet",
            "lr, on a log grid, until it gets worse on both sides",
            "beta, with lr / (1 - beta) kept",
            "a schedule that lowers lr at the end",
            "the best few again, with other seeds",
        ),
        [
            Wrong("beta first", (0, 2, 1, 3, 4),
                  "To keep lr / (1 - beta) you need a good lr first; it moves the loss far more."),
            Wrong("schedule first", (0, 3, 1, 2, 4), "A schedule is built around a peak, and you have none yet."),
            Wrong("knobs before eyes", (1, 0, 2, 3, 4), "Before you turn a knob there is something to do."),
            Wrong("schedule before beta", (0, 1, 3, 2, 4),
                  "In this lesson beta comes while lr is still constant, so that one thing changes at a time."),
            Wrong("seeds too early", (0, 1, 2, 4, 3), "The seeds check what you will keep, so they come at the end."),
        ],
        "That is the order of this lesson: practice, with a few proved reasons in it.",
    ),
    Question(
        "08a.empty_velocity",
        "the empty velocity",
        "The gradient is 1 for ever, `lr` is constant and `beta` is 0.99. Beside the steps in the end, the first "
        "one is",
        (
            Option("small", "1 % as long", "Momentum is a warm-up itself."),
            Option("large", "100 times as long", "That is the gain, and it comes at the end. Choose \"Momentum as a "
                   "warm-up\" at the schedule desk.", "an empty velocity makes large steps"),
            Option("same", "as long as they are", "The velocity has to fill first. Choose \"Momentum as a warm-up\" at "
                   "the schedule desk.", "beta has no start-up"),
            Option("share", "99 % as long", "That is the share that is kept. Choose \"Momentum as a warm-up\" at the "
                   "schedule desk.", "beta is the size of the first step"),
        ),
    ),
    Question(
        "08a.high_beta",
        "where a high beta belongs",
        "A quadratic without noise, with `lr` and `beta` both at the heavy ball's best. On which one is `beta` 0.96?",
        (
            Option("ill", "kappa 10000, badly conditioned", "The best beta grows with kappa."),
            Option("well", "kappa 10, well conditioned", "There little has to be remembered. Look at the lines with "
                   "kappa in lesson 08a, or walk along beta in the map of lesson 04.",
                   "a high beta is for well-conditioned losses"),
            Option("round", "kappa 1, a round bowl", "Plain gradient descent is home in one step there. Move kappa in "
                   "the map of lesson 04.", "a high beta is for smooth losses"),
            Option("any", "on each of them, as the default", "The best one depends on kappa. Move kappa in the map of "
                   "lesson 04.", "one beta is best for all"),
        ),
    ),
    Question(
        "08a.level",
        "rattling about a level",
        "For a long while the loss of a run with mini-batches has rattled about the same level. `lr` and `beta` are "
        "constant. Which one change lowers the level?",
        (
            Option("lower", "a smaller learning rate", "The floor goes with lr/(1 - beta), over the batch size."),
            Option("higher", "a larger learning rate", "That helps a run that still falls. Treat patient 1 of the "
                   "clinic with it.", "a level is a slow run"),
            Option("beta", "a lower `beta`, at equal lr/(1 - beta)", "The floor hardly moves then. Look at the table "
                   "of betas in lesson 08a.", "momentum amplifies noise whatever lr is"),
            Option("wait", "many more steps of the same", "It has stopped falling. Look at patient 1 of the clinic "
                   "after step 100.", "every run arrives if one waits"),
        ),
    ),
    Question(
        "08a.cycle_range",
        "how far one cycle goes",
        "In one cycle `lr` rises 25-fold to its peak while `beta` goes from 0.95 to 0.85. The effective learning rate "
        "lr/(1 - beta) rises",
        (
            Option("less", "about 8-fold", "The falling beta takes two thirds of it back."),
            Option("same", "25-fold, as lr does", "The gain of beta changes meanwhile. Read the third lane of the "
                   "schedule desk.", "beta does not change the length of a step"),
            Option("more", "about 75-fold", "That would be so if beta rose. Read the third lane of the schedule desk.",
                   "a lower beta means a larger gain"),
            Option("slightly", "about 22-fold", "You multiplied by 0.85/0.95; the gain counts what is forgotten. Read "
                   "the third lane of the schedule desk.", "the gain goes like beta itself"),
        ),
    ),
]  # fmt: skip

ITEMS = [DIAGNOSE, EFFECTIVE, WARM_UP, ONE_CYCLE, *QUESTIONS]
