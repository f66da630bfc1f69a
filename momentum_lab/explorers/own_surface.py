"""Own surface: four methods on a reader's own landscape of one or two coordinates."""

from dataclasses import dataclass

import numpy as np

from momentum_lab import plots
from momentum_lab.explorers import own_surface_picture as picture
from momentum_lab.explorers.controls import Choice, Quantity, Scale
from momentum_lab.explorers.explorer import Explorer
from momentum_lab.optimizers import Adam, GradientDescent, HeavyBall, Nesterov
from momentum_lab.running import Trajectory, run
from momentum_lab.slips import Slip
from momentum_lab.surfaces import check_gradient
from momentum_lab.surfaces.own import box, must_be_surface
from momentum_lab.words import number, signed

RULES = {
    "gradient descent": lambda lr, beta: GradientDescent(lr),
    "heavy ball": HeavyBall,
    "Nesterov": Nesterov,
    "Adam": lambda lr, beta: Adam(lr, beta1=beta),
}
NEAR = 0.01  # arrived: within a hundredth of the starting distance, or slope, for good


def own_surface(surface, start=None, *, domain=None, lr=None):
    """Return an explorer of a surface of your own.

    Parameters
    ----------
    surface : object
        `FromFunctions(value, grad, domain)`, or anything with `__call__`, `grad` and `dim` 1 or 2.
    start : list of floats, optional
        Where the runs start; the surface's own `start` if left out.
    domain : tuple of (low, high) pairs, optional
        The box that is drawn; the surface's own `domain` if left out.
    lr : float, optional
        Learning rate at rest; a fifth of 1 / curvature if left out.

    Returns
    -------
    Explorer

    Raises
    ------
    Slip
        If it is no surface, or its gradient does not belong to its heights.
    """
    land = Land(surface, start, domain)
    low, rest, high = land.rates(lr)
    return Explorer(
        "own surface",
        [
            Choice("method", "method", "heavy ball", tuple(RULES)),
            Scale("lr", "learning rate", rest, low, high, 0.02),
            Quantity("beta", "beta (in Adam beta1)", 0.9, 0.0, 0.999, 0.005),
            Quantity("steps", "steps", 120, 1, picture.STEPS, 1, whole=True),
        ],
        land.simulate,
        lambda figure: picture.set_up(figure, land),
        draw,
        lines=4,
    )


@dataclass(frozen=True)
class Walk:
    """One run on a reader's surface.

    Attributes
    ----------
    land : Land
    method : str
    trajectory : Trajectory
    slopes : ndarray of shape (steps + 1,)
        Length of the gradient after each step.
    lost : bool
        True if the next gradient is not a number, so that the run had to end.
    """

    land: "Land"
    method: str
    trajectory: Trajectory
    slopes: np.ndarray
    lost: bool

    @property
    def distances(self):
        """Distance from the nearest of the known lowest points after each step."""
        goals = getattr(self.land.surface, "goals", self.land.minima)
        with np.errstate(all="ignore"):
            return np.minimum.reduce([np.linalg.norm(self.trajectory.thetas - goal, axis=-1) for goal in goals])


class Land:
    """A reader's surface, looked through once: its box, its heights, its start."""

    def __init__(self, surface, start, domain):
        must_be_surface(surface)
        if surface.dim not in (1, 2):
            raise Slip(f"A surface of one or two coordinates can be drawn; this one has {surface.dim}.")
        domain = getattr(surface, "domain", None) if domain is None else domain
        if domain is None:
            raise Slip("This surface does not say where to look; give domain=((low, high), (low, high)).")
        self.surface, self.box = surface, box(domain)
        if len(self.box) != surface.dim:
            raise Slip(f"The domain has {len(self.box)} pairs, and the surface {surface.dim} coordinates.")
        check_gradient(surface, self.box)
        self.start = self._start(getattr(surface, "start", None) if start is None else start)
        self.low, self.high = np.array(self.box).T
        minima = getattr(surface, "minima", None)
        self.minima = np.reshape(() if minima is None else minima, (-1, surface.dim))
        self.first_slope = float(np.linalg.norm(surface.grad(self.start)))
        self.first_height = float(surface(self.start))
        if not self.first_slope > 0:
            raise Slip(
                f"At the start, {place(self.start)}, the gradient is {self.first_slope:g}, so nothing would move."
            )
        if not np.isfinite([self.first_slope, self.first_height]).all():
            raise Slip(f"At the start, {place(self.start)}, height and gradient must be finite numbers.")

    def _start(self, start):
        if start is None:
            raise Slip("This surface does not say where to start; give start=[...], one float a coordinate.")
        point = run(GradientDescent(0.1), self.surface, start, 0).thetas[0].astype(float)  # which knows what a start is
        if point.ndim > 1:
            raise Slip(f"This picture shows one start, a list of {self.surface.dim}; the shape given is {point.shape}.")
        return point

    def rates(self, wanted=None):
        """Return a lowest, a usual and a largest learning rate, from the curvatures of the box and its size.

        A rate that is `wanted` takes the place of the usual one.
        """
        if wanted is not None and not (isinstance(wanted, int | float) and 0 < wanted < np.inf):
            raise Slip(f"lr, the learning rate at rest, is a number above 0; this is {wanted!r}.")
        rng = np.random.default_rng(3)
        points = np.vstack([self.start, self.low + (self.high - self.low) * rng.uniform(size=(30, len(self.start)))])
        curvatures = [self._curvature(point) for point in points]
        steepest = max(curvatures[0], float(np.quantile(curvatures, 0.75))) or 1.0
        width = float((self.high - self.low).max())
        ends = min(0.01 / steepest, 1e-3 * width), 0.2 / steepest, max(4 / steepest, 0.2 * width)
        low, rest, high = (float(f"{end:.1g}") for end in ends)
        rest = rest if wanted is None else float(wanted)
        return min(low, rest), rest, max(high, rest)

    def _curvature(self, point):
        """Return the largest curvature at a point, measured from gradients close by; 0 where it cannot be."""
        steps = 1e-5 * np.diag(self.high - self.low)
        with np.errstate(all="ignore"):
            bends = [(self.surface.grad(point + h) - self.surface.grad(point - h)) / (2 * h.sum()) for h in steps]
        return float(np.abs(np.linalg.eigvalsh(bends)).max()) if np.isfinite(bends).all() else 0.0

    def simulate(self, settings):
        """Run the chosen method, as far as its gradients are numbers."""
        rule = RULES[settings.method](settings.lr, settings.beta)
        trajectory = self._walk(rule, settings.steps)
        with np.errstate(all="ignore"):
            slopes = np.linalg.norm(self.surface.grad(trajectory.thetas), axis=-1)
        return Walk(self, settings.method, trajectory, slopes, trajectory.steps < settings.steps)

    def _walk(self, rule, steps):
        """Return the longest run of at most so many steps in which every gradient is a number."""
        try:
            return run(rule, self.surface, self.start, steps)
        except Slip:
            good, bad = 0, steps
            while bad - good > 1:
                middle = (good + bad) // 2
                try:
                    run(rule, self.surface, self.start, middle)
                    good = middle
                except Slip:
                    bad = middle
            return run(rule, self.surface, self.start, good)


