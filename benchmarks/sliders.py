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
LIVE = "LiveCell, the forget gate"
NOTES = """\
  The clock starts at the time stamp of the key's event, and stops after the frame that shows the change has been
  laid out and painted; pictures have been decoded before. Drawn: the page's own work, in the same task as the event.
  Late: presses with more than 16 ms to the frame on the screen, by Chromium's Event Timing, which counts in steps of
  8. Frames come every 16.7 ms; after a rest, Chromium begins one as soon as something has changed."""


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
    moves = {}
    with latency.laboratory() as page:
        with page() as lab:
            moves[LIVE] = _live_gate(lab)
            held, still = latency.hold(lab, "ArrowRight"), latency.hold(lab)
            if lab.outputs("input:focus").input_value() != "1":
                raise RuntimeError("not every repeat of the key that was held moved the gate")
            moves["LiveCell, a weight"] = _live_weight(lab)
            moves["MovingFigure, the forget gate"] = _picture(lab, "moving_timeline()")
            moves["interact with plt.show, the forget gate"] = _picture(lab, "interact_timeline()")
        with page(*latency.NO_FRAME_LIMIT) as lab:
            moves["LiveCell, the forget gate, frames without a limit"] = _live_gate(lab)
    base, rows = np.median(moves[LIVE].pixels), []
    for name, each in moves.items():
        drawn = [ms(each.handler), ms(each.handler, 95)] if each.handler else ["-", "-"]
        late = f"{sum(duration > 0.016 for duration in each.presented)}" if each.handler else "-"
        ratio = f"{np.median(each.pixels) / base:.1f}"
        rows.append([name, ms(each.pixels), ms(each.pixels, 95), *drawn, late, ratio, str(len(each.pixels))])
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
    print(
        f"  Held for {latency.HELD_SECONDS} s, {latency.REPEATS} repeats a second: {held[1]} of {held[0]} frames late;"
    )
    print(f"  the same time with no key: {still[1]} of {still[0]}. Late is a frame 1.5 frames after the one before.")


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
