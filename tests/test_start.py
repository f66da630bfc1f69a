"""`start.py` on the machines it must survive.

Most tests run a real `start.py` in a small checkout of its own: a lock of nothing, a JupyterLab that only
says how it was started, and a `uv` that makes real but empty environments in a fraction of a second.
One test goes the whole way with pip, from a failing uv to a wheel with a hash.
"""

import ast
import errno
import hashlib
import importlib.util
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
import zipfile
from pathlib import Path

import pytest

from momentum_lab import cli

ROOT = Path(__file__).resolve().parent.parent
HOME = Path.home()
OUTER = getattr(sys, "_base_executable", sys.executable)  # the Python that a learner would have

JUPYTERLAB = """
import json, os, sys
import momentum_lab
print(json.dumps({"arguments": sys.argv[1:], "prefix": sys.prefix, "folder": os.getcwd(),
                  "course": os.path.dirname(momentum_lab.__file__), "variables": dict(os.environ)}))
"""
UV = """
import os, subprocess, sys, time, venv
with open(os.environ["UV_SAW"], "a") as saw:
    saw.write(" ".join(sys.argv[1:]) + "\\n")
time.sleep(float(os.environ.get("UV_SLEEPS", 0)))
if sys.argv[1] in os.environ.get("UV_FAILS_AT", "").split():
    sys.exit(os.environ.get("UV_SAYS", "error: uv will not"))
if sys.argv[1] == "venv":
    python = sys.argv[sys.argv.index("--python") + 1]
    subprocess.run([python, "-m", "venv", "--without-pip", sys.argv[-1]], check=True)
"""


