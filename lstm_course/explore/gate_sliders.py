"""ipywidgets sliders for the gates of a live cell."""

import ipywidgets

from lstm_course.palette import INKS

from .page import AccessibleControls


def gate_sliders(cell):
    """Make three sliders, each linked to a gate of the cell in both directions in the browser.

    Parameters
    ----------
    cell : LiveCell

    Returns
    -------
    ipywidgets.VBox
    """
    sliders = {symbol: _slider(symbol, getattr(cell, symbol)) for symbol in ("f", "i", "o")}
    links = [ipywidgets.jslink((cell, symbol), (slider, "value")) for symbol, slider in sliders.items()]
    box = ipywidgets.VBox([*sliders.values(), AccessibleControls()])
    box.links = links  # keeps the links from being garbage collected
    return box


def _slider(symbol, value):
    return ipywidgets.FloatSlider(
        value=value,
        min=0,
        max=1,
        step=0.01,
        readout_format=".2f",
        description=f"{symbol} {INKS[symbol].name}",
        style={"description_width": "115px"},
        layout={"width": "400px"},
    )
