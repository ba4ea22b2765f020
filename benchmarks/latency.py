"""From a key press to the pixels on the page: one cell of a notebook in JupyterLab, in headless Chromium."""

import importlib.util
import json
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
MOVES, WARM_UP = 40, 3  # the first moves include one-off setup
HELD_SECONDS, REPEATS = 2, 30  # how long a key is held, and how often per second a keyboard repeats it
FRAME_MS = 1000 / 60
CELL = "shown"

# Installed before each press. The clock starts at the time stamp of the key's event, which Chromium takes before the
# page receives the event. A widget that draws in the page has finished when the event "input" has passed its own
# listeners and reaches the window; `of`, a part of its drawing, must have changed by then. A picture has to arrive from
# the kernel and be decoded. The clock stops after the frame with the change has been laid out and painted:
# requestAnimationFrame runs just before that, and the message that it sends arrives just after.
ARM = """([output, of]) => {
    const frame = () => new Promise(resolve => requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => { port1.close(); resolve(performance.now()); };
        port2.postMessage(null);
    }));
    const seen = () => of ? output.querySelector(of).getAttribute("d") : output.querySelector("img")?.src;
    const before = seen();
    let pressed;
    addEventListener("keydown", event => { pressed = event.timeStamp; }, { capture: true, once: true });
    window.measured = new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error("the key press had no effect within 20 seconds")), 20000);
        if (of) {
            addEventListener("input", async () => {
                const drawn = performance.now();
                if (seen() === before) reject(new Error("the key press changed nothing"));
                resolve([await frame() - pressed, drawn - pressed]);
            }, { once: true });
        } else {
            new MutationObserver(async (changes, observer) => {
                if (!seen() || seen() === before) return;
                observer.disconnect();
                await output.querySelector("img").decode();
                resolve([await frame() - pressed, null]);
            }).observe(output, { childList: true, subtree: true, attributeFilter: ["src"] });
        }
    });
}"""

# Chromium's own measure, from the key to the frame on the screen; it reports 16 ms and more, in steps of 8.
EVENT_TIMING = """() => {
    window.presented = [];
    window.timing?.disconnect();
    window.timing = new PerformanceObserver(list => {
        window.presented.push(...list.getEntries().filter(({ name }) => name === "keydown").map(each => each.duration));
    });
    window.timing.observe({ type: "event", durationThreshold: 16 });
}"""

WATCH_FRAMES = """() => {
    window.frames = [];
    window.watching = true;
    const look = time => {
        window.frames.push(time);
        if (window.watching) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""


@dataclass
class Moves:
    """The measurements for one way to draw, in seconds."""

    pixels: list = field(default_factory=list)  # from each press to the frame
    handler: list = field(default_factory=list)  # from each press to the end of the drawing, if it is drawn in the page
    late: int = 0  # presses that took longer than 16 ms, by Event Timing


def missing():
    """The reason why nothing can be measured, or None."""
    if importlib.util.find_spec("playwright") is None:
        return "playwright is not installed"
    sys.path.insert(0, str(ROOT / "tests" / "browser"))
    from chromium import find_chromium

    return None if find_chromium() else "no Chromium was found"


@contextmanager
def notebook():
    """A notebook of one cell, open in JupyterLab in Chromium."""
    from chromium import find_chromium
    from lab_page import lab_page
    from lab_server import BROWSER_OPTIONS, running_lab
    from playwright.sync_api import sync_playwright

    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        running_lab(Path(folder)) as server,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=find_chromium(), args=BROWSER_OPTIONS) as chromium,
        chromium.new_context(viewport={"width": 1280, "height": 1400}) as context,
        lab_page(server, context) as lab,
    ):
        (server.folder / "moves.ipynb").write_text(json.dumps(_blank()))
        lab.open("moves.ipynb")
        yield lab


def show(lab, source):
    """Run the cell with this source, and return the element with its output."""
    lab.write(CELL, f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n{source}")
    lab.run(CELL)
    if lab.errors():
        raise RuntimeError(lab.errors())
    return lab.cell(CELL).locator(".jp-OutputArea").first


def press(lab, output, control, key, of=None):
    """Move a control repeatedly with a key, each time after the last move has been shown.

    Parameters
    ----------
    lab : LabPage
    output, control : playwright.sync_api.Locator
        The output, and the control in it that takes the focus.
    key : str
    of : str, optional
        A path of an SVG that the key changes at once; if None, wait for a new picture.

    Returns
    -------
    Moves
    """
    lab.show(output, "start")
    control.evaluate("control => control.setAttribute('data-lm-suppress-shortcuts', 'true')")  # JupyterLab's own keys
    control.focus()
    lab.page.evaluate(EVENT_TIMING)
    moves, rng = Moves(), np.random.default_rng(0)
    for move in range(WARM_UP + MOVES):
        time.sleep(rng.uniform(0.04, 0.08))  # a hand is not synchronised with the frames
        output.evaluate("(output, of) => (" + ARM + ")([output, of])", of)
        if move == WARM_UP:
            lab.page.evaluate("() => { window.presented.length = 0; }")
        lab.press(key)
        pixels, handler = lab.page.evaluate("() => window.measured")
        if move >= WARM_UP:
            moves.pixels.append(pixels / 1000)
            moves.handler += [] if handler is None else [handler / 1000]
    lab.page.wait_for_timeout(200)  # Chromium reports with a delay
    moves.late = sum(duration > 16 for duration in lab.page.evaluate("() => window.presented"))
    return moves


def hold(lab, control, key=None):
    """Hold a key, or none, and count the frames.

    Returns
    -------
    frames, late, steps : int
        The frames shown; those among them that came more than one and a half frames after the previous one; and the
        steps that the control has moved.
    """
    lab.page.evaluate(WATCH_FRAMES)
    before, start = control.input_value(), time.perf_counter()
    for repeat in range(HELD_SECONDS * REPEATS):
        time.sleep(max(0, start + repeat / REPEATS - time.perf_counter()))
        if key:
            lab.page.keyboard.down(key)  # from the second time on, Chromium treats it as a repeat
    if key:
        lab.page.keyboard.up(key)
    frames = lab.page.evaluate("() => { window.watching = false; return window.frames; }")
    steps = (float(control.input_value()) - float(before)) / float(control.get_attribute("step"))
    return len(frames) - 1, int((np.diff(frames) > 1.5 * FRAME_MS).sum()), round(steps)


def _blank():
    cell = {"cell_type": "code", "id": CELL, "source": "", "metadata": {}, "outputs": [], "execution_count": None}
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return {"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
