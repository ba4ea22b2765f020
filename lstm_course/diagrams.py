"""Diagrams: the LSTM cell, one gate at a time; the plain cell, unrolled over time; the embedded Reber grammar."""

from matplotlib.patches import Circle, FancyBboxPatch

from . import plots
from .palette import INKS
from .tasks.reber import GRAMMAR

BELT, LINE = 3.2, 1.1  # heights: the cell state; the gates, with h' at the right
INPUT = LINE - 0.75  # height of the line that brings [h, x] to the gates
GATE_X = {"f": 1.7, "i": 3.6, "g": 4.9, "o": 7.2}
RADIUS = 0.24  # of a node for × or +
# Where the states of the Reber grammar are drawn; 7 is the end.
STATE_XY = {0: (0, 0), 1: (1, 0), 2: (2, 0.8), 3: (2, -0.8), 4: (3.3, 0.8), 5: (3.3, -0.8), 6: (4.3, 0), 7: (5.3, 0)}


def cell(parts="figo"):
    """Draw the LSTM cell with the parts that a lesson has explained so far.

    Parameters
    ----------
    parts : str
        Which of ``f`` (forget gate), ``i`` (input gate), ``g`` (candidate) and ``o`` (output gate) to draw. The
        cell state is always drawn.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If a part is none of the four.
    """
    if not set(parts) <= set(GATE_X):
        raise ValueError(f"parts: wanted letters out of 'figo', got {parts!r}")
    bottom = -0.1 if parts else 2.6
    ax = _axes((-0.7, 10.2), (bottom, 3.8), height=0.7 * (3.8 - bottom))
    _arrow(ax, (-0.2, BELT), (9.3, BELT), "c", style="-|>,head_width=0.5,head_length=0.8", width=6, shrink=2)
    _text(ax, -0.3, BELT, "$c_{t-1}$", "c", ha="right")
    _text(ax, 9.4, BELT, "$c_t$", "c", ha="left")
    if parts:
        _arrow(ax, (-0.2, INPUT), (max(GATE_X[part] for part in parts), INPUT), "h", style="-")
        _text(ax, -0.3, INPUT, "$[h, x]$", size=12, ha="right")
    for part in parts:
        _arrow(ax, (GATE_X[part], INPUT), (GATE_X[part], LINE - 0.27), "h")
        _box(ax, GATE_X[part], LINE, "tanh" if part == "g" else "σ", part)
    if "f" in parts:
        _arrow(ax, (GATE_X["f"], LINE + 0.27), (GATE_X["f"], BELT - RADIUS), "f")
        _text(ax, GATE_X["f"] - 0.15, 1.75, "$f$", "f", ha="right", va="baseline")
        _node(ax, GATE_X["f"], BELT, "×")
    if "i" in parts or "g" in parts:
        _draw_write(ax, parts)
    if "o" in parts:
        _draw_output(ax)
    return ax.figure


def _draw_write(ax, parts):
    """Draw the product of input gate and candidate and its sum with the cell state."""
    x, y = GATE_X["g"], 2.15  # of the product
    if "g" in parts:
        _arrow(ax, (x, LINE + 0.27), (x, y - RADIUS), "g")
        _text(ax, x - 0.15, 1.75, "$g$", "g", ha="right", va="baseline")
    if "i" in parts:
        _line(ax, GATE_X["i"], LINE + 0.27, y, "i")
        _arrow(ax, (GATE_X["i"], y), (x - RADIUS, y), "i")
        _text(ax, GATE_X["i"] - 0.15, 1.75, "$i$", "i", ha="right", va="baseline")
    _node(ax, x, y, "×")
    _arrow(ax, (x, y + RADIUS), (x, BELT - RADIUS), "g")
    _node(ax, x, BELT, "+")


def _draw_output(ax):
    """Draw the product of output gate and tanh of the cell state, and the hidden state that leaves the cell."""
    x, y = 8.4, 1.9  # of the product
    _arrow(ax, (x, BELT - 0.05), (x, 2.83), "c")
    _box(ax, x, 2.58, "tanh", "c", height=0.46)
    _arrow(ax, (x, 2.33), (x, y + RADIUS), "c")
    _line(ax, GATE_X["o"], LINE + 0.27, y, "o")
    _arrow(ax, (GATE_X["o"], y), (x - RADIUS, y), "o")
    _text(ax, GATE_X["o"] - 0.15, 1.55, "$o$", "o", ha="right", va="baseline")
    _node(ax, x, y, "×")
    _line(ax, x, y - RADIUS, LINE, "h")
    _arrow(ax, (x, LINE), (9.3, LINE), "h")
    _text(ax, 9.4, LINE, "$h_t$", "h", ha="left")


