"""Other right ways of writing the answers of lesson 05."""

import math
from typing import NamedTuple

import numpy as np
import torch

from .ways import as_lists, in_float32, math_sigmoid, sigmoid, spoiling, talking, tensors, with_a_graph

lstm_step_backward = None  # the judge puts the course's own here while it calls an answer

# --- 05-peephole-step -------------------------------------------------------------------------------------------


class State(NamedTuple):
    h: np.ndarray
    c: np.ndarray


def peephole(x, h, c, W, b, p):
    i, f, g, o = np.split(np.hstack([h, x]) @ W.T + b, 4, axis=1)
    p_i, p_f, p_o = p
    c = sigmoid(f + c * p_f) * c + sigmoid(i + c * p_i) * np.tanh(g)
    return sigmoid(o + c * p_o) * np.tanh(c), c


def peephole_in_loops(x, h, c, W, b, p):
    N, H = h.shape
    h_next, c_next = np.zeros((N, H)), np.zeros((N, H))
    for n in range(N):
        seen = [*h[n], *x[n]]
        z = [sum(w * s for w, s in zip(row, seen)) + bias for row, bias in zip(W, b)]
        for k in range(H):
            i, f = (math_sigmoid(z[k + block * H] + p[block, k] * c[n, k]) for block in (0, 1))
            c_next[n, k] = f * c[n, k] + i * math.tanh(z[k + 2 * H])
            o = math_sigmoid(z[k + 3 * H] + p[2, k] * c_next[n, k])
            h_next[n, k] = o * math.tanh(c_next[n, k])
    return h_next, c_next


def peephole_one_gate_at_a_time(x, h, c, W, b, p):
    H = h.shape[1]

    def weighted(block):
        rows = slice(block * H, (block + 1) * H)
        return h @ W[rows, :H].T + x @ W[rows, H:].T + b[rows]

    def gate(block, peep, seen):
        return 0.5 + 0.5 * np.tanh((weighted(block) + peep * seen) / 2)

    c_next = gate(1, p[1], c) * c + gate(0, p[0], c) * np.tanh(weighted(2))
    return State(gate(3, p[2], c_next) * np.tanh(c_next), c_next)


def peephole_with_a_fourth_axis(x, h, c, W, b, p):
    N, H = h.shape
    z = np.einsum("nk,ghk->gnh", np.c_[h, x], W.reshape(4, H, -1)) + b.reshape(4, 1, H)
    i, f = 1 / (1 + np.exp(-(z[:2] + p[:2, None] * c)))
    c_next = np.add(f * c, i * np.tanh(z[2]))
    return [np.tanh(c_next) / (1 + np.exp(-z[3] - p[2] * c_next)), c_next]


def peephole_in_place(x, h, c, W, b, p):
    H = h.shape[1]
    z = np.concatenate([h, x], axis=1) @ W.T
    z += b
    z[:, : 2 * H] += np.concatenate([p[0] * c, p[1] * c], axis=1)
    c *= sigmoid(z[:, H : 2 * H])
    c += sigmoid(z[:, :H]) * np.tanh(z[:, 2 * H : 3 * H])
    z[:, 3 * H :] += p[2] * c
    np.tanh(c, out=h)
    h *= sigmoid(z[:, 3 * H :])
    return h, c


def peephole_in_torch(x, h, c, W, b, p):
    x, h, c, W, b, p = tensors(x, h, c, W, b, p)
    i, f, g, o = torch.chunk(torch.nn.functional.linear(torch.cat([h, x], 1), W, b), 4, dim=1)
    c = torch.sigmoid(f + p[1] * c) * c + torch.sigmoid(i + p[0] * c) * torch.tanh(g)
    return torch.sigmoid(o + p[2] * c) * torch.tanh(c), c


