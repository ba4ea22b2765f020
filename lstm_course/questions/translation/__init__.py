"""Questions of lesson 14."""

from pathlib import Path

from ..choices import read_choices
from .attend import ATTEND
from .foreign import FOREIGN
from .repair_beam import REPAIR_BEAM

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "14")

QUESTIONS = (ATTEND, REPAIR_BEAM, FOREIGN, *CHOICES.values())
