"""Questions of lesson 18."""

from pathlib import Path

from ..choices import read_choices
from .eight_bits import EIGHT_BITS
from .keep_pruned import KEEP_PRUNED
from .repair_stream import REPAIR_STREAM
from .small_reader import SMALL_READER
from .step_cost import STEP_COST

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "18")

QUESTIONS = (STEP_COST, EIGHT_BITS, KEEP_PRUNED, REPAIR_STREAM, SMALL_READER, *CHOICES.values())
