"""E7, the breaker: bowls on which the best heavy ball for quadratics goes round for ever.

Gradient descent and Nesterov's method run beside it, and a strip tells the fate of 241 starts at once.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from matplotlib.colors import to_rgb

from momentum_lab import plots
from momentum_lab.explorers.controls import Choice, Preset, Quantity
from momentum_lab.explorers.explorer import Explorer
from momentum_lab.explorers.stage import Artists
from momentum_lab.optimizers import GradientDescent, HeavyBall, Momentum, Nesterov
from momentum_lab.running import Trajectory, run
from momentum_lab.surfaces import Lessard, Polygon, Quadratic
from momentum_lab.theory import best_settings, textbook_nesterov
from momentum_lab.words import number, signed

LESSARD, TRIANGLE, QUADRATIC = "Lessard's curve", "triangle", "quadratic"
MU, SMOOTHNESS = 1.0, 25.0
SURFACES = {LESSARD: Lessard(), TRIANGLE: Polygon(3), QUADRATIC: Quadratic([MU, SMOOTHNESS])}
BEST = best_settings("heavy ball", MU, SMOOTHNESS)  # lr 1/9, beta 4/9
PLAIN = GradientDescent(best_settings("gradient descent", MU, SMOOTHNESS).lr)
AHEAD = Nesterov(*textbook_nesterov(MU, SMOOTHNESS)[:2])
METHODS = ("heavy ball", "gradient descent", "Nesterov")

SHOWN, EARLY, LAST = 120, 30, 12  # steps in the lane; first and last steps in the plane
STEPS, OTHERS = 400, 220  # until a fate is told; of the two other methods
FAR, STARTS = 6.0, np.linspace(-6.0, 6.0, 241)
HOME, LEAST, SAME = 1e-6, 1e-3, 1e-6  # arrived; smallest cycle worth the name; how exactly it repeats
FRAMES = {LESSARD: ((-6.3, 6.3), (-170, 150)), TRIANGLE: ((-2.4, 2.4),) * 2, QUADRATIC: ((-6.3, 6.3),) * 2}
AXES = {LESSARD: ("x", ""), TRIANGLE: ("", ""), QUADRATIC: ("soft direction", "steep direction")}
THE = {LESSARD: LESSARD, TRIANGLE: "the triangle", QUADRATIC: "the quadratic"}
POWERS = {1e-6: "10⁻⁶", 1e-3: "10⁻³", 1: "1"}


@dataclass(frozen=True)
class Break:
    """One run of each method, and what becomes of the heavy ball.

    The runs stand in the order of `METHODS`, and `period` is 0 without a cycle.  In the strip, 1 is a start
    that goes round for ever, 0 one that arrives, and -1 one that does neither.
    """

    function: str
    start: float
    runs: tuple[Trajectory, ...]
    period: int
    strip: np.ndarray


def breaker():
    """Return a fresh breaker with the triangle, running."""
    best = {"lr": 1.0, "beta": float(f"{BEST.beta:.4g}")}
    return Explorer(
        "breaker",
        [
            Choice("function", "function", TRIANGLE, tuple(SURFACES)),
            Quantity("start", "start (triangle: times its corner)", 1.0, -FAR, FAR, 0.05),
            Quantity("lr", "lr, in units of the best for quadratics", 1.0, 0.1, 1.2, 0.01),
            Quantity("beta", "beta", best["beta"], 0.0, 0.99, 0.005),
        ],
        simulate,
        set_up,
        draw,
        presets=[
            Preset("Triangle from its corner", lambda _: {"function": TRIANGLE, "start": 1.0, **best}),
            Preset("Lessard's curve from 3.3", lambda _: {"function": LESSARD, "start": 3.3, **best}),
        ],
        lines=5,
    )


# ------------------------------------------------------------------ the runs


def simulate(settings):
    """Run all three methods, and look up what becomes of the other starts."""
    function, start, beta = settings.function, settings.start, settings.beta
    # The box shows four digits of 4/9.
    beta = BEST.beta if abs(beta - BEST.beta) < 5e-5 else beta
    rule = HeavyBall(settings.lr * BEST.lr, beta)
    row = np.flatnonzero(np.abs(STARTS - start) < 1e-9)
    # A start typed between two notches goes along as one more run.
    row, typed = (row[0], ()) if row.size else (-1, (start,))
    batch, strip = _strip(function, rule.lr, beta, typed)
    batches = (batch, *_others(function, typed))
    runs = tuple(Trajectory(many.optimizer, many.surface, many.thetas[:, row]) for many in batches)
    return Break(function, start, runs, int(_periods(batch)[row]), strip)


def _walk(rule, function, starts, steps=STEPS):
    """Run a method from many starts at once; on the triangle the heavy ball gets a velocity, as it needs one."""
    surface, starts, state = SURFACES[function], starts[:, np.newaxis], None
    if function == TRIANGLE:
        corner, velocity = surface.cycle_start()
        state = Momentum(starts * velocity) if type(rule) is HeavyBall else None
        starts = starts * corner
    elif function == QUADRATIC:
        starts = starts * np.ones(2)
    return run(rule, surface, starts, steps, state=state)


@lru_cache(maxsize=6)
def _strip(function, lr, beta, typed):
    """Run the heavy ball from every start of the strip; return the runs and their fates as numbers."""
    batch = _walk(HeavyBall(lr, beta), function, np.append(STARTS, typed))
    fates = np.where(_periods(batch) > 0, 1, np.where(batch.distances[-1] < HOME, 0, -1))
    return batch, fates[: len(STARTS)]


@lru_cache(maxsize=6)
def _others(function, typed):
    """Run gradient descent and Nesterov's method from every start; their settings stay."""
    return [_walk(rule, function, np.append(STARTS, typed), OTHERS) for rule in (PLAIN, AHEAD)]


