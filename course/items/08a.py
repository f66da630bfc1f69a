"""The exercises and questions of lesson 08a: curves, one knob with another, a warm-up, a cycle."""

import numpy as np

from momentum_lab.authoring import Item, Known, Number, Option, Question, Wrong

FINE, TOO_LOW, FLOOR, TOO_HIGH = 0, 1, 2, 3

# ------------------------------------------------------------------ a first look by program


def curves(rng):
    """Return calls of `diagnose`: curves of each kind, and curves that look like another kind at first."""
    t = np.arange(80)
    wobble = rng.uniform(0.85, 1.15, 80)
    kinds = {
        "a loss that grows": 1.06**t * (1 + 0.3 * (-1.0) ** t),
        "a loss that falls, then grows past its start": np.maximum(0.95**t, 0.001 * 1.12**t) * np.where(t > 70, 40, 1),
        "a loss that rattles about a level": 0.8**t + 0.05 * wobble,
        "a level after a quarter with one high loss": 0.8**t + 0.05 * wobble + 3.0 * (t == 45),
        "a slow, even fall": 0.985**t,
        "a fast, even fall": 0.85**t,
        "swings that shrink": 0.9**t * (1.2 + np.cos(0.7 * t)),
        "a loss that rises once, early, and falls slowly": 0.985**t + 0.3 * (t == 3),
        "a slow fall with ripples": 0.97**t * (1 + 0.05 * (-1.0) ** t),
        "a smooth crawl at a level": 0.2 + 0.8 * 0.8**t,
        "a fall that ends just below a thousandth": 0.9165**t,
    }
    scale = float(np.round(rng.uniform(0.5, 20.0), 2))
    return [
        {"says": says, "arguments": {"losses": np.round(scale * np.asarray(c), 9).tolist()}}
        for says, c in kinds.items()
    ]


def _look(losses, middle=np.median, part=4, share=0.5, small=1000.0, everywhere=False, rising=True, order="high floor"):
    n, rises = len(losses) // part, np.diff(losses) > 0
    late = rises.any() if everywhere else rises[-n:].any()
    level = middle(losses[-n:]) > middle(losses[-2 * n : -n]) * share
    floor = (late or not rising) and level
    slow = not rises.any() and losses[-1] > losses[0] / small
    high = losses[-1] > losses[0]
    if order == "floor high":
        return FLOOR if floor else TOO_HIGH if high else TOO_LOW if slow else FINE
    if order == "slow first":
        return TOO_LOW if slow else TOO_HIGH if high else FLOOR if floor else FINE
    return TOO_HIGH if high else FLOOR if floor else TOO_LOW if slow else FINE


def mean_for_median(losses):
    return _look(losses, middle=np.mean)


def floor_first(losses):
    return _look(losses, order="floor high")


def rises_anywhere(losses):
    return _look(losses, everywhere=True)


def level_without_rise(losses):
    return _look(losses, rising=False)


def any_fall_will_do(losses):
    return _look(losses, share=1.0)


def highest_for_last(losses):
    return TOO_HIGH if losses.max() > losses[0] else _look(losses)


def any_rise_is_too_high(losses):
    return TOO_HIGH if (np.diff(losses) > 0).any() else _look(losses)


def never_low_enough(losses):
    return _look(losses, small=np.inf)


def a_hundredth(losses):
    return _look(losses, small=100.0)


def slow_with_ripples(losses):
    cause = _look(losses)
    return TOO_LOW if cause == FINE and losses[-1] > losses[0] / 1000 else cause


def never_fine(losses):
    return max(_look(losses), TOO_LOW)


def numbers_reversed(losses):
    return 3 - _look(losses)


