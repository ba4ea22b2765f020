"""Families of sequence models, made alike: a linear layer, the family's own part, and a linear layer.

`FAMILIES` names those that lesson 19 compares, each with about 26,000 parameters when `Network` chooses the widths.
`multiply_adds` counts what a network computes, so that a comparison doesn't depend on how fast a program is.
"""

import torch
from torch import nn

from . import arguments
from .beyond import MLSTM, SLSTM, Block, InputGatedLSTM, MinLSTM, Transformer, TransformerBlock, _later


class PlainLSTM(nn.Module):
    """``torch.nn.LSTM`` with a forget bias of 1 that returns the hidden states (N, T, H) alone."""

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.lstm = nn.LSTM(input_size, hidden_size, batch_first=True)
        with torch.no_grad():
            self.lstm.bias_ih_l0[hidden_size : 2 * hidden_size] = 1
            self.lstm.bias_hh_l0[hidden_size : 2 * hidden_size] = 0

    def forward(self, x):
        """From x (N, T, D) to (N, T, H)."""
        return self.lstm(x)[0]


class AttentiveLSTM(nn.Module):
    """An LSTM that attends to its own hidden states up to the present one: h and the context, (N, T, 2H).

    weights = softmax( (Q h_t) . (K h_j) / sqrt(H) ) over the steps j up to t
    context = sum over j of weights_j h_j
    """

    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size, self.lstm = hidden_size, PlainLSTM(input_size, hidden_size)
        self.q, self.k = (nn.Linear(hidden_size, hidden_size, bias=False) for _ in range(2))

    def forward(self, x):
        """From x (N, T, D) to (N, T, 2H)."""
        h = self.lstm(x)
        scores = self.q(h) @ self.k(h).mT / self.hidden_size**0.5
        weights = scores.masked_fill(_later(h.shape[1], h.device), -torch.inf).softmax(dim=-1)
        return torch.cat([h, weights @ h], dim=2)

    def mixing(self, steps):
        """Multiply-adds a step between steps, in a sequence of `steps`."""
        return 2 * steps * self.hidden_size


def _two(mixer, size, dropout):
    """Two blocks around the layers that `mixer` makes, and a last norm."""
    return nn.Sequential(*[Block(mixer(), size, dropout=dropout) for _ in range(2)], nn.LayerNorm(size))


# For each family, what it makes of a width d and a dropout: the part (N, T, d) -> (N, T, H), and H.
_PARTS = {
    "LSTM": lambda d, p: (PlainLSTM(d, 2 * d), 2 * d),
    "transformer": lambda d, p: (Transformer(d, 2, dropout=p), d),
    "minLSTM": lambda d, p: (_two(lambda: MinLSTM(d, d), d, p), d),
    "minLSTM signed": lambda d, p: (_two(lambda: MinLSTM(d, d, signed=True), d, p), d),
    "sLSTM": lambda d, p: (SLSTM(d, 2 * d), 2 * d),
    "mLSTM": lambda d, p: (_two(lambda: MLSTM(d), d, p), d),
    "LSTM + attention": lambda d, p: (AttentiveLSTM(d, 7 * d // 4), 2 * (7 * d // 4)),
    "LSTM + block": lambda d, p: (
        nn.Sequential(PlainLSTM(d, d), TransformerBlock(d, dropout=p), nn.LayerNorm(d)),
        d,
    ),
    "minLSTM unsigned": lambda d, p: (_two(lambda: MinLSTM(d, d, normalised=False), d, p), d),
    "input-gated LSTM": lambda d, p: (InputGatedLSTM(d, d), d),
    "input-gated LSTM signed": lambda d, p: (InputGatedLSTM(d, d, signed=True), d),
}
WIDTHS = {  # for about 26,000 parameters
    "LSTM": 32,
    "transformer": 40,
    "minLSTM": 42,
    "minLSTM signed": 42,
    "sLSTM": 32,
    "mLSTM": 40,
    "LSTM + attention": 32,
    "LSTM + block": 40,
    "minLSTM unsigned": 42,
    "input-gated LSTM": 78,
    "input-gated LSTM signed": 78,
}
FAMILIES = tuple(WIDTHS)[:8]
CONTROLS = tuple(WIDTHS)[8:]  # `minLSTM signed` with another range of its gate, and an LSTM without W h


class Network(nn.Module):
    """A network of one family, with a linear layer before and after.

    Parameters
    ----------
    family : str
        One of `FAMILIES` or `CONTROLS`.
    inputs, outputs : int
        D and K.
    width : int, optional
        d, the features after the first layer; by default that of `WIDTHS`.
    dropout : float
        After the first layer, before the last, and in the blocks.

    Attributes
    ----------
    first, part, last : torch.nn.Module

    Raises
    ------
    ValueError
        If there is no such family, or a size is not a whole number of at least one.

    Examples
    --------
    >>> network = Network("minLSTM", inputs=2, outputs=3)
    >>> tuple(network(torch.ones(4, 6, 2)).shape)
    (4, 6, 3)
    """

    def __init__(self, family, inputs, outputs, width=None, dropout=0.0):
        super().__init__()
        if family not in _PARTS:
            raise ValueError(f"family: wanted one of {', '.join(_PARTS)}, got {family!r}")
        d = WIDTHS[family] if width is None else arguments.size("width", width)
        self.first, self.dropout = nn.Linear(arguments.size("inputs", inputs), d), nn.Dropout(dropout)
        self.part, H = _PARTS[family](d, dropout)
        self.last = nn.Linear(H, arguments.size("outputs", outputs))

    def forward(self, x):
        """From x (N, T, D) to (N, T, K)."""
        return self.last(self.dropout(self.part(self.dropout(self.first(x)))))


def parameters(network):
    """How many numbers are trained."""
    return sum(weight.numel() for weight in network.parameters())


def multiply_adds(network, steps):
    """Multiply-adds in the matrix products of one sequence, forwards.

    Training takes three times as many: backwards, each product becomes two, one for the gradient of each factor. What
    is done number by number, such as gates and norms, is not counted. Attention counts all pairs of steps, also those
    that the mask removes, because they are computed.

    Parameters
    ----------
    network : torch.nn.Module
        Made of layers of this package, ``torch.nn.Linear`` and ``torch.nn.LSTM``.
    steps : int
        T.

    Returns
    -------
    int

    Examples
    --------
    >>> multiply_adds(nn.Linear(3, 5), steps=10)
    150
    """
    T, count = arguments.size("steps", steps), 0
    for module in network.modules():
        if isinstance(module, nn.Linear):
            count += module.in_features * module.out_features
        elif isinstance(module, nn.LSTM):
            count += sum(weight.numel() for name, weight in module.named_parameters() if name.startswith("weight"))
        elif hasattr(module, "mixing"):
            count += module.mixing(T)
    return T * count
