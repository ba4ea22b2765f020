"""Questions of lesson 08."""

from pathlib import Path

from ..choices import read_choices
from .gru_step import GRU_STEP
from .last_marked import LAST_MARKED
from .minimal_gate import MINIMAL_GATE
from .name_the_cell import NAME_THE_CELL

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "08")

QUESTIONS = (GRU_STEP, NAME_THE_CELL, MINIMAL_GATE, LAST_MARKED, *CHOICES.values())
