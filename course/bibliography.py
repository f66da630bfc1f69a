"""The bibliography: the sources of the ledger on one page, oldest first, with the claims that rest on each."""

from momentum_lab.claims import CLAIMS
from momentum_lab.claims.bibliography import SOURCES

PAGE = "docs/bibliography.md"


def page():
    """Return the bibliography as Markdown."""
    parts = [
        "# Bibliography",
        "Primary sources, oldest first. *Not re-read* marks those of which we have not opened at least the abstract; "
        "nothing in the course rests on such a source alone without saying so. The numbers at the end are the claims "
        "of [lesson 10](../notebooks/10_derivations_and_claims.ipynb) that cite it.",
    ]
    for source in sorted(SOURCES.values(), key=lambda one: (one.year, one.key)):
        cited = ", ".join(str(claim.id) for claim in CLAIMS if source.key in claim.sources)
        parts.append(f"- {source.text}." + (f" *Claims {cited}.*" if cited else ""))
    return "\n\n".join(parts[:2]) + "\n\n" + "\n".join(parts[2:]) + "\n"
