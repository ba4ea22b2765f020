"""Other right ways of writing the answers of lesson 10."""

import numpy as np
import torch

from .ways import as_lists, in_float32, math_sigmoid, talking, tensors

# --- 10-read-ends -----------------------------------------------------------------------------------------------


def ends_in_a_loop(y, lengths):
    H, rows = y.shape[2] // 2, []
    for sequence, length in zip(y, lengths):
        rows.append([*sequence[length - 1][:H], *sequence[0][H:]])
    return rows


def ends_by_take_along_axis(y, lengths):
    H = y.shape[2] // 2
    forward = np.take_along_axis(y[:, :, :H], (np.asarray(lengths) - 1)[:, None, None], axis=1)[:, 0]
    return np.hstack([forward, y[:, 0, H:]])


def ends_in_torch(y, lengths):
    (y,) = tensors(y)
    forward, backward = y.chunk(2, dim=2)
    at = torch.as_tensor(lengths).view(-1, 1, 1).expand(-1, 1, forward.shape[2]) - 1
    return torch.cat([forward.gather(1, at).squeeze(1), backward.select(1, 0)], dim=1)


READ_ENDS = {
    "loop": ends_in_a_loop,
    "take_along_axis": ends_by_take_along_axis,
    "torch": ends_in_torch,
    "float32": in_float32(lambda y, lengths: ends_by_take_along_axis(y, np.asarray(lengths).astype(int))),
    "lists": as_lists(ends_by_take_along_axis),
    "prints and warns": talking(ends_by_take_along_axis),
}


# --- 10-fair-loss -----------------------------------------------------------------------------------------------


def loss_in_loops(logits, targets, lengths):
    N, total = len(logits), 0.0
    dlogits = np.zeros_like(logits)
    for n in range(N):
        for t in range(lengths[n]):
            z = logits[n, t] - max(logits[n, t])
            p = np.exp(z) / np.exp(z).sum()
            k = targets[n, t]
            total += (np.log(np.exp(z).sum()) - z[k]) / lengths[n] / N
            dlogits[n, t] = p / (lengths[n] * N)
            dlogits[n, t, k] -= 1 / (lengths[n] * N)
    return total, dlogits


def loss_by_autograd(logits, targets, lengths):
    """Weights on the valid steps, which are picked out before anything is computed."""
    N, T, _ = logits.shape
    valid = torch.arange(T) < torch.tensor(lengths)[:, None]
    picked = torch.tensor(logits)[valid].requires_grad_()
    losses = torch.nn.functional.cross_entropy(picked, torch.tensor(targets)[valid], reduction="none")
    weights = (1 / torch.tensor(lengths, dtype=torch.float64))[:, None].expand(N, T)[valid] / N
    loss = (weights * losses).sum()
    loss.backward()
    dlogits = torch.zeros(logits.shape, dtype=torch.float64)
    dlogits[valid] = picked.grad
    return loss.detach(), dlogits


FAIR_LOSS = {
    "loops": loss_in_loops,
    "autograd": loss_by_autograd,
    "lists": as_lists(loss_in_loops),
    "prints and warns": talking(loss_in_loops),
}


# --- 10-bucket-order --------------------------------------------------------------------------------------------


def order_with_the_smaller_batch_of_short_ones(lengths, size, seed):
    """The shortest sequences fill the smaller batch, which still comes last."""
    rng, rest = np.random.default_rng(seed), len(lengths) % size
    by_length = sorted(range(len(lengths)), key=lambda n: lengths[n])
    batches = [by_length[k : k + size] for k in range(rest, len(by_length), size)]
    rng.shuffle(batches)
    return sum(batches, []) + by_length[:rest]


def order_by_noisy_lengths(lengths, size, seed):
    """Half a step of noise, so that the batches differ from epoch to epoch."""
    rng = np.random.default_rng(seed)
    order = torch.tensor(lengths + rng.uniform(-0.5, 0.5, len(lengths))).argsort()
    full = len(order) - len(order) % size
    batches = order[:full].reshape(-1, size)
    batches = batches[torch.tensor(rng.permutation(len(batches)))]
    return torch.cat([batches.flatten(), order[full:]])


BUCKET_ORDER = {
    "smaller batch of short ones": order_with_the_smaller_batch_of_short_ones,
    "noisy lengths, torch": order_by_noisy_lengths,
    "lists": as_lists(order_with_the_smaller_batch_of_short_ones),
    "prints and warns": talking(order_by_noisy_lengths),
}


