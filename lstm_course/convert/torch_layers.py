"""Layers of PyTorch: reading one, making one, writing into one, and what only they have.

The names and the stacking are those of scratch, so that only options are left to think about.
"""

import sys

from ..scratch import GRU, LSTM, RNN, Embedding, Linear
from .scratch_layers import dropout_between

# Options of PyTorch that scratch has not, and the value that stands for doing without.
PLAIN = {
    LSTM: {"proj_size": 0},
    # A row that stays as it is, rows whose length is limited, gradients that count how often a symbol occurs.
    Embedding: {"padding_idx": None, "max_norm": None, "scale_grad_by_freq": False},
}


def holds(layer):
    """Whether it is a module of PyTorch, which can be read or not."""
    torch = sys.modules.get("torch")  # where it is not loaded there are no layers of it
    return torch is not None and isinstance(layer, torch.nn.Module)


def read(name, layer):
    """A new layer of scratch with the numbers and options of `layer`.

    Raises
    ------
    ValueError
        If it is no layer of a known class, or has an option that scratch has not.
    """
    import torch

    from ..nets import LSTM as CourseLSTM  # which has one layer, one direction, and no options

    nn = torch.nn
    # Of exactly these classes: one that is derived from them may compute something else.
    kinds = {nn.RNN: RNN, nn.LSTM: LSTM, nn.GRU: GRU, CourseLSTM: LSTM, nn.Linear: Linear, nn.Embedding: Embedding}
    kind = kinds.get(type(layer))
    if kind is None:
        raise ValueError(
            f"{name}: wanted RNN, LSTM, GRU, Linear or Embedding of torch.nn or LSTM of lstm_course.nets, "
            f"got {type(layer).__name__}"
        )
    for option, plain in PLAIN.get(kind, {}).items():
        value = getattr(layer, option, plain)
        if value != plain:
            raise ValueError(f"{name}: wanted {option}={plain}, as scratch and Keras have none, got {value}")
    tensors = dict(layer.named_parameters())
    dtypes = sorted({str(tensor.dtype).removeprefix("torch.") for tensor in tensors.values()})
    if dtypes not in (["float32"], ["float64"]):
        raise ValueError(f"{name}: wanted parameters of float32 or float64, got {', '.join(dtypes)}")

    if kind is Linear:
        options = dict(input_size=layer.in_features, output_size=layer.out_features)
    elif kind is Embedding:
        options = dict(count=layer.num_embeddings, size=layer.embedding_dim)
    else:
        options = dict(input_size=layer.input_size, hidden_size=layer.hidden_size)
        if type(layer) is not CourseLSTM:
            options |= dict(num_layers=layer.num_layers, bidirectional=layer.bidirectional, dropout=layer.dropout)
        if kind is RNN:
            options["nonlinearity"] = layer.nonlinearity
    made = kind(**options, dtype=dtypes[0])
    without = made.parameters.keys() - tensors.keys()
    if tensors.keys() - made.parameters.keys() or not all(part.startswith("bias") for part in without):
        raise ValueError(f"{name}: wanted parameters named {', '.join(made.parameters)}, got {', '.join(tensors)}")
    for part, parameter in made.parameters.items():
        parameter[...] = 0 if part in without else tensors[part].detach().cpu().numpy()
    if hasattr(made, "training"):
        made.training = layer.training
    return made


def make(numbers):
    """A new layer of PyTorch with the numbers and options of a layer of scratch.

    Raises
    ------
    ValueError
        If it has dropout that PyTorch has not.
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
                "layer: wanted dropout with locked=False, as PyTorch draws it anew at each step, "
                f"got locked=True with dropout={dropout}"
            )
        if numbers.recurrent_dropout:
            raise ValueError(
                "layer: wanted recurrent_dropout=0, as PyTorch has none, "
                f"got recurrent_dropout={numbers.recurrent_dropout}"
            )
        options |= dict(num_layers=numbers.num_layers, bidirectional=numbers.bidirectional)
        options |= dict(dropout=dropout, batch_first=True)
        if isinstance(numbers, RNN):
            options["nonlinearity"] = numbers.nonlinearity
    with torch.random.fork_rng(devices=[]):  # the initial parameters are overwritten: nobody's draws change for them
        made = getattr(torch.nn, type(numbers).__name__)(*sizes, **options)
    write("layer", made, numbers)
    return made.train(getattr(numbers, "training", True))


def write(name, layer, numbers):
    """The parameters of a layer of scratch into those of `layer`, which has the same.

    Raises
    ------
    ValueError
        If `layer` has no biases where there are some to be written.
    """
    import torch

    tensors = dict(layer.named_parameters())
    for part, array in numbers.parameters.items():
        if part not in tensors and array.any():
            raise ValueError(f"{name}: wanted a layer with biases, as {part} is not zero, got bias=False")
    with torch.no_grad():
        for part, tensor in tensors.items():
            tensor.copy_(torch.from_numpy(numbers.parameters[part]))
