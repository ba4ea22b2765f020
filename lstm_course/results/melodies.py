"""The next note of a folk song: n-grams, LSTMs, and both with a memory of the present tune.

Songs that share a title or an opening stay on one side of the split, see `tasks.melodies.parts`. A note is one
symbol: a pair of pitch and length. Every setting is chosen on the validation songs, and the models are judged on the
held-out songs in bits per note, the end of a tune included. An n-gram's prediction is a mixture of an n-gram of notes
with the product of an n-gram of pitches and one of lengths. A memory (`baselines.memory`) is mixed in with weights
that depend on its match.

Arrays:

    ngram_tried    (3, 4, 3)  bits per symbol on validation songs: notes, pitches and lengths, by order and weight
    ngram_taken    (3, 2)     the order and the weight that were taken
    ngram_orders   (6,)       bits per note of n-grams of notes alone, order 1 to 6, on held-out songs
    memory_tried   (3, 3)     bits per note of the n-grams' mixture with it on validation songs, by order and weight
    lstm_tried     (3,)       bits per note of the first seed on validation songs, by learning rate, of which the best
                              is taken
    ngram, ngram_memory       (n,)      bits of each held-out song, by n-grams, and with the memory
    lstm, lstm_memory         (10, n)   the same for LSTMs, by seed
    together, together_memory (n,)      for the mean of the ten networks' probabilities
    notes          (n,)       symbols of each held-out song, with its end
    shares         (6, 2)     the memory's share by its match, in the mixture with the n-gram, and with the first LSTM
    habits         (4, 5)     `habits` of 200 held-out songs: as they are; continued after ten notes by the first LSTM;
                              by the same with a memory; by the n-gram of notes
    leak           (2,)       share of the held-out songs' windows of 12 notes that occur in training songs, if songs
                              are drawn one by one, and as here
    network_*                 the parameters of the first seed's network, in half precision
"""

import functools

import numpy as np
import torch
from torch import nn

from ..baselines.memory import Memory, Mixture, remembered
from ..baselines.ngram import NGram
from ..nets import train
from ..scratch import schedules
from ..tasks import melodies
from . import load

SETTINGS = {
    "pitch_size": 32,
    "length_size": 16,
    "hidden_size": 128,
    "dropout": 0.3,
    "batch_size": 24,
    "updates": 1200,
    "rates": [0.008, 0.016, 0.03],
    "orders": [6, 8, 12, 20],
    "weights": [8.0, 16.0, 32.0],
    "memory_orders": [4, 6, 8],
    "memory_weights": [0.25, 0.5, 1.0],
    "memory": {"order": 6, "weight": 0.25},
    "opening": 10,
    "continued": 200,
    "seeds": list(range(10)),
}


class Composer(nn.Module):
    """Notes (N, T) of int to logits (N, T, K) of the next one. It reads a pitch and a length, and predicts the pair."""

    def __init__(self, pairs, hidden_size=SETTINGS["hidden_size"]):
        super().__init__()
        pitches, lengths = columns(pairs)
        self.register_buffer("pitch", torch.tensor(pitches), persistent=False)
        self.register_buffer("length", torch.tensor(lengths), persistent=False)
        self.read_pitch = nn.Embedding(max(pitches) + 1, SETTINGS["pitch_size"])
        self.read_length = nn.Embedding(max(lengths) + 1, SETTINGS["length_size"])
        self.lstm = nn.LSTM(SETTINGS["pitch_size"] + SETTINGS["length_size"], hidden_size, batch_first=True)
        self.dropout = nn.Dropout(SETTINGS["dropout"])
        self.output = nn.Linear(hidden_size, len(pairs))

    def forward(self, x, state=None):
        note = torch.cat([self.read_pitch(self.pitch[x]), self.read_length(self.length[x])], dim=2)
        h, state = self.lstm(note, state)
        return self.output(self.dropout(h)), state


def columns(pairs):
    """For each pair the number of its pitch and of its length; the end is 0 in both."""
    pitches = sorted({pair[0] for pair in pairs[1:] if pair[0] is not None})
    lengths = sorted({pair[1] for pair in pairs[1:]})
    pitch = [0] + [1 if pair[0] is None else 2 + pitches.index(pair[0]) for pair in pairs[1:]]
    return pitch, [0] + [1 + lengths.index(pair[1]) for pair in pairs[1:]]


