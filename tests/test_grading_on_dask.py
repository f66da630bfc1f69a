"""A cluster of two real worker processes gives the bytes of the local pool."""

import pytest
from grading_samples import CHEAP, FIRST, answers, data, notebook, with_first

pytest.importorskip("distributed", reason="needs momentum-lab-course[instructor]")

from momentum_lab import cli

HEAD = "def nesterov_step(theta, velocity, grad, lr, beta):\n"
RIGHT = answers(notebook())[FIRST]["source"]
SOURCES = [RIGHT, HEAD + "    return theta, velocity", "import os; os._exit(0)", "def", "1 / 0\n" + RIGHT]


def submissions(folder):
    folder.mkdir()
    for number in range(10):
        nb = data(with_first(f"# {number}\n{SOURCES[number % 5]}"))
        (folder / f"student {number}.ipynb").write_bytes(nb if number != 7 else nb[:2000])
    return folder


@pytest.mark.sandbox
def test_a_cluster_of_two_workers_writes_the_bytes_of_the_local_pool(tmp_path):
    from distributed import Client

    from workshop.grade_on_dask import grade_on

    def has_graded():
        import sys

        return "momentum_lab.grading.assess" in sys.modules

    folder, local, away = submissions(tmp_path / "in"), tmp_path / "local", tmp_path / "away"
    arguments = ["--lesson", CHEAP, "--out", str(local), "--jobs", "2", "--sandbox", "bwrap"]
    assert cli.main(["grade", str(folder), *arguments]) == 1
    with Client(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as client:
        rows = grade_on(client, folder, CHEAP, away)
        used = client.run(has_graded)
    assert len(rows) == 10 and {row.status for row in rows} == {"graded", "partly graded", "unreadable"}
    assert list(used.values()) == [True, True], "both workers have a part in it"
    assert (away / "scores.csv").read_bytes() == (local / "scores.csv").read_bytes()
