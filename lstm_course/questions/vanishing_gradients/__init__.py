"""The questions of lesson 03, vanishing and exploding gradients, in order."""

from pathlib import Path

from ..choices import read_choices
from .clip_by_norm import CLIP_BY_NORM
from .norms_by_lag import NORMS_BY_LAG
from .scale_to_radius import SCALE_TO_RADIUS
from .start_with_a_factor import START
from .step_jacobian import STEP_JACOBIAN

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "03")

QUESTIONS = (STEP_JACOBIAN, NORMS_BY_LAG, SCALE_TO_RADIUS, CLIP_BY_NORM, START, *CHOICES.values())
