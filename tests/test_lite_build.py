"""The browser edition as far as it can be tried without building it: refusals, notebooks, the first page."""

import gzip
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile

import pytest
from barriers import serious
from lab import ROOT, browser
from packaging.requirements import Requirement
from published import PUBLISHED

from momentum_lab.contents import LESSONS
from momentum_lab.workspace.originals import originals
from workshop import build_lite, lite_landing, pyodide_kit

PROGRAM = ROOT / "workshop" / "build_lite.py"


def say(*words):
    done = subprocess.run([sys.executable, str(PROGRAM), *map(str, words)], capture_output=True, text=True)
    return done.returncode, done.stderr


def test_a_folder_that_exists_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    assert say(tmp_path) == (1, f"{tmp_path} exists already and was left alone: name a new folder, or delete it.\n")
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


def archive(file, **files):
    with tarfile.open(file, "w:bz2") as opened:
        for name, data in files.items():
            member = tarfile.TarInfo(f"pyodide/{name}")
            member.size = len(data)
            opened.addfile(member, io.BytesIO(data))
    return file


def whole(python, **packages):
    """The files of a Pyodide with that Python."""
    lock = json.dumps({"info": {"python": python}, "packages": packages}).encode()
    return {**dict.fromkeys(pyodide_kit.RUNTIME, b""), "pyodide-lock.json": lock}


def test_an_archive_that_does_not_serve_is_told_in_a_sentence(tmp_path):
    text = tmp_path / "no.tar.bz2"
    text.write_text("not found")
    half = archive(tmp_path / "half.tar.bz2", **{"pyodide-lock.json": b"{}"})
    old = archive(tmp_path / "old.tar.bz2", **whole("3.13.2"))
    entry = {"file_name": "numpy-2-wasm32.whl", "sha256": "0", "version": "2"}
    altered = archive(
        tmp_path / "altered.tar.bz2",
        **{**whole("3.14.0", **dict.fromkeys(pyodide_kit.NEEDS, entry)), "numpy-2-wasm32.whl": b"altered"},
    )
    for file, words in (
        (text, "cannot be read as a release archive of Pyodide"),
        (tmp_path / "none", "There is no file"),
        (half, "This is no whole Pyodide: package.json is missing."),
        (old, "This Pyodide has Python 3.13.2; the course needs"),
        (altered, "is not to be had with its SHA-256."),
    ):
        with pytest.raises(pyodide_kit.Missing, match=re.escape(words)):
            pyodide_kit.make(tmp_path / "kit", file)
        assert not (tmp_path / "kit").exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            "npm error code ECONNREFUSED\nnpm error network This is a problem\nnpm error A complete log is in x",
            "ECONNREFUSED",
        ),
        ("WARNING: slow\nERROR: Could not find numpy==9\nERROR: No matching distribution", "Could not find numpy==9"),
        ("Task Error\nTraceback\n  f(x)\nRuntimeError: it is not installed.\n   Install it.", "it is not installed."),
        ("one\ntwo", "two"),
        ("", "no reason given"),
    ],
)
def test_a_program_that_fails_is_told_with_its_own_reason(tmp_path, said, words):
    code = f"import sys; print({said!r}, file=sys.stderr); sys.exit(1)"
    with pytest.raises(pyodide_kit.Missing) as trouble:
        pyodide_kit.run([sys.executable, "-c", code], tmp_path)
    assert str(trouble.value).endswith(f" ... failed: {words}")
    assert str(tmp_path) not in str(trouble.value) and sys.executable not in str(trouble.value)


def test_a_folder_with_other_things_is_no_kit_and_is_not_emptied(tmp_path):
    (tmp_path / "pyodide.js").touch()
    (tmp_path / "thesis.tex").write_text("years of work")
    for place in (tmp_path, tmp_path / "thesis.tex"):
        with pytest.raises(pyodide_kit.Missing, match="was left alone"):
            pyodide_kit.make(place)
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


def test_where_nothing_can_be_downloaded_the_other_way_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(pyodide_kit.Missing, match=re.escape("npm is not installed. (A release archive of Pyodide")):
        pyodide_kit.make(tmp_path / "kit")
    assert not (tmp_path / "kit").exists()


def test_what_the_build_needs_is_in_its_list():
    """JupyterLite's own metadata leave out what it needs to list the files of a course."""
    text = (ROOT / "workshop" / "requirements-lite.txt").read_text("utf-8")
    listed = {Requirement(line).name for line in text.splitlines() if line and not line.startswith("#")}
    assert {"jupyterlite-core", "jupyterlite-pyodide-kernel", "jupyter-server", "hatchling", "pip"} <= listed


