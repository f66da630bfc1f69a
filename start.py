"""Set up and open the course with nothing but Python 3.11 or newer.

    python start.py                                open the course in JupyterLab
    python start.py -- --no-browser --port 8899    the same; the rest is for JupyterLab
    python start.py test [--full] [arguments]      run the tests; the rest is for pytest
    python start.py doctor                         say what is there, change nothing
    python start.py progress                       say which exercises have passed
    python start.py report [FILE]                  write what you have done as one HTML page
    python start.py print LESSON [FILE]            write a lesson as one HTML page that prints well

The first run makes an environment beside this file: .venv for the course, .venv-dev for the tests.
It holds exactly the packages that the lock file names; nothing is installed anywhere else.
"""

# How to read this file: the verbs come first, their helpers follow.  It uses the standard library alone
# and no syntax newer than Python 3.6, because an old Python must get far enough to say that it is old.

import argparse
import contextlib
import errno
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from typing import NamedTuple

sys.dont_write_bytecode = True  # what is only asked, such as `doctor`, must change nothing
OLDEST = (3, 11)
HERE = Path(__file__).resolve().parent
OVERRIDES = HERE / "momentum_lab" / "jupyterlab" / "overrides.json"
OPENING = HERE / "momentum_lab" / "opening.py"
CHECKED_BY_RUFF = ["momentum_lab", "course", "tests", "benchmarks", "workshop", "start.py"]
# The notebooks are tested in a process of their own.  The tests turn every warning into an error, but a
# lesson must not fail because a new Jupyter deprecates something.
# Whole files on as many processes as the machine has cores: a file's tests share a browser or a kernel.
SPREAD = ["--numprocesses=auto", "--maxprocesses=4", "--dist=loadfile"]
NBVAL = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=60"]
NBVAL += ["--nbval-sanitize-with=tests/nbval.cfg", "-W", "default", "-p", "no:cacheprovider"]

SCHEME = 1  # raise it when environments made by an older start.py must not be used any more
MARKER = "made-by-start.lock"  # an empty file: says "this folder is ours"; locked while we build
STAMP = "made-by-start.json"  # written last: says "finished", and from what


class Environment(NamedTuple):
    """A folder of packages, the lock file that names them, and what a first start costs."""

    folder: Path
    lock: Path
    cost: str

    @property
    def python(self):
        """Return the path of the environment's own Python."""
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


LEARNER = Environment(HERE / ".venv", HERE / "requirements.lock", "about 100 MB to download")
TESTER = Environment(HERE / ".venv-dev", HERE / "requirements-dev.lock", "about 160 MB to download")


class Trouble(Exception):
    """Something foreseeable went wrong; the message is one sentence with the cause and the cure."""


# ------------------------------------------------------------------------------------------ the verbs


def open_course(arguments):
    """Set up the course and turn into JupyterLab, with the first lesson in view."""
    python = set_up(LEARNER)
    opening = load_opening()
    print(opening.ADVICE, flush=True)
    return become([str(python), "-m", "jupyterlab", *opening.options(HERE), *arguments], child_variables(LEARNER))


def run_tests(arguments):
    """Set up the test tools and run every part, whatever the parts before it said."""
    python = set_up(TESTER)
    variables = child_variables(TESTER)
    variables["MOMENTUM_LAB_PROGRESS"] = "none"  # a test run is no learner's progress
    if "--full" in arguments:
        variables["MOMENTUM_LAB_FULL"] = "1"
    chosen = [argument for argument in arguments if argument != "--full"]
    parts = [("tests", ["pytest", *arguments])] if chosen else all_parts(arguments)
    codes = [(name, run([str(python), "-m", *command], variables)) for name, command in parts]
    print()
    for name, code in codes:
        verdict = f"FAILED, exit code {code}" if code else "passed"
        print(f"{name:12}{verdict}")
    return 1 if any(code for name, code in codes) else 0


def all_parts(arguments):
    """Return the parts of a plain `test`: style first, because it fails fastest."""
    return [
        ("ruff check", ["ruff", "check", *CHECKED_BY_RUFF]),
        ("ruff format", ["ruff", "format", "--check", *CHECKED_BY_RUFF]),
        ("tests", ["pytest", "tests", *SPREAD, *arguments]),
        ("notebooks", ["pytest", *NBVAL, *SPREAD, "notebooks", "solutions"]),
    ]


