"""The course on a stick: made with pip, installed where there is no network, and damaged in every way it may be.

Most tests use a small stick: the real installer, a wheel of a few lines in the place of the course, and the pip that
Python itself comes with.  One test of the release tier makes a whole one.
"""

import ensurepip
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from momentum_lab import cli, environments
from momentum_lab.classroom import bundle, targets, wheel
from momentum_lab.slips import Slip

ROOT = Path(__file__).resolve().parent.parent
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
OUTER = getattr(sys, "_base_executable", sys.executable)
COURSE = """
import sys, pathlib
print(sys.argv[1:])
pathlib.Path(sys.argv[2], ".momentum-lab.json").write_text("{}")
"""


def names(lines):
    return {line.partition("==")[0] for line in lines}


# ------------------------------------------------------------------------------------------- for which machine


@pytest.mark.parametrize(
    ("platform", "has", "has_not"),
    [("windows", "pywinpty", "appnope"), ("macos-arm", "appnope", "pywinpty"), ("linux", "ptyprocess", "appnope"),
     ("win_amd64", "colorama", "appnope")],
)  # fmt: skip
def test_every_machine_gets_what_its_markers_say(platform, has, has_not):
    (target,) = targets.targets([platform], ["3.12"])
    first, *_ = targets.batches(target, LOCK)
    assert has in names(first) and has_not not in names(first) and {"numpy", "jupyterlab"} <= names(first)
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+( *--hash=sha256:[0-9a-f]{64} *)+", line) for line in first)
    assert target.options[-4:-2] == ["--python-version", "3.12"]


def test_a_lock_with_another_version_from_a_patch_on_gives_both():
    lock = "a==1 ; python_full_version < '3.11.5' \\\n    --hash=sha256:0\na==2 ; python_full_version >= '3.11.5' \\\n"
    lock += "    --hash=sha256:1\n    # via b\nb==1 --hash=sha256:2\n"
    old, new = targets.targets(["linux"], ["3.11", "3.12"])
    assert [names_and_versions(batch) for batch in targets.batches(old, lock)] == [["a==1", "b==1"], ["a==2"]]
    assert [names_and_versions(batch) for batch in targets.batches(new, lock)] == [["a==2", "b==1"]]


def names_and_versions(lines):
    return [line.split()[0] for line in lines]


def test_without_names_the_bundle_is_for_this_machine():
    (target,) = targets.targets([], [])
    assert target.options == [] and target.environment()["sys_platform"] == sys.platform


@pytest.mark.parametrize(
    ("platforms", "pythons"), [(["beos"], []), ([], ["2.7"]), (["linux"], ["3"]), (["linux"], ["3.x"])]
)
def test_unknown_machines_are_told(platforms, pythons):
    with pytest.raises(Slip, match="name"):
        targets.targets(platforms, pythons)


def test_a_folder_with_other_things_is_left_alone(tmp_path, capsys):
    (tmp_path / "thesis.tex").write_text("years of work")
    assert cli.main(["bundle", "--out", str(tmp_path)]) == 1
    assert "holds other things already" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.tex"]


def test_another_file_is_no_wheel_of_the_course(tmp_path):
    (tmp_path / "other-1.0-py3-none-any.whl").touch()
    with pytest.raises(Slip, match="is no wheel of this version"):
        bundle._own_wheel(tmp_path, tmp_path / "other-1.0-py3-none-any.whl", [])


