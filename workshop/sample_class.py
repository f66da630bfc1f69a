"""Build a class to try the grader with: 24 submissions to lesson 05a, good and broken, and what each of them must get.

    python workshop/sample_class.py                    writes the class and its expected scores
    python workshop/sample_class.py graded/scores.csv  compares what the grader found with what is expected

The class lies in `workshop/sample_submissions/`, byte for byte the same every time.  The expected scores are written
down here, by what each submission is; no grader has made them.
"""

import csv
import inspect
import io
import json
import shutil
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from course import source  # noqa: E402

HERE = ROOT / "workshop"
LESSON, FILE, FIRST = "05a", "05a_look_before_you_leap.ipynb", "05a.nag_step"
FULL, OF_THE_FIRST = 5, 2  # points of the whole, and of the exercise that is broken here
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
    yield "anna-right", data(notebook())
    yield "Björn-all-right", data(notebook())
    yield "carla/my homework (final)", data(notebook())
    yield "dev-names-changed", data(with_first(right.replace("ahead", "point")))
    yield "emil-saved-on-windows", "\ufeff".encode() + data(notebook()).replace(b"\n", b"\r\n")
    yield "fatma-old-format", data(_format_3(notebook()))
    yield "goran-first-try-left-above", data(twice)
    yield "hana-cells-copied-to-a-new-file", data(bare)
    yield "ines-magic-and-shell", data(with_first(f"%matplotlib inline\n!pip list\n{right}"))


def mistaken():
    """The first exercise wrong or broken, the others right: three points of five."""
    for who, name in (("jan", "asks_where_it_stands"), ("kim", "climbs"), ("lena", "rate_left_out")):
        yield f"{who}-{name.replace('_', '-')}", with_first(mistake(name))
    yield "mara-returns-nothing", with_first(HEAD + "    pass")
    yield "nils-syntax-error", with_first(HEAD + "    return theta -\n")
    yield "olga-endless-loop", with_first(HEAD + "    while True:\n        pass")
    yield "paul-leaves", with_first("import os\nos._exit(0)")
    yield "quinn-prints-everything", with_first(HEAD + "    for _ in range(10**6):\n        print('x' * 1000)")
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
    return sorted(found, key=lambda sample: sample.id)


# ------------------------------------------------------------------ writing it


def travels_zipped(sample):
    """True for what a checkout might change: names beyond plain signs, and line ends of Windows."""
    plain = sample.path.isascii() and all(sign.isalnum() or sign in "._-/" for sign in sample.path)
    return not plain or b"\r\n" in sample.data


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
    with zipfile.ZipFile(folder / "upload.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for sample in samples():
            if travels_zipped(sample):
                archive.writestr(zipfile.ZipInfo(sample.path, (2026, 1, 1, 0, 0, 0)), sample.data)
            else:
                (folder / sample.path).write_bytes(sample.data)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([["id", "status", "score"], *expected()])
    scores.write_text(text.getvalue(), "utf-8")


def compare(scores):
    """Return what differs between a file of scores and what is expected, one sentence a submission."""
    with Path(scores).open(encoding="utf-8-sig", newline="") as file:
        found = {row["id"]: [row["status"], row["score"]] for row in csv.DictReader(file)}
    wanted = {name: rest for name, *rest in expected()}
    return [
        f"{name}: expected {', '.join(wanted.get(name, ['no such row']))}, "
        f"found {', '.join(found.get(name, ['no row']))}."
        for name in sorted(wanted.keys() | found.keys())
        if wanted.get(name) != found.get(name)
    ]


def main(arguments):
    """Write the class, or compare a file of scores with it; return the exit code."""
    if arguments:
        differences = compare(arguments[0])
        print("\n".join(differences) or f"All {len(expected())} submissions came out as expected.")
        return bool(differences)
    write(HERE / "sample_submissions", HERE / "expected_scores.csv")
    print(f"{len(samples())} submissions to lesson {LESSON} are in workshop/sample_submissions.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
