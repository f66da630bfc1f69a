"""Formulas as MathML, as in print: no script, no font from elsewhere, and a screen reader can read them."""

from docutils import nodes
from latex2mathml.converter import convert


def register(app):
    """Make `mathml` one of Sphinx's ways to show a formula."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))


def _inline(translator, node):
    translator.body.append(convert(node.astext().strip()))
    raise nodes.SkipNode


def _block(translator, node):
    translator.body.append(f'<div class="formula">{convert(node.astext().strip(), display="block")}</div>')
    raise nodes.SkipNode
