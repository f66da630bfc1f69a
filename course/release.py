"""Make secret banks: the same exercises with other numbers, for grading.

    python -m course.release --seed FILE --out DIR [--lesson 02]

FILE holds an instructor's secret, at least 16 characters of any kind, and lies outside the repository.  The same
secret makes the same banks.  `momentum-lab grade --bank DIR/02.secret` grades with one of them; the grader then
needs nothing of the author's side, and the learners' copies hold nothing of the secret.
"""

import argparse
import hashlib
import sys
from pathlib import Path

from course.source import ROOT, BuildError, items, key, reference, sources
from momentum_lab.authoring import compile_item
from momentum_lab.checks.bank import pack

SHORTEST = 16


def seed_in(file):
    """Return the seed that a secret stands for."""
    secret = Path(file).read_bytes().strip()
    if len(secret) < SHORTEST:
        raise BuildError(f"{file} holds fewer than {SHORTEST} characters; a short secret can be guessed.")
    return int.from_bytes(hashlib.sha256(secret).digest()[:8], "big")


def secret_bank(path, seed):
    """Return the text of a secret bank for the lesson of a source file."""
    entries = {item.id: compile_item(item, reference(path, item), seed) for item in items(path)}
    return pack({"lesson": key(path), "entries": entries})


def release(seed, out, lesson=None):
    """Write the secret banks of one lesson or of all; return their files."""
    out = Path(out)
    if out.resolve().is_relative_to(ROOT):
        raise BuildError(f"{out} lies in the repository, where a secret bank would be shared by mistake.")
    wanted = [path for path in sources() if lesson in (None, key(path)) and items(path)]
    if not wanted:
        raise BuildError(f"There is no lesson {lesson!r} with exercises.")
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for path in wanted:
        file = out / f"{key(path)}.secret"
        file.write_text(secret_bank(path, seed), encoding="ascii", newline="\n")
        written.append(file)
    return written


def main(arguments=None):
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m course.release", description=__doc__.splitlines()[0])
    parser.add_argument("--seed", required=True, metavar="FILE", help="the file with the secret")
    parser.add_argument("--out", required=True, metavar="DIR", help="where the banks go, outside the repository")
    parser.add_argument("--lesson", help="such as 02; all lessons if left out")
    options = parser.parse_args(arguments)
    try:
        for file in release(seed_in(options.seed), options.out, options.lesson):
            print(f"wrote {file}")
    except (BuildError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
