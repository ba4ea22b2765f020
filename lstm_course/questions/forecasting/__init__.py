"""The questions of lesson 15, forecasting, in order."""

from pathlib import Path

from ..choices import read_choices
from .beat_the_season import BEAT
from .coverage import COVERAGE
from .rolling_score import ROLLING
from .scaler import SCALER
from .windows import WINDOWS

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "15")
GOOD = CHOICES.pop("15-is-that-good")
PREDICTIONS = [choice for choice in CHOICES.values() if not choice.points]
QUIZ = [choice for choice in CHOICES.values() if choice.points]

QUESTIONS = (*PREDICTIONS, WINDOWS, SCALER, ROLLING, COVERAGE, BEAT, GOOD, *QUIZ)
