"""Linear layer against PyTorch."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_course.scratch import Linear

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
