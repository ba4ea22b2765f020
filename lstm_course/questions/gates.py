"""Questions of lesson 04: the cell state and its three gates."""

import itertools

import numpy as np

from lstm_course.scratch.lstm import lstm_step, sigmoid

from .gates_quiz import QUIZ
from .question import Choice, Mistake, Option, Output, Question

UNITS = ("sample", "unit")


# --- 04-forget-gate ---------------------------------------------------------------------------------------------


def _gate_cases(rng):
    def case(N, H, D, scale=1.0):
        return dict(
            h=rng.normal(size=(N, H)),
            x=scale * rng.normal(size=(N, D)),
            W_f=rng.normal(size=(H, H + D)),
            b_f=rng.normal(size=H),
        )

    # One of everything; shapes in which no two sizes agree; inputs so large that exp() overflows.
    return [case(1, 1, 1), case(2, 3, 3), case(4, 2, 5), case(3, 4, 1), case(2, 3, 4, scale=1000.0)]


def _gate(h, x, W_f, b_f):
    """The forget gate of the package's own step, all other rows of its weights zero."""
    H = h.shape[1]
    W, b = np.zeros((4 * H, W_f.shape[1])), np.zeros(4 * H)
    W[H : 2 * H], b[H : 2 * H] = W_f, b_f
    return lstm_step(x, h, np.zeros_like(h), W, b)[2].f


def _z(h, x, W_f, b_f):
    return np.concatenate([h, x], axis=1) @ W_f.T + b_f


FORGET_GATE = Question(
    id="04-forget-gate",
    name="forget_gate",
    points=2,
    outputs=(Output("f", UNITS),),
    cases=_gate_cases,
    reference=_gate,
    mistakes=(
        Mistake(
            "tanh instead of sigmoid",
            "Your gate uses tanh, which lies between -1 and 1. A gate is a share that is kept, between 0 and 1: "
            "use the sigmoid.",
            lambda h, x, W_f, b_f: np.tanh(_z(h, x, W_f, b_f)),
        ),
        Mistake(
            "no sigmoid",
            "You return the weighted sum itself. It can be any number; the sigmoid brings it between 0 and 1.",
            _z,
        ),
        Mistake(
            "bias left out",
            "The bias `b_f` is missing. It decides how far the gate stands open before anything is seen.",
            lambda h, x, W_f, b_f: sigmoid(_z(h, x, W_f, 0)),
        ),
        Mistake(
            "[x, h] instead of [h, x]",
            "You put x before h. In this course the columns of `W_f` belong to h first and to x after it: [h, x].",
            lambda h, x, W_f, b_f: sigmoid(np.concatenate([x, h], axis=1) @ W_f.T + b_f),
        ),
        Mistake(
            "hidden state left out",
            "Your gate looks at x only. It must see the previous hidden state as well: the first H columns of "
            "`W_f` are for h.",
            lambda h, x, W_f, b_f: sigmoid(x @ W_f[:, h.shape[1] :].T + b_f),
        ),
        Mistake(
            "sign turned round",
            "Your gate is open where it should be shut: sigmoid(z) is 1 / (1 + exp(-z)), with a minus in the exponent.",
            lambda h, x, W_f, b_f: sigmoid(-_z(h, x, W_f, b_f)),
        ),
    ),
    hints=(
        "A gate is one number for each unit, made from everything that the cell can see. What does it see at this "
        "step, and how do you put two arrays of shapes `(N, H)` and `(N, D)` side by side?",
        "Stack them with `np.concatenate([h, x], axis=1)`; the result has shape `(N, H + D)`. Multiply it with the "
        "transposed weights and add the bias. Which function then brings any number between 0 and 1?",
        "`z = np.concatenate([h, x], axis=1) @ W_f.T + b_f`, and then the sigmoid of `z`. If your sigmoid gives "
        "`nan` for large numbers, write it as `0.5 + 0.5 * np.tanh(0.5 * z)`: the same function, which cannot "
        "overflow.",
    ),
    forbids=("lstm_course.scratch:lstm_step", "lstm_course.scratch:sigmoid"),
    explain_right="Each unit now decides for itself, from 0 (drop) to 1 (keep), how much of its cell state survives.",
)


# --- 04-cell-state ----------------------------------------------------------------------------------------------


