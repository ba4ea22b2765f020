"""Helpers that several questions of lesson 02 share."""

import numpy as np

from lstm_course.scratch import RNN

from ..question import Output

STEP_SIZES = [(1, 1, 1), (2, 3, 3), (3, 4, 2), (4, 1, 3), (1, 2, 5)]  # N, D, H
STATE = ("sample", "unit")
STATES = ("sample", "time step", "unit")
LIBRARY = ("lstm_course.scratch:RNN", "torch.nn:RNN", "torch.nn:RNNCell", "torch:rnn_tanh", "torch:rnn_tanh_cell")
STEP = {"rnn_step": "lstm_course.scratch:rnn_step"}
STEP_BACKWARD_GIVEN = {"rnn_step_backward": "lstm_course.scratch:rnn_step_backward"}
GRADIENTS = (
    Output("dx", ("sample", "feature"), backward=True),
    Output("dh", STATE, backward=True),
    Output("dW", ("row", "column"), backward=True),
    Output("db", ("row",), backward=True),
)
SEQUENCE_GRADIENTS = (Output("dx", ("sample", "time step", "feature"), backward=True), *GRADIENTS[1:])


def layer_with(D, W, b):
    """The package's fast layer, which shares no code with its step, with these weights."""
    H = len(W)
    layer = RNN(D, H)
    layer.parameters.update(
        weight_hh_l0=W[:, :H].copy(), weight_ih_l0=W[:, H:].copy(), bias_ih_l0=b.copy(), bias_hh_l0=np.zeros(H)
    )
    return layer


def weight_gradients(layer):
    """dW, (H, H + D), and db, (H,), after a backward pass of the layer."""
    gradients = layer.gradients
    dW = np.concatenate([gradients["weight_hh_l0"], gradients["weight_ih_l0"]], axis=1)
    return dW, gradients["bias_ih_l0"]


def step_inputs(rng, N, D, H, scale=1.0):
    """Random arguments of one step."""
    return dict(
        x=scale * rng.normal(size=(N, D)),
        h=rng.uniform(-0.9, 0.9, (N, H)),
        W=rng.normal(size=(H, H + D)) / np.sqrt(H + D),
        b=rng.normal(size=H),
    )


def sequence_inputs(rng, N, T, D, H, scale=1.0):
    """Random arguments of a whole sequence."""
    return step_inputs(rng, N, D, H) | dict(x=scale * rng.normal(size=(N, T, D)))
