"""Encoders and decoders with and without attention, trained on a few hundred pairs of `tasks.translation`.

Each entry of `RUNS` is one experiment: a task, a number of training pairs, one of `KINDS`, and what differs from
`BASE`. Every seed draws its own training pairs, initial weights and order of batches; the 1,000 held-out pairs are the
same for all. Batches hold sources of one length, so nothing is padded on that side.

    plain       the decoder starts from the encoder's last states and sees nothing else of the source
    attention   it also sees, at each step, a weighted mean of the encoder's outputs (Luong and others 2015)
    forward     plain, with an encoder that reads in one direction
    reversed    forward, with the source turned round (Sutskever and others 2014)
    embeddings  attention to the embeddings of the words, without an encoder
    positions   the same, with a learned vector for each place added to the embeddings
    blind       plain, but the decoder starts from zeros: it can only learn what translations look like

Arrays, for each run, with S seeds and N held-out pairs:

    NAME_exact      (S, N)  whether the greedy translation is right in every symbol
    NAME_train      (S,)    the share of 300 training pairs (or all) for which it is
    NAME_forced     (S,)    share of the symbols of held-out pairs, the end included, that are wrong after the true ones
    NAME_free       (S,)    edits for each symbol from the greedy translation to the true one
    NAME_after      (S, 2)  share of wrong symbols in the places after the first wrong one, after the network's own
                            symbols and after the true ones; only translations as long as the true one
    NAME_beam       (S, 4)  with a beam of `BEAM`: the share that is right; the share likelier than the greedy one; and
                            of the greedy and of the beam's wrong translations, the share less likely than the true one
    numbers_attention_hands  (S, 3)  see `by_hand`
    numbers_plain_tried      (3, 3)  the share of exact translations of 300 further pairs, by learning rate and seed
                                     (other seeds); also ``numbers_attention_tried`` and the same for ``dates``
    seeds           (10,)   where S is smaller, the first S of them

And for two rivals that are no networks, with settings chosen on 300 further pairs, the share of exact translations:

    examples_500     (S,)    `baselines.ExampleBased`, with so many training pairs
    date_regression  (S,)    a logistic regression for each digit of an ISO date, on the groups of letters in the text
"""

import numpy as np
import torch
from torch import nn

from ..baselines import ExampleBased
from ..nets import beam_search, initialise, train
from ..scratch import schedules
from ..tasks import translation as task

BASE = {
    "embedding_size": 32,
    "hidden_size": 64,
    "forget_bias": 1.0,
    "updates": 800,
    "batch": 32,
    "learning_rate": 0.01,
    "seeds": list(range(5)),
}
KINDS = ("plain", "attention", "forward", "reversed", "embeddings", "positions", "blind")
TEN, THREE = {"seeds": list(range(10))}, {"seeds": list(range(3))}
RUNS = {
    "numbers_attention": ("numbers", 500, "attention", TEN),
    "numbers_plain": ("numbers", 500, "plain", TEN),
    "dates_attention": ("dates", 1000, "attention", {}),
    "dates_plain": ("dates", 1000, "plain", {}),
    "numbers_embeddings": ("numbers", 500, "embeddings", {}),
    "numbers_positions": ("numbers", 500, "positions", {}),
    "numbers_blind": ("numbers", 500, "blind", THREE),
    "dates_blind": ("dates", 1000, "blind", THREE),
    "numbers_forward": ("numbers", 500, "forward", {}),
    "numbers_reversed": ("numbers", 500, "reversed", {}),
    **{
        f"numbers_{kind}_{pairs}": ("numbers", pairs, kind, THREE)
        for pairs in (125, 250, 1000, 2000)
        for kind in ("attention", "plain")
    },
    "numbers_longer": ("numbers", 500, "plain", THREE | {"updates": 2400}),
    "numbers_wide": ("numbers", 500, "plain", THREE | {"hidden_size": 128}),
    "dates_longer": ("dates", 1000, "plain", THREE | {"updates": 2400}),
    "new_place_attention": ("new_place", 500, "attention", THREE),
    "new_place_plain": ("new_place", 500, "plain", THREE),
}
TUNED = ("numbers_plain", "numbers_attention", "dates_plain", "dates_attention")
HELD_OUT, POOL, BEAM = 1000, 3000, 4
RIVALS = {
    "pairs": [125, 250, 500, 1000, 2000],
    "seeds": list(range(5)),
    "validation": 300,
    "diagonals": [0.0, 2.0, 4.0, 8.0],
    "letters": [3, 5],  # the largest group
    "strengths": [1.0, 10.0],  # scikit-learn's C
}
SETTINGS = {
    "base": BASE,
    "runs": {name: [*run[:3], run[3]] for name, run in RUNS.items()},
    "held_out": HELD_OUT,
    "pool": POOL,
    "beam": BEAM,
    "rivals": RIVALS,
    "tried": [0.003, 0.01, 0.03],
    "validation_seeds": [100, 101, 102],
    "seeds": list(range(10)),
}


