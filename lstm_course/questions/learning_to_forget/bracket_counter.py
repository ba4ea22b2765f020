"""07-bracket-counter: weights chosen by hand for a cell that counts brackets."""

import numpy as np

from lstm_course.scratch import lstm_step

from ..edits import edit
from ..question import Mistake, Output, Question

DEEPEST = 30
MARGIN = 0.25  # how far the depth that the cell tells may be from the right one


def _bracket_cases(rng):
    def walk(T, others):
        depth, symbols = 0, []
        for _ in range(T):
            if rng.random() < others:
                symbols.append(2)
            elif depth == 0 or (depth < DEEPEST and rng.random() < 0.5):
                symbols.append(0)
                depth += 1
            else:
                symbols.append(1)
                depth -= 1
        return symbols

    down_and_up = [0] * DEEPEST + [2] * 40 + [1] * DEEPEST + [2] * 20
    sequences = [[0, 0, 2, 1, 0, 2], down_and_up, walk(1, 0), walk(300, 0.3), [2] * 50, [0, 1] * 100]
    return [dict(x=np.eye(3)[symbols]) for symbols in sequences]


def depth_of(x):
    """The number of open brackets after each symbol, (T,)."""
    return np.cumsum(x[:, 0] - x[:, 1])


def told(x, W, b, v):
    """v h after each step, (T,)."""
    h, c, depths = np.zeros((1, 1)), np.zeros((1, 1)), []
    for x_t in x:
        h, c, _ = lstm_step(x_t[None], h, c, W, b)
        depths.append(float(v) * h[0, 0])
    return np.array(depths)


def _observe(case, W, b, v):
    if W.shape != (4, 4):
        raise ValueError(f"`W` has shape {W.shape}; wanted (4, 4): rows i, f, g, o, columns h, (, ), other.")
    if b.shape != (4,):
        raise ValueError(f"`b` has shape {b.shape}; wanted (4,): one bias each for i, f, g and o.")
    if v.size != 1:
        raise ValueError(f"`v` has shape {v.shape}; wanted one number.")
    for name, array in (("W", W), ("b", b), ("v", v)):
        if not np.isfinite(array).all():
            raise ValueError(f"`{name}` holds a number that is not finite.")
    return (told(case["x"], W, b, v.reshape(())),)


def counts(W, b, v, depth=4, wait=3):
    """Whether the cell counts correctly as far as this depth, with a few other symbols between."""
    x = np.eye(3)[[0] * depth + [2] * wait + [1] * depth]
    return np.abs(told(x, W, b, v) - depth_of(x)).max() < MARGIN


def _shown(case, index):
    x = case["x"][: index[0] + 1]
    text = "".join("()x"[k] for k in x.argmax(axis=1))
    depth = int(depth_of(x)[-1])
    return f"after {text[-60:]} (symbol {len(text)}), with {depth} bracket{'s' * (depth != 1)} open"


def _others_count(W, b, v):
    """A cell that does not count, but would if the candidate did not look at other symbols."""
    if W.shape != (4, 4) or b.shape != (4,) or counts(W, b, float(v)):
        return False
    W = W.copy()
    W[2, 3] = 0
    return bool(counts(W, b, float(v)))


def _saturated(W, b, v):
    """A cell that does not count as far as it should, and would with much smaller candidates and a larger v."""
    if counts(W, b, float(v), depth=DEEPEST):
        return False
    W, b, small = W.copy(), b.copy(), 1e-3 / max(np.abs(W[2]).max(), 1e-9)
    W[2], b[2] = small * W[2], small * b[2]
    first = told(np.eye(3)[[0]], W, b, 1.0)[0]
    return bool(first) and bool(counts(W, b, 1 / first, depth=DEEPEST))


def _wrong_scale(W, b, v):
    x = np.eye(3)[[0]]
    first = told(x, W, b, float(v))[0]
    return bool(first) and not counts(W, b, float(v)) and bool(counts(W, b, float(v) / first, depth=DEEPEST))


def _transposed(W, b, v):
    return W.shape == (4, 4) and not counts(W, b, float(v)) and bool(counts(W.T, b, float(v)))


