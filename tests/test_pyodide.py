"""A second Python: library, checks, progress and lessons in Pyodide under Node, as the browser edition runs them.

The kit is made once (see workshop/pyodide_kit.py) and kept in the user's cache, or in MOMENTUM_LAB_PYODIDE.
"""

import json
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from course import source
from workshop import pyodide_kit

HERE = Path(__file__).resolve().parent
FULL = os.environ.get("MOMENTUM_LAB_FULL")
LESSONS = source.sources()


@pytest.fixture(scope="module")
def kit():
    node = shutil.which("node")
    if not node:
        pytest.skip("needs Node.js: install the package nodejs")
    folder = Path(os.environ.get("MOMENTUM_LAB_PYODIDE") or pyodide_kit.CACHE)
    try:
        pyodide_kit.make(folder)
    except pyodide_kit.Missing as trouble:
        pytest.skip(f"no Pyodide here: {trouble}")
    return node, folder


def run(kit, notebooks):
    node, folder = kit
    command = [node, HERE / "pyodide_run.mjs", folder, source.ROOT, HERE / "in_pyodide.py", *notebooks]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, encoding="utf-8", timeout=900)
    lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    assert done.returncode == 0 and lines, done.stdout[-2000:] + done.stderr[-2000:]
    return json.loads(lines[0].removeprefix("RESULT "))


def test_a_lesson_and_its_answers_in_pyodide(kit):
    """Every explorer cell shows, every check passes, and what has passed is kept in the progress file."""
    said = run(kit, ["notebooks/02_what_it_remembers.ipynb", "solutions/02_what_it_remembers.ipynb"])
    assert said["python"].startswith("3.14")
    assert said["wrong"] == {name: [] for name in said["wrong"]}
    marked = {item.id for item in source.items(LESSONS[_number("02")]) if item.points}
    assert set(said["passed"]) == marked


def _number(key):
    return [source.key(path) for path in LESSONS].index(key)


@pytest.mark.full
def test_a_release_archive_gives_the_same_kit(kit, tmp_path):
    _, folder = kit
    with tarfile.open(tmp_path / "pyodide.tar", "w") as archive:
        archive.add(folder, "pyodide")
    packages = pyodide_kit.make(tmp_path / "kit", tmp_path / "pyodide.tar")
    assert packages == json.loads((folder / "kit.json").read_text())["packages"]
    assert {file.name for file in (tmp_path / "kit").iterdir()} == {file.name for file in folder.iterdir()}


@pytest.mark.full
def test_every_lesson_and_every_answer_in_pyodide(kit):
    names = [f"{folder}/{path.stem}.ipynb" for path in LESSONS for folder in ("notebooks", "solutions")]
    said = run(kit, names)
    assert said["wrong"] == {name: [] for name in names}
    assert set(said["passed"]) == {item.id for path in LESSONS for item in source.items(path) if item.points}
