"""The live cell's timeline as a figure, for readers without scripts: inputs, gates, cell state and hidden state."""

import numpy as np

from lstm_course import plots
from lstm_course.palette import INKS

STRIPS = ("x", "i", "f", "g", "o")  # from top to bottom


def timeline_figure(values, c0):
    """Draw the timeline of a cell.

    Parameters
    ----------
    values : dict of str to (T,) array
        ``x, i, f, g, o, c, h``.
    c0 : float
        The cell state before the first step.

    Returns
    -------
    matplotlib.figure.Figure
    """
    T = len(values["x"])
    fig, (gates, cell, hidden) = plots.figure(7.5, 5.6, rows=3, heights=[1.9, 1.1, 0.9])
    edges = np.arange(T + 1) + 0.5
    most = dict.fromkeys(STRIPS, 1.0) | {"x": max(3.0, float(np.abs(values["x"]).max()))}
    for row, symbol in enumerate(reversed(STRIPS)):
        signed = symbol in "xg"
        base = row + (0.4 if signed else 0.0)  # what may be negative has its zero in the middle
        gates.axhspan(row, row + 0.8, color="#EEEEEE", linewidth=0)
        gates.axhline(base, color="#999999", linewidth=0.6)
        heights = base + (0.4 if signed else 0.8) * values[symbol] / most[symbol]
        gates.stairs(heights, edges, baseline=base, fill=True, color=INKS[symbol].colour)
        low = f"{-most[symbol]:g}" if signed else "0"
        for height, text, va in ((row, low, "bottom"), (row + 0.8, f"{most[symbol]:g}", "top")):
            gates.text(T + 0.5 + 0.01 * T, height, text, va=va, color=plots.TEXT, size=plots.SIZE - 2)
    gates.set_yticks(np.arange(len(STRIPS)) + 0.4, [f"{INKS[symbol].name}  ${symbol}$" for symbol in reversed(STRIPS)])
    gates.set(xlim=(0, T + 0.5), ylim=(-0.1, len(STRIPS)))
    gates.grid(False)
    gates.tick_params(left=False, bottom=False)
    gates.spines[["left", "bottom"]].set_visible(False)

    steps = np.arange(T + 1)
    c = np.concatenate([[c0], values["c"]])
    size = 3 if T <= 80 else 0
    cell.plot(steps, c, color=INKS["c"].colour, marker=INKS["c"].marker, markersize=size)
    cell.set_ylabel("cell state $c$", color=INKS["c"].colour)
    cell.set_ylim(min(-1.15, 1.1 * c.min()), max(1.15, 1.1 * c.max()))
    hidden.plot(steps[1:], np.tanh(values["c"]), color=INKS["c"].colour, linewidth=1, linestyle=(0, (4, 3)))
    hidden.plot(steps[1:], values["h"], color=INKS["h"].colour, marker=INKS["h"].marker if size else "")
    hidden.set(xlabel="time step", ylim=(-1.15, 1.15), yticks=(-1, 0, 1))
    hidden.set_ylabel("hidden state $h$")
    hidden.text(
        *(0.995, 0.06),
        "dashed: tanh($c$), shown whole at $o$ = 1",
        transform=hidden.transAxes,
        ha="right",
        color=INKS["c"].colour,
        size=9,
    )
    for ax in (cell, hidden):
        ax.axhline(0, color="#999999", linewidth=0.8)
    return fig
