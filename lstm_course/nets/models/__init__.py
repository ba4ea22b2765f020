"""The models that the lessons share, on ``torch.nn.LSTM``: one file for each kind of task.

`classify` predicts a class for each sequence or each step, `forecast` the next numbers of a series, `language` the next
symbol of a text, and `translate` another sequence, with `attention` to its source and a beam `search`. `parts` is what
they share. The contents of the padding in a batch never change a result.
"""

from .attention import AdditiveAttention
from .classify import SequenceClassifier, Tagger
from .forecast import Forecaster
from .language import LanguageModel
from .search import beam_search
from .translate import Translation, Translator

__all__ = [
    "AdditiveAttention",
    "Forecaster",
    "LanguageModel",
    "SequenceClassifier",
    "Tagger",
    "Translation",
    "Translator",
    "beam_search",
]
