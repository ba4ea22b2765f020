"""The questions of lesson 07, learning to forget, in order."""

from pathlib import Path

from ..choices import read_choices
from .bracket_counter import BRACKET_COUNTER
from .count_people import COUNT_PEOPLE
from .stuck_gate import STUCK_GATE
from .written_when import WRITTEN_WHEN

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "07")

QUESTIONS = (BRACKET_COUNTER, STUCK_GATE, WRITTEN_WHEN, COUNT_PEOPLE, *CHOICES.values())
