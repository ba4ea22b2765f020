"""Other right ways of writing the answers of lesson 05."""

import math
from typing import NamedTuple

import numpy as np
import torch

from .ways import as_lists, in_float32, math_sigmoid, sigmoid, spoiling, talking, tensors, with_a_graph

lstm_step_backward = None  # the judge puts the course's own here while it calls an answer

# --- 05-lstm-step -----------------------------------------------------------------------------------------------


class State(NamedTuple):
    h: np.ndarray
    c: np.ndarray


def step(x, h, c, W, b):
    i, f, g, o = np.split(np.hstack([h, x]) @ W.T + b, 4, axis=1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def step_in_loops(x, h, c, W, b):
    N, H = h.shape
    h_next, c_next = np.zeros((N, H)), np.zeros((N, H))
    for n in range(N):
        seen = [*h[n], *x[n]]
        z = [sum(w * s for w, s in zip(row, seen)) + bias for row, bias in zip(W, b)]
        for k in range(H):
            i, f, o = (math_sigmoid(z[k + block * H]) for block in (0, 1, 3))
            c_next[n, k] = f * c[n, k] + i * math.tanh(z[k + 2 * H])
            h_next[n, k] = o * math.tanh(c_next[n, k])
    return h_next, c_next


def step_one_gate_at_a_time(x, h, c, W, b):
    H = h.shape[1]

    def weighted(block):
        rows = slice(block * H, (block + 1) * H)
        return h @ W[rows, :H].T + x @ W[rows, H:].T + b[rows]

    i, f, g, o = (0.5 + 0.5 * np.tanh(weighted(k) / 2) if k != 2 else np.tanh(weighted(k)) for k in range(4))
    c_next = f * c + i * g
    return State(o * np.tanh(c_next), c_next)


def step_with_a_fourth_axis(x, h, c, W, b):
    N, H = h.shape
    z = np.einsum("nk,ghk->gnh", np.c_[h, x], W.reshape(4, H, -1)) + b.reshape(4, 1, H)
    i, f, o = 1 / (1 + np.exp(-z[[0, 1, 3]]))
    c_next = np.add(f * c, i * np.tanh(z[2]))
    return [o * np.tanh(c_next), c_next]


def step_in_place(x, h, c, W, b):
    H = h.shape[1]
    z = np.concatenate([h, x], axis=1) @ W.T
    z += b
    g = np.tanh(z[:, 2 * H : 3 * H])
    z *= 0.5
    np.tanh(z, out=z)
    z += 1
    z /= 2
    c *= z[:, H : 2 * H]
    g *= z[:, :H]
    c += g
    np.tanh(c, out=h)
    h *= z[:, 3 * H :]
    return h, c


def step_in_torch(x, h, c, W, b):
    x, h, c, W, b = tensors(x, h, c, W, b)
    i, f, g, o = torch.chunk(torch.nn.functional.linear(torch.cat([h, x], 1), W, b), 4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


LSTM_STEP = {
    "whole arrays": step,
    "loops over numbers": step_in_loops,
    "one gate at a time": step_one_gate_at_a_time,
    "an axis for the gates": step_with_a_fourth_axis,
    "in place": step_in_place,
    "torch": step_in_torch,
    "float32": in_float32(step),
    "lists": as_lists(step),
    "prints and warns": talking(step),
    "spoils its arguments": spoiling(step),
    "tensors with a graph": with_a_graph(step),
}


# --- 05-step-backward -------------------------------------------------------------------------------------------


def step_backward(dh_next, dc_next, cache, W):
    hx, c, i, f, g, o, c_next = cache
    H = c.shape[1]
    dc_all = dc_next + dh_next * o / np.cosh(c_next) ** 2
    dz = np.hstack(
        [
            dc_all * g * i * (1 - i),
            dc_all * c * f * (1 - f),
            dc_all * i * (1 - g) * (1 + g),
            dh_next * np.tanh(c_next) * o * (1 - o),
        ]
    )
    return dz @ W[:, H:], dz @ W[:, :H], dc_all * f, np.einsum("nz,nk->zk", dz, hx), np.ones(len(dz)) @ dz


def step_backward_in_loops(dh_next, dc_next, cache, W):
    hx, c, i, f, g, o, c_next = cache
    N, H = c.shape
    D = hx.shape[1] - H
    dx, dh, dc = np.zeros((N, D)), np.zeros((N, H)), np.zeros((N, H))
    dW, db = np.zeros(W.shape), np.zeros(4 * H)
    for n in range(N):
        for k in range(H):
            tanh_c = math.tanh(c_next[n, k])
            through = dc_next[n, k] + dh_next[n, k] * o[n, k] * (1 - tanh_c**2)
            dc[n, k] = through * f[n, k]
            slopes = (
                through * g[n, k] * i[n, k] * (1 - i[n, k]),
                through * c[n, k] * f[n, k] * (1 - f[n, k]),
                through * i[n, k] * (1 - g[n, k] ** 2),
                dh_next[n, k] * tanh_c * o[n, k] * (1 - o[n, k]),
            )
            for block, slope in enumerate(slopes):
                row = block * H + k
                dW[row] += slope * hx[n]
                db[row] += slope
                dh[n] += slope * W[row, :H]
                dx[n] += slope * W[row, H:]
    return dx, dh, dc, dW, db


def step_backward_in_place(dh_next, dc_next, cache, W):
    hx, c, i, f, g, o, c_next = cache
    np.tanh(c_next, out=c_next)
    dz_o = dh_next * c_next * o * (1 - o)
    o *= 1 - c_next**2
    dh_next *= o
    dc_next += dh_next
    dz_i, dz_f, dz_g = dc_next * g, dc_next * c, dc_next * i
    dz_i *= i - i * i
    dz_f *= f - f * f
    dz_g -= dz_g * g**2
    dz = np.concatenate([dz_i, dz_f, dz_g, dz_o], 1)
    dc_next *= f
    dhx = dz.dot(W)
    W[...] = dz.T.dot(hx)
    H = c.shape[1]
    return dhx[:, H:], dhx[:, :H], dc_next, W, dz.sum(0)


def step_backward_by_autograd(dh_next, dc_next, cache, W):
    """What went into the gates can be had back from their values; PyTorch does the rest."""
    hx, c, i, f, g, o, c_next = cache
    H = c.shape[1]
    z = np.hstack([np.log(i / (1 - i)), np.log(f / (1 - f)), np.arctanh(g), np.log(o / (1 - o))])
    hx, c, W, b = tensors(hx, c, W, (z - hx @ W.T)[0])
    i, f, g, o = torch.chunk(hx @ W.T + b, 4, dim=1)
    c_next = f.sigmoid() * c + i.sigmoid() * g.tanh()
    h_next = o.sigmoid() * c_next.tanh()
    dhx, dc, dW, db = torch.autograd.grad(
        [h_next, c_next], [hx, c, W, b], [torch.tensor(dh_next), torch.tensor(dc_next)]
    )
    return dhx[:, H:], dhx[:, :H], dc, dW, db


STEP_BACKWARD = {
    "whole arrays": step_backward,
    "loops over numbers": step_backward_in_loops,
    "in place": step_backward_in_place,
    "torch's autograd": step_backward_by_autograd,
    "float32": in_float32(step_backward),
    "lists": as_lists(step_backward),
    "a list of five": lambda *arguments: list(step_backward(*arguments)),
    "prints and warns": talking(step_backward),
    "spoils its arguments": spoiling(step_backward),
    "tensors with a graph": with_a_graph(step_backward),
}


# --- 05-sequence-backward ---------------------------------------------------------------------------------------


def sequence_backward(dy, caches, W):
    N, T, H = dy.shape
    D = W.shape[1] - H
    dx, dW, db = np.zeros((N, T, D)), np.zeros(W.shape), np.zeros(4 * H)
    dh, dc = np.zeros((N, H)), np.zeros((N, H))
    for t in range(T - 1, -1, -1):
        dx[:, t], dh, dc, dW_t, db_t = lstm_step_backward(dy[:, t] + dh, dc, caches[t], W)
        dW += dW_t
        db += db_t
    return dx, dh, dc, dW, db


def sequence_backward_with_its_own_step(dy, caches, W):
    dh = dc = dW = db = 0
    dx = []
    while caches:
        t = len(caches) - 1
        dx_t, dh, dc, dW_t, db_t = step_backward(dy[:, t] + dh, dc, caches.pop(), W)
        dx.insert(0, dx_t)
        dW, db = dW + dW_t, db + db_t
    return np.stack(dx, axis=1), dh, dc, dW, db


def sequence_backward_recursively(dy, caches, W):
    def after(t):
        """Gradients of everything from step t on."""
        if t == len(caches):
            nothing = np.zeros_like(dy[:, 0])
            return [], nothing, nothing, np.zeros_like(W), np.zeros(len(W))
        dx, dh, dc, dW, db = after(t + 1)
        dx_t, dh, dc, dW_t, db_t = lstm_step_backward(dy[:, t] + dh, dc, caches[t], W)
        return [dx_t, *dx], dh, dc, dW + dW_t, db + db_t

    dx, *others = after(0)
    return np.array(dx).swapaxes(0, 1), *others


def sequence_backward_in_place(dy, caches, W):
    dc = np.zeros_like(dy[:, 0])
    steps = []
    for t in reversed(range(dy.shape[1])):
        steps.append(lstm_step_backward(dy[:, t], dc, caches[t], W))
        dc = steps[-1][2]
        if t > 0:
            dy[:, t - 1] += steps[-1][1]
    dx, dh, dc, dW, db = zip(*steps)
    return np.stack(dx[::-1], 1), dh[-1], dc[-1], np.sum(dW, axis=0), np.sum(db, axis=0)


def sequence_backward_by_autograd(dy, caches, W):
    """Runs the whole sequence again in PyTorch, from what the caches remember."""
    N, T, H = dy.shape
    hx, c, i, f, g, o, _ = caches[0]
    z = np.hstack([np.log(i / (1 - i)), np.log(f / (1 - f)), np.arctanh(g), np.log(o / (1 - o))])
    x, h0, c0, W, b = tensors(
        np.stack([cache[0][:, H:] for cache in caches], axis=1), hx[:, :H], c, W, (z - hx @ W.T)[0]
    )
    h, c, hs = h0, c0, []
    for t in range(T):
        i, f, g, o = torch.chunk(torch.cat([h, x[:, t]], 1) @ W.T + b, 4, dim=1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        hs.append(h)
    torch.stack(hs, dim=1).backward(torch.tensor(dy))
    return x.grad, h0.grad, c0.grad, W.grad, b.grad


SEQUENCE_BACKWARD = {
    "filled arrays": sequence_backward,
    "with a step of its own": sequence_backward_with_its_own_step,
    "recursive": sequence_backward_recursively,
    "in place": sequence_backward_in_place,
    "torch's autograd": sequence_backward_by_autograd,
    "float32": in_float32(sequence_backward_with_its_own_step),
    "lists": as_lists(sequence_backward),
    "prints and warns": talking(sequence_backward),
    "spoils its arguments": spoiling(sequence_backward),
}


# --- 05-coupled-gates -------------------------------------------------------------------------------------------


def coupled(x, h, c, W, b, dh_next, dc_next):
    H = h.shape[1]
    hx = np.concatenate([h, x], axis=1)
    z = hx @ W.T + b
    f, o, g = sigmoid(z[:, :H]), sigmoid(z[:, 2 * H :]), np.tanh(z[:, H : 2 * H])
    c_next = g + f * (c - g)
    tanh_c = np.tanh(c_next)
    dc_all = dc_next + dh_next * o * (1 - tanh_c**2)
    dz = np.hstack([dc_all * (c - g) * f * (1 - f), dc_all * (1 - f) * (1 - g**2), dh_next * tanh_c * o * (1 - o)])
    dhx = dz @ W
    return o * tanh_c, c_next, dhx[:, H:], dhx[:, :H], dc_all * f, dz.T @ hx, dz.sum(axis=0)


def coupled_by_autograd(x, h, c, W, b, dh_next, dc_next):
    x, h, c, W, b = tensors(x, h, c, W, b)
    f, g, o = torch.chunk(torch.cat([h, x], 1) @ W.T + b, 3, dim=1)
    c_next = torch.lerp(g.tanh(), c, f.sigmoid())
    h_next = o.sigmoid() * c_next.tanh()
    loss = (h_next * torch.tensor(dh_next)).sum() + (c_next * torch.tensor(dc_next)).sum()
    loss.backward()
    return h_next, c_next, x.grad, h.grad, c.grad, W.grad, b.grad


def coupled_as_a_standard_cell(x, h, c, W, b, dh_next, dc_next):
    """1 - sigmoid(z) is sigmoid(-z): a standard cell whose input gate has the weights of the forget gate, negated."""
    from lstm_course.scratch import lstm_step, lstm_step_backward

    H = h.shape[1]
    full, bias = np.vstack([-W[:H], W]), np.hstack([-b[:H], b])
    h_next, c_next, cache = lstm_step(x, h, c, full, bias)
    dx, dh, dc, dW, db = lstm_step_backward(dh_next, dc_next, cache, full)
    dW[H : 2 * H] -= dW[:H]
    db[H : 2 * H] -= db[:H]
    return h_next, c_next, dx, dh, dc, dW[H:], db[H:]


def coupled_in_loops(x, h, c, W, b, dh_next, dc_next):
    N, H = h.shape
    h_next, c_next, dc = np.zeros((3, N, H))
    dhx, dW, db = np.zeros((N, W.shape[1])), np.zeros(W.shape), np.zeros(3 * H)
    for n in range(N):
        hx = np.append(h[n], x[n])
        for k in range(H):
            z_f, z_g, z_o = (W[row] @ hx + b[row] for row in (k, H + k, 2 * H + k))
            f, g, o = math_sigmoid(z_f), math.tanh(z_g), math_sigmoid(z_o)
            c_next[n, k] = f * c[n, k] + (1 - f) * g
            shown = math.tanh(c_next[n, k])
            h_next[n, k] = o * shown
            through = dc_next[n, k] + dh_next[n, k] * o * (1 - shown**2)
            dc[n, k] = through * f
            dz_f = (through * c[n, k] - through * g) * f * (1 - f)
            dz_g, dz_o = through * (1 - f) * (1 - g * g), dh_next[n, k] * shown * o * (1 - o)
            for row, dz in ((k, dz_f), (H + k, dz_g), (2 * H + k, dz_o)):
                dhx[n] += dz * W[row]
                dW[row] += dz * hx
                db[row] += dz
    return h_next, c_next, dhx[:, H:], dhx[:, :H], dc, dW, db


COUPLED_GATES = {
    "whole arrays": coupled,
    "loops over numbers": coupled_in_loops,
    "torch's autograd": coupled_by_autograd,
    "as a standard cell": coupled_as_a_standard_cell,
    "float32": in_float32(coupled),
    "lists": as_lists(coupled),
    "prints and warns": talking(coupled),
    "spoils its arguments": spoiling(coupled),
}


ANSWERS = {
    "05-lstm-step": LSTM_STEP,
    "05-step-backward": STEP_BACKWARD,
    "05-sequence-backward": SEQUENCE_BACKWARD,
    "05-gradient-check": {"upper case": "D", "with its bracket": "d)", "quoted": "'d'"},
    "05-coupled-gates": COUPLED_GATES,
    "05-quiz-summed": {"upper case": "B", "with its bracket": "b)"},
    "05-quiz-table": {"upper case": "D", "with its bracket": "d)"},
    "05-quiz-forward-only": {"upper case": "A", "with its bracket": "a)"},
}
