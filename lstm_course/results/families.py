"""Families of sequence models with about 26,000 parameters each, on a task for a state and a task for attention::

    parity   is the number of ones so far odd? Trained on strings of 2 to 20 bits, a length for each update; judged up
             to step 1,000
    recall   associative recall of 8 pairs, of 16 keys and 16 values

All networks are `nets.families.Network`; all are trained with the same number of updates on the same data: batches of
32, Adam, gradients clipped to a norm of 1, a rate that rises for 50 updates and falls along a cosine. Every 50 updates
they are judged on validation sequences; a network that has solved the task there four times in a row stops. Three
learning rates are tried for each family on each task, with two seeds that don't report and fewer updates; the rate with
the highest mean validation accuracy is taken (on parity, of strings of 20 and of 100 bits), and among equals the one
that needed fewer updates. Networks of a family are trained side by side.

Controls, on parity alone: ``minLSTM unsigned`` is ``minLSTM signed`` but for the range of its forget gate, 0 to 1 in
place of -1 to 1. Both start from the same gates. ``input-gated LSTM`` is an LSTM without W h, once with each range.

Arrays, for each task and family, such as ``parity_minLSTM_signed_right`` (`key` makes the names)::

    *_tried         (3, 2)     what the rate is chosen by, by learning rate and seed
    *_rate          ()         the chosen rate, as an index of ``learning_rates``
    *_right         (S,)       accuracy on the test data at the end; on parity over steps 1 to 20
    *_updates       (S,)       updates until the task was solved, the first of the four checks; -1 if it never was
    *_curve         (S, C)     validation accuracy by update, every 50; NaN after the end
    *_adds          ()         multiply-adds of one update in millions, forwards and backwards, at the mean length
    *_parameters    ()
    parity_*_steps  (S, 1000)  accuracy at each step
    *_network       (P,)       half precision: all parameters of the first seed's network, for some families
    recall_*_longer_right, _longer_updates, _longer_curve
                               with three times the updates at the same rate, for `LONGER`
    seeds           (10,)      and those of each task: parity_seeds (10,), recall_seeds (5,)
"""

import copy

import numpy as np
import torch
from torch.func import functional_call, stack_module_state, vmap
from torch.nn import functional as F

from ..nets import families
from ..scratch import schedules
from ..tasks import associative_recall, parity
from . import load

SETTINGS = {
    "batch": 32,
    "parity": {
        "shortest": 2,
        "longest": 20,
        "updates": 600,
        "tried_updates": 400,
        "solved": 0.999,
        "judged": 64,
        "networks": 10,
    },
    "recall": {"pairs": 8, "updates": 1200, "tried_updates": 500, "solved": 0.99, "judged": 1000, "networks": 5},
    "lengths": [20, 40, 200, 1000],
    "longer": 3,
    "every": 50,
    "checks": 4,
    "validation": 128,
    "longer_validation": 100,
    "validation_seed": 901,
    "judged_seed": 902,
    "warmup": 50,
    "floor": 0.02,
    "max_norm": 1.0,
    "learning_rates": [0.001, 0.003, 0.01],
    "tried_seeds": [20, 21],
    "seeds": list(range(10)),
}
SIZES = {"parity": (2, 2), "recall": (len(associative_recall.SYMBOLS), len(associative_recall.VALUES))}
RUNS = {  # what is stored; `one` runs any other family as well
    "parity": (
        "LSTM",
        "transformer",
        "minLSTM",
        "minLSTM signed",
        "sLSTM",
        "mLSTM",
        "LSTM + block",
        "minLSTM unsigned",
        "input-gated LSTM",
        "input-gated LSTM signed",
    ),
    "recall": ("LSTM", "transformer", "mLSTM", "LSTM + attention", "LSTM + block"),
}
LONGER = ("LSTM", "transformer", "LSTM + attention")  # those that didn't solve recall, once more and for longer
KEPT = {
    "parity": ("LSTM", "transformer", "minLSTM", "minLSTM signed"),
    "recall": ("LSTM", "transformer", "LSTM + block"),
}


def key(task, family, what):
    """The name of an array, such as ``recall_LSTM_block_right``."""
    return "_".join([task, *family.replace("+", " ").replace("-", " ").split(), what])


def seeds_of(task):
    """The seeds of the networks that report on a task: the first of all."""
    return SETTINGS["seeds"][: SETTINGS[task]["networks"]]


def sequences(task, count, seed, length=None):
    """Sequences of a task as tensors: x (N, T, D), targets (N, T), and where they are judged (N, T)."""
    if task == "parity":
        made = parity.batch(count, length or SETTINGS["parity"]["longest"], seed)
        judged = np.ones(made.targets.shape, bool)
    else:
        made = associative_recall.batch(count, length or SETTINGS["recall"]["pairs"], seed)
        judged = made.judged
    return torch.tensor(made.x, dtype=torch.float32), torch.tensor(made.targets), torch.tensor(judged)


