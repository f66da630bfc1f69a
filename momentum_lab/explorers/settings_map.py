"""E5, the settings map: which learning rate and beta bring the heavy ball home, and how soon.

The map says what the long-run rate promises for every setting; the lane beside it shows what one run does.
"""

import math
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.patches import Polygon

from momentum_lab import plots
from momentum_lab.explorers.controls import Choice, Preset, Quantity
from momentum_lab.explorers.dots_picture import FLAT_LINE, climb, shares
from momentum_lab.explorers.explorer import Explorer
from momentum_lab.explorers.stage import Artists
from momentum_lab.optimizers import HeavyBall
from momentum_lab.running import Trajectory, run
from momentum_lab.surfaces import OFFSET, Quadratic, twelve_dots
from momentum_lab.theory import best_settings, position, spectrum_rate, stability_limit, steps_for
from momentum_lab.words import number

STEPS, GOAL, REST = 400, 80, round(OFFSET, 5)
NEAR = 1e-6  # a run has arrived within a millionth of its starting distance
ALL, SOFT, STIFF = "all springs", "softest spring", "stiffest spring"
EDGES = (2000, 500, 200, 100, 50, 20)  # steps, from the slowest band to the fastest
GREYS = (0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0)  # ink in each band: steps of the picture's 64 colours
PLACES = (0.3, 0.62, 0.3, 0.5, 0.4, 0.4)  # of an edge's number, as a share of the edge's upper side
LR_LIMIT, BETA_LIMIT = 4.0, 0.99
DISTANCES = {1e-6: "10⁻⁶", 1e-3: "10⁻³", 1: "1", 1e3: "10³"}


@dataclass(frozen=True)
class Setting:
    """One point of the map and its run."""

    offset: float
    springs: str
    lr: float  # times the largest curvature
    rate: float
    kappa: float
    trajectory: Trajectory


def settings_map():
    """Return a fresh settings map, at the textbook's beta of 0.9."""
    return Explorer(
        "settings map",
        [
            Quantity("offset", "middle of the dots, from x = 0", REST, 0.5, 10.0, 0.02),
            Quantity("lr", "learning rate times largest curvature", 1.0, 0.02, LR_LIMIT, 0.02),
            Quantity("beta", "beta", 0.9, 0.0, BETA_LIMIT, 0.005),
            Choice("springs", "springs that count", ALL, (ALL, SOFT, STIFF)),
        ],
        simulate,
        set_up,
        draw,
        presets=[
            Preset("best asymptotic rate", lambda settings: _best("heavy ball", settings)),
            Preset("gradient descent", lambda settings: _best("gradient descent", settings)),
        ],
        lines=4,
    )


def _best(method, settings):
    """Take the best long-run setting of a method; ten digits, as six of them make Polyak's corner ten steps later."""
    mu, steepest = curvatures(settings["offset"], ALL)
    best = best_settings(method, mu, steepest)
    return {"lr": float(f"{best.lr * steepest:.10g}"), "beta": float(f"{best.beta:.10g}")}


@lru_cache(maxsize=64)
def curvatures(offset, springs):
    """Return the smallest and the largest curvature among the springs that count."""
    soft, stiff = map(float, twelve_dots(offset).eigenvalues)
    return {ALL: (soft, stiff), SOFT: (soft, soft), STIFF: (stiff, stiff)}[springs]


def simulate(settings):
    """Run the heavy ball from the flat line, on both springs or on one of them alone."""
    soft, stiff = curvatures(settings.offset, ALL)
    counted = curvatures(settings.offset, settings.springs)
    lr, surface, start = settings.lr / stiff, twelve_dots(settings.offset), FLAT_LINE
    if settings.springs != ALL:
        start = surface.parts(np.array(FLAT_LINE))[[0 if settings.springs == SOFT else 1]]
        surface = Quadratic(counted[:1])
    return Setting(
        settings.offset, settings.springs, settings.lr,
        float(spectrum_rate("heavy ball", lr, settings.beta, *counted)), stiff / soft,
        run(HeavyBall(lr, settings.beta), surface, start, STEPS),
    )  # fmt: skip


# ------------------------------------------------------------------ the map


def region(rate, softest, stiffest=1.0):
    """Return the corners of all (lr, beta) that reach at least this rate, or None if there are none in the frame.

    The roots of z^2 - p z + beta lie in a circle of radius r exactly if beta <= r^2 and |p| <= r + beta / r, with
    p = 1 + beta - u.  So u >= (1 - r)(1 - beta / r) and u <= (1 + r)(1 + beta / r): three straight sides.  With
    curvatures from `softest` to `stiffest`, in units of the largest one, lr = u / curvature.
    """
    low = [(1 - rate) * share / softest for share in (1.0, 1 - rate)]  # at beta 0 and at beta = rate^2
    high = [(1 + rate) * share / stiffest for share in (1.0, 1 + rate)]
    if low[1] >= min(high[1], LR_LIMIT):
        return None
    top, foot = rate**2, 0.0
    if low[0] > high[0]:  # the two sides meet above beta 0
        foot = top * (low[0] - high[0]) / (low[0] - high[0] + high[1] - low[1])
        low[0] = high[0] = low[0] + foot / top * (low[1] - low[0])
    return np.array([(low[0], foot), (high[0], foot), (high[1], top), (low[1], top)])