def load(path):
    """Import one `start.py` by its path: each copy believes in a folder of its own."""
    spec = importlib.util.spec_from_file_location("start_copy", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Checkout:
    """A small copy of the course, and the variables of a learner who has nothing but a Python."""

    def __init__(self, folder, home):
        self.folder, self.environment, self.saw = folder, folder / ".venv", home / "uv-saw"
        for name in [
            "start.py",
            "momentum_lab/__init__.py",
            "momentum_lab/opening.py",
            "momentum_lab/environments.py",
            "momentum_lab/jupyterlab/overrides.json",
        ]:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
        self.write("requirements.lock", "")
        self.write("jupyterlab/__main__.py", JUPYTERLAB)
        self.write("notebooks/01 first.ipynb", "{}")
        self.write("notebooks/02_second.ipynb", "{}")
        bin_folder = home / "bin"
        self.variables = {**os.environ, "HOME": str(home), "PATH": str(bin_folder), "UV_SAW": str(self.saw)}
        self.write(home / "uv.py", UV)
        self.write(bin_folder / "uv", f'#!/bin/sh\nexec "{sys.executable}" "{home / "uv.py"}" "$@"\n').chmod(0o755)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def popen(self, *arguments, **variables):
        return subprocess.Popen(
            [OUTER, str(self.folder / "start.py"), *arguments],
            env={**self.variables, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )

    def run(self, *arguments, **variables):
        """Run start.py; return its exit code and what it wrote on either stream."""
        process = self.popen(*arguments, **variables)
        out, err = process.communicate(timeout=120)
        assert "Traceback" not in out + err
        return process.returncode, out, err

    def open(self, *arguments, **variables):
        """Run `start.py` to the end and return what the stand-in for JupyterLab reports."""
        code, out, err = self.run(*arguments, **variables)
        assert code == 0, out + err
        return json.loads(out.splitlines()[-1]), out

    def times_built(self):
        return sum(line.startswith("venv ") for line in self.saw.read_text(encoding="utf-8").splitlines())


@pytest.fixture
def checkout(tmp_path):
    if os.name == "nt":
        pytest.skip("the stand-in for uv is a shell script")
    home = tmp_path / "home"
    home.mkdir()
    return Checkout(tmp_path / "Ünïcode folder", home)


@pytest.fixture
def start(checkout, monkeypatch):
    """Return the checkout's start.py as a module, in the learner's variables."""
    for name in ("PATH", "HOME", "UV_SAW"):
        monkeypatch.setenv(name, checkout.variables[name])
    return load(checkout.folder / "start.py")


# --------------------------------------------------------------------------------------------- opening


def test_first_start_says_what_it_does_and_opens_the_first_lesson(checkout):
    lab, out = checkout.open()
    assert "nothing is set up yet" in out and "to uninstall, delete the folder" in out
    assert "copy the address printed below" in out
    assert f"--ServerApp.root_dir={checkout.folder}" in lab["arguments"]
    assert "--LabApp.default_url=/lab/tree/notebooks/01%20first.ipynb" in lab["arguments"]
    assert ("--allow-root" in lab["arguments"]) == (os.geteuid() == 0)
    assert lab["prefix"] == str(checkout.environment)
    assert lab["folder"] == str(checkout.folder)


def test_who_has_begun_is_brought_to_the_page_to_go_on_from(checkout):
    (checkout.folder / "notebooks" / "home.ipynb").write_text("{}", encoding="utf-8")
    lab, _ = checkout.open()
    assert "--LabApp.default_url=/lab/tree/notebooks/01%20first.ipynb" in lab["arguments"]
    (checkout.folder / "momentum-lab-progress.sqlite").touch()
    lab, _ = checkout.open()
    assert "--LabApp.default_url=/lab/tree/notebooks/home.ipynb" in lab["arguments"]


def test_second_start_builds_nothing(checkout):
    checkout.open()
    assert "Setting up" not in checkout.open()[1]
    assert checkout.times_built() == 1


def test_only_files_with_the_locks_hashes_are_installed(checkout):
    checkout.open()
    install = checkout.saw.read_text(encoding="utf-8").splitlines()[-1]
    assert install.endswith(f"--require-hashes -r {checkout.folder / 'requirements.lock'}")


def test_a_learner_without_lessons_still_gets_jupyterlab(checkout):
    shutil.rmtree(checkout.folder / "notebooks")
    assert not any("default_url" in argument for argument in checkout.open()[0]["arguments"])


@pytest.mark.parametrize(
    "argv", [["--no-browser", "--port", "8899"], ["--", "--no-browser", "--port", "8899"],
             ["open", "--no-browser", "--port", "8899"], ["open", "--", "--no-browser", "--port", "8899"]],
)  # fmt: skip
def test_what_is_not_ours_is_handed_on(start, argv):
    assert start.read(argv) == ("open", ["--no-browser", "--port", "8899"])


def test_a_file_of_the_learners_does_not_come_in_the_place_of_pythons(checkout):
    checkout.write("random.py", "raise SystemExit('this is not the one')")
    checkout.write("momentum_lab/__main__.py", "import random")
    checkout.open()
    assert checkout.run("doctor")[0] == checkout.run("progress")[0] == 0


def test_unknown_words_are_refused_and_help_is_given(checkout):
    code, _, err = checkout.run("tset")
    assert code == 2 and "invalid choice: 'tset'" in err
    code, out, _ = checkout.run("--help")
    assert code == 0 and "python start.py test [--full]" in out


def test_course_is_importable_from_anywhere(checkout, tmp_path):
    checkout.open()
    command = [
        checkout.environment / "bin" / "python",
        "-c",
        "import momentum_lab; print(momentum_lab.__file__)",
    ]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True)
    assert said.stdout.strip() == str(checkout.folder / "momentum_lab" / "__init__.py")


def test_nothing_of_another_python_leaks_in(checkout):
    lab, _ = checkout.open(
        PYTHONPATH="/elsewhere",
        VIRTUAL_ENV="/elsewhere",
        JUPYTERLAB_DIR="/elsewhere",
        PIP_USER="1",
        JUPYTER_PATH="/elsewhere",
        HTTPS_PROXY="http://proxy.invalid:3128",
    )
    variables = lab["variables"]
    assert variables["JUPYTER_PATH"].split(os.pathsep)[0] == str(checkout.environment / "share" / "jupyter")
    assert variables["HTTPS_PROXY"] == "http://proxy.invalid:3128"  # which pip needs, unlike all of the others
    assert not {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "JUPYTERLAB_DIR"} & set(variables)
    assert variables["PIP_USER"] == "0"
    assert variables["PYTHONUTF8"] == variables["JUPYTER_PREFER_ENV_PATH"] == "1"
    assert variables["PATH"].split(os.pathsep)[0] == str(checkout.environment / "bin")


# ---------------------------------------------------------------------------- what makes it build again


def test_moved_folder_is_built_again(checkout):
    checkout.open()
    moved = checkout.folder.rename(checkout.folder.with_name("moved"))
    checkout.folder, checkout.environment = moved, moved / ".venv"
    lab, out = checkout.open()
    assert "the folder changed" in out
    assert lab["prefix"] == str(moved / ".venv") and lab["course"] == str(moved / "momentum_lab")


def test_interrupted_set_up_is_done_again_from_nothing(checkout):
    process = checkout.popen(UV_SLEEPS="30")
    wait_for(checkout.saw.exists)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert err.strip().endswith("Stopped.") and "Traceback" not in out + err
    (checkout.environment / "left over").write_text("half a package")
    assert "interrupted" in checkout.open()[1]
    assert not (checkout.environment / "left over").exists()


def test_new_lock_new_overrides_and_damaged_stamp_are_noticed(checkout, start):
    checkout.open()
    with open(start.OVERRIDES, "r+", encoding="utf-8") as overrides:
        text = overrides.read()
        overrides.write("\n")
        overrides.flush()
        assert start.complaint(start.LEARNER) == "the list of packages changed"
        overrides.truncate(len(text))
    assert start.complaint(start.LEARNER) is None
    checkout.write("requirements.lock", "# another list\n")
    assert start.complaint(start.LEARNER) == "the list of packages changed"
    (checkout.environment / start.STAMP).write_text("{")
    assert start.complaint(start.LEARNER) == "the set-up was interrupted"


def test_another_python_and_another_recipe_are_noticed(checkout, start, monkeypatch):
    checkout.open()
    with monkeypatch.context() as other:
        other.setattr(start.sysconfig, "get_config_var", lambda name: ".cpython-399-x86_64-linux-gnu.so")
        assert start.complaint(start.LEARNER) == "the Python changed"
    monkeypatch.setattr(start, "SCHEME", start.SCHEME + 1)
    assert start.complaint(start.LEARNER) == "the set-up itself changed"


def test_python_that_was_uninstalled_is_noticed(checkout, start):
    checkout.open()
    python = start.LEARNER.python
    python.unlink()
    python.symlink_to("/no/such/python")
    assert "is gone" in start.complaint(start.LEARNER)
    assert "is gone" in checkout.open()[1]


def test_two_at_once_build_once(checkout):
    first = checkout.popen(UV_SLEEPS="1")
    wait_for(checkout.saw.exists)
    code, out, err = checkout.run()
    assert code == 0, err
    assert "waiting for it" in out and "Setting up" not in out
    assert first.wait(20) == 0 and checkout.times_built() == 1
    first.communicate()


def wait_for(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.05)


# ---------------------------------------------------------------------------- trouble, in one sentence


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_others_made_is_never_deleted(checkout, kind):
    mine = checkout.environment if kind == "file" else checkout.environment / "precious"
    checkout.write(mine, "years of work")
    for verb in ("open", "doctor"):
        code, _, err = checkout.run(verb)
        assert code == 1 and "was not made by start.py" in err and "rename it" in err
    assert mine.read_text() == "years of work"


def test_a_folder_that_no_environment_may_lie_in(checkout):
    checkout.folder = checkout.folder.rename(checkout.folder.with_name(f"one{os.pathsep}two"))
    code, _, err = checkout.run()
    assert code == 1 and f"one{os.pathsep}two" in err and "rename it, then run the same command again." in err


def test_windows_is_not_asked_to_delete_the_python_that_runs(checkout, start, monkeypatch, tmp_path):
    """As in a terminal of VS Code, which activates the environment by itself."""
    environments = start.load("environments")
    python = checkout.write(".venv/Scripts/python.exe", "it runs")
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setattr(sys, "_base_executable", r"C:\Program Files\Python\python.exe")
    monkeypatch.setattr(sys, "argv", ["start.py"])
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(environments.Trouble, match="this Python lies in it") as trouble:
        environments.install(checkout.environment, start.MARKER, [], {})
    assert str(trouble.value).endswith(r'C:\"Program Files\Python\python.exe" start.py') and python.exists()


def test_an_empty_folder_is_as_good_as_ours(checkout):
    checkout.environment.mkdir()
    checkout.open()


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.EROFS, "cannot be written"), (errno.EACCES, "cannot be written"), (errno.ENOSPC, "disk is full"),
     (errno.EIO, "The system refused")],
)  # fmt: skip
def test_refusals_of_the_system_become_sentences(start, monkeypatch, capsys, number, words):
    def refuse(self, *arguments, **options):
        raise OSError(number, os.strerror(number), str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert start.main([]) == 1
    assert words in capsys.readouterr().err


@pytest.mark.sandbox
def test_read_only_folder(checkout):
    # Root may write everywhere but on a file system that is mounted read-only.
    command = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", OUTER, str(checkout.folder / "start.py")]
    path = os.pathsep.join([checkout.variables["PATH"], os.environ["PATH"]])
    done = subprocess.run(command, env={**checkout.variables, "PATH": path}, capture_output=True, encoding="utf-8")
    assert done.returncode == 1
    assert f"{checkout.environment} cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "name",
    [
        "requirements.lock",
        "momentum_lab/jupyterlab/overrides.json",
        "momentum_lab/opening.py",
        "momentum_lab/environments.py",
    ],
)
def test_incomplete_download(checkout, name):
    (checkout.folder / name).unlink()
    code, _, err = checkout.run()
    assert code == 1 and f"{checkout.folder / name} is missing" in err and "download the course again" in err


