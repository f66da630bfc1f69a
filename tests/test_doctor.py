"""The doctor: what it finds, what it says, and what it leaves unsaid because it cannot know."""

import dataclasses
import json
import os
import shlex
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from momentum_lab import doctor

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def empty_home(monkeypatch, tmp_path):
    """Keep what this machine's owner has installed or switched off out of every test."""
    for name, value in {
        "HOME": tmp_path,
        "JUPYTER_CONFIG_DIR": tmp_path / "config",
        "JUPYTER_PREFER_ENV_PATH": "1",
    }.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.delenv("JUPYTER_PATH", raising=False)


def pretend(monkeypatch, **versions):
    """Make the doctor see other versions than the installed ones (None: not installed)."""
    truth = doctor.installed
    monkeypatch.setattr(doctor, "installed", lambda name: versions.get(name, truth(name)))


def hide_with(monkeypatch, folder, version):
    """Put another browser half in front of our own, as a JUPYTER_PATH may do."""
    file = folder / "labextensions" / doctor.EXTENSION / "package.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"name": doctor.EXTENSION, "version": version, "jupyterlab": {}}))
    monkeypatch.setenv("JUPYTER_PATH", str(folder))


def switch_off(tmp_path, name):
    page = tmp_path / "config" / "labconfig" / "page_config.json"
    page.parent.mkdir(parents=True)
    page.write_text(json.dumps({"disabledExtensions": {name: True}}))


def only_problem(report):
    assert len(report.problems) == 1 and report.problems[0].kind in doctor.KINDS
    return report.problems[0]


# ---------------------------------------------------------------------------------- a machine that is fine


def test_this_environment_is_ready(capsys):
    report = doctor.examine()
    assert report.problems == ()
    assert report.interpreter == sys.executable
    assert report.packages["numpy"] == metadata.version("numpy")
    assert report.browser_half.package == metadata.version("jupyterlab_widgets")
    assert report.browser_half.folder.is_relative_to(sys.prefix)
    assert doctor.print_report(report) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[-1] == "ready" and "Problem" not in out
    for shown in (sys.executable, metadata.version("ipywidgets"), metadata.version("jupyterlab_widgets")):
        assert shown in out


def test_ready_without_jupyterlab_says_for_what_and_how_to_have_it(capsys, monkeypatch):
    pretend(monkeypatch, jupyterlab=None)
    assert doctor.print_report(doctor.examine()) == 0
    verdict = capsys.readouterr().out.splitlines()[-1]
    assert verdict.startswith("ready for VS Code") and 'pip install "momentum-lab-course[lab]"' in verdict


def test_reports_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        doctor.examine().problems = ()


def test_versions_agree_with_the_metadata():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert sorted(name + needed for name, needed in doctor.NEEDS.items()) == sorted(project["dependencies"])


def test_marker_is_the_one_that_start_leaves():
    assert f'MARKER = "{doctor.MARKER}"' in (ROOT / "start.py").read_text(encoding="utf-8")


def test_importing_the_doctor_imports_nothing_that_it_examines():
    loaded = "import sys, momentum_lab.doctor; print(*{name.split('.')[0] for name in sys.modules})"
    said = subprocess.check_output([sys.executable, "-c", loaded], cwd=ROOT, encoding="utf-8").split()
    assert not {*doctor.NEEDS, "packaging", "jupyter_core", "jupyterlab_server"} & set(said)


# -------------------------------------------------------------------------------------------- what is wrong


@pytest.mark.parametrize("name", doctor.NEEDS)
def test_missing_package(monkeypatch, name):
    pretend(monkeypatch, **{name: None})
    problem = doctor.examine().problems[0]
    assert problem.cause == f"{name} is not installed"
    line = shlex.join(["-m", "pip", "install", "--force-reinstall", f"{name}{doctor.NEEDS[name]}"])
    assert line in problem.fix or "start.py" in problem.fix


def test_package_that_is_too_old(monkeypatch):
    pretend(monkeypatch, ipywidgets="7.8.5")
    problem = only_problem(doctor.examine())
    assert problem.cause == "ipywidgets 7.8.5 is installed, and the course needs ipywidgets>=8.1.5"
    assert doctor.widget_problem() == f"{problem.cause}: {problem.fix}."


def test_missing_browser_half(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(doctor, "data_path", lambda: [str(tmp_path)])
    report = doctor.examine()
    assert "browser half of the widgets is missing" in only_problem(report).cause
    assert doctor.print_report(report) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2].startswith("Problem: ") and lines[-1].startswith("Fix: ")
    assert any(line.startswith("jupyterlab_widgets  not found") for line in lines)


def test_browser_half_that_does_not_fit(monkeypatch):
    pretend(monkeypatch, jupyterlab_widgets="1.1.11")
    problem = only_problem(doctor.examine())
    assert f"needs jupyterlab_widgets{doctor.needed_half()} and 1.1.11 is installed" in problem.cause
    assert doctor.widget_problem() == f"{problem.cause}: {problem.fix}."


