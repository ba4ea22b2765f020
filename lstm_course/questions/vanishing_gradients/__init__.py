"""The questions of lesson 03, vanishing and exploding gradients, in order."""

from pathlib import Path

from ..choices import read_choices
from .clip_by_norm import CLIP_BY_NORM
from .leaky_jacobian import LEAKY_JACOBIAN
from .recent_share import RECENT_SHARE
from .scale_to_radius import SCALE_TO_RADIUS
from .start_with_a_factor import START

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "03")

QUESTIONS = (LEAKY_JACOBIAN, RECENT_SHARE, SCALE_TO_RADIUS, CLIP_BY_NORM, START, *CHOICES.values())
