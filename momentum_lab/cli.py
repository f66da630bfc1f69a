"""The command line program `momentum-lab`: one function per verb.

A new verb for learners is a function that takes the parsed arguments and returns an exit code, and two lines in
`command_line` that give it a name; one for teachers is a module in `FOR_TEACHERS`.  A verb imports what it needs when
it runs, so that `--version` is answered without loading anything.

Exit codes: 0 when it is done or there was nothing to do, 1 when it could not be done (one sentence says why), 2 when
the command was not understood, 130 after Ctrl-C.  `start` ends with the code of JupyterLab; `grade` has codes of
its own, see docs/grading.md.
"""

import argparse
import os
import sys
from importlib import import_module

from momentum_lab import __version__


def doctor(arguments):
    """Print what this machine has, the verdict, and one fix when something is wrong."""
    from momentum_lab.doctor import examine, print_report

    report = examine()
    if arguments.code:
        from momentum_lab.classroom import machine

        print(machine.to_code(machine.look(report)))
        return int(bool(report.problems))
    if arguments.for_a_bug_report:
        from momentum_lab.classroom.bug_report import lines

        print("\n".join(lines(report)))
        return 0
    return print_report(report)


def progress(arguments):
    """Print how every lesson stands and where that is kept."""
    from momentum_lab import progress as record
    from momentum_lab.checks import bank
    from momentum_lab.standing import standing

    lessons = [standing(lesson) for lesson in bank.lessons()]
    for where in lessons:
        if where.begun:
            print(where, end="\n\n")
    print(*(where.summary for where in lessons if not where.begun), sep="\n", end="\n\n")
    kept = record.where()
    if kept and kept.exists():
        print(f"Kept in {kept}.")
    else:
        print(f"Nothing is recorded yet{f' in {kept.parent}' if kept else ''}.")
        print("If you have done something already, say this again in the folder of your course.")
    return 0


def report(arguments):
    """Write the learner's report as one page."""
    from datetime import date
    from pathlib import Path

    from momentum_lab import progress as record
    from momentum_lab.standing import GENERATOR, page

    kept = record.where()
    file = Path(arguments.file) if arguments.file else (kept.parent if kept else Path()) / "momentum-lab-report.html"
    return _write("Your report", file, page(date.today().isoformat()), GENERATOR)


def print_notebook(arguments):
    """Write a notebook as one page for the browser's print view."""
    from pathlib import Path

    from momentum_lab.contents import lesson
    from momentum_lab.slips import Slip

    one, file = lesson(arguments.notebook), Path(arguments.notebook)
    if one:
        file = Path(one.file) if Path(one.file).exists() else Path("notebooks", one.file)
    try:
        from momentum_lab.printing import GENERATOR, page

        text = page(file)
    except ModuleNotFoundError as error:
        print(f"Printing needs {error.name}: install momentum-lab-course[lab].", file=sys.stderr)
        return 1
    except Slip as slip:
        print(slip, file=sys.stderr)
        return 1
    return _write("The page", Path(arguments.file or file.with_suffix(".html").name), text, GENERATOR)


def start(arguments):
    """Copy the course into the learner's folder, unless it is there, and open JupyterLab on it."""
    from momentum_lab.workspace.finding import find, version_in
    from momentum_lab.workspace.updating import copy

    folder = find(arguments.folder).resolve()
    known = version_in(folder)
    if known is None:
        outcome = copy(folder)
        print(f"{len(outcome.new)} files of the course are copied; everything of yours is in {folder}.")
        if outcome.beside or outcome.ledger_lost:
            print(outcome)
    elif known != __version__:
        print(f"The lessons in {folder} are those of version {known}; to update them: {_line('update', str(folder))}")
    else:
        print(f"Your course is in {folder}.")
    return 0 if arguments.copy_only else _open_lab(folder, arguments.handed_on)


def _line(*words):
    """Return a line for a terminal that runs this program, also where it is not on the path, as after a stick."""
    import shutil
    import sysconfig

    from momentum_lab import environments

    program = shutil.which("momentum-lab")
    on_the_path = program and os.path.dirname(program) == sysconfig.get_path("scripts")
    return environments.pasted("momentum-lab", *words) if on_the_path else environments.module("momentum_lab", *words)


def _open_lab(folder, handed_on):
    """Turn into JupyterLab on the learner's folder."""
    from importlib.util import find_spec
    from pathlib import Path

    from momentum_lab import environments, opening
    from momentum_lab.slips import Slip

    if find_spec("jupyterlab") is None:
        line = environments.module("pip", "install", "momentum-lab-course[lab]")
        raise Slip(f"JupyterLab is missing; install it: {line}")
    variables = dict(os.environ)
    opening.own_first(variables, Path(sys.prefix), Path(sys.executable))
    options = [*opening.options(folder), f"--LabApp.app_settings_dir={opening.SETTINGS}"]
    print(opening.ADVICE, flush=True)
    # -P: a file of the learner's called random.py must not come in the place of Python's.
    return opening.become([sys.executable, "-P", "-m", "jupyterlab", *options, *handed_on], variables, folder)


def update(arguments):
    """Bring the learner's folder up to this version; what the learner changed stays."""
    from momentum_lab.workspace import updating
    from momentum_lab.workspace.finding import find

    folder = find(arguments.folder)
    outcome = updating.update(folder)
    print(f"The course in {folder}:")
    print(outcome)
    return 0


def restore(arguments):
    """Put a lesson or an answer cell back to the original; what was there is kept beside it."""
    from momentum_lab.workspace import restoring
    from momentum_lab.workspace.finding import find

    print(restoring.restore(arguments.name, find(arguments.folder)))
    return 0


