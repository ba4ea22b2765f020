"""19-ball (blank page): under which cup is the ball? A network for the state of a game, judged on longer games."""

import numpy as np

from ..question import Mistake, Question
from ..shares import share_of_right

BAR = 0.95  # share of right answers, over all steps of the new games
MOVES = ((1, 0, 2), (0, 2, 1), (2, 1, 0), (0, 1, 2))  # where a ball under each cup is after a move


def games(rng, letters, N, T):
    """Moves x (N, T) as letters, and whether the ball, at first in the middle, is then under the left cup (N, T)."""
    moves, cup, left = rng.integers(0, 4, (N, T)), np.ones(N, int), []
    for column in moves.T:
        cup = np.array(MOVES)[column, cup]
        left.append(cup == 0)
    return letters[moves], np.stack(left, axis=1).astype(int)


def _cases(rng):
    letters = rng.permutation(4)
    (x, y), (new_x, new_y) = games(rng, letters, 600, 12), games(rng, letters, 300, 48)
    return [dict(x=x, y=y, new_x=new_x, new_y=new_y)]


def _never_left(x, y, new_x):
    return np.zeros(new_x.shape, int)


def _from_the_last_answer(x, y, new_x):
    """A table of the last answer and the letter, which goes on from its own answers."""
    before = np.concatenate([np.zeros((len(y), 1), int), y[:, :-1]], axis=1)
    table = np.array([[np.mean(y[(before == k) & (x == n)]) > 0.5 for n in range(4)] for k in (0, 1)]).astype(int)
    answer, answers = np.zeros(len(new_x), int), []
    for column in new_x.T:
        answer = table[answer, column]
        answers.append(answer)
    return np.stack(answers, axis=1)


def _from_the_last_letters(x, y, new_x, reach=4):
    """The likeliest answer after each of the ends of `reach` letters that training has."""
    codes, new_codes = (sum(4**k * np.roll(part, k, axis=1) for k in range(reach)) for part in (x, new_x))
    counts = np.zeros((4**reach, 2))
    np.add.at(counts, (codes[:, reach - 1 :].ravel(), y[:, reach - 1 :].ravel()), 1)
    return counts.argmax(axis=1)[new_codes]


BALL = Question(
    id="19-ball",
    name="follow_the_ball",
    points=5,
    seconds=120.0,
    **share_of_right(
        BAR,
        "an answer for each step of `new_x`",
        (0, 1),
        "1 where the ball is under the left cup.",
    ),
    cases=_cases,
    mistakes=(
        Mistake(
            "never under the left cup",
            "You never say that the ball is under the left cup. That is right two times in three without any network.",
            _never_left,
            recognise=lambda answers: answers.ndim == 2 and not answers.any(),
        ),
        Mistake(
            "from the last answer",
            "You go on from your last answer and the letter. But *not left* may mean two cups, and the answer doesn't "
            "tell them apart.",
            _from_the_last_answer,
        ),
        Mistake(
            "from the last letters",
            "You decide from the last few letters. Where the ball is depends on all of them.",
            _from_the_last_letters,
        ),
    ),
    hints=(
        "The new games are four times as long as those for training. Which families were still right at lengths that "
        "they had never met, and what did they have in common?",
        "Take a family whose gates look back at the hidden state, and train it for longer than `fit` does by itself. "
        "Then let it answer at all steps of `new_x`.",
        '`network = Network("LSTM", 4, 2)`, `fit(network, x, y, updates=600)`, and return `answer(network, new_x)`.',
    ),
    explain_right="Your network follows the ball through games four times as long as any it was trained on.",
)
