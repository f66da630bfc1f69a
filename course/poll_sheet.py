"""The poll sheet: each question of the workshop plans on a page of its own, to print or to show."""

from html import escape

from course.workshop_plans import VOTES, lettered, question
from momentum_lab.contents import lesson

PAGE = "workshop/poll_sheet.html"
STYLE = """
@page { size: A4 landscape; margin: 14mm; }
:root { color-scheme: light; }
body { font: 24px/1.35 sans-serif; color: #1a1a1a; margin: 0; }
section { box-sizing: border-box; min-height: 100vh; padding: 2rem; break-after: page; break-inside: avoid; }
section:last-child { break-after: auto; }
header { font-size: 0.7em; color: #595959; display: flex; justify-content: space-between; }
h1 { font-size: 1.45em; line-height: 1.3; margin: 0.6em 0 0.8em; font-weight: 600; }
code { font: 0.92em monospace; background: #f2f2f2; padding: 0 0.15em; }
table { width: 99.5%; border-collapse: collapse; font-size: 1.2em; }
th { font-size: 0.55em; font-weight: 400; color: #595959; text-align: center; padding-bottom: 0.3em; }
td { border: 2px solid #1a1a1a; padding: 0.5em 0.7em; }
td.letter { width: 1.6em; text-align: center; font-weight: 700; font-size: 1.5em; }
td.tally { width: 12%; }
@media print { section { min-height: 0; padding: 0; } body { font-size: 18pt; } code { background: none; } }
"""


def page():
    """Return the sheet as one HTML page that needs nothing else; it does not say which answer is right."""
    sections = "\n".join(_section(number, vote) for number, vote in enumerate(VOTES, 1))
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n<title>Poll sheet</title>\n'
        f"<style>{STYLE}</style></head>\n<body>\n{sections}\n</body></html>\n"
    )


def _section(number, vote):
    one, where = question(vote), lesson(vote.lesson)
    rows = "\n".join(
        f'<tr><td class="letter">{letter}</td><td>{marked(option.text)}</td><td class="tally"></td>'
        '<td class="tally"></td></tr>'
        for letter, option in lettered(one)
    )
    return (
        f'<section id="q{one.id}">\n<header><span>Momentum Lab · {where.key} · {escape(where.title)}</span>'
        f"<span>question {number}</span></header>\n<h1>{marked(one.text)}</h1>\n"
        f"<table><tr><th></th><th></th><th>first vote</th><th>second vote</th></tr>\n{rows}\n</table>\n</section>"
    )


def marked(text):
    """Write `code` as code."""
    parts = escape(text, quote=False).split("`")
    return "".join(f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts))
