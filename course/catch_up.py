"""Catch-up cells: for each section of the workshop's paths the one cell that a late learner runs before it.

A section may use names from earlier cells.  The cell holds those statements of the lesson that make these names, and
nothing else: no printing, no pictures, no exercise.
"""

import ast
import dis
from types import CodeType

from course import paths, source
from momentum_lab.contents import anchor, lesson

PAGE = "workshop/catch_up.md"
READS, WRITES = {"LOAD_NAME", "LOAD_GLOBAL"}, {"STORE_NAME", "STORE_GLOBAL", "DELETE_NAME"}


def page():
    """Return the page with the catch-up cells of every section on a path."""
    parts = [
        "# Catch-up cells",
        "You are late, or your notebook is in disorder? Open the lesson, run the first cell of code, and go to the "
        "section that the room is in. If this page has a cell for it, put a new cell above the section (press Esc, "
        "then `A`), paste, and run it. Where it says that nothing is needed, run the section.",
        "The same is reached with *Run > Run All Above Selected Cell*, which also shows everything that was there "
        "before. It stops at a cell that has a mistake in it; the cells of this page do not.",
    ]
    for key, sections in paths.PATHS[-1].sections.items():
        one = lesson(key)
        parts.append(f"## {one.key} · {one.title}")
        cells = read(key)
        parts += [_entry(one, heading, needed(cells, heading)) for heading in sections]
    return "\n\n".join(parts) + "\n"


def read(key):
    """Return the code cells of a lesson, as a learner gets them, each with the headings it stands under."""
    from course.make import lesson as notebook  # which needs the paths

    (path,) = (path for path in source.sources() if source.key(path) == key)
    cells = [cell for cell in notebook(path).cells if cell.id != "setup"]
    pairs = zip(cells, paths.headings(cells), strict=True)
    return [(cell.source, under) for cell, under in pairs if cell.cell_type == "code"]


def needed(cells, heading):
    """Return the statements before a section that it needs, as source; empty if it needs none.

    Parameters
    ----------
    cells : list of (str, tuple of str)
        The code cells of a lesson and their headings.
    heading : str
    """
    inside = [heading in under for _, under in cells]
    if True not in inside:
        return ""
    first = inside.index(True)
    before = [statement for text, _ in cells[:first] for statement in _statements(text)]
    wanted, defined = set(), set()
    for (text, _), here in zip(cells, inside, strict=True):
        if here:
            wanted |= _reads(text) - defined
            defined |= _writes(text)
    kept = []
    for statement in reversed(before):
        made = _writes(statement) & wanted
        if made:
            kept.append(statement)
            wanted = (wanted - made) | _reads(statement)
    return _in_order(reversed(kept))


def lost(key, sections):
    """Return those of the sections that fail in a room that runs nothing but these sections."""
    cells, known, found = read(key), set(), []
    makes = set().union(*(_writes(text) for text, _ in cells))  # what the lesson does not make, Python or setup does
    for text, under in cells:
        here = [heading for heading in under if heading in sections]
        if here:
            if _reads(text) & makes - known and here[-1] not in found:
                found.append(here[-1])
                known |= _reads(text)  # the catch-up cell brings it
            known |= _writes(text)
    return found


def _in_order(statements):
    """Join statements: imports first, as a cell should have them, and a line of air about a function."""
    statements = list(statements)
    imports = sorted({s for s in statements if s.startswith(("import ", "from "))})
    others = [f"\n\n{s}\n" if "\ndef " in f"\n{s}" else s for s in statements if s not in imports]
    return (
        "\n".join([*imports, *([""] if imports and others else []), *others]).strip("\n").replace("\n\n\n\n", "\n\n\n")
    )


def _statements(text):
    """Return the statements of a cell, with their comments."""
    lines = text.splitlines()
    return ["\n".join(lines[node.lineno - 1 : node.end_lineno]) for node in ast.parse(text).body]


def _reads(text):
    """Return the names that a text takes from outside: those it reads before it has made them."""
    made, taken = set(), set()
    for name, is_written in _names(compile(text, "cell", "exec")):
        if is_written:
            made.add(name)
        elif name not in made:
            taken.add(name)
    return taken


def _writes(text):
    """Return the names that a text leaves behind."""
    return {name for name, is_written in _names(compile(text, "cell", "exec")) if is_written}


def _names(code, top=True):
    """Yield (name, whether it is written) for the global names of a code object, functions within it included."""
    for step in dis.get_instructions(code):
        if step.opname in READS or (top and step.opname in WRITES):
            yield step.argval, step.opname in WRITES
        elif isinstance(step.argval, CodeType):
            yield from _names(step.argval, top=False)


def _entry(one, heading, code):
    link = f"[{heading}](../notebooks/{one.file}#{anchor(heading)})"
    return f"**{link}**\n\n" + (f"```python\n{code}\n```" if code else "Nothing is needed.")
