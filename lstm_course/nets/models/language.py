"""The next symbol of a text, from all before it; and texts made of such symbols."""

import torch

from .. import arguments
from ..modes import evaluating
from .parts import SymbolModel, only, read_symbols, run


class LanguageModel(SymbolModel):
    """Which symbol comes next, at each step of a text (Mikolov et al. 2010, with an LSTM as in Graves 2013).

    Parameters
    ----------
    symbols : int
        How many different symbols there are, letters or words; they are the numbers from 0.
    embedding_size, hidden_size, num_layers : int
    dropout : float
        The share of the numbers that is dropped in training: of the embeddings, between layers, and of what
        the linear layer sees, but not from step to step (Zaremba, Sutskever and Vinyals 2014).
    forget_bias : float, optional
        What the forget gates start from, if not as in PyTorch.

    Raises
    ------
    ValueError
        If an argument is none of these.

    Examples
    --------
    >>> model = LanguageModel(symbols=10, embedding_size=8, hidden_size=16)
    >>> logits, (h, c) = model(torch.zeros(2, 7, dtype=int))
    >>> tuple(logits.shape), tuple(h.shape)
    ((2, 7, 10), (1, 2, 16))
    """

    def __init__(self, symbols, embedding_size, hidden_size, num_layers=1, dropout=0.0, forget_bias=None):
        super().__init__(
            symbols, symbols, embedding_size, hidden_size, num_layers, dropout=dropout, forget_bias=forget_bias
        )

    def forward(self, ids, state=None, mask=None):
        """Logits of what follows each step.

        Parameters
        ----------
        ids : (N, T) tensor of int
            Anything where the mask is false.
        state : pair of (num_layers, N, H) tensors, optional
            What came out with the text before this; zeros where not given.
        mask : (N, T) tensor, optional
            True where a step counts; padding comes after the text.

        Returns
        -------
        logits : (N, T, symbols) tensor
            Zero where a step does not count.
        state : pair of (num_layers, N, H) tensors
            After the last step that counts, to go on with.

        Raises
        ------
        ValueError
            If a symbol is none, a text is empty or has a gap, or a shape is another.
        """
        x, mask = self.read(ids, mask)
        sizes = {"layers": self.lstm.num_layers, "N": len(x), "H": self.lstm.hidden_size}
        state = arguments.state("state", state, like=self.output.weight, **sizes)
        y, state = run(self.lstm, x, state, mask)
        return only(mask, self.output(self.dropout(y))), state

    def sample(self, prompt, steps, temperature=1.0, seed=0):
        """Go on with texts, symbol by symbol, each drawn from what the model expects.

        Parameters
        ----------
        prompt : (N, T) tensor of int
            How the texts begin.
        steps : int
            How many symbols to draw for each.
        temperature : float
            What logits are divided by: below 1 the likely becomes likelier, close to 0 only the likeliest is
            drawn; above 1 all become more alike.
        seed : int

        Returns
        -------
        (N, steps) tensor of int
            What follows the prompt.

        Raises
        ------
        ValueError
            If an argument is none of these.
        """
        steps, temperature = arguments.size("steps", steps), arguments.positive("temperature", temperature)
        generator = torch.Generator().manual_seed(arguments.seed("seed", seed))
        (symbols, _), state, drawn = read_symbols("prompt", prompt, self.embedding.num_embeddings), None, []
        with evaluating(self):
            for _ in range(steps):
                logits, state = self(symbols, state)
                # Drawn on the CPU, so that a seed means the same symbols everywhere.
                last = logits[:, -1].double().cpu()
                likely = ((last - last.amax(dim=1, keepdim=True)) / temperature).softmax(dim=1)
                symbols = torch.multinomial(likely, 1, generator=generator).to(logits.device)
                drawn.append(symbols)
        return torch.cat(drawn, dim=1)
