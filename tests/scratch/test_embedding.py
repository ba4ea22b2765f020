"""Embedding against PyTorch."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_course.scratch import Embedding

torch.set_num_threads(1)

property_test = settings(max_examples=40, deadline=None, derandomize=True, database=None)
sizes = st.integers(1, 6)


@property_test
@given(shape=st.lists(sizes, max_size=3), K=sizes, D=sizes, seed=st.integers(0, 2**32 - 1))
def test_embedding_equals_torch(shape, K, D, seed):
    rng = np.random.default_rng(seed)
    layer, reference = Embedding(K, D, seed=seed), torch.nn.Embedding(K, D).double()
    reference.load_state_dict({name: torch.from_numpy(p) for name, p in layer.parameters.items()})
    x, dy = np.array(rng.integers(0, K, shape)), rng.normal(size=(*shape, D))
    x.flags.writeable = dy.flags.writeable = False
    y = layer(x)
    assert layer.backward(dy) is None
    expected = reference(torch.tensor(x))
    expected.backward(torch.tensor(dy))
    np.testing.assert_array_equal(y, expected.detach())
    np.testing.assert_allclose(layer.gradients["weight"], reference.weight.grad, rtol=0, atol=1e-12)


def test_gradients_of_a_symbol_that_comes_again_add_up():
    layer = Embedding(4, 2)
    layer([[1, 3, 1], [1, 0, 0]])
    layer.backward(np.ones((2, 3, 2)))
    np.testing.assert_array_equal(layer.gradients["weight"], [[2, 2], [3, 3], [0, 0], [1, 1]])
    layer.backward(np.ones((2, 3, 2)))  # of the last call alone
    np.testing.assert_array_equal(layer.gradients["weight"], [[2, 2], [3, 3], [0, 0], [1, 1]])


def test_start_and_type():
    table = Embedding(100, 50, seed=3).parameters["weight"]
    assert abs(table.mean()) < 0.05 and abs(table.std() - 1) < 0.03
    layer = Embedding(100, 50, dtype=np.float32, seed=3)
    np.testing.assert_array_equal(layer.parameters["weight"], table.astype(np.float32))
    y = layer([[0, 1]])
    layer.backward(y)
    assert y.dtype == layer.gradients["weight"].dtype == np.float32


@pytest.mark.parametrize("x", [np.array([[1, 2]]), np.array(1)])
def test_nothing_is_shared_with_the_caller(x):
    layer = Embedding(3, 2)
    before, first = layer.parameters["weight"].copy(), x.copy()
    y = layer(x)
    y[...] = 99
    np.testing.assert_array_equal(layer.parameters["weight"], before)
    x[...] = 0
    layer.backward(np.ones((*x.shape, 2)))
    assert not layer.gradients["weight"][0].any() and layer.gradients["weight"][first].any()


def test_backward_before_forward():
    with pytest.raises(RuntimeError, match="^backward: the layer has not been called yet"):
        Embedding(2, 3).backward(np.ones((1, 3)))
