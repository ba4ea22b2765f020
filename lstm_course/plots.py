"""The look of every picture, and the text that stands for it where it cannot be seen."""

import base64
import html
import io

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from PIL import Image

from .palette import INKS

GRID, TEXT, SIZE = "#DDDDDD", "#333333", 10  # colours, and points of type
DASHES = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (5, 2, 1, 2)))  # tell curves of one colour apart
MARKERS = ("o", "s", "^", "D")
COLOURS = 64  # of a stored picture; line drawings lose nothing by it, and a notebook stays small
DPI = 120


def figure(width=7.5, height=3.0, rows=1, columns=1, heights=None):
    """A figure in the course's style.

    Parameters
    ----------
    width, height : float
        Inches.
    rows, columns : int
        Axes below and beside each other; they share the x axis, and the y axis within a row.
    heights : list of float, optional
        Relative heights of the rows.

    Returns
    -------
    matplotlib.figure.Figure
    axes : list of matplotlib.axes.Axes
        Row by row.
    """
    fig = Figure(figsize=(width, height), dpi=DPI, layout="constrained", facecolor="white")
    FigureCanvasAgg(fig)
    axes = fig.subplots(rows, columns, sharex=True, sharey="row", squeeze=False, height_ratios=heights).ravel()
    for ax in axes:
        ax.grid(True, color=GRID, linewidth=0.6)
        ax.set_axisbelow(True)
        ax.tick_params(labelsize=SIZE - 1, colors=TEXT)
        ax.spines[["top", "right"]].set_visible(False)
    return fig, list(axes)


