"""Which folder is meant when none is named, and which version of the course it has."""

from pathlib import Path

from momentum_lab.workspace import ledger as ledgers

NAME = "momentum-lab"  # what `momentum-lab start` makes when no folder is named


def find(named=None):
    """Return a learner's folder: the one that is named, else the one we are in, else `momentum-lab` in it.

    Parameters
    ----------
    named : str, optional

    Returns
    -------
    Path
        It need not exist.
    """
    if named:
        return Path(named).expanduser()
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if ledgers.holds_course(folder)), here / NAME)


def version_in(folder):
    """Return the version that a folder was last brought up to; None where it was not, or not to the end.

    Raises
    ------
    Slip
        If a newer version of the course wrote its ledger in a way that this one does not know.
    OSError
        If the system refuses to read it.
    """
    return ledgers.read(Path(folder)).version
