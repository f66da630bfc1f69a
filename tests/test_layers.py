"""Which way imports may point.  The house is drawn in CONTRIBUTING.md."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "momentum_lab"
NUMPY = {"numpy"}
DRAWING = {"numpy", "matplotlib", "PIL"}

# layer: (our layers it may import, packages from outside it may import)
HOUSE = {
    "__init__": (set(), set()),
    "__main__": ({"cli"}, set()),
    "slips": (set(), set()),
    "words": (set(), set()),
    "arguments": ({"slips"}, NUMPY),
    "doctor": ({"__init__", "environments"}, {"packaging", "jupyter_core", "jupyterlab_server"}),
    "widget_style": (set(), set()),
    "contents": (set(), set()),
    "printing": ({"__init__", "slips"}, {"nbformat", "nbconvert", "latex2mathml"}),
    "opening": (set(), set()),  # start.py loads it alone, by its path
    "workspace": ({"__init__", "slips"}, set()),
    "edition": ({"__init__", "workspace", "out_of_order"}, set()),
    "out_of_order": (set(), set()),
    "jupyterlab": ({"out_of_order"}, set()),
    "home": ({"progress", "checks", "contents", "standing"}, set()),
    "standing": ({"__init__", "progress", "checks", "contents", "words"}, set()),
    "then_and_now": ({"progress", "checks", "slips"}, set()),
    "cli": (
        {"__init__", "doctor", "progress", "checks", "standing", "contents", "printing", "grading", "slips"}
        | {"opening", "environments", "workspace", "classroom"},
        set(),
    ),
    "optimizers": ({"slips"}, NUMPY),
    "surfaces": ({"slips", "arguments"}, NUMPY),
    "schedules": ({"slips", "arguments"}, NUMPY),
    "oracles": ({"slips", "arguments"}, NUMPY),
    "theory": ({"slips", "arguments"}, NUMPY),
    "networks": ({"slips", "arguments"}, NUMPY),
    "progress": (set(), set()),
    "derivations": ({"slips"}, {"sympy"}),
    "trajectory": ({"slips", "entry"}, NUMPY),
    "entry": ({"slips"}, NUMPY),
    "running": ({"optimizers", "trajectory", "entry", "slips"}, NUMPY),
    "searching": ({"optimizers", "oracles", "running", "entry", "slips"}, NUMPY),
    "claims": (
        {"running", "theory", "derivations", "optimizers", "surfaces", "oracles", "schedules", "networks"}
        | {"slips", "arguments"},
        {*NUMPY, "sympy"},
    ),
    "plots": ({"slips"}, DRAWING),
    "pictures": ({"plots"}, DRAWING),
    "explorers": (
        {
            "__init__",
            "plots",
            "pictures",
            "running",
            "trajectory",
            "optimizers",
            "surfaces",
            "oracles",
            "schedules",
            "theory",
        }
        | {"progress", "slips", "words", "doctor", "widget_style"},
        {*DRAWING, "IPython", "ipywidgets", "traitlets"},
    ),
    "checks": (
        {"surfaces", "optimizers", "oracles", "networks", "running", "searching", "progress", "slips", "words"},
        {*NUMPY, "sympy"},
    ),
    "authoring": ({"checks", "slips", "words"}, NUMPY),
    "grading": ({"__init__", "checks", "contents", "slips", "workspace"}, set()),
    "classroom": (
        {"__init__", "doctor", "progress", "checks", "workspace", "grading", "environments", "slips"},
        {"packaging"},
    ),
    "environments": (set(), set()),  # start.py and the installer on a stick load it alone, by its path
    "quizzes": ({"checks", "progress", "slips", "quiz_panel"}, set()),
    "quiz_panel": ({"quizzes", "widget_style"}, {"ipywidgets"}),
}
# Only these may know widgets; what they show must also work without them.
WIDGETS = {"explorers/panel.py", "quiz_panel.py"}
# Of the checks the grader uses the judge and the banks; the probe runs in the sandbox only.
FOR_THE_GRADER = {"momentum_lab.checks", "momentum_lab.checks.judge", "momentum_lab.checks.verdict"}
# Threads, processes and sockets do not exist in the browser edition.
NOT_IN_THE_BROWSER = {"subprocess", "socket", "multiprocessing", "concurrent", "asyncio"}

FILES = sorted(PACKAGE.rglob("*.py"))


def layer(file):
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(file):
    """Return the names a file imports, anywhere in it: "momentum_lab.plots", "numpy", ..."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file.name}: write imports in full"
            base = node.module
            # `from momentum_lab import plots` imports the layer plots, or a name of __init__
            names |= {f"{base}.{a.name}" for a in node.names} if base == "momentum_lab" else {base}
    return names


def ours(names):
    for name in names:
        parts = name.split(".")
        if parts[0] == "momentum_lab":
            known = len(parts) > 1 and parts[1] in HOUSE
            yield parts[1] if known else "__init__"


def outside(names):
    import sys

    return {n.split(".")[0] for n in names} - {"momentum_lab"} - set(sys.stdlib_module_names)


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.relative_to(PACKAGE).as_posix())
def test_imports_point_the_right_way(file):
    may_import, packages = HOUSE[layer(file)]
    names = imports(file)
    assert set(ours(names)) - {layer(file)} <= may_import
    assert outside(names) <= packages
    if file.relative_to(PACKAGE).as_posix() not in WIDGETS:
        assert not outside(names) & {"ipywidgets", "traitlets"}
    if layer(file) not in ("cli", "doctor", "opening", "grading", "environments", "classroom"):
        assert not {n.split(".")[0] for n in names} & NOT_IN_THE_BROWSER


def test_the_grader_needs_only_the_judge_and_the_banks():
    for file in FILES:
        if layer(file) == "grading":
            assert {name for name in imports(file) if name.startswith("momentum_lab.checks")} <= FOR_THE_GRADER


def test_no_two_layers_need_each_other():
    seen = set()

    def visit(name, path):
        assert name not in path, f"a circle: {' -> '.join([*path, name])}"
        if name not in seen:
            # A quiz shows itself through its panel, which is loaded only when it is shown.
            for below in HOUSE[name][0] - {"__init__", "quiz_panel"}:
                visit(below, [*path, name])
            seen.add(name)

    for name in HOUSE:
        visit(name, [])


def test_the_house_is_all_there():
    assert {layer(file) for file in FILES} == set(HOUSE)


def test_files_are_one_idea_long():
    for file in FILES:
        assert len(file.read_text("utf-8").splitlines()) <= 300, file.name


def test_pyplot_is_never_imported():
    for file in FILES:
        assert "pyplot" not in " ".join(imports(file))
