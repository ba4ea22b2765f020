"""16-steady-alarm: an alarm that waits before it sounds, and doesn't flicker."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question


def _cases(rng):
    def case(T, on, off, hold, rough=0.6):
        score = np.cumsum(rng.normal(0, rough, T))
        return dict(score=score - np.median(score), on=on, off=off, hold=hold)

    return [
        dict(score=np.array([0.0, 3, 3, 2, 0, 3, 3]), on=2.5, off=1.0, hold=2),
        case(60, 1.0, 0.0, 3),
        case(80, 0.5, -0.5, 1),
        case(50, 0.0, -2.0, 5),
        case(1, -1.0, -2.0, 1),
        dict(score=np.array([3.0, 3, 0, 3, 3, 3, 1.5, 0.5, 3]), on=2.0, off=1.0, hold=3),
        dict(score=np.array([2.0, 2.5, 1.0, 2.5, 2.5, 1.0, 0.9, 2.5]), on=2.0, off=1.0, hold=1),
        case(40, 1.0, 1.0, 2),
        dict(score=rng.normal(size=100), on=0.5, off=0.0, hold=2),
        dict(score=np.ones(9), on=2.0, off=0.0, hold=2),
    ]


def _stretch_by_stretch(score, on, off, hold):
    """Look for the next stretch of `hold` high samples, then for the next low one."""
    T, sounding, t = len(score), np.zeros(len(score)), 0
    while t < T:
        starts = [k for k in range(t + hold - 1, T) if (score[k - hold + 1 : k + 1] > on).all()]
        if not starts:
            break
        ends = [k for k in range(starts[0], T) if score[k] < off]
        t = ends[0] if ends else T
        sounding[starts[0] : t] = 1
    return sounding


STEADY_ALARM = Question(
    id="16-steady-alarm",
    name="steady_alarm",
    points=3,
    outputs=(Output("sounding", ("time step",)),),
    cases=_cases,
    reference=_stretch_by_stretch,
    mistakes=(
        Mistake(
            "one threshold",
            "Your alarm stops as soon as the score isn't above `on`. Once it sounds, it goes on down to `off`.",
            edit("score[t] < off", "not score[t] > on"),
        ),
        Mistake(
            "sounds at once",
            "Your alarm sounds at the first sample above `on`. It has to wait for `hold` such samples in a row.",
            edit("count >= hold", "count >= 1"),
        ),
        Mistake(
            "sounds too late",
            "Your alarm starts one sample too late. It should already sound at the last of the `hold` samples.",
            edit("count >= hold", "count > hold"),
        ),
        Mistake(
            "sounds too long",
            "Your alarm still sounds at the sample at which the score falls below `off`. It is already silent there.",
            lambda score, on, off, hold: _one_longer(score, on, off, hold),
        ),
        Mistake(
            "starts at the threshold",
            "You count a score that equals `on`. It has to be above.",
            edit("score[t] > on", "score[t] >= on"),
        ),
        Mistake(
            "stops at the threshold",
            "Your alarm stops at a score that equals `off`. It goes on until the score is below.",
            edit("score[t] < off", "score[t] <= off"),
        ),
        Mistake(
            "not in a row",
            "You count samples above `on` even if lower ones lie between them. Start anew after each lower one.",
            edit("count = count + 1 if score[t] > on else 0", "count = count + (score[t] > on)"),
        ),
        Mistake(
            "sees the future",
            "Your alarm sounds from the first of the `hold` samples on. At that sample, the others weren't known yet.",
            lambda score, on, off, hold: _back_to_the_first(score, on, off, hold),
        ),
    ),
    hints=(
        "Which two things do you have to remember from one sample to the next?",
        "Whether the alarm sounds, and how many samples in a row have been above `on`. Use a loop over the samples.",
        "In the loop: `count = count + 1 if score[t] > on else 0`; if it sounds, stop it where `score[t] < off`; "
        "otherwise start it where `count >= hold`.",
    ),
    explain_right="Your alarm waits, it doesn't flicker, and it uses no later samples.",
)


def _one_longer(score, on, off, hold):
    sounding = _stretch_by_stretch(score, on, off, hold)
    return np.maximum(sounding, np.append(0, sounding[:-1]))


def _back_to_the_first(score, on, off, hold):
    sounding = _stretch_by_stretch(score, on, off, hold)
    for t in np.flatnonzero(np.diff(np.append(0, sounding)) > 0):
        sounding[t - hold + 1 : t] = 1
    return sounding
