"""Docstrings are written for a reader of the code; three of their habits mean something else to Sphinx."""

from docutils import nodes
from sphinx.addnodes import pending_xref


def register(app):
    """Have docstrings read as they are meant."""
    app.connect("autodoc-process-docstring", _bars)
    app.connect("autodoc-skip-member", _numbered)
    app.connect("doctree-read", _types_are_prose)


def _bars(app, what, name, obj, options, lines):
    """Take |theta| for an absolute value, not for a substitution."""
    lines[:] = [line.replace("|", "\\|") for line in lines]


def _numbered(app, what, name, obj, skip, options):
    """Leave out the fields of a named tuple: Python says their number, the class says what they mean."""
    return True if (getattr(obj, "__doc__", "") or "").startswith("Alias for field number") else None


def _types_are_prose(app, doctree):
    """Leave "array (..., dim)" as it stands: `dim` is no link to somebody's attribute of that name."""
    for field in doctree.findall(nodes.field_body):
        for link in list(field.findall(pending_xref)):
            if link.get("refdomain") == "py":
                link.replace_self(link.children)