def _update_cases(rng):
    def case(*shape):
        return dict(
            i=rng.uniform(size=shape), f=rng.uniform(size=shape), g=rng.uniform(-1, 1, shape), c=rng.normal(size=shape)
        )

    big = case(3, 2)
    big["c"] = big["c"] * 50  # a cell state is not held between -1 and 1
    return [case(1, 1), case(3, 3), case(2, 4), big]


def _update(i, f, g, c):
    """c' of the package's own step, its weights chosen so that the gates take exactly these values."""
    return np.stack([_run_gates(i[None, n], f[None, n], g[None, n], 0 * f[None, n], c[n])[1][0] for n in range(len(c))])


def _run_gates(i, f, g, o, c):
    """Hidden and cell states (T, H) under given gates, from lstm_step: each gate is fed in as its own input."""
    T, H = f.shape
    W = np.concatenate([np.zeros((4 * H, H)), np.eye(4 * H)], axis=1)
    z = np.concatenate([_logit(i), _logit(f), np.arctanh(np.clip(g, -1 + 1e-15, 1 - 1e-15)), _logit(o)], axis=1)
    h, c = np.zeros((1, H)), c[None]
    hs, cs = np.empty((T, H)), np.empty((T, H))
    for t in range(T):
        h, c, _ = lstm_step(z[t : t + 1], h, c, W, np.zeros(4 * H))
        hs[t], cs[t] = h[0], c[0]
    return hs, cs


def _logit(p):
    p = np.clip(p, 1e-15, 1 - 1e-15)
    return np.log(p) - np.log1p(-p)


CELL_STATE = Question(
    id="04-cell-state",
    name="next_cell_state",
    points=1,
    outputs=(Output("c", UNITS),),
    cases=_update_cases,
    reference=_update,
    mistakes=(
        Mistake(
            "gates swapped",
            "You multiply the old cell state by the input gate and the candidate by the forget gate. It is the "
            "other way round: f belongs to what was there, i to what is new.",
            lambda i, f, g, c: i * c + f * g,
        ),
        Mistake(
            "forgets what it should keep",
            "You keep `1 - f` of the old cell state. The forget gate is named unluckily: at 1 it keeps everything, "
            "at 0 it drops everything.",
            lambda i, f, g, c: (1 - f) * c + i * g,
        ),
        Mistake(
            "tanh on the cell state",
            "You squash the new cell state with tanh. The belt itself is not squashed; the tanh comes later, where "
            "the output is read.",
            lambda i, f, g, c: np.tanh(f * c + i * g),
        ),
        Mistake(
            "input gate left out",
            "The candidate is added whole. The input gate decides how much of it gets in: `i * g`.",
            lambda i, f, g, c: f * c + g,
        ),
        Mistake(
            "matrix product",
            "You use a matrix product. Gates act on each unit by itself: `*` multiplies entry by entry, `@` does not.",
            lambda i, f, g, c: f @ c + i @ g if f.shape[0] == f.shape[1] else f * c + i * g,
        ),
        Mistake(
            "coupled gates",
            "You let `1 - f` in instead of `i`. Some cells couple the two so; the standard cell has an input gate "
            "of its own.",
            lambda i, f, g, c: f * c + (1 - f) * g,
        ),
    ),
    hints=(
        "Two things make the new cell state: a share of the old one, and a share of the candidate. Which gate "
        "decides about which?",
        "f is the share of the old cell state that stays, i the share of the candidate that comes in. Everything "
        "has the same shape, and everything happens entry by entry.",
        "`f * c` is what stays, `i * g` is what is new; the new cell state is their sum.",
    ),
    explain_right="Nothing but a product and a sum happens on the belt; that is why it can carry something far.",
)


# --- 04-run-cell ------------------------------------------------------------------------------------------------


def _sequence_cases(rng):
    def case(T, H, size=1.0):
        return dict(
            i=rng.uniform(size=(T, H)),
            f=rng.uniform(size=(T, H)),
            g=rng.uniform(-1, 1, (T, H)),
            o=rng.uniform(size=(T, H)),
            c=size * rng.normal(size=H),
        )

    return [case(3, 1), case(1, 1), case(6, 3), case(3, 5, size=20.0)]


