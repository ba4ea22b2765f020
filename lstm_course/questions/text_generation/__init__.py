"""Questions of lesson 12."""

from pathlib import Path

from ..choices import read_choices
from .same_scale import SAME_SCALE
from .top_p import TOP_P
from .who_speaks import WHO_SPEAKS

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "12")

QUESTIONS = (SAME_SCALE, TOP_P, WHO_SPEAKS, *CHOICES.values())
