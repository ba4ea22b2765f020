"""A verb and its subject with other nouns between them: LSTM, plain recurrent network and n-grams.

All read the same 6,000 sentences of `tasks.agreement` with none to three distractors. Each network chooses its learning
rate, and the n-gram its order and weight, on 500 further sentences of that kind. Judged is whether the right form of
the main verb gets a higher probability than the wrong one, in sentences with none to eight distractors that all have
the wrong number. Sentences with distractors whose beginning, up to the verb, is among the training sentences are not
judged.

Arrays, for ``lstm``, ``rnn`` and ``ngram``:

    lstm_right    (10, 9)   share of right verbs, by seed and number of distractors
    lstm_any      (10, 9)   the same if each distractor has a number of its own
    lstm_chosen   (10,)     the learning rate that was taken (for the n-gram: the order)
    last_noun     (10, 9)   share of right verbs in the second kind, if the verb agrees with the noun before it
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
    "updates": 700,
    "learning_rates": [0.003, 0.01],
    "orders": [2, 3, 4, 5, 6],
    "weights": [0.5, 1.0, 2.0],
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


def fit(model, x, learning_rate, updates=SETTINGS["updates"], seed=0, progress=False):
    """Train on sentences (N, T); returns the `History`."""
    rows = np.random.default_rng(seed).integers(0, len(x), (updates, SETTINGS["batch"]))
    batches = [x[row] for row in rows]
    schedule = schedules.cosine(updates, floor=0.02)
    return train(model, batches, loss, updates, learning_rate, seed=seed, progress=progress, schedule=schedule)


def verb_scores(model, made):
    """The logits (N, K) of a network at the place of each main verb."""
    with torch.no_grad():
        return logits(model.eval(), made.x)[torch.arange(len(made.x)), torch.as_tensor(made.verb - 1)].numpy()


def make():
    """Train all models; returns the arrays and the settings."""
    rows = {f"{kind}_{what}": [] for kind in KINDS for what in ("right", "any", "chosen")}
    last_noun = []
    for seed in SETTINGS["seeds"]:
        made, validation, judged = data(seed)
        for kind in KINDS:
            score, chosen = (ngram if kind == "ngram" else network)(kind, seed, made, validation)
            rows[f"{kind}_chosen"].append(chosen)
            for what, hard in (("right", True), ("any", False)):
                shares = [agreement.accuracy(score(judged[k, hard]), judged[k, hard]) for k in SETTINGS["judged"]]
                rows[f"{kind}_{what}"].append(shares)
        last_noun.append([np.mean(agrees_with_last(judged[k, False])) for k in SETTINGS["judged"]])
    arrays = {name: np.array(values) for name, values in rows.items()}
    return arrays | {"last_noun": np.array(last_noun), "seeds": np.array(SETTINGS["seeds"])}, SETTINGS


def network(kind, seed, made, validation):
    """The scores of a network trained with the better learning rate, as a function of sentences; and the rate."""
    tried = []
    for rate in SETTINGS["learning_rates"]:
        model = start(kind, seed)
        fit(model, made.x, rate, seed=seed)
        with torch.no_grad():
            tried.append((loss(model.eval(), validation.x).item(), rate, model))
    _, rate, model = min(tried, key=lambda each: each[:2])
    return lambda sentences: verb_scores(model, sentences), rate


def ngram(_, seed, made, validation):
    """The scores of the n-gram with the best order and weight, as a function of sentences; and the order."""
    texts, validation_texts = ([row[row > 0].tolist() for row in x] for x in (made.x, validation.x))
    texts, validation_texts = ([[0, *text] for text in part] for part in (texts, validation_texts))
    alphabet = list(range(len(agreement.WORDS)))
    models = [NGram(n, alphabet, weight) for n in SETTINGS["orders"] for weight in SETTINGS["weights"]]
    best = min(models, key=lambda model: model.fit(texts).log_loss(validation_texts).bits)

    def score(sentences):
        texts = [row[:at].tolist() for row, at in zip(sentences.x, sentences.verb, strict=True)]
        return np.array([best.probabilities(text) for text in texts])

    return score, best.order


def agrees_with_last(made):
    """For each sentence, whether the right verb is what the noun before it would ask for."""
    first_plural = agreement.WORDS.index(agreement.NOUNS[0] + "s")
    nouns = range(agreement.WORDS.index(agreement.NOUNS[0]), first_plural + len(agreement.NOUNS))
    plural_forms = {agreement.WORDS.index(pair[1]) for pair in agreement.VERBS}
    last = [max((t, k) for t, k in enumerate(row[:at]) if k in nouns)[1] for row, at in zip(made.x, made.verb, strict=True)]
    return [(k >= first_plural) == (right in plural_forms) for k, right in zip(last, made.right, strict=True)]
