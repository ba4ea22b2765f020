"""The questions of lesson 02, recurrent networks, in order."""

from pathlib import Path

from ..choices import read_choices
from .backward import RNN_BACKWARD
from .forward import RNN_FORWARD
from .step import RNN_STEP
from .step_backward import STEP_BACKWARD
from .truncated import TRUNCATED

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "02")

QUESTIONS = (RNN_STEP, RNN_FORWARD, STEP_BACKWARD, RNN_BACKWARD, TRUNCATED, *CHOICES.values())