@lru_cache(maxsize=64)
def corner(offset):
    """Return Polyak's setting as (lr times largest curvature, beta), and the step at which its run arrives."""
    surface = twelve_dots(offset)
    soft, stiff = map(float, surface.eigenvalues)
    best = best_settings("heavy ball", soft, stiff)
    start = surface.parts(np.array(FLAT_LINE))

    def near(step):
        # At a double root each error rises once and then falls, so the first touch is the arrival.
        left = start * position("heavy ball", step, best.lr * surface.eigenvalues, best.beta)
        return bool(np.linalg.norm(left) <= NEAR * np.linalg.norm(start))

    return best.lr * stiff, best.beta, bisect_left(range(10_000), True, key=near)


# ------------------------------------------------------------------ the picture


def set_up(figure):
    """Draw the frame: the map on the left, one lane on the right."""
    where, lane = plots.map_and_run(figure)
    look = plots.theme()
    where.set(xlim=(0, LR_LIMIT), ylim=(0, 1.04), xlabel="learning rate times largest curvature")
    where.set_ylabel("beta", labelpad=2)
    where.grid(False)
    where.text(0.0, 1.01, "steps to a millionth", transform=where.transAxes)
    lane.set_xlim(0, STEPS)
    plots.log_scale(lane, (1e-8, 3e4), DISTANCES)
    lane.plot([0, STEPS], [NEAR, NEAR], color=look.second_ink, linewidth=0.9)
    plots.key(figure, [("heavy ball", "heavy ball"), (None, "law: rate to\nthe power\nof the step")])
    here = plots.in_plane(where, "heavy ball", zorder=7, clip_on=False)
    here.set_markersize(10)
    return Artists(
        ground=_ground_artists(where, lane),
        moving={
            "here": here,
            "law": lane.plot([], [], color=look.ink, linewidth=0.9, zorder=5)[0],
            "curve": plots.in_time(lane, "heavy ball", zorder=4),
            "exit": plots.exit_mark(lane, "heavy ball"),
            "arrival": lane.plot([], [], "o", color=look.ink, markersize=5, zorder=6)[0],
            "step": lane.text(0, 0, "", zorder=6, bbox=_box()),
        },
    )


def _ground_artists(where, lane):
    """Return the bands, each over the slower ones, with the numbers of their edges, and Polyak's corner."""
    look = plots.theme()
    paper, ink = np.array([to_rgb(look.paper), to_rgb(look.ink)])
    colors = [paper + share * (ink - paper) for share in GREYS]
    patches = [Polygon([(0, 0)], facecolor=color, edgecolor=look.paper, linewidth=0.8) for color in colors]
    wild = Polygon([(0, 0)], facecolor=look.paper, edgecolor=look.second_ink, linewidth=0, hatch="///")
    for height, patch in enumerate((*patches, wild)):
        patch.set_zorder(1 + 0.1 * height)
        where.add_patch(patch)
    name = plots.name_lane(lane, "")
    name.set_y(0.88)  # leave the uppermost line to the word of a run that diverges
    boxed = {"size": look.tick_size, "bbox": _box()}
    return {
        "bands": patches,
        "wild": wild,
        "edges": [where.text(0, 0, "", **boxed, ha="center", va="center", zorder=3) for _ in EDGES],
        "word": where.text(3.95, 0.04, "diverges", **boxed, ha="right", zorder=3),
        "corner": where.plot([], [], "+", color=look.ink, markersize=13, markeredgewidth=2, zorder=5)[0],
        "best": where.text(0, 0, "", **boxed, zorder=4),
        "kappa": where.text(1.0, 1.01, "", transform=where.transAxes, ha="right"),
        "name": name,
    }


def _box():
    return {"facecolor": plots.theme().paper, "edgecolor": "none", "pad": 1.0}


def draw(setting, artists):
    """Move every artist to this setting and say it in words."""
    _draw_map(setting, artists)
    trajectory = setting.trajectory
    share = trajectory.distances / trajectory.distances[0]
    artists.here.set_data([setting.lr], [trajectory.optimizer.beta])
    plots.set_run(artists.curve, share, trajectory)
    plots.set_exit(artists.exit, share, trajectory)
    with np.errstate(over="ignore"):
        law = np.minimum(setting.rate ** np.arange(STEPS + 1.0), plots.DRAWABLE)
    artists.law.set_data(np.arange(STEPS + 1), law)
    _draw_arrival(trajectory.steps_to(distance=NEAR), artists)
    return sentence(setting)


