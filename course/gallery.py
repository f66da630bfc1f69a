"""The gallery: every explorer as it stands at rest, with its question and its sentence, on one page."""

from momentum_lab.explorers import CATALOGUE

PAGE = "docs/gallery.md"
# The question each explorer answers, and the lesson it belongs to.
QUESTIONS = {
    "dots race": ("01", "Why would anybody keep the optimizer whose loss goes up?"),
    "timeline": ("01", "Who wrote the line down, and what does each paper's rule do?"),
    "memory bench": ("02", "What exactly is stored?"),
    "spring": ("03", "Where does the overshoot come from?"),
    "escape": ("03", "Where does speed carry a ball that could have stopped?"),
    "settings map": ("04", "How fast can it get?"),
    "lookahead": ("05", "Can it brake before the bend?"),
    "breaker": ("05", "What if the bowl is not a parabola?"),
    "promises": ("05", "What can be promised for every smooth convex function?"),
    "noise floor": ("06", "Does momentum average the noise away?"),
    "translator": ("06", "Two correct programs, different numbers: who is wrong?"),
    "autopsy": ("07", "Which part of Adam does the work?"),
    "clinic": ("08", "What does this curve want?"),
    "schedule desk": ("08", "How far does a schedule really move the step?"),
    "budget race": ("08", "What does a fair comparison cost, and who wins it?"),
}


def pictures():
    """Return {file: maker} for the stills of the gallery."""
    return {_file(title): make for title, make in CATALOGUE.items()}


def page():
    """Return the gallery as Markdown."""
    parts = [
        "# Gallery",
        "Every explorer of the course as it stands before anybody touches it: its question, its picture, and the "
        "sentence that says what the picture shows. In a lesson the numbers can be moved.",
    ]
    for title, make in CATALOGUE.items():
        lesson, question = QUESTIONS[title]
        explorer = make()
        sentence = explorer.sentence
        parts += [
            f"## {question}",
            f"![{sentence}]({_file(title).removeprefix('docs/')})",
            sentence,
            f"*{title}, lesson {lesson};* `{explorer.state()}`",
        ]
    return "\n\n".join(parts) + "\n"


def _file(title):
    return f"docs/gallery/{title.replace(' ', '_')}.png"
