"""Other right ways of writing the answers of lesson 06."""

import math

import numpy as np
import torch

from .ways import as_lists, in_float32, math_sigmoid, spoiling, talking, tensors

# --- 06-noisy-horizon -------------------------------------------------------------------------------------------


def horizon_by_quadrature(b, w, share):
    x, weights = np.polynomial.hermite_e.hermegauss(80)
    mean = -(weights * np.logaddexp(0, -(b + w * x))).sum() / weights.sum()
    return math.log(share) / mean


def horizon_by_a_sum(b, w, share):
    x = np.linspace(-8, 8, 4001)
    density = np.exp(-(x**2) / 2)
    f = [math_sigmoid(b + w * value) for value in x]
    return np.log(share) / np.average(np.log(f), weights=density)


def horizon_by_running_a_cell(b, w, share):
    """Multiply gates, with many cells side by side, and see how far the product has got after 200 steps."""
    rng, kept = np.random.default_rng(4), np.zeros(1000)
    for _ in range(200):
        kept += np.log(1 / (1 + np.exp(-(b + w * rng.normal(size=1000)))))
    return 200 * np.log(share) / kept.mean()


def horizon_in_torch(b, w, share):
    z = b + w * torch.randn(200_000, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    return math.log(share) / torch.nn.functional.logsigmoid(z).mean()


NOISY_HORIZON = {
    "quadrature": horizon_by_quadrature,
    "a sum over the density": horizon_by_a_sum,
    "by running a cell": horizon_by_running_a_cell,
    "torch": horizon_in_torch,
    "lists": as_lists(horizon_by_quadrature),
    "prints and warns": talking(horizon_by_quadrature),
}


# --- 06-chrono-biases -------------------------------------------------------------------------------------------


def chrono_in_a_loop(r, longest):
    H = len(r)
    b = [0.0] * (4 * H)
    for k, share in enumerate(r):
        u = (1 - share) * 1 + share * (longest - 1)
        b[k], b[H + k] = -math.log(u), math.log(u)
    return b


def chrono_by_the_gate(r, longest):
    """The bias for which the gate stands at u / (1 + u)."""
    u = 1 + r * (longest - 2)
    f = u / (1 + u)
    b = np.zeros((4, len(r)))
    b[1] = np.log(f / (1 - f))
    b[0] -= b[1]
    return b.ravel()


def chrono_in_torch(r, longest):
    (r,) = tensors(r)
    b_f = torch.log1p(r * (longest - 2))
    return torch.cat([-b_f, b_f, torch.zeros(2 * len(r), dtype=torch.float64)])


def chrono_in_place(r, longest):
    r *= longest - 2
    r += 1
    np.log(r, out=r)
    return np.outer([-1, 1, 0, 0], r).flatten()


CHRONO_BIASES = {
    "loop": chrono_in_a_loop,
    "by the gate": chrono_by_the_gate,
    "torch": chrono_in_torch,
    "in place": chrono_in_place,
    "float32": in_float32(chrono_by_the_gate),
    "lists": as_lists(chrono_by_the_gate),
    "prints and warns": talking(chrono_by_the_gate),
    "spoils its arguments": spoiling(chrono_by_the_gate),
}


# --- 06-room-to-move --------------------------------------------------------------------------------------------


def room_in_loops(i, f, g, o):
    N, T, H = i.shape
    room = np.zeros((4, H))
    for k, gate in enumerate((i, f, g, o)):
        for n in range(N):
            for t in range(T):
                for unit in range(H):
                    s = gate[n, t, unit]
                    slope = 1 - s * s if k == 2 else s * (1 - s) / 0.25
                    room[k, unit] = max(room[k, unit], slope)
    return room


def room_by_the_nearest_to_the_middle(i, f, g, o):
    """A slope is largest where the value is nearest to the middle of its range."""
    distance = [np.abs(2 * gate - 1).min(axis=0).min(axis=0) for gate in (i, f, o)]
    distance.insert(2, np.abs(g).min(axis=(0, 1)))
    return 1 - np.square(distance)


def room_in_torch(i, f, g, o):
    """As the derivative of the functions at their arguments."""
    i, f, g, o = tensors(i, f, g, o)
    rows = [4 * gate * (1 - gate) for gate in (i, f)] + [(1 + g) * (1 - g), 4 * (o - o**2)]
    return torch.stack(rows).flatten(1, 2).amax(dim=1)


ROOM_TO_MOVE = {
    "loops": room_in_loops,
    "nearest to the middle": room_by_the_nearest_to_the_middle,
    "torch": room_in_torch,
    "float32": in_float32(room_by_the_nearest_to_the_middle),
    "lists": as_lists(room_by_the_nearest_to_the_middle),
    "prints and warns": talking(room_by_the_nearest_to_the_middle),
    "spoils its arguments": spoiling(room_by_the_nearest_to_the_middle),
}


# --- 06-last-key ------------------------------------------------------------------------------------------------


def keys_by_an_lstm_that_starts_open(x, y, new_x, longest):
    """Another network and batch, and time scales that are spread evenly instead of drawn."""
    with torch.random.fork_rng():
        torch.manual_seed(3)
        layer, output = torch.nn.LSTM(x.shape[2], 24, batch_first=True), torch.nn.Linear(24, 3)
    with torch.no_grad():
        memories = torch.log(torch.linspace(1, longest - 1, 24))
        layer.bias_hh_l0.zero_()
        layer.bias_ih_l0.copy_(torch.cat([-memories, memories, torch.zeros(48)]))
    adam = torch.optim.Adam([*layer.parameters(), *output.parameters()], lr=0.01)
    x, y, new_x = torch.tensor(x).float(), torch.tensor(y), torch.tensor(new_x).float()
    rng = np.random.default_rng(1)
    for _ in range(500):
        rows = rng.integers(0, len(x), 50)
        loss = torch.nn.functional.cross_entropy(output(layer(x[rows])[0][:, -1]), y[rows])
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(layer.parameters(), 1.0)
        adam.step()
    with torch.no_grad():
        return output(layer(new_x)[0][:, -1]).argmax(dim=1)


def keys_by_looking(x, y, new_x, longest):
    """Keys are the symbols that the last sixteen steps never show; a table says which class belongs to the last one."""

    def last(x):
        letters = x.argmax(axis=2)
        return np.array([[letter for letter in row if letter in keys][-1] for row in letters])

    keys = np.flatnonzero(x[:, 24:].sum(axis=(0, 1)) == 0)
    found, names = last(x), {}
    for key in keys:
        names[key] = np.bincount(y[found == key]).argmax()
    return [int(names[key]) for key in last(new_x)]


LAST_KEY = {
    "an LSTM that starts open": keys_by_an_lstm_that_starts_open,
    "by looking": keys_by_looking,
    "prints and warns": talking(keys_by_looking),
}


ANSWERS = {
    "06-noisy-horizon": NOISY_HORIZON,
    "06-chrono-biases": CHRONO_BIASES,
    "06-room-to-move": ROOM_TO_MOVE,
    "06-last-key": LAST_KEY,
    "06-quiz-itself": {"upper case": "B", "with its bracket": "b)"},
    "06-quiz-direct": {"upper case": "D", "with spaces": "  d \n"},
    "06-quiz-bias": {"upper case": "A", "in bold": "(A)."},
    "06-quiz-stuck": {"upper case": "B", "with its bracket": "b)"},
}
