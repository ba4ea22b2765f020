"""A verb and its subject with other nouns between them: LSTM, plain recurrent network and n-grams.

All read the same 6,000 sentences of `tasks.agreement` with none to three distractors. The n-gram chooses its order and
weight by its verbs in 500 further sentences of that kind. Judged is whether the right form of
the main verb gets a higher probability than the wrong one, in sentences with none to eight distractors that all have
the wrong number. Sentences with distractors whose beginning, up to the verb, is among the training sentences are not
judged.

Arrays, for ``lstm``, ``rnn`` and ``ngram``:

    lstm_right    (10, 9)   share of right verbs, by seed and number of distractors
    lstm_any      (10, 9)   the same if each distractor has a number of its own
    ngram_order   (10,)     the order that was taken
    last_noun     (10, 9)   share of right verbs in the second kind, if the verb agrees with the noun before it
    lstm_tried    (3, 3)    loss on validation sentences, by learning rate and seed (other seeds); also ``rnn_tried``
"""

import numpy as np
import torch

from ..baselines.ngram import NGram
from ..nets import LanguageModel, train
from ..scratch import schedules
from ..tasks import agreement

SETTINGS = {
    "sentences": 6000,
    "trained": [0, 1, 2, 3],
    "judged": list(range(9)),
    "count": 500,
    "embedding_size": 24,
    "hidden_size": 48,
    "batch": 64,
    "updates": 800,
    "learning_rate": 0.01,
    "tried": [0.003, 0.01, 0.03],
    "validation_seeds": [100, 101, 102],
    "orders": [2, 3, 4, 5, 6],
    "weights": [0.5, 1.0],
    "seeds": list(range(10)),
}
KINDS = ("lstm", "rnn", "ngram")


def data(seed):
    """The training sentences, the validation sentences, and the judged ones as a dictionary by (distractors, hard)."""
    made = agreement.sentences(SETTINGS["sentences"], SETTINGS["trained"], seed)
    known = {tuple(row[:at]) for row, at in zip(made.x.tolist(), made.verb, strict=True)}
    judged = {}
    for k in SETTINGS["judged"]:
        for hard in (False, True):
            new = agreement.sentences(2 * SETTINGS["count"], k, 10_000 + 100 * seed + 2 * k + hard, hard)
            beginnings = [tuple(row[:at]) for row, at in zip(new.x.tolist(), new.verb, strict=True)]
            kept = [n for n, words in enumerate(beginnings) if k == 0 or words not in known][: SETTINGS["count"]]
            judged[k, hard] = agreement.Sentences(*(array[kept] for array in new))
    return made, agreement.sentences(SETTINGS["count"], SETTINGS["trained"], 1000 + seed), judged


def start(kind, seed):
    """An untrained language model over the words, with an LSTM or a plain recurrent layer."""
    sizes = SETTINGS["embedding_size"], SETTINGS["hidden_size"]
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = LanguageModel(len(agreement.WORDS), *sizes, forget_bias=1.0)
        if kind == "rnn":
            model.lstm = torch.nn.RNN(*sizes, batch_first=True)
    return model


def logits(model, x):
    """The logits (N, T, K) of the word after each word of `x` (N, T)."""
    return model.output(model.lstm(model.embedding(torch.as_tensor(x)))[0])


def loss(model, x):
    """The mean cross-entropy of the next word, padding left out."""
    x = torch.as_tensor(x)
    following = torch.where(x[:, 1:] > 0, x[:, 1:], -100)
    return torch.nn.functional.cross_entropy(logits(model, x[:, :-1]).flatten(0, 1), following.flatten())


def fit(model, x, updates=SETTINGS["updates"], seed=0, progress=False, rate=SETTINGS["learning_rate"]):
    """Train on sentences (N, T); returns the `History`."""
    rows = np.random.default_rng(seed).integers(0, len(x), (updates, SETTINGS["batch"]))
    batches = [x[row] for row in rows]
    schedule = schedules.cosine(updates, floor=0.02)
    return train(model, batches, loss, updates, rate, seed=seed, progress=progress, schedule=schedule, device="cpu")


def verb_scores(model, made):
    """The logits (N, K) of a network at the place of each main verb."""
    with torch.no_grad():
        return logits(model.eval(), made.x)[torch.arange(len(made.x)), torch.as_tensor(made.verb - 1)].numpy()


def tried(kind):
    """The loss on validation sentences of a kind of network, by learning rate and seed."""
    losses = []
    for rate in SETTINGS["tried"]:
        for seed in SETTINGS["validation_seeds"]:
            made = agreement.sentences(SETTINGS["sentences"], SETTINGS["trained"], seed)
            validation = agreement.sentences(SETTINGS["count"], SETTINGS["trained"], 1000 + seed)
            model = start(kind, seed)
            fit(model, made.x, seed=seed, rate=rate)
            with torch.no_grad():
                losses.append(loss(model.eval(), validation.x).item())
    return np.reshape(losses, (len(SETTINGS["tried"]), -1))


def make():
    """Train all models; returns the arrays and the settings."""
    rows = {f"{kind}_{what}": [] for kind in KINDS for what in ("right", "any")} | {"ngram_order": [], "last_noun": []}
    for seed in SETTINGS["seeds"]:
        made, validation, judged = data(seed)
        scores = {kind: network(kind, seed, made) for kind in KINDS[:2]}
        scores["ngram"], order = ngram(made, validation)
        for kind, score in scores.items():
            for what, hard in (("right", True), ("any", False)):
                shares = [agreement.accuracy(score(judged[k, hard]), judged[k, hard]) for k in SETTINGS["judged"]]
                rows[f"{kind}_{what}"].append(shares)
        rows["ngram_order"].append(order)
        rows["last_noun"].append([np.mean(agrees_with_last(judged[k, False])) for k in SETTINGS["judged"]])
    arrays = {name: np.array(values) for name, values in rows.items()} | {"seeds": np.array(SETTINGS["seeds"])}
    return arrays | {f"{kind}_tried": tried(kind) for kind in KINDS[:2]}, SETTINGS


def network(kind, seed, made):
    """The scores of a trained network, as a function of sentences."""
    model = start(kind, seed)
    fit(model, made.x, seed=seed)
    return lambda sentences: verb_scores(model, sentences)


def ngram(made, validation):
    """The scores of the n-gram with the best order and weight, as a function of sentences; and the order."""
    texts = [[0, *row[row > 0].tolist()] for row in made.x]
    alphabet = list(range(len(agreement.WORDS)))
    models = [NGram(n, alphabet, weight) for n in SETTINGS["orders"] for weight in SETTINGS["weights"]]

    def score(model, sentences):
        before = [row[:at].tolist() for row, at in zip(sentences.x, sentences.verb, strict=True)]
        return np.array([model.probabilities(text) for text in before])

    best = max(models, key=lambda model: agreement.accuracy(score(model.fit(texts), validation), validation))
    return lambda sentences: score(best, sentences), best.order


def agrees_with_last(made):
    """For each sentence, whether the right verb is what the noun before it would ask for."""
    first_plural = agreement.WORDS.index(agreement.NOUNS[0] + "s")
    nouns = range(agreement.WORDS.index(agreement.NOUNS[0]), first_plural + len(agreement.NOUNS))
    plural_forms = {agreement.WORDS.index(pair[1]) for pair in agreement.VERBS}
    before = (row[:at] for row, at in zip(made.x, made.verb, strict=True))
    last = [[k for k in words if k in nouns][-1] for words in before]
    return [(k >= first_plural) == (right in plural_forms) for k, right in zip(last, made.right, strict=True)]
