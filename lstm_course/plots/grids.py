"""Matrices as grids of coloured fields."""

import numpy as np

from ..palette import INKS
from .style import SIZE, TEXT, figure


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
