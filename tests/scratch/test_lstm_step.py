"""`lstm_step` against autograd, central differences, and the layer `LSTM`."""

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lstm_course.scratch import LSTM, StepCache, lstm_step, lstm_step_backward, sigmoid, stacked_weights

torch.set_num_threads(1)

property_test = settings(max_examples=40, deadline=None, derandomize=True, database=None)
sizes = st.integers(1, 6)
shapes = given(N=sizes, D=sizes, H=sizes, seed=st.integers(0, 2**32 - 1))
smallest = example(N=1, D=1, H=1, seed=0)


def draw(N, D, H, seed):
    """x, h, c, W, b, and the gradients dh_next, dc_next."""
    rng = np.random.default_rng(seed)
    step = [rng.normal(size=shape) for shape in ((N, D), (N, H), (N, H), (4 * H, H + D), (4 * H,))]
    return step, [rng.normal(size=(N, H)) for _ in range(2)]


def torch_step(x, h, c, W, b):
    z = torch.cat([h, x], dim=1) @ W.T + b
    i, f, g, o = z.chunk(4, dim=1)
    c_next = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c_next), c_next


@property_test
@smallest
@shapes
def test_backward_equals_autograd(N, D, H, seed):
    step, arriving = draw(N, D, H, seed)
    h_next, c_next, cache = lstm_step(*step)
    ours = lstm_step_backward(*arriving, cache, step[3])

    tensors = [torch.tensor(array, requires_grad=True) for array in step]
    theirs = torch_step(*tensors)
    np.testing.assert_allclose(h_next, theirs[0].detach(), rtol=0, atol=1e-12)
    np.testing.assert_allclose(c_next, theirs[1].detach(), rtol=0, atol=1e-12)
    torch.autograd.backward(theirs, [torch.from_numpy(array) for array in arriving])
    for name, mine, tensor in zip(("dx", "dh", "dc", "dW", "db"), ours, tensors, strict=True):
        np.testing.assert_allclose(mine, tensor.grad, rtol=0, atol=1e-10, err_msg=name)


def test_backward_equals_central_differences():
    step, (dh_next, dc_next) = draw(2, 3, 2, 0)
    ours = lstm_step_backward(dh_next, dc_next, lstm_step(*step)[2], step[3])

    def loss():
        h_next, c_next, _ = lstm_step(*step)
        return np.sum(h_next * dh_next) + np.sum(c_next * dc_next)

    for name, mine, array in zip(("dx", "dh", "dc", "dW", "db"), ours, step, strict=True):
        for index in np.ndindex(array.shape):
            kept = array[index]
            array[index] = kept + 1e-5
            above = loss()
            array[index] = kept - 1e-5
            below = loss()
            array[index] = kept
            assert mine[index] == pytest.approx((above - below) / 2e-5, abs=1e-8), (name, index)


@property_test
@smallest
@shapes
def test_a_loop_over_steps_equals_the_layer(N, D, H, seed):
    T = 1 + seed % 7
    rng = np.random.default_rng(seed)
    layer = LSTM(D, H, seed=seed)
    W, b = stacked_weights(layer.parameters)
    x, dy = rng.normal(size=(N, T, D)), rng.normal(size=(N, T, H))
    h0, c0, dh, dc = rng.normal(size=(4, N, H))

    y, (h_last, c_last) = layer(x, (h0[None], c0[None]))
    dx, (dh0, dc0) = layer.backward(dy, (dh[None], dc[None]))

    h, c, caches = h0, c0, []
    for t in range(T):
        h, c, cache = lstm_step(x[:, t], h, c, W, b)
        caches.append(cache)
        np.testing.assert_allclose(h, y[:, t], rtol=0, atol=1e-12)
    np.testing.assert_allclose(h, h_last[0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(c, c_last[0], rtol=0, atol=1e-12)

    dW, db = np.zeros_like(W), np.zeros_like(b)
    for t in reversed(range(T)):
        dx_t, dh, dc, dW_t, db_t = lstm_step_backward(dh + dy[:, t], dc, caches[t], W)
        dW, db = dW + dW_t, db + db_t
        np.testing.assert_allclose(dx_t, dx[:, t], rtol=0, atol=1e-10)
    np.testing.assert_allclose(dh, dh0[0], rtol=0, atol=1e-10)
    np.testing.assert_allclose(dc, dc0[0], rtol=0, atol=1e-10)
    np.testing.assert_allclose(dW[:, :H], layer.gradients["weight_hh_l0"], rtol=0, atol=1e-10)
    np.testing.assert_allclose(dW[:, H:], layer.gradients["weight_ih_l0"], rtol=0, atol=1e-10)
    for name in ("bias_ih_l0", "bias_hh_l0"):
        np.testing.assert_allclose(db, layer.gradients[name], rtol=0, atol=1e-10)


def test_cache_holds_the_gates_of_the_equations():
    (x, h, c, W, b), _ = draw(2, 3, 4, 0)
    h_next, c_next, cache = lstm_step(x, h, c, W, b)
    assert isinstance(cache, StepCache)
    np.testing.assert_array_equal(cache.hx, np.concatenate([h, x], axis=1))
    np.testing.assert_allclose(c_next, cache.f * c + cache.i * cache.g)
    np.testing.assert_allclose(h_next, cache.o * np.tanh(c_next))
    for gate in (cache.i, cache.f, cache.o):
        assert ((0 < gate) & (gate < 1)).all()


def test_nothing_of_the_callers_is_changed():
    step, arriving = draw(2, 3, 4, 0)
    for array in (*step, *arriving):
        array.flags.writeable = False
    cache = lstm_step(*step)[2]
    before = [array.copy() for array in cache]
    lstm_step_backward(*arriving, cache, step[3])
    for kept, array in zip(before, cache, strict=True):
        np.testing.assert_array_equal(kept, array)


def test_sigmoid():
    z = np.array([-1e4, -2.0, 0.0, 2.0, 1e4])
    with np.errstate(all="raise"):
        np.testing.assert_allclose(sigmoid(z), torch.sigmoid(torch.from_numpy(z)), rtol=0, atol=1e-15)
    assert sigmoid(np.float32([1.0])).dtype == np.float32


def test_the_cache_is_its_own():
    """The caller may change its arrays between the forward and the backward step."""
    rng = np.random.default_rng(0)
    x, h, c, W, b = (rng.normal(size=shape) for shape in ((2, 3), (2, 4), (2, 4), (16, 7), (16,)))
    dh, dc = rng.normal(size=(2, 2, 4))
    expected = lstm_step_backward(dh, dc, lstm_step(x, h, c, W, b)[2], W)
    h_next, c_next, cache = lstm_step(x, h, c, W, b)
    for array in (x, h, c, h_next, c_next):
        array[...] = 99
    for mine, wanted in zip(lstm_step_backward(dh, dc, cache, W), expected, strict=True):
        np.testing.assert_array_equal(mine, wanted)
