"""05-train-a-switch (blank page): learn from examples which letter flips a switch, and keep track of it."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Question
from ..shares import share_of_right

BAR = 0.95  # share of steps of the new sequences that must be answered correctly


def _switch_cases(rng):
    def case(N, M, T, longer, D):
        flips = rng.integers(D)

        def sequences(count, length):
            letters = rng.integers(0, D, (count, length))
            return np.eye(D)[letters], np.cumsum(letters == flips, axis=1) % 2

        x, y = sequences(N, T)
        new_x, new_y = sequences(M, longer)
        return dict(x=x, y=y, new_x=new_x, new_y=new_y)

    return [case(150, 100, 12, 36, 4), case(200, 60, 12, 36, 5)]


def _agreement(answers):
    """The share of neighbouring steps with the same answer; a switch keeps its position in most steps."""
    return (answers[:, 1:] == answers[:, :-1]).mean()


TRAIN_A_SWITCH = Question(
    id="05-train-a-switch",
    name="follow_the_switch",
    points=4,
    seconds=30.0,
    **share_of_right(
        BAR,
        "one answer for each step of each sequence of `new_x`",
        (0, 1),
        "Logits or probabilities have to be turned into answers.",
    ),
    cases=_switch_cases,
    mistakes=(
        Mistake(
            "one answer for all",
            "You give the same answer everywhere, which is right in about half of the steps. Either nothing was "
            "learned, or what was learned doesn't reach your answers.",
            lambda x, y, new_x: np.ones(new_x.shape[:2]),
            recognise=lambda answers: answers.size > 1 and (answers == answers.flat[0]).all(),
        ),
        Mistake(
            "one answer for each sequence",
            "Every sequence gets one answer, repeated at all steps. The switch is asked for after every letter, so use "
            "the network's output at every step.",
            lambda x, y, new_x: np.repeat(new_x[:, -1:].argmax(axis=2) % 2, new_x.shape[1], axis=1),
            recognise=lambda answers: answers.ndim == 2 and (answers == answers[:, :1]).all(),
        ),
        Mistake(
            "the same answers for every sequence",
            "All your sequences have the same answers, so they depend on the number of the step and not on the "
            "letters. Does your network receive `new_x`?",
            lambda x, y, new_x: np.tile(np.arange(new_x.shape[1]) // 4 % 2, (len(new_x), 1)),
            recognise=lambda answers: answers.ndim == 2 and len(answers) > 1 and (answers == answers[:1]).all(),
        ),
        Mistake(
            "turned round",
            "You say 1 where the switch is off and 0 where it is on: most of your answers to the first letter are 1, "
            "but only one letter of the alphabet can have switched it on.",
            edit(".argmax(axis=2)", ".argmin(axis=2)"),
            recognise=lambda answers: answers.ndim == 2 and answers[:, 0].mean() > 0.55,
        ),
        Mistake(
            "no memory",
            "Your answers jump as if each depended on one letter or two. A switch stays where it is until somebody "
            "flips it, so the answer needs a state that is carried along, and trained long enough to be used.",
            lambda x, y, new_x: new_x[:, :, 0],
            recognise=lambda answers: answers.ndim == 2 and answers.shape[1] > 1 and _agreement(answers) < 0.69,
        ),
    ),
    hints=(
        "Which part of the lesson's training does this task change? What goes in at each step, and what is the target "
        "at each step?",
        "An `LSTM` with 8 units and a `Linear` layer to two outputs are enough. Repeat a few hundred times: forward, "
        "`softmax_cross_entropy(output(h), y)`, backward through `output` and `layer`, one step of `Adam`. Print the "
        "loss. If it stays near ln 2 = 0.69, what would you change first?",
        "`layer, output = LSTM(x.shape[2], 8, seed=0), Linear(8, 2, seed=0)` and `adam = Adam([layer, output], 0.05)`; "
        "200 times `h, _ = layer(x)`, `loss, dlogits = softmax_cross_entropy(output(h), y)`, "
        "`layer.backward(output.backward(dlogits))`, `adam.step()`. If the loss is above 0.01 then, start again with "
        "another seed. The answers are the `argmax` over the last axis of `output(layer(new_x)[0])`.",
    ),
    explain_right="Nobody told your network which letter matters. It was trained on 12 steps and holds for three times "
    "as many, because a switch has two positions, however long you wait.",
)
