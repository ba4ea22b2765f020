"""A matplotlib figure that follows controls and redraws only the artists that move."""

import html
import inspect
import io
import threading

import ipywidgets
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from PIL import Image

from lstm_course import plots

from .page import AccessibleControls, LiveImage


class MovingFigure:
    """ipywidgets controls and a figure that follows them without visible delay.

    Display it as the last line of a cell. The static part of the figure is drawn once and kept; when a control moves,
    only the moving artists are drawn on top of it. Setting a control's value from code has the same effect as moving
    it. Without a front end, `picture` gives the same picture.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Made by `lstm_course.plots.figure`. Its layout is computed once, for the initial values.
    moving : list of matplotlib.artist.Artist
        The lines, areas and texts that change. They are drawn above everything else.
    update : callable
        Called with the value of each control as a keyword argument; sets the data of the moving artists and returns
        the alternative text. If it changes anything else, such as the limits of an axis, the whole figure is redrawn,
        which takes several times as long.
    controls : dict of str to ipywidgets.Widget
        Controls with a ``value``, in the order in which they are displayed.

    Raises
    ------
    ValueError
        If an argument does not fit this description.

    Examples
    --------
    >>> figure, (ax,) = plots.figure()
    >>> (line,) = ax.plot(np.arange(40), np.zeros(40))
    >>> def update(keep):
    ...     c = keep ** np.arange(40)
    ...     line.set_ydata(c)
    ...     return f"The cell state after 39 steps is {c[-1]:.2f}."
    >>> keep = ipywidgets.FloatSlider(0.9, min=0, max=1, step=0.01, description="f")
    >>> moving = MovingFigure(figure, [line], update, {"keep": keep})
    >>> keep.value = 0.98
    >>> moving.alt
    'The cell state after 39 steps is 0.45.'
    """

    def __init__(self, figure, moving, update, controls):
        _check(figure, moving, update, controls)
        self.figure, self.controls = figure, dict(controls)
        self._moving = sorted(moving, key=lambda artist: artist.get_zorder())
        self._update = update
        self._background = None
        # JupyterLab may handle control messages in a different thread from the one that runs cells.
        self._lock = threading.RLock()
        for artist in self._moving:
            artist.set_animated(True)  # leaves it out of the background, and its changes do not make the figure stale
        self.image = LiveImage(width=round(100 * figure.get_figwidth()))
        self.text = ipywidgets.HTML()
        self.view = ipywidgets.VBox([*self.controls.values(), self.image, self.text, AccessibleControls()])
        self._redraw()
        for control in self.controls.values():
            control.observe(self._redraw, "value")

    @property
    def values(self):
        """The value of each control, by name."""
        return {name: control.value for name, control in self.controls.items()}

    @property
    def alt(self):
        """Alternative text of the current picture."""
        return self.image.alt

    def picture(self):
        """A picture of the current state for readers without a front end.

        Returns
        -------
        lstm_course.plots.Picture
        """
        with self._lock:
            image = Image.open(io.BytesIO(self.image.png))
            return plots.Picture(plots.packed(image), self.alt, width=self.image.width)

    def _repr_mimebundle_(self, include=None, exclude=None):
        """The live view, and the picture for readers who have no kernel or do not trust the notebook."""
        bundle, metadata = self.picture()._repr_mimebundle_()
        return {**self.view._repr_mimebundle_(), **bundle}, metadata

    def _redraw(self, change=None):
        with self._lock:
            alt = self._draw()
            file = io.BytesIO()
            plots.pixels(self.figure).save(file, "PNG", compress_level=1)  # speed matters more than size here
            self.image.png, self.image.alt = file.getvalue(), alt
            self.text.value = f'<p role="status" style="max-width: 750px; line-height: 1.4">{html.escape(alt)}</p>'

    def _draw(self):
        """Draw the figure for the current values of the controls, and return its alternative text."""
        alt = self._update(**self.values)
        if not isinstance(alt, str) or len(alt.split()) < 3:
            raise ValueError(f"update: wanted a sentence that says what the picture shows, got {alt!r}")
        canvas = self.figure.canvas
        if self._background is None or self.figure.stale:
            canvas.draw()
            self.figure.set_layout_engine("none")  # keeps the layout, so that nothing jumps while a control moves
            self._background = canvas.copy_from_bbox(self.figure.bbox)
        canvas.restore_region(self._background)
        for artist in self._moving:
            self.figure.draw_artist(artist)
        return alt


def _check(figure, moving, update, controls):
    if not isinstance(figure, Figure) or not hasattr(figure.canvas, "copy_from_bbox"):
        raise ValueError(f"figure: wanted a figure from plots.figure, got {figure!r}")
    if not isinstance(moving, (list, tuple)) or not moving:
        raise ValueError(f"moving: wanted a list of artists of the figure, got {moving!r}")
    for artist in moving:
        if not isinstance(artist, Artist) or artist.get_figure(root=True) is not figure:
            raise ValueError(f"moving: wanted artists of the figure, got {artist!r}")
    if not isinstance(controls, dict) or not controls:
        raise ValueError(f"controls: wanted a dict of names and controls, got {controls!r}")
    for name, control in controls.items():
        if not isinstance(control, ipywidgets.Widget) or not control.has_trait("value"):
            raise ValueError(f"{name} in controls: wanted a control of ipywidgets with a value, got {control!r}")
    if not callable(update):
        raise ValueError(f"update: wanted a function, got {update!r}")
    try:
        inspect.signature(update).bind(**dict.fromkeys(controls))
    except TypeError as error:
        raise ValueError(f"update: wanted a function of {', '.join(controls)}, got one that raises: {error}") from None