class SideBySide:
    """Networks of one family, with one more axis in every parameter.

    Parameters
    ----------
    task, family : str
    seeds : list of int

    Attributes
    ----------
    weights : dict of str to tensor
        Each with the networks as its first axis.
    """

    def __init__(self, task, family, seeds):
        networks = []
        for seed in seeds:
            with torch.random.fork_rng():
                torch.manual_seed(seed)
                networks.append(families.Network(family, *SIZES[task]))
        self.weights = {name: weight.detach().clone() for name, weight in stack_module_state(networks)[0].items()}
        self.network = copy.deepcopy(networks[0])
        self.fused = any(isinstance(module, torch.nn.LSTM) for module in self.network.modules())  # which vmap can't run

    def __call__(self, x, weights=None):
        """Logits (S, N, T, K) for x (S, N, T, D), or for the same x (N, T, D) for all."""
        weights = self.weights if weights is None else weights
        S = len(next(iter(weights.values())))
        x = x.expand(S, *x.shape) if x.dim() == 3 else x
        if self.fused:
            one = [{name: weight[s] for name, weight in weights.items()} for s in range(S)]
            return torch.stack([functional_call(self.network, w, (each,)) for w, each in zip(one, x, strict=True)])
        return vmap(lambda w, each: functional_call(self.network, w, (each,)))(weights, x)


def accuracies(logits, targets, judged):
    """The share of right answers of each network (S,), for logits (S, N, T, K)."""
    return (logits.argmax(dim=-1) == targets)[:, judged].float().mean(dim=1)


