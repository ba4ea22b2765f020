"""From the move of a slider to the new picture, in Python alone and in a page of JupyterLab."""

import importlib.util
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from lstm_course.explore import GateExplorer

from .timing import ms, table

MOVES = 60
BROWSER = Path(__file__).resolve().parent.parent / "tests" / "browser"

# From the key in the page to the picture in the page, decoded.
MEASURE = """image => {
    window.measured = new Promise(resolve => {
        let start;
        addEventListener("keydown", () => { start = performance.now(); }, { capture: true, once: true });
        new MutationObserver(async (changes, observer) => {
            observer.disconnect();
            await image.decode();
            resolve((performance.now() - start) / 1000);
        }).observe(image, { attributeFilter: ["src"] });
    });
}"""


def show():
    """Print the table."""
    rows = [
        _row("GateExplorer, a gate", _explorer("f", 1.0)),
        _row("GateExplorer, a gate, the axis grows", _explorer("i", 1.0, saturated=True)),
        _row("as interact with plt.show draws", _pyplot()),
    ]
    missing = _missing()
    if not missing:
        rows.append(_row("GateExplorer, key to decoded picture in JupyterLab", _in_the_page()))
    head = ["from a move to the new picture", "median ms", "95th percentile ms", "moves"]
    table("Sliders (budget: 80 ms at the 95th percentile)", head, rows)
    if missing:
        print(f"  In the page: left out, {missing}.")


def _row(name, times):
    return [name, ms(times), ms(times, 95), str(len(times))]


def _explorer(name, top, saturated=False):
    """Set a slider's value until the new picture is in the widget."""
    explorer = GateExplorer("saturated" if saturated else "remember")
    slider, times = getattr(explorer, name), []
    for value in np.linspace(0, top, MOVES + 1)[::-1].round(2):
        before = explorer.image.png
        start = time.perf_counter()
        slider.value = value
        if explorer.image.png != before:  # the first value may be the one it had
            times.append(time.perf_counter() - start)
    return times


def _pyplot():
    """A new figure at each move, as a function under `interact` makes it: drawn whole, cropped to its ink."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    from IPython.core.pylabtools import print_figure

    explorer, times = GateExplorer("remember"), []
    for value in np.linspace(0, 1, MOVES):
        explorer.f.value = value
        values = explorer.values
        start = time.perf_counter()
        figure, (gates, cell, hidden) = plt.subplots(3, 1, figsize=(7.5, 5.2), dpi=120, layout="constrained")
        for row, symbol in enumerate("figo"):
            gates.fill_between(np.arange(len(values[symbol])), row, row + 0.8 * values[symbol], step="mid")
        cell.plot(values["c"], marker="o", markersize=3)
        hidden.plot(values["h"], marker="o")
        hidden.plot(np.tanh(values["c"]), linestyle="--")
        print_figure(figure, fmt="png", bbox_inches="tight")
        plt.close(figure)
        times.append(time.perf_counter() - start)
    return times


def _missing():
    """What the measurement in the page lacks, or nothing."""
    if importlib.util.find_spec("playwright") is None:
        return "playwright is not installed"
    sys.path.insert(0, str(BROWSER))
    from chromium import find_chromium

    return None if find_chromium() else "no Chromium was found"


def _in_the_page():
    from chromium import find_chromium
    from lab_page import lab_page
    from lab_server import BROWSER_OPTIONS, running_lab
    from playwright.sync_api import sync_playwright

    times = []
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        running_lab(Path(folder)) as server,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=find_chromium(), args=BROWSER_OPTIONS) as chromium,
        chromium.new_context(viewport={"width": 1280, "height": 900}) as context,
        lab_page(server, context) as lab,
    ):
        lab.open("notebooks/04_gates.ipynb")
        lab.run_all()
        lab.run("remember-show")
        output = lab.cell("hands-on").locator(".jp-OutputArea")
        image = output.locator("img")
        lab.show(image)
        output.locator(".widget-slider", has_text="forget gate").get_by_role("slider").focus()
        for move in range(MOVES + 5):
            image.evaluate(MEASURE)
            lab.press("ArrowLeft")
            taken = lab.page.evaluate("() => window.measured")
            if move >= 5:  # the first moves pay for what is set up once
                times.append(taken)
    return times