@functools.cache
def data():
    """The `melodies.Notes`, and the training, validation and held-out songs as lists of numbers between two ENDs."""
    parts = melodies.parts(melodies.songs())
    notes = melodies.Notes(parts[0])
    return notes, *([[melodies.END, *notes.encode(tune.notes), melodies.END] for tune in part] for part in parts)


def padded(tunes):
    """(N, T) tensor of int, with -1 after the end of each."""
    return nn.utils.rnn.pad_sequence([torch.tensor(tune) for tune in tunes], batch_first=True, padding_value=-1)


def fit(tunes, pairs, seed, updates=SETTINGS["updates"], learning_rate=0.016, progress=False):
    """A trained `Composer`; `tunes` as in `data`."""
    torch.manual_seed(seed)
    model, rng = Composer(pairs), np.random.default_rng(seed)
    with torch.no_grad():
        model.lstm.bias_ih_l0[model.lstm.hidden_size : 2 * model.lstm.hidden_size] += 1
    in_order = sorted(tunes, key=len)
    groups = [padded(in_order[k : k + SETTINGS["batch_size"]]) for k in range(0, len(in_order), SETTINGS["batch_size"])]

    def batches():
        for k in range(updates):
            if k % len(groups) == 0:
                rng.shuffle(groups)
            yield groups[k % len(groups)]

    def loss(model, x):
        logits, _ = model(x[:, :-1].clamp(min=0))
        return nn.functional.cross_entropy(logits.flatten(0, 1), x[:, 1:].flatten(), ignore_index=-1)

    schedule = schedules.warmup(20, then=schedules.cosine(max(1, updates - 20), floor=0.02))
    train(model, batches(), loss, updates, learning_rate, seed=seed, schedule=schedule, progress=progress, device="cpu")
    return model.eval()


@torch.no_grad()
def of_each(model, tunes):
    """The probability that a network gives to each symbol after the first of each tune, all tunes in a row: (n,)."""
    p = []
    for k in range(0, len(tunes), 100):
        x = padded(tunes[k : k + 100])
        chosen = model(x[:, :-1].clamp(min=0))[0].softmax(dim=2).gather(2, x[:, 1:, None].clamp(min=0))[:, :, 0]
        p.append(chosen[x[:, 1:] >= 0])
    return torch.cat(p).double().numpy()


def memories(tunes, symbols, **settings):
    """What `remembered` gives for all tunes in a row: p (n,) and match (n,)."""
    rows = [remembered(tune, symbols=symbols, **(SETTINGS["memory"] | settings)) for tune in tunes]
    return tuple(np.concatenate(part) for part in zip(*rows, strict=True))


def by_song(p, tunes):
    """Bits of each song from the probabilities of all their symbols in a row."""
    ends = np.cumsum([len(tune) - 1 for tune in tunes])[:-1]
    return np.array([-np.log2(part).sum() for part in np.split(p, ends)])


def bits(p):
    return -np.log2(p).mean()


def ngrams():
    """The arrays of the n-grams; p of their mixture on validation and held-out songs; and the n-gram of notes."""
    notes, *parts = data()
    pitch, length = columns(notes.pairs)
    tables = np.arange(len(notes)), np.array(pitch), np.array(length)
    tried, taken, columns_of_p, orders = [], [], [], []
    for table in tables:
        read = [[table[tune].tolist() for tune in part] for part in parts]
        rows, best = [], (np.inf,)
        for order in SETTINGS["orders"]:
            model, row = NGram(order, list(range(int(table.max()) + 1))).fit(read[0]), []
            for model.weight in SETTINGS["weights"]:
                p = np.concatenate([model.of_each(tune)[1:] for tune in read[1]])
                row.append(bits(p))
                best = min(best, (row[-1], order, model.weight))
            rows.append(row)
        model = NGram(best[1], list(range(int(table.max()) + 1)), best[2]).fit(read[0])
        columns_of_p.append([np.concatenate([model.of_each(tune)[1:] for tune in part]) for part in read[1:]])
        tried.append(rows)
        taken.append(best[1:])
    for order in range(1, 7):
        model = NGram(order, list(range(len(notes)))).fit(parts[0])
        rows = []
        for model.weight in (1.0, 4.0, *SETTINGS["weights"]):
            rows.append((bits(np.concatenate([model.of_each(tune)[1:] for tune in parts[1][:150]])), model.weight))
        model.weight = min(rows)[1]
        orders.append(bits(np.concatenate([model.of_each(tune)[1:] for tune in parts[2]])))
    both = [np.stack([note, one * other], axis=1) for note, one, other in zip(*columns_of_p, strict=True)]
    mixture = Mixture().fit(both[0], np.zeros(len(both[0]), int))
    p = [mixture.mix(each, np.zeros(len(each), int)) for each in both]
    return {"ngram_tried": np.array(tried), "ngram_taken": np.array(taken), "ngram_orders": np.array(orders)}, p, model


