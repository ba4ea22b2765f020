"""The training loop that the lessons share."""

import contextlib
import copy
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch

# A widget in a notebook, a line of text elsewhere; TQDM_DISABLE=1 in the environment hides it.
from tqdm.auto import tqdm

from ..scratch import schedules
from . import arguments
from . import device as devices
from .modes import evaluating, modes_kept


class Validation(NamedTuple):
    """The evaluations of a training; ``plt.plot(*history.validation)`` draws them."""

    steps: np.ndarray  # (E,), how many steps had been taken
    values: np.ndarray  # (E,), what `validate` said


@dataclass(frozen=True, eq=False)
class History:
    """What happened in a training, for plots.

    Attributes
    ----------
    losses : (steps,) array
        The loss before each step.
    gradient_norms : (steps,) array
        The length of all gradients together, before clipping.
    learning_rates : (steps,) array
        That of each step.
    validation : Validation
        Empty without `validate`.
    best_step : int or None
        After how many steps the validation was smallest, the first of equals: the weights the model now has.
    stopped_early : bool
        Whether it took fewer steps than wanted, as patience ran out or the stop button was pressed.
    """

    losses: np.ndarray
    gradient_norms: np.ndarray
    learning_rates: np.ndarray
    validation: Validation
    best_step: int | None
    stopped_early: bool


class Diverged(ArithmeticError):
    """The loss, its gradient or the validation is no longer a finite number.

    Attributes
    ----------
    history : History
        Of the steps before.
    """

    def __init__(self, message, history):
        super().__init__(message, history)  # both, so that it can be pickled
        self.history = history

    def __str__(self):
        return self.args[0]


def train(
    model,
    batches,
    loss,
    steps,
    learning_rate=0.001,
    clip=1.0,
    seed=0,
    progress=True,
    schedule=None,
    validate=None,
    validate_every=50,
    patience=None,
    device="auto",
):
    """Train a model with Adam, with the gradients clipped by norm.

    The model is changed in place. With `validate`, it ends with the weights of its best evaluation, however
    the training ends; without, or before the first evaluation, with the last ones that were finite.

    The stop button (KeyboardInterrupt) ends the training, not the work: what was learned until then stays,
    and the history is returned as ever.

    All parts of the model train in train mode, and are afterwards in the mode they were in; no gradients are left
    in them. Each call begins with a new Adam. PyTorch's random numbers come from `seed` during training (dropout,
    a shuffling ``DataLoader``); the caller's global generator is afterwards as it was before.

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
    schedule : callable, optional
        ``schedule(step)`` gives the factor of the learning rate, the steps counted from 0, as those of
        `lstm_course.scratch.schedules` do.
    validate : callable, optional
        ``validate(model)`` gives the number to be made small on data that is not trained on. It is called in
        eval mode, without gradients, and with random numbers of its own, the same each time.
    validate_every : int
        How many steps lie between two evaluations. The last step is always followed by one.
    patience : int, optional
        After how many evaluations in a row without a new best to stop.
    device : str or torch.device
        Where to train: ``"auto"`` takes CUDA, then MPS, then the CPU. Model and batches are moved there, the
        tensors in tuples, lists and dictionaries, too; tensors that `loss` and `validate` make are made there.
        Afterwards the model is back where it was.

    Returns
    -------
    History

    Raises
    ------
    ValueError
        If an argument is not as described, or the batches are used up.
    Diverged
        If the loss, the gradients or the validation become NaN or infinite. The exception has the history up
        to there.
    """
    if not isinstance(model, torch.nn.Module):
        raise ValueError(f"model: wanted a torch.nn.Module, got {type(model).__name__}")
    if not isinstance(batches, Iterable):
        raise ValueError(f"batches: wanted something to iterate over, got {type(batches).__name__}")
    if not callable(loss):
        raise ValueError(f"loss: wanted a function loss(model, batch), got {type(loss).__name__}")
    schedule = schedules.check("schedule", schedule)
    if validate is not None and not callable(validate):
        raise ValueError(f"validate: wanted a function validate(model) or None, got {type(validate).__name__}")
    if patience is not None:
        patience = arguments.size("patience", patience)
        if validate is None:
            raise ValueError(f"patience: wanted None where there is no validate, got {patience}")
    steps = arguments.size("steps", steps)
    learning_rate = arguments.positive("learning_rate", learning_rate)
    clip = float("inf") if clip is None else arguments.positive("clip", clip)
    seed = arguments.seed("seed", seed)
    validate_every = arguments.size("validate_every", validate_every)
    batches = _forever(batches, steps)

    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    if not parameters:
        raise ValueError("model: wanted at least one parameter to train, got none")
    home, device = parameters[0].device, devices.choose(device, model)
    here = contextlib.nullcontext() if device.type == "cpu" else device  # where new tensors are made
    optimiser = torch.optim.Adam(parameters, lr=learning_rate)
    run = _Run(model, validate, seed, here)
    # `disable` is given only to hide the bar, so that TQDM_DISABLE decides otherwise.
    bar = tqdm(total=steps, desc="training", leave=False, **({} if progress else {"disable": True}))
    with torch.random.fork_rng(), bar, modes_kept(model), run.best_weights_at_the_end():
        torch.manual_seed(seed)
        try:
            model.train()
            model.to(device)
            for step in range(steps):
                rate = learning_rate * _factor(schedule, step)
                batch = devices.move(next(batches), device)
                with here:
                    value = loss(model, batch)
                if not (isinstance(value, torch.Tensor) and value.numel() == 1):
                    raise ValueError(f"loss: wanted a tensor of one number from it, got {_came(value)}")
                if not value.requires_grad:
                    raise ValueError("loss: wanted a tensor that depends on the model, got one without a gradient")
                optimiser.zero_grad()
                value.backward()
                norm = torch.nn.utils.clip_grad_norm_(parameters, clip)
                for what, number in (("loss", value), ("length of the gradients", norm)):
                    if not torch.isfinite(number):
                        raise run.diverged(step, what, number.item())
                for group in optimiser.param_groups:
                    group["lr"] = rate
                optimiser.step()
                run.steps.append((value.item(), norm.item(), rate))
                if validate and ((step + 1) % validate_every == 0 or step + 1 == steps):
                    run.evaluate(step + 1)
                bar.set_postfix_str(run.latest(), refresh=False)
                bar.update()
                if patience and run.waited == patience:
                    break
        except KeyboardInterrupt:
            pass  # the history says so
        finally:
            optimiser.zero_grad()
            model.to(home)
    return run.history(stopped_early=len(run.steps) < steps)


