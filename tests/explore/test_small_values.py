"""The three small live widgets in Python: their numbers, the values they refuse, and their texts."""

import json
import re

import numpy as np
import pytest
import torch
import traitlets

from lstm_course.explore.checked import Refused
from lstm_course.explore.memory_horizon import LONGEST, MemoryHorizon
from lstm_course.explore.saturation import FLAT, STEEP, SaturationSlider
from lstm_course.explore.spectral_radius import SpectralRadius
from lstm_course.scratch.diagnostics import factor_per_step
from lstm_course.scratch.initialise import chrono

PIECES = (SaturationSlider, MemoryHorizon, SpectralRadius)

# --- a sigmoid or a tanh ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
@pytest.mark.parametrize("z", [-10, -4.3, -1, -0.1, 0, 0.7, 2.5, 6, 10])
def test_value_and_slope_agree_with_autograd(name, z):
    at = torch.tensor(float(z), dtype=torch.float64, requires_grad=True)
    value = getattr(torch, name)(at)
    value.backward()
    values = SaturationSlider(name, z).values
    assert values["value"] == pytest.approx(value.item(), rel=0, abs=1e-12)
    assert values["slope"] == pytest.approx(at.grad.item(), rel=0, abs=1e-12)
    most = SaturationSlider(name).values["slope"]
    assert values["times_smaller"] * values["slope"] == pytest.approx(most, rel=1e-12)


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_where_it_is_flat_and_where_steep_is_what_the_sentence_claims(name):
    assert 14 < SaturationSlider(name, FLAT[name]).values["times_smaller"] < 14.2
    assert 1.98 < SaturationSlider(name, STEEP[name]).values["times_smaller"] < 2
    for z, words in ((STEEP[name], "steep"), (FLAT[name], "bends"), (FLAT[name] + 0.1, "flat")):
        assert words in SaturationSlider(name, z).alt
        assert words in SaturationSlider(name, -z).alt


# --- forget bias and lag ----------------------------------------------------------------------------------


@pytest.mark.parametrize("bias", [-2, 0, 1, 3.66, 8])
def test_what_is_left_is_a_product_of_forget_gates(bias):
    gate = torch.sigmoid(torch.tensor(bias, dtype=torch.float64)).item()
    values = MemoryHorizon(bias, lag=7).values
    by_steps = np.cumprod([1.0] + [gate] * LONGEST)
    np.testing.assert_allclose(values["left"], by_steps, rtol=1e-12)
    assert values["gate"] == pytest.approx(gate, rel=1e-14)
    assert values["at_lag"] == pytest.approx(by_steps[7], rel=1e-12)
    assert gate ** values["half_life"] == pytest.approx(0.5, rel=1e-12)


@pytest.mark.parametrize("lag", [1, 2, 40, 200])
def test_the_bias_that_keeps_half_keeps_half(lag):
    bias = MemoryHorizon(lag=lag).values["keeps_half"]
    assert MemoryHorizon(bias, lag).values["at_lag"] == pytest.approx(0.5, rel=1e-12)


class ManyUnits:
    """The attributes of a layer that `chrono` needs, without the weights of a hundred thousand units."""

    hidden_size, gate_names = 100_000, ("i", "f", "g", "o")

    def __init__(self):
        self.parameters = {name: np.zeros(4 * self.hidden_size) for name in ("bias_ih_l0", "bias_hh_l0")}


@pytest.mark.parametrize("lag", [2, 3, 40, 200])
def test_chrono_draws_up_to_the_bias_that_is_said(lag):
    layer = ManyUnits()
    chrono(layer, lag)
    drawn = layer.parameters["bias_ih_l0"][ManyUnits.hidden_size : 2 * ManyUnits.hidden_size]
    values = MemoryHorizon(lag=lag).values
    assert drawn.max() <= values["chrono_most"] < drawn.max() + 1e-3
    left = MemoryHorizon(values["chrono_most"], lag).values["at_lag"]
    assert values["chrono_left"] == pytest.approx(left, rel=1e-12)


def test_nothing_is_said_of_chrono_where_it_takes_no_lag():
    with pytest.raises(ValueError, match="^longest: "):
        chrono(ManyUnits(), 1)
    assert np.isnan(MemoryHorizon(lag=1).values["chrono_most"])
    assert "hrono" in MemoryHorizon(lag=2).text() and "hrono" not in MemoryHorizon(lag=1).text()


# --- spectral radius --------------------------------------------------------------------------------------


