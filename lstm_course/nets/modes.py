"""Switching between train mode and eval mode, and back."""

import contextlib

import torch


@contextlib.contextmanager
def modes_kept(model):
    """Restore the mode of every part of the model in the end, including frozen parts."""
    modes = [(part, part.training) for part in model.modules()]
    try:
        yield
    finally:
        for part, training in modes:
            part.training = training


@contextlib.contextmanager
def evaluating(model):
    """Use the model in eval mode and without gradients, and restore the mode of every part in the end."""
    with modes_kept(model), torch.no_grad():
        model.eval()
        yield
