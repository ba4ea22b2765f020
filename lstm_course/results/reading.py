"""Reading networks: a count that a probe finds, and attention that can be shuffled; ten seeds.

**Counting.** A network of 32 LSTM units learns to continue texts such as ``(x(y)((x|))).``: brackets open and close
among two letters, a bar follows, then as many closing brackets as are open, and a full stop. Nobody tells it the number
of open brackets (the *depth*). A linear probe reads the depth from the cell state, and the state is then moved.

**Neighbours.** A transformer block of width 40, without positions, learns `tasks.associative_recall`: once from the
symbols, and once with the symbol of the step before beside each of them.

**Attention.** A bidirectional LSTM of 16 units each way reads messages of `tasks.opinions`; attention weighs its
outputs, and a linear layer names the class. A second network is trained with equal weights. In the first, the weights
of each message are shuffled after the training, or all weight is put on the word that had the least.

Arrays:

    probe      (10, 4)      R^2 of the depth on new texts, read from the trained network, from an untrained one, from
                            the last 8 symbols, and from the trained network after the depths were shuffled
    letter     (10, 2)      share of positions at which a probe names the last letter: trained, untrained
    right      (10,)        share of new texts that the network closes rightly
    step       (10, 3)      share of them in which it closes exactly one more bracket, after the state before the bar
                            was moved along the probe by a reading of 1; by the difference of mean states; along the
                            probe, as far as that difference
    random     (10, 2)      for ten random directions, as far: share of texts with one more, and with no change
    swapped    (10,)        share without a change, after the mean states of the two letters were exchanged
    neighbour  (10, 2)      share of values that the block names rightly: with the symbol before, without it
    attention, even  (10, 3)  share of new messages named rightly, for each of ``kinds``; `even` has equal weights
    shuffled, least  (10, 3)  share of the answers of `attention` that change when its weights are shuffled, or all put
                              on the word with the least
    seeds      (10,)
"""

import numpy as np
import torch
from torch import nn

from ..nets import beyond, initialise, train
from ..scratch import schedules
from ..tasks import associative_recall, labelled_text, opinions

SYMBOLS = "()xy|."
SETTINGS = {
    "units": 32,
    "longest": 30,
    "deepest": 6,
    "texts": 3000,
    "updates": 400,
    "learning_rate": 0.015,
    "new": 400,
    "directions": 10,
    "recall_updates": 200,
    "recall_rate": 0.01,
    "kinds": ["plain", "negated", "turned"],
    "messages": 1500,
    "message_updates": 500,
    "message_rate": 0.01,
    "seeds": list(range(10)),
}


def encode(text):
    """The symbols of a text (T,), as their places in `SYMBOLS`; other characters are left out."""
    return np.array([SYMBOLS.index(letter) for letter in text if letter in SYMBOLS], dtype=int)


def texts(count, seed):
    """Random texts (N, T), padded with full stops, the depth after each symbol (N, T), and where the bar is (N,)."""
    rng, N, longest, deepest = np.random.default_rng(seed), count, SETTINGS["longest"], SETTINGS["deepest"]
    bar = rng.integers(5, longest + 1, N)
    x = np.full((N, longest + deepest + 2), SYMBOLS.index("."))
    depth, d = np.zeros_like(x), np.zeros(N, int)
    for t in range(x.shape[1]):
        u = rng.random(N)
        opens = (d == 0) | ((u < 0.5) & (d < deepest))
        symbol = np.where(rng.random(N) < 0.4, rng.integers(2, 4, N), np.where(opens, 0, 1))
        symbol = np.where(t < bar, symbol, np.where(t == bar, 4, np.where(d > 0, 1, 5)))
        d = d + (symbol == 0) - (symbol == 1)
        x[:, t], depth[:, t] = symbol, d
    return x, depth, bar


