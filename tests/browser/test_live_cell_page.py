"""The live cell without a kernel: each control changes what it should, and nothing else, and undo brings it back."""

import numpy as np
import pytest
from playwright.sync_api import expect
from shown_cell import GATES, PARTS, ShownCell

from lstm_course.explore import PRESETS, LiveCell
from lstm_course.palette import INKS


@pytest.fixture
def cell(plain):
    return ShownCell(plain)


# --- any setting ------------------------------------------------------------------------------------------

SETTINGS = {
    "before the first step": {"step": 0, "loss_step": 1},
    "before the first step, from weights": {"step": 0, "loss_step": 1, "mode": "weights", "h0": 0.3},
    "one step": {"x": [0.5]},
    "the longest": {"x": np.sin(np.arange(500) / 9), "mode": "weights", "plain": True},
    "between the steps of sliders": {"f": 0.333, "i": 0.0049, "o": 0.996, "x": [0.005, 0.4449], "plain_u": -0.123},
    "weights between the steps of sliders": {
        "mode": "weights", "w": [0.25, -0.333, 1.2345, 0], "u": [0.01, 0, -9.999, 1], "b": [0.04, 0.06, 0, -0.75],
    },
    "beyond the ends of sliders": {"c0": -1234.5, "x": [7.777, -50], "plain_u": 4.567},
    "weights beyond the ends of sliders": {"mode": "weights", "w": [50] * 4, "u": [-1e5] * 4, "b": [-20.7] * 4},
    "as large as can be": {"c0": 1e6, "f": 1, "x": [1e6, -1e6, 1e-6]},
}  # fmt: skip


@pytest.mark.parametrize("name", SETTINGS)
def test_any_setting_is_shown_as_it_is(plain, name):
    cell = ShownCell(plain, **SETTINGS[name])
    cell.expect()
    cell.slider("step").press("ArrowRight")  # which changes nothing else, whatever the sliders can show
    cell.expect(step=min(cell.twin.step + 1, len(cell.twin.x)))


# --- sliders ----------------------------------------------------------------------------------------------


def first_of(name):
    return lambda state, value: {name: [value, *state[name][1:]]}


def part(letter, k):
    return lambda state, value: {letter: [value if at == k else old for at, old in enumerate(state[letter])]}


def whole(name):
    return lambda state, value: {name: int(value)}


# For each slider: the mode it is tried in, its ends, its step, where it begins, and what follows from its value.
SLIDERS = {
    **{INKS[gate].name: ("hand", 0, 1, 0.01, 0.5, lambda state, value, gate=gate: {gate: value}) for gate in "ifo"},
    "input x at step 1": ("hand", -3, 3, 0.01, 0.6, first_of("x")),
    "cell state before the first step": ("hand", -2, 2, 0.01, 1, lambda state, value: {"c0": value}),
    "step": ("hand", 0, 40, 1, 1, whole("step")),
    "loss at step": ("hand", 1, 40, 1, 40, whole("loss_step")),
    "recurrent weight u of the plain unit": ("hand", -3, 3, 0.01, 0.9, lambda state, value: {"plain_u": value}),
    "input x at step 1, from weights": ("weights", -3, 3, 0.01, 0.6, first_of("x")),
    **{
        f"{PARTS[letter]} of the {INKS[gate].name}": ("weights", -10, 10, 0.1, value, part(letter, k))
        for letter in PARTS
        for k, (gate, value) in enumerate(zip(GATES, getattr(LiveCell(), letter), strict=False))
    },
}
KEYS = {
    "ArrowRight": 1, "Shift+ArrowLeft": -10, "Home": -1e9, "End": 1e9,
    "ArrowUp": 1, "ArrowLeft": -1, "ArrowDown": -1, "Shift+ArrowRight": 10, "Shift+ArrowUp": 10, "Shift+ArrowDown": -10,
}  # fmt: skip


