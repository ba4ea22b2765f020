"""17-morse (blank page): Morse code to letters, without being told where a letter begins."""

import numpy as np

from ..question import Mistake, Question
from ..shares import share_of_right

BAR = 0.9  # share of the letters of new messages that must be right, each in its place
CODES = (".", "-", ".-", "-.", "..", "--", "...", "---")  # of E, T, A, N, I, M, S and O, the letters 1 to 8
T, LONGEST = 100, 4  # steps of a signal, letters of a message
NOISE = 0.35


def signals(rng, numbers, N):
    """Signals x (N, T, 1) and their letters y (N, 4), padded with 0.

    Each message of two to four letters is keyed at a speed of its own, by an unsteady hand, and begins at a random
    step. A dot lasts about one unit, a dash three; one unit is left within a letter, three between letters.
    """
    x, y = np.zeros((N, T, 1)), np.zeros((N, LONGEST), int)
    for n in range(N):
        signal = np.zeros(2 * T)
        while True:
            drawn, unit, at = rng.integers(len(CODES), size=rng.integers(2, LONGEST + 1)), rng.uniform(1.6, 2.6), 0.0
            marks = []
            for k in drawn:
                for sign in CODES[k]:
                    length = unit * (1 if sign == "." else 3) * rng.uniform(0.85, 1.15)
                    marks.append((at, at + length))
                    at += length + unit * rng.uniform(0.85, 1.15)
                at += 2 * unit * rng.uniform(0.85, 1.15)
            if at < T - 4:
                break
        begin = rng.integers(2, T - int(at))
        for first, last in marks:
            signal[begin + round(first) : begin + max(round(last), round(first) + 1)] = 1
        x[n, :, 0] = signal[:T] * rng.uniform(0.8, 1.2) + NOISE * rng.normal(size=T)
        y[n, : len(drawn)] = numbers[drawn]
    return x, y


def _cases(rng):
    numbers = 1 + rng.permutation(len(CODES))
    (x, y), (new_x, new_y) = (signals(rng, numbers, N) for N in (600, 200))
    return [dict(x=x, y=y, new_x=new_x, new_y=np.where(new_y, new_y, -1))]


def _most_frequent(x, y, new_x):
    return np.tile([np.bincount(column[column > 0], minlength=9).argmax() for column in y.T], (len(new_x), 1))


def _nearest(x, y, new_x):
    distance = (x[:, :, 0] ** 2).sum(1) - 2 * new_x[:, :, 0] @ x[:, :, 0].T
    return y[distance.argmin(axis=1)]


def _place_by_place(x, y, new_x):
    """Linear in the moving average of the signal, for each place."""
    flat, new_flat = (np.column_stack([part[:, :, 0], np.ones(len(part))]) for part in (x, new_x))
    gram = flat.T @ flat + 30 * np.eye(flat.shape[1])
    weights = np.linalg.solve(gram, flat.T @ np.eye(9)[y].reshape(len(y), -1))
    return (new_flat @ weights).reshape(len(new_x), LONGEST, -1)[:, :, 1:].argmax(axis=2) + 1


MORSE = Question(
    id="17-morse",
    name="read_morse",
    points=5,
    seconds=120.0,
    **share_of_right(
        BAR,
        "four numbers for each signal of `new_x`, padded with 0",
        tuple(range(9)),
        "Probabilities have to be turned into letters.",
        what="share of right letters",
    ),
    cases=_cases,
    mistakes=(
        Mistake(
            "the same for all",
            "You give the same letters for every signal. If you trained a network, look at its loss. At first, CTC "
            "finds that blanks alone are not so bad; a network has to get past that.",
            _most_frequent,
            recognise=lambda answers: answers.ndim == 2 and len(np.unique(answers, axis=0)) == 1,
        ),
        Mistake(
            "the nearest signal",
            "You answer with the letters of the most similar training signal. Messages begin at different steps and "
            "are keyed at different speeds, so similar signals say different things.",
            _nearest,
        ),
        Mistake(
            "place by place",
            "Your model has one classifier for each place of the message. Where a letter stands in the signal depends "
            "on the letters before it, on the speed and on the beginning.",
            _place_by_place,
        ),
    ),
    hints=(
        "The lesson's speller reads 24 bands. What has to change for one number a step and nine symbols?",
        "`nn.CTCLoss` wants log probabilities of shape (T, N, K), the letters, the number of steps of each signal, and "
        "the number of letters of each message. Train with `fit(model, x, y, loss)`, and decode with the likeliest "
        "path, collapsed.",
        "`nn.functional.ctc_loss(model(x).transpose(0, 1), y, torch.full((len(y),), x.shape[1]), (y > 0).sum(dim=1))` "
        "is the loss. For each new signal, take the argmax at each step, drop every symbol that equals the one before "
        "it, then drop the zeros.",
    ),
    explain_right="Nobody told the network where a letter begins, at which speed it is keyed, or what a dot is.",
)
