"""Tests for the mistakes that a training run doesn't show. Run them with: python -m pytest

They use your data and your network, so keep them when you change either.
"""

from dataclasses import replace

import pytest
import torch
from data import HORIZON, INPUTS, TARGETS, WINDOW, load, read
from model import Network, predict
from train import train

torch.set_num_threads(1)


@pytest.fixture(scope="module")
def table():
    return read()


@pytest.fixture(scope="module")
def data(table):
    return load(table)


def network(data, **settings):
    torch.manual_seed(0)
    return Network(data.train.x.shape[-1], data.train.y.shape[-1], **settings)


# The data


def test_the_window_ends_before_the_target(table, data):
    for part in (data.train, data.validation, data.test):
        for k in (0, len(part.rows) // 2, -1):
            row = int(part.rows[k])
            last = row - HORIZON
            inputs = (table[INPUTS].iloc[last - WINDOW + 1 : last + 1] - data.mean[INPUTS]) / data.spread[INPUTS]
            assert part.x[k].numpy() == pytest.approx(inputs.to_numpy(), abs=1e-4)
            assert data.in_units(part.y)[k] == pytest.approx(table[TARGETS].iloc[row].to_numpy(), abs=1e-3)


def test_no_forecast_is_made_before_the_part_ahead_has_ended(data):
    for before, after in ((data.train, data.validation), (data.validation, data.test)):
        assert before.rows.max() <= after.rows.min() - HORIZON


def test_training_knows_nothing_of_later_rows(table, data):
    changed = table.copy()
    changed.iloc[data.train.rows.max() + 1 :] += 1000.0
    assert torch.equal(load(changed).train.x, data.train.x)  # with the scaling, too
    assert torch.equal(load(changed).train.y, data.train.y)


# The network


def test_each_sequence_is_read_on_its_own(data):
    net, x = network(data), data.train.x[:5]
    together = predict(net, x)
    assert together.shape == data.train.y[:5].shape
    for k in range(5):
        assert torch.allclose(predict(net, x[k : k + 1]), together[k : k + 1], atol=1e-5)


def test_every_row_of_the_window_reaches_the_output(data):
    x = data.train.x[:4].clone().requires_grad_()
    net = network(data, forget_bias=3.0)  # so that the first row still counts, in a long window too
    net.eval()
    net(x).sum().backward()
    assert (x.grad.abs().sum((0, 2)) > 0).all()


def test_the_order_of_the_rows_matters(data):
    x = data.train.x[:4]
    assert not torch.allclose(predict(network(data), x), predict(network(data), x.flip(1)), atol=1e-4)


def test_two_predictions_are_the_same(data):
    net, x = network(data, dropout=0.5), data.train.x[:4]
    net.train()
    assert torch.equal(predict(net, x), predict(net, x))  # without dropout
    assert net.training


def test_saved_weights_give_the_same_forecasts(data, tmp_path):
    net = network(data)
    torch.save(net.state_dict(), tmp_path / "weights.pt")
    again = Network(data.train.x.shape[-1], data.train.y.shape[-1])
    again.load_state_dict(torch.load(tmp_path / "weights.pt", weights_only=True))
    assert torch.equal(predict(net, data.test.x[:4]), predict(again, data.test.x[:4]))


# The training


def test_it_can_learn_eight_examples_by_heart(data):
    few = replace(data.train, x=data.train.x[:8], y=data.train.y[:8])
    few = replace(data, train=few, validation=few)
    net = network(data, dropout=0.0)
    losses = train(net, few, epochs=100, learning_rate=0.01, patience=100, progress=False)["training"]
    assert losses.min() < 0.05 * losses.iloc[0]


def test_it_ends_with_the_best_weights(data):
    net = network(data, dropout=0.0)
    # Here the untrained network is right, so that every epoch of training makes it worse.
    validation = replace(data.validation, y=predict(net, data.validation.x))
    history = train(net, replace(data, validation=validation), epochs=4, patience=4, progress=False)["validation"]
    assert history[4] > 1.5 * history[1]
    error = float((predict(net, validation.x) - validation.y).square().mean())
    assert error == pytest.approx(history[1], rel=1e-4)