def train(task, family, seeds, rates, updates, progress=iter):
    """Train networks of one family side by side.

    Parameters
    ----------
    task, family : str
    seeds : list of int
        Of the parameters and the data, one for each network.
    rates : list of float
        One for each network.
    updates : int
    progress : callable
        Wraps the range of updates, as ``tqdm`` does.

    Returns
    -------
    networks : SideBySide
    curve : (S, C) array
        Validation accuracy after every 50 updates; NaN after the end.
    solved : (S,) array of int
        Updates until the task was solved, or -1.
    """
    every, checks, count = (SETTINGS[name] for name in ("every", "checks", "batch"))
    networks, lengths = SideBySide(task, family, seeds), np.random.default_rng(7)
    rngs = [np.random.default_rng(1000 + seed) for seed in seeds]
    held = sequences(task, SETTINGS["validation"], SETTINGS["validation_seed"])
    schedule = schedules.warmup(SETTINGS["warmup"], schedules.cosine(updates - SETTINGS["warmup"], SETTINGS["floor"]))
    curve, final = np.full((len(seeds), updates // every), np.nan), networks.weights
    going, weights = torch.arange(len(seeds)), {name: weight.clone() for name, weight in final.items()}
    first, second = ({name: torch.zeros_like(weight) for name, weight in final.items()} for _ in range(2))
    for update in progress(range(1, updates + 1)):
        span = SETTINGS["parity"]["shortest"], SETTINGS["parity"]["longest"]
        length = int(lengths.integers(*span, endpoint=True)) if task == "parity" else None
        data = [sequences(task, count, rngs[s], length) for s in going]
        x, targets, judged = (torch.stack(part) for part in zip(*data, strict=True))
        for weight in weights.values():
            weight.requires_grad_(True)
        losses = F.cross_entropy(networks(x, weights)[judged], targets[judged])
        grads = dict(zip(weights, torch.autograd.grad(losses * len(going), weights.values()), strict=True))
        with torch.no_grad():
            norms = sum(grad.flatten(1).square().sum(dim=1) for grad in grads.values()).sqrt()
            shrink = (SETTINGS["max_norm"] / (norms + 1e-6)).clamp(max=1)
            rate = torch.tensor([rates[s] for s in going], dtype=torch.float32) * float(schedule(update - 1))
            for name, grad in grads.items():  # Adam, with a learning rate for each network
                each = (-1, *[1] * (grad.dim() - 1))
                grad = grad * shrink.view(each)
                first[name].lerp_(grad, 0.1)
                second[name].lerp_(grad.square(), 0.001)
                size = (second[name] / (1 - 0.999**update)).sqrt() + 1e-8
                weights[name] = weights[name].detach() - rate.view(each) * first[name] / (1 - 0.9**update) / size
            if update % every == 0:
                right = accuracies(networks(held[0], weights), *held[1:])
                rows = going.numpy()  # as a tensor, a single row would be taken for a number
                curve[rows, update // every - 1] = right.numpy()
                for name, weight in weights.items():
                    final[name][going] = weight
                latest = curve[rows, max(0, update // every - checks) : update // every]
                left = torch.tensor((latest < SETTINGS[task]["solved"]).any(axis=1) | (latest.shape[1] < checks))
                going = going[left]
                weights, first, second = ({n: w[left] for n, w in of.items()} for of in (weights, first, second))
        if len(going) == 0:
            break
    stopped = np.isnan(curve[:, -1]) | (curve[:, -checks:] >= SETTINGS[task]["solved"]).all(axis=1)
    ends = (~np.isnan(curve)).sum(axis=1)
    return networks, curve, np.where(stopped, (ends - checks + 1) * every, -1)


def validate(task, networks):
    """What the learning rate is chosen by (S,): validation accuracy, on parity the mean of 20 and of 100 steps."""
    lengths = (None, SETTINGS["longer_validation"]) if task == "parity" else (None,)
    with torch.no_grad():
        right = []
        for length in lengths:
            x, *rest = sequences(task, SETTINGS["validation"], SETTINGS["validation_seed"], length)
            right.append(accuracies(networks(x), *rest))
    return torch.stack(right).mean(dim=0).numpy()


def judge(task, networks, rows=16):
    """Test accuracy by network: on recall (S,), on parity at each step (S, 1000)."""
    length = SETTINGS["lengths"][-1] if task == "parity" else None
    x, targets, judged = sequences(task, SETTINGS[task]["judged"], SETTINGS["judged_seed"], length)
    right = []
    with torch.no_grad():
        for s in range(len(next(iter(networks.weights.values())))):
            one = {name: weight[s : s + 1] for name, weight in networks.weights.items()}
            answers = torch.cat([networks(part, one)[0].argmax(dim=-1) for part in x.split(rows)])
            right.append((answers == targets).numpy())
    right = np.array(right)
    return right.mean(axis=1) if task == "parity" else right[:, judged.numpy()].mean(axis=1)


def one(task, family):
    """Choose a learning rate for one family on one task, then train it with all seeds: the arrays described above."""
    rates, trying, seeds = SETTINGS["learning_rates"], SETTINGS["tried_seeds"], seeds_of(task)
    updates, tried_updates = SETTINGS[task]["updates"], SETTINGS[task]["tried_updates"]
    networks, _, solved = train(task, family, trying * len(rates), np.repeat(rates, len(trying)), tried_updates)
    tried = validate(task, networks).reshape(len(rates), -1)
    needed = np.where(solved < 0, tried_updates, solved).reshape(len(rates), -1)
    rate = int(np.lexsort([needed.mean(axis=1), -tried.mean(axis=1).round(3)])[0])
    networks, curve, solved = train(task, family, seeds, [rates[rate]] * len(seeds), updates)
    arrays = {"tried": tried, "rate": rate, "updates": solved, "curve": curve.astype(np.float32)}
    right = judge(task, networks)
    if task == "parity":
        arrays["steps"] = right.astype(np.float32)
        right = right[:, : SETTINGS["lengths"][0]].mean(axis=1)
    settings = SETTINGS[task]
    length = (settings["shortest"] + settings["longest"]) / 2 if task == "parity" else 3 * settings["pairs"]
    arrays |= {"right": right, "parameters": families.parameters(networks.network)}
    arrays["adds"] = 3 * SETTINGS["batch"] * families.multiply_adds(networks.network, int(length)) / 1e6
    if family in KEPT[task]:
        arrays["network"] = torch.cat([weight[0].flatten() for weight in networks.weights.values()]).half().numpy()
    return {key(task, family, name): np.asarray(array) for name, array in arrays.items()}


def longer(family, rate):
    """Train one family on recall with three times the updates, at the learning rate that was chosen before."""
    seeds, updates = seeds_of("recall"), SETTINGS["longer"] * SETTINGS["recall"]["updates"]
    networks, curve, solved = train("recall", family, seeds, [SETTINGS["learning_rates"][rate]] * len(seeds), updates)
    arrays = {"right": judge("recall", networks), "updates": solved, "curve": curve.astype(np.float32)}
    return {key("recall", family, f"longer_{name}"): array for name, array in arrays.items()}


def network(task, family):
    """The trained network of the first seed, for a task and family of `KEPT`."""
    network = families.Network(family, *SIZES[task])
    torch.nn.utils.vector_to_parameters(
        torch.tensor(load("families")[key(task, family, "network")]).float(), network.parameters()
    )
    return network.eval()


def make():
    """All runs, as described in `lstm_course.results`."""
    arrays = {"seeds": np.array(SETTINGS["seeds"])} | {f"{task}_seeds": np.array(seeds_of(task)) for task in RUNS}
    for task, kinds in RUNS.items():
        for family in kinds:
            arrays |= one(task, family)
    for family in LONGER:
        arrays |= longer(family, int(arrays[key("recall", family, "rate")]))
    return arrays, SETTINGS