def test_no_way_to_make_an_environment(start, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(start.load("environments"), "has", lambda module: False)
    assert start.main([]) == 1
    version = "{}.{}".format(*sys.version_info[:2])
    assert f"sudo apt install python{version}-venv" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("modules", "flags"),
    [
        ({"venv", "ensurepip", "virtualenv", "pip"}, ["venv", "virtualenv", "--without-pip"]),
        ({"venv", "virtualenv", "pip"}, ["virtualenv", "--without-pip"]),
        ({"venv", "pip"}, ["--without-pip"]),
        ({"venv"}, []),
    ],
)
def test_ways_without_ensurepip(start, monkeypatch, tmp_path, modules, flags):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(start.load("environments"), "has", modules.__contains__)
    ways = start.load("environments").ways(start.LEARNER.folder)
    assert len(ways) == len(flags)
    assert all(flag in way.make for way, flag in zip(ways, flags, strict=True))


def test_outer_pip_fills_an_environment_without_pip(checkout, start, monkeypatch, capsys, tmp_path):
    if subprocess.run([OUTER, "-c", "import pip"], capture_output=True).returncode:
        pytest.skip(f"{OUTER} has no pip (Debian: apt install python3-pip)")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(start.load("environments"), "has", {"venv", "pip"}.__contains__)
    add_wheel(checkout, monkeypatch.setenv)
    start.set_up(start.LEARNER)
    said = subprocess.run([start.LEARNER.python, "-c", "import tiny; print(tiny.SIZE)"], capture_output=True)
    assert said.stdout.split() == [b"3"]
    assert subprocess.run([start.LEARNER.python, "-c", "import pip"], capture_output=True).returncode != 0


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "FULL_DISK"),
        ("  cause: failed to write to file: No space left on device (os error 28)", "FULL_DISK"),
        ("Failed to establish a new connection: [Errno -2] Name or service not known", "NO_NETWORK"),
        ("  Caused by: dns error: failed to lookup address information", "NO_NETWORK"),
        ("  Caused by: tcp connect error: Connection refused (os error 111)", "NO_NETWORK"),
        ("ProxyError('Cannot connect to proxy.', OSError('Tunnel failed'))", "NO_NETWORK"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed", "NO_TRUST"),
        ("  Caused by: invalid peer certificate: UnknownIssuer", "NO_TRUST"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "WRONG_FILE"),
        ("  Caused by: Hash mismatch for `numpy==2.4.6`", "WRONG_FILE"),
        ("ERROR: No matching distribution found for numpy==2.4.6", "NO_PACKAGE"),
        ("  x No solution found when resolving dependencies:", "NO_PACKAGE"),
        ("ERROR: something nobody has seen before", None),
    ],
)
def test_words_of_the_installers_are_understood(start, said, sentence):
    environments = start.load("environments")
    assert environments.diagnosis(["Collecting numpy", said, ""]) == (sentence and getattr(environments, sentence))


