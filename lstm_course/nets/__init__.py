"""The same in PyTorch: the networks that the lessons train, and their training loop.

`lstm` holds the LSTM from scratch, `lstm_1997` the one without a forget gate, `models` the lessons' networks on
``torch.nn.LSTM``; `initialise` sets initial parameters; `training` is the loop, `history` its record and `device` the
place where it runs; `arguments` checks arguments. `beyond` holds what came after the LSTM, and `families` networks that
compare such layers.
"""

from . import initialise
from .device import move
from .history import Diverged, History, Validation
from .lstm import LSTM, lstm_step
from .lstm_1997 import LSTM1997
from .models import (
    AdditiveAttention,
    Forecaster,
    LanguageModel,
    SequenceClassifier,
    Tagger,
    Translation,
    Translator,
    beam_search,
)
from .training import train

__all__ = [
    "LSTM",
    "LSTM1997",
    "AdditiveAttention",
    "Diverged",
    "Forecaster",
    "History",
    "LanguageModel",
    "SequenceClassifier",
    "Tagger",
    "Translation",
    "Translator",
    "Validation",
    "beam_search",
    "initialise",
    "lstm_step",
    "move",
    "train",
]
