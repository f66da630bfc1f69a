"""The lessons of the course, in order: file, title, minutes, the question each one answers; and links to headings."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Lesson:
    """One sitting.

    Attributes
    ----------
    key : str
        What its exercises begin with, such as "05a".
    file : str
        Name of the notebook.
    title : str
    minutes : int
        For somebody who works alone and does every exercise.
    question : str
        What the lesson answers.
    optional : bool
        True where no other lesson needs it.
    """

    key: str
    file: str
    title: str
    minutes: int
    question: str
    optional: bool = False


LESSONS = (
    Lesson("00", "00_start.ipynb", "Start", 5, "Does everything work here?"),
    Lesson("01", "01_the_race.ipynb", "The winner gets worse first, and where it comes from", 50,
           "Why would anybody keep the optimizer whose loss goes up?"),
    Lesson("02", "02_what_it_remembers.ipynb", "What the optimizer remembers", 60, "What exactly is stored?"),
    Lesson("03", "03_one_direction_is_a_spring.ipynb", "One direction is a spring", 60,
           "Where does the overshoot come from?"),
    Lesson("04", "04_two_springs.ipynb", "Two springs, one pair of knobs", 60, "How fast can it get?"),
    Lesson("05a", "05a_look_before_you_leap.ipynb", "Look before you leap", 45, "Can it brake before the bend?"),
    Lesson("05b", "05b_what_can_be_promised.ipynb", "What can be promised", 45,
           "And if the bowl is not a parabola?"),
    Lesson("06a", "06a_noise.ipynb", "Noise", 45, "Does momentum average the noise away?"),
    Lesson("06b", "06b_two_correct_programs.ipynb", "Two correct programs, different numbers", 45, "Who is wrong?"),
    Lesson("07", "07_what_is_left_in_adam.ipynb", "What is left of momentum in Adam", 60,
           "Which part does the work?"),
    Lesson("08a", "08a_which_knob_first.ipynb", "Which knob first", 45, "What does this curve want?"),
    Lesson("08b", "08b_a_real_network.ipynb", "Does it hold on a real network?", 60,
           "Does it hold where no formula does?"),
    Lesson("10", "10_derivations_and_claims.ipynb", "Which sentences survive", 60,
           "Which sentences survive?", optional=True),
)  # fmt: skip


EXTRAS = ("home.ipynb", "add_your_own.ipynb")
"""The notebooks beside them that are no lessons."""


def lesson(key):
    """Return the lesson of a key, or None if there is none."""
    return next((found for found in LESSONS if found.key == key), None)


def anchor(heading):
    """Return the address of a heading in a notebook, as JupyterLab writes it."""
    return heading.replace(" ", "-")


def anchor_in_page(heading):
    """Return the address of a heading in a page of Markdown, as code hosts write it."""
    return "".join(sign for sign in heading.lower().replace(" ", "-") if sign.isalnum() or sign in "-_")
