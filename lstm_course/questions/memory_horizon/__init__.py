"""Questions of lesson 06."""

from pathlib import Path

from ..choices import read_choices
from .chrono_biases import CHRONO_BIASES
from .last_key import LAST_KEY
from .noisy_horizon import NOISY_HORIZON
from .room_to_move import ROOM_TO_MOVE

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "06")

QUESTIONS = (NOISY_HORIZON, CHRONO_BIASES, ROOM_TO_MOVE, LAST_KEY, *CHOICES.values())
