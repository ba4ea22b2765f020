"""Other right ways of writing the answers of lesson 02."""

import math

import numpy as np
import torch

from .ways import as_lists, in_float32, spoiling, talking, tensors, with_a_graph

rnn_step = rnn_step_backward = None  # the judge puts the course's own here while it calls an answer

# --- 02-rnn-step ------------------------------------------------------------------------------------------------


def step(x, h, W, b):
    H = h.shape[1]
    return np.tanh(h @ W[:, :H].T + x @ W[:, H:].T + b)


def step_in_loops(x, h, W, b):
    rows = []
    for n in range(len(x)):
        seen = [*h[n], *x[n]]
        rows.append([math.tanh(sum(w * s for w, s in zip(row, seen)) + bias) for row, bias in zip(W, b)])
    return np.array(rows)


def step_by_sigmoid(x, h, W, b):
    z = np.einsum("nk,hk->nh", np.hstack([h, x]), W) + b[None]
    return 2 * np.exp(-np.logaddexp(0, -2 * z)) - 1


def step_in_torch(x, h, W, b):
    x, h, W, b = tensors(x, h, W, b)
    return torch.nn.functional.linear(torch.cat([h, x], 1), W, b).tanh()


RNN_STEP = {
    "two products": step,
    "loops over numbers": step_in_loops,
    "by a sigmoid": step_by_sigmoid,
    "torch": step_in_torch,
    "float32": in_float32(step),
    "prints and warns": talking(step),
}


# --- 02-rnn-forward ---------------------------------------------------------------------------------------------


def forward(x, h, W, b):
    y = np.zeros((*x.shape[:2], len(b)))
    for t in range(x.shape[1]):
        y[:, t] = h = rnn_step(x[:, t], h, W, b)
    return y


def forward_with_its_own_step(x, h, W, b):
    H = len(b)
    z, y = x @ W[:, H:].T + b, []
    for t in range(x.shape[1]):
        h = np.tanh(z[:, t] + h @ W[:, :H].T)
        y += [h]
    return np.stack(y, 1)


def forward_recursively(x, h, W, b):
    if x.shape[1] == 0:
        return np.zeros((len(x), 0, len(b)))
    h = rnn_step(x[:, 0], h, W, b)
    return np.concatenate([h[:, None], forward_recursively(x[:, 1:], h, W, b)], axis=1)


def forward_sample_by_sample(x, h, W, b):
    y = []
    for sample, state in zip(x, h):
        states = []
        for seen in sample:
            state = np.tanh(W @ np.append(state, seen) + b)
            states.append(state)
        y.append(states)
    return y


RNN_FORWARD = {
    "filled array": forward,
    "with a step of its own": forward_with_its_own_step,
    "recursive": forward_recursively,
    "sample by sample, in lists": forward_sample_by_sample,
    "float32": in_float32(forward_with_its_own_step),
    "prints and warns": talking(forward),
}


# --- 02-step-backward -------------------------------------------------------------------------------------------


def step_backward(dh_next, x, h, h_next, W):
    H = h.shape[1]
    dz = dh_next * (1 - h_next) * (1 + h_next)
    return dz @ W[:, H:], dz @ W[:, :H], np.hstack([dz.T @ h, dz.T @ x]), dz.sum(0)


def step_backward_in_loops(dh_next, x, h, h_next, W):
    N, H = h.shape
    dhx, dW, db = np.zeros((N, W.shape[1])), np.zeros(W.shape), np.zeros(H)
    for n in range(N):
        hx = [*h[n], *x[n]]
        for k in range(H):
            dz = dh_next[n, k] * (1 - h_next[n, k] ** 2)
            db[k] += dz
            for j in range(len(hx)):
                dW[k, j] += dz * hx[j]
                dhx[n, j] += dz * W[k, j]
    return dhx[:, H:], dhx[:, :H], dW, db


def step_backward_by_autograd(dh_next, x, h, h_next, W):
    """The bias can be had back from the state; PyTorch does the rest."""
    hx = np.hstack([h, x])
    hx, W, b = tensors(hx, W, (np.arctanh(h_next) - hx @ W.T)[0])
    torch.tanh(hx @ W.T + b).backward(torch.tensor(dh_next))
    H = h.shape[1]
    return hx.grad[:, H:], hx.grad[:, :H], W.grad, b.grad


