"""Figures in the course's style, and what is written in them."""

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

GRID, TEXT, SIZE = "#DDDDDD", "#333333", 10  # colours, and points of type
DASHES = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (5, 2, 1, 2)))  # tell curves of one colour apart
MARKERS = ("o", "s", "^", "D")
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


def side_by_side(titles, xlabel, ylabel, height):
    """A figure with one axes for each title."""
    fig, axes = figure(height=height, columns=len(titles))
    for ax, title in zip(axes, titles):
        ax.set_title(title, fontsize=SIZE + 1, color=TEXT)
        ax.set_xlabel(xlabel)
    axes[0].set_ylabel(ylabel)
    return fig, axes


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
