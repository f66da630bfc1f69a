"""How much processor time the grader takes for a submission, beyond the student's own code.

    python benchmarks/grading.py [--copies 30] [--lessons 02 03 04 05a 07]

For each lesson, as an exercise sheet and with all that it shows: the solved notebook is graded in the sandbox, where
the time is measured (the parent does not see it), and its own code is run by itself: the same cells, and the same calls
with the same inputs, in an interpreter that has NumPy and, where an answer is symbolic, SymPy already.  The difference
is what the sandbox, the start and the imports cost.  The goals are 0.3 s for a lesson in NumPy and 0.6 s where an
answer is symbolic.

Then, where nbgrader is installed: so many copies of one solved notebook by `momentum-lab grade` and by nbgrader's
autograde, everything counted, in the same run.  The goal is at least three times less.  Look at the ratio, and at
`calibration`, a fixed loop timed first: machines differ.
"""

import argparse
import csv
import importlib.util
import itertools
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from grading_samples import answers, data, notebook

from momentum_lab.checks import bank
from momentum_lab.grading.assess import Settings, assess, public
from momentum_lab.grading.matching import graded, match
from momentum_lab.grading.reader import read

KINDS = {"exercises": "sheet", "notebooks": "whole"}
ROOT = Path(__file__).resolve().parent.parent
INSIDE = ROOT / "momentum_lab" / "grading" / "inside" / "child.py"
OWN_CODE = f"""
import builtins, importlib.util, json, sys, time
def load(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
job = json.load(sys.stdin)
child = load({str(INSIDE)!r}, "child")
load({str(INSIDE.parent / "silent.py")!r}, "silent").install()
probe = load(job["probe"], "probe")
import numpy
if job["sympy"]:
    import sympy
limits = {{"cell": 60.0, "calls": 60.0}}
space = {{"__name__": "__main__", "__builtins__": builtins}}
begin = time.process_time()
for number, source in job["helpers"]:
    child.run_cell(number, source, space, probe.within, 60.0)
for question in job["questions"]:
    child.answer(question, dict(space), probe, limits)
print(time.process_time() - begin)
"""


def calibration():
    """Seconds for a fixed loop."""
    begin = time.process_time()
    sum(i * i for i in range(3_000_000))
    return time.process_time() - begin


def solved(lesson, number=0, kind="exercises"):
    """The bytes of a solved sheet, or of a whole lesson (`notebooks`), that no other copy has."""
    nb, right = notebook(lesson, kind), answers(notebook(lesson, "solutions"))
    for key, cell in answers(nb).items():
        cell["source"] = right[key]["source"]
    nb["metadata"]["copy"] = number
    return data(nb)


def own_code(lesson, kind):
    """Processor seconds of the cells and calls of a solved notebook, without start and imports."""
    from momentum_lab.checks import probe

    entries = graded(bank.entries(lesson))
    found = match(read(solved(lesson, kind=kind)), entries)
    last = max(answer.counts.number for answer in found.answers.values())
    job = {
        "probe": probe.__file__,
        "sympy": any(entry["kind"] == "symbolic" for entry in entries.values()),
        "helpers": [[cell.number, cell.source] for cell in found.helpers if cell.number < last],
        "questions": [
            {"cells": [[c.number, c.source] for c in found.answers[key].cells], "item": public(entry)}
            for key, entry in entries.items()
        ],
    }
    done = subprocess.run(
        [sys.executable, "-c", OWN_CODE], input=json.dumps(job), cwd=ROOT, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return float(done.stdout.split()[-1])


def overheads(lessons, rounds=5):
    """Print, for each lesson, the median seconds in the sandbox, of the own code, and the difference."""
    print(f"{'lesson':8}{'':7}{'in the sandbox':>16}{'own code':>12}{'beyond':>10}{'goal':>8}")
    for lesson, kind in itertools.product(lessons, KINDS):
        settings = Settings(lesson, bank.entries(lesson), "bwrap")
        rows = [assess(solved(lesson, number, kind), settings) for number in range(rounds)]
        assert all(row["status"] == "graded" for row in rows), rows[0]["reason"]
        inside = statistics.median(row["cpu"] for row in rows)
        own = statistics.median(own_code(lesson, kind) for _ in range(rounds))
        symbolic = any(entry["kind"] == "symbolic" for entry in graded(bank.entries(lesson)).values())
        goal = 0.6 if symbolic else 0.3
        print(f"{lesson:8}{KINDS[kind]:7}{inside:14.2f} s{own:10.2f} s{inside - own:8.2f} s{goal:6} s", flush=True)


# ------------------------------------------------------------------ against nbgrader


def children_seconds(command, **options):
    """Run a command; return the processor seconds of its processes, but for what runs in a sandbox."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, **options)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr[-2000:]
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ours(lesson, copies, folder):
    """Seconds a copy with `momentum-lab grade`: the parent's, and what is measured inside the sandboxes."""
    (folder / "handed in").mkdir()
    for number in range(copies):
        (folder / "handed in" / f"copy{number:03}.ipynb").write_bytes(solved(lesson, number))
    command = [sys.executable, "-m", "momentum_lab", "grade", str(folder / "handed in"), "--lesson", lesson,
               "--out", str(folder / "graded"), "--sandbox", "bwrap", "--jobs", "1"]  # fmt: skip
    parent = children_seconds(command, cwd=ROOT)
    with (folder / "graded" / "timings.csv").open(encoding="utf-8-sig", newline="") as file:
        inside = sum(float(row["processor seconds"]) for row in csv.DictReader(file))
    return (parent + inside) / copies


def theirs(lesson, copies, folder):
    """Seconds a copy with nbgrader's autograde, on the same copies."""
    name = next((ROOT / "solutions").glob(f"{lesson}_*.ipynb")).name
    (folder / "source" / lesson).mkdir(parents=True)
    (folder / "source" / lesson / name).write_bytes(solved(lesson))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # alembic lies beside nbgrader
    own = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "HOME": str(folder), "PYTHONWARNINGS": "ignore"}
    nbgrader = [sys.executable, "-m", "nbgrader"]
    children_seconds([*nbgrader, "generate_assignment", lesson, "--create", "--force"], cwd=folder, env=own)
    for number in range(copies):
        place = folder / "submitted" / f"copy{number:03}" / lesson
        place.mkdir(parents=True)
        (place / name).write_bytes(solved(lesson, number))
    return children_seconds([*nbgrader, "autograde", lesson], cwd=folder, env=own) / copies


def against_nbgrader(lesson, copies):
    """Print seconds a copy for both graders, and the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        mine = ours(lesson, copies, Path(folder))
        print(f"\n{copies} copies of lesson {lesson}, everything counted, seconds of processor a copy")
        print(f"momentum-lab grade {mine:8.2f}")
        if importlib.util.find_spec("nbgrader") is None:
            print("nbgrader is not installed here.")
            return
        other = theirs(lesson, copies, Path(folder))
        print(f"nbgrader autograde {other:8.2f}\nratio              {other / mine:8.1f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--copies", type=int, default=30)
    parser.add_argument("--lessons", nargs="+", default=["02", "03", "04", "05a", "07"])
    arguments = parser.parse_args()
    print(f"calibration {calibration():.2f} s\n")
    overheads(arguments.lessons)
    against_nbgrader(arguments.lessons[0], arguments.copies)


if __name__ == "__main__":
    main()
