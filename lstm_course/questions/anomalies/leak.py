"""16-leak: an alarm that looks into the future, to be repaired."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question

SCALE = ("x[:calm].mean()) / x[:calm].std()", "x.mean()) / x.std()")
PAST = ("z[max(0, t - W) : t]", "z[max(0, t - W // 2) : t + W // 2 + 1]")
LIMIT = ("surprise[W:calm].max()", "surprise[W:].max()")


def _cases(rng):
    def case(T, calm, W, jump=4.0):
        x = 5 + 3 * np.sin(np.arange(T) / 3) + rng.normal(0, 0.5, T)
        x[calm + (T - calm) // 2 :] += jump
        return dict(x=x, calm=calm, W=W)

    return [case(12, 6, 2), case(60, 30, 5), case(80, 20, 4, -6.0), case(50, 40, 10), case(40, 15, 1), case(70, 30, 7)]


def _by_sums(x, calm, W):
    known = x[:calm]
    z = (x - known.sum() / calm) / np.sqrt(((known - known.sum() / calm) ** 2).sum() / calm)
    totals = np.append(0, np.cumsum(z))
    expected = (totals[W:-1] - totals[: -W - 1]) / W  # for t = W, W + 1, ...
    surprise = np.append(np.zeros(W), np.abs(z[W:] - expected))
    return z, surprise, (surprise > max(surprise[t] for t in range(W, calm))) * 1.0


def _with(*pairs):
    return edit(*(text for pair in pairs for text in pair))


LEAK = Question(
    id="16-leak",
    name="surprise_and_alarm",
    points=3,
    outputs=(Output("z", ("time step",)), Output("surprise", ("time step",)), Output("alarm", ("time step",))),
    cases=_cases,
    reference=_by_sums,
    mistakes=(
        Mistake(
            "nothing repaired",
            "All three leaks are still there. Change the last sample of a signal: which of the earlier results move?",
            _with(SCALE, PAST, LIMIT),
        ),
        Mistake(
            "scaled by the future",
            "One leak is left: the mean and the standard deviation are those of the whole signal. At the bedside, "
            "only the calm samples are known beforehand.",
            _with(SCALE),
        ),
        Mistake(
            "smoothed with the future",
            "One leak is left: the mean that gives the expected value contains later samples, and the sample itself.",
            _with(PAST),
        ),
        Mistake(
            "measured by the future",
            "One leak is left: the alarm's limit is the largest surprise of the whole signal, so it never sounds.",
            _with(LIMIT),
        ),
        Mistake(
            "the sample expects itself",
            "The expected value of a sample is a mean that contains the sample itself. Use only the samples before it.",
            edit("z[max(0, t - W) : t].mean()", "z[max(0, t - W + 1) : t + 1].mean()"),
        ),
        Mistake(
            "only the scale repaired",
            "You closed one of the three leaks, the scale. Which samples does the mean contain, and over which samples "
            "is the maximum taken?",
            _with(PAST, LIMIT),
        ),
    ),
    hints=(
        "Which values on each line depend on samples that come later than the one that the line is about?",
        "The mean and standard deviation of everything; a slice that ends after `t`; a maximum over everything.",
        "`x[:calm].mean()` and `x[:calm].std()`; `z[max(0, t - W) : t].mean()`; `surprise[W:calm].max()`.",
    ),
    explain_right="Changing later samples changes none of the earlier results.",
)
