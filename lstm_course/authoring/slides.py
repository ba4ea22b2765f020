"""Lays a lesson out as slides for jupyterlab-deck: which cells share a slide, and how large they are shown.

The cells alone decide the layout, so that it is the same on each machine and changes only where a lesson changes.
Nothing is measured in a browser. Heights are estimated, a little too high, for a screen of 1280 by 720 pixels; a test
opens lessons in a browser to see that nothing is cut off.

A new slide begins with each prose cell, with each question to think about, which has its slide to itself, and after
it. Code joins what comes before it as long as both fit, and a picture whose code is folded stays with the code before
it. Cells that only import, or only check, and those whose id begins with ``setup``, are left out. All cells of a slide
have the same size, the largest of `ZOOMS` at which they fit.

A cell can ask for something else in its metadata: ``"lstm_course": {"slide": "slide"}`` begins a new slide, ``"join"``
stays on the slide before, ``"skip"`` is left out, and ``"zoom": 0.8`` sets the size of the slide that it is on.
"""

import ast
import base64
import html
import math
import re
import struct

WIDTH, HEIGHT = 1085, 685  # pixels that a slide has for its cells, at a window of 1280 by 720
ZOOMS = (1.5, 1.3, 1.15, 1.0, 0.9, 0.8, 0.75, 0.7, 0.6)  # the first is the one that most slides have
JOINED = 1.15  # the smallest zoom for which a cell is put on a slide that has others
PICTURED = 1.0  # the same, for a picture with its code
FONTS = "@deathbeds/jupyterlab-fonts"  # where jupyterlab-deck finds the styles of a notebook
PRESENTING = "body[data-jp-deck-mode='presenting'] & "
TAG = "slide-"  # how the tags begin by which the styles know a cell; a selector must have no comma
STYLES = {
    # Without JupyterLab's empty page below the last cell, to which it could have scrolled before the slides began.
    ".jp-WindowedPanel-outer::after": {"display": "none"},
    ".jp-Placeholder": {"display": "none"},  # the first line of folded code
    # A live piece is shown without its code, and one with much to show in columns, as on a projector.
    ".jp-Cell:has(.lstm-live) .jp-Cell-inputWrapper": {"display": "none"},
    ".stage": {"display": "grid", "grid-template-columns": "minmax(0, 1.25fr) minmax(0, 1fr)", "gap": "0 24px"},
    ".lstm-live .stage svg.cell": {"max-height": "300px"},
}
# Sizes at zoom 1, in pixels, of JupyterLab's own style: a line of prose and of code, and a letter of each.
LINE, CODE_LINE, LETTER, CODE_LETTER = 22.4, 17.4, 7.5, 7.83
LIVE = {"LiveCell": 895}  # the height of a live piece in columns
SMALL_PIECE = 480  # of any other live piece
LONG, NARROW = 30, 65  # print with more lines stands in two columns, if nearly all lines have at most so many letters
ASK_WIDTH = 600  # of the text of a question to think about


def lay_out(notebook):
    """Write the slides of a lesson into the metadata of the notebook and of its cells.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        A lesson with its outputs; it is changed in place. Slides that it already has are replaced.

    Returns
    -------
    nbformat.NotebookNode
        The same notebook.
    """
    styles = STYLES | {".jp-Cell": {"zoom": f"{100 * ZOOMS[0]:.0f}%"}}
    for cell in notebook.cells:
        _set_tags(cell, [])
        cell.metadata["slideshow"] = {"slide_type": "skip"}
    for cells in slides(notebook.cells):
        asked = [cell.metadata.get("lstm_course", {}).get("zoom") for cell in cells]
        zoom = next(filter(None, asked), None) or fitting(cells) or ZOOMS[-1]
        for cell in cells:
            del cell.metadata["slideshow"]
            tags = {} if zoom == ZOOMS[0] else {f"{TAG}{100 * zoom:.0f}": ("", {"zoom": f"{100 * zoom:.0f}%"})}
            if any(map(in_columns, cell.get("outputs", ()))):
                tags[f"{TAG}columns"] = (" .jp-OutputArea-output pre", {"columns": "2"})
            _set_tags(cell, tags)
            styles |= {f".jp-Cell[data-jpf-cell-tags*='{tag}']{part}": style for tag, (part, style) in tags.items()}
        cells[0].metadata["slideshow"] = {"slide_type": "slide"}
    notebook.metadata[FONTS] = {"styles": {"": {PRESENTING + part: style for part, style in styles.items()}}}
    return notebook


