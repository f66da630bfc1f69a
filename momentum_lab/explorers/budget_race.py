"""E14, the budget race: four methods train the digits network on the same number of gradient evaluations.

The runs are stored (`course/budget_runs.py` made them): ten networks for every method, learning rate and batch.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import SimpleNamespace

import numpy as np

from momentum_lab import plots
from momentum_lab.explorers.controls import Choice, Preset, Quantity
from momentum_lab.explorers.explorer import Explorer
from momentum_lab.explorers.stage import Artists
from momentum_lab.words import number

METHODS = ("gradient descent", "heavy ball", "Nesterov", "Adam")
SPOKEN = ("gradient descent", "the heavy ball", "Nesterov's method", "Adam")
BATCHES, BUDGETS, EFFECTIVE = ("8", "32", "128"), ("1 epoch", "5 epochs", "20 epochs"), ("0.005", "0.05", "0.5", "2")
TUNED, SAME = "tuned, equal budget", "same effective lr"
RATES, EXAMPLES, BETA = 12, 1400, 0.9
APART = 0.2  # the two curves have parted when their losses differ by more
GUESSING = float(np.log(10))  # the loss of a network that gives every digit the same chance
LOSS, ACCURACY, LOW, MEDIAN, HIGH = 0, 1, 0, 1, 2  # places in the stored arrays

EPOCHS, LOSSES, ERRORS = (0.08, 45.0), (5e-4, 12.0), (1.0, 0.005)
SHIFT = 1.18  # from one mark at the end of the accuracies to the next, as a factor of time


@dataclass(frozen=True)
class Entry:
    """One method in the race: its row of METHODS, its learning rate, and its stored bands up to its share."""

    row: int
    lr: float
    bands: np.ndarray  # (loss or accuracy, percentile, epoch)

    @property
    def losses(self):
        """Its training loss at the end: 10th percentile, median and 90th percentile of ten networks."""
        return self.bands[LOSS, :, -1]

    @property
    def percent(self):
        """Its median held-out accuracy at the end, in words."""
        return f"{number(100 * self.bands[ACCURACY, MEDIAN, -1])} %"


@dataclass(frozen=True)
class Race:
    """The methods of one comparison, and what each try may spend."""

    settings: SimpleNamespace
    entries: tuple[Entry, ...]
    evaluations: int  # of the whole budget
    share: int  # of them a try has
    epochs: np.ndarray  # where the curves are known, up to the share

    @property
    def best(self):
        """The entries by their median training loss at the end."""
        return sorted(self.entries, key=lambda entry: entry.losses[MEDIAN])


def budget_race():
    """Return a fresh budget race, with the two curves that coincide."""
    return Explorer(
        "budget race",
        [
            Choice("batch", "batch size", "32", BATCHES),
            Choice("budget", "budget of each method", "20 epochs", BUDGETS),
            Quantity("tries", "tries that share the budget", 1, 1, RATES, 1, whole=True),
            Choice("fair", "compared", SAME, (TUNED, SAME)),
            Choice("effective", "effective lr of both, lr/(1 − beta)", "0.05", EFFECTIVE),
        ],
        simulate,
        set_up,
        draw,
        presets=[
            Preset("Two rules, one effective lr", lambda settings: {"fair": SAME, "tries": 1}),
            Preset("Tune each, 4 tries", lambda settings: {"fair": TUNED, "tries": 4}),
        ],
        lines=6,
    )


@cache
def stored():
    """Return the arrays of the stored runs, by name."""
    with np.load(files("momentum_lab") / "data" / "budget_race.npz") as data:
        return dict(data)


def tried(tries):
    """Return which of the twelve rates are tried: spread evenly over the range."""
    return [int((i + 0.5) * RATES / tries) for i in range(tries)]


def simulate(settings):
    """Look up the runs of this comparison, up to the share of one try."""
    runs, batch = stored(), BATCHES.index(settings.batch)
    epochs, a_epoch = int(settings.budget.split()[0]), -(-EXAMPLES // int(settings.batch))
    end = int(np.abs(runs["epochs"] - epochs / settings.tries).argmin()) + 1
    share = epochs * a_epoch // settings.tries
    if settings.fair == SAME:
        lr, pair = float(settings.effective), runs["pairs"][EFFECTIVE.index(settings.effective), batch]
        entries = (Entry(row, lr * (1 - BETA * row), pair[row, ..., :end]) for row in range(2))
    else:
        entries = (_tuned(row, runs, batch, settings.tries, end) for row in range(len(METHODS)))
    # A share of an epoch is a whole number of steps.
    times = np.floor(runs["epochs"][:end] * a_epoch + 1e-9) / a_epoch
    return Race(settings, tuple(entries), epochs * a_epoch, share, times)


def _tuned(row, runs, batch, tries, end):
    grid = runs["grid"][row, batch]
    best = min(tried(tries), key=lambda rate: grid[rate, LOSS, MEDIAN, end - 1])
    return Entry(row, float(runs["rates"][row, best]), grid[best, ..., :end])


# ------------------------------------------------------------------ the picture


def set_up(figure):
    """Draw the frame: training loss on the left, held-out accuracy on the right, over the same epochs."""
    losses, (accuracies,) = plots.where_and_when(figure, 1)
    for axes, text in ((losses, "training loss; band: middle 80 %"), (accuracies, "held-out accuracy")):
        axes.set(xscale="log", xlim=EPOCHS, xticks=[0.1, 1, 5, 20], xticklabels=["0.1", "1", "5", "20"])
        axes.set_xlabel("epochs", labelpad=2)
        plots.name_lane(axes, text)
    plots.log_scale(losses, LOSSES, {loss: f"{loss:g}" for loss in (0.001, 0.01, 0.1, 1)})
    plots.log_scale(accuracies, ERRORS, {1 - s / 100: f"{s} %" for s in (10, 50, 80, 90, 95, 98, 99)})
    names = plots.key(figure, [*((method, "") for method in METHODS), (None, "end of\na try")])
    return Artists(moving={"key": names[:-1]} | _marks(losses, accuracies))


def _marks(losses, accuracies):
    """Make what moves; gradient descent lies on top, as its dashes let the others through."""
    thin, heights = {"color": plots.theme().ink, "linewidth": 0.9, "zorder": 3}, (7, 4, 5, 6)
    return {
        # Not up to the top, where the lanes have their names.
        "ends": [a.plot([], [], **thin, transform=a.get_xaxis_transform())[0] for a in (losses, accuracies)],
        "bands": [losses.fill_between([1, 2], 1, 1, **_pale(method)) for method in METHODS],
        "edges": [[_edge(losses, method) for _ in range(2)] for method in METHODS],
        "losses": [plots.in_time(losses, m, zorder=z) for m, z in zip(METHODS, heights, strict=True)],
        "accuracies": [plots.in_time(accuracies, m, zorder=z) for m, z in zip(METHODS, heights, strict=True)],
        "bars": [accuracies.plot([], [], color=plots.STYLES[m].color, linewidth=1.2, zorder=8)[0] for m in METHODS],
        # Gradient descent's mark is a stroke, which has to stand out from its bar.
        "points": [plots.in_plane(accuracies, m, zorder=9, markeredgewidth=1 + 3 * (m == METHODS[0])) for m in METHODS],
    }


def _pale(method):
    return {"color": plots.STYLES[method].color, "alpha": 0.18, "linewidth": 0, "zorder": 1}


def _edge(axes, method):
    (line,) = axes.plot([], [], zorder=2)
    plots.dress(line, method).set_linewidth(0.8)
    return line


def draw(race, artists):
    """Move every artist to this comparison and say it in words."""
    shown = {entry.row: entry for entry in race.entries}
    # A try without a single step stands at the left edge.
    times = np.maximum(race.epochs, EPOCHS[0])
    for line in artists.ends:
        line.set_data([times[-1]] * 2, [0, 0.92])
    for row in range(len(METHODS)):
        for artist in _row(artists, row):
            artist.set_visible(row in shown)
        if row in shown:
            _place(artists, shown[row], times)
    return sentence(race)


def _row(artists, row):
    """Return every artist of a method."""
    kinds = (artists.bands, artists.losses, artists.accuracies, artists.bars, artists.points)
    return [*(kind[row] for kind in kinds), *artists.key[row], *artists.edges[row]]


def _place(artists, entry, times):
    """Move the artists of one method."""
    row, (low, middle, high) = entry.row, np.clip(entry.bands[LOSS], 1e-9, 1e9)
    artists.losses[row].set_data(times, middle)
    artists.bands[row].set_verts([np.column_stack([np.append(times, times[::-1]), np.append(low, high[::-1])])])
    for line, edge in zip(artists.edges[row], (low, high), strict=True):
        line.set_data(times, edge)
    errors, aside = 1 - entry.bands[ACCURACY], times[-1] * SHIFT ** (row + 1)
    artists.accuracies[row].set_data(times, errors[MEDIAN])
    artists.bars[row].set_data([aside, aside], errors[[LOW, HIGH], -1])
    artists.points[row].set_data([aside], errors[MEDIAN, -1:])
    artists.key[row].name.set_text(f"{METHODS[row]}\nlr {number(entry.lr)}".replace("gradient ", "gradient\n"))


# ------------------------------------------------------------------ the words


def sentence(race):
    """Say how the methods end, what was tuned, and who is ahead by how much."""
    if race.share == 0:
        return (
            f"{race.settings.tries} tries share {_cost(race)}, which is less than one for each: no network has been "
            f"trained. The median loss at the start is {number(race.entries[0].losses[MEDIAN])}; guessing has "
            f"{number(GUESSING)}. Take fewer tries, a larger budget or a smaller batch."
        )
    return " ".join(_pair(race) if race.settings.fair == SAME else _search(race))


def _pair(race):
    """Yield the story of two rules with the same effective learning rate."""
    plain, ball = race.entries
    yield (
        f"After {_epochs(race)} of batches of {race.settings.batch}, gradient descent (lr {number(plain.lr)}) and the "
        f"heavy ball (lr {number(ball.lr)}, beta 0.9) have median training losses {number(plain.losses[MEDIAN])} and "
        f"{number(ball.losses[MEDIAN])}, over ten networks."
    )
    gap = apart(race)
    far = f"{number(100 * gap)} %" if gap < 2 else f"a factor of {number(1 + gap)}"
    yield f"They differ by {far}, {SPOKEN[race.best[0].row]} below, and their bands {_bands(race)}."
    yield from _guessing(race)
    yield (
        f"The held-out accuracies are {plain.percent} and {ball.percent}. Nothing was tuned: "
        f"both have the effective learning rate lr/(1 − beta) = {race.settings.effective}."
    )
    if race.settings.tries > 1:
        yield f"Of {_cost(race)}, each of {race.settings.tries} tries has {race.share}."
    if gap > APART:
        yield "That is the goal: the two curves have parted by more than 20 %."
    else:
        yield "The goal: part them by more than 20 %, with another effective lr, batch or budget."


def _search(race):
    """Yield the story of the methods, each tuned with the same budget."""
    tries, best = race.settings.tries, race.best
    yield (
        f"Each method spends {_cost(race)} on {_tries(tries)}, so {number(race.share)} evaluations "
        f"or {_epochs(race)} a try."
    )
    ends = [f"{number(entry.losses[MEDIAN])} ({SPOKEN[entry.row]}, lr {number(entry.lr)})" for entry in best]
    yield f"The best tries end at training losses {_listed(ends)}."
    accuracies = _listed([entry.percent for entry in best])
    yield f"In the same order the held-out accuracies are {accuracies}; all are medians of ten networks."
    (winner, second), ratio = best[:2], best[0].losses[MEDIAN] / best[1].losses[MEDIAN]
    yield (
        f"{_capital(SPOKEN[winner.row])} wins, {number(100 * (1 - ratio))} % below {SPOKEN[second.row]}, and "
        f"their bands {_bands(race)}."
    )
    yield from _guessing(race)
    yield "Only lr was tuned, in three decades that hold each method's best; beta is 0.9, Adam's betas 0.9 and 0.999."


def apart(race):
    """Return by what share the worse of the two best training losses lies above the better one."""
    low, high = (entry.losses[MEDIAN] for entry in race.best[:2])
    return float(high / low - 1)


def _bands(race):
    """Say whether the bands of the two best meet at the end."""
    low, high = (entry.losses for entry in race.best[:2])
    return "overlap" if low[HIGH] >= high[LOW] else "lie apart"


def _guessing(race):
    """Yield who ends no better than a network that gives every digit the same chance."""
    lost = [SPOKEN[entry.row] for entry in race.entries if entry.losses[MEDIAN] > GUESSING - 0.05]
    if lost:
        yield f"{_capital(_listed(lost))} ended no better than guessing, which has the loss {number(GUESSING)}."


def _cost(race):
    return f"{race.settings.budget} ({number(race.evaluations)} gradient evaluations)"


def _epochs(race):
    return "1 epoch" if race.epochs[-1] == 1 else f"{number(race.epochs[-1])} epochs"


def _tries(tries):
    return "1 learning rate, the middle of its range" if tries == 1 else f"{tries} learning rates"


def _listed(parts):
    return " and ".join([part for part in (", ".join(parts[:-1]), parts[-1]) if part])


def _capital(words):
    return words[0].upper() + words[1:]