DIAGNOSE = Item(
    id="08a.diagnose",
    title="a first look by program",
    function="diagnose",
    returns=("cause",),
    feeds=(),
    cases=curves,
    properties=[],
    mistakes=[
        Known("mean for median", mean_for_median, "One high loss moves a mean; the text asks for medians."),
        Known("floor before high", floor_first, "A loss that has grown past its start is lost, whatever its last "
              "quarter looks like: ask for TOO_HIGH first."),
        Known("rises anywhere", rises_anywhere, "A rise early in the run says nothing about the end. FLOOR looks at "
              "the "
              "last quarter."),
        Known("level without a rise", level_without_rise, "A smooth crawl is no noise: FLOOR needs a rise in the last "
              "quarter too."),
        Known("a whole for a half", any_fall_will_do, "You compare the last quarter with all of the one before; the "
              "text "
              "says half of it."),
        Known("highest loss", highest_for_last, "A loss may climb and come down again. TOO_HIGH looks at the last "
              "loss."),
        Known("any rise", any_rise_is_too_high, "A rise by itself is no divergence: momentum may climb before it "
              "wins."),
        Known("never far enough", never_low_enough, "You call every smooth fall too slow. One that ends below a "
              "thousandth of its start is not."),
        Known("a hundredth", a_hundredth, "You stop at a hundredth of the start; the text says a thousandth."),
        Known("slow with rises", slow_with_ripples, "TOO_LOW is for a loss that never rises; this one also takes "
              "those that do."),
        Known("never fine", never_fine, "No curve is FINE here. What is left when none of the three fits?"),
        Known("numbers reversed", numbers_reversed, "The names stand for other numbers: leave the line that gives "
              "them."),
    ],
    forms=[],
    hints=(
        "Write one line for each of the three signs, as True or False; put them into the given order afterwards.",
        "`np.diff(losses) > 0` is True where the loss rises. Its last quarter has as many entries as the losses' own.",
    ),
    praise="This is what you look at first: where it ends, whether it rattles, whether it ever turned.",
    points=2.0,
)  # fmt: skip

# ------------------------------------------------------------------ one knob, and the other along with it

EFFECTIVE = Number(
    id="08a.effective",
    title="one knob, and the other along with it",
    answer="new_lr",
    mistakes=[
        Wrong("unchanged", 0.02, "Then a steady push goes five times as far as before."),
        Wrong("wrong way", 0.1, "A longer memory already goes further; this makes it go further still."),
        Wrong("ratio of betas", 0.02 * 0.9 / 0.98, "That keeps lr times beta. What a steady push meets is 1 - beta."),
        Wrong("ratio of betas, upside down", 0.02 * 0.98 / 0.9, "That is a ratio of the betas, and not of 1 - beta."),
        Wrong("effective rate", 0.2, "That is the effective rate itself, which is to stay; it is no lr."),
        Wrong("root", 0.02 * (0.02 / 0.1) ** 0.5, "That has a square root too many."),
        Wrong("squared", 0.02 * (0.02 / 0.1) ** 2, "That takes the ratio twice."),
    ],
    hints=(
        "How far does a steady push of 1 go per step with lr 0.02 and beta 0.9, once at full speed?",
        "It goes 0.02/(1 - 0.9). Put that equal to new_lr/(1 - 0.98).",
    ),
    praise="The memory is five times as long, so the learning rate is a fifth.",
)  # fmt: skip

# ------------------------------------------------------------------ a warm-up


def warm_up_cases(rng):
    """Return calls of `warm_up`: the start, the way, the peak, and after it."""
    peak = float(np.round(rng.uniform(0.05, 0.9), 3))
    steps = int(rng.integers(6, 15))
    ts = {
        "the first step": 0, "the second step": 1, "the way up": steps // 2, "the last step before the peak": steps - 2,
        "the step with the peak": steps - 1, "the step after it": steps, "long after it": 5 * steps,
    }  # fmt: skip
    cases = [
        {"says": f"{says}, t = {t} of {steps}", "arguments": {"t": t, "peak": peak, "steps": steps}}
        for says, t in ts.items()
    ]
    return [*cases, {"says": "a single step", "arguments": {"t": 0, "peak": peak, "steps": 1}}]


def starts_at_zero(t, peak, steps):
    return peak * min(t / steps, 1.0)


def one_step_late(t, peak, steps):
    return peak * min((t + 1) / (steps + 1), 1.0)


def no_end(t, peak, steps):
    return peak * (t + 1) / steps


def quadratic(t, peak, steps):
    return peak * min((t + 1) / steps, 1.0) ** 2


def falls_again(t, peak, steps):
    return peak * min((t + 1) / steps, steps / (t + 1))


def nothing_after(t, peak, steps):
    return peak * (t + 1) / steps if t < steps else 0.0


def no_warm_up(t, peak, steps):
    return peak


def downwards(t, peak, steps):
    return peak * max(1 - t / steps, 1 / steps)


def too_early(t, peak, steps):
    return peak * min((t + 2) / steps, 1.0)


def no_peak(t, peak, steps):
    return min((t + 1) / steps, 1.0)


