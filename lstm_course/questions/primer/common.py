"""What several questions of the primer use."""

import numpy as np


def derivative(function, at):
    """Exact to rounding, without any rule: a step into the complex plane leaves nothing to subtract."""
    return np.imag(function(at + 1e-30j)) / 1e-30
