"""Collect what the site shows in one folder, in the places that the links between the pages expect."""

import re
import shutil
from pathlib import Path

import nbformat

from course import links
from momentum_lab.contents import LESSONS, anchor, anchor_in_page
from momentum_lab.printing import WIDGET

HEADING = re.compile(r"^#+ (.+?)\s*$", re.MULTILINE)
LINK = re.compile(r"\]\((?P<file>[^)#:]*)#(?P<anchor>[^)]+)\)")

PAGES = (
    "docs/paths", "docs/cheat_sheet", "docs/glossary", "docs/gallery", "docs/bibliography", "docs/add_your_own",
    "A template <notebooks/add_your_own>", "docs/your_files", "docs/errata", "docs/privacy", "docs/accessibility",
    "CHANGELOG",
)  # fmt: skip
CLASS = (
    "workshop/guide", "workshop/catch_up", "docs/class_tools", "docs/grading", "workshop/hub", "SECURITY",
    "CODE_OF_CONDUCT",
)  # fmt: skip
REFERENCE = (
    "optimizers", "schedules", "surfaces", "oracles", "running", "trajectory", "theory", "networks", "searching",
    "plots", "derivations",
)  # fmt: skip


def collect(root, folder):
    """Write the sources of the site.

    Parameters
    ----------
    root : Path
        The checkout.
    folder : Path
        Where Sphinx will read them.
    """
    (folder / "notebooks").mkdir()
    for name in (*(lesson.file for lesson in LESSONS), "add_your_own.ipynb"):
        notebook = still(nbformat.read(root / "notebooks" / name, as_version=4))
        nbformat.write(led_to_the_live_one(notebook, f"notebooks/{name}"), folder / "notebooks" / name)
    shutil.copytree(root / "docs", folder / "docs")
    (folder / "workshop").mkdir()
    for kind in ("md", "html", "yaml"):
        for page in (root / "workshop").glob(f"[!_]*.{kind}"):
            shutil.copy(page, folder / "workshop")
    for name in ("static", "templates"):
        shutil.copytree(Path(__file__).parent / name, folder / f"_{name}")
    for name in ("CHANGELOG", "CODE_OF_CONDUCT", "SECURITY"):
        shutil.copy(root / f"{name}.md", folder)
    for page in folder.rglob("*.md"):
        page.write_text(with_our_anchors(page, page.read_text("utf-8")), "utf-8")
    introduction = (root / "README.md").read_text("utf-8").partition("\n## ")[0].rstrip()
    (folder / "index.md").write_text(front(introduction), "utf-8")
    (folder / "reference.md").write_text(reference(), "utf-8")


def with_our_anchors(page, text):
    """Return a page whose links lead to headings by JupyterLab's addresses instead of those of code hosts."""

    def ours(link):
        target = (page.parent / link["file"]).resolve() if link["file"] else page
        if target.suffix != ".md" or not target.exists():
            return link[0]
        headings = HEADING.findall(text if target == page else target.read_text("utf-8"))
        found = {anchor_in_page(heading): anchor(heading) for heading in headings}
        return f"]({link['file']}#{found.get(link['anchor'], link['anchor'])})"

    return LINK.sub(ours, text)


def still(notebook):
    """Return a lesson without what only a running kernel needs: the setup cell and the views of widgets."""
    notebook.cells = [cell for cell in notebook.cells if not cell.metadata.get("jupyter", {}).get("source_hidden")]
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)
    return notebook


def led_to_the_live_one(notebook, name):
    """Return a lesson that says under its title where it runs, once there is such a place."""
    if runs := links.runs(name):
        title, _, rest = notebook.cells[0].source.partition("\n")
        notebook.cells[0].source = f"{title}\n\n{LIVE.format(runs)}\n{rest}"
    return notebook


def front(introduction):
    """Return the first page: the beginning of the README, and the lessons with their questions."""
    runs = links.runs("notebooks/00_start.ipynb")
    lines = "\n".join(
        f"| [{lesson.key} {lesson.title}](notebooks/{lesson.file}) | {lesson.question} | {lesson.minutes} |"
        for lesson in LESSONS
    )
    notebooks = "\n".join(f"notebooks/{Path(lesson.file).stem}" for lesson in LESSONS)
    pages, for_a_class = "\n".join(PAGES), "\n".join(CLASS)
    return FRONT.format(
        introduction=introduction,
        lessons=lines,
        notebooks=notebooks,
        pages=pages,
        for_a_class=for_a_class,
        runs=f": {runs}, with nothing to install" if runs else "",
    )


def reference():
    """Return the page from which the reference of the library is made: one entry a chapter."""
    names = "\n".join(f"   momentum_lab.{name}" for name in REFERENCE)
    return REFERENCE_PAGE.format(names=names)


LIVE = """```{{container}} only-live
Here nothing moves. To move the numbers, open this notebook {}: there is nothing to install.
```
"""

FRONT = """{introduction}

These are the pages to read: every picture as it stands before anybody moves it, every number as the lesson prints it.
To move the numbers and to do the exercises, open the lessons in JupyterLab{runs}.

| lesson | its question | minutes |
|---|---|---|
{lessons}

```{{toctree}}
:caption: Lessons
:hidden:

{notebooks}
```

```{{toctree}}
:caption: Pages
:hidden:

{pages}
```

```{{toctree}}
:caption: For a class
:hidden:

{for_a_class}
```

```{{toctree}}
:caption: The library
:hidden:

reference
```
"""

REFERENCE_PAGE = """# Reference

The library is part of the course: one idea a file, the simplest first. Each chapter is one entry here.

```{{eval-rst}}
.. autosummary::
   :toctree: reference

{names}
```
"""