def unrolled(steps=4, gradients=0, folded=False):
    """Draw a plain recurrent cell once for each time step.

    Parameters
    ----------
    steps : int
        T, from 2 to 6.
    gradients : int
        Over how many steps the gradient of a loss at the end runs back, from 0 to T. With 0, neither the output layer
        nor the loss is drawn. With fewer than T, the cut is marked.
    folded : bool
        Whether to draw, left of the chain, the same cell with its state returning to it.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If a number is out of its range.
    """
    for name, value, least, most in (("steps", steps, 2, 6), ("gradients", gradients, 0, steps)):
        if value not in range(least, most + 1):
            raise ValueError(f"{name}: wanted a whole number from {least} to {most}, got {value!r}")
    spacing, y = 2.0, 1.35  # between copies of the cell; height of the states
    right = spacing * steps + (3.1 if gradients else 0.6)
    ax = _axes((-3.9 if folded else -0.9, right + 0.7), (-0.5, 3.4 if gradients or folded else 2.4))
    _text(ax, -0.05, y, "$h_0$", ha="right")
    for t in range(1, steps + 1):
        x = spacing * t - 0.6
        _arrow(ax, (x - spacing + 0.55 if t > 1 else 0.05, y), (x - 0.55, y), "h")
        if t > 1:
            _text(ax, x - spacing / 2, y + 0.14, f"$h_{t - 1}$", size=12, va="bottom")
        _step_box(ax, x, y, f"$x_{t}$")
        if t > steps - gradients:
            start = x + (spacing - 0.55 if t < steps else 1.45)
            _back_arrow(ax, (start, y - 0.2), (x + 0.55, y - 0.2))
            _text(ax, x + 1.0, y - 0.3, f"$dh_{t}$", size=12, va="top")
    _arrow(ax, (x + 0.55, y), (x + 1.45, y), "h")
    _text(ax, x + 1.0, y + 0.14, f"$h_{steps}$", size=12, va="bottom")
    if gradients:
        _box(ax, x + 1.95, y, "$V, a$", "h", width=1.0, height=0.9)
        _arrow(ax, (x + 2.45, y), (x + 3.05, y), "h")
        _back_arrow(ax, (x + 3.05, y - 0.2), (x + 2.45, y - 0.2))
        _text(ax, x + 3.12, y - 0.1, "loss", size=12, ha="left")
        _draw_sum(ax, [spacing * t - 0.6 for t in range(steps - gradients + 1, steps + 1)], y, steps)
    if 0 < gradients < steps:
        x_cut = spacing * (steps - gradients) + 0.4
        for piece in ((0.05, y - 0.08), (y + 0.55, 2.5)):  # the arrow of the state and its name stay whole
            ax.plot([x_cut, x_cut], piece, color=plots.TEXT, linewidth=2, linestyle=(0, (1, 1)))
        _text(ax, x_cut - 0.15, 2.3, "cut", size=12, ha="right", weight="bold")
    if folded:
        _draw_folded(ax, -2.75, y)
    return ax.figure


def _step_box(ax, x, y, name):
    """Draw one copy of the plain cell, and the input that enters it from below."""
    _arrow(ax, (x, 0.15), (x, y - 0.45), "x")
    _text(ax, x, 0.05, name, va="top")
    _box(ax, x, y, "", "h", width=1.1, height=0.9)
    _text(ax, x, y + 0.17, "tanh", size=11)
    _text(ax, x, y - 0.17, "$W, b$", size=11)


def _back_arrow(ax, start, end):
    _arrow(ax, start, end, "h", width=1.6, linestyle=(0, (2.5, 1.5)))


def _draw_sum(ax, xs, y, steps):
    """Draw the arrows from the last copies of the cell, at `xs`, into the gradient of the weights they share."""
    first, height = steps - len(xs) + 1, 2.95
    for t, x in enumerate(xs, start=first):
        _back_arrow(ax, (x, y + 0.45), (x, height - 0.3))
        _text(ax, x + 0.12, (y + height) / 2 + 0.08, f"$dW_{t}$", size=12, ha="left")
    terms = " + ".join(f"dW_{t}" for t in range(first, steps + 1))
    width = max(xs[-1] - xs[0] + 1.1, 2.6)
    _box(ax, (xs[0] + xs[-1]) / 2, height, f"$dW = {terms}$", "h", width=width, height=0.6)


def _draw_folded(ax, x, y):
    """Draw the cell with the arrow of its state leading back to it."""
    _step_box(ax, x, y, "$x_t$")
    path = [(x + 0.55, y), (x + 1.0, y), (x + 1.0, y + 1.2), (x - 1.0, y + 1.2), (x - 1.0, y)]
    ax.plot(*zip(*path, strict=True), color=_colour("h"), linewidth=1.8)
    _arrow(ax, (x - 1.0, y), (x - 0.55, y), "h")
    _text(ax, x, y + 1.3, "$h_t$ returns as $h_{t-1}$", size=12, va="bottom")
    _text(ax, x + 1.7, y, "=", size=18)


