"""Other right ways of writing the answers of lesson 18."""

import numpy as np
import torch
from torch import nn

from .ways import as_lists, in_float32, spoiling, talking, tensors

# --- 18-step-cost -----------------------------------------------------------------------------------------------


def cost_layer_by_layer(D, H, layers, size):
    products = numbers = 0
    for inputs in [D] + [H] * (layers - 1):
        for _ in "ifgo":
            products += H * inputs + H * H
            numbers += H * (inputs + H + 1)
    T = 1
    while 12 * H**2 + 2 * T * H <= products:
        T = T + 1
    return products, numbers * size, 2 * H * layers * size, T


def cost_from_cells(D, H, layers, size):
    cells = [nn.LSTMCell(D if k == 0 else H, H) for k in range(layers)]
    products = sum(cell.weight_ih.numel() + cell.weight_hh.numel() for cell in cells)
    numbers = products + sum(cell.bias_ih.numel() for cell in cells)
    state = sum(part.numel() for cell in cells for part in cell(torch.zeros(1, cell.input_size)))
    context = max(1, int(np.floor((products - 12 * H**2) / (2 * H))) + 1)
    return np.array(products), numbers * size, state * size, float(context)


STEP_COST = {
    "layer by layer": cost_layer_by_layer,
    "from cells": cost_from_cells,
    "lists": as_lists(cost_layer_by_layer),
    "prints and warns": talking(cost_layer_by_layer),
}


# --- 18-eight-bits ----------------------------------------------------------------------------------------------


def rounded_in_loops(W, x):
    product, bound = [], []
    for row in W:
        largest = max(abs(float(w)) for w in row)
        step = largest / 127
        whole = [round(float(w) / step) if step else 0 for w in row]
        product.append(step * sum(q * float(v) for q, v in zip(whole, x, strict=True)))
        bound.append(sum(step / 2 * abs(float(v)) for v in x))
    return np.array(product), np.array(bound)


def rounded_in_torch(W, x):
    W, x = tensors(W, x)
    scale = torch.clamp(W.abs().amax(dim=1, keepdim=True), min=1e-300) / 127
    q = torch.round(W / scale).to(torch.int8)
    used = torch.where(scale > 1e-300, scale, torch.zeros_like(scale))
    return ((q.to(x.dtype) * used) @ x), (used * x.abs() / 2).sum(dim=1)


EIGHT_BITS = {
    "loops": rounded_in_loops,
    "torch": rounded_in_torch,
    "lists": as_lists(rounded_in_loops),
    "prints and warns": talking(rounded_in_torch),
    "spoils its arguments": spoiling(rounded_in_loops),
}


# --- 18-keep-pruned ---------------------------------------------------------------------------------------------


def pruned_with_a_threshold(W, gradients, share, rate):
    sizes = sorted(abs(float(w)) for w in W.ravel())
    count = round(share * len(sizes))
    threshold = sizes[count - 1] if count else -1.0
    kept = np.abs(W) > threshold
    after = np.where(kept, W - rate * gradients.sum(axis=0), 0.0)
    return after, [int(part.sum()) for part in np.split(kept, 4)]


def pruned_in_torch(W, gradients, share, rate):
    W, gradients = tensors(W, gradients)
    mask = torch.ones(W.numel(), dtype=W.dtype)
    mask[W.abs().flatten().argsort()[: round(share * W.numel())]] = 0
    mask = mask.reshape(W.shape)
    W = W * mask
    for gradient in gradients:
        W -= rate * gradient * mask
    return W, mask.reshape(4, -1).sum(1)


KEEP_PRUNED = {
    "a threshold": pruned_with_a_threshold,
    "torch": pruned_in_torch,
    "single precision": in_float32(pruned_with_a_threshold),
    "lists": as_lists(pruned_with_a_threshold),
    "prints and warns": talking(pruned_in_torch),
    "spoils its arguments": spoiling(pruned_with_a_threshold),
}


# --- 18-repair-stream -------------------------------------------------------------------------------------------


def stream_in_torch(chunks, streams, begins, W, b):
    chunks, W, b = tensors(chunks, W, b)
    H, known, results = len(b) // 4, {}, []
    for chunk, stream, new in zip(chunks, streams.tolist(), begins, strict=True):
        if new or stream not in known:
            known[stream] = [torch.zeros(H, dtype=chunks.dtype)] * 2
        for x in chunk:
            h, c = known[stream]
            i, f, g, o = (W @ torch.cat([h, x]) + b).chunk(4)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            known[stream] = [o.sigmoid() * c.tanh(), c]
            results.append(known[stream][0])
    return torch.stack(results).reshape(*chunks.shape[:2], H)