@torch.no_grad()
def carry_on(model, opening, generator, memory=None, most=melodies.LONGEST):
    """Continue a tune, note by note, until its end.

    Parameters
    ----------
    model : Composer
    opening : list of int
        Without an END.
    generator : torch.Generator
    memory : Mixture, optional
        With it, a memory of this tune is mixed in.
    most : int
        Notes, the opening included.

    Returns
    -------
    list of int
        With the opening, without an END.
    """
    tune, state, following = [melodies.END, *opening], None, torch.tensor([[melodies.END, *opening]])
    remembering = Memory(len(model.pitch), **SETTINGS["memory"]).read(tune)
    while len(tune) <= most:
        logits, state = model(following, state)
        p = logits[0, -1].double().softmax(dim=0)
        if memory is not None:
            share = memory.weights[min(remembering.match, len(memory.weights) - 1)]
            p = share[0] * p + share[1] * torch.tensor(remembering.probabilities())
        following = torch.multinomial(p, 1, generator=generator)[None]
        if following.item() == melodies.END:
            break
        tune.append(following.item())
        remembering.read(tune[-1:])
    return tune[1:]


def carry_on_by_counts(model, opening, rng, most=melodies.LONGEST):
    """The same for an n-gram of notes, with a NumPy generator."""
    tune = [melodies.END, *opening]
    while len(tune) <= most:
        tune.append(int(rng.choice(len(model.alphabet), p=model.probabilities(tune[-model.order :]))))
        if tune[-1] == melodies.END:
            return tune[1:-1]
    return tune[1:]


def habits(tunes, metres, opening=SETTINGS["opening"]):
    """What a listener would notice in tunes, which are lists of notes: (5,) means.

    Among the tunes that end by themselves (with fewer notes than `melodies.LONGEST`), the share that ends on the tonic
    and the share that lasts a whole number of beats (a quarter, or three eighths if the metre is 3/8, 6/8 or 9/8).
    Then the share of the windows of 8 notes after the opening that occurred before in the same tune, without overlap.
    Last, how many notes a tune has, and whether it ends by itself.
    """
    rows = []
    for tune, metre in zip(tunes, metres, strict=True):
        beats = sum(quarters for _, quarters in tune) / (1.5 if metre in ("3/8", "6/8", "9/8") else 1)
        windows = [tuple(tune[k : k + 8]) for k in range(len(tune) - 7)]
        again = [windows[k] in windows[: max(0, k - 7)] for k in range(opening, len(windows))]
        ended = len(tune) < melodies.LONGEST
        tonic, whole = tune[-1][0] is not None and tune[-1][0] % 12 == 0, abs(beats - round(beats)) < 1e-6
        ends = [tonic, whole] if ended else [np.nan] * 2
        rows.append([*ends, np.mean(again) if again else np.nan, len(tune), ended])
    return np.nanmean(np.array(rows, float), axis=0)


def leak(parts, length=12):
    """The share of the held-out songs' windows of `length` notes that also occur in training songs."""

    def windows(part):
        return [tune.notes[k : k + length] for tune in part for k in range(len(tune.notes) - length + 1)]

    known = set(windows(parts[0]))
    return np.mean([each in known for each in windows(parts[2])])