class Closer(nn.Module):
    """An LSTM and a linear layer that predict the next symbol."""

    def __init__(self, units=SETTINGS["units"]):
        super().__init__()
        self.lstm, self.output = nn.LSTM(len(SYMBOLS), units, batch_first=True), nn.Linear(units, len(SYMBOLS))
        initialise.forget_bias(self.lstm, 1.0)

    def forward(self, x, state=None):
        """Logits (N, T, 6) for the symbol after each of x (N, T), and the last state (h, c), each (1, N, H)."""
        h, state = self.lstm(nn.functional.one_hot(torch.as_tensor(x), len(SYMBOLS)).float(), state)
        return self.output(h), state


def start(seed):
    """An untrained `Closer`."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return Closer()


def train_closer(seed, updates=SETTINGS["updates"], progress=False):
    """A trained `Closer`."""
    net, x = start(seed), torch.tensor(texts(SETTINGS["texts"], seed)[0])
    draw = torch.Generator().manual_seed(seed)
    rows = [torch.randint(len(x), (32,), generator=draw) for _ in range(updates)]

    def loss(net, rows):
        return nn.functional.cross_entropy(net(x[rows, :-1])[0].flatten(0, 1), x[rows, 1:].flatten())

    falling = schedules.warmup(20, then=schedules.cosine(updates - 20, floor=0.02))
    train(net, rows, loss, updates, SETTINGS["learning_rate"], schedule=falling, progress=progress, device="cpu")
    return net


@torch.no_grad()
def states(net, x):
    """The hidden and cell states after each symbol of x (N, T): h and c, each (N, T, H)."""
    pairs, state = [], None
    for t in range(x.shape[1]):
        state = net(x[:, t : t + 1], state)[1]
        pairs.append(state)
    return [torch.stack([pair[k][0] for pair in pairs], dim=1).numpy() for k in (0, 1)]


@torch.no_grad()
def closed(net, h, c, most=15):
    """How many brackets the network closes (N,), if it is in the states h and c (N, H) and a bar comes."""
    state, symbol = [torch.as_tensor(part, dtype=torch.float32)[None] for part in (h, c)], 4
    count, going = torch.zeros(len(h), dtype=int), torch.ones(len(h), dtype=bool)
    for _ in range(most):
        logits, state = net(torch.full((len(h), 1), symbol), state)
        going &= logits[:, 0].argmax(dim=1) == 1
        count, symbol = count + going, 1
    return count.numpy()


def linear(A, y):
    """Weights (H,) and a constant, by least squares, that read y (N,) from A (N, H)."""
    fitted = np.linalg.lstsq(np.column_stack([A, np.ones(len(A))]), y, rcond=None)[0]
    return fitted[:-1], fitted[-1]


def explained(A, y, new_A, new_y):
    """R^2 on new data of a linear probe that was fitted to A (N, H) and y (N,)."""
    w, b = linear(A, y)
    return 1 - ((new_A @ w + b - new_y) ** 2).mean() / new_y.var()


def last_symbols(x, reach=8):
    """The last symbols up to each step, one-hot, side by side: (N, T, reach * 6)."""
    padded = np.pad(np.eye(len(SYMBOLS))[x], ((0, 0), (reach - 1, 0), (0, 0)))
    return np.concatenate([padded[:, k : k + x.shape[1]] for k in range(reach)], axis=2)


def last_letter(x):
    """Which letter came last, up to each step (N, T): -1 for x, 1 for y, 0 before the first."""
    letter, last = np.where(x == 2, -1, np.where(x == 3, 1, 0)), np.zeros(len(x), int)
    return np.stack([last := np.where(column, column, last) for column in letter.T], axis=1)


def count_one(seed):
    """What is stored of the counting network of a seed, by name."""
    net, other, rng = train_closer(seed), start(500 + seed), np.random.default_rng(seed)
    (x, depth, bar), (new, new_depth, new_bar) = (
        texts(SETTINGS["new"], 1000 + seed),
        texts(SETTINGS["new"], 2000 + seed),
    )
    here, there = (np.arange(x.shape[1]) < each[:, None] for each in (bar, new_bar))
    (_, C), (new_h, new_C), (_, U), (_, new_U) = states(net, x), states(net, new), states(other, x), states(other, new)
    y, new_y = depth[here], new_depth[there]
    views = [(C, new_C), (U, new_U), (last_symbols(x), last_symbols(new))]
    probe = [explained(A[here], y, B[there], new_y) for A, B in views]
    probe.append(explained(C[here], rng.permutation(y), new_C[there], rng.permutation(new_y)))

    letter, new_letter = last_letter(x), last_letter(new)
    seen, new_seen = here & (letter != 0), there & (new_letter != 0)
    named = [linear(A[seen], letter[seen]) for A in (C, U)]
    named = [
        (np.sign(B[new_seen] @ w + b) == new_letter[new_seen]).mean()
        for (w, b), B in zip(named, (new_C, new_U), strict=True)
    ]

    rows = np.arange(len(new))
    h, c, d, at = (
        new_h[rows, new_bar - 1],
        new_C[rows, new_bar - 1],
        new_depth[rows, new_bar - 1],
        new_letter[rows, new_bar - 1],
    )
    before = closed(net, h, c)
    deep = d < SETTINGS["deepest"]
    means = np.array([C[here & (depth == k)].mean(axis=0) for k in range(SETTINGS["deepest"] + 1)])
    difference = means[np.minimum(d + 1, SETTINGS["deepest"])] - means[d]
    length, (w, _) = np.linalg.norm(difference, axis=1, keepdims=True), linear(C[here], y)
    moves = [w / (w @ w), difference, length * w / np.linalg.norm(w)]
    step = [(closed(net, h, c + move) - before == 1)[deep].mean() for move in moves]
    random = rng.normal(size=(SETTINGS["directions"], len(w)))
    random /= np.linalg.norm(random, axis=1, keepdims=True)
    changes = np.array([closed(net, h, c + length * r) - before for r in random])[:, deep]
    x_mean, y_mean = (C[here & (letter == k)].mean(axis=0) for k in (-1, 1))
    swapped = closed(net, h, c + at[:, None] * (x_mean - y_mean)) - before
    return {
        "probe": probe,
        "letter": named,
        "right": (before == d).mean(),
        "step": step,
        "random": [(changes == 1).mean(), (changes == 0).mean()],
        "swapped": (swapped == 0).mean(),
    }


class OneBlock(nn.Module):
    """A transformer block without positions, whose input may hold the symbol of the step before as well."""

    def __init__(self, neighbour, d=40):
        super().__init__()
        self.neighbour, self.first = neighbour, nn.Linear(64, d)
        self.rest = nn.Sequential(beyond.TransformerBlock(d), nn.LayerNorm(d), nn.Linear(d, 16))

    def forward(self, x):
        """Logits (N, T, 16) for symbols x (N, T, 32)."""
        before = nn.functional.pad(x, (0, 0, 1, 0))[:, :-1]
        return self.rest(self.first(torch.cat([x, before * self.neighbour], dim=2)))


def recall_batch(count, seed):
    """Sequences (N, 24, 32), values (N, 24), and where they are asked (N, 24), as tensors."""
    made = associative_recall.batch(count, 8, seed)
    return torch.tensor(made.x, dtype=torch.float32), torch.tensor(made.targets), torch.tensor(made.judged)


def train_block(seed, neighbour, progress=False):
    """A trained `OneBlock`."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        net = OneBlock(neighbour)
    rng, updates = np.random.default_rng(seed), SETTINGS["recall_updates"]
    batches = [recall_batch(32, rng) for _ in range(updates)]

    def loss(net, batch):
        x, y, asked = batch
        return nn.functional.cross_entropy(net(x)[asked], y[asked])

    falling = schedules.warmup(20, then=schedules.cosine(updates - 20, floor=0.02))
    train(net, batches, loss, updates, SETTINGS["recall_rate"], schedule=falling, progress=progress, device="cpu")
    return net


