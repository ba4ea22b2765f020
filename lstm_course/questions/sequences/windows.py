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
            "The last number of each window is the target itself. A model then only has to copy it, and is useless as "
            "soon as the target isn't known yet. End each window one step before its target.",
            edit("x[t - width : t]", "x[t - width + 1 : t + 1]"),
        ),
        Mistake(
            "last window missing",
            "You stop one window too early. The last target is the last number of the series, so there are T - width "
            "windows; `range` doesn't include its own end.",
            edit(
                "return inputs, x[width:]", "n = max(len(inputs) - 1, 1)\n    return inputs[:n], x[width : width + n]"
            ),
        ),
        Mistake(
            "one window too many",
            "You make one window too many. The last one ends with the last number of the series, and nothing comes "
            "after it. There are T - width windows, not T - width + 1.",
            edit("len(x))", "len(x) + 1)"),
        ),
        Mistake(
            "newest first",
            "Your windows are reversed: the newest number comes first. In this course time runs from left to right, "
            "with the oldest number first.",
            edit("return inputs,", "return inputs[:, ::-1],"),
        ),
        Mistake(
            "windows and places swapped",
            "Your `inputs` are transposed. Each row should be a window, and each column a place in it.",
            edit("return inputs,", "return inputs.T,"),
        ),
        Mistake(
            "target is the last of the window",
            "Your targets are the last numbers of the windows themselves. The target is the number *after* each "
            "window.",
            edit("x[width:]", "inputs[:, -1]"),
        ),
        Mistake(
            "windows do not overlap",
            "Your windows lie end to end. Each window should start one step after the previous one, so that they "
            "overlap and every number from `width` on is a target once.",
            edit("inputs, x[width:]", "inputs[::width], x[width::width]"),
        ),
        Mistake(
            "results in another order",
            "You return the targets first. Return the inputs first, then the targets.",
            edit("inputs, x[width:]", "x[width:], inputs"),
        ),
    ),
    raising=(
        Mistake(
            "a target after the end",
            "Your last window has no target: you ask for the number after the last one of the series. There are "
            "T - width windows, not T - width + 1.",
            edit("x[width:]", "np.array([x[t] for t in range(width, len(x) + 1)])"),
        ),
    ),
    hints=(
        "On paper, take the series 1, 2, 3, 4, 5 and a width of 2. Which numbers can be targets, and which two numbers "
        "come before each?",
        "The targets are all numbers from index `width` on: `x[width:]`. The window for the target at index t starts "
        "`width` places before it and ends just before it, which a slice does by itself.",
        "`inputs = np.array([x[t - width : t] for t in range(width, len(x))])`, and return it with `x[width:]`.",
    ),
    forbids=("lstm_course.baselines:windows",),
    explain_right="The series is now a table that any regression can learn from, and no row contains its own target.",
)