WARM = Item(
    id="08a.warmup",
    title="a warm-up",
    function="warm_up",
    returns=("the learning rate",),
    feeds=(),
    cases=warm_up_cases,
    properties=[],
    mistakes=[
        Known("starts at zero", starts_at_zero, "The first step has the rate 0 and does nothing. Steps are counted "
              "from "
              "t = 0, so the first one is number t + 1."),
        Known("one step late", one_step_late, "The peak comes one step too late: the whole way has `steps` parts."),
        Known("no end", no_end, "The rate goes on rising past the peak."),
        Known("squared", quadratic, "The way up is bent; every step should add as much as the one before."),
        Known("falls again", falls_again, "After the peak the rate falls again; it should stay."),
        Known("nothing after", nothing_after, "After the peak the rate is 0, and the run stands still."),
        Known("no warm-up", no_warm_up, "The rate is the peak from the first step on."),
        Known("downwards", downwards, "The rate goes down; a warm-up goes up."),
        Known("one step early", too_early, "Every step has one part too many."),
        Known("share of the peak", no_peak, "This is the share of the peak; the rate is that share times it."),
    ],
    forms=[],
    hints=(
        "What share of the peak has the first step, the second, the last one of the warm-up?",
        "The shares are (t + 1)/steps. What keeps a share from growing above 1?",
    ),
    praise="The first step is small and not zero, and the peak is reached in time.",
)  # fmt: skip

# ------------------------------------------------------------------ one cycle


def cycle_cases(rng):
    """Return calls of `one_cycle`: both parts, their ends, and the peak."""
    peak, steps = float(np.round(rng.uniform(0.2, 3.0), 2)), 10 * int(rng.integers(4, 20))
    shares = {
        "the start": 0.0, "a third of the way up": 0.1, "halfway up": 0.15,
        "just before the peak": 0.25, "the peak": 0.3,
        "just after the peak": 0.4, "halfway down": 0.65, "late": 0.9, "the end": 1.0,
    }  # fmt: skip
    return [
        {"says": f"{says}, t = {share * steps:g} of {steps}",
         "arguments": {"t": round(share * steps, 6), "peak": peak, "steps": steps}}
        for says, share in shares.items()
    ]  # fmt: skip


def _line(peak, share, first=1 / 25, last=0.0, high=0.95, low=0.85, end=0.95, rise=0.3):
    up, down = share / rise, (share - rise) / (1 - rise)
    if share <= rise:
        return peak * (first + (1 - first) * up), high + (low - high) * up
    return peak * (1 + (last - 1) * down), low + (end - low) * down


def right_cycle(t, peak, steps):
    return _line(peak, t / steps)


def beta_along(t, peak, steps):
    return _line(peak, t / steps, high=0.85, low=0.95, end=0.85)


def from_zero(t, peak, steps):
    return _line(peak, t / steps, first=0.0)


def back_to_the_start(t, peak, steps):
    return _line(peak, t / steps, last=1 / 25)


def late_peak(t, peak, steps):
    return _line(peak, t / steps, rise=0.7)


def half_way(t, peak, steps):
    return _line(peak, t / steps, rise=0.5)


def beta_stays_low(t, peak, steps):
    return _line(peak, t / steps, end=0.85)


def beta_never_moves(t, peak, steps):
    return _line(peak, t / steps)[0], 0.95


def only_up(t, peak, steps):
    return peak * (1 / 25 + 24 / 25 * min(t / steps / 0.3, 1.0)), _line(peak, t / steps)[1]


def share_not_shifted(t, peak, steps):
    share = t / steps
    return _line(peak, share) if share <= 0.3 else (peak * (1 - share), 0.85 + 0.1 * share)


def exchanged(t, peak, steps):
    return _line(peak, t / steps)[::-1]


def no_peak_value(t, peak, steps):
    return _line(1.0, t / steps)


def tenth(t, peak, steps):
    return _line(peak, t / steps, first=1 / 10)


def round_cycle(t, peak, steps):
    share = t / steps
    up = (1 - np.cos(np.pi * (share / 0.3 if share <= 0.3 else (share - 0.3) / 0.7))) / 2
    if share <= 0.3:
        return peak * (1 / 25 + 24 / 25 * up), 0.95 - 0.1 * up
    return peak * (1 - up), 0.85 + 0.1 * up


