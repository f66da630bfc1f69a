"""What the plans of a workshop consist of: the day, the votes, what to leave out when it is late.

The plans of ninety minutes and of three hours are the paths of `course.paths`; the day takes whole lessons, with the
minutes that they take alone.
"""

import random
from dataclasses import dataclass

from course import source
from course.paths import PATHS, Path

DAY = Path(
    "day",
    "A day",
    "Eight lessons as they are, each with the minutes that it takes alone. Eight hours, lunch included.",
    (("02", 15), ("03", 60), ("04", 10), ("06a", 10)),
    {
        "00": {"Is this machine ready?": 1, "One picture to move": 2, "Exercise: a first answer": 2},
        "01": {
            "Twelve dots and a line": 2, "A run you know": 3, "Two runs without names": 5, "One more line": 3,
            "Across and along": 4, "Is the race fair?": 3, "Now move it": 6, "Exercise: one more line": 7,
            "Exercise: faster than the textbook": 5, "Where the line comes from": 8, "What stays": 4,
        },
        "02": {
            "Before you begin": 4, "Two lists that you have already made": 3, "Three gradients by hand": 4,
            "Move it": 8, "How far back does it look?": 4, "Exercise: the window of 0.8": 4,
            "A sum, and no average": 3, "Exercise: correct the average": 6, "One memory, two gains": 3,
            "Exercise: the flipping push": 4, "Across a plateau": 4, "Everything between steady and flipping": 3,
            "The step, line by line": 3, "Exercise: the whole run": 5, "What stays": 2,
        },
        "03": {
            "Before you begin": 4, "One direction by itself": 4, "Where the overshoot comes from": 4,
            "A mass, a spring and friction": 4, "Exercise: from friction to beta": 5, "Bet, then move it": 9,
            "What stays the same": 4, "Why the learning rate drops out": 6, "Two roots on a circle": 5,
            "Where the swing begins": 4, "Exercise: critical damping": 6, "What stays": 3, "You can now": 2,
        },
        "04": {
            "Before you begin": 4, "One knob for two springs": 4, "From a rate to steps": 2, "The second knob": 4,
            "Move both": 10, "Exercise: the rate of a whole valley": 6, "Both on one circle": 5,
            "Exercise: Polyak's setting": 6, "What the square root buys": 3, "Too much of a good thing": 4,
            "The best rate is not the fastest run": 3, "Challenge: beat Polyak": 4, "Or make kappa smaller": 5,
        },
        "05a": {
            "Before you begin": 4, "Too late to brake": 3, "One change": 4,
            "Exercise: one step of Nesterov's method": 7, "One step under the microscope": 8,
            "Friction where it is steep": 5, "Back to the dots": 3, "A smaller garden": 5,
            "Exercise: the largest learning rate": 4, "What stays": 2,
        },
        "06a": {
            "Before you begin": 4, "A run that never arrives": 4, "Your bet": 8, "The same, and the same": 4,
            "A kick in instalments": 3, "The law": 4, "Exercise: the same floor, exactly": 4, "Four dots a step": 1,
            "How large is the noise of the dots?": 4, "When does momentum pay?": 4, "Exercise: a batch for a floor": 3,
            "What stays": 2,
        },
        "07": {
            "Before you begin": 4, "One dial for two units": 4, "AdaGrad: add up all squares": 3,
            "RMSProp: forget the old ones": 3, "Adam: put a direction on top": 5, "The step, line by line": 3,
            "Exercise: one step of Adam": 8, "Is it the same momentum?": 5, "Two valleys of one kappa": 10,
            "Why it cannot turn a valley": 3, "Which part does the work?": 4, "AdamW: decay by itself": 3,
            "Who has momentum?": 3, "What stays": 2,
        },
    },
)  # fmt: skip
PLANS = (*PATHS, DAY)
LENGTHS = {"path-90": 90, "path-180": 180, "day": 480}  # minutes, breaks and lunch included

FULL, QUICK = 4, 2
"""Minutes of a vote with discussion and second vote, and of one that is only taken and explained."""


@dataclass(frozen=True)
class Vote:
    """A question of a lesson that the room votes on.

    Attributes
    ----------
    id : str
        The question.
    lesson, section : str
        Where it is asked.
    minutes : int
        Of the section's minutes.
    show : str
        How the room sees the answer.
    """

    id: str
    lesson: str
    section: str
    minutes: int
    show: str


