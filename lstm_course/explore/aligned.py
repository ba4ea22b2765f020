"""Translations beside the words they were read from: a table of attention weights."""

import html


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


def _shown(symbol):
    return "&nbsp;" if symbol == " " else html.escape(symbol, quote=True)
