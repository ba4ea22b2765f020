"""What the models share: how they create their LSTM, run it over padded sequences, and read symbols."""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from .. import arguments
from ..initialise import forget_bias as set_forget_bias


def make_lstm(input_size, hidden_size, num_layers=1, bidirectional=False, dropout=0.0, forget_bias=None):
    """A batch-first ``torch.nn.LSTM``, with `forget_bias` as the initial bias of the forget gates if it is given."""
    hidden_size, num_layers = arguments.size("hidden_size", hidden_size), arguments.size("num_layers", num_layers)
    arguments.flag("bidirectional", bidirectional)
    # PyTorch warns about dropout in a single layer.
    between = arguments.share("dropout", dropout) if num_layers > 1 else 0.0
    lstm = nn.LSTM(input_size, hidden_size, num_layers, batch_first=True, dropout=between, bidirectional=bidirectional)
    if forget_bias is not None:
        set_forget_bias(lstm, arguments.number("forget_bias", forget_bias))
    return lstm


def make_embedding(name, symbols, embedding_size):
    """A vector for each symbol; `name` is the argument that gives their number."""
    return nn.Embedding(arguments.size(name, symbols), arguments.size("embedding_size", embedding_size))


def run(lstm, x, state=None, mask=None):
    """Outputs (N, T, H or 2H), zero at masked steps, and the state after the last step that counts."""
    if mask is None or mask.all():
        return lstm(x, state)
    packed = pack_padded_sequence(x, mask.sum(dim=1).cpu(), batch_first=True, enforce_sorted=False)
    y, state = lstm(packed, state)
    return pad_packed_sequence(y, batch_first=True, total_length=x.shape[1])[0], state


def outputs_of(lstm, x, mask=None):
    """The outputs of `run`, without packing if there is one direction, because packing takes far longer than padding.

    Padding after a sequence cannot influence its outputs, unless the LSTM also runs backward.
    """
    if mask is None or lstm.bidirectional:
        return run(lstm, x, mask=mask)[0]
    return only(mask, lstm(only(mask, x))[0])


def last_outputs(lstm, y, mask=None):
    """Of outputs (N, T, H or 2H), those that depend on the whole sequence: the last forward, the first backward."""
    if mask is None:
        last = y[:, -1]
    else:
        last = y[torch.arange(len(y), device=y.device), mask.sum(dim=1) - 1]
    if not lstm.bidirectional:
        return last
    H = lstm.hidden_size
    return torch.cat([last[:, :H], y[:, 0, H:]], dim=1)


def only(mask, values):
    """Values (N, T, K) where the mask is true, and zeros elsewhere."""
    return values if mask is None else torch.where(mask[:, :, None], values, 0)


def read_symbols(name, ids, count, mask=None, mask_name="mask"):
    """Checked symbols (N, T), 0 where they do not count, and their checked mask."""
    mask = arguments.padding(mask_name, mask, *arguments.shape(name, ids, N=None, T=None))
    return arguments.symbols(name, ids, count, where=mask), mask


class SymbolModel(nn.Module):
    """From symbols to numbers: an embedding, an LSTM, and a linear layer on its outputs.

    Parameters
    ----------
    symbols : int
        The number of different symbols; they are numbered from 0.
    classes : int
        K, the size of the output.
    embedding_size, hidden_size, num_layers : int
    bidirectional : bool
        Whether the LSTM runs in both directions.
    dropout : float
        The fraction of the numbers dropped in training: of the embeddings, between layers, and before the linear layer,
        but not from step to step.
    forget_bias : float, optional
        The initial bias of the forget gates; by default as in PyTorch.
    """

    def __init__(
        self,
        symbols,
        classes,
        embedding_size,
        hidden_size,
        num_layers=1,
        bidirectional=False,
        dropout=0.0,
        forget_bias=None,
    ):
        super().__init__()
        embedding_size = arguments.size("embedding_size", embedding_size)
        hidden_size = arguments.size("hidden_size", hidden_size)
        self.embedding = make_embedding("symbols", symbols, embedding_size)
        self.lstm = make_lstm(embedding_size, hidden_size, num_layers, bidirectional, dropout, forget_bias)
        self.dropout = nn.Dropout(arguments.share("dropout", dropout))
        self.output = nn.Linear(hidden_size * (2 if bidirectional else 1), arguments.size("classes", classes))

    def read(self, ids, mask, name="ids"):
        """Embeddings (N, T, E) of checked symbols, and the checked mask; `name` is the argument with the symbols."""
        ids, mask = read_symbols(name, ids, self.embedding.num_embeddings, mask)
        return self.dropout(self.embedding(ids)), mask
