"""What the gates of a memory cell do under given weights W (4, 4) and b (4,): rows i, f, g, o, columns h, value, write,
read."""

import itertools

import numpy as np

from lstm_course.scratch.lstm import sigmoid

OPEN, SHUT = (0.9, 1.0), (0.0, 0.1)


def gate_at(W, b, row, write=0, read=0):
    """Value of the gate in this row (0 i, 1 f, 3 o) for a given input, with h and the value at 0."""
    return sigmoid(W[row] @ np.array([0, 0, write, read]) + b[row])


def follows(row, at_write, otherwise, line="write"):
    """Recognises weights whose gate lies in the first range when the line is 1, in the second when it is 0."""

    def recognise(W, b):
        on, off = (gate_at(W, b, row, **{line: value}) for value in (1, 0))
        return at_write[0] <= on <= at_write[1] and otherwise[0] <= off <= otherwise[1]

    return recognise


def remembers(W, b):
    """Whether the gates open and shut when they should, whatever the exact numbers."""
    return (
        follows(0, OPEN, SHUT)(W, b)
        and follows(1, SHUT, OPEN)(W, b)
        and follows(3, OPEN, SHUT, line="read")(W, b)
        and W[2, 1] != 0
    )


def rows_in_another_order(W, b):
    return any(remembers(W[list(order)], b[list(order)]) for order in itertools.permutations(range(4)))


def columns_in_another_order(W, b):
    return any(remembers(W[:, list(order)], b) for order in itertools.permutations(range(4)))


def half_open(W, b):
    gates = [gate_at(W, b, row, write, read) for row in (0, 1, 3) for write in (0, 1) for read in (0, 1)]
    return any(SHUT[1] < gate < OPEN[0] for gate in gates)
