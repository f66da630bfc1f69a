"""A class to try the grader with: 26 submissions to lesson 05a, good and broken, and what each of them must get.

    python workshop/sample_class.py OUT [options of momentum-lab grade]
    python workshop/sample_class.py --build

The first grades the class in `workshop/sample_submissions/` into the new folder OUT and compares the scores with
`workshop/expected_scores.csv`.  The second writes the two anew, byte for byte the same every time.  The expected scores
are written down here, by what each submission is; no grader has made them.
"""

import argparse
import csv
import inspect
import io
import json
import re
import shutil
import sys
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER, SCORES = ROOT / "workshop" / "sample_submissions", ROOT / "workshop" / "expected_scores.csv"
LESSON, FILE, FIRST = "05a", "05a_look_before_you_leap.ipynb", "05a.nag_step"
FULL, OF_THE_FIRST = 5, 2  # points of the whole, and of the exercise that is broken here
LARGE = 100_000  # bytes of a submission that goes into the archive
HEAD = "def nesterov_step(theta, velocity, grad, lr, beta):\n"


@dataclass(frozen=True)
class Sample:
    """One submission: its path in the folder, its bytes, and what it must get."""

    path: str
    data: bytes
    status: str
    score: float

    @property
    def id(self):
        """The id by which the grader lists it."""
        return self.path.removesuffix(".ipynb")


def notebook(kind="solutions", file=FILE):
    """Return a notebook of the course as a dict of its own, every source one text."""
    found = json.loads((ROOT / kind / file).read_text("utf-8"))
    for cell in found["cells"]:
        cell["source"] = "".join(cell["source"])
    return found


def answers(found):
    """Return the answer cells of a notebook, by exercise."""
    return {
        cell["metadata"]["momentum_lab"]["item"]: cell
        for cell in found["cells"]
        if cell["metadata"].get("momentum_lab", {}).get("role") == "answer"
    }


def code(source, **metadata):
    """Return a new code cell."""
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}


def data(found):
    """Return the bytes of a notebook."""
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


def with_first(source):
    """Return the solved notebook with another answer to its first exercise."""
    found = notebook()
    answers(found)[FIRST]["source"] = source
    return found


def mistake(name):
    """Return a known mistake of the first exercise as a learner would write it."""
    from course import source  # only whoever builds the class needs the author side

    first = next(item for item in source.items(ROOT / "course" / f"{Path(FILE).stem}.py") if item.id == FIRST)
    known = next(known for known in first.mistakes if known.function.__name__ == name)
    return inspect.getsource(known.function).replace(f"def {name}(", "def nesterov_step(")


# ------------------------------------------------------------------ the class


def good():
    """Everything right, however it is wrapped."""
    right = answers(notebook())[FIRST]["source"]
    twice = notebook()
    twice["cells"].insert(1, code(mistake("climbs")))  # a first try, left above
    bare = notebook()
    for cell in bare["cells"]:
        cell["metadata"] = {}
    loud = notebook()
    loud["cells"][-1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "again and again\n" * 35_000}]
    yield "anna-right", data(notebook())
    yield "Björn-all-right", data(notebook())
    yield "carla/my homework (final)", data(notebook())
    yield "dev-names-changed", data(with_first(right.replace("ahead", "point")))
    yield "emil-saved-on-windows", "\ufeff".encode() + data(notebook()).replace(b"\n", b"\r\n")
    yield "fatma-old-format", data(_format_3(notebook()))
    yield "goran-first-try-left-above", data(twice)
    yield "hana-cells-copied-to-a-new-file", data(bare)
    yield "ines-magic-and-shell", data(with_first(f"%matplotlib inline\n!pip list\n{right}"))
    yield '=1+1, "Yuki" O\'Neil', data(notebook() | {"copy": "a name that a spreadsheet would compute"})
    yield "zoe-saved-with-large-outputs", data(loud)


def mistaken():
    """The first exercise wrong or broken, the others right: three points of five."""
    for who, name in (("jan", "asks_where_it_stands"), ("kim", "climbs"), ("lena", "rate_left_out")):
        yield f"{who}-{name.replace('_', '-')}", with_first(mistake(name))
    yield "mara-returns-nothing", with_first(HEAD + "    pass")
    yield "nils-syntax-error", with_first(HEAD + "    return theta -\n")
    yield "olga-endless-loop", with_first(HEAD + "    while True:\n        pass")
    yield "paul-leaves", with_first("import os\nos._exit(0)")
    yield "quinn-prints-everything", with_first(HEAD + "    while True:\n        print('x' * 1000)")
    patched = with_first(mistake("climbs"))
    patched["cells"].insert(1, code("import numpy as np\nnp.allclose = lambda *a, **k: True"))
    yield "rosa-patches-numpy", patched
    edited = with_first(mistake("climbs"))
    for cell in edited["cells"]:
        if cell["metadata"].get("momentum_lab", {}).get("role") == "check":
            cell["source"] = "print('passed')"
    yield "sven-edits-the-checks", edited


