"""A line to type into, and below it what a function makes of the text at each keystroke."""

import html

import ipywidgets

from .page import AccessibleControls


class TypedText:
    """A line to type into, with other controls if wanted, and HTML that follows them.

    Display it as the last line of a cell. Setting ``box.value`` from code has the same effect as typing. Readers
    without a kernel see the HTML for the text that was there last.

    Parameters
    ----------
    answer : callable
        ``answer(text, **values)``, with the value of each control, returns HTML. It is called at each change. The
        message of an error that it raises is shown in place of the HTML, where it would be lost otherwise.
    text : str
        What stands in the box at first.
    controls : dict of str to ipywidgets.Widget, optional
        Controls with a ``value``, displayed below the box.
    label : str
        What the reader is to type.
    longest : int
        How many characters of the text are passed on: the last ones. A pasted book would take minutes.

    Examples
    --------
    >>> typed = TypedText(lambda text: f"<b>{len(text)} letters</b>", "abc")
    >>> typed.box.value = "abcd"
    >>> typed.html
    '<b>4 letters</b>'
    """

    def __init__(self, answer, text="", controls=None, label="your text", longest=400):
        if not callable(answer):
            raise ValueError(f"answer: wanted a function of a text, got {answer!r}")
        self._answer, self._longest, self.controls = answer, longest, dict(controls or {})
        layout = ipywidgets.Layout(width="740px", max_width="100%")
        style = {"description_width": "initial"}
        self.box = ipywidgets.Text(value=text, description=label, layout=layout, style=style)
        self._shown = ipywidgets.HTML()
        parts = [self.box, *self.controls.values(), self._shown, AccessibleControls()]
        self.view = ipywidgets.VBox(parts)
        self._follow()
        for control in (self.box, *self.controls.values()):
            control.observe(self._follow, "value")

    @property
    def html(self):
        """What is shown at present."""
        return self._shown.value

    def _repr_mimebundle_(self, include=None, exclude=None):
        label, text = html.escape(self.box.description), html.escape(self.box.value[-self._longest :])
        return {**self.view._repr_mimebundle_(), "text/html": f"<p>{label}: <code>{text}</code></p>{self.html}"}

    def _follow(self, change=None):
        values = {name: control.value for name, control in self.controls.items()}
        try:
            self._shown.value = self._answer(self.box.value[-self._longest :], **values)
        except Exception as error:
            sentence = str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
            self._shown.value = f'<p role="status">{html.escape(sentence)}</p>'
