"""The live cell and its notebook: what Python sets, what may not reach it, linked sliders, several cells, saving."""

import json
from unittest.mock import ANY

import pytest
from lab_page import lab_page
from live_lab import MADE, MODEL, Live, python, write_notebook
from pictures import keep
from playwright.sync_api import expect

from lstm_course.explore import LiveCell

BUSY_UNTIL = """import pathlib, time
while not pathlib.Path("go").exists():
    time.sleep(0.02)
"""
# An update as the page sends it: past the model, so that the page has the old values, or by way of it.
SEND = f"""async ([id, state, past_the_model]) => {{
    const model = await ({MODEL})(id);
    if (past_the_model) {{
        await new Promise(done => model.comm.send({{ method: "update", state, buffer_paths: [] }}, {{
            iopub: {{ status: ({{ content }}) => content.execution_state === "idle" && done() }},
        }}));
    }} else {{
        model.set(state);
        model.save_changes();
    }}
}}"""
# Moves of three controls in turn, so that each is remembered for undoing by itself; the kernel is told meanwhile.
MOVE = """async ([inputs, moves]) => {
    for (let move = 0; move < moves; move++) {
        const input = inputs[move % inputs.length];
        if (input.value === input.max) input.value = input.min;
        else input.stepUp();
        input.dispatchEvent(new Event("input", { bubbles: true }));
        await new Promise(done => setTimeout(done, 4));
    }
}"""


@pytest.fixture(scope="module")
def notebook(server, context):
    (server.folder / "go").unlink(missing_ok=True)
    cells = {"shown": "cell", "sliders": "sliders = cell.sliders()\nsliders", "other": "", "again": ""}
    write_notebook(server.folder, "live_notebook.ipynb", made=MADE, **cells, second="")
    with lab_page(server, context) as lab:
        lab.page.set_viewport_size({"width": 1280, "height": 1500})
        lab.open("live_notebook.ipynb")
        lab.run_all()
        assert lab.errors() == []
        yield lab


@pytest.fixture
def live(notebook):
    yield Live(notebook, "shown")
    assert notebook.complaints == []


FROM_PYTHON = [
    *(("hand", gate, value) for gate, value in (("f", 0.9), ("i", 0), ("o", 1))),
    ("hand", "drawn", {"i": [0.0] * 20 + [1.0] * 20, "f": [0.25] * 40}),
    ("hand", "x", [0.5] * 40),
    ("hand", "x", [1, -1, 0.5, 0.25, 2, -2, 0]),  # cursor and loss come along to the end
    ("hand", "x", [5] * 500),
    ("hand", "c0", -1.5),
    ("hand", "plain", True),
    ("hand", "plain_u", -0.4),
    ("hand", "step", 0),
    ("hand", "loss_step", 3),
    ("hand", "title", "A cell <of> one's own"),
    ("hand", "projector", True),
    ("hand", "mode", "weights"),
    *(("weights", name, [0.1, -0.2, 3.5, 12]) for name in "wub"),
    ("weights", "h0", 0.5),
    ("weights", "rest", [[0.5, -0.5, 0.1, 0]] * 40),
]


@pytest.mark.parametrize("mode, name, value", FROM_PYTHON)
def test_the_page_follows_python(live, mode, name, value):
    live.reset(mode=mode)
    setattr(live.twin, name, value)
    python(live.lab, f"cell.{name} = {value!r}")
    live.wait()


@pytest.mark.parametrize("name", ["leaky", "write once", "forget bias 1"])
def test_the_page_follows_a_preset(live, name):
    live.reset()
    live.twin.set(name)
    python(live.lab, f"cell.set({name!r})")
    live.wait()


