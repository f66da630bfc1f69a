"""What a report of a mistake needs to be understood, without a name or a path of the one who writes it."""

import platform
from pathlib import Path

from momentum_lab import __version__
from momentum_lab.classroom import machine
from momentum_lab.slips import Slip
from momentum_lab.workspace.finding import find, version_in
from momentum_lab.workspace.originals import originals
from momentum_lab.workspace.texts import fingerprint


def lines(report):
    """Yield the lines.

    Parameters
    ----------
    report : doctor.Report
    """
    facts = machine.look(report)
    yield f"momentum_lab        {__version__}"
    yield f"Python              {report.python}, {platform.python_implementation()}"
    yield f"system              {facts.system}, {facts.machine}; disk {facts.disk}, memory {facts.memory}"
    for name, version in report.packages.items():
        yield f"{name:20}{version or 'not installed'}"
    half = report.browser_half
    found = f"{half.package or 'unknown'}, extension {half.extension}" if half else "not found"
    yield f"jupyterlab_widgets  {found}"
    yield f"verdict             {', '.join(problem.kind or 'other' for problem in report.problems) or 'ready'}"
    yield f"lessons             {_lessons()}"
    yield f"code                {machine.to_code(facts)}"


def _lessons():
    """Say which version the lessons here have, and which of them were changed."""
    try:
        folder = find()
        version = version_in(folder)
        return f"of version {version}; {_changed(folder)}" if version else "no copy of the course here"
    except (Slip, OSError):
        return "could not be read"


def _changed(folder):
    """Name the lessons that differ from the installed ones; a file of the learner's own is never named."""
    of_course = {Path(folder, path): data for path, data in originals().items() if path.endswith(".ipynb")}
    here = [file for file in of_course if file.is_file()]
    names = [f"{f.parent.name}/{f.stem}" for f in here if fingerprint(f.read_bytes()) != fingerprint(of_course[f])]
    return f"other text than the installed ones: {', '.join(names)}" if names else "all as installed"
