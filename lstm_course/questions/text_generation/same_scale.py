"""12-same-scale: a model of words in bits per character."""

import numpy as np
import torch

from ..edits import edit
from ..question import Mistake, Output, Question


def _cases(rng):
    def case(N, unknown):
        p = np.exp(-rng.uniform(0.1, 9, N))
        return dict(p=p, lengths=rng.integers(1, 12, N), unknown=rng.random(N) < unknown)

    first = dict(p=np.array([1 / 8, 1 / 4]), lengths=np.array([2, 2]), unknown=np.array([False, False]))
    return [first, case(1, 0.0), case(1, 1.0), case(7, 0.5), case(40, 0.1), case(300, 0.05), case(12, 1.0)]


def _by_torch(p, lengths, unknown):
    nats = -torch.tensor(p, dtype=torch.float64).log().sum()
    spelled = torch.tensor((lengths + 1)[unknown], dtype=torch.float64)
    nats = nats + torch.distributions.Categorical(logits=torch.zeros(27, dtype=torch.float64)).entropy() * spelled.sum()
    return (nats / np.log(2) / (lengths + 1).sum()).numpy()


SAME_SCALE = Question(
    id="12-same-scale",
    name="bits_per_character",
    points=3,
    outputs=(Output("bits per character", ()),),
    cases=_cases,
    reference=_by_torch,
    mistakes=(
        Mistake(
            "bits per word",
            "You divided by the number of words. That is bits per *word*; the text has more characters than words.",
            edit("(lengths + 1).sum()", "len(lengths)"),
        ),
        Mistake(
            "the spaces are missing",
            "You divided by the number of letters. A model of characters also has to predict the space after each "
            "word, and it counts as a character there.",
            edit("(lengths + 1).sum()", "lengths.sum()"),
        ),
        Mistake(
            "nats",
            "Your logarithm is the natural one, so your result is in nats. A bit needs the logarithm to base 2.",
            edit("-np.log2(p)", "-np.log(p)", "np.log2(27)", "np.log(27)"),
        ),
        Mistake(
            "unknown words are free",
            "You charge an unknown word only for being unknown. That isn't enough to write the text down: its "
            "letters have to be paid for as well.",
            edit("bits = bits + np.where(unknown, (lengths + 1) * np.log2(27), 0)", "pass"),
        ),
        Mistake(
            "the space after an unknown word is free",
            "You charge an unknown word for its letters, but not for the space that ends it. Without it, nobody "
            "knows where the word stops.",
            edit("(lengths + 1) * np.log2(27)", "lengths * np.log2(27)"),
        ),
        Mistake(
            "every word is spelled",
            "You charge all words for their letters. A known word is settled once the model has named it.",
            edit("np.where(unknown, (lengths + 1) * np.log2(27), 0)", "(lengths + 1) * np.log2(27)"),
        ),
    ),
    hints=(
        "How many bits does the model of words spend on the whole text? And how many characters has that text?",
        "A known word costs -log2 p. An unknown one costs -log2 p and (letters + 1) log2 27 more. The text has "
        "letters + 1 characters for each word.",
        "`bits = -np.log2(p)`, then `bits = bits + np.where(unknown, (lengths + 1) * np.log2(27), 0)`, and "
        "`return bits.sum() / (lengths + 1).sum()`.",
    ),
    explain_right="On this scale, models that cut a text into words, characters or anything else can be compared.",
)
