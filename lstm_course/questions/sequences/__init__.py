"""The questions of lesson 01, sequences and why order matters, in order."""

from pathlib import Path

from ..choices import read_choices
from .error_by_horizon import ERROR_BY_HORIZON
from .one_hot import ONE_HOT
from .seasonal_naive import SEASONAL_NAIVE
from .two_bits import TWO_BITS
from .windows import MAKE_WINDOWS

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "01")

QUESTIONS = (MAKE_WINDOWS, ONE_HOT, SEASONAL_NAIVE, ERROR_BY_HORIZON, TWO_BITS, *CHOICES.values())
