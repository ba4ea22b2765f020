"""Every picture of the course: how it looks, and the text that stands for it where it cannot be seen.

`style` has figures and their letters, `curves`, `vectors` and `grids` draw what several lessons show, and `picture`
makes small files of them that bring their alternative text along.
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
