"""Other right ways of writing the answers of lesson 02."""

import numpy as np
import torch

from .ways import as_lists, in_float32, spoiling, talking, tensors, with_a_graph

rnn_step = rnn_step_backward = None  # the judge puts the course's own here while it calls an answer

# --- 02-leaky-backward ------------------------------------------------------------------------------------------


def leaky(dh_next, x, h, W, b, leak):
    """Four products, and the blocks of W apart."""
    H = len(b)
    W_h, W_x = W[:, :H], W[:, H:]
    dz = np.where(h @ W_h.T + x @ W_x.T + b > 0, leak * dh_next, 0)
    dh = dh_next - leak * dh_next + dz @ W_h
    return dz @ W_x, dh, np.hstack([dz.T @ h, dz.T @ x]), dz.sum(0)


def leaky_in_loops(dh_next, x, h, W, b, leak):
    (N, H), D = h.shape, x.shape[1]
    dx, dh, dW, db = np.zeros((N, D)), np.zeros((N, H)), np.zeros(W.shape), np.zeros(H)
    for n in range(N):
        hx = [*h[n], *x[n]]
        dhx = [0.0] * (H + D)
        for k in range(H):
            z = sum(w * s for w, s in zip(W[k], hx, strict=True)) + b[k]
            dz = leak * dh_next[n, k] if z > 0 else 0.0
            db[k] += dz
            for j in range(H + D):
                dW[k, j] += dz * hx[j]
                dhx[j] += dz * W[k, j]
        dh[n] = np.array(dhx[:H]) + (1 - leak) * dh_next[n]
        dx[n] = dhx[H:]
    return dx, dh, dW, db


def leaky_by_autograd(dh_next, x, h, W, b, leak):
    x, h, W, b = tensors(x, h, W, b)
    z = torch.cat([h, x], 1) @ W.T + b
    ((1 - leak) * h + leak * z.clamp(min=0)).backward(torch.tensor(dh_next))
    return x.grad, h.grad, W.grad, b.grad


def leaky_in_place(dh_next, x, h, W, b, leak):
    hx = np.hstack([h, x])
    kept = (1 - leak) * dh_next
    dh_next *= leak
    dh_next[hx @ W.T + b < 0] = 0
    dhx = dh_next @ W
    dhx[:, : len(b)] += kept
    return dhx[:, len(b) :], dhx[:, : len(b)], dh_next.T @ hx, dh_next.sum(axis=0)


LEAKY_BACKWARD = {
    "blocks apart": leaky,
    "loops over numbers": leaky_in_loops,
    "torch's autograd": leaky_by_autograd,
    "in place": leaky_in_place,
    "lists": as_lists(leaky),
    "prints and warns": talking(leaky),
    "spoils its arguments": spoiling(leaky),
    "tensors with a graph": with_a_graph(leaky),
}


# --- 02-sequence-loss -------------------------------------------------------------------------------------------


def string_by_string(logits, targets, lengths):
    dlogits, steps = np.zeros(logits.shape), sum(lengths)
    for n, length in enumerate(lengths):
        for t in range(length):
            p = np.exp(logits[n, t] - logits[n, t].max())
            dlogits[n, t] = p / p.sum()
            dlogits[n, t, targets[n, t]] -= 1
    return dlogits / steps


def by_logarithms(logits, targets, lengths):
    N, T, K = logits.shape
    log_p = logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    weight = (np.arange(T)[None] < lengths[:, None]) / np.sum(lengths)
    return (np.exp(log_p) - (targets[..., None] == np.arange(K))) * weight[..., None]


def loss_by_autograd(logits, targets, lengths):
    (logits,) = tensors(logits)
    log_p = torch.log_softmax(logits, dim=2)
    losses = [-log_p[n, t, targets[n, t]] for n in range(len(lengths)) for t in range(lengths[n])]
    torch.stack(losses).mean().backward()
    return logits.grad


