"""09-battery (blank page): a regressor that reads longer sequences than those it learned from."""

import numpy as np

from ..question import Mistake, Question
from ..shares import unexplained_variance

METERS, STEPS, LONGER = 10, 30, 45
ENOUGH = 0.93  # of the variance
# In ten draws least squares on decaying sums explains 0.82 at most, and boosted trees on the direction that it finds
# 0.87; in six draws the solution explains 0.966 and more.


def batteries(rng, count, steps, weights):
    """Readings (count, steps, 10) of ten meters, and the charge (count,) of a battery after the last step."""
    x, charge = rng.normal(size=(count, steps, METERS)), np.full(count, 0.5)
    for readings in x.swapaxes(0, 1):
        charge = np.clip(charge + readings @ weights, 0, 1)
    return x, charge


def _cases(rng):
    weights = rng.normal(size=METERS)
    weights *= 0.35 / np.linalg.norm(weights)
    x, y = batteries(rng, 1000, STEPS, weights)
    new_x, new_y = batteries(rng, 400, LONGER, weights)
    return [dict(x=x, y=y, new_x=new_x, new_y=new_y)]


def _least_squares(rows, y, new_rows):
    rows, new_rows = (np.column_stack([part.reshape(len(part), -1), np.ones(len(part))]) for part in (rows, new_rows))
    return new_rows @ np.linalg.lstsq(rows, y, rcond=None)[0]


def _sums(x, y, new_x):
    return _least_squares(x.sum(axis=1), y, new_x.sum(axis=1))


def _last_reading(x, y, new_x):
    return _least_squares(x[:, -1], y, new_x[:, -1])


def _window(x, y, new_x):
    return _least_squares(x[:, -10:], y, new_x[:, -10:])


BATTERY = Question(
    id="09-battery",
    name="learn_charge",
    points=5,
    seconds=60.0,
    **unexplained_variance(ENOUGH, "one number for each sequence"),
    cases=_cases,
    mistakes=(
        Mistake(
            "mean charge",
            "You predict the same charge for every record. That explains nothing: it is what the score compares with.",
            lambda x, y, new_x: np.full(len(new_x), y.mean()),
            recognise=lambda predicted: predicted.ndim == 1 and np.ptp(predicted) < 1e-6,
        ),
        Mistake(
            "weighted sum of all readings",
            "You fit a weighted sum to the totals of the meters. What a full battery can't take is lost, so the total "
            "says little.",
            _sums,
        ),
        Mistake(
            "last reading only",
            "Your model reads only the last step. What the battery held before it is most of the answer.",
            _last_reading,
        ),
        Mistake(
            "weighted sum of the last ten readings",
            "You fit a weighted sum to the last ten hours. It can't know when the battery was full or empty, since "
            "that isn't a sum.",
            _window,
        ),
    ),
    hints=(
        "What would you have to know besides the current reading to say how full the battery is? Which layer carries "
        "something along from step to step, over any number of steps?",
        "The regressor of the lesson will do: `torch.nn.LSTM(10, 64, batch_first=True)`, a linear layer on "
        "`y[:, -1]`, mean squared error and Adam. Its weights don't depend on the number of steps.",
        "400 updates on 64 random rows each, with a learning rate of 0.005 and the gradient norm clipped at 1, take "
        "a few seconds. Then predict with `torch.no_grad()` and return `.numpy()`.",
    ),
    explain_right="Your model keeps the charge in its state, over more steps than it was trained on.",
)
