"""The live cell in a real JupyterLab, with its kernel: each control changes what it should, there and in Python."""

import json

import pytest
from live_lab import ONLY, WEIGHTS, Live, live_notebook, numbers
from playwright.sync_api import expect

from lstm_course.explore import PRESETS
from lstm_course.explore.cell_values import GATES
from lstm_course.palette import INKS

HAND = {  # what a slider sets, its ends and its step
    "forget gate": ("f", 0, 1, 0.01),
    "input gate": ("i", 0, 1, 0.01),
    "output gate": ("o", 0, 1, 0.01),
    "input x at step 12": ("x", -3, 3, 0.01),
    "cell state before the first step": ("c0", -2, 2, 0.01),
    "recurrent weight u of the plain unit": ("plain_u", -3, 3, 0.01),
    "step": ("step", 0, 40, 1),
    "loss at step": ("loss_step", 1, 40, 1),
}
SLIDERS = HAND | {
    f"{name} of the {INKS[gate].name}": (f"{letter}{k}", -10, 10, 0.1)
    for letter, name in WEIGHTS.items()
    for k, gate in enumerate(GATES)
}
WAYS = {"ArrowRight": 1, "ArrowUp": 1, "ArrowLeft": -1, "ArrowDown": -1}
WAYS |= {f"Shift+{key}": 10 * way for key, way in WAYS.items()}
FEW = ["ArrowRight", "End", "Shift+ArrowLeft", "Home", "Shift+ArrowRight"]  # for those of which there are a dozen
by_keys_and_mouse = pytest.mark.parametrize("way", ["keys", "mouse"])


@pytest.fixture(scope="module")
def notebook(server, context):
    with live_notebook(server, context) as lab:
        yield lab


@pytest.fixture
def live(notebook):
    yield Live(notebook, "shown")
    notebook.page.mouse.up()
    assert notebook.complaints == []


def place(twin, part):
    """Where the twin keeps what a slider sets: the name, and the index if it is one of several."""
    if part == "x":
        return "x", twin.step - 1
    return (part[0], int(part[1])) if part[1:].isdigit() and part != "c0" else (part, None)


def get(twin, part):
    name, k = place(twin, part)
    return getattr(twin, name) if k is None else getattr(twin, name)[k]


def put(twin, part, value):
    name, k = place(twin, part)
    setattr(twin, name, value if k is None else changed(getattr(twin, name), [k], value))


def changed(values, places, value):
    return [value if k in places else old for k, old in enumerate(values)]


def use(live, way, control, key="Space"):
    live.press(control, key) if way == "keys" else control.click()


def slide_with(live, label):
    """Show the slider with this label, and return what it sets, its ends and its step."""
    live.reset(mode="hand" if label in HAND else "weights")
    return SLIDERS[label]


@pytest.mark.parametrize("label", SLIDERS)
def test_a_slider_is_moved_by_the_keys_and_back(live, label):
    part, low, high, step = slide_with(live, label)
    slider, at = live.slider(label), get(live.twin, part)
    slider.focus()
    for key in FEW if label not in HAND else [*WAYS, *FEW]:
        at = {"Home": low, "End": high}.get(key, at + WAYS.get(key, 0) * step)
        at = round(min(high, max(low, at)), 2)
        put(live.twin, part, at)
        live.lab.press(key)
        live.check_page(undo=True)
    live.check()
    expect(slider).to_be_focused()
    live.twin.step += 1
    live.lab.press("Space")
    live.check()
    live.twin.set_state(live.start)
    for _ in range(20):  # moves with short pauses between them are undone together
        live.lab.press("Control+z")
        if live.shows():
            break
    live.check()


@pytest.mark.parametrize("label", SLIDERS)
def test_a_slider_is_moved_by_the_mouse(live, label):
    part, low, high, _ = slide_with(live, label)
    mouse, box = live.lab.page.mouse, live.slider(label).bounding_box()
    mouse.move(box["x"] + 0.3 * box["width"], box["y"] + box["height"] / 2)
    mouse.down()  # on the track; and on from there
    for share in (0.3, 0.8):
        value = json.loads(live.root.locator("input:focus").input_value())
        handle = 9 / box["width"]  # half of it; its middle never comes nearer to an end
        wanted = low + (high - low) * (share - handle) / (1 - 2 * handle)
        assert value == pytest.approx(wanted, abs=0.05 * (high - low))
        put(live.twin, part, value)
        live.check_page(undo=True)
        mouse.move(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2, steps=4)
    mouse.up()
    live.check(undo=True)


@by_keys_and_mouse
@pytest.mark.parametrize("label, part", [("plain unit beside it", "plain"), ("projector", "projector")])
def test_a_box_is_ticked_and_unticked(live, way, label, part):
    live.reset()
    for on in (True, False):
        setattr(live.twin, part, on)
        use(live, way, live.box(label))
        live.check(undo=True)
        expect(live.box(label)).to_be_focused()


@by_keys_and_mouse
def test_the_table_has_the_numbers(live, way):
    live.reset()
    use(live, way, live.box("table"))
    live.check(ticked=["table"])
    rows = live.root.locator("tbody tr").all_inner_texts()
    values = live.twin.values
    assert len(rows) == 41
    for t, row in enumerate(rows[1:]):
        assert numbers(row)[:8] == pytest.approx([t + 1, *(values[name][t] for name in "xifgoch")], abs=0.000501)
    use(live, way, live.box("table"))
    live.check()


