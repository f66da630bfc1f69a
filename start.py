"""Set up and open the course with nothing but Python 3.11 or newer.

    python start.py                                open the course in JupyterLab
    python start.py -- --no-browser --port 8899    the same; the rest is for JupyterLab
    python start.py test [--full] [arguments]      run the tests; the rest is for pytest
    python start.py doctor                         say what is there, change nothing
    python start.py progress                       say which exercises have passed
    python start.py report [FILE]                  write what you have done as one HTML page
    python start.py print LESSON [FILE]            write a lesson as one HTML page that prints well
    python start.py class-check FILE               who teaches says the words of momentum-lab in this way too:
                                                   class-summary, bundle, release, collect, grade, gradescope

The first run makes an environment beside this file: .venv for the course, .venv-dev for the tests.
It holds exactly the packages that the lock file names; nothing is installed anywhere else.
"""

# How to read this file: the verbs come first, their helpers follow.  It uses the standard library alone
# and no syntax newer than Python 3.6, because an old Python must get far enough to say that it is old.

import argparse
import contextlib
import errno
import functools
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import NamedTuple

sys.dont_write_bytecode = True  # what is only asked, such as `doctor`, must change nothing
OLDEST = (3, 11)
HERE = Path(__file__).resolve().parent
OVERRIDES = HERE / "momentum_lab" / "jupyterlab" / "overrides.json"
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
        return load("environments").python_of(self.folder)


LEARNER = Environment(HERE / ".venv", HERE / "requirements.lock", "about 100 MB to download")
TESTER = Environment(HERE / ".venv-dev", HERE / "requirements-dev.lock", "about 160 MB to download")


# ------------------------------------------------------------------------------------------ the verbs


def open_course(arguments):
    """Set up the course and turn into JupyterLab, with the first lesson in view."""
    python = set_up(LEARNER)
    opening = load("opening")
    print(opening.ADVICE, flush=True)
    # -P: a file of the learner's called random.py must not come in the place of Python's.
    return become([str(python), "-P", "-m", "jupyterlab", *opening.options(HERE), *arguments], child_variables(LEARNER))


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
    is_for_others = bool(arguments)  # --code and --for-a-bug-report are sent to somebody: no path of this machine
    if not is_for_others:
        print(f"Started by   Python {sys.version.split()[0]} ({sys.executable})")
    problem = complaint(LEARNER)
    if problem:
        print(f"Not ready: {problem}.  Run: python start.py")
        return 1
    if not is_for_others:
        print(f"Environment  {LEARNER.folder}")
    # -B: a doctor who changes nothing writes no bytecode either.
    command = [str(LEARNER.python), "-B", "-P", "-m", "momentum_lab", "doctor", *arguments]
    return run(command, child_variables(LEARNER))


def ask_the_course(verb):
    """Return the function of a verb that the course itself answers, once its environment is ready."""

    def ask(arguments):
        problem = complaint(LEARNER)
        if problem:
            return fail(f"Not ready: {problem}.  Run: python start.py")
        return run([str(LEARNER.python), "-P", "-m", "momentum_lab", verb, *arguments], child_variables(LEARNER))

    return ask


VERBS = {"open": open_course, "test": run_tests, "doctor": examine}
TEACHING = ("class-check", "class-summary", "bundle", "release", "collect", "grade", "gradescope")
VERBS.update((verb, ask_the_course(verb)) for verb in ("progress", "report", "print", *TEACHING))


@functools.lru_cache(maxsize=None)  # noqa: UP033, an old Python must be able to read this
def load(name):
    """Return a module of the course that is shared with people who installed it: `opening`, `environments`.

    It is loaded by its path: a course that is installed elsewhere must not come in its place.
    """
    spec = importlib.util.spec_from_file_location(name, str(HERE / "momentum_lab" / (name + ".py")))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def become(command, variables):
    """Run a program in the place of this one, in the course's folder."""
    return load("opening").become(command, variables, HERE)


# ---------------------------------------------------------------------------- is the environment ready?


def set_up(environment):
    """Build an environment unless it is ready, and return its Python."""
    problem = complaint(environment)
    if problem:
        environment.folder.mkdir(exist_ok=True)
        with load("environments").locked(environment.folder, MARKER):
            # Asked again: another start.py may have done the work while this one waited for the lock.
            if complaint(environment):
                announce(environment, problem)
                build(environment)
    return environment.python


def complaint(environment):
    """Say in a few words why an environment cannot be used, or return None when it can."""
    wanted = stamp(environment)
    ours = load("environments")
    if ours.is_foreign(environment.folder, MARKER):
        raise ours.Trouble(
            f"{environment.folder} was not made by start.py, so it is left alone: "
            f"rename it, or delete it if you do not need it, {ours.AGAIN}"
        )
    try:
        found = json.loads((environment.folder / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "the set-up was interrupted" if environment.folder.exists() else "nothing is set up yet"
    for what, value in wanted.items():
        if found.get(what) != value:
            return f"the {what} changed"
    return None if ours.starts(environment.python) else "the Python it was made from is gone"


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


# ---------------------------------------------------------------------------- building an environment


def announce(environment, problem):
    """Say what is about to happen, how long it takes, and how to get rid of it again."""
    print(f"Setting up ({problem}): {environment.cost}, 1 to 3 minutes.")
    print(f"Everything goes into {environment.folder}; to uninstall, delete the folder {HERE}.")
    sys.stdout.flush()


def build(environment):
    """Build an environment from nothing.  The stamp comes last: without it, nothing counts as ready."""
    wanted = ["--require-hashes", "-r", str(environment.lock)]
    load("environments").install(environment.folder, MARKER, wanted, child_variables(environment))
    add_checkout(environment)
    add_overrides(environment)
    (environment.folder / STAMP).write_text(json.dumps(stamp(environment), indent=1), encoding="utf-8")


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


# ------------------------------------------------------------------------------------ running programs


def child_variables(environment):
    """Return the variables for the programs of an environment: nothing of another Python leaks in."""
    variables = load("environments").clean_variables()
    load("opening").own_first(variables, environment.folder, environment.python)
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
    except KeyboardInterrupt:
        fail("Stopped.")
        return 130
    except OSError as error:
        return fail(refusal(error))
    except load("environments").Trouble as trouble:
        return fail(str(trouble))


def refusal(error):
    """Turn an error of the operating system into one sentence with the cause and the cure."""
    if error.errno == errno.ENOENT:
        where = error.filename or HERE
        return f"{where} is missing, so this copy of the course is incomplete: download the course again."
    return load("environments").refusal(error, HERE)


def fail(sentence):
    """Print one sentence where errors go, and return the exit code of a failure."""
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
