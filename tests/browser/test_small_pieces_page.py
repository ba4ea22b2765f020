"""The small live pieces on a page without a kernel: what they say, what they take on, and how they look."""

import numpy as np
import pytest
from a_monitor import ALL_EVENTS, a_monitor
from plain_page import plain_page
from playwright.sync_api import expect
from small_pieces import SHOWN, set_in_model, show_with_model, state_of, text_of

from lstm_course.explore.memory_horizon import MemoryHorizon
from lstm_course.explore.saturation import SaturationSlider
from lstm_course.explore.spectral_radius import SpectralRadius

# --- what is said -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_the_page_calls_flat_and_steep_what_python_does(plain, name):
    show_with_model(plain, "saturation.js", {"function": name, "z": 0})
    drawing = plain.page.locator("svg.chart").first
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
    assert f"{100 * values['value']:.2f}\N{NO-BREAK SPACE}%" in text_of(plain, ".sentence")
    assert f"{values['times_smaller']:.0f} times smaller" in text_of(plain, ".sentence")
    assert f"slope {values['slope']:.2g}" in text_of(plain, ".readings")

    plain.show(MemoryHorizon(3, 50))
    values = MemoryHorizon(3, 50).values
    sentence = text_of(plain, ".sentence")
    for number in (
        f"after {values['half_life']:.1f} steps",
        f"after 50 steps {100 * values['at_lag']:.1f}\N{NO-BREAK SPACE}%",
        f"must be {values['keeps_half']:.2f}",
        f"from 0 to {values['chrono_most']:.2f}",
        f"leaves {100 * values['chrono_left']:.0f}\N{NO-BREAK SPACE}%",
    ):
        assert number in sentence

    plain.show(SpectralRadius(0.9))
    assert f"by about {SpectralRadius(0.9).factor:.3f}, and 100 steps" in text_of(plain, ".sentence")
    assert f"slope of the tanh {SpectralRadius(0.9).mean_slope:.3f}" in text_of(plain, ".readings")


@pytest.mark.parametrize(
    "radius, scale, words",
    [
        (0.9, 0.1, "It vanishes: "),
        (1, 0, "It roughly keeps its size: "),
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
    for drawing in plain.page.locator("svg.chart").all():
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
    state = state_of(piece)
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
        show_with_model(plain, module, dict.fromkeys(bad, None if value == "null" else "x"))
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
        const words = document.createRange(); // they may be wider than the element that they stand in
        words.selectNodeContents(label.children[0]);
        const [name, input] = [words, label.children[1]].map(each => each.getBoundingClientRect());
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
    a_monitor(events=ALL_EVENTS, time=14),
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
        for piece in (SaturationSlider(), MemoryHorizon(), SpectralRadius(1.5), a_monitor(events=ALL_EVENTS)):
            plain.show(piece)
            plain.page.wait_for_selector(".chart text")
            found = plain.page.evaluate(CONTRASTS)
            assert len(found) > 15
            assert not [(what, round(ratio, 2)) for what, ratio, wanted in found if ratio < wanted]