@by_keys_and_mouse
def test_a_gate_is_set_at_one_step_or_at_all(live, way):
    live.reset()
    use(live, way, live.box(ONLY))
    live.check_page(ticked=[ONLY])
    live.twin.drawn = {"f": changed([0.5] * 40, [11], 0.51)}
    live.press(live.slider("forget gate at step 12"), "ArrowRight")
    live.check(ticked=[ONLY])
    use(live, way, live.box(ONLY))
    live.check()
    live.twin.set_state({"f": 0.49, "drawn": {}})
    live.press(live.slider("forget gate"), "ArrowLeft")
    live.check()


@by_keys_and_mouse
def test_the_gates_are_handed_to_the_weights_and_back(live, way):
    live.reset()
    for label, mode, key in (("weights", "weights", "ArrowRight"), ("hand on the gates", "hand", "ArrowLeft")):
        live.twin.mode = mode
        if way == "mouse":
            live.root.get_by_text(label, exact=True).click()
        else:
            live.press(live.root.locator("input[type=radio]:checked"), key)
        live.check(undo=True)
        expect(live.root.get_by_role("radio", name=label)).to_be_focused()


@by_keys_and_mouse
@pytest.mark.parametrize("name, guess", [("leaky", "right"), ("forget bias 1", "wrong"), ("write once", "none")])
def test_a_preset_is_guessed_first_and_then_shown(live, way, name, guess):
    live.reset()
    preset, select = PRESETS[name], live.root.get_by_label("preset", exact=True)
    if way == "keys":
        live.press(select, *["ArrowDown"] * list(PRESETS).index(name))
    else:
        select.select_option(preset["title"])
    question = live.root.get_by_role("region", name="Guess first")
    expect(question).to_contain_text(preset["question"])
    live.check(preset=name)
    right = preset["answers"][preset["right"]]
    wrong = next(answer for answer in preset["answers"] if answer != right)
    use(live, way, live.button({"right": right, "wrong": wrong, "none": "just show it"}[guess]), "Enter")
    expect(question).to_be_hidden()
    verdict = {"right": "You guessed right. ", "wrong": f"You guessed: {wrong}. ", "none": ""}[guess]
    expect(live.root.locator(".sentence")).to_have_text(verdict + preset["sentence"])
    live.twin.set(name)
    live.check(undo=True)
    live.lab.press("Control+z")
    live.twin.set_state(live.start)
    live.check()


def test_a_question_is_left_without_an_answer(live):
    live.reset()
    select = live.root.get_by_label("preset", exact=True)
    select.select_option("leaky")
    select.select_option("your own setting")
    expect(live.root.get_by_role("region", name="Guess first")).to_be_hidden()
    live.check()


@by_keys_and_mouse
def test_the_buttons_step_and_undo(live, way):
    live.reset(step=39)
    for step in (40, 1, 2):
        live.twin.step = step
        use(live, way, live.button("step"), "Enter")
        live.check(undo=True)
    live.press(live.slider("forget gate"), "ArrowRight")
    use(live, way, live.button("undo"), "Enter")
    live.check()


@by_keys_and_mouse
def test_a_symbol_is_lit_and_nothing_changes(live, way):
    live.reset()
    for symbol in "ifgoch":
        button = live.button(f"{INKS[symbol].name} {symbol}: highlight")
        use(live, way, button, "Enter")
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(live.root).to_have_attribute("data-lit", symbol)
        use(live, way, button, "Enter")
        expect(button).to_have_attribute("aria-pressed", "false")
    live.check()


@by_keys_and_mouse
@pytest.mark.parametrize("library, first", [("NumPy", "import numpy as np"), ("PyTorch", "import torch")])
def test_the_code_is_shown_and_nothing_changes(live, way, library, first):
    live.reset()
    code = live.root.get_by_label("The current state as code")
    use(live, way, live.button(f"copy as {library}"), "Enter")
    assert code.input_value().startswith(first)
    live.check()
    live.twin.f = 0.49
    live.press(live.slider("forget gate"), "ArrowLeft")
    expect(code).to_be_hidden()
    live.check()


@pytest.mark.parametrize("row, low, high", [("x", -3, 3), ("i", 0, 1), ("f", 0, 1), ("o", 0, 1)])
def test_a_row_is_drawn_with_the_pointer(live, row, low, high):
    live.reset()
    mouse = live.lab.page.mouse
    mouse.move(*live.column(row, 5, 0.25))
    mouse.down()
    mouse.move(*live.column(row, 9, 0.25))  # in one leap: no step is left out
    mouse.up()
    state = live.state()
    value = (state["x"] if row == "x" else state["drawn"][row])[4]
    assert value == pytest.approx(high - 0.25 * (high - low), abs=0.04 * (high - low))
    path = changed(live.twin.x if row == "x" else [0.5] * 40, range(4, 9), value)
    live.twin.set_state({"x": path} if row == "x" else {"drawn": {row: path}})
    live.twin.step = 9
    live.check(undo=True)


@pytest.mark.parametrize("mode, row", [("hand", "g"), ("hand", "c"), ("weights", "f"), ("weights", "h")])
def test_a_click_in_another_row_moves_the_cursor(live, mode, row):
    live.reset(mode=mode)
    for t in (20, 0, 40):
        live.twin.step = t
        live.lab.page.mouse.click(*live.column(row, t))
        live.check_page()
    live.check(undo=True)


def test_a_click_in_the_gradient_moves_the_loss(live):
    live.reset()
    box = live.root.locator("svg.gradient").bounding_box()
    for t, loss in ((15, 15), (0, 1), (40, 40)):
        live.twin.loss_step = loss
        live.lab.page.mouse.click(live.column("c", t)[0], box["y"] + box["height"] / 2)
        live.check_page()
    live.check(undo=True)
