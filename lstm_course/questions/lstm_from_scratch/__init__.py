"""The questions of lesson 05, an LSTM from scratch, in order."""

from pathlib import Path

from ..choices import read_choices
from .coupled_gates import COUPLED_GATES
from .masked_backward import MASKED_BACKWARD
from .peephole_step import PEEPHOLE_STEP
from .step_backward import STEP_BACKWARD
from .train_a_switch import TRAIN_A_SWITCH

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "05")

QUESTIONS = (PEEPHOLE_STEP, STEP_BACKWARD, COUPLED_GATES, MASKED_BACKWARD, TRAIN_A_SWITCH, *CHOICES.values())