def test_what_a_system_puts_on_a_stick_by_itself_is_no_part_of_the_bundle(tmp_path):
    (tmp_path / "wheels").mkdir()
    for name in (*bundle.WRITTEN, "wheels/own.whl", "wheels/left.whl", "wheels/._own.whl"):
        (tmp_path / name).write_text(name)
    for name in (".DS_Store", "wheels/.DS_Store", "._README.txt", "System Volume Information/WPSettings.dat"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("changes when it likes")
    bundle._finish(tmp_path, "", [tmp_path / "wheels" / "own.whl"])
    listed = [line.partition("  ")[2] for line in (tmp_path / bundle.SUMS).read_text("utf-8").splitlines()]
    assert listed == [*bundle.WRITTEN, "wheels/own.whl"]


def test_the_second_line_works_in_each_shell_of_windows():
    text = (bundle.STICK / "README.txt").read_text("utf-8")
    for shell, home in (("PowerShell", "$HOME"), ("cmd", "%USERPROFILE%")):
        (line,) = [line for line in text.splitlines() if line.strip().startswith(f"Windows, {shell}:")]
        mark = "& " if shell == "PowerShell" else ""
        folder = rf"{home}\momentum-lab"
        assert line.partition(":")[2].strip() == rf'{mark}"{folder}\.venv\Scripts\momentum-lab" start "{folder}"'


def test_the_wheel_of_an_installation_is_the_one_it_came_from(tmp_path):
    """A wheel is unpacked, as pip does it, and put together again."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(tmp_path / wheel.NAME) as archive:
        archive.extractall(tmp_path / "site")
    script = "import sys, pathlib; from momentum_lab.classroom import wheel; wheel.make(pathlib.Path(sys.argv[1]), [])"
    variables = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    for out in ("one", "two"):
        subprocess.run([sys.executable, "-c", script, str(tmp_path / out)], cwd=tmp_path, env=variables, check=True)
    assert (tmp_path / "one" / wheel.NAME).read_bytes() == (tmp_path / "two" / wheel.NAME).read_bytes()
    with zipfile.ZipFile(tmp_path / wheel.NAME) as before, zipfile.ZipFile(tmp_path / "one" / wheel.NAME) as after:
        assert set(before.namelist()) == set(after.namelist())
        kept = [name for name in before.namelist() if not name.endswith("/RECORD")]
        assert len(kept) > 100 and all(before.read(name) == after.read(name) for name in kept)
        assert sorted(before.read(before.namelist()[-1]).split()) == sorted(after.read(after.namelist()[-1]).split())


# --------------------------------------------------------------------------------------------------- a small stick


def digest(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "stick of Zoë"
    (folder / "wheels").mkdir(parents=True)
    shutil.copy(environments.__file__, folder)
    shutil.copy(bundle.STICK / "install.py", folder)
    pip = shutil.copy(next(Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl")), folder / "wheels")
    course = folder / "wheels" / "momentum_lab_course-1.0-py3-none-any.whl"
    info = "momentum_lab_course-1.0.dist-info"
    with zipfile.ZipFile(course, "w") as archive:
        archive.writestr("momentum_lab/__main__.py", COURSE)
        archive.writestr("momentum_lab/__init__.py", "")
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: momentum-lab-course\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    (folder / "requirements.txt").write_text("".join(bundle._pinned(Path(file)) for file in (course, pip)))
    machines = [["{}.{}".format(*sys.version_info[:2]), sys.platform]]
    (folder / "made_for.json").write_text(json.dumps({"version": "1.0", "machines": machines}))
    seal(folder)
    return folder


def seal(folder):
    """Write the list of hashes, as `bundle` does in the end."""
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file.name != bundle.SUMS)
    lines = [f"{digest(file)}  {file.relative_to(folder).as_posix()}\n" for file in files]
    (folder / bundle.SUMS).write_text("".join(lines), "utf-8")


def install(stick, *words, **variables):
    """Run the installer; return its exit code and everything it said."""
    known = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [OUTER, str(stick / "install.py"), *words]
    done = subprocess.run(
        command, env={**known, **variables}, capture_output=True, encoding="utf-8", timeout=120, cwd=stick.parent
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout + done.stderr


def test_a_stick_installs_opens_and_is_left_as_it_was(stick, tmp_path):
    before = {file: digest(file) for file in stick.rglob("*") if file.is_file()}
    folder = tmp_path / "mine, déjà"
    (folder / ".venv" / "half").mkdir(parents=True)  # what an installation that was stopped has left
    (folder / ".venv" / "made-by-install.lock").touch()
    code, said = install(stick, str(folder), PIP_NO_COMPILE="1")
    assert code == 0 and f"['start', '{folder}', '--copy-only']" in said and "Installing" in said
    assert f"-m momentum_lab start {shlex.quote(str(folder))}" in said and not (folder / ".venv" / "half").exists()
    code, said = install(stick, str(folder))
    assert code == 0 and "Installing" not in said  # the second time there is nothing to do
    assert {file: digest(file) for file in stick.rglob("*") if file.is_file()} == before


def test_a_python_without_ensurepip_and_without_pip_uses_the_one_on_the_stick(stick, tmp_path):
    script = f"""
import sys, pathlib
sys.path.insert(0, {str(stick)!r})
import install
environments = install.load_environments()
environments.has = {{"venv"}}.__contains__
sys.exit(install.guarded(pathlib.Path({str(tmp_path / "mine")!r}), environments))
"""
    done = subprocess.run(
        [OUTER, "-c", script], env={"PATH": str(tmp_path), "PIP_NO_COMPILE": "1"}, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "['start'," in done.stdout


@pytest.mark.parametrize(
    "name", ["wheels/momentum_lab_course-1.0-py3-none-any.whl", "environments.py", "made_for.json"]
)
@pytest.mark.parametrize("damage", ["flip", "cut", "delete"])
def test_a_damaged_file_is_named_and_nothing_is_installed(stick, tmp_path, name, damage):
    data = (stick / name).read_bytes()
    if damage == "delete":
        (stick / name).unlink()
    else:
        (stick / name).write_bytes(data[:-1] if damage == "cut" else bytes([data[0] ^ 1]) + data[1:])
    code, said = install(stick, str(tmp_path / "mine"))
    assert code == 1 and said.startswith(f"Damaged or missing on the stick: {name};") and said.count("\n") == 1
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize("content", [None, ""])
def test_an_unfinished_stick_is_told(stick, tmp_path, content):
    (stick / bundle.SUMS).unlink()
    if content is not None:
        (stick / bundle.SUMS).write_text(content)
    code, said = install(stick, str(tmp_path / "mine"))
    assert code == 1 and bundle.SUMS in said and said.count("\n") == 1


def test_a_stick_for_other_machines_is_told(stick, tmp_path):
    (stick / "made_for.json").write_text(json.dumps({"version": "1.0", "machines": [["3.99", "beos"]]}))
    seal(stick)
    code, said = install(stick, str(tmp_path / "mine"))
    assert code == 1 and "the stick is for: Python 3.99 on beos." in said and not (tmp_path / "mine").exists()


@pytest.mark.parametrize("what", ["thesis.tex", ".venv/precious"])
def test_what_others_made_is_never_touched(stick, tmp_path, what):
    mine = tmp_path / "mine" / what
    mine.parent.mkdir(parents=True)
    mine.write_text("years of work")
    code, said = install(stick, str(tmp_path / "mine"))
    assert code == 1 and "name another folder" in said and said.count("\n") == 1
    assert [file for file in (tmp_path / "mine").rglob("*") if file.is_file()] == [mine]


@pytest.mark.sandbox
def test_a_disk_that_is_full_and_one_that_cannot_be_written(stick):
    inner = f'"{OUTER}" "{stick / "install.py"}"'
    script = f"{inner} /mnt/mine 2>&1 | tail -1; {inner} /etc/mine 2>&1 | tail -1"
    command = [
        "bwrap",
        "--ro-bind",
        "/",
        "/",
        "--dev",
        "/dev",
        "--size",
        "3000000",
        "--tmpfs",
        "/mnt",
        "sh",
        "-c",
        script,
    ]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env={"PATH": "/usr/bin:/bin"})
    full, read_only = done.stdout.splitlines()
    assert full.startswith("The disk is full: free about 1 GB"), done.stdout
    assert read_only.startswith("/etc/mine cannot be written"), done.stdout


# ------------------------------------------------------------------------------------------------- the whole way

LESSON = """
import sys, nbclient, nbformat
lesson = nbformat.read("notebooks/01_the_race.ipynb", 4)
code = [place for place, cell in enumerate(lesson.cells) if cell.cell_type == "code"]
lesson.cells = lesson.cells[: code[3] + 1]
for cell in lesson.cells:
    cell.pop("outputs", None) if cell.cell_type != "code" else cell.update(outputs=[])
nbclient.NotebookClient(lesson, timeout=120, resources={"metadata": {"path": "notebooks"}}).execute()
print(sum(bool(cell.get("outputs")) for cell in lesson.cells), lesson.cells[code[0]].outputs[0].text)
"""


@pytest.mark.full
@pytest.mark.sandbox
def test_the_whole_course_from_a_stick_without_a_network(tmp_path):
    stick, folder = tmp_path / "stick", tmp_path / "höme" / "momentum-lab"
    made = subprocess.run(
        [sys.executable, "-m", "momentum_lab", "bundle", "--out", str(stick)],
        cwd=ROOT, capture_output=True, encoding="utf-8",
    )  # fmt: skip
    if "there is no connection" in made.stderr:
        pytest.skip("NO BUNDLE WAS TRIED: the package index cannot be reached from here")
    assert made.returncode == 0, made.stdout + made.stderr
    no_network = ["bwrap", "--dev-bind", "/", "/", "--unshare-net", "--clearenv"]
    no_network += ["--setenv", "HOME", str(folder.parent), "--setenv", "PATH", "/usr/bin:/bin"]
    folder.parent.mkdir()

    def offline(*command, **options):
        done = subprocess.run([*no_network, *map(str, command)], capture_output=True, encoding="utf-8", **options)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "To open the course" in offline(OUTER, stick / "install.py")
    shutil.rmtree(stick)  # afterwards the stick is not needed any more
    python = environments.python_of(folder / ".venv")
    assert offline(folder / ".venv" / "bin" / "momentum-lab", "doctor", cwd=folder).splitlines()[-1] == "ready"
    outputs, _, first = offline(python, "-c", LESSON, cwd=folder).partition(" ")
    assert int(outputs) >= 2 and re.match(r"Momentum Lab [\d.]+ is ready", first)
