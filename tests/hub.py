"""A real JupyterHub with its real proxy on this machine, run with the configuration of `workshop/`."""

import http.cookiejar
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "heavy-ball-1964"
# What a test needs besides: ports that are free, and a way in for a program.  All else is the real file.
ADDED = """
load_subconfig({config!r})
c.JupyterHub.hub_port = {hub}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api}"
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.Spawner.environment = dict(c.Spawner.environment, PYTHONPATH={site!r})
c.JupyterHub.services = [dict(name="test", api_token={token!r})]
scopes = ["admin:users", "admin:servers", "admin:server_state", "access:servers"]
c.JupyterHub.load_roles = [dict(name="test", services=["test"], scopes=scopes)]
"""


def find_hub():
    """Return (Python that has JupyterHub, the proxy), or None where one of the two is not on the path."""
    hub, proxy = shutil.which("jupyterhub"), shutil.which("configurable-http-proxy")
    return hub and proxy and (Path(hub).with_name("python"), Path(proxy).absolute())


def free_ports(number):
    probes = [socket.socket() for _ in range(number)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


class Hub:
    """A hub over one folder, with the course from `site`; a context manager."""

    def __init__(self, folder, site, idle):
        folder.mkdir(exist_ok=True)
        self.folder, self.token = folder, secrets.token_hex(16)
        port, hub, api = free_ports(3)
        self.url = f"http://127.0.0.1:{port}"
        python, proxy = find_hub()
        config = folder / "test_config.py"
        own = str(ROOT / "workshop" / "jupyterhub_config.py")
        config.write_text(
            ADDED.format(config=own, hub=hub, api=api, proxy=str(proxy), site=str(site), token=self.token), "utf-8"
        )
        variables = {
            **os.environ,
            "PYTHONPATH": str(site),
            "WORKSHOP_FOLDER": str(folder),
            "WORKSHOP_ADDRESS": self.url,
        }
        variables |= {"WORKSHOP_PASSWORD": PASSWORD, "WORKSHOP_IDLE_SECONDS": str(idle)}
        self.log = (folder / "log").open("w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [python, "-m", "jupyterhub", "-f", config], cwd=folder, env=variables, stdout=self.log, stderr=self.log
        )

    def __enter__(self):
        try:
            with (self.folder / "log").open(encoding="utf-8") as log:
                while "JupyterHub is now running" not in log.readline():
                    assert self.process.poll() is None, self.said()
        except BaseException:
            self.process.kill()
            raise
        return self

    def __exit__(self, *error):
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)
        self.log.close()
        _, left = psutil.wait_procs(children, timeout=30)
        for process in left:
            process.kill()
        assert not left, f"The hub left {len(left)} processes behind."

    def said(self):
        return (self.folder / "log").read_text("utf-8")

    def ask(self, path, body=None, method=None):
        """Return the answer to a request by the test's own token; as JSON, None where it is empty."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self.url}/{path}", data, {"Authorization": f"token {self.token}"}, method=method
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def log_in(self, name, password=PASSWORD):
        """Come in by the page, as a person does; return the code of the last answer."""
        jar = http.cookiejar.CookieJar()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        page = f"{self.url}/hub/login?next=%2Fhub%2Fhome"
        browser.open(page, timeout=60).close()
        xsrf = next(cookie.value for cookie in jar if cookie.name == "_xsrf")
        form = urllib.parse.urlencode({"username": name, "password": password, "_xsrf": xsrf}).encode()
        try:
            with browser.open(page, form, timeout=60) as answer:
                return answer.status
        except urllib.error.HTTPError as refused:
            refused.close()
            return refused.code

    def begin(self, names):
        """Start the servers of all at once, and return when every one is ready."""
        with ThreadPoolExecutor(len(names)) as together:
            list(together.map(lambda name: self.ask(f"hub/api/users/{name}/server", {}, "POST"), names))
        for name in names:
            request = urllib.request.Request(
                f"{self.url}/hub/api/users/{name}/server/progress", headers={"Authorization": f"token {self.token}"}
            )
            with urllib.request.urlopen(request, timeout=300) as events:  # ends when the server is ready, or failed
                last = [line for line in events.read().decode().splitlines() if line.startswith("data:")][-1]
            assert json.loads(last.removeprefix("data:"))["ready"] is True, last + self.said()

    def megabytes(self, name=None):
        """Return (shared pages divided among their users, all pages) of one learner, or of hub and proxy."""
        if name:
            first = psutil.Process(self.ask(f"hub/api/users/{name}")["servers"][""]["state"]["pid"])
            processes = [first, *first.children(recursive=True)]
        else:
            first = psutil.Process(self.process.pid)
            processes = [first, *(one for one in first.children() if "http-proxy" in " ".join(one.cmdline()))]
        memory = [one.memory_full_info() for one in processes]
        return sum(one.pss for one in memory) / 1e6, sum(one.rss for one in memory) / 1e6


async def compute(hub, name, kernel, code):
    """Run code in a learner's kernel as JupyterLab does; return the connection, still open, and the status."""
    address = f"{hub.url}/user/{name}/api/kernels/{kernel}/channels".replace("http", "ws", 1)
    request = HTTPRequest(address, headers={"Authorization": f"token {hub.token}"})
    socket = await websocket_connect(request)
    header = {"msg_id": secrets.token_hex(8), "msg_type": "execute_request", "username": name, "session": "test"}
    message = {"header": {**header, "version": "5.4", "date": ""}, "parent_header": {}, "metadata": {}}
    content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
    await socket.write_message(json.dumps({**message, "content": content, "channel": "shell", "buffers": []}))
    while True:
        said = json.loads(await socket.read_message())
        if said["msg_type"] == "execute_reply" and said["parent_header"]["msg_id"] == header["msg_id"]:
            return socket, said["content"]["status"]
