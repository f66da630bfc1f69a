"""What runs inside Pyodide: every code cell of the notebooks that are named, in an IPython of its own."""

import json
import os
import sys
import warnings
from pathlib import Path

sys.path.insert(0, "/course")
os.environ["MOMENTUM_LAB_PROGRESS"] = "/tmp/progress.sqlite"
os.environ["MPLBACKEND"] = "agg"
warnings.simplefilter("ignore", DeprecationWarning)

from IPython.core.interactiveshell import InteractiveShell  # noqa: E402

NOT_TRIED = "not attempted"


def run(path):
    """Return what went wrong in a notebook's code cells, one line each."""
    InteractiveShell.clear_instance()
    shell, wrong = InteractiveShell.instance(), []
    shell.run_cell("get_ipython().display_formatter.active_types = ['text/plain']", silent=True)
    os.chdir("/course/notebooks")
    for cell in json.loads(Path(path).read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            done = shell.run_cell("".join(cell["source"]), silent=True)
            if not done.success:
                wrong.append(f"{cell['id']}: {done.error_in_exec or done.error_before_exec!r}")
    return wrong


results = {name: run(f"/course/{name}") for name in ARGUMENTS}  # noqa: F821  (set by pyodide_run.mjs)

from momentum_lab import progress  # noqa: E402

kept = sorted({event.item for event in progress.current().events("attempt") if event.detail["status"] == "passed"})
print("RESULT " + json.dumps({"python": sys.version.split()[0], "wrong": results, "passed": kept}))
