"""A page for people to read: one file, no script, readable on paper and by a screen reader."""

import re
from html import escape

STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
       color: #1b1b1b; background: #fff }
table { border-collapse: collapse; width: 100% } caption { text-align: left; font-weight: 600; padding: .5rem 0 }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #767676 }
code { background: #f0f0f0; padding: 0 .2em; overflow-wrap: anywhere } td, p, li { overflow-wrap: anywhere }
@media (prefers-color-scheme: dark) {
  body { color: #eee; background: #171717 } code { background: #333 } a { color: #9cf } }
"""


def whole(title, body):
    """Return a page with a title and a body of our own making."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(shown(title))}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(shown(title))}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


def shown(text):
    """Return a text without what a terminal or a browser would obey: escape sequences, changes of direction."""
    return "".join(c if c.isprintable() else " " for c in text)


def words(text):
    """Return a sentence as HTML, with `code` as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(shown(text)))


def grid(caption, head, rows):
    """Return a table; the first cell of a row is its heading."""
    top = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    lines = [
        f'<tr><th scope="row">{words(first)}</th>' + "".join(f"<td>{words(cell)}</td>" for cell in rest) + "</tr>"
        for first, *rest in rows
    ]
    return f"<table>\n<caption>{escape(caption)}</caption>\n<tr>{top}</tr>\n" + "\n".join(lines) + "\n</table>"


def listing(lines):
    """Return a list of sentences."""
    return "<ul>\n" + "\n".join(f"<li>{words(line)}</li>" for line in lines) + "\n</ul>"
