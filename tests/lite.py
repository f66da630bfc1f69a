"""The browser edition in a real browser: its files on the loopback, and every request noted."""

import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

from lab import Notebook


class _Files(SimpleHTTPRequestHandler):
    """The files of a folder, as a plain web server would hand them out."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript", ".wasm": "application/wasm"}
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass


class Site:
    """A static web server over the folder of a built site."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Files, directory=self.folder))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        """End the server."""
        self._server.shutdown()
        self._server.server_close()


class LiteNotebook(Notebook):
    """One notebook open in the browser edition."""

    def __init__(self, page, site, path):
        super().__init__(page, site, f"files/{path}")
        self.name = path

    def open(self):
        """Open the notebook and wait until it is shown; Python may still be on its way."""
        self.page.goto(f"{self.lab.url}/lab/index.html?path={quote(self.name)}", wait_until="domcontentloaded")
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=90_000)
        return self


def note_requests(context, site):
    """Return a list that will hold the address of every request that leaves the machine; none of them gets through."""
    away = []

    def let_through(route):
        if route.request.url.startswith((site.url, "data:", "blob:")):
            return route.continue_()
        away.append(route.request.url)
        return route.abort()

    context.route("**/*", let_through)
    return away
