"""The command line program `momentum-lab`."""

import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from momentum_lab import __version__, cli, doctor

ROOT = Path(__file__).resolve().parent.parent


def test_version(capsys):
    with pytest.raises(SystemExit) as ending:
        cli.main(["--version"])
    assert ending.value.code == 0
    assert capsys.readouterr().out == f"momentum-lab {__version__}\n"


@pytest.mark.parametrize("problems", [(), (doctor.Problem("the cause", "the fix"),)])
def test_doctor_prints_the_verdict_and_returns_it(monkeypatch, capsys, problems):
    report = doctor.Report("python", "3.11", {"numpy": None}, None, problems)
    monkeypatch.setattr(doctor, "examine", lambda: report)
    assert cli.main(["doctor"]) == len(problems)
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == ("Fix: the fix" if problems else "ready")


@pytest.mark.parametrize("arguments", [[], ["dotcor"], ["doctor", "--loud"]])
def test_wrong_use_is_explained(capsys, arguments):
    with pytest.raises(SystemExit) as ending:
        cli.main(arguments)
    assert ending.value.code == 2
    assert "usage: momentum-lab" in capsys.readouterr().err


def test_module_and_program_are_the_same():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, function = project["scripts"]["momentum-lab"].split(":")
    assert getattr(import_module(module), function) is cli.main
    command = [sys.executable, "-m", "momentum_lab", "--version"]
    assert subprocess.check_output(command, cwd=ROOT, encoding="utf-8") == f"momentum-lab {__version__}\n"
