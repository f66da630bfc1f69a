"""Build the notebooks and banks from the course's sources.

    python -m course.build            build everything that is out of date
    python -m course.build --all      build everything
    python -m course.build --check    say what is out of date, change nothing

One source a lesson, `course/NN_topic.py`, makes three notebooks:

    notebooks/NN_topic.ipynb    the lesson, run, with text and pictures
    exercises/NN_topic.ipynb    the exercises alone, untouched
    solutions/NN_topic.ipynb    the exercises answered, run

and `course/items/NN.py` makes `momentum_lab/checks/banks/NN.bank`.  A source in `course/extras/` makes one notebook
only, `notebooks/name.ipynb`, run.  Building twice gives the same bytes.
"""

import argparse
import sys

import nbformat

from course import (
    bibliography,
    catch_up,
    cheat_sheet,
    errata,
    front,
    gallery,
    glossary,
    paths,
    poll_sheet,
    workshop_guide,
)
from course.execute import execute, small_png
from course.make import exercises, lesson, solutions
from course.source import ROOT, BuildError, extras, is_extra, items, key, reference, solution, sources
from momentum_lab.authoring import SEED, compile_item
from momentum_lab.checks.bank import pack
from momentum_lab.explorers import dots_race

PICTURES = {"docs/dots_race.png": dots_race, **gallery.pictures()}  # file -> explorer at rest
WRITTEN = (gallery, paths, cheat_sheet, glossary, bibliography, errata, workshop_guide, poll_sheet, catch_up)
PAGES = {module.PAGE: module.page for module in WRITTEN} | front.PAGES
BANKS = ROOT / "momentum_lab" / "checks" / "banks"


def targets(path):
    """Return (file, notebook without outputs, whether it is run) for the three notebooks of a lesson, or one extra."""
    name = path.with_suffix(".ipynb").name
    first = (ROOT / "notebooks" / name, lesson(path), True)
    if is_extra(path):
        return [first]
    return [
        first,
        (ROOT / "exercises" / name, exercises(path), False),
        (ROOT / "solutions" / name, solutions(path), True),
    ]


def bank_text(path, seed=SEED):
    """Return the bank file of a lesson."""
    return pack({item.id: compile_item(item, reference(path, item), seed) for item in items(path)})


def solutions_text(path):
    """Return the file with the solutions of a lesson, which a class that withholds them leaves out."""
    return pack({item.id: solution(path, item).strip() for item in items(path) if hasattr(item, "answer")})


def packed(path):
    """Return {file: text} for what a lesson's exercises leave in the package; nothing for an extra."""
    if is_extra(path):
        return {}
    return {
        BANKS / f"{key(path)}.bank": bank_text(path),
        BANKS / f"{key(path)}.solutions": solutions_text(path),
    }


def same_cells(file, notebook):
    """True if a stored notebook has the cells and metadata that the source makes; outputs are not looked at."""
    if not file.exists():
        return False
    stored = nbformat.read(file, as_version=4)
    for cell in stored.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return stored.metadata == notebook.metadata and stored.cells == notebook.cells


def build(path, everything=False):
    """Write what is out of date for one lesson; return the files written."""
    written = []
    for file, text in packed(path).items():
        if not file.exists() or file.read_text("ascii") != text:
            _write(file, text)
            written.append(file)
    for file, notebook, is_run in targets(path):
        if everything or written or not same_cells(file, notebook):
            finished = execute(notebook, file) if is_run else notebook
            _write(file, nbformat.writes(finished) + "\n")
            written.append(file)
    return written


def build_pages():
    """Write the pages whose text has changed, and the pictures whose pixels have; return the files written."""
    written = []
    for name, make in PICTURES.items():
        file = ROOT / name
        png = small_png(make().show()[0], file)
        if not file.exists() or file.read_bytes() != png:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(png)
            written.append(file)
    for file, text in stale_pages().items():
        _write(file, text)
        written.append(file)
    return written


def stale_pages():
    """Return {file: text} for the pages that no longer say what their makers say."""
    made = {ROOT / name: make() for name, make in PAGES.items()}
    return {file: text for file, text in made.items() if not file.exists() or file.read_text("utf-8") != text}


def stale():
    """Return the files that no longer fit their source, and those that have none."""
    found, wanted = [], set()
    for name, make in PICTURES.items():
        file = ROOT / name
        if not file.exists() or small_png(make().show()[0], file) != file.read_bytes():
            found.append(file)
    found += stale_pages()
    for path in (*sources(), *extras()):
        for file, text in packed(path).items():
            wanted.add(file)
            if not file.exists() or file.read_text("ascii") != text:
                found.append(file)
        for file, notebook, _ in targets(path):
            wanted.add(file)
            if not same_cells(file, notebook):
                found.append(file)
    kept = [f for folder in ("notebooks", "exercises", "solutions") for f in (ROOT / folder).glob("*.ipynb")]
    return found + [f for f in (*kept, *BANKS.glob("*.bank"), *BANKS.glob("*.solutions")) if f not in wanted]


def _write(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)


def main(arguments=None):
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m course.build", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="say what is out of date, change nothing")
    parser.add_argument("--all", action="store_true", help="run every notebook again")
    options = parser.parse_args(arguments)
    try:
        if options.check:
            out_of_date = [file.relative_to(ROOT) for file in stale()]
            for file in out_of_date:
                print(f"out of date: {file.as_posix()}")
            print("Run  python -m course.build" if out_of_date else "Everything is up to date.")
            return int(bool(out_of_date))
        for path in (*sources(), *extras()):
            for file in build(path, options.all):
                print(f"wrote {file.relative_to(ROOT).as_posix()}")
        for file in build_pages():
            print(f"wrote {file.relative_to(ROOT).as_posix()}")
    except BuildError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
