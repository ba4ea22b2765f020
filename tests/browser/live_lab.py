"""The live cell in a notebook of JupyterLab: what the page shows, what Python has, and what both should have."""

import json
import re
import time
import uuid
from contextlib import contextmanager

import nbformat
import pytest
from lab_page import lab_page

from lstm_course.explore import LiveCell
from lstm_course.explore.cell_values import GATES, plain_values
from lstm_course.palette import INKS

MADE = """from lstm_course.explore import LiveCell

cell = LiveCell()
"""
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
ONLY = "gate sliders change this step only"
WEIGHTS = {"w": "input weight w", "u": "recurrent weight u", "b": "bias b"}
# What can be seen of one live cell, as far as it follows from its state.
SHOWN = """root => {
    const seen = selector => [...root.querySelectorAll(selector)].filter(element => element.checkVisibility());
    const said = element => element.getAttribute("aria-label");
    return {
        sliders: Object.fromEntries(seen("input[type=range]").map(input => [said(input), Number(input.value)])),
        ticked: seen("input:checked").map(input => input.closest("label").textContent.trim()).sort(),
        preset: root.querySelector("select").value,
        drawings: seen("svg.cell, svg.timeline, svg.gradient").map(said),
        title: seen("h3").map(heading => heading.textContent).join(),
        undo: seen("button").some(button => button.textContent === "undo" && !button.disabled),
    };
}"""

# The model of a live cell in the page.
MODEL = """async id => {
    const { rendermime } = jupyterapp.shell.currentWidget.content;
    const renderer = rendermime.createRenderer("application/vnd.jupyter.widget-view+json", {});
    const manager = await renderer._manager.promise;
    renderer.dispose();
    return manager.get_model(id);
}"""

# Its name there, as the output of the notebook's cell has it.
VIEWED = """id => jupyterapp.shell.currentWidget.content.widgets.find(cell => cell.model.id === id)
    .model.outputs.toJSON().map(output => output.data?.["application/vnd.jupyter.widget-view+json"]?.model_id)
    .find(Boolean)"""

# The kernel hears of moves in a thread beside the one in which cells run, so that the page has to be asked whether
# everything that it had to tell has arrived. It may put off telling for some milliseconds; timers come in their order.
TOLD = f"""async id => {{
    const model = await ({MODEL})(id);
    await new Promise(done => setTimeout(done, 40));
    while (model._pending_msgs || model._msg_buffer) await new Promise(done => setTimeout(done, 2));
}}"""

# What a piece of code prints, run in the kernel beside the cells, so that the notebook stays as it is.
PYTHON = """async code => {
    const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
    const future = kernel.requestExecute({ code, store_history: false });
    let printed = "", error = "";
    future.onIOPub = ({ header, content }) => {
        if (header.msg_type === "stream" && content.name === "stdout") printed += content.text;
        if (header.msg_type === "error") error = `${content.ename}: ${content.evalue}`;
    };
    await future.done;
    return { printed, error };
}"""


def write_notebook(folder, name, **cells):
    """A notebook with these code cells, each under its name as its id."""
    made = [nbformat.v4.new_code_cell(source, id=cell) for cell, source in cells.items()]
    nbformat.write(nbformat.v4.new_notebook(cells=made, metadata=KERNEL), folder / name)


@contextmanager
def live_notebook(server, context, **cells):
    """A notebook that has been run: it makes `cell`, shows it in the cell named "shown", and has these cells beside."""
    name = f"live-{uuid.uuid4().hex[:8]}.ipynb"
    write_notebook(server.folder, name, made=MADE, shown="cell", **cells)
    with lab_page(server, context) as lab:
        lab.page.set_viewport_size({"width": 1280, "height": 1500})
        lab.open(name)
        lab.run_all()
        assert lab.errors() == []
        yield lab


def python(lab, code, value="None"):
    """Run a piece of code in the notebook's kernel and return a value of it, which JSON can hold."""
    answer = lab.page.evaluate(PYTHON, f"import json\n{code}\nprint(json.dumps({value}))")
    assert not answer["error"], answer["error"]
    return json.loads(answer["printed"])


def shown(root):
    """What a live cell in the page shows: its controls by their names, and the numbers that its drawings say."""
    page = root.evaluate(SHOWN)
    return page | {"drawings": [numbers(words) for words in page["drawings"]]}


