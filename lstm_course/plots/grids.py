"""Matrices drawn as heat maps."""

import numpy as np

from ..palette import INKS
from .style import SIZE, TEXT, figure


def blocks(matrix, rows, columns, height=3.2):
    """Draw a matrix as a heat map in which its blocks are separated by lines and labelled.

    Parameters
    ----------
    matrix : (R, C) array
    rows, columns : dict of str to int
        Name and size of each block, in order. The labels of row blocks called ``i f g o`` have the colour of that
        gate.
    height : float
        Inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If the sizes of the blocks do not add up to the shape of the matrix.
    """
    for name, sizes, total in (("rows", rows, len(matrix)), ("columns", columns, matrix.shape[1])):
        if sum(sizes.values()) != total:
            raise ValueError(f"{name}: wanted blocks of {total} in all, got {sum(sizes.values())}")
    fig, (ax,) = figure(4.5, height)
    reach = np.abs(matrix).max()
    image = ax.imshow(matrix, cmap="PuOr", vmin=-reach, vmax=reach, aspect="auto")
    ax.grid(False)
    ax.xaxis.tick_top()
    ends = {}
    for axis, sizes in (("y", rows), ("x", columns)):
        ends[axis] = np.cumsum([0, *sizes.values()]) - 0.5
        middles = (ends[axis][:-1] + ends[axis][1:]) / 2
        getattr(ax, f"set_{axis}ticks")(middles, [f"${name}$" for name in sizes], fontsize=SIZE + 3)
    ax.tick_params(length=0)
    for label, name in zip(ax.get_yticklabels(), rows, strict=True):
        label.set_color(INKS[name].colour if name in INKS else TEXT)
    for y in ends["y"][1:-1]:
        ax.axhline(y, color=TEXT, linewidth=1.5)
    for x in ends["x"][1:-1]:
        ax.axvline(x, color=TEXT, linewidth=1.5)
    fig.colorbar(image, ax=ax, label="weight")
    return fig
