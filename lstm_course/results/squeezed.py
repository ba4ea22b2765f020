"""Real digits read row by row, by a network that is made smaller: pruned, rounded to few bits, or small from the start.

The 1,797 digits of scikit-learn (8 by 8 pixels, scaled to 0 to 1) are read one row at a time, by an LSTM of 64 units
and a linear layer on its last output. Each seed divides them anew: 1,000 for training, 200 for validation, 597 for the
test. *Pruning* sets the smallest weights of all three matrices together to zero, the biases stay.

    cut         pruned after 20 epochs, and judged as it is
    tuned       then trained for 20 more epochs, with the zeros kept
    random      as `tuned`, but the weights that go are drawn at random
    dense       a small network with no more numbers (weights and biases) than pruning leaves, trained for 40 epochs

The learning rate of the whole network is chosen on the validation digits (two seeds), and so are those of `tuned` and
`dense`, for each share that is pruned. `random`, a control, takes the rate of `tuned`.

Arrays:

    whole_right      (10,)         share of test digits named right by the whole network after 20 epochs
    longer_right     (10,)         after 40 epochs
    cut_right        (10, 4)       by seed and share pruned; also for the other kinds
    dense_units      (4,)
    bits_right       (10, 7, 2)    by seed, number of bits (8 to 2), and one scale for each row or one for each matrix
    whole_tried      (2, 3)        validation share by seed and rate; tuned_tried and so on (4, 2, 3)
    seeds            (10,)
"""

import copy

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn import functional as F

from ..nets import initialise

SETTINGS = {
    "units": 64,
    "batch": 50,
    "epochs": 20,
    "rates": [0.01, 0.03, 0.06],
    "shares": [0.5, 0.8, 0.9, 0.95],
    "bits": [8, 7, 6, 5, 4, 3, 2],
    "validation_seeds": [20, 21],
    "seeds": list(range(10)),
}
TUNED = ("tuned", "dense")
KINDS = (*TUNED, "random")


def digits(seed):
    """Three pairs of rows of pixels (N, 8, 8) and digits (N,): training, validation and test."""
    x, y = load_digits(return_X_y=True)
    order = np.random.default_rng(seed).permutation(len(x))
    x, y = torch.tensor(x[order].reshape(-1, 8, 8) / 16, dtype=torch.float32), torch.tensor(y[order])
    return (x[:1000], y[:1000]), (x[1000:1200], y[1000:1200]), (x[1200:], y[1200:])


class Reader(nn.Module):
    """Reads the rows of a digit, and names it after the last one: logits (N, 10)."""

    def __init__(self, H=SETTINGS["units"]):
        super().__init__()
        self.lstm, self.output = nn.LSTM(8, H, batch_first=True), nn.Linear(H, 10)
        initialise.forget_bias(self.lstm, 1.0)

    def forward(self, x):
        return self.output(self.lstm(x)[0][:, -1])

    def matrices(self):
        """The weights that are pruned and rounded."""
        return [self.lstm.weight_ih_l0, self.lstm.weight_hh_l0, self.output.weight]


def numbers(H):
    """How many numbers a reader of H units needs on a device, where the two bias vectors are added up once."""
    return 4 * H * (8 + H + 1) + 10 * (H + 1)


def units_for(count):
    """The largest reader with at most this many numbers."""
    return max(H for H in range(1, SETTINGS["units"] + 1) if numbers(H) <= count)


