"""Other right answers to the questions of lesson 07."""

import numpy as np
import torch

from lstm_course.scratch import lstm_step

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


def least_travelled(x, W, b):
    """The gate whose value travels least from step to step."""
    h = c = np.zeros((len(x), len(b) // 4))
    travelled, before = 0, None
    for x_t in np.swapaxes(x, 0, 1):
        z = np.split(np.hstack([h, x_t]) @ W.T + b, 4, axis=1)
        i, f, o = (0.5 + 0.5 * np.tanh(0.5 * z[k]) for k in (0, 1, 3))
        g = np.tanh(z[2])
        c = f * c + i * g
        h = o * np.tanh(c)
        gates = np.stack([i, f, g, o])
        travelled = travelled + (0 if before is None else np.abs(gates - before).sum(axis=1))
        before = gates
    return np.unravel_index(np.argmin(travelled), travelled.shape)


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
    "how far it travels": least_travelled,
    "in torch": stuck_in_torch,
    "float32": in_float32(least_travelled),
    "lists": as_lists(stuck_in_torch),
    "prints and warns": talking(least_travelled),
    "spoils its arguments": spoiling(stuck_in_torch),
}


# --- 07-written-when --------------------------------------------------------------------------------------------


def effects_side_by_side(x, W, b, V):
    """T + 1 copies of the batch at once: in copy k the input gate is shut at step k, and in the last one never."""
    (N, T, _), H = x.shape, V.shape[1]
    h = c = np.zeros((T + 1, N, H))
    for t in range(T):
        z = np.concatenate([h, np.broadcast_to(x[:, t], (T + 1, *x[:, t].shape))], axis=2) @ W.T + b
        i, f, o = (0.5 + 0.5 * np.tanh(0.5 * z[..., k * H : (k + 1) * H]) for k in (0, 1, 3))
        i = i * (np.arange(T + 1) != t)[:, None, None]
        c = f * c + i * np.tanh(z[..., 2 * H : 3 * H])
        h = o * np.tanh(c)
    scores = h @ V.T
    return np.linalg.norm(scores[:T] - scores[T], axis=2).T


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
    "all at once": effects_side_by_side,
    "the package's step": effects_by_the_step,
    "float32": in_float32(effects_side_by_side),
    "prints and warns": talking(effects_by_the_step),
    "spoils its arguments": spoiling(effects_side_by_side),
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
