"""The ledger of a learner's folder: for every file, the fingerprint of the text that we last offered.

With it an update can tell a file that the learner changed from one that they did not, and a file that they deleted
from one that is new.  Without it, it can tell neither, and takes everything for the learner's own.
"""

import contextlib
import json
from dataclasses import dataclass, field

from momentum_lab.slips import Slip
from momentum_lab.workspace.writing import put

FILE = ".momentum-lab.json"
FORMAT = 1


@dataclass
class Ledger:
    """What we wrote into a folder.

    Attributes
    ----------
    version : str or None
        The version of the course that the folder was last brought up to; None while the first copy is unfinished.
    files : dict of str to str
        The fingerprint of the text last offered, by path.
    lost : bool
        True where there was no ledger, or none that could be read.
    """

    version: str | None = None
    files: dict = field(default_factory=dict)
    lost: bool = False


def holds_course(folder):
    """True for a folder that the course was copied into."""
    return (folder / FILE).exists()


def read(folder):
    """Return the ledger of a folder; an empty one where it is lost or damaged.

    Raises
    ------
    Slip
        If a newer version of the course wrote it in a way that this one does not know.
    OSError
        If it is there and the system refuses to read it.
    """
    if not holds_course(folder):
        return Ledger(lost=True)
    known = {}
    with contextlib.suppress(ValueError, RecursionError):
        known = json.loads((folder / FILE).read_bytes())
    return _understood(known, folder)


def _understood(known, folder):
    """Return what a ledger file says as a Ledger."""
    try:
        files = {str(path): str(text) for path, text in known["files"].items()}
        version, newer = known["version"], known["format"] > FORMAT
    except (KeyError, TypeError, AttributeError):
        return Ledger(lost=True)
    if newer:
        raise Slip(
            f"The lessons in {folder} were copied by a newer version of the course: install that version, "
            "then run the same command again."
        )
    return Ledger(version and str(version), files)


def write(folder, ledger):
    """Write the ledger, unless it says the same already.

    Raises
    ------
    OSError
        If the system refuses.
    """
    content = {"format": FORMAT, "version": ledger.version, "files": dict(sorted(ledger.files.items()))}
    data = (json.dumps(content, indent=1) + "\n").encode("ascii")
    file = folder / FILE
    if not file.exists() or file.read_bytes() != data:
        put(file, data)