SEQUENCE_LOSS = {
    "string by string": string_by_string,
    "by logarithms": by_logarithms,
    "torch's autograd": loss_by_autograd,
    "lists": as_lists(string_by_string),
    "prints and warns": talking(by_logarithms),
}


# --- 02-numerical-gradient --------------------------------------------------------------------------------------


def numerical(x, h, W, b, dy):
    """Copies of W, row by row and column by column."""

    def loss(W):
        state, total = h, 0.0
        for t in range(x.shape[1]):
            state = rnn_step(x[:, t], state, W, b)
            total += np.sum(dy[:, t] * state)
        return total

    dW = np.empty_like(W)
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            more, less = W.copy(), W.copy()
            more[i, j] += 1e-6
            less[i, j] -= 1e-6
            dW[i, j] = (loss(more) - loss(less)) / 2e-6
    return dW


def numerical_with_its_own_step(x, h, W, b, dy):
    def loss(flat):
        state, y = h, []
        for t in range(x.shape[1]):
            state = np.tanh(np.hstack([state, x[:, t]]) @ flat.reshape(W.shape).T + b)
            y.append(state)
        return np.vdot(dy, np.stack(y, 1))

    nudges = 1e-4 * np.eye(W.size)
    return np.array([loss(W.ravel() + n) - loss(W.ravel() - n) for n in nudges]).reshape(W.shape) / 2e-4


def with_the_chain_rule(x, h, W, b, dy):
    x, h, W, b = tensors(x, h, W, b)
    y = []
    for t in range(x.shape[1]):
        h = torch.tanh(torch.cat([h, x[:, t]], 1) @ W.T + b)
        y.append(h)
    torch.stack(y, 1).backward(torch.tensor(dy))
    return W.grad


NUMERICAL_GRADIENT = {
    "copies": numerical,
    "with a step of its own": numerical_with_its_own_step,
    "torch's autograd": with_the_chain_rule,
    "lists": as_lists(numerical),
    "prints and warns": talking(numerical),
    "spoils its arguments": spoiling(numerical),
}


# --- 02-repair --------------------------------------------------------------------------------------------------


def repaired(x, h, W, b, V, dlogits):
    """All products after the loop."""
    H, T = len(b), x.shape[1]
    y = np.empty((len(x), T, H))
    for t in range(T):
        y[:, t] = np.tanh(np.hstack([y[:, t - 1] if t else h, x[:, t]]) @ W.T + b)
    before = np.concatenate([h[:, None], y[:, :-1]], axis=1)
    dz, back = np.empty_like(y), np.zeros_like(h)
    for t in range(T - 1, -1, -1):
        dz[:, t] = (dlogits[:, t] @ V + back) * (1 - y[:, t] ** 2)
        back = dz[:, t] @ W[:, :H]
    dW = np.einsum("nth,ntj->hj", dz, np.concatenate([before, x], axis=2))
    return dW, dz.sum((0, 1)), np.einsum("ntk,nth->kh", dlogits, y)


def repaired_by_autograd(x, h, W, b, V, dlogits):
    x, h, W, b, V = tensors(x, h, W, b, V)
    loss = 0
    for t in range(x.shape[1]):
        h = torch.tanh(torch.cat([h, x[:, t]], 1) @ W.T + b)
        loss = loss + (h @ V.T * torch.tensor(dlogits[:, t])).sum()
    loss.backward()
    return W.grad, b.grad, V.grad


def repaired_sample_by_sample(x, h, W, b, V, dlogits):
    H, dW, db, dV = len(b), np.zeros(W.shape), np.zeros(len(b)), np.zeros(V.shape)
    for seen, first, arriving in zip(x, h, dlogits, strict=True):
        states = [first]
        for step in seen:
            states.append(np.tanh(W @ np.append(states[-1], step) + b))
        back = np.zeros(H)
        for t in range(len(seen))[::-1]:
            dV += np.outer(arriving[t], states[t + 1])
            dz = (V.T @ arriving[t] + back) * (1 - states[t + 1] ** 2)
            dW += np.outer(dz, np.append(states[t], seen[t]))
            db += dz
            back = W[:, :H].T @ dz
    return dW, db, dV


