"""SGD, Adam and clipping against PyTorch."""

import pickle

import numpy as np
import pytest
import torch

from lstm_course.scratch import (
    LSTM,
    RNN,
    SGD,
    Adam,
    Dropout,
    Linear,
    clip_by_norm,
    clip_by_value,
    softmax_cross_entropy,
)
from lstm_course.scratch.schedules import cosine, warmup

torch.set_num_threads(1)


def layers_and_torch(seed, dtype):
    """Two layers, and torch parameters with the same numbers in the same order."""
    layers = [LSTM(3, 4, dtype=dtype, seed=seed), Linear(4, 2, dtype=dtype, seed=seed)]
    return layers, [torch.nn.Parameter(torch.tensor(p)) for layer in layers for p in layer.parameters.values()]


def give_gradients(layers, tensors, rng, scale=1.0):
    """Set the same random gradients in both."""
    for layer in layers:
        layer.gradients = {
            name: (rng.normal(size=p.shape) * scale).astype(p.dtype) for name, p in layer.parameters.items()
        }
    arrays = [gradient for layer in layers for gradient in layer.gradients.values()]
    for tensor, array in zip(tensors, arrays, strict=True):
        tensor.grad = torch.tensor(array)


OPTIMISERS = [
    (Adam, torch.optim.Adam, {}),
    (Adam, torch.optim.Adam, {"learning_rate": 0.1, "betas": (0.5, 0.0), "epsilon": 1e-3}),
    (SGD, torch.optim.SGD, {"learning_rate": 0.1}),
    (SGD, torch.optim.SGD, {"learning_rate": 0.01, "momentum": 0.9}),
]


def in_torch(options):
    renamed = {"learning_rate": "lr", "epsilon": "eps"}
    return {renamed.get(name, name): value for name, value in options.items()}


@pytest.mark.parametrize("dtype, tolerance", [(np.float64, 1e-12), (np.float32, 1e-5)])
@pytest.mark.parametrize("kind, torch_kind, options", OPTIMISERS)
def test_optimiser_equals_torch(kind, torch_kind, options, dtype, tolerance):
    layers, tensors = layers_and_torch(0, dtype)
    arrays = [parameter for layer in layers for parameter in layer.parameters.values()]
    optimiser, reference = kind(layers, **options), torch_kind(tensors, **in_torch(options))
    rng = np.random.default_rng(0)
    for step in range(20):
        if step == 10:
            optimiser.learning_rate = reference.param_groups[0]["lr"] = 0.003
        give_gradients(layers, tensors, rng, scale=10.0 ** (step % 5 - 2))
        optimiser.step()
        reference.step()
        for array, tensor in zip(arrays, tensors, strict=True):  # the very arrays of the start: changed in place
            assert array.dtype == dtype
            np.testing.assert_allclose(array, tensor.detach(), rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("kind, torch_kind, options", OPTIMISERS)
def test_schedule_equals_torch(kind, torch_kind, options):
    layers, tensors = layers_and_torch(0, np.float64)
    schedule = warmup(4, then=cosine(12, floor=0.1))
    optimiser = kind(layers, **options, schedule=schedule)
    reference = torch_kind(tensors, **in_torch(options))
    changing = torch.optim.lr_scheduler.LambdaLR(reference, schedule)
    rng = np.random.default_rng(0)
    for _ in range(20):
        give_gradients(layers, tensors, rng)
        optimiser.step()
        reference.step()
        changing.step()
    arrays = [parameter for layer in layers for parameter in layer.parameters.values()]
    for array, tensor in zip(arrays, tensors, strict=True):
        np.testing.assert_allclose(array, tensor.detach(), rtol=0, atol=1e-12)


@pytest.mark.parametrize("optimiser", [Adam, lambda layers: SGD(layers, 0.1, momentum=0.9)])
def test_optimiser_reads_but_does_not_change_gradients(optimiser):
    layers, tensors = layers_and_torch(0, np.float64)
    give_gradients(layers, tensors, np.random.default_rng(0))
    optimiser(layers).step()
    for tensor, gradient in zip(tensors, [g for layer in layers for g in layer.gradients.values()], strict=True):
        np.testing.assert_array_equal(gradient, tensor.grad)


def test_a_step_that_cannot_be_taken_changes_nothing():
    layers, tensors = layers_and_torch(0, np.float64)
    before = [parameter.copy() for layer in layers for parameter in layer.parameters.values()]
    give_gradients(layers, tensors, np.random.default_rng(0))
    layers[1].gradients["bias"][0] = np.nan
    adam = Adam(layers)
    with pytest.raises(ValueError, match="NaN"):
        adam.step()
    give_gradients(layers, tensors, np.random.default_rng(0))
    adam.schedule = lambda step: np.nan
    with pytest.raises(ValueError, match="^schedule: "):
        adam.step()
    after = [parameter for layer in layers for parameter in layer.parameters.values()]
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one, other)
    adam.schedule = lambda step: 1.0 if step == 0 else 1 / 0  # nor has it counted as a step
    adam.step()