@pytest.mark.parametrize("name", SLIDERS)
def test_a_slider_is_moved_by_the_keyboard(plain, name):
    mode, low, high, step, start, follows = SLIDERS[name]
    cell = ShownCell(plain, mode=mode)
    slider, before, shown = cell.slider(name.split(",")[0]), cell.state(), cell.everything()
    cell.expect()
    for key in list(KEYS)[: 4 if name.endswith(("gate", "candidate")) and mode == "weights" else None]:
        slider.focus()
        cell.press(key)
        value = round(min(high, max(low, start + KEYS[key] * step)), 10)
        cell.expect(**follows(before, value))
        expect(slider).to_be_focused()
        if cell.state() != before:  # at an end it stays
            cell.press("Control+z")
        cell.expect(**before)
        assert cell.everything() == shown
        expect(slider).to_be_focused()
    expect(cell.button("undo")).to_be_disabled()


@pytest.mark.parametrize("name", SLIDERS)
def test_a_slider_is_moved_by_the_mouse(plain, name):
    mode, low, high, step, start, follows = SLIDERS[name]
    cell = ShownCell(plain, mode=mode)
    slider, before, shown = cell.slider(name.split(",")[0]), cell.state(), cell.everything()
    here, beyond = (start - low) / (high - low), 1.5 if start < high else -0.5
    for shares in ([0.3], [here, 0.2], [here, beyond]):
        slider.scroll_into_view_if_needed()
        box, thumb = slider.bounding_box(), 18
        width = box["width"] - thumb
        cell.click(*((box["x"] + thumb / 2 + share * width, box["y"] + box["height"] / 2) for share in shares))
        value = float(slider.input_value())
        wanted = low + (high - low) * min(1, max(0, shares[-1]))
        assert value == pytest.approx(wanted, abs=1.5 * (high - low) / width + step)
        cell.expect(**follows(before, value))
        expect(slider).to_be_focused()
        cell.button("undo").click()
        cell.expect(**before)
        assert cell.everything() == shown


def test_a_gate_that_was_drawn_is_set_at_every_step_by_its_slider(plain):
    cell = ShownCell(plain, "write once")
    before = cell.state()
    cell.slider("input gate").focus()
    cell.press("Shift+ArrowRight")
    cell.expect(i=0.1, drawn={})
    cell.press("Control+z")
    cell.expect(**before)


@pytest.mark.parametrize("gate", "ifo")
def test_the_sliders_of_gates_can_set_this_step_only(plain, gate):
    cell = ShownCell(plain, step=8)
    cell.root.get_by_label("gate sliders change this step only").check()
    cell.expect()  # which is seen in the names of the sliders
    cell.slider(f"{INKS[gate].name} at step 8").focus()
    cell.press("ArrowRight", "Shift+ArrowRight")
    cell.expect(drawn={gate: [0.5] * 7 + [0.61] + [0.5] * 32})
    cell.press("Control+z")
    cell.expect(drawn={})
    cell.slider("step").focus()
    cell.press("ArrowLeft")
    cell.expect(step=7)


# --- what is on or off, and buttons -----------------------------------------------------------------------

SWITCHES = {
    "weights": ("radio", {"mode": "weights"}),
    "plain unit beside it": ("checkbox", {"plain": True}),
    "projector": ("checkbox", {"projector": True}),
    "table": ("checkbox", {}),
    "step": ("button", {"step": 2}),
}


@pytest.mark.parametrize("how", ["mouse", "keyboard"])
@pytest.mark.parametrize("name", SWITCHES)
def test_a_switch_changes_one_thing(cell, name, how):
    role, changes = SWITCHES[name]
    before, shown = cell.state(), cell.everything()
    control = cell.root.get_by_role(role, name=name, exact=True)
    if how == "mouse":
        (control if role == "button" else control.locator("xpath=..")).click()
    elif role == "radio":  # Tab comes to the one that is chosen, the arrows go on from there
        cell.root.get_by_role("radio", name="hand on the gates").focus()
        cell.press("ArrowRight")
    else:
        control.focus()
        cell.press("Space")
    expect(control).to_be_focused()
    if name == "table":
        assert cell.state() == before
        expect(cell.root.get_by_role("region", name="Table of all values")).to_be_hidden()
        cell.press("Space")
        cell.expect()
        return
    cell.expect(**changes)
    cell.button("undo").click()
    cell.expect(**before)
    assert cell.everything() == shown