def slides(cells):
    """Group the cells of a lesson into slides.

    Parameters
    ----------
    cells : list of nbformat.NotebookNode

    Returns
    -------
    list of list of nbformat.NotebookNode
        The cells of each slide; cells that no slide shows are left out.
    """
    shown = [cell for cell in cells if not _is_skipped(cell)]
    made = []
    for before, cell, after in zip([None, *shown], shown, [*shown[1:], None], strict=False):
        asked = cell.metadata.get("lstm_course", {}).get("slide")
        if before is None or asked == "slide":
            begins = True
        elif asked == "join":
            begins = False
        elif cell.cell_type != "code" or is_question(cell) or is_question(before):
            begins = True
        elif _is_folded(cell) and before.cell_type == "code" and fitting([*made[-1], cell]) is not None:
            begins = fitting([*made[-1], cell]) < PICTURED
        else:
            # A picture goes with its code, so both must fit, if they fit together on any slide.
            pair = [cell, after] if after is not None and _is_folded(after) else [cell]
            pair = pair if (fitting(pair) or 0) >= PICTURED else [cell]
            begins = (fitting([*made[-1], *pair]) or 0) < JOINED
        if begins:
            made.append([])
        made[-1].append(cell)
    return made


def fitting(cells):
    """The largest of `ZOOMS` at which cells fit on one slide, or None if they fit at none."""
    for zoom in ZOOMS:
        sizes = [size(cell, WIDTH / zoom) for cell in cells]
        if zoom * sum(height for height, _ in sizes) <= HEIGHT and zoom * max(width for _, width in sizes) <= WIDTH:
            return zoom
    return None


def is_question(cell):
    """True for a cell that shows a question to think about."""
    return cell.cell_type == "code" and re.match(r"ask\(.*\)\s*$", cell.source) is not None


def hides_code(cell):
    """True for a code cell of which slides show only the outputs: a folded one, or a live piece."""
    return _is_folded(cell) or _is_live(cell)


def in_columns(output):
    """True for a long print with short lines."""
    lines = output.get("text", "").rstrip("\n").split("\n")
    return len(lines) > LONG and sum(len(line) > NARROW for line in lines) <= 0.05 * len(lines)


def size(cell, width):
    """Estimate how much room a cell takes.

    Parameters
    ----------
    cell : nbformat.NotebookNode
    width : float
        How wide the text of a cell can be, in pixels.

    Returns
    -------
    (float, float)
        Height, and the width below which something would be cut off, both in pixels at zoom 1.
    """
    if cell.cell_type != "code":
        return _prose(cell.source, width), 0
    lines = cell.source.split("\n")
    folded = hides_code(cell)
    height = 12 if folded else 16 + CODE_LINE * len(lines)
    needed = 0 if folded else 20 + CODE_LETTER * max(map(len, lines))
    return height + sum(_output(output, width) for output in cell.outputs), needed


def _set_tags(cell, tags):
    """Replace the tags of a cell that are about slides."""
    kept = [tag for tag in cell.metadata.pop("tags", []) if not tag.startswith(TAG)]
    if kept or tags:
        cell.metadata["tags"] = [*kept, *tags]


def _is_live(cell):
    return any("data-lstm-live=" in output.get("data", {}).get("text/html", "") for output in cell.get("outputs", ()))


def _is_folded(cell):
    return bool(cell.metadata.get("jupyter", {}).get("source_hidden"))


def _is_skipped(cell):
    """True for what a class need not see: cells that prepare or only import, and folded ones without outputs."""
    asked = cell.metadata.get("lstm_course", {}).get("slide")
    if asked or cell.cell_type != "code":
        return asked == "skip" or cell.cell_type == "raw"
    if cell.get("id", "").startswith("setup"):
        return True
    if cell.outputs or _is_folded(cell):
        return not cell.outputs
    try:
        body = ast.parse(cell.source).body
    except SyntaxError:  # a command of Jupyter's, or a learner's unfinished code
        return False
    return all(isinstance(line, (ast.Import, ast.ImportFrom)) for line in body)


