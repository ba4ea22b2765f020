"""Other right ways of writing the answers of lesson 11."""

import numpy as np
import torch

from .ways import as_lists, in_float32, spoiling, talking, tensors

# --- 11-early-stopping ------------------------------------------------------------------------------------------


def stop_by_counting(values, weights, patience):
    """As a training loop writes it, with a counter that a new best sets back."""
    lowest, kept, waited, taken = float("inf"), None, 0, 0
    for value, now in zip(values, weights, strict=True):
        taken += 1
        if value < lowest:
            lowest, kept, waited = value, now.copy(), 0
        else:
            waited += 1
        if waited == patience:
            break
    return kept, taken


def stop_by_records(values, weights, patience):
    """The records are where the running minimum falls; the first gap that is long enough ends it."""
    lowest = np.minimum.accumulate(values)
    records = [0, *(1 + np.flatnonzero(np.diff(lowest) < 0))]
    for record, following in zip(records, [*records[1:], len(values) + patience], strict=True):
        if following - record > patience:
            return weights[record], min(record + patience + 1, len(values))
    raise AssertionError("the last record is followed by a gap that is long enough")


def stop_in_torch(values, weights, patience):
    values, weights = tensors(values, weights)
    taken = 1
    while taken < len(values) and taken - 1 - int(values[:taken].argmin()) < patience:
        taken += 1
    return weights[values[:taken].argmin()], taken


EARLY_STOPPING = {
    "counting": stop_by_counting,
    "records": stop_by_records,
    "torch": stop_in_torch,
    "float32": in_float32(stop_by_counting),
    "lists": as_lists(stop_by_counting),
    "prints and warns": talking(stop_by_counting),
    "spoils its arguments": spoiling(stop_by_counting),
}


# --- 11-recurrent-masks -----------------------------------------------------------------------------------------


def masks_in_loops(N, T, H, rate, seed):
    rng, masks = np.random.default_rng(seed), np.zeros((N, T, H))
    for n in range(N):
        for unit in range(H):
            if rng.uniform() > rate:
                masks[n, :, unit] = 1 / (1 - rate)
    return masks


def masks_by_binomial(N, T, H, rate, seed):
    once = np.random.default_rng(seed).binomial(1, 1 - rate, (N, H)) / (1 - rate)
    return np.broadcast_to(once[:, None], (N, T, H))


def masks_in_torch(N, T, H, rate, seed):
    generator = torch.Generator().manual_seed(seed)
    kept = torch.bernoulli(torch.full((N, 1, H), 1 - rate), generator=generator)
    return (kept / (1 - rate)).expand(N, T, H)


def masks_by_dropout(N, T, H, rate, seed):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return torch.nn.functional.dropout(torch.ones(N, 1, H), rate).repeat(1, T, 1)


def masks_in_float32(N, T, H, rate, seed):
    return masks_by_binomial(N, T, H, rate, seed).astype(np.float32)


RECURRENT_MASKS = {
    "loops": masks_in_loops,
    "binomial": masks_by_binomial,
    "torch": masks_in_torch,
    "dropout of ones": masks_by_dropout,
    "float32": masks_in_float32,
    "lists": as_lists(masks_by_binomial),
    "prints and warns": talking(masks_by_binomial),
}


# --- 11-repair-loop ---------------------------------------------------------------------------------------------


def train_with_whole_arrays(x, y, held_x, held_y, updates, learning_rate, clip):
    w, tried = np.zeros(x.shape[2]), []
    for u in range(updates):
        batch, target = x[u % len(x)], y[u % len(x)]
        g = 2 * batch.T @ (batch @ w - target) / len(target)
        if np.linalg.norm(g) > clip:
            g *= clip / np.linalg.norm(g)
        w = w - learning_rate * g
        tried.append((np.square(held_x @ w - held_y).mean(), u, w))
    best, _, kept = min(tried, key=lambda each: each[:2])
    return kept, best