@pytest.mark.parametrize("dtype, tolerance", [(np.float64, 1e-12), (np.float32, 1e-6)])
@pytest.mark.parametrize("max_norm", [1e-3, 1.0, 1e3])
def test_clipping_by_norm_equals_torch(max_norm, dtype, tolerance):
    layers, tensors = layers_and_torch(0, dtype)
    give_gradients(layers, tensors, np.random.default_rng(1))
    norm = clip_by_norm(layers, max_norm)
    expected = torch.nn.utils.clip_grad_norm_(tensors, max_norm)
    assert norm == pytest.approx(expected.item(), rel=1e-6 if dtype == np.float32 else 1e-12)
    for tensor, gradient in zip(tensors, [g for layer in layers for g in layer.gradients.values()], strict=True):
        np.testing.assert_allclose(gradient, tensor.grad, rtol=0, atol=tolerance)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("limit", [1e-3, 0.5, 1e3])
def test_clipping_by_value_equals_torch(limit, dtype):
    layers, tensors = layers_and_torch(0, dtype)
    give_gradients(layers, tensors, np.random.default_rng(1))
    arrays = [gradient for layer in layers for gradient in layer.gradients.values()]
    clip_by_value(layers, limit)
    torch.nn.utils.clip_grad_value_(tensors, limit)
    for tensor, array in zip(tensors, arrays, strict=True):  # the very arrays: changed in place
        assert array.dtype == dtype
        np.testing.assert_array_equal(array, tensor.grad)


def test_clipping_a_gradient_whose_square_overflows_float32():
    layer = RNN(1, 1, dtype=np.float32)
    layer.gradients = {name: np.zeros_like(parameter) for name, parameter in layer.parameters.items()}
    layer.gradients["weight_ih_l0"][...] = 1e30
    assert clip_by_norm([layer], 1.0) == pytest.approx(1e30)
    assert layer.gradients["weight_ih_l0"] == pytest.approx(1.0)


def test_a_layer_without_parameters_may_stand_among_the_others():
    layers, tensors = layers_and_torch(0, np.float64)
    give_gradients(layers, tensors, np.random.default_rng(0))
    adam = Adam([layers[0], Dropout(0.5), layers[1]])
    adam.step()
    assert clip_by_norm(adam.layers, 1.0) > 1


def test_a_layer_learns():
    layer, output = RNN(1, 4), Linear(4, 2, seed=1)
    adam, rng, losses = Adam([layer, output], 0.02), np.random.default_rng(0), []
    for _ in range(150):  # was the last input above zero?
        x = rng.normal(size=(16, 3, 1))
        y, _ = layer(x)
        loss, dlogits = softmax_cross_entropy(output(y), (x[:, :, 0] > 0).astype(int))
        layer.backward(output.backward(dlogits))
        clip_by_norm([layer, output], 1.0)
        adam.step()
        losses.append(loss)
    assert losses[0] > 0.6 and np.mean(losses[-10:]) < 0.3


def test_clipping_gradients_whose_squares_overflow_float64():
    layer = Linear(1, 2)
    layer.gradients = {"weight": np.array([[3e200], [4e200]]), "bias": np.zeros(2)}
    assert clip_by_norm([layer], 1.0) == pytest.approx(5e200)
    np.testing.assert_allclose(layer.gradients["weight"], [[0.6], [0.8]])


def test_an_optimiser_can_be_pickled():
    layer = Linear(2, 3)
    layer(np.ones((1, 2)))
    layer.backward(np.ones((1, 3)))
    adam = Adam([layer], 0.1)
    adam.step()
    again = pickle.loads(pickle.dumps(adam))
    for each in (adam, again):
        each.step()
    np.testing.assert_array_equal(again.layers[0].parameters["weight"], layer.parameters["weight"])
