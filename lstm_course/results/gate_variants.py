"""The eight variants of Greff et al. (2017) and the GRU on two tasks, with a learning rate chosen for each.

The vanilla cell is an LSTM of 16 units with peepholes. Each variant removes one thing from it or adds one
(`lstm_course.scratch.variants`), and the GRU is that of PyTorch. A linear layer reads the hidden state.

    stream   the continual embedded Reber grammar: 16 streams, updates of 40 steps, the state carried from one update to
             the next and gradients truncated there; judged on the next 400 steps
    adding   the adding problem with 40 steps: 20 sequences an update, squared error at the last step; judged on 500
             sequences that are the same for all

and two controls, in which the task changes and the cells stay as they are:

    reset    the stream, but the state is emptied before each string
    quiet    the adding problem, but the numbers that are not marked are 0

All start from the same weights: uniform as in PyTorch, biases 0, peepholes 0. Whatever keeps the old cell state starts
with a bias of 1: the forget gate, 1 - i where the two are coupled (so that the bias of i is -1), and the z of the GRU.
All train with Adam, gradients clipped to a norm of 1 for each network, and a learning rate that falls to a tenth for
the last fifth of the updates. The same three learning rates are tried for every cell with seeds 10 to 12, and the one
with the lowest mean loss after the training is the cell's own; adding is judged on 500 other sequences for that. With
it ten other networks are trained, seeds 0 to 9, and only these report. Networks of the same kind are trained side by
side, with one more axis in every array, because for one network of this size most of the time goes into calling NumPy.

Arrays, for each task and cell, such as ``stream_NFG``:

    stream_NFG_sweep   (3, 3)   loss by learning rate, seeds 10 to 12; infinite if it diverged
    stream_NFG_rate    ()       the chosen learning rate, as an index of ``learning_rates``
    stream_NFG_loss    (10,)    loss on the judged data
    stream_NFG_right   (10,)    stream and reset: accuracy where the second letter of the string decides; adding and
                                quiet: share of answers that are off by less than 0.04
    stream_NFG_errors  (10,)    stream and reset: share of wrong predictions; adding and quiet: the loss again
    stream_NFG_curve   (10, 20) loss of the training, means over twentieths of it

    longer_NFG_loss    (10,)    adding at the chosen rate with 2,100 updates, also for vanilla and NIG
    stream_NOAF_lower  (3,)     loss at a rate of 0.003, seeds 10 to 12, also for NOG and FGR on adding: cells that did
                                best at the lowest of the three rates
    start_vanilla_loss (10,)    adding at the chosen rate, with a bias of -1 for the input gate, as CIFG starts

and the weights of the ten vanilla networks, for the stream and for adding:

    stream_weights_W   (10, D, 64), and U (10, 16, 64), b (10, 64), p (10, 3, 16), V (10, 16, K), a (10, K), with the
                       gates in the order i, f, o, g
"""

import numpy as np

from ..tasks import adding, continual_reber
from ..tasks.reber import SYMBOLS
from .gate_networks import CELLS, Networks, rows

SETTINGS = {
    "hidden_size": 16,
    "keep_bias": 1.0,
    "stream": {"batch_size": 16, "steps": 40, "updates": 300, "judged_steps": 400},
    "adding": {"batch_size": 20, "steps": 40, "updates": 700, "judged": 500, "judged_seed": 777, "choosing_seed": 778},
    "longer": 3,
    "learning_rates": [0.01, 0.03, 0.1],
    "lower_rate": 0.003,
    "coupled_start": -1.0,
    "last_part": 0.2,
    "last_factor": 0.1,
    "max_norm": 1.0,
    "choosing_seeds": [10, 11, 12],
    "seeds": list(range(10)),
}
CONTROLS = {"reset": ("vanilla", "NFG"), "quiet": ("vanilla", "NIG")}
LONGER = ("vanilla", "NIG", "NFG")  # trained on adding once more, with three times the updates
LOWER = (("stream", "NOAF"), ("adding", "NOG"), ("adding", "FGR"))  # whose best rate is the lowest of those tried
TASKS = {"stream": (7, 7), "reset": (7, 7), "adding": (2, 1), "quiet": (2, 1)}  # inputs, outputs
_BEGIN, _END = SYMBOLS.index("B"), SYMBOLS.index("E")


