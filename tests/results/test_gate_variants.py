"""The variants on two tasks: what the stored run shows, and that networks side by side are the cells of the course."""

import numpy as np
import pytest
import torch

from lstm_course import results
from lstm_course.results import gate_variants
from lstm_course.results.gate_networks import Networks
from lstm_course.scratch import VariantLSTM

BLOCKS = {"i": 0, "f": 1, "o": 2, "g": 3}


@pytest.fixture(scope="module")
def stored():
    return results.load("gate_variants")


def rows(array, letters):
    """The blocks of the last axis that belong to these letters, side by side."""
    H = array.shape[-1] // 4
    return np.concatenate([array[..., BLOCKS[letter] * H : (BLOCKS[letter] + 1) * H] for letter in letters], axis=-1)


def together(cell):
    """Two networks with random weights, inputs, outputs and gradients."""
    rng, networks = np.random.default_rng(0), Networks(cell, (7, 16, 7), [3, 4], 1.0)
    for name in ("b", "p", "d"):
        networks.weights[name] += 0.3 * rng.normal(size=networks.weights[name].shape).astype(np.float32)
    x, dy = (rng.normal(size=(2, 9, 5, size)).astype(np.float32) for size in (7, 16))
    y, _, cache = networks.run(x, networks.start(5))
    return networks.weights, x, dy, y, networks.gradients(dy, cache)


@pytest.mark.parametrize("cell", [cell for cell in gate_variants.CELLS if cell != "GRU"])
def test_networks_side_by_side_are_the_variants_of_scratch(cell):
    weights, x, dy, y, grads = together(cell)
    for k in range(2):
        layer = VariantLSTM(7, 16, variant=cell, dtype="float64")
        names, own = layer.gate_names, layer.parameters
        own["weight_ih_l0"][:], own["weight_hh_l0"][:] = (rows(weights[name][k], names).T for name in "WU")
        own["bias_ih_l0"][:], own["bias_hh_l0"][:] = rows(weights["b"][k, 0], names), 0
        if layer.parts.peepholes:
            gates = [BLOCKS[letter] for letter in layer.parts.gates]
            own["weight_peephole_l0"][:] = weights["p"][k, gates, 0]
        if cell == "FGR":
            own["weight_gate_l0"][:] = weights["G"][k].T
        theirs, _ = layer(x[k].swapaxes(0, 1).astype(float))
        layer.backward(dy[k].swapaxes(0, 1).astype(float))
        np.testing.assert_allclose(y[k].swapaxes(0, 1), theirs, atol=1e-5)
        np.testing.assert_allclose(rows(grads["W"][k], names).T, layer.gradients["weight_ih_l0"], atol=1e-4)
        np.testing.assert_allclose(rows(grads["U"][k], names).T, layer.gradients["weight_hh_l0"], atol=1e-4)
        if layer.parts.peepholes:
            np.testing.assert_allclose(grads["p"][k, gates, 0], layer.gradients["weight_peephole_l0"], atol=1e-4)
        if cell == "FGR":
            np.testing.assert_allclose(grads["G"][k].T, layer.gradients["weight_gate_l0"], atol=1e-4)


def test_the_gru_side_by_side_is_that_of_torch():
    weights, x, dy, y, grads = together("GRU")
    gru = torch.nn.GRU(7, 16, batch_first=True)
    with torch.no_grad():
        for name, tensor in (("W", gru.weight_ih_l0), ("U", gru.weight_hh_l0)):
            tensor.copy_(torch.tensor(rows(weights[name][1], "ifg").T))
        gru.bias_ih_l0.copy_(torch.tensor(rows(weights["b"][1, 0], "ifg")))
        gru.bias_hh_l0.copy_(torch.cat([torch.zeros(32), torch.tensor(weights["d"][1, 0])]))
    theirs, _ = gru(torch.tensor(x[1].swapaxes(0, 1)))
    theirs.backward(torch.tensor(dy[1].swapaxes(0, 1)))
    np.testing.assert_allclose(y[1].swapaxes(0, 1), theirs.detach(), atol=1e-5)
    np.testing.assert_allclose(rows(grads["W"][1], "ifg").T, gru.weight_ih_l0.grad, atol=1e-4)
    np.testing.assert_allclose(rows(grads["U"][1], "ifg").T, gru.weight_hh_l0.grad, atol=1e-4)
    np.testing.assert_allclose(grads["d"][1, 0], gru.bias_hh_l0.grad[32:], atol=1e-4)


def test_a_network_learns_by_itself_as_it_does_beside_others():
    seeds, rates = [0, 1, 2], [0.03, 0.1, 0.01]
    _, curves, _ = gate_variants.train("vanilla", "adding", seeds, rates, updates=4)
    _, alone, _ = gate_variants.train("vanilla", "adding", [1], [0.1], updates=4)
    np.testing.assert_allclose(curves[:, 1], alone[:, 0], rtol=1e-3)


@pytest.mark.parametrize("task, cell", [("stream", "NIG"), ("adding", "GRU"), ("reset", "NFG"), ("quiet", "NIG")])
def test_the_script_still_starts_as_the_stored_run_did(stored, task, cell):
    """The first twentieth of the updates of two seeds, whose mean losses hardly depend on rounding."""
    settings = gate_variants.SETTINGS
    rate = settings["learning_rates"][int(stored[f"{task}_{cell}_rate"])]
    updates = settings["adding" if task in ("adding", "quiet") else "stream"]["updates"] // 20
    more = int(np.ceil(updates / (1 - settings["last_part"])))  # the rate falls only after the updates compared here
    _, curve, _ = gate_variants.train(cell, task, [3, 7], [rate] * 2, more)
    full = stored[f"{task}_{cell}_curve"][[3, 7], 0]
    np.testing.assert_allclose(curve[:updates].mean(axis=0), full, rtol=0.05)


def test_the_reset_empties_the_states_where_a_string_starts():
    source = gate_variants.Source("reset", [0, 1, 0])
    batches, x, _, keep = source.letters(60)
    assert (keep[:, 0] == 0).all() and (keep[0] == keep[2]).all()
    letters = x.argmax(axis=-1)
    for s, n in ((0, 0), (1, 5)):
        text = "".join("BTPSXVE"[k] for k in letters[s, :, n])
        starts = [t for t in range(1, 60) if text[t] == "B" and text[t - 1] == "E"]
        assert starts and np.flatnonzero(keep[s, 1:, n, 0] == 0).tolist() == [t - 1 for t in starts]
    assert len(batches) == 3


def test_rates_are_chosen_on_other_seeds(stored):
    assert not set(stored.meta["settings"]["choosing_seeds"]) & set(stored.meta["settings"]["seeds"])
    for task in ("stream", "adding"):
        for cell in gate_variants.CELLS:
            sweep = stored[f"{task}_{cell}_sweep"].mean(axis=1)
            assert sweep.argmin() == stored[f"{task}_{cell}_rate"]


def test_the_controls_outside_the_table_are_what_the_lesson_says(stored):
    for task, cell in gate_variants.LOWER:
        assert stored[f"{task}_{cell}_rate"] == 0  # the lowest of the three
    loss = {name: np.median(stored[f"{name}_loss"]) for name in ("adding_vanilla", "start_vanilla", "adding_CIFG")}
    assert 2 * loss["adding_CIFG"] < loss["start_vanilla"] < 0.8 * loss["adding_vanilla"]
    networks, _, _ = gate_variants.train("vanilla", "adding", [0], [0.0], updates=1, input_bias=-1.0)
    assert (networks.weights["b"][0, 0, :16] == -1).all() and (networks.weights["b"][0, 0, 16:32] == 1).all()
