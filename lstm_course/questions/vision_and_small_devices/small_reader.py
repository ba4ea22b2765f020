"""18-small-reader (blank page): a network with at most 1,000 numbers, judged on digits that the answer never sees."""

import numpy as np
import torch
from sklearn.datasets import load_digits

from ..question import Mistake, Output, Question

BAR = 0.85  # share of the new digits that the network has to name
LIMIT = 1000  # numbers that aren't zero
NAMES = ("W_x", "W_h", "b", "V", "d")


def _cases(rng):
    """Digits row by row, whose columns and names are drawn in another order each time."""
    x, y = load_digits(return_X_y=True)
    columns, names, order = rng.permutation(8), rng.permutation(10), rng.permutation(len(x))[:1500]
    x, y = x[order].reshape(-1, 8, 8)[:, :, columns] / 16, names[y[order]]
    return [dict(x=x[:1000], y=y[:1000], limit=LIMIT, new_x=x[1000:], new_y=y[1000:])]


def _run(x, W_x, W_h, b, V, d):
    """PyTorch's answers for digits x (N, 8, 8)."""
    layer = torch.nn.LSTM(8, len(b) // 4, batch_first=True, dtype=torch.float64)
    values = {"weight_ih_l0": W_x, "weight_hh_l0": W_h, "bias_ih_l0": b, "bias_hh_l0": 0 * b}
    layer.load_state_dict({name: torch.tensor(value, dtype=torch.float64) for name, value in values.items()})
    with torch.no_grad():
        h = layer(torch.tensor(x))[0][:, -1].numpy()
    return (h @ np.asarray(V, float).T + d).argmax(axis=1)


def _observe(case, *returned):
    arrays = dict(zip(NAMES, returned, strict=True))
    H = len(arrays["b"]) // 4 if arrays["b"].ndim == 1 else 0
    wanted = {"W_x": (4 * H, 8), "W_h": (4 * H, H), "b": (4 * H,), "V": (10, H), "d": (10,)}
    for name, shape in wanted.items():
        if H < 1 or arrays[name].shape != shape:
            text = ", ".join(f"`{each}` {arrays[each].shape}" for each in NAMES)
            raise ValueError(f"The shapes don't fit together: {text}. Wanted (4H, 8), (4H, H), (4H,), (10, H), (10,).")
        if not np.isfinite(arrays[name]).all():
            raise ValueError(f"`{name}` contains a number that is not finite.")
    count = sum(int(np.count_nonzero(array)) for array in returned)
    if count > case["limit"]:
        raise ValueError(f"Your network has {count:,} numbers that aren't zero; at most {case['limit']:,} may be left.")
    share = (_run(case["new_x"], *returned) == case["new_y"]).mean()
    return (np.array(min(share, BAR)),)


def _small(rng, H=11):
    return [rng.normal(size=shape) * 0.3 for shape in ((4 * H, 8), (4 * H, H), (4 * H,), (10, H), (10,))]


def _untrained(x, y, limit):
    """Weights as PyTorch starts them, between plus and minus one over the square root of H."""
    rng, H = np.random.default_rng(0), 11
    return tuple(rng.uniform(-1, 1, part.shape) / H**0.5 for part in _small(rng))


def _one_answer(x, y, limit):
    parts = [0 * part for part in _small(np.random.default_rng(0))]
    parts[4] = np.bincount(y, minlength=10) * 1.0
    return tuple(parts)


def _only_the_output(x, y, limit):
    """A fixed LSTM, and a linear layer that is fitted to its last output."""
    parts = _small(np.random.default_rng(1))
    layer = torch.nn.LSTM(8, 11, batch_first=True, dtype=torch.float64)
    values = dict(zip(("weight_ih_l0", "weight_hh_l0", "bias_ih_l0"), parts[:3], strict=True))
    layer.load_state_dict({k: torch.tensor(v) for k, v in (values | {"bias_hh_l0": 0 * parts[2]}).items()})
    with torch.no_grad():
        h = layer(torch.tensor(x))[0][:, -1].numpy()
    fitted = np.linalg.lstsq(np.column_stack([h, np.ones(len(h))]), np.eye(10)[y], rcond=None)[0]
    return (*parts[:3], fitted[:-1].T, fitted[-1])


SMALL_READER = Question(
    id="18-small-reader",
    name="train_small_reader",
    points=5,
    seconds=120.0,
    outputs=(Output("share of right answers", ()),),
    returns=NAMES,
    withheld=("new_x", "new_y"),
    cases=_cases,
    reference=lambda **case: (np.array(BAR),),
    observe=_observe,
    tolerance=0.0,
    margin=1e-9,
    mistakes=(
        Mistake(
            "one answer for all",
            "Your network gives the same answer for every digit.",
            _one_answer,
            recognise=lambda W_x, W_h, b, V, d: V.size > 0 and np.ptp(V, axis=0).max() < 1e-9,
        ),
        Mistake(
            "never trained",
            "Your recurrent weights are no larger than PyTorch's starting values. Do they come from the trained model?",
            _untrained,
            recognise=lambda W_x, W_h, b, V, d: W_h.size > 0 and np.abs(W_h).max() <= 1.001 * W_h.shape[1] ** -0.5,
        ),
        Mistake(
            "only the output layer is trained",
            "Only the linear layer is fitted, and the LSTM keeps its random weights. That isn't enough here.",
            _only_the_output,
        ),
    ),
    hints=(
        "How many numbers does an LSTM with H units and a linear layer on it have, with one bias vector? For which H "
        "is that at most 1,000?",
        "It is 4H(8 + H + 1) + 10(H + 1): 1,000 for H = 11. Then train it well: for how many epochs, "
        "and at which learning rate?",
        "`model = Reader(11)`, `fit(model, x, y, learning_rate=0.03, epochs=40)`, and return `parts(model)`.",
    ),
    explain_right="With a thousand numbers, your network reads digits that it has never seen.",
)