class Model(nn.Module):
    """An encoder and a decoder, of one of `KINDS`; S and K are the numbers of source and target symbols."""

    def __init__(self, kind, S, K, E, H):
        super().__init__()
        self.kind, both = kind, kind not in ("forward", "reversed")
        self.read, self.write = nn.Embedding(S, E), nn.Embedding(K, E)
        self.encoder = nn.LSTM(E, H // (1 + both), batch_first=True, bidirectional=both)
        self.decoder = nn.LSTM(E, H, batch_first=True)
        if kind in ("attention", "embeddings", "positions"):
            M = H if kind == "attention" else E  # the size of what is attended to
            self.score = nn.Linear(M, H, bias=False)
            self.output = nn.Linear(H + M, K)
        else:
            self.output = nn.Linear(H, K)
        if kind == "positions":
            self.place = nn.Embedding(64, E)

    def encode(self, x):
        """The memory (N, T, M) of sources x (N, T), and the decoder's initial state."""
        if self.kind == "reversed":
            x = x.flip(1)
        words, N = self.read(x), len(x)
        if self.kind == "positions":
            words = words + self.place(torch.arange(x.shape[1]))
        memory, (h, c) = self.encoder(words)
        state = h.transpose(0, 1).reshape(1, N, -1), c.transpose(0, 1).reshape(1, N, -1)
        if self.kind in ("embeddings", "positions", "blind"):
            memory, state = words, tuple(torch.zeros_like(part) for part in state)
        return memory, state

    def decode(self, y, memory, state, weights=None):
        """Logits (N, U, K) after the symbols y (N, U), the next state, and the attention weights (N, U, T).

        If `weights` are given, they take the place of the network's own.
        """
        d, state = self.decoder(self.write(y), state)
        if not hasattr(self, "score"):
            return self.output(d), state, None
        if weights is None:
            weights = (d @ self.score(memory).transpose(1, 2)).softmax(dim=2)
        return self.output(torch.cat([d, weights @ memory], dim=2)), state, weights

    def forward(self, x, y):
        return self.decode(y, *self.encode(x))[0]


def data(name, pairs, seed, further=0):
    """Training pairs, held-out pairs, and the `task.Symbols` of both sides; `further` pairs in place of held-out ones.

    The further pairs are neither trained on nor held out, so settings may be chosen on them.
    """
    if name == "new_place":  # trained with at most one word before "thousand", and judged with several
        whole = task.numbers(HELD_OUT + POOL)
        several = np.array(["thousand" in words[2:] for words in whole.sources])
        held, rest = np.flatnonzero(several)[:HELD_OUT], np.flatnonzero(~several)
    else:
        whole = getattr(task, name)(HELD_OUT + POOL)
        held, rest = list(range(HELD_OUT)), list(range(HELD_OUT, HELD_OUT + POOL))
    order = np.random.default_rng(seed).permutation(rest)
    drawn, held = order[:pairs], order[pairs : pairs + further] if further else held
    symbols = task.Symbols(whole.sources), task.Symbols(whole.targets)
    return cut(whole, drawn), cut(whole, held), symbols


def cut(pairs, rows):
    """Some rows of pairs."""
    return task.Pairs(tuple(pairs.sources[k] for k in rows), tuple(pairs.targets[k] for k in rows))


def by_length(sources):
    """The rows of sources that are equally long, one list for each length."""
    rows = {}
    for k, source in enumerate(sources):
        rows.setdefault(len(source), []).append(k)
    return list(rows.values())


def tensors(pairs, symbols):
    """Sources (N, T), which must be equally long, and targets (N, U) with start and end, padded with 0."""
    source, target = symbols
    y = [torch.tensor([task.START, *target.encode(each), task.END]) for each in pairs.targets]
    x = torch.tensor([source.encode(each) for each in pairs.sources])
    return x, nn.utils.rnn.pad_sequence(y, batch_first=True)


def batches(pairs, symbols, size, updates, seed):
    """A list of `updates` batches, as from `tensors`, each of one length of the source."""
    rng, made = np.random.default_rng(1000 + seed), []
    whole = [tensors(cut(pairs, rows), symbols) for rows in by_length(pairs.sources)]
    while len(made) < updates:
        pieces = []
        for x, y in whole:
            order = torch.tensor(rng.permutation(len(x)))
            pieces += [(x[rows], y[rows]) for rows in order.split(size)]
        made += [pieces[k] for k in rng.permutation(len(pieces))]
    return made[:updates]


def loss(model, batch):
    """Teacher forcing: the mean cross-entropy of each symbol after the true ones."""
    x, y = batch
    logits = model(x, y[:, :-1])
    return nn.functional.cross_entropy(logits.flatten(0, 1), y[:, 1:].flatten(), ignore_index=task.PAD)


def fit(model, pairs, symbols, seed=0, progress=False, **changes):
    """Train a model, whose forget biases are set first, with the settings of `BASE`; returns the history."""
    setting = BASE | changes
    for layer in (model.encoder, model.decoder):
        initialise.forget_bias(layer, setting["forget_bias"])
    updates = setting["updates"]
    schedule = schedules.warmup(20, then=schedules.cosine(updates - 20, floor=0.05))
    made = batches(pairs, symbols, setting["batch"], updates, seed)
    rate = setting["learning_rate"]
    return train(model, made, loss, updates, rate, seed=seed, progress=progress, schedule=schedule, device="cpu")


@torch.no_grad()
def translate(model, sources, symbols, longest, beam=1):
    """The likeliest translations that a beam search finds, and their log probabilities.

    Returns
    -------
    translations : list of tuple of str
    log_p : (N,) array
        In nats, of the symbols and the end.
    """
    words, scores = [()] * len(sources), np.zeros(len(sources))
    for rows in by_length(sources):
        x = torch.tensor([symbols[0].encode(sources[k]) for k in rows])
        y, log_p = search(model, x, longest, beam)
        for k, numbers, score in zip(rows, y.tolist(), log_p.tolist(), strict=True):
            words[k], scores[k] = symbols[1].decode(numbers), score
    return words, scores


def search(model, x, longest, B):
    """The best of B beginnings for each source of x (N, T): symbols (N, U) and log probabilities (N,)."""
    memory, state = model.encode(x)
    memory = memory.repeat_interleave(B, 0)

    def step(symbols, state):
        logits, state, _ = model.decode(symbols[:, None], memory, state)
        return logits[:, 0].log_softmax(1), state

    state = [part.repeat_interleave(B, 1) for part in state]
    return beam_search(step, state, len(x), B, task.START, task.END, longest)[:2]


@torch.no_grad()
def forced(model, pairs, symbols):
    """After the true symbols: for each pair whether each symbol is wrong (arrays), and the log probability (N,)."""
    wrong, log_p = [None] * len(pairs.sources), np.zeros(len(pairs.sources))
    for rows in by_length(pairs.sources):
        x, y = tensors(cut(pairs, rows), symbols)
        scores = model(x, y[:, :-1]).log_softmax(2)
        each = scores.gather(2, y[:, 1:, None])[:, :, 0] * (y[:, 1:] != task.PAD)
        missed = (scores.argmax(2) != y[:, 1:]).numpy()
        for n, k in enumerate(rows):
            wrong[k], log_p[k] = missed[n, : len(pairs.targets[k]) + 1], each[n].sum()
    return wrong, log_p


def edits(a, b):
    """The smallest number of symbols to insert, delete or replace that turns a into b (Levenshtein)."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def judge(model, pairs, symbols):
    """The measures of one trained model on held-out pairs, by the names in the module's description."""
    longest = max(map(len, pairs.targets)) + 2
    own, own_p = translate(model, pairs.sources, symbols, longest)
    best, best_p = translate(model, pairs.sources, symbols, longest, BEAM)
    missed, true_p = forced(model, pairs, symbols)
    right, best_right = (np.array([a == b for a, b in zip(each, pairs.targets, strict=True)]) for each in (own, best))
    after = []
    for a, b, after_true in zip(own, pairs.targets, missed, strict=True):
        if a != b and len(a) == len(b):
            wrong = np.array([u != v for u, v in zip(a, b, strict=True)])
            after += zip(wrong[wrong.argmax() + 1 :], after_true[wrong.argmax() + 1 :], strict=False)
    distance = sum(edits(a, b) for a, b in zip(own, pairs.targets, strict=True))
    lost = [
        (true_p > p + 1e-4)[~ok].mean() if not ok.all() else 0.0 for p, ok in ((own_p, right), (best_p, best_right))
    ]
    return {
        "exact": right,
        "forced": np.concatenate(missed).mean(),
        "free": distance / sum(len(target) + 1 for target in pairs.targets),
        "after": np.mean(after, axis=0) if after else np.zeros(2),
        "beam": np.array([best_right.mean(), (best_p > own_p + 1e-4).mean(), *lost]),
    }


def counterparts():
    """The English word of each German one, for all but "und"; "ein" and "eins" are both one."""
    words = {task.german(k)[-1]: task.english(k)[-1] for k in (*range(1, 20), *range(20, 100, 10), 100, 1000)}
    return words | {"ein": "one"}


@torch.no_grad()
def by_hand(model, pairs, symbols):
    """What the attention of a trained model does, on right translations of numbers.

    Returns
    -------
    (3,) array
        The share of German words (without "und") for which the largest weight lies on the English word that it
        translates; the share of cases in which the next word follows when all the weight is moved by hand from one
        digit to another; and the share of exact translations with the same weight on all words.
    """
    meaning, follow, looked, even = counterparts(), [], [], []
    digits = {task.english(k)[0]: k for k in range(2, 10)}
    for source, target in zip(*pairs, strict=True):
        x, y = tensors(task.Pairs((source,), (target,)), symbols)
        memory, state = model.encode(x)
        logits, _, weights = model.decode(y[:, :-1], memory, state)
        flat = torch.full_like(weights, 1 / len(source))
        even.append(bool((model.decode(y[:, :-1], memory, state, flat)[0].argmax(2) == y[:, 1:]).all()))
        if not (logits.argmax(2) == y[:, 1:]).all():
            continue
        top = weights[0].argmax(1).tolist()
        looked += [source[top[t]] == meaning[word] for t, word in enumerate(target) if word != "und"]
        for t, word in enumerate(target):
            others = [k for k, other in enumerate(source) if other in digits and other != meaning.get(word)]
            if meaning.get(word) in digits and others:
                moved = weights.clone()
                moved[0, t] = nn.functional.one_hot(torch.tensor(others[0]), len(source))
                answer = symbols[1].names[model.decode(y[:, :-1], memory, state, moved)[0][0, t].argmax()]
                follow.append(meaning.get(answer) == source[others[0]])
    return np.array([np.mean(looked), np.mean(follow), np.mean(even)])


def start(kind, symbols, setting, seed):
    """An untrained model."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return Model(kind, *map(len, symbols), setting["embedding_size"], setting["hidden_size"])


def run(name, seed):
    """One trained and judged model: a dictionary of its measures."""
    which, pairs, kind, changes = RUNS[name]
    train_pairs, held, symbols = data(which, pairs, seed)
    setting = BASE | changes
    model = start(kind, symbols, setting, seed)
    fit(model, train_pairs, symbols, seed, **changes)
    measures = judge(model.eval(), held, symbols)
    some = cut(train_pairs, range(min(300, pairs)))
    words, _ = translate(model, some.sources, symbols, max(map(len, some.targets)) + 2)
    measures["train"] = share(words, some)
    if name == "numbers_attention":
        measures["hands"] = by_hand(model, held, symbols)
    return measures


def tried(name):
    """The share of exact translations of further pairs, by learning rate and seed, for the settings of a run."""
    (which, pairs, kind, _), shares = RUNS[name], []
    for rate in SETTINGS["tried"]:
        for seed in SETTINGS["validation_seeds"]:
            train_pairs, validation, symbols = data(which, pairs, seed, RIVALS["validation"])
            model = start(kind, symbols, BASE, seed)
            fit(model, train_pairs, symbols, seed, learning_rate=rate)
            words, _ = translate(model.eval(), validation.sources, symbols, max(map(len, validation.targets)) + 2)
            shares.append(share(words, validation))
    return np.reshape(shares, (len(SETTINGS["tried"]), -1))


def share(translations, pairs):
    """The share of translations that are right in every symbol."""
    return np.mean([a == b for a, b in zip(translations, pairs.targets, strict=True)])


def examples(pairs, seed):
    """`ExampleBased` on numbers: its share of exact held-out translations."""
    train_pairs, validation, _ = data("numbers", pairs, seed, RIVALS["validation"])
    models = [ExampleBased(*train_pairs, diagonal=diagonal) for diagonal in RIVALS["diagonals"]]
    best = max(models, key=lambda model: share(map(model.translate, validation.sources), validation))
    held = data("numbers", pairs, seed)[1]
    return share(map(best.translate, held.sources), held)


def date_regression(seed):
    """A logistic regression for each place of a date: its share of exact held-out dates."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    train_pairs, validation, _ = data("dates", 1000, seed, RIVALS["validation"])
    texts, parts = ["".join(each) for each in train_pairs.sources], (validation, data("dates", 1000, seed)[1])
    tried = []
    for longest in RIVALS["letters"]:
        count = CountVectorizer(analyzer="char_wb", ngram_range=(1, longest), binary=True).fit(texts)
        inputs = [count.transform(["".join(each) for each in part.sources]) for part in parts]
        for C in RIVALS["strengths"]:
            answers = [[], []]
            for column in zip(*train_pairs.targets, strict=True):
                if len(set(column)) == 1:  # a hyphen
                    for each, x in zip(answers, inputs, strict=True):
                        each.append([column[0]] * x.shape[0])
                    continue
                model = LogisticRegression(C=C, max_iter=300).fit(count.transform(texts), column)
                for each, x in zip(answers, inputs, strict=True):
                    each.append(model.predict(x))
            tried.append([share(zip(*each, strict=True), part) for each, part in zip(answers, parts, strict=True)])
    return max(tried)[1]


def rivals():
    """The arrays of both rivals."""
    arrays = {f"examples_{n}": np.array([examples(n, seed) for seed in RIVALS["seeds"]]) for n in RIVALS["pairs"]}
    return arrays | {"date_regression": np.array([date_regression(seed) for seed in RIVALS["seeds"]])}


def make(report=lambda *_: None):
    """All runs: arrays and settings."""
    torch.set_num_threads(1)
    arrays = {}
    for name, (*_, changes) in RUNS.items():
        each = [run(name, seed) for seed in (BASE | changes)["seeds"]]
        for measure in each[0]:
            arrays[f"{name}_{measure}"] = np.array([measures[measure] for measures in each])
        report(name, arrays)
    arrays |= {f"{name}_tried": tried(name) for name in TUNED}
    return arrays | rivals() | {"seeds": np.array(SETTINGS["seeds"])}, SETTINGS
