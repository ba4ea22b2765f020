"""Forecasts of a series of numbers."""

from torch import nn

from .. import arguments
from .parts import last_outputs, make_lstm, outputs_of


class Forecaster(nn.Module):
    """The next `horizon` steps of a series, all at once, from the state after the last known step.

    Parameters
    ----------
    features : int
        D, the numbers in one step.
    outputs : int
        K, the numbers to forecast for one step.
    hidden_size : int
    horizon : int
        The number of steps to forecast.
    num_layers : int
    dropout : float
        The fraction of the numbers dropped in training, between layers and before the linear layer.
    forget_bias : float, optional
        The initial bias of the forget gates; by default as in PyTorch.

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> import torch
    >>> model = Forecaster(features=3, outputs=1, hidden_size=16, horizon=12)
    >>> tuple(model(torch.ones(2, 48, 3)).shape)
    (2, 12, 1)
    """

    def __init__(self, features, outputs, hidden_size, horizon=1, num_layers=1, dropout=0.0, forget_bias=None):
        super().__init__()
        self.features, self.outputs = arguments.size("features", features), arguments.size("outputs", outputs)
        self.horizon, hidden_size = arguments.size("horizon", horizon), arguments.size("hidden_size", hidden_size)
        self.lstm = make_lstm(self.features, hidden_size, num_layers, dropout=dropout, forget_bias=forget_bias)
        self.dropout = nn.Dropout(arguments.share("dropout", dropout))
        self.output = nn.Linear(hidden_size, self.horizon * self.outputs)

    def forward(self, x, mask=None):
        """Forecast.

        Parameters
        ----------
        x : (N, T, D) tensor
        mask : (N, T) tensor, optional
            True where a step counts; padding comes after the series.

        Returns
        -------
        (N, horizon, K) tensor

        Raises
        ------
        ValueError
            If a shape is wrong, a number is not finite, or a series is empty or has a gap.
        """
        N, T, _ = arguments.tensor("x", x, like=self.output.weight, N=None, T=None, D=self.features)
        mask = arguments.padding("mask", mask, N, T)
        y = outputs_of(self.lstm, x, mask)
        return self.output(self.dropout(last_outputs(self.lstm, y, mask))).view(N, self.horizon, self.outputs)
