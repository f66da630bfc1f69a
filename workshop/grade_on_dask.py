"""Grade a class on a dask cluster: the grader takes any executor, and a dask client has one.

    python workshop/grade_on_dask.py SUBMISSIONS LESSON OUT [SCHEDULER]

SCHEDULER is the address of a running cluster, such as tcp://10.0.0.1:8786; without one, two processes of this machine
are the cluster.  Every worker needs the same version of the course and bubblewrap.  The files are written here, and
scores.csv has the bytes that `momentum-lab grade` gives it.  Needs momentum-lab-course[instructor].
"""

import argparse
from pathlib import Path

from distributed import Client

from momentum_lab.checks import bank
from momentum_lab.grading.finding import find
from momentum_lab.grading.grade import grade
from momentum_lab.grading.matching import graded
from momentum_lab.grading.report import write_all
from momentum_lab.grading.store import Store


def grade_on(client, submissions, lesson, out):
    """Grade a folder of submissions on a cluster and write scores, feedback and the report; return the rows.

    Parameters
    ----------
    client : distributed.Client
    submissions, out : path
    lesson : str
        Such as "02".
    """
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    entries, workers = bank.entries(lesson), len(client.scheduler_info()["workers"])
    found = find([submissions], leave_out=out)
    # Grading has its own time limits, and a submission that is graded again gives the same row.
    with client.get_executor(pure=False, retries=2) as executor, Store(out / "grading.sqlite") as store:
        rows = grade(found, lesson, executor, entries=entries, jobs=workers, store=store)
    write_all(out, rows, graded(entries), [])
    return rows


def main():
    """Read the command line and grade."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name in ("submissions", "lesson", "out"):
        parser.add_argument(name)
    parser.add_argument("scheduler", nargs="?", help="address of a cluster; without one, two processes here")
    arguments = parser.parse_args()
    here = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    cluster = {"address": arguments.scheduler} if arguments.scheduler else here
    with Client(**cluster) as client:
        rows = grade_on(client, arguments.submissions, arguments.lesson, arguments.out)
    print(f"{len(rows)} submissions: see {arguments.out}.")


if __name__ == "__main__":
    main()
