"""A figure as a small file, together with the text that says what it shows."""

import base64
import html
import io

import numpy as np
from PIL import Image

COLOURS = 64  # of a stored picture; line drawings lose nothing by it, and a notebook stays small


def png(fig):
    """The figure as the bytes of a PNG with few colours."""
    fig.canvas.draw()
    return packed(pixels(fig))


def packed(image):
    """An image of PIL as the bytes of a small PNG."""
    file = io.BytesIO()
    few = image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(file, "PNG", optimize=True)
    return file.getvalue()


def pixels(fig):
    """The pixels that were last drawn, as an image of PIL."""
    return Image.fromarray(np.asarray(fig.canvas.buffer_rgba())).convert("RGB")


class Picture:
    """A picture together with the text that says what it shows.

    JupyterLab gives an image no alternative text, so the picture is an HTML element that has one; other readers
    take the PNG, whose metadata carry the same text.

    Parameters
    ----------
    image : bytes
        A PNG.
    alt : str
        What the picture shows, for those who do not see it: a sentence or two.
    width : float
        On the page, in CSS pixels.

    Raises
    ------
    ValueError
        If there is no text.
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
    """Display a figure of `figure` with its alternative text.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
    alt : str
        What the picture shows, in a sentence or two.
    """
    from IPython.display import display

    display(Picture(png(fig), alt, width=100 * fig.get_figwidth()))
