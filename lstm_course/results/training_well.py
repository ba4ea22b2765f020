"""One network that colours source code, trained with one setting changed at a time.

An embedding, an LSTM of 24 units and a linear layer say of each character whether it is code, a string or a comment
(`tasks.source_code`). All settings train on the same definitions, with the same ten starts, the same order of the
batches and the same number of examples, and differ in what `CHANGES` lists. ``base`` has none of the changes.

All ten seeds of a setting are trained at once: every array of weights has a first axis for the seeds, and the loss is
the sum of their losses, so no seed sees another's gradient. Gradients are clipped seed by seed.

Arrays, for each setting:

    base_train       (10, U)     loss of each batch, by seed and update
    base_norm        (10, U)     norm of its gradient, before clipping
    base_loss        (10, E)     mean loss on the validation set, by seed and evaluation
    base_error       (10, E)     share of its characters with the wrong tag
    base_updates     (E,)        updates before each evaluation
    base_confusion   (10, 3, 3)  characters of the validation set at the end, by right tag and answered tag

For ``JUDGED`` settings also, on definitions of files that no choice has used, with the weights of the evaluation with
the lowest loss (start: of the end):

    base_judged      (10,)       share of the characters with the wrong tag
    base_together    ()          the same if the ten networks' probabilities are averaged

Further arrays:

    window_error     (2, 4)      validation errors of logistic regression and of boosted trees, by characters seen
    window_judged    (2,)        errors on the judged definitions, each with the best number of characters
    recall_error     (4, 10)     the recipe on `tasks.recall`: wrong answers, by dropout with forget bias, and seed
    chosen_train     (256,)      checksums of the definitions that were drawn, in the order of the draw
    chosen_validation (64,)      the same for the validation set

The run was made with the library of Python 3.11. In another version some definitions read differently, and `data` finds
the same ones by their checksums as far as they are still there.
"""

import functools
import math
import zlib

import numpy as np
import torch

from ..nets import Tagger, initialise
from ..tasks import recall, source_code
from . import load

BASE = {
    "learning_rate": 0.03,
    "schedule": "constant",
    "batch": 16,
    "clip": 1.0,
    "weights": "pytorch",
    "forget_bias": None,
    "dropout": 0.0,
    "recurrent_dropout": 0.0,
    "decay": 0.0,
    "definitions": 64,
    "labels": "right",
    "comment_weight": 1.0,
}
FAILING = {"learning_rate": 1.0, "weights": "normal", "clip": None}
RECIPE = {"dropout": 0.3}  # chosen on the validation set
CHANGES = {
    "base": {},
    "failing": FAILING,
    "failing_rate_mended": FAILING | {"learning_rate": 0.03},
    "failing_weights_mended": FAILING | {"weights": "pytorch"},
    "failing_clip_mended": FAILING | {"clip": 1.0},
    "range": {"learning_rate": 1.0, "schedule": "range", "clip": None},
    "rate_0.001": {"learning_rate": 0.001},
    "rate_0.003": {"learning_rate": 0.003},
    "rate_0.01": {"learning_rate": 0.01},
    "rate_0.1": {"learning_rate": 0.1},
    "rate_0.3": {"learning_rate": 0.3},
    "rate_1": {"learning_rate": 1.0},
    "batch_8": {"batch": 8},
    "batch_64": {"batch": 64},
    "weights_normal": {"weights": "normal"},
    "forget_3": {"forget_bias": 3.0},
    "clip_none": {"clip": None},
    "schedule_cosine": {"schedule": "cosine"},
    "recurrent_0.3": {"recurrent_dropout": 0.3},
    "everything": {"dropout": 0.3, "recurrent_dropout": 0.3, "forget_bias": 1.0},
    "decay_0.3": {"decay": 0.3},
    "data_256": {"definitions": 256},
    "labels_missing": {"labels": "missing"},
    "comments_count_more": {"comment_weight": 10.0},
    "recipe": RECIPE,
    "recipe_labels_missing": RECIPE | {"labels": "missing"},
    "recipe_data_256": RECIPE | {"definitions": 256},
}
JUDGED = ("failing", "base", "recipe", "data_256", "recipe_data_256")
SETTINGS = {
    "train": ["mailbox", "imaplib", "threading", "tarfile"],
    "validation": ["smtplib", "ftplib", "configparser"],
    "judged": ["optparse", "doctest", "difflib"],
    "length": 96,
    "validation_definitions": 64,
    "embedding_size": 16,
    "hidden_size": 24,
    "examples": 2880,
    "evaluations": 12,
    "windows": [8, 16, 32, 96],
    "window_strengths": [0.1, 1.0],
    "recall": {"length": 40, "updates": 300, "changed": [[0.3, 1.0], [0.3, 3.0], [0.0, 1.0], [0.0, 3.0]]},
    "base": BASE,
    "changes": CHANGES,
    "seeds": list(range(10)),
}


