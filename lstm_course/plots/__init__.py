"""The look of every picture in the course, and the alternative text that goes with it.

`style` makes figures with the course's fonts and axes; `curves`, `vectors` and `grids` draw the kinds of picture that
several lessons use; `picture` turns a figure into a small PNG with its alternative text.
"""

from ..palette import INKS
from .curves import over_seeds, panels
from .grids import blocks
from .picture import COLOURS, Picture, packed, pixels, png, show
from .style import DASHES, DPI, GRID, MARKERS, SIZE, TEXT, end_label, figure
from .vectors import arrows

__all__ = [
    "COLOURS",
    "DASHES",
    "DPI",
    "GRID",
    "INKS",
    "MARKERS",
    "Picture",
    "SIZE",
    "TEXT",
    "arrows",
    "blocks",
    "end_label",
    "figure",
    "over_seeds",
    "packed",
    "panels",
    "pixels",
    "png",
    "show",
]