REPAIR = {
    "products after the loop": repaired,
    "torch's autograd": repaired_by_autograd,
    "sample by sample": repaired_sample_by_sample,
    "float32": in_float32(repaired),
    "lists": as_lists(repaired),
    "prints and warns": talking(repaired),
    "spoils its arguments": spoiling(repaired),
}


# --- 02-truncated -----------------------------------------------------------------------------------------------


def forward(x, h, W, b):
    y = np.zeros((*x.shape[:2], len(b)))
    for t in range(x.shape[1]):
        y[:, t] = h = rnn_step(x[:, t], h, W, b)
    return y


def backward(dy, x, h, y, W):
    states = [h, *np.moveaxis(y, 1, 0)]
    dh, dx, dW, db = 0, [], 0, 0
    for t in range(x.shape[1] - 1, -1, -1):
        dx_t, dh, dW_t, db_t = rnn_step_backward(dy[:, t] + dh, x[:, t], states[t], states[t + 1], W)
        dx.insert(0, dx_t)
        dW, db = dW + dW_t, db + db_t
    return np.stack(dx, 1), dh, dW, db


def truncated(x, h, W, b, dy, k):
    """Window by window, each with a backward pass of its own."""
    y, dx, dW, db = [], [], 0, 0
    for first in range(0, x.shape[1], k):
        window = slice(first, first + k)
        part = forward(x[:, window], h, W, b)
        dx_part, _, dW_part, db_part = backward(dy[:, window], x[:, window], h, part, W)
        y.append(part)
        dx.append(dx_part)
        dW, db, h = dW + dW_part, db + db_part, part[:, -1]
    return np.concatenate(y, 1), np.concatenate(dx, 1), dW, db


def truncated_by_detaching(x, h, W, b, dy, k):
    x, h, W, b = tensors(x, h, W, b)
    states = []
    for t in range(x.shape[1]):
        h = h.detach() if t % k == 0 else h
        h = torch.tanh(torch.cat([h, x[:, t]], 1) @ W.T + b)
        states.append(h)
    y = torch.stack(states, 1)
    (y * torch.tensor(dy)).sum().backward()
    return y, x.grad, W.grad, b.grad


def truncated_by_counting(x, h, W, b, dy, k):
    """One loop forward and one back, without the given steps."""
    H, T = h.shape[1], x.shape[1]
    states = [h]
    for t in range(T):
        states.append(np.tanh(np.c_[states[-1], x[:, t]] @ W.T + b))
    dx, dW, db, later = np.empty_like(x), np.zeros_like(W), np.zeros_like(b), None
    for t in range(T)[::-1]:
        last_of_window = t == T - 1 or (t + 1) % k == 0
        arriving = dy[:, t] if last_of_window else dy[:, t] + later
        dz = arriving * (1 - states[t + 1] ** 2)
        later, dx[:, t] = dz @ W[:, :H], dz @ W[:, H:]
        dW += dz.T @ np.c_[states[t], x[:, t]]
        db += dz.sum(0)
    return np.stack(states[1:], 1), dx, dW, db


TRUNCATED = {
    "window by window": truncated,
    "torch's detach": truncated_by_detaching,
    "by counting": truncated_by_counting,
    "lists": as_lists(truncated_by_counting),
    "prints and warns": talking(truncated),
}


ANSWERS = {
    "02-leaky-backward": LEAKY_BACKWARD,
    "02-sequence-loss": SEQUENCE_LOSS,
    "02-numerical-gradient": NUMERICAL_GRADIENT,
    "02-repair": REPAIR,
    "02-truncated": TRUNCATED,
    "02-quiz-longer": {"upper case": "B", "with its bracket": "b)"},
    "02-quiz-which-line": {"upper case": "A", "with its bracket": "a)"},
    "02-quiz-check-says": {"upper case": "C", "quoted": "'c'"},
    "02-quiz-cut": {"upper case": "D", "quoted": "'d'"},
}
