"""What came after the LSTM, or beside it: attention, gates that see only the input, and the two cells of xLSTM.

Every layer here reads sequences ``x`` (N, T, D) and returns (N, T, H), and step t of its output depends on the steps up
to t only. `CausalAttention` in a `Block` makes a `TransformerBlock`, and a stack of those a `Transformer`. `MinLSTM`
and `InputGatedLSTM` compute their gates from the input alone, so that `scan` can take all steps together. `SLSTM` and
`MLSTM` have exponential gates; the first looks back at its hidden state, and the second keeps a matrix.
"""

import math

import torch
from torch import nn

from . import arguments


def _later(T, device):
    """Where a step j comes after a step t: (T, T), rows t, columns j."""
    return torch.ones(T, T, dtype=torch.bool, device=device).triu(1)


class CausalAttention(nn.Module):
    """Attention of each step to the steps up to it, after Vaswani et al. (2017).

        weights = softmax( q k^T / sqrt(d) ) over the steps that are not in the future
        context = weights v

    Each head has its own queries, keys and values of d = size / heads numbers; a linear layer mixes the heads.

    Parameters
    ----------
    size : int
        D and H: the features of a step, before and after.
    heads : int
        A divisor of `size`.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least one, or `heads` doesn't divide `size`.

    Examples
    --------
    >>> attention = CausalAttention(size=6, heads=2)
    >>> tuple(attention(torch.ones(3, 5, 6)).shape)
    (3, 5, 6)
    """

    def __init__(self, size, heads=2):
        super().__init__()
        self.size, self.heads = arguments.size("size", size), _divisor("heads", heads, size)
        self.qkv = nn.Linear(size, 3 * size)
        self.out = nn.Linear(size, size)

    def attend(self, x):
        """The contexts of all heads, side by side (N, T, size), and the weights (N, heads, T, T)."""
        N, T, _ = arguments.shape("x", x, N=None, T=None, D=self.size)
        q, k, v = self.qkv(x).view(N, T, 3, self.heads, -1).permute(2, 0, 3, 1, 4)  # each (N, heads, T, d)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        weights = scores.masked_fill(_later(T, x.device), -torch.inf).softmax(dim=-1)
        return (weights @ v).transpose(1, 2).reshape(N, T, self.size), weights

    def forward(self, x):
        """From x (N, T, size) to (N, T, size)."""
        return self.out(self.attend(x)[0])

    def mixing(self, steps):
        """Multiply-adds a step between steps, in a sequence of `steps`: the scores and the contexts."""
        return 2 * steps * self.size


class Block(nn.Module):
    """A layer that mixes steps, then a small network for each step, each added to what it read.

        x = x + mixer(norm(x))
        x = x + MLP(norm(x))

    The norms come first (*pre-norm*), so the sum from the first block to the last passes through nothing else.

    Parameters
    ----------
    mixer : torch.nn.Module
        From (N, T, size) to (N, T, size).
    size : int
    widen : int
        The MLP has ``widen * size`` units, with GELU.
    dropout : float
        Of what is added.
    """

    def __init__(self, mixer, size, widen=2, dropout=0.0):
        super().__init__()
        size, wide = arguments.size("size", size), arguments.size("widen", widen) * size
        self.mixer = mixer
        self.norm_1, self.norm_2 = nn.LayerNorm(size), nn.LayerNorm(size)
        self.mlp = nn.Sequential(nn.Linear(size, wide), nn.GELU(), nn.Linear(wide, size))
        self.dropout = nn.Dropout(dropout)

    def forward(self, x):
        """From x (N, T, size) to (N, T, size)."""
        x = x + self.dropout(self.mixer(self.norm_1(x)))
        return x + self.dropout(self.mlp(self.norm_2(x)))


class TransformerBlock(Block):
    """A `Block` whose mixer is `CausalAttention`: ``torch.nn.TransformerEncoderLayer`` with the norm first and a mask.

    Parameters
    ----------
    size, heads, widen, dropout
        As in `CausalAttention` and `Block`.

    Examples
    --------
    >>> tuple(TransformerBlock(size=8)(torch.ones(2, 5, 8)).shape)
    (2, 5, 8)
    """

    def __init__(self, size, heads=2, widen=2, dropout=0.0):
        super().__init__(CausalAttention(size, heads), size, widen, dropout)