def draw(walk, artists):
    """Move every artist to this run and say it in words."""
    picture.draw(walk, artists)
    return sentence(walk)


# ------------------------------------------------------------------ the words


def sentence(walk):
    """Say from where to where the run went, how high it got, and whether it arrived."""
    trajectory, rule = walk.trajectory, walk.trajectory.optimizer
    steps = "1 step" if trajectory.steps == 1 else f"{trajectory.steps} steps"
    beta = (
        ""
        if walk.method == "gradient descent"
        else f", beta {number(rule.beta1 if walk.method == 'Adam' else rule.beta)}"
    )
    name = f"{'the ' if walk.method == 'heavy ball' else ''}{walk.method} (lr {number(rule.lr)}{beta})"
    begin = f"From {place(walk.land.start)}, at height {signed(walk.land.first_height)}, {steps} of {name}"
    if trajectory.diverged is not None:
        return f"{begin}: the run diverged at step {trajectory.diverged}. {_cure(walk)}"
    if walk.lost:
        return (
            f"{begin}: there the run had to end, as the next gradient is not a number. "
            f"It stood at {place(trajectory.thetas[-1])}, where your functions may not be defined. {_cure(walk)}"
        )
    end = f"{begin} lead{'s' if trajectory.steps == 1 else ''} to {place(trajectory.thetas[-1])}."
    return " ".join([end, _heights(trajectory.losses), _arrival(walk)])


def _cure(walk):
    """Say what to try: a surface that falls without end has no rate that would help."""
    trajectory = walk.trajectory
    end = trajectory.losses[trajectory.diverged if trajectory.diverged is not None else -1]
    if end < walk.land.first_height:
        return "It went down and down: there seems to be no lowest place that way."
    return f"A learning rate below {number(trajectory.optimizer.lr)} is worth a try."


def _heights(heights):
    """Say the last height, and the highest and lowest on the way where they are others to three digits."""
    if not np.isfinite(heights).all():
        unknown = "no number: your function is not defined there" if np.isnan(heights).any() else "too large to write"
        return f"Some height on the way is {unknown}."
    text = f"The height there is {_written(heights[-1])}"
    for pick, word in ((np.argmax, "highest"), (np.argmin, "lowest")):
        step = int(pick(heights))
        if 0 < step < len(heights) - 1 and _written(heights[step]) not in (_written(heights[-1]), _written(heights[0])):
            text += f"; its {word}, at step {step}, was {_written(heights[step])}"
    return text + "."


def _written(value):
    return number(value).replace("-", "−")


def _arrival(walk):
    """Say when the run comes close to a lowest point for good, or to a level place where no lowest one is known."""
    away, series = ("the nearest lowest point", walk.distances) if len(walk.land.minima) else (None, walk.slopes)
    far = np.flatnonzero(~(series <= NEAR * series[0]))
    left = series[-1] / series[0]
    if not far.size or far[-1] < len(series) - 1:
        step = int(far[-1]) + 1 if far.size else 0
        what = f"within a hundredth of its starting distance from {away}" if away else "below a hundredth of its start"
        return f"{'It stays' if away else 'The slope stays'} {what} from step {step} on."
    if not away:
        return f"The slope there is {number(left)} times what it was at the start."
    return (
        f"It has {number(left)} of its starting distance left."
        if left < 1
        else (f"It is {number(left)} times as far from {away} as at the start.")
    )


def place(point):
    """Write a point: (1.5, −2)."""
    parts = [_written(part if abs(part) > 1e-12 else 0.0) for part in np.clip(point, -plots.DRAWABLE, plots.DRAWABLE)]
    return f"({', '.join(parts)})" if len(parts) > 1 else f"x = {parts[0]}"