def examine(arguments):
    """Say what is there, change nothing; an environment that is ready speaks for itself."""
    print(f"Started by   Python {sys.version.split()[0]} ({sys.executable})")
    problem = complaint(LEARNER)
    if problem:
        print(f"Not ready: {problem}.  Run: python start.py")
        return 1
    print(f"Environment  {LEARNER.folder}")
    # -B: a doctor who changes nothing writes no bytecode either.
    command = [str(LEARNER.python), "-B", "-m", "momentum_lab", "doctor", *arguments]
    return run(command, child_variables(LEARNER))


def ask_the_course(verb):
    """Return the function of a verb that the course itself answers, once its environment is ready."""

    def ask(arguments):
        problem = complaint(LEARNER)
        if problem:
            return fail(f"Not ready: {problem}.  Run: python start.py")
        return run([str(LEARNER.python), "-m", "momentum_lab", verb, *arguments], child_variables(LEARNER))

    return ask


VERBS = {"open": open_course, "test": run_tests, "doctor": examine}
VERBS.update((verb, ask_the_course(verb)) for verb in ("progress", "report", "print"))


def load_opening():
    """Return the module that opens JupyterLab, shared with people who installed the course.

    It is loaded by its path: a course that is installed elsewhere must not come in its place.
    """
    spec = importlib.util.spec_from_file_location("opening", str(OPENING))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def become(command, variables):
    """Run a program in the place of this one, in the course's folder."""
    return load_opening().become(command, variables, HERE)


# ---------------------------------------------------------------------------- is the environment ready?


def set_up(environment):
    """Build an environment unless it is ready, and return its Python."""
    problem = complaint(environment)
    if problem:
        environment.folder.mkdir(exist_ok=True)
        with locked(environment):
            # Asked again: another start.py may have done the work while this one waited for the lock.
            if complaint(environment):
                announce(environment, problem)
                build(environment)
    return environment.python


