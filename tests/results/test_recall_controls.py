"""The controls for the recall task: what they show, and that the script still produces them."""

import numpy as np
import pytest
import torch

from lstm_course import results
from lstm_course.results import recall_controls, recall_rnn
from lstm_course.scratch import SGD, Adam
from lstm_course.scratch.diagnostics import factor_per_step, gradient_norms
from lstm_course.tasks import recall


@pytest.fixture(scope="module")
def controls():
    return results.load("recall_controls")


def solved(controls, name):
    return int((np.nanmax(controls[f"{name}_accuracy"], axis=1) == 1).sum())


def test_plain_gradient_descent_learns_5_symbols_and_not_20(controls):
    assert controls["sgd_5_best"].shape == (len(recall_controls.SETTINGS["sgd_learning_rates"]), 10)
    assert (controls["sgd_5_best"][:5] == 1).all()
    assert controls["sgd_20_best"].max() < 0.6


def test_with_the_capital_letters_frozen_adam_does_not_learn_20_symbols(controls):
    assert np.nanmax(controls["frozen_accuracy"]) < 0.4
    assert (np.nanmax(results.load("recall_rnn")["middle_accuracy"], axis=1) == 1).sum() == 8


def test_at_40_symbols_nothing_is_learned_though_the_trace_is_far_above_rounding(controls):
    assert np.nanmax(controls["adam_40_accuracy"]) < 0.4
    assert all(recall_controls.trace(recall_rnn.start(seed)[0], 40) > 1e-13 for seed in range(10))


def test_epsilon_moves_the_weights_and_teaches_nothing(controls):
    assert controls["epsilon_moved"].min() > 0.02
    assert np.nanmax(controls["epsilon_accuracy"]) < 0.4
    assert controls["epsilon_trace"].max() < 1e-14  # rounding errors


def test_a_better_factor_learns_a_longer_lag(controls):
    solved_at = {factor: solved(controls, f"factor_{factor}_100") for factor in (0.6, 0.9, 1.0)}
    assert solved_at[0.6] == 0 and 3 <= solved_at[0.9] <= 7 and solved_at[1.0] >= 9
    traces = [np.median(controls[f"factor_{factor}_100_trace"]) for factor in (0.6, 0.9, 1.0)]
    assert traces[0] < 1e-14 and 1e-7 < traces[1] < 1e-3 and traces[2] > 0.05


@pytest.mark.parametrize("factor", [0.6, 0.9, 1.0])
def test_the_start_has_the_factor_that_was_asked_for(controls, factor):
    layer, _, gain = recall_controls.start(factor, seed=3)
    assert gain == pytest.approx(controls[f"factor_{factor}_gain"][3], abs=1e-3)
    x = recall.batch(16, 121, 4003).x
    assert factor_per_step(gradient_norms(layer, x, seed=3)) == pytest.approx(factor, abs=0.005)


def test_the_trace_is_that_of_torch():
    layer, _ = recall_rnn.start(seed=1)
    net = torch.nn.RNN(len(recall.SYMBOLS), 32, batch_first=True, dtype=torch.float64)
    net.load_state_dict({name: torch.tensor(array) for name, array in layer.parameters.items()})
    x = torch.tensor(recall.batch(64, 10, 5).x)
    other = x.clone()
    other[:, 0, :4] = x[:, 0, :4].roll(1, dims=1)
    difference = (net(x)[0][:, -1] - net(other)[0][:, -1]).abs().amax(dim=1).mean()
    assert recall_controls.trace(layer, 10) == pytest.approx(difference.item(), rel=1e-9)


def test_frozen_columns_stay_and_the_others_move():
    layer, output = recall_rnn.start(seed=0)
    before = layer.parameters["weight_ih_l0"].copy()
    recall_controls.train(layer, output, Adam([layer, output], 0.001), 5, 0, updates=25, freeze_capitals=True)
    change = np.abs(layer.parameters["weight_ih_l0"] - before)
    assert (change[:, :4] == 0).all() and (change[:, 4:] > 0).any()


@pytest.mark.parametrize("name, length", [("factor_1.0_20", 20), ("factor_1.0_100", 100)])
def test_the_script_learns_as_the_stored_run_did(controls, name, length):
    layer, output, _ = recall_controls.start(1.0, seed=0)
    accuracies = recall_controls.train(layer, output, Adam([layer, output], 0.001), length, seed=0, updates=300)
    stored_accuracies = controls[f"{name}_accuracy"][0]
    assert accuracies[-1] == 1 == np.nanmax(stored_accuracies)
    assert abs(len(accuracies) - np.isfinite(stored_accuracies).sum()) <= 4


def test_training_ends_when_all_strings_are_right():
    layers = recall_rnn.start(seed=0)
    accuracies = recall_controls.train(*layers, SGD(layers, 0.3), 5, seed=0, updates=500)
    assert accuracies[-1] == 1 and len(accuracies) < 20
