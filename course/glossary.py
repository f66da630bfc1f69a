"""The glossary: the words of every lesson on one page, each with the lesson that explains it, and the notation."""

import re

from course.source import key, read, sources
from momentum_lab.contents import lesson

PAGE = "docs/glossary.md"
NOTATION = (
    ("`theta`, `start`", "θ", "the point, an array of coordinates; `x` and `y` are coordinates of a plot"),
    ("`grad`, `g`", "∇f, g", "the function that gives the gradient; its value"),
    ("`lr`", "η", "the learning rate; many papers write α, which others use for momentum"),
    ("`beta`", "β", "the share of the velocity that survives a step; elsewhere often called momentum, or mu"),
    ("`velocity`", "v", "what the optimizer remembers; never called momentum here"),
    ("`lookahead`, `ahead`", "θ - β v", "where Nesterov's method asks for the gradient"),
    ("`m`, `s`", "m, s", "first and second moment in Adam; s is Kingma and Ba's v"),
    ("`beta1`, `beta2`, `eps`", "β₁, β₂, ε", "how long the moments remember; the small number under the ratio"),
    ("`mu`, `L`, `kappa`", "μ, L, κ", "smallest and largest curvature, and L over μ; mu is a curvature only"),
    ("`u`", "u", "`lr` times curvature, the stiffness of a step"),
    ("`t`, `steps`", "t", "which step; how many"),
    ("`rate`", "ρ", "the share of the error that a step leaves in the long run"),
    ("`gap`", "f - f*", "the loss above the lowest one"),
)


def page():
    """Return the glossary as Markdown."""
    rows = [
        f"| {word} | {meaning} | [{number}](../notebooks/{lesson(number).file}) |"
        for word, meaning, number in sorted(entries(), key=_alphabetical)
    ]
    notation = [f"| {code} | {maths} | {meaning} |" for code, maths, meaning in NOTATION]
    return "\n".join([
        "# Glossary",
        "",
        "The course's own form of the heavy ball is `velocity = beta * velocity + lr * grad(theta)`, then",
        "`theta = theta - velocity`: the learning rate is inside the velocity, and the velocity points uphill.",
        "",
        "## Notation",
        "",
        "| in code | in formulas | meaning, and what it is not |",
        "|---|---|---|",
        *notation,
        "",
        "## Words",
        "",
        "| word | meaning | lesson |",
        "|---|---|---|",
        *rows,
        "",
    ])  # fmt: skip


def entries():
    """Return (word, meaning, lesson) for every row of every lesson's table of words, in the order of the lessons."""
    return [(word, meaning, key(path)) for path in sources() for word, meaning in words(path)]


def words(path):
    """Return (word, meaning) for each row of a lesson's table "Words of this lesson"."""
    tables = [cell.source for cell in read(path) if cell.source.startswith("## Words of this lesson")]
    rows = [line for table in tables for line in table.splitlines() if line.startswith("| ")]
    return [tuple(part.strip() for part in row.strip("|").split("|", 1)) for row in rows[1:]]  # the first is the head


def _alphabetical(entry):
    return re.sub(r"[^a-z0-9 ]", "", entry[0].lower()), entry[2]
