"""An instructor who runs nbgrader releases and grades our notebooks as they are."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from grading_samples import ROOT, answers, data, lesson_entries, notebook

pytest.importorskip("nbgrader", reason="needs momentum-lab-course[instructor]")

LESSON = "02"
NAME = f"{LESSON}_what_it_remembers.ipynb"

pytestmark = pytest.mark.full  # nbgrader runs the whole notebook for every submission


class Course:
    """A folder that nbgrader works in."""

    def __init__(self, folder):
        self.folder = folder
        self.put("source", data(notebook(LESSON)))

    def put(self, inside, content):
        (self.folder / inside / LESSON).mkdir(parents=True)
        (self.folder / inside / LESSON / NAME).write_bytes(content)

    def run(self, *words):
        """Run nbgrader; alembic, which it calls, lies beside it and must be on the PATH."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        own = {"PATH": path, "PYTHONPATH": str(ROOT), "HOME": str(self.folder), "PYTHONWARNINGS": "ignore"}
        command = [sys.executable, "-m", "nbgrader", *words, LESSON]
        done = subprocess.run(command, cwd=self.folder, env=os.environ | own, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stderr

    def released(self):
        self.run("generate_assignment", "--create", "--force")
        return (self.folder / "release" / LESSON / NAME).read_bytes()


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return Course(tmp_path_factory.mktemp("nbgrader"))


def source(text):
    return "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])


def solution_lines():
    """The lines between the marks, but for those that the learner's notebook shows as well."""
    shown = "\n".join(cell["source"] for cell in notebook(LESSON, "exercises")["cells"])
    for cell in answers(notebook(LESSON)).values():
        for part in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell["source"], re.DOTALL):
            yield from {line.strip() for line in part.splitlines() if line.strip() not in shown}


def test_the_released_notebook_has_no_solution_and_the_same_bytes_again(course):
    first, lines = course.released(), list(solution_lines())
    sources = [source(text) for text in (first, data(notebook(LESSON)))]
    assert len(lines) > 10 and all(line in sources[1] for line in lines)
    assert not [line for line in lines if line in sources[0]] and "SOLUTION" not in sources[0]
    assert course.released() == first


def test_a_solved_copy_gets_full_points_and_an_untouched_one_none(course):
    from nbgrader.api import Gradebook

    course.put("submitted/untouched", course.released())
    course.put("submitted/solved", data(notebook(LESSON)))
    course.run("autograde")
    with Gradebook(f"sqlite:///{course.folder / 'gradebook.db'}") as book:
        scores = {one.student.id: (one.score, one.max_score) for one in book.assignment_submissions(LESSON)}
    most = sum(entry["points"] for entry in lesson_entries(LESSON).values())
    assert scores == {"solved": (most, most), "untouched": (0, most)}
