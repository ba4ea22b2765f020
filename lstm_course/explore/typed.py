"""A line of text to type into, and what a function makes of it, below."""

import html

import ipywidgets

from .page import AccessibleControls

LONGEST = 400  # characters that are handed on: the last ones


class Typed:
    """A text field whose content a function turns into HTML at each keystroke.

    Display it as the last line of a cell. Setting ``field.value`` from code has the same effect as typing. Readers
    without a kernel see the answer to the text that stood there when the notebook was stored.

    Parameters
    ----------
    answer : callable
        Called with the last `LONGEST` characters of the text, which may be empty; returns HTML.
    value : str
        What stands in the field at first.
    description : str
        The name of the field.

    Examples
    --------
    >>> typed = Typed(lambda text: f"<b>{len(text)}</b> characters", "abc", "text")
    >>> typed.field.value = "abcde"
    >>> typed.shown.value
    '<b>5</b> characters'
    """

    def __init__(self, answer, value="", description="text"):
        if not callable(answer):
            raise ValueError(f"answer: wanted a function of a text, got {answer!r}")
        layout = ipywidgets.Layout(width="700px", max_width="100%")
        style = {"description_width": "initial"}
        self.field = ipywidgets.Text(value=value, description=description, layout=layout, style=style)
        self.shown = ipywidgets.HTML()
        self.view = ipywidgets.VBox([self.field, self.shown, AccessibleControls()])
        self._answer = answer
        self._update()
        self.field.observe(self._update, "value")

    def _repr_mimebundle_(self, include=None, exclude=None):
        """The live view, and for readers without a kernel the text with its answer."""
        text = html.escape(self.field.value)
        still = f"<p>{html.escape(self.field.description)}: <code>{text}</code></p>{self.shown.value}"
        return {**self.view._repr_mimebundle_(), "text/html": still}

    def _update(self, change=None):
        self.shown.value = self._answer(self.field.value[-LONGEST:])
