"""Make secret banks: the same exercises with other numbers, for grading.

`momentum-lab release --kind instructor --seed FILE` calls this.  FILE holds an instructor's secret, at least 16
characters of any kind.  The same secret makes the same banks.  `momentum-lab grade --bank DIR/banks/02.secret` grades
with one of them; the grader then needs nothing of the author's side, and the learners' copies hold nothing of the
secret.
"""

import hashlib
from pathlib import Path

from course.source import BuildError, items, key, reference, sources
from momentum_lab.authoring import compile_item
from momentum_lab.checks.bank import pack
from momentum_lab.slips import Slip

SHORTEST = 16


def seed_in(file):
    """Return the seed that a secret stands for."""
    try:
        secret = Path(file).read_bytes().strip()
    except OSError as error:
        raise Slip(f"The secret in {file} could not be read: {error.strerror}.") from None
    if len(secret) < SHORTEST:
        raise Slip(f"{file} holds fewer than {SHORTEST} characters; a short secret can be guessed.")
    return int.from_bytes(hashlib.sha256(secret).digest()[:8], "big")


def secret_bank(path, seed):
    """Return the text of a secret bank for the lesson of a source file."""
    entries = {item.id: compile_item(item, reference(path, item), seed) for item in items(path)}
    return pack({"lesson": key(path), "entries": entries})


def secret_banks(file, lessons):
    """Return {file name: text} of the secret banks of some lessons, made from the secret in a file."""
    seed = seed_in(file)
    try:
        return {f"{key(path)}.secret": secret_bank(path, seed) for path in sources() if key(path) in lessons}
    except BuildError as error:
        raise Slip(str(error)) from None
