"""The same in PyTorch: the LSTM from scratch (`lstm`), and the training loop of the lessons (`training`)."""

from .lstm import LSTM, lstm_step
from .training import Diverged, History, train

__all__ = ["LSTM", "Diverged", "History", "lstm_step", "train"]
