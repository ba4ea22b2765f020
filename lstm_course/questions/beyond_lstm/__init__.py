"""Questions of lesson 19."""

from pathlib import Path

from ..choices import read_choices
from .ball import BALL
from .pieces import PIECES
from .repair_attention import REPAIR_ATTENTION
from .switches import SWITCHES

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "19")

QUESTIONS = (PIECES, REPAIR_ATTENTION, SWITCHES, BALL, *CHOICES.values())
