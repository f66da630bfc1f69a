"""What this machine has, whether the course works with it, and what to do when it does not.

Interactive pictures need two halves: `ipywidgets` in Python, and an extension that draws in the
browser.  The browser half is installed by `jupyterlab_widgets` into a folder where JupyterLab looks for
extensions.  It is the half that gets lost, hidden by another one, or switched off.

Nothing here imports what it examines: a package that is missing or broken must not stop the doctor.
"""

import json
import os
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from momentum_lab import __version__, environments

NEEDS = {"numpy": ">=2.0", "matplotlib": ">=3.9", "sympy": ">=1.13", "ipywidgets": ">=8.1.5"}
EXTENSION = "@jupyter-widgets/jupyterlab-manager"
ELSEWHERE = 'ready for VS Code and the like; JupyterLab: python -m pip install "momentum-lab-course[lab]"'
MARKER = "made-by-start.lock"  # start.py leaves it in the environments that it makes
MARKER_OF_A_STICK = "made-by-install.lock"  # and so does install.py of an offline bundle
KINDS = ("package", "no browser half", "misfit", "stranger", "switched off", "foreign kernel")  # new ones at the end


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: its cause, the one thing to do about it, and its kind, one of `KINDS`."""

    cause: str
    fix: str
    kind: str = ""


@dataclass(frozen=True)
class BrowserHalf:
    """The widget extension that a JupyterLab of this environment shows.

    Attributes
    ----------
    folder : Path
        Where it lies.
    extension : str
        The version of the extension.  It is counted apart from the package: 3.0.17 installs 5.0.16.
    package : str or None
        The version of the `jupyterlab_widgets` that installed it; None when this environment's own
        `jupyterlab_widgets` did not.
    """

    folder: Path
    extension: str
    package: str | None


@dataclass(frozen=True)
class Report:
    """What the doctor found.

    Attributes
    ----------
    interpreter, python : str
        The path and the version of this Python.
    packages : dict of str to (str or None)
        The version of each package that the course uses, None for one that is not installed.
    browser_half : BrowserHalf or None
        The widget extension, None where there is none.
    problems : tuple of Problem
        What is wrong, the most pressing first; empty when everything is right.
    """

    interpreter: str
    python: str
    packages: dict
    browser_half: BrowserHalf | None
    problems: tuple


def examine():
    """Look at this environment and return a `Report`.

    The doctor judges the JupyterLab of *this* environment.  Where notebooks are shown by something else
    (VS Code, Colab, a hub with one JupyterLab for many kernels), the browser half is theirs to bring, and
    nothing in here can see it: without a JupyterLab, a browser half that is not found is no problem.
    """
    half = find_browser_half()
    packages = {name: installed(name) for name in [*NEEDS, "jupyterlab"]}
    checks = [package_problem(name) for name in NEEDS]
    checks += [missing_half(half, packages["jupyterlab"]), mismatch(half), disabled(half)]
    checks.append(foreign_kernel(packages["jupyterlab"]))
    problems = tuple(problem for problem in checks if problem)
    return Report(sys.executable, sys.version.split()[0], packages, half, problems)


def print_report(report):
    """Print a report, the verdict last, and return the exit code."""
    for name, version, remark in rows(report):
        print(f"{name:20}{version:16}{remark}".rstrip())
    print()
    if report.problems:
        print(f"Problem: {report.problems[0].cause}.")
        print(f"Fix: {report.problems[0].fix}")
    else:
        print("ready" if report.packages["jupyterlab"] else ELSEWHERE)
    return 1 if report.problems else 0


def rows(report):
    """Yield the lines of a report: a name, its version, and where it lies or what it needs."""
    yield "Python", report.python, report.interpreter
    yield "momentum_lab", __version__, str(Path(__file__).parent)
    for name, version in report.packages.items():
        remark = f"needs jupyterlab_widgets{needed_half()}" if version and name == "ipywidgets" else ""
        yield name, version or "not installed", remark
    half = report.browser_half
    if half:
        yield "jupyterlab_widgets", half.package or "unknown", f"extension {half.extension} in {half.folder}"
    else:
        yield "jupyterlab_widgets", "not found", "the browser half of the widgets"


def widget_problem():
    """Return one sentence for an explorer to show when its widgets cannot work, else None.

    This runs in a kernel, and a kernel cannot see the program that shows the notebook.  It knows for sure
    when the Python half is missing or too old.  It can suspect that the browser half does not fit, when
    the one found beside it does not: then it says so, although the program that shows the notebook may
    have a better one.  When it finds no browser half, it says nothing: VS Code, Colab and hubs bring their
    own.  Nor does it look for one that is switched off, which is a matter of the program.
    """
    problem = package_problem("ipywidgets") or mismatch(find_browser_half())
    return f"{problem.cause}: {problem.fix}." if problem else None


# ---------------------------------------------------------------------- the checks: a Problem, or None


def package_problem(name):
    """Say when a package that the course needs is missing or too old."""
    version, wanted = installed(name), name + NEEDS[name]
    if version is None:
        return Problem(f"{name} is not installed", repair(wanted), "package")
    if not fits(version, NEEDS[name]):
        return Problem(f"{name} {version} is installed, and the course needs {wanted}", repair(wanted), "package")
    return None


def missing_half(half, jupyterlab):
    """Say when this environment's JupyterLab has nothing to draw the widgets with."""
    if half or not jupyterlab:
        return None
    cause = "the browser half of the widgets is missing, so no explorer can be drawn"
    return Problem(cause, repair("jupyterlab_widgets" + needed_half()), "no browser half")


