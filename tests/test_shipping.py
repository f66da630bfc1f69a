"""The course as people get it: from a real wheel, in a folder of their own, with no checkout in reach."""

import contextlib
import email
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
import zipfile
from pathlib import Path

import pytest

from course import links
from momentum_lab import __version__, cli
from momentum_lab.grading.releasing import release
from momentum_lab.workspace.originals import originals

ROOT = Path(__file__).resolve().parent.parent


def wheel_of(folder, out):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    (wheel,) = out.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder into which the wheel was installed, without what it depends on."""
    out = tmp_path_factory.mktemp("wheel")
    wheel, target = wheel_of(ROOT, out), out / "site"
    pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--target", str(target), str(wheel)]
    if subprocess.run(pip, capture_output=True).returncode:  # an environment without pip gets what pip would unpack
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(target)
    return target


class Learner:
    """Somebody with a folder and the command `momentum-lab`."""

    def __init__(self, folder, site):
        self.folder = folder
        self.variables = {**os.environ, "PYTHONPATH": str(site), "PYTHONUTF8": "1"}
        self.variables.pop("MOMENTUM_LAB_PROGRESS", None)

    def popen(self, *words, **options):
        command = [sys.executable, "-m", "momentum_lab", *words]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command, cwd=self.folder, env=self.variables, stdout=pipe, stderr=pipe, encoding="utf-8", **options
        )

    def says(self, *words):
        """Run one command; return its exit code and everything it said."""
        process = self.popen(*words)
        out, err = process.communicate(timeout=120)
        assert "Traceback" not in out + err
        return process.returncode, out + err


@pytest.fixture
def learner(tmp_path, site):
    folder = tmp_path / "Zoë's Übungen"
    folder.mkdir()
    return Learner(folder, site)


def test_copy_update_restore_and_doctor_from_a_wheel(learner, site):
    code, said = learner.says("start", "--copy-only")
    mine = learner.folder / "momentum-lab"
    assert code == 0 and f"files of the course are copied; everything of yours is in {mine}." in said
    for path, data in originals().items():
        assert (mine / path).read_bytes() == data, path
    assert learner.says("start", "--copy-only") == (0, f"Your course is in {mine}.\n")
    assert learner.says("update")[1].endswith(
        f"Nothing to do: these are the lessons of version {__version__} already.\n"
    )
    lesson = mine / "notebooks" / "02_what_it_remembers.ipynb"
    lesson.write_text(lesson.read_text("utf-8").replace("# 02 ·", "# My 02 ·"), "utf-8")
    work = lesson.read_bytes()
    code, said = learner.says("restore", "02")
    assert code == 0 and "yours is kept as: 02_what_it_remembers (yours before restoring).ipynb" in said
    assert (lesson.parent / "02_what_it_remembers (yours before restoring).ipynb").read_bytes() == work
    code, said = learner.says("doctor")
    assert code == 0 and str(site / "momentum_lab") in said


def test_a_new_version_of_the_wheel(learner, site, tmp_path):
    """The library is replaced, as pip does it; the folder is told, updated, and keeps the learner's work."""
    learner.says("start", "mine", "--copy-only")
    lesson = learner.folder / "mine" / "notebooks" / "02_what_it_remembers.ipynb"
    lesson.write_text(lesson.read_text("utf-8").replace("# 02 ·", "# My 02 ·"), "utf-8")
    work = lesson.read_bytes()
    newer = tmp_path / "site"
    shutil.copytree(site, newer, ignore=shutil.ignore_patterns("__pycache__"))  # else, in the same second, the old one
    start = newer / "momentum_lab" / "__init__.py"
    start.write_text(start.read_text("utf-8").replace(f'"{__version__}"', '"9.9.9"'), "utf-8")
    for name in ("01_the_race", "02_what_it_remembers"):
        file = newer / "momentum_lab" / "lessons" / "notebooks" / f"{name}.ipynb"
        file.write_text(file.read_text("utf-8").replace(f"# {name[:2]} ·", f"# New {name[:2]} ·"), "utf-8")
    learner.variables["PYTHONPATH"] = str(newer)
    code, said = learner.says("start", "mine", "--copy-only")
    assert code == 0 and f"those of version {__version__}; to update them: " in said
    line = said.partition("to update them: ")[2].strip()  # as it would be pasted, whatever is in the folder's name
    said = subprocess.check_output(line, shell=True, cwd=tmp_path, env=learner.variables, encoding="utf-8")
    assert "notebooks/01_the_race.ipynb" in said
    assert "notebooks/02_what_it_remembers.ipynb  ->  02_what_it_remembers (new in 9.9.9).ipynb" in said
    assert lesson.read_bytes() == work
    assert "Nothing to do: these are the lessons of version 9.9.9 already." in learner.says("update", "mine")[1]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["update"], 1, "holds no copy of the course; one is made by: momentum-lab start"),
        (["update", "nowhere"], 1, "nowhere holds no copy of the course"),
        (["restore", "02"], 1, "holds no copy of the course"),
        (["start", "full", "--copy-only"], 1, "holds other files already: name a new folder, or an empty one."),
        (["start", "file", "--copy-only"], 1, "is not a folder and was left alone"),
        (["start", "a", "b"], 2, "usage: momentum-lab"),
        (["start", "--no-browser"], 2, "usage: momentum-lab"),
        (["restore"], 2, "usage: momentum-lab"),
    ],
)
def test_slips_are_told_in_a_sentence(learner, words, code, said):
    (learner.folder / "full").mkdir()
    (learner.folder / "full" / "thesis.tex").write_text("years of work")
    (learner.folder / "file").write_text("mine")
    before = sorted(learner.folder.rglob("*"))
    returned, text = learner.says(*words)
    assert returned == code and said in text
    assert code == 2 or text.count("\n") == 1
    assert sorted(learner.folder.rglob("*")) == before


