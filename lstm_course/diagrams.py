"""Drawings: the cell, one gate at a time, the plain cell unrolled over time, and the embedded Reber grammar."""

from matplotlib.patches import Circle, FancyBboxPatch

from . import plots
from .palette import INKS
from .tasks.reber import GRAMMAR

BELT, LINE = 3.2, 1.1  # heights of the cell state and of the line that brings h and x
PLACES = {"f": 1.7, "i": 3.6, "g": 4.9, "o": 7.2}


def cell(parts="figo"):
    """The cell, as far as it has been explained.

    Parameters
    ----------
    parts : str
        Which of ``f`` (forget gate), ``i`` (input gate), ``g`` (candidate) and ``o`` (output gate) to draw. The
        belt of the cell state is always there.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If a part is none of the four.
    """
    unknown = set(parts) - set(PLACES)
    if unknown:
        raise ValueError(f"parts: wanted letters out of 'figo', got {parts!r}")
    bottom = -0.1 if parts else 2.6
    fig, (ax,) = plots.figure(7.5, 0.7 * (3.8 - bottom))
    ax.set(xlim=(-0.7, 10.2), ylim=(bottom, 3.8), aspect="equal")
    ax.axis("off")
    _belt(ax)
    if parts:
        _arrow(ax, (-0.2, LINE - 0.75), (max(PLACES[part] for part in parts), LINE - 0.75), "h", head=False)
        ax.text(-0.3, LINE - 0.75, "$[h, x]$", ha="right", va="center", color=plots.TEXT, size=12)
    for part in parts:
        _arrow(ax, (PLACES[part], LINE - 0.75), (PLACES[part], LINE - 0.27), "h")
        _box(ax, PLACES[part], LINE, "tanh" if part == "g" else "σ", part)
    if "f" in parts:
        _arrow(ax, (PLACES["f"], LINE + 0.27), (PLACES["f"], BELT - 0.24), "f", label="f")
        _node(ax, PLACES["f"], BELT, "×")
    if "i" in parts or "g" in parts:
        _write(ax, parts)
    if "o" in parts:
        _read(ax)
    return fig


