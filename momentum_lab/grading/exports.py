"""The scores as other programs want them: file name -> text."""

import json
import re
from xml.sax.saxutils import escape, quoteattr

from momentum_lab.grading.feedback import reason
from momentum_lab.grading.files import points, safe_name, table
from momentum_lab.grading.page import shown


def long_table(rows, entries):
    """One line for every submission and question."""
    head = ["id", "question", "title", "points", "out of", "status", "mistake", "cell", "reason", "by hand"]
    lines = [
        [row.id, key, entries[key]["title"], points(o["points"]), points(o["out_of"]), o["status"], o["mistake"] or "",
         str(o["cell"] or ""), reason(o), "yes" if "manual" in o else ""]
        for row in rows
        for key, o in row.questions.items()
    ]  # fmt: skip
    return {"questions.csv": table(head, lines)}


def gradescope(rows, entries):
    """Return a `results.json` for every submission, as an autograder of Gradescope leaves it."""
    return {f"gradescope/{safe_name(row.id)}/results.json": gradescope_results(row, entries) for row in rows}


def gradescope_results(row, entries):
    """Return the text of one `results.json`; what could not be graded has no score instead of a 0."""
    if not row.questions:
        return not_gradable(row.reason)
    tests = [
        {"number": key, "name": entries[key]["title"], "score": o["points"], "max_score": o["out_of"],
         "status": "passed" if o["points"] == o["out_of"] else "failed", "output": reason(o), "output_format": "text",
         "visibility": "visible"}
        for key, o in row.questions.items()
    ]  # fmt: skip
    said = "\n".join([row.reason, *row.notes])
    return _results({"score": row.score, "output": said, "tests": tests})


def not_gradable(why):
    """Return a `results.json` without a score; its one test is there to be read."""
    said = f"Your submission could not be graded. {why}"
    test = {"name": "Could not be graded", "status": "failed", "output": why, "output_format": "text"}
    return _results({"output": said, "tests": [test | {"visibility": "visible"}]})


def _results(content):
    return json.dumps(content | {"output_format": "text", "visibility": "visible"}, indent=1, ensure_ascii=True) + "\n"


def junit(rows, entries):
    """Return JUnit XML, which GitHub Classroom and most build servers read."""
    suites = []
    for row in rows:
        cases = [_case(row, key, entries[key], outcome) for key, outcome in row.questions.items()]
        if not cases:
            cases = [f'<testcase classname={_quoted(row.id)} name="file">{_failure("error", row.reason)}</testcase>']
        bad = sum("<failure" in case or "<error" in case for case in cases)
        head = f'<testsuite name={_quoted(row.id)} tests="{len(cases)}" failures="{bad}" errors="0">'
        suites.append("\n".join([head, *cases, "</testsuite>"]))
    text = '<?xml version="1.0" encoding="utf-8"?>\n<testsuites>\n' + "\n".join(suites) + "\n</testsuites>\n"
    return {"junit.xml": text}


def _case(row, key, entry, outcome):
    name = f"{key} {entry['title']}"
    head = f"<testcase classname={_quoted(row.id)} name={_quoted(name)}"
    if outcome["points"] == outcome["out_of"]:
        return head + "/>"
    if outcome["status"] == "not attempted":
        return f"{head}><skipped message={_quoted(reason(outcome))}/></testcase>"
    return f"{head}>{_failure('failure', reason(outcome))}</testcase>"


def _failure(kind, said):
    return f"<failure type={_quoted(kind)} message={_quoted(said)}>{escape(shown(said))}</failure>"


def _quoted(text):
    return quoteattr(shown(text))  # XML has no way to write most control characters


def moodle(rows, entries):
    """Return a worksheet for Moodle's offline grading; the participant's number is in the name Moodle gives a file."""
    head = ["Identifier", "Full name", "Status", "Grade", "Maximum grade", "Feedback comments"]
    lines = []
    for row in rows:
        found = re.search(r"([^/]*?)_(\d+)_assignsubmission", row.id)
        who = [f"Participant {found[2]}", found[1]] if found else [row.id, row.id]
        # Moodle takes a comment for HTML.
        comment = escape(_in_short(row))
        lines.append([*who, row.status, points(row.score), points(row.out_of), comment])
    return {"moodle.csv": table(head, lines)}


def canvas(rows, entries):
    """Return a gradebook for Canvas; the student's number is in the name Canvas gives a file."""
    lesson = next(iter(entries)).partition(".")[0]
    lines = []
    for row in rows:
        # The outermost name is the one that Canvas gave; what is inside is called as its learner likes.
        found = re.match(r"(?:[^/]*/)*?([^/_]+)_(?:LATE_)?(\d+)_\d+_", row.id)
        who, number = (found[1], found[2]) if found else (row.id, "")
        lines.append([who, number, "", "", "", points(row.score)])
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", f"Lesson {lesson}"]
    most = ["    Points Possible", "", "", "", "", points(sum(float(e["points"]) for e in entries.values()))]
    return {"canvas.csv": table(head, [most, *lines])}


def _in_short(row):
    """Return the feedback in one cell."""
    said = [f"{key}: {points(o['points'])} of {points(o['out_of'])}. {reason(o)}" for key, o in row.questions.items()]
    return " | ".join([row.reason, *said])


FORMATS = {"csv": long_table, "gradescope": gradescope, "junit": junit, "moodle": moodle, "canvas": canvas}
"""Name -> function of (rows, entries) that returns file name -> text."""
