"""Cross-entropy and squared error against PyTorch."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_course.scratch import softmax_cross_entropy, squared_error

torch.set_num_threads(1)

property_test = settings(max_examples=40, deadline=None, derandomize=True, database=None)
sizes = st.integers(1, 6)


def drawn_mask(rng, shape):
    mask = np.asarray(rng.random(shape) < 0.5)
    mask.reshape(-1)[0] = True
    return mask


@property_test
@given(before=st.lists(sizes, max_size=3), K=sizes, seed=st.integers(0, 2**32 - 1), masked=st.booleans())
def test_cross_entropy_equals_torch(before, K, seed, masked):
    rng = np.random.default_rng(seed)
    logits, targets, mask = rng.normal(size=(*before, K)) * 5, np.array(rng.integers(0, K, before)), None
    if masked:
        mask = drawn_mask(rng, before)
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


@property_test
@given(before=st.lists(sizes, max_size=3), K=sizes, seed=st.integers(0, 2**32 - 1), masked=st.booleans())
def test_squared_error_equals_torch(before, K, seed, masked):
    rng = np.random.default_rng(seed)
    outputs, targets, mask = rng.normal(size=(*before, K)) * 5, rng.normal(size=(*before, K)), None
    if masked:
        mask = drawn_mask(rng, before)
        targets[~mask] = rng.choice([np.nan, np.inf, 1e308])
    for array in (outputs, targets):
        array.flags.writeable = False
    loss, doutputs = squared_error(outputs, targets, mask)
    tensor, counts = torch.tensor(outputs, requires_grad=True), ... if mask is None else torch.tensor(mask)
    reference = torch.nn.functional.mse_loss(tensor[counts], torch.tensor(targets)[counts])
    reference.backward()
    assert loss == pytest.approx(reference.item(), rel=1e-12)
    np.testing.assert_allclose(doutputs, tensor.grad, rtol=0, atol=1e-12)
    if masked:
        assert not doutputs[~mask].any()


@pytest.mark.parametrize("content", [0.0, -7.0, 1e300])
def test_outputs_at_masked_steps_change_nothing(content):
    rng = np.random.default_rng(0)
    mask = np.array([[True, False, True], [False, False, True]])
    outputs, targets, classes = rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 3, 4)), rng.integers(0, 4, (2, 3))
    before = squared_error(outputs, targets, mask), softmax_cross_entropy(outputs, classes, mask)
    outputs[~mask] = content
    with np.errstate(over="raise", invalid="raise"):
        after = squared_error(outputs, targets, mask), softmax_cross_entropy(outputs, classes, mask)
    for (loss, gradient), (same_loss, same_gradient) in zip(before, after, strict=True):
        assert loss == same_loss
        np.testing.assert_array_equal(gradient, same_gradient)


def test_squared_error_in_float32():
    outputs = np.random.default_rng(0).normal(size=(2, 3, 4)).astype(np.float32)
    targets = np.random.default_rng(1).normal(size=(2, 3, 4))
    loss, doutputs = squared_error(outputs, targets)
    exact, dexact = squared_error(outputs.astype(float), targets)
    assert doutputs.dtype == np.float32 and loss == pytest.approx(exact, rel=1e-6)
    np.testing.assert_allclose(doutputs, dexact, rtol=0, atol=1e-7)


def test_squared_error_whose_square_overflows_float32():
    loss, doutputs = squared_error(np.full((1, 1), 1e30, np.float32), [[0.0]])
    assert loss == pytest.approx(1e60) and doutputs == pytest.approx(2e30)


def test_a_column_is_not_spread_over_a_row():
    with pytest.raises(ValueError, match=r"^targets: wanted shape \(5, 1\), got \(5,\)$"):
        squared_error(np.ones((5, 1)), np.ones(5))
