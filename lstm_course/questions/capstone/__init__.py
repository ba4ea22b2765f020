"""Questions of lesson 20."""

from pathlib import Path

from ..choices import read_choices
from .claim import CLAIM
from .leak import LEAK
from .network import NETWORK

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "20")

QUESTIONS = (LEAK, NETWORK, CLAIM, *CHOICES.values())
