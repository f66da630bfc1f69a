"""E8, the promises: 1/k against 1/k^2, and what a bowl that curves everywhere asks for.

Three quadratics with L = 1, each seen along its axes: there every direction moves by itself, from one unit away.
The learning rate is 1/L throughout.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from types import SimpleNamespace

import numpy as np

from momentum_lab import plots
from momentum_lab.explorers.controls import Choice, Preset, Quantity
from momentum_lab.explorers.explorer import Explorer
from momentum_lab.explorers.stage import Artists
from momentum_lab.optimizers import Momentum, Nesterov
from momentum_lab.oracles import Counting
from momentum_lab.running import run, sweep
from momentum_lab.schedules import nesterov_beta
from momentum_lab.surfaces import Quadratic, WorstCase
from momentum_lab.theory import positions, textbook_nesterov
from momentum_lab.words import number

STEPS = 3200
WORST, CHAIN, BOWL = "worst quadratic", "chain of 200", "bowl, kappa 1000"
CONSTANT, GROWING, RESTART = "constant beta", "(k − 1)/(k + 2)", "with restart"
NEAR, VISIBLE = 1e-10, 1.1  # the gap of a run that has arrived; the smallest rise that the picture shows
KAPPA = 1000.0
TEXTBOOK = float(f"{textbook_nesterov(1.0, KAPPA).beta:.6g}")  # the constant beta for the bowl
ONE = Quadratic([1.0])  # with lr = u it stands for the curvature u at lr = 1

LABELS = {"bound L R²/(4k + 2)": 14.0, "bound 2 L R²/(k + 1)²": 1.05}  # from where each is the upper one
GAPS, POWERS = (1e-12, 1e3), {1e-10: "10⁻¹⁰", 1e-5: "10⁻⁵", 1: "1"}


@dataclass(frozen=True)
class Problem:
    """Curvatures, and how much each counts in the gap while its direction is one unit away.

    They are the directions of one function if `together`, or else one function each, of which the worst counts.
    """

    curvatures: np.ndarray
    weights: np.ndarray
    together: bool
    radius_squared: float

    def gaps(self, positions):
        """Return the gap of each step; directions are the last axis of `positions`."""
        gaps = np.square(positions) * self.weights
        return gaps.sum(axis=-1) if self.together else gaps.max(axis=-1)


@dataclass(frozen=True)
class Promise:
    """The gaps of three runs, one a step, of which `steps` are drawn."""

    settings: SimpleNamespace
    chosen: np.ndarray
    plain: np.ndarray
    constant: np.ndarray


def promises():
    """Return a fresh explorer, at the growing beta on the worst quadratic."""
    return Explorer(
        "promises",
        [
            Choice("problem", "problem, L = 1", WORST, (WORST, CHAIN, BOWL)),
            Quantity("beta", "constant beta", 0.9, 0.0, 0.99, 0.01),
            Choice("schedule", "beta of Nesterov's method", GROWING, (CONSTANT, GROWING, RESTART)),
            Quantity("steps", "steps drawn", STEPS, 100, STEPS, 100, whole=True),
        ],
        simulate,
        set_up,
        draw,
        presets=[Preset("Textbook beta for kappa 1000", lambda settings: {"problem": BOWL, "beta": TEXTBOOK})],
        lines=5,
    )


@cache
def problem_of(name):
    """Return the problem of a name."""
    if name == WORST:
        # With L = R = 1, a quadratic is a mixture of its directions, so the worst one has a single one.
        curvatures = np.geomspace(1e-7, 1, 200)
        return Problem(curvatures, curvatures / 2, False, 1.0)
    bowl = Quadratic(np.geomspace(1 / KAPPA, 1, 20))
    start = bowl.start
    if name == CHAIN:
        chain = WorstCase(200)
        start = chain.start
        bowl = Quadratic(chain.grad(np.eye(200)) - chain.grad(start), chain.minimum)
    parts = bowl.parts(start)
    return Problem(bowl.eigenvalues, bowl.eigenvalues / 2 * parts**2, True, float(parts @ parts))


@lru_cache(maxsize=16)
def constant_gaps(name, beta):
    """Return the gaps of Nesterov's method with a constant beta; with 0 it is gradient descent."""
    problem = problem_of(name)
    return problem.gaps(positions("Nesterov", STEPS, problem.curvatures, beta))


@cache
def growing_gaps(name):
    """Return the gaps of Nesterov's method with beta (k - 1)/(k + 2)."""
    problem = problem_of(name)
    rule = Nesterov(**sweep(lr=problem.curvatures), beta=nesterov_beta())
    return problem.gaps(run(rule, ONE, [1.0], STEPS).thetas[..., 0])


