"""Who is speaking? LSTMs on ragged batches of real vowels, by what they read and how their batches are made.

All networks read the 270 training utterances of `lstm_course.tasks.vowels` in batches of 30 for 30 epochs, with
Adam, a learning rate that falls linearly to zero, dropout of 0.3 before the linear layer, and gradients clipped to a
norm of 1. They differ in this:

    last       one LSTM layer of 32 units; the linear layer reads the last valid step
    padding    the same network, but it reads the last step of the array, after padding with zeros to 29 steps
    stacked    two layers of 20 units, with about as many weights; the last valid step
    both       one bidirectional layer of 20 units on packed sequences; the last state of each direction
    frames     as `last`, but in training every valid frame is asked who is speaking, with equal weight
    bucketed   as `last`, with utterances of similar length in each batch (see `buckets`)

The first four choose their learning rate on validation data: 54 of the training utterances, six of each speaker, are
held out, and the rate with the higher mean accuracy over three seeds is taken. The last two use that of `last`.

Arrays, for each kind:

    last_accuracy     (10,)    share of the 370 test utterances named right, by seed
    last_validation   (2, 3)   by learning rate and seed; only for the first four
    last_rate         ()       the learning rate that was taken
    last_together     ()       share named right by the mean of the ten networks' probabilities
    padding_longer    (10,)    accuracy if the same test utterances are padded to 60 steps instead
    last_carried      (10, 2)  accuracy if each test utterance starts with the state that the one before it left: in the
                               order of the file, which is sorted by speaker, and shuffled
    seeds             (10,)
"""

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

from ..tasks import vowels

SETTINGS = {
    "batch_size": 30,
    "epochs": 30,
    "dropout": 0.3,
    "max_norm": 1.0,
    "width": 29,
    "longer": 60,
    "learning_rates": [0.003, 0.01],
    "held_out": 6,
    "validation_seeds": [100, 101, 102],
    "kinds": {"last": (32, 1), "padding": (32, 1), "stacked": (20, 2), "both": (20, 1), "frames": (32, 1)}
    | {"bucketed": (32, 1)},
    "tuned": ["last", "padding", "stacked", "both"],
    "seeds": list(range(10)),
}


class Speaker(nn.Module):
    """An LSTM and a linear layer on one of its steps.

    Parameters
    ----------
    kind : str
        As in the module's docstring.
    """

    def __init__(self, kind):
        super().__init__()
        self.kind, both = kind, kind == "both"
        hidden_size, layers = SETTINGS["kinds"][kind]
        self.lstm = nn.LSTM(vowels.FEATURES, hidden_size, layers, batch_first=True, bidirectional=both)
        self.dropout = nn.Dropout(SETTINGS["dropout"])
        self.output = nn.Linear(hidden_size * (1 + both), vowels.SPEAKERS)

    def forward(self, x, lengths):
        """Logits (N, 9) of padded utterances x (N, T, 12); (N, T, 9) for ``frames`` while it is trained."""
        if self.kind == "both":
            packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
            _, (h, _) = self.lstm(packed)
            read = torch.cat([h[0], h[1]], dim=1)
        else:
            y, _ = self.lstm(x)
            if self.kind == "padding":
                read = y[:, -1]
            elif self.kind == "frames" and self.training:
                read = y
            else:
                read = y[torch.arange(len(x)), lengths - 1]
        return self.output(self.dropout(read))


def padded(frames, width=None):
    """Utterances in one tensor (N, T, 12), with zeros after each, and their lengths (N,).

    Parameters
    ----------
    frames : sequence of (T, 12) arrays
    width : int, optional
        T; by default the longest utterance's.

    Returns
    -------
    x : (N, T, 12) tensor
    lengths : (N,) tensor of int
    """
    lengths = [len(each) for each in frames]
    x = np.zeros((len(frames), width or max(lengths), vowels.FEATURES), np.float32)
    for row, each in zip(x, frames, strict=True):
        row[: len(each)] = each
    return torch.tensor(x), torch.tensor(lengths)


def buckets(lengths, size, rng):
    """Batches of similar lengths, in random order.

    Parameters
    ----------
    lengths : (N,) array of int
    size : int
        Utterances in a batch.
    rng : numpy.random.Generator
        Decides which of equally long utterances come first, and the order of the batches.

    Returns
    -------
    list of arrays of int
        Together they hold each index once.
    """
    order = rng.permutation(len(lengths))
    order = order[np.argsort(np.asarray(lengths)[order], kind="stable")]
    batches = [order[start : start + size] for start in range(0, len(order), size)]
    return [batches[k] for k in rng.permutation(len(batches))]


