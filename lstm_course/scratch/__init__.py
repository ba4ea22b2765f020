"""The equations in NumPy, to be read and to be used: nothing here needs anything but NumPy.

`lstm` holds the LSTM, as one step with its backward step (`lstm_step`, `lstm_step_backward`) and as a layer
over whole sequences (`LSTM`); `rnn` the plain recurrent layer; `recurrent` what the two layers share;
`linear` the layer that turns hidden states into outputs; `losses` the softmax cross-entropy; `optim` Adam and
clipping by norm; `arguments` the sentences about bad input.
"""

from .linear import Linear
from .losses import softmax_cross_entropy
from .lstm import LSTM, StepCache, lstm_step, lstm_step_backward, sigmoid, stacked_weights
from .optim import Adam, clip_by_norm
from .rnn import RNN

__all__ = [
    "LSTM",
    "RNN",
    "Adam",
    "Linear",
    "StepCache",
    "clip_by_norm",
    "lstm_step",
    "lstm_step_backward",
    "sigmoid",
    "softmax_cross_entropy",
    "stacked_weights",
]