class Source:
    """The data of one task: those of its seed for each network.

    Parameters
    ----------
    task : str
        One of `TASKS`.
    seeds : list of int
        One for each network.
    """

    def __init__(self, task, seeds):
        self.task, self.different, N = task, sorted(set(seeds)), SETTINGS["stream"]["batch_size"]
        self.of_network = [self.different.index(seed) for seed in seeds]
        self.streams = [continual_reber.Stream(N, 2000 + seed) for seed in self.different]
        self.rngs = [np.random.default_rng(2000 + seed) for seed in self.different]
        self.ended = np.ones((len(self.different), 1, N), bool)  # whether the last letter was an E

    def letters(self, steps):
        """A piece of the streams.

        Returns
        -------
        batches : list of continual_reber.Batch
            One for each network, some of them the same.
        x : (S, T, N, 7) array
        targets : (S, T, N) array of int
        keep : (S, T, N, 1) array or None
            For the task ``reset``: 0 where a string starts, which is a B after an E; else 1.
        """
        batches = [stream.next(steps) for stream in self.streams]
        x = np.array([batch.x for batch in batches], np.float32).swapaxes(1, 2)
        targets = np.array([batch.targets for batch in batches]).swapaxes(1, 2)[self.of_network]
        ended = np.concatenate([self.ended, x[..., _END] > 0], axis=1)
        self.ended, keep = ended[:, -1:], None
        if self.task == "reset":
            starts = ended[:, :-1] & (x[..., _BEGIN] > 0)
            keep = (~starts[..., None]).astype(np.float32)[self.of_network]
        return [batches[k] for k in self.of_network], x[self.of_network], targets, keep

    def sums(self):
        """A batch of the adding problem for each network: x (S, T, N, 2) and targets (S, N, 1)."""
        settings = SETTINGS["adding"]
        made = [adding.batch(settings["batch_size"], settings["steps"], rng) for rng in self.rngs]
        x, targets = _sums(made, self.task)
        return x[self.of_network], targets[self.of_network]


def _sums(batches, task):
    x = np.array([batch.x for batch in batches], np.float32).swapaxes(1, 2)
    if task == "quiet":
        x[..., 0] *= x[..., 1]
    return x, np.array([batch.targets for batch in batches], np.float32)


def losses_and_gradients(networks, source, states):
    """For the next data of the task: the loss of each network (S,), the gradients, and the states to go on from."""
    V, a = networks.weights["V"], networks.weights["a"]
    if source.task in ("adding", "quiet"):
        x, targets = source.sums()
        y, _, cache = networks.run(x, networks.start(x.shape[2]))
        difference = y[:, -1] @ V + a - targets
        losses, states = (difference**2).mean(axis=(1, 2)), None
        read, d = y[:, -1:], 2 * difference[:, None] / targets.shape[1]
        dy = np.zeros_like(y)
        dy[:, -1] = d[:, 0] @ V.swapaxes(1, 2)
    else:
        _, x, targets, keep = source.letters(SETTINGS["stream"]["steps"])
        y, states, cache = networks.run(x, states or networks.start(x.shape[2]), keep)
        losses, d = _cross_entropy(_outputs(networks, y), targets)
        dy, read = (rows(d) @ V.swapaxes(1, 2)).reshape(y.shape), y
    grads = networks.gradients(dy, cache)
    grads |= {"V": rows(read).swapaxes(1, 2) @ rows(d), "a": rows(d).sum(axis=1, keepdims=True)}
    return losses, grads, states