def _periods(batch):
    """Return the period of the cycle each run of a batch has ended in, 0 for none.

    The last points repeat themselves, and not because they lie at the minimum or creep towards it.
    """
    with np.errstate(all="ignore"):
        here, periods = batch.thetas[-LAST:], np.zeros(batch.thetas.shape[1], dtype=int)
        moving = (batch.distances[-LAST:].min(axis=0) > LEAST) & (batch.diverged < 0)
        for period in range(LAST, 0, -1):  # the shortest one is written last
            before = batch.thetas[-LAST - period : -period]
            periods[moving & (np.abs(here - before).max(axis=(0, 2)) < SAME)] = period
    return periods


def arrival(trajectory):
    """Return the step from which a run stays within a millionth of the minimum, or None."""
    away = np.flatnonzero(~(trajectory.distances < HOME))
    step = int(away[-1]) + 1 if away.size else 0
    return step if step <= trajectory.steps else None


# ------------------------------------------------------------------ the picture


def set_up(figure):
    """Draw three landscapes, of which one is shown, the lane of distances, and the frame of the strip."""
    where, (lane,) = plots.where_and_when(figure, 1)
    look, box = plots.theme(), lane.get_position()
    lane.set_position((box.x0, 160 / plots.HEIGHT, box.width, (plots.HEIGHT - plots.TOP - 160) / plots.HEIGHT))
    strip = figure.add_axes((box.x0, plots.BOTTOM / plots.HEIGHT, box.width, 40 / plots.HEIGHT))
    lane.set_xlim(0, SHOWN)
    plots.log_scale(lane, (1e-8, 3e2), POWERS)
    # At the bottom, as a run that diverges is marked at the top.
    plots.name_lane(lane, "distance from the minimum").set(y=0.04, verticalalignment="bottom")
    strip.set(xlim=(-FAR, FAR), ylim=(0, 1), yticks=[], xticks=range(-6, 7, 2))
    strip.grid(False)
    strip.set_xlabel("start (bar: goes round for ever, grey: neither)", labelpad=1)
    names = "heavy ball", "gradient\ndescent,\nlr 2/26", "Nesterov,\nlr 1/25,\nbeta 2/3"
    plots.key(figure, list(zip(METHODS, names, strict=True)))
    return Artists(
        base={"where": where, "landscapes": {name: _landscape(where, name) for name in SURFACES},
              "shades": np.array([to_rgb(shade) for shade in (look.paper, look.ink, look.contour)])},
        moving={
            "early": where.plot([], [], color=look.second_ink, linewidth=0.9, marker=".", markersize=4, zorder=3)[0],
            "late": plots.in_plane(where, "heavy ball", zorder=5),
            "start": where.plot([], [], "o", color=look.ink, fillstyle="none", markersize=10, zorder=6)[0],
            "fate": where.text(0.0, 1.01, "", transform=where.transAxes),
            "curves": [plots.in_time(lane, m, zorder=z) for m, z in zip(METHODS, (6, 4, 5), strict=True)],
            "exit": plots.exit_mark(lane, "heavy ball"),
            "strip": strip.imshow(np.zeros((1, len(STARTS), 3)), extent=(-FAR - 0.025, FAR + 0.025, 0, 1),
                                  aspect="auto", interpolation="nearest"),
            "present": strip.plot([], [], "v", color=look.ink, markersize=8, clip_on=False, zorder=6)[0],
        },
    )  # fmt: skip