def _output(output, width):
    """The height of one output of a cell."""
    data = output.get("data", {})
    page = data.get("text/html", "")
    if output.output_type == "stream" or not data:
        text = output.get("text", "")
        return _text(text, width / 2) / 2 + 2 * CODE_LINE if in_columns(output) else _text(text, width)
    if "data-lstm-live=" in page:
        return LIVE.get(data.get("text/plain", "").partition(".")[0], SMALL_PIECE)
    if "image/png" in data:
        return _picture(data["image/png"], page, width)
    if page:
        return 14 + _page(page, width)
    if "text/markdown" in data:
        return 12 + _prose(data["text/markdown"], width)
    return _text(data.get("text/plain", ""), width)


def _text(text, width):
    rows = max(1, int(width / CODE_LETTER))
    lines = text.rstrip("\n").split("\n")
    return 14 + CODE_LINE * sum(max(1, math.ceil(len(line) / rows)) for line in lines)


def _picture(png, page, width):
    """A picture is as wide as its HTML says, and never wider than the page."""
    pixels = struct.unpack(">II", base64.b64decode(png[:64])[16:24])
    stated = re.search(r'width="(\d+)"', page)
    shown = min(width, int(stated[1]) if stated else pixels[0])
    return 16 + shown * pixels[1] / pixels[0]


def _page(page, width):
    """The height of a piece of HTML: questions with all answers open, tables, recordings and drawings."""
    if "<details" in page:
        paragraphs = re.split(r"</summary>|</p>|</details>", page)
        texts = [_plain(part) for part in paragraphs]
        return 20 + sum(_lines(text, min(width, ASK_WIDTH)) * LINE + 9 for text in texts if text)
    rows = [_plain(row) for row in re.findall(r"<tr.*?</tr>", page, flags=re.DOTALL)]
    height = sum(28 + LINE * (_lines(row, 0.85 * width) - 1) for row in rows) + 70 * len(re.findall(r"<audio\b", page))
    height += 26 * len(re.findall(r"<h\d", page))
    for box in re.findall(r"viewBox='0 0 (\d+) (\d+)' width='(\d+)'", page):
        height += min(width, int(box[2])) * int(box[1]) / int(box[0]) + 14
    page = re.sub(r"(<span[^>]*inline-block[^>]*>[^<]*)<br>", r"\1 ", page)  # two lines beside others
    rest = re.sub(r"<(table|svg|style|script|audio)\b.*?</\1>", "", page, flags=re.DOTALL)
    lines = [_plain(part) for part in re.split(r"<br>|<br/>|</p>|</div>|</pre>|\n", rest)]
    return height + sum(LINE * _lines(line, width) + 12 for line in lines if line)


def _plain(page):
    return html.unescape(re.sub(r"<[^>]*>", "", page)).strip()


def _lines(text, width):
    return max(1, math.ceil(1.03 * LETTER * len(text) / width))


def _prose(source, width):
    """The height of a piece of Markdown."""
    height = 0
    for block in re.split(r"\n\s*\n", source.strip()):
        lines = block.split("\n")
        if block.startswith("#"):
            level = len(block) - len(block.lstrip("#"))
            large = {1: 2.2, 2: 1.7, 3: 1.4}.get(level, 1.15)
            height += _lines(block, width / large) * LINE * large * 0.85 + 26
        elif block.startswith("|"):
            height += 14 + sum(14 + LINE * _lines(_words(row), 0.85 * width) for row in lines if "---" not in row)
        elif block.startswith("$$"):
            rows = 1 + block.count("\\\\")
            height += 30 + rows * (46 if re.search(r"\\frac|\\sum|\\prod|matrix", block) else 28)
        elif block.startswith("```"):
            height += 20 + CODE_LINE * len(lines)
        elif re.match(r"([-*>]|\d+\.) ", block):
            height += 14 + sum(LINE * _lines(_words(line), width - 40) for line in lines)
        else:
            height += 14 + LINE * sum(_lines(_words(line), width) for line in lines)
    return height


def _words(text):
    """Markdown as it is read: links without their addresses, formulas about as long as they appear."""
    text = re.sub(r"\]\([^)]*\)", "]", text)
    text = re.sub(r"\$[^$]+\$", lambda match: re.sub(r"\\[a-zA-Z]+|[{}^_\\]", "x", match[0])[1:-1], text)
    return re.sub(r"[*`\[\]]", "", text)
