"""Where to look: attention, as it was first added to LSTMs."""

import torch
from torch import nn


class AdditiveAttention(nn.Module):
    """What a query finds in a memory, after Bahdanau, Cho and Bengio (2015).

        e_j = v . tanh(W query + U memory_j)
        weights = softmax(e),    context = sum over j of weights_j memory_j

    Parameters
    ----------
    query_size, memory_size : int
        H, the features of the query, and M, those of each place of the memory.
    size : int
        A, in how many dimensions they are compared.
    """

    def __init__(self, query_size, memory_size, size):
        super().__init__()
        self.W = nn.Linear(query_size, size)
        self.U = nn.Linear(memory_size, size, bias=False)
        self.v = nn.Linear(size, 1, bias=False)

    def forward(self, query, memory, keys, mask=None):
        """Look once.

        Parameters
        ----------
        query : (N, H) tensor
        memory : (N, T, M) tensor
        keys : (N, T, A) tensor
            ``attention.U(memory)``: computed once for a memory that is looked at many times.
        mask : (N, T) boolean tensor, optional
            True where there is something to look at.

        Returns
        -------
        context : (N, M) tensor
        weights : (N, T) tensor
            Not negative, with sum 1; zero where the mask is false.
        """
        e = self.v(torch.tanh(self.W(query)[:, None] + keys))[:, :, 0]
        if mask is not None:
            e = e.masked_fill(~mask, -torch.inf)
        weights = e.softmax(dim=1)
        context = (weights[:, None] @ memory)[:, 0]
        return context, weights