@pytest.mark.parametrize("weights", [[1.25, 0.437, -3.14159, 0.05], [0.004, -0.004, 20.5, -33]])
def test_a_slider_says_the_true_value_also_between_its_steps(live, weights):
    live.reset(mode="weights")
    python(live.lab, f"cell.b = {weights}")
    live.twin.b = weights
    live.wait(sliders=ANY)  # where a handle can stand is another matter
    for name, weight in zip(("input gate", "forget gate", "candidate", "output gate"), weights):
        said = live.slider(f"bias b of the {name}").get_attribute("aria-valuetext")
        assert float(said.replace("\N{MINUS SIGN}", "-")) == pytest.approx(weight, abs=0.00501)


@pytest.mark.parametrize(
    "line, sentence",
    [
        ("cell.f = 1.5", "f: wanted a number between 0 and 1, got 1.5"),
        ("cell.x = [0.1, float('nan')]", "x: wanted"),
        ("cell.w = [1, 2, 3]", "w: wanted"),
        ("cell.drawn = {'i': [0.5]}", "i in drawn: wanted as many steps as x has, 40, got 1"),
    ],
)
def test_a_bad_value_raises_a_sentence_in_the_notebook(live, line, sentence):
    live.reset()
    live.lab.write("other", line)
    live.lab.run("other")
    (error,) = live.lab.errors()
    live.lab.write("other", "")
    live.lab.run("other")
    assert error.startswith(f"other: Refused: {sentence}") and "\n" not in error
    live.check()


BAD = [
    {"f": 1.5},
    {"f": None},
    {"x": [0.1, None, 0.3]},
    {"x": 3},
    {"x": []},
    {"drawn": {"i": [0.5]}},
    {"drawn": {"g": [0.5] * 40}},
    {"drawn": {"i": None}},
    {"drawn": [1]},
    {"rest": 5},
    {"rest": [[1, 2]] * 40},
    {"w": [1, 2, 3]},
    {"c0": None},
    {"c0": "0.9"},
    {"mode": "both"},
    {"mode": ["hand"]},
    {"plain": 1},
    {"step": 99},
    {"loss_step": 0},
    {"title": 3},
    {"f": 0.9, "i": 7},
    {"i": 7, "f": 0.9},
    {"f": 0.9, "rest": 5},
    {"f": 0.9, "step": 41},
    {"x": [1] * 7, "step": 7},
]


@pytest.mark.parametrize("state", BAD, ids=lambda state: json.dumps(state)[:40])
@pytest.mark.parametrize("past_the_model", [True, False], ids=["a message", "the model"])
def test_a_bad_value_of_the_page_never_reaches_python(live, state, past_the_model):
    live.reset(drawn={"o": [0.5] * 39 + [0.25]})
    live.lab.page.evaluate(SEND, [live.model, state, past_the_model])
    assert live.state() == live.twin.state()
    live.wait()  # and the page shows again what Python has
    live.twin.i = 0.51
    live.press(live.slider("input gate"), "ArrowRight")
    live.check()


def linked(lab, name):
    return lab.cell("sliders").locator(".widget-slider", has_text=name).get_by_role("slider")


@pytest.mark.parametrize("name, gate", [("forget gate", "f"), ("input gate", "i"), ("output gate", "o")])
def test_the_sliders_of_ipywidgets_and_the_live_cell_move_each_other(live, name, gate):
    live.reset(drawn={gate: [0.25] * 40})
    live.twin.set_state({gate: 0.51, "drawn": {}})
    live.press(linked(live.lab, name), "ArrowRight")
    live.check()
    setattr(live.twin, gate, 0.52)
    live.press(live.slider(name), "ArrowRight")
    expect(linked(live.lab, name)).to_have_attribute("aria-valuetext", "0.52")
    live.check()
    values = python(live.lab, "", "[slider.value for slider in sliders.children[:3]]")
    assert values == [getattr(live.twin, each) for each in "fio"]