@cache
def restarted_gaps(name):
    """Return the gaps when beta and the velocity start anew after every step that goes uphill.

    Uphill by the gradient that the step was made of, the one at the lookahead (B. O'Donoghue, E. Candes, "Adaptive
    restart for accelerated gradient schemes", Found. Comput. Math. 15 (2015) 715-732).
    """
    problem, beta = problem_of(name), nesterov_beta()
    rates, betas = problem.curvatures[:, np.newaxis], np.array([beta(t) for t in range(STEPS)])
    theta, state, count = np.ones_like(rates), Momentum(np.zeros_like(rates)), np.zeros(rates.shape, dtype=int)
    positions = [theta]
    for _ in range(STEPS):
        before, slopes = theta, Counting(ONE.grad)
        theta, state = Nesterov(rates, betas[count]).step(before, slopes, state)
        positions.append(theta)
        climbs = problem.weights[:, np.newaxis] * ONE.grad(slopes.asked_at[0]) * (theta - before)
        uphill = (climbs.sum(keepdims=True) if problem.together else climbs) > 0
        state, count = Momentum(np.where(uphill, 0.0, state.velocity)), np.where(uphill, 0, count + 1)
    return problem.gaps(np.array(positions)[..., 0])


def simulate(settings):
    """Look up or make the three runs."""
    name, schedule = settings.problem, settings.schedule
    constant = constant_gaps(name, settings.beta)
    chosen = {CONSTANT: lambda name: constant, GROWING: growing_gaps, RESTART: restarted_gaps}[schedule](name)
    return Promise(settings, chosen, constant_gaps(name, 0.0), constant)


