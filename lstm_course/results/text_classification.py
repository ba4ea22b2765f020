"""Generated texts: what a bag of words and LSTMs make of opinions, of orders in a café, and of pronouns; ten seeds.

Arrays, where tests are those of `opinion_tests`, and distances those in ``between``:

    opinions_learned   (10, K)  share of right answers for each test, by LSTMs that learn their own word vectors
    opinions_loaded    (10, K)  by LSTMs that read the vectors of `tasks.word_vectors`, which stay as they are
    opinions_words     (K,)     by logistic regression on which words occur
    opinions_pairs     (K,)     on words and pairs of neighbours
    orders_bias_3      (10, B)  share of right answers at each distance, by LSTMs with this forget bias
    orders_bias_1, orders_bias_0, orders_rnn    the same for others, and for the plain network
    orders_bias_3_tried (3,)    mean of three seeds on held-out conversations, for each learning rate; so for the others
    orders_words, orders_pairs  (B,)
    orders_first       (B,)     words and pairs of the first sentence alone, for which somebody must know what matters
    people_lstm        (10, B)  the same for the task of the pronoun
    people_known       (10,)    at distance 1, with pairs of people from the training texts
    people_words, people_pairs  (B,)
"""

import numpy as np
import torch

from ..tasks import dialogue, labelled_text, opinions, word_vectors
from . import text_readers

BASE = {
    "cell": "lstm",
    "embedding_size": 16,
    "hidden_size": 32,
    "forget_bias": 1.0,
    "dropout": 0.2,
    "unknown": 0.02,
    "batch": 32,
    "learning_rate": 0.01,
    "updates": 700,
}
ORDERS = {
    "bias_3": {"forget_bias": 3.0},
    "bias_1": {"forget_bias": 1.0},
    "bias_0": {"forget_bias": 0.0},
    "rnn": {"cell": "rnn", "forget_bias": None},
}
SETTINGS = {
    "base": BASE,
    "opinions": {"texts": 6000},
    "vectors": {"least": 12, "window": 2, "dimensions": 50},
    "scale": 3.0,  # of the loaded vectors
    "orders": {"texts": 4000, "trained": [0, 4], "rates": [0.002, 0.005, 0.015], "updates": 800, "hidden_size": 48},
    "changes": ORDERS,
    "people": {
        "texts": 12000,
        "trained": [0, 4],
        "updates": 1500,
        "hidden_size": 48,
        "forget_bias": 3.0,
        "dropout": 0.0,
    },
    "between": [0, 1, 2, 4, 8, 16, 32],
    "strengths": [0.1, 1.0, 10.0],
    "judged": 400,
    "seeds": list(range(10)),
}


def opinion_tests():
    """The texts to judge, by name; none of them is drawn with the seed of a training set."""
    count, made = SETTINGS["judged"], {}
    for kind in opinions.TEMPLATES:
        for words in opinions.GOOD:
            made[f"{kind}, {words}"] = opinions.messages(count, kind, words, seed=1000 + len(made))
    for kind, templates in opinions.HELD.items():
        for k, template in enumerate(templates):
            made[template] = opinions.messages(count, kind, held=k, seed=1000 + len(made))
    made["paragraphs"] = opinions.paragraphs(count, seed=1100)
    made["long paragraphs"] = opinions.paragraphs(count, 8, 10, seed=1101)
    return made


def order_tests():
    """Conversations by distance; their small talk is not that of the training."""
    return {k: dialogue.orders(SETTINGS["judged"], k, held=True, seed=1200 + k) for k in SETTINGS["between"]}


def people_tests():
    """Conversations by distance, with pairs of people that training never has."""
    return {k: dialogue.people(SETTINGS["judged"], k, held=True, seed=1300 + k) for k in SETTINGS["between"]}


def loaded(numbers, vectors):
    """A table (V + 2, D) for an embedding: the vector of each word, random numbers for one that is not in the file."""
    size = len(next(iter(vectors.values())))
    table = np.random.default_rng(0).normal(0, 1 / np.sqrt(size), (len(numbers) + 2, size))
    for word, k in numbers.items():
        if word in vectors:
            table[k] = vectors[word]
    return torch.tensor(SETTINGS["scale"] * table, dtype=torch.float32)