def _loop(step):
    """A wrong way to run the cell over time, from a wrong way to do one step: (h, c) from i, f, g, o, c."""

    def run(i, f, g, o, c):
        hs, cs = [], []
        for t in range(len(f)):
            h, c = step(i[t], f[t], g[t], o[t], c)
            hs.append(h)
            cs.append(c)
        return np.array(hs), np.array(cs)

    return run


def _without_carry(i, f, g, o, c):
    c = f * c + i * g
    return o * np.tanh(c), c


def _before_the_update(i, f, g, o, c):
    late = np.concatenate([c[None], _run_gates(i, f, g, o, c)[1][:-1]])
    return o * np.tanh(late), late


def _read_before_update(i, f, g, o, c):
    cs = _run_gates(i, f, g, o, c)[1]
    return o * np.tanh(np.concatenate([c[None], cs[:-1]])), cs


def _squashed_belt(i, f, g, o, c):
    c = np.tanh(f * c + i * g)
    return o * c, c


def _gated_belt(i, f, g, o, c):
    h = o * np.tanh(f * c + i * g)
    return h, h


def _one_array(i, f, g, o, c):
    hs, cs = _run_gates(i, f, g, o, c)
    return hs, np.repeat(cs[-1:], len(cs), axis=0)


RUN_CELL = Question(
    id="04-run-cell",
    name="run_cell",
    points=3,
    outputs=(Output("h", ("time step", "unit")), Output("c", ("time step", "unit"))),
    cases=_sequence_cases,
    reference=_run_gates,
    mistakes=(
        Mistake(
            "state not carried",
            "Each step starts again from the first cell state. What one step leaves on the belt is what the next "
            "one finds: assign the new c to the c that the loop uses.",
            _without_carry,
        ),
        Mistake(
            "tanh missing",
            "You let the cell state out as it is. The standard cell reads it through a tanh: `h = o * tanh(c)`. "
            "Without it you have another cell.",
            _loop(lambda i, f, g, o, c: (o * (f * c + i * g), f * c + i * g)),
        ),
        Mistake(
            "tanh on the belt",
            "You squash the cell state itself, so that it fades at every step even with f at 1. Only the reading "
            "goes through a tanh; c stays as it is.",
            _loop(_squashed_belt),
        ),
        Mistake(
            "hidden state carried instead of the cell state",
            "You carry h to the next step as if it were c. The output gate only decides what is shown; what is "
            "hidden by it stays on the belt.",
            _loop(_gated_belt),
        ),
        Mistake(
            "one step late",
            "You store the cell state before the update: entry t holds what step t found, not what it left.",
            _before_the_update,
        ),
        Mistake(
            "output read before the update",
            "h is read from the cell state before this step has changed it. First the new c, then "
            "`h = o * tanh(c)` from the new one.",
            _read_before_update,
        ),
        Mistake(
            "gates swapped",
            "The input gate acts on the old cell state and the forget gate on the candidate: swap them.",
            _loop(lambda i, f, g, o, c: (o * np.tanh(i * c + f * g), i * c + f * g)),
        ),
        Mistake(
            "output gate left out",
            "h does not depend on the output gate. It is the share of tanh(c) that is shown: `h = o * tanh(c)`.",
            _loop(lambda i, f, g, o, c: (np.tanh(f * c + i * g), f * c + i * g)),
        ),
        Mistake(
            "results in another order",
            "You return the cell state first. The order is h, then c, as in PyTorch.",
            lambda i, f, g, o, c: _run_gates(i, f, g, o, c)[::-1],
        ),
        Mistake(
            "one array for all steps",
            "All rows of your `c` are equal to the last one. You changed one array in place and stored it again and "
            "again; store a copy, or make a new array at each step: `c = f[t] * c + i[t] * g[t]`.",
            _one_array,
        ),
    ),
    hints=(
        "What must a step know of the step before it, and where do you keep that between two rounds of the loop?",
        "Make two empty lists, loop over `range(len(f))`, and in each round compute the new c from the row `[t]` of "
        "each gate, then h from the new c. Turn the lists into arrays at the end.",
        "In the loop: `c = f[t] * c + i[t] * g[t]`, then `h = o[t] * np.tanh(c)`; append both. Because the new "
        "value is bound to `c` again, the next round finds it. Return `np.array(hs), np.array(cs)`.",
    ),
    forbids=("lstm_course.explore:run_gates",),
    explain_right="This loop is the whole forward pass of a cell; what is missing is only who sets the gates.",
)


