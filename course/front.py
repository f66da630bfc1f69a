"""What the two files that a visitor of the repository meets first say about the places of the course: no other page."""

import re

from course import links
from course.source import ROOT

BEGIN, END = "<!-- The build writes this from the table in pyproject.toml. -->\n", "<!-- Until here. -->\n"


def readme(table=None):
    """Return the README as it stands, with what the table of addresses says at the beginning of Start."""
    before, _, rest = (ROOT / "README.md").read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    runs = links.runs("notebooks/00_start.ipynb", table)
    sentences = [
        f"With nothing to install the course runs {runs}." if runs else "",
        links.sentence("Documentation", "To read it without running anything, there is [a site]({}).", table),
        links.sentence("Issues", "[Report an error, or ask]({}).", table),
    ]
    said = "\n".join(filter(None, sentences))
    return f"{before}{BEGIN}{said}\n\n{END}{after}" if said else f"{before}{BEGIN}{END}{after}"


def citation(table=None):
    """Return CITATION.cff as it stands, with the addresses that the table has."""
    text = re.sub(r"^(repository-code|url): .*\n", "", (ROOT / "CITATION.cff").read_text("utf-8"), flags=re.MULTILINE)
    fields = links.sentence("Repository", 'repository-code: "{}"\n', table)
    fields += links.sentence("Documentation", 'url: "{}"\n', table)
    return text.replace("type: software\n", f"type: software\n{fields}")


PAGES = {"README.md": readme, "CITATION.cff": citation}