@pytest.mark.sandbox
def test_a_folder_that_cannot_be_written(learner):
    learner.says("start", "mine", "--copy-only")
    (learner.folder / "mine" / "docs" / "paths.md").unlink()
    command = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", sys.executable, "-m", "momentum_lab"]
    for words in (["start", "new", "--copy-only"], ["restore", "docs/paths.md", "mine"]):
        done = subprocess.run(
            [*command, *words], cwd=learner.folder, env=learner.variables, capture_output=True, encoding="utf-8"
        )
        assert done.returncode == 1 and done.stderr.count("\n") == 1
        assert "cannot be written and nothing of yours is lost" in done.stderr


@pytest.mark.sandbox
def test_a_home_folder_that_cannot_be_written(learner):
    """JupyterLab writes into the learner's folder instead, and comes as far as its address."""
    command = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--bind", str(learner.folder), str(learner.folder)]
    command += ["--die-with-parent", sys.executable, "-m", "momentum_lab", "start", "mine", "--", "--no-browser"]
    variables = {name: value for name, value in learner.variables.items() if "JUPYTER" not in name}
    variables["HOME"] = "/no/such/home"
    with subprocess.Popen(
        command, cwd=learner.folder, env=variables, stdout=-1, stderr=subprocess.STDOUT, encoding="utf-8"
    ) as process:
        said = []
        for line in process.stdout:
            said.append(line)
            if "/lab/tree/notebooks/00_start.ipynb?token=" in line:
                break
        process.kill()
    assert "token=" in said[-1] and "Traceback" not in "".join(said), "".join(said)
    assert (learner.folder / "mine" / ".home").is_dir()


@pytest.mark.sandbox
def test_a_disk_that_is_full(learner):
    """It holds 600 kB, which is less than the course."""
    momentum_lab = f'"{sys.executable}" -m momentum_lab'
    script = (
        f'{momentum_lab} start /mnt/mine --copy-only 2>&1; echo "code $?"; '
        f'{momentum_lab} update /mnt/mine 2>&1; echo "code $?"; find /mnt -name "*.part"'
    )
    command = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--size", "600000", "--tmpfs", "/mnt"]
    command += ["sh", "-c", script]
    done = subprocess.run(command, cwd=learner.folder, env=learner.variables, capture_output=True, encoding="utf-8")
    full = "The disk is full and nothing of yours is lost: free 10 MB, then run the same command again."
    assert done.stdout.splitlines() == [full, "code 1"] * 2, done.stderr


