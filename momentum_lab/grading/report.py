"""Write what comes out of a batch: scores, timings, feedback, and the report for the instructor.

`scores.csv` has the same bytes whenever the same submissions are graded; how long it took is in `timings.csv`.
"""

from momentum_lab.grading import exports, feedback, overview
from momentum_lab.grading.feedback import reason
from momentum_lab.grading.files import points, safe_name, table, write


def write_all(folder, rows, entries, formats=()):
    """Write every file of a batch; return the names of the files besides the feedback.

    Parameters
    ----------
    folder : path
    rows : list of Row
    entries : dict
        The graded bank entries by id.
    formats : sequence of str
        Of `exports.FORMATS`.
    """
    texts = {
        "scores.csv": scores(rows, entries),
        "timings.csv": table(["id", "processor seconds", "seconds"], [[r.id, r.cpu, r.seconds] for r in rows]),
        "report.html": overview.page(rows, entries),
    }
    for row in rows:
        name = safe_name(row.id)
        write(folder, f"feedback/{name}.md", feedback.markdown(row, entries))
        write(folder, f"feedback/{name}.html", feedback.page(row, entries))
    for wanted in formats:
        texts |= exports.FORMATS[wanted](rows, entries)
    for name, text in texts.items():
        write(folder, name, text)
    return list(texts)


def scores(rows, entries):
    """Return scores.csv: a line for every submission, three columns for every question."""
    head = ["id", "status", "score", "out of", "reason"]
    for key in entries:
        head += [f"{key} points", f"{key} status", f"{key} reason"]
    return table([*head, "by hand", "please review", "feedback", "version"], [_line(row, entries) for row in rows])


def _line(row, entries):
    line = [row.id, row.status, points(row.score), points(row.out_of), row.reason]
    for key in entries:
        outcome = row.questions.get(key)
        line += [points(outcome["points"]), outcome["status"], reason(outcome)] if outcome else ["0", "", row.reason]
    by_hand = [f"{key}: {o['manual']}" for key, o in row.questions.items() if "manual" in o]
    return [*line, "; ".join(by_hand), " ".join(row.review), f"feedback/{safe_name(row.id)}.html", row.version]
