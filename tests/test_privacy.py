"""What docs/privacy.md promises: nothing of the course opens a connection, and the record holds what it says."""

import ast
import json
import re
from pathlib import Path

import pytest

import momentum_lab
from course import source
from momentum_lab import progress
from momentum_lab.checks import check, hint
from momentum_lab.explorers import dots_race
from momentum_lab.opening import SETTINGS

ROOT = source.ROOT
PAGE = (ROOT / "docs" / "privacy.md").read_text("utf-8")
# Modules that reach out, or can be told to.  urllib.parse takes addresses apart and opens nothing.
NETWORK = {
    "aiohttp", "asyncio", "ftplib", "http", "httpx", "imaplib", "nntplib", "poplib", "requests", "smtplib", "socket",
    "socketserver", "ssl", "telnetlib", "tornado", "urllib", "urllib3", "webbrowser", "websocket", "xmlrpc",
}  # fmt: skip
HARMLESS = {"urllib.parse"}


def network_modules(text):
    """Return the modules of `NETWORK` that a program imports, at the top or anywhere else."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module]
        found |= {name for name in names if name.partition(".")[0] in NETWORK and name not in HARMLESS}
    return found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import urllib.request", {"urllib.request"}),
        ("def f():\n    from http.client import HTTPConnection", {"http.client"}),
        ("from urllib.parse import quote\nfrom .socket import x\nimport os", set()),
    ],
)
def test_an_import_that_reaches_out_is_seen(text, found):
    assert network_modules(text) == found


def test_nothing_in_the_library_reaches_out():
    files = list(Path(momentum_lab.__file__).parent.rglob("*.py"))
    assert len(files) > 100
    assert {file.name: found for file in files if (found := network_modules(file.read_text("utf-8")))} == {}


@pytest.mark.parametrize("path", [*source.sources(), *source.extras()], ids=lambda p: p.stem)
def test_nothing_in_a_lesson_reaches_out(path):
    cells = source.read(path)
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    text = "\n".join(cell.source for cell in cells)
    assert not any(network_modules(cell) for cell in code if not cell.startswith(("%", "!")))
    assert not re.search(r"(src=|!\[[^\]]*\]\()[\"']?https?:|[%!]\s*pip|wget|curl", text)


def test_jupyterlab_is_told_to_ask_nobody():
    settings = json.loads((SETTINGS / "overrides.json").read_text("utf-8"))
    asked = settings["@jupyterlab/apputils-extension:notification"]
    assert asked == {"fetchNews": "false", "checkForUpdates": False}
    assert all(f"`{name}`" in PAGE for name in asked)


def test_the_record_holds_what_the_page_says(tmp_path, monkeypatch):
    """A try, a hint and a bet: when, what and how it went, and nothing of what was written."""
    file = tmp_path / progress.FILE
    monkeypatch.setenv(progress.VARIABLE, str(file))
    secret = "my_own_words_stay_mine"
    answer = f"def momentum_step(theta, velocity, grad, lr, beta):\n    {secret} = theta\n    return {secret}, velocity"
    exec(answer + "\ncheck('01.one_more_line')\nhint('01.one_more_line')", {"check": check, "hint": hint})
    dots_race().predict("skipped")
    kept = progress.current().events()
    assert [event.kind for event in kept] == ["attempt", "hint", "prediction"]
    assert [set(event.detail) for event in kept] == [{"status", "mistake", "points"}, {"number"}, {"option"}]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", event.at) for event in kept)
    assert secret.encode() not in file.read_bytes()
    assert [entry.name for entry in tmp_path.iterdir()] == [progress.FILE]
    assert f"`{progress.FILE}`" in PAGE and f"{progress.VARIABLE}={progress.NOTHING_KEPT}" in PAGE