def complaint(environment):
    """Say in a few words why an environment cannot be used, or return None when it can."""
    wanted = stamp(environment)
    if is_foreign(environment.folder):
        raise Trouble(
            f"{environment.folder} was not made by start.py, so it is left alone: "
            f"rename it, or delete it if you do not need it, {AGAIN}"
        )
    try:
        found = json.loads((environment.folder / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "the set-up was interrupted" if environment.folder.exists() else "nothing is set up yet"
    for what, value in wanted.items():
        if found.get(what) != value:
            return f"the {what} changed"
    return None if starts(environment.python) else "the Python it was made from is gone"


def stamp(environment):
    """Return everything an environment depends on: when one of these changes, it is built anew."""
    recipe = environment.lock.read_bytes() + OVERRIDES.read_bytes()
    return {
        "set-up itself": SCHEME,
        "list of packages": hashlib.sha256(recipe).hexdigest(),
        # The ending of compiled modules tells Python's version, its variant and the machine in one word.
        "Python": sysconfig.get_config_var("EXT_SUFFIX"),
        # Environments cannot be moved, their scripts hold the path.
        "folder": str(environment.folder),
    }


def is_foreign(folder):
    """Tell whether somebody else made this folder.  An empty one is as good as ours."""
    if (folder / MARKER).exists() or not folder.exists():
        return False
    return not folder.is_dir() or any(folder.iterdir())


def starts(python):
    """Tell whether a Python runs; it stops doing so when the Python it was made from is uninstalled."""
    try:
        return subprocess.call([str(python), "-I", "-S", "-c", ""], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


@contextlib.contextmanager
def locked(environment):
    """Let one start.py at a time build.  The system frees the lock, even after a crash."""
    with open(str(environment.folder / MARKER), "a") as marker:
        if not try_lock(marker):
            print(f"Another start.py is setting up {environment.folder}; waiting for it.", flush=True)
            while not try_lock(marker):
                time.sleep(0.2)
        yield


def try_lock(file):
    """Lock an open file against other processes; return False when another one holds it."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        # Some network drives know no locks; a course that starts is worth more than a perfect lock.
        return True
    return True


# ---------------------------------------------------------------------------- building an environment


def announce(environment, problem):
    """Say what is about to happen, how long it takes, and how to get rid of it again."""
    print(f"Setting up ({problem}): {environment.cost}, 1 to 3 minutes.")
    print(f"Everything goes into {environment.folder}; to uninstall, delete the folder {HERE}.")
    sys.stdout.flush()


def build(environment):
    """Build an environment from nothing.  The stamp comes last: without it, nothing counts as ready."""
    install_packages(environment)
    add_checkout(environment)
    add_overrides(environment)
    (environment.folder / STAMP).write_text(json.dumps(stamp(environment), indent=1), encoding="utf-8")


def empty(environment):
    """Delete everything in an environment except the marker, which is locked and keeps the folder ours."""
    for entry in environment.folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(str(entry))
        elif entry.name != MARKER:
            entry.unlink()


def add_checkout(environment):
    """Put this checkout on the environment's path, so that every lesson can `import momentum_lab`."""
    base = str(environment.folder)
    site = sysconfig.get_path("purelib", "venv", {"base": base, "platbase": base})
    # A relative path is plain ASCII, whatever the folder is called: Python reads this file in the
    # system's own encoding.
    Path(site, "momentum_lab.pth").write_text(os.path.relpath(str(HERE), site) + "\n", encoding="ascii")


def add_overrides(environment):
    """Give JupyterLab the defaults that the course wants; a learner's own settings still win."""
    settings = environment.folder / "share" / "jupyter" / "lab" / "settings"
    settings.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(str(OVERRIDES), str(settings / "overrides.json"))


class Way(NamedTuple):
    """One way to an environment: a command that makes it, one that fills it, and whether to go on after."""

    make: list
    fill: list
    last: bool = True  # when filling fails, no other way is tried


def ways(environment):
    """Return every way that this machine offers, the best first."""
    # In an activated environment sys.executable may lie in the very folder that is emptied before use.
    outer = getattr(sys, "_base_executable", None) or sys.executable
    folder, inner = str(environment.folder), str(environment.python)
    uv = shutil.which("uv")
    found = []
    if uv:
        make = [uv, "venv", "--allow-existing", "--python", outer, folder]
        # uv does not read pip's settings (a mirror, a proxy), so pip may succeed where uv failed.
        found.append(Way(make, [uv, "pip", "install", "--python", inner], last=False))
    if has("venv") and has("ensurepip"):
        found.append(Way([outer, "-m", "venv", folder], [inner, "-m", "pip", "install"]))
    if has("virtualenv"):
        found.append(Way([outer, "-m", "virtualenv", folder], [inner, "-m", "pip", "install"]))
    if has("venv") and has("pip"):
        # Debian keeps ensurepip in a package of its own: the outer pip fills an environment without pip.
        make = [outer, "-m", "venv", "--without-pip", folder]
        found.append(Way(make, [outer, "-m", "pip", "--python", inner, "install"]))
    return found


def has(module):
    """Tell whether this Python has a module, without importing it.  An empty folder is none."""
    spec = importlib.util.find_spec(module)
    return spec is not None and spec.origin is not None


def install_packages(environment):
    """Make an environment in the first way that works, and fill it with what the lock names."""
    trouble = NO_WAY
    for tried, way in enumerate(ways(environment)):
        if tried:
            print("That did not work; trying another way.", flush=True)
        empty(environment)
        trouble = attempt(way.make, environment, otherwise=NO_WAY)
        if trouble:
            continue
        lock = ["--require-hashes", "-r", str(environment.lock)]
        trouble = attempt([*way.fill, *lock], environment, otherwise=FAILED_INSTALL)
        if not trouble or way.last:
            break
    if trouble:
        raise Trouble(trouble)


def attempt(command, environment, otherwise):
    """Run an installer; return None when it worked, else one sentence, with its last lines above."""
    said = []
    with subprocess.Popen(
        command,
        env=child_variables(environment),
        cwd=str(HERE),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        try:
            for line in process.stdout:
                said.append(line.rstrip())
                # A dot for each package that pip takes up shows a learner on a slow line that it goes on.
                if line.startswith("Collecting "):
                    print(".", end="", flush=True)
        except KeyboardInterrupt:
            process.kill()
            raise
    if any(line.startswith("Collecting ") for line in said):
        print(flush=True)
    if process.returncode == 0:
        return None
    print("\n".join(said[-15:]), file=sys.stderr)
    return diagnosis(said) or otherwise


# ------------------------------------------------------------------------------- trouble, in one sentence

THIS = "{}.{}".format(*sys.version_info[:2])
AGAIN = "then run the same command again."
NO_WAY = (
    f"This Python cannot make an environment of its own: install the package python{THIS}-venv "
    f"(on Debian and Ubuntu: sudo apt install python{THIS}-venv), {AGAIN}"
)
FAILED_INSTALL = f"The packages could not be installed, the lines above say why: mend that, {AGAIN}"
FULL_DISK = f"The disk is full: free about 1 GB, {AGAIN}"
NO_NETWORK = (
    "The packages could not be downloaded, there is no connection: connect to the network "
    f"(behind a proxy, set HTTPS_PROXY), {AGAIN}"
)
NO_TRUST = (
    "The network's certificate is not trusted: ask who runs the network for the certificate file, "
    f"set SSL_CERT_FILE to its path, {AGAIN}"
)
WRONG_FILE = f"A downloaded file is not the one that the lock names: try another network, {AGAIN}"
NO_PACKAGE = (
    f"A package of the lock does not exist for Python {THIS} on this machine: "
    f"install Python 3.11, 3.12 or 3.13, {AGAIN}"
)

# Words of pip, uv and the system, and what they mean.  The first row that fits is the answer.
MEANINGS = [
    (FULL_DISK, ["no space left", "os error 28", "disk quota", "winerror 112"]),
    (NO_TRUST, ["certificate_verify_failed", "invalid peer certificate"]),
    (NO_NETWORK, ["failed to establish", "name resolution", "dns error", "connect error", "proxyerror"]),
    (WRONG_FILE, ["do not match the hashes", "hash mismatch"]),
    (NO_PACKAGE, ["no matching distribution", "no solution found"]),
]


def diagnosis(said):
    """Return the sentence for what an installer said, or None when nothing in it is known."""
    text = "\n".join(said).lower()
    for sentence, signs in MEANINGS:
        if any(sign in text for sign in signs):
            return sentence
    return None


def refusal(error):
    """Turn an error of the operating system into one sentence with the cause and the cure."""
    where = error.filename or HERE
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FULL_DISK
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"{where} cannot be written: close JupyterLab if it is running, "
            f"or copy the course into a folder of your own, {AGAIN}"
        )
    if error.errno == errno.ENOENT:
        return f"{where} is missing, so this copy of the course is incomplete: download the course again."
    return f"The system refused ({error}): mend that, {AGAIN}"


# ------------------------------------------------------------------------------------ running programs

# Another Python's paths, another JupyterLab's folder, other places to install to: none of our business.
LEAKS = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "JUPYTERLAB_DIR", "PIP_TARGET", "PIP_PREFIX"}


def child_variables(environment):
    """Return the variables for the programs of an environment: nothing of another Python leaks in."""
    variables = {name: value for name, value in os.environ.items() if name not in LEAKS}
    variables.update(PYTHONNOUSERSITE="1", PYTHONUTF8="1", PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
    load_opening().own_first(variables, environment.folder, environment.python)
    return variables


def run(command, variables):
    """Run a program and return its exit code."""
    sys.stdout.flush()
    process = subprocess.Popen(command, env=variables, cwd=str(HERE))
    try:
        return process.wait()
    except KeyboardInterrupt:
        # The program heard Ctrl-C too: pytest needs a moment to stop the servers that it started.
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
        process.kill()
        raise


# ------------------------------------------------------------------------------------------ command line


def read(argv):
    """Split the command line into our verb and the arguments that are handed on."""
    parser = argparse.ArgumentParser(
        prog="start.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("verb", nargs="?", choices=list(VERBS), default="open")
    # Only the first word is ours, and only when it is no option: all options but --help belong to others.
    ours = [word for word in argv[:1] if word in ("-h", "--help") or not word.startswith("-")]
    rest = argv[len(ours) :]
    return parser.parse_args(ours).verb, rest[1:] if rest[:1] == ["--"] else rest


def main(argv):
    """Run one verb; whatever goes wrong in a foreseeable way ends in one sentence."""
    if sys.version_info < OLDEST:
        return fail(
            "Python {}.{} or newer is needed; this is {} ({}): install a newer one, then start this file "
            "with it.".format(*OLDEST, sys.version.split()[0], sys.executable)
        )
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # a folder's name must not stop an old console
    try:
        verb, rest = read(argv)
        return VERBS[verb](rest)
    except Trouble as trouble:
        return fail(str(trouble))
    except OSError as error:
        return fail(refusal(error))
    except KeyboardInterrupt:
        fail("Stopped.")
        return 130


def fail(sentence):
    """Print one sentence where errors go, and return the exit code of a failure."""
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
