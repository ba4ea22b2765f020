"""One timeline under a slider, drawn in three ways: from a move to the new picture."""

import time

import ipywidgets
import numpy as np
from matplotlib.patches import StepPatch

from lstm_course.explore import LiveCell
from lstm_course.explore.cell_values import hand_values
from lstm_course.explore.moving_figure import MovingFigure
from lstm_course.explore.timeline_figure import timeline_figure

from . import latency
from .timing import ms, table

MOVES = 60
X = LiveCell("leaky").x
C_CURVE = ".timeline .curve.ink-c"


def moving_timeline():
    """The timeline as a figure that is kept."""
    figure = timeline_figure(_values(0.9, 1.0), 1.0)
    gates, cell, hidden = figure.axes
    *_, f, _, _ = strips = [patch for patch in gates.patches if isinstance(patch, StepPatch)]  # o, g, f, i, x
    c, (tanh, h) = cell.lines[0], hidden.lines[:2]

    def update(keep, start):
        values = _values(keep, start)
        path = np.append(start, values["c"])
        f.set_data(2 + 0.8 * values["f"])
        c.set_ydata(path)
        tanh.set_ydata(np.tanh(values["c"]))
        h.set_ydata(values["h"])
        limits = min(-1.15, 1.1 * path.min()), max(1.15, 1.1 * path.max())
        if limits != cell.get_ylim():
            cell.set_ylim(limits)
        return f"With f = {keep:.2f} the cell state goes from {start:.2f} to {path[-1]:.2f}."

    controls = {"keep": _slider(0.9, 0, 1), "start": _slider(1.0, 0, 5)}
    return MovingFigure(figure, [*strips, c, tanh, h], update, controls)


def interact_timeline():
    """The timeline as a function under `interact` draws it: a new figure of pyplot at each move."""
    import matplotlib.pyplot as plt

    def draw(f):
        plt.figure(FigureClass=lambda *_, **__: timeline_figure(_values(f, 1.0), 1.0))
        plt.show()

    ipywidgets.interact(draw, f=_slider(0.9, 0, 1))


def show():
    """Print the tables."""
    head = ["from a value that is set to the new picture", "median ms", "95th percentile ms", "moves"]
    rows = [
        _row("MovingFigure, the forget gate", _set("keep", np.linspace(0, 0.99, MOVES))),
        _row("MovingFigure, an axis changes at every move", _set("start", np.linspace(1.5, 5, MOVES))),
        _row("as interact with plt.show draws", _whole()),
    ]
    table("Pictures under a slider, Python alone (budget: 80 ms at the 95th percentile)", head, rows)
    missing = latency.missing()
    if missing:
        print(f"\n  Sliders in the page: left out, {missing}.")
    else:
        _in_the_page()


def _set(name, values):
    """Set a control's value until the new picture is in the widget."""
    moving, times = moving_timeline(), []
    for value in values:
        before = moving.image.png
        start = time.perf_counter()
        moving.controls[name].value = value
        times.append(time.perf_counter() - start)
        if moving.image.png == before:
            raise RuntimeError(f"{name} = {value} changed nothing")
    return times


def _whole():
    from IPython.core.pylabtools import print_figure

    times = []
    for f in np.linspace(0, 1, MOVES):
        start = time.perf_counter()
        print_figure(timeline_figure(_values(f, 1.0), 1.0), fmt="png", bbox_inches="tight")
        times.append(time.perf_counter() - start)
    return times


def _in_the_page():
    moves, free = {}, {}
    with latency.laboratory() as page:
        with page() as lab:
            moves["LiveCell, the forget gate"] = _live_gate(lab)
            held, still = latency.hold(lab, "ArrowRight"), latency.hold(lab)
            moves["LiveCell, a weight"] = _live_weight(lab)
            moves["MovingFigure, the forget gate"] = _picture(lab, "moving_timeline()")
            moves["interact with plt.show, the forget gate"] = _picture(lab, "interact_timeline()")
        with page(*latency.NO_FRAME_LIMIT) as lab:
            free["LiveCell, the forget gate"] = _live_gate(lab)
            free["LiveCell, a weight"] = _live_weight(lab)
    base = np.median(moves["LiveCell, the forget gate"].pixels)
    rows = []
    for name, each in moves.items():
        ratio, handler = f"{np.median(each.pixels) / base:.1f}", ms(each.handler, 95) if each.handler else "-"
        unlimited = ms(free[name].pixels, 95) if name in free else "-"
        rows.append([name, ms(each.pixels), ms(each.pixels, 95), handler, unlimited, ratio, str(len(each.pixels))])
    head = ["from a key press to the pixels", "median ms", "95th pct.", "handler 95th", "free 95th", "ratio", "moves"]
    table("Sliders in JupyterLab in headless Chromium (budget for LiveCell: 16 ms)", head, rows)
    print(held, still)
    for name in moves:
        print(name, np.sort(moves[name].presented) * 1000, np.round(np.sort(moves[name].pixels)*1000,1), np.round(np.sort(moves[name].handler)*1000,1))
    for name in free:
        print(name, np.round(np.sort(free[name].pixels)*1000,1),np.round(np.sort(free[name].handler)*1000,1), free[name].presented)


def _live_gate(lab):
    place = latency.show(lab, "from lstm_course.explore import LiveCell\nLiveCell('leaky')")
    return latency.press(lab, place, place.get_by_role("slider", name="forget gate"), "ArrowLeft", of=C_CURVE)


def _live_weight(lab):
    place = latency.show(lab, "from lstm_course.explore import LiveCell\nLiveCell('leaky', mode='weights')")
    weight = place.get_by_role("slider", name="input weight w of the forget gate")
    return latency.press(lab, place, weight, "ArrowRight", of=C_CURVE)


def _picture(lab, call):
    place = latency.show(lab, f"from benchmarks import sliders\nsliders.{call}")
    return latency.press(lab, place, place.get_by_role("slider").first, "ArrowLeft")


def _values(f, c0):
    gates = {"i": np.zeros(len(X)), "f": np.full(len(X), f), "o": np.ones(len(X))}
    return hand_values(X, gates, c0)


def _slider(value, low, high):
    return ipywidgets.FloatSlider(value, min=low, max=high, step=0.01, layout={"width": "400px"})


def _row(name, times):
    return [name, ms(times), ms(times, 95), str(len(times))]
