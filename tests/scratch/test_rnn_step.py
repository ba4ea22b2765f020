"""`rnn_step` against autograd, and against the layer `RNN`."""

import numpy as np
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lstm_course.scratch import RNN, rnn_step, rnn_step_backward

torch.set_num_threads(1)

property_test = settings(max_examples=40, deadline=None, derandomize=True, database=None)
sizes = st.integers(1, 6)
shapes = given(N=sizes, D=sizes, H=sizes, seed=st.integers(0, 2**32 - 1))
smallest = example(N=1, D=1, H=1, seed=0)


@property_test
@smallest
@shapes
def test_a_step_and_its_backward_pass_equal_autograd(N, D, H, seed):
    rng = np.random.default_rng(seed)
    x, h, W, b, dh_next = (rng.normal(size=shape) for shape in ((N, D), (N, H), (H, H + D), H, (N, H)))
    h_next = rnn_step(x, h, W, b)
    ours = rnn_step_backward(dh_next, x, h, h_next, W)

    tensors = [torch.tensor(array, requires_grad=True) for array in (x, h, W, b)]
    theirs = torch.tanh(torch.cat([tensors[1], tensors[0]], dim=1) @ tensors[2].T + tensors[3])
    theirs.backward(torch.from_numpy(dh_next))
    np.testing.assert_allclose(h_next, theirs.detach(), rtol=0, atol=1e-12)
    for name, mine, tensor in zip(("dx", "dh", "dW", "db"), ours, tensors, strict=True):
        np.testing.assert_allclose(mine, tensor.grad, rtol=0, atol=1e-10, err_msg=name)


@property_test
@smallest
@shapes
def test_a_loop_over_steps_equals_the_layer(N, D, H, seed):
    T = 1 + seed % 7
    rng = np.random.default_rng(seed)
    layer = RNN(D, H, seed=seed)
    W = np.concatenate([layer.parameters["weight_hh_l0"], layer.parameters["weight_ih_l0"]], axis=1)
    b = layer.parameters["bias_ih_l0"] + layer.parameters["bias_hh_l0"]
    x, dy, h0 = rng.normal(size=(N, T, D)), rng.normal(size=(N, T, H)), rng.normal(size=(N, H))
    y, _ = layer(x, h0[None])
    dx_layer, dh_layer = layer.backward(dy)

    states = [h0]
    for t in range(T):
        states.append(rnn_step(x[:, t], states[-1], W, b))
    np.testing.assert_allclose(np.stack(states[1:], axis=1), y, rtol=0, atol=1e-12)
    dh, dW, db = np.zeros((N, H)), 0, 0
    for t in reversed(range(T)):
        dx, dh, dW_t, db_t = rnn_step_backward(dy[:, t] + dh, x[:, t], states[t], states[t + 1], W)
        np.testing.assert_allclose(dx, dx_layer[:, t], rtol=0, atol=1e-10)
        dW, db = dW + dW_t, db + db_t
    np.testing.assert_allclose(dh, dh_layer[0], rtol=0, atol=1e-10)
    np.testing.assert_allclose(dW[:, :H], layer.gradients["weight_hh_l0"], rtol=0, atol=1e-10)
    np.testing.assert_allclose(dW[:, H:], layer.gradients["weight_ih_l0"], rtol=0, atol=1e-10)
    np.testing.assert_allclose(db, layer.gradients["bias_ih_l0"], rtol=0, atol=1e-10)
