"""Sliders of ipywidgets for the gates of a live cell."""

import ipywidgets

from lstm_course.palette import INKS

from .page import MendedControls


def gate_sliders(cell):
    """Three sliders, each linked to a gate of the cell in the browser, so that either moves the other.

    Parameters
    ----------
    cell : LiveCell

    Returns
    -------
    ipywidgets.VBox
    """
    sliders = {symbol: _slider(symbol, getattr(cell, symbol)) for symbol in ("f", "i", "o")}
    links = [ipywidgets.jslink((cell, symbol), (slider, "value")) for symbol, slider in sliders.items()]
    box = ipywidgets.VBox([*sliders.values(), MendedControls()])
    box.links = links  # a link lasts as long as somebody holds it
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
