"""Two-dimensional vectors drawn as arrows."""

import numpy as np

from ..palette import INKS
from .style import SIZE, TEXT, side_by_side


def arrows(panels, xlabel, ylabel, reach, bounds, limit=1.0, height=2.3):
    """Draw two-dimensional vectors as arrows from the origin, each labelled above its head.

    Parameters
    ----------
    panels : dict of str to dict of str to pair of float
        Maps each panel's title to its vectors by name; the first vector is paler than the others.
    xlabel, ylabel : str
        Names of the two components.
    reach : pair of float
        How far the axes extend to the right and upwards from the origin; to the left and downwards they extend a
        quarter as far.
    bounds : list of {"circle", "box"}
        The dotted line in each panel: ``"circle"`` for vectors of norm `limit`, ``"box"`` for vectors whose largest
        component has magnitude `limit`.
    limit : float
    height : float
        Inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If `bounds` does not hold one valid entry for each panel.
    """
    shapes = {"circle": np.linspace(0, 2 * np.pi, 200), "box": np.pi / 4 * np.array([1, 3, 5, 7, 9])}
    if len(bounds) != len(panels) or not set(bounds) <= set(shapes):
        raise ValueError(f'bounds: wanted "circle" or "box" for each of {len(panels)} panels, got {bounds!r}')
    fig, axes = side_by_side(panels, xlabel, ylabel, height)
    for ax, vectors, bound in zip(axes, panels.values(), bounds, strict=True):
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