def _landscape(axes, name):
    """Draw one function, hidden; return its artists."""
    look, surface, (across, up) = plots.theme(), SURFACES[name], FRAMES[name]
    marks = axes.plot(0, 0, "+", color=look.ink, markersize=11, zorder=4)
    if name == LESSARD:
        x = np.array([across[0], 1, 2, across[1]])
        slope = surface.grad(x[:, np.newaxis])[:, 0]
        marks += axes.plot(x, slope, color=look.second_ink, linewidth=1.2, zorder=2)
        marks += axes.plot(x[1:3], slope[1:3], color=look.ink, linewidth=4, solid_capstyle="butt", zorder=2)
        small = {"va": "top", "size": look.tick_size, "color": look.second_ink}
        marks.append(axes.text(1.6, 8, "soft stretch:\ncurvature 1, not 25", **small))
        marks.append(axes.text(0.02, 0.97, "slope at x", transform=axes.transAxes, **small))
    else:
        grid = np.stack(np.meshgrid(np.linspace(*across, 121), np.linspace(*up, 121)), axis=-1)
        levels = surface(grid).max() * np.linspace(0.08, 1, 8) ** 2
        x, y = np.moveaxis(grid, -1, 0)
        marks.append(axes.contour(x, y, surface(grid), levels=levels, colors=look.contour, linewidths=0.9))
    for mark in marks:
        mark.set_visible(False)
    return marks


def draw(broken, artists):
    """Move every artist to this run and say it in words."""
    _show(broken.function, artists)
    _draw_path(broken, artists)
    for curve, trajectory in zip(artists.curves, broken.runs, strict=True):
        # A logarithm needs more than 0.
        plots.set_run(curve, np.maximum(trajectory.distances, 1e-30), trajectory)
    plots.set_exit(artists.exit, broken.runs[0].distances[: SHOWN + 1], broken.runs[0])
    artists.strip.set_data(artists.shades[broken.strip][np.newaxis])
    artists.present.set_data([broken.start], [1.18])
    artists.fate.set_text(_short(broken))
    return sentence(broken)


def _show(function, artists):
    """Show one landscape in its own frame; while it stays, so do its pixels."""
    if artists.landscapes[function][0].get_visible():
        return
    for name, marks in artists.landscapes.items():
        for mark in marks:
            mark.set_visible(name == function)
    across, up = FRAMES[function]
    artists.where.set(xlim=across, ylim=up, xlabel=AXES[function][0], ylabel=AXES[function][1])
    artists.where.grid(function == LESSARD)
    for line in (artists.early, artists.late):
        line.set_linestyle("" if function == LESSARD else "-")