@pytest.mark.skipif(os.name == "nt", reason="SIGTERM")
def test_start_opens_jupyterlab_on_the_learners_folder(learner):
    """With the course's settings, our kernel first, the first lesson in view, and an address to copy.

    The port that is asked for is in use, the browser does not start, and the proxy that is set leads nowhere.
    """
    taken = socket.create_server(("127.0.0.1", 0))
    port = taken.getsockname()[1]
    learner.variables.update(BROWSER="false", HTTP_PROXY="http://127.0.0.1:9", HTTPS_PROXY="http://127.0.0.1:9")
    kernel = learner.folder / "home" / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    assert learner.says("start", "--copy-only")[0] == 0
    (learner.folder / "momentum-lab" / "random.py").write_text("raise SystemExit('not the one of Python')")
    kernel.write_text(json.dumps({"argv": ["wrong"], "display_name": "wrong", "language": "python"}))
    learner.variables.update(JUPYTER_DATA_DIR=str(learner.folder / "home"), JUPYTER_PATH=str(learner.folder / "home"))
    process = learner.popen("start", "--", "--ip=127.0.0.1", f"--port={port}")
    try:
        for line in process.stderr:
            found = re.search(r"(http://127\.0\.0\.1:\d+)/lab/tree/notebooks/00_start\.ipynb\?(token=\w+)", line)
            if found:
                break
        at, token = found.groups()
        assert not at.endswith(f":{port}")

        def ask(path):
            for _ in range(100):  # the address is printed a moment before anybody listens
                with contextlib.suppress(OSError), urllib.request.urlopen(f"{at}/{path}?{token}", timeout=30) as answer:
                    return json.load(answer)
                time.sleep(0.1)
            raise AssertionError("nobody answers")

        assert {"notebooks", "exercises", "docs"} <= {entry["name"] for entry in ask("api/contents")["content"]}
        assert ask("api/kernelspecs")["kernelspecs"]["python3"]["spec"]["argv"][0] != "wrong"
        settings = {one["id"]: one["schema"].get("properties") for one in ask("lab/api/settings")["settings"]}
        assert settings["@jupyter-widgets/jupyterlab-manager:plugin"]["saveState"]["default"] is True
        assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"]["default"] == "false"
    finally:
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=60)
        taken.close()
    assert process.returncode == 0
    assert "If no browser opens, copy the address printed below into one." in out


# ------------------------------------------------------------------------------------------------- bundles


def names_in(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_the_wheel_has_pages_and_solutions_and_the_one_for_a_class_has_no_solution(tmp_path, site):
    own = [file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file()]
    release("class", tmp_path / "class")
    of_a_class = names_in(wheel_of(tmp_path / "class", tmp_path / "out"))
    for names in (own, of_a_class):
        assert {f"momentum_lab/lessons/{path}" for path in originals()} <= set(names)
        assert "momentum_lab/jupyterlab/overrides.json" in names and "momentum_lab/checks/banks/02.bank" in names
    banks = [name for name in own if name.endswith(".bank")]
    assert len([name for name in own if name.endswith(".solutions")]) == len(banks)
    assert not [name for name in of_a_class if "solution" in name]


def test_a_wheel_makes_the_autograder_that_a_clone_makes(learner, tmp_path):
    code, said = learner.says("gradescope", "--lesson", "02", "--out", "autograder.zip")
    assert code == 0 and "8 points" in said, said
    assert cli.main(["gradescope", "--lesson", "02", "--out", str(tmp_path / "autograder.zip")]) == 0
    assert (learner.folder / "autograder.zip").read_bytes() == (tmp_path / "autograder.zip").read_bytes()


def test_the_metadata_say_what_pyproject_says_and_no_address_that_there_is_not(site):
    (file,) = site.glob("*.dist-info/METADATA")
    metadata = email.message_from_string(file.read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert (metadata["Name"], metadata["Version"]) == ("momentum-lab-course", __version__)
    assert metadata["License-Expression"] == project["license"]
    assert sorted(metadata.get_all("Classifier")) == project["classifiers"]
    addresses = dict(line.split(", ", 1) for line in metadata.get_all("Project-URL", []))
    assert addresses == links.links()
    needed = {re.match(r"[\w-]+", line)[0] for line in metadata.get_all("Requires-Dist") if "extra ==" not in line}
    assert needed == {"ipywidgets", "matplotlib", "numpy", "sympy"}