def _other_order(W, b, v):
    """Right with the rows in the order i, f, o, g, or with the columns in the order (, ), other, h."""
    if W.shape != (4, 4) or b.shape != (4,) or counts(W, b, float(v)):
        return False
    rows, columns = [0, 1, 3, 2], [3, 0, 1, 2]
    return bool(counts(W[rows], b[rows], float(v)) or counts(W[:, columns], b, float(v)))


def _never_down(W, b, v):
    """Right as long as brackets are opened, and never less after one is closed."""
    if W.shape != (4, 4) or b.shape != (4,) or counts(W, b, float(v)):
        return False
    depths = told(np.eye(3)[[0, 0, 0, 1, 1]], W, b, float(v))
    return bool(np.abs(depths[:3] - [1, 2, 3]).max() < MARGIN and np.diff(depths[2:]).min() > -MARGIN)


def _leaks(W, b, v):
    f = 1 / (1 + np.exp(-b[1]))
    return 0 < 1 - f and f**60 < 0.97


BRACKET_COUNTER = Question(
    id="07-bracket-counter",
    name="bracket_counter",
    points=2,
    outputs=(Output("depth", ("time step",)),),
    returns=("W", "b", "v"),
    withheld=("x",),
    cases=_bracket_cases,
    reference=lambda x: depth_of(x),
    observe=_observe,
    tolerance=0.0,
    margin=MARGIN,
    show=_shown,
    mistakes=(
        Mistake(
            "transposed",
            "Your `W` is transposed: each of i, f, g, o is a row, and each of h, (, ), other a column.",
            edit("return W, b, v", "return W.T, b, v"),
            _transposed,
        ),
        Mistake(
            "another order",
            "The rows of your `W` or its columns are in another order. The rows belong to i, f, g and o, with the "
            "candidate third; the columns to h, `(`, `)` and other, with h first.",
            edit("return W, b, v", "return W[[0, 1, 3, 2]], b[[0, 1, 3, 2]], v"),
            _other_order,
        ),
        Mistake(
            "closing brackets don't count down",
            "Your cell counts opening brackets, but doesn't count down at closing ones. The candidate can be negative, "
            "too: give it the opposite weight on `)`, and keep the gates open there.",
            edit("step, -step, 0]", "step, 0, 0]"),
            _never_down,
        ),
        Mistake(
            "other symbols count",
            "Your cell also counts symbols that aren't brackets. The candidate needs a weight of 0 on them, and no "
            "bias.",
            edit("step, -step, 0]", "step, -step, step]"),
            _others_count,
        ),
        Mistake(
            "read with the wrong scale",
            "Your cell counts, but `v` doesn't turn its hidden state into brackets. After a single `(`, v h has to be "
            "1.",
            edit("v = 1 / step", "v = 10 / step"),
            _wrong_scale,
        ),
        Mistake(
            "saturated",
            "Your cell adds so much for each bracket that h = o tanh(c) bends: it grows by less and less, and in the "
            "end another bracket makes no visible difference. What could each bracket add so that c stays small, even "
            "with 30 of them open?",
            edit("step = 0.001", "step = 1.0"),
            _saturated,
        ),
        Mistake(
            "it leaks",
            "Your forget gate isn't open enough, so part of the count leaks away while other symbols pass. How much is "
            "left after 60 steps? Use a larger bias.",
            edit("20, 0, 20]", "2, 0, 20]"),
            _leaks,
        ),
    ),
    hints=(
        "What does c have to do at an opening bracket, at a closing one, and at anything else? Which of i, f and g can "
        "be the same at every step?",
        "Keep i, f and o open with large biases, and let the candidate g be a small positive number at `(`, its "
        "negative at `)`, and 0 otherwise. Why small? Look at h = o tanh(c) with 30 brackets open.",
        "With `step = 0.001`: the row of g is `[0, step, -step, 0]`, all other weights are 0, `b = [20, 20, 0, 20]`, "
        "and `v = 1 / step`.",
    ),
    explain_right="Your cell counts because c stays where the tanh is nearly straight. A network trained on shallow "
    "texts would have no reason to keep c that small.",
)
