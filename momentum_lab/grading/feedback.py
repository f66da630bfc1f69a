"""What one learner reads about one submission: a sentence for every question, and nobody else's name."""

import re

from momentum_lab.grading.files import points
from momentum_lab.grading.page import grid, listing, shown, whole, words

SIGNS = {
    "passed": "✓ Passed", "other form": "◇ Right, in another form", "wrong": "✗ Not yet",
    "error": "△ Your code stopped", "not attempted": "○ Not attempted", "timeout": "△ Not done in time",
    "killed": "△ Ended early", "": "By hand",
}  # fmt: skip
HEAD = ("Question", "Points", "Result", "What to say about it")


def page(row, entries):
    """Return the feedback as a page."""
    parts = [f"<p><strong>{points(row.score)} of {points(row.out_of)} points.</strong> {words(_status(row))}</p>"]
    if row.questions:
        parts.append(grid("Questions", HEAD, _lines(row, entries)))
    if row.notes:
        parts.append("<h2>About the file</h2>\n" + listing(row.notes))
    parts.append(f"<p>Graded with version {words(row.version)}.</p>")
    return whole(f"Feedback for {row.id}", "\n".join(parts))


def markdown(row, entries):
    """Return the feedback as Markdown."""
    lines = [f"# Feedback for {_plain(row.id)}", ""]
    lines += [f"**{points(row.score)} of {points(row.out_of)} points.** {_plain(_status(row))}", ""]
    for title, score, result, said in _lines(row, entries):
        lines += [f"- **{_plain(title)}** ({score}): {result}. {_plain(said)}"]
    if row.notes:
        lines += ["", "About the file:", "", *(f"- {_plain(note)}" for note in row.notes)]
    return "\n".join([*lines, "", f"Graded with version {row.version}.", ""])


def _status(row):
    return row.reason if row.status in ("graded", "not attempted") else f"Status: {row.status}. {row.reason}"


def _lines(row, entries):
    for key, outcome in row.questions.items():
        title = f"{key}, {entries[key]['title']}" if key in entries else key
        score = f"{points(outcome['points'])} of {points(outcome['out_of'])}"
        if "manual" in outcome:
            yield title, score, "Decided by hand", outcome["manual"]
        else:
            where = [f"(Cell {outcome['cell']}.)"] if outcome["cell"] else []
            yield title, score, SIGNS[outcome["status"]], " ".join([outcome["message"], *outcome["notes"], *where])


def _plain(text):
    """Return a sentence that is nothing but text and `code` in Markdown."""
    text = re.sub("`{2,}", "'", " ".join(shown(text).split()))  # a row of backticks would open code of another kind
    parts = re.split(r"(`[^`]+`)", text)
    return "".join(p if p.startswith("`") and len(p) > 1 else re.sub(r"([\\*_\[\]<>#|])", r"\\\1", p) for p in parts)


def reason(outcome):
    """Return why a question has its points, with the cell."""
    if "manual" in outcome:
        return f"By hand: {outcome['manual']}"
    where = f"Cell {outcome['cell']}: " if outcome["cell"] and outcome["points"] < outcome["out_of"] else ""
    return where + outcome["message"]
