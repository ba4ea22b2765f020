"""Questions of lesson 11."""

from pathlib import Path

from ..choices import read_choices
from .early_stopping import EARLY_STOPPING
from .quotes import QUOTES
from .recurrent_masks import RECURRENT_MASKS
from .repair_loop import REPAIR_LOOP

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "11")

QUESTIONS = (EARLY_STOPPING, RECURRENT_MASKS, REPAIR_LOOP, QUOTES, *CHOICES.values())
