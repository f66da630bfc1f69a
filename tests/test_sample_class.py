"""The class that an instructor tries the grader with."""

import csv
import re
import subprocess
import sys

import pytest
from conftest import ROOT

from workshop import sample_class

FOLDER, SCORES = sample_class.FOLDER, sample_class.SCORES


def contents(folder):
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_it_is_what_the_script_writes(tmp_path):
    sample_class.write(tmp_path / "class", tmp_path / "scores.csv")
    stale = "an exercise has changed: run python workshop/sample_class.py --build"
    assert contents(tmp_path / "class") == contents(FOLDER), stale
    assert (tmp_path / "scores.csv").read_bytes() == SCORES.read_bytes()
    assert sum(map(len, contents(FOLDER).values())) < 1_500_000
    assert all(re.fullmatch(r"[A-Za-z0-9._/-]+", name) for name in contents(FOLDER))


@pytest.mark.sandbox
def test_the_grader_gives_what_is_expected(tmp_path):
    command = [sys.executable, ROOT / "workshop" / "sample_class.py", tmp_path / "graded", "--sandbox", "bwrap"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith(f"All {len(sample_class.samples())} submissions came out as expected.\n")
    scores = (tmp_path / "graded" / "scores.csv").read_text("utf-8-sig")
    with SCORES.open(encoding="utf-8") as file:
        statuses = {row["status"] for row in csv.DictReader(file)}
    assert {"graded", "partly graded", "not attempted", "unreadable", "unmatched"} == statuses
    assert "\n=" not in scores and "upload/=1+1" in scores


def test_a_difference_is_named(tmp_path):
    rows = [["id", "status", "score"], *sample_class.expected()[1:], ["a-stranger", "graded", "5"]]
    rows[1][2] = "4"
    with (tmp_path / "scores.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    first, second = sample_class.expected()[:2]
    assert sample_class.compare(tmp_path / "scores.csv") == [
        "a-stranger: expected no such row, found graded, 5.",
        f"{first[0]}: expected {first[1]}, {first[2]}, found no row.",
        f"{second[0]}: expected {second[1]}, {second[2]}, found {second[1]}, 4.",
    ]
    assert sample_class.compare(SCORES) == []


def test_a_folder_must_be_named(capsys):
    with pytest.raises(SystemExit) as error:
        sample_class.main([])
    assert error.value.code == 2 and "name a folder" in capsys.readouterr().err
