"""LSTMs that read Shakespeare's comedies, against n-grams, and a unit that knows when a stage direction is open.

All models read the training scenes of `tasks.plays` and are judged on the held-out scenes. The n-grams of each order
choose their smoothing weight on the validation scenes. The LSTMs read the training scenes in 32 lanes, 64 characters at
a time, and carry their state from one update to the next.

Arrays:

    ngram_validation  (6, 5)   bits per character on the validation scenes, by order (1 to 6) and weight
    ngram_weight      (6,)     the weight that was taken
    ngram_bits        (6,)     bits per character on the held-out scenes with it
    lstm_bits         (3,)     the same for the LSTM, by seed
    lstm_validation   (3,)     on the validation scenes
    lstm_tried        (3, 2)   bits per character of the first seed on validation and held-out scenes, by learning rate
    lstm_together     ()       the same for the mean of the three networks' probabilities
    mixed             (3,)     the same for the mean of one network's probabilities and those of the n-gram of order 6
    unit              (3,)     the unit that best tells, on the validation scenes, whether a stage direction is open
    unit_found        (3,)     how well (area under the ROC curve; 0.5 is chance)
    unit_confirmed    (3,)     how well the same unit does on the held-out scenes
    untrained_found, untrained_confirmed  (3,)  the same for the best unit of each network before its training
    held              (3, 3, 2)   `loose_ends` of generated texts, by seed: free, with the cell state of the unit held
                                  at its mean outside directions, and at its mean inside
    held_others       (3, 10, 2)  the same for ten other units, drawn at random: directions closed but never opened
                                  with the unit held inside, and directions never closed with it held outside
    network_*                  the parameters of the first seed's network, in half precision
"""

import functools
import re

import numpy as np
import torch

from ..baselines.ngram import NGram
from ..nets import LanguageModel, train
from ..scratch import schedules
from ..tasks import plays
from . import load

SETTINGS = {
    "embedding_size": 32,
    "hidden_size": 192,
    "forget_bias": 1.0,
    "lanes": 32,
    "piece": 64,
    "updates": 3000,
    "learning_rate": 0.008,
    "tried": [0.004, 0.008, 0.016],
    "reading_lanes": 40,
    "weights": [0.5, 1.0, 2.0, 4.0, 8.0],
    "texts": 48,
    "characters": 400,
    "seeds": [0, 1, 2],
}
PROMPT = "\n\n"


