"""14-foreign (blank page): a translator for a language that nobody knows, trained on a few hundred pairs."""

import numpy as np

from ..question import Mistake, Question
from ..shares import share_of_right

BAR = 0.88  # share of the words of new sentences that must be right
ALONE, FIRST, SECOND = 4, 5, 5  # words that stand alone, and those of pairs
WORDS = ALONE + FIRST + SECOND
AND = WORDS + 1  # the word that the translation puts between the two of a pair; 0 is the padding
T, U = 12, 18  # words at most, in a sentence and in its translation


def sentences(rng, read, write, N):
    """Sentences x (N, T) and their translations y (N, U), both padded with 0.

    A sentence has three to six parts. A part is a word that stands alone, or a pair; the translation of a pair has its
    words in the other order, with another word between them. `read` and `write` say which number stands for each word.
    """
    x, y = np.zeros((N, T), int), np.zeros((N, U), int)
    for n in range(N):
        source, target = [], []
        for _ in range(rng.integers(3, 7)):
            if rng.random() < 0.5:
                word = rng.integers(ALONE)
                source, target = [*source, read[word]], [*target, write[word]]
            else:
                a, b = ALONE + rng.integers(FIRST), ALONE + FIRST + rng.integers(SECOND)
                source, target = [*source, read[a], read[b]], [*target, write[b], AND, write[a]]
        x[n, : len(source)], y[n, : len(target)] = source, target
    return x, y


def _cases(rng):
    read, write = (1 + rng.permutation(WORDS) for _ in range(2))
    (x, y), (new_x, new_y) = (sentences(rng, read, write, N) for N in (400, 300))
    return [dict(x=x, y=y, new_x=new_x, new_y=np.where(new_y, new_y, -1))]


def _nearest(x, y, new_x):
    return y[(new_x[:, None] == x).sum(axis=2).argmax(axis=1)]


def _most_frequent(x, y, new_x):
    likeliest = [np.bincount(column[column > 0], minlength=AND + 1).argmax() for column in y.T]
    return np.tile(likeliest, (len(new_x), 1))


def _place_by_place(x, y, new_x):
    """A linear model of the whole sentence for each place of the translation."""
    flat, new_flat = (np.eye(AND)[part].reshape(len(part), -1) for part in (x, new_x))
    weights = np.linalg.lstsq(flat, np.eye(AND + 1)[y].reshape(len(y), -1), rcond=1e-6)[0]
    return (new_flat @ weights).reshape(len(new_x), U, -1).argmax(axis=2)


FOREIGN = Question(
    id="14-foreign",
    name="learn_to_translate",
    points=5,
    seconds=120.0,
    **share_of_right(
        BAR,
        "a translation for each sentence of `new_x`, padded with 0",
        tuple(range(AND + 1)),
        "Logits have to be turned into words.",
        what="share of right words",
    ),
    cases=_cases,
    mistakes=(
        Mistake(
            "the same for all",
            "You give the same translation for every sentence. If you trained a network, check whether its decoder "
            "sees the sentence at all.",
            _most_frequent,
            recognise=lambda answers: answers.ndim == 2 and len(np.unique(answers, axis=0)) == 1,
        ),
        Mistake(
            "the nearest pair",
            "You give the translation of the most similar training sentence. Hardly any new sentence occurs in the "
            "training set, so some of the words are nearly always wrong.",
            _nearest,
        ),
        Mistake(
            "place by place",
            "Your model predicts each place of the translation from the words at each place of the sentence. Where a "
            "word belongs depends on how many pairs come before it.",
            _place_by_place,
        ),
    ),
    hints=(
        "Train `Translator` as it stands and compare its answers on the training sentences and on new ones. Which of "
        "the lesson's two networks has this problem?",
        "Write a class that inherits from `Translator`, with another `output` layer and another `decode`: scores "
        "between the decoder's outputs and the memory, softmax, weighted mean, and both together into `output`.",
        "`weights = (d @ self.score(memory).transpose(1, 2)).softmax(dim=2)`, then "
        "`self.output(torch.cat([d, weights @ memory], dim=2))`. Then `fit(model, x, y)`, and return "
        "`translate(model, new_x)`.",
    ),
    explain_right="You learned the words and their order from 400 pairs, and carried both over to new sentences.",
)
