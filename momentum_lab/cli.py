"""The command line program `momentum-lab`: one function per verb.

A new verb is a function that takes the parsed arguments and returns an exit code, and two lines in
`command_line` that give it a name.  A verb imports what it needs when it runs, so that `--version` is
answered without loading anything.
"""

import argparse
import sys

from momentum_lab import __version__


def doctor(arguments):
    """Print what this machine has, the verdict, and one fix when something is wrong."""
    from momentum_lab.doctor import examine, print_report

    return print_report(examine())


def progress(arguments):
    """Print how every lesson stands and where that is kept."""
    from momentum_lab import progress as record
    from momentum_lab.checks import bank
    from momentum_lab.standing import standing

    for lesson in bank.lessons():
        print(standing(lesson), end="\n\n")
    kept = record.where()
    print(f"Kept in {kept}." if kept and kept.exists() else "Nothing is recorded yet.")
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


def grade(arguments):
    """Grade a batch of notebooks in a sandbox, and write scores and feedback."""
    from momentum_lab.grading.command import run

    return run(arguments)


def command_line(argv=()):
    """Return the parser of the command line; each verb brings its function along as `run`."""
    parser = argparse.ArgumentParser(prog="momentum-lab", description="A Jupyter course on momentum.")
    parser.add_argument("--version", action="version", version=f"momentum-lab {__version__}")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)

    verb = verbs.add_parser("doctor", help="say what this machine has, the verdict and one fix")
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

    verb = verbs.add_parser("grade", help="grade notebooks in a sandbox: scores, feedback, a report")
    if "grade" in argv:  # its options know the export formats, and need not be loaded for the other verbs
        from momentum_lab.grading.command import options

        options(verb)
    verb.set_defaults(run=grade)

    return parser


def main(argv=None):
    """Run one verb and return its exit code."""
    argv = sys.argv[1:] if argv is None else argv
    arguments = command_line(argv).parse_args(argv)
    return arguments.run(arguments)
