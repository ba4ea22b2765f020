"""Train mode and eval mode, and back to what was before."""

import contextlib

import torch


@contextlib.contextmanager
def modes_kept(model):
    """Every part of the model is afterwards in the mode it was in, the frozen ones too."""
    modes = [(part, part.training) for part in model.modules()]
    try:
        yield
    finally:
        for part, training in modes:
            part.training = training


@contextlib.contextmanager
def evaluating(model):
    """The model in eval mode and without gradients; afterwards each part is in its own mode again."""
    with modes_kept(model), torch.no_grad():
        model.eval()
        yield
