"""Other right ways of writing the answers of lesson 04."""

import math

import numpy as np
import torch

from .ways import as_lists, in_float32, math_sigmoid, spoiling, talking, tensors

# --- 04-forget-gate ---------------------------------------------------------------------------------------------


def gate(h, x, W_f, b_f):
    return 1 / (1 + np.exp(-(np.hstack([h, x]) @ W_f.T + b_f)))


def gate_in_loops(h, x, W_f, b_f):
    f = []
    for n in range(len(h)):
        seen = list(h[n]) + list(x[n])
        f.append([math_sigmoid(sum(w * s for w, s in zip(row, seen)) + b) for row, b in zip(W_f, b_f)])
    return f


def gate_from_two_products(h, x, W_f, b_f):
    H = h.shape[1]
    z = np.einsum("nh,kh->nk", h, W_f[:, :H]) + np.einsum("nd,kd->nk", x, W_f[:, H:]) + b_f
    return np.where(z >= 0, 1 / (1 + np.exp(-np.abs(z))), np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))))


def gate_with_the_bias_as_a_weight(h, x, W_f, b_f):
    ones = np.ones((len(h), 1))
    z = np.block([h, x, ones]) @ np.column_stack([W_f, b_f]).T
    return 0.5 * (1 + np.tanh(z / 2))


def gate_in_place(h, x, W_f, b_f):
    z = h @ W_f[:, : h.shape[1]].T
    x @= np.eye(x.shape[1])
    z += x @ W_f[:, h.shape[1] :].T
    z += b_f
    W_f *= 0
    b_f *= 0
    h *= 0
    np.negative(z, out=z)
    np.exp(z, out=z)
    z += 1
    return np.reciprocal(z, out=z)


def gate_in_torch(h, x, W_f, b_f):
    h, x, W_f, b_f = tensors(h, x, W_f, b_f)
    return torch.sigmoid(torch.cat([h, x], dim=1) @ W_f.T + b_f)


def gate_as_a_linear_layer(h, x, W_f, b_f):
    h, x, W_f, b_f = map(torch.as_tensor, (h, x, W_f, b_f))
    return (torch.nn.functional.linear(torch.hstack([h, x]), W_f, b_f).sigmoid(),)


FORGET_GATE = {
    "whole arrays": gate,
    "loops over numbers": gate_in_loops,
    "two products": gate_from_two_products,
    "bias as a column of the weights": gate_with_the_bias_as_a_weight,
    "in place": gate_in_place,
    "torch": gate_in_torch,
    "a tuple of one": gate_as_a_linear_layer,
    "float32": in_float32(gate),
    "lists": as_lists(gate),
    "prints and warns": talking(gate),
    "spoils its arguments": spoiling(gate),
    "list of rows as tensors": lambda h, x, W_f, b_f: list(gate_as_a_linear_layer(h, x, W_f, b_f)[0]),
    "not contiguous": lambda h, x, W_f, b_f: np.asfortranarray(gate(h, x, W_f, b_f))[::-1][::-1],
}


# --- 04-cell-state ----------------------------------------------------------------------------------------------


def update(i, f, g, c):
    return c * f + g * i


def update_in_loops(i, f, g, c):
    new = np.zeros(c.shape)
    for n in range(c.shape[0]):
        for k in range(c.shape[1]):
            new[n, k] = f[n, k] * c[n, k] + i[n, k] * g[n, k]
    return new


def update_in_place(i, f, g, c):
    c *= f
    g *= i
    c += g
    return c


def update_by_a_matrix(i, f, g, c):
    return np.array([np.diag(fs) @ cs + np.diag(ns) @ gs for ns, fs, gs, cs in zip(i, f, g, c)])


CELL_STATE = {
    "the other way round": update,
    "loops over numbers": update_in_loops,
    "in place": update_in_place,
    "diagonal matrices": update_by_a_matrix,
    "sum over a stack": lambda i, f, g, c: (np.stack([f, i]) * np.stack([c, g])).sum(axis=0),
    "torch": lambda i, f, g, c: torch.addcmul(torch.tensor(f) * torch.tensor(c), torch.tensor(i), torch.tensor(g)),
    "float32": in_float32(update),
    "lists": as_lists(update),
    "a tuple of one": lambda i, f, g, c: (update(i, f, g, c),),
    "prints and warns": talking(update),
    "spoils its arguments": spoiling(update),
}


# --- 04-run-cell ------------------------------------------------------------------------------------------------


def run(i, f, g, o, c):
    cell_states = np.zeros((len(f) + 1, len(c)))
    cell_states[0] = c
    for t in range(len(f)):
        cell_states[t + 1] = f[t] * cell_states[t] + i[t] * g[t]
    return o * np.tanh(cell_states[1:]), cell_states[1:]


def run_in_loops(i, f, g, o, c):
    cs, hs = [], []
    for t in range(len(f)):
        c = [f[t][k] * c[k] + i[t][k] * g[t][k] for k in range(len(c))]
        cs.append(list(c))
        hs.append([o[t][k] * math.tanh(c[k]) for k in range(len(c))])
    return hs, cs


