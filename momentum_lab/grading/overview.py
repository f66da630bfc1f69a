"""What the instructor reads: how the batch has gone, where the class stands, and what to look at."""

from collections import Counter

from momentum_lab.grading.files import points
from momentum_lab.grading.outcome import GRADED, STATUSES
from momentum_lab.grading.page import grid, listing, whole, words


def page(rows, entries):
    """Return the report of a batch as a page."""
    parts = [
        _statuses(rows), _pass_rates(rows, entries), _mistakes(rows, entries), _by_hand(rows), _review(rows),
        _not_graded(rows),
    ]  # fmt: skip
    versions = sorted({row.version for row in rows})
    parts.append(f"<p>Graded with version {words(', '.join(versions))}.</p>")
    return whole("Grading report", "\n".join(parts))


def _statuses(rows):
    counts = Counter(row.status for row in rows)
    lines = [(status, str(counts[status])) for status in STATUSES if counts[status]]
    return grid(f"{len(rows)} submissions", ("Status", "Submissions"), lines)


def _pass_rates(rows, entries):
    lines = []
    for key, entry in entries.items():
        outcomes = [row.questions[key] for row in rows if key in row.questions]
        tried = [o for o in outcomes if o["status"] != "not attempted"]
        passed = sum(o["points"] == o["out_of"] for o in tried)
        rate = f"{passed} of {len(tried)} ({100 * passed / len(tried):.0f} %)" if tried else "nobody has tried"
        lines.append((f"{key}, {entry['title']}", rate, str(len(outcomes) - len(tried))))
    return grid("Pass rate by question", ("Question", "Full points, of those who tried", "Not tried"), lines)


def _mistakes(rows, entries):
    counts = Counter(
        (key, outcome["mistake"] or f"{outcome['status']}, not a known mistake")
        for row in rows
        for key, outcome in row.questions.items()
        if outcome["status"] not in ("passed", "not attempted", "")
    )
    order = {key: place for place, key in enumerate(entries)}
    lines = sorted(counts.items(), key=lambda pair: (order.get(pair[0][0], 0), -pair[1], pair[0][1]))
    return grid("Mistakes", ("Question", "Mistake", "Submissions"), [(k, name, str(n)) for (k, name), n in lines])


def _by_hand(rows):
    lines = [
        (row.id, key, points(outcome["points"]), outcome["manual"])
        for row in rows
        for key, outcome in row.questions.items()
        if "manual" in outcome
    ]
    return grid("Decided by hand", ("Submission", "Question", "Points", "Reason"), lines) if lines else ""


def _review(rows):
    said = [f"{row.id}: {' '.join(row.review)}" for row in rows if row.review]
    intro = "<p>These cells do what no exercise asks for. It has earned them nothing; a person should look.</p>"
    return "<h2>Please review</h2>\n" + (intro + listing(said) if said else "<p>Nothing.</p>")


def _not_graded(rows):
    lines = [(row.id, row.status, row.reason) for row in rows if row.status != GRADED]
    return grid("Not graded in full", ("Submission", "Status", "Reason"), lines) if lines else ""