# --- 10-depends-on-the-batch ------------------------------------------------------------------------------------


def logits_one_at_a_time(x, lengths, W, b, V):
    H, rows = len(b) // 4, []
    for sequence, length in zip(x, lengths):
        h, c, states = np.zeros(H), np.zeros(H), []
        for seen in sequence[:length]:
            z = (W @ np.concatenate([h, seen]) + b).reshape(4, H)
            i, f, o = ([math_sigmoid(value) for value in z[k]] for k in (0, 1, 3))
            c = np.array(f) * c + np.array(i) * np.tanh(z[2])
            h = np.array(o) * np.tanh(c)
            states.append(h)
        rows.append(V @ np.concatenate([np.mean(states, axis=0), h]))
    return np.array(rows)


def logits_by_packing(x, lengths, W, b, V):
    H = len(b) // 4
    layer = torch.nn.LSTM(x.shape[2], H, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        layer.weight_hh_l0.copy_(torch.tensor(W[:, :H]))
        layer.weight_ih_l0.copy_(torch.tensor(W[:, H:]))
        layer.bias_ih_l0.copy_(torch.tensor(b))
        layer.bias_hh_l0.zero_()
        lengths = torch.tensor(lengths)
        packed = torch.nn.utils.rnn.pack_padded_sequence(torch.tensor(x), lengths, True, enforce_sorted=False)
        y, (h, _) = layer(packed)
        y, _ = torch.nn.utils.rnn.pad_packed_sequence(y, batch_first=True)
        return torch.cat([y.sum(dim=1) / lengths[:, None], h[0]], dim=1) @ torch.tensor(V).T


DEPENDS_ON_THE_BATCH = {
    "one at a time": logits_one_at_a_time,
    "packed": logits_by_packing,
    "lists": as_lists(logits_one_at_a_time),
    "prints and warns": talking(logits_one_at_a_time),
}


# --- 10-both-sides ----------------------------------------------------------------------------------------------


def tags_by_looking(x, lengths, tags, new_x, new_lengths):
    """The rule, written by hand."""
    answers = np.zeros(new_x.shape[:2], int)
    for n, length in enumerate(new_lengths):
        marks = [(t, new_x[n, t, 0]) for t in range(length) if new_x[n, t].any()]
        for (start, one), (stop, other) in zip(marks, marks[1:]):
            answers[n, start + 1 : stop] = one == other
    return answers


def tags_by_a_product(x, lengths, tags, new_x, new_lengths):
    """Two LSTMs in opposite directions whose outputs are multiplied, and a linear layer."""
    with torch.random.fork_rng():
        torch.manual_seed(1)
        forward, backward = (torch.nn.LSTM(2, 10, batch_first=True) for _ in range(2))
        output = torch.nn.Linear(10, 2)
    parts = (forward, backward, output)
    with torch.no_grad():
        for layer in parts[:2]:
            layer.bias_ih_l0[10:20] = 2
    parameters = [parameter for part in parts for parameter in part.parameters()]
    adam, rng = torch.optim.Adam(parameters, 0.02), np.random.default_rng(0)
    x, tags, new_x = torch.tensor(x).float(), torch.tensor(tags), torch.tensor(new_x).float()

    def logits(x):
        return output(forward(x)[0] * backward(x.flip(1))[0].flip(1))

    for rows in rng.integers(0, len(x), (400, 64)):
        loss = torch.nn.functional.cross_entropy(logits(x[rows]).flatten(0, 1), tags[rows].flatten(), ignore_index=-1)
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        adam.step()
    with torch.no_grad():
        return logits(new_x).argmax(dim=2)


BOTH_SIDES = {
    "by looking": tags_by_looking,
    "the product of two directions": tags_by_a_product,
    "prints and warns": talking(tags_by_looking),
}


ANSWERS = {
    "10-read-ends": READ_ENDS,
    "10-fair-loss": FAIR_LOSS,
    "10-bucket-order": BUCKET_ORDER,
    "10-depends-on-the-batch": DEPENDS_ON_THE_BATCH,
    "10-both-sides": BOTH_SIDES,
    "10-quiz-mean": {"upper case": "B", "with its bracket": "b)"},
    "10-quiz-layers": {"upper case": "C", "with spaces": "  c \n"},
    "10-quiz-stateful": {"upper case": "A", "in bold": "(A)."},
    "10-quiz-count": {"upper case": "B", "with its bracket": "b)"},
}
