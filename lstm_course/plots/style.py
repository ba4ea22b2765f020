"""Figures in the course's style and the labels in them."""

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

GRID, TEXT, SIZE = "#DDDDDD", "#333333", 10  # two colours, and the font size in points
DASHES = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (5, 2, 1, 2)))  # distinguish curves of the same colour
MARKERS = ("o", "s", "^", "D")
DPI = 120


def figure(width=7.5, height=3.0, rows=1, columns=1, heights=None, widths=None, share=True):
    """Make a figure in the course's style.

    Parameters
    ----------
    width, height : float
        Inches.
    rows, columns : int
        Number of axes down and across.
    heights, widths : list of float, optional
        Relative heights of the rows and widths of the columns.
    share : bool
        Whether all axes have the same x axis, and the axes of a row the same y axis.

    Returns
    -------
    matplotlib.figure.Figure
    axes : list of matplotlib.axes.Axes
        Listed row by row.
    """
    fig = Figure(figsize=(width, height), dpi=DPI, layout="constrained", facecolor="white")
    FigureCanvasAgg(fig)
    sharing = dict(sharex=True, sharey="row") if share else {}
    axes = fig.subplots(rows, columns, squeeze=False, height_ratios=heights, width_ratios=widths, **sharing).ravel()
    for ax in axes:
        ax.grid(True, color=GRID, linewidth=0.6)
        ax.set_axisbelow(True)
        ax.tick_params(labelsize=SIZE - 1, colors=TEXT)
        ax.spines[["top", "right"]].set_visible(False)
    return fig, list(axes)


def side_by_side(titles, xlabel, ylabel, height):
    """A figure with one axes for each title, from left to right."""
    fig, axes = figure(height=height, columns=len(titles))
    for ax, title in zip(axes, titles, strict=True):
        ax.set_title(title, fontsize=SIZE + 1, color=TEXT)
        ax.set_xlabel(xlabel)
    axes[0].set_ylabel(ylabel)
    return fig, axes


def end_label(ax, x, y, text, colour):
    """Label a curve to the right of the point (x, y), clear of its marker, in place of a legend."""
    return ax.annotate(
        text,
        (x, y),
        xytext=(7, 0),
        textcoords="offset points",
        va="center",
        color=colour,
        fontsize=SIZE,
        annotation_clip=False,
    )
