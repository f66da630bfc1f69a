"""Install the course from this stick, without a network.

    python install.py             into the folder momentum-lab in your home folder
    python install.py FOLDER      into a folder of yours

The folder gets an environment (.venv) with the packages of this stick, and the lessons.  Nothing is installed anywhere
else.  Afterwards the stick is not needed any more.
"""

# It uses the standard library alone and no syntax newer than Python 3.6, because an old Python must get far enough to
# say that it is old.

import argparse
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True  # a stick may be read-only, and its list of hashes must stay right
OLDEST = (3, 11)
STICK = Path(__file__).resolve().parent
SUMS = "SHA256SUMS.txt"
MARKER = "made-by-install.lock"  # an empty file: says "this folder is ours"; locked while we build
STAMP = "made-by-install.json"  # written last: says "finished", and from what
ANOTHER = "copy the bundle onto the stick again, or ask for another stick."


class Damaged(Exception):
    """The stick is not what it was made as; the message is one sentence."""


def check_stick():
    """Compare every file with the list of hashes, and name the ones that are damaged or missing."""
    try:
        lines = (STICK / SUMS).read_text(encoding="utf-8").splitlines()
    except OSError:
        raise Damaged(f"The bundle is unfinished, it has no {SUMS}: {ANOTHER}")  # noqa: B904
    bad = [name for digest, _, name in (line.partition("  ") for line in lines) if sum_of(STICK / name) != digest]
    if bad or not lines:
        raise Damaged("Damaged or missing on the stick: {}; {}".format(", ".join(bad) or SUMS, ANOTHER))


def sum_of(file):
    """Return the SHA-256 of a file, or None if it cannot be read."""
    digest = hashlib.sha256()
    try:
        with open(str(file), "rb") as stream:
            for block in iter(lambda: stream.read(1 << 20), b""):
                digest.update(block)
    except OSError:
        return None
    return digest.hexdigest()


def check_machine():
    """Say so when the stick was made for other machines."""
    machines = json.loads((STICK / "made_for.json").read_text(encoding="utf-8"))["machines"]
    here = ["{}.{}".format(*sys.version_info[:2]), sys.platform]
    if here not in machines:
        known = ", ".join("Python {} on {}".format(*one) for one in machines)
        raise Damaged("This is Python {} on {}, and the stick is for: {}.".format(*here, known))


def load_environments():
    """Return the module that makes an environment, which the stick brings along."""
    spec = importlib.util.spec_from_file_location("environments", str(STICK / "environments.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def install(folder, environments):
    """Make the environment unless it is there, copy the lessons, and return the environment's Python."""
    environment = folder / ".venv"
    if folder.is_dir() and not (folder / ".momentum-lab.json").exists() and any(visible(folder)):
        raise environments.Trouble(f"{folder} holds other files already: name another folder.")
    if environments.is_foreign(environment, MARKER):
        raise environments.Trouble(f"{environment} was not made by install.py: name another folder.")
    environment.mkdir(parents=True, exist_ok=True)
    with environments.locked(environment, MARKER):
        fill(environment, environments)
    python = environments.python_of(environment)
    command = [str(python), "-m", "momentum_lab", "start", str(folder), "--copy-only"]
    if subprocess.call(command, env=environments.clean_variables(), cwd=str(environment)):
        raise environments.Trouble("The lessons could not be copied, the line above says why.")
    return python


def visible(folder):
    """Yield the entries that are not hidden: our own environment is."""
    return (entry for entry in folder.iterdir() if not entry.name.startswith("."))


def fill(environment, environments):
    """Install the packages of the stick, unless they are installed."""
    recipe = {"packages": sum_of(STICK / SUMS), "Python": sys.version, "folder": str(environment)}
    try:
        done = json.loads((environment / STAMP).read_text(encoding="utf-8")) == recipe
    except (OSError, ValueError):
        done = False
    if done and environments.starts(environments.python_of(environment)):
        return
    print(f"Installing into {environment.parent}, 1 to 3 minutes; to uninstall, delete the folder.", flush=True)
    wheels = STICK / "wheels"
    wanted = ["--no-index", "--find-links", str(wheels), "--require-hashes", "-r", str(STICK / "requirements.txt")]
    pip = max(wheels.glob("pip-*.whl"))
    environments.install(environment, MARKER, wanted, environments.clean_variables(), pip)
    (environment / STAMP).write_text(json.dumps(recipe), encoding="utf-8")


def main(argv):
    """Install; whatever goes wrong in a foreseeable way ends in one sentence."""
    if sys.version_info < OLDEST:
        return fail("Python {}.{} or newer is needed, this is {}.".format(*OLDEST, sys.version.split()[0]))
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # a folder's name must not stop an old console
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", metavar="FOLDER", default=str(Path.home() / "momentum-lab"))
    folder = Path(os.path.abspath(os.path.expanduser(parser.parse_args(argv).folder)))
    try:
        check_stick()
        check_machine()
    except Damaged as damage:
        return fail(str(damage))
    return guarded(folder, load_environments())


def guarded(folder, environments):
    """Install and say how to open the course; return the exit code."""
    try:
        python = install(folder, environments)
    except environments.Trouble as trouble:
        return fail(str(trouble))
    except OSError as error:
        return fail(environments.refusal(error, folder))
    except KeyboardInterrupt:
        fail("Stopped.")
        return 130
    command = environments.pasted(str(python), "-m", "momentum_lab", "start", str(folder))
    print(f"To open the course:\n\n    {command}\n")
    return 0


def fail(sentence):
    """Print one sentence where errors go, and return the exit code of a failure."""
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
