"""The questions of lesson 15, forecasting, in order."""

from pathlib import Path

from ..choices import read_choices
from .coverage import COVERAGE
from .meltwater import MELTWATER
from .own_file import OWN_FILE
from .penalty import PENALTY
from .scaler import SCALER

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "15")
GOOD = CHOICES.pop("15-is-that-good")
PREDICTIONS = [choice for choice in CHOICES.values() if not choice.points]
QUIZ = [choice for choice in CHOICES.values() if choice.points]

QUESTIONS = (*PREDICTIONS, SCALER, PENALTY, COVERAGE, OWN_FILE, MELTWATER, GOOD, *QUIZ)
