"""Questions of lesson 16."""

from pathlib import Path

from ..choices import read_choices
from .cheapest import CHEAPEST
from .leak import LEAK
from .steady_alarm import STEADY_ALARM
from .watch import WATCH

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "16")

QUESTIONS = (CHEAPEST, STEADY_ALARM, LEAK, WATCH, *CHOICES.values())
