"""The equations in NumPy, to read and to use. Nothing here needs anything but NumPy.

`lstm` holds the LSTM, as one step with its backward step (`lstm_step`, `lstm_step_backward`) and as a layer
over whole sequences (`LSTM`); `rnn` the plain recurrent cell in the same two forms; `gru` the gated recurrent unit;
`variants` the LSTM with parts removed or added; `recurrent` what all recurrent layers share, and `cell` what each of
them provides. `linear` is the layer that turns hidden states into outputs, `embedding` the one that turns symbols
into inputs, `dropout` the one that drops some of them. `initialise` sets initial parameters; `losses` has the softmax
cross-entropy and the squared error; `optim` SGD, Adam and clipping; `schedules` the course of the learning rate;
`diagnostics` measures gates and gradients inside a layer, `memory_paths` how far its memory reaches; `gradient_check`
tests any backward pass with the `differences` of its loss and writes a `gradient_report`; `storage` keeps layers in a
file; `arguments` checks arguments.
"""

from . import diagnostics, initialise, schedules
from .cell import stacked_weights
from .dropout import Dropout
from .embedding import Embedding
from .gradient_check import check_layer, gradient_check
from .gru import GRU
from .linear import Linear
from .losses import softmax_cross_entropy, squared_error
from .lstm import LSTM, StepCache, lstm_step, lstm_step_backward, sigmoid
from .optim import SGD, Adam, clip_by_norm, clip_by_value
from .rnn import RNN, rnn_step, rnn_step_backward
from .storage import load, save
from .variants import VARIANTS, VariantLSTM

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "SGD",
    "VARIANTS",
    "Adam",
    "Dropout",
    "Embedding",
    "Linear",
    "StepCache",
    "VariantLSTM",
    "check_layer",
    "clip_by_norm",
    "clip_by_value",
    "diagnostics",
    "gradient_check",
    "initialise",
    "load",
    "lstm_step",
    "lstm_step_backward",
    "rnn_step",
    "rnn_step_backward",
    "save",
    "schedules",
    "sigmoid",
    "softmax_cross_entropy",
    "squared_error",
    "stacked_weights",
]
