"""A class for a sequence, or one for each of its steps."""

from .parts import SymbolModel, last_outputs, only, outputs_of


class SequenceClassifier(SymbolModel):
    """The class of a sequence of symbols, from the state after its last step.

    With ``bidirectional=True``, from the last states of both directions (Schuster and Paliwal 1997; for LSTMs Graves
    and Schmidhuber 2005). The parameters are those of `nets.models.parts.SymbolModel`.

    Examples
    --------
    >>> import torch
    >>> model = SequenceClassifier(symbols=10, classes=4, embedding_size=8, hidden_size=16)
    >>> tuple(model(torch.zeros(2, 7, dtype=int)).shape)
    (2, 4)
    """

    def forward(self, ids, mask=None):
        """Logits of each sequence.

        Parameters
        ----------
        ids : (N, T) tensor of int
            Anything where the mask is false.
        mask : (N, T) tensor, optional
            True where a step counts; padding comes after the sequence.

        Returns
        -------
        logits : (N, K) tensor

        Raises
        ------
        ValueError
            If a symbol is out of range, a sequence is empty or has a gap, or a shape is wrong.
        """
        x, mask = self.read(ids, mask)
        y = outputs_of(self.lstm, x, mask)
        return self.output(self.dropout(last_outputs(self.lstm, y, mask)))


class Tagger(SymbolModel):
    """The class of each step of a sequence of symbols.

    With ``bidirectional=True`` each class depends on the steps before and after. The parameters are those of
    `nets.models.parts.SymbolModel`.

    Examples
    --------
    >>> import torch
    >>> model = Tagger(symbols=10, classes=4, embedding_size=8, hidden_size=16, bidirectional=True)
    >>> tuple(model(torch.zeros(2, 7, dtype=int)).shape)
    (2, 7, 4)
    """

    def forward(self, ids, mask=None):
        """Logits of each step.

        Parameters
        ----------
        ids : (N, T) tensor of int
            Anything where the mask is false.
        mask : (N, T) tensor, optional
            True where a step counts; padding comes after the sequence.

        Returns
        -------
        logits : (N, T, K) tensor
            Zero where a step does not count.

        Raises
        ------
        ValueError
            If a symbol is out of range, a sequence is empty or has a gap, or a shape is wrong.
        """
        x, mask = self.read(ids, mask)
        return only(mask, self.output(self.dropout(outputs_of(self.lstm, x, mask))))
