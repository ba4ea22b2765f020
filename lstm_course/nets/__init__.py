"""The same in PyTorch: what is trained in the lessons, and how.

`lstm` holds the LSTM from scratch, `lstm_1997` the one without a forget gate, `models` what the lessons build on
``torch.nn.LSTM``, `initialise` where training starts from, `training` the loop, `device` where it runs, and
`arguments` the sentences about bad input.
"""

from . import initialise
from .device import move
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
)
from .training import Diverged, History, Validation, train

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
    "initialise",
    "lstm_step",
    "move",
    "train",
]
