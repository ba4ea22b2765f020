"""The gates that are set by hand: the numbers, the picture of them, and the words for it."""

import base64
import io
import re
import threading

import numpy as np
import pytest
from PIL import Image

from lstm_course.explore import PRESETS, GateExplorer, run_gates
from lstm_course.explore.gates import STEPS, WRITE_STEP
from lstm_course.explore.page import LiveImage
from lstm_course.scratch import lstm_step, sigmoid

CONTROLS = ("f", "i", "o", "g", "c0")
# What a control changes, as the equations say: c' = f c + i g, h = o tanh(c).
FOLLOWS = {"f": "fch", "i": "ich", "o": "oh", "g": "gch", "c0": "ch"}


def draw_gates(seed, T=6, H=3):
    rng = np.random.default_rng(seed)
    i, f, o = rng.uniform(size=(3, T, H))
    return i, f, rng.uniform(-1, 1, (T, H)), o, rng.normal(size=H)


def in_closed_form(i, f, g, o, c):
    """Cell state and hidden state without a loop over time: each entry is written once and then fades."""
    T = len(f)
    states = np.empty_like(f)
    for t in range(T):
        left = np.array([np.prod(f[k + 1 : t + 1], axis=0) for k in range(t + 1)])  # of what step k wrote
        states[t] = np.prod(f[: t + 1], axis=0) * c + (left * (i * g)[: t + 1]).sum(axis=0)
    return o * np.tanh(states), states


# --- run_gates --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("T, H", [(1, 1), (1, 4), (7, 1), (12, 5)])
def test_run_gates_agrees_with_the_closed_form(T, H):
    arguments = draw_gates(T + H, T, H)
    for ours, theirs in zip(run_gates(*arguments), in_closed_form(*arguments)):
        assert ours.shape == (T, H)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-14)


def test_run_gates_agrees_with_the_step_of_the_lstm():
    T, H = 9, 4
    rng = np.random.default_rng(1)
    z = rng.normal(size=(T, 4, H))  # rows i, f, g, o
    W = np.concatenate([np.zeros((4 * H, H)), np.eye(4 * H)], axis=1)  # each gate has an input of its own
    c0 = rng.normal(size=H)
    h, c = np.zeros((1, H)), c0[None]
    hs, cs = np.empty((T, H)), np.empty((T, H))
    for t in range(T):
        h, c, _ = lstm_step(z[t].reshape(1, 4 * H), h, c, W, np.zeros(4 * H))
        hs[t], cs[t] = h[0], c[0]
    ours = run_gates(sigmoid(z[:, 0]), sigmoid(z[:, 1]), np.tanh(z[:, 2]), sigmoid(z[:, 3]), c0)
    np.testing.assert_allclose(ours[0], hs, rtol=0, atol=1e-14)
    np.testing.assert_allclose(ours[1], cs, rtol=0, atol=1e-14)


def test_run_gates_leaves_its_arguments_alone():
    arguments = draw_gates(2)
    copies = [array.copy() for array in arguments]
    run_gates(*arguments)
    for array, copy in zip(arguments, copies):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize(
    "name, wrong, sentence",
    [
        ("f", np.full((6, 3), 1.5), r"^f: wanted values between 0 and 1, got 1.5$"),
        ("i", np.full((6, 3), -0.1), r"^i: wanted values between 0 and 1, got -0.1$"),
        ("o", np.full((6, 3), np.nan), r"^o: wanted finite numbers, got nan at index \(0, 0\)$"),
        ("g", np.full((6, 3), np.inf), r"^g: wanted finite numbers, got inf at index \(0, 0\)$"),
        ("o", np.zeros((5, 3)), r"^o: wanted shape \(T=6, H=3\), got \(5, 3\)$"),
        ("f", np.zeros(6), r"^f: wanted shape \(T, H\), got \(6,\)$"),
        ("c", np.zeros((1, 3)), r"^c: wanted shape \(H=3\), got \(1, 3\)$"),
        ("c", ["a", "b", "c"], r"^c: wanted real numbers"),
    ],
)
def test_run_gates_says_what_is_wrong(name, wrong, sentence):
    arguments = dict(zip("ifgoc", draw_gates(3))) | {name: wrong}
    with pytest.raises(ValueError, match=sentence):
        run_gates(**arguments)