def test_an_archive_is_all_that_the_kit_needs(tmp_path, monkeypatch):
    """Nothing is downloaded: neither npm nor pip nor Node can be found."""
    monkeypatch.setenv("PATH", str(tmp_path))
    packages, files = {}, {}
    for name in (*pyodide_kit.NEEDS, "cycler", "nobody-asks"):
        file = f"{name}-1.0-py3-none-any.whl"
        files[file] = f"the wheel of {name}".encode()
        depends = ["cycler"] if name == "matplotlib" else []
        digest = hashlib.sha256(files[file]).hexdigest()
        packages[name] = {"file_name": file, "sha256": digest, "version": "1.0", "depends": depends}
    file, kit = archive(tmp_path / "whole.tar.bz2", **whole("3.14.0", **packages), **files), tmp_path / "kit"
    wanted = sorted([*pyodide_kit.NEEDS, "cycler"])
    assert pyodide_kit.make(kit, file) == wanted
    assert {one.name for one in kit.iterdir()} == {
        *pyodide_kit.RUNTIME, "kit.json", *(packages[name]["file_name"] for name in wanted)
    }  # fmt: skip
    assert (kit / packages["numpy"]["file_name"]).read_bytes() == b"the wheel of numpy"
    assert json.loads((kit / pyodide_kit.LOCK).read_text())["packages"] == {name: packages[name] for name in wanted}
    (kit / "pyodide.js").write_text("mine")
    assert pyodide_kit.make(kit, file) == wanted and (kit / "pyodide.js").read_text() == "mine", "it was made again"


def test_notebooks_are_the_same_with_their_lines_joined():
    for path, data in originals().items():
        if path.endswith(".ipynb"):
            old, new = json.loads(data), json.loads(build_lite.joined(data))
            assert [cell["id"] for cell in new["cells"]] == [cell["id"] for cell in old["cells"]]
            for a, b in zip(old["cells"], new["cells"], strict=True):
                assert b["source"] == "".join(a["source"])
                for one, other in zip(a.get("outputs", ()), b.get("outputs", ()), strict=True):
                    assert "".join(one.get("text", "")) == other.get("text", "")
                    kinds = {kind for kind, text in other.get("data", {}).items() if isinstance(text, list)}
                    assert all(kind.endswith("json") for kind in kinds)


@pytest.mark.browser
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_finds_no_serious_barrier_on_the_first_page(tmp_path, scheme):
    (tmp_path / "static" / "pyodide").mkdir(parents=True)
    lite_landing.write(tmp_path, PUBLISHED)
    with browser(color_scheme=scheme) as context:
        page = context.new_page()
        page.goto((tmp_path / "index.html").as_uri())
        assert serious(page) == []


def test_the_first_page_counts_what_there_is_and_names_nobody(tmp_path):
    kit = tmp_path / "static" / "pyodide"
    kit.mkdir(parents=True)
    files = {"a.whl": b"\0" * 3_000_000, "pyodide.asm.wasm": bytes(range(256)) * 8000, "package.json": b"{}"}
    for name, data in files.items():
        (kit / name).write_bytes(data)
    lite_landing.write(tmp_path, {})
    page = (tmp_path / "index.html").read_text("utf-8")
    fetched = json.loads(re.search(r"const files = (.*);", page).group(1))
    assert fetched == [["static/pyodide/pyodide.asm.wasm", 2_048_000], ["static/pyodide/a.whl", 3_000_000]]
    small = sum(len(gzip.compress(files[name.rpartition("/")[2]], 6)) for name, _ in fetched) / 1e6
    assert f"Python and its packages are 5 MB, {small:.0f} MB if" in page
    assert "://" not in page and "$" not in page
    assert all(f"path=notebooks/{one.file}" in page and one.question in page for one in LESSONS)


def test_the_first_page_leads_elsewhere_once_there_is_such_a_place(tmp_path):
    (tmp_path / "static" / "pyodide").mkdir(parents=True)
    lite_landing.write(tmp_path, PUBLISHED)
    page = (tmp_path / "index.html").read_text("utf-8")
    found = re.findall(r'href="(https:[^"]*)"', page)
    assert found == [PUBLISHED[name] for name in ("Documentation", "Repository", "Issues")]
    lite_landing.write(tmp_path, {"Issues": PUBLISHED["Issues"]})
    page = (tmp_path / "index.html").read_text("utf-8")
    assert re.findall(r'href="(https:[^"]*)"', page) == [PUBLISHED["Issues"]]
