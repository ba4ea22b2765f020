"""A box to type into, and below it something that follows at each keystroke."""

import html

import ipywidgets

LONGEST = 400  # characters that are passed on; a pasted book would take minutes


class TypedText:
    """A line of text to type into, with other controls if wanted, and HTML that follows it.

    Display it as the last line of a cell. Without a kernel, readers see the HTML for the last text.

    Parameters
    ----------
    answer : callable
        ``answer(text, **values)`` with the text, at most `LONGEST` characters of it, and the value of each control;
        returns HTML. It is called at each keystroke. If it raises an error, the error is shown in place of the HTML.
    text : str
        What stands in the box at first.
    controls : dict of str to ipywidgets.Widget, optional
        Controls with a ``value``, displayed below the box.
    label : str

    Examples
    --------
    >>> typed = TypedText(lambda text: f"<b>{len(text)} letters</b>", "abc")
    >>> typed.box.value = "abcd"
    >>> typed.html
    '<b>4 letters</b>'
    """

    def __init__(self, answer, text, controls=None, label="your text"):
        self._answer, self.controls = answer, dict(controls or {})
        self.box = ipywidgets.Text(value=text, description=label, layout=ipywidgets.Layout(width="740px"))
        self._shown = ipywidgets.HTML()
        self.view = ipywidgets.VBox([self.box, *self.controls.values(), self._shown])
        self._follow()
        for control in (self.box, *self.controls.values()):
            control.observe(self._follow, "value")

    @property
    def html(self):
        """What is shown at present."""
        return self._shown.value

    def _repr_mimebundle_(self, include=None, exclude=None):
        typed = f'<p style="font-family: monospace">{html.escape(self.box.value[:LONGEST])}</p>'
        return {**self.view._repr_mimebundle_(), "text/html": typed + self.html}

    def _follow(self, change=None):
        values = {name: control.value for name, control in self.controls.items()}
        try:
            shown = self._answer(self.box.value[:LONGEST], **values)
        except Exception as error:  # an error in a callback would be lost in the kernel's log
            shown = f"<p>This text was too much for it: {html.escape(str(error) or type(error).__name__)}</p>"
        self._shown.value = shown
