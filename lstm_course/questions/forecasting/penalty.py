"""15-penalty: the penalty of a ridge, chosen on validation origins."""

import numpy as np

from lstm_course.forecasting import pairs

from ..edits import edit
from ..question import Mistake, Output, Question


def _penalty_cases(rng):
    def case(T, window, horizon, valid, stop, penalties, noise=1.0, level=0.0):
        t = np.arange(T)
        values = level + 0.05 * t + 2 * np.sin(2 * np.pi * t / 6 + rng.uniform(0, 6)) + noise * rng.normal(size=T)
        return dict(values=values, window=window, horizon=horizon, valid=valid, stop=stop, penalties=penalties)

    # Small; one validation origin; many penalties in no order; level and size large; much after the stop.
    return [
        case(24, 2, 1, 14, 18, np.array([0.1, 10.0])),
        case(60, 5, 3, 40, 43, np.array([100.0, 1.0, 0.01])),
        case(150, 12, 4, 90, 120, 10.0 ** rng.permutation(np.arange(-3.0, 5.0))),
        case(120, 8, 6, 80, 110, np.array([1.0, 1e3, 30.0]), noise=3.0, level=500.0),
        case(200, 6, 2, 60, 80, np.array([5.0, 50.0, 0.5, 500.0])),
    ]


def _penalty(values, window, horizon, valid, stop, penalties):
    from sklearn.linear_model import Ridge

    known = pairs(values, window, horizon, stop=valid)
    later = pairs(values, window, horizon, start=valid - window, stop=stop)
    errors = []
    for penalty in penalties:
        ridge = Ridge(penalty, fit_intercept=False).fit(known.x - known.x[:, -1:], known.y - known.x[:, -1:])
        predicted = ridge.predict(later.x - later.x[:, -1:]).reshape(later.y.shape) + later.x[:, -1:]
        errors.append(np.abs(predicted - later.y).mean())
    return np.array(errors), np.array(penalties[np.argmin(errors)])


PENALTY = Question(
    id="15-penalty",
    name="chosen_penalty",
    points=4,
    outputs=(Output("errors", ("penalty",)), Output("best", ())),
    seconds=30.0,  # an answer may import scikit-learn
    cases=_penalty_cases,
    reference=_penalty,
    mistakes=(
        Mistake(
            "chosen on the training windows",
            "Your errors are those of the windows you trained on. There the smallest penalty usually looks best. "
            "Judge each penalty on the validation origins, from `valid` on.",
            edit("rows(valid, stop)", "rows(window, valid)"),
        ),
        Mistake(
            "chosen on the judged part",
            "You judge the penalties on the origins from `stop` on. That part is there to be judged once, when "
            "everything has been chosen.",
            edit("rows(valid, stop)", "rows(stop, len(values))"),
        ),
        Mistake(
            "trained on the validation part",
            "You also train on windows whose targets lie in the validation part. Train on what ends before `valid`.",
            edit("rows(window, valid)", "rows(window, stop)"),
        ),
        Mistake(
            "training targets reach into the validation part",
            "The targets of your last training windows reach beyond `valid`. A window may be trained on only if its "
            "whole target comes before `valid`.",
            edit("rows(window, valid)", "rows(window, valid + horizon - 1)"),
        ),
        Mistake(
            "level not removed",
            "You regress on the values themselves. Take the window and its target relative to the window's last value, "
            "as the card says.",
            edit("last = x[:, -1:]", "last = 0 * x[:, -1:]"),
        ),
        Mistake(
            "squared error",
            "You compare mean squared errors. The card asks for mean absolute errors.",
            edit("np.abs(x_valid @ weights - y_valid).mean()", "np.square(x_valid @ weights - y_valid).mean()"),
        ),
        Mistake(
            "index instead of penalty",
            "You return the place of the best penalty in the list. Return the penalty itself.",
            edit("penalties[np.argmin(errors)]", "np.argmin(errors)"),
        ),
        Mistake(
            "the worst one",
            "You return the penalty with the largest error.",
            edit("np.argmin", "np.argmax"),
        ),
    ),
    hints=(
        "Which windows may a model train on that is to be judged from `valid` on? And which origins may tell you how "
        "good a penalty is, if nothing from `stop` on may be touched?",
        "Write a helper that returns windows and targets for the origins o with `first <= o <= end - horizon`. Call it "
        "with `(window, valid)` for training and with `(valid, stop)` for validation.",
        "For each penalty, solve `(x.T @ x + penalty * np.eye(window)) @ weights = x.T @ y` on the training rows, and "
        "store `np.abs(x_valid @ weights - y_valid).mean()`. Return `errors` and `penalties[np.argmin(errors)]`.",
    ),
    forbids=("lstm_course.forecasting:pairs", "lstm_course.forecasting:Ridge"),
    explain_right="The judged years had no say in the choice, so they can still judge it.",
)
