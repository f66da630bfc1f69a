"""The wheel in an environment that holds nothing else, with the newest versions of what it needs: the last look before
a release.  It downloads, so it belongs to the release tier, and says so where there is no connection."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from momentum_lab import __version__

ROOT = Path(__file__).resolve().parent.parent
NO_CONNECTION = ("connection", "name resolution", "no matching distribution", "network is unreachable")
READ_THE_BANKS = """
import json, sys
import momentum_lab
heavy = sorted({"numpy", "matplotlib", "sympy", "ipywidgets"} & set(sys.modules))
from momentum_lab.checks import bank
print(json.dumps([momentum_lab.__file__, heavy, {lesson: len(bank.entries(lesson)) for lesson in bank.lessons()}]))
"""


class Clean:
    """An environment of its own, in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.programs = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
        subprocess.run([sys.executable, "-m", "venv", folder / "env"], check=True)
        home = {"HOME": str(folder), "USERPROFILE": str(folder), "PYTHONUTF8": "1", "PYTHONNOUSERSITE": "1"}
        self.variables = {**os.environ, **home, "PATH": f"{self.programs}{os.pathsep}{os.environ['PATH']}"}
        for name in ("PYTHONPATH", "MOMENTUM_LAB_PROGRESS", "VIRTUAL_ENV"):
            self.variables.pop(name, None)

    def run(self, program, *words):
        return subprocess.run(
            [self.programs / program, *words],
            cwd=self.folder,
            env=self.variables,
            capture_output=True,
            encoding="utf-8",
        )

    def says(self, program, *words):
        done = self.run(program, *words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clean")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    made = Clean(folder)
    done = made.run("python", "-m", "pip", "install", f"{wheel}[lab]")
    if done.returncode and any(words in done.stderr.lower() for words in NO_CONNECTION):
        pytest.skip(f"The packages cannot be downloaded here: {done.stderr.splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    return made


@pytest.mark.full
def test_the_doctor_is_content(clean):
    assert clean.says("momentum-lab", "--version") == f"momentum-lab {__version__}\n"
    assert clean.says("momentum-lab", "doctor").splitlines()[-1] == "ready"
    clean.says("python", "-m", "pip", "check")


@pytest.mark.full
def test_import_is_light_and_every_bank_is_there(clean):
    where, heavy, banks = json.loads(clean.says("python", "-c", READ_THE_BANKS))
    assert str(clean.folder / "env") in where and heavy == []
    stored = {file.stem for file in (ROOT / "momentum_lab" / "checks" / "banks").glob("*.bank")}
    assert set(banks) == stored and min(banks.values()) > 0


@pytest.mark.full
def test_a_lesson_runs_from_its_first_cell_to_its_last(clean):
    clean.says("momentum-lab", "start", "mine", "--copy-only")
    lesson = clean.folder / "mine" / "notebooks" / "00_start.ipynb"
    clean.says("python", "-m", "jupyter", "execute", "--inplace", str(lesson))
    cells = json.loads(lesson.read_text("utf-8"))["cells"]
    outputs = [out for cell in cells if cell["cell_type"] == "code" for out in cell["outputs"]]
    assert any("image/png" in out.get("data", {}) for out in outputs)
    assert not [out for out in outputs if out["output_type"] == "error"]
    assert "Nothing to do" in clean.says("momentum-lab", "update", "mine")  # running a lesson is no change
