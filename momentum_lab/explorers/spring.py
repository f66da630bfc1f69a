"""E3, the spring: one direction of a quadratic is a mass on a spring, and its two roots say how it moves."""

from dataclasses import dataclass

import numpy as np

from momentum_lab import plots
from momentum_lab.explorers.controls import Choice, Preset, Quantity
from momentum_lab.explorers.explorer import Explorer
from momentum_lab.explorers.stage import Artists
from momentum_lab.optimizers import GradientDescent, HeavyBall, Nesterov
from momentum_lab.running import Trajectory, run
from momentum_lab.surfaces import Quadratic
from momentum_lab.theory import critical_beta, critical_stiffness, polynomial, rate, stability_limit
from momentum_lab.words import number, signed

STEPS = 100
RULES = {"heavy ball": HeavyBall, "Nesterov": Nesterov}
SPOKEN = {"heavy ball": "The heavy ball", "Nesterov": "Nesterov's method"}
ROOM = 1.55  # half the width of the complex plane that is shown
PLACE_LIMITS = (-1.3, 1.6)
SIZE_LIMITS, SIZE_POWERS = (1e-6, 30), {1e-6: "10⁻⁶", 1e-4: "10⁻⁴", 1e-2: "10⁻²", 1: "1"}
GOAL = 0.04
RINGING = {"u": 0.1, "beta": 0.98}
PLAIN = "gradient descent"
HEIGHTS = {"heavy ball": 3, "Nesterov": 3, PLAIN: 4}
CIRCLE = np.array([np.cos(np.linspace(0, 2 * np.pi, 181)), np.sin(np.linspace(0, 2 * np.pi, 181))])
EQUAL = 0.002  # this near in beta the two roots count as equal
PAST = 0.0005  # less than that is no overshoot


@dataclass(frozen=True)
class Spring:
    """One direction: its settings, its roots and its motion from 1, at rest."""

    u: float
    beta: float
    method: str
    roots: np.ndarray
    rate: float
    motion: Trajectory
    plain: Trajectory  # gradient descent with the same u

    @property
    def complex(self):
        """Whether the two roots have left the axis."""
        return bool(self.roots.imag.any())

    @property
    def critical(self):
        """Whether the two roots are equal, or would be for a beta that is 0.002 away."""
        return 0 < self.u < 1 and abs(self.beta - critical_beta(self.method, self.u)) <= EQUAL


def spring():
    """Return a fresh spring, ringing."""
    return Explorer(
        "spring",
        [
            Quantity("u", "stiffness u = learning rate × curvature", 0.1, 0.0, 4.2, 0.01),
            Quantity("beta", "beta", 0.9, 0.0, 0.999, 0.005),
            Choice("method", "method", "heavy ball", tuple(RULES)),
        ],
        simulate,
        set_up,
        draw,
        presets=[Preset("critical damping", _critical), Preset("ringing", lambda settings: RINGING)],
        lines=4,
    )


def _critical(settings):
    """Choose the beta whose two roots are equal; from u = 1 on there is none, and nothing changes."""
    if not 0 < settings["u"] < 1:
        return {}
    return {"beta": round(float(critical_beta(settings["method"], settings["u"])), 6)}


def simulate(settings):
    """Let go of the mass at 1, and find the two roots of its polynomial."""
    u, beta, method = settings.u, settings.beta, settings.method
    p, d = polynomial(method, u, beta)
    half = np.sqrt(complex(p * p / 4 - d))
    bowl = Quadratic([1.0])
    motion, plain = (run(rule, bowl, [1.0], STEPS) for rule in (RULES[method](u, beta), GradientDescent(u)))
    return Spring(u, beta, method, np.array([p / 2 + half, p / 2 - half]), float(rate(method, u, beta)), motion, plain)


# ------------------------------------------------------------------ the picture


def set_up(figure):
    """Draw the plane of the roots and the two lanes, with the curves of both methods."""
    plane, (place, size) = plots.where_and_when(figure, 2)
    place.set(xlim=(0, STEPS), ylim=PLACE_LIMITS, yticks=[-1, 0, 1])
    place.plot([0, STEPS], [0, 0], **_thin(plots.theme().second_ink), zorder=1)
    plots.name_lane(place, "place x of the mass")
    plots.log_scale(size, SIZE_LIMITS, SIZE_POWERS)
    plots.name_lane(size, "distance |x|")
    law = "law: rate to\nthe power of\nthe step"
    spring, *_ = plots.key(figure, [("heavy ball", ""), (PLAIN, "gradient\ndescent"), (None, law)])
    return Artists(
        base={"name": spring.name, "sample": spring.sample},
        moving={
            **_plane_artists(plane),
            # Dashes on top: a solid curve below them still shows.
            "curves": [[plots.in_time(lane, m, zorder=z) for lane in (place, size)] for m, z in HEIGHTS.items()],
            "law": size.plot([], [], **_thin(plots.theme().ink), zorder=6)[0],
            "exits": [plots.exit_mark(size, method) for method in HEIGHTS],
        },
    )


