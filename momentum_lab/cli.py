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
    """Write the learner's report; only an older report of ours is ever overwritten."""
    from datetime import date
    from pathlib import Path

    from momentum_lab import progress as record
    from momentum_lab.standing import GENERATOR, page

    kept = record.where()
    file = Path(arguments.file) if arguments.file else (kept.parent if kept else Path()) / "momentum-lab-report.html"
    try:
        if file.exists() and GENERATOR not in file.read_text("utf-8", errors="replace"):
            print(f"{file} is no report of this course, so it is left alone; give another name.", file=sys.stderr)
            return 1
        file.write_text(page(date.today().isoformat()), encoding="utf-8")
    except OSError as error:
        print(f"The report could not be written to {file}: {error.strerror}.", file=sys.stderr)
        return 1
    print(f"Your report is in {file}.")
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