VOTES = (
    Vote("01.why", "01", "Across and along", QUICK,
         "Read the table of the section aloud, first the two columns across, then the two along. Across, B is the "
         "wilder one for twenty steps; at step 30 it is calmer in both."),
    Vote("02.settles", "02", "Move it", FULL,
         'Memory bench, `beta` 0.9, pattern "steady and flipping": the first lane. Ask what an average would have '
         "made of ones."),
    Vote("02.newest_ten", "02", "How far back does it look?", QUICK,
         "The row of `beta` 0.9 in the table of the section; in the memory bench, shade ten weights."),
    Vote("02.flips", "02", "One memory, two gains", QUICK,
         'Memory bench, `beta` 0.9, pattern "steady and flipping": the second lane. Then the sum on the board: '
         "1 - 0.9 + 0.81 - ... = 1/1.9."),
    Vote("03.stiffer", "03", "Bet, then move it", FULL,
         "Spring, `beta` 0.9, `u` 0.1 and then 1: the sentence says 5.1 % both times, and the two roots stay on the "
         "circle."),
    Vote("04.more_memory", "04", "Move both", FULL,
         'Settings map, button "best asymptotic rate", then raise `beta` to 0.9 and to 0.99. The table of "Too much of '
         'a good thing" has the numbers: 83 and 2705 steps.'),
    Vote("05a.limits", "05a", "One step under the microscope", FULL,
         "Lookahead picture, `beta` 0.9: raise `u` past 1.36. Nesterov's run leaves the frame, the heavy ball's "
         "stays."),
    Vote("06a.averages", "06a", "Your bet", FULL,
         'Noise floor, "same lr / (1 − beta)": move `beta` from 0 to 0.9, and the level hardly moves. Then the other '
         "choice, same `lr`: it rises about ten-fold."),
    Vote("07.constant", "07", "Is it the same momentum?", QUICK,
         "The table of the section, Adam's two rows: first, tenth and last step are 1 times `lr`, with either "
         "`beta1`."),
    Vote("07.units", "07", "Two valleys of one kappa", FULL,
         "Autopsy: move the middle of the dots to 5 and to 10. The lane of the bad units stays, that of the bad origin "
         "grows longer."),
)  # fmt: skip

# (lesson, section) -> what to say instead when it is left out.
CUTS = {
    ("01", "Exercise: one more line"): "The two lines stand in the cell with both codes. Write them tonight; the check "
    "names the mistake.",
    ("01", "Where the line comes from"): "The rule is from 1964, older than the networks that it trains; the timeline "
    "is for the evening.",
    ("02", "How far back does it look?"): "All weights make ten, and the newest ten gradients carry 65 % of that: a "
    "window with a soft edge.",
    ("02", "Exercise: the flipping push"): "With `beta` 0.8 it settles at 1/1.8, which is 0.556.",
    ("02", "Exercise: the whole run"): "It is the step of lesson 01 in a loop; keep every point.",
    ("03", "Why the learning rate drops out"): "Two roots whose product is `beta`; when they are mirror images, each "
    "has the length sqrt(beta).",
    ("03", "Exercise: critical damping"): "Where `u` is (1 - sqrt(beta))², the swing is about to begin.",
    (
        "04",
        "Too much of a good thing",
    ): "At kappa 100 the best learning rate of a grid takes 83 steps with `beta` 0.67, and 2705 with 0.99.",
    ("04", "Challenge: beat Polyak"): "Par is 93, and the best that we have found is 74. Take it home.",
    ("04", "Or make kappa smaller"): "Centre x: on the twelve dots that takes kappa from 100 to 1. No knob does that.",
    ("06a", "The same, and the same"): "Same `lr`: the floor rises ten-fold. Same `lr / (1 - beta)`: it hardly moves.",
    ("06a", "When does momentum pay?"): "With large batches, where the valley sets the pace and not the noise.",
    ("07", "Is it the same momentum?"): "An average of ones is one, so raising `beta1` does not lengthen Adam's step.",
    ("07", "Who has momentum?"): "AdaGrad and plain RMSProp have none; Adam, AdamW, Nadam and LAMB do.",
}


def votes(plan):
    """Return the votes of a plan, in order."""
    return [vote for vote in VOTES if vote.section in plan.sections.get(vote.lesson, {})]


def question(vote):
    """Return the question of a vote, as its author wrote it."""
    (path,) = (path for path in source.sources() if source.key(path) == vote.lesson)
    return next(item for item in source.items(path) if item.id == vote.id)


def lettered(one):
    """Return the options of a question with their letters, in the order of the poll sheet."""
    options = list(one.options)
    random.Random(one.id).shuffle(options)
    return list(zip("ABCDEF", options, strict=False))


def clock(minutes):
    """Write minutes since the beginning as hours and minutes."""
    return f"{minutes // 60}:{minutes % 60:02}"


def timetable(plan):
    """Yield (start, minutes, lesson, section) for each part of a plan; a break has the section None."""
    now, breaks = 0, dict(plan.breaks)
    for key, sections in plan.sections.items():
        for heading, minutes in sections.items():
            yield now, minutes, key, heading
            now += minutes
        if key in breaks:
            yield now, breaks[key], key, None
            now += breaks[key]
