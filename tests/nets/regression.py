"""A small model and its data, for the tests of the training loop."""

import torch

from lstm_course import nets


class Regression(torch.nn.Module):
    """A small LSTM that predicts one number from its last hidden state."""

    def __init__(self, dropout=0.0):
        super().__init__()
        self.lstm = nets.LSTM(1, 8, forget_bias=1)
        self.dropout = torch.nn.Dropout(dropout)
        self.output = torch.nn.Linear(8, 1)

    def forward(self, x):
        y, _ = self.lstm(x)
        return self.output(self.dropout(y[:, -1]))[:, 0]


def model(**options):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return Regression(**options)


def sums(count=None):
    """Batches of sequences with their sums, `count` of them or infinitely many."""
    generator = torch.Generator().manual_seed(0)
    while count is None or count > 0:
        x = torch.rand(16, 5, 1, generator=generator)
        yield x, x.sum(dim=(1, 2))
        count = None if count is None else count - 1


def squared_error(model, batch):
    x, target = batch
    return torch.nn.functional.mse_loss(model(x), target)


def options(**changes):
    return {"learning_rate": 0.01, "progress": False} | changes
