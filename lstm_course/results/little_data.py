"""An LSTM and a transformer that learn English from little text: bits per character by characters of training text.

The text is that of `tasks.plays`: the first characters of the training scenes, and the scenes held out for validation
and for the test are the same for all sizes. Both are `nets.families.Network` with about 66,000 parameters, and both
are trained on random windows of 64 characters, 12 an update, with the same number of updates for each size: Adam,
gradients clipped to a norm of 1, a rate that rises for 50 updates and falls along a cosine. Eight times in a run the
network is judged on validation text, and the best of these eight states is the one that counts (early stopping).

For each family, three learning rates and two shares of dropout are tried with a seed that doesn't report and fewer
updates, on the smallest and on the largest text; the pair with the fewest bits on validation text is taken. The text
between them takes the pair of the smallest one. Then three networks are trained with it and
judged on the test scenes. All texts are read in windows of 64 characters that overlap by half, and the characters of
the second half count, so that 32 to 63 characters stand before each of them.

The transformer computes more in an update: 1.25 times the multiply-adds of the LSTM. So at equal updates it has the
larger budget. ``transformer_longer``, a control for the smallest size, gives it three times the updates.

Arrays, for ``LSTM`` and ``transformer``::

    *_tried       (2, 3, 2)  bits per character of validation text, by size (the first and the last), rate and dropout
    *_chosen      (3, 2)     the chosen rate and dropout, as indices
    *_bits        (3, 3)     bits per character of the test scenes, by size and seed
    *_validation  (3, 3)     of validation text, at the state that counts
    *_best        (3, 3)     updates at that state
    *_curve       (3, 3, 8)  bits per character of validation text in the course of the training
    *_adds        ()         multiply-adds of one update in millions, forwards and backwards
    *_parameters  ()
    transformer_longer_bits  (2,)  with `longer_seeds`
    ngram_bits    (3,)       of the test scenes: the n-gram whose order and smoothing do best on validation text
    seeds         (3,)
"""

import copy

import numpy as np
import torch
from torch.nn import functional as F

from ..baselines.ngram import NGram
from ..nets import families
from ..scratch import schedules
from ..tasks import plays

SETTINGS = {
    "sizes": [20_000, 60_000, 200_000],
    "updates": [400, 400, 400],
    "tried_updates": [150, 150, 150],
    "tried_sizes": [0, 2],
    "widths": {"LSTM": 48, "transformer": 60},
    "window": 64,
    "batch": 12,
    "looks": 8,
    "validation": 6_000,
    "test": 20_000,
    "warmup": 50,
    "floor": 0.02,
    "max_norm": 1.0,
    "learning_rates": [0.003, 0.008, 0.02],
    "dropouts": [0.1, 0.3],
    "longer": 3,
    "longer_seeds": [0, 1],
    "orders": [2, 3, 4, 5, 6],
    "weights": [1.0, 4.0, 16.0],
    "tried_seed": 20,
    "seeds": [0, 1, 2],
}
SYMBOLS = len(plays.CHARACTERS)


def texts():
    """The `plays.Parts` as numbers: all training text, and as much of the other two as is read."""
    train, validation, test = (plays.encode(part) for part in plays.load())
    return plays.Parts(train, validation[: SETTINGS["validation"]], test[: SETTINGS["test"]])


