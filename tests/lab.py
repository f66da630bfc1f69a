"""A real JupyterLab in a real browser, for the tests and the benchmarks."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import nbformat
from playwright.sync_api import expect, sync_playwright

from momentum_lab import opening

expect.set_options(timeout=30_000)  # as long as any other wait: other tests run beside this one, on few cores

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autofill-server-url=http://127.0.0.1:9/",  # Chromium asks it what a text box is for
]


def find_browser():
    """Return the path of Chromium or one of its relatives, or None."""
    named = os.environ.get("MOMENTUM_LAB_CHROMIUM")
    return named or next((path for name in BROWSERS if (path := shutil.which(name))), None)


ONE_EXPLORER = """
from momentum_lab.explorers import CATALOGUE
explorer = CATALOGUE[{title!r}]()
if explorer.prediction:
    explorer.predict("skipped")
explorer
"""
"""The code of a cell that shows one explorer, past its bet."""


def write_notebook(folder, name, code):
    """Write a notebook of one cell, whose id is `explorer`."""
    cell = nbformat.v4.new_code_cell(code.strip(), id="explorer")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, Path(folder) / f"{name}.ipynb")


class Lab:
    """A JupyterLab server over one folder, on a free port, with an empty home."""

    def __init__(self, folder, python=sys.executable):
        self.folder, self.token = Path(folder), secrets.token_hex(8)
        self._home = tempfile.TemporaryDirectory(prefix="home-")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        home = {"HOME": self._home.name, "JUPYTER_CONFIG_DIR": f"{self._home.name}/config"}
        arguments = [
            "--no-browser", f"--port={self.port}", "--ServerApp.port_retries=0",
            f"--IdentityProvider.token={self.token}", f"--ServerApp.root_dir={self.folder}",
            "--LabApp.expose_app_in_browser=True", f"--LabApp.app_settings_dir={opening.SETTINGS}",
        ]  # fmt: skip
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            arguments.append("--allow-root")
        self.log = (Path(self._home.name) / "log").open("w+")
        self.process = subprocess.Popen(
            [python, "-m", "jupyterlab", *arguments],
            env={**os.environ, **home, "PYTHONPATH": str(ROOT), "JUPYTER_PREFER_ENV_PATH": "1"},
            stdout=self.log, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def wait(self, seconds=60):
        """Return when the server answers."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            try:
                return self.api("api/status")
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        self.log.seek(0)
        raise RuntimeError(f"JupyterLab did not start:\n{self.log.read()[-3000:]}")

    def api(self, path, method="GET"):
        """Ask the server's REST interface."""
        request = urllib.request.Request(
            f"{self.url}/{path}", method=method, headers={"Authorization": f"token {self.token}"}
        )
        body = urllib.request.urlopen(request, timeout=30).read()
        return json.loads(body) if body else None

    def stop(self):
        """End the server and its kernels."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        self._home.cleanup()


class Notebook:
    """One notebook open in the browser."""

    def __init__(self, page, lab, path):
        self.page, self.lab, self.path = page, lab, path

    def open(self, reset=True):
        """Open the notebook and wait for its kernel."""
        query = f"?{'reset&' if reset else ''}token={self.lab.token}"
        self.page.goto(f"{self.lab.url}/lab/tree/{quote(self.path)}{query}", wait_until="domcontentloaded")
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=90_000)
        return self

    def ready(self):
        """Wait until the kernel is connected and has nothing to do."""
        self.page.wait_for_function(
            """() => { const s = window.jupyterapp?.shell.currentWidget?.context?.sessionContext;
            return s && s.isReady && s.session?.kernel?.connectionStatus === 'connected'
                && s.session.kernel.status === 'idle' }""",
            timeout=90_000,
        )
        return self

    def command(self, name, **arguments):
        """Run one of JupyterLab's commands, and wait until it is done."""
        self.page.evaluate(
            """([name, args]) => { window.commandDone = false;
            window.jupyterapp.commands.execute(name, args).then(() => { window.commandDone = true }) }""",
            [name, arguments],
        )
        self.page.wait_for_function("() => window.commandDone", timeout=90_000)

    def run_all(self):
        """Run every cell, and wait for the end."""
        self.ready()
        self.command("notebook:run-all-cells")
        return self.ready()

    def cell(self, name):
        """The cell of that id, scrolled into view: JupyterLab keeps only what is near the window."""
        index = self.ids().index(name)
        cell = self.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{index}"]')
        scroll = "i => { window.jupyterapp.shell.currentWidget.content.scrollToItem(i, 'start') }"
        self.page.evaluate(scroll, index)
        cell.wait_for()
        return cell

    def ids(self):
        """The cell ids, in order."""
        stored = json.loads((self.lab.folder / self.path).read_text("utf-8"))
        return [cell["id"] for cell in stored["cells"]]

    def save(self):
        """Save, and wait for it."""
        self.command("docmanager:save")


@contextmanager
def browser(**options):
    """A headless Chromium with an empty profile."""
    with sync_playwright() as playwright:
        root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        engine = playwright.chromium.launch(executable_path=find_browser(), headless=True, args=FLAGS + root)
        context = engine.new_context(viewport={"width": 1400, "height": 1000}, **options)
        context.set_default_timeout(30_000)
        try:
            yield context
        finally:
            engine.close()
