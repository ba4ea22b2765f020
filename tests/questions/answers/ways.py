"""Ways of writing an answer that do not depend on the question, and what several answers compute with."""

import math
import sys
import warnings

import numpy as np
import torch


class Way:
    """An answer that calls another one; what the judge provides for that one, it finds."""

    def __init__(self, function, call):
        self.__globals__, self.call = function.__globals__, call

    def __call__(self, *arguments):
        return self.call(*arguments)


def in_float32(function):
    """All arguments and all results in single precision."""
    return Way(function, lambda *arguments: _each(_single, function(*_each(_single, arguments))))


def as_lists(function):
    """Returns nested lists of Python's own numbers."""
    return Way(function, lambda *arguments: _each(lambda value: np.asarray(value).tolist(), function(*arguments)))


def talking(function):
    """Prints, writes to stderr and warns."""

    def answer(*arguments):
        print("called with", arguments)
        print("this went to stderr", file=sys.stderr)
        warnings.warn("and this is a warning", stacklevel=2)
        return function(*arguments)

    return Way(function, answer)


def spoiling(function):
    """Overwrites what it was given after it has used it."""

    def spoil(value):
        if isinstance(value, np.ndarray):
            value[...] = np.nan
        return value

    def answer(*arguments):
        results = _each(np.array, function(*arguments))
        _each(spoil, arguments)
        return results

    return Way(function, answer)


def with_a_graph(function):
    """Returns torch tensors that still carry their graph."""

    def tensor(value):
        return torch.tensor(np.asarray(value), dtype=torch.float64, requires_grad=True) * 1.0

    return Way(function, lambda *arguments: _each(tensor, function(*arguments)))


def _single(value):
    return np.asarray(value, dtype=np.float32)


def _each(change, value):
    """`change` applied to every array within tuples and lists."""
    if isinstance(value, (tuple, list)):
        return type(value)(_each(change, entry) for entry in value)
    return change(value)


def tensors(*arrays):
    return [torch.tensor(array, dtype=torch.float64, requires_grad=True) for array in arrays]


def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def math_sigmoid(z):
    return 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))