def stream_after_stream(chunks, streams, begins, W, b):
    """All chunks of one stream before those of the next."""
    H = len(b) // 4
    h = np.zeros((*chunks.shape[:2], H))
    for stream in np.unique(streams):
        state = np.zeros((2, H))
        for n in np.flatnonzero(streams == stream):
            if begins[n]:
                state = np.zeros((2, H))
            for t in range(chunks.shape[1]):
                z = (W[:, :H] @ state[0] + W[:, H:] @ chunks[n, t] + b).reshape(4, H)
                i, f, o = 1 / (1 + np.exp(-z[[0, 1, 3]]))
                c = f * state[1] + i * np.tanh(z[2])
                state = np.stack([o * np.tanh(c), c])
                h[n, t] = state[0]
    return h


REPAIR_STREAM = {
    "torch": stream_in_torch,
    "stream after stream": stream_after_stream,
    "prints and warns": talking(stream_in_torch),
}


# --- 18-small-reader --------------------------------------------------------------------------------------------


def by_another_loop(x, y, limit):
    """Ten units, with another optimiser, schedule and loop."""
    with torch.random.fork_rng():
        torch.manual_seed(3)
        H = 10
        layer, output = nn.LSTM(8, H, batch_first=True), nn.Linear(H, 10)
        with torch.no_grad():
            layer.bias_ih_l0[H : 2 * H] = 2.0
        weights = [*layer.parameters(), *output.parameters()]
        adam = torch.optim.AdamW(weights, lr=0.02, weight_decay=1e-4)
        updates = 900
        falling = torch.optim.lr_scheduler.OneCycleLR(adam, 0.03, total_steps=updates)
        x, y = torch.tensor(x, dtype=torch.float32), torch.tensor(y)
        for rows in np.random.default_rng(5).integers(0, len(x), (updates, 40)):
            adam.zero_grad()
            nn.functional.cross_entropy(output(layer(x[rows])[0][:, -1]), y[rows]).backward()
            nn.utils.clip_grad_norm_(weights, 1.0)
            adam.step()
            falling.step()
    W_x, W_h, b, b_h, V, d = weights
    return [part.detach() for part in (W_x, W_h, b + b_h, V, d)]


def pruned_to_the_limit(x, y, limit):
    """A larger network, pruned little by little and trained on."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        H = 14
        layer, output = nn.LSTM(8, H, batch_first=True), nn.Linear(H, 10)
        with torch.no_grad():
            layer.bias_ih_l0[H : 2 * H], layer.bias_hh_l0[:] = 1.0, 0.0
        layer.bias_hh_l0.requires_grad_(False)
        weights = [*layer.parameters(), *output.parameters()]
        matrices, updates = [weights[0], weights[1], weights[4]], 1400
        adam = torch.optim.Adam([each for each in weights if each.requires_grad])
        x, y = torch.tensor(x, dtype=torch.float32), torch.tensor(y)
        masks, free = [torch.ones_like(each) for each in matrices], limit - 4 * H - 10
        total = sum(each.numel() for each in matrices)
        for update, rows in enumerate(np.random.default_rng(6).integers(0, len(x), (updates, 50))):
            adam.param_groups[0]["lr"] = 0.03 * max(0.03, 1 - update / updates)
            adam.zero_grad()
            nn.functional.cross_entropy(output(layer(x[rows])[0][:, -1]), y[rows]).backward()
            adam.step()
            with torch.no_grad():
                if update in (400, 550, 700):
                    left = total + (free - total) * {400: 0.5, 550: 0.8, 700: 1.0}[update]
                    sizes = torch.cat([each.abs().flatten() for each in matrices]).sort().values
                    masks = [(each.abs() > sizes[total - int(left) - 1]).float() for each in matrices]
                for each, mask in zip(matrices, masks, strict=True):
                    each *= mask
    W_x, W_h, b, b_h, V, d = (each.detach().numpy() for each in weights)
    return W_x, W_h, b + b_h, V, d


SMALL_READER = {
    "another loop": by_another_loop,
    "pruned to the limit": pruned_to_the_limit,
    "lists": as_lists(by_another_loop),
    "prints and warns": talking(by_another_loop),
}


ANSWERS = {
    "18-step-cost": STEP_COST,
    "18-eight-bits": EIGHT_BITS,
    "18-keep-pruned": KEEP_PRUNED,
    "18-repair-stream": REPAIR_STREAM,
    "18-small-reader": SMALL_READER,
    "18-quiz-order": {"upper case": "B", "with its bracket": "b)"},
    "18-quiz-calibrated": {"upper case": "C", "with spaces": "  c \n"},
    "18-quiz-memory": {"upper case": "A", "in bold": "(A)."},
    "18-quiz-export": {"upper case": "D", "with its bracket": "d)"},
}
