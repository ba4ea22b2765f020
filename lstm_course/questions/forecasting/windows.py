"""15-windows: training windows that end before a given step."""

from lstm_course.forecasting import pairs

from ..edits import edit
from ..question import Mistake, Output, Question


def _window_cases(rng):
    def case(T, window, horizon, stop, scale=1.0):
        return dict(values=scale * rng.normal(size=T), window=window, horizon=horizon, stop=stop)

    # Small; only one pair; the whole series; a horizon longer than the window; much after the stop; large numbers.
    return [
        case(7, 2, 1, 5),
        case(9, 3, 2, 5),
        case(12, 4, 3, 12),
        case(15, 2, 5, 11),
        case(40, 6, 4, 20),
        case(20, 1, 1, 17, scale=1e6),
    ]


def _windows(values, window, horizon, stop):
    training = pairs(values, window, horizon, stop=stop)
    return training.x, training.y


WINDOWS = Question(
    id="15-windows",
    name="windows_and_targets",
    points=2,
    outputs=(Output("x", ("window", "place")), Output("y", ("window", "step ahead"))),
    cases=_window_cases,
    reference=_windows,
    mistakes=(
        Mistake(
            "targets after the stop",
            "Your last targets lie at `stop` or after it. These values are kept for judging; a model that learns "
            "from them has seen its own examination. The *target* must end before `stop`, not only the window.",
            edit(
                "origins = range(window, stop - horizon + 1)",
                "values = np.concatenate([values, values[:horizon]])\n    origins = range(window, stop + 1)",
            ),
        ),
        Mistake(
            "last pair missing",
            "You stop one pair too early. The last target is `values[stop - horizon:stop]`; `range` leaves out its "
            "own end.",
            edit(
                "stop - horizon + 1",
                "stop - horizon",
                "return x, y",
                "return x.reshape(-1, window), y.reshape(-1, horizon)",
            ),
        ),
        Mistake(
            "stop ignored",
            "You cut windows from the whole series. What comes at `stop` and after it is kept for judging.",
            edit("stop - horizon", "len(values) - horizon"),
        ),
        Mistake(
            "window holds its first target",
            "The last value of each window is the first one of its target. A window ends just before its origin.",
            edit("values[o - window : o]", "values[o - window + 1 : o + 1]"),
        ),
        Mistake(
            "one step skipped",
            "Between each window and its target one value is left out. The target begins where the window ends.",
            edit(
                "range(window,",
                "range(window + 1,",
                "values[o - window : o]",
                "values[o - 1 - window : o - 1]",
                "return x, y",
                "return x.reshape(-1, window), y.reshape(-1, horizon)",
            ),
        ),
        Mistake(
            "windows do not overlap",
            "Your windows lie end to end. Each origin is one step after the one before.",
            edit("stop - horizon + 1)", "stop - horizon + 1, max(window, 2))"),
        ),
        Mistake(
            "newest first",
            "Your windows are turned round: the newest value comes first. Time runs from left to right.",
            edit("return x,", "return x[:, ::-1],"),
        ),
        Mistake(
            "results in another order",
            "You return the targets first. The order is windows, then targets.",
            edit("return x, y", "return y, x"),
        ),
    ),
    hints=(
        "Take the values 1 to 7 with `window=2`, `horizon=1` and `stop=5` on paper. At which places can a target "
        "begin, if it must be over before place 5?",
        "A target that begins at origin o is `values[o:o + horizon]`, and its window is `values[o - window:o]`. The "
        "first origin is `window`, the last one `stop - horizon`.",
        "`origins = range(window, stop - horizon + 1)`, and then one list of slices for x and one for y, each made an "
        "array.",
    ),
    forbids=("lstm_course.forecasting:pairs",),
    explain_right="Nothing at or after the stop is touched, in the windows or in the targets.",
)
