"""The verbs for those who give a workshop: class-check, class-summary, bundle."""

import sys
from pathlib import Path

from momentum_lab.progress import FILE
from momentum_lab.slips import Slip

ENDING = Path(FILE).suffix


def options_of_class_check(verb):
    """Give the verb its arguments."""
    verb.add_argument(
        "file", metavar="FILE", help="codes, one a line, or mails as they were pasted; - is what is typed"
    )
    verb.set_defaults(run=class_check)


def options_of_class_summary(verb):
    """Give the verb its arguments."""
    verb.add_argument("paths", nargs="+", metavar="PATH", help="progress files, or folders with some")
    verb.add_argument("--out", required=True, metavar="DIR", help="where the page and the table go")
    verb.set_defaults(run=class_summary)


def options_of_bundle(verb):
    """Give the verb its arguments."""
    add = verb.add_argument
    add("--out", required=True, metavar="DIR", help="the stick, or a folder to copy onto it")
    platforms = "linux, linux-arm, macos-arm, macos-intel, windows, or a tag of pip; may be repeated (this machine)"
    add("--platform", action="append", default=[], metavar="NAME", help=platforms)
    add("--python", action="append", default=[], metavar="X.Y", help="such as 3.12; may be repeated (this one)")
    add("--wheel", metavar="FILE", help="the wheel of the course, such as the one of a class (made here)")
    verb.set_defaults(run=bundle)


def class_check(arguments):
    """Print who is ready; return 1 if somebody is not."""
    from momentum_lab.classroom import readiness

    said = readiness.table(sys.stdin.read() if arguments.file == "-" else _readable(Path(arguments.file)))
    print(said)
    return int("NOT READY" in said)


def _readable(file):
    try:
        return file.read_text("utf-8", errors="replace")
    except OSError as error:
        raise Slip(f"{file} cannot be read: {error.strerror}.") from None


def class_summary(arguments):
    """Write the summary of a class; return 1 if a file could not be counted."""
    from momentum_lab.classroom.summary import summarise
    from momentum_lab.classroom.summary_page import files
    from momentum_lab.grading.files import write

    paths = progress_files(map(Path, arguments.paths))
    of_class = summarise(paths)
    for path, why in of_class.unreadable:
        print(f"Not counted: {path} ({why}).", file=sys.stderr)
    if not of_class.learners:
        raise Slip(f"None of the {len(paths)} files is a progress file, so nothing was written.")
    _refuse_others_pages(Path(arguments.out))
    try:
        for name, text in files(of_class).items():
            write(arguments.out, name, text)
    except OSError as error:
        raise Slip(f"The summary could not be written to {arguments.out}: {error.strerror}.") from None
    print(f"The summary of {of_class.learners} learners is in {Path(arguments.out) / 'class-summary.html'}.")
    return int(bool(of_class.unreadable))


def _refuse_others_pages(folder):
    """Only an older page of this kind is ever replaced."""
    from momentum_lab.classroom.summary_page import HEAD, TITLE

    for name, mark in {"class-summary.html": TITLE, "class-summary.csv": HEAD[0]}.items():
        if (folder / name).exists() and mark not in _readable(folder / name):
            raise Slip(f"{folder / name} is no page of this kind, so it is left alone: name another folder.")


def progress_files(paths):
    """Return the files that are meant: each file that is named, and every progress file in a folder."""
    found = []
    for path in paths:
        found += sorted(path.rglob(f"*{ENDING}")) if path.is_dir() else [path]
    if not found:
        raise Slip(f"There is no progress file; one is called {FILE}, or another name that ends in {ENDING}.")
    return list(dict.fromkeys(found))


def bundle(arguments):
    """Make an offline bundle."""
    from momentum_lab.classroom import bundle as bundles
    from momentum_lab.classroom.targets import targets
    from momentum_lab.workspace import refusal

    out, own = Path(arguments.out).resolve(), arguments.wheel and Path(arguments.wheel)
    try:
        size = bundles.bundle(out, targets(arguments.platform, arguments.python), own)
    except OSError as error:
        raise Slip(refusal(error)) from None
    print(f"The bundle is in {out}, {size / 1e6:.0f} MB; what a learner does with it is in its README.txt.")
    return 0
