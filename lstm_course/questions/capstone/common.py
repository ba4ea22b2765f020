"""What the questions about the learner's project share: the data sets that are offered, and the judge's own figures."""

import numpy as np

from lstm_course.results.capstone import two_way_interval
from lstm_course.tasks import capstone

NAMES = tuple(capstone.PROJECTS)


def offers(rng):
    """The arguments of a case: for each project x, y and new_x, and what the answer never sees."""
    drawn = {name: capstone.draw(name, rng) for name in NAMES}
    return (
        {name: {"x": each.x, "y": each.y, "new_x": each.new_x} for name, each in drawn.items()},
        {name: each.new_y for name, each in drawn.items()},
    )


def chosen_one(case, chosen, predicted, rows):
    """The name, the project, the errors of the answer (S, M) and of the simple method (M,).

    Raises
    ------
    ValueError
        If these are not predictions for one of the projects.
    """
    if np.shape(chosen) != () or not 0 <= chosen < len(NAMES) or chosen != int(chosen):
        raise ValueError(f"`chosen` has to be the place of your data set in `offers`, from 0 to {len(NAMES) - 1}.")
    name = NAMES[int(chosen)]
    truth = case["new_y"][name]
    if predicted.shape != (rows, len(truth)):
        wanted = f"wanted {(rows, len(truth))}: a row for each seed and a prediction for each of `new_x` of {name!r}"
        raise ValueError(f"`predicted` has shape {predicted.shape}; {wanted}.")
    if not np.isfinite(predicted).all():
        raise ValueError("`predicted` contains a number that is not finite.")
    project, offer = capstone.PROJECTS[name], case["offers"][name]
    if project.score == "brier" and (predicted.min() < 0 or predicted.max() > 1):
        raise ValueError("`predicted` has to hold probabilities from 0 to 1 for this data set.")
    rival = capstone.simple(name, offer["x"], offer["y"], offer["new_x"])
    return name, project, project.errors(predicted, truth), project.errors(rival, truth)


def own_interval(project, differences):
    """The judge's interval for a mean difference (S, M)."""
    return two_way_interval(differences, block=7 if project.horizon == 1 else max(1, project.horizon))