def run_in_place(i, f, g, o, c):
    i *= g
    for t in range(len(f)):
        f[t] *= c
        f[t] += i[t]
        c = f[t]
    np.tanh(f, out=i)
    o *= i
    return o, f


def run_recursively(i, f, g, o, c):
    c = f[:1] * c + i[:1] * g[:1]
    h = o[:1] * np.tanh(c)
    if len(f) == 1:
        return h, c
    hs, cs = run_recursively(i[1:], f[1:], g[1:], o[1:], c[0])
    return np.vstack([h, hs]), np.vstack([c, cs])


def run_by_a_matrix(i, f, g, o, c):
    """All steps at once: how much of each step's input is left at each later step is a product of forget gates."""
    T = len(f)
    entered = np.vstack([c[None], i * g])
    left = np.zeros((T, T + 1, f.shape[1]))
    for t in range(T):
        for s in range(t + 2):
            left[t, s] = np.prod(f[s : t + 1], axis=0)
    c = np.einsum("tsh,sh->th", left, entered)
    return o * np.tanh(c), c


def run_in_torch(i, f, g, o, c):
    i, f, g, o, c = tensors(i, f, g, o, c)
    cs = []
    for t in range(len(f)):
        c = f[t] * c + i[t] * g[t]
        cs.append(c)
    cs = torch.stack(cs)
    return [o * cs.tanh(), cs]


RUN_CELL = {
    "filled array": run,
    "loops over numbers": run_in_loops,
    "in place": run_in_place,
    "recursive": run_recursively,
    "products of forget gates": run_by_a_matrix,
    "torch": run_in_torch,
    "float32": in_float32(run),
    "lists": as_lists(run),
    "a list of two": lambda i, f, g, o, c: list(run(i, f, g, o, c)),
    "prints and warns": talking(run),
    "spoils its arguments": spoiling(run),
}


# --- 04-build-a-memory ------------------------------------------------------------------------------------------


def memory():
    W, b = np.zeros((4, 4)), np.array([-12.0, 12.0, 0.0, -12.0])
    W[0, 2], W[1, 2], W[2, 1], W[3, 3] = 24, -24, 1, 24
    return W, b


def memory_of_whole_numbers():
    return [[0, 0, 30, 0], [0, 0, -30, 0], [0, 1, 0, 0], [0, 0, 0, 30]], [-15, 15, 0, -15]


def memory_with_steep_gates():
    """The gates may differ in steepness, and the hidden state may be looked at where it cannot matter."""
    W = torch.tensor([[1.0, 0, 200, 0], [2, 0, -900, 0], [0, 1, 0, 0], [3, 0, 0, 100]], requires_grad=True)
    return W, torch.tensor([-100.0, 450, 0, -50])


MEMORY = {
    "one entry at a time": memory,
    "whole numbers in lists": memory_of_whole_numbers,
    "torch, each gate of its own steepness": memory_with_steep_gates,
    "float32": in_float32(memory),
    "a list of two": lambda: list(memory()),
    "prints and warns": talking(memory),
}


# --- 04-read-the-gates ------------------------------------------------------------------------------------------


def table(W, b):
    rows = []
    for write in (0, 1):
        for read in (0, 1):
            z = W @ [0, 0, write, read] + b
            rows.append([math_sigmoid(z[k]) for k in (0, 1, 3)])
    return np.array(rows)


def table_column_by_column(W, b):
    columns = []
    for k in (0, 1, 3):
        z = np.array([b[k], b[k] + W[k, 3], b[k] + W[k, 2], b[k] + W[k, 2] + W[k, 3]])
        columns.append(0.5 * (1 + np.tanh(z / 2)))
    return np.stack(columns, axis=1)


def table_in_torch(W, b):
    W, b = tensors(W, b)
    lines = torch.cartesian_prod(torch.arange(2), torch.arange(2)).to(W.dtype)
    return torch.sigmoid(lines @ W[:, 2:].T + b)[:, [0, 1, 3]]


READ_THE_GATES = {
    "loops": table,
    "column by column": table_column_by_column,
    "torch": table_in_torch,
    "float32": in_float32(table_column_by_column),
    "lists": as_lists(table),
    "prints and warns": talking(table),
    "spoils its arguments": spoiling(table_column_by_column),
}


ANSWERS = {
    "04-forget-gate": FORGET_GATE,
    "04-cell-state": CELL_STATE,
    "04-run-cell": RUN_CELL,
    "04-main-role": {"upper case": "C", "with its bracket": "c)", "with spaces": "  c \n", "in bold": "(C)."},
    "04-build-a-memory": MEMORY,
    "04-read-the-gates": READ_THE_GATES,
    "04-quiz-stores": {"upper case": "B", "with its bracket": "b)"},
    "04-quiz-confident": {"upper case": "C", "with its bracket": "c)"},
    "04-quiz-flat": {"upper case": "D", "with its bracket": "d)"},
}