def data(part, count=None):
    """Definitions of one part, in a random order: tensors of characters and of tags, both (N, T).

    Those of the stored run come first. One that this version of Python doesn't have is replaced by another.

    Parameters
    ----------
    part : str
        ``"train"``, ``"validation"`` or ``"judged"``; they come from different files.
    count : int, optional
        How many; by default all.
    """
    made = source_code.definitions(SETTINGS[part], SETTINGS["length"])
    left = np.random.default_rng(0).permutation(len(made.x)).tolist()
    sums, rows = checksums(made.x).tolist(), []
    for wanted in chosen(part):
        rows.append(next((row for row in left if sums[row] == wanted), None))
        if rows[-1] is not None:
            left.remove(rows[-1])
    rows = [left.pop(0) if row is None and left else row for row in rows] + left
    rows = [row for row in rows if row is not None][:count]
    return torch.tensor(made.x[rows]), torch.tensor(made.tags[rows])


def checksums(x):
    """A number for each text of characters (N, T)."""
    return np.array([zlib.crc32(bytes(row)) for row in x.tolist()], dtype=np.uint32)


@functools.cache
def chosen(part):
    """The checksums of the definitions that the stored run drew; none for the judged ones, which are all used."""
    return load("training_well").arrays.get(f"chosen_{part}", np.array([], dtype=np.uint32)).tolist()


def training_set(setting):
    """The training definitions of a setting, with tags missing if it says so."""
    x, tags = data("train", setting["definitions"])
    if setting["labels"] == "missing":  # somebody left three definitions in eight as they were: all code
        tags[torch.arange(len(tags)) % 8 < 3] = 0
    return x, tags