def _outputs(networks, y):
    """The linear layer, at all steps: (S, T, N, H) to (S, T, N, K)."""
    return (rows(y) @ networks.weights["V"] + networks.weights["a"]).reshape(*y.shape[:3], -1)


def _cross_entropy(outputs, targets):
    """The mean loss of each network (S,), and its gradient, from outputs (S, T, N, K) and targets (S, T, N)."""
    shares = np.exp(outputs - outputs.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    right = np.take_along_axis(shares, targets[..., None], axis=-1)[..., 0]
    losses = -np.log(np.maximum(right, 1e-30)).mean(axis=(1, 2))
    gradients = (shares - np.eye(outputs.shape[-1], dtype=np.float32)[targets]) / (targets.shape[1] * targets.shape[2])
    return losses, gradients


def train(cell, task, seeds, rates, updates=None, progress=iter, input_bias=0.0):
    """Train networks of one cell side by side.

    Parameters
    ----------
    cell, task : str
        Of `CELLS` and `TASKS`.
    seeds : list of int
        Of the weights and the data, one for each network.
    rates : list of float
        Learning rates, one for each network.
    updates : int, optional
        By default as in `SETTINGS`.
    progress : callable
        Wraps the range of updates, as ``tqdm`` does.
    input_bias : float
        As for `Networks`.

    Returns
    -------
    networks : Networks
    curve : (updates, S) array
        The training losses.
    rest : tuple
        The source of the data and the states at its present step, for `judge`.
    """
    settings = SETTINGS["adding" if task in ("adding", "quiet") else "stream"]
    updates = settings["updates"] if updates is None else updates
    (D, K), source, states = TASKS[task], Source(task, seeds), None
    networks = Networks(cell, (D, SETTINGS["hidden_size"], K), seeds, SETTINGS["keep_bias"], input_bias)
    weights, curve = networks.weights, []
    first, second = ({name: np.zeros_like(weight) for name, weight in weights.items()} for _ in range(2))
    rates = np.array(rates, np.float32)
    with np.errstate(all="ignore"):  # a network that diverges does so by itself
        for update in progress(range(1, updates + 1)):
            losses, grads, states = losses_and_gradients(networks, source, states)
            curve.append(losses)
            norms = np.sqrt(sum((grad**2).reshape(len(rates), -1).sum(axis=1) for grad in grads.values()))
            shrink = np.minimum(1, SETTINGS["max_norm"] / (norms + 1e-6))
            rate = rates * (SETTINGS["last_factor"] if update > (1 - SETTINGS["last_part"]) * updates else 1)
            for name, grad in grads.items():  # Adam, with a learning rate for each network
                each = (-1, *[1] * (grad.ndim - 1))
                grad = grad * shrink.reshape(each)
                first[name] += 0.1 * (grad - first[name])
                second[name] += 0.001 * (grad**2 - second[name])
                size = np.sqrt(second[name] / (1 - 0.999**update)) + 1e-8
                weights[name] -= rate.reshape(each) * first[name] / (1 - 0.9**update) / size
    return networks, np.array(curve), (source, states)


def judge(networks, source, states, held_seed=SETTINGS["adding"]["judged_seed"]):
    """Loss, share of right answers and share of errors of each network after training, (3, S), as described above."""
    V, a = networks.weights["V"], networks.weights["a"]
    with np.errstate(all="ignore"):
        if source.task in ("adding", "quiet"):
            settings = SETTINGS["adding"]
            held = adding.batch(settings["judged"], settings["steps"], held_seed)
            x, targets = _sums([held] * len(V), source.task)
            y = networks.run(x, networks.start(x.shape[2]))[0]
            off = y[:, -1] @ V + a - targets
            loss = errors = (off**2).mean(axis=(1, 2))
            right = (np.abs(off) < adding.CORRECT).mean(axis=(1, 2))
        else:
            batches, x, targets, keep = source.letters(SETTINGS["stream"]["judged_steps"])
            outputs = _outputs(networks, networks.run(x, states, keep)[0])
            loss = _cross_entropy(outputs, targets)[0]
            outputs = np.nan_to_num(outputs).swapaxes(1, 2)
            scores = [continual_reber.score(out, batch) for out, batch in zip(outputs, batches, strict=True)]
            right = [score.long_range for score in scores]
            errors = [score.errors_per_symbol for score in scores]
    return np.array([np.where(np.isfinite(loss), loss, np.inf), right, errors])


def one(cell, task):
    """Choose a learning rate for one cell on one task, then train it with all seeds: the arrays described above."""
    rates, choosing, seeds = (SETTINGS[name] for name in ("learning_rates", "choosing_seeds", "seeds"))
    networks, _, rest = train(cell, task, choosing * len(rates), np.repeat(rates, len(choosing)))
    sweep = judge(networks, *rest, SETTINGS["adding"]["choosing_seed"])[0].reshape(len(rates), len(choosing))
    rate = int(sweep.mean(axis=1).argmin())
    networks, curve, rest = train(cell, task, seeds, [rates[rate]] * len(seeds))
    loss, right, errors = judge(networks, *rest)
    curve = curve.reshape(20, -1, len(seeds)).mean(axis=1).T
    arrays = {"sweep": sweep, "rate": rate, "loss": loss, "right": right, "errors": errors, "curve": curve}
    if cell == "vanilla" and task in ("stream", "adding"):
        for name in ("W", "U", "b", "p", "V", "a"):
            weight = networks.weights[name]
            arrays[f"weights_{name}"] = weight.squeeze(axis=-2) if name in ("b", "p", "a") else weight
    return arrays


def longer(cell, rate):
    """The losses (10,) on adding after more updates, at the learning rate with that index."""
    seeds, updates = SETTINGS["seeds"], SETTINGS["longer"] * SETTINGS["adding"]["updates"]
    networks, _, rest = train(cell, "adding", seeds, [SETTINGS["learning_rates"][rate]] * len(seeds), updates)
    return judge(networks, *rest)[0]


def lower(task, cell):
    """The losses (3,) of the choosing seeds at a rate below those that were tried."""
    seeds = SETTINGS["choosing_seeds"]
    networks, _, rest = train(cell, task, seeds, [SETTINGS["lower_rate"]] * len(seeds))
    return judge(networks, *rest, SETTINGS["adding"]["choosing_seed"])[0]


def coupled_start(rate):
    """The losses (10,) of the full cell on adding if its input gate starts as low as that of CIFG."""
    seeds, rates = SETTINGS["seeds"], [SETTINGS["learning_rates"][rate]] * len(SETTINGS["seeds"])
    networks, _, rest = train("vanilla", "adding", seeds, rates, input_bias=SETTINGS["coupled_start"])
    return judge(networks, *rest)[0]


def make():
    """All runs, as described in `lstm_course.results`."""
    arrays = {"seeds": np.array(SETTINGS["seeds"])}
    for task in TASKS:
        for cell in CONTROLS.get(task, CELLS):
            for name, array in one(cell, task).items():
                array = np.asarray(array)
                array = array.astype(np.float32) if array.dtype.kind == "f" else array
                arrays[f"{task}_{name}" if name.startswith("weights") else f"{task}_{cell}_{name}"] = array
    for cell in LONGER:
        arrays[f"longer_{cell}_loss"] = longer(cell, arrays[f"adding_{cell}_rate"]).astype(np.float32)
    for task, cell in LOWER:
        arrays[f"{task}_{cell}_lower"] = lower(task, cell).astype(np.float32)
    arrays["start_vanilla_loss"] = coupled_start(arrays["adding_vanilla_rate"]).astype(np.float32)
    return arrays, SETTINGS
