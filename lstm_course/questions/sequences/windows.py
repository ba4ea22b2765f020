"""01-windows: windows of a series and the value that follows each."""

from lstm_course.baselines import windows

from ..edits import edit
from ..question import Mistake, Output, Question


def _window_cases(rng):
    def case(T, width, scale=1.0):
        return dict(x=scale * rng.normal(size=T), width=width)

    # Small; one window of one number; one window; as many windows as numbers in each; many; large numbers.
    return [case(5, 2), case(2, 1), case(6, 5), case(6, 3), case(20, 4), case(9, 2, scale=1e6)]


def _windows(x, width):
    """The package's windows without those that begin before the series, and without the last, which has no target."""
    return windows(x[None, :, None], width)[0, width - 1 : -1], x[width:]


MAKE_WINDOWS = Question(
    id="01-windows",
    name="make_windows",
    points=2,
    outputs=(Output("inputs", ("window", "place")), Output("targets", ("window",))),
    cases=_window_cases,
    reference=_windows,
    mistakes=(
        Mistake(
            "window holds its own target",
            "The last number of each window is the target itself. A model then only has to copy it, and is worth "
            "nothing when the target is not known yet: the window ends one step before its target.",
            edit("x[t - width : t]", "x[t - width + 1 : t + 1]"),
        ),
        Mistake(
            "last window missing",
            "You stop one window too early. The last target is the last number of the series, so that there are "
            "T - width windows; `range` leaves out its own end.",
            edit(
                "return inputs, x[width:]", "n = max(len(inputs) - 1, 1)\n    return inputs[:n], x[width : width + n]"
            ),
        ),
        Mistake(
            "one window too many",
            "You make one window too many: the last one ends with the last number of the series, and nothing comes "
            "after it. There are T - width windows, not T - width + 1.",
            edit("len(x))", "len(x) + 1)"),
        ),
        Mistake(
            "newest first",
            "Your windows are turned round: the newest number comes first. In this course time runs from left to "
            "right, the oldest first.",
            edit("return inputs,", "return inputs[:, ::-1],"),
        ),
        Mistake(
            "windows and places swapped",
            "Your `inputs` are the transpose of what is wanted: a row is a window, a column a place in it.",
            edit("return inputs,", "return inputs.T,"),
        ),
        Mistake(
            "target is the last of the window",
            "Your targets are the last numbers of the windows themselves. What is wanted is the number *after* each "
            "window.",
            edit("x[width:]", "inputs[:, -1]"),
        ),
        Mistake(
            "windows do not overlap",
            "Your windows lie end to end. Each window starts one step after the one before, so that they overlap and "
            "every number from `width` on is a target once.",
            edit("inputs, x[width:]", "inputs[::width], x[width::width]"),
        ),
        Mistake(
            "results in another order",
            "You return the targets first. The order is inputs, then targets.",
            edit("inputs, x[width:]", "x[width:], inputs"),
        ),
    ),
    raising=(
        Mistake(
            "a target after the end",
            "Your last window has no target any more: you ask for the number after the last one of the series. There "
            "are T - width windows, not T - width + 1.",
            edit("x[width:]", "np.array([x[t] for t in range(width, len(x) + 1)])"),
        ),
    ),
    hints=(
        "Take the series 1, 2, 3, 4, 5 and a width of 2 on paper. Which numbers can be a target, and which two stand "
        "before each?",
        "The targets are all numbers from place `width` on: `x[width:]`. The window of the target at place t starts "
        "`width` places before it and ends just before it, as a slice does by itself.",
        "`inputs = np.array([x[t - width : t] for t in range(width, len(x))])`, and return it with `x[width:]`.",
    ),
    forbids=("lstm_course.baselines:windows",),
    explain_right="A series has become a table, which any regression can learn from, and no row knows its own target.",
)