def _draw_map(setting, artists):
    """Place bands, numbers and corner, unless the map is already that of this problem."""
    state = (setting.offset, setting.springs)
    if getattr(artists, "state", None) == state:
        return
    artists.state = state
    soft, stiff = (curvature / curvatures(setting.offset, ALL)[1] for curvature in curvatures(*state))
    artists.bands[0].set_xy([(0, 0), (LR_LIMIT, 0), (LR_LIMIT, 1), (0, 1)])
    for steps, band, label, place in zip(EDGES, artists.bands[1:], artists.edges, PLACES, strict=True):
        corners = region(NEAR ** (1 / steps), soft, stiff)
        band.set_visible(corners is not None)
        label.set_text("" if corners is None else str(steps))
        if corners is not None:
            band.set_xy(corners)
            left, right = np.clip(corners[[3, 2], 0], 0, LR_LIMIT)
            label.set_position((left + place * (right - left), corners[2, 1]))
    limits = [stability_limit("heavy ball", beta) / stiff for beta in (0.0, 1.0)]
    artists.wild.set_xy([(limits[0], 0), (1e3, 0), (1e3, 1), (limits[1], 1)])
    artists.word.set_text("diverges" if limits[0] < LR_LIMIT - 0.75 else "")
    _draw_corner(setting, artists)


def _draw_corner(setting, artists):
    lr, beta, step = corner(setting.offset)
    artists.corner.set_data([lr], [beta])
    whom = "" if setting.springs == ALL else "\nfor both springs"
    artists.best.set_text(f"best in the\nlong run{whom},\nat step {number(step)}")
    # Below the corner or right of it, where settings diverge: the fastest band stays in sight.
    below = beta > 0.45
    artists.best.set_position((LR_LIMIT - 0.05, beta - 0.06) if below else (lr + 0.15, max(beta, 0.12)))
    artists.best.set(ha="right" if below else "left", va="top" if below else "center")
    artists.kappa.set_text(f"kappa = {number(setting.kappa)}")
    alone = "" if setting.springs == ALL else f", {setting.springs} alone"
    artists.name.set_text(f"distance{alone}, share of its start")


def _draw_arrival(step, artists):
    """Mark the arrival; its word stands where the curve has not been: above it later, below it before."""
    artists.arrival.set_data(*([[], []] if step is None else [[step], [NEAR]]))
    artists.step.set_text("" if step is None else f"step {step}")
    late = (step or 0) > 0.75 * STEPS
    artists.step.set_position(((step or 0) + (-6 if late else 6), NEAR * (0.5 if late else 2)))
    artists.step.set(ha="right" if late else "left", va="top" if late else "bottom")


# ------------------------------------------------------------------ the words


def sentence(setting):
    """Say what the rate promises here, what the run did, and how that compares with Polyak's corner."""
    who = "slower of the two springs" if setting.springs == ALL else setting.springs
    steps = steps_for(setting.rate, NEAR)
    count = "1 step" if steps <= 1 else f"{number(math.ceil(steps))} steps" if math.isfinite(steps) else "for ever"
    return (
        f"Condition number {number(setting.kappa)}: in the long run the {who} keeps "
        f"{number(setting.rate)} of its error a step. By this rate a millionth takes {count}; {_fate(setting)}. "
        f"{_peak(setting.trajectory)} {_goal(setting)}"
    )


def _fate(setting):
    """Say when the run arrived, or at which step it diverged, or how far it is."""
    trajectory = setting.trajectory
    if trajectory.diverged is not None:
        return f"the run diverged at step {trajectory.diverged}"
    step = trajectory.steps_to(distance=NEAR)
    if step is not None:
        return f"the run is within a millionth of its starting distance from step {step} on"
    left = number(trajectory.distances[-1] / trajectory.distances[0])
    return f"the run does not arrive within {STEPS} steps, where it stands at {left} of its starting distance"


def _peak(trajectory):
    if trajectory.diverged is not None:
        return "Its loss grows without end."
    share = shares(trajectory)
    if (peak := climb(share)) is None:
        return "Its loss never climbs above its start."
    return f"Its loss peaks at {number(share[peak])} times its start, at step {peak}."


def _goal(setting):
    """Compare with Polyak's corner; the goal is set for the dots as they lie at rest."""
    step, theirs = setting.trajectory.steps_to(distance=NEAR), corner(setting.offset)[2]
    polyak = f"Polyak's corner, the best rate in the long run, arrives at step {number(theirs)}"
    if (setting.offset, setting.springs) != (REST, ALL):
        return f"{polyak}."
    if step is not None and step < GOAL:
        return f"That is the goal: an arrival before step {GOAL}. {polyak}."
    return f"{polyak}; the goal is an arrival before step {GOAL}."
