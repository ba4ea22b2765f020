"""Questions of lesson 09."""

from pathlib import Path

from ..choices import read_choices
from .battery import BATTERY
from .gru_weights import GRU_WEIGHTS
from .parameters import PARAMETERS
from .word_losses import WORD_LOSSES

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "09")

QUESTIONS = (PARAMETERS, GRU_WEIGHTS, WORD_LOSSES, BATTERY, *CHOICES.values())
