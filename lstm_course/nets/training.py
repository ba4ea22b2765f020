"""The training loop that the lessons share."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch

# A widget in a notebook, a line of text elsewhere; TQDM_DISABLE=1 in the environment hides it.
from tqdm.auto import tqdm

from ..scratch import arguments


@dataclass(frozen=True)
class History:
    """What happened at each step of a training, for plots.

    Attributes
    ----------
    losses : (steps,) array
        The loss before each step.
    gradient_norms : (steps,) array
        The length of all gradients together, before clipping.
    """

    losses: np.ndarray
    gradient_norms: np.ndarray


class Diverged(ArithmeticError):
    """The loss or its gradient is no longer a finite number.

    Attributes
    ----------
    history : History
        Of the steps before.
    """

    def __init__(self, message, history):
        super().__init__(message)
        self.history = history


def train(model, batches, loss, steps, learning_rate=0.001, clip=1.0, seed=0, progress=True):
    """Train a model with Adam, with the gradients clipped by norm.

    The model is changed in place. PyTorch's random numbers come from `seed` during training (dropout, a
    shuffling ``DataLoader``); the caller's global generator is afterwards as it was before.

    Parameters
    ----------
    model : torch.nn.Module
    batches : iterable
        What `loss` is handed, one item a step. Begun again when it is used up, as a list or a ``DataLoader``
        can be; a generator must last for all steps.
    loss : callable
        ``loss(model, batch)`` gives the loss to be made small, a tensor of one number.
    steps : int
    learning_rate : float
    clip : float or None
        The largest length of all gradients together; None leaves them as they are.
    seed : int
    progress : bool
        Whether to show a progress bar, which disappears at the end.

    Returns
    -------
    History

    Raises
    ------
    ValueError
        If an argument is not as described, or the batches are used up.
    Diverged
        If the loss or the gradients become NaN or infinite. The model keeps its last finite parameters, and
        the exception has the history up to there.
    """
    if not isinstance(model, torch.nn.Module):
        raise ValueError(f"model: wanted a torch.nn.Module, got {type(model).__name__}")
    if not isinstance(batches, Iterable):
        raise ValueError(f"batches: wanted something to iterate over, got {type(batches).__name__}")
    if not callable(loss):
        raise ValueError(f"loss: wanted a function loss(model, batch), got {type(loss).__name__}")
    steps = arguments.size("steps", steps)
    learning_rate = arguments.positive("learning_rate", learning_rate)
    clip = float("inf") if clip is None else arguments.positive("clip", clip)
    seed = arguments.seed("seed", seed)
    batches = _forever(batches, steps)

    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    if not parameters:
        raise ValueError("model: wanted at least one parameter to train, got none")
    optimiser = torch.optim.Adam(parameters, lr=learning_rate)
    losses, norms = [], []
    was_training = model.training
    model.train()
    # `disable` is given only to hide the bar, so that TQDM_DISABLE decides otherwise.
    bar = tqdm(total=steps, desc="training", leave=False, **({} if progress else {"disable": True}))
    with torch.random.fork_rng(), bar:
        torch.manual_seed(seed)
        try:
            for step in range(steps):
                value = loss(model, next(batches))
                if not (isinstance(value, torch.Tensor) and value.numel() == 1):
                    raise ValueError(f"loss: wanted a tensor of one number from it, got {_came(value)}")
                optimiser.zero_grad()
                value.backward()
                norm = torch.nn.utils.clip_grad_norm_(parameters, clip)
                for what, number in (("loss", value), ("length of the gradients", norm)):
                    if not torch.isfinite(number):
                        raise Diverged(
                            f"training stopped at step {step}, where the {what} became {number.item()}: "
                            "a smaller learning_rate or clip often helps",
                            History(np.array(losses), np.array(norms)),
                        )
                optimiser.step()
                losses.append(value.item())
                norms.append(norm.item())
                bar.update()
        finally:
            model.train(was_training)
    return History(np.array(losses), np.array(norms))


def _forever(batches, steps):
    """The batches one after another, again and again; a sentence once they give nothing any more."""
    count = 0
    while True:
        before = count
        for batch in batches:
            count += 1
            yield batch
        if count == before:
            raise ValueError(f"batches: wanted one for each of {steps} steps, got only {count}")


def _came(value):
    return f"shape {tuple(value.shape)}" if isinstance(value, torch.Tensor) else type(value).__name__
