"""17-whistles (blank page): a whistled language to letters, without being told where a letter begins."""

import numpy as np

from ..question import Mistake, Question
from ..shares import share_of_right

BAR = 0.75  # share of the letters of new messages that must be right, each in its place
LETTERS, BANDS, T, LONGEST = 6, 4, 48, 5  # of the language, of a frame, frames of a message, letters of a message
NOISE = 0.25


def messages(rng, glides, N):
    """Frames x (N, T, 4) and their letters y (N, 5), from 1 to 6, padded with 0.

    A letter is a glide from one band to another. It lasts three to eight frames, and up to three frames of silence
    follow it. A message has three to five letters and begins at a random frame.
    """
    x, y = NOISE * rng.normal(size=(N, T, BANDS)), np.zeros((N, LONGEST), int)
    for n in range(N):
        letters = rng.integers(LETTERS, size=rng.integers(3, LONGEST + 1))
        lengths, pauses = rng.integers(3, 9, len(letters)), rng.integers(0, 4, len(letters))
        at = rng.integers(0, max(1, T - lengths.sum() - pauses.sum()))
        for letter, length, pause in zip(letters, lengths, pauses, strict=True):
            part, (low, high) = np.linspace(0, 1, length), glides[letter]
            part = part[: max(0, T - at)]
            x[n, at : at + length, low] += 1 - part
            x[n, at : at + length, high] += part
            at += length + pause
        y[n, : len(letters)] = letters + 1
    return x, y


def _cases(rng):
    pairs = [(a, b) for a in range(BANDS) for b in range(BANDS) if a != b]
    glides = [pairs[k] for k in rng.permutation(len(pairs))[:LETTERS]]
    (x, y), (new_x, new_y) = (messages(rng, glides, N) for N in (500, 200))
    return [dict(x=x, y=y, new_x=new_x, new_y=np.where(new_y, new_y, -1))]


def _most_frequent(x, y, new_x):
    likeliest = [np.bincount(column[column > 0], minlength=LETTERS + 1).argmax() for column in y.T]
    return np.tile(likeliest, (len(new_x), 1))


def _nearest(x, y, new_x):
    flat, new_flat = (part.reshape(len(part), -1) for part in (x, new_x))
    return y[((flat**2).sum(axis=1) - 2 * new_flat @ flat.T).argmin(axis=1)]


def _place_by_place(x, y, new_x):
    """A linear model of all frames for each place of the message."""
    flat, new_flat = (np.column_stack([part.reshape(len(part), -1), np.ones(len(part))]) for part in (x, new_x))
    gram = flat.T @ flat + 30 * np.eye(flat.shape[1])
    weights = np.linalg.solve(gram, flat.T @ np.eye(LETTERS + 1)[y].reshape(len(y), -1))
    return (new_flat @ weights).reshape(len(new_x), LONGEST, -1)[:, :, 1:].argmax(axis=2) + 1


WHISTLES = Question(
    id="17-whistles",
    name="read_whistles",
    points=5,
    seconds=120.0,
    **share_of_right(
        BAR,
        "five numbers for each message of `new_x`, padded with 0",
        tuple(range(LETTERS + 1)),
        "Probabilities have to be turned into letters.",
        what="share of right letters",
    ),
    cases=_cases,
    mistakes=(
        Mistake(
            "the same for all",
            "You give the same letters for every message. If you trained a network, look at its loss. With CTC, it "
            "first learns to answer with blanks alone, and it takes more updates to get past that.",
            _most_frequent,
            recognise=lambda answers: answers.ndim == 2 and len(np.unique(answers, axis=0)) == 1,
        ),
        Mistake(
            "the nearest message",
            "You answer with the letters of the most similar training message. Messages begin at different frames and "
            "their letters have different lengths, so similar frames may say different things.",
            _nearest,
        ),
        Mistake(
            "place by place",
            "Your model has one classifier for each place of the message. But the frames of a letter depend on the "
            "lengths of the letters before it.",
            _place_by_place,
        ),
    ),
    hints=(
        "Look at the lesson's `Speller`: which of its numbers have to change for four bands and six letters?",
        "`nn.CTCLoss` wants log probabilities of shape (T, N, K), the letters, the number of frames of each message, "
        "and its number of letters. Train with `fit(model, x, y, loss)`, and decode with the likeliest path, "
        "collapsed.",
        "`nn.functional.ctc_loss(model(x).transpose(0, 1), y, torch.full((len(y),), x.shape[1]), (y > 0).sum(dim=1))` "
        "is the loss. For each new message, take the argmax at each frame, drop every symbol that equals the one "
        "before it, then drop the zeros.",
    ),
    explain_right="Nobody told the network where a letter begins, how long it lasts, or what a glide is.",
)