# --- 04-main-role (thinking) ------------------------------------------------------------------------------------

MAIN_ROLE = Choice(
    id="04-main-role",
    name="main_role",
    points=1,
    text="A colleague wants to take one part out of the cell and asks what the **cell state** is for. "
    "What is its main role?",
    options={
        "a": Option(
            "It decides, at each step, which inputs are important.",
            "Deciding is what the gates do. They hold nothing themselves: their values are made anew at each step.",
        ),
        "b": Option(
            "It is what the cell shows to the next layer.",
            "That is the hidden state, h = o * tanh(c). With the output gate shut, the cell state may hold a great "
            "deal of which nothing is shown.",
        ),
        "c": Option(
            "It carries information along the sequence, changed only by a product and a sum at each step.",
            "Yes. What it holds stays as it is unless a gate says otherwise; the gates decide what is dropped, let "
            "in and shown.",
        ),
        "d": Option(
            "It keeps every number between -1 and 1, so that nothing overflows.",
            "The cell state is not bounded: with both gates open it can grow by up to 1 at every step. The tanh that "
            "bounds the output comes after it.",
        ),
    },
    right="c",
    hints=(
        "Which parts of the cell still know, at step 50, what happened at step 3?",
        "Gates are made anew at every step from x and h, and h from o and c. Which quantity is handed on as it is?",
        "It is the quantity that stands on both sides of `c' = f * c + i * g`. What does that equation do to it?",
    ),
)


# --- 04-build-a-memory (blank page) -----------------------------------------------------------------------------


HELD_STEPS = 60


def _memory_cases(rng):
    def case(T, writes, reads, values=None):
        x = np.zeros((T, 3))
        x[:, 0] = rng.uniform(-1, 1, T) if values is None else values
        x[list(writes), 1] = 1
        x[list(reads), 2] = 1
        return x

    spread = rng.permutation(np.arange(1, HELD_STEPS))
    # The hardest that the question allows, always the same, so that weights near the margin are judged alike each
    # time: one value held against many of the other sign, one written twenty times, and nothing written at all.
    against, often = -np.ones(HELD_STEPS), np.ones(HELD_STEPS)
    against[0], often[20:] = 1, -1
    sequences = [
        case(8, writes=(1,), reads=(4, 6)),
        case(HELD_STEPS, writes=(0,), reads=(HELD_STEPS - 1,), values=against),
        case(HELD_STEPS, writes=range(20), reads=(20, HELD_STEPS - 1), values=often),
        case(HELD_STEPS, writes=(), reads=range(HELD_STEPS), values=-against),
        case(1, writes=(0,), reads=(0,)),
        case(HELD_STEPS, writes=spread[:12], reads=spread[6:40]),
    ]
    return [dict(x=x) for x in sequences]


def memory_target(x):
    """What a perfect memory shows: (T,) from x (T, 3), the columns value, write and read."""
    stored, shown = 0.0, np.zeros(len(x))
    for t, (value, write, read) in enumerate(x):
        stored = np.tanh(value) if write else stored
        shown[t] = read * np.tanh(stored)
    return shown


def _run_memory(inputs, W, b):
    """What the learner's weights do, run with the package's own step: h (T,)."""
    if W.shape != (4, 4):
        raise ValueError(f"`W` has shape {W.shape}; wanted (4, 4): rows i, f, g, o, columns h, value, write, read.")
    if b.shape != (4,):
        raise ValueError(f"`b` has shape {b.shape}; wanted (4,): one bias each for i, f, g and o.")
    for name, array in (("W", W), ("b", b)):
        if not np.isfinite(array).all():
            raise ValueError(f"`{name}` holds a number that is not finite; large ones such as 100 will do.")
    h, c, shown = np.zeros((1, 1)), np.zeros((1, 1)), []
    for x in inputs["x"]:
        h, c, _ = lstm_step(x[None], h, c, W, b)
        shown.append(h[0, 0])
    return (np.array(shown),)


def _memory(i=(0, 0, 40, 0, -20), f=(0, 0, -40, 0, 20), g=(0, 1, 0, 0, 0), o=(0, 0, 0, 40, -20)):
    """A memory cell from four rows: weights of h, value, write and read, then the bias."""
    rows = np.array([i, f, g, o], dtype=float)
    return lambda: (rows[:, :4], rows[:, 4])