def positions(steps, size):
    """Sinusoidal positions (T, size), after Vaswani et al. (2017).

    Feature 2j is sin(t w) and feature 2j + 1 is cos(t w), with w = 10000 ** (-2j / size), for steps t from 0.

    Parameters
    ----------
    steps, size : int
        `size` is even.

    Raises
    ------
    ValueError
        If an argument is not as described.
    """
    T, pairs = arguments.size("steps", steps), arguments.size("size", size) // 2
    if size % 2:
        raise ValueError(f"size: wanted an even number, got {size}")
    w = 10_000.0 ** (-torch.arange(pairs) / pairs)
    angles = torch.arange(T)[:, None] * w
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)


class Transformer(nn.Module):
    """Blocks of causal attention on an input with positions added, and a last norm.

    Parameters
    ----------
    size, blocks : int
    heads, widen, dropout
        As in `TransformerBlock`.
    positions : bool
        Whether to add positions. Without them, a block weighs earlier steps by their contents alone.

    Examples
    --------
    >>> tuple(Transformer(size=8, blocks=2)(torch.ones(2, 5, 8)).shape)
    (2, 5, 8)
    """

    def __init__(self, size, blocks, heads=2, widen=2, dropout=0.0, positions=True):
        super().__init__()
        count = arguments.size("blocks", blocks)
        self.blocks = nn.Sequential(*[TransformerBlock(size, heads, widen, dropout) for _ in range(count)])
        self.norm = nn.LayerNorm(size)
        self.positions = positions

    def forward(self, x):
        """From x (N, T, size) to (N, T, size)."""
        if self.positions:
            x = x + positions(*x.shape[1:]).to(x)
        return self.norm(self.blocks(x))


def scan(a, b):
    """The states of h_t = a_t h_{t-1} + b_t with h = 0 before the first step, in log2(T) rounds rather than T steps.

    Two steps after each other are again such a step: first (a, b), then (a', b'), makes (a' a, a' b + b'). In each
    round every step is combined with the one that lies 1, 2, 4, ... steps before it.

    Parameters
    ----------
    a, b : (N, T, H) tensors

    Returns
    -------
    (N, T, H) tensor

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> scan(torch.full((1, 4, 1), 0.5), torch.ones(1, 4, 1)).flatten()
    tensor([1.0000, 1.5000, 1.7500, 1.8750])
    """
    N, T, H = arguments.shape("a", a, N=None, T=None, H=None)
    arguments.shape("b", b, N=N, T=T, H=H)
    reach = 1
    while reach < T:
        b = torch.cat([b[:, :reach], a[:, reach:] * b[:, :-reach] + b[:, reach:]], dim=1)
        if 2 * reach < T:  # the last round needs no products of a
            a = torch.cat([a[:, :reach], a[:, reach:] * a[:, :-reach]], dim=1)
        reach *= 2
    return b


def loop(a, b):
    """The same states as from `scan`, one step after another."""
    h, states = torch.zeros_like(b[:, 0]), []
    for a_t, b_t in zip(a.unbind(dim=1), b.unbind(dim=1), strict=True):
        h = a_t * h + b_t
        states.append(h)
    return torch.stack(states, dim=1)


class MinLSTM(nn.Module):
    """The minLSTM of Feng et al. (2024): the LSTM whose gates and candidate see only the input.

        f, i = sigmoid(W_f x + b_f), sigmoid(W_i x + b_i)
        g = W_g x + b_g
        h' = f / (f + i) * h + i / (f + i) * g

    There is one state, which is also the output.

    Parameters
    ----------
    input_size, hidden_size : int
        D and H.
    signed : bool
        Whether the forget gate goes from -1 to 1: h' = tanh(W_f x + b_f) * h + i * g. Such a gate can turn the state
        around.
    normalised : bool
        False keeps the gates as they are, h' = f * h + i * g: the other half of a comparison with `signed`, which
        isn't normalised either.
    keep : float
        The forget gate at the start, above 0 and below 1, for an input of zeros.

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> layer = MinLSTM(input_size=3, hidden_size=5)
    >>> tuple(layer(torch.ones(2, 7, 3)).shape)
    (2, 7, 5)
    """

    def __init__(self, input_size, hidden_size, signed=False, normalised=True, keep=0.88):
        super().__init__()
        self.input_size, self.hidden_size = arguments.size("input_size", input_size), hidden_size
        self.signed, self.normalised = signed, normalised and not signed
        self.linear = nn.Linear(input_size, 3 * arguments.size("hidden_size", hidden_size))
        _start_forgetting(self.linear.bias, hidden_size, keep, signed)

    def steps(self, x):
        """The a and b, (N, T, H), of h' = a * h + b."""
        arguments.shape("x", x, N=None, T=None, D=self.input_size)
        f, i, g = self.linear(x).chunk(3, dim=2)
        f, i = f.tanh() if self.signed else f.sigmoid(), i.sigmoid()
        if self.normalised:
            f, i = f / (f + i), i / (f + i)
        return f, i * g

    def forward(self, x, parallel=True):
        """From x (N, T, D) to the states (N, T, H), by `scan`, or by `loop` if not `parallel`."""
        return (scan if parallel else loop)(*self.steps(x))


