"""How Sphinx builds the website; ``site/build.py`` gathers the pages first."""

from docutils.nodes import SkipNode
from latex2mathml.converter import convert

from lstm_course import __version__

project, author, release = "LSTM networks, from the gates up", "The lstm-course authors", __version__
copyright = author
extensions = ["myst_nb", "sphinx.ext.autodoc", "numpydoc"]

nb_execution_mode = "off"
nb_mime_priority_overrides = [("html", "text/html", 0)]  # live pieces, and pictures with their alternative text
nb_render_markdown_format = "myst"  # for tables that a cell writes
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3

numpydoc_show_class_members = False
autodoc_typehints = "none"

html_theme = "pydata_sphinx_theme"
html_title = "LSTM networks"
html_static_path = ["_static"]
html_extra_path = ["../build/site/files"]
html_css_files = ["course.css"]
html_show_sourcelink = False
html_math_renderer = "mathml"
html_theme_options = {
    "navbar_end": ["theme-switcher"],
    "secondary_sidebar_items": ["page-toc"],
    "show_toc_level": 2,
    "header_links_before_dropdown": 6,
}


def formula(translator, node):
    """Write MathML, which browsers draw by themselves, so that the pages ask nothing of another place."""
    display = "block" if node.tagname == "math_block" else "inline"
    written = convert(node.astext(), display=display)
    if display == "block":  # one that is too wide for the page scrolls, so the keyboard must be able to reach it
        written = written.replace("<math ", '<math tabindex="0" ', 1)
    translator.body.append(written)
    raise SkipNode


def setup(app):
    app.add_html_math_renderer("mathml", (formula, None), (formula, None))
