"""Figures as small PNG files with alternative text."""

import base64
import html
import io

import numpy as np
from PIL import Image

COLOURS = 64  # in the palette of a stored picture: enough for line drawings, and it keeps notebooks small


def png(fig):
    """The bytes of a PNG of the figure, with a palette of `COLOURS` colours."""
    fig.canvas.draw()
    return packed(pixels(fig))


def packed(image):
    """The bytes of a small PNG of a PIL image."""
    file = io.BytesIO()
    quantized = image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    quantized.save(file, "PNG", optimize=True)
    return file.getvalue()


def pixels(fig):
    """The canvas as it was last drawn, as a PIL image."""
    return Image.fromarray(np.asarray(fig.canvas.buffer_rgba())).convert("RGB")


class Picture:
    """A picture with its alternative text.

    JupyterLab displays PNG outputs without alternative text, so the picture is also an HTML element that has it.
    Other readers use the PNG, whose metadata hold the same text.

    Parameters
    ----------
    image : bytes
        The bytes of a PNG.
    alt : str
        What the picture shows, in a sentence or two, for readers who cannot see it.
    width : float
        Width on the page in CSS pixels.

    Raises
    ------
    ValueError
        If `alt` is shorter than three words.
    """

    def __init__(self, image, alt, width=750):
        if not isinstance(alt, str) or len(alt.split()) < 3:
            raise ValueError(f"alt: wanted a sentence that says what the picture shows, got {alt!r}")
        self.image, self.alt, self.width = image, alt, width

    def _repr_mimebundle_(self, include=None, exclude=None):
        image = base64.b64encode(self.image).decode()
        tag = (
            f'<img src="data:image/png;base64,{image}" alt="{html.escape(self.alt)}" '
            f'width="{self.width:.0f}" style="max-width: 100%; height: auto">'
        )
        bundle = {"text/html": tag, "image/png": image, "text/plain": f"[Picture: {self.alt}]"}
        return bundle, {"image/png": {"alt": self.alt}}


def show(fig, alt):
    """Display a figure made by `plots.figure` with its alternative text.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
    alt : str
        What the picture shows, in a sentence or two.
    """
    from IPython.display import display

    display(Picture(png(fig), alt, width=100 * fig.get_figwidth()))
