"""20-network (blank page): a network on one of five data sets, near a tuned simple method, and repeatable."""

import numpy as np

from lstm_course.tasks import capstone

from ..question import Mistake, Output, Question
from .common import NAMES, chosen_one, offers


def _cases(rng):
    data, new_y = offers(rng)
    one, other = rng.choice(1000, 2, replace=False).tolist()
    return [dict(offers=data, seeds=[one, one, other], new_y=new_y)]


def _observe(case, chosen, predicted):
    _, project, errors, rival = chosen_one(case, chosen, predicted, rows=3)
    predicted = predicted.astype(float)
    ratio = errors.mean() / rival.mean()
    return (
        np.abs(predicted[0] - predicted[1]).max(),
        np.array(float(np.abs(predicted[0] - predicted[2]).max() > 0)),
        np.array(max(ratio - 1 - project.slack, 0.0)),
    )


def _rain(offers):
    return NAMES.index("rain"), offers["rain"]


def _without_seed(offers, seeds):
    chosen, data = _rain(offers)
    return chosen, np.array([capstone.simple("rain", **data)] * 3)


def _not_seeded(offers, seeds):
    chosen, data = _rain(offers)
    noise = np.random.default_rng().normal(0, 0.01, (3, len(data["new_x"])))
    return chosen, np.clip(capstone.simple("rain", **data) + noise, 0, 1)


def _usual(offers, seeds):
    chosen, data = _rain(offers)
    level = data["y"].mean() + 1e-5 * np.array(seeds)[:, None] / 1000
    return chosen, np.tile(level, len(data["new_x"]))


def _one_answer(chosen, predicted):
    nearly = predicted.ndim == 2 and np.ptp(predicted[0].astype(float)) < 1e-3
    return nearly and np.array_equal(predicted[0], predicted[1])


NETWORK = Question(
    id="20-network",
    name="forecasts",
    points=4,
    seconds=60.0,
    outputs=(
        Output("difference between the rows of the same seed", ()),
        Output("effect of another seed (1 or 0)", ()),
        Output("error above the limit (share of the simple method's error)", ()),
    ),
    returns=("chosen", "predicted"),
    withheld=("new_y",),
    cases=_cases,
    reference=lambda **case: (np.array(0.0), np.array(1.0), np.array(0.0)),
    observe=_observe,
    tolerance=0.0,
    margin=1e-9,
    mistakes=(
        Mistake(
            "another seed changes nothing",
            "All three rows are the same, so the seed has no effect on what you train. Draw the first weights and the "
            "batches from a generator that starts from it.",
            _without_seed,
            recognise=lambda chosen, predicted: predicted.ndim == 2 and np.array_equal(predicted[0], predicted[-1]),
        ),
        Mistake(
            "the same seed gives other predictions",
            "The first two rows come from the same seed and differ. Something is drawn from a generator that you "
            "didn't seed: the weights, the batches, dropout.",
            _not_seeded,
            recognise=lambda chosen, predicted: predicted.ndim == 2 and not np.array_equal(predicted[0], predicted[1]),
        ),
        Mistake(
            "one answer for all",
            "You predict nearly the same for every example. Look at the training loss: does it fall? And are the "
            "inputs scaled to about size 1?",
            _usual,
            recognise=_one_answer,
        ),
    ),
    hints=(
        "Which of the five resembles what you'd like to work on? Plot a few of its sequences before you choose a "
        "network. What are the units of each column, and from which rows may you take the scale?",
        "Standardise `x` and `new_x` with the mean and the standard deviation of `x`. For a quantity, let the network "
        "predict the change from the last value, divided by its usual size; for classes, give `fit_lstm` their "
        "number.",
        'For rain: `x = (data["x"] - mean) / spread` and likewise `new_x`, then '
        "`fit_lstm(x, y, seed, hidden=16, rate=0.01, updates=100)(new_x)` for each seed. Return the place of your "
        "data set in `offers`, and the rows.",
    ),
    explain_right="Your network beats a tuned method or comes near it, and anybody can reproduce your figures.",
)
