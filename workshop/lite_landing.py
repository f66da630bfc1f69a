"""The first page of the browser edition: what is different there, links to the lessons, and how much is fetched."""

import gzip
import json
from html import escape
from pathlib import Path
from string import Template

from course import links
from momentum_lab import plots, progress
from momentum_lab.contents import LESSONS

PAGE = Path(__file__).with_suffix(".html")
PYTHON = Path("static", "pyodide")
NOT_FETCHED = ("package.json", "pyodide.js")  # they belong to other ways to start Pyodide
COLOURS = ("paper", "ink", "second_ink", "grid")
JUPYTERLAB = 8e6  # bytes of its files that a first lesson was seen to fetch; most of the site it never asks for


def write(site, table=None):
    """Put the page into the folder of a built site, in the place of JupyterLite's own.

    Parameters
    ----------
    site : Path
    table : dict, optional
        Where the course is published; the project's own by default.
    """
    files = fetched(site)
    words = {
        "light": _style(plots.LIGHT),
        "dark": _style(plots.DARK),
        "first": _link(f"notebooks/{LESSONS[0].file}"),
        "home": _link("notebooks/home.ipynb"),
        "exercises": _link(f"exercises/{LESSONS[1].file}"),
        "lessons": "\n".join(map(_row, LESSONS)),
        "progress": progress.FILE,
        "python": _megabytes(sum(file.stat().st_size for file in files)),
        "python_packed": _megabytes(sum(len(gzip.compress(file.read_bytes(), 6)) for file in files)),
        "lab": _megabytes(JUPYTERLAB),
        "elsewhere": _elsewhere(table),
        "files": json.dumps([[file.relative_to(site).as_posix(), file.stat().st_size] for file in files]),
    }
    (site / "index.html").write_text(Template(PAGE.read_text("utf-8")).substitute(words), "utf-8")


def fetched(site):
    """Return the files that Python itself consists of, in the order in which a lesson asks for them."""
    held = [file for file in sorted((site / PYTHON).iterdir()) if file.name not in NOT_FETCHED]
    return sorted(held, key=lambda file: file.suffix == ".whl")


def _style(look):
    return " ".join(f"--{name}: {getattr(look, name)};" for name in COLOURS)


def _link(path):
    return links.lite(path)


def _elsewhere(table):
    """Return the places of the course that are not this one, or nothing while there are none."""
    places = (
        ("Documentation", "The same lessons as pages to read, with a gallery and a reference"),
        ("Repository", "The course for a machine of your own"),
        ("Issues", "Report an error"),
    )
    items = [links.sentence(name, f'<li><a href="{{}}">{words}</a></li>', table) for name, words in places]
    found = "\n".join(filter(None, items))
    return f"<h2>Elsewhere</h2>\n<ul>\n{found}\n</ul>" if found else ""


def _row(one):
    """Return one lesson as an item of the list."""
    optional = ", optional" if one.optional else ""
    name = f'<a href="{_link(f"notebooks/{one.file}")}">{one.key} · {escape(one.title)}</a>'
    return f'<li>{name}<span class="second">{escape(one.question)} {one.minutes} minutes{optional}.</span></li>'


def _megabytes(size):
    return f"{size / 1e6:.0f}"