def _write(what, file, text, generator):
    """Write a page; only an older page of the same kind is ever overwritten."""
    try:
        if file.exists() and generator not in file.read_text("utf-8", errors="replace"):
            print(f"{file} is no page of this kind, so it is left alone; give another name.", file=sys.stderr)
            return 1
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        print(f"{what} could not be written to {file}: {error.strerror}.", file=sys.stderr)
        return 1
    print(f"{what} is in {file}.")
    return 0


FOR_TEACHERS = {
    "grade": ("momentum_lab.grading.command", "grade notebooks in a sandbox: scores, feedback, a report"),
    "release": ("momentum_lab.grading.releasing", "make a folder to hand out: with, without or with open solutions"),
    "collect": ("momentum_lab.grading.collecting", "put what a class handed in into one folder, with a list"),
    "gradescope": ("momentum_lab.grading.gradescope.bundle", "make the autograder of a lesson for Gradescope"),
    "class-check": ("momentum_lab.classroom.readiness", "say whose machine is ready, from the codes of doctor --code"),
    "class-summary": ("momentum_lab.classroom.summary_page", "say how a class stands, from its progress files"),
    "bundle": ("momentum_lab.classroom.bundle", "put the course with all its packages on a stick"),
}
"""Verb -> the module with its `options` and its `run`, and what it does."""

ON_FILES = {"start", "update", "restore", "release", "collect", "bundle"}
"""Verbs that write many files: what the system refuses them is said in a sentence."""


def command_line(argv=()):
    """Return the parser of the command line; each verb brings its function along as `run`."""
    parser = argparse.ArgumentParser(prog="momentum-lab", description="A Jupyter course on momentum.")
    parser.epilog = "Exit codes: 0 done, 1 not done (a sentence says why), 2 not understood, 130 stopped by Ctrl-C."
    parser.epilog += " start ends with the code of JupyterLab; grade has codes of its own."
    parser.add_argument("--version", action="version", version=f"momentum-lab {__version__}")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", dest="verb", required=True)

    verb = verbs.add_parser(
        "start",
        help="copy the course into a folder of yours and open it in JupyterLab",
        usage="momentum-lab start [-h] [--copy-only] [FOLDER] [-- JUPYTERLAB'S OPTIONS]",
        epilog="What stands behind -- is for JupyterLab, such as:  momentum-lab start -- --no-browser --port 8899",
    )
    verb.add_argument("folder", nargs="?", metavar="FOLDER", help="your folder (momentum-lab, here)")
    verb.add_argument("--copy-only", action="store_true", help="copy, and do not open JupyterLab")
    verb.set_defaults(run=start)

    verb = verbs.add_parser("update", help="bring your folder up to this version; what you changed stays")
    verb.add_argument("folder", nargs="?", metavar="FOLDER", help="your folder (the one you are in, or momentum-lab)")
    verb.set_defaults(run=update)

    verb = verbs.add_parser("restore", help="put a lesson or an answer cell back; yours is kept beside it")
    verb.add_argument("name", metavar="NAME", help="a lesson such as 02, a file, or an exercise such as 02.window")
    verb.add_argument("folder", nargs="?", metavar="FOLDER", help="your folder (the one you are in, or momentum-lab)")
    verb.set_defaults(run=restore)

    verb = verbs.add_parser("doctor", help="say what this machine has, the verdict and one fix")
    only = verb.add_mutually_exclusive_group()
    only.add_argument(
        "--code", action="store_true", help="print a short code for the instructor, without names and paths"
    )
    only.add_argument("--for-a-bug-report", action="store_true", help="print what a bug report needs, without names")
    verb.set_defaults(run=doctor)

    verb = verbs.add_parser("progress", help="say which exercises have passed")
    verb.set_defaults(run=progress)

    verb = verbs.add_parser("report", help="write what you have done as one HTML page")
    verb.add_argument("file", nargs="?", help="where to write it (momentum-lab-report.html in your folder)")
    verb.set_defaults(run=report)

    verb = verbs.add_parser("print", help="write a lesson as one HTML page that prints well")
    verb.add_argument("notebook", help="a lesson's number, such as 02, or a notebook")
    verb.add_argument("file", nargs="?", help="where to write it (the notebook's name with .html, here)")
    verb.set_defaults(run=print_notebook)

    _verbs_for_teachers(verbs, argv)
    return parser


def _verbs_for_teachers(verbs, argv):
    """Add the verbs of FOR_TEACHERS; what the other verbs do not need is not loaded for them."""
    for name, (module, says) in FOR_TEACHERS.items():
        verb = verbs.add_parser(name, help=says)
        if name in argv:
            import_module(module).options(verb)
        verb.set_defaults(run=lambda arguments, module=module: import_module(module).run(arguments))


def read(argv):
    """Return the parsed arguments; what stands behind -- is handed on to JupyterLab, by `start` alone."""
    ours, handed_on = argv, []
    if argv[:1] == ["start"] and "--" in argv:
        ours, handed_on = argv[: argv.index("--")], argv[argv.index("--") + 1 :]
    arguments = command_line(ours).parse_args(ours)
    arguments.handed_on = handed_on
    return arguments


def main(argv=None):
    """Run one verb and return its exit code; whatever goes wrong in a foreseeable way ends in one sentence."""
    from momentum_lab.slips import Slip

    arguments = read(sys.argv[1:] if argv is None else list(argv))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a folder's name must not stop an old console
    try:
        code = arguments.run(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # such as `momentum-lab progress | head`: who reads has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what Python itself still writes
        return 141
    except Slip as slip:
        print(slip, file=sys.stderr)
        return 1
    except OSError as error:
        if arguments.verb not in ON_FILES:
            raise
        from momentum_lab.workspace.writing import refusal

        print(refusal(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
