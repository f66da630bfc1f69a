"""A notebook as one HTML page that prints well and needs nothing else: no network, no script, no style sheet.

Formulas become MathML, which browsers set by themselves; pictures keep their sentence as alternative text; what is live
in a notebook (widgets) is left to its picture.
"""

import re
from html import escape
from pathlib import Path

import nbformat
from latex2mathml.converter import convert
from nbconvert import HTMLExporter

from momentum_lab import __version__
from momentum_lab.slips import Slip

GENERATOR = "Momentum Lab print"
WIDGET = "application/vnd.jupyter.widget-view+json"
FORMULA = re.compile(r"\$\$(?P<block>.+?)\$\$|(?<![\\$\w])\$(?P<line>[^$\n]+?)\$(?![$\w])", re.DOTALL)
CODE = re.compile(r"(```.*?```|`[^`\n]*`)", re.DOTALL)  # a dollar in code is no formula
STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; }
h1, h2, h3 { line-height: 1.25; break-after: avoid; }
pre { font: 14px/1.4 monospace; white-space: pre-wrap; margin: 0; }
.input pre { background: #f5f5f5; border-left: 3px solid #cbd0d6; padding: 0.5rem 0.8rem; margin: 0.8rem 0 0.4rem; }
.output, .output_area { margin: 0.3rem 0; }
img { max-width: 100%; height: auto; }
table { border-collapse: collapse; margin: 0.8rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.2rem 0.9rem 0.2rem 0; border-bottom: 1px solid #cbd0d6; }
a.anchor-link { display: none; }
math { font-family: "Latin Modern Math", "STIX Two Math", "Cambria Math", "DejaVu Math TeX Gyre", math; }
math[display="block"] { margin: 0.6rem 0; }
@media print {
  body { font-size: 11pt; max-width: none; margin: 0; padding: 0; }
  pre, img, tr, math { break-inside: avoid; }
  a { color: inherit; text-decoration: none; }
}
"""


def page(file):
    """Return a notebook as one HTML page.

    Parameters
    ----------
    file : str or Path
        A notebook as it was saved; the outputs in it are what is shown.

    Raises
    ------
    Slip
        If it is no notebook.
    """
    file = Path(file)
    try:
        notebook = nbformat.read(file, as_version=4)
    except OSError as error:
        raise Slip(f"{file} cannot be read: {error.strerror}.") from None
    except Exception:
        raise Slip(f"{file} is no notebook that can be read.") from None
    notebook.cells = [_still(cell) for cell in notebook.cells if not _is_plumbing(cell)]
    exporter = HTMLExporter(template_name="basic", exclude_input_prompt=True, exclude_output_prompt=True)
    body, _ = exporter.from_notebook_node(notebook)
    body = body.replace("<details>", "<details open>")  # nobody can unfold paper
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta name="generator" content="{GENERATOR} {__version__}">\n'
        f"<title>{escape(_title(notebook, file))}</title>\n<style>{STYLE}</style></head>\n"
        f"<body>\n{body}\n</body></html>\n"
    )


def mathml(text):
    """Return Markdown with every formula, $...$ or $$...$$, as MathML; code is left alone."""
    parts = CODE.split(text)
    return "".join(part if number % 2 else FORMULA.sub(_one_formula, part) for number, part in enumerate(parts))


def _one_formula(match):
    if match["block"]:
        return "\n\n" + convert(match["block"].strip(), display="block").replace("\n", " ") + "\n\n"
    return convert(match["line"].strip()).replace("\n", " ")


def _is_plumbing(cell):
    """True for the setup cell, which a reader on paper does not need."""
    return cell.cell_type == "code" and cell.metadata.get("jupyter", {}).get("source_hidden", False)


def _still(cell):
    """Return a cell as it can stand on paper."""
    if cell.cell_type == "markdown":
        cell.source = mathml(cell.source)
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        data.pop(WIDGET, None)
        if "text/markdown" in data:
            data["text/markdown"] = mathml(data["text/markdown"])
    return cell


def _title(notebook, file):
    first = notebook.cells[0].source if notebook.cells else ""
    return first.splitlines()[0].removeprefix("# ") if first.startswith("# ") else file.stem
