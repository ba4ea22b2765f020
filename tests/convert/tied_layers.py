"""Layers of PyTorch and of scratch in which parameters are shared, replaced or computed."""

import torch

from lstm_course import nets
from lstm_course.scratch import LSTM

nn = torch.nn


def of_scratch(*pairs, kind=LSTM, D=3, **options):
    layer = kind(D, 4, seed=5, **options)
    for name, other in pairs:
        layer.parameters[name] = layer.parameters[other]
    return layer


def layer_of(kind=nn.LSTM, D=3, H=4, seed=0, **options):
    """A layer of PyTorch in float64, with weights large enough that gates saturate."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        layer = kind(D, H, **({"batch_first": True} if kind is not nets.LSTM else {}), **options).double()
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter *= 3
    return layer


def tied(layer, *pairs):
    """Tie each pair of names to one parameter."""
    for name, other in pairs:
        setattr(layer, name, getattr(layer, other))
    return layer


def same_memory(layer, name, other):
    """Two parameters that share their memory, which no comparison of objects can detect."""
    setattr(layer, name, nn.Parameter(getattr(layer, other).data))
    return layer


def replaced(layer, name, tensor):
    delattr(layer, name)
    setattr(layer, name, tensor)
    return layer


def as_buffer(layer, name):
    tensor = getattr(layer, name).detach().clone()
    delattr(layer, name)
    layer.register_buffer(name, tensor)
    return layer


def frozen_in_part(layer):
    layer.bias_ih_l0.requires_grad_(False)
    return tied(layer, ("bias_hh_l0", "bias_ih_l0"))


BIASES = ("bias_hh_l0", "bias_ih_l0")
DIRECTIONS = [(f"{part}_l0_reverse", f"{part}_l0") for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
LAYERS = [(f"{part}_l1", f"{part}_l0") for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
READ = {
    "the two biases of an LSTM": lambda: tied(layer_of(), BIASES),
    "the two biases of a GRU": lambda: tied(layer_of(nn.GRU), BIASES),
    "the two biases of an RNN": lambda: tied(layer_of(nn.RNN, nonlinearity="relu"), BIASES),
    "the two biases of the course's own LSTM": lambda: tied(layer_of(nets.LSTM), BIASES),
    "both weights of the course's own LSTM": lambda: tied(layer_of(nets.LSTM, 4, 4), ("weight_hh_l0", "weight_ih_l0")),
    "all that two directions have": lambda: tied(layer_of(bidirectional=True), *DIRECTIONS),
    "the recurrent weights of two directions": lambda: tied(layer_of(nn.GRU, bidirectional=True), DIRECTIONS[1]),
    "all that two layers have": lambda: tied(layer_of(D=4, num_layers=2), *LAYERS),
    "the biases of two layers, crosswise": lambda: tied(layer_of(num_layers=2), ("bias_hh_l1", "bias_ih_l0")),
    "the weights of a square layer": lambda: tied(layer_of(D=4), ("weight_hh_l0", "weight_ih_l0")),
    "everything there is": lambda: tied(
        layer_of(nn.GRU, 4, 4, num_layers=2), *LAYERS, ("weight_hh_l0", "weight_ih_l0"), BIASES, *LAYERS
    ),
    "two parameters over one storage": lambda: same_memory(layer_of(), *BIASES),
    "a plain tensor for a bias": lambda: replaced(layer_of(), "bias_hh_l0", torch.linspace(-2, 2, 16).double()),
    "a tensor computed from another": lambda: (lambda layer: replaced(layer, BIASES[0], 2 * layer.bias_ih_l0))(
        layer_of()
    ),
    "a transposed view": lambda: (lambda layer: replaced(layer, "weight_hh_l0", layer.weight_ih_l0.T))(
        layer_of(nn.RNN, 4, 4)
    ),
    "one number for a whole bias": lambda: replaced(layer_of(), "bias_hh_l0", torch.tensor(0.7).double().expand(16)),
    "a buffer for a bias": lambda: as_buffer(layer_of(), "bias_hh_l0"),
    "a buffer for a weight": lambda: as_buffer(layer_of(nn.GRU), "weight_hh_l0"),
    "biases that are frozen in part": lambda: frozen_in_part(layer_of()),
    "no bias, and weights that are tied": lambda: tied(
        layer_of(D=4, bias=False, bidirectional=True), ("weight_ih_l0_reverse", "weight_hh_l0")
    ),
}
