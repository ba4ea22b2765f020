"""The models the lessons share, on ``torch.nn.LSTM``: one file for each kind of question.

`classify` asks for one answer a sequence or one a step, `forecast` for the next numbers of a series, `language`
for the next symbol of a text, `translate` for another sequence, with the `attention` it looks back with. `parts`
is what they share: what stands in the padding of a batch never changes a result.
"""

from .attention import AdditiveAttention
from .classify import SequenceClassifier, Tagger
from .forecast import Forecaster
from .language import LanguageModel
from .translate import Translation, Translator

__all__ = [
    "AdditiveAttention",
    "Forecaster",
    "LanguageModel",
    "SequenceClassifier",
    "Tagger",
    "Translation",
    "Translator",
]
