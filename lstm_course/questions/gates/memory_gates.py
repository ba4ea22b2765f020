"""What a memory cell with weights W, (4, 4), and b, (4,), does.

The rows of W belong to i, f, g and o, its columns to h, value, write and read.
"""

import numpy as np

from lstm_course.scratch import lstm_step
from lstm_course.scratch.lstm import sigmoid

OPEN, SHUT = (0.9, 1.0), (0.0, 0.1)


def memory_target(x):
    """The output of a perfect memory, (T,), for x, (T, 3), with the columns value, write and read."""
    stored, h = 0.0, np.zeros(len(x))
    for t, (value, write, read) in enumerate(x):
        stored = np.tanh(value) if write else stored
        h[t] = read * np.tanh(stored)
    return h


def run_memory(inputs, W, b):
    """The hidden states, (T,), of the package's own step with the learner's weights."""
    if W.shape != (4, 4):
        raise ValueError(f"`W` has shape {W.shape}; wanted (4, 4): rows i, f, g, o, columns h, value, write, read.")
    if b.shape != (4,):
        raise ValueError(f"`b` has shape {b.shape}; wanted (4,): one bias each for i, f, g and o.")
    for name, array in (("W", W), ("b", b)):
        if not np.isfinite(array).all():
            raise ValueError(f"`{name}` holds a number that is not finite; large ones such as 100 will do.")
    h, c, hidden_states = np.zeros((1, 1)), np.zeros((1, 1)), []
    for x in inputs["x"]:
        h, c, _ = lstm_step(x[None], h, c, W, b)
        hidden_states.append(h[0, 0])
    return (np.array(hidden_states),)


# --- recognising mistakes: each function of W and b below fits `Mistake.recognise` ------------------------------------


def gate_at(W, b, row, write=0, read=0):
    """The value of the gate in a row (0 i, 1 f, 3 o) for a given input, with h and value at 0."""
    return sigmoid(W[row] @ np.array([0, 0, write, read]) + b[row])


def follows(row, at_write, otherwise, line="write"):
    """Recognise a gate that is in the range `at_write` when the input `line` is 1, and in `otherwise` when it is 0."""

    def recognise(W, b):
        on, off = (gate_at(W, b, row, **{line: value}) for value in (1, 0))
        return at_write[0] <= on <= at_write[1] and otherwise[0] <= off <= otherwise[1]

    return recognise


def remembers(W, b):
    """Whether the gates open and close when they should, whatever the exact numbers."""
    return (
        follows(0, OPEN, SHUT)(W, b)
        and follows(1, SHUT, OPEN)(W, b)
        and follows(3, OPEN, SHUT, line="read")(W, b)
        and W[2, 1] != 0
    )


def remembers_after(rearrangements):
    """Recognise weights that do not remember, but would after one of the rearrangements of W and b."""
    return lambda W, b: not remembers(W, b) and any(remembers(*weights) for weights in rearrangements(W, b))


def half_open(W, b):
    """Whether some gate is neither open nor shut for some input."""
    gates = [gate_at(W, b, row, write, read) for row in (0, 1, 3) for write in (0, 1) for read in (0, 1)]
    return any(SHUT[1] < gate < OPEN[0] for gate in gates)
