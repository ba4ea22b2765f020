"""Questions of lesson 10."""

from pathlib import Path

from ..choices import read_choices
from .both_sides import BOTH_SIDES
from .bucket_order import BUCKET_ORDER
from .depends_on_the_batch import DEPENDS_ON_THE_BATCH
from .fair_loss import FAIR_LOSS
from .read_ends import READ_ENDS

CHOICES = read_choices(Path(__file__).with_name("choices.md"), "10")

QUESTIONS = (READ_ENDS, FAIR_LOSS, BUCKET_ORDER, DEPENDS_ON_THE_BATCH, BOTH_SIDES, *CHOICES.values())
