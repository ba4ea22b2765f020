"""A patient monitor whose pulse and network are made up, for the tests of the widget in Python and in a browser."""

import numpy as np
import torch

from lstm_course.explore import PatientMonitor
from lstm_course.tasks.vital_signs import EVENTS

# One event of each kind, far enough apart for none to change the place of another.
ALL_EVENTS = [[kind, 2.0 + 2.5 * k] for k, kind in enumerate(EVENTS)]


def made_up_parts(units=6, seconds=24, seed=0):
    """A pulse whose beats differ a little, and an LSTM with random weights that predicts it badly."""
    t = np.arange(100 * seconds) / 100
    phase = 2 * np.pi * (1.3 * t + 0.1 * np.sin(0.7 * t))
    pulse = np.sin(phase) + 0.5 * np.sin(2 * phase + 0.4)
    torch.manual_seed(seed)
    return pulse, torch.nn.LSTM(1, units, batch_first=True), torch.nn.Linear(units, 1)


def a_monitor(**values):
    values = {"threshold": 0.2, "window": 10, "limits": (-1.5, 1.5), **values}
    return PatientMonitor(*made_up_parts(), **values)
