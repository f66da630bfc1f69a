"""E15, the timeline: six papers, and what the rule of each does on the twelve dots.

Every card runs its own rule from the flat line, beside gradient descent at its best learning rate.
"""

from dataclasses import dataclass
from functools import cache

from momentum_lab import plots
from momentum_lab.explorers import dots_picture
from momentum_lab.explorers.controls import Choice, Quantity
from momentum_lab.explorers.dots_picture import FLAT_LINE, climb, shares, swings
from momentum_lab.explorers.explorer import Explorer
from momentum_lab.explorers.papers import CARDS, Card
from momentum_lab.explorers.stage import Artists
from momentum_lab.optimizers import GradientDescent
from momentum_lab.running import Trajectory, run
from momentum_lab.surfaces import twelve_dots
from momentum_lab.theory import best_settings
from momentum_lab.words import number

STEPS = 300
NEAR = 1e-6  # a run has arrived within a millionth of its starting distance
DUST = 1e-12  # a share of the loss that small is within reach of rounding
METHODS = ("gradient descent", "heavy ball", "Nesterov", "Adam")
SPOKEN = {"heavy ball": "the heavy ball", "Nesterov": "Nesterov's method", "Adam": "Adam"}

ALONG_LIMITS, LOSS_LIMITS = (-0.9, 1.9), (1e-13, 1e3)
LOSS_POWERS = {1e-12: "10⁻¹²", 1e-6: "10⁻⁶", 1: "1"}


@dataclass(frozen=True)
class Visit:
    """One card, its run, and the run of gradient descent beside it."""

    card: Card
    baseline: Trajectory
    trajectory: Trajectory
    step: int


def timeline():
    """Return a fresh timeline, open at Polyak 1964."""
    titles = tuple(card.title for card in CARDS)
    return Explorer(
        "timeline",
        [
            Choice("paper", "paper", "1964 Polyak", titles),
            Quantity("step", "step shown through the dots", 30, 0, STEPS, 1, whole=True),
        ],
        simulate,
        set_up,
        draw,
        lines=6,
    )


def simulate(settings):
    """Take a card and look up its runs."""
    card = next(card for card in CARDS if card.title == settings.paper)
    return Visit(card, *_runs(card), settings.step)


@cache
def _runs(card):
    """Gradient descent and the card's rule, from the flat line; the step shown does not change them."""
    surface = twelve_dots()
    best = best_settings("gradient descent", *map(float, surface.eigenvalues))
    rules = GradientDescent(best.lr), card.rule(surface.eigenvalues)
    return tuple(run(rule, surface, FLAT_LINE, STEPS) for rule in rules)


# ------------------------------------------------------------------ the picture


def set_up(figure):
    """Draw the frame, with the artists of every method that a card may need."""
    dots, lanes = dots_picture.frame(figure, STEPS, along=ALONG_LIMITS, loss=LOSS_LIMITS, powers=LOSS_POWERS)
    # The paper comes last, as its list of authors may be long.
    *_, paper = plots.key(figure, [(METHODS[0], "gradient\ndescent"), (None, "best line"), (METHODS[1], "")])
    return Artists(
        base={"name": paper.name, "sample": paper.sample},
        ground=dots_picture.problem_artists(dots),
        # The card on top: gradient descent, which alternates across the valley, would bury it there.
        moving=dots_picture.run_artists(dots, lanes, METHODS, heights=(4, 5, 5, 5)),
    )


def draw(visit, artists):
    """Move every artist to this card and say it in words."""
    method = visit.trajectory.optimizer.name
    dots_picture.place_problem(artists, visit.baseline.surface)
    dots_picture.place_run(artists, 0, visit.baseline, visit.step)
    for row, name in enumerate(METHODS[1:], start=1):
        if name == method:
            dots_picture.place_run(artists, row, visit.trajectory, visit.step)
        else:
            dots_picture.hide_run(artists, row)
    dots_picture.place_step(artists, visit.step)
    _name(visit.card, method, artists)
    return sentence(visit)


def _name(card, method, artists):
    """Write year, authors and method at the right edge, in the method's line style."""
    words = f"{card.year}\n" + ",\n".join(card.authors)
    if method not in card.authors:
        words += f"\n({method})"
    if artists.name.get_text() == words:
        return  # the base of the picture can stay
    artists.name.set_text(words)
    plots.dress(artists.sample, method)


# ------------------------------------------------------------------ the words


def sentence(visit):
    """Tell the paper's history, then this run's numbers."""
    rule, baseline = visit.trajectory.optimizer, visit.baseline
    settings = ", ".join(part for part in rule.label.split(", ")[1:] if not part.startswith("eps"))
    now = " and ".join(_share(shares(run)[visit.step]) for run in (visit.trajectory, baseline))
    return " ".join(
        [
            visit.card.history,
            f"On the twelve dots {SPOKEN[rule.name]} ({settings}) {_fate(visit.trajectory)}.",
            *_detours(visit.trajectory),
            visit.card.choice,
            f"Gradient descent (lr {number(baseline.optimizer.lr)}, its best in the long run) {_fate(baseline)}.",
            f"At step {visit.step} their losses are {now} of the start.",
        ]
    )


def _fate(trajectory):
    """Say when a run arrived, or how far it is from there."""
    arrived = trajectory.steps_to(distance=NEAR)
    if arrived is not None:
        return f"is within a millionth of its starting distance from step {arrived} on"
    left = trajectory.distances[-1] / trajectory.distances[0]
    return f"has {number(left)} of its starting distance left after {STEPS} steps"


def _detours(trajectory):
    """Say where a run went up before it went down, and how far it swung past its goal along the valley."""
    (along, _), share = swings(trajectory), shares(trajectory)
    peak, away, turn = climb(share), climb(along), int(along.argmin())
    if peak is not None:
        yield f"Its loss first climbs to {number(share[peak])} times the start, at step {peak}."
    if away is not None:
        yield f"Along the valley it first runs away, to {number(along[away])} times the start, at step {away}."
    if along[turn] < -0.005:
        yield f"Along the valley it swings past the goal by {number(-along[turn])} of the start, at step {turn}."


def _share(share):
    return number(share) if share >= DUST else f"less than {LOSS_POWERS[DUST]}"
