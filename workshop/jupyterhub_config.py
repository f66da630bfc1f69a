"""A hub for one room: JupyterHub 6 on one machine, a folder for everybody, nothing to install for a learner.

    WORKSHOP_PASSWORD=... jupyterhub -f workshop/jupyterhub_config.py

`workshop/hub.md` says how to install it, how large a machine a class needs, and what this hub does not protect.
These variables change it:

WORKSHOP_PASSWORD       what everybody in the room types, eight characters or more; without it the hub does not start
WORKSHOP_FOLDER         where the folders of the learners lie (workshop-data, here)
WORKSHOP_ADDRESS        where the hub listens (http://:8000, every network of this machine)
WORKSHOP_IDLE_SECONDS   after how long a kernel that computes nothing is ended (1800)
"""

import asyncio
import os
import sys
from pathlib import Path

from tornado.web import HTTPError

from momentum_lab import opening
from momentum_lab.slips import Slip
from momentum_lab.workspace.updating import copy
from momentum_lab.workspace.writing import refusal

PASSWORD = os.environ.get("WORKSHOP_PASSWORD", "")
FOLDER = Path(os.environ.get("WORKSHOP_FOLDER", "workshop-data")).resolve()
ADDRESS = os.environ.get("WORKSHOP_ADDRESS", "http://:8000")
IDLE = os.environ.get("WORKSHOP_IDLE_SECONDS", "1800")
COURSE = "momentum-lab"  # the folder of the course in a learner's home

if len(PASSWORD) < 8:
    sys.exit("Set WORKSHOP_PASSWORD to what the room shall type, eight characters or more, and start the hub again.")
if not IDLE.isdecimal() or int(IDLE) == 0:
    sys.exit(f"WORKSHOP_IDLE_SECONDS is a whole number of seconds such as 1800; this is {IDLE!r}.")

c = get_config()  # noqa: F821  JupyterHub provides it

# ------------------------------------------------------------------------------- the hub, and who may come in

FOLDER.mkdir(parents=True, exist_ok=True)
c.JupyterHub.bind_url = ADDRESS
c.JupyterHub.db_url = f"sqlite:///{FOLDER}/hub.sqlite"
c.JupyterHub.cookie_secret_file = str(FOLDER / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(FOLDER / "proxy.pid")

# One password for the room.  It keeps strangers out and learners apart by courtesy only; see hub.md.
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = PASSWORD
c.Authenticator.allow_all = True
c.JupyterHub.template_vars = {
    "announcement_login": "Take a name that nobody else here has: small letters, digits, - and _, such as ada-2. "
    "The password is the one of the room."
}
# It becomes the name of a folder.  JupyterHub compares from the start only, hence the end in the pattern.
c.Authenticator.username_pattern = r"[a-z0-9][a-z0-9_-]{0,30}\Z"

# -------------------------------------------------------------------------------------- one server for everybody

variables = dict.fromkeys(("PATH", "JUPYTER_PATH"), "")
variables["PATH"] = os.environ.get("PATH", "")
opening.own_first(variables, Path(sys.prefix), Path(sys.executable))
# One thread each: many small arrays gain nothing from more, and forty learners share the cores.
variables.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = f"{FOLDER}/homes/{{username}}"
c.Spawner.notebook_dir = f"~/{COURSE}"
c.Spawner.environment = variables
c.Spawner.cmd = [sys.executable, "-P", "-m", "jupyterhub.singleuser"]
c.Spawner.args = [
    f"--LabApp.app_settings_dir={opening.SETTINGS}",
    # The course needs no terminal.  This is no wall: a cell can run any program.
    "--ServerApp.terminals_enabled=False",
    f"--MappingKernelManager.cull_idle_timeout={IDLE}",
    f"--MappingKernelManager.cull_interval={max(1, int(IDLE) // 6)}",
    # A tab left open counts as a connection, and learners leave every tab open.  A cell that runs is never ended.
    "--MappingKernelManager.cull_connected=True",
    "--MappingKernelManager.cull_busy=False",
    *opening.as_root(),
]

# A whole class comes at once, and each start takes about four seconds of a core: let them queue, refuse nobody.
c.JupyterHub.concurrent_spawn_limit = 0
c.Spawner.start_timeout = c.Spawner.http_timeout = 300


async def lay_out_the_course(spawner):
    """Copy or update the course in the learner's home; whatever they changed stays."""
    folder = Path(spawner.home_dir, COURSE)
    try:
        outcome = await asyncio.to_thread(copy, folder)  # so that the hub answers others meanwhile
    except (Slip, OSError) as error:
        said = str(error) if isinstance(error, Slip) else refusal(error)
        refused = HTTPError(500, "%s", said)  # a program that asked for the server is shown this,
        refused.jupyterhub_message = said  # and the learner's page this
        raise refused from error
    spawner.log.info("The course of %s: %s", spawner.user.name, outcome)
    for option in opening.first_page(folder):
        spawner.default_url = option.partition("=")[2]


c.Spawner.pre_spawn_hook = lay_out_the_course
