"""A learner's own folder of lessons: copied once, updated without touching their work, restored on demand.

In reading order: `originals` (what the course comes with), `texts` (what of a file counts as changed), `writing`
(how a file is written so that nothing is lost), `ledger` (what was written before), `updating`, `restoring`,
`finding` (which folder is meant).
"""

from momentum_lab.workspace.finding import find, version_in
from momentum_lab.workspace.ledger import holds_course
from momentum_lab.workspace.originals import FOLDERS, originals
from momentum_lab.workspace.restoring import Restored, restore
from momentum_lab.workspace.texts import fingerprint
from momentum_lab.workspace.updating import NEW_IN, Outcome, copy, update
from momentum_lab.workspace.writing import refusal

__all__ = [
    "FOLDERS",
    "NEW_IN",
    "Outcome",
    "Restored",
    "copy",
    "find",
    "fingerprint",
    "holds_course",
    "originals",
    "refusal",
    "restore",
    "update",
    "version_in",
]