def wanted(twin, ticked=(), **view):
    """What `shown` should be for this LiveCell; `view` has what one view knows by itself, such as a preset in question.

    `ticked` are the boxes of that kind.
    """
    hand, t, T = twin.mode == "hand", max(1, twin.step), len(twin.x)
    v, paths, plain_h = twin.values, twin.paths, plain_values(twin.x, twin.plain_u, T)[0]
    sliders = {f"input x at step {t}": twin.x[t - 1], "cell state before the first step": twin.c0}
    sliders |= {"step": twin.step, "loss at step": twin.loss_step, "recurrent weight u of the plain unit": twin.plain_u}
    if hand:
        now = {gate: (f"{INKS[gate].name} at step {t}", v[gate][t - 1]) for gate in "ifo"}
        throughout = {gate: (INKS[gate].name, getattr(twin, gate)) for gate in "ifo"}
        sliders |= dict((now if ONLY in ticked else throughout).values())
    else:
        sliders |= {
            f"{name} of the {INKS[gate].name}": getattr(twin, letter)[k]
            for letter, name in WEIGHTS.items()
            for k, gate in enumerate(GATES)
        }
    now = {name: v[name][t - 1] for name in "ifgoch"}
    before, written = v["c"][t - 2] if t > 1 else twin.c0, now["i"] * now["g"]
    cell = [before, t, now["f"], now["f"] * before, now["i"], written, now["g"], now["c"], now["o"], now["h"]]
    timeline = [T, twin.c0, v["c"][-1], v["h"][-1], *([plain_h[-1]] if twin.plain else [])]
    start = min(twin.step, twin.loss_step)
    names = ["direct", "plain"] if hand else ["direct", "full", "plain"]
    gradient = [start, twin.loss_step, twin.loss_step - start, *(paths[name][start] for name in names)]
    boxes = {"plain unit beside it": twin.plain, "projector": twin.projector}
    on = {"hand on the gates": hand, "weights": not hand} | boxes
    return {
        "sliders": pytest.approx(sliders, abs=1e-9),
        "ticked": sorted([*(label for label, is_on in on.items() if is_on), *ticked]),
        "preset": twin.preset,
        # With two decimals, and with two digits where numbers may be tiny.
        "drawings": [
            pytest.approx(cell, abs=0.00501),
            pytest.approx(timeline, abs=0.00501),
            pytest.approx(gradient, abs=0, rel=0.0501),
        ],
        "title": twin.title,
    } | view


def numbers(words):
    """The numbers in a sentence of the page, those with powers of ten among them."""
    plain = words.translate(str.maketrans("\N{MINUS SIGN}⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789")).replace(" × 10", "e")
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", plain)]


class Live:
    """One view of a live cell in a notebook, and its twin in this process, which a test moves as the page should be.

    Attributes
    ----------
    lab : LabPage
    root : playwright.sync_api.Locator
        The live cell in the page.
    name : str
        Its name in Python.
    twin : LiveCell
    """

    def __init__(self, lab, cell, name="cell", twin=None):
        self.lab, self.name, self.twin = lab, name, twin or LiveCell()
        self.root = lab.cell(cell).locator(".live-cell")
        self.model = lab.page.evaluate(VIEWED, cell)
        lab.show(self.root, "start")

    def reset(self, **values):
        """Set both to half open gates, with the cursor and the loss somewhere in the middle, and to these values."""
        values = {"projector": False, "step": 12, "loss_step": 30} | values
        self.twin.set("halfway")
        self.twin.set_state(values)
        self.start = self.twin.state()
        name = self.name
        python(self.lab, f"{name}.set('halfway'); {name}.set_state({values!r}); {name}.send_state(list({name}.names))")
        self.follow()

    def slider(self, label):
        return self.root.get_by_role("slider", name=label, exact=True)

    def button(self, label):
        return self.root.get_by_role("button", name=label, exact=True)

    def box(self, label):
        return self.root.get_by_role("checkbox", name=label, exact=True)

    def press(self, control, *keys):
        """Press keys while a control has the focus."""
        control.focus()
        self.lab.press(*keys)

    def column(self, symbol, t, share=0.5):
        """Where in the page a row of the timeline has a step; `share` of its height from the top."""
        box = self.root.locator(f'.timeline [data-symbol="{symbol}"] .band').bounding_box()
        each = box["width"] / (len(self.twin.x) + 1)  # step 0 is what was before the first
        return box["x"] + (t + 0.5) * each, box["y"] + share * box["height"]

    def shows(self, **view):
        """Whether the page is as the twin is."""
        seen, to_be = shown(self.root), wanted(self.twin, **view)
        return {name: seen[name] for name in to_be} == to_be

    def check_page(self, **view):
        """The page is as the twin is, in everything."""
        seen, to_be = shown(self.root), wanted(self.twin, **view)
        assert {name: seen[name] for name in to_be} == to_be

    def check(self, **view):
        """So it is, at once, and so is Python, once it was told."""
        self.check_page(**view)
        assert self.state() == self.twin.state()

    def state(self):
        """What Python has once everything that the page had to tell has arrived."""
        self.lab.page.evaluate(TOLD, self.model)
        return python(self.lab, "", f"{self.name}.state()")

    def follow(self, **view):
        """Wait until the page has followed Python; a message from a busy kernel may be long on its way."""
        given_up = time.monotonic() + 120
        while time.monotonic() < given_up:
            if self.shows(**view):
                return
            self.lab.page.evaluate("() => new Promise(requestAnimationFrame)")
        self.check_page(**view)
