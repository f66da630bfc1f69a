"""Point a person to submissions that try to influence their result.

Nothing here changes a point: an attempt does not pay anyway.  A flag says what a cell does, so that whoever reads
the list can tell an accident from an attempt.  Only what no exercise of the course asks for is listed.
"""

import ast
import re

from momentum_lab.grading.matching import ASKS
from momentum_lab.grading.reader import tree

# Module -> what its use means; a module that is only imported and not asked for by any exercise.
FOREIGN = {
    **dict.fromkeys(("socket", "urllib", "http", "requests", "ssl", "ftplib", "aiohttp"), "uses the network"),
    **dict.fromkeys(("subprocess", "multiprocessing", "pty", "signal", "ctypes", "cffi"), "starts or steers processes"),
    **dict.fromkeys(("gc", "inspect", "linecache", "importlib", "builtins", "pickle", "marshal"), "looks into Python"),
    **dict.fromkeys(("glob", "shutil", "pathlib", "tempfile"), "looks through files"),
}
CALLS = {
    "os.walk": "looks through files", "os.listdir": "looks through files", "os.scandir": "looks through files",
    "os.system": "starts a program", "os.popen": "starts a program", "os.fork": "starts processes",
    "os.kill": "ends processes", "os.killpg": "ends processes", "os._exit": "ends the process",
    "os.environ": "reads the environment", "os.getenv": "reads the environment", "os.write": "writes past Python",
    "sys._getframe": "looks into Python", "sys.modules": "looks into Python", "sys.settrace": "steers Python",
}  # fmt: skip
NAMES = {
    "open": "opens a file", "__import__": "imports by name", "eval": "evaluates text", "exec": "runs text",
    "globals": "reaches for all names", "__builtins__": "looks into Python",
}  # fmt: skip
ANSWERS = ("momentum_lab.optimizers", "momentum_lab.theory", "momentum_lab.running", "momentum_lab.derivations")
SPYING = re.compile(r"/proc/|\.bank\b|\.solutions\b|BEGIN HIDDEN|NBGRADER_|gradebook", re.IGNORECASE)


def flags(notebook, found):
    """Return one sentence for everything in a notebook that a person should look at."""
    answers = {cell.number for answer in found.answers.values() for cell in answer.cells}
    said, library, nicknames = [], {}, {}
    for cell in notebook.cells:
        parsed = tree(cell.source)
        what = list(_in_text(cell))
        if parsed is not None:
            library |= _library_names(parsed)
            nicknames |= _nicknames(parsed)
            what += _in_tree(parsed)
            if cell.number in answers:
                what += _borrowed(parsed, library, nicknames)
        said += [f"Cell {cell.number} {sentence}." for sentence in dict.fromkeys(what)]
    return said


def _in_text(cell):
    """What is visible without a syntax tree."""
    if SPYING.search(cell.source):
        yield "names a file or variable of the grading"
    if cell.role == "check" and cell.source.strip() and cell.item not in ASKS.findall(cell.source):
        yield f"was the check of {cell.item or 'an exercise'} and has been edited"


def _in_tree(parsed):
    modules = {}
    for node in ast.walk(parsed):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from _imported(node, modules)
    for node in ast.walk(parsed):
        if isinstance(node, ast.Attribute):
            dotted = _dotted(node, modules)
            if dotted in CALLS:
                yield f"{CALLS[dotted]} (`{dotted}`)"
            if isinstance(node.ctx, ast.Store | ast.Del) and dotted.partition(".")[0] in _PATCHABLE:
                yield f"changes the library (`{dotted} = ...`)"
        elif isinstance(node, ast.Name) and node.id in NAMES:
            yield f"{NAMES[node.id]} (`{node.id}`)"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setattr":
            target = _dotted(node.args[0], modules) if node.args else ""
            if target.partition(".")[0] in _PATCHABLE:
                yield f"changes the library (`setattr({target}, ...)`)"


_PATCHABLE = ("numpy", "np", "sympy", "json", "math", "builtins", "momentum_lab", "sys", "os", "IPython")


def _imported(node, modules):
    """Note what names stand for modules, and say which modules are unusual."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            modules[alias.asname or alias.name.partition(".")[0]] = (
                alias.name if alias.asname else alias.name.partition(".")[0]
            )
        names = [alias.name for alias in node.names]
    else:
        harmless = [f"{node.module}.{alias.name}" for alias in node.names] == ["importlib.util.find_spec"]
        names = [] if harmless else [node.module or ""]  # it only asks whether something is installed
        for alias in node.names:
            modules[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    for name in names:
        if name.partition(".")[0] in FOREIGN:
            yield f"{FOREIGN[name.partition('.')[0]]} (`import {name}`)"
        if name.startswith("momentum_lab.checks."):
            yield f"reaches for the checks (`{name}`)"
    if isinstance(node, ast.ImportFrom) and node.module == "momentum_lab.checks":
        for alias in node.names:
            if alias.name not in ("check", "hint"):
                yield f"reaches for the checks (`{alias.name}`)"
    if isinstance(node, ast.ImportFrom) and node.module == "os":
        for alias in node.names:
            if f"os.{alias.name}" in CALLS:
                yield f"{CALLS[f'os.{alias.name}']} (`os.{alias.name}`)"


def _dotted(node, modules):
    """Return a.b.c with the name of a module in the place of its nickname; empty for anything else."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([modules.get(node.id, node.id), *reversed(parts)])


def _library_names(parsed):
    """Return {name: module} for what comes from the part of the library that is the answer to exercises."""
    found = {}
    for node in ast.walk(parsed):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                if full.startswith(ANSWERS):
                    found[alias.asname or alias.name] = full
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith(ANSWERS) and alias.asname:
                    found[alias.asname] = alias.name
    return found


def _nicknames(parsed):
    """Return {name: module} for `import module as name`."""
    imports = [node for node in ast.walk(parsed) if isinstance(node, ast.Import)]
    return {alias.asname: alias.name for node in imports for alias in node.names if alias.asname}


def _borrowed(parsed, library, nicknames):
    """What an answer takes from the library instead of being written."""
    for node in ast.walk(parsed):
        if isinstance(node, ast.Name) and node.id in library:
            yield f"answers with the library (`{library[node.id]}`)"
        elif isinstance(node, ast.Attribute) and (dotted := _dotted(node, nicknames)).startswith(ANSWERS):
            yield f"answers with the library (`{dotted}`)"
