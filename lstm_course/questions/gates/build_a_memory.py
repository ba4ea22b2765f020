"""04-build-a-memory (blank page): weights that make a cell remember a value."""

import itertools

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question
from .memory_gates import OPEN, SHUT, follows, gate_at, half_open, memory_target, remembers, remembers_after, run_memory

ORDERS = [list(order) for order in itertools.permutations(range(4))]
HELD_STEPS = 60


def _memory_cases(rng):
    def case(T, writes, reads, values=None):
        x = np.zeros((T, 3))
        x[:, 0] = rng.uniform(-1, 1, T) if values is None else values
        x[list(writes), 1] = 1
        x[list(reads), 2] = 1
        return x

    spread = rng.permutation(np.arange(1, HELD_STEPS))
    # The hardest cases that the question allows are the same in every run, so that weights near the margin always get
    # the same verdict: one value held against many of the other sign, one written twenty times, and none written.
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


def _steps_until(case, place):
    """The inputs up to the wrong step, one line for each step."""
    rows = [
        f"step {t}: value {value:+.2f}, write {write:.0f}, read {read:.0f}"
        for t, (value, write, read) in enumerate(case["x"][: place[0] + 1])
    ]
    return "\n".join(rows if len(rows) <= 12 else [*rows[:4], f"... {len(rows) - 8} more ...", *rows[-4:]])


BUILD_A_MEMORY = Question(
    id="04-build-a-memory",
    name="memory_cell",
    points=2,
    outputs=(Output("h", ("time step",)),),
    returns=("W", "b"),
    withheld=("x",),
    cases=_memory_cases,
    reference=memory_target,
    observe=run_memory,
    tolerance=0.0,
    margin=0.05,
    show=_steps_until,
    mistakes=(
        Mistake(
            "columns in another order",
            "Your gates would do the right thing if the columns of `W` were in another order. The columns are h, "
            "value, write and read.",
            edit("return W, b", "return np.roll(W, -1, axis=1), b"),
            remembers_after(lambda W, b: [(W[:, order], b) for order in ORDERS]),
        ),
        Mistake(
            "transposed",
            "Your `W` is transposed: each gate is a row, and each input is a column.",
            edit("return W, b", "return W.T, b"),
            remembers_after(lambda W, b: [(W.T, b)]),
        ),
        Mistake(
            "rows in another order",
            "Your gates would do the right thing if the rows were in another order. In this course, as in PyTorch, the "
            "rows are i, f, g, o.",
            edit("return W, b", "return W[[1, 0, 2, 3]], b[[1, 0, 2, 3]]"),
            remembers_after(lambda W, b: [(W[order], b[order]) for order in ORDERS]),
        ),
        Mistake(
            "no bias",
            "All your biases are 0, so every gate is half open when `write` and `read` are 0. The bias decides what a "
            "gate does then: a large negative bias keeps it shut, a large positive one keeps it open.",
            edit("np.array([-20, 20, 0, -20])", "np.zeros(4)"),
            lambda W, b: not b.any(),
        ),
        Mistake(
            "weight not above the bias",
            "One of your gates is only half open when its line is 1, because the weight just cancels the bias: -40 + "
            "40 is 0, and sigmoid(0) is 0.5. The weight must be clearly larger than the bias, for example twice as "
            "large.",
            edit("[-20, 20, 0, -20]", "[-40, 40, 0, -20]"),
            lambda W, b: any(abs(gate_at(W, b, row, 1, 1) - 0.5) < 0.05 and abs(b[row]) > 2 for row in (0, 1, 3)),
        ),
        Mistake(
            "forget gate turned round",
            "Your forget gate opens when something is written and shuts otherwise. At 1 it keeps, at 0 it drops: "
            "reverse the signs of its row.",
            edit("[0, 0, -40, 0]", "[0, 0, 40, 0]", "[-20, 20", "[-20, -20"),
            follows(1, OPEN, SHUT),
        ),
        Mistake(
            "never forgets",
            "Your cell adds each new value to the old one. When something is written, the forget gate must drop "
            "what was there: give it a strong negative weight on `write`.",
            edit("[0, 0, -40, 0]", "[0, 0, 0, 0]"),
            follows(1, OPEN, OPEN),
        ),
        Mistake(
            "always forgets",
            "Your cell forgets at the very next step. The forget gate must stand open (a large positive bias) as "
            "long as nothing is written.",
            edit("[0, 0, -40, 0]", "[0, 0, 0, 0]", "[-20, 20", "[-20, -20"),
            follows(1, SHUT, SHUT),
        ),
        Mistake(
            "input gate always open",
            "Your cell lets in every value, whether or not it should be written: the input gate must be shut (a large "
            "negative bias) unless `write` is 1.",
            edit("[0, 0, 40, 0]", "[0, 0, 0, 0]", "[-20, 20", "[20, 20"),
            follows(0, OPEN, OPEN),
        ),
        Mistake(
            "output gate always open",
            "Your cell shows what it holds at every step. It must show 0 unless `read` is 1: use a negative bias and a "
            "larger positive weight on `read`.",
            edit("[0, 0, 0, 40]", "[0, 0, 0, 0]", "0, -20]", "0, 20]"),
            follows(3, OPEN, OPEN, line="read"),
        ),
        Mistake(
            "gates only half open",
            "At least one of your gates is neither open nor shut: between 0.1 and 0.9 at some moment. At a bias of 1, "
            "for example, the forget gate keeps 0.73 a step, and after ten steps little is left. Use larger numbers.",
            edit("return W, b", "return W / [1, 1, 20, 20], b / 20"),
            half_open,
        ),
        Mistake(
            "the value is not looked at",
            "Your candidate has no weight on `value`, so the cell stores the same number whatever it is given.",
            edit("[0, 1, 0, 0]", "[0, 0, 0, 0]", "20, 0, -20]", "20, 20, -20]"),
            lambda W, b: W[2, 1] == 0,
        ),
        Mistake(
            "candidate saturated",
            "The weight of the candidate on `value` is so large that tanh(weight * value) is nearly 1 or -1, "
            "whatever the value. With a weight of 1 the cell stores tanh(value).",
            edit("[0, 1, 0, 0]", "[0, 40, 0, 0]"),
            lambda W, b: abs(W[2, 1]) > 2,
        ),
        Mistake(
            "it leaks",
            "Every gate does the right thing, but not firmly enough for 60 steps: a forget gate of 0.99 keeps half "
            "over that time, and an input gate of 0.01 adds a little at every step. Move them closer to 0 and 1, "
            "with larger numbers.",
            edit("[0, 0, 40, 0]", "[0, 0, 8, 0]", "[0, 0, -40, 0]", "[0, 0, -8, 0]", "[-20, 20", "[-4, 4"),
            remembers,
        ),
    ),
    hints=(
        "For each of the three gates, write down when it must be 1 and when it must be 0. Which of the inputs tells "
        "it?",
        "A gate that should be 0 unless `write` is 1 needs a large negative bias and an even larger positive weight on "
        "`write`. What does the opposite gate need? And which input does the candidate come from?",
        "Input gate: weight 40 on write, bias -20. Forget gate: weight -40 on write, bias 20. Output gate: weight 40 "
        "on read, bias -20. Candidate: weight 1 on the value. All other entries are 0; the rows are in the order i, f, "
        "g, o.",
    ),
    explain_right="You have programmed a memory cell. In the next exercise, training finds such weights from examples.",
)
