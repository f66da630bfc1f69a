"""What starting the course costs: the time of its imports, and the memory of the first lesson.

    python benchmarks/startup.py [--rounds 9]

Imports: each in a fresh Python, all in turns, processor time, the medians as ratios to `import numpy`.  Promised is at
most 1.3 times NumPy's time for the first cell of a lesson, which imports the course.  Everything that computes, at
once, and the explorers with Matplotlib, the widgets and IPython are printed to be seen.
Memory: lesson 1 is run from top to bottom in a kernel, and the most that the kernel ever held is read from the kernel
itself.  Promised is at most 250 MB: learners share machines.
The exit code is 1 when a promise is not kept.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
LESSON = ROOT / "notebooks" / "01_the_race.ipynb"
MOST_TIME, MOST_MEMORY = 1.3, 250
CORE = ("surfaces", "optimizers", "schedules", "oracles", "theory", "networks", "running", "searching")
IMPORTS = {
    "numpy": "import numpy",
    "first cell": "import momentum_lab, numpy; from momentum_lab.edition import ready; ready()",
    "all that computes": "; ".join(f"import momentum_lab.{name}" for name in CORE),
    "explorers": "import momentum_lab.explorers",
}
PROMISED = ("first cell",)
TIMED = "from time import process_time as clock; start = clock(); {}; print(clock() - start)"
PEAK = """
import sys
try:
    from resource import RUSAGE_SELF, getrusage
    peak = getrusage(RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e6 / 1024)
except ImportError:
    import psutil
    peak = psutil.Process().memory_info().peak_wset / 1e6
print(peak)
"""


def seconds(statement, compiled):
    """Return how long a fresh Python takes for a statement, with its compiled files in a folder."""
    command = [sys.executable, "-c", TIMED.format(statement)]
    variables = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
    variables.pop("PYTHONDONTWRITEBYTECODE", None)  # only a developer compiles the course at every start
    return float(subprocess.check_output(command, cwd=ROOT, env=variables, encoding="utf-8"))


def import_times(rounds):
    """Return the median time of every import; one round goes before, for files to be compiled and in memory."""
    with tempfile.TemporaryDirectory() as compiled:
        taken = [
            {name: seconds(statement, compiled) for name, statement in IMPORTS.items()} for _ in range(rounds + 1)
        ][1:]
    return {name: statistics.median(times[name] for times in taken) for name in IMPORTS}


def peak_of(notebook):
    """Run a notebook and return the most memory that its kernel held, in MB."""
    lesson = nbformat.read(notebook, 4)
    lesson.cells.append(nbformat.v4.new_code_cell(PEAK))
    NotebookClient(lesson, timeout=120, resources={"metadata": {"path": str(notebook.parent)}}).execute()
    return float(lesson.cells[-1].outputs[0].text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    times = import_times(parser.parse_args().rounds)
    ratios = {name: times[name] / times["numpy"] for name in IMPORTS}
    for name, ratio in ratios.items():
        promise = f"   (promised: at most {MOST_TIME})" if name in PROMISED else ""
        print(f"{name:20}{times[name] * 1e3:6.0f} ms  {ratio:5.2f} times numpy{promise}")
    memory = peak_of(LESSON)
    print(f"{'lesson 1, peak':20}{memory:6.0f} MB                   (promised: at most {MOST_MEMORY})")
    return int(max(ratios[name] for name in PROMISED) > MOST_TIME or memory > MOST_MEMORY)


if __name__ == "__main__":
    sys.exit(main())