def mismatch(half):
    """Say when the browser half that JupyterLab would show is not one that ipywidgets asks for."""
    if half is None:
        return None
    if half.package is None:
        return stranger(half)
    if not fits(half.package, needed_half()):
        cause = (
            f"the two halves of the widgets do not fit, ipywidgets {installed('ipywidgets')} needs "
            f"jupyterlab_widgets{needed_half()} and {half.package} is installed"
        )
        return Problem(cause, repair("jupyterlab_widgets" + needed_half()), "misfit")
    return None


def stranger(half):
    """Say when a browser half from elsewhere hides our own.  One of the same series (5.0) will do."""
    own = own_extension()
    if own is None or series(extension_version(own)) == series(half.extension):
        return None
    cause = (
        f"the browser half of the widgets in {half.folder} ({half.extension}) hides the one of this Python "
        f"({extension_version(own)})"
    )
    return Problem(cause, f"delete the folder {half.folder}, then start JupyterLab again", "stranger")


def series(version):
    """Return the first two numbers of a version; the third one changes nothing that matters here."""
    return version.split(".")[:2]


def disabled(half):
    """Say when the browser half is there but switched off in JupyterLab's settings."""
    off = [name for name in disabled_extensions() if name.split(":")[0] == EXTENSION]
    if half is None or not off:
        return None
    cause = "the browser half of the widgets is switched off in JupyterLab"
    return Problem(cause, f"run: {environments.module('jupyterlab.labextensions', 'enable', off[0])}", "switched off")


def foreign_kernel(jupyterlab):
    """Say when the lessons would run in another Python.  Our own kernel, where there is one, goes first."""
    for folder in [os.path.join(sys.prefix, "share", "jupyter"), *data_path()] if jupyterlab else []:
        described = Path(folder, "kernels", "python3", "kernel.json")
        try:
            python = json.loads(described.read_text(encoding="utf-8"))["argv"][0]
        except (OSError, ValueError, LookupError, TypeError):
            continue
        ours = os.path.realpath(os.path.dirname(sys.executable))
        if not os.path.isabs(python) or os.path.realpath(os.path.dirname(python)) == ours:
            return None
        cause = f"the kernel python3 in {folder} runs {python}, which hides the Python of the course"
        return Problem(cause, f"run: {environments.module('ipykernel', 'install', '--sys-prefix')}", "foreign kernel")
    return None


def repair(requirement):
    """Return the one thing to do so that a package fits again."""
    if Path(sys.prefix, MARKER_OF_A_STICK).exists():
        return f"delete the folder {sys.prefix}, then run install.py on the stick again"
    if Path(sys.prefix, MARKER).exists():
        return f"delete the folder {sys.prefix}, then run: python start.py"
    return f"run: {environments.module('pip', 'install', '--force-reinstall', requirement)}"


# ------------------------------------------------------------------------------------------- the facts


def installed(package):
    """Return the version of an installed package, or None; the package itself is not imported."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def fits(version, specifier):
    """Tell whether a version lies in a range such as `>=2.0`."""
    try:
        from packaging.specifiers import SpecifierSet
    except ImportError:
        return True  # without `packaging` there is no judging, and a guess must not alarm anybody
    return SpecifierSet(specifier).contains(version, prereleases=True)


def needed_half():
    """Return the range of `jupyterlab_widgets` that the installed ipywidgets asks for ("" for any)."""
    asked = metadata.requires("ipywidgets") if installed("ipywidgets") else None
    for line in asked or []:
        if line.replace("-", "_").startswith("jupyterlab_widgets"):
            return line[len("jupyterlab_widgets") :].split(";")[0].strip(" ()")
    return ""


def find_browser_half():
    """Return the widget extension that JupyterLab takes, the first on Jupyter's data path, or None."""
    own = own_extension()
    for folder in data_path():
        file = Path(folder, "labextensions", EXTENSION, "package.json")
        version = extension_version(file)
        if version:
            is_own = own is not None and os.path.realpath(own) == os.path.realpath(file)
            return BrowserHalf(file.parent, version, installed("jupyterlab_widgets") if is_own else None)
    return None


def own_extension():
    """Return the description of the extension that `jupyterlab_widgets` of this Python installed, or None."""
    try:
        files = metadata.files("jupyterlab_widgets") or []
    except metadata.PackageNotFoundError:
        return None
    ending = f"labextensions/{EXTENSION}/package.json"
    own = [Path(file.locate()) for file in files if file.as_posix().endswith(ending)]
    return own[0] if own and own[0].exists() else None


def extension_version(file):
    """Return the version in an extension's package.json, or None when there is no such file."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))["version"]
    except (OSError, ValueError, KeyError):
        return None


def data_path():
    """Return the folders in which Jupyter looks for its data, the first one wins."""
    try:
        from jupyter_core.paths import jupyter_path
    except ImportError:
        return [os.path.join(sys.prefix, "share", "jupyter")]
    return jupyter_path()


def disabled_extensions():
    """Return the names of the extensions that this environment's JupyterLab has switched off."""
    try:
        from jupyterlab_server.config import get_page_config
    except ImportError:
        return []
    settings = os.path.join(sys.prefix, "share", "jupyter", "lab", "settings")
    folders = [os.path.join(folder, "labextensions") for folder in data_path()]
    return get_page_config(folders, settings).get("disabledExtensions", [])
