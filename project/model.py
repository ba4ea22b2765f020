"""The network: an LSTM over the window, and a linear layer on its last hidden state."""

import torch
from torch import nn


class Network(nn.Module):
    """Reads (N, T, D) and returns (N, K).

    The forget gates start open: with a bias of 1 a memory lasts a few steps. For longer windows try 3, or see lesson
    06, *The memory horizon*.
    """

    def __init__(self, inputs, targets, hidden=32, layers=1, dropout=0.1, forget_bias=1.0):
        super().__init__()
        self.lstm = nn.LSTM(inputs, hidden, layers, batch_first=True, dropout=dropout if layers > 1 else 0)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(hidden, targets)
        for name, bias in self.lstm.named_parameters():
            if name.startswith("bias"):  # PyTorch adds two biases, in the order i, f, g, o
                nn.init.zeros_(bias)
                if "_ih_" in name:
                    nn.init.constant_(bias[hidden : 2 * hidden], forget_bias)

    def forward(self, x):
        h, _ = self.lstm(x)  # (N, T, H)
        return self.output(self.dropout(h[:, -1]))


def predict(network, x):
    """Forecasts without dropout and without gradients, for windows (N, T, D)."""
    was_training = network.training
    network.eval()
    with torch.no_grad():
        y = network(x)
    network.train(was_training)
    return y