@torch.no_grad()
def recalled(net, count=500, seed=9999):
    """The share of right values in new sequences."""
    x, y, asked = recall_batch(count, seed)
    return (net(x).argmax(dim=2) == y)[asked].float().mean().item()


class Pooled(nn.Module):
    """A bidirectional LSTM whose outputs are weighed by attention, or equally, and a linear layer on their sum."""

    def __init__(self, words, E=16, H=16, even=False):
        super().__init__()
        self.embedding, self.score = nn.Embedding(words, E), nn.Linear(2 * H, 1)
        self.lstm, self.output = nn.LSTM(E, H, batch_first=True, bidirectional=True), nn.Linear(2 * H, 2)
        self.even = even

    def forward(self, ids, mask, weights=None):
        """Logits (N, 2) for words (N, T), and the weights (N, T); other weights may be given."""
        h, _ = self.lstm(self.embedding(ids))
        if weights is None:
            scores = self.score(h.tanh())[:, :, 0] * (not self.even)
            weights = scores.masked_fill(~mask, -torch.inf).softmax(dim=1)
        return self.output((weights[:, :, None] * h).sum(dim=1)), weights


def messages(count, seed):
    """`count` messages of each of the ``kinds``, and their classes."""
    parts = [
        opinions.messages(count, kind, seed=np.random.default_rng([seed, k]))
        for k, kind in enumerate(SETTINGS["kinds"])
    ]
    return sum((part.texts for part in parts), ()), np.concatenate([part.classes for part in parts])


