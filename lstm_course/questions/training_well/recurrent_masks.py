"""11-recurrent-masks: dropout masks for the recurrent weights, judged by their properties."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question


def _cases(rng):
    def case(N, T, H, rate):
        return dict(N=N, T=T, H=H, rate=rate, seed=int(rng.integers(2**31)))

    cases = [case(2, 3, 4, 0.5), case(200, 5, 60, 0.2), case(60, 4, 200, 0.7), case(100, 7, 100, 0.5)]
    return [*cases, case(1, 6, 4000, 0.25), case(4000, 2, 1, 0.4), case(5, 5, 5, 0.0)]


def _observe(case, masks):
    N, T, H, rate = (case[name] for name in ("N", "T", "H", "rate"))
    if masks.shape != (N, T, H):
        raise ValueError(f"`masks` has shape {masks.shape}; wanted {(N, T, H)}: samples, time steps, units.")
    if not np.isfinite(masks).all():
        raise ValueError("`masks` has entries that are not finite.")
    keep = 1 / (1 - rate)
    allowed = np.isclose(masks, 0) | np.isclose(masks, keep, rtol=1e-5)
    dropped, large = np.isclose(masks[:, 0], 0), N * H >= 1000
    few = large and 0 < rate
    share, spread = dropped.mean(), 6 * np.sqrt(rate * (1 - rate) / (N * H))
    near = [of_all for of_all in (rate, 1 - rate) if not large or abs(share - of_all) < spread]
    return (
        np.array(allowed.mean()),  # only 0 and 1 / (1 - rate)
        np.array(float((masks == masks[:, :1]).all())),  # the same at all steps
        np.array(near[0] if near else share),  # as exact as the number of draws allows
        np.array(float(not few or N == 1 or (dropped != dropped[:1]).any())),  # samples differ
        np.array(float(not few or H == 1 or (dropped != dropped[:, :1]).any())),  # units differ
    )


def _wanted(N, T, H, rate, seed):
    return np.array(1.0), np.array(1.0), np.array(rate), np.array(1.0), np.array(1.0)


RECURRENT_MASKS = Question(
    id="11-recurrent-masks",
    name="recurrent_masks",
    points=3,
    outputs=(
        Output("share of entries that are 0 or 1 / (1 - rate)", ()),
        Output("sameness of the mask at all steps", ()),
        Output("share of zeros", ()),
        Output("difference between samples", ()),
        Output("difference between units", ()),
    ),
    returns=("masks",),
    cases=_cases,
    reference=_wanted,
    observe=_observe,
    mistakes=(
        Mistake(
            "a new mask at each step",
            "Your masks change from step to step, so every unit is erased at one step or another. Draw one mask for "
            "each sample and repeat it at every step.",
            edit("rng.random((N, 1, H))", "rng.random((N, T, H))", "keep.repeat(T, axis=1)", "keep"),
            recognise=lambda masks: masks.ndim == 3 and masks.shape[1] > 1 and not (masks == masks[:, :1]).all(),
        ),
        Mistake(
            "not scaled",
            "Divide what is kept by 1 - rate. Then h keeps its mean, and nothing has to be changed when the network is "
            "used without dropout.",
            edit(" / (1 - rate)", ""),
            recognise=lambda masks: masks.size > 0 and set(np.unique(masks)) == {0.0, 1.0},
        ),
        Mistake(
            "rate kept in place of dropped",
            "`rate` is the share to drop, but your masks keep that share and drop the rest.",
            edit(">= rate", "< rate"),
        ),
        Mistake(
            "divided by the rate",
            "The kept entries are divided by `rate`. It should be the share that is kept, 1 - rate.",
            edit("(1 - rate)", "max(rate, 0.01)"),
        ),
        Mistake(
            "one mask for all samples",
            "All samples of the batch share one mask. Each should have its own.",
            edit("rng.random((N, 1, H))", "rng.random((1, 1, H)).repeat(N, axis=0)"),
        ),
        Mistake(
            "whole samples",
            "You drop all units of a sample or none. Each unit has its own chance.",
            edit("rng.random((N, 1, H))", "rng.random((N, 1, 1)).repeat(H, axis=2)"),
        ),
    ),
    hints=(
        "How many random numbers do you need: N T H, or fewer?",
        "One for each sample and unit, (N, 1, H). A unit is kept where its number is at least `rate`, and what is kept "
        "is divided by 1 - rate.",
        "`rng = np.random.default_rng(seed)`, then `keep = (rng.random((N, 1, H)) >= rate) / (1 - rate)`, and "
        "`return keep.repeat(T, axis=1)`.",
    ),
    explain_right="The same units are dropped at every step of a sequence; the others come through undisturbed.",
)
