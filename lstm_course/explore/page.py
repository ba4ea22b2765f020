"""Accessibility that ipywidgets lacks: images with alternative text, and controls with names and working keys."""

from pathlib import Path

import anywidget
import traitlets


class LiveImage(anywidget.AnyWidget):
    """A PNG with alternative text; setting `png` replaces the image without flicker.

    Attributes
    ----------
    png : bytes
    alt : str
        The alternative text.
    width : int
        In CSS pixels; the image shrinks on a narrower page.
    """

    _esm = Path(__file__).with_name("live_image.js")
    png = traitlets.Bytes().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    width = traitlets.Int(750).tag(sync=True)


class AccessibleControls(anywidget.AnyWidget):
    """An invisible widget that repairs the other controls in its VBox.

    It gives sliders a name for screen readers and stops JupyterLab from taking the arrow keys from lists.
    """

    _esm = Path(__file__).with_name("controls.js")
