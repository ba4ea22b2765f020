"""One timeline under a slider, drawn in three ways: the time from a move to the new picture."""

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
LIVE, WEIGHT = "LiveCell, the forget gate", "input weight w of the forget gate"
NOTES = """\
  From the time stamp of the key's event until the frame with the change is laid out and painted; pictures are decoded
  before that. Drawn: until the page has drawn, within the task of the event. Late: key presses for which Chromium's
  Event Timing reports more than 16 ms, in steps of 8, until the frame is on the screen. Frames come every 16.7 ms, but
  after a pause Chromium starts one as soon as something changes. A frame counts as lost when it comes more than 1.5
  frames after the previous one."""


def moving_timeline():
    """The timeline as a figure that is updated."""
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
    """The timeline as drawn by a function under `interact`: a new pyplot figure at each move."""
    import matplotlib.pyplot as plt

    def draw(f):
        plt.figure(FigureClass=lambda *_, **__: timeline_figure(_values(f, 1.0), 1.0))
        plt.show()

    ipywidgets.interact(draw, f=_slider(0.9, 0, 1))


def show():
    """Print the tables."""
    head = ["from setting a value to the new picture", "median ms", "95th percentile ms", "moves"]
    rows = [
        _row("MovingFigure, the forget gate", _set("keep", np.linspace(0, 0.99, MOVES))),
        _row("MovingFigure, an axis changes at every move", _set("start", np.linspace(1.5, 5, MOVES))),
        _row("as interact with plt.show draws", _whole()),
    ]
    table("Pictures under a slider, Python alone (budget: 80 ms at the 95th percentile)", head, rows)
    missing = latency.missing()
    if missing:
        print(f"\n  Sliders in the page: skipped, because {missing}.")
    else:
        _in_the_page()


def _set(name, values):
    """The seconds from setting each value of a control until the new picture is in the widget."""
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
    for f in np.linspace(0, 1, MOVES // 2):
        start = time.perf_counter()
        print_figure(timeline_figure(_values(f, 1.0), 1.0), fmt="png", bbox_inches="tight")
        times.append(time.perf_counter() - start)
    return times


def _in_the_page():
    moves = {}
    with latency.notebook() as lab:
        moves[LIVE], gate = _live(lab, "LiveCell('leaky')", "forget gate", "ArrowLeft")
        gate.press("Home")
        held, still = latency.hold(lab, gate, "ArrowRight"), latency.hold(lab, gate)
        moves["LiveCell, a weight"], _ = _live(lab, "LiveCell('leaky', mode='weights')", WEIGHT, "ArrowRight")
        moves["MovingFigure, the forget gate"] = _picture(lab, "moving_timeline()")
        moves["interact with plt.show, the forget gate"] = _picture(lab, "interact_timeline()")
    base, rows = np.median(moves[LIVE].pixels), []
    for name, each in moves.items():
        in_page = [ms(each.handler), ms(each.handler, 95), str(each.late)] if each.handler else ["-", "-", "-"]
        ratio = f"{np.median(each.pixels) / base:.1f}"
        rows.append([name, ms(each.pixels), ms(each.pixels, 95), *in_page, ratio, str(len(each.pixels))])
    head = [
        "from a key press",
        "to the pixels: median ms",
        "95th",
        "drawn: median ms",
        "95th",
        "late",
        "ratio",
        "moves",
    ]
    table("Sliders in JupyterLab in headless Chromium (budget for LiveCell: 16 ms at the 95th percentile)", head, rows)
    print(NOTES)
    wanted = latency.HELD_SECONDS * latency.REPEATS
    print(
        f"  A key held for {latency.HELD_SECONDS} s moved the gate by {held[2]} of {wanted} steps; {held[1]} of "
        f"{held[0]} frames were lost, {still[1]} of {still[0]} with no key held."
    )


def _live(lab, call, name, key):
    output = latency.show(lab, f"from lstm_course.explore import LiveCell\n{call}")
    control = output.get_by_role("slider", name=name)
    return latency.press(lab, output, control, key, of=C_CURVE), control


def _picture(lab, call):
    output = latency.show(lab, f"from benchmarks import sliders\nsliders.{call}")
    return latency.press(lab, output, output.get_by_role("slider").first, "ArrowLeft")


def _values(f, c0):
    gates = {"i": np.zeros(len(X)), "f": np.full(len(X), f), "o": np.ones(len(X))}
    return hand_values(X, gates, c0)


def _slider(value, low, high):
    return ipywidgets.FloatSlider(value, min=low, max=high, step=0.01, layout={"width": "400px"})


def _row(name, times):
    return [name, ms(times), ms(times, 95), str(len(times))]