def start(family, dropout, seed):
    """An untrained network of one family, for the characters of the plays."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return families.Network(family, SYMBOLS, SYMBOLS, SETTINGS["widths"][family], dropout)


def _losses(network, windows):
    """The loss, in bits, of each character after the first, for windows (N, T + 1) of numbers: (N, T)."""
    logits = network(F.one_hot(windows[:, :-1], SYMBOLS).float())
    return F.cross_entropy(logits.transpose(1, 2), windows[:, 1:], reduction="none") / np.log(2)


def bits(network, ids):
    """Bits per character of a text (T,), in windows that overlap by half; only second halves count."""
    T = SETTINGS["window"]
    windows = torch.as_tensor(ids).unfold(0, T + 1, T // 2)
    network.eval()
    with torch.no_grad():
        return torch.cat([_losses(network, part)[:, T // 2 :] for part in windows.split(64)]).mean().item()


def train(family, ids, validation, rate, dropout, updates, seed, progress=iter):
    """Train one network on a text (T,).

    Returns
    -------
    network : families.Network
        In the best of the states in which it was judged.
    curve : (8,) array
        Bits per character of the validation text.
    """
    network = start(family, dropout, seed)
    optimiser = torch.optim.Adam(network.parameters(), rate)
    schedule = schedules.warmup(SETTINGS["warmup"], schedules.cosine(updates - SETTINGS["warmup"], SETTINGS["floor"]))
    looks = {round(updates * (k + 1) / SETTINGS["looks"]) for k in range(SETTINGS["looks"])}
    ids, rng, curve, best = torch.as_tensor(ids), np.random.default_rng(seed), [], None
    with torch.random.fork_rng():
        torch.manual_seed(seed)  # for dropout
        for update in progress(range(1, updates + 1)):
            begins = rng.integers(0, len(ids) - SETTINGS["window"], SETTINGS["batch"])
            windows = torch.stack([ids[k : k + SETTINGS["window"] + 1] for k in begins])
            for group in optimiser.param_groups:
                group["lr"] = rate * schedule(update - 1)
            optimiser.zero_grad()
            _losses(network.train(), windows).mean().backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), SETTINGS["max_norm"])
            optimiser.step()
            if update in looks:
                curve.append(bits(network, validation))
                if curve[-1] == min(curve):
                    best = copy.deepcopy(network.state_dict())
    network.load_state_dict(best)
    return network, np.array(curve)


def tried(family, size):
    """Validation bits (3, 2) by learning rate and dropout, for one of the sizes, as its index."""
    text = texts()
    ids, updates = text.train[: SETTINGS["sizes"][size]], SETTINGS["tried_updates"][size]
    return np.array(
        [
            [
                train(family, ids, text.validation, rate, dropout, updates, SETTINGS["tried_seed"])[1].min()
                for dropout in SETTINGS["dropouts"]
            ]
            for rate in SETTINGS["learning_rates"]
        ]
    )


def judged(family, size, chosen, share=1.0, seeds=SETTINGS["seeds"]):
    """Some networks: bits of the test and of the validation text, updates at the best state, and curves.

    Parameters
    ----------
    family : str
    size : int
        As an index.
    chosen : (int, int)
        Rate and dropout, as indices.
    share : float
        Of the updates for this size.
    seeds : list of int

    Returns
    -------
    dict of str to list
    """
    text, updates = texts(), round(share * SETTINGS["updates"][size])
    rate, dropout = SETTINGS["learning_rates"][chosen[0]], SETTINGS["dropouts"][chosen[1]]
    rows = {"bits": [], "validation": [], "best": [], "curve": []}
    for seed in seeds:
        ids = text.train[: SETTINGS["sizes"][size]]
        network, curve = train(family, ids, text.validation, rate, dropout, updates, seed)
        best = round(updates * (int(curve.argmin()) + 1) / SETTINGS["looks"])
        for name, value in zip(rows, (bits(network, text.held_out), curve.min(), best, curve), strict=True):
            rows[name].append(value)
    return rows


def ngram(size):
    """Bits per character of the test text of the n-gram that does best on the validation text."""
    train_text, *others = (plays.decode(part) for part in texts())
    train_text = train_text[: SETTINGS["sizes"][size]]
    found = []
    for order in SETTINGS["orders"]:
        model = NGram(order, plays.CHARACTERS).fit([train_text])
        for model.weight in SETTINGS["weights"]:
            found.append((model.log_loss([others[0]]).bits, model.weight, model))
    _, weight, model = min(found, key=lambda row: row[0])
    model.weight = weight
    return model.log_loss([others[1]]).bits


def adds(family):
    """Millions of multiply-adds in an update, and the number of parameters."""
    network = start(family, 0.0, 0)
    count = 3 * SETTINGS["batch"] * families.multiply_adds(network, SETTINGS["window"]) / 1e6
    return count, families.parameters(network)


def make():
    """All runs, as described in `lstm_course.results`."""
    sizes, arrays = range(len(SETTINGS["sizes"])), {"seeds": np.array(SETTINGS["seeds"])}
    cost = {family: adds(family) for family in SETTINGS["widths"]}
    for family, (count, parameters) in cost.items():
        arrays |= {f"{family}_adds": np.array(count), f"{family}_parameters": np.array(parameters)}
        arrays[f"{family}_tried"] = np.array([tried(family, size) for size in SETTINGS["tried_sizes"]])
        first, last = (np.unravel_index(row.argmin(), row.shape) for row in arrays[f"{family}_tried"])
        chosen = [first, first, last]
        arrays[f"{family}_chosen"] = np.array(chosen)
        rows = [judged(family, size, chosen[size]) for size in sizes]
        arrays |= {f"{family}_{name}": np.array([row[name] for row in rows]) for name in rows[0]}
    chosen = arrays["transformer_chosen"]
    longer = judged("transformer", 0, chosen[0], SETTINGS["longer"], SETTINGS["longer_seeds"])
    arrays["transformer_longer_bits"] = np.array(longer["bits"])
    arrays["ngram_bits"] = np.array([ngram(size) for size in sizes])
    return arrays, SETTINGS