def _gate_at(W, b, row, write=0, read=0):
    """Value of the gate in this row (0 i, 1 f, 3 o) for a given input, with h and the value at 0."""
    return sigmoid(W[row] @ np.array([0, 0, write, read]) + b[row])


def _follows(row, at_write, otherwise, line="write"):
    """Recognises weights whose gate lies in the first range when the line is 1, in the second when it is 0."""

    def recognise(W, b):
        on, off = (_gate_at(W, b, row, **{line: value}) for value in (1, 0))
        return at_write[0] <= on <= at_write[1] and otherwise[0] <= off <= otherwise[1]

    return recognise


OPEN, SHUT = (0.9, 1.0), (0.0, 0.1)


def _remembers(W, b):
    """Whether the gates open and shut when they should, whatever the exact numbers."""
    return (
        _follows(0, OPEN, SHUT)(W, b)
        and _follows(1, SHUT, OPEN)(W, b)
        and _follows(3, OPEN, SHUT, line="read")(W, b)
        and W[2, 1] != 0
    )


def _rows_in_another_order(W, b):
    return any(_remembers(W[list(order)], b[list(order)]) for order in itertools.permutations(range(4)))


def _columns_in_another_order(W, b):
    return any(_remembers(W[:, list(order)], b) for order in itertools.permutations(range(4)))


def _half_open(W, b):
    gates = [_gate_at(W, b, row, write, read) for row in (0, 1, 3) for write in (0, 1) for read in (0, 1)]
    return any(SHUT[1] < gate < OPEN[0] for gate in gates)


def _steps_until(case, place):
    """The inputs up to the step that went wrong, one line a step."""
    rows = [
        f"step {t}: value {value:+.2f}, write {write:.0f}, read {read:.0f}"
        for t, (value, write, read) in enumerate(case["x"][: place[0] + 1])
    ]
    return "\n".join(rows if len(rows) <= 12 else [*rows[:4], f"... {len(rows) - 8} more ...", *rows[-4:]])