def reber():
    """Draw the embedded Reber grammar: the inner graph twice, each time between two equal letters.

    Returns
    -------
    matplotlib.figure.Figure
    """
    ax = _axes((-0.5, 10.6), (-2.75, 2.75), height=3.9)
    start, branch, last, end = (0, 0), (1.1, 0), (9.1, 0), (10.2, 0)
    _edge(ax, start, branch, "B")
    for letter, height in (("T", 1.45), ("P", -1.45)):
        background = FancyBboxPatch((2.2, height - 1.18), 5.75, 2.36, boxstyle="round,pad=0,rounding_size=0.2")
        background.set(facecolor="#EEEEEE", edgecolor="none")
        ax.add_patch(background)
        states = {state: (2.4 + x, height + 0.9 * y) for state, (x, y) in STATE_XY.items()}
        _edge(ax, branch, states[0], letter, "c")
        _edge(ax, states[7], last, letter, "c")
        for state, edges in GRAMMAR.items():
            for symbol, target in edges.items():
                target = 7 if target is None else target
                if target == state:
                    _loop(ax, states[state], symbol, 1 if states[state][1] > height else -1)
                else:
                    _edge(ax, states[state], states[target], symbol)
        for xy in states.values():
            _dot(ax, xy)
    _edge(ax, last, end, "E")
    for xy in (start, branch, last, end):
        _dot(ax, xy)
    return ax.figure


def _edge(ax, start, end, letter, symbol=None):
    _arrow(ax, start, end, symbol, width=1.3, shrink=5)
    (x0, y0), (x1, y1) = start, end
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    offset = 0.17 if x1 >= x0 else -0.17  # so that the letter is above the arrow even if the arrow leads back
    x, y = (x0 + x1) / 2 - offset * (y1 - y0) / length, (y0 + y1) / 2 + offset * (x1 - x0) / length
    _text(ax, x, y, letter, symbol, size=plots.SIZE, weight="bold" if symbol else "normal")


def _loop(ax, xy, letter, side):
    """Draw an edge from a state to itself, above it (side 1) or below it (side -1)."""
    (x, y), style = xy, f"arc3,rad={-2.2 * side}"
    _arrow(ax, (x - 0.1, y + 0.06 * side), (x + 0.1, y + 0.06 * side), width=1.3, shrink=2, connectionstyle=style)
    _text(ax, x - 0.3, y + 0.2 * side, letter, size=plots.SIZE)


def _dot(ax, xy):
    ax.add_patch(Circle(xy, 0.1, facecolor="white", edgecolor=plots.TEXT, linewidth=1.3, zorder=3))


# --- what all diagrams consist of; `symbol` decides the colour, and None gives the colour of text --------------------


def _axes(xlim, ylim, height=None):
    """Empty axes with equal scales, 7.5 inches wide."""
    fig, (ax,) = plots.figure(7.5, height or 7.5 * (ylim[1] - ylim[0]) / (xlim[1] - xlim[0]))
    ax.set(xlim=xlim, ylim=ylim, aspect="equal")
    ax.axis("off")
    return ax


def _colour(symbol):
    return INKS[symbol].colour if symbol else plots.TEXT


def _text(ax, x, y, text, symbol=None, size=13, ha="center", va="center", **style):
    ax.text(x, y, text, ha=ha, va=va, color=_colour(symbol), size=size, zorder=4, **style)


def _line(ax, x, y0, y1, symbol):
    ax.plot([x, x], [y0, y1], color=_colour(symbol), linewidth=1.8)


def _arrow(ax, start, end, symbol=None, style="-|>", width=1.8, shrink=0, **more):
    look = dict(arrowstyle=style, color=_colour(symbol), linewidth=width, shrinkA=shrink, shrinkB=shrink)
    ax.annotate("", end, start, arrowprops=look | more)


def _node(ax, x, y, text):
    ax.add_patch(Circle((x, y), RADIUS, facecolor="white", edgecolor=plots.TEXT, linewidth=1.4, zorder=3))
    _text(ax, x, y, text)


def _box(ax, x, y, text, symbol, width=0.84, height=0.54):
    box = FancyBboxPatch((x - width / 2, y - height / 2), width, height, boxstyle="round,pad=0,rounding_size=0.08")
    box.set(facecolor="white", edgecolor=_colour(symbol), linewidth=2, zorder=3)
    ax.add_patch(box)
    _text(ax, x, y, text, size=11)