class InputGatedLSTM(nn.Module):
    """The LSTM with W [h, x] replaced by W x: nothing in it looks back at the hidden state.

        c' = f * c + i * g
        h' = o * tanh(c')

    with f, i, o = sigmoid and g = tanh of sums of the input. What is left of the recurrence is a product for each unit.

    Parameters
    ----------
    input_size, hidden_size : int
        D and H.
    signed, keep
        As in `MinLSTM`.
    """

    def __init__(self, input_size, hidden_size, signed=False, keep=0.88):
        super().__init__()
        self.input_size, self.signed = arguments.size("input_size", input_size), signed
        self.linear = nn.Linear(input_size, 4 * arguments.size("hidden_size", hidden_size))
        _start_forgetting(self.linear.bias, hidden_size, keep, signed)

    def forward(self, x):
        """From x (N, T, D) to the hidden states (N, T, H)."""
        arguments.shape("x", x, N=None, T=None, D=self.input_size)
        f, i, g, o = self.linear(x).chunk(4, dim=2)
        f = f.tanh() if self.signed else f.sigmoid()
        return o.sigmoid() * scan(f, i.sigmoid() * g.tanh()).tanh()


class SLSTM(nn.Module):
    """The sLSTM of xLSTM (Beck et al., 2024): an LSTM with an exponential input gate and a normaliser.

        i, f, z, o = exp, sigmoid, tanh, sigmoid of W x + R h + b
        c' = f * c + i * z
        n' = f * n + i
        h' = o * c' / n'

    c / n is a weighted mean of all candidates z so far, so a step with a large i can take over all at once. An exp may
    be too large for a float; the largest exponent so far, m, is subtracted from all of them, which changes no c / n.

    Parameters
    ----------
    input_size, hidden_size : int
        D and H.
    forget_bias : float
        At the start.

    Examples
    --------
    >>> layer = SLSTM(input_size=3, hidden_size=5)
    >>> tuple(layer(torch.ones(2, 7, 3)).shape)
    (2, 7, 5)
    """

    def __init__(self, input_size, hidden_size, forget_bias=3.0):
        super().__init__()
        self.input_size, self.hidden_size = arguments.size("input_size", input_size), hidden_size
        self.from_x = nn.Linear(input_size, 4 * arguments.size("hidden_size", hidden_size))
        self.from_h = nn.Linear(hidden_size, 4 * hidden_size, bias=False)
        nn.init.constant_(self.from_x.bias[hidden_size : 2 * hidden_size], arguments.number("forget_bias", forget_bias))

    def forward(self, x):
        """From x (N, T, D) to the hidden states (N, T, H)."""
        N, *_ = arguments.shape("x", x, N=None, T=None, D=self.input_size)
        h = c = n = x.new_zeros(N, self.hidden_size)
        m, y = x.new_full((N, self.hidden_size), -torch.inf), []
        for sums in self.from_x(x).unbind(dim=1):
            log_i, f, z, o = (sums + self.from_h(h)).chunk(4, dim=1)
            log_f = nn.functional.logsigmoid(f) + m
            m = torch.maximum(log_f, log_i).detach()  # h doesn't depend on m, so no gradient needs to pass
            i, f = (log_i - m).exp(), (log_f - m).exp()
            c = f * c + i * z.tanh()
            n = f * n + i
            h = o.sigmoid() * c / n
            y.append(h)
        return torch.stack(y, dim=1)