class _Run:
    """What a training has done so far, and the weights of its best evaluation."""

    def __init__(self, model, validate, seed, here):
        self.model, self.validate, self.seed, self.here = model, validate, seed, here
        self.steps = []  # loss, length of the gradients and learning rate of each
        self.evaluations = []  # number of steps taken, and value
        self.best = None  # step, value and weights
        self.waited = 0  # evaluations since the best

    def evaluate(self, step):
        with torch.random.fork_rng(), evaluating(self.model), self.here:
            torch.manual_seed(self.seed)
            value = _number("validate", self.validate(self.model))
        if not np.isfinite(value):
            raise self.diverged(step, "validation", value)
        self.evaluations.append((step, value))
        if self.best is None or value < self.best[1]:
            self.best, self.waited = (step, value, copy.deepcopy(self.model.state_dict())), 0
        else:
            self.waited += 1

    @contextlib.contextmanager
    def best_weights_at_the_end(self):
        try:
            yield
        finally:
            if self.best is not None:
                self.model.load_state_dict(self.best[2])

    def latest(self):
        """What the progress bar says."""
        said = f"loss {self.steps[-1][0]:.3g}"
        return said + f", validation {self.evaluations[-1][1]:.3g}" if self.evaluations else said

    def diverged(self, step, what, value):
        advice = "a smaller learning_rate or clip often helps" if step else "look at the first batch and the weights"
        message = f"training stopped at step {step}, where the {what} became {value}: {advice}"
        return Diverged(message, self.history(stopped_early=True))

    def history(self, stopped_early):
        losses, norms, rates = np.array(self.steps, float).reshape(-1, 3).T
        steps, values = np.array(self.evaluations, float).reshape(-1, 2).T
        best_step = None if self.best is None else self.best[0]
        return History(losses, norms, rates, Validation(steps.astype(int), values), best_step, stopped_early)


def _factor(schedule, step):
    """What the learning rate of a step is multiplied with."""
    factor = _number("schedule", schedule(step))
    if not 0 <= factor < np.inf:
        raise ValueError(f"schedule: wanted a factor of at least 0 for step {step}, got {factor}")
    return factor


def _number(name, value):
    """The number that a function of the caller's gave, which may be a tensor or an array of one."""
    if isinstance(value, (torch.Tensor, np.ndarray)) and value.reshape(-1).shape == (1,):
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
        raise ValueError(f"{name}: wanted a number from it, got {_came(value)}")
    return float(value)


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
    return f"shape {tuple(value.shape)}" if isinstance(value, (torch.Tensor, np.ndarray)) else type(value).__name__
