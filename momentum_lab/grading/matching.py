"""Find the answers in a notebook, by what the cells define and not by where they stand.

The rules, in the words that the instructor guide has too:

1. The cell that defines the function or variable of an exercise is its answer, wherever it stands, whatever its
   metadata says and whatever the file is called.
2. If several cells define it, the last one that is filled in counts, and the feedback says so.  Those before it
   that belong to the same exercise are run before it, as in the notebook.  A cell without the exercise's
   metadata that stands above the first cell with it is no copy: the lesson itself may use the name there.
3. If no cell defines it, the last cell that carries the exercise's metadata is its answer.
4. A cell that defines several answers is the answer to each of them.
5. All other code cells are helpers: those above an answer are run before it, in their order, and an error in one
   of them ends that cell only.
6. An answer may use what another answer's cell defines, or a helper further down; that cell is then run before it.
"""

import ast
import re
import symtable
from dataclasses import dataclass, field

from momentum_lab.grading.reader import tree

ASKS = re.compile(r"""\b(?:check|hint)\(\s*["']([\w.]+)["']\s*\)""")


@dataclass(frozen=True)
class Found:
    """The cells of one exercise in the order in which they are run; the last one counts."""

    cells: tuple
    notes: tuple = ()

    @property
    def counts(self):
        """The cell that counts."""
        return self.cells[-1]


@dataclass(frozen=True)
class Match:
    """Which cells are helpers and which are answers."""

    helpers: tuple = ()
    answers: dict = field(default_factory=dict)


def graded(entries):
    """Return the bank entries that a notebook is graded by: those with points and an answer in a cell."""
    return {key: entry for key, entry in entries.items() if entry["points"] and answer_name(entry)}


def answer_name(entry):
    """Return what the answer's cell must define; None for a kind that has no cell."""
    return entry.get("function") or entry.get("variable")


def match(notebook, entries):
    """Match the cells of a notebook with the exercises of a lesson.

    Parameters
    ----------
    notebook : Notebook
    entries : dict
        Bank entries by id.

    Returns
    -------
    Match
        `answers` has no entry for an exercise without any cell.
    """
    views = [_View(cell) for cell in notebook.cells]
    chosen = {key: cells for key, entry in entries.items() if (cells := _cells_of(key, entry, views))}
    taken = {view.cell.number for cells in chosen.values() for view in cells}
    answers = {
        key: Found(
            tuple(view.cell for view in _with_needs(cells, views, taken)),
            _notes(answer_name(entries[key]), cells),
        )
        for key, cells in chosen.items()
    }
    helpers = tuple(view.cell for view in views if view.cell.number not in taken and not view.only_asks)
    return Match(helpers, answers)


def belongs(notebook, entries, lesson):
    """Return None if the notebook belongs to the lesson, else a sentence."""
    names = {answer_name(entry) for entry in entries.values()}
    views = [_View(cell) for cell in notebook.cells]
    lessons = {item.partition(".")[0] for item in notebook.items.union(*[view.asks for view in views])}
    if lesson in lessons:
        return None
    others = sorted(lessons)
    if others:
        return f"This is a notebook of lesson {', '.join(others)}, not of lesson {lesson}."
    if any(view.defines & names for view in views):
        return None
    return f"Nothing in this notebook belongs to lesson {lesson}: no exercise of it, and none of its names."


# ------------------------------------------------------------------ which cells belong to an exercise


def _cells_of(key, entry, views):
    """Return the cells of an exercise; the last one counts."""
    name = answer_name(entry)
    marked = [view for view in views if view.cell.item == key and view.cell.role == "answer"]
    first = marked[0].cell.number if marked else 0
    defining = [view for view in views if name in view.defines and view.cell.number >= first]
    if defining:
        filled = [view for view in defining if not view.is_blank(name)]
        last = (filled or defining)[-1]
        before = [v for v in views if v.cell.number < last.cell.number and (v in defining or v in marked)]
        return [*before, last]
    return marked


def _with_needs(cells, views, taken):
    """Put before an answer those cells whose names it uses and that are not run before it anyway."""
    last = cells[-1].cell.number
    helpers = [view for view in views if view.cell.number not in taken and view.cell.number < last]
    run = {view.cell.number for view in [*cells, *helpers]}
    above = [view for view in reversed(views) if view.cell.number < last]
    below = [view for view in views if view.cell.number > last]
    defined = set().union(*[view.defines for view in [*cells, *helpers]])
    wanted, look_at = list(cells), list(cells)
    while look_at:
        view = look_at.pop()
        for other in (*above, *below):  # the nearest one above first
            if other.cell.number not in run and (other.defines & view.uses) - defined:
                run.add(other.cell.number)
                defined |= other.defines
                wanted.append(other)
                look_at.append(other)
    return sorted(wanted, key=lambda view: (view.cell.number == last, view.cell.number))


def _notes(name, cells):
    copies = [view for view in cells if name in view.defines]
    if len(copies) < 2:
        return ()
    counts = cells[-1].cell.number
    return (f"{len(copies)} cells define `{name}`; the last one that is filled in, cell {counts}, counts.",)


# ------------------------------------------------------------------ what a cell defines and uses


class _View:
    """A cell with what its syntax tells."""

    def __init__(self, cell):
        self.cell, self.tree = cell, tree(cell.source)
        self.asks = set(ASKS.findall(cell.source))
        if self.tree is None:
            self.defines = set(re.findall(r"^(?:async\s+)?def\s+(\w+)|^(\w+)\s*=[^=]", cell.source, re.MULTILINE))
            self.defines = {name for pair in self.defines for name in pair if name}
            self.uses = set()
        else:
            self.defines = set(_defined(self.tree.body))
            self.uses = _global_names(cell.source) - self.defines

    @property
    def only_asks(self):
        """True for a cell that does nothing but call `check` or `hint`: their stand-ins do nothing."""
        rest = re.sub(r"from momentum_lab\.checks import [\w, ]+", "", ASKS.sub("", self.cell.source))
        return bool(self.asks) and not rest.strip()

    def is_blank(self, name):
        """True if the part that defines a name still has the dots of the exercise in it."""
        if self.tree is None:
            return False
        parts = [node for node in self.tree.body if name in set(_defined([node]))]
        return any(_has_dots(node) for node in parts)


def _global_names(source):
    """Return the names that a cell looks for outside its functions."""
    try:
        tables = [symtable.symtable(source, "cell", "exec")]
    except (SyntaxError, ValueError, RecursionError):
        return set()
    found = set()
    while tables:
        table = tables.pop()
        top = table.get_type() == "module"
        found |= {s.get_name() for s in table.get_symbols() if s.is_referenced() and (top or s.is_global())}
        tables += table.get_children()
    return found


def _defined(body):
    """Yield the names that statements bind at the top level of a cell."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
        else:
            yield from _bound_in(node)


def _bound_in(node):
    if isinstance(node, ast.Name):
        if isinstance(node.ctx, ast.Store):
            yield node.id
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom):
        yield from _defined([node])
    elif not isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        for child in ast.iter_child_nodes(node):
            yield from _bound_in(child)


def _has_dots(node):
    if isinstance(node, ast.Subscript):
        return False  # x[..., 0] is no gap
    if isinstance(node, ast.Constant) and node.value is Ellipsis:
        return True
    return any(map(_has_dots, ast.iter_child_nodes(node)))
