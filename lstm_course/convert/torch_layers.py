"""Layers of PyTorch: reading one, making one, and writing into one.

Names and stacking are those of scratch, so that only the options differ.
"""

import sys
from functools import partial

import numpy as np

from ..scratch import GRU, LSTM, RNN, Embedding, Linear
from .arrays import write_all
from .scratch_layers import dropout_between, fill

# Options that scratch lacks, and the value that turns them off.
PLAIN = {
    LSTM: {"proj_size": 0},
    # A row that is not trained, a limit on the norm of rows, gradients scaled by the frequency of a symbol.
    Embedding: {"padding_idx": None, "max_norm": None, "scale_grad_by_freq": False},
}


def holds(layer):
    """Whether it is a PyTorch module, readable or not."""
    torch = sys.modules.get("torch")  # if PyTorch is not loaded, there are no layers of it
    return torch is not None and isinstance(layer, torch.nn.Module)


def read(name, layer):
    """A new scratch layer with the numbers and options of `layer`.

    Raises
    ------
    ValueError
        If it is not a layer of a known class, has an option that scratch lacks, or does not compute directly with
        readable parameters.
    """
    kind = _kind(name, layer)
    for option, plain in PLAIN.get(kind, {}).items():
        value = getattr(layer, option, plain)
        if value != plain:
            raise ValueError(f"{name}: wanted {option}={plain}, as scratch and Keras lack it, got {value}")
    tensors = _tensors(name, layer)
    dtypes = sorted({str(tensor.dtype).removeprefix("torch.") for tensor in tensors.values()})
    if dtypes not in (["float32"], ["float64"]):
        raise ValueError(f"{name}: wanted parameters of float32 or float64, got {', '.join(dtypes)}")

    if kind is Linear:
        options = dict(input_size=layer.in_features, output_size=layer.out_features)
    elif kind is Embedding:
        options = dict(count=layer.num_embeddings, size=layer.embedding_dim)
    else:
        options = dict(input_size=layer.input_size, hidden_size=layer.hidden_size)
        if hasattr(layer, "num_layers"):
            options |= dict(num_layers=layer.num_layers, bidirectional=layer.bidirectional, dropout=layer.dropout)
        if kind is RNN:
            options["nonlinearity"] = layer.nonlinearity
    made = kind(**options, dtype=dtypes[0])
    without = {part: np.zeros_like(array) for part, array in made.parameters.items() if part.startswith("bias")}
    fill(name, made, without | {part: _numbers(name, part, tensor) for part, tensor in tensors.items()})
    if hasattr(made, "training"):
        made.training = layer.training
    return made


def _kind(name, layer):
    """The scratch class that computes the same."""
    import torch

    from ..nets import LSTM as CourseLSTM  # it has one layer, one direction, and no options

    nn = torch.nn
    if nn.utils.parametrize.is_parametrized(layer):
        parts = ", ".join(layer.parametrizations)
        raise ValueError(
            f"{name}: wanted a layer with plain parameters, got {type(layer).__name__}, which computes {parts} from "
            "other parameters: torch.nn.utils.parametrize.remove_parametrizations makes them plain"
        )
    # Exactly these classes: a derived one may compute something else.
    kinds = {nn.RNN: RNN, nn.LSTM: LSTM, nn.GRU: GRU, CourseLSTM: LSTM, nn.Linear: Linear, nn.Embedding: Embedding}
    kind = kinds.get(type(layer))
    if kind is None:
        raise ValueError(
            f"{name}: wanted RNN, LSTM, GRU, Linear or Embedding of torch.nn or LSTM of lstm_course.nets, "
            f"got {type(layer).__name__} of {type(layer).__module__}"
        )
    return kind