def panels(curves, x=None, xlabel="time step", ylabel="", symbol="h", ylim=None, log=False, height=2.6):
    """Axes side by side, with some curves in each, written out at their ends.

    Parameters
    ----------
    curves : dict of str to dict of str to array
        For each panel's title, its curves by their label.
    x : array, optional
        Common to all curves; their indices where not given.
    xlabel, ylabel : str
    symbol : str
        Whose ink to draw in: one of ``f i o g c h x``.
    ylim : pair of float, optional
    log : bool
        A logarithmic y axis; then each value has a dot, as one between zeros would not be seen otherwise.
    height : float
        Inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If `symbol` is none of these.
    """
    if symbol not in INKS:
        raise ValueError(f"symbol: wanted one of {', '.join(INKS)}, got {symbol!r}")
    fig, axes = _side_by_side(curves, xlabel, ylabel, height)
    ink = INKS[symbol]
    for ax, lines in zip(axes, curves.values()):
        if x is None:
            ax.xaxis.set_major_locator(MaxNLocator(10 // len(curves), integer=True))  # there is no time step 2.5
        for k, (label, y) in enumerate(lines.items()):
            places = np.arange(len(y)) if x is None else x
            style = dict(color=ink.colour, linewidth=1.8, linestyle=DASHES[k % len(DASHES)])
            ax.plot(places, y, **style, marker=MARKERS[k % len(MARKERS)] if log else "")
        if log:
            ax.set_yscale("log")
        if ylim:
            ax.set_ylim(*ylim)
        # Heights within the axes, from 0 to 1, whatever the scale.
        ends = ax.transLimits.transform(ax.transScale.transform([(0, y[-1]) for y in lines.values()]))[:, 1]
        for label, end in zip(lines, _apart(ends, 0.09)):
            level = ax.transScale.inverted().transform(ax.transLimits.inverted().transform((0, end)))[1]
            end_label(ax, places[-1], level, label, ink.colour)
    return fig


def over_seeds(runs, x, xlabel, ylabel, until=None, height=2.8, ylim=(-0.03, 1.05), log=False, level=None):
    """Stored runs of many seeds in grey, and the one that was trained live on top; a panel for each kind.

    Parameters
    ----------
    runs : dict of str to pair of arrays
        For each title the stored curves (seeds, E), NaN where a run had ended, and the live one, (E,) or shorter.
    x : (E,) array
    xlabel, ylabel : str
    until : float, optional
        Where the x axis ends.
    height : float
        Inches.
    ylim : pair of float, optional
        Where the y axis ends; None lets the curves decide. A curve that leaves the picture is cut off.
    log : bool
        A logarithmic y axis.
    level : float, optional
        A dotted line at this height.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, axes = _side_by_side(runs, xlabel, ylabel, height)
    for ax, (stored, live) in zip(axes, runs.values()):
        for curve in stored:
            ends = np.flatnonzero(np.isfinite(curve))[-1]
            ax.plot(x[: len(curve)], curve, color="#AAAAAA", linewidth=1)
            ax.plot(x[ends], curve[ends], marker="o", markersize=3, color="#888888")
        ax.plot(x[: len(live)], live, color=INKS["o"].colour, linewidth=2.2)
        if level is not None:
            ax.axhline(level, color=TEXT, linewidth=1.2, linestyle=":")
        if log:
            ax.set_yscale("log")
        ax.set_xlim(0, until)
        if ylim:
            ax.set_ylim(*ylim)
    # In the corner that the last curve leaves free.
    end = ax.transLimits.transform(ax.transScale.transform([(0, live[-1])]))[0, 1]
    above = log and end < 0.4
    height, edge = (0.96, "top") if above else (0.05, "baseline")
    ax.text(0.98, height, "blue: live   grey: stored", transform=ax.transAxes, ha="right", va=edge, size=SIZE - 1)
    return fig


def arrows(panels, xlabel, ylabel, reach, bounds, limit=1.0, height=2.3):
    """Vectors of two numbers as arrows from the origin, each named above its head; a panel for each title.

    Parameters
    ----------
    panels : dict of str to dict of str to pair of float
        For each title its vectors by name; the first is drawn paler.
    xlabel, ylabel : str
        What the two numbers are.
    reach : pair of float
        How far the axes go from the origin, to the right and upwards; a quarter as far the other way.
    bounds : list of {"circle", "box"}
        What each panel shows as a dotted line: how far vectors of norm `limit` reach, or those of which no number
        is larger.
    limit : float
    height : float
        Inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is not one bound for each panel, or one of another kind.
    """
    shapes = {"circle": np.linspace(0, 2 * np.pi, 200), "box": np.pi / 4 * np.array([1, 3, 5, 7, 9])}
    if len(bounds) != len(panels) or not set(bounds) <= set(shapes):
        raise ValueError(f'bounds: wanted "circle" or "box" for each of {len(panels)} panels, got {bounds!r}')
    fig, axes = _side_by_side(panels, xlabel, ylabel, height)
    for ax, vectors, bound in zip(axes, panels.values(), bounds):
        size = limit * (np.sqrt(2) if bound == "box" else 1)
        angles = shapes[bound]
        ax.plot(size * np.cos(angles), size * np.sin(angles), color=TEXT, linewidth=1, linestyle=":")
        for k, (name, head) in enumerate(vectors.items()):
            ink = INKS["o" if k else "x"].colour
            ax.annotate(
                "", head, (0, 0), arrowprops=dict(arrowstyle="-|>", color=ink, linewidth=2, shrinkA=0, shrinkB=0)
            )
            ax.annotate(
                name, head, (0, 5), textcoords="offset points", ha="center", va="bottom", color=ink, fontsize=SIZE
            )
        ax.set(xlim=(-reach[0] / 4, reach[0]), ylim=(-reach[1] / 4, reach[1]), aspect="equal")
    return fig


def blocks(matrix, rows, columns, height=3.2):
    """A matrix as a grid of coloured fields, with its blocks marked and named.

    Parameters
    ----------
    matrix : (R, C) array
    rows, columns : dict of str to int
        Name and size of each block, in order. Row blocks called ``i f g o`` are named in their gate's colour.
    height : float
        Inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If the blocks do not add up to the matrix.
    """
    for name, parts, size in (("rows", rows, len(matrix)), ("columns", columns, matrix.shape[1])):
        if sum(parts.values()) != size:
            raise ValueError(f"{name}: wanted blocks of {size} in all, got {sum(parts.values())}")
    fig, (ax,) = figure(4.5, height)
    reach = np.abs(matrix).max()
    image = ax.imshow(matrix, cmap="PuOr", vmin=-reach, vmax=reach, aspect="auto")
    ax.grid(False)
    ax.xaxis.tick_top()
    ends = {}
    for axis, parts in (("y", rows), ("x", columns)):
        ends[axis] = np.cumsum([0, *parts.values()]) - 0.5
        middles = (ends[axis][:-1] + ends[axis][1:]) / 2
        getattr(ax, f"set_{axis}ticks")(middles, [f"${name}$" for name in parts], fontsize=SIZE + 3)
    ax.tick_params(length=0)
    for label, name in zip(ax.get_yticklabels(), rows):
        label.set_color(INKS[name].colour if name in INKS else TEXT)
    for y in ends["y"][1:-1]:
        ax.axhline(y, color=TEXT, linewidth=1.5)
    for x in ends["x"][1:-1]:
        ax.axvline(x, color=TEXT, linewidth=1.5)
    fig.colorbar(image, ax=ax, label="weight")
    return fig


def _side_by_side(titles, xlabel, ylabel, height):
    """A figure with one axes for each title."""
    fig, axes = figure(height=height, columns=len(titles))
    for ax, title in zip(axes, titles):
        ax.set_title(title, fontsize=SIZE + 1, color=TEXT)
        ax.set_xlabel(xlabel)
    axes[0].set_ylabel(ylabel)
    return fig, axes


def _apart(heights, gap):
    """Heights for labels: those wanted, moved up where two would lie closer than `gap`."""
    order = np.argsort(heights, kind="stable")
    apart = np.array(heights, dtype=float)
    for lower, upper in zip(order, order[1:]):
        apart[upper] = max(apart[upper], apart[lower] + gap)
    return apart


def end_label(ax, x, y, text, colour):
    """Write `text` just right of a point: a legend that needs no looking back and forth."""
    return ax.annotate(
        text,
        (x, y),
        xytext=(4, 0),
        textcoords="offset points",
        va="center",
        color=colour,
        fontsize=SIZE,
        annotation_clip=False,
    )


def png(fig):
    """The figure as the bytes of a PNG with few colours."""
    fig.canvas.draw()
    return packed(pixels(fig))


def packed(image):
    """An image of PIL as the bytes of a small PNG."""
    file = io.BytesIO()
    few = image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(file, "PNG", optimize=True)
    return file.getvalue()


def pixels(fig):
    """The pixels that were last drawn, as an image of PIL."""
    return Image.fromarray(np.asarray(fig.canvas.buffer_rgba())).convert("RGB")


class Picture:
    """A picture together with the text that says what it shows.

    JupyterLab gives an image no alternative text, so the picture is an HTML element that has one; other readers
    take the PNG, whose metadata carry the same text.

    Parameters
    ----------
    image : bytes
        A PNG.
    alt : str
        What the picture shows, for those who do not see it: a sentence or two.
    width : float
        On the page, in CSS pixels.

    Raises
    ------
    ValueError
        If there is no text.
    """

    def __init__(self, image, alt, width=750):
        if not isinstance(alt, str) or len(alt.split()) < 3:
            raise ValueError(f"alt: wanted a sentence that says what the picture shows, got {alt!r}")
        self.image, self.alt, self.width = image, alt, width

    def _repr_mimebundle_(self, include=None, exclude=None):
        image = base64.b64encode(self.image).decode()
        tag = (
            f'<img src="data:image/png;base64,{image}" alt="{html.escape(self.alt)}" '
            f'width="{self.width:.0f}" style="max-width: 100%; height: auto">'
        )
        bundle = {"text/html": tag, "image/png": image, "text/plain": f"[Picture: {self.alt}]"}
        return bundle, {"image/png": {"alt": self.alt}}


def show(fig, alt):
    """Display a figure of `figure` with its alternative text.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
    alt : str
        What the picture shows, in a sentence or two.
    """
    from IPython.display import display

    display(Picture(png(fig), alt, width=100 * fig.get_figwidth()))
