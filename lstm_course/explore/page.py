"""What ipywidgets lacks on the page: a picture with alternative text, and controls that everyone can work."""

from pathlib import Path

import anywidget
import traitlets


class LiveImage(anywidget.AnyWidget):
    """A PNG with alternative text; setting `png` replaces the picture without flicker.

    Attributes
    ----------
    png : bytes
    alt : str
        What the picture shows, in words.
    width : int
        In CSS pixels; a narrower page makes it smaller.
    """

    _esm = Path(__file__).with_name("live_image.js")
    png = traitlets.Bytes().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    width = traitlets.Int(750).tag(sync=True)


class MendedControls(anywidget.AnyWidget):
    """Shows nothing. Put into a VBox, it names the sliders in it and keeps the arrow keys for its lists."""

    _esm = Path(__file__).with_name("controls.js")
