"""The browser edition in a real browser: built, on the loopback, with every request that goes elsewhere noted."""

import functools
import importlib.util
import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

from lab import ROOT, Notebook

from workshop import pyodide_kit

TYPES = {".mjs": "text/javascript", ".wasm": "application/wasm"}
NEEDS = ROOT / "workshop" / "requirements-lite.txt"


class CannotBuild(Exception):
    """There is no browser edition here; one sentence says why."""


def build(out):
    """Build the site into a new folder, by the command that people use.

    What cannot be downloaded here is no fault of the build; whatever fails after that is one.
    """
    python, kit = _python_with_jupyterlite(), os.environ.get("MOMENTUM_LAB_PYODIDE") or pyodide_kit.CACHE
    done = _run([python, ROOT / "workshop" / "pyodide_kit.py", kit])
    if done.returncode:
        raise CannotBuild((done.stderr.strip() or "no reason given").splitlines()[-1])
    done = _run([python, ROOT / "workshop" / "build_lite.py", out])
    assert done.returncode == 0, done.stderr
    return out


def _python_with_jupyterlite():
    """Return this Python if it has JupyterLite, else that of an environment kept in the user's cache."""
    if importlib.util.find_spec("jupyterlite_core"):
        return sys.executable
    home = Path(os.environ.get("MOMENTUM_LAB_LITE") or Path.home() / ".cache" / "momentum-lab" / "lite")
    python, stamp = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python"), home / "needs.txt"
    if not stamp.exists() or stamp.read_text() != NEEDS.read_text():
        install = [python, "-m", "pip", "install", "-q", "-r", NEEDS]
        for command in ([sys.executable, "-m", "venv", home], install):
            done = _run(command)
            if done.returncode:
                raise CannotBuild((done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()[-1])
        stamp.write_text(NEEDS.read_text())
    return python


def _run(command):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run([*map(str, command)], env=environment, capture_output=True, text=True)


class _Server:
    """A web server on the loopback, in threads of this process."""

    def __init__(self, handler):
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        """End the server."""
        self._server.shutdown()
        self._server.server_close()


class Site(_Server):
    """The folder of a built site, as a plain web server hands it out.

    Parameters
    ----------
    folder : Path
    rate : float, optional
        Bytes a second that all answers share, as on somebody's line; unlimited if left out.
    """

    def __init__(self, folder, rate=None):
        self.folder, self.sent = Path(folder), []  # (path, bytes) of every answer with a body
        self._rate, self._line = rate, threading.Lock()
        super().__init__(functools.partial(_Files, self, directory=self.folder))

    def hand_out(self, path, source, target):
        """Copy a file to a browser, as fast as the line allows."""
        size = 0
        while piece := source.read(1 << 16):
            if self._rate:
                with self._line:
                    time.sleep(len(piece) / self._rate)
            target.write(piece)
            size += len(piece)
        self.sent.append((path, size))


class _Files(SimpleHTTPRequestHandler):
    def __init__(self, site, *arguments, **options):
        self.site = site
        super().__init__(*arguments, **options)

    def guess_type(self, path):
        return TYPES.get(Path(path).suffix) or super().guess_type(path)

    def copyfile(self, source, target):
        self.site.hand_out(self.path, source, target)

    def log_message(self, *words):
        pass


class Gate(_Server):
    """A proxy that leads nowhere: `asked` holds every address beyond the loopback that a browser asked for.

    Unlike what a page can see, it sees what workers and service workers ask for too.
    """

    def __init__(self):
        self.asked = asked = []

        class Refuse(BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                self.send_error(403)

            do_CONNECT = do_POST = do_HEAD = do_OPTIONS = do_PUT = do_GET

            def log_message(self, *words):
                pass

        super().__init__(Refuse)
        self.proxy = {"server": self.url, "bypass": "127.0.0.1"}


class LiteNotebook(Notebook):
    """One notebook open in the browser edition."""

    def __init__(self, page, site, path):
        super().__init__(page, site, f"files/{path}")
        self.name = path

    def open(self):
        """Open the notebook and wait until it is shown; Python may still be on its way."""
        self.page.goto(f"{self.lab.url}/lab/index.html?path={quote(self.name)}", wait_until="domcontentloaded")
        return self.shown()

    def shown(self):
        """Wait until the notebook is on the screen."""
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=120_000)
        return self

    def code_cells(self):
        """Return (id, execution count, outputs) of every code cell as it stands in the browser."""
        cells = self.page.evaluate(
            "() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.toJSON().cells"
        )
        return [(c["id"], c["execution_count"], c["outputs"]) for c in cells if c["cell_type"] == "code"]
