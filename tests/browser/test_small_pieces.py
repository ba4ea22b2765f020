"""The three small live pieces on a page without a kernel: their numbers, and their controls."""

import numpy as np
import pytest
from playwright.sync_api import expect
from small_pieces import SHOWN, state_of

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
    return np.array(found["states"], float), np.array(found["norms"], float), found["meanSlope"]


def arguments_of(network):
    state = state_of(network)
    setting = {"radius": network.radius, "scale": network.input_scale}
    W = np.ravel(network.matrix).tolist()
    return {"W": W, "inputs": state["inputs"], "direction": state["direction"], **setting}


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
    for name, value in zip(("weight_ih", "weight_hh", "bias_ih", "bias_hh"), (np.eye(32), W, 0, 0), strict=True):
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


@pytest.mark.parametrize("piece, role, name, keys, change", KEYS)
def test_a_control_moved_by_the_keyboard_changes_one_thing(plain, piece, role, name, keys, change):
    plain.show(piece)
    before = plain.page.evaluate(SHOWN)
    control = plain.page.get_by_role(role, name=name)
    control.focus()
    for key in keys:
        plain.page.keyboard.press(key)
    assert plain.states() == [state_of(piece) | change]
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
    assert after | {part: state_of(piece)[part]} == state_of(piece)
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
