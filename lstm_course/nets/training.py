"""The training loop that the lessons share."""

import contextlib
import copy
from collections.abc import Iterable

import numpy as np
import torch

# A widget in a notebook, a line of text elsewhere; TQDM_DISABLE=1 in the environment hides it.
from tqdm.auto import tqdm

from ..scratch import schedules
from . import arguments
from . import device as devices
from .history import Diverged, History, Validation
from .modes import evaluating, modes_kept


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

    The model is changed in place. With `validate`, it ends with the weights of its best evaluation, however the
    training ends; otherwise, or before the first evaluation, with the last weights that were finite.

    The stop button (KeyboardInterrupt) ends the training but loses nothing: the model keeps what it has learned, and
    the history is returned as usual.

    All parts of the model are trained in train mode and return to their own mode afterwards, without gradients. Each
    call starts a new Adam. During training `seed` determines PyTorch's random numbers (dropout, a shuffling
    ``DataLoader``); the caller's global generator is restored afterwards.

    Parameters
    ----------
    model : torch.nn.Module
    batches : iterable
        One item a step, which is passed to `loss`. It is restarted when it is exhausted, as a list or a ``DataLoader``
        can be; a generator must last for all steps.
    loss : callable
        ``loss(model, batch)`` returns the loss to minimise, a tensor of one number.
    steps : int
    learning_rate : float
    clip : float or None
        The largest norm of all gradients together; None turns clipping off.
    seed : int
    progress : bool
        Whether to show a progress bar, which disappears at the end.
    schedule : callable, optional
        ``schedule(step)`` returns the factor of the learning rate, with steps counted from 0, as in
        `lstm_course.scratch.schedules`.
    validate : callable, optional
        ``validate(model)`` returns the number to minimise on held-out data. It is called in eval mode, without
        gradients, and with the same random numbers each time.
    validate_every : int
        The number of steps between two evaluations. There is always one after the last step.
    patience : int, optional
        Stop after this many evaluations in a row without a new best.
    device : str or torch.device
        Where to train: ``"auto"`` takes CUDA, then MPS, then the CPU. The model and the batches are moved there,
        including tensors in tuples, lists and dictionaries, and tensors that `loss` and `validate` create are created
        there. Afterwards the model returns to its device.

    Returns
    -------
    History

    Raises
    ------
    ValueError
        If an argument is not as described, or the batches run out.
    Diverged
        If the loss, the gradients or the validation become NaN or infinite. The exception holds the history so
        far.
    """
    _check_callables(model, batches, loss, validate)
    schedule = schedules.check("schedule", schedule)
    if patience is not None:
        patience = arguments.size("patience", patience)
        if validate is None:
            raise ValueError(f"patience: wanted None where there is no validate, got {patience}")
    steps = arguments.size("steps", steps)
    learning_rate = arguments.positive("learning_rate", learning_rate)
    clip = float("inf") if clip is None else arguments.positive("clip", clip)
    seed = arguments.seed("seed", seed)
    validate_every = arguments.size("validate_every", validate_every)
    run = _Run(model, loss, validate, seed, devices.choose(device, model))
    batches = _forever(batches, steps)

    # `disable` is passed only to hide the bar; without it, TQDM_DISABLE decides.
    bar = tqdm(total=steps, desc="training", leave=False, **({} if progress else {"disable": True}))
    # The stop button ends the loop; that fewer steps were taken is in the history.
    with bar, run.prepared(), contextlib.suppress(KeyboardInterrupt), run.on_device():
        for step in range(steps):
            run.step(next(batches), learning_rate * _factor(schedule, step), clip)
            if validate and ((step + 1) % validate_every == 0 or step + 1 == steps):
                run.evaluate()
            bar.set_postfix_str(run.latest(), refresh=False)
            bar.update()
            if patience and run.evaluations_since_best == patience:
                break
    return run.history(stopped_early=len(run.steps) < steps)


class _Run:
    """One training: its model and optimiser, what happened so far, and the weights of the best evaluation."""

    def __init__(self, model, loss, validate, seed, device):
        self.model, self.loss, self.validate, self.seed, self.device = model, loss, validate, seed, device
        self.parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
        if not self.parameters:
            raise ValueError("model: wanted at least one parameter to train, got none")
        self.optimiser = torch.optim.Adam(self.parameters)
        # For the tensors that the caller's functions create.
        self.created_here = contextlib.nullcontext() if device.type == "cpu" else device
        self.steps = []  # loss, gradient norm and learning rate of each
        self.evaluations = []  # number of steps taken, and value
        self.best = None  # number of steps taken, value and weights
        self.evaluations_since_best = 0

    @contextlib.contextmanager
    def prepared(self):
        """Random numbers from the seed, and train mode; in the end the best weights, and all else as it was."""
        with torch.random.fork_rng(), modes_kept(self.model):
            torch.manual_seed(self.seed)
            try:
                yield
            finally:
                if self.best is not None:
                    self.model.load_state_dict(self.best[2])

    @contextlib.contextmanager
    def on_device(self):
        home = self.parameters[0].device
        try:
            self.model.train()
            self.model.to(self.device)
            yield
        finally:
            self.optimiser.zero_grad()
            self.model.to(home)

    def step(self, batch, learning_rate, clip):
        """Forward, backward, clip, and one step of Adam."""
        batch = devices.move(batch, self.device)
        with self.created_here:
            value = self.loss(self.model, batch)
        if not (isinstance(value, torch.Tensor) and value.numel() == 1):
            raise ValueError(f"loss: wanted a tensor of one number from it, got {_described(value)}")
        if not value.requires_grad:
            raise ValueError("loss: wanted a tensor that depends on the model, got one without a gradient")
        self.optimiser.zero_grad()
        value.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.parameters, clip)
        self._require_finite("loss", value.item())
        self._require_finite("norm of the gradients", norm.item())
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate
        self.optimiser.step()
        self.steps.append((value.item(), norm.item(), learning_rate))

    def evaluate(self):
        """Validate, and keep a copy of the weights if they are the best so far."""
        with torch.random.fork_rng(), evaluating(self.model), self.created_here:
            torch.manual_seed(self.seed)
            value = _number("validate", self.validate(self.model))
        self._require_finite("validation", value)
        self.evaluations.append((len(self.steps), value))
        if self.best is None or value < self.best[1]:
            self.best = len(self.steps), value, copy.deepcopy(self.model.state_dict())
            self.evaluations_since_best = 0
        else:
            self.evaluations_since_best += 1

    def latest(self):
        """The text beside the progress bar."""
        loss = f"loss {self.steps[-1][0]:.3g}"
        return loss + f", validation {self.evaluations[-1][1]:.3g}" if self.evaluations else loss

    def _require_finite(self, what, value):
        if not np.isfinite(value):
            step = len(self.steps)
            advice = "a smaller learning_rate or clip often helps"
            if step == 0:
                advice = "look at the first batch and the weights"
            message = f"training stopped at step {step}, where the {what} became {value}: {advice}"
            raise Diverged(message, self.history(stopped_early=True))

    def history(self, stopped_early):
        losses, norms, rates = np.array(self.steps, float).reshape(-1, 3).T
        steps, values = np.array(self.evaluations, float).reshape(-1, 2).T
        best_step = None if self.best is None else self.best[0]
        return History(losses, norms, rates, Validation(steps.astype(int), values), best_step, stopped_early)


def _check_callables(model, batches, loss, validate):
    if not isinstance(model, torch.nn.Module):
        raise ValueError(f"model: wanted a torch.nn.Module, got {type(model).__name__}")
    if not isinstance(batches, Iterable):
        raise ValueError(f"batches: wanted something to iterate over, got {type(batches).__name__}")
    if not callable(loss):
        raise ValueError(f"loss: wanted a function loss(model, batch), got {type(loss).__name__}")
    if validate is not None and not callable(validate):
        raise ValueError(f"validate: wanted a function validate(model) or None, got {type(validate).__name__}")


def _factor(schedule, step):
    """The factor of the learning rate at a step."""
    factor = _number("schedule", schedule(step))
    if not 0 <= factor < np.inf:
        raise ValueError(f"schedule: wanted a factor of at least 0 for step {step}, got {factor}")
    return factor


def _number(name, value):
    """The result of one of the caller's functions as a float; it may be a tensor or array of one number."""
    if isinstance(value, (torch.Tensor, np.ndarray)) and value.reshape(-1).shape == (1,):
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
        raise ValueError(f"{name}: wanted a number from it, got {_described(value)}")
    return float(value)


def _forever(batches, steps):
    """The batches, over and over again."""
    count = 0
    while True:
        before = count
        for batch in batches:
            count += 1
            yield batch
        if count == before:
            raise ValueError(f"batches: wanted one for each of {steps} steps, got only {count}")


def _described(value):
    return f"shape {tuple(value.shape)}" if isinstance(value, (torch.Tensor, np.ndarray)) else type(value).__name__
