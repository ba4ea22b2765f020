"""Helpers that several questions of the primer share."""

import numpy as np


def derivative(function, at):
    """The derivative by a complex step: exact up to rounding, without a rule of calculus and without a difference."""
    return np.imag(function(at + 1e-30j)) / 1e-30
