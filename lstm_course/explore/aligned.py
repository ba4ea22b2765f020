"""Translations beside the words they were read from: a table of attention weights, and a box to type in."""

import html

import ipywidgets


def table(source, target, weights):
    """Attention weights as an HTML table: a column for each symbol of the source, a row for each that was written.

    Parameters
    ----------
    source, target : sequences of str
    weights : (U, T) array
        From 0 to 1; the larger, the darker.

    Returns
    -------
    str
    """
    if not len(target):
        return "<p>The network wrote nothing.</p>"
    small = len(source) > 15
    width, size = ("0.5em", "0.8em") if small else ("3.2em", "0.85em")
    head = "".join(f"<th scope='col' style='font-weight:normal;padding:0 1px'>{_shown(each)}</th>" for each in source)
    rows = []
    for word, row in zip(target, weights, strict=True):
        cells = "".join(
            f"<td title='{_shown(word)} from {_shown(each)}: {float(w):.2f}' style='background:"
            f"rgba(51,34,136,{float(w):.2f});min-width:{width};height:1.2em;border:1px solid #DDDDDD'></td>"
            for each, w in zip(source, row, strict=True)
        )
        rows.append(f"<tr><th scope='row' style='text-align:right;padding-right:6px'>{_shown(word)}</th>{cells}</tr>")
    return (
        f"<table aria-label='attention weights' style='border-collapse:collapse;font-size:{size}'>"
        f"<tr><td></td>{head}</tr>{''.join(rows)}</table>"
    )


class TypedText:
    """A box to type in, and a page that follows it at each keystroke.

    Display it as the last line of a cell. Readers without a kernel see the page for the text that was there first.

    Parameters
    ----------
    label, value : str
        What stands beside the box, and what stands in it at first.
    page : callable
        ``page(text)`` returns HTML. A ValueError is shown to the reader as its sentence.
    longest : int
        Characters; the rest of a longer text is not passed on.
    """

    def __init__(self, label, value, page, longest=60):
        self._page, self._longest = page, longest
        self.box = ipywidgets.Text(value, description=label, continuous_update=True)
        self.shown = ipywidgets.HTML(self._read(value))
        self.box.observe(lambda change: setattr(self.shown, "value", self._read(change["new"])), "value")
        self.view = ipywidgets.VBox([self.box, self.shown])

    def _read(self, text):
        try:
            return self._page(text[: self._longest])
        except ValueError as error:
            return f"<p role='status'>{html.escape(str(error))}</p>"

    def _repr_mimebundle_(self, include=None, exclude=None):
        """The live view, and its present page for readers who have no kernel."""
        label, text = html.escape(self.box.description), html.escape(self.box.value)
        page = f"<p>{label}: <b>{text}</b></p>{self.shown.value}"
        return {**self.view._repr_mimebundle_(), "text/html": page}


def _shown(symbol):
    return "&nbsp;" if symbol == " " else html.escape(symbol, quote=True)
