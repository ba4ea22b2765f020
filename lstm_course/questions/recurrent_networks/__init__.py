"""The questions of lesson 02, recurrent networks, in order."""

from pathlib import Path

from ..choices import read_choices
from .leaky_backward import LEAKY_BACKWARD
from .numerical_gradient import NUMERICAL_GRADIENT
from .repair import REPAIR
from .sequence_loss import SEQUENCE_LOSS
from .truncated import TRUNCATED

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "02")

QUESTIONS = (LEAKY_BACKWARD, SEQUENCE_LOSS, NUMERICAL_GRADIENT, REPAIR, TRUNCATED, *CHOICES.values())