def test_failing_uv_makes_room_for_pip_and_pip_has_the_last_word(checkout):
    """From a failing uv over a wheel with the wrong hash to the right one, with the real pip."""
    add_wheel(checkout, checkout.variables.__setitem__)
    right = (checkout.folder / "requirements.lock").read_text()
    checkout.write("requirements.lock", re.sub("sha256:....", "sha256:0000", right))
    code, _, err = checkout.run(UV_FAILS_AT="pip", UV_SAYS="error: uv knows no such mirror")
    assert code == 1
    assert "uv knows no such mirror" in err and "DO NOT MATCH THE HASHES" in err
    assert err.splitlines()[-1].startswith("A downloaded file is not the one that the lock names")
    assert not (checkout.environment / "made-by-start.json").exists()

    checkout.write("requirements.lock", right)
    assert checkout.open(UV_FAILS_AT="venv")[0]["prefix"] == str(checkout.environment)
    said = subprocess.run(
        [checkout.environment / "bin" / "python", "-c", "import tiny; print(tiny.SIZE)"], capture_output=True
    )
    assert said.stdout.split() == [b"3"]


def add_wheel(checkout, set_variable):
    """Put a wheel of one line beside the checkout, and its name and hash into the lock."""
    wheel = checkout.folder / "wheels" / "tiny-1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny.py", "SIZE = 3\n")
        archive.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        archive.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("tiny-1.0.dist-info/RECORD", "")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    checkout.write("requirements.lock", f"tiny==1.0 --hash=sha256:{digest}\n")
    set_variable("PIP_FIND_LINKS", wheel.parent.as_uri())
    set_variable("PIP_NO_INDEX", "1")


