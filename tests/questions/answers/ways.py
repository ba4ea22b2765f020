"""Variants of any answer, and functions that several answers use."""

import math
import sys
import warnings

import numpy as np
import torch

# The first backward pass imports hundreds of modules, which on a busy machine takes longer than an answer may.
torch.ones(1, requires_grad=True).sum().backward()


class Way:
    """An answer that calls another one, with the names that the judge provides for that one."""

    def __init__(self, function, call):
        self.__globals__, self.call = function.__globals__, call

    def __call__(self, *arguments):
        return self.call(*arguments)


def in_float32(function):
    """An answer that computes in single precision."""
    return Way(function, lambda *arguments: _each(_single, function(*_each(_single, arguments))))


def as_lists(function):
    """An answer that returns nested lists of Python numbers."""
    return Way(function, lambda *arguments: _each(lambda value: np.asarray(value).tolist(), function(*arguments)))


def talking(function):
    """An answer that prints, writes to stderr and warns."""

    def answer(*arguments):
        print("called with", arguments)
        print("this went to stderr", file=sys.stderr)
        warnings.warn("and this is a warning", stacklevel=2)
        return function(*arguments)

    return Way(function, answer)


def spoiling(function):
    """An answer that overwrites its arguments."""

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
    """An answer that returns torch tensors with their graph."""

    def tensor(value):
        return torch.tensor(np.asarray(value), dtype=torch.float64, requires_grad=True) * 1.0

    return Way(function, lambda *arguments: _each(tensor, function(*arguments)))


def _single(value):
    return np.asarray(value, dtype=np.float32)


def _each(change, value):
    """Apply `change` to every array within tuples and lists."""
    if isinstance(value, (tuple, list)):
        return type(value)(_each(change, entry) for entry in value)
    return change(value)


def tensors(*arrays):
    return [torch.tensor(array, dtype=torch.float64, requires_grad=True) for array in arrays]


def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def math_sigmoid(z):
    return 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))
