"""Other right answers to the questions of lesson 07."""

import numpy as np
import torch

from lstm_course.scratch import lstm_step
from lstm_course.scratch.lstm import sigmoid

from .ways import as_lists, in_float32, spoiling, talking

# --- 07-bracket-counter -----------------------------------------------------------------------------------------


def counter_with_shut_other():
    """The input gate is open for brackets only, and the candidate's sign is a bias and one weight."""
    W = np.array([[0, 40, 40, 0], [0, 0, 0, 0], [0, 0, -0.002, 0], [0, 0, 0, 0]])
    return W, np.array([-20, 25, 0.001, 30]), 1000.0


def counter_with_half_open_gates():
    """Gates of one half at the input and the output, for which v makes up."""
    W = np.zeros((4, 4))
    W[2, 1:3] = 0.001, -0.001
    return W.tolist(), [0, 20, 0, 0], [4000.0]


def counter_upside_down():
    W = np.zeros((4, 4), np.float32)
    W[2, 1:3] = -0.002, 0.002
    return torch.tensor(W), torch.tensor([20.0, 20, 0, 20]), -500


COUNTER = {
    "the input gate tells brackets": counter_with_shut_other,
    "gates half open": counter_with_half_open_gates,
    "upside down, in torch": counter_upside_down,
}


# --- 07-stuck-gate ----------------------------------------------------------------------------------------------


def find(x, W, b):
    """By the package's step: the gate and the unit whose values vary least."""
    N, T, _ = x.shape
    H = len(b) // 4
    h, c, kept = np.zeros((N, H)), np.zeros((N, H)), []
    for t in range(T):
        h, c, cache = lstm_step(x[:, t], h, c, W, b)
        kept.append(np.stack([cache.i, cache.f, cache.g, cache.o]))
    spread = np.ptp(np.stack(kept), axis=(0, 2))
    gate, unit = np.unravel_index(np.argmin(spread), spread.shape)
    return np.array(gate), np.array(unit)


def stuck_in_torch(x, W, b):
    """All steps with torch, and the gate whose standard deviation is least."""
    x, W, b = (torch.tensor(np.asarray(array), dtype=torch.float64) for array in (x, W, b))
    H = len(b) // 4
    h = c = torch.zeros(len(x), H, dtype=torch.float64)
    values = []
    for x_t in x.unbind(dim=1):
        i, f, g, o = (torch.cat([h, x_t], dim=1) @ W.T + b).chunk(4, dim=1)
        i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
        c = f * c + i * g
        h = o * c.tanh()
        values.append(torch.stack([i, f, g, o]))
    spread = torch.cat(values, dim=1).std(dim=1).flatten()
    return divmod(int(spread.argmin()), H)


STUCK = {
    "the package's step": find,
    "in torch": stuck_in_torch,
    "float32": in_float32(find),
    "lists": as_lists(stuck_in_torch),
    "prints and warns": talking(find),
    "spoils its arguments": spoiling(find),
}


# --- 07-written-when --------------------------------------------------------------------------------------------


def effects(x, W, b, V):
    """One unit and one step after another."""
    N, T, _ = x.shape
    H = V.shape[1]

    def last(n, shut):
        h, c = np.zeros(H), np.zeros(H)
        for t in range(T):
            z = (W @ np.append(h, x[n, t]) + b).reshape(4, H)
            i, f, o = sigmoid(z[0]), sigmoid(z[1]), sigmoid(z[3])
            c = f * c + (0 if t == shut else 1) * i * np.tanh(z[2])
            h = o * np.tanh(c)
        return V @ h

    return np.array([[np.linalg.norm(last(n, t) - last(n, None)) for t in range(T)] for n in range(N)])


def effects_by_the_step(x, W, b, V):
    """The package's step; the contribution i g is taken out of its result."""
    N, T, _ = x.shape
    H = V.shape[1]

    def last(shut):
        h, c = np.zeros((N, H)), np.zeros((N, H))
        for t in range(T):
            h, c, cache = lstm_step(x[:, t], h, c, W, b)
            if t == shut:
                c = c - cache.i * cache.g
                h = cache.o * np.tanh(c)
        return h @ V.T

    return np.stack([np.linalg.norm(last(t) - last(None), axis=1) for t in range(T)], axis=1)


WRITTEN = {
    "loops": effects,
    "the package's step": effects_by_the_step,
    "float32": in_float32(effects),
    "prints and warns": talking(effects_by_the_step),
    "spoils its arguments": spoiling(effects),
}


# --- 07-count-people --------------------------------------------------------------------------------------------


def counted_by_rule(x, y, new_x):
    """No network: the letters' meanings are read off the examples, and the rule is written down."""
    x, y = np.asarray(x), np.asarray(y)
    change = np.diff(np.concatenate([np.zeros((len(y), 1), int), y], axis=1), axis=1)
    letters = x.argmax(axis=2)
    means = [change[letters == k].mean() for k in range(x.shape[2])]
    comes, ends = int(np.argmax(means)), int(np.argmin([change[letters == k].min() for k in range(x.shape[2])]))
    leaves = min((k for k in range(x.shape[2]) if k not in (comes, ends)), key=lambda k: means[k])
    people, answers = np.zeros(len(new_x), int), []
    for letter in np.asarray(new_x).argmax(axis=2).T:
        people = np.where(letter == ends, 0, people + (letter == comes) - (letter == leaves))
        answers.append(people)
    return np.clip(np.stack(answers, axis=1), 0, 4)


def counted_in_torch(x, y, new_x):
    torch.manual_seed(0)
    layer, output = torch.nn.LSTM(x.shape[2], 24, batch_first=True), torch.nn.Linear(24, 4 + 1)
    adam = torch.optim.Adam([*layer.parameters(), *output.parameters()], lr=0.03)
    x, new_x = (torch.tensor(np.asarray(array), dtype=torch.float32) for array in (x, new_x))
    for _ in range(200):
        loss = torch.nn.functional.cross_entropy(output(layer(x)[0]).flatten(0, 1), torch.tensor(y).flatten())
        adam.zero_grad()
        loss.backward()
        adam.step()
    with torch.no_grad():
        return output(layer(new_x)[0]).argmax(dim=2)


PEOPLE = {
    "by a rule": counted_by_rule,
    "in torch": counted_in_torch,
    "lists": as_lists(counted_by_rule),
    "prints and warns": talking(counted_by_rule),
}


ANSWERS = {
    "07-bracket-counter": COUNTER,
    "07-stuck-gate": STUCK,
    "07-written-when": WRITTEN,
    "07-count-people": PEOPLE,
    "07-quiz-control": {"upper case": "C", "with its bracket": "c)"},
    "07-quiz-leak": {"upper case": "D", "with its bracket": "d)"},
    "07-quiz-counter": {"upper case": "A", "quoted": "'a'"},
    "07-quiz-mean": {"upper case": "B", "with its bracket": "b)"},
}