# ------------------------------------------------------------------------------------------ old Pythons


def test_old_pythons_can_read_the_file():
    ast.parse((ROOT / "start.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def old_pythons():
    """Return one Python older than 3.11 of each version that this machine happens to have."""
    for minor in range(6, 11):
        installed = sorted(HOME.glob(f".pyenv/versions/3.{minor}.*/bin/python"))
        found = shutil.which(f"python3.{minor}", path="/usr/bin:/usr/local/bin:/opt/homebrew/bin")
        yield from [str(path) for path in installed[:1]] or ([found] if found else [])


def test_old_pythons_say_that_they_are_old(checkout, start, monkeypatch, capsys):
    for python in old_pythons():
        done = subprocess.run([python, str(ROOT / "start.py")], capture_output=True)
        assert done.returncode == 1
        assert re.match(rb"Python 3\.11 or newer is needed; this is 3\.\d+\.\d+ \(.+\)", done.stderr)
    monkeypatch.setattr(start.sys, "version_info", (3, 10, 13, "final", 0))
    assert start.main([]) == 1
    assert "Python 3.11 or newer is needed" in capsys.readouterr().err
    assert not checkout.environment.exists()


# ----------------------------------------------------------------------------------------------- doctor


def test_doctor_changes_nothing_and_names_one_command(checkout):
    before = sorted(checkout.folder.rglob("*"))
    code, out, _ = checkout.run("doctor")
    assert code == 1 and "Not ready: nothing is set up yet.  Run: python start.py" in out
    assert sorted(checkout.folder.rglob("*")) == before


@pytest.mark.parametrize("option", ["--code", "--for-a-bug-report"])
def test_what_the_doctor_writes_for_others_has_no_path_beside_it(checkout, option):
    checkout.open()
    checkout.write("momentum_lab/__main__.py", "import sys; print(*sys.argv[1:])")
    assert checkout.run("doctor", option)[:2] == (0, f"doctor {option}\n")


def test_who_teaches_needs_nothing_installed_either(checkout, start):
    checkout.open()
    checkout.write("momentum_lab/__main__.py", "import sys; print(*sys.argv[1:])")
    assert checkout.run("class-check", "mails.txt")[:2] == (0, "class-check mails.txt\n")
    assert set(start.TEACHING) == set(cli.FOR_TEACHERS)


@pytest.mark.parametrize("verb", ["progress", "report"])
def test_the_course_answers_for_itself_once_it_is_set_up(checkout, verb):
    code, _, err = checkout.run(verb)
    assert code == 1 and "Not ready" in err and "Run: python start.py" in err


def test_doctor_returns_what_the_environment_says(checkout):
    checkout.open()
    checkout.write("momentum_lab/__main__.py", "import sys; print(sys.argv[1:], sys.prefix); sys.exit(7)")
    before = sorted(checkout.folder.rglob("*"))
    code, out, _ = checkout.run("doctor")
    assert code == 7 and f"['doctor'] {checkout.environment}" in out
    assert sorted(checkout.folder.rglob("*")) == before


# ------------------------------------------------------------------------------------------ running tests


def run_tests(start, monkeypatch, arguments, codes):
    """Run `start.py test` with programs that only end with a code; return its exit code and commands."""
    seen = []

    def run(command, variables):
        seen.append((command[2:], variables))
        return codes.get(len(seen), 0)

    monkeypatch.setattr(start, "set_up", lambda environment: environment.python)
    monkeypatch.setattr(start, "run", run)
    return start.main(["test", *arguments]), seen


def test_every_part_runs_and_the_last_lines_name_what_failed(start, monkeypatch, capsys):
    code, seen = run_tests(start, monkeypatch, [], codes={1: 1, 3: 2})
    assert code == 1
    assert [command[:2] for command, _ in seen] == [
        ["ruff", "check"], ["ruff", "format"], ["pytest", "tests"], ["pytest", "--nbval"]
    ]  # fmt: skip
    assert capsys.readouterr().out.splitlines()[-4:] == [
        "ruff check  FAILED, exit code 1", "ruff format passed",
        "tests       FAILED, exit code 2", "notebooks   passed",
    ]  # fmt: skip


def test_green_is_zero(start, monkeypatch):
    assert run_tests(start, monkeypatch, [], codes={})[0] == 0


def test_full_reaches_the_tests_and_only_them(start, monkeypatch):
    monkeypatch.delenv("MOMENTUM_LAB_FULL", raising=False)
    _, seen = run_tests(start, monkeypatch, ["--full"], codes={})
    (full,) = [command for command, _ in seen if "--full" in command]
    assert full[:2] == ["pytest", "tests"]
    assert {variables["MOMENTUM_LAB_FULL"] for _, variables in seen} == {"1"}


def test_chosen_tests_run_alone(start, monkeypatch):
    _, seen = run_tests(start, monkeypatch, ["--full", "-k", "start"], codes={})
    assert [command for command, _ in seen] == [["pytest", "--full", "-k", "start"]]


# ------------------------------------------------------------------------------- the real JupyterLab


def here(start):
    """Return the variables that start.py gives to the programs of the environment we run in."""
    return start.child_variables(start.Environment(Path(sys.prefix), start.LEARNER.lock, ""))


def test_kernel_of_a_learners_home_does_not_shadow_ours(start, monkeypatch, tmp_path):
    for place in ("home/.local/share/jupyter", "else/where"):
        kernel = tmp_path / place / "kernels" / "python3" / "kernel.json"
        kernel.parent.mkdir(parents=True)
        kernel.write_text(json.dumps({"argv": ["wrong"], "display_name": "wrong", "language": "python"}))
    asking = "from jupyter_client import kernelspec as k; print(k.get_kernel_spec('python3').argv[0])"
    shadowing = {"JUPYTER_PATH": str(tmp_path / "else/where"), "JUPYTER_PREFER_ENV_PATH": "0",
                 "JUPYTER_DATA_DIR": str(tmp_path / "home/.local/share/jupyter")}  # fmt: skip
    for name, value in shadowing.items():
        monkeypatch.setenv(name, value)

    def kernel(variables):
        return subprocess.check_output([sys.executable, "-c", asking], env=variables, encoding="utf-8").strip()

    assert kernel(os.environ) == "wrong", "this test proves nothing"
    del os.environ["JUPYTER_PATH"]
    assert kernel(os.environ) == "wrong", "this test proves nothing"
    assert kernel(here(start)) == "python"
    monkeypatch.setenv("JUPYTER_PATH", shadowing["JUPYTER_PATH"])
    assert kernel(here(start)) == "python"


def test_overrides_name_settings_that_jupyterlab_has():
    overrides = json.loads((ROOT / "momentum_lab/jupyterlab/overrides.json").read_text(encoding="utf-8"))
    share = Path(sys.prefix, "share", "jupyter")
    folders = [share / "lab/schemas", share / "labextensions/@jupyter-widgets/jupyterlab-manager/schemas"]
    for plugin, settings in overrides.items():
        extension, name = plugin.split(":")
        schema = next(file for folder in folders if (file := folder / extension / f"{name}.json").exists())
        properties = json.loads(schema.read_text(encoding="utf-8"))["properties"]
        for key, value in settings.items():
            assert isinstance(value, {"boolean": bool, "string": str}[properties[key]["type"]])
            assert value in [choice["const"] for choice in properties[key].get("oneOf", [{"const": value}])]


@pytest.fixture
def taken_port():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def real_lab(start, monkeypatch, *arguments):
    """Start the JupyterLab of the environment we run in, with exactly the command of `start.py open`."""
    commands = []
    monkeypatch.setattr(start, "set_up", lambda environment: Path(sys.executable))
    monkeypatch.setattr(start, "become", lambda command, variables: commands.append(command) or 0)
    assert start.main(["open", "--no-browser", "--ip=127.0.0.1", *arguments]) == 0
    return subprocess.Popen(
        commands[0],
        env=here(start),
        cwd=start.HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )


def test_taken_port_ends_in_a_sentence(start, monkeypatch, taken_port):
    lab = real_lab(start, monkeypatch, f"--port={taken_port}", "--port-retries=0")
    out, _ = lab.communicate(timeout=60)
    assert lab.returncode == 1
    assert f"port {taken_port}" in out and "Traceback" not in out


def test_taken_port_is_passed_over(start, monkeypatch, taken_port):
    lab = real_lab(start, monkeypatch, f"--port={taken_port}")
    said = []
    for line in lab.stdout:
        said.append(line)
        if "/lab/tree/notebooks/01%20first.ipynb?token=" in line:
            break
    lab.send_signal(signal.SIGTERM)
    out = "".join(said) + lab.communicate(timeout=30)[0]
    assert lab.returncode == 0
    assert f"The port {taken_port} is already in use, trying another port." in out and "Traceback" not in out


# ----------------------------------------------------------------------------------------------- the locks


def pins(name):
    """Return {package and marker: version} of a lock."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    found = [re.match(r"([A-Za-z0-9._-]+)==([^ ]+)(?: *; *(.+?))? *\\?$", line) for line in lines]
    return {(pin[1].lower(), pin[3] or ""): pin[2] for pin in found if pin}


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_hold_hashes_and_no_address(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert len(pins(name)) > 50 and text.count("--hash=sha256:") >= len(pins(name))


def test_learners_lock_holds_no_tool_of_ours():
    tools = {
        "pytest",
        "nbval",
        "hypothesis",
        "ruff",
        "jupytext",
        "playwright",
        "nbgrader",
        "hatchling",
        "virtualenv",
    }
    assert not tools & {package for package, _ in pins("requirements.lock")}


def test_locks_agree():
    learner, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {package for package, _ in learner} <= {package for package, _ in dev}
    shared = set(learner) & set(dev)
    assert len(shared) > 50
    assert {pin: learner[pin] for pin in shared} == {pin: dev[pin] for pin in shared}


def test_metadata_holds_ranges_only():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = project["dependencies"]
    for extra in project["optional-dependencies"].values():
        asked = asked + extra
    assert not [requirement for requirement in asked if "==" in requirement]
