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

from momentum_lab import __version__

NEEDS = {"numpy": ">=2.0", "matplotlib": ">=3.9", "sympy": ">=1.13", "ipywidgets": ">=8.1.5"}
EXTENSION = "@jupyter-widgets/jupyterlab-manager"
MARKER = "made-by-start.lock"  # start.py leaves it in the environments that it makes


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: its cause, and the one thing to do about it."""

    cause: str
    fix: str


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

    @property
    def exit_code(self):
        """Return what a command line program ends with: 0 when everything is right."""
        return 1 if self.problems else 0


def examine():
    """Look at this environment and return a `Report`.

    The doctor judges the JupyterLab of *this* environment.  Where notebooks are shown by something else
    (VS Code, Colab, a hub with one JupyterLab for many kernels), the browser half is theirs to bring, and
    nothing in here can see it: without a JupyterLab, a browser half that is not found is no problem.
    """
    half = find_browser_half()
    packages = {name: installed(name) for name in [*NEEDS, "jupyterlab"]}
    checks = [
        *map(package_problem, NEEDS),
        missing_half(half, packages["jupyterlab"]),
        mismatch(half),
        disabled(half),
    ]
    problems = tuple(problem for problem in checks if problem)
    return Report(sys.executable, sys.version.split()[0], packages, half, problems)


def print_report(report):
    """Print a report, the verdict last, and return the exit code."""
    lines = [
        ("Python", report.python, report.interpreter),
        ("momentum_lab", __version__, Path(__file__).parent),
    ]
    lines += [(name, version or "not installed", "") for name, version in report.packages.items()]
    half = report.browser_half
    lines += [
        ("widgets in the browser", half.extension if half else "not found", half.folder if half else "")
    ]
    for name, version, where in lines:
        print(f"{name:24}{version!s:14}{where}".rstrip())
    if report.problems:
        print(f"\nProblem: {report.problems[0].cause}\nFix: {report.problems[0].fix}")
    else:
        print("\nready")
    return report.exit_code


def widget_problem():
    """Return one sentence for an explorer to show when its widgets cannot work, else None.

    This runs in a kernel, and a kernel cannot see the program that shows the notebook.  It knows for sure
    when the Python half is missing or too old.  It can suspect that the browser half does not fit, when
    the one found beside it does not: then it says so, although the program that shows the notebook may
    have a better one.  When it finds no browser half, it says nothing: VS Code, Colab and hubs bring their
    own.  Nor does it look for one that is switched off, which is a matter of the program.
    """
    problem = package_problem("ipywidgets") or mismatch(find_browser_half())
    return f"{problem.cause} {problem.fix}" if problem else None


# ---------------------------------------------------------------------- the checks: a Problem, or None


def package_problem(name):
    """Say when a package that the course needs is missing or too old."""
    version = installed(name)
    if version is None:
        return Problem(f"{name} is not installed.", repair(name + NEEDS[name]))
    if not fits(version, NEEDS[name]):
        return Problem(f"{name} {version} does not fit: {NEEDS[name]} is needed.", repair(name + NEEDS[name]))
    return None


def missing_half(half, jupyterlab):
    """Say when this environment's JupyterLab has nothing to draw the widgets with."""
    if half or not jupyterlab:
        return None
    return Problem(
        "The browser half of the widgets is missing, so JupyterLab shows text in place of every explorer.",
        repair("jupyterlab_widgets" + needed_half()),
    )


def mismatch(half):
    """Say when the browser half that JupyterLab would show is not the one that ipywidgets asks for."""
    if half is None:
        return None
    if half.package is None and installed("jupyterlab_widgets"):
        return Problem(
            f"Another browser half of the widgets ({half.extension}, in {half.folder}) hides the one of this Python.",
            f"Rename or delete the folder {half.folder}, then start JupyterLab again.",
        )
    if half.package and not fits(half.package, needed_half()):
        return Problem(
            f"The two halves of the widgets do not fit: ipywidgets {installed('ipywidgets')} asks for "
            f"jupyterlab_widgets{needed_half()}, and {half.package} is installed.",
            repair("jupyterlab_widgets" + needed_half()),
        )
    return None


def disabled(half):
    """Say when the browser half is installed but switched off in JupyterLab's settings."""
    if half is None or not any(name.split(":")[0] == EXTENSION for name in disabled_extensions()):
        return None
    return Problem(
        "The browser half of the widgets is switched off in JupyterLab.",
        f'Run: "{sys.executable}" -m jupyter labextension enable {EXTENSION}',
    )


def repair(requirement):
    """Return the one thing to do so that a package fits again."""
    if Path(sys.prefix, MARKER).exists():
        return f"Delete the folder {sys.prefix}, then run: python start.py"
    return f'Run: "{sys.executable}" -m pip install --force-reinstall "{requirement}"'


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
    from packaging.requirements import Requirement

    asked = map(Requirement, metadata.requires("ipywidgets") or []) if installed("ipywidgets") else []
    return next(
        (str(one.specifier) for one in asked if one.name.replace("-", "_") == "jupyterlab_widgets"), ""
    )


def find_browser_half():
    """Return the first widget extension on Jupyter's data path, as JupyterLab takes it, or None."""
    for folder in data_path():
        description = Path(folder, "labextensions", EXTENSION, "package.json")
        try:
            extension = json.loads(description.read_text(encoding="utf-8"))["version"]
        except (OSError, ValueError, KeyError):
            continue
        package = installed("jupyterlab_widgets") if is_ours(description) else None
        return BrowserHalf(description.parent, extension, package)
    return None


def data_path():
    """Return the folders where Jupyter looks for its data, the first one wins."""
    try:
        from jupyter_core.paths import jupyter_path
    except ImportError:
        return [os.path.join(sys.prefix, "share", "jupyter")]
    return jupyter_path()


def is_ours(file):
    """Tell whether this environment's `jupyterlab_widgets` installed a file."""
    try:
        files = metadata.files("jupyterlab_widgets") or []
    except metadata.PackageNotFoundError:
        return False
    return any(
        os.path.realpath(one.locate()) == os.path.realpath(file) for one in files if one.name == file.name
    )


def disabled_extensions():
    """Return the names of the extensions that this environment's JupyterLab has switched off."""
    try:
        from jupyterlab_server.config import get_page_config
    except ImportError:
        return []
    settings = os.path.join(sys.prefix, "share", "jupyter", "lab", "settings")
    paths = [os.path.join(folder, "labextensions") for folder in data_path()]
    return get_page_config(paths, settings).get("disabledExtensions", [])