class MLSTM(nn.Module):
    """The mLSTM of xLSTM (Beck et al., 2024): its memory is a matrix of values, found again by their keys::

        C' = f C + i v k^T
        n' = f n + i k
        h' = o * (C' q) / max(|n' . q|, 1)

    with i = exp and f = sigmoid of a number for each head, o = sigmoid of a vector, and k divided by sqrt(d). No gate
    looks back at h, so all steps can be computed together (`parallel`); that is attention whose weights the gates make,
    in place of a softmax.

    Parameters
    ----------
    size : int
        D and H.
    heads : int
        A divisor of `size`; each head has d = size / heads keys, and a matrix (d, d).
    forget_bias : float
        At the start.

    Examples
    --------
    >>> layer = MLSTM(size=6)
    >>> tuple(layer(torch.ones(2, 7, 6)).shape)
    (2, 7, 6)
    """

    def __init__(self, size, heads=2, forget_bias=3.0):
        super().__init__()
        self.size, self.heads = arguments.size("size", size), _divisor("heads", heads, size)
        self.qkv, self.o = nn.Linear(size, 3 * size), nn.Linear(size, size)
        self.gates = nn.Linear(size, 2 * heads)
        nn.init.constant_(self.gates.bias[heads:], arguments.number("forget_bias", forget_bias))

    def forward(self, x, parallel=True):
        """From x (N, T, size) to (N, T, size): all steps together, or one after another if not `parallel`."""
        N, T, _ = arguments.shape("x", x, N=None, T=None, D=self.size)
        q, k, v = self.qkv(x).view(N, T, 3, self.heads, -1).permute(2, 0, 3, 1, 4)  # each (N, heads, T, d)
        log_i, f = self.gates(x).transpose(1, 2).chunk(2, dim=1)  # each (N, heads, T)
        k, log_f = k / math.sqrt(k.shape[-1]), nn.functional.logsigmoid(f)
        h = (self._together if parallel else self._one_by_one)(q, k, v, log_i, log_f)
        return self.o(x).sigmoid() * h.transpose(1, 2).reshape(N, T, self.size)

    @staticmethod
    def _together(q, k, v, log_i, log_f):
        passed = log_f.cumsum(dim=-1)
        logs = passed[..., :, None] - passed[..., None, :] + log_i[..., None, :]  # how much of step j is left at step t
        logs = logs.masked_fill(_later(logs.shape[-1], logs.device), -torch.inf)
        m = logs.amax(dim=-1, keepdim=True).detach()
        weights = (q @ k.mT) * (logs - m).exp()
        return weights @ v / torch.maximum(weights.sum(dim=-1, keepdim=True).abs(), (-m).exp())

    @staticmethod
    def _one_by_one(q, k, v, log_i, log_f):
        C, n, y = torch.zeros_like(v[..., 0, :, None] * k[..., 0, None, :]), torch.zeros_like(k[..., 0, :]), []
        m = torch.full_like(log_i[..., 0], -torch.inf)
        for t in range(q.shape[-2]):
            left = log_f[..., t] + m
            m = torch.maximum(left, log_i[..., t]).detach()
            i, f = (log_i[..., t] - m).exp()[..., None], (left - m).exp()[..., None]
            C = f[..., None] * C + i[..., None] * v[..., t, :, None] * k[..., t, None, :]
            n = f * n + i * k[..., t, :]
            scale = torch.maximum((n * q[..., t, :]).sum(dim=-1).abs(), (-m).exp())
            y.append((C @ q[..., t, :, None])[..., 0] / scale[..., None])
        return torch.stack(y, dim=-2)

    def mixing(self, steps):
        """Multiply-adds a step between steps, in a sequence of `steps`, all computed together."""
        return 2 * steps * self.size


def _start_forgetting(bias, H, keep, signed):
    """Set the first H biases so that the forget gate starts at `keep`."""
    keep = arguments.number("keep", keep)
    if not 0 < keep < 1:
        raise ValueError(f"keep: wanted a number above 0 and below 1, got {keep}")
    nn.init.constant_(bias[:H], math.atanh(keep) if signed else math.log(keep / (1 - keep)))


def _divisor(name, value, of):
    value = arguments.size(name, value)
    if of % value:
        raise ValueError(f"{name}: wanted a divisor of {of}, got {value}")
    return value
