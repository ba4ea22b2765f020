"""The live cell and its notebook in a real JupyterLab: keys, several cells and views, memory, pictures, saving."""

import pytest
from live_lab import MADE, MODEL, Live, live_notebook, python, write_notebook
from pictures import keep

from lstm_course.explore import LiveCell

ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]
# Keys that are commands of JupyterLab while no cell is edited, and those that a control wants for itself.
KEYS = [*"abxzmycv", "d", "d", "Enter", "Space", *ARROWS, *(f"Shift+{key}" for key in ARROWS), "Control+z", "Escape"]
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


HELD = f"""async id => {{
    const model = await ({MODEL})(id);
    const listeners = Object.values(model._events).map(each => each.length);
    return {{ listeners, models: Object.keys(model.widget_manager._models).length }};
}}"""


@pytest.fixture(scope="module")
def notebook(server, context):
    with live_notebook(server, context, sliders="", again="", second="") as lab:
        yield lab


@pytest.fixture
def live(notebook):
    yield Live(notebook, "shown")
    assert notebook.complaints == []


def test_a_thousand_moves_leave_memory_as_it_is(live):
    live.reset()
    names = ("forget gate", "step", "recurrent weight u of the plain unit")
    inputs = [live.slider(name).element_handle() for name in names]
    live.lab.page.evaluate(MOVE, [inputs, 250])  # fills what is remembered for undoing
    live.state()
    own, found = held(live), [memory(live.lab.page)]
    for _ in range(3):
        live.lab.page.evaluate(MOVE, [inputs, 500])
        live.state()
        assert held(live) == own
        found.append(memory(live.lab.page))
    # JupyterLab and its extensions make and drop objects of their own, now some hundreds and then none. What a move
    # left behind would be there after each round, five hundred times: so the round that grew least is judged.
    for what, bound in (("objects", 250), ("nodes", 250), ("jsEventListeners", 250), ("usedSize", 500 * 500)):
        counts = [each[what] for each in found]
        assert min(after - before for before, after in zip(counts, counts[1:], strict=False)) < bound, (what, counts)


def held(live):
    """What is the live cell's own in the page: elements, models, and who listens to its model."""
    return live.lab.page.evaluate(HELD, live.model) | {"elements": live.root.locator("*").count()}


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
    again.follow()

    def both():
        live.check()
        again.check()

    live.twin.f = 0.51
    live.press(live.slider("forget gate"), "ArrowRight")
    both()
    live.twin.drawn = {"i": [0.5] * 11 + [0.49] + [0.5] * 28}
    again.box("gate sliders change this step only").check()
    again.press(again.slider("input gate at step 12"), "ArrowLeft")
    again.box("gate sliders change this step only").uncheck()
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
    second.follow()
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
        size = {"width": 1920, "height": 1500} if mode == "projector" else {"width": 1280, "height": 2600}
        wide.lab.page.set_viewport_size(size)
        wide.reset()
        values = {"projector": mode == "projector"}
        if mode == "weights":
            values |= {"u": [0.5, 0.5, 1, 0.5], "step": 7}
        preset = "forget bias 1" if mode == "weights" else "write once"
        wide.twin.set(preset)
        wide.twin.set_state(values)
        python(wide.lab, f"cell.set({preset!r}); cell.set_state({values!r}); cell.send_state(list({values!r}))")
        wide.follow()
        wide.lab.select("made")  # the selected cell has a frame and buttons, which say nothing here
        wide.lab.page.mouse.move(0, 0)
        wide.lab.show(wide.root)
        box = wide.root.bounding_box()
        clip = {"x": box["x"] - 4, "y": box["y"] - 4, "width": box["width"] + 8, "height": box["height"] + 8}
        keep(wide.lab.screenshot(clip), f"live_cell_{mode}_{theme.lower()}.png")


CONTROLS = {
    "a slider": lambda live: live.slider("forget gate"),
    "the cursor": lambda live: live.slider("step"),
    "a box": lambda live: live.box("plain unit beside it"),
    "a radio button": lambda live: live.root.get_by_role("radio", name="hand on the gates"),
    "the presets": lambda live: live.root.get_by_label("preset", exact=True),
    "a button": lambda live: live.button("step"),
    "a symbol": lambda live: live.button("forget gate f: highlight"),
    "the code": lambda live: live.root.get_by_label("The current state as code"),
    "the table": lambda live: live.root.get_by_role("region", name="Table of all values"),
    "a slider of ipywidgets": lambda live: live.lab.cell("sliders").get_by_role("slider").first,
}


@pytest.mark.parametrize("kind", CONTROLS)
def test_jupyterlab_takes_no_key(live, kind):
    live.reset()
    if kind == "the code":
        live.button("copy as NumPy").click()
    if kind == "the table":
        live.box("table").check()
    if kind == "a slider of ipywidgets":
        live.lab.write("sliders", "cell.sliders()")
        live.lab.run("sliders")
    control = CONTROLS[kind](live)
    control.focus()
    before = live.lab.state()
    for key in KEYS:
        control.focus()
        live.lab.press(key)
        assert live.lab.state() == before, key
    live.box("table").uncheck()


@pytest.mark.parametrize("mode", ["hand", "weights"])
def test_the_tab_key_goes_to_every_control_and_nothing_changes(live, mode):
    live.reset(mode=mode)
    kinds = ("select", "input:checked", "button:enabled", "input[type=range]", "input[type=checkbox]")
    stops = [stop.element_handle() for stop in live.root.locator(", ".join(kinds)).all() if stop.is_visible()]
    stops[0].focus()
    before = live.lab.state()
    for stop in stops:
        assert stop.evaluate("stop => stop === document.activeElement"), stop.evaluate("stop => stop.outerHTML")
        if stop != stops[-1]:
            live.lab.press("Tab")
    assert live.lab.state() == before
    live.check()


# The last one: when its page is closed, all kernels are ended.
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
    live.follow()
    live.twin.b = [0, 0.2, 0, 0]
    live.press(live.slider("bias b of the forget gate"), "ArrowRight")
    live.check()
    live.twin.step = 33
    python(lab, "cell.step = 33")
    live.follow()

    # The fresh kernel is up before the page opens: while one still starts, its connection may break, and then
    # ipywidgets shows nothing of what the notebook holds (it drops the error in `restoreWidgets`).
    lab.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    python(lab, "pass")
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
