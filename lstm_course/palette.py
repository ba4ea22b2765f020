"""The colours of the course: one for each symbol of the equations, in every picture, card and text.

They keep apart for readers who see colours differently (after Okabe and Ito, 2008), and no picture relies on
colour alone: each symbol has a dash or a marker and its letter as well.
"""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ink:
    """How one symbol is drawn.

    Attributes
    ----------
    name : str
        ``"forget gate"``.
    colour : str
        ``"#D55E00"``.
    dash : tuple of int
        Lengths of strokes and gaps in points; empty for a solid line.
    marker : str
        Matplotlib's name of a marker.
    """

    name: str
    colour: str
    dash: tuple
    marker: str


_FILE = Path(__file__).with_name("palette.json")
INKS = {
    symbol: Ink(ink["name"], ink["colour"], tuple(ink["dash"]), ink["marker"])
    for symbol, ink in json.loads(_FILE.read_text(encoding="utf-8")).items()
}