def fit(kind, seed, learning_rate, train, progress=iter):
    """A trained network, in evaluation mode.

    Parameters
    ----------
    kind : str
    seed : int
        Of the weights, the batches and the dropout.
    learning_rate : float
    train : vowels.Utterances
    progress : callable
        Wraps the range of epochs, as ``tqdm`` does.
    """
    rng, size, epochs = np.random.default_rng(seed), SETTINGS["batch_size"], SETTINGS["epochs"]
    x, lengths = padded(train.frames, SETTINGS["width"])
    speakers = torch.tensor(train.speakers)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        net = Speaker(kind)
        adam = torch.optim.Adam(net.parameters())
        for epoch in progress(range(epochs)):
            adam.param_groups[0]["lr"] = learning_rate * (1 - epoch / epochs)
            if kind == "bucketed":
                batches = buckets(train.lengths, size, rng)
            else:
                batches = np.array_split(rng.permutation(len(x)), -(-len(x) // size))
            for rows in map(torch.tensor, batches):
                width = SETTINGS["width"] if kind == "padding" else lengths[rows].max()
                loss = loss_of(net, x[rows, :width], lengths[rows], speakers[rows])
                adam.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(net.parameters(), SETTINGS["max_norm"])
                adam.step()
    return net.eval()


def loss_of(net, x, lengths, speakers):
    """The cross-entropy of a batch; for ``frames`` the mean over all valid frames."""
    logits = net(x, lengths)
    if logits.ndim == 3:
        valid = torch.arange(x.shape[1]) < lengths[:, None]
        logits, speakers = logits[valid], speakers[:, None].expand(valid.shape)[valid]
    return nn.functional.cross_entropy(logits, speakers)


def probabilities(net, part, width=None):
    """(N, 9): how much the network believes in each speaker at the end of each utterance of `part`."""
    x, lengths = padded(part.frames, width or SETTINGS["width"])
    with torch.no_grad():
        return net(x, lengths).softmax(dim=1).numpy()


def accuracy(net, part, width=None):
    """The share of the utterances of `part` whose speaker is named right."""
    return float((probabilities(net, part, width).argmax(axis=1) == part.speakers).mean())


def carried_accuracy(net, part, order):
    """As `accuracy`, one utterance after another in this order, each starting with the state of the one before it."""
    state, right = None, []
    for k in order:
        with torch.no_grad():
            y, state = net.lstm(torch.tensor(part.frames[k][None]), state)
            right.append(net.output(y[0, -1]).argmax().item() == part.speakers[k])
    return float(np.mean(right))


def held_out(train, seed=0):
    """`train` in two parts: what is left, and six utterances of each speaker for validation."""
    rng = np.random.default_rng(seed)
    rows = [np.flatnonzero(train.speakers == k) for k in range(vowels.SPEAKERS)]
    held = np.concatenate([rng.choice(each, SETTINGS["held_out"], replace=False) for each in rows])
    return tuple(
        train._replace(frames=tuple(train.frames[k] for k in some), speakers=train.speakers[some])
        for some in (np.setdiff1d(np.arange(len(train.frames)), held), held)
    )


def make():
    """All runs, as described in `lstm_course.results`."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    train, test = vowels.speech()
    rest, held = held_out(train)
    rates, seeds = SETTINGS["learning_rates"], SETTINGS["seeds"]
    arrays = {"seeds": np.array(seeds)}
    for kind in SETTINGS["kinds"]:
        rate = arrays.get("last_rate", np.array(0.0)).item()
        if kind in SETTINGS["tuned"]:
            validation = np.array(
                [
                    [accuracy(fit(kind, seed, rate, rest), held) for seed in SETTINGS["validation_seeds"]]
                    for rate in rates
                ]
            )
            rate = rates[validation.mean(axis=1).argmax()]
            arrays[f"{kind}_validation"] = validation
        nets = [fit(kind, seed, rate, train) for seed in seeds]
        together = np.mean([probabilities(net, test) for net in nets], axis=0)
        arrays[f"{kind}_rate"] = np.array(rate)
        arrays[f"{kind}_accuracy"] = np.array([accuracy(net, test) for net in nets])
        arrays[f"{kind}_together"] = np.array((together.argmax(axis=1) == test.speakers).mean())
        if kind == "last":
            orders = np.arange(len(test.frames)), np.random.default_rng(0).permutation(len(test.frames))
            arrays["last_carried"] = np.array(
                [[carried_accuracy(net, test, order) for order in orders] for net in nets]
            )
        if kind == "padding":
            arrays["padding_longer"] = np.array([accuracy(net, test, SETTINGS["longer"]) for net in nets])
    torch.set_num_threads(threads)
    return arrays, SETTINGS
