"""The verb `momentum-lab class-check`: who is ready, from the codes that a class sent back, and what would help."""

import sys
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from pathlib import Path

from momentum_lab import __version__, doctor
from momentum_lab.classroom import code
from momentum_lab.classroom.machine import PACKAGES, from_code, numbers, to_code
from momentum_lab.slips import Slip

FIXES = {
    "package": 'install the course again: python start.py, or pip install --upgrade "momentum-lab-course[lab]"',
    "no browser half": "install jupyterlab_widgets beside JupyterLab",
    "misfit": "upgrade ipywidgets and jupyterlab_widgets together",
    "stranger": "delete the folder that momentum-lab doctor names, it hides the right one",
    "switched off": "switch the extension on with the line that momentum-lab doctor prints",
    "foreign kernel": "install the kernel with the line that momentum-lab doctor prints",
}
CAUSES = {
    "package": "a package is missing or too old",
    "no browser half": "the browser half of the widgets is missing",
    "misfit": "the two halves of the widgets do not fit",
    "stranger": "another browser half of the widgets hides the right one",
    "switched off": "the widgets are switched off in JupyterLab",
    "foreign kernel": "the lessons would run in another Python",
}


def options(verb):
    """Give the verb its arguments."""
    verb.add_argument(
        "file", metavar="FILE", help="codes, one a line, or mails as they were pasted; - is what is typed"
    )


def run(arguments):
    """Print who is ready; return 1 if somebody is not."""
    said = table(sys.stdin.read() if arguments.file == "-" else _readable(Path(arguments.file)))
    print(said)
    return int("NOT READY" in said)


def _readable(file):
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Slip(f"{file} cannot be read: {error.strerror}.") from None
    # What PowerShell of Windows writes with > begins with one of these.
    return data.decode("utf-16" if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8", errors="replace")


def table(text):
    """Return a table of all codes in a text, and a sentence on top; the same code from two machines is one row.

    Parameters
    ----------
    text : str
        One code a line, or mails as they were pasted.

    Raises
    ------
    Slip
        If there is no code in it.
    """
    found = Counter(map(_as_printed, code.find(text)))
    if not found:
        raise Slip(
            f"There is no code in it; one begins with {code.FIRST}- and is printed by: momentum-lab doctor --code"
        )
    rows = [(one, count, *verdict(one)) for one, count in found.items()]
    ready = sum(count for _, count, is_ready, _ in rows if is_ready)
    lines = [f"{ready} of {found.total()} are ready.", *_tally(found), ""]
    for one, count, is_ready, words in sorted(rows, key=lambda row: (row[2], row[0])):
        lines.append(f"{one}{f'  ({count} times)' if count > 1 else ''}  {'ready' if is_ready else 'NOT READY'}")
        lines += [f"    {sentence}" for sentence in words]
    return "\n".join(lines)


def _as_printed(text):
    """Return a code as the doctor prints it, however it was typed; what is none stays as it was typed."""
    try:
        return to_code(from_code(text))
    except Slip:
        return text.upper()


def _tally(found):
    """Yield how many machines each cause holds up, the most frequent first."""
    causes = Counter()
    for one, count in found.items():
        for cause in _read(one)[1]:
            causes[cause] += count
    for cause, count in sorted(causes.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"{count:4}  {cause}"


def verdict(text):
    """Return whether the machine of a code is ready, and sentences on it."""
    machine, wrong = _read(text)
    sentences = [f"{cause}: {fix}." for cause, fix in wrong.items()]
    return not wrong, sentences if machine is None else [_facts(machine), *sentences, *_advice(machine)]


def _read(text):
    """Return the machine of a code, None if it cannot be read, and what is wrong with it as {cause: fix}."""
    try:
        machine = from_code(text)
    except Slip as slip:
        return None, {str(slip): "ask for it again"}
    wrong = {CAUSES[kind]: FIXES[kind] for kind in doctor.KINDS if kind in machine.kinds}
    versions = dict(zip(PACKAGES, machine.packages, strict=True))
    if versions["jupyterlab"] == (0, 0):
        wrong["JupyterLab is missing"] = 'pip install "momentum-lab-course[lab]", unless VS Code or a hub shows it'
    if machine.disk == "too little":
        wrong["the disk is full"] = "free 1 GB"
    return machine, wrong


def _facts(machine):
    packages = [
        f"{name} {major}.{minor}" if major or minor else f"no {name}"
        for name, (major, minor) in zip(PACKAGES, machine.packages, strict=True)
    ]
    course = ".".join(map(str, machine.course))
    return f"course {course}, Python 3.{machine.python}, {machine.system} ({machine.machine}), {', '.join(packages)}"


def _advice(machine):
    """Say what need not stop anybody and may."""
    if machine.course != numbers(__version__, 3):
        yield f"yours is version {__version__} of the course: momentum-lab update after a new installation."
    if machine.disk == "tight":
        yield "less than 1 GB is free on the disk."
    if machine.memory in ("too little", "tight"):
        yield "less than 4 GB of memory: close other programs."
