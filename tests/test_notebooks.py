"""Notebooks as people meet them: an untouched sheet, a wrong kernel, no network, a printed page."""

import re
import subprocess
import sys
import tarfile
import zipfile

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from course import source

ROOT = source.ROOT
LESSONS = source.sources()
EXTRAS = source.extras()
RUN = [(folder, path) for folder in ("notebooks", "solutions") for path in LESSONS] + [("notebooks", p) for p in EXTRAS]
PLAIN = "ignore::DeprecationWarning"


def stored(folder, path):
    return nbformat.read(ROOT / folder / path.with_suffix(".ipynb").name, as_version=4)


def run(notebook, **options):
    NotebookClient(notebook, kernel_name="python3", timeout=60, **options).execute()
    return notebook


def text_of(cell):
    return "".join(output.get("text") or output["data"]["text/plain"] for output in cell.outputs)


@pytest.mark.filterwarnings(PLAIN)
@pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.stem)
@pytest.mark.parametrize("folder", ["exercises", "notebooks"])
def test_run_all_on_an_untouched_notebook_says_not_attempted(folder, path):
    notebook = run(stored(folder, path))
    checks = [c for c in notebook.cells if c.metadata.get("momentum_lab", {}).get("role") == "check"]
    assert checks
    assert all(text_of(cell).startswith("○ Not attempted") for cell in checks)


@pytest.mark.filterwarnings(PLAIN)
@pytest.mark.parametrize("path", LESSONS, ids=lambda p: p.stem)
def test_the_solutions_pass(path):
    checks = [c for c in stored("solutions", path).cells if c.metadata.get("momentum_lab", {}).get("role") == "check"]
    assert checks and all(text_of(cell).startswith("✓ Passed") for cell in checks)


@pytest.mark.filterwarnings(PLAIN)
@pytest.mark.parametrize("path", [*LESSONS, *EXTRAS], ids=lambda p: p.stem)
def test_a_lesson_needs_no_network(path):
    """Every connection away from this machine is refused inside the kernel."""
    notebook = stored("notebooks", path)
    guard = (
        "import socket\n"
        "def refuse(self, address, *rest):\n"
        "    raise OSError(f'no network in a lesson: {address}')\n"
        "socket.socket.connect = socket.socket.connect_ex = refuse\n"
        "socket.getaddrinfo = refuse"
    )
    notebook.cells.insert(0, nbformat.v4.new_code_cell(guard, id="guard"))
    run(notebook)


@pytest.mark.filterwarnings(PLAIN)
def test_a_kernel_without_the_course_is_told_in_two_lines(tmp_path):
    """The first cell names the interpreter and one cure, without a traceback; the other cells do not run."""
    notebook = stored("notebooks", LESSONS[0])
    hide = nbformat.v4.new_code_cell("import sys; sys.modules['momentum_lab'] = None", id="hide")
    notebook.cells.insert(0, hide)
    run(notebook, allow_errors=True)
    said = [(cell.id, output) for cell in notebook.cells for output in cell.get("outputs", [])]
    ((where, error),) = said
    assert where == "setup" and len(error.traceback) == 2
    assert "python" in error.traceback[0] and "does not have the course" in error.traceback[0]
    assert "python start.py" in error.traceback[1]


@pytest.mark.filterwarnings(PLAIN)
@pytest.mark.parametrize(("folder", "path"), RUN, ids=lambda v: getattr(v, "stem", v))
def test_a_printed_page_shows_every_picture_with_its_text(folder, path):
    notebook = stored(folder, path)
    outputs = [o.data for cell in notebook.cells for o in cell.get("outputs", []) if "image/png" in o.get("data", {})]
    pictures = sum(data.get("text/html", "<img").count("<img") for data in outputs)  # a bet and its answer are two
    assert pictures >= len(outputs)
    page, _ = HTMLExporter().from_notebook_node(notebook)
    images = re.findall(r"<img [^>]*data:image/png[^>]*>", page)
    assert len(images) == pictures
    assert all(re.search(r'alt="[^"]{40,}"', image) for image in images)
    assert "No description has been provided" not in page


# ------------------------------------------------------------------ the wheel


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The real wheel and source archive, as hatchling builds them."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)], cwd=ROOT, check=True, capture_output=True
    )
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, sdist


def contents(built):
    wheel, sdist = built
    with zipfile.ZipFile(wheel) as archive:
        yield {name: archive.read(name) for name in archive.namelist()}
    with tarfile.open(sdist) as archive:
        yield {m.name: archive.extractfile(m).read() for m in archive.getmembers() if m.isfile()}


def test_the_wheel_holds_lessons_and_banks_and_no_answer(built):
    for files in contents(built):
        names = " ".join(files)
        for path in LESSONS:
            assert f"notebooks/{path.stem}.ipynb" in names and f"exercises/{path.stem}.ipynb" in names
            assert f"banks/{source.key(path)}.bank" in names
        for path in EXTRAS:
            assert f"notebooks/{path.stem}.ipynb" in names
        # The classes an author needs are there; what the course's authors wrote with them is not.
        assert "momentum_lab/authoring/items.py" in names
        assert not re.search(r"\bsolutions/|\bcourse/|\btests/|\.solutions\.py", names)
        for path in LESSONS:
            answers = [c.source for c in source.read(path) if c.metadata.get("role") == "answer"]
            author_side = (ROOT / "course" / "items" / f"{source.key(path)}.py").read_text("utf-8")
            impostors = re.findall(r"^def (\w+\(.+\)):", author_side, re.M)
            assert impostors
            for name, content in files.items():
                text = content.decode("utf-8", "replace")
                assert not [a for a in answers if a in text], name
                assert not [i for i in impostors if f"def {i}" in text], name
                assert "BEGIN SOLUTION" not in text, name


def test_the_wheel_carries_its_licences_and_its_command(built):
    files = next(contents(built))
    names = " ".join(files)
    assert all(f"licenses/{name}" in names for name in ("LICENSE", "LICENSE-TEXT", "NOTICE"))
    entry = next(content for name, content in files.items() if name.endswith("entry_points.txt"))
    assert b"momentum-lab = momentum_lab.cli:main" in entry
    metadata = next(content for name, content in files.items() if name.endswith("METADATA")).decode()
    needs = [line.split(";")[0] for line in metadata.splitlines() if line.startswith("Requires-Dist")]
    assert needs and not [need for need in needs if "==" in need]
