"""Networks that match brackets, ten seeds: right for how deep, and for how long?

The input is one of seven symbols: ``( [ {``, ``) ] }``, or any other character. After each symbol, the network says
which bracket is the last one that is still open: none, ``(``, ``[`` or ``{``. An LSTM of 40 units and a linear layer
learn it from 2,000 random texts of 60 symbols, at most four brackets deep: 600 updates of 32 texts, Adam with a
one-cycle learning rate of at most 0.02, gradients clipped to a norm of 1, forget bias 1.

Arrays:

    depths (7,), depth_right (10, 7)  for each depth the share of right answers just after a bracket was closed that had
                                      that many brackets open, on fresh texts of at most eight
    gaps (5,), gap_right (10, 5)      share of right answers after two brackets and so many other characters
    losses (10, 600)
    seeds (10,)
"""

import numpy as np
import torch

OPENING, CLOSING = "([{", ")]}"
SETTINGS = {
    "hidden_size": 40,
    "texts": 2000,
    "length": 60,
    "depth": 4,
    "updates": 600,
    "batch": 32,
    "learning_rate": 0.02,
    "max_norm": 1.0,
    "depths": [1, 2, 3, 4, 5, 6, 7],
    "gaps": [10, 50, 250, 1000, 4000],
    "seeds": list(range(10)),
}


def encode(text):
    """The symbols of a text, (T,): 0 to 2 for opening brackets, 3 to 5 for closing ones, 6 for all else."""
    codes = {letter: k for k, letter in enumerate(OPENING + CLOSING)}
    return np.array([codes.get(letter, 6) for letter in text], dtype=int)


def innermost(symbols):
    """For each symbol, the bracket that is open last after it: 0 none, 1 to 3 its kind; by a stack."""
    stack, kinds = [], []
    for symbol in symbols:
        if symbol < 3:
            stack.append(symbol)
        elif symbol < 6 and stack:
            stack.pop()
        kinds.append(stack[-1] + 1 if stack else 0)
    return np.array(kinds)


def texts(count, length, depth, rng):
    """Random texts whose closing brackets all match, (count, length), and their `innermost` brackets.

    In each text a share of other characters, between 0.3 and 0.9, is drawn; brackets are opened and closed with equal
    probability, as far as the depth allows it.
    """
    symbols = np.full((count, length), 6)
    for row, others in zip(symbols, rng.uniform(0.3, 0.9, count), strict=True):
        stack = []
        for t in np.flatnonzero(rng.random(length) >= others):
            if stack and (len(stack) == depth or rng.random() < 0.5):
                row[t] = 3 + stack.pop()
            else:
                stack.append(rng.integers(3))
                row[t] = stack[-1]
    return symbols, np.array([innermost(row) for row in symbols])


class Matcher(torch.nn.Module):
    """An LSTM and a linear layer to the four answers."""

    def __init__(self, hidden_size):
        super().__init__()
        self.lstm, self.output = torch.nn.LSTM(7, hidden_size, batch_first=True), torch.nn.Linear(hidden_size, 4)
        with torch.no_grad():
            self.lstm.bias_ih_l0[hidden_size : 2 * hidden_size] = 1
            self.lstm.bias_hh_l0.zero_()

    def forward(self, symbols):
        """Logits (N, T, 4) for symbols (N, T)."""
        return self.output(self.lstm(torch.nn.functional.one_hot(symbols, 7).float())[0])

    def answers(self, symbols):
        """The likeliest answer after each symbol, (N, T), as an array."""
        with torch.no_grad():
            return self(torch.as_tensor(symbols)).argmax(dim=2).numpy()


def train(seed, updates=SETTINGS["updates"], steps=range):
    """A trained `Matcher` and the loss of each update; `steps` may be a progress bar."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    x, y = map(torch.tensor, texts(SETTINGS["texts"], SETTINGS["length"], SETTINGS["depth"], rng))
    net, rate = Matcher(SETTINGS["hidden_size"]), SETTINGS["learning_rate"]
    adam = torch.optim.Adam(net.parameters(), rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(adam, rate, SETTINGS["updates"])
    losses = []
    for _ in steps(updates):
        rows = torch.tensor(rng.integers(len(x), size=SETTINGS["batch"]))
        loss = torch.nn.functional.cross_entropy(net(x[rows]).flatten(0, 1), y[rows].flatten())
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), SETTINGS["max_norm"])
        adam.step()
        schedule.step()
        losses.append(loss.item())
    return net, losses


def right_by_depth(net, seed):
    """The share of right answers just after a closing bracket, for each depth before it."""
    symbols, kinds = texts(400, 120, 8, np.random.default_rng(9000 + seed))
    step = np.where(symbols < 3, 1, np.where(symbols < 6, -1, 0))
    before = np.cumsum(step, axis=1) - step
    # Only as long as a text has not been deeper than that: a network that was lost once may stay lost.
    deepest = np.maximum.accumulate(before, axis=1)
    right, closed = net.answers(symbols) == kinds, (symbols >= 3) & (symbols < 6)
    return [right[closed & (before == d) & (deepest == d)].mean() for d in SETTINGS["depths"]]


def right_after_gaps(net):
    """The share of the nine pairs of brackets whose inner one is still known after a gap."""
    pairs = np.array([(a, b) for a in range(3) for b in range(3)])
    rows = []
    for gap in SETTINGS["gaps"]:
        symbols = np.concatenate([pairs, np.full((9, gap), 6)], axis=1)
        rows.append((net.answers(symbols)[:, -1] == pairs[:, 1] + 1).mean())
    return rows


def make():
    """All runs, as described above."""
    seeds = SETTINGS["seeds"]
    nets, losses = zip(*(train(seed) for seed in seeds), strict=True)
    return {
        "depths": np.array(SETTINGS["depths"]),
        "depth_right": np.array([right_by_depth(net, seed) for net, seed in zip(nets, seeds, strict=True)]),
        "gaps": np.array(SETTINGS["gaps"]),
        "gap_right": np.array([right_after_gaps(net) for net in nets]),
        "losses": np.array(losses),
        "seeds": np.array(seeds),
    }, SETTINGS