CYCLE = Item(
    id="08a.one_cycle",
    title="one cycle in straight lines",
    function="one_cycle",
    returns=("lr", "beta"),
    feeds=(),
    cases=cycle_cases,
    properties=[],
    mistakes=[
        Known("beta along with lr", beta_along, "Your beta rises where lr rises. In a cycle the two go against each "
              "other."),
        Known("from zero", from_zero, "Your lr starts at 0; it starts at a 25th of the peak."),
        Known("back to the start", back_to_the_start, "Your lr ends where it began; in this cycle it goes to 0."),
        Known("late peak", late_peak, "Your peak comes after 70 % of the run; the rise takes 30 %."),
        Known("peak half-way", half_way, "Your peak comes half-way; the rise takes 30 % of the run."),
        Known("beta stays low", beta_stays_low, "Your beta stays low after the peak; it goes back to 0.95."),
        Known("beta never moves", beta_never_moves, "Your beta stays at 0.95; the cycle moves it too."),
        Known("only up", only_up, "Your lr stays at the peak; it has to come down again."),
        Known("share not shifted", share_not_shifted, "The second line begins at the share 0.3, where nothing of it is "
              "done yet. You use the share of the whole run."),
        Known("exchanged", exchanged, "The two are exchanged: lr comes first."),
        Known("no peak", no_peak_value, "Your lr does not know the peak."),
        Known("a tenth", tenth, "Your lr starts at a tenth of the peak; it starts at a 25th."),
        Known("half a cosine", round_cycle, "This is the round cycle, with half cosines. Here the lines are straight."),
    ],
    forms=[],
    hints=(
        "There are two parts. For each, say which share of the part is done: 0 where it begins, 1 where it ends.",
        "The first part's share is `share / 0.3`, the second one's `(share - 0.3) / 0.7`: go by it from value to "
        "value.",
    ),
    praise="Both knobs turn, against each other, and the peak is where it should be.",
)  # fmt: skip

# ------------------------------------------------------------------ questions

QUESTIONS = [
    Question(
        "08a.why_warm",
        "why a warm-up",
        "The velocity starts at zero. With `beta` 0.99 and a steady gradient, the first steps are therefore",
        (
            Option("small", "too small by themselves", "The first one is 1 % of the last: momentum is a warm-up "
                  "itself."),
            Option("large", "too large, so they need a warm-up", "Choose \"Momentum as a warm-up\" in the schedule "
                  "desk, "
                   "and look at the first steps.", "an empty velocity makes large steps"),
            Option("random", "in directions of no use at all", "A steady gradient has one direction. Choose "
                  "\"Momentum as "
                   "a warm-up\" in the schedule desk.", "an empty velocity has no direction"),
            Option("same", "as long as all later steps", "That is so without memory. Choose \"Momentum as a warm-up\" "
                  "in the "
                   "schedule desk.", "the velocity is full at once"),
        ),
    ),
    Question(
        "08a.which_kappa",
        "a long memory",
        "On a quadratic, with the best `lr` to it, `beta` 0.99 is the best choice for",
        (
            Option("long", "a very long valley", "It belongs to a kappa of about 158 thousand."),
            Option("round", "a bowl that is nearly round", "Move kappa to 1 in the settings map, and press the best "
                   "setting.", "high beta for well-conditioned problems"),
            Option("every", "every bowl, if lr is small", "Walk along beta in the settings map, at kappa 100.",
                   "more memory is always better"),
            Option("none", "no bowl, it never is best", "Move kappa up in the settings map, and watch the best beta.",
                   "high beta is never right"),
        ),
    ),
    Question(
        "08a.level",
        "a loss that rattles",
        "The loss has come down and now rattles about a level. You raise `beta` from 0.9 to 0.99 and leave `lr`. The "
        "level",
        (
            Option("up", "rises about ten-fold", "The effective rate is ten times as large, and the floor goes with "
                  "it."),
            Option("down", "falls about ten-fold", "Set both in the noise floor explorer, at the same lr.",
                   "a longer average has less noise"),
            Option("stays", "stays where it is", "That is so if lr/(1 - beta) is kept. Set it in the noise floor "
                   "explorer at the same lr.", "beta does nothing to noise"),
            Option("zero", "goes to zero with time", "Let the noise floor explorer run to its end.",
                   "the average converges"),
        ),
    ),
]  # fmt: skip

ITEMS = [DIAGNOSE, EFFECTIVE, WARM, CYCLE, *QUESTIONS]
