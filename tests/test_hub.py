"""A class in one room: the hub of `workshop/`, five learners at once, and how large a machine must be."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
from pathlib import Path

import pytest
from hub import PASSWORD, Hub, compute, find_hub

from momentum_lab import __version__
from momentum_lab.workspace.originals import originals
from workshop import sizing

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("ada", "blaise", "carl", "dora-2", "emmy_3")
LESSON = "notebooks/02_what_it_remembers.ipynb"
FIRST_CELLS = "from momentum_lab import explorers\nexplorers.dots_race().show()"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The course as a wheel has it: the package, with the lessons in it."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = out.glob("*.whl")
    shutil.unpack_archive(wheel, out / "site", "zip")
    return out / "site"


def newer(site, folder):
    """Return a later version of the course, in which lesson 02 has a new heading."""
    shutil.copytree(site, folder)
    start, lesson = folder / "momentum_lab" / "__init__.py", folder / "momentum_lab" / "lessons" / LESSON
    start.write_text(start.read_text("utf-8").replace(f'"{__version__}"', '"9.9.9"'), "utf-8")
    lesson.write_text(lesson.read_text("utf-8").replace("# 02 ·", "# New 02 ·"), "utf-8")
    return folder


@pytest.mark.full
@pytest.mark.hub
def test_a_class_of_five(tmp_path, site, capsys):
    """Two days of a course: everybody works in a folder of their own, and an update keeps what they wrote."""
    with Hub(tmp_path / "hub", site, idle=6) as hub:
        assert hub.log_in("eve", "not-the-password") == 403
        for name in ("../eve", "eve/../ada", "eve.", "zoë", "-eve", "e" * 32, "eve adam"):
            assert hub.log_in(name) == 403, name
        assert [hub.log_in(name) for name in NAMES] == [200] * 5
        hub.begin(NAMES)
        everybody_has_the_course(hub)
        work = edit(hub, "ada")
        asyncio.run(kernels_are_counted_and_ended(hub, capsys))
        what_is_in_the_way_is_named(hub, "frank")
    with Hub(tmp_path / "hub", newer(site, tmp_path / "newer"), idle=600) as hub:
        hub.begin(NAMES[:2])
        homes = hub.folder / "homes"
        beside = "02_what_it_remembers (new in 9.9.9).ipynb"
        assert (homes / "ada" / "momentum-lab" / LESSON).read_bytes() == work
        assert "# New 02" in (homes / "ada" / "momentum-lab" / "notebooks" / beside).read_text("utf-8")
        assert "# New 02" in (homes / "blaise" / "momentum-lab" / LESSON).read_text("utf-8")
        assert not (homes / "blaise" / "momentum-lab" / "notebooks" / beside).exists()


def everybody_has_the_course(hub):
    course = originals()
    for name in NAMES:
        mine = hub.folder / "homes" / name / "momentum-lab"
        assert all((mine / path).read_bytes() == data for path, data in course.items()), name
        listed = {entry["name"] for entry in hub.ask(f"user/{name}/api/contents")["content"]}
        assert listed == {"notebooks", "exercises", "docs"}
        settings = {one["id"]: one["schema"] for one in hub.ask(f"user/{name}/lab/api/settings")["settings"]}
        news = settings["@jupyterlab/apputils-extension:notification"]["properties"]["fetchNews"]
        assert news["default"] == "false"
    with pytest.raises(urllib.error.HTTPError, match="404") as refused:
        hub.ask("user/ada/api/terminals")
    refused.value.close()


def edit(hub, name):
    """Write into a lesson as JupyterLab does; return what the file then holds."""
    path = f"user/{name}/api/contents/{LESSON}"
    model = hub.ask(path)
    model["content"]["cells"][0]["source"] = "# 02 · My own heading"
    hub.ask(path, {key: model[key] for key in ("type", "format", "content")}, method="PUT")
    file = hub.folder / "homes" / name / "momentum-lab" / LESSON
    assert "My own heading" in file.read_text("utf-8")
    return file.read_bytes()


def what_is_in_the_way_is_named(hub, name):
    """A file where the course belongs: left alone, and the learner is told."""
    file = hub.folder / "homes" / name / "momentum-lab"
    file.parent.mkdir()
    file.write_text("mine")
    assert hub.log_in(name) == 200
    with pytest.raises(urllib.error.HTTPError) as refused:
        hub.ask(f"hub/api/users/{name}/server", {}, "POST")
    with refused.value as answer:
        said = json.load(answer)["message"]
    assert f"{file} is not a folder and was left alone: rename it" in said
    assert file.read_text() == "mine"


async def kernels_are_counted_and_ended(hub, capsys):
    """Every learner runs a first lesson; memory is taken; then the kernels end, though a tab is open."""
    sockets, rows = [], [f"hub and proxy: {hub.megabytes()[0]:.0f} MB"]
    for name in NAMES:
        server, _ = hub.megabytes(name)
        kernel = hub.ask(f"user/{name}/api/kernels", {"name": "python3", "path": "notebooks"})["id"]
        socket, status = await compute(hub, name, kernel, FIRST_CELLS)
        sockets.append(socket)
        shared, alone = hub.megabytes(name)  # at once: idle kernels are ended
        rows.append(f"{name:8} server {server:.0f} MB, with one kernel {shared:.0f} MB, in a container {alone:.0f} MB")
        assert status == "ok"
        assert 0.6 < shared / 1000 / (sizing.SERVER + sizing.KERNEL) < 1.15, rows
        assert alone / 1000 < sizing.container(1), rows
    with capsys.disabled():
        print("", *rows, sep="\n")
    until = time.monotonic() + 60
    for name in NAMES:
        while hub.ask(f"user/{name}/api/kernels"):
            assert time.monotonic() < until, name
            await asyncio.sleep(0.5)
    assert hub.said().count("with 1 connections due to") == len(NAMES)
    for socket in sockets:
        socket.close()
        while await asyncio.wait_for(socket.read_message(), timeout=60) is not None:
            pass  # what was still on its way


@pytest.mark.hub
@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"WORKSHOP_PASSWORD": "short"}, "Set WORKSHOP_PASSWORD to what the room shall type"),
        ({"WORKSHOP_PASSWORD": PASSWORD, "WORKSHOP_IDLE_SECONDS": "20 min"}, "this is '20 min'."),
    ],
)
def test_a_hub_that_is_not_set_up_says_so(tmp_path, variables, said):
    python, _ = find_hub()
    config = ROOT / "workshop" / "jupyterhub_config.py"
    done = subprocess.run(
        [python, "-m", "jupyterhub", "-f", config],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT), "WORKSHOP_FOLDER": str(tmp_path / "no"), **variables},
        capture_output=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 1 and said in done.stderr and "Traceback" not in done.stderr
    assert json.dumps(os.listdir(tmp_path)) == "[]"