BUILD_A_MEMORY = Question(
    id="04-build-a-memory",
    name="memory_cell",
    points=3,
    outputs=(Output("h", ("time step",)),),
    returns=("W", "b"),
    withheld=("x",),
    cases=_memory_cases,
    reference=memory_target,
    observe=_run_memory,
    tolerance=0.0,
    margin=0.05,
    show=_steps_until,
    mistakes=(
        Mistake(
            "columns in another order",
            "Your gates would do the right thing if the columns of `W` stood in another order. They belong to h, "
            "value, write and read.",
            lambda: (np.roll(_memory()()[0], -1, axis=1), _memory()()[1]),
            lambda W, b: not _remembers(W, b) and _columns_in_another_order(W, b),
        ),
        Mistake(
            "transposed",
            "Your `W` is the transpose of what is wanted: a gate is a row, an input a column.",
            lambda: (_memory()()[0].T, _memory()()[1]),
            lambda W, b: not _remembers(W, b) and _remembers(W.T, b),
        ),
        Mistake(
            "rows in another order",
            "Your gates would do the right thing if the rows stood in another order. In this course, as in PyTorch, "
            "they are i, f, g, o.",
            _memory(i=(0, 0, -40, 0, 20), f=(0, 0, 40, 0, -20)),
            lambda W, b: not _remembers(W, b) and _rows_in_another_order(W, b),
        ),
        Mistake(
            "no bias",
            "All your biases are 0, so that a gate stands half open when nothing is said. The bias decides what a "
            "gate does then: large and negative to keep it shut, large and positive to keep it open.",
            lambda: (_memory()()[0], np.zeros(4)),
            lambda W, b: not b.any(),
        ),
        Mistake(
            "weight not above the bias",
            "One of your gates stands half open when it is called, because its weight only just undoes its bias: "
            "-40 + 40 is 0, and sigmoid(0) is 0.5. The weight must be clearly larger than the bias, twice as large, "
            "say.",
            _memory(i=(0, 0, 40, 0, -40), f=(0, 0, -40, 0, 40)),
            lambda W, b: any(abs(_gate_at(W, b, row, 1, 1) - 0.5) < 0.05 and abs(b[row]) > 2 for row in (0, 1, 3)),
        ),
        Mistake(
            "forget gate turned round",
            "Your forget gate opens when something is written and shuts otherwise. At 1 it keeps, at 0 it drops: "
            "turn the signs of its row round.",
            _memory(f=(0, 0, 40, 0, -20)),
            _follows(1, OPEN, SHUT),
        ),
        Mistake(
            "never forgets",
            "Your cell adds each new value to the old one. When something is written, the forget gate must drop "
            "what was there: give it a strong negative weight on `write`.",
            _memory(f=(0, 0, 0, 0, 20)),
            _follows(1, OPEN, OPEN),
        ),
        Mistake(
            "always forgets",
            "Your cell forgets at the very next step. The forget gate must stand open (a large positive bias) as "
            "long as nothing is written.",
            _memory(f=(0, 0, 0, 0, -20)),
            _follows(1, SHUT, SHUT),
        ),
        Mistake(
            "input gate always open",
            "Your cell lets every value in, written or not: the input gate must be shut (a large negative bias) "
            "unless `write` is 1.",
            _memory(i=(0, 0, 0, 0, 20)),
            _follows(0, OPEN, OPEN),
        ),
        Mistake(
            "output gate always open",
            "Your cell shows what it holds at every step. It must stay silent unless `read` is 1: a negative bias "
            "and a larger positive weight on `read`.",
            _memory(o=(0, 0, 0, 0, 20)),
            _follows(3, OPEN, OPEN, line="read"),
        ),
        Mistake(
            "gates only half open",
            "At least one of your gates is neither open nor shut: between 0.1 and 0.9 at some moment. At a bias of 1, "
            "for example, the forget gate keeps 0.73 a step, and after ten steps little is left. Use larger numbers.",
            _memory(i=(0, 0, 2, 0, -1), f=(0, 0, -2, 0, 1), o=(0, 0, 0, 2, -1)),
            _half_open,
        ),
        Mistake(
            "the value is not looked at",
            "Your candidate has no weight on `value`, so that the cell stores the same whatever it is given.",
            _memory(g=(0, 0, 0, 0, 20)),
            lambda W, b: W[2, 1] == 0,
        ),
        Mistake(
            "candidate saturated",
            "The weight of the candidate on `value` is so large that tanh(weight * value) is nearly 1 or -1, "
            "whatever the value. With a weight of 1 the cell stores tanh(value).",
            _memory(g=(0, 40, 0, 0, 0)),
            lambda W, b: abs(W[2, 1]) > 2,
        ),
        Mistake(
            "it leaks",
            "Every gate does the right thing, but not firmly enough for 60 steps: a forget gate of 0.99 keeps half "
            "over that time, and an input gate of 0.01 adds a little at every step. Move them closer to 0 and 1, "
            "with larger numbers.",
            _memory(i=(0, 0, 8, 0, -4), f=(0, 0, -8, 0, 4)),
            _remembers,
        ),
    ),
    hints=(
        "Write down, for each of the three gates, at which moments it must be 1 and at which 0. Which of the inputs "
        "tells it so?",
        "A gate that should be 0 unless `write` is 1 needs a large negative bias, and a positive weight on `write` "
        "that is larger still. What does the opposite gate need? And from which input comes the candidate?",
        "Input gate: weight 40 on write, bias -20. Forget gate: weight -40 on write, bias 20. Output gate: weight 40 "
        "on read, bias -20. Candidate: weight 1 on the value. All other entries are 0; the rows stand in the order "
        "i, f, g, o.",
    ),
    explain_right="You have programmed a memory cell. Training has to find such weights by itself, from examples.",
)


# --- predictions in the lesson: no points -----------------------------------------------------------------------

