"""Questions of lesson 17."""

from pathlib import Path

from ..choices import read_choices
from .alarms import ALARMS
from .align import ALIGN
from .frames import FRAMES
from .morse import MORSE

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "17")

QUESTIONS = (FRAMES, ALARMS, ALIGN, MORSE, *CHOICES.values())
