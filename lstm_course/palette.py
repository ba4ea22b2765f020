"""The course's colours: one for each symbol of the equations, used in every picture, card and text.

Readers with colour vision deficiency can tell them apart (after Okabe and Ito, 2008), and no picture relies on colour
alone: each symbol also has its letter and a dash pattern or a marker.
"""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ink:
    """How one symbol is named and drawn.

    Attributes
    ----------
    name : str
        ``"forget gate"``.
    colour : str
        ``"#D55E00"``.
    dash : tuple of int
        Lengths of dashes and gaps in points; empty for a solid line.
    marker : str
        A Matplotlib marker.
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