def _thin(color):
    return {"color": color, "linewidth": 0.9}


def _plane_artists(plane):
    """Draw axes and unit circle, and return what moves in the plane."""
    look = plots.theme()
    plane.set(xlim=(-ROOM, ROOM), ylim=(-ROOM, ROOM), xticks=[-1, 0, 1])
    plane.set_yticks([-1, 0, 1], ["−i", "0", "i"])
    plane.plot(*CIRCLE, color=look.contour, linewidth=2.4, zorder=1)
    plots.name_lane(plane, "the two roots in the complex plane")
    small = {"size": look.tick_size, "color": look.second_ink}
    plane.text(0, -1.08, "unit circle: outside it, the motion grows", ha="center", va="top", **small)
    return {
        "circle": plane.plot([], [], **_thin(look.ink), zorder=2)[0],
        "radius": plane.text(0, 0, "", ha="center", va="center", **small),
        "marks": [_root_marks(plane, method) for method in RULES],
        "outside": plane.text(-ROOM + 0.06, 0.14, "", ha="left", va="bottom", size=look.tick_size),
    }


def _root_marks(plane, method):
    marks = plots.in_plane(plane, method, zorder=5, clip_on=False)
    marks.set(linestyle="", markersize=11)
    return marks


def draw(result, artists):
    """Move every artist to this spring and say it in words."""
    _draw_roots(result, artists)
    _draw_name(result.method, artists)
    for method, curves, mark in zip(HEIGHTS, artists.curves, artists.exits, strict=True):
        _draw_motion(result, method, curves, mark)
    steps = np.arange(STEPS + 1)
    artists.law.set_data(steps, np.exp(np.clip(steps * np.log(max(result.rate, 1e-30)), -60, 25)))
    return sentence(result)


def _draw_motion(result, method, curves, mark):
    """Draw the motion of one method in both lanes, and hide the method that is not chosen."""
    arrow, word = mark
    shown = method in (PLAIN, result.method)
    for artist in (*curves, arrow, word):
        artist.set_visible(shown)
    trajectory = result.plain if method == PLAIN else result.motion
    place = trajectory.thetas[:, 0]
    # A motion that grows would fill the lane with its flips: it ends where it has left the frame for good.
    last = np.flatnonzero(np.abs(place) <= PLACE_LIMITS[1])[-1]
    plots.set_run(curves[0], np.where(np.arange(len(place)) <= last + 1, place, np.nan), trajectory)
    # A logarithm needs something to bite on where a run lands on zero.
    plots.set_run(curves[1], np.maximum(np.abs(place), 1e-30), trajectory)
    plots.set_exit(mark, np.abs(place), trajectory)
    if method == PLAIN and result.motion.diverged is not None:
        # The two marks would lie on one another: the chosen method's is enough.
        arrow.set_data([], [])
        word.set_text("")


def _draw_roots(result, artists):
    """Place the two roots and their circle; a root outside the frame is held at its edge and named."""
    radius = np.sqrt(result.beta)
    artists.circle.set_data(*(radius * CIRCLE))
    artists.radius.set_text(f"radius √beta\n= {number(radius)}")
    artists.radius.set_y(-0.25 if radius > 0.65 else -radius - 0.22)  # inside a large circle, below a small one
    for method, marks in zip(RULES, artists.marks, strict=True):
        marks.set_visible(method == result.method)
        marks.set_data(np.clip(result.roots.real, -ROOM + 0.1, ROOM), result.roots.imag)
    beyond = result.roots.real.min()
    artists.outside.set_text(f"◂ root at {signed(beyond)}" if beyond < -ROOM else "")


def _draw_name(method, artists):
    """Name the method at the right edge, in its line style."""
    if artists.name.get_text() == method:
        return  # the base of the picture can stay
    artists.name.set_text(method)
    plots.dress(artists.sample, method)


# ------------------------------------------------------------------ the words


def sentence(result):
    """Say how the mass moves, how fast that fades, from where on it swings, and how the goal stands."""
    return " ".join([_motion(result), _fading(result), _limits(result), _plain(result), _goal(result)])


