"""The command line program `momentum-lab`."""

import errno
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from momentum_lab import __version__, cli, doctor, opening
from momentum_lab.workspace.updating import copy

ROOT = Path(__file__).resolve().parent.parent


def test_version(capsys):
    with pytest.raises(SystemExit) as ending:
        cli.main(["--version"])
    assert ending.value.code == 0
    assert capsys.readouterr().out == f"momentum-lab {__version__}\n"


@pytest.mark.parametrize("problems", [(), (doctor.Problem("the cause", "the fix"),)])
def test_doctor_prints_the_verdict_and_returns_it(monkeypatch, capsys, problems):
    report = doctor.Report("python", "3.11", {"numpy": None, "jupyterlab": "4.6.6"}, None, problems)
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


@pytest.mark.skipif(os.name == "nt", reason="Windows tells of a closed pipe in another way")
def test_a_reader_who_has_enough_is_no_error():
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "momentum_lab", "progress"]
    with open(write, "wb") as pipe:
        done = subprocess.run(command, cwd=ROOT, stdout=pipe, stderr=subprocess.PIPE, encoding="utf-8")
    assert (done.returncode, done.stderr) == (141, "")


def test_module_and_program_are_the_same():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, function = project["scripts"]["momentum-lab"].split(":")
    assert getattr(import_module(module), function) is cli.main
    command = [sys.executable, "-m", "momentum_lab", "--version"]
    assert subprocess.check_output(command, cwd=ROOT, encoding="utf-8") == f"momentum-lab {__version__}\n"


# ------------------------------------------------------------------------------------- a learner's folder


def run(capsys, *words):
    """Run one command; return its exit code and what it wrote on either stream."""
    code = cli.main(words)
    return code, *capsys.readouterr()


def test_the_folder_is_the_one_we_are_in_or_the_one_beside_us(monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(capsys, "start", "--copy-only")[0] == 0
    for place in ("", "momentum-lab", "momentum-lab/notebooks", "momentum-lab/docs/gallery"):
        monkeypatch.chdir(tmp_path / place)
        assert run(capsys, "update")[:2] == (
            0,
            f"The course in {tmp_path / 'momentum-lab'}:\n"
            f"Nothing to do: these are the lessons of version {__version__} already.\n",
        )
        assert run(capsys, "start", "--copy-only")[1] == f"Your course is in {tmp_path / 'momentum-lab'}.\n"


def test_start_hands_on_what_stands_behind_two_dashes(monkeypatch, tmp_path):
    seen = []
    monkeypatch.setattr(opening, "become", lambda command, variables, folder: seen.append((command, folder)) or 7)
    assert cli.main(["start", str(tmp_path / "my course"), "--", "--port", "8899"]) == 7
    ((command, folder),) = seen
    assert command[:4] == [sys.executable, "-P", "-m", "jupyterlab"] and command[-2:] == ["--port", "8899"]
    assert folder == tmp_path / "my course" and f"--ServerApp.root_dir={folder}" in command
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start.ipynb" in command


def test_without_jupyterlab_start_copies_and_says_what_to_install(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    code, _, err = run(capsys, "start", str(tmp_path / "mine"))
    assert code == 1 and (tmp_path / "mine" / "notebooks").is_dir()
    assert err.startswith("JupyterLab is missing; install it: ") and "momentum-lab-course[lab]" in err


@pytest.mark.parametrize("on_the_path", [True, False])
def test_the_update_that_start_names_can_be_run_where_start_was(monkeypatch, tmp_path, capsys, on_the_path):
    """Who installed from a stick has no momentum-lab on the path."""
    folder = tmp_path / "my $course"
    copy(folder, version="0.0.1")
    program = os.path.join(sysconfig.get_path("scripts"), "momentum-lab") if on_the_path else None
    monkeypatch.setattr(shutil, "which", lambda name: program)
    _, out, _ = run(capsys, "start", str(folder), "--copy-only")
    ours = ["momentum-lab"] if on_the_path else [sys.executable, "-m", "momentum_lab"]
    assert out.endswith(f"to update them: {shlex.join([*ours, 'update', str(folder)])}\n")


def test_a_lost_ledger_is_told_by_start_too(tmp_path, capsys):
    run(capsys, "start", str(tmp_path), "--copy-only")
    (tmp_path / ".momentum-lab.json").unlink()
    code, out, _ = run(capsys, "start", str(tmp_path), "--copy-only")
    assert code == 0 and "lost or damaged, so no file was overwritten" in out


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_a_refusal_of_the_system_is_one_sentence_and_code_1(monkeypatch, tmp_path, capsys, number):
    def refuse(*paths):
        raise OSError(number, "no", str(tmp_path))

    monkeypatch.setattr(os, "replace", refuse)
    code, out, err = run(capsys, "start", str(tmp_path / "mine"), "--copy-only")
    assert (code, out) == (1, "") and err.count("\n") == 1 and "nothing of yours is lost" in err


def test_stopping_is_no_traceback(monkeypatch, tmp_path, capsys):
    def stop(*paths):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", stop)
    assert run(capsys, "start", str(tmp_path / "mine"), "--copy-only") == (130, "", "Stopped.\n")