def fit(model, data, learning_rate, epochs, seed, masks=None):
    """Train with Adam and a rate that falls to zero. There is one mask for each matrix; masked weights stay zero."""
    torch.manual_seed(100 + seed)
    x, y = data
    adam, batch = torch.optim.Adam(model.parameters(), learning_rate), SETTINGS["batch"]
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(adam, epochs * (len(x) // batch))
    for _ in range(epochs):
        for rows in torch.randperm(len(x)).split(batch):
            adam.zero_grad()
            F.cross_entropy(model(x[rows]), y[rows]).backward()
            adam.step()
            falling.step()
            if masks is not None:
                apply(model, masks)
    return model


@torch.no_grad()
def apply(model, masks):
    for weights, mask in zip(model.matrices(), masks, strict=True):
        weights *= mask


@torch.no_grad()
def largest(model, share):
    """Masks that leave out this share of all weights: those nearest to zero, whatever matrix they are in."""
    every = torch.cat([weights.abs().flatten() for weights in model.matrices()])
    threshold = every.sort().values[round(share * len(every)) - 1] if share else -1
    return [weights.abs() > threshold for weights in model.matrices()]


def chance(model, share, seed):
    """Masks of the same kind, drawn at random."""
    draw = torch.Generator().manual_seed(seed)
    return [torch.rand(weights.shape, generator=draw) >= share for weights in model.matrices()]


@torch.no_grad()
def right(model, data):
    """Share of digits named right."""
    return (model(data[0]).argmax(dim=1) == data[1]).float().mean().item()


@torch.no_grad()
def rounded(model, bits, by_row=True):
    """A copy whose weights are whole numbers of `bits` bits, from -M to M, times a scale per row or per matrix."""
    small, M = copy.deepcopy(model), 2 ** (bits - 1) - 1
    for weights in small.matrices():
        s = weights.abs().amax(dim=1, keepdim=True) / M
        s = s if by_row else s.max()
        weights.copy_((weights / s).round() * s)
    return small


def made(kind, whole, share, data, rate, seed):
    """A small network of one of the `KINDS`, after its training."""
    epochs = SETTINGS["epochs"]
    if kind == "dense":
        torch.manual_seed(seed)
        left = round((1 - share) * (numbers(64) - 4 * 64 - 10)) + 4 * 64 + 10
        return fit(Reader(units_for(left)), data, rate, 2 * epochs, seed)
    model = copy.deepcopy(whole)
    masks = chance(model, share, seed) if kind == "random" else largest(model, share)
    apply(model, masks)
    return fit(model, data, rate, epochs, seed + 1, masks)


def whole_network(data, rate, seed, epochs=SETTINGS["epochs"]):
    torch.manual_seed(seed)
    return fit(Reader(), data, rate, epochs, seed)


def best(tried):
    return SETTINGS["rates"][int(np.mean(tried, axis=0).argmax())]


def make():
    """The arrays described in the module's docstring, and the settings."""
    rates, shares, seeds = SETTINGS["rates"], SETTINGS["shares"], SETTINGS["validation_seeds"]
    parts = {seed: digits(seed) for seed in seeds}
    tried = [[right(whole_network(parts[s][0], rate, s), parts[s][1]) for rate in rates] for s in seeds]
    arrays, chosen = {"whole_tried": np.array(tried)}, {"whole": best(tried)}
    wholes = {seed: whole_network(parts[seed][0], chosen["whole"], seed) for seed in seeds}
    for kind in TUNED:
        tried = [
            [[right(made(kind, wholes[s], share, parts[s][0], rate, s), parts[s][1]) for rate in rates] for s in seeds]
            for share in shares
        ]
        arrays[f"{kind}_tried"], chosen[kind] = np.array(tried), [best(each) for each in tried]
    chosen["random"], measured = chosen["tuned"], {}
    for seed in SETTINGS["seeds"]:
        train, _, test = digits(seed)
        whole = whole_network(train, chosen["whole"], seed)
        longer = whole_network(train, chosen["whole"], seed, 2 * SETTINGS["epochs"])
        cut = [copy.deepcopy(whole) for _ in shares]
        for model, share in zip(cut, shares, strict=True):
            apply(model, largest(model, share))
        found = {
            "whole": right(whole, test),
            "longer": right(longer, test),
            "cut": [right(model, test) for model in cut],
            "bits": [[right(rounded(whole, n, row), test) for row in (True, False)] for n in SETTINGS["bits"]],
        }
        for kind in KINDS:
            found[kind] = [
                right(made(kind, whole, share, train, rate, seed), test)
                for share, rate in zip(shares, chosen[kind], strict=True)
            ]
        for name, value in found.items():
            measured.setdefault(f"{name}_right", []).append(value)
    arrays |= {name: np.array(values) for name, values in measured.items()}
    weights = numbers(64) - 4 * 64 - 10
    arrays["dense_units"] = np.array([units_for(round((1 - s) * weights) + 4 * 64 + 10) for s in shares])
    arrays["seeds"] = np.array(SETTINGS["seeds"])
    return arrays, SETTINGS | {"chosen": chosen}
