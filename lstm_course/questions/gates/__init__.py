"""The questions of lesson 04, the cell state and its three gates, in order."""

from pathlib import Path

from ..choices import read_choices
from .build_a_memory import BUILD_A_MEMORY
from .cell_state import CELL_STATE
from .forget_gate import FORGET_GATE
from .read_the_gates import READ_THE_GATES
from .run_cell import RUN_CELL

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "04")
MAIN_ROLE = CHOICES.pop("04-main-role")

QUESTIONS = (FORGET_GATE, CELL_STATE, RUN_CELL, MAIN_ROLE, BUILD_A_MEMORY, READ_THE_GATES, *CHOICES.values())
