"""Questions of lesson 17."""

from pathlib import Path

from ..choices import read_choices
from .alarms import ALARMS
from .align import ALIGN
from .frames import FRAMES
from .whistles import WHISTLES

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "17")

QUESTIONS = (FRAMES, ALARMS, ALIGN, WHISTLES, *CHOICES.values())
