"""20-claim (blank page): an interval for the difference from a simple method, which has to hold on unseen data."""

import numpy as np

from lstm_course.results.capstone import fit_lstm
from lstm_course.tasks import capstone

from ..question import Mistake, Output, Question
from .common import NAMES, chosen_one, offers, own_interval

WIDEST = 4.0  # times as wide as the judge's interval
NEAR = 0.03  # of the simple method's error: how far apart the two intervals may lie


def _cases(rng):
    data, new_y = offers(rng)
    return [dict(offers=data, seeds=rng.choice(1000, 3, replace=False).tolist(), new_y=new_y)]


def _observe(case, chosen, predicted, claim):
    _, project, errors, rival = chosen_one(case, chosen, predicted, rows=3)
    if claim.shape != (3,) or not np.isfinite(claim).all():
        raise ValueError("`claim` has to hold three numbers: the difference, and the two ends of its interval.")
    difference, low, high = claim
    judged_low, judged_high = own_interval(project, errors - rival)
    apart = max(low - judged_high, judged_low - high, 0.0) / rival.mean()
    width = (high - low) / (judged_high - judged_low)
    return (
        np.array(float(low < difference < high)),
        np.array(max(apart - NEAR, 0.0)),
        np.array(max(width - WIDEST, 0.0)),
    )


def _parts(offers, held_back=True, **settings):
    """Predictions and paired differences for rain."""
    data = offers["rain"]
    mean, spread = data["x"].mean(axis=(0, 1)), data["x"].std(axis=(0, 1))
    x, new_x, y = (data["x"] - mean) / spread, (data["new_x"] - mean) / spread, data["y"]
    begin = 3 * len(x) // 4 if held_back else 0
    train = slice(0, begin) if held_back else slice(None)
    rival = (capstone.simple("rain", data["x"][train], y[train], data["x"][begin:]) - y[begin:]) ** 2

    def of(seed):
        predict = fit_lstm(x[train], y[train], seed, **settings)
        return predict(new_x), (predict(x[begin:]) - y[begin:]) ** 2 - rival

    return of


def _claimed(offers, seeds, low, high, shift=0.0, **options):
    of = _parts(offers, **{"hidden": 8, "rate": 0.01, "updates": 100, **options})
    predicted, differences = zip(*(of(seed) for seed in seeds), strict=True)
    difference = np.mean(differences)
    return NAMES.index("rain"), np.array(predicted), np.array([difference + shift, difference + low, difference + high])


def _where_it_trained(offers, seeds):
    return _claimed(offers, seeds, -0.01, 0.01, held_back=False, hidden=32, updates=400)


CLAIM = Question(
    id="20-claim",
    name="claim",
    points=10,
    seconds=60.0,
    outputs=(
        Output("your difference in your interval (1 or 0)", ()),
        Output("gap between the intervals above the limit (share of the simple method's error)", ()),
        Output("width of your interval above the limit (in widths of the judge's)", ()),
    ),
    returns=("chosen", "predicted", "claim"),
    withheld=("new_y",),
    cases=_cases,
    reference=lambda **case: (np.array(1.0), np.array(0.0), np.array(0.0)),
    observe=_observe,
    tolerance=0.0,
    margin=1e-9,
    mistakes=(
        Mistake(
            "no interval",
            "Both ends of your interval are the same. A single number can't say how far off the new data may be.",
            lambda offers, seeds: _claimed(offers, seeds, 0.0, 0.0),
            recognise=lambda chosen, predicted, claim: claim.shape == (3,) and claim[1] == claim[2],
        ),
        Mistake(
            "ends exchanged",
            "The lower end of your interval lies above the upper one. Return the difference, the lower end and the "
            "upper end, in this order.",
            lambda offers, seeds: _claimed(offers, seeds, 0.01, -0.01),
            recognise=lambda chosen, predicted, claim: claim.shape == (3,) and claim[1] > claim[2],
        ),
        Mistake(
            "an interval that says nothing",
            "Your interval is so wide that hardly anything could contradict it. Compare the two methods example by "
            "example, since the differences vary much less than the errors, and give the interval of their mean, not "
            "of single examples.",
            lambda offers, seeds: _claimed(offers, seeds, -0.6, 0.6),
            recognise=lambda chosen, predicted, claim: (
                claim.shape == (3,) and claim[2] - claim[1] > 2.5 * predicted.std()
            ),
        ),
        Mistake(
            "judged where it was trained",
            "Your network looks much better in your claim than on new data. Did you compare the two methods on "
            "examples that they were trained on? Hold some back, and train both without them.",
            _where_it_trained,
        ),
    ),
    hints=(
        "You don't have the new answers, yet you have to say how large the difference will be on them. On which "
        "examples can you measure it? In a record ordered by time, which ones resemble the new ones most?",
        "Train both methods on the first three quarters, and compare them on the last quarter, example by example and "
        "seed by seed: an array of differences (3, K). Then draw blocks of examples and seeds again, as in the lesson.",
        "`differences = network_errors - simple_errors`, and for each of 1,000 draws "
        "`differences[rng.integers(3, size=3)].mean(axis=0)[rows].mean()`, where `rows` are blocks of neighbours. The "
        "quantiles 0.025 and 0.975 are the ends. For `predicted`, train on everything.",
    ),
    explain_right="Your claim agrees with what the judge measured afterwards. (Your teacher reads the report that goes "
    "with it, and eight of these points are for that.)",
)
