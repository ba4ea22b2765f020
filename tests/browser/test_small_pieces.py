"""The three small live pieces on a page without a kernel: their numbers, their controls, and how they are read."""

import numpy as np
import pytest
from plain_page import plain_page
from playwright.sync_api import expect

from lstm_course.explore.memory_horizon import MemoryHorizon
from lstm_course.explore.saturation import SaturationSlider
from lstm_course.explore.spectral_radius import SpectralRadius
from lstm_course.scratch import RNN
from lstm_course.scratch.diagnostics import factor_per_step


def close(ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


# --- the numbers ------------------------------------------------------------------------------------------


def test_value_and_slope_are_those_of_numpy(plain):
    plain.load("small_values.js")
    for name in ("sigmoid", "tanh"):
        for z in np.linspace(-10, 10, 41):
            found, wanted = plain.call("squash", name, z), SaturationSlider(name, z).values
            close([found[key] for key in ("value", "slope", "times")], list(wanted.values()))


def test_what_a_bias_keeps_is_that_of_numpy(plain):
    plain.load("small_values.js")
    for bias in (-2, -0.37, 0, 1, 3.66, 8):
        for lag in (1, 2, 40, 200):
            found = plain.page.evaluate(
                """([bias, lag]) => {
                    const { left, ...numbers } = memory(bias, lag);
                    return { ...numbers, curve: Array.from({ length: 201 }, (_, t) => left(t)) };
                }""",
                [bias, lag],
            )
            wanted = MemoryHorizon(bias, lag).values
            np.testing.assert_allclose(found["curve"], wanted["left"], rtol=1e-9)
            names = ["gate", "atLag", "halfLife", "keepsHalf"] + ["chronoMost", "chronoLeft"] * (lag > 1)
            keys = ["gate", "at_lag", "half_life", "keeps_half", "chrono_most", "chrono_left"]
            np.testing.assert_allclose([found[name] for name in names], [wanted[key] for key in keys[: len(names)]])


def run_in_the_page(plain, network):
    found = plain.call("gradientRun", arguments_of(network))
    return np.array(found["states"]), np.array(found["norms"]), found["meanSlope"]


def arguments_of(network):
    W = np.ravel(network.matrix).tolist()
    setting = {"radius": network.radius, "scale": network.input_scale}
    return {"W": W, "inputs": network.inputs, "direction": network.direction, **setting}


@pytest.mark.parametrize(
    "radius, scale, size, steps, seed",
    [(0.1, 2, 8, 20, 0), (0.9, 0.1, 32, 100, 0), (1, 0.3, 32, 100, 1), (1, 0, 64, 200, 2), (2, 0, 16, 200, 3)],
)
def test_the_gradient_is_that_of_numpy(plain, radius, scale, size, steps, seed):
    plain.load("small_values.js")
    network = SpectralRadius(radius, size, steps, seed, input_scale=scale)
    _, norms, slope = run_in_the_page(plain, network)
    np.testing.assert_allclose(norms, network.norms, rtol=1e-9)
    assert slope == pytest.approx(network.mean_slope, rel=1e-9)
    fit = plain.call("fitted", norms.tolist())
    assert fit["factor"] == pytest.approx(network.factor, rel=1e-9)


@pytest.mark.parametrize("radius, scale, seed", [(1.3, 0.1, 0), (2, 0.05, 1), (2, 0.3, 2), (1.5, 1, 3)])
def test_the_gradient_of_a_chaotic_network_is_that_of_its_own_run(plain, radius, scale, seed):
    """In such a network rounding grows from step to step: each step and the way back are judged by themselves."""
    plain.load("small_values.js")
    network = SpectralRadius(radius, seed=seed, input_scale=scale)
    states, norms, slope = run_in_the_page(plain, network)
    W, inputs = radius * np.array(network.matrix), scale * np.array(network.inputs)
    np.testing.assert_allclose(states[1:], np.tanh(states[:-1] @ W.T + inputs), rtol=0, atol=1e-14)
    assert slope == pytest.approx((1 - states[1:] ** 2).mean(), rel=1e-9)

    layer = RNN(32, 32)  # one step at a time from the page's own states, back to front
    for name, value in zip(("weight_ih", "weight_hh", "bias_ih", "bias_hh"), (np.eye(32), W, 0, 0)):
        layer.parameters[f"{name}_l0"][:] = value
    gradient, wanted = np.array(network.direction)[None, None], []
    for t in reversed(range(len(inputs))):
        layer(inputs[None, t : t + 1], states[None, None, t])
        dx, gradient = layer.backward(np.zeros((1, 1, 32)), gradient)
        wanted.append(np.linalg.norm(dx))
    np.testing.assert_allclose(norms, wanted, rtol=1e-9)


def test_norms_that_are_next_to_nothing_do_not_count_in_the_fit(plain):
    plain.load("small_values.js")
    norms = 0.2 ** np.arange(101.0)
    norms[60:] = 0
    assert plain.call("fitted", norms.tolist())["factor"] == pytest.approx(factor_per_step(norms), rel=1e-9)


# --- the controls -----------------------------------------------------------------------------------------

# A piece, the role and the name of a control, the keys, and what they change.
KEYS = [
    (SaturationSlider(z=1), "slider", "z,", ["ArrowRight"] * 3, {"z": 1.3}),
    (SaturationSlider(z=1), "slider", "z,", ["Shift+ArrowLeft", "ArrowDown"], {"z": -0.1}),
    (SaturationSlider(z=1), "slider", "z,", ["Home"], {"z": -10}),
    (SaturationSlider(z=1), "slider", "z,", ["End"], {"z": 10}),
    (SaturationSlider(z=1), "radio", "sigmoid", ["ArrowRight"], {"function": "tanh"}),
    (SaturationSlider("tanh", 1), "radio", "tanh", ["ArrowLeft"], {"function": "sigmoid"}),
    (MemoryHorizon(), "slider", "forget bias b", ["ArrowUp", "Shift+ArrowUp"], {"bias": 1.11}),
    (MemoryHorizon(), "slider", "forget bias b", ["Home"], {"bias": -2}),
    (MemoryHorizon(), "slider", "forget bias b", ["End"], {"bias": 8}),
    (MemoryHorizon(), "slider", "lag", ["ArrowLeft", "Shift+ArrowRight"], {"lag": 49}),
    (MemoryHorizon(), "slider", "lag", ["Home"], {"lag": 1}),
    (MemoryHorizon(), "slider", "lag", ["End"], {"lag": 200}),
    (MemoryHorizon(), "checkbox", "logarithmic", ["Space"], {"logarithmic": True}),
    (SpectralRadius(), "slider", "spectral radius", ["ArrowLeft", "Shift+ArrowRight"], {"radius": 1.09}),
    (SpectralRadius(), "slider", "spectral radius", ["Home"], {"radius": 0.1}),
    (SpectralRadius(), "slider", "spectral radius", ["End"], {"radius": 2}),
    (SpectralRadius(), "slider", "size of the inputs", ["Shift+ArrowLeft"], {"input_scale": 0}),
    (SpectralRadius(), "slider", "size of the inputs", ["End"], {"input_scale": 2}),
]


SHOWN = """() => Array.from(document.querySelectorAll(".lstm-live *:not(.status)"), each => [
    each.tagName, each.value, each.checked, Array.from(each.attributes, ({ name, value }) => [name, value]),
    Array.from(each.childNodes, node => node.data)])"""


@pytest.mark.parametrize("piece, role, name, keys, change", KEYS)
def test_a_control_moved_by_the_keyboard_changes_one_thing(plain, piece, role, name, keys, change):
    plain.show(piece)
    before = plain.page.evaluate(SHOWN)
    control = plain.page.get_by_role(role, name=name)
    control.focus()
    for key in keys:
        plain.page.keyboard.press(key)
    assert plain.states() == [piece.state() | change]
    assert plain.page.evaluate(SHOWN) != before
    if role != "radio":  # there the focus goes with the choice
        expect(control).to_be_focused()


# The same by the mouse: sliders are clicked at this share of their length.
CLICKS = [
    (SaturationSlider(z=1), "slider", "z,", 0.3, {"z": (-5, -3)}),
    (SaturationSlider(z=1), "radio", "tanh", None, {"function": "tanh"}),
    (MemoryHorizon(), "slider", "forget bias b", 0.7, {"bias": (4.5, 5.5)}),
    (MemoryHorizon(), "slider", "lag", 0.9, {"lag": (170, 190)}),
    (MemoryHorizon(logarithmic=True), "checkbox", "logarithmic", None, {"logarithmic": False}),
    (SpectralRadius(), "slider", "spectral radius", 0.8, {"radius": (1.5, 1.75)}),
    (SpectralRadius(), "slider", "size of the inputs", 0.5, {"input_scale": (0.9, 1.1)}),
]


@pytest.mark.parametrize("piece, role, name, share, change", CLICKS)
def test_a_control_moved_by_the_mouse_changes_one_thing(plain, piece, role, name, share, change):
    plain.show(piece)
    before = plain.page.evaluate(SHOWN)
    control = plain.page.get_by_role(role, name=name)
    box = control.bounding_box()
    assert box["height"] >= 18
    control.click(position={"x": share * box["width"], "y": box["height"] / 2} if share else None)
    ((part, wanted),) = change.items()
    (after,) = plain.states()
    if share:
        assert wanted[0] < after[part] < wanted[1]
    else:
        assert after[part] == wanted
    assert after | {part: piece.state()[part]} == piece.state()
    assert plain.page.evaluate(SHOWN) != before


def test_there_and_back_shows_the_same(plain):
    for piece, name in ((SaturationSlider(), "z,"), (MemoryHorizon(4), "lag"), (SpectralRadius(), "spectral radius")):
        plain.show(piece)
        control = plain.page.get_by_role("slider", name=name)
        control.press("ArrowRight")
        control.press("ArrowLeft")
        before = plain.page.evaluate(SHOWN)
        for key in ("End", "Home"):
            control.press(key)
        control.fill({"z,": "0", "lag": "40", "spectral radius": "1"}[name])
        assert plain.page.evaluate(SHOWN) == before


def test_two_pieces_on_a_page_do_not_disturb_each_other(plain):
    pieces = [SaturationSlider(), SaturationSlider("tanh", 2), MemoryHorizon()]
    plain.open("\n".join(piece.fragment() for piece in pieces))
    first = plain.page.get_by_role("group").nth(0)
    first.get_by_role("slider").press("End")
    first.get_by_role("radio", name="tanh").check()
    assert plain.states() == [{"function": "tanh", "z": 10}, *(piece.state() for piece in pieces[1:])]
    expect(plain.page.get_by_role("radio", name="tanh", checked=True)).to_have_count(2)


# --- what is said -----------------------------------------------------------------------------------------


def show_with_model(plain, module, state):
    """Render a piece with a model that the test can reach."""
    plain.open("<!doctype html><html lang='en'><title>piece</title><body></body></html>")
    plain.load("stand_in.js", module)
    plain.page.evaluate(
        """state => {
            window.model = standIn(state);
            window.saved = 0;
            model.save_changes = () => { window.saved += 1; };
            window.end = window.default.render({ model, el: document.body });
        }""",
        state,
    )
    plain.page.wait_for_selector(".chart text")


def set_in_model(plain, name, value):
    """Set a value as Python would; `value` is JavaScript."""
    plain.page.evaluate(f"([name]) => model.set(name, {value})", [name])


def text_of(plain, selector):
    return plain.page.locator(selector).text_content()


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_the_page_calls_flat_and_steep_what_python_does(plain, name):
    show_with_model(plain, "saturation.js", {"function": name, "z": 0})
    drawing = plain.page.get_by_role("img").first
    for z in (-9.5, -3, -1.3, 0.5, 0.9, 1.8, 2.1, 4, 4.1):
        set_in_model(plain, "z", z)
        words = SaturationSlider(name, z).alt.split(":")[0].split(", ")[1]
        expect(drawing).to_have_attribute(
            "aria-label", f"{drawing.get_attribute('aria-label').split(',')[0]}, {words}."
        )


def test_a_z_between_two_places_of_the_slider_is_told_as_it_is(plain):
    plain.show(SaturationSlider(z=1.23))
    expect(plain.page.get_by_role("slider")).to_have_attribute("aria-valuetext", "z is 1.23")
    expect(plain.page.locator("output")).to_have_text("1.23")
    plain.page.get_by_role("slider").press("ArrowRight")
    expect(plain.page.locator("output")).to_have_text("1.3")


def test_the_sentences_tell_the_numbers_of_python(plain):
    plain.show(SaturationSlider("sigmoid", 6))
    values = SaturationSlider("sigmoid", 6).values
    assert f"{100 * values['value']:.2f} %" in text_of(plain, ".sentence")
    assert f"{values['times_smaller']:.0f} times smaller" in text_of(plain, ".sentence")
    assert f"slope {values['slope']:.2g}" in text_of(plain, ".readings")

    plain.show(MemoryHorizon(3, 50))
    values = MemoryHorizon(3, 50).values
    sentence = text_of(plain, ".sentence")
    for number in (
        f"after {values['half_life']:.1f} steps",
        f"after 50 steps {100 * values['at_lag']:.1f} %",
        f"must be {values['keeps_half']:.2f}",
        f"from 0 to {values['chrono_most']:.2f}",
        f"leaves {100 * values['chrono_left']:.0f} %",
    ):
        assert number in sentence

    plain.show(SpectralRadius(0.9))
    assert f"by about {SpectralRadius(0.9).factor:.3f}, 100 steps" in text_of(plain, ".sentence")
    assert f"slope of the tanh {SpectralRadius(0.9).mean_slope:.3f}" in text_of(plain, ".readings")


@pytest.mark.parametrize(
    "radius, scale, words",
    [
        (0.9, 0.1, "It vanishes: "),
        (1, 0, "It about holds: "),
        (1.2, 0, "It explodes: "),
        (1.2, 1, "It vanishes, although the radius is above 1: "),
    ],
)
def test_what_the_gradient_does_has_its_name(plain, radius, scale, words):
    plain.show(SpectralRadius(radius, input_scale=scale))
    expect(plain.page.locator(".sentence")).to_contain_text(words)


@pytest.mark.parametrize("radius", [1, 1.01, 1.5, 2])
def test_the_eigenvalues_outside_the_circle_are_counted(plain, radius):
    network = SpectralRadius(radius)
    plain.show(network)
    outside = (radius * np.abs(np.array(network.eigenvalues) @ [1, 1j]) > 1 + 1e-9).sum()
    label = plain.page.locator("svg.eigenvalues").get_attribute("aria-label")
    assert label.startswith("32 eigenvalues ") and label.endswith(f"; {outside or 'none'} outside the unit circle.")
    dots = plain.page.locator("svg.eigenvalues .outside").get_attribute("d")
    assert dots.count("Z") == outside


@pytest.mark.parametrize("piece", [SaturationSlider(), MemoryHorizon(), SpectralRadius()], ids=repr)
def test_a_voice_tells_what_came_of_a_move_and_is_silent_before(plain, piece):
    plain.show(piece)
    status = plain.page.get_by_role("status")
    expect(plain.page.locator(".sentence")).not_to_be_empty()
    expect(status).to_have_attribute("aria-live", "polite")
    expect(status).to_be_empty()
    plain.page.get_by_role("slider").first.press("End")
    expect(status).to_have_text(text_of(plain, ".sentence"))
    expect(status).to_have_count(1)


@pytest.mark.parametrize("piece", [SaturationSlider(), MemoryHorizon(), SpectralRadius()], ids=repr)
def test_every_control_and_drawing_has_a_name_and_controls_keep_their_keys(plain, piece):
    plain.show(piece)
    for slider in plain.page.get_by_role("slider").all():
        expect(slider).to_have_accessible_name(slider.get_attribute("aria-label"))
        assert len(slider.get_attribute("aria-valuetext")) > 2
    controls = plain.page.locator("input")
    expect(plain.page.locator("input[data-lm-suppress-shortcuts=true]")).to_have_count(controls.count())
    for drawing in plain.page.get_by_role("img").all():
        assert len(drawing.get_attribute("aria-label").split()) > 5


# --- what the model may bring -----------------------------------------------------------------------------

BAD = ["NaN", "null", "undefined", "'3'", "[]", "{}", "1e9", "-Infinity"]
MODELS = [
    ("saturation.js", SaturationSlider("tanh", 2), {"function": [*BAD, "'relu'"], "z": [*BAD, "10.5"]}),
    ("memory_horizon.js", MemoryHorizon(2, 3), {"bias": BAD, "lag": [*BAD, "0", "2.5"], "logarithmic": [*BAD, "1"]}),
    (
        "spectral_radius.js",
        SpectralRadius(0.7, 8, 20),
        {
            "radius": [*BAD, "0"],
            "input_scale": [*BAD, "-1"],
            "matrix": [*BAD, "[[1, 2]]", "[[null]]"],
            "eigenvalues": [*BAD, "[[1]]"],
            "inputs": [*BAD, "[[1]]"],
            "direction": [*BAD, "[1]", "[]"],
        },
    ),
]


@pytest.mark.parametrize("module, piece, bad", MODELS, ids=lambda each: each if isinstance(each, str) else "")
def test_bad_values_in_the_model_leave_what_was_shown(plain, module, piece, bad):
    state = piece.state()
    show_with_model(plain, module, state)
    before = plain.page.evaluate(SHOWN)
    for name, values in bad.items():
        for value in values:
            set_in_model(plain, name, value)
            assert plain.page.evaluate(SHOWN) == before, (name, value)
        plain.page.evaluate("([name, value]) => model.set(name, value)", [name, state[name]])
    assert plain.page.evaluate(SHOWN) == before
    assert plain.page.evaluate("window.saved") == 0  # nothing of this was the user's


@pytest.mark.parametrize("module, piece, bad", MODELS, ids=lambda each: each if isinstance(each, str) else "")
def test_a_model_that_is_bad_from_the_start_still_shows_something(plain, module, piece, bad):
    for value in ("null", "'x'"):
        show_with_model(plain, module, {name: None if value == "null" else "x" for name in bad})
        expect(plain.page.locator(".sentence")).not_to_be_empty()
        plain.page.get_by_role("slider").first.press("ArrowRight")
        assert "NaN" not in plain.page.content()


def test_a_value_from_code_moves_the_page_and_a_move_is_saved(plain):
    show_with_model(plain, "memory_horizon.js", MemoryHorizon().state())
    set_in_model(plain, "lag", "7")
    expect(plain.page.get_by_role("slider", name="lag")).to_have_value("7")
    expect(plain.page.locator(".sentence")).to_contain_text("after 7 steps")
    assert plain.page.evaluate("window.saved") == 0
    plain.page.get_by_role("checkbox").check()
    plain.page.wait_for_function("window.saved === 1")


def test_a_piece_that_is_taken_away_saves_its_last_move_and_hears_no_more(plain):
    show_with_model(plain, "saturation.js", SaturationSlider().state())
    assert plain.page.evaluate(
        """() => {
            const input = document.querySelector("input[type=range]");
            input.value = 3;
            input.dispatchEvent(new Event("input"));
            end();
            return window.saved;
        }"""
    )
    before = plain.page.evaluate(SHOWN)
    set_in_model(plain, "z", "5")
    assert plain.page.evaluate(SHOWN) == before
    assert plain.page.evaluate("window.saved") == 1


# --- how it is read ---------------------------------------------------------------------------------------

# Texts of a drawing that leave it, names that lie under their slider, and a page that is wider than its window.
CUT_OFF = """() => {
    const wrong = [];
    for (const text of document.querySelectorAll("svg.chart text")) {
        const [box, whole] = [text, text.closest("svg.chart")].map(each => each.getBoundingClientRect());
        if (text.textContent && (box.left < whole.left - 1 || box.right > whole.right + 1 || box.top < whole.top - 1 ||
            box.bottom > whole.bottom + 1)) wrong.push(text.textContent);
    }
    for (const label of document.querySelectorAll("label.slider")) {
        const [name, input] = [...label.children].map(each => each.getBoundingClientRect());
        const beside = name.bottom > input.top && name.top < input.bottom;
        if (beside && name.right > input.left + 1) wrong.push(label.textContent);
        if (input.width < 60 || input.height < 24) wrong.push(`${label.textContent}: ${input.width} x ${input.height}`);
    }
    if (document.documentElement.scrollWidth > innerWidth) wrong.push("wider than the window");
    return wrong;
}"""
SETTINGS = [
    SaturationSlider("sigmoid", 10),
    SaturationSlider("tanh", -1),
    MemoryHorizon(),
    MemoryHorizon(4, 39),
    MemoryHorizon(8, 200),
    MemoryHorizon(-2, 200, True),
    MemoryHorizon(5.6, 190),
    SpectralRadius(),
    SpectralRadius(2, input_scale=0),
    SpectralRadius(0.1, 8, 200, input_scale=2),
]


@pytest.mark.parametrize("width", [320, 360, 640, 1280])  # 640 is 1280 at 200 %
def test_nothing_is_cut_off(browser, tmp_path, width):
    with plain_page(browser, tmp_path, viewport={"width": width, "height": 800}) as plain:
        for piece in SETTINGS:
            plain.show(piece)
            plain.page.wait_for_selector(".chart text")
            assert plain.page.evaluate(CUT_OFF) == [], piece


def test_the_drawings_follow_the_width_of_the_page(plain):
    plain.show(SpectralRadius())
    plain.page.wait_for_selector(".pair.wide")
    plain.page.set_viewport_size({"width": 360, "height": 800})
    plain.page.wait_for_selector(".pair:not(.wide)")
    plain.page.wait_for_function(f"({CUT_OFF})().length === 0")


# The contrast of every text with the ground (4.5 are wanted), and of what is drawn (3).
CONTRASTS = """() => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const light = colour => {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(byte =>
            byte / 255 <= 0.04045 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = light(getComputedStyle(document.querySelector(".lstm-live")).backgroundColor);
    const ratio = colour => {
        const [low, high] = [light(colour), ground].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    };
    const found = [];
    const look = (selector, property, wanted) => {
        for (const each of document.querySelectorAll(selector)) {
            found.push([`${selector} ${each.textContent}`, ratio(getComputedStyle(each)[property]), wanted]);
        }
    };
    look("svg text", "fill", 4.5);
    look(".lstm-live p, .lstm-live span, .lstm-live output", "color", 4.5);
    look(".curve, .fit, .tangent, .unit", "stroke", 3);
    look(".dot:not(.hollow), .outside", "fill", 3);
    return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_in_light_and_dark(browser, tmp_path, scheme):
    with plain_page(browser, tmp_path, color_scheme=scheme) as plain:
        for piece in (SaturationSlider(), MemoryHorizon(), SpectralRadius(1.5)):
            plain.show(piece)
            plain.page.wait_for_selector(".chart text")
            found = plain.page.evaluate(CONTRASTS)
            assert len(found) > 15
            assert not [(what, round(ratio, 2)) for what, ratio, wanted in found if ratio < wanted]
