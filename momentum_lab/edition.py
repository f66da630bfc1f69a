"""Say in a lesson's first cell whether the lesson and the library are of the same version.

A learner who installs a new version has the old lessons until they update their folder, and keeps the old text of a
lesson that they changed.  Both go on working; but who reads on, or asks for help, should know.  The ledger of the
folder has the version: a stamp in every notebook would make every notebook new at each release.
"""

import glob

from momentum_lab import __version__, out_of_order


def ready():
    """Return one line for the first cell of a lesson, and a second one if lesson and library differ.

    From then on a cell that is run too early says which one comes first.
    """
    out_of_order.watch()
    return "\n".join(filter(None, [f"Momentum Lab {__version__} is ready.", _notice()]))


def _notice():
    """Return one sentence if this lesson has not the text that the library came with, else None.

    A lesson must start whatever is wrong with files: then there is nothing to say.
    """
    from momentum_lab.workspace.finding import find, version_in

    try:
        version = version_in(find())
        if version and version != __version__:
            return f"These lessons are those of version {version}; to update them: momentum-lab update"
        newer = _newer_text() if version else None
        return newer and f"You keep an older text of this lesson; the one of version {__version__} is in {newer}."
    except (OSError, ValueError):
        return None


def _newer_text():
    """Return the name of the file beside this notebook with the text that an update did not put in its place."""
    from momentum_lab.workspace.texts import fingerprint
    from momentum_lab.workspace.updating import NEW_IN

    notebook = out_of_order.this_notebook()
    if notebook is None:
        return None
    pattern = glob.escape(f"{notebook.stem} ({NEW_IN.format(__version__)}") + "*" + notebook.suffix
    mine = fingerprint(notebook.read_bytes())
    others = [file for file in sorted(notebook.parent.glob(pattern)) if fingerprint(file.read_bytes()) != mine]
    return others[-1].name if others else None