def _draw_path(broken, artists):
    """Draw the first steps of the heavy ball thin, and its last ones in colour."""
    ball = broken.runs[0]
    path = np.clip(ball.thetas[: None if ball.diverged is None else ball.diverged + 1], -1e6, 1e6)
    if broken.function == LESSARD:
        path = np.hstack([path, SURFACES[LESSARD].grad(path)])
    artists.early.set_data(*path[: EARLY + 1].T)
    artists.late.set_data(*path[-LAST:].T)
    artists.start.set_data(*path[:1].T)


# ------------------------------------------------------------------ the words


def sentence(broken):
    """Say how the heavy ball ends, how the others do, and how many starts share its fate."""
    rule = broken.runs[0].optimizer
    name = f"The heavy ball (lr {number(rule.lr)}, beta {number(rule.beta)})"
    words = [f"{name} on {THE[broken.function]} from {signed(broken.start)} {_end(broken)}."]
    if broken.function == TRIANGLE:
        words.append("A start of 1 is the first corner with the velocity of the cycle; both are scaled by the start.")
    steps = ["later" if step is None else f"at step {step}" for step in map(arrival, broken.runs[1:])]
    words.append(f"Gradient descent arrives {steps[0]}, Nesterov's method {steps[1]}.")
    around, neither = np.count_nonzero(broken.strip > 0), np.count_nonzero(broken.strip < 0)
    rest = f", and {neither} neither arrive nor go round in {STEPS} steps" if neither else ""
    share = f"{around}, a share of {number(around / len(STARTS))}, go" if around else "none goes"
    words.append(f"Of {len(STARTS)} starts {share} round for ever{rest}.")
    best = rule.beta == BEST.beta and abs(rule.lr - BEST.lr) < 1e-9
    # These starts arrive, and on either side of them others go round.
    if broken.function == LESSARD and best and 2.95 <= broken.start <= 3.061:
        words.append(f"That is the goal: {signed(broken.start)} arrives, and 3.07 goes round for ever.")
    return " ".join(words)


def _end(broken):
    """Say how the heavy ball's run ends."""
    ball, step = broken.runs[0], arrival(broken.runs[0])
    if ball.diverged is not None:
        return f"diverged at step {ball.diverged}"
    if broken.period:
        return f"goes round {_cycle_words(broken.function, ball.thetas[-broken.period :])}"
    if step is not None:
        return f"is within a millionth of the minimum from step {step} on"
    return f"is {number(ball.distances[-1])} from the minimum after {STEPS} steps, neither at rest nor in a cycle"


def _cycle_words(function, points):
    """Say through which points a cycle leads."""
    if function != LESSARD:
        radii = np.linalg.norm(points, axis=1)
        near, far = number(radii.min()), number(radii.max())
        return f"{len(points)} points for ever, {near if near == far else f'{near} to {far}'} from the minimum"
    points = np.roll(points[:, 0], -int(np.abs(points[:, 0] - Lessard.cycle[0]).argmin()))
    if len(points) == 3 and np.allclose(points, Lessard.cycle, rtol=0, atol=1e-6):
        return "792/1225, −2208/1225 and 2592/1225 for ever: 0.647, −1.8 and 2.12"
    if len(points) <= 4:
        return f"{', '.join(map(signed, points))} for ever"
    return f"{len(points)} points between {signed(points.min())} and {signed(points.max())} for ever"


def _short(broken):
    """Say how the run ends in a few words, above the picture."""
    ball, step = broken.runs[0], arrival(broken.runs[0])
    if ball.diverged is not None:
        return f"diverged, step {ball.diverged}"
    if broken.period:
        return f"goes round for ever, period {broken.period}"
    return f"{STEPS} steps, not there yet" if step is None else f"arrives, step {step}"