def shares(probabilities, test):
    """Right answers (S,) of probabilities (S, N, K)."""
    return (np.asarray(probabilities).argmax(2) == test.classes).mean(axis=1)


def judged_networks(train, tests, classes, setting, vectors=None, seeds=None):
    """Share of right answers (S, number of tests) of networks that are trained at once."""
    numbers = labelled_text.vocabulary(train.texts)
    if vectors:  # also the words that only the tests have, as long as the file has them
        every = labelled_text.vocabulary([text for test in tests.values() for text in test.texts])
        numbers |= {word: len(numbers) + 2 + k for k, word in enumerate(w for w in every if w not in numbers)}
    ids, mask = labelled_text.encode(train.texts, numbers)
    table = None if vectors is None else loaded(numbers, vectors)
    networks = text_readers.fit(
        ids, mask, train.classes, classes, len(numbers) + 2, setting, seeds or SETTINGS["seeds"], table=table
    )
    judged = [
        shares(text_readers.probabilities(networks, *labelled_text.encode(test.texts, numbers)), test)
        for test in tests.values()
    ]
    return np.stack(judged, axis=1)


def judged_bags(train, held, tests):
    """Share of right answers by test, for words, and for words with pairs."""
    shown = []
    for pairs in (False, True):
        found = text_readers.bag(train, held, [test.texts for test in tests.values()], pairs, SETTINGS["strengths"])
        shown.append([shares(p[None], test)[0] for p, test in zip(found, tests.values(), strict=True)])
    return map(np.array, shown)


def opinion_arrays():
    count = SETTINGS["opinions"]["texts"]
    train, held, tests = opinions.training(count, seed=0), opinions.training(1000, seed=1), opinion_tests()
    words, pairs = judged_bags(train, held, tests)
    vectors = word_vectors.from_counts(word_vectors.shakespeare(), **SETTINGS["vectors"])
    wide = BASE | {"embedding_size": SETTINGS["vectors"]["dimensions"]}
    return {
        "opinions_words": words,
        "opinions_pairs": pairs,
        "opinions_learned": judged_networks(train, tests, 2, BASE),
        "opinions_loaded": judged_networks(train, tests, 2, wide, vectors),
    }


def order_arrays(changes=tuple(ORDERS)):
    made, tests = SETTINGS["orders"], order_tests()
    train, held = (dialogue.orders(n, made["trained"], seed=seed) for n, seed in ((made["texts"], 0), (1000, 1)))
    words, pairs = judged_bags(train, held, tests)
    _, first = judged_bags(*map(first_sentences, (train, held, tests)))
    arrays = {"orders_words": words, "orders_pairs": pairs, "orders_first": first}
    for name in changes:
        setting, classes = BASE | made | ORDERS[name], len(dialogue.DRINKS)
        settings = [setting | {"learning_rate": rate} for rate in made["rates"]]
        first_seeds, judge = SETTINGS["seeds"][:3], {"held": held}
        tried = [judged_networks(train, judge, classes, each, seeds=first_seeds).mean() for each in settings]
        arrays[f"orders_{name}_tried"] = np.array(tried)
        arrays[f"orders_{name}"] = judged_networks(train, tests, classes, settings[int(np.argmax(tried))])
    return arrays


def people_arrays():
    made, tests = SETTINGS["people"], people_tests()
    tests["known"] = dialogue.people(SETTINGS["judged"], 1, seed=1400)
    train, held = (dialogue.people(n, made["trained"], seed=seed) for n, seed in ((made["texts"], 0), (1000, 1)))
    words, pairs = judged_bags(train, held, tests)
    networks = judged_networks(train, tests, len(dialogue.NAMES), BASE | made)
    arrays = {"people_words": words[:-1], "people_pairs": pairs[:-1]}
    return arrays | {"people_lstm": networks[:, :-1], "people_known": networks[:, -1]}


def make():
    """The stored arrays and the settings."""
    arrays = opinion_arrays() | order_arrays() | people_arrays()
    return arrays | {"seeds": np.array(SETTINGS["seeds"])}, SETTINGS


def first_sentences(made):
    """Conversations, or a dictionary of them, cut after their first sentence."""
    if isinstance(made, dict):
        return {name: first_sentences(each) for name, each in made.items()}
    return dialogue.Conversations(tuple(text.split(" . ")[0] for text in made.texts), made.classes)
