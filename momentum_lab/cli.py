"""The command line program `momentum-lab`: one function per verb.

A new verb is a function that takes the parsed arguments and returns an exit code, and two lines in
`command_line` that give it a name.  A verb imports what it needs when it runs, so that `--version` is
answered without loading anything.
"""

import argparse

from momentum_lab import __version__


def doctor(arguments):
    """Print what this machine has, the verdict, and one fix when something is wrong."""
    from momentum_lab.doctor import examine, print_report

    return print_report(examine())


def command_line():
    """Return the parser of the command line; each verb brings its function along as `run`."""
    parser = argparse.ArgumentParser(prog="momentum-lab", description="A Jupyter course on momentum.")
    parser.add_argument("--version", action="version", version=f"momentum-lab {__version__}")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)

    verb = verbs.add_parser("doctor", help="say what this machine has, the verdict and one fix")
    verb.set_defaults(run=doctor)

    return parser


def main(argv=None):
    """Run one verb and return its exit code."""
    arguments = command_line().parse_args(argv)
    return arguments.run(arguments)
