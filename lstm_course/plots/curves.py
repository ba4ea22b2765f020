"""Line plots: several curves in each panel, or one live run over the stored runs of many seeds."""

from itertools import pairwise

import numpy as np
from matplotlib.ticker import MaxNLocator

from ..palette import INKS
from .style import DASHES, MARKERS, SIZE, TEXT, end_label, side_by_side


def panels(curves, x=None, xlabel="time step", ylabel="", symbol="h", ylim=None, log=False, height=2.6):
    """Draw panels side by side, each with a few curves that are labelled at their right ends.

    Parameters
    ----------
    curves : dict of str to dict of str to array
        Maps each panel's title to its curves, and each curve's label to its values.
    x : array, optional
        The x values of all curves; by default their indices.
    xlabel, ylabel : str
    symbol : str
        The symbol whose colour the curves have: one of ``f i o g c h x``.
    ylim : pair of float, optional
    log : bool
        Use a logarithmic y axis and mark each value with a dot; without it, a value between two zeros would be
        invisible.
    height : float
        Inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If `symbol` is not one of these.
    """
    if symbol not in INKS:
        raise ValueError(f"symbol: wanted one of {', '.join(INKS)}, got {symbol!r}")
    fig, axes = side_by_side(curves, xlabel, ylabel, height)
    ink = INKS[symbol]
    for ax, lines in zip(axes, curves.values(), strict=True):
        if x is None:
            ax.xaxis.set_major_locator(MaxNLocator(10 // len(curves), integer=True))  # there is no time step 2.5
        for k, y in enumerate(lines.values()):
            xs = np.arange(len(y)) if x is None else x
            style = dict(color=ink.colour, linewidth=1.8, linestyle=DASHES[k % len(DASHES)])
            ax.plot(xs, y, **style, marker=MARKERS[k % len(MARKERS)] if log else "")
        if log:
            ax.set_yscale("log")
        if ylim:
            ax.set_ylim(*ylim)
        # Heights of the curves' ends as a share of the axes' height, so that the scale does not matter.
        ends = ax.transLimits.transform(ax.transScale.transform([(0, y[-1]) for y in lines.values()]))[:, 1]
        for label, end in zip(lines, _spread(ends, 0.09), strict=True):
            y_end = ax.transScale.inverted().transform(ax.transLimits.inverted().transform((0, end)))[1]
            end_label(ax, xs[-1], y_end, label, ink.colour)
    return fig


def over_seeds(runs, x, xlabel, ylabel, until=None, height=2.8, ylim=(-0.03, 1.05), log=False, level=None):
    """Draw the stored runs of many seeds in grey and the run that was trained live on top of them.

    Parameters
    ----------
    runs : dict of str to pair of arrays
        Maps each panel's title to the stored curves, (seeds, E), which are NaN after a run has ended, and the live
        curve, (E,) or shorter.
    x : (E,) array
    xlabel, ylabel : str
    until : float, optional
        The right end of the x axis.
    height : float
        Inches.
    ylim : pair of float, optional
        Limits of the y axis; None derives them from the curves. Curves are clipped at the limits.
    log : bool
        Use a logarithmic y axis.
    level : float, optional
        Draw a dotted horizontal line at this value.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, axes = side_by_side(runs, xlabel, ylabel, height)
    for ax, (stored, live) in zip(axes, runs.values(), strict=True):
        for curve in stored:
            last = np.flatnonzero(np.isfinite(curve))[-1]
            ax.plot(x[: len(curve)], curve, color="#AAAAAA", linewidth=1)
            ax.plot(x[last], curve[last], marker="o", markersize=3, color="#888888")
        ax.plot(x[: len(live)], live, color=INKS["o"].colour, linewidth=2.2)
        if level is not None:
            ax.axhline(level, color=TEXT, linewidth=1.2, linestyle=":")
        if log:
            ax.set_yscale("log")
        ax.set_xlim(0, until)
        if ylim:
            ax.set_ylim(*ylim)
    # The note goes to the right corner, upper or lower, that the last curve leaves free.
    end = ax.transLimits.transform(ax.transScale.transform([(0, live[-1])]))[0, 1]
    above = log and end < 0.4
    height, edge = (0.96, "top") if above else (0.05, "baseline")
    ax.text(0.98, height, "blue: live   grey: stored", transform=ax.transAxes, ha="right", va=edge, size=SIZE - 1)
    return fig


def _spread(heights, gap):
    """The heights of labels, moved up where two would be closer to each other than `gap`."""
    spread = np.array(heights, dtype=float)
    for lower, upper in pairwise(np.argsort(heights, kind="stable")):
        spread[upper] = max(spread[upper], spread[lower] + gap)
    return spread
