"""20-leak: a leakage test that works on code one can't see."""

import numpy as np

from lstm_course.tasks.suspects import WIDTH

from ..edits import edit
from ..question import Mistake, Output, Question


def _cases(rng):
    def case(number, T, stop, D=2):
        table = rng.normal(rng.uniform(-3, 3), rng.uniform(0.5, 4), (T, D))
        table[rng.random((T, D)) < 0.3] = 0.0  # gaps, as the fourth way understands them
        table[-1] = 1.5  # the last row is known
        return dict(number=number, table=table, stop=stop)

    cases = [case(number, 14, 9) for number in range(8)]
    return [*cases, case(4, 40, 20, 1), case(0, 25, 24, 3), case(7, 30, 10, 1), case(4, 30, 6, 3)]


def _reference(number, table, stop):
    """Known from how each way is built: what it reads, and whether that comes too late."""
    T = len(table)
    origins = np.arange(WIDTH, T)
    limits = np.maximum(origins, stop)
    if number in (0, 2, 5):
        return np.zeros(len(origins))
    if number == 3:
        return np.ones(len(origins))
    if number == 1:  # it reaches one row too far
        return (origins >= stop).astype(float)
    if number == 6:  # two rows, if there are as many
        return (np.minimum(origins + 1, T - 1) >= limits).astype(float)
    if number == 7:  # windows with a row from the later part know how that part goes on
        return (origins > stop).astype(float)
    found = []
    for origin, limit in zip(origins, limits, strict=True):
        rows = table[origin - WIDTH : limit]
        # A gap in the window that isn't followed by a value before the limit is filled from beyond it.
        last = np.array([np.flatnonzero(column)[-1] if column.any() else -1 for column in rows.T])
        found.append(float((last < WIDTH - 1).any()))
    return np.array(found)


LEAK = Question(
    id="20-leak",
    name="forbidden",
    points=2,
    outputs=(Output("reads_ahead", ("window",)),),
    cases=_cases,
    reference=_reference,
    seconds=10.0,
    provides={"prepare": "lstm_course.tasks.suspects:prepare"},
    mistakes=(
        Mistake(
            "nothing from the split on",
            "You change everything from `stop` on for every window. A window for a later row may read the rows before "
            "that row: they are known when the forecast is made. The same happens if you change `table` itself, not a "
            "copy of it: the changes made for window 0 are then still there for the others.",
            edit("max(k + 4, stop)", "stop"),
        ),
        Mistake(
            "training windows from their own row on",
            "You change everything from row k + 4 on for every window. The training knows all rows before `stop`, so a "
            "training window may be scaled with them.",
            edit("max(k + 4, stop)", "k + 4"),
        ),
        Mistake(
            "one row late",
            "Your change begins one row too late, so you miss a window that reads the very row it is meant to "
            "forecast.",
            edit("max(k + 4, stop)", "max(k + 4, stop) + 1"),
        ),
        Mistake(
            "the next row only",
            "You change only the first row that isn't known. A window may skip it and read a later one.",
            edit(
                "changed[limit:] +=", "changed[limit : limit + 1] +=", "changed[limit:].shape", "changed[limit].shape"
            ),
        ),
        Mistake(
            "one answer for all windows",
            "You give the same answer for all windows of a preparation. The card asks about each window by itself, "
            "because a leak may show in only a few of them.",
            edit("return found", "return found | found.any()"),
        ),
        Mistake(
            "the other way round",
            "You say True where nothing leaks. True means that the window reads something it may not.",
            edit("return found", "return ~found"),
        ),
    ),
    hints=(
        "You can't see how the windows were made. But you can make them again from a table in which only the forbidden "
        "rows are different. What must not change then?",
        "For window k, the first forbidden row is `stop` or row k + 4, whichever is later. Change that row and all "
        "rows after it, call `prepare` again, and compare window k.",
        "`limit = max(k + 4, stop)`, `changed[limit:] += rng.normal(size=changed[limit:].shape)`, and "
        "`found[k] = not np.array_equal(prepare(number, changed, stop)[k], x[k])`.",
    ),
    explain_right="The test works on any code that makes windows, so run it on your own, starting from the raw table.",
)