def test_the_matrix_has_spectral_radius_one_and_these_eigenvalues():
    network = SpectralRadius(seed=3)
    W = np.array(network.matrix)
    eigenvalues = np.array(network.eigenvalues) @ [1, 1j]
    assert np.abs(eigenvalues).max() == pytest.approx(1, rel=1e-12)
    for value in eigenvalues:  # W - value I has no inverse
        assert np.linalg.svd(W - value * np.eye(len(W)), compute_uv=False)[-1] < 1e-12
    assert eigenvalues.sum() == pytest.approx(np.trace(W), abs=1e-12)


@pytest.mark.parametrize("radius, scale, seed", [(0.5, 0.1, 0), (1, 0, 1), (1, 0.5, 2), (1.3, 0.1, 3), (2, 2, 4)])
def test_gradient_and_slope_agree_with_autograd(radius, scale, seed):
    network = SpectralRadius(radius, hidden_size=12, steps=30, seed=seed, input_scale=scale)
    W, inputs, direction = (
        torch.tensor(each, dtype=torch.float64) for each in (network.matrix, network.inputs, network.direction)
    )
    layer = torch.nn.RNN(12, 12, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.eye(12))
        layer.weight_hh_l0.copy_(radius * W)
        layer.bias_ih_l0.zero_()
        layer.bias_hh_l0.zero_()
    x = (scale * inputs)[None].requires_grad_()
    h = layer(x)[0][0]
    (h[-1] @ direction).backward()
    norms = x.grad[0].norm(dim=1).flip(0).numpy()
    np.testing.assert_allclose(network.norms, norms, rtol=1e-9)
    assert network.factor == factor_per_step(network.norms, first=10, last=30)
    assert network.mean_slope == pytest.approx((1 - h**2).mean().item(), rel=1e-12)


def test_without_inputs_the_gradient_is_that_of_the_matrix_alone():
    network = SpectralRadius(1.2, seed=5, input_scale=0)
    gradient, norms = np.array(network.direction), []
    for _ in range(101):
        norms.append(np.linalg.norm(gradient))
        gradient = 1.2 * np.array(network.matrix).T @ gradient
    np.testing.assert_allclose(network.norms, norms, rtol=1e-9)
    assert norms[0] == pytest.approx(1)
    assert network.mean_slope == 1


@pytest.mark.parametrize(
    "radius, scale, word",
    [(0.9, 0.1, "vanishes"), (1, 0, "roughly keeps its size"), (1.2, 0, "explodes"), (1.2, 1, "vanishes")],
)
def test_what_the_gradient_does_has_its_name(radius, scale, word):
    assert word in SpectralRadius(radius, input_scale=scale).alt


def test_a_network_is_drawn_from_its_seed():
    same, again, other = (SpectralRadius(hidden_size=8, steps=20, seed=seed).state() for seed in (7, 7, 8))
    assert same == again
    for name in ("matrix", "eigenvalues", "inputs", "direction"):
        assert same[name] != other[name]


def test_the_matrix_does_not_follow_the_direction():
    """Both are drawn from one seed; with the same numbers the gradient would start along a row of W."""
    network = SpectralRadius(hidden_size=64)
    rows = np.array(network.matrix)
    cosines = rows @ network.direction / np.linalg.norm(rows, axis=1)
    assert np.abs(cosines).max() < 0.5


# --- what is refused --------------------------------------------------------------------------------------

BAD = [None, "a", True, np.nan, np.inf, -np.inf, 1j, [1.0], np.array([1.0, 2.0]), {}, 10**400]
NUMBERS = [
    (SaturationSlider, "z", [-10.1, 10.01]),
    (MemoryHorizon, "bias", [-2.1, 8.5]),
    (MemoryHorizon, "lag", [0, 201, 3.0, -1]),
    (SpectralRadius, "radius", [0, 0.09, 2.01, -1]),
    (SpectralRadius, "input_scale", [-0.1, 2.1]),
]
REFUSED = [(kind, name, wrong) for kind, name, more in NUMBERS for wrong in BAD + more]
NO_FUNCTIONS = (None, "relu", "Tanh", 1, ["tanh"], np.array(["tanh"] * 2))
REFUSED += [(SaturationSlider, "function", wrong) for wrong in NO_FUNCTIONS]
REFUSED += [(MemoryHorizon, "logarithmic", wrong) for wrong in (None, 1, "yes", np.nan)]


@pytest.fixture(scope="module")
def pieces():
    return {kind: kind() for kind in PIECES}


