"""Sphinx settings of the site.  `build_site.py` copies this file beside the collected pages."""

from course import links
from momentum_lab import __version__
from workshop.site import docstrings, formulas

project, author, release = "Momentum Lab", "The Momentum Lab authors", __version__
copyright = "The Momentum Lab authors. Text CC BY 4.0, code BSD 3-clause"
html_last_updated_fmt = None  # building twice gives the same pages

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon"]
nb_execution_mode = "off"  # the stored outputs are what the tests compare
nb_merge_streams = True
nb_render_markdown_format = "myst"  # formulas in outputs too
myst_enable_extensions = ["dollarmath"]
myst_dmath_double_inline = True
myst_heading_anchors = 4
myst_heading_slug_func = "momentum_lab.contents.anchor"  # as in JupyterLab: the same links work in both
autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_google_docstring = False
napoleon_use_ivar = True  # an attribute that is also a property stands once
napoleon_use_rtype = False

default_role = "code"

html_theme = "sphinx_book_theme"
html_title = "Momentum Lab"
html_show_sphinx = False
html_copy_source = False
html_show_sourcelink = False
html_context = {"default_mode": "auto"}  # light or dark as the reader's machine is
SIGNS = {"Browser edition": "play", "Binder": "cloud", "Repository": "code-branch", "Issues": "bug"}
html_theme_options = {
    "icon_links": [
        {"name": name, "url": address, "icon": f"fa-solid fa-{SIGNS[name]}"}
        for name, address in links.links().items()
        if name in SIGNS  # the site is the documentation
    ],
    "use_download_button": False,
    "use_fullscreen_button": False,
    "show_toc_level": 2,
    "navbar_persistent": [],
    "max_navbar_depth": 1,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
templates_path = ["_templates"]
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["print.js"]
html_math_renderer = "mathml"


def setup(app):
    """Set formulas as MathML, and read docstrings as they are meant."""
    formulas.register(app)
    docstrings.register(app)