def whole_files():
    """Files that are no answer to this lesson: path, bytes, status."""
    yield "tina-untouched.ipynb", (ROOT / "exercises" / FILE).read_bytes(), "not attempted"
    yield "uwe-cut-off.ipynb", data(notebook())[:2000], "unreadable"
    yield "vera-empty.ipynb", b"", "unreadable"
    yield "walid-another-lesson.ipynb", (ROOT / "exercises" / "01_the_race.ipynb").read_bytes(), "unmatched"
    yield "xenia-report.pdf", b"%PDF-1.4\n% I printed it.\n", "unreadable"


def _format_3(found):
    """Return a notebook as programs of 2014 wrote it."""
    cells = [
        {"cell_type": "code", "language": "python", "metadata": {}, "input": cell["source"], "outputs": [],
         "collapsed": False, "prompt_number": 1}
        if cell["cell_type"] == "code" else {"cell_type": "markdown", "metadata": {}, "source": cell["source"]}
        for cell in found["cells"]
    ]  # fmt: skip
    return {
        "metadata": {"name": ""},
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [{"cells": cells, "metadata": {}}],
    }


def samples():
    """Return the whole class, in the order of the ids."""
    found = [Sample(f"{name}.ipynb", content, "graded", FULL) for name, content in good()]
    left = FULL - OF_THE_FIRST
    for name, broken in mistaken():
        status = "partly graded" if "endless" in name or "leaves" in name or "prints" in name else "graded"
        found.append(Sample(f"{name}.ipynb", data(broken), status, left))
    found += [Sample(path, content, status, 0) for path, content, status in whole_files()]
    return sorted((replace(one, data=_of_any_edition(one.data)) for one in found), key=lambda sample: sample.id)


def _of_any_edition(content):
    """Take out the mark of the lesson's edition: the class must not change with every word of the lesson."""
    return re.sub(rb'("source": ")[0-9a-f]{16}"', rb'\g<1>0000000000000000"', content)


# ------------------------------------------------------------------ writing it


def travels_zipped(sample):
    """True for what a checkout might change (names beyond plain signs, line ends of Windows), and for what is large."""
    plain = sample.path.isascii() and all(sign.isalnum() or sign in "._-/" for sign in sample.path)
    return not plain or b"\r\n" in sample.data or len(sample.data) > LARGE


def expected_id(sample):
    """Return the id under which the grader lists a sample once it is in the folder."""
    return f"upload/{sample.id}" if travels_zipped(sample) else sample.id


def expected():
    """Return the rows that the grader must give: id, status, score."""
    return sorted([expected_id(sample), sample.status, f"{sample.score:g}"] for sample in samples())


def write(folder, scores):
    """Write the class into a folder of its own, and what it must get into a file beside it."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    with zipfile.ZipFile(folder / "upload.zip", "w") as archive:  # not compressed: no two versions of zlib agree
        for sample in samples():
            if travels_zipped(sample):
                member = zipfile.ZipInfo(sample.path, (2026, 1, 1, 0, 0, 0))
                member.create_system = 3  # the same on every system
                archive.writestr(member, sample.data)
            else:
                (folder / sample.path).write_bytes(sample.data)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([["id", "status", "score"], *expected()])
    scores.write_text(text.getvalue(), "utf-8")


def compare(scores):
    """Return what differs between a file of scores and what is expected, one sentence a submission."""
    found, wanted = _table(scores), _table(SCORES)
    return [
        f"{name}: expected {wanted.get(name, 'no such row')}, found {found.get(name, 'no row')}."
        for name in sorted(wanted.keys() | found.keys())
        if wanted.get(name) != found.get(name)
    ]


def _table(scores):
    """Return status and score by id; the id without the apostrophe that keeps a spreadsheet from computing it."""
    with Path(scores).open(encoding="utf-8-sig", newline="") as file:
        return {row["id"].removeprefix("'"): f"{row['status']}, {row['score']}" for row in csv.DictReader(file)}


def attempt(out, options):
    """Grade the class and say whether the scores are the expected ones; return the exit code."""
    from momentum_lab import cli

    code = cli.main(["grade", str(FOLDER), "--lesson", LESSON, "--out", str(out), *options])
    if code not in (0, 1):
        return code  # nothing was graded; the command has said why
    differences = compare(Path(out) / "scores.csv")
    print("\n".join(differences) or f"All {len(_table(SCORES))} submissions came out as expected.")
    return int(bool(differences))


def main(arguments):
    """Grade the class, or write it; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", nargs="?", help="where scores, feedback and the report go")
    parser.add_argument("--build", action="store_true", help="write the class and its expected scores anew")
    known, options = parser.parse_known_args(arguments)
    if known.build:
        write(FOLDER, SCORES)
        print(f"{len(samples())} submissions to lesson {LESSON} are in {FOLDER.relative_to(ROOT)}.")
        return 0
    return attempt(known.out, options) if known.out else parser.error("name a folder, such as graded")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
