"""Say which cell to run first when a cell needs a name that another cell of its notebook makes.

Who comes back another day, or restarts the kernel, runs the cell where they stopped.  Python then says that a name is
not defined, which is true and no help.
"""

import json
import os
import symtable
from pathlib import Path


def watch():
    """Have this notebook's kernel add the help to every `NameError`; anywhere else do nothing."""
    try:
        shell = get_ipython()  # IPython's own; there is none elsewhere
    except NameError:
        return
    shell.set_custom_exc((NameError,), _explain)


def this_notebook():
    """Return the file of the notebook that this kernel serves, or None."""
    file = Path.cwd() / Path(os.environ.get("JPY_SESSION_NAME", "")).name  # set by the server that opened it
    return file if file.is_file() else None


def advice(name, cells, running=""):
    """Say which cell makes a name.

    Parameters
    ----------
    name : str
    cells : list of dict
        The cells of a notebook, as they are stored.
    running : str
        The source of the cell that asked for the name.

    Returns
    -------
    str or None
        None if no other cell makes it: then it is a slip of the reader's own.
    """
    heading = ""
    for cell in cells:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and text.startswith("#"):
            heading = text.splitlines()[0].lstrip("# ")
        elif cell["cell_type"] == "code" and name in _made(text):
            if text.strip() == running.strip():
                return None
            return f"It is made in {_place(cell, heading)}: run that one first."
    return None


def _place(cell, heading):
    if cell.get("metadata", {}).get("jupyter", {}).get("source_hidden"):
        return "the first cell of this page"
    return f'the cell under "{heading}"' if heading else "another cell of this page"


def _made(code):
    """Return the names that a cell leaves behind; none for a cell that is not Python alone."""
    try:
        symbols = symtable.symtable(code, "cell", "exec").get_symbols()
    except SyntaxError:
        return set()
    return {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}


def _explain(shell, kind, error, traceback, tb_offset=None):
    """Show a `NameError` as IPython does, or, where another cell makes the name, in three lines."""
    found = _advice_for(shell, error)
    if found:
        more = "Run > Run All Above Selected Cell runs everything that comes before this cell."
        error._render_traceback_ = lambda: [f"NameError: {error}", found, more]
    shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)


def _advice_for(shell, error):
    name, file = getattr(error, "name", None), this_notebook()
    if not name or file is None or name in shell.user_ns:
        return None
    try:
        return advice(name, json.loads(file.read_text("utf-8"))["cells"], shell.user_ns["In"][-1])
    except (OSError, ValueError, LookupError, TypeError):
        return None