def slope(gaps, steps):
    """Return the log-log slope from half of the steps to all of them."""
    return float(np.log(gaps[steps] / gaps[steps // 2]) / np.log(steps / (steps // 2)))


def wiggles(gaps):
    """Count the rises from a low to the next high that lift the gap by a tenth or more."""
    turns = np.flatnonzero(np.diff(np.sign(np.diff(gaps)))) + 1
    bends = gaps[[0, *turns, -1]]
    return int(np.sum(bends[1:] >= VISIBLE * bends[:-1]))


def arrival(gaps, steps):
    """Return the step from which the gap stays below 1e-10, or None if that lies beyond the steps drawn."""
    above = np.flatnonzero(gaps >= NEAR)
    return int(above[-1]) + 1 if above[-1] < steps else None


def bounds(k):
    """Return what is promised to gradient descent and to a growing beta after k steps, in units of L R^2."""
    return 1 / (4 * k + 2), 2 / (k + 1) ** 2


# ------------------------------------------------------------------ the picture


def set_up(figure):
    """Draw the frame: one panel with two logarithmic axes, and the names."""
    panel, look = plots.wide(figure), plots.theme()
    panel.set(xscale="log", xlim=(1, STEPS))
    panel.set_xticks([1, 10, 100, 1000], map(number, (1, 10, 100, 1000)))
    plots.log_scale(panel, GAPS, POWERS)
    plots.name_lane(panel, "gap: loss above the lowest")
    entries = plots.key(figure, [("Nesterov", ""), ("gradient descent", ""), (None, "")])
    entries[-1].sample.set(color=look.ink, linewidth=1.3, linestyle=":")
    thin = {"color": look.second_ink, "linewidth": 0.9, "zorder": 2}
    dot = {"color": look.ink, "markersize": 4, "zorder": 6, "clip_on": False}
    return Artists(
        ground={
            "bounds": [panel.plot([], [], **thin)[0] for _ in range(2)],
            "labels": [panel.text(k, 1, "", va="bottom", size=look.tick_size) for k in LABELS.values()],
        },
        moving={
            "names": [entry.name for entry in entries],
            "constant": panel.plot([], [], ":", color=look.ink, linewidth=1.3, zorder=3)[0],
            "plain": plots.in_time(panel, "gradient descent", zorder=4),
            "chosen": plots.in_time(panel, "Nesterov", zorder=5),
            "ends": [panel.plot([], [], "o", **dot)[0] for _ in range(3)],
        },
    )


def draw(promise, artists):
    """Move every artist to this setting and say it in words."""
    _draw_bounds(problem_of(promise.settings.problem).radius_squared, artists)
    steps, runs = promise.settings.steps, (promise.chosen, promise.plain, promise.constant)
    lines = artists.chosen, artists.plain, artists.constant
    for line, ends, gaps in zip(lines, artists.ends, runs, strict=True):
        line.set_data(np.arange(1, steps + 1), np.maximum(gaps[1 : steps + 1], 1e-20))
        shown = [k for k in (steps // 2, steps) if gaps[k] > GAPS[0]]
        ends.set_data(shown, gaps[shown])
    said = {CONSTANT: f"beta {number(promise.settings.beta)}", GROWING: "beta grows", RESTART: "with restart"}
    titles = f"Nesterov,\n{said[promise.settings.schedule]}", "gradient\ndescent", f"constant\n{said[CONSTANT]}"
    for name, title, gaps in zip(artists.names, titles, runs, strict=True):
        name.set_text(f"{title}\nslope {_say(slope(gaps, steps))}")
    return sentence(promise)


def _draw_bounds(square, artists):
    """Draw what is promised from this problem's distance, which has this square."""
    k = np.array([1, 2, 4, 8, 16, STEPS])
    laws = [square * law for law in bounds(k)]
    if artists.labels[0].get_text() and artists.bounds[0].get_ydata()[0] == laws[0][0]:
        return  # the same problem as before: its pixels can stay
    for line, label, law, (text, left) in zip(artists.bounds, artists.labels, laws, LABELS.items(), strict=True):
        line.set_data(k, law)
        label.set(text=text, y=1.3 * np.exp(np.interp(np.log(left), np.log(k), np.log(law))))


# ------------------------------------------------------------------ the words


def sentence(promise):
    """Say what the runs achieved, with this setting's numbers."""
    asked = promise.settings
    steps, beta = asked.steps, f"constant beta {number(asked.beta)}"
    how = {CONSTANT: beta, GROWING: f"beta {GROWING}", RESTART: "restarts"}[asked.schedule]
    slopes = [_say(slope(gaps, steps)) for gaps in (promise.plain, promise.chosen, promise.constant)]
    third = "" if asked.schedule == CONSTANT else f", {slopes[2]} with {beta}"
    words = [
        f"After {number(steps)} steps on the {asked.problem.split(',')[0]} Nesterov's method with {how} has a gap of "
        f"{number(promise.chosen[steps])}; gradient descent has "
        f"{number(promise.plain[steps] / promise.chosen[steps])} times as much.",
        f"From step {number(steps // 2)} on the log-log slopes are {slopes[0]} for gradient descent, "
        f"{slopes[1]} for Nesterov's method{third}.",
    ]
    above = promise.constant[: steps + 1] > bounds(np.arange(steps + 1))[1]
    if asked.problem == BOWL:
        words.append(_arrivals(promise))
    elif asked.problem == WORST and above.any():
        words.append(f"With {beta} the method leaves the bound 2 L R²/(k + 1)² at step {number(np.argmax(above))}.")
    return " ".join([*words, *_outcome(promise)])


def _arrivals(promise):
    """Say when the runs on the bowl arrived."""
    runs = {"": promise.chosen, "without restarts ": growing_gaps(BOWL), "with the constant beta ": promise.constant}
    shown = {CONSTANT: ("",), GROWING: ("", "with the constant beta "), RESTART: tuple(runs)}
    steps = {how: arrival(runs[how], promise.settings.steps) for how in shown[promise.settings.schedule]}
    told = [f"{how}from step {number(step)} on" for how, step in steps.items() if step is not None]
    if steps[""] is None:
        told.insert(0, f"at no step up to {number(promise.settings.steps)}")
    return f"The method's gap falls below 10⁻¹⁰ for good {'; '.join(told)}."


def _outcome(promise):
    """Yield how often the gap rises, what that means for the goal, or what would change it."""
    asked = promise.settings
    count, before = (wiggles(gaps[: asked.steps + 1]) for gaps in (promise.chosen, growing_gaps(asked.problem)))
    rises = f"The gap of Nesterov's method {_times(count)}"
    if asked.schedule == CONSTANT:
        yield f"{rises}. In the worst case a constant beta ends at slope −1, and a growing one at −2."
        if asked.problem == BOWL:
            yield f"For this bowl the textbook says beta {number(TEXTBOOK)}, but it has to know kappa."
    elif asked.schedule == RESTART and before and not count:
        yield f"{rises}; without restarts it {_times(before)}."
        yield "That is the goal: the fast one wiggled, and restarts cure it without knowing kappa."
    elif asked.schedule == GROWING and count:
        yield f"{rises}: the fast one wiggles. That is half of the goal; the other half is to cure it."
    else:
        yield f"{rises}. The goal is to make the growing beta wiggle, which the problem decides, and then to cure it."


def _times(count):
    return {0: "never rises", 1: "rises once"}.get(count, f"rises {count} times") + " by a tenth or more"


def _say(value):
    """Write a slope with two decimals, or three digits if it is steep."""
    return (f"{value:.2f}" if abs(value) < 10 else number(value)).replace("-", "−")
