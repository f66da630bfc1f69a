"""Which cells of a lesson are slides: the metadata that presenting tools read, made from the lesson's structure.

A slide shows one thing: a heading with its text, a short text with one code cell, an explorer, a list of tasks, or an
answer with its check.  What is said about a result goes to the speaker's notes, and what is not on the path of a
workshop is left out.  Nothing is written twice: the slides are the notebook.
"""

from course import paths

SHORT = 60  # words; below a longer text there is no room for a code cell and what it prints
MOST_WORDS = 120  # the longest text of a slide, as of any cell of a lesson
MOST_CODE = 2
SHOW = {"scroll": True, "theme": "white", "transition": "none"}
"""For jupyterlab-rise: what is below the edge can be reached, and no font is fetched from another machine."""
AWAY = {"setup", "help", "hint"}  # roles that a room does not need on the wall


def is_presented(key):
    """True for a lesson that is on the path of a workshop."""
    return any(key in path.sections for path in paths.PATHS)


def kinds(key, cells, under):
    """Return what each cell of a lesson is on the wall.

    Parameters
    ----------
    key : str
        The lesson.
    cells : list of NotebookNode
        Its source cells.
    under : list of tuple of str
        The headings that each one stands under.

    Returns
    -------
    list of str
        `slide` begins a slide to the right, `subslide` one below, `-` stays on the slide, `notes` are for the speaker,
        `skip` is not shown.
    """
    found, room = [], False  # room: whether a code cell may still come onto the slide
    for cell, headings in zip(cells, under, strict=True):
        kind = "slide" if cell.metadata["id"] == "title" else "skip"
        if paths.tags(key, headings) and cell.metadata.get("role") not in AWAY:
            kind = _kind(cell, room)
        if kind in ("slide", "subslide"):
            is_short = cell.source.startswith("## ") and len(cell.source.split()) <= SHORT
            room = is_short or cell.metadata.get("role") == "answer"
        elif kind == "-":
            room = False
        found.append(kind)
    return found


def _kind(cell, room):
    """Return what a cell of the path is, if `room` says whether the slide before it takes a code cell."""
    if cell.cell_type == "markdown":
        is_list = cell.source.startswith(("1. ", "| "))
        return "slide" if cell.source.startswith("## ") else "subslide" if is_list else "notes"
    alone = is_explorer(cell) or cell.metadata.get("role") == "answer"
    return "-" if room and not alone else "subslide"


def is_explorer(cell):
    """True for a code cell that shows an explorer."""
    return cell.cell_type == "code" and "from momentum_lab.explorers import" in cell.source