def start(hidden_size=SETTINGS["hidden_size"], seed=0):
    """An untrained `nets.LanguageModel` of the characters of the plays."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        symbols, size = len(plays.CHARACTERS), SETTINGS["embedding_size"]
        return LanguageModel(symbols, size, hidden_size, forget_bias=SETTINGS["forget_bias"])


def fit(model, ids, updates=SETTINGS["updates"], seed=0, progress=False, learning_rate=SETTINGS["learning_rate"]):
    """Train a language model on one text, given as numbers (T,), for more than 20 updates; returns the `History`."""
    N, piece = SETTINGS["lanes"], SETTINGS["piece"]
    ids = torch.as_tensor(np.roll(ids, int(np.random.default_rng(seed).integers(len(ids)))))
    lanes = ids[: len(ids) // N * N].view(N, -1)
    carried = {}

    def loss(model, t):
        if t == 0:
            carried.clear()  # the lanes begin again
        logits, (h, c) = model(lanes[:, t : t + piece], carried.get("state"))
        carried["state"] = h.detach(), c.detach()
        return torch.nn.functional.cross_entropy(logits.flatten(0, 1), lanes[:, t + 1 : t + piece + 1].flatten())

    begins = list(range(0, lanes.shape[1] - piece, piece))
    schedule = schedules.warmup(20, then=schedules.cosine(updates - 20, floor=0.02))
    return train(
        model, begins, loss, updates, learning_rate, seed=seed, schedule=schedule, progress=progress, device="cpu"
    )


def read(model, ids):
    """Read a text, cut into lanes that all begin with a state of zeros.

    Returns
    -------
    log_p : (T, K) tensor
        The logarithm of the probability of each symbol to come next, after each character.
    cells : (T, H) tensor
        The cell state after each character.
    """
    lanes = torch.as_tensor(ids).view(SETTINGS["reading_lanes"], -1)
    state, log_p, cells = None, [], []
    with torch.no_grad():
        for symbols in lanes.split(1, dim=1):
            logits, state = model.eval()(symbols, state)
            log_p.append(logits[:, 0].log_softmax(dim=1))
            cells.append(state[1][0])
    return torch.stack(log_p, dim=1).flatten(0, 1), torch.stack(cells, dim=1).flatten(0, 1)


def whole_lanes(text):
    """The text without its last characters, so that it can be cut into lanes."""
    return text[: len(text) // SETTINGS["reading_lanes"] * SETTINGS["reading_lanes"]]


def bits(log_p, ids):
    """Bits per character of predictions (T, K) for a text that was read in lanes."""
    lanes, T = SETTINGS["reading_lanes"], len(ids)
    following = torch.as_tensor(ids).view(lanes, -1)[:, 1:]
    p = log_p.view(lanes, T // lanes, -1)[:, :-1].gather(2, following[:, :, None])
    return -p.mean().item() / np.log(2)


def areas(values, inside):
    """The area under the ROC curve of each column of `values` (T, H), for telling where `inside` (T,) is true."""
    order = np.argsort(np.argsort(values, axis=0, kind="stable"), axis=0, kind="stable")
    n = inside.sum()
    return (order[inside].mean(axis=0) - (n - 1) / 2) / (len(inside) - n)


def best_unit(values, inside):
    """The column that tells best, in either direction, and its area."""
    found = areas(values, inside)
    unit = int(np.abs(found - 0.5).argmax())
    return unit, found[unit]


def generate(model, texts, characters, unit=None, value=0.0, seed=0):
    """Texts sampled at temperature 1, (texts, characters) of int; the cell state of `unit`, if any, is held at `value`.

    The state is changed before each step, so that the network reads it and may overwrite it.
    """
    generator = torch.Generator().manual_seed(seed)
    symbols, state, drawn = torch.as_tensor(plays.encode(PROMPT)).repeat(texts, 1), None, []
    with torch.no_grad():
        for _ in range(characters):
            logits, state = model.eval()(symbols, state)
            if unit is not None:
                state[1][0, :, unit] = value
            symbols = torch.multinomial(logits[:, -1].softmax(dim=1), 1, generator=generator)
            drawn.append(symbols)
    return torch.cat(drawn, dim=1).numpy()


def loose_ends(drawn):
    """How often a stage direction is closed that was never opened, and how often one is opened and never closed.

    An underscore opens a direction if a letter follows it; otherwise it closes one. A direction doesn't reach beyond
    its paragraph. The last paragraph of each text, which may be cut off, doesn't count.

    Parameters
    ----------
    drawn : (N, T) array of int

    Returns
    -------
    (2,) array
        Per 1,000 characters.

    Examples
    --------
    >>> text = "_Exit_ Ay, Lords_\\n\\n_Enter VIOLA\\n\\nNo"
    >>> loose_ends(plays.encode(text)[None]) * len(text[:-2]) / 1000
    array([1., 1.])
    """
    ends, characters = np.zeros(2), 0
    for row in drawn:
        for paragraph in plays.decode(row).split("\n\n")[:-1]:
            characters += len(paragraph) + 2
            inside = False
            for match in re.finditer(r"_(\w?)", paragraph):
                opens = bool(match[1])
                ends += [not opens and not inside, opens and inside]
                inside = opens
            ends[1] += inside
    return 1000 * ends / max(1, characters)


@functools.cache
def text():
    """The `plays.Parts`, in whole lanes."""
    parts = plays.load()
    return plays.Parts(parts.train, whole_lanes(parts.validation), whole_lanes(parts.held_out))


def network():
    """The trained network of the first seed, as it was stored."""
    stored, model = load("comedies"), start()
    model.load_state_dict({name: torch.tensor(stored[f"network_{name}"]).float() for name in model.state_dict()})
    return model.eval()


def make():
    """Train all models; returns the arrays and the settings."""
    arrays, counted = ngrams()
    held_out = plays.encode(text().held_out)
    rows, predictions = [], []
    for seed in SETTINGS["seeds"]:
        row, model, log_p = one_seed(seed)
        predictions.append(log_p.exp())
        mixed = (predictions[-1] + torch.cat([counted[1:], counted[:1]])[:, None]) / 2
        rows.append(row | {"mixed": bits(mixed.log(), held_out)})
        if seed == SETTINGS["seeds"][0]:
            arrays |= {f"network_{name}": weight.half().numpy() for name, weight in model.state_dict().items()}
    arrays |= {name: np.array([row[name] for row in rows]) for name in rows[0]}
    arrays["lstm_tried"] = np.array([tried(rate) for rate in SETTINGS["tried"]])
    arrays["lstm_together"] = np.array(bits(torch.stack(predictions).mean(dim=0).log(), held_out))
    return arrays | {"seeds": np.array(SETTINGS["seeds"])}, SETTINGS


def ngrams():
    """The arrays of the n-grams, and the probability (T,) that the longest gave to each held-out character."""
    train_text, validation, held_out = text()
    rows, taken, judged = [], [], []
    for order in range(1, 7):
        model, row = NGram(order, plays.CHARACTERS).fit([train_text]), []
        for model.weight in SETTINGS["weights"]:
            row.append(model.log_loss([validation]).bits)
        model.weight = SETTINGS["weights"][int(np.argmin(row))]
        rows.append(row)
        taken.append(model.weight)
        judged.append(model.log_loss([held_out]).bits)
    arrays = {"ngram_validation": np.array(rows), "ngram_weight": np.array(taken), "ngram_bits": np.array(judged)}
    return arrays, torch.tensor(model.of_each(held_out))


def tried(rate):
    """Bits per character of the first seed's network on the validation and the held-out scenes, at a learning rate."""
    ids, seed = plays.Parts(*map(plays.encode, text())), SETTINGS["seeds"][0]
    model = start(seed=seed)
    fit(model, ids.train, seed=seed, learning_rate=rate)
    return [bits(read(model, part)[0], part) for part in (ids.validation, ids.held_out)]