@pytest.mark.parametrize("kind, name, wrong", REFUSED, ids=lambda each: getattr(each, "__name__", str(each)[:20]))
def test_a_bad_value_is_refused_with_a_sentence_and_the_old_one_stays(pieces, kind, name, wrong):
    piece = pieces[kind]
    before = piece.state()
    with pytest.raises(Refused, match=rf"^{name}: wanted .+, got ") as refused:
        setattr(piece, name, wrong)
    assert isinstance(refused.value, ValueError) and isinstance(refused.value, traitlets.TraitError)
    assert "\n" not in str(refused.value)[:80]
    assert piece.state() == before
    with pytest.raises(ValueError, match=rf"^{name}: wanted "):
        kind(**{name: wrong})


@pytest.mark.parametrize(
    "name, wrong, sentence",
    [
        ("hidden_size", 7, "hidden_size: wanted a whole number from 8 to 64, got 7"),
        ("hidden_size", 65, "hidden_size: wanted a whole number from 8 to 64, got 65"),
        ("steps", 19, "steps: wanted a whole number from 20 to 200, got 19"),
        ("steps", 100.0, "steps: wanted a whole number from 20 to 200, got 100.0"),
        ("seed", -1, "seed: wanted a whole number of at least 0, got -1"),
    ],
)
def test_a_network_that_cannot_be_made_is_refused(name, wrong, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        SpectralRadius(**{name: wrong})


@pytest.mark.parametrize("name", ["matrix", "eigenvalues", "inputs", "direction"])
def test_the_network_is_kept_as_it_was_made(pieces, name):
    piece = pieces[SpectralRadius]
    before = piece.state()
    for wrong in (np.zeros((32, 32)).tolist(), None, []):
        with pytest.raises(Refused, match=f"^{name}: wanted the value that it was made with, got another"):
            setattr(piece, name, wrong)
        with pytest.raises(Refused):
            piece.set_state({"radius": 0.5, name: wrong})
    assert piece.state() == before
    with pytest.raises(TypeError):
        getattr(piece, name)[0] = 0.0


@pytest.mark.parametrize(
    "kind, patch",
    [
        (SaturationSlider, {"function": "tanh", "z": 11}),
        (MemoryHorizon, {"bias": 2.0, "logarithmic": True, "lag": 0}),
        (SpectralRadius, {"radius": 0.5, "input_scale": None}),
    ],
)
def test_what_comes_from_the_page_is_taken_as_a_whole_or_not_at_all(pieces, kind, patch):
    piece = pieces[kind]
    before = piece.state()
    with pytest.raises(Refused):
        piece.set_state(patch)
    assert piece.state() == before


def test_numbers_of_other_types_are_taken():
    slider = SaturationSlider(z=np.float32(1.5))
    assert slider.z == 1.5 and type(slider.z) is float
    slider.z = -0.0
    assert str(slider.z) == "0.0"
    horizon = MemoryHorizon(bias=2, lag=np.int64(3), logarithmic=np.True_)
    assert json.dumps(horizon.state()) == '{"bias": 2.0, "lag": 3, "logarithmic": true}'


# --- pictures and words -----------------------------------------------------------------------------------

SAID = [
    (SaturationSlider("tanh", -3), ["tanh(-3) = -0.995", "flat", "0.0099", "101 times smaller"]),
    (MemoryHorizon(1, 40), ["0.7311", "2.2 steps", "0.00036 % of it", "must be 4.05", "0 to 3.66", "leaves 36 %"]),
    (SpectralRadius(0.9), ["radius 0.9", "vanishes", "0.868 per step", "at lag 100"]),
]


@pytest.mark.parametrize("piece, words", SAID, ids=lambda each: type(each).__name__)
def test_the_words_tell_the_numbers(piece, words):
    for word in words:
        assert word in str(piece)
    assert piece.alt in piece.text()
    assert type(piece).__name__ in repr(piece)


@pytest.mark.parametrize("piece", [piece for piece, _ in SAID], ids=lambda each: type(each).__name__)
def test_without_a_kernel_it_is_a_page_and_without_scripts_a_picture(piece):
    bundle, metadata = piece._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert metadata["image/png"]["alt"] == piece.alt
    assert bundle["text/plain"] == piece.text()
    assert "data-lstm-live" in bundle["text/html"] and ".small-piece" in bundle["text/html"]
    assert not re.search(r"https?://(?!www.w3.org/2000/svg)", bundle["text/html"])


@pytest.mark.parametrize("piece", [MemoryHorizon(8, 190), MemoryHorizon(-2, 200, True)], ids=repr)
def test_an_extreme_setting_has_a_picture(piece):
    assert piece.picture().image.startswith(b"\x89PNG")
