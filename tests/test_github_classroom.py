"""The workflow for GitHub Classroom: what stands in it is what the command line takes, and its shell lines work."""

import os
import shlex
import subprocess
import sys

import pytest
import yaml
from grading_samples import ROOT, data, notebook

from momentum_lab import cli

FOLDER = ROOT / "workshop" / "github_classroom"
STEPS = yaml.safe_load((FOLDER / "grading.yml").read_text("utf-8"))["jobs"]["grading"]["steps"]
LINES = [line for step in STEPS for line in step.get("run", "").splitlines()]
COMMANDS = [line for line in LINES if line.startswith("momentum-lab ")]
COMMANDS += [
    line for line in (FOLDER / "README.md").read_text("utf-8").splitlines() if line.startswith("momentum-lab ")
]


def test_every_step_does_one_known_thing():
    for step in STEPS:
        assert ("run" in step) != ("uses" in step) and set(step) <= {"name", "run", "uses", "with", "if"}, step
    assert len(COMMANDS) == 2


@pytest.mark.parametrize("line", COMMANDS)
def test_the_command_line_takes_what_is_written(line):
    arguments = cli.read(shlex.split(line)[1:])
    assert arguments.verb == "grade" and arguments.lesson == "02" and arguments.out == "graded"


@pytest.mark.sandbox
@pytest.mark.skipif(sys.platform == "win32", reason="the runner is Linux")
def test_the_shell_lines_grade_a_repository(tmp_path):
    """As in a student's clone: a notebook under any name, and files that are no submission."""
    (tmp_path / "my work.ipynb").write_bytes(data(notebook("02")))
    (tmp_path / "README.md").write_text("# Lesson 02\n")
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "momentum-lab").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m momentum_lab "$@"\n')
    (programs / "momentum-lab").chmod(0o755)
    summary = tmp_path / "summary.md"
    own = {"PATH": f"{programs}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "GITHUB_STEP_SUMMARY": str(summary)}
    script = "\n".join(line for line in LINES if "sudo" not in line and "pip" not in line)
    done = subprocess.run(
        ["bash", "-e", "-c", script], cwd=tmp_path, env=os.environ | own, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "**8 of 8 points.**" in summary.read_text("utf-8")
    kept = next(step for step in STEPS if "upload-artifact" in step.get("uses", ""))["with"]["path"].split()
    assert all((tmp_path / path).exists() for path in kept)
