"""What questions judge whose answers are classes of new examples: the share of them that is right."""

import numpy as np


def share_of_right(bar, each, classes, otherwise):
    """How to observe such an answer, for `Question.observe`.

    Parameters
    ----------
    bar : float
        The share from which an answer earns everything.
    each : str
        What there is one answer for, as the card says it: ``"each string of `new_x`"``.
    classes : tuple of int
    otherwise : str
        What the card adds if there are other values.

    Returns
    -------
    callable
        From a case, whose ``new_y`` holds the right classes, and the answers to the share that is right, at most `bar`.
    """
    allowed = f"{', '.join(map(str, classes[:-1]))} and {classes[-1]}"

    def observe(case, answers):
        wanted = case["new_y"]
        if answers.shape != wanted.shape:
            raise ValueError(f"`answers` has shape {answers.shape}; wanted {wanted.shape}: one answer for {each}.")
        if not np.isin(answers, classes).all():
            raise ValueError(f"`answers` may contain only {allowed}. ({otherwise})")
        return (np.array(min((answers == wanted).mean(), bar)),)

    return observe