# --- the sliders ------------------------------------------------------------------------------------------


@pytest.fixture
def explorer():
    """All controls somewhere between their ends and their middle."""
    explorer = GateExplorer()
    for name, value in zip(CONTROLS, (0.7, 0.6, 0.8, 0.4, 0.3)):
        getattr(explorer, name).value = value
    return explorer


@pytest.mark.parametrize("place", ["lowest", "middle", "highest"])
@pytest.mark.parametrize("name", CONTROLS)
def test_a_slider_changes_what_the_equations_say_and_the_picture(explorer, name, place):
    before, picture, words = explorer.values, explorer.image.png, explorer.image.alt
    slider = getattr(explorer, name)
    slider.value = {"lowest": slider.min, "middle": (slider.min + slider.max) / 2, "highest": slider.max}[place]
    after = explorer.values
    changed = {array for array in before if not np.array_equal(before[array], after[array])}
    assert changed == set(FOLLOWS[name])
    gates = (np.full((STEPS, 1), getattr(explorer, gate).value) for gate in "ifgo")
    h, c = in_closed_form(*gates, np.array([explorer.c0.value]))
    np.testing.assert_allclose(after["c"], c[:, 0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(after["h"], h[:, 0], rtol=0, atol=1e-12)
    assert explorer.image.png != picture
    assert explorer.image.alt != words


def test_moving_there_and_back_gives_the_same_picture(explorer):
    before = explorer.image.png
    for value in (0.0, 1.0, 0.7):  # at 1.0 the cell state grows, and with it the axis
        explorer.f.value = value
    assert explorer.image.png == before


def test_the_input_gate_can_open_at_one_step_only(explorer):
    explorer.opens.value = explorer.opens.options[1]
    open_at = np.flatnonzero(explorer.values["i"]) + 1
    assert open_at.tolist() == [WRITE_STEP]
    assert explorer.values["i"][WRITE_STEP - 1] == 0.6


def test_a_slider_stays_between_its_ends(explorer):
    explorer.f.value = 7
    assert explorer.f.value == 1
    explorer.g.value = -7
    assert explorer.g.value == -1


# --- the presets ------------------------------------------------------------------------------------------

BEFORE, AFTER = slice(0, WRITE_STEP - 1), slice(WRITE_STEP - 1, None)
STEP_NUMBERS = np.arange(1, STEPS + 1)
PROMISES = {
    "halfway": lambda v: all((v[gate] == 0.5).all() for gate in "fio") and 0 < v["c"].min() <= v["c"].max() < 1,
    "remember": lambda v: (v["c"] == 1).all(),
    "forget": lambda v: (v["c"] == 0).all() and (v["h"] == 0).all(),
    "leaky": lambda v: (np.diff(v["c"]) < 0).all() and 0 < v["c"][-1] < 0.02,
    "write once": lambda v: (v["c"][BEFORE] == 0).all() and (v["c"][AFTER] == 0.8).all() and v["h"][-1] > 0.6,
    "output closed": lambda v: (v["c"][AFTER] == 0.8).all() and (v["h"] == 0).all(),
    "saturated": lambda v: np.array_equal(v["c"], STEP_NUMBERS) and 0.999 < v["h"][-1] < 1.001,
}


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_does_what_its_name_promises(explorer, preset):
    explorer.set(preset)
    assert PROMISES[preset](explorer.values)
    chosen = PRESETS[preset]
    assert [getattr(explorer, name).value for name in CONTROLS] == [getattr(chosen, name) for name in CONTROLS]


@pytest.mark.parametrize("how", ["by name", "from the menu"])
def test_a_preset_is_drawn_once(explorer, how):
    drawn = []
    explorer.image.observe(lambda change: drawn.append(change["new"]), "png")
    if how == "by name":
        explorer.set("saturated")
    else:
        explorer.preset.value = "saturated"
    assert len(drawn) == 1
    assert drawn == [explorer.image.png]


def test_every_preset_is_in_the_menu():
    assert [value for _, value in GateExplorer().preset.options if value] == list(PRESETS)


@pytest.mark.parametrize("wrong", ["remembr", "", None, 3])
def test_an_unknown_preset_is_told_the_known_ones(wrong):
    with pytest.raises(ValueError, match=r"^preset: wanted one of .*remember, forget.*, got " + re.escape(repr(wrong))):
        GateExplorer(wrong)
    with pytest.raises(ValueError, match=r"^preset: wanted one of "):
        GateExplorer().set(wrong)


# --- the picture ------------------------------------------------------------------------------------------


def test_the_words_tell_the_numbers(explorer):
    values = explorer.values
    for name in "fiog":
        assert f"{name} = {getattr(explorer, name).value:.2f}" in explorer.alt
    assert f"starts at 0.30 and is {values['c'][-1]:.2f} after {STEPS} steps" in explorer.alt
    assert f"hidden state is then {values['h'][-1]:.2f}" in explorer.alt
    assert explorer.image.alt == explorer.alt
    assert explorer.alt in explorer.text.value and 'role="status"' in explorer.text.value
    explorer.set("write once")
    assert f"at step {WRITE_STEP} only" in explorer.alt


@pytest.mark.parametrize("preset, shut", [("forget", "g"), ("remember", "o")])
def test_nothing_is_said_to_be_minus_zero(explorer, preset, shut):
    explorer.set(preset)
    explorer.c0.value = -1
    getattr(explorer, shut).value = getattr(explorer, shut).min
    assert "-0.00" not in explorer.alt


@pytest.mark.slow
def test_a_redraw_makes_no_new_artists(explorer):
    figure = explorer._drawing.figure
    before = [id(artist) for artist in figure.findobj()]
    for k in range(50):
        explorer.f.value = k / 50
        explorer.g.value = k / 25 - 1
        explorer.c0.value = 1 - k / 25
    assert [id(artist) for artist in figure.findobj()] == before


def test_the_picture_stands_without_a_front_end(explorer):
    bundle, metadata = explorer.picture()._repr_mimebundle_()
    shown = Image.open(io.BytesIO(base64.b64decode(bundle["image/png"])))
    assert shown.size == Image.open(io.BytesIO(explorer.image.png)).size
    assert metadata["image/png"]["alt"] == explorer.alt
    assert f'alt="{explorer.alt}"' in bundle["text/html"]
    assert explorer.alt in bundle["text/plain"]


def test_the_live_view_brings_its_picture_along(explorer):
    bundle, metadata = explorer._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["image/png"] == explorer.picture()._repr_mimebundle_()[0]["image/png"]
    assert metadata["image/png"]["alt"] == explorer.alt


def test_the_live_picture_and_the_one_that_stands_are_alike(explorer):
    live = np.asarray(Image.open(io.BytesIO(explorer.image.png)).convert("RGB"), dtype=int)
    png = base64.b64decode(explorer.picture()._repr_mimebundle_()[0]["image/png"])
    standing = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=int)
    assert np.abs(live - standing).mean() < 2  # of 255; the latter has fewer colours


@pytest.mark.slow
def test_two_threads_do_not_draw_into_one_another():
    """JupyterLab hands the messages of widgets to a thread of their own, while cells run in the main one."""
    explorer, drawn = GateExplorer("saturated"), []
    allowed = set()
    for i in (1, 0):
        for o in (0, 1):
            explorer.i.value, explorer.o.value = i, o
            allowed.add(explorer.image.png)
    explorer.image.observe(lambda change: drawn.append(change["new"]), "png")

    def move(slider):
        for k in range(60):
            slider.value = k % 2

    threads = [threading.Thread(target=move, args=[slider]) for slider in (explorer.i, explorer.o)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawn) > 60
    assert set(drawn) <= allowed
    assert drawn[-1] == explorer.image.png


def test_the_code_in_the_page_asks_nothing_of_the_network():
    code = str(LiveImage()._esm)
    assert "render" in code
    assert not re.search(r"https?:|\bimport\b|\brequire\b|\bfetch\b|XMLHttpRequest|WebSocket", code)
