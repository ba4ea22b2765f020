"""The next symbol of a text from all previous ones, and texts sampled in this way."""

import torch

from .. import arguments
from ..modes import evaluating
from .parts import SymbolModel, only, read_symbols, run


class LanguageModel(SymbolModel):
    """The next symbol, at each step of a text (Mikolov et al. 2010, with an LSTM as in Graves 2013).

    Parameters
    ----------
    symbols : int
        The number of different symbols, letters or words; they are numbered from 0.
    embedding_size, hidden_size, num_layers : int
    dropout : float
        The fraction of the numbers dropped in training: of the embeddings, between layers, and before the linear layer,
        but not from step to step (Zaremba, Sutskever and Vinyals 2014).
    forget_bias : float, optional
        The initial bias of the forget gates; by default as in PyTorch.

    Raises
    ------
    ValueError
        If an argument is not as described.

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
        """Logits of the symbol after each step.

        Parameters
        ----------
        ids : (N, T) tensor of int
            Anything where the mask is false.
        state : pair of (num_layers, N, H) tensors, optional
            The state returned for the preceding text; zeros by default.
        mask : (N, T) tensor, optional
            True where a step counts; padding comes after the text.

        Returns
        -------
        logits : (N, T, symbols) tensor
            Zero where a step does not count.
        state : pair of (num_layers, N, H) tensors
            After the last step that counts, for the text that follows.

        Raises
        ------
        ValueError
            If a symbol is out of range, a text is empty or has a gap, or a shape is wrong.
        """
        x, mask = self.read(ids, mask)
        sizes = {"layers": self.lstm.num_layers, "N": len(x), "H": self.lstm.hidden_size}
        state = arguments.state("state", state, like=self.output.weight, **sizes)
        y, state = run(self.lstm, x, state, mask)
        return only(mask, self.output(self.dropout(y))), state

    def sample(self, prompt, steps, temperature=1.0, seed=0):
        """Continue texts symbol by symbol, each drawn from the distribution that the model predicts.

        Parameters
        ----------
        prompt : (N, T) tensor of int
            The beginnings of the texts.
        steps : int
            The number of symbols to draw for each.
        temperature : float
            The divisor of the logits: below 1 likely symbols become likelier, close to 0 only the likeliest is drawn;
            above 1 all become more alike.
        seed : int

        Returns
        -------
        (N, steps) tensor of int
            The symbols after the prompt.

        Raises
        ------
        ValueError
            If an argument is not as described.
        """
        steps, temperature = arguments.size("steps", steps), arguments.positive("temperature", temperature)
        generator = torch.Generator().manual_seed(arguments.seed("seed", seed))
        (symbols, _), state, drawn = read_symbols("prompt", prompt, self.embedding.num_embeddings), None, []
        with evaluating(self):
            for _ in range(steps):
                logits, state = self(symbols, state)
                # Drawn on the CPU, so that a seed gives the same symbols on every device.
                last = logits[:, -1].double().cpu()
                probabilities = ((last - last.amax(dim=1, keepdim=True)) / temperature).softmax(dim=1)
                symbols = torch.multinomial(probabilities, 1, generator=generator).to(logits.device)
                drawn.append(symbols)
        return torch.cat(drawn, dim=1)
