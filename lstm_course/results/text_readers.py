"""Networks that read words and name one class for the text, ten seeds at once, for the stored runs of lesson 13."""

import numpy as np
import torch
from torch.nn import functional as F

from ..nets import SequenceClassifier
from ..tasks import labelled_text
from .training_well import Ensemble, clip_each


class Readers(Ensemble):
    """Some `nets.SequenceClassifier`, or the same with a plain ``torch.nn.RNN``, computed at once."""

    def __call__(self, ids, mask, dropout=0.0):
        """Logits (S, N, K) for words (S, N, T) or (N, T), which the mask (of that shape) counts."""
        embedding, W, U, b, V, d = self.weights
        S = len(embedding)
        ids, mask = (array.expand(S, *array.shape[-2:]) for array in (ids, mask))
        N, T = ids.shape[1:]
        x = F.dropout(embedding[torch.arange(S)[:, None, None], ids], dropout)
        from_x = torch.baddbmm(b, x.reshape(S, N * T, -1), W).reshape(S, N, T, -1)
        h = c = torch.zeros(S, N, self.H)
        for z, here in zip(from_x.unbind(2), mask.unbind(2), strict=True):
            z = torch.baddbmm(z, h, U)
            if W.shape[2] == self.H:
                h = torch.where(here[..., None], z.tanh(), h)
                continue
            i, f, g, o = z.chunk(4, dim=2)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = torch.where(here[..., None], o.sigmoid() * c.tanh(), h)
        return torch.baddbmm(d, F.dropout(h, dropout), V)


def start(symbols, classes, setting, seed):
    """An untrained `nets.SequenceClassifier`; with ``cell="rnn"``, its LSTM is replaced by a plain network."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        E, H = setting["embedding_size"], setting["hidden_size"]
        model = SequenceClassifier(
            symbols, classes, E, H, dropout=setting["dropout"], forget_bias=setting["forget_bias"]
        )
        if setting["cell"] == "rnn":
            model.lstm = torch.nn.RNN(E, H, batch_first=True)
    return model


def batches(lengths, setting, seed):
    """The rows of each batch, texts of similar length together, (U, N)."""
    rng, N, rows = np.random.default_rng(1000 + seed), setting["batch"], []
    while len(rows) < setting["updates"]:
        order = rng.permutation(len(lengths))
        cuts = []
        for pool in np.array_split(order, max(1, len(order) // (20 * N))):
            pool = pool[np.argsort(lengths[pool], kind="stable")]
            cuts += [pool[k : k + N] for k in range(0, len(pool) - N + 1, N)]
        rows += [cuts[k] for k in rng.permutation(len(cuts))]
    return np.array(rows[: setting["updates"]])


def factor(update, updates):
    """What the learning rate is multiplied by: 20 updates up, then a cosine down to 5 %."""
    return min(1.0, (update + 1) / 20) * (0.525 + 0.475 * np.cos(np.pi * update / updates))


def fit(ids, mask, y, classes, symbols, setting, seeds, table=None):
    """Train one network for each seed, all at once.

    Parameters
    ----------
    ids, mask : (N, T) array
    y : (N,) array of int
    table : (V, D) tensor, optional
        Word vectors that stay as they are; by default, each network learns its own.

    Returns
    -------
    Readers
    """
    networks = Readers([start(symbols, classes, setting, seed) for seed in seeds])
    learned = networks.weights
    if table is not None:
        networks.weights[0] = table.expand(len(seeds), -1, -1).clone()
        learned = networks.weights[1:]
    rows = np.stack([batches(mask.sum(axis=1), setting, seed) for seed in seeds])
    ids, mask, y = torch.tensor(ids), torch.tensor(mask), torch.tensor(y)
    adam = torch.optim.Adam(learned)
    torch.manual_seed(0)
    for update in range(setting["updates"]):
        adam.param_groups[0]["lr"] = setting["learning_rate"] * factor(update, setting["updates"])
        batch = torch.tensor(rows[:, update])
        here = mask[batch][:, :, : int(mask[batch].sum(2).max())]
        words = ids[batch][:, :, : here.shape[2]]
        words = torch.where((torch.rand(words.shape) < setting["unknown"]) & here, labelled_text.UNKNOWN, words)
        logits = networks(words, here, setting["dropout"])
        loss = F.cross_entropy(logits.flatten(0, 1), y[batch].flatten(), reduction="none").reshape(len(seeds), -1)
        adam.zero_grad()
        loss.mean(1).sum().backward()
        clip_each(learned, 1.0)
        adam.step()
    return networks


def probabilities(networks, ids, mask, size=250):
    """The probabilities (S, N, K) of each class."""
    ids, mask, parts = torch.tensor(ids), torch.tensor(mask), []
    with torch.no_grad():
        for k in range(0, len(ids), size):
            T = int(mask[k : k + size].sum(1).max())
            parts.append(networks(ids[k : k + size, :T], mask[k : k + size, :T]).softmax(2))
    return torch.cat(parts, dim=1).numpy()


def bag(train, held, others, pairs, strengths):
    """Logistic regression on which words occur, with the pairs of neighbours if `pairs`.

    Parameters
    ----------
    train, held : (texts, classes)
        The penalty is chosen on the held-out ones.
    others : list of sequences of str
    strengths : sequence of float

    Returns
    -------
    list of (N, K) array
        The probabilities for each of the others.
    """
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    counter = CountVectorizer(analyzer=lambda text: features(text, pairs), binary=True, min_df=2)
    x, held_x = counter.fit_transform(train[0]), counter.transform(held[0])
    models = [LogisticRegression(C=strength, max_iter=400).fit(x, train[1]) for strength in strengths]
    best = max(models, key=lambda model: model.score(held_x, held[1]))
    made = [np.zeros((len(texts), int(max(train[1])) + 1)) for texts in others]
    for p, texts in zip(made, others, strict=True):
        p[:, best.classes_] = best.predict_proba(counter.transform(texts))
    return made


def features(text, pairs):
    """The words of a text, and its pairs of neighbouring words if `pairs`."""
    words = labelled_text.words(text)
    return words + [f"{a} {b}" for a, b in zip(words, words[1:], strict=False)] if pairs else words
