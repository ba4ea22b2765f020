"""Curves: some in each panel, or those of many seeds under the one that was trained live."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from ..palette import INKS
from .style import DASHES, MARKERS, SIZE, TEXT, end_label, side_by_side


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
    fig, axes = side_by_side(curves, xlabel, ylabel, height)
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
    fig, axes = side_by_side(runs, xlabel, ylabel, height)
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


def _apart(heights, gap):
    """Heights for labels: those wanted, moved up where two would lie closer than `gap`."""
    order = np.argsort(heights, kind="stable")
    apart = np.array(heights, dtype=float)
    for lower, upper in zip(order, order[1:]):
        apart[upper] = max(apart[upper], apart[lower] + gap)
    return apart
