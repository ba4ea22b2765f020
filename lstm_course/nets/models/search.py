"""Beam search: the likeliest sequence of symbols that a network would write."""

import torch


def beam_search(step, state, N, beam, start, end, longest):
    """Write N sequences at once, and keep the `beam` likeliest beginnings of each at every step.

    It stops when none of the others can overtake the best one that has ended, or when all are `longest` long. With
    ``beam=1`` this is greedy decoding. It is called in a block without gradients.

    Parameters
    ----------
    step : callable
        ``step(symbols, state)`` gets the last symbols (N * beam,) and returns the log probabilities (N * beam, K) of
        the next ones, which it does not use again, and the next state.
    state : sequence of tensors
        Each has N * beam rows in its second dimension, as the states of ``torch.nn.LSTM`` have; those of one sequence
        come one after the other and are equal.
    start, end : int
        The symbols before the first and after the last.
    longest : int
        The largest number of symbols, including the end.

    Returns
    -------
    symbols : (N, U) tensor of int
        Of the likeliest; after its end come further end symbols.
    log_p : (N,) tensor
        Its log probability, in nats.
    state : list of tensors
        Its state after the last step.
    """
    device, B = state[0].device, beam
    symbols = torch.full((N * B, 1), start, device=device)
    ended = torch.zeros(N * B, dtype=torch.bool, device=device)
    score = torch.full((N, B), -torch.inf, device=device)
    score[:, 0] = 0  # at first all are equal, and only one may count
    for _ in range(longest):
        log_p, state = step(symbols[:, -1], state)
        K = log_p.shape[1]
        log_p[ended] = -torch.inf  # what has ended is extended by the end symbol only, at no cost
        log_p[ended, end] = 0
        score, best = (score[:, :, None] + log_p.view(N, B, K)).view(N, B * K).topk(B)
        row = (best // K + B * torch.arange(N, device=device)[:, None]).view(-1)
        symbols = torch.cat([symbols[row], (best % K).view(-1, 1)], dim=1)
        state = [part[:, row] for part in state]
        ended = ended[row] | (symbols[:, -1] == end)
        if ended[::B].all():  # the best of each has ended; the others only become less likely
            break
    return symbols[::B, 1:], score[:, 0], [part[:, ::B] for part in state]