def train_pooled(seed, even=False, progress=False):
    """A trained `Pooled`, and the number of each word."""
    all_texts, classes = messages(SETTINGS["messages"], seed)
    numbers, y = labelled_text.vocabulary(all_texts), torch.tensor(classes)
    ids, mask = map(torch.tensor, labelled_text.encode(all_texts, numbers))
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        net = Pooled(len(numbers) + 2, even=even)
    draw, updates = torch.Generator().manual_seed(seed), SETTINGS["message_updates"]
    rows = [torch.randint(len(y), (32,), generator=draw) for _ in range(updates)]

    def loss(net, rows):
        return nn.functional.cross_entropy(net(ids[rows], mask[rows])[0], y[rows])

    falling = schedules.warmup(20, then=schedules.cosine(updates - 20, floor=0.02))
    train(net, rows, loss, updates, SETTINGS["message_rate"], schedule=falling, progress=progress, device="cpu")
    return net, numbers


def shuffle(weights, mask, seed):
    """The weights of each message (N, T) in another order, within the mask."""
    draw = torch.Generator().manual_seed(seed)
    order = torch.rand(mask.shape, generator=draw).masked_fill(~mask, 2.0).argsort(dim=1)
    return torch.zeros_like(weights).scatter_(1, order, weights)


def attend_one(seed):
    """What is stored of the two networks that read messages, by name."""
    (net, numbers), (even, _) = train_pooled(seed), train_pooled(seed, even=True)
    for each in (net, even):
        each.requires_grad_(False)
    rows = {"attention": [], "even": [], "shuffled": [], "least": []}
    for k, kind in enumerate(SETTINGS["kinds"]):
        new = opinions.messages(SETTINGS["new"], kind, seed=np.random.default_rng([9000 + seed, k]))
        ids, mask = map(torch.tensor, labelled_text.encode(new.texts, numbers))
        logits, weights = net(ids, mask)
        answers = logits.argmax(dim=1)
        least = nn.functional.one_hot(weights.masked_fill(~mask, 2.0).argmin(dim=1), mask.shape[1]).float()
        changed = [net(ids, mask, shuffle(weights, mask, s))[0].argmax(dim=1) != answers for s in range(20)]
        rows["attention"].append((answers.numpy() == new.classes).mean())
        rows["even"].append((even(ids, mask)[0].argmax(dim=1).numpy() == new.classes).mean())
        rows["shuffled"].append(torch.stack(changed).float().mean().item())
        rows["least"].append((net(ids, mask, least)[0].argmax(dim=1) != answers).float().mean().item())
    return rows


def make():
    """All runs, as described above."""
    seeds = SETTINGS["seeds"]
    runs = [count_one(seed) | attend_one(seed) for seed in seeds]
    for seed, run in zip(seeds, runs, strict=True):
        run["neighbour"] = [recalled(train_block(seed, neighbour)) for neighbour in (True, False)]
    return {name: np.array([run[name] for run in runs]) for name in runs[0]} | {"seeds": np.array(seeds)}, SETTINGS
