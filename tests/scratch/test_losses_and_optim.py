"""Linear layer, cross-entropy, Adam and clipping against PyTorch."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_course.scratch import LSTM, RNN, Adam, Linear, clip_by_norm, softmax_cross_entropy

torch.set_num_threads(1)

property_test = settings(max_examples=40, deadline=None, derandomize=True, database=None)
sizes = st.integers(1, 6)


@property_test
@given(leading=st.lists(sizes, min_size=0, max_size=3), D=sizes, K=sizes, seed=st.integers(0, 2**32 - 1))
def test_linear_equals_torch(leading, D, K, seed):
    rng = np.random.default_rng(seed)
    layer, reference = Linear(D, K, seed=seed), torch.nn.Linear(D, K).double()
    reference.load_state_dict({name: torch.from_numpy(p) for name, p in layer.parameters.items()})
    x, dy = rng.normal(size=(*leading, D)), rng.normal(size=(*leading, K))
    x.flags.writeable = dy.flags.writeable = False
    y, dx = layer(x), layer.backward(dy)
    x = torch.tensor(x, requires_grad=True)
    reference(x).backward(torch.tensor(dy))
    np.testing.assert_allclose(y, reference(x).detach(), rtol=0, atol=1e-12)
    np.testing.assert_allclose(dx, x.grad, rtol=0, atol=1e-12)
    for name, parameter in reference.named_parameters():
        np.testing.assert_allclose(layer.gradients[name], parameter.grad, rtol=0, atol=1e-12, err_msg=name)


def test_linear_start_and_type():
    layer = Linear(16, 50, dtype=np.float32, seed=3)
    values = np.concatenate([p.ravel() for p in layer.parameters.values()])
    assert 0.24 < np.abs(values).max() <= 0.25  # 1/sqrt(16)
    y = layer(np.ones((2, 3, 16)))
    assert y.dtype == layer.backward(y).dtype == layer.gradients["weight"].dtype == np.float32
    np.testing.assert_array_equal(layer.parameters["weight"], Linear(16, 50, np.float32, 3).parameters["weight"])


def test_linear_keeps_no_view_of_its_input():
    layer, x = Linear(2, 3), np.ones((4, 2))
    layer(x)
    x[...] = 99
    layer.backward(np.ones((4, 3)))
    np.testing.assert_array_equal(layer.gradients["weight"], np.full((3, 2), 4))


def test_linear_backward_before_forward():
    with pytest.raises(RuntimeError, match="^backward: the layer has not been called yet"):
        Linear(2, 3).backward(np.ones((1, 3)))


@property_test
@given(N=sizes, T=sizes, K=sizes, seed=st.integers(0, 2**32 - 1), masked=st.booleans())
def test_cross_entropy_equals_torch(N, T, K, seed, masked):
    rng = np.random.default_rng(seed)
    logits, targets, mask = rng.normal(size=(N, T, K)) * 5, rng.integers(0, K, (N, T)), None
    if masked:
        mask = rng.random((N, T)) < 0.5
        mask[0, 0] = True
        targets[~mask] = -100  # what PyTorch takes for "does not count"
    for array in (logits, targets):
        array.flags.writeable = False
    loss, dlogits = softmax_cross_entropy(logits, targets, mask)
    tensor = torch.tensor(logits, requires_grad=True)
    reference = torch.nn.functional.cross_entropy(tensor.reshape(-1, K), torch.tensor(targets).reshape(-1))
    reference.backward()
    assert loss == pytest.approx(reference.item(), abs=1e-12)
    np.testing.assert_allclose(dlogits, tensor.grad, rtol=0, atol=1e-12)
    if masked:
        assert not dlogits[~mask].any()


@pytest.mark.parametrize("scale", [1.0, 1e3, 1e30, 1e300])
def test_cross_entropy_is_safe_for_large_logits(scale):
    logits = np.array([[[1.0, 0.0, -1.0], [-1.0, 1.0, 1.0]]]) * scale
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        loss, dlogits = softmax_cross_entropy(logits, [[0, 1]])
        worst, _ = softmax_cross_entropy(logits, [[2, 0]])
    assert np.isfinite([loss, worst]).all() and np.isfinite(dlogits).all() and worst >= loss >= 0
    shifted, _ = softmax_cross_entropy(logits + 1e3, [[0, 1]])
    assert shifted == pytest.approx(loss)


def test_cross_entropy_in_float32():
    logits = np.random.default_rng(0).normal(size=(2, 3, 4)).astype(np.float32)
    loss, dlogits = softmax_cross_entropy(logits, np.zeros((2, 3), int))
    exact, dexact = softmax_cross_entropy(logits.astype(float), np.zeros((2, 3), int))
    assert dlogits.dtype == np.float32 and loss == pytest.approx(exact, rel=1e-6)
    np.testing.assert_allclose(dlogits, dexact, rtol=0, atol=1e-7)


def layers_and_torch(seed, dtype):
    """Two layers and torch parameters that hold the same numbers, in the same order."""
    layers = [LSTM(3, 4, dtype=dtype, seed=seed), Linear(4, 2, dtype=dtype, seed=seed)]
    return layers, [torch.nn.Parameter(torch.tensor(p)) for layer in layers for p in layer.parameters.values()]


def give_gradients(layers, tensors, rng, scale=1.0):
    """The same random gradients to both."""
    for layer in layers:
        layer.gradients = {
            name: (rng.normal(size=p.shape) * scale).astype(p.dtype) for name, p in layer.parameters.items()
        }
    arrays = [gradient for layer in layers for gradient in layer.gradients.values()]
    for tensor, array in zip(tensors, arrays, strict=True):
        tensor.grad = torch.tensor(array)


@pytest.mark.parametrize("dtype, tolerance", [(np.float64, 1e-12), (np.float32, 1e-5)])
@pytest.mark.parametrize("options", [{}, {"learning_rate": 0.1, "betas": (0.5, 0.0), "epsilon": 1e-3}])
def test_adam_equals_torch(options, dtype, tolerance):
    layers, tensors = layers_and_torch(0, dtype)
    arrays = [parameter for layer in layers for parameter in layer.parameters.values()]
    adam = Adam(layers, **options)
    renamed = {"learning_rate": "lr", "epsilon": "eps"}
    reference = torch.optim.Adam(tensors, **{renamed.get(name, name): value for name, value in options.items()})
    rng = np.random.default_rng(0)
    for step in range(20):
        if step == 10:  # a schedule
            adam.learning_rate = reference.param_groups[0]["lr"] = 0.003
        give_gradients(layers, tensors, rng, scale=10.0 ** (step % 5 - 2))
        adam.step()
        reference.step()
        for array, tensor in zip(arrays, tensors, strict=True):  # the very arrays of the start: changed in place
            assert array.dtype == dtype
            np.testing.assert_allclose(array, tensor.detach(), rtol=tolerance, atol=tolerance)


def test_adam_reads_but_does_not_change_gradients():
    layers, tensors = layers_and_torch(0, np.float64)
    give_gradients(layers, tensors, np.random.default_rng(0))
    Adam(layers).step()
    for tensor, gradient in zip(tensors, [g for layer in layers for g in layer.gradients.values()], strict=True):
        np.testing.assert_array_equal(gradient, tensor.grad)


@pytest.mark.parametrize("dtype, tolerance", [(np.float64, 1e-12), (np.float32, 1e-6)])
@pytest.mark.parametrize("max_norm", [1e-3, 1.0, 1e3])
def test_clipping_equals_torch(max_norm, dtype, tolerance):
    layers, tensors = layers_and_torch(0, dtype)
    give_gradients(layers, tensors, np.random.default_rng(1))
    norm = clip_by_norm(layers, max_norm)
    expected = torch.nn.utils.clip_grad_norm_(tensors, max_norm)
    assert norm == pytest.approx(expected.item(), rel=1e-6 if dtype == np.float32 else 1e-12)
    for tensor, gradient in zip(tensors, [g for layer in layers for g in layer.gradients.values()], strict=True):
        np.testing.assert_allclose(gradient, tensor.grad, rtol=0, atol=tolerance)


def test_clipping_a_gradient_whose_square_overflows_float32():
    layer = RNN(1, 1, dtype=np.float32)
    layer.gradients = {"weight_ih_l0": np.full((1, 1), 1e30, np.float32)}
    assert clip_by_norm([layer], 1.0) == pytest.approx(1e30)
    assert layer.gradients["weight_ih_l0"] == pytest.approx(1.0)


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
