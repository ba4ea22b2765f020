"""Attention, in the form in which it was first added to recurrent networks."""

import torch
from torch import nn

from .. import arguments


class AdditiveAttention(nn.Module):
    """Additive attention of a query to a memory, after Bahdanau, Cho and Bengio (2015).

        e_j = v . tanh(W query + U memory_j)
        weights = softmax(e),    context = sum over j of weights_j memory_j

    Parameters
    ----------
    query_size, memory_size : int
        H, the features of the query, and M, those of each position of the memory.
    size : int
        A, the number of dimensions in which they are compared.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least one.

    Examples
    --------
    >>> attention = AdditiveAttention(query_size=4, memory_size=6, size=5)
    >>> memory = torch.ones(2, 3, 6)
    >>> context, weights = attention(torch.ones(2, 4), memory, attention.U(memory))
    >>> tuple(context.shape), round(weights[0].sum().item(), 5)
    ((2, 6), 1.0)
    """

    def __init__(self, query_size, memory_size, size):
        super().__init__()
        size = arguments.size("size", size)
        self.W = nn.Linear(arguments.size("query_size", query_size), size)
        self.U = nn.Linear(arguments.size("memory_size", memory_size), size, bias=False)
        self.v = nn.Linear(size, 1, bias=False)

    def forward(self, query, memory, keys, mask=None):
        """Attend to the memory once.

        Parameters
        ----------
        query : (N, H) tensor
        memory : (N, T, M) tensor
        keys : (N, T, A) tensor
            ``attention.U(memory)``, which is computed only once for a memory.
        mask : (N, T) boolean tensor, optional
            True at the positions that may be attended to.

        Returns
        -------
        context : (N, M) tensor
        weights : (N, T) tensor
            Non-negative, with sum 1; zero where the mask is false.

        Raises
        ------
        ValueError
            If a shape does not fit the others, or a mask is false everywhere in a sample.
        """
        (A, M), H = self.U.weight.shape, self.W.in_features
        N, T, _ = arguments.shape("memory", memory, N=None, T=None, M=M)
        arguments.shape("query", query, N=N, H=H)
        arguments.shape("keys", keys, N=N, T=T, A=A)
        mask = arguments.mask("mask", mask, N, T)
        if mask is not None and not mask.any(dim=1).all():
            empty = int((~mask.any(dim=1)).nonzero()[0])
            raise ValueError(f"mask: wanted at least one true position in each sample, got none in sample {empty}")
        e = self.v(torch.tanh(self.W(query)[:, None] + keys))[:, :, 0]
        if mask is not None:
            e = e.masked_fill(~mask, -torch.inf)
        weights = e.softmax(dim=1)
        context = (weights[:, None] @ memory)[:, 0]
        return context, weights