PEEPHOLE = {
    "whole arrays": peephole,
    "loops over numbers": peephole_in_loops,
    "one gate at a time": peephole_one_gate_at_a_time,
    "a fourth axis": peephole_with_a_fourth_axis,
    "in place": peephole_in_place,
    "torch": peephole_in_torch,
    "float32": in_float32(peephole),
    "lists": as_lists(peephole),
    "prints and warns": talking(peephole),
    "spoils its arguments": spoiling(peephole),
    "tensors with a graph": with_a_graph(peephole),
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


# --- 05-masked-backward -----------------------------------------------------------------------------------------


def masked(dy, caches, mask, W):
    N, T, H = dy.shape
    dx, dW, db = np.zeros((N, T, W.shape[1] - H)), np.zeros(W.shape), np.zeros(4 * H)
    dh, dc = np.zeros((N, H)), np.zeros((N, H))
    for t in range(T - 1, -1, -1):
        on = np.flatnonzero(mask[:, t])  # only the samples that take the step
        if len(on):
            dh[on] += dy[on, t]
            cache = tuple(array[on] for array in caches[t])
            dx[on, t], dh[on], dc[on], dW_t, db_t = lstm_step_backward(dh[on], dc[on], cache, W)
            dW += dW_t
            db += db_t
    return dx, dh, dc, dW, db


def masked_sample_by_sample(dy, caches, mask, W):
    N, T, H = dy.shape
    dx, dW, db = np.zeros((N, T, W.shape[1] - H)), 0 * W, np.zeros(4 * H)
    dhs, dcs = np.zeros((N, 1, H)), np.zeros((N, 1, H))
    for n in range(N):
        for t in reversed(range(T)):
            if mask[n, t]:
                dhs[n] += dy[n, t]
                cache = [array[n : n + 1] for array in caches[t]]
                dx[n, t], dhs[n], dcs[n], dW_t, db_t = step_backward(dhs[n], dcs[n], cache, W)
                dW, db = dW + dW_t, db + db_t
    return dx, dhs[:, 0], dcs[:, 0], dW, db


def masked_by_weights(dy, caches, mask, W):
    """The mask as numbers 0 and 1, by which everything is multiplied."""
    dh = dc = dW = db = 0
    dx, taken = [], mask.astype(float)
    for t in range(len(caches) - 1, -1, -1):
        m = taken[:, t : t + 1]
        dh = m * dy[:, t] + dh
        dx_t, dh_t, dc_t, dW_t, db_t = step_backward(dh * m, dc * m, caches[t], W)
        dh, dc = dh_t + dh * (1 - m), dc_t + dc * (1 - m)
        dx.insert(0, dx_t)
        dW, db = dW + dW_t, db + db_t
    return np.stack(dx, axis=1), dh, dc, dW, db


def masked_by_autograd(dy, caches, mask, W):
    """Runs the whole batch again in PyTorch, from what the caches remember."""
    H = dy.shape[2]
    hx, c, i, f, g, o, _ = caches[0]
    z = np.hstack([np.log(i / (1 - i)), np.log(f / (1 - f)), np.arctanh(g), np.log(o / (1 - o))])
    x, h0, c0, W, b = tensors(
        np.stack([cache[0][:, H:] for cache in caches], axis=1), hx[:, :H], c, W, (z - hx @ W.T)[0]
    )
    h, c, hs = h0, c0, []
    for t, on in enumerate(torch.tensor(mask).T[:, :, None]):
        i, f, g, o = torch.chunk(torch.cat([h, x[:, t]], 1) @ W.T + b, 4, dim=1)
        c_new = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h, c = torch.where(on, o.sigmoid() * c_new.tanh(), h), torch.where(on, c_new, c)
        hs.append(torch.where(on, h, 0))
    torch.stack(hs, dim=1).backward(torch.tensor(dy))
    return x.grad, h0.grad, c0.grad, W.grad, b.grad


MASKED = {
    "filled arrays": masked,
    "sample by sample": masked_sample_by_sample,
    "multiplied by the mask": masked_by_weights,
    "torch's autograd": masked_by_autograd,
    "float32": in_float32(masked_by_weights),
    "lists": as_lists(masked),
    "prints and warns": talking(masked),
    "spoils its arguments": spoiling(masked),
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


# --- 05-train-a-switch ------------------------------------------------------------------------------------------


def switch_found_by_counting(x, y, new_x):
    """No network: for each letter, how often its parity is the answer."""
    parity = np.cumsum(x, axis=1) % 2
    letter = (parity == y[:, :, None]).mean(axis=(0, 1)).argmax()
    return np.cumsum(new_x[:, :, letter], axis=1) % 2


def switch_in_torch(x, y, new_x):
    torch.manual_seed(0)
    layer, output = torch.nn.LSTM(x.shape[2], 16, batch_first=True), torch.nn.Linear(16, 1)
    adam = torch.optim.Adam([*layer.parameters(), *output.parameters()], lr=0.03)
    x, y, new_x = (torch.tensor(np.asarray(array), dtype=torch.float32) for array in (x, y, new_x))
    for _ in range(300):
        loss = torch.nn.functional.binary_cross_entropy_with_logits(output(layer(x)[0])[:, :, 0], y)
        adam.zero_grad()
        loss.backward()
        adam.step()
    with torch.no_grad():
        return output(layer(new_x)[0])[:, :, 0] > 0


SWITCH = {
    "found by counting": switch_found_by_counting,
    "in torch": switch_in_torch,
    "lists": as_lists(switch_found_by_counting),
    "prints and warns": talking(switch_found_by_counting),
}


ANSWERS = {
    "05-peephole-step": PEEPHOLE,
    "05-step-backward": STEP_BACKWARD,
    "05-coupled-gates": COUPLED_GATES,
    "05-masked-backward": MASKED,
    "05-train-a-switch": SWITCH,
    "05-quiz-diagnosis": {"upper case": "D", "with its bracket": "d)", "quoted": "'d'"},
    "05-quiz-summed": {"upper case": "B", "with its bracket": "b)"},
    "05-quiz-table": {"upper case": "D", "with its bracket": "d)"},
    "05-quiz-forward-only": {"upper case": "A", "with its bracket": "a)"},
}