def _motion(result):
    """Say what is seen: how the mass goes home, or that it does not."""
    if result.u == 0:
        return "The spring has no stiffness: nothing pulls, and the mass stays at 1."
    name, turn = SPOKEN[result.method], _overshoot(result)
    if result.motion.diverged is not None:
        return f"{name} diverged at step {result.motion.diverged}: its motion flips sides and grows every step."
    if result.rate > 1 + 1e-9:
        return f"{name} flips sides and grows without end, so slowly that {STEPS} steps do not show all of it."
    if result.rate == 0:
        return f"{name} lands on the minimum with the first step and stays there: both roots are 0."
    if result.critical:
        equal = number(np.sqrt(result.beta)) if result.method == "heavy ball" else number(result.rate)
        nearly = "" if abs(result.beta - critical_beta(result.method, result.u)) < 1e-6 else "nearly "
        return f"{name} is critically damped: its two roots are {nearly}equal, {equal}, and it {turn}."
    if result.complex:
        period = 2 * np.pi / abs(np.angle(result.roots[0]))  # steps in one turn of the roots
        return f"{name} swings, with a period of {number(period)} steps; it {turn}."
    if result.roots.real.min() < -result.roots.real.max():
        return f"{name} flips sides every step; it {turn}."
    return f"{name} is overdamped: it creeps home without a swing and {turn}."


def _overshoot(result):
    place = result.motion.thetas[:, 0]
    lowest, by = int(place.argmin()), -place.min()
    return f"passes the minimum by {number(by)}, at step {lowest}" if by >= PAST else "never passes the minimum"


def _fading(result):
    """Say by which factor a step changes the motion, and where that factor comes from."""
    factor, lost = _factor(result.rate), number(abs(100 * (1 - result.rate)))
    if result.u == 0:
        return "One root is 1: every step keeps everything."
    if result.rate == 0 or result.critical:
        return f"In the long run a step takes {lost} % off the distance (rate {factor})."
    if result.complex and result.method == "heavy ball":
        low, high = ((1 + sign * np.sqrt(result.beta)) ** 2 for sign in (-1, 1))
        # Four digits: at beta 0.9 the swing ends at 3.797, and the ball diverges from 3.8 on.
        edges = f"{number(low)} to {high:.4g}"
        return (
            f"Both roots lie on the circle of radius √beta: every step takes {lost} % off the swing (rate {factor}), "
            f"for every u from {edges} alike."
        )
    if result.complex:
        return f"Both roots have the size √(beta (1 − u)): every step takes {lost} % off the swing (rate {factor})."
    if factor == "1":
        return "In the long run the motion neither grows nor fades: rate 1, to six digits."
    if result.rate < 1:
        return f"The larger root decides: in the long run a step takes {lost} % off the distance (rate {factor})."
    return f"The larger root decides: in the long run a step multiplies the distance by {factor}."


def _limits(result):
    """Say where this beta begins to swing and where it diverges."""
    threshold = critical_stiffness(result.method, result.beta)
    return (
        f"With beta {_factor(result.beta)} it passes the minimum where u is above {number(threshold)}, "
        f"and diverges from {number(stability_limit(result.method, result.beta))} on."
    )


def _plain(result):
    """Say where gradient descent with the same u is."""
    if result.u == 0:
        return "Gradient descent stays as well."
    if result.plain.diverged is not None:
        return f"Gradient descent with this u diverged at step {result.plain.diverged}."
    own, plain = (_distance(run.thetas[-1, 0]) for run in (result.motion, result.plain))
    if result.motion.diverged is not None:
        return f"Gradient descent with this u is {plain} from the minimum at step {STEPS}."
    return f"At step {STEPS} it is {own} from the minimum, gradient descent with the same u {plain}."


def _distance(place):
    return number(abs(place)) if abs(place) >= 1e-9 else "less than a billionth"


def _goal(result):
    """Say how the goal of this explorer stands."""
    if abs(result.u - GOAL) > 1e-9:
        return f"Goal: set u to {GOAL} and find the largest beta that does not pass the minimum."
    if result.critical:
        return f"That is the goal: at u = {GOAL} this is the largest beta that does not overshoot."
    more = result.beta < critical_beta(result.method, result.u)
    return f"The goal at u = {GOAL}, equal roots: beta can be {'larger' if more else 'smaller'} still."


def _factor(value):
    """Write a factor near 1 with as many digits as tell it from 1."""
    distance = abs(1 - value)
    if distance > 0.1:
        return number(value)
    return f"{value:.4g}" if distance >= 0.001 else f"{value:.6g}"