def test_space_on_a_slider_goes_one_step_on_and_after_the_last_to_the_first(cell):
    slider = cell.slider("forget gate")
    slider.focus()
    for step in (*range(2, 41), 1):
        cell.press("Space")
        assert cell.state() == {**cell.twin.state(), "step": step}
    cell.expect()
    cell.press("Control+z")
    cell.expect()
    expect(slider).to_be_focused()


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_last_undo_leaves_the_focus_where_it_is(cell, key):
    cell.button("step").click()
    cell.button("undo").focus()
    cell.press(key)
    cell.expect()
    assert cell.root.evaluate("root => root.contains(document.activeElement)")


def test_moves_of_one_control_are_undone_together_until_the_hand_rests(plain):
    plain.page.clock.install()
    cell = ShownCell(plain)
    plain.page.clock.pause_at(plain.page.evaluate("Date.now() + 1000"))
    cell.slider("forget gate").focus()
    cell.press(*["ArrowRight"] * 3)
    plain.page.clock.run_for(1500)
    cell.press(*["ArrowLeft"] * 5)
    cell.slider("input gate").focus()
    cell.press("End", "ArrowLeft")
    for f, i in ((0.48, 0.99), (0.48, 0.5), (0.53, 0.5), (0.5, 0.5)):
        cell.expect(f=f, i=i)
        cell.press("Control+z")
    cell.expect(f=0.5, i=0.5)


# --- presets ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_is_shown_after_a_guess(plain, preset):
    chosen = PRESETS[preset]
    cell = ShownCell(plain, "leaky" if preset == "halfway" else "halfway", projector=True, title="mine")
    before, shown = cell.state(), cell.everything()
    question = cell.root.get_by_role("region", name="Guess first")
    for guess, answer in enumerate([*chosen["answers"], "just show it"]):
        cell.menu.select_option(preset)
        expect(question).to_contain_text(chosen["question"])
        assert cell.state() == before
        question.get_by_role("button", name=answer, exact=True).click()
        assert cell.state() == {**LiveCell(preset).state(), "projector": True}
        expect(question).to_be_hidden()
        expect(cell.menu).to_be_focused()
        guessed = "You guessed right. " if guess == chosen["right"] else f"You guessed: {answer}. "
        sentence = ("" if answer == "just show it" else guessed) + chosen["sentence"]
        expect(cell.root.locator(".sentence")).to_have_text(sentence)
        cell.press("Control+z")
        assert cell.everything() == shown
    expect(cell.root.get_by_role("status")).to_contain_text("After 40 steps")
    cell.menu.select_option(preset)
    question.get_by_role("button", name="just show it").click()
    cell.expect(**{**LiveCell(preset).state(), "projector": True})
    expect(cell.root.get_by_role("status")).to_have_text(chosen["sentence"])


@pytest.mark.parametrize("begin, key, preset", [("halfway", "ArrowDown", "remember"), ("leaky", "ArrowUp", "forget")])
def test_a_preset_is_chosen_and_guessed_with_the_keyboard(plain, begin, key, preset):
    cell, chosen = ShownCell(plain, begin), PRESETS[preset]
    before = cell.state()
    cell.menu.focus()
    cell.press(key)
    answer = cell.button(chosen["answers"][chosen["right"]])
    for _ in range(10):
        cell.press("Tab")
        if answer.evaluate("answer => answer === document.activeElement"):
            break
    assert cell.state() == before
    cell.press("Enter")
    cell.expect(**LiveCell(preset).state())
    expect(cell.menu).to_be_focused()
    expect(cell.root.get_by_role("status")).to_have_text(f"You guessed right. {chosen['sentence']}")
    cell.press("Control+z")
    cell.expect(**before)


def test_a_question_can_be_left_unanswered(cell):
    shown = cell.everything()
    cell.menu.select_option("leaky")
    cell.menu.select_option("")
    expect(cell.root.get_by_role("region", name="Guess first")).to_be_hidden()
    cell.expect()
    assert cell.everything() == shown


def test_the_answer_to_a_guess_stays_when_the_window_changes(cell):
    cell.menu.select_option("leaky")
    cell.button("about 0.9").click()
    cell.page.set_viewport_size({"width": 900, "height": 900})
    cell.page.wait_for_function("() => document.querySelector('.timeline').getAttribute('width') < 900")
    expect(cell.root.locator(".sentence")).to_contain_text("You guessed: about 0.9")