PREDICTIONS = (
    Choice(
        id="04-predict-remember",
        text="The forget gate stands at 1 and the input gate at 0; the cell state starts at 1. "
        "What will the cell state be after 40 steps?",
        options={
            "a": Option("0: nothing new comes in", "Nothing comes in, but nothing is dropped either: f = 1 keeps all."),
            "b": Option("1, as at the start", "Yes: c' = 1 * c + 0 * g = c, at every step."),
            "c": Option("40: it adds up", "It would add up if the input gate were open. At i = 0 nothing is added."),
        },
        right="b",
    ),
    Choice(
        id="04-predict-forget",
        text="Now the forget gate goes to 0. How many steps does it take until the cell state is empty?",
        options={
            "a": Option("one", "Yes: c' = 0 * c + 0 * g = 0. One step at f = 0 wipes the belt."),
            "b": Option("about ten", "That would be a leak, f around 0.7. At f = 0 nothing of c survives one step."),
            "c": Option(
                "none: a forget gate at 0 does not forget",
                "The name misleads: the gate is the share that is kept. At 0 nothing is kept.",
            ),
        },
        right="a",
    ),
    Choice(
        id="04-predict-leaky",
        text="f = 0.9 looks nearly open. How much of the cell state is left after 40 steps?",
        options={
            "a": Option("about 0.9", "0.9 is left after one step. The next step keeps 0.9 of that, and so on."),
            "b": Option("about 0.35", "That is left after 10 steps: 0.9 to the power 10 is 0.35."),
            "c": Option("less than 0.02", "Yes: 0.9 to the power 40 is 0.015. A small leak empties a belt."),
        },
        right="c",
    ),
    Choice(
        id="04-predict-write-once",
        text="f = 1 throughout; the input gate opens at step 8 only, with the candidate at 0.8; the belt is empty at "
        "first. What does the cell state look like?",
        options={
            "a": Option("a single spike at step 8", "It would be, if f were 0: the forget gate keeps what came in."),
            "b": Option("a step: 0 before, 0.8 from step 8 on", "Yes: written once, kept by f = 1."),
            "c": Option("a ramp that starts at step 8", "A ramp needs an input gate that stays open."),
        },
        right="b",
    ),
    Choice(
        id="04-predict-output-closed",
        text="The same, but with the output gate at 0 from beginning to end. What becomes of the cell state?",
        options={
            "a": Option("it stays at 0", "The output gate has no say in what is stored, only in what is shown."),
            "b": Option("it steps to 0.8 as before; h stays 0", "Yes: c does not ask o. The cell knows and is silent."),
            "c": Option(
                "it leaks away, because it is never used",
                "Only the forget gate could empty it here, and it stands at 1.",
            ),
        },
        right="b",
    ),
    Choice(
        id="04-predict-saturated",
        text="Everything open: f = i = o = 1, and the candidate at 1. How do the cell state and the hidden state go "
        "on?",
        options={
            "a": Option("both stop at 1", "h stops at 1, because it is read through a tanh. c has no ceiling."),
            "b": Option("both grow for ever", "c does. h is o * tanh(c), and that never passes 1."),
            "c": Option("c grows by 1 a step; h sticks at 1", "Yes: at c = 3 tanh has nothing left to say."),
        },
        right="c",
    ),
    Choice(
        id="04-what-it-does",
        text="In one sentence: what does an LSTM do with a sequence?",
        options={
            "a": Option(
                "It remembers everything it has seen, for as long as the sequence lasts.",
                "It cannot: the cell state has a fixed size, and each forget gate below 1 drops something at every "
                "step.",
            ),
            "b": Option(
                "It keeps significant input and forgets irrelevant data.",
                "Yes, and training decides what counts as significant: the gates are learned.",
            ),
            "c": Option(
                "It looks at all steps at once and weighs them against each other.",
                "That describes attention. An LSTM sees one step at a time and has only its states to look back on.",
            ),
            "d": Option(
                "It makes the sequence shorter, by leaving out steps.",
                "It takes every step. What gets shorter, if anything, is what it remembers of them.",
            ),
        },
        right="b",
    ),
    Choice(
        id="04-why-sigmoid",
        text="Why do the values of the forget gate lie between 0 and 1?",
        options={
            "a": Option(
                "Because it is a share: the part of the old cell state that is kept.",
                "Yes. Above 1 the state would grow at each step by itself, below 0 it would change its sign.",
            ),
            "b": Option(
                "Because a probability must lie there.",
                "It looks like one, but nothing is drawn at random: the same inputs give the same gate.",
            ),
            "c": Option(
                "Because the cell state lies between 0 and 1.",
                "The cell state may be any number, negative ones too. Only what multiplies it is a share.",
            ),
        },
        right="a",
    ),
)

QUESTIONS = (FORGET_GATE, CELL_STATE, RUN_CELL, MAIN_ROLE, BUILD_A_MEMORY, *QUIZ, *PREDICTIONS)