def network():
    """The trained network of the first seed, as it was stored."""
    stored, model = load("melodies"), Composer(data()[0].pairs)
    model.load_state_dict({name: torch.tensor(stored[f"network_{name}"]).float() for name in model.state_dict()})
    return model.eval()


def make():
    """Count and train all models; returns the arrays and the settings."""
    notes, train_part, validation, held_out = data()
    arrays, counted, gram = ngrams()
    symbols = len(notes)
    tried = [
        [
            bits(Mixture().fit(np.stack([counted[0], p], axis=1), match).mix(np.stack([counted[0], p], axis=1), match))
            for p, match in (memories(validation, symbols, order=order, weight=w) for w in SETTINGS["memory_weights"])
        ]
        for order in SETTINGS["memory_orders"]
    ]
    own = memories(validation, symbols), memories(held_out, symbols)

    def remembering(p):
        """A mixture with the memory, fitted on the validation songs, and its p of the held-out songs."""
        both = [np.stack([each, mine], axis=1) for each, (mine, _) in zip(p, own, strict=True)]
        mixture = Mixture().fit(both[0], own[0][1])
        return mixture, mixture.mix(both[1], own[1][1])

    mixture, p = remembering(counted)
    arrays |= {"memory_tried": np.array(tried), "ngram": by_song(counted[1], held_out)}
    arrays |= {"ngram_memory": by_song(p, held_out), "notes": np.array([len(tune) - 1 for tune in held_out])}
    shares, alone, together, chances = [mixture.weights[:, 1]], [], [], []
    models = [fit(train_part, notes.pairs, SETTINGS["seeds"][0], learning_rate=rate) for rate in SETTINGS["rates"]]
    arrays["lstm_tried"] = np.array([bits(of_each(model, validation)) for model in models])
    best = int(arrays["lstm_tried"].argmin())
    print(arrays["lstm_tried"], bits(counted[1]), bits(p), flush=True)
    for seed in SETTINGS["seeds"]:
        model = models[best] if not alone else fit(train_part, notes.pairs, seed, learning_rate=SETTINGS["rates"][best])
        chances.append([of_each(model, part) for part in (validation, held_out)])
        mixture, p = remembering(chances[-1])
        alone.append(by_song(chances[-1][1], held_out))
        together.append(by_song(p, held_out))
        print(seed, bits(chances[-1][1]), bits(p), flush=True)
        if seed == SETTINGS["seeds"][0]:
            shares.append(mixture.weights[:, 1])
            arrays |= {f"network_{name}": weight.half().numpy() for name, weight in model.state_dict().items()}
            arrays["habits"] = continued(model, mixture, gram)
    mean = [np.mean(part, axis=0) for part in zip(*chances, strict=True)]
    arrays |= {"lstm": np.array(alone), "lstm_memory": np.array(together), "together": by_song(mean[1], held_out)}
    arrays |= {"together_memory": by_song(remembering(mean)[1], held_out), "shares": np.stack(shares, axis=1)}
    songs = melodies.songs()
    arrays["leak"] = np.array([leak(melodies.parts(songs, related=related)) for related in (False, True)])
    return arrays | {"seeds": np.array(SETTINGS["seeds"])}, SETTINGS


def continued(model, mixture, gram):
    """The `habits` of held-out songs, and of three models' continuations of their first notes."""
    notes, *_, held_out = data()
    songs, opening = melodies.parts(melodies.songs())[2], SETTINGS["opening"]
    chosen = [k for k, tune in enumerate(held_out) if len(tune) > 24][: SETTINGS["continued"]]
    metres, tunes = [songs[k].metre for k in chosen], [held_out[k][1:-1] for k in chosen]
    generator, rng = torch.Generator().manual_seed(0), np.random.default_rng(0)
    made = [tunes, [carry_on(model, tune[:opening], generator) for tune in tunes]]
    made.append([carry_on(model, tune[:opening], generator, mixture) for tune in tunes])
    made.append([carry_on_by_counts(gram, tune[:opening], rng) for tune in tunes])
    return np.array([habits([notes.decode(tune) for tune in some], metres) for some in made])
