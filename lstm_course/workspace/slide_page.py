"""A lesson as slides on one HTML page, which needs neither a kernel nor a network.

The look is in ``slide_page.css``, and ``slide_page.js`` turns the slides; both become part of the page. Without
JavaScript, and in print, the slides stand below each other.
"""

import copy
import html
import re
from pathlib import Path

from latex2mathml.converter import convert
from nbconvert.filters import Highlight2HTML, ansi2html
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from lstm_course import files
from lstm_course.authoring import notebooks, slides

HERE = Path(__file__).resolve().parent
CHECKED = "# NBVAL_CHECK_OUTPUT\n"  # a note for the tests
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<main>
{slides}
</main>
<nav aria-label="Slides" hidden>
<button type="button" id="back" aria-label="previous slide">&lsaquo;</button>
<span id="place" role="status"></span>
<button type="button" id="on" aria-label="next slide">&rsaquo;</button>
</nav>
<script>
{script}
</script>
</body>
</html>
"""


def export_slides(path, target=None):
    """Make one HTML page of a notebook as it was saved, with one slide at a time.

    The slides are those of the notebook's metadata, which jupyterlab-deck shows as well. A notebook without any is laid
    out by the rule for lessons, `lstm_course.authoring.slides`. Folded code and the code of live pieces is left out.

    Parameters
    ----------
    path : path
        A notebook; it is not run.
    target : path, optional
        The page; by default beside the notebook, with the ending ``.slides.html``. An existing file is replaced.

    Returns
    -------
    pathlib.Path
        Where the page is.

    Raises
    ------
    OSError, ValueError
        If the notebook cannot be read, or the page cannot be written.
    """
    path = Path(path)
    target = path.with_suffix(".slides.html") if target is None else Path(target)
    files.write(target, slide_page(notebooks.read(path), path.stem))
    return target


def slide_page(notebook, name):
    """The page as text; `name` is its title if the notebook has no heading."""
    heading = re.search(r"^# +(.+)$", "\n".join(cell.source for cell in notebook.cells), re.MULTILINE)
    markdown = MarkdownWithMath(renderer=Words())
    sections = []
    for cells in grouped(notebook):
        zoom = slides.fitting(cells) or slides.ZOOMS[-1]
        inside = "\n".join(_cell(cell, markdown) for cell in cells)
        sections.append(f'<section class="slide" style="--zoom: {zoom}"><div class="fit">\n{inside}\n</div></section>')
    style, script = ((HERE / f"slide_page.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    title = html.escape(heading[1] if heading else name)
    return PAGE.format(title=title, style=style, script=script, slides="\n".join(sections))


def grouped(notebook):
    """The cells of each slide, as the notebook's metadata has them."""
    types = [cell.metadata.get("slideshow", {}).get("slide_type") for cell in notebook.cells]
    if not any(types):
        return grouped(slides.lay_out(copy.deepcopy(notebook)))
    made = []
    for cell, kind in zip(notebook.cells, types, strict=True):
        if kind not in ("skip", "notes") and cell.cell_type != "raw":
            if not made or kind in ("slide", "subslide"):
                made.append([])
            made[-1].append(cell)
    return made


class Words(IPythonRenderer):
    """Markdown with formulas as MathML, and without links to files, which are not where the page is."""

    def __init__(self):
        super().__init__(escape=False, exclude_anchor_links=True)

    def inline_math(self, body):
        return convert(body, display="inline")

    def block_math(self, body):
        return convert(body, display="block")

    def latex_environment(self, name, body):
        return convert(f"\\begin{{{name}}}{body}\\end{{{name}}}", display="block")

    def link(self, text, url, title=None):
        return super().link(text, url, title) if re.match("https?:", url) else text


def _cell(cell, markdown):
    if cell.cell_type == "markdown":
        return f'<div class="prose">{markdown.render(cell.source)}</div>'
    without_code = slides.is_question(cell) or slides.hides_code(cell)
    parts = [] if without_code else [f'<div class="code">{Highlight2HTML()(cell.source.removeprefix(CHECKED))}</div>']
    parts += [_output(output, markdown) for output in notebooks.without_widgets(cell.outputs)]
    return "\n".join(parts)


def _output(output, markdown):
    data = output.get("data", {})
    if "text/html" in data:
        return f'<div class="output">{data["text/html"]}</div>'
    if "image/png" in data:
        alt = html.escape(output.metadata.get("image/png", {}).get("alt", ""))
        return f'<div class="output"><img alt="{alt}" src="data:image/png;base64,{data["image/png"].strip()}"></div>'
    if "text/markdown" in data:
        return f'<div class="prose">{markdown.render(data["text/markdown"])}</div>'
    text = output.get("text") or data.get("text/plain") or "\n".join(output.get("traceback", []))
    columns = " columns" if slides.in_columns(output) else ""
    return f'<pre class="output{columns}">{ansi2html(text)}</pre>'
