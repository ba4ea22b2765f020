"""From one sequence of symbols to another of any length: encoder, attention, decoder, and beam search."""

from typing import NamedTuple

import torch
from torch import nn

from .. import arguments
from ..modes import evaluating
from .attention import AdditiveAttention
from .parts import last_outputs, make_embedding, make_lstm, outputs_of, read_symbols
from .search import beam_search


class Translation(NamedTuple):
    """The translation of one sentence."""

    symbols: list  # of int, without the end symbol
    ended: bool  # whether the end symbol came within `longest` symbols
    log_probability: float  # of the symbols and of the end symbol, if it came, in nats
    attention: torch.Tensor | None  # (symbols, T_in), the attention weights for each symbol


class Memory(NamedTuple):
    """The result of the encoder, which the decoder uses."""

    outputs: torch.Tensor  # (N, T_in, 2H), both directions for each word
    keys: torch.Tensor | None  # (N, T_in, H), the same transformed for attention
    whole: torch.Tensor  # (N, 2H), the last outputs of both directions
    mask: torch.Tensor | None


class Translator(nn.Module):
    """A bidirectional encoder, and a decoder with attention to its outputs.

    After Bahdanau, Cho and Bengio (2015), with LSTMs in place of their gated units, and one linear layer in place of
    their deeper output. Without attention the decoder gets the same summary of the sentence at every step: the two last
    states of the encoder, as in Cho et al. (2014).

    Parameters
    ----------
    source_symbols, target_symbols : int
        The number of different symbols on either side; they are numbered from 0.
    embedding_size, hidden_size : int
        E, and H for the decoder and each direction of the encoder.
    attention : bool
    dropout : float
        The fraction of the numbers dropped in training: of the embeddings, and before the linear layer.
    forget_bias : float, optional
        The initial bias of the forget gates; by default as in PyTorch.

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> model = Translator(source_symbols=10, target_symbols=12, embedding_size=8, hidden_size=16)
    >>> logits, weights = model(torch.zeros(2, 7, dtype=int), torch.zeros(2, 5, dtype=int))
    >>> tuple(logits.shape), tuple(weights.shape)
    ((2, 5, 12), (2, 5, 7))
    """

    def __init__(
        self,
        source_symbols,
        target_symbols,
        embedding_size,
        hidden_size,
        attention=True,
        dropout=0.0,
        forget_bias=None,
    ):
        super().__init__()
        E, H = arguments.size("embedding_size", embedding_size), arguments.size("hidden_size", hidden_size)
        self.source_embedding = make_embedding("source_symbols", source_symbols, E)
        self.target_embedding = make_embedding("target_symbols", target_symbols, E)
        self.encoder = make_lstm(E, H, bidirectional=True, forget_bias=forget_bias)
        self.decoder = make_lstm(E + 2 * H, H, forget_bias=forget_bias)
        self.first_state = nn.Linear(H, H)
        self.attention = AdditiveAttention(H, 2 * H, H) if arguments.flag("attention", attention) else None
        self.dropout = nn.Dropout(arguments.share("dropout", dropout))
        self.output = nn.Linear(3 * H, target_symbols)

    def forward(self, source, target_in, source_mask=None):
        """Teacher forcing: what the decoder predicts at each step of a given translation.

        Parameters
        ----------
        source : (N, T_in) tensor of int
            Anything where the mask is false.
        target_in : (N, T_out) tensor of int
            The start symbol and the translation without its last symbol. Padding after a short one does not influence
            the steps before it.
        source_mask : (N, T_in) tensor, optional
            True where a symbol counts; padding comes after the sentence.

        Returns
        -------
        logits : (N, T_out, target_symbols) tensor
        weights : (N, T_out, T_in) tensor, or None without attention
            The attention weights at each step.

        Raises
        ------
        ValueError
            If a symbol is out of range, a sentence is empty or has a gap, or a shape is wrong.
        """
        memory, state = self._encode(source, source_mask)
        target_in, _ = read_symbols("target_in", target_in, self.target_embedding.num_embeddings)
        if len(target_in) != len(source):
            raise ValueError(f"target_in: wanted as many sentences as source has, {len(source)}, got {len(target_in)}")
        outputs, attention = [], []
        for symbols in target_in.unbind(dim=1):
            y, weights, state = self._step(symbols, memory, state)
            outputs.append(y)
            attention.append(weights)
        logits = self.output(self.dropout(torch.stack(outputs, dim=1)))
        return logits, None if self.attention is None else torch.stack(attention, dim=1)

    def _encode(self, source, mask):
        """The memory of a sentence, and the initial state of the decoder."""
        source, mask = read_symbols("source", source, self.source_embedding.num_embeddings, mask, "source_mask")
        outputs = outputs_of(self.encoder, self.dropout(self.source_embedding(source)), mask)
        whole = last_outputs(self.encoder, outputs, mask)
        keys = None if self.attention is None else self.attention.U(outputs)
        H = self.decoder.hidden_size
        h = torch.tanh(self.first_state(whole[:, H:]))  # from the direction that ended at the first word
        return Memory(outputs, keys, whole, mask), (h[None], torch.zeros_like(h)[None])

    def _step(self, symbols, memory, state):
        """From the last symbols (N,): the input of the output layer (N, 3H), attention weights, and the next state."""
        if self.attention is None:
            context, weights = memory.whole, None
        else:
            context, weights = self.attention(state[0][0], memory.outputs, memory.keys, memory.mask)
        x = torch.cat([self.dropout(self.target_embedding(symbols)), context], dim=1)
        y, state = self.decoder(x[:, None], state)
        return torch.cat([y[:, 0], context], dim=1), weights, state

    def translate(self, source, source_mask, start, end, longest, beam=1):
        """The likeliest translations that a beam search finds.

        For each sentence the `beam` likeliest beginnings are kept and extended by one symbol, until none can overtake
        the best one that has ended, or all are `longest` long. With ``beam=1`` this is greedy decoding.

        Parameters
        ----------
        source : (N, T_in) tensor of int
        source_mask : (N, T_in) tensor or None
        start, end : int
            The symbols before the first and after the last of a translation.
        longest : int
            The largest number of symbols, including the end.
        beam : int

        Returns
        -------
        list of N Translation

        Raises
        ------
        ValueError
            If an argument is not as described.
        """
        K = self.target_embedding.num_embeddings
        start, end = arguments.symbol("start", start, K), arguments.symbol("end", end, K)
        longest, B = arguments.size("longest", longest), arguments.size("beam", beam)
        with evaluating(self):
            memory, state = self._encode(source, source_mask)
            memory = Memory(*(None if part is None else part.repeat_interleave(B, dim=0) for part in memory))
            written = memory.outputs.new_zeros(0, *memory.outputs.shape[:2])  # the attention weights so far

            def step(symbols, state):
                h, c, written = state
                y, weights, state = self._step(symbols, memory, (h, c))
                if weights is not None:
                    written = torch.cat([written, weights[None]])
                return self.output(y).log_softmax(dim=1), [*state, written]

            state = [*(part.repeat_interleave(B, dim=1) for part in state), written]
            symbols, score, (_, _, written) = beam_search(step, state, len(source), B, start, end, longest)
        attention = written.transpose(0, 1)
        return [self._translation(symbols[n].tolist(), end, score[n], attention[n]) for n in range(len(source))]

    def _translation(self, symbols, end, score, weights):
        length = symbols.index(end) if end in symbols else len(symbols)
        attention = None if self.attention is None else weights[:length]
        return Translation(symbols[:length], end in symbols, score.item(), attention)