STEP_BACKWARD = {
    "four products": step_backward,
    "loops over numbers": step_backward_in_loops,
    "torch's autograd": step_backward_by_autograd,
    "float32": in_float32(step_backward),
    "lists": as_lists(step_backward),
    "prints and warns": talking(step_backward),
    "spoils its arguments": spoiling(step_backward),
    "tensors with a graph": with_a_graph(step_backward),
}


# --- 02-rnn-backward --------------------------------------------------------------------------------------------


def backward(dy, x, h, y, W):
    T = x.shape[1]
    states = [h, *np.moveaxis(y, 1, 0)]
    dh, dx, dW, db = 0, [], 0, 0
    for t in range(T - 1, -1, -1):
        dx_t, dh, dW_t, db_t = rnn_step_backward(dy[:, t] + dh, x[:, t], states[t], states[t + 1], W)
        dx.insert(0, dx_t)
        dW, db = dW + dW_t, db + db_t
    return np.stack(dx, 1), dh, dW, db


def backward_with_its_own_step(dy, x, h, y, W):
    """Weight gradients as one product after the loop."""
    H = h.shape[1]
    dz, dh = np.empty_like(y), 0
    for t in reversed(range(y.shape[1])):
        dz[:, t] = (dy[:, t] + dh) * (1 - y[:, t] ** 2)
        dh = dz[:, t] @ W[:, :H]
    hx = np.concatenate([np.concatenate([h[:, None], y[:, :-1]], axis=1), x], axis=2)
    return dz @ W[:, H:], dh, np.einsum("ntk,ntj->kj", dz, hx), dz.sum(axis=(0, 1))


def backward_in_place(dy, x, h, y, W):
    dx, dW, db = np.zeros_like(x), np.zeros_like(W), np.zeros(len(W))
    for t in reversed(range(1, x.shape[1])):
        dx[:, t], dh, dW_t, db_t = rnn_step_backward(dy[:, t], x[:, t], y[:, t - 1], y[:, t], W)
        dy[:, t - 1] += dh
        dW += dW_t
        db += db_t
    dx[:, 0], dh, dW_t, db_t = rnn_step_backward(dy[:, 0], x[:, 0], h, y[:, 0], W)
    return dx, dh, dW + dW_t, db + db_t


def backward_by_autograd(dy, x, h, y, W):
    """Runs the whole sequence again in PyTorch."""
    first = np.hstack([h, x[:, 0]])
    x, h0, W, b = tensors(x, h, W, (np.arctanh(y[:, 0]) - first @ W.T)[0])
    h, states = h0, []
    for t in range(x.shape[1]):
        h = torch.tanh(torch.cat([h, x[:, t]], 1) @ W.T + b)
        states.append(h)
    torch.stack(states, 1).backward(torch.tensor(dy))
    return x.grad, h0.grad, W.grad, b.grad


RNN_BACKWARD = {
    "a list of states": backward,
    "with a step of its own": backward_with_its_own_step,
    "in place": backward_in_place,
    "torch's autograd": backward_by_autograd,
    "float32": in_float32(backward_with_its_own_step),
    "lists": as_lists(backward),
    "prints and warns": talking(backward),
    "spoils its arguments": spoiling(backward),
}


# --- 02-truncated -----------------------------------------------------------------------------------------------


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
    "02-rnn-step": RNN_STEP,
    "02-rnn-forward": RNN_FORWARD,
    "02-step-backward": STEP_BACKWARD,
    "02-rnn-backward": RNN_BACKWARD,
    "02-truncated": TRUNCATED,
    "02-quiz-longer": {"upper case": "B", "with its bracket": "b)"},
    "02-quiz-which-line": {"upper case": "A", "with its bracket": "a)"},
    "02-quiz-check-says": {"upper case": "C", "quoted": "'c'"},
    "02-quiz-cut": {"upper case": "D", "quoted": "'d'"},
}