def _tensors(name, layer):
    """The tensors that the layer computes with, under the names of scratch.

    They are read as attributes, as the layer itself does: ``named_parameters`` would list a tied parameter only once,
    and a plain tensor or a buffer in place of a parameter not at all.
    """
    import torch

    if hasattr(layer, "hidden_size"):
        kinds = ["weight_ih", "weight_hh"] + ["bias_ih", "bias_hh"] * getattr(layer, "bias", True)
        directions = ["", "_reverse"] if getattr(layer, "bidirectional", False) else [""]
        suffixes = [f"_l{k}{direction}" for k in range(getattr(layer, "num_layers", 1)) for direction in directions]
        parts = [kind + suffix for suffix in suffixes for kind in kinds]
    else:
        parts = ["weight"] + ["bias"] * (getattr(layer, "bias", None) is not None)
    tensors = {part: getattr(layer, part, None) for part in parts}
    for part, tensor in tensors.items():
        if not isinstance(tensor, torch.Tensor):
            raise ValueError(f"{name}: wanted a tensor as {part}, got {type(tensor).__name__}")
    odd = [part for part, _ in layer.named_parameters(remove_duplicate=False) if part not in tensors]
    if odd:
        raise ValueError(
            f"{name}: wanted no parameters but {', '.join(parts)}, got {', '.join(odd)} as well; if others are "
            "computed from them, as in a pruned layer, make that permanent first"
        )
    if "forward" in vars(layer) or layer._forward_pre_hooks:
        got = "a forward method of its own" if "forward" in vars(layer) else "a forward pre-hook"
        raise ValueError(
            f"{name}: wanted a layer that computes directly with its parameters, got one with {got}, which may "
            "change them in each run: remove that first"
        )
    return tensors


def _numbers(name, part, tensor):
    """The numbers of a tensor as an array."""
    try:
        return tensor.detach().cpu().numpy()
    except (RuntimeError, TypeError) as error:  # a sparse tensor, or one on the device meta
        why = str(error).partition("\n")[0]
        raise ValueError(f"{name}: wanted parameters whose numbers can be read, got {part}: {why}") from None


def make(numbers):
    """A new PyTorch layer with the numbers and options of a scratch layer.

    Raises
    ------
    ValueError
        If it has a kind of dropout that PyTorch lacks.
    """
    import torch

    options = dict(dtype=getattr(torch, numbers.dtype.name), device="cpu")
    if isinstance(numbers, Linear):
        sizes = numbers.input_size, numbers.output_size
    elif isinstance(numbers, Embedding):
        sizes = numbers.count, numbers.size
    else:
        sizes, dropout = (numbers.input_size, numbers.hidden_size), dropout_between(numbers)
        if dropout and numbers.locked:
            raise ValueError(
                "layer: wanted dropout with locked=False, as PyTorch draws a new mask at each step, "
                f"got locked=True with dropout={dropout}"
            )
        if numbers.recurrent_dropout:
            raise ValueError(
                "layer: wanted recurrent_dropout=0, as PyTorch lacks it, "
                f"got recurrent_dropout={numbers.recurrent_dropout}"
            )
        options |= dict(num_layers=numbers.num_layers, bidirectional=numbers.bidirectional)
        options |= dict(dropout=dropout, batch_first=True)
        if isinstance(numbers, RNN):
            options["nonlinearity"] = numbers.nonlinearity
    with torch.random.fork_rng(devices=[]):  # initial parameters are drawn in vain: the user's draws must not change
        made = getattr(torch.nn, type(numbers).__name__)(*sizes, **options)
    write("layer", made, numbers)
    return made.train(getattr(numbers, "training", True))


def write(name, layer, numbers):
    """Write the parameters of a scratch layer into those of `layer`, which has the same shapes.

    Raises
    ------
    ValueError
        If `layer` lacks the biases to be written, or its parameters cannot take these values.
    """
    tensors = _tensors(name, layer)
    for part, array in numbers.parameters.items():
        if part not in tensors and array.any():
            raise ValueError(f"{name}: wanted a layer with biases, as {part} is not zero, got bias=False")
    for part, tensor in tensors.items():
        if not tensor.is_leaf:
            raise ValueError(f"{name}: wanted a parameter as {part}, got a tensor that is computed from others")
    write_all(
        name,
        [
            (part, partial(_copied, name, part, tensor), partial(_put, name, part, tensor), numbers.parameters[part])
            for part, tensor in tensors.items()
        ],
    )


def _copied(name, part, tensor):
    return _numbers(name, part, tensor).copy()


def _put(name, part, tensor, array):
    import torch

    try:
        with torch.no_grad():
            tensor.copy_(torch.from_numpy(array))
    except RuntimeError as error:  # a tensor that was expanded, or made in inference mode
        why = str(error).partition("\n")[0]
        raise ValueError(f"{name}: wanted parameters that can be changed, got {part}: {why}") from None
