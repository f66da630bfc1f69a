"""What of a file is its text.  Running a notebook changes its outputs and its counts, and not its text."""

import hashlib
import json


def fingerprint(data):
    """Return a short string that two files share if and only if their texts are the same.

    Of a notebook the types and the sources of its cells count.  Of any other file, and of a notebook that is
    damaged, every byte does.

    Parameters
    ----------
    data : bytes
    """
    cells = text_of_cells(data)
    text = data if cells is None else json.dumps(cells).encode("ascii")
    return hashlib.sha256(text).hexdigest()[:32]


def text_of_cells(data):
    """Return [type, source] of every cell, or None for what is no whole notebook."""
    try:
        return [[cell["cell_type"], "".join(cell["source"])] for cell in json.loads(data)["cells"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