def start(setting, seed):
    """An untrained `nets.Tagger`."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        sizes = dict(embedding_size=SETTINGS["embedding_size"], hidden_size=SETTINGS["hidden_size"])
        model = Tagger(len(source_code.CHARACTERS), len(source_code.TAGS), **sizes, dropout=setting["dropout"])
        if setting["weights"] == "normal":
            for parameter in model.lstm.parameters():
                torch.nn.init.normal_(parameter)
    if setting["forget_bias"] is not None:
        initialise.forget_bias(model.lstm, setting["forget_bias"])
    return model


def batches(setting, seed):
    """The rows of the training set in each batch, (U, N): one permutation of the set after another."""
    rng, count, N = np.random.default_rng(1000 + seed), setting["definitions"], setting["batch"]
    rows = [rng.permutation(count) for _ in range(-(-SETTINGS["examples"] // count))]
    return torch.tensor(np.concatenate(rows)[: SETTINGS["examples"]]).reshape(-1, N)


def factor(schedule, update, updates):
    """What the learning rate is multiplied by."""
    if schedule == "range":  # from 1e-5 to 1
        return 10 ** (5 * update / (updates - 1) - 5)
    return (1 + math.cos(math.pi * update / updates)) / 2 if schedule == "cosine" else 1.0


class Ensemble:
    """Networks of the same shape, computed at once; `weights` are arrays whose first axis is the network."""

    def __init__(self, models):
        lstms, self.H = [model.lstm for model in models], models[0].lstm.hidden_size
        arrays = [
            [model.embedding.weight for model in models],
            [lstm.weight_ih_l0.T for lstm in lstms],
            [lstm.weight_hh_l0.T for lstm in lstms],
            [(lstm.bias_ih_l0 + lstm.bias_hh_l0)[None] for lstm in lstms],
            [model.output.weight.T for model in models],
            [model.output.bias[None] for model in models],
        ]
        self.weights = [torch.stack(of_each).detach().clone() for of_each in arrays]
        for array in self.weights:
            array.requires_grad_()

    def __call__(self, x, dropout=0.0, recurrent_dropout=0.0):
        """Logits (S, N, T, K) for characters x (S, N, T), or for inputs (S, N, T, D) in place of their embeddings."""
        embedding, W, U, b, V, d = self.weights
        S, N, T = x.shape[:3]
        if x.dim() == 3:
            x = embedding[torch.arange(S)[:, None, None], x]
        x = torch.nn.functional.dropout(x, dropout)
        from_x = torch.baddbmm(b, x.reshape(S, N * T, -1), W).reshape(S, N, T, -1)
        h = c = torch.zeros(S, N, self.H)
        keep = torch.nn.functional.dropout(torch.ones(S, N, self.H), recurrent_dropout)  # one mask for all steps
        y = []
        for z in from_x.unbind(2):
            i, f, g, o = torch.baddbmm(z, h * keep, U).chunk(4, dim=2)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            y.append(h)
        y = torch.nn.functional.dropout(torch.stack(y, dim=2), dropout)
        return torch.baddbmm(d, y.reshape(S, N * T, self.H), V).reshape(S, N, T, -1)


def losses(logits, tags, comment_weight=1.0):
    """The mean cross-entropy (S,) of logits (S, N, T, K)."""
    weight = torch.tensor([1.0, 1.0, comment_weight])
    each = torch.nn.functional.cross_entropy(logits.flatten(0, 2), tags.flatten(), weight, reduction="none")
    return each.reshape(len(logits), -1).sum(1) / weight[tags].reshape(len(logits), -1).sum(1)


def fit(setting, seeds):
    """Train networks with one setting; the history is a dictionary of arrays, as described above.

    Returns
    -------
    networks : Ensemble
        With the weights of the end.
    best : list of tensor
        The weights of each seed's lowest validation loss.
    history : dict of str to array
    """
    setting = BASE | setting
    networks = Ensemble([start(setting, seed) for seed in seeds])
    (x, tags), held = training_set(setting), data("validation", SETTINGS["validation_definitions"])
    rows, S = torch.stack([batches(setting, seed) for seed in seeds]), len(seeds)
    adam = torch.optim.AdamW(networks.weights, weight_decay=setting["decay"])
    every = rows.shape[1] // SETTINGS["evaluations"]
    train, norms, held_loss, held_error, updates = [], [], [], [], []
    best = [array.detach().clone() for array in networks.weights]
    for update in range(rows.shape[1]):
        adam.param_groups[0]["lr"] = setting["learning_rate"] * factor(setting["schedule"], update, rows.shape[1])
        batch = rows[:, update]
        logits = networks(x[batch], setting["dropout"], setting["recurrent_dropout"])
        loss = losses(logits, tags[batch], setting["comment_weight"])
        adam.zero_grad()
        loss.sum().backward()
        train.append(loss.detach())
        norms.append(clip_each(networks.weights, setting["clip"]))
        adam.step()
        if (update + 1) % every == 0:
            with torch.no_grad():
                logits = networks(held[0].expand(S, -1, -1))
            loss = losses(logits, held[1].expand(S, -1, -1))
            better = loss < torch.stack(held_loss).min(dim=0).values if held_loss else torch.ones(S, dtype=bool)
            for array, now in zip(best, networks.weights, strict=True):
                array[better] = now.detach()[better]
            held_loss.append(loss)
            held_error.append((logits.argmax(3) != held[1]).float().mean(dim=(1, 2)))
            updates.append(update + 1)
    pairs = held[1].expand(S, -1, -1) * 3 + logits.argmax(3)
    confusion = np.array([np.bincount(row, minlength=9).reshape(3, 3) for row in pairs.reshape(S, -1).numpy()])
    curves = {"train": train, "norm": norms, "loss": held_loss, "error": held_error}
    history = {name: torch.stack(values, dim=1).numpy() for name, values in curves.items()}
    return networks, best, history | {"updates": np.array(updates), "confusion": confusion}


def clip_each(weights, largest):
    """Clip the gradient of each network to a norm of `largest` (None: not at all), and return the norms before it."""
    norms = torch.stack([array.grad.flatten(1).norm(dim=1) for array in weights]).norm(dim=0)
    if largest is not None:
        for array in weights:
            array.grad.mul_((largest / (norms + 1e-6)).clamp(max=1).view(-1, *[1] * (array.dim() - 1)))
    return norms


def judge(networks):
    """The errors (S,) on the judged definitions, and the error of the averaged probabilities."""
    x, tags = data("judged")
    with torch.no_grad():
        p = networks(x.expand(len(networks.weights[0]), -1, -1)).softmax(dim=3)
    return (p.argmax(3) != tags).float().mean(dim=(1, 2)).numpy(), (p.mean(0).argmax(2) != tags).float().mean().numpy()


def windows():
    """Models that see only the last characters: their validation errors, and the judged error of the best ones."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import OneHotEncoder

    parts = [data("train", BASE["definitions"]), data("validation", SETTINGS["validation_definitions"]), data("judged")]
    errors = np.ones((2, len(SETTINGS["windows"]), 2))  # by model, size of the window, and part
    for column, size in enumerate(SETTINGS["windows"]):
        (x, y), *others = [(window(x.numpy(), size), tags.numpy().ravel()) for x, tags in parts]
        encode = OneHotEncoder(handle_unknown="ignore").fit(x).transform
        tried = [(0, LogisticRegression(C=C, max_iter=300), encode) for C in SETTINGS["window_strengths"]]
        tried.append((1, HistGradientBoostingClassifier(random_state=0), np.asarray))
        for row, model, encoded in tried:
            model.fit(encoded(x), y)
            missed = [(model.predict(encoded(new)) != right).mean() for new, right in others]
            if missed[0] < errors[row, column, 0]:
                errors[row, column] = missed
    best = errors[:, :, 0].argmin(axis=1)
    return errors[:, :, 0], errors[[0, 1], best, 1]