def train_in_torch(x, y, held_x, held_y, updates, learning_rate, clip):
    x, y, held_x, held_y = (torch.tensor(array, dtype=torch.float64) for array in (x, y, held_x, held_y))
    w = torch.zeros(x.shape[2], dtype=torch.float64)
    best, kept = float("inf"), None
    for u in range(updates):
        w = w.detach().requires_grad_()
        ((x[u % len(x)] @ w - y[u % len(x)]) ** 2).mean().backward()
        with torch.no_grad():
            w = w - learning_rate * w.grad * (clip / w.grad.norm()).clamp(max=1)
            value = ((held_x @ w - held_y) ** 2).mean().item()
        if value < best:
            best, kept = value, w
    return kept, best


REPAIR_LOOP = {
    "whole arrays": train_with_whole_arrays,
    "torch": train_in_torch,
    "lists": as_lists(train_with_whole_arrays),
    "prints and warns": talking(train_with_whole_arrays),
    "spoils its arguments": spoiling(train_with_whole_arrays),
}


# --- 11-quotes --------------------------------------------------------------------------------------------------


def tags_by_another_network(x, y, new_x):
    """A GRU, another optimiser's rate, and a rate that falls to zero."""
    with torch.random.fork_rng():
        torch.manual_seed(5)
        gru, output = torch.nn.GRU(x.shape[2], 32, batch_first=True), torch.nn.Linear(32, 3)
    adam = torch.optim.Adam([*gru.parameters(), *output.parameters()], lr=0.02)
    falling = torch.optim.lr_scheduler.LambdaLR(adam, lambda update: 1 - update / 400)
    x, y, new_x = torch.tensor(x).float(), torch.tensor(y), torch.tensor(new_x).float()
    for rows in np.random.default_rng(1).integers(0, len(x), (400, 16)):
        logits = output(gru(x[rows])[0])
        adam.zero_grad()
        torch.nn.functional.cross_entropy(logits.flatten(0, 1), y[rows].flatten()).backward()
        adam.step()
        falling.step()
    with torch.no_grad():
        return output(gru(new_x)[0]).argmax(dim=2)


def tags_by_looking(x, y, new_x):
    """Which symbol opens what can be read off the data; then the rule is applied."""
    symbols, quote, sign, end = x.argmax(axis=2), None, None, None
    for k in range(x.shape[2]):
        first = y[:, 0][symbols[:, 0] == k]
        if len(first) and (first == 1).all():
            quote = k
        if len(first) and (first == 2).all():
            sign = k
    commented = y == 2
    after = symbols[:, 1:][commented[:, :-1] & ~commented[:, 1:]]  # what follows a comment ends it
    end = np.bincount(after).argmax()
    tags = []
    for row in new_x.argmax(axis=2):
        state, tagged = 0, []
        for k in row:
            if state == 0:
                state = 1 if k == quote else 2 if k == sign else 0
                tagged.append(state)
            elif state == 1:
                tagged.append(1)
                state = 0 if k == quote else 1
            else:
                state = 0 if k == end else 2
                tagged.append(state)
        tags.append(tagged)
    return tags


QUOTES = {
    "another network": tags_by_another_network,
    "by looking": tags_by_looking,
    "prints and warns": talking(tags_by_looking),
}


ANSWERS = {
    "11-early-stopping": EARLY_STOPPING,
    "11-recurrent-masks": RECURRENT_MASKS,
    "11-repair-loop": REPAIR_LOOP,
    "11-quotes": QUOTES,
    "11-quiz-sick": {"upper case": "B", "with its bracket": "b)"},
    "11-quiz-tuning": {"upper case": "D", "with spaces": "  d \n"},
    "11-quiz-one-seed": {"upper case": "C", "in bold": "(C)."},
    "11-quiz-range": {"upper case": "A", "with its bracket": "a)"},
}