def test_the_page_moves_while_the_kernel_is_busy(live, server):
    live.reset()
    prompt = live.lab.cell("other").locator(".jp-InputPrompt")
    try:
        live.lab.write("other", BUSY_UNTIL)
        live.lab.select("other")
        live.lab.page.evaluate("() => { jupyterapp.commands.execute('notebook:run-cell'); }")
        expect(prompt).to_have_text("[*]:")
        for at in (0.51, 0.52, 0.53):
            live.twin.f = at
            live.press(linked(live.lab, "forget gate"), "ArrowRight")
            live.check_page()
        for at in (0.49, 0.48, 0.47):
            live.twin.i = at
            live.press(live.slider("input gate"), "ArrowLeft")
            expect(linked(live.lab, "input gate")).to_have_attribute("aria-valuetext", str(at))
            live.check_page()
        expect(prompt).to_have_text("[*]:")
    finally:
        (server.folder / "go").touch()
    live.wait()
    (server.folder / "go").unlink()
    live.lab.write("other", "")


def test_a_thousand_moves_leave_memory_as_it_is(live):
    live.reset()
    names = ("forget gate", "step", "recurrent weight u of the plain unit")
    inputs = [live.slider(name).element_handle() for name in names]
    live.lab.page.evaluate(MOVE, [inputs, 200])  # as many as are remembered for undoing
    live.state()
    before = memory(live.lab.page)
    live.lab.page.evaluate(MOVE, [inputs, 1000])
    live.state()
    after = memory(live.lab.page)
    # One object kept for each move would be a thousand of them; some tens come and go with JupyterLab's own timers.
    assert after["objects"] - before["objects"] < 300
    assert after["nodes"] - before["nodes"] < 100
    assert after["jsEventListeners"] - before["jsEventListeners"] < 100
    # Text and numbers are no objects; what the browser compiles meanwhile is up to half a megabyte.
    assert after["usedSize"] - before["usedSize"] < 1_500_000


def memory(page):
    """What the page holds once all garbage is collected: bytes, and how many objects, elements and listeners."""
    browser = page.context.new_cdp_session(page)
    browser.send("HeapProfiler.collectGarbage")
    root = browser.send("Runtime.evaluate", {"expression": "Object.prototype"})["result"]["objectId"]
    found = browser.send("Runtime.queryObjects", {"prototypeObjectId": root})["objects"]["objectId"]
    length = {"objectId": found, "functionDeclaration": "function () { return this.length; }"}
    objects = browser.send("Runtime.callFunctionOn", length)["result"]["value"]
    browser.send("Runtime.releaseObject", {"objectId": found})
    counts = browser.send("Memory.getDOMCounters") | browser.send("Runtime.getHeapUsage")
    browser.detach()
    return counts | {"objects": objects}


def test_two_views_of_one_cell_follow_each_other(live):
    lab = live.lab
    lab.page.set_viewport_size({"width": 1280, "height": 3600})
    lab.write("again", "cell")
    lab.run("again")
    live.reset()
    again = Live(lab, "again", twin=live.twin)
    again.wait()

    def both():
        live.check()
        again.check()

    live.twin.f = 0.51
    live.press(live.slider("forget gate"), "ArrowRight")
    both()
    live.twin.drawn = {"i": [0.5] * 11 + [0.49] + [0.5] * 28}
    again.box("sliders of gates set this step only").check()
    again.press(again.slider("input gate at step 12"), "ArrowLeft")
    again.box("sliders of gates set this step only").uncheck()
    both()
    before = live.twin.state()
    live.root.get_by_label("preset", exact=True).select_option("forget bias 1")
    live.button("just show it").click()
    live.twin.set("forget bias 1")
    both()
    again.press(again.button("step"), "Control+z")  # as a whole, whoever made it
    live.twin.set_state(before)
    both()
    lab.page.set_viewport_size({"width": 1280, "height": 1500})


