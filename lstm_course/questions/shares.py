"""Questions in which a model is trained and judged on new data, whose right answers the reader's function never gets.

Each function here returns the fields of such a `Question`: ``Question(id=..., **share_of_right(...), ...)``. What is
compared is one number, the quality on the new data; above the bar, a better one earns no more.
"""

import numpy as np

from .question import Output


def share_of_right(bar, meaning, classes, otherwise, truth="new_y", what="share of right answers"):
    """The answers are classes.

    Parameters
    ----------
    bar : float
        The share of right answers that earns everything.
    meaning : str
        What the answers are, as the card says it: ``"one answer for each string of `new_x`"``.
    classes : tuple of int
    otherwise : str
        What the card adds if there are other values.
    truth : str
        The name of the right classes in a case, an array of int; answers where it is negative don't count.
    what : str
        The name of what is measured, for the card.

    Returns
    -------
    dict
    """
    allowed = f"{', '.join(map(str, classes[:-1]))} and {classes[-1]}"

    def quality(answers, wanted):
        judged = wanted >= 0
        if not np.isin(answers[judged], classes).all():
            raise ValueError(f"`answers` may contain only {allowed}. ({otherwise})")
        return min((answers == wanted)[judged].mean(), bar)

    return _fields(bar, what, "answers", meaning, truth, quality)


def share_within(bar, distance, meaning):
    """The answers are numbers, and those count that are closer than `distance`; see `share_of_right`."""

    def quality(answers, wanted):
        return min((np.abs(answers - wanted) < distance).mean(), bar)

    return _fields(bar, f"share of answers within {distance}", "answers", meaning, "new_y", quality)


def unexplained_variance(enough, meaning, truth="new_y"):
    """The predictions are numbers, and a share `enough` of the variance has to be explained; see `share_of_right`."""

    def quality(predicted, wanted):
        if not np.isfinite(predicted).all():
            raise ValueError("`predicted` contains a number that is not finite.")
        return max(((predicted - wanted) ** 2).mean() / wanted.var(), 1 - enough)

    return _fields(1 - enough, "share of the variance left unexplained", "predicted", meaning, truth, quality)


def _fields(bar, what, returned, meaning, truth, quality):
    def observe(case, values):
        wanted = case[truth]
        if values.shape != wanted.shape:
            raise ValueError(f"`{returned}` has shape {values.shape}; wanted {wanted.shape}: {meaning}.")
        return (np.array(quality(values, wanted)),)

    return {
        "outputs": (Output(what, ()),),
        "returns": (returned,),
        "withheld": (truth,),
        "reference": lambda **case: np.array(bar),
        "observe": observe,
        "tolerance": 0.0,
        "margin": 1e-9,
    }


def bits_above(bar, meaning):
    """The answers are probabilities of the next symbol, whose true probabilities `new_q` are withheld.

    Measured is the mean number of bits by which the answer's expected surprise exceeds the smallest possible one (the
    Kullback-Leibler divergence); it has to be `bar` at most.
    """

    def quality(p, wanted):
        if not np.isfinite(p).all() or (p < 0).any() or not np.allclose(p.sum(axis=1), 1, atol=1e-3):
            raise ValueError("Each row of `p` has to hold probabilities: numbers from 0 to 1 with a sum of 1.")
        ratio = np.where(wanted > 0, wanted, 1) / np.maximum(p, 1e-6)
        return max((wanted * np.log2(ratio)).sum(axis=1).mean(), bar)

    return _fields(bar, "bits above the best possible prediction", "p", meaning, "new_q", quality)
