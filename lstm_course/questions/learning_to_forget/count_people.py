"""07-count-people (blank page): learn from examples to count, and when to start again."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Question
from ..shares import share_of_right

BAR = 0.95  # share of steps of the new sequences that must be answered correctly
MOST = 4  # people in the shop


def _shop_cases(rng):
    def case(N, M, T, longer, D):
        order = rng.permutation(D)  # which letter means what: in, out, closing time, and nothing

        def sequences(count, length):
            letters, people, y = np.empty((count, length), int), np.zeros(count, int), np.empty((count, length), int)
            for t in range(length):
                act = rng.choice(5, count, p=[0.34, 0.24, 0.06, 0.18, 0.18])
                act[(act == 0) & (people == MOST)] = 3
                act[(act == 1) & (people == 0)] = 4
                people = np.where(act == 2, 0, people + (act == 0) - (act == 1))
                letters[:, t], y[:, t] = order[act], people
            return np.eye(D)[letters], y

        x, y = sequences(N, T)
        new_x, new_y = sequences(M, longer)
        return dict(x=x, y=y, new_x=new_x, new_y=new_y)

    return [case(150, 100, 20, 60, 5)]


def _jumps(answers):
    """The share of steps at which the answer rises by more than one."""
    return (np.diff(answers, axis=1) > 1).mean()


def _falls(answers):
    """The share of steps at which the answer falls by more than one."""
    return (np.diff(answers, axis=1) < -1).mean()


def _without_closing_time(x, y, new_x):
    """Those who came in less those who left, by the letter that most often raises y by one, or lowers it by one."""
    change = np.diff(y, axis=1, prepend=0)
    comes, leaves = (np.argmax(((change == by)[:, :, None] * x).sum(axis=(0, 1))) for by in (1, -1))
    people, answers = np.zeros(len(new_x), int), []
    for letter in new_x.argmax(axis=2).T:
        people = np.clip(people + (letter == comes) - (letter == leaves), 0, MOST)
        answers.append(people)
    return np.stack(answers, axis=1)


COUNT_PEOPLE = Question(
    id="07-count-people",
    name="count_people",
    points=4,
    seconds=60.0,
    **share_of_right(
        BAR,
        "one answer for each step of each sequence of `new_x`",
        tuple(range(MOST + 1)),
        "Logits have to be turned into answers, and sums have to be rounded.",
    ),
    cases=_shop_cases,
    mistakes=(
        Mistake(
            "one answer for all",
            "You give the same answer everywhere, which is right in less than a third of the steps. Either nothing was "
            "learned, or what was learned doesn't reach your answers.",
            lambda x, y, new_x: np.ones(new_x.shape[:2], int),
            recognise=lambda answers: answers.size > 1 and bool((answers == answers.flat[0]).all()),
        ),
        Mistake(
            "one answer for each sequence",
            "Every sequence gets one answer, repeated at all steps. The number of people is asked for after every "
            "letter, so use the network's output at every step.",
            lambda x, y, new_x: np.repeat(new_x[:, -1:].argmax(axis=2), new_x.shape[1], axis=1),
            recognise=lambda answers: answers.ndim == 2 and bool((answers == answers[:, :1]).all()),
        ),
        Mistake(
            "the same answers for every sequence",
            "All your sequences have the same answers, so they depend on the number of the step and not on the "
            "letters. Does your network receive `new_x`?",
            lambda x, y, new_x: np.tile(np.arange(new_x.shape[1]) % 4, (len(new_x), 1)),
            recognise=lambda answers: answers.ndim == 2 and len(answers) > 1 and bool((answers == answers[:1]).all()),
        ),
        Mistake(
            "no memory",
            "Your answers jump up by more than one from letter to letter, as if each depended on a letter or two. Only "
            "one person can come in at a time, so the answer needs a state that is carried along.",
            lambda x, y, new_x: new_x.argmax(axis=2),
            recognise=lambda answers: answers.ndim == 2 and answers.shape[1] > 1 and _jumps(answers) > 0.1,
        ),
        Mistake(
            "upside down",
            "Your answers count from the other end: most sequences start with a high number, when there can be at "
            "most one person in the shop.",
            edit("return output(h).argmax(axis=2)", "return 4 - output(h).argmax(axis=2)"),
            recognise=lambda answers: answers.ndim == 2 and answers[:, 0].mean() > 2,
        ),
        Mistake(
            "nobody is sent home",
            "Your answers never fall by more than one from letter to letter. At closing time everyone is sent home at "
            "once, however many there are.",
            lambda x, y, new_x: _without_closing_time(x, y, new_x),
            recognise=lambda answers: answers.ndim == 2 and answers.shape[1] > 1 and _falls(answers) == 0,
        ),
    ),
    hints=(
        "What goes in at each step, what is the target at each step, and how many different answers are there?",
        "An `LSTM` with 16 units and a `Linear` layer to five outputs are enough. Repeat about 150 times: forward over "
        "`x`, `softmax_cross_entropy(output(h), y)`, backward through `output` and `layer`, one step of `Adam`. What "
        "has to happen to the count at closing time?",
        "`layer, output = LSTM(x.shape[2], 16, seed=0), Linear(16, 5, seed=0)` and `adam = Adam([layer, output], "
        "0.03)`; 150 times `h, _ = layer(x)`, `loss, dlogits = softmax_cross_entropy(output(h), y)`, "
        "`layer.backward(output.backward(dlogits))`, `adam.step()`. The answers are the `argmax` over the last axis of "
        "`output(layer(new_x)[0])`.",
    ),
    explain_right="Your network counts, and nobody told it that one letter ends the count. A window over the last five "
    "letters is right in less than two thirds of the steps.",
)
