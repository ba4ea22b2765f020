"""The questions of lesson 00, the primer, in order."""

from pathlib import Path

from ..choices import read_choices
from .chain import CHAIN
from .last_step import LAST_STEP
from .layer import LAYER
from .layer_backward import LAYER_BACKWARD
from .sigmoid_slope import SIGMOID_SLOPE
from .used_twice import USED_TWICE

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "00")

QUESTIONS = (LAYER, LAST_STEP, SIGMOID_SLOPE, CHAIN, LAYER_BACKWARD, USED_TWICE, *CHOICES.values())
