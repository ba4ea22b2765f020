"""01-trusted-steps: for how many steps ahead a forecast beats every baseline."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question


def _forecast_cases(rng):
    def errors(size, N, spread=0.9, sign=None):
        """Errors (N, horizon) with the mean size `size` (horizon,) at each step ahead; random signs unless given."""
        sizes = rng.uniform(1 - spread, 1 + spread, (N, len(size)))
        return size * sizes / sizes.mean(axis=0) * (rng.choice([-1, 1], sizes.shape) if sign is None else sign)

    def case(forecast, *baselines):
        """A future (N, horizon), and forecasts of it with these errors."""
        future = rng.normal(10, 3, forecast.shape)
        return dict(forecast=future + forecast, baselines=future + np.stack(baselines), future=future)

    two_ahead = case(errors(np.array([1.0, 2, 3, 1]), 2), errors(np.array([2.0, 3, 2, 2]), 2))
    one = np.ones(5)
    grows, level = np.array([1.0, 3, 5, 6, 5, 3]), np.full(6, 3.0)
    spread_out = errors(0.9 * one, 40) * np.tile([0.0, 2.0], 20)[:, None]
    spread_out *= 0.9 / np.abs(spread_out).mean(axis=0)
    tie = rng.integers(0, 9, (3, 4)).astype(float)
    return [
        two_ahead,
        # Ahead at every step, and at none although the errors are negative.
        case(errors(0.5 * one, 3), errors(one, 3), errors(1.2 * one, 3)),
        case(errors(2 * one, 7, sign=-1), errors(one, 7, sign=1)),
        # Errors of both signs, which would cancel.
        case(errors(2 * one, 6, spread=0.1, sign=np.array([[1], [-1]] * 3)), errors(one, 6, sign=1)),
        # Two baselines that take turns: the forecast loses to the one, then to the other.
        case(errors(np.array([0.5, 2, 3.5, 3.5, 4, 2]), 8), errors(grows, 8), errors(level, 8)),
        case(errors(np.array([1.6, 2, 2, 2, 2, 2]), 6), errors(grows, 6), errors(level, 6)),
        # Better than the worse of two baselines, at first also than their average.
        case(errors(np.array([1.5, 2.5, 2.5]), 5), errors(np.ones(3), 5), errors(np.full(3, 3.0), 5)),
        # Ahead of both baselines, but not of the better one in each sample; ahead, but not in squared error.
        case(errors(0.9 * one, 40, spread=0.1), errors(one, 40), errors(1.01 * one, 40)),
        case(spread_out, errors(one, 40)),
        # A tie, in whole numbers; one sample and one step.
        dict(forecast=tie + 1, baselines=tie[None] + 1, future=tie),
        case(errors(np.ones(1), 1), errors(np.full(1, 2.0), 1)),
    ]


def _steps(forecast, baselines, future):
    """Step by step: the length of the run of wins at the start."""
    steps = 0
    for ahead, truth in enumerate(future.T):
        error = sum(abs(forecast[:, ahead] - truth))
        if not all(error < sum(abs(baseline[:, ahead] - truth)) for baseline in baselines):
            break
        steps += 1
    return np.array(steps)


OF_FORECAST = "np.abs(forecast - future).mean(axis=0)"  # as the solution has it
OF_BASELINES = "np.abs(baselines - future).mean(axis=1)"

TRUSTED_STEPS = Question(
    id="01-trusted-steps",
    name="trusted_steps",
    points=2,
    outputs=(Output("steps", ()),),
    cases=_forecast_cases,
    reference=_steps,
    tolerance=0.0,
    mistakes=(
        Mistake(
            "all wins counted",
            "You count every step at which the forecast wins. Once it has lost, later wins don't count: look for the "
            "first step at which it isn't ahead.",
            edit("int(lost.argmax()) if lost.any() else len(lost)", "int((~lost).sum())"),
        ),
        Mistake(
            "0 for a forecast that never loses",
            "You return 0 for a forecast that is ahead at every step. `argmax` of an array without a True is 0; the "
            "answer is then the whole horizon.",
            edit(" if lost.any() else len(lost)", ""),
        ),
        Mistake(
            "one step short of a forecast that never loses",
            "For a forecast that is ahead at every step you return one step too few: the index of the last step, which "
            "counts from 0. The answer is then the whole horizon.",
            edit("else len(lost)", "else len(lost) - 1"),
        ),
        Mistake(
            "the first lost step counted",
            "You are one step too far: the first step at which the forecast isn't ahead doesn't count.",
            edit(
                "int(lost.argmax()) if lost.any() else len(lost)",
                "int(lost.argmax()) + 1 if lost.any() else len(lost)",
            ),
        ),
        Mistake(
            "signs kept",
            "You average the errors with their signs. A forecast that is far too low then looks better than a good "
            "one. Take absolute values.",
            edit(
                "np.abs(forecast - future)", "(forecast - future)", "np.abs(baselines - future)", "(baselines - future)"
            ),
        ),
        Mistake(
            "errors cancel",
            "You average first and take the absolute value afterwards, so errors of opposite signs cancel. Take "
            "absolute values first.",
            edit(
                OF_FORECAST,
                "np.abs((forecast - future).mean(axis=0))",
                OF_BASELINES,
                "np.abs((baselines - future).mean(axis=1))",
            ),
        ),
        Mistake(
            "squared errors",
            "You square the errors. The question is about absolute errors.",
            edit(
                "np.abs(forecast - future)",
                "((forecast - future) ** 2)",
                "np.abs(baselines - future)",
                "((baselines - future) ** 2)",
            ),
        ),
        Mistake(
            "one baseline beaten is enough",
            "You ask the forecast to beat one of the baselines at each step. It has to beat all of them, so compare it "
            "with the best one.",
            edit(".min(axis=0)", ".max(axis=0)"),
        ),
        Mistake(
            "average of the baselines",
            "You compare the forecast with the average of the baselines' errors. Compare it with the best one at each "
            "step.",
            edit(".min(axis=0)", ".mean(axis=0)"),
        ),
        Mistake(
            "one baseline for all steps",
            "You pick the baseline that is best on average and compare with that one only. Another may be better at "
            "some steps, as last value is one hour ahead.",
            edit(f"{OF_BASELINES}.min(axis=0)", f"min({OF_BASELINES}, key=np.mean)"),
        ),
        Mistake(
            "the best baseline in each sample",
            "You pick the better baseline anew for each sample. Nobody knows in advance which one that will be. "
            "Average over the samples first, then take the smallest error.",
            edit(".mean(axis=1).min(axis=0)", ".min(axis=0).mean(axis=0)"),
        ),
        Mistake(
            "a tie taken for a win",
            "You count a tie as a win. A forecast that is only as good as a baseline isn't ahead of it.",
            edit("error >= best", "error > best"),
        ),
    ),
    raising=(
        Mistake(
            "averaged over the steps",
            "You average over the steps ahead, which leaves one error per sample. Average over the samples, axis 0, so "
            "that each step ahead keeps its own error.",
            edit(OF_FORECAST, "np.abs(forecast - future).mean(axis=1)"),
        ),
    ),
    hints=(
        "How large is the mean error of the forecast at each step ahead, and what is the smallest that a baseline has "
        "there? Which axis is averaged over in each case?",
        "`np.abs(forecast - future).mean(axis=0)` is one error for each step ahead. For the baselines it is "
        "`mean(axis=1)`, and then the smallest of them at each step. What should happen if the forecast never loses?",
        "With `lost = error >= best`, an array of True and False, `lost.argmax()` is the index of the first True, "
        "which is also the number of steps before it. If `lost.any()` is False, return `len(lost)`.",
    ),
    forbids=("lstm_course.baselines:error_by_horizon",),
    explain_right="Now you can say of any forecast how far ahead it is worth using. For the lesson's network on 2 "
    "hours, as judged against seasonal naive and last value, that is 3 hours.",
)
