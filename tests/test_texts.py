"""The words of the project: spelled as English is, and every link leads somewhere."""

import re
import subprocess
import sys

import pytest

from course import source
from momentum_lab.contents import LESSONS

ROOT = source.ROOT
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def test_no_common_misspelling():
    """The lessons are read in their sources; pyproject.toml holds the words that are meant so."""
    where = [
        "course",
        "momentum_lab",
        "docs",
        "tests",
        "benchmarks",
        "workshop",
        "start.py",
        *(page.name for page in ROOT.glob("*.md")),
    ]
    done = subprocess.run(
        [sys.executable, "-m", "codespell_lib", *where], cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_spelling_test_finds_something(tmp_path):
    (tmp_path / "a.md").write_text("t" + "eh gradient", encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "codespell_lib", tmp_path], capture_output=True, text=True)
    assert done.returncode != 0 and "the" in done.stdout


def targets(text):
    """Where the links and pictures of a Markdown text lead, without anchors and the web."""
    found = re.findall(r"\]\(([^)\s]+)\)", text)
    return [link.partition("#")[0] for link in found if not re.match(r"https?:|mailto:|#|attachment:", link)]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_link_of_a_page_leads_to_a_file(page):
    for target in targets(page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("path", [*source.sources(), *source.extras()], ids=lambda p: p.stem)
def test_every_link_of_a_lesson_leads_to_a_file(path):
    for cell in source.read(path):
        if cell.cell_type == "markdown":
            for target in targets(cell.source):
                assert (ROOT / "notebooks" / target).exists(), f"{cell.metadata['id']}: {target}"


def test_the_readme_lists_every_lesson():
    text = (ROOT / "README.md").read_text("utf-8")
    assert all(f"notebooks/{path.stem}.ipynb" in text for path in (*source.sources(), *source.extras()))


def test_the_readme_says_at_the_top_how_long_the_course_takes():
    top = " ".join((ROOT / "README.md").read_text("utf-8").partition("## Start")[0].split())
    hours, sittings = round(sum(one.minutes for one in LESSONS) / 60), len(LESSONS)
    said = {11: "eleven", 13: "thirteen"}
    assert f"about {said[hours]} hours, in {said[sittings]} sittings of an hour or less" in top
    assert max(one.minutes for one in LESSONS) <= 60
