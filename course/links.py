"""Where the course is published: the one table `[project.urls]` of pyproject.toml.

A page asks for a whole sentence with an address in it, and gets none while the table has no such entry: so no page
ever points to a place that does not exist.  The package's metadata are made from the same table.  Only Python itself is
needed here: whoever builds the browser edition has none of the author's tools.
"""

import tomllib
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("Repository", "Issues", "Documentation", "Browser edition", "Binder")
"""Every name that the table may have.  `Documentation` is the site to read."""


def links(text=None):
    """Return the table, {name: address}.

    Parameters
    ----------
    text : str, optional
        Of a pyproject.toml; the project's own by default.
    """
    text = (ROOT / "pyproject.toml").read_text("utf-8") if text is None else text
    return tomllib.loads(text)["project"].get("urls", {})


def sentence(name, words, table=None):
    """Return words with `{}` replaced by the address called `name`, or nothing while there is none.

    Parameters
    ----------
    name : str
        One of `NAMES`.
    words : str
    table : dict, optional
        The project's own by default.
    """
    if name not in NAMES:
        raise KeyError(f"{name} is none of {', '.join(NAMES)}")
    address = (links() if table is None else table).get(name)
    return words.format(address) if address else ""


def runs(file, table=None):
    """Return where a notebook runs with nothing to install, as "[in your browser](...) or [on Binder](...)".

    Parameters
    ----------
    file : str
        The notebook that is opened there, such as `notebooks/00_start.ipynb`.
    table : dict, optional
        The project's own by default.

    Returns
    -------
    str
        Nothing while there is no such place.
    """
    table = {name: address.rstrip("/") for name, address in (links() if table is None else table).items()}
    places = (
        sentence("Browser edition", f"[in your browser]({{}}/{lite(file)})", table),
        sentence("Binder", f"[on Binder]({{}}?urlpath=lab/tree/{quote(file)})", table),
    )
    return " or ".join(filter(None, places))


def lite(file):
    """Return the address of a notebook in the browser edition, from its first page."""
    return f"lab/index.html?path={quote(file)}"
