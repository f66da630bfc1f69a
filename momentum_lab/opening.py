"""Open JupyterLab on the course: what `start.py` in a checkout and `momentum-lab start` have in common.

`start.py` loads this file by its path, before there is an environment: the standard library only, and nothing of ours.
"""

import os
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

PROGRESS = "momentum-lab-progress.sqlite"
# overrides.json: the defaults that the course wants.  What widgets tell the kernel goes the way that cells go: by
# JupyterLab's own default two threads handle it, and a click now and then came before the number typed ahead of it.
SETTINGS = Path(__file__).parent / "jupyterlab"
ADVICE = "If no browser opens, copy the address printed below into one."


def options(folder):
    """Return JupyterLab's options for a folder with the course in it.

    Parameters
    ----------
    folder : Path
    """
    return [f"--ServerApp.root_dir={folder}", *first_page(folder), *as_root()]


def first_page(folder):
    """Return the option that puts the first lesson in view, or, for somebody who has begun, the page to go on from."""
    lessons = sorted((folder / "notebooks").glob("[0-9]*.ipynb"))
    home = folder / "notebooks" / "home.ipynb"
    if (folder / PROGRESS).exists() and home.exists():
        lessons.insert(0, home)
    return ["--LabApp.default_url=/lab/tree/notebooks/" + quote(lesson.name) for lesson in lessons[:1]]


def as_root():
    """Return the option without which JupyterLab refuses to run as root, as one often is in containers."""
    return ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def own_first(variables, environment, python):
    """Make Jupyter take the kernel, the settings and the programs of one environment, whatever else there is.

    Parameters
    ----------
    variables : dict
        The variables of the program that is about to run; they are changed.
    environment, python : Path
        The folder of the environment, and its Python.
    """
    # Jupyter searches JUPYTER_PATH first.  Otherwise a kernel called python3 in the learner's home could
    # shadow ours, and lack our packages.
    prepend(variables, "JUPYTER_PATH", environment / "share" / "jupyter")
    variables["JUPYTER_PREFER_ENV_PATH"] = "1"  # the same for settings
    variables.setdefault("PYTHONSTARTUP", str(SETTINGS / "startup.py"))  # a cell run too early says what comes first
    # Terminals in JupyterLab, and programs that look for a helper by name, find the environment's own.
    prepend(variables, "PATH", python.parent)


def prepend(variables, name, folder):
    """Put a folder in front of a variable that lists folders."""
    variables[name] = os.pathsep.join(filter(None, [str(folder), variables.get(name)]))


def lend_a_home(variables, folder):
    """Let Jupyter write into the course's folder where the home folder cannot be written, as on some locked machines.

    Parameters
    ----------
    variables : dict
        They are changed.
    folder : Path
    """
    home = Path(os.path.expanduser("~"))
    there = next((place for place in (home, *home.parents) if place.exists()), home)
    if os.access(str(there), os.W_OK):
        return
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "MPLCONFIGDIR"):
        variables.setdefault(name, str(folder / ".home" / name.lower()))


def become(command, variables, folder):
    """Run a program in the place of this one: signals, Ctrl-C and the exit code are then all its own."""
    lend_a_home(variables, folder)
    os.chdir(str(folder))
    if os.name != "nt":
        os.execve(command[0], command, variables)
    # Windows cannot replace a program by another.  JupyterLab hears Ctrl-C and asks what to do; stay out.
    signal.signal(signal.SIGINT, lambda *_: None)
    return subprocess.call(command, env=variables)