def test_browser_half_hidden_by_another_series(monkeypatch, tmp_path):
    hide_with(monkeypatch, tmp_path, "3.1.11")
    problem = only_problem(doctor.examine())
    assert f"{tmp_path}" in problem.cause and "(3.1.11) hides the one of this Python (5." in problem.cause
    assert problem.fix.startswith(f"delete the folder {tmp_path}")


def test_browser_half_hidden_by_one_of_the_same_series_works(monkeypatch, tmp_path):
    own = doctor.find_browser_half().extension
    hide_with(monkeypatch, tmp_path, ".".join([*doctor.series(own), "999"]))
    assert doctor.find_browser_half().folder.is_relative_to(tmp_path)
    assert doctor.examine().problems == ()


@pytest.mark.parametrize("name", [doctor.EXTENSION, f"{doctor.EXTENSION}:plugin"])
def test_browser_half_that_is_switched_off(tmp_path, name):
    switch_off(tmp_path, name)
    problem = only_problem(doctor.examine())
    assert "switched off" in problem.cause
    assert problem.fix.endswith(f"-m jupyterlab.labextensions enable {shlex.quote(name)}")


def test_a_fix_can_be_pasted_into_powershell_and_into_cmd(monkeypatch, tmp_path):
    """There a line that begins with a quote is a text, and @name is a variable."""
    monkeypatch.setattr(sys, "executable", "C:\\Users\\Ada L\\Scripts\\python.exe")
    monkeypatch.setattr(sys, "platform", "win32")
    switch_off(tmp_path, doctor.EXTENSION)
    python = r'C:\"Users\Ada L\Scripts\python.exe"'
    assert doctor.disabled(True).fix == f'run: {python} -m jupyterlab.labextensions enable "{doctor.EXTENSION}"'
    monkeypatch.setattr(sys, "executable", "C:\\Users\\Zoë\\python.exe")
    assert doctor.environments.module("pip", "install", "numpy>=2.0") == (
        r'C:\Users\Zoë\python.exe -m pip install "numpy>=2.0"'
    )


def test_another_extension_that_is_switched_off_is_nobodys_business(tmp_path):
    switch_off(tmp_path, f"{doctor.EXTENSION}-of-somebody-else")
    assert doctor.examine().problems == ()


def kernel(folder, python):
    """Put a kernel called python3 into a folder of Jupyter's data."""
    file = folder / "kernels" / "python3" / "kernel.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"argv": [python, "-m", "ipykernel_launcher"]}), encoding="utf-8")
    return file


def test_kernel_of_another_python_is_a_problem_where_there_is_none_of_our_own(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "data_path", lambda: [str(tmp_path / "theirs")])
    file = kernel(tmp_path / "theirs", str(tmp_path / "other" / "python"))
    assert doctor.foreign_kernel("4.6") is None, "our own kernel goes first"
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "ours"))
    problem = doctor.foreign_kernel("4.6")
    assert "hides the Python of the course" in problem.cause and "-m ipykernel install --sys-prefix" in problem.fix
    assert doctor.foreign_kernel(None) is None
    for harmless in ("{", "[]", json.dumps({"argv": ["python"]}), json.dumps({"argv": [sys.executable]})):
        file.write_text(harmless, encoding="utf-8")
        assert doctor.foreign_kernel("4.6") is None


def test_environment_of_start_is_mended_by_start(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert "-m pip install" in doctor.repair("numpy>=2.0")
    (tmp_path / doctor.MARKER).touch()
    assert doctor.repair("numpy>=2.0") == f"delete the folder {tmp_path}, then run: python start.py"


def test_bare_python_gets_a_report_and_no_traceback():
    # -S: without site-packages, so without a single package; the doctor comes along by PYTHONPATH.
    done = subprocess.run(
        [sys.executable, "-S", "-m", "momentum_lab", "doctor"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 1 and done.stderr == ""
    assert "Problem: numpy is not installed." in done.stdout


# ------------------------------------------------------------------------------- what a kernel cannot know


def test_explorers_have_nothing_to_complain_about_here():
    assert doctor.widget_problem() is None


def test_kernel_without_any_browser_half_keeps_quiet(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "data_path", lambda: [str(tmp_path)])
    assert doctor.widget_problem() is None
    pretend(monkeypatch, jupyterlab=None)
    assert doctor.examine().problems == ()


def test_kernel_says_nothing_about_what_is_switched_off(tmp_path):
    switch_off(tmp_path, doctor.EXTENSION)
    assert doctor.widget_problem() is None


@pytest.mark.parametrize(
    ("metadata_line", "needed"),
    [
        ("jupyterlab_widgets~=3.0.17", "~=3.0.17"),
        ("jupyterlab-widgets (<3,>=1.0.0) ; python_version >= '3.6'", "<3,>=1.0.0"),
        ("traitlets>=4.3.1", ""),
    ],
)
def test_needed_half_is_read_from_any_metadata(monkeypatch, metadata_line, needed):
    monkeypatch.setattr(doctor.metadata, "requires", lambda name: ["comm>=0.1.3", metadata_line])
    assert doctor.needed_half() == needed
