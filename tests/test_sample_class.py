"""The class that an instructor tries the grader with."""

import csv
import re

import pytest
from conftest import ROOT

from momentum_lab.cli import main
from workshop import sample_class

FOLDER, SCORES = ROOT / "workshop" / "sample_submissions", ROOT / "workshop" / "expected_scores.csv"


def contents(folder):
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_it_is_what_the_script_writes(tmp_path):
    sample_class.write(tmp_path / "class", tmp_path / "scores.csv")
    assert contents(tmp_path / "class") == contents(FOLDER)
    assert (tmp_path / "scores.csv").read_bytes() == SCORES.read_bytes()
    assert sum(map(len, contents(FOLDER).values())) < 1_500_000
    assert all(re.fullmatch(r"[A-Za-z0-9._/-]+", name) for name in contents(FOLDER))


@pytest.mark.sandbox
def test_the_grader_gives_what_is_expected(tmp_path, capsys):
    assert main(["grade", str(FOLDER), "--lesson", sample_class.LESSON, "--out", str(tmp_path / "graded")]) == 1
    capsys.readouterr()
    assert sample_class.main([str(tmp_path / "graded" / "scores.csv")]) == 0
    assert capsys.readouterr().out == f"All {len(sample_class.expected())} submissions came out as expected.\n"


def test_a_difference_is_named(tmp_path, capsys):
    rows = [["id", "status", "score"], *sample_class.expected()[1:], ["a-stranger", "graded", "5"]]
    rows[1][2] = "4"
    with (tmp_path / "scores.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    assert sample_class.main([str(tmp_path / "scores.csv")]) == 1
    told = capsys.readouterr().out
    first, second = sample_class.expected()[:2]
    assert f"{first[0]}: expected {first[1]}, {first[2]}, found no row." in told
    assert f"{second[0]}: expected {second[1]}, {second[2]}, found {second[1]}, 4." in told
    assert "a-stranger: expected no such row, found graded, 5." in told
