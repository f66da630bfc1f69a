"""The recipes around the course: how large, where, and with what."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from momentum_lab import cli
from momentum_lab.workspace.originals import originals
from workshop import puller, sizing

ROOT = Path(__file__).resolve().parent.parent
WORKSHOP = ROOT / "workshop"
VALUES = yaml.safe_load((WORKSHOP / "zero_to_jupyterhub.yaml").read_text("utf-8"))

# --------------------------------------------------------------------------------------------- how large


def test_the_formula_of_the_page_is_the_one_that_is_computed():
    page = (WORKSHOP / "hub.md").read_text("utf-8")
    formula = re.search(r"Memory in GB = ([\d.]+) \+ N \(([\d.]+) \+ ([\d.]+) K\)", page).groups()
    assert tuple(map(float, formula)) == (sizing.HUB, sizing.SERVER, sizing.KERNEL)
    assert sizing.memory(30, 3) == pytest.approx(13.05)
    assert f"python -m workshop.sizing -->\n{sizing.table()}\n<!--" in page
    container = re.search(r"each needs more: ([\d.]+) GB with one open notebook and ([\d.]+) GB", page).groups()
    assert tuple(map(float, container)) == sizing.ALONE


def test_the_table_is_what_the_command_prints():
    done = subprocess.run(
        [sys.executable, "-m", "workshop.sizing"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout == sizing.table() + "\n"
    assert len(sizing.table().splitlines()) == 2 + len(sizing.LEARNERS)


@pytest.mark.parametrize(("learners", "cores"), [(1, 2), (15, 2), (16, 4), (30, 4), (100, 16), (240, 32), (300, None)])
def test_cores_for_a_start_within_half_a_minute(learners, cores):
    assert sizing.cores(learners) == cores


# --------------------------------------------------------------------------------------------- a cluster


def test_memory_on_a_cluster_is_that_of_two_and_of_five_notebooks():
    memory = VALUES["singleuser"]["memory"]
    assert memory == {"guarantee": f"{sizing.container(2) * 1000:.0f}M", "limit": f"{sizing.container(5) * 1000:.0f}M"}


def test_the_start_command_of_a_cluster_copies_and_updates(tmp_path, monkeypatch, capsys):
    """A container runs it in the learner's home at every start."""
    command = VALUES["singleuser"]["lifecycleHooks"]["postStart"]["exec"]["command"]
    assert command[:2] == ["sh", "-c"] and all(isinstance(word, str) for word in command)
    steps = [step.split()[1:] for step in command[2].split(" && ")]
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert [cli.main(step) for step in steps] == [0, 0]
    assert "Nothing to do" in capsys.readouterr().out
    page = VALUES["singleuser"]["defaultUrl"].removeprefix("/lab/tree/")
    assert (tmp_path / page).read_bytes() == originals()["notebooks/00_start.ipynb"]


def test_both_hubs_end_idle_kernels_alike():
    data = VALUES["singleuser"]["extraFiles"]["jupyter_server_config.json"]["data"]["MappingKernelManager"]
    ours = (WORKSHOP / "jupyterhub_config.py").read_text("utf-8")
    assert f'"WORKSHOP_IDLE_SECONDS", "{data["cull_idle_timeout"]}"' in ours
    for name in ("cull_connected", "cull_busy"):
        assert f"--MappingKernelManager.{name}={data[name]}" in ours
    for name, threads in VALUES["singleuser"]["extraEnv"].items():
        assert f'"{name}"' in ours and threads == "1"


def test_the_address_for_nbgitpuller():
    made = puller.address("https://hub.example.org/", "https://git.example.org/a/momentum lab.git", "spring & autumn")
    parts = urlsplit(made)
    assert (parts.netloc, parts.path) == ("hub.example.org", "/hub/user-redirect/git-pull")
    assert parse_qs(parts.query) == {
        "repo": ["https://git.example.org/a/momentum lab.git"],
        "branch": ["spring & autumn"],
        "urlpath": ["lab/tree/momentum lab/notebooks/00_start.ipynb"],
    }
    assert (ROOT / puller.FIRST).exists() and " " not in made


def test_every_link_of_the_page_leads_to_a_file():
    found = re.findall(r"\]\(([^)#\s]+)\)", (WORKSHOP / "hub.md").read_text("utf-8"))
    assert found and all((WORKSHOP / link).exists() for link in found)


# --------------------------------------------------------------------------------------------- Binder


def test_binder_takes_the_learners_lock():
    lines = [line for line in (ROOT / "binder" / "requirements.txt").read_text("utf-8").splitlines() if line[0] != "#"]
    assert lines == ["-r ../requirements.lock"]
    assert os.name == "nt" or os.access(ROOT / "binder" / "postBuild", os.X_OK)


@pytest.mark.full
@pytest.mark.binder
def test_repo2docker_understands_the_folder(tmp_path):
    """It writes the recipe of the image; to build it takes Docker."""
    where = tmp_path / "course"
    leave_out = shutil.ignore_patterns(".git", ".venv*", "__pycache__")
    shutil.copytree(ROOT, where, ignore=leave_out)
    done = subprocess.run(
        ["jupyter-repo2docker", "--no-build", "--debug", "."], cwd=where, capture_output=True, encoding="utf-8"
    )
    recipe = done.stdout + done.stderr
    version = (ROOT / "binder" / "runtime.txt").read_text("ascii").strip().removeprefix("python-")
    assert done.returncode == 0, recipe
    assert f"environment for python={version}" in recipe
    copied, installed, built = (
        recipe.index(line)
        for line in (
            "COPY --chown=0:0 src/ ",
            '/bin/pip install --no-cache-dir -r "binder/requirements',
            "RUN ./binder/",
        )
    )
    assert copied < installed < built  # the lock lies outside of binder/, so the whole checkout must be there first


@pytest.mark.full
@pytest.mark.skipif(os.name == "nt", reason="a shell script of the image")
def test_post_build_installs_the_course_and_its_settings(tmp_path):
    """In an environment that has what the lock names, as repo2docker leaves it."""
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "env"], check=True)
    (site,) = (tmp_path / "env" / "lib").glob("python*/site-packages")
    packages = tmp_path / "packages"  # all but the line that puts this checkout on the path
    packages.mkdir()
    for entry in Path(pytest.__file__).parent.parent.iterdir():
        if not entry.name.startswith(("momentum_lab", "pip")):
            (packages / entry.name).symlink_to(entry)
    (site / "packages.pth").write_text(f"{packages}\n", "utf-8")
    leave_out = shutil.ignore_patterns(".git", ".venv*", "__pycache__")
    shutil.copytree(ROOT, tmp_path / "course", ignore=leave_out)
    variables = {**os.environ, "PATH": f"{tmp_path / 'env' / 'bin'}:{os.environ['PATH']}", "PIP_NO_INDEX": "1"}
    variables |= {"PIP_NO_BUILD_ISOLATION": "0"}  # pip reads "no isolation: off" as it is written: do not isolate
    variables.pop("PYTHONPATH", None)
    done = subprocess.run(
        ["binder/postBuild"], cwd=tmp_path / "course", env=variables, capture_output=True, encoding="utf-8"
    )
    assert done.returncode in (0, 1), done.stderr  # the doctor has its own opinion of an environment of links
    settings = tmp_path / "env" / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    assert settings.read_bytes() == (ROOT / "momentum_lab" / "jupyterlab" / "overrides.json").read_bytes()
    assert (site / "momentum_lab" / "lessons" / "notebooks" / "00_start.ipynb").exists()
    assert "numpy" in done.stdout
