"""The questions of lesson 05, an LSTM from scratch, in order."""

from pathlib import Path

from ..choices import read_choices
from .coupled_gates import COUPLED_GATES
from .sequence_backward import SEQUENCE_BACKWARD
from .step import LSTM_STEP
from .step_backward import STEP_BACKWARD

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "05")
GRADIENT_CHECK = CHOICES.pop("05-gradient-check")

QUESTIONS = (LSTM_STEP, STEP_BACKWARD, SEQUENCE_BACKWARD, GRADIENT_CHECK, COUPLED_GATES, *CHOICES.values())