def one_seed(seed, updates=SETTINGS["updates"]):
    """One network: its row of the arrays, the network, and its predictions on the held-out scenes."""
    parts = text()
    ids = plays.Parts(*map(plays.encode, parts))
    inside = plays.Parts(*map(plays.in_direction, parts))
    model, row = start(seed=seed), {}
    for name in ("untrained", "unit"):
        if name == "unit":
            fit(model, ids.train, updates, seed)
        log_p_validation, found = read(model, ids.validation)
        log_p, confirmed = read(model, ids.held_out)
        unit, area = best_unit(found.numpy(), inside.validation)
        again = areas(confirmed.numpy()[:, [unit]], inside.held_out)[0]
        row |= {f"{name}_found": max(area, 1 - area), f"{name}_confirmed": again if area > 0.5 else 1 - again}
    row |= {"unit": unit, "lstm_validation": bits(log_p_validation, ids.validation)}
    row["lstm_bits"] = bits(log_p, ids.held_out)
    out, within = (found[inside.validation == flag].mean(dim=0) for flag in (False, True))

    def written(unit=None, at=out):
        value = 0.0 if unit is None else at[unit].item()
        return loose_ends(generate(model, SETTINGS["texts"], SETTINGS["characters"], unit, value, seed))

    row["held"] = [written(), written(unit), written(unit, within)]
    others = np.random.default_rng(seed).choice(np.delete(np.arange(len(out)), unit), 10, replace=False).tolist()
    row["held_others"] = [[written(k, within)[0], written(k)[1]] for k in others]
    return row, model, log_p