def test_two_cells_do_not_disturb_each_other(live):
    lab = live.lab
    lab.page.set_viewport_size({"width": 1280, "height": 3600})
    lab.write("second", 'second = LiveCell("leaky")\nsecond')
    lab.run("second")
    live.reset()
    second = Live(lab, "second", name="second", twin=LiveCell("leaky"))

    def both():
        live.check()
        second.check()

    both()
    live.twin.f = 0.51
    live.press(live.slider("forget gate"), "ArrowRight")
    both()
    second.twin.mode = "weights"
    second.press(second.root.get_by_role("radio", name="hand on the gates"), "ArrowRight")
    both()
    live.twin.step += 1
    live.button("step").click()
    both()
    second.twin.mode = "hand"
    second.press(second.button("step"), "Control+z")
    both()
    second.twin.x = [0.5] * 9
    python(lab, "second.x = [0.5] * 9")
    second.wait()
    both()
    lab.page.set_viewport_size({"width": 1280, "height": 1500})


@pytest.fixture
def wide(live):
    """A page that has room for the whole of it."""
    live.lab.page.evaluate("() => { jupyterapp.shell.collapseLeft(); }")
    live.lab.page.set_viewport_size({"width": 1280, "height": 2600})
    yield live
    change_theme(live.lab, "Light")
    live.lab.page.evaluate("() => { jupyterapp.shell.expandLeft(); }")
    live.lab.page.set_viewport_size({"width": 1280, "height": 1500})


def change_theme(lab, name):
    lab.use_theme(f"JupyterLab {name}")
    lab.page.wait_for_selector("#jupyterlab-splash", state="detached")  # which fails if a second one comes meanwhile


@pytest.mark.parametrize("theme, modes", [("Light", ["hand", "weights", "projector"]), ("Dark", ["hand", "weights"])])
def test_pictures_of_the_live_cell(wide, theme, modes):
    change_theme(wide.lab, theme)
    for mode in modes:
        wide.reset()
        values = {"projector": mode == "projector"}
        if mode == "weights":
            values |= {"u": [0.5, 0.5, 1, 0.5], "step": 7}
        preset = "forget bias 1" if mode == "weights" else "write once"
        wide.twin.set(preset)
        wide.twin.set_state(values)
        python(wide.lab, f"cell.set({preset!r}); cell.set_state({values!r}); cell.send_state(list({values!r}))")
        wide.wait()
        wide.lab.select("made")  # the selected cell has a frame and buttons, which say nothing here
        wide.lab.page.mouse.move(0, 0)
        wide.lab.show(wide.root)
        box = wide.root.bounding_box()
        clip = {"x": box["x"] - 8, "y": box["y"] - 8, "width": box["width"] + 16, "height": box["height"] + 16}
        keep(wide.lab.screenshot(clip), f"live_cell_{mode}_{theme.lower()}.png")


def test_a_saved_notebook_has_its_live_cell_with_its_kernel_and_without(lab, server):
    write_notebook(server.folder, "saved.ipynb", made=MADE, shown="cell")
    lab.open("saved.ipynb")
    lab.run_all()
    live = Live(lab, "shown")
    live.reset(mode="weights", title="Kept")
    live.twin.b = [0, 0.1, 0, 0]
    live.press(live.slider("bias b of the forget gate"), "ArrowRight")
    live.check()
    lab.page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    saved = live.twin.state()

    lab.open("saved.ipynb")
    live = Live(lab, "shown", twin=live.twin)
    live.wait()
    live.twin.b = [0, 0.2, 0, 0]
    live.press(live.slider("bias b of the forget gate"), "ArrowRight")
    live.check()
    live.twin.step = 33
    python(lab, "cell.step = 33")
    live.wait()

    lab.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    lab.open("saved.ipynb")
    live.twin.set_state(saved)
    live = Live(lab, "shown", twin=live.twin)
    live.check_page()
    live.twin.b = [0, 0.2, 0, 0]
    live.press(live.slider("bias b of the forget gate"), "ArrowRight")
    live.check_page()
    live.twin.set_state(saved)
    live.press(live.slider("step"), "Control+z")
    live.check_page()
