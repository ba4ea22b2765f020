"""01-learn-the-order (blank page): a model that finds out from examples which order matters."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Question
from ..shares import share_of_right

BAR = 0.95  # share of the new sequences that must be answered correctly


def _order_cases(rng):
    def sequences(N, T, D, one, other):
        """Letters (N, T) in which `one` stands directly before `other` somewhere, and nowhere directly after it."""
        letters = rng.integers(0, D, (4 * N, T))
        places = rng.integers(0, T - 1, 4 * N)
        letters[np.arange(4 * N), places], letters[np.arange(4 * N), places + 1] = one, other
        reverse = ((letters[:, :-1] == other) & (letters[:, 1:] == one)).any(axis=1)
        return letters[~reverse][:N]

    def case(N, M, T, D):
        one, other = rng.permutation(D)[:2]
        letters, y = sequences(N + M, T, D, one, other), rng.integers(0, 2, N + M)
        letters[y == 0] = letters[y == 0, ::-1]  # the same letters, so that their counts say nothing
        x = np.eye(D)[letters]
        return dict(x=x[:N], y=y[:N], new_x=x[N:], new_y=y[N:])

    return [case(500, 400, 10, 5), case(700, 400, 14, 6)]


PAIRS = 'np.einsum("nti,ntj->nij", x[:, :-1], x[:, 1:]).reshape(len(x), -1)'  # as the solution has it

LEARN_THE_ORDER = Question(
    id="01-learn-the-order",
    name="learn_order",
    points=4,
    seconds=20.0,
    **share_of_right(
        BAR, "one answer for each sequence of `new_x`", (0, 1), "Probabilities or votes have to be turned into answers."
    ),
    cases=_order_cases,
    mistakes=(
        Mistake(
            "one answer for all",
            "You give the same answer for every sequence, which is right in about half. Whatever your model has "
            "learned, it doesn't show in its answers.",
            lambda x, y, new_x: np.zeros(len(new_x)),
            recognise=lambda answers: answers.ndim == 1 and len(np.unique(answers)) == 1,
        ),
        Mistake(
            "counts of letters",
            "Your model reads how often each letter occurs. A sequence and its reverse have the same counts and "
            "different answers here, so no model can learn the rule from them. Let it see two neighbouring steps at "
            "once.",
            edit(PAIRS, "x.sum(axis=1) - x.sum(axis=1).mean(axis=0)"),
        ),
        Mistake(
            "weights for each position, and no pairs",
            "Your model has a weight for each letter at each position, and adds them up. It can't see which letters "
            "stand *side by side*, and the pair may be anywhere. Let it see two neighbouring steps at once, at every "
            "position.",
            edit(PAIRS, "x.reshape(len(x), -1)"),
        ),
        Mistake(
            "pairs at any distance",
            "Your model counts letters that come before others at any distance, as in exercise 3. Here only neighbours "
            "matter, and the many other pairs drown them.",
            edit(PAIRS, 'np.einsum("nti,ntj->nij", np.cumsum(x, axis=1) - x, x).reshape(len(x), -1)'),
        ),
        Mistake(
            "answers turned round",
            "Your answers are wrong nearly everywhere a right model would be right: 0 and 1 have changed places.",
            edit("> 0", "< 0"),
        ),
    ),
    hints=(
        "Which of the models in the lesson could learn this rule: one that sees single letters, one that is told the "
        "number of the step, or one that sees several steps at once? How many steps must it see?",
        "Two neighbouring steps are enough, at every position. Either train the lesson's network on windows of two "
        "steps, with its votes averaged, or count how often each letter directly follows each other one and fit a "
        "linear model to these counts.",
        'The counts are `np.einsum("nti,ntj->nij", x[:, :-1], x[:, 1:]).reshape(len(x), -1)`, and the same for '
        "`new_x`. "
        "`np.linalg.lstsq(counts, 2 * y - 1, rcond=None)[0]` gives the weights, and the answer is 1 where the new "
        "counts times the weights are above 0.",
    ),
    explain_right="Nobody told your model which two letters matter. It found out, and it holds on new sequences.",
)
