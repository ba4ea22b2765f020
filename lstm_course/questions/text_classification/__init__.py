"""Questions of lesson 13."""

from pathlib import Path

from ..choices import read_choices
from .deciding_word import DECIDING_WORD
from .mark_negation import MARK_NEGATION
from .own_mind import OWN_MIND
from .read_vectors import READ_VECTORS

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "13")

QUESTIONS = (MARK_NEGATION, READ_VECTORS, DECIDING_WORD, OWN_MIND, *CHOICES.values())
