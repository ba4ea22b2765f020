"""The questions of lesson 01, sequences and why order matters, in order."""

from pathlib import Path

from ..choices import read_choices
from .learn_the_order import LEARN_THE_ORDER
from .one_hot import ONE_HOT
from .ordered_pairs import ORDERED_PAIRS
from .trusted_steps import TRUSTED_STEPS
from .two_bits import TWO_BITS
from .windows import MAKE_WINDOWS

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "01")

QUESTIONS = (
    MAKE_WINDOWS,
    ONE_HOT,
    ORDERED_PAIRS,
    TWO_BITS,
    TRUSTED_STEPS,
    LEARN_THE_ORDER,
    *CHOICES.values(),
)
