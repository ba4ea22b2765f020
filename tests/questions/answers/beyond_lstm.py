"""Other right ways of writing the answers of lesson 19."""

import numpy as np
import torch
from torch import nn

from .ways import as_lists, spoiling, talking, tensors

# --- 19-pieces --------------------------------------------------------------------------------------------------


def pieces_at_once(a, b, size, h):
    P = len(a) // size
    a, b = a.reshape(P, size, -1), b.reshape(P, size, -1)
    A, B = a.prod(axis=1), np.zeros((P, a.shape[2]))
    for t in range(size):
        B = a[:, t] * B + b[:, t]
    states = np.empty_like(A)
    for p in range(P):
        h = states[p] = A[p] * h + B[p]
    return A, B, states


def pieces_by_matrices(a, b, size, h):
    """Each step as a matrix that acts on (h, 1)."""
    T, H = a.shape
    results = np.zeros((3, T // size, H))
    for u in range(H):
        state = np.array([h[u], 1.0])
        for p in range(T // size):
            product = np.eye(2)
            for t in range(p * size, (p + 1) * size):
                product = np.array([[a[t, u], b[t, u]], [0, 1]]) @ product
            state = product @ state
            results[:, p, u] = product[0, 0], product[0, 1], state[0]
    return tuple(results)


def pieces_in_torch(a, b, size, h):
    a, b, h = tensors(a, b, h)
    A, B, states = [], [], []
    for one_a, one_b in zip(a.split(size), b.split(size), strict=True):
        A.append(one_a.prod(dim=0))
        B.append(sum(one_b[t] * one_a[t + 1 :].prod(dim=0) for t in range(size)))
        h = A[-1] * h + B[-1]
        states.append(h)
    return torch.stack(A), torch.stack(B), torch.stack(states)


PIECES = {
    "all pieces at once": pieces_at_once,
    "matrices": pieces_by_matrices,
    "torch": pieces_in_torch,
    "lists": as_lists(pieces_by_matrices),
    "prints and warns": talking(pieces_at_once),
    "spoils its arguments": spoiling(pieces_at_once),
}


# --- 19-repair-attention ----------------------------------------------------------------------------------------


def attention_step_by_step(q, k, v, reach):
    T, d = q.shape
    weights, y = np.zeros((T, T)), np.zeros_like(v)
    for t in range(T):
        seen = range(max(0, t - reach + 1), t + 1)
        scores = np.array([q[t] @ k[j] for j in seen]) / d**0.5
        e = np.exp(scores - scores.max())
        for j, part in zip(seen, e / e.sum(), strict=True):
            weights[t, j] = part
            y[t] += part * v[j]
    return weights, y


def attention_in_torch(q, k, v, reach):
    q, k, v = tensors(q, k, v)
    seen = torch.ones(len(q), len(q), dtype=torch.bool).tril().triu(1 - reach)
    weights = (q @ k.T / q.shape[1] ** 0.5).masked_fill(~seen, -torch.inf).softmax(dim=1)
    return weights, weights @ v


REPAIR_ATTENTION = {
    "step by step": attention_step_by_step,
    "torch": attention_in_torch,
    "lists": as_lists(attention_step_by_step),
    "prints and warns": talking(attention_in_torch),
    "spoils its arguments": spoiling(attention_step_by_step),
}


# --- 19-switches ------------------------------------------------------------------------------------------------


def switches_by_a_table(x):
    a, b = np.array([1.0, -1.0, 0.0, 0.0])[x], np.array([0.0, 0.0, 1.0, -1.0])[x]
    h = np.empty(x.shape)
    before = np.full(x.shape[1], -1.0)
    for t in range(len(x)):
        before = h[t] = a[t] * before + b[t]
    return a, b, h


def switches_in_torch(x):
    x = torch.as_tensor(x)
    a = (x == 0).double() - (x == 1).double()
    b = (x == 2).double() - (x == 3).double()
    h = [torch.full((x.shape[1],), -1.0, dtype=torch.float64)]
    for t in range(len(x)):
        h.append(torch.where(x[t] < 2, torch.where(x[t] == 1, -h[-1], h[-1]), 5.0 - 2 * x[t]))
    return a, b, torch.stack(h[1:])


SWITCHES = {
    "a table": switches_by_a_table,
    "torch": switches_in_torch,
    "lists": as_lists(switches_by_a_table),
    "prints and warns": talking(switches_by_a_table),
}


# --- 19-ball ----------------------------------------------------------------------------------------------------


def ball_by_another_loop(x, y, new_x):
    """A GRU, with another optimiser, schedule and loop."""
    with torch.random.fork_rng():
        torch.manual_seed(1)
        layer, output = nn.GRU(4, 32, batch_first=True), nn.Linear(32, 2)
        weights = [*layer.parameters(), *output.parameters()]
        adam = torch.optim.AdamW(weights, lr=0.01, weight_decay=1e-4)
        x, new_x = (torch.eye(4)[torch.tensor(part)] for part in (x, new_x))
        y = torch.tensor(y)
        for rows in np.random.default_rng(2).integers(0, len(x), (700, 32)):
            adam.zero_grad()
            nn.functional.cross_entropy(output(layer(x[rows])[0]).flatten(0, 1), y[rows].flatten()).backward()
            nn.utils.clip_grad_norm_(weights, 1.0)
            adam.step()
        with torch.no_grad():
            return output(layer(new_x)[0]).argmax(dim=2)


def ball_without_a_network(x, y, new_x):
    """Try all meanings of the four letters."""
    from itertools import permutations

    moves = np.array([[1, 0, 2], [0, 2, 1], [2, 1, 0], [0, 1, 2]])

    def follow(x, meaning):
        cup, left = np.ones(len(x), int), []
        for column in x.T:
            cup = moves[np.array(meaning)[column], cup]
            left.append(cup == 0)
        return np.stack(left, axis=1).astype(int)

    best = max(permutations(range(4)), key=lambda meaning: (follow(x, meaning) == y).mean())
    return follow(new_x, best)


BALL = {
    "another loop": ball_by_another_loop,
    "without a network": ball_without_a_network,
    "lists": as_lists(ball_without_a_network),
    "prints and warns": talking(ball_without_a_network),
}


ANSWERS = {
    "19-pieces": PIECES,
    "19-repair-attention": REPAIR_ATTENTION,
    "19-switches": SWITCHES,
    "19-ball": BALL,
    "19-quiz-order": {"upper case": "A", "with its bracket": "a)"},
    "19-quiz-settle": {"upper case": "D", "with spaces": "  d \n"},
    "19-quiz-control": {"upper case": "B", "in bold": "(B)."},
    "19-quiz-budget": {"upper case": "C", "with its bracket": "c)"},
}