def window(x, size):
    """The last `size` characters before and at each character, (N T, size); -1 before the beginning."""
    padded = np.pad(x, ((0, 0), (size - 1, 0)), constant_values=-1)
    return np.lib.stride_tricks.sliding_window_view(padded, size, axis=1).reshape(-1, size)


def recall_errors(dropout, forget_bias, seeds):
    """The recipe on another task, `recall`: the share of held-out strings with a wrong answer."""
    setting, models = BASE | RECIPE | {"dropout": dropout}, []
    length, updates = SETTINGS["recall"]["length"], SETTINGS["recall"]["updates"]
    for seed in seeds:
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            model = Tagger(2, len(recall.CLASSES), len(recall.SYMBOLS), SETTINGS["hidden_size"])
        initialise.forget_bias(model.lstm, forget_bias)
        models.append(model)
    networks, rng = Ensemble(models), np.random.default_rng(0)
    adam = torch.optim.AdamW(networks.weights, weight_decay=setting["decay"])

    def answered(count, seed, **options):
        made = [recall.batch(count, length, seed) for _ in seeds]
        x, y = (np.array([getattr(batch, name) for batch in made]) for name in ("x", "targets"))
        return networks(torch.tensor(x, dtype=torch.float32), **options)[:, :, -1], torch.tensor(y)

    networks.weights[0].grad = torch.zeros_like(networks.weights[0])
    for update in range(updates):
        adam.param_groups[0]["lr"] = setting["learning_rate"] * factor(setting["schedule"], update, updates)
        dropped = {name: setting[name] for name in ("dropout", "recurrent_dropout")}
        logits, y = answered(setting["batch"], rng, **dropped)
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="sum") / setting["batch"]
        adam.zero_grad(set_to_none=False)
        loss.backward()
        clip_each(networks.weights, setting["clip"])
        adam.step()
    with torch.no_grad():
        logits, y = answered(256, 12345)
    return (logits.argmax(2) != y).float().mean(dim=1).numpy()


def runs(name):
    """All seeds of one setting: its arrays, as described above."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        networks, best, history = fit(CHANGES[name], SETTINGS["seeds"])
    arrays = {f"{name}_{what}": values for what, values in history.items()}
    if name in JUDGED:
        networks.weights = networks.weights if name == "failing" else best
        arrays[f"{name}_judged"], arrays[f"{name}_together"] = judge(networks)
    return arrays


def others():
    """The arrays that belong to no setting."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        errors = np.array([recall_errors(*pair, SETTINGS["seeds"]) for pair in SETTINGS["recall"]["changed"]])
    by_window, judged = windows()
    names = ("seeds", "recall_error", "window_error", "window_judged")
    counts = {"train": max((BASE | changes)["definitions"] for changes in CHANGES.values())}
    counts["validation"] = SETTINGS["validation_definitions"]
    drawn = {f"chosen_{part}": checksums(data(part, count)[0]) for part, count in counts.items()}
    return dict(zip(names, (np.array(SETTINGS["seeds"]), errors, by_window, judged), strict=True)) | drawn


def make():
    """All runs, as described in `lstm_course.results`."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    arrays = others()
    for name in CHANGES:
        arrays |= runs(name)
    torch.set_num_threads(threads)
    return arrays, SETTINGS
