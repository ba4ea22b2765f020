"""Other right ways of writing the answers of the primer."""

import math

import numpy as np
import torch

from .ways import as_lists, in_float32, sigmoid, spoiling, talking, tensors, with_a_graph


def layer(x, W, b):
    return np.einsum("nd,hd->nh", x, W) + b


def layer_in_loops(x, W, b):
    return [[sum(w * v for w, v in zip(row, sample)) + bias for row, bias in zip(W, b)] for sample in x]


def layer_in_torch(x, W, b):
    return torch.nn.functional.linear(*tensors(x, W, b))


def last_in_a_loop(x, lengths):
    last = np.empty((len(x), x.shape[2]))
    for n, length in enumerate(lengths):
        last[n] = x[n, length - 1]
    return last


def last_by_a_mask(x, lengths):
    return (x * (np.arange(x.shape[1]) == np.asarray(lengths)[:, None] - 1)[:, :, None]).sum(axis=1)


def slope_of_two_exponentials(z):
    return np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))) ** 2


def slope_in_a_loop(z):
    return [0.25 / math.cosh(min(abs(each), 600) / 2) ** 2 for each in z]


def slope_by_autograd(z):
    (z,) = tensors(z)
    torch.sigmoid(z).sum().backward()
    return z.grad


def chain(x, y, w):
    p = np.tanh(x @ w)
    return x.T @ (2 * (p - y) * (1 - p * p))


def chain_in_loops(x, y, w):
    dw = [0.0] * len(w)
    for sample, target in zip(x, y):
        p = math.tanh(sum(a * b for a, b in zip(sample, w)))
        for k, value in enumerate(sample):
            dw[k] += 2 * (p - target) * (1 - p * p) * value
    return dw


def chain_by_autograd(x, y, w):
    x, y, w = tensors(x, y, w)
    ((torch.tanh(x @ w) - y) ** 2).sum().backward()
    return w.grad


def backward_by_einsum(dz, x, W):
    return np.einsum("nh,nd->hd", dz, x), np.einsum("nh->h", dz), np.einsum("nh,hd->nd", dz, W)


def backward_in_loops(dz, x, W):
    dW, db, dx = np.zeros(W.shape), np.zeros(len(W)), np.zeros(x.shape)
    for n in range(len(x)):
        for k in range(len(W)):
            dW[k] += dz[n, k] * x[n]
            db[k] += dz[n, k]
            dx[n] += dz[n, k] * W[k]
    return dW, db, dx


def backward_by_autograd(dz, x, W):
    dz, x, W = tensors(dz, x, W)
    b = torch.zeros(len(W), dtype=x.dtype, requires_grad=True)
    (dz.detach() * (x @ W.T + b)).sum().backward()
    return W.grad, b.grad, x.grad


def twice(a, s, x):
    """Forward only: the slope of each state from that of the one before."""
    ds = 0.0
    for value in x:
        ds = s + a * ds
        s = a * s + value
    return s, ds


def twice_by_powers(a, s, x):
    T = len(x)
    parts = np.append(s, x)
    return sum(v * a ** (T - k) for k, v in enumerate(parts)), sum(
        v * (T - k) * a ** (T - k - 1) for k, v in enumerate(parts) if k < T
    )


def twice_by_autograd(a, s, x):
    a, s = tensors(a, s)
    state = s
    for value in x:
        state = a * state + value
    state.backward()
    return state, a.grad


ANSWERS = {
    "00-layer": {
        "one einsum": layer,
        "loops over numbers": layer_in_loops,
        "torch": layer_in_torch,
        "float32": in_float32(layer),
        "lists": as_lists(layer),
        "spoils its arguments": spoiling(layer),
    },
    "00-last-step": {
        "a loop over the samples": last_in_a_loop,
        "a mask": last_by_a_mask,
        "prints and warns": talking(last_in_a_loop),
        "lists": as_lists(last_by_a_mask),
    },
    "00-sigmoid-slope": {
        "two exponentials": slope_of_two_exponentials,
        "a loop with cosh": slope_in_a_loop,
        "torch's autograd": slope_by_autograd,
        "sigmoid(z) sigmoid(-z)": lambda z: sigmoid(z) * sigmoid(-z),
    },
    "00-chain": {
        "whole arrays": chain,
        "loops over numbers": chain_in_loops,
        "torch's autograd": chain_by_autograd,
        "float32": in_float32(chain),
        "with a graph": with_a_graph(chain),
    },
    "00-layer-backward": {
        "einsum": backward_by_einsum,
        "loops over samples and units": backward_in_loops,
        "torch's autograd": backward_by_autograd,
        "float32": in_float32(backward_by_einsum),
        "lists": as_lists(backward_in_loops),
        "spoils its arguments": spoiling(backward_in_loops),
    },
    "00-used-twice": {
        "forward only": twice,
        "powers": twice_by_powers,
        "torch's autograd": twice_by_autograd,
        "prints and warns": talking(twice),
    },
    "00-quiz-broadcasting": {"upper case": "C", "with its bracket": "c)"},
    "00-quiz-axis": {"upper case": "A", "with spaces": " a \n"},
    "00-quiz-stretch": {"upper case": "C", "with its bracket": "c)"},
    "00-quiz-softmax": {"upper case": "B", "quoted": "'b'"},
    "00-quiz-powers": {"upper case": "B", "in bold": "(B)."},
    "00-quiz-downhill": {"upper case": "C", "with its bracket": "c)"},
    "00-quiz-small-steps": {"upper case": "D", "quoted": "'d'"},
}