def unrolled(steps=4, gradients=0):
    """A plain recurrent cell, drawn once for each time step.

    Parameters
    ----------
    steps : int
        T, from 2 to 6.
    gradients : int
        How many steps the gradient of a loss at the end runs back over, from 0 to T; where 0, no loss is drawn.

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
    apart, middle = 2.0, 1.35  # from one copy to the next; height of the states
    right = apart * steps + (1.5 if gradients else 0.6)
    fig, (ax,) = plots.figure(7.5, 7.5 * 2.9 / (right + 1.6))
    ax.set(xlim=(-0.9, right + 0.7), ylim=(-0.5, 2.4), aspect="equal")
    ax.axis("off")
    ax.text(-0.05, middle, "$h_0$", ha="right", va="center", color=plots.TEXT, size=13)
    for t in range(1, steps + 1):
        x = apart * t - 0.6
        _arrow(ax, (x - apart + 0.55 if t > 1 else 0.05, middle), (x - 0.55, middle), "h")
        if t > 1:
            ax.text(x - apart / 2, middle + 0.14, f"$h_{t - 1}$", ha="center", va="bottom", color=plots.TEXT, size=12)
        _arrow(ax, (x, 0.15), (x, middle - 0.45), "x")
        ax.text(x, 0.05, f"$x_{t}$", ha="center", va="top", color=plots.TEXT, size=13)
        box = FancyBboxPatch((x - 0.55, middle - 0.45), 1.1, 0.9, boxstyle="round,pad=0,rounding_size=0.08")
        box.set(facecolor="white", edgecolor=INKS["h"].colour, linewidth=2, zorder=3)
        ax.add_patch(box)
        ax.text(x, middle + 0.17, "tanh", ha="center", va="center", size=11, color=plots.TEXT, zorder=4)
        ax.text(x, middle - 0.17, "$W, b$", ha="center", va="center", size=11, color=plots.TEXT, zorder=4)
        if t > steps - gradients:
            _back(ax, x + (apart - 0.55 if t < steps else 1.45), x + 0.55, middle - 0.2)
            ax.text(x + 1.0, middle - 0.3, f"$dh_{t}$", ha="center", va="top", color=plots.TEXT, size=12)
    _arrow(ax, (x + 0.55, middle), (x + 1.45, middle), "h")
    ax.text(x + 1.0, middle + 0.14, f"$h_{steps}$", ha="center", va="bottom", color=plots.TEXT, size=12)
    if gradients:
        ax.text(x + 1.55, middle - 0.1, "loss", ha="left", va="center", color=plots.TEXT, size=12)
    return fig


def _back(ax, start, end, height):
    """The arrow of a gradient, dashed, against the direction of time."""
    style = dict(arrowstyle="-|>", color=INKS["h"].colour, linewidth=1.6, linestyle=(0, (2.5, 1.5)))
    ax.annotate("", (end, height), (start, height), arrowprops=style | dict(shrinkA=0, shrinkB=0))


INNER = {0: (0, 0), 1: (1, 0), 2: (2, 0.8), 3: (2, -0.8), 4: (3.3, 0.8), 5: (3.3, -0.8), 6: (4.3, 0), 7: (5.3, 0)}


def reber():
    """The embedded Reber grammar: the inner graph twice, between two letters that are the same.

    Returns
    -------
    matplotlib.figure.Figure
    """
    fig, (ax,) = plots.figure(7.5, 3.9)
    ax.set(xlim=(-0.5, 10.6), ylim=(-2.75, 2.75), aspect="equal")
    ax.axis("off")
    start, branch, last, end = (0, 0), (1.1, 0), (9.1, 0), (10.2, 0)
    _edge(ax, start, branch, "B")
    for letter, height in (("T", 1.45), ("P", -1.45)):
        around = FancyBboxPatch((2.2, height - 1.18), 5.75, 2.36, boxstyle="round,pad=0,rounding_size=0.2")
        around.set(facecolor="#EEEEEE", edgecolor="none")
        ax.add_patch(around)
        places = {state: (2.4 + x, height + 0.9 * y) for state, (x, y) in INNER.items()}
        _edge(ax, branch, places[0], letter, colour=INKS["c"].colour)
        _edge(ax, places[7], last, letter, colour=INKS["c"].colour)
        for state, following in GRAMMAR.items():
            for symbol, to in following.items():
                to = 7 if to is None else to
                if to == state:
                    _loop(ax, places[state], symbol, up=places[state][1] > height)
                else:
                    _edge(ax, places[state], places[to], symbol)
        for place in places.values():
            _dot(ax, place)
    _edge(ax, last, end, "E")
    for place in (start, branch, last, end):
        _dot(ax, place)
    return fig


def _edge(ax, start, end, letter, colour=plots.TEXT):
    ax.annotate(
        "",
        end,
        start,
        arrowprops=dict(arrowstyle="-|>", color=colour, linewidth=1.3, shrinkA=5, shrinkB=5),
    )
    (x0, y0), (x1, y1) = start, end
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    side = 0.17 if x1 >= x0 else -0.17  # the letter stands above an arrow, also above one that leads back
    ax.text(
        (x0 + x1) / 2 - side * (y1 - y0) / length,
        (y0 + y1) / 2 + side * (x1 - x0) / length,
        letter,
        ha="center",
        va="center",
        color=colour,
        size=plots.SIZE,
        weight="bold" if colour != plots.TEXT else "normal",
    )


def _loop(ax, place, letter, up):
    x, y = place
    side = 1 if up else -1
    ax.annotate(
        "",
        (x + 0.1, y + 0.06 * side),
        (x - 0.1, y + 0.06 * side),
        arrowprops=dict(arrowstyle="-|>", color=plots.TEXT, linewidth=1.3, connectionstyle=f"arc3,rad={-2.2 * side}"),
    )
    ax.text(x - 0.3, y + 0.2 * side, letter, ha="center", va="center", color=plots.TEXT, size=plots.SIZE)


def _dot(ax, place):
    ax.add_patch(Circle(place, 0.1, facecolor="white", edgecolor=plots.TEXT, linewidth=1.3, zorder=3))


def _belt(ax):
    ax.annotate(
        "",
        (9.3, BELT),
        (-0.2, BELT),
        arrowprops=dict(arrowstyle="-|>,head_width=0.5,head_length=0.8", color=INKS["c"].colour, linewidth=6),
    )
    ax.text(-0.3, BELT, "$c_{t-1}$", ha="right", va="center", color=INKS["c"].colour, size=13)
    ax.text(9.4, BELT, "$c_t$", ha="left", va="center", color=INKS["c"].colour, size=13)


def _write(ax, parts):
    """Input gate times candidate, added to the belt."""
    product = (PLACES["g"], 2.15)
    if "g" in parts:
        _arrow(ax, (PLACES["g"], LINE + 0.27), (product[0], product[1] - 0.24), "g", label="g")
    if "i" in parts:
        ax.plot([PLACES["i"]] * 2, [LINE + 0.27, product[1]], color=INKS["i"].colour, linewidth=1.8)
        _arrow(ax, (PLACES["i"], product[1]), (product[0] - 0.24, product[1]), "i")
        ax.text(PLACES["i"] - 0.15, 1.75, "$i$", ha="right", color=INKS["i"].colour, size=13)
    _node(ax, *product, "×")
    _arrow(ax, (product[0], product[1] + 0.24), (product[0], BELT - 0.24), "g")
    _node(ax, product[0], BELT, "+")


def _read(ax):
    """Output gate times tanh of the cell state."""
    x, product = 8.4, 1.9
    _arrow(ax, (x, BELT - 0.05), (x, 2.83), "c")
    _box(ax, x, 2.58, "tanh", "c", height=0.46)
    _arrow(ax, (x, 2.33), (x, product + 0.24), "c")
    ax.plot([PLACES["o"]] * 2, [LINE + 0.27, product], color=INKS["o"].colour, linewidth=1.8)
    _arrow(ax, (PLACES["o"], product), (x - 0.24, product), "o")
    ax.text(PLACES["o"] - 0.15, 1.55, "$o$", ha="right", color=INKS["o"].colour, size=13)
    _node(ax, x, product, "×")
    ax.plot([x, x], [product - 0.24, LINE], color=INKS["h"].colour, linewidth=1.8)
    _arrow(ax, (x, LINE), (9.3, LINE), "h")
    ax.text(9.4, LINE, "$h_t$", ha="left", va="center", color=INKS["h"].colour, size=13)


def _arrow(ax, start, end, symbol, label="", head=True):
    style = "-|>" if head else "-"
    ax.annotate(
        "",
        end,
        start,
        arrowprops=dict(arrowstyle=style, color=INKS[symbol].colour, linewidth=1.8, shrinkA=0, shrinkB=0),
    )
    if label:
        ax.text(start[0] - 0.15, start[1] + 0.38, f"${label}$", ha="right", color=INKS[symbol].colour, size=13)


def _node(ax, x, y, text):
    ax.add_patch(Circle((x, y), 0.24, facecolor="white", edgecolor=plots.TEXT, linewidth=1.4, zorder=3))
    ax.text(x, y, text, ha="center", va="center", size=13, color=plots.TEXT, zorder=4)


def _box(ax, x, y, text, symbol, height=0.54):
    ax.add_patch(
        FancyBboxPatch(
            (x - 0.42, y - height / 2),
            0.84,
            height,
            boxstyle="round,pad=0,rounding_size=0.08",
            facecolor="white",
            edgecolor=INKS[symbol].colour,
            linewidth=2,
            zorder=3,
        )
    )
    ax.text(x, y, text, ha="center", va="center", size=11, color=plots.TEXT, zorder=4)
