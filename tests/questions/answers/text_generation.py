"""Other right ways of writing the answers of lesson 12."""

import math

import numpy as np
import torch

from .ways import as_lists, in_float32, spoiling, talking, tensors

# --- 12-same-scale ----------------------------------------------------------------------------------------------


def scale_in_loops(p, lengths, unknown):
    bits = characters = 0
    for chance, letters, new in zip(p, lengths, unknown, strict=True):
        bits += math.log2(1 / chance)
        if new:
            for _ in range(letters + 1):
                bits += math.log2(27)
        characters += letters + 1
    return bits / characters


def scale_by_one_probability(p, lengths, unknown):
    """The probability of each word with its spelling, in natural logarithms."""
    spelled = ((lengths + 1) * unknown).sum() * np.log(1 / 27)
    return -(np.log(p).sum() + spelled) / np.log(2) / (lengths.sum() + len(p))


def scale_in_torch(p, lengths, unknown):
    p, lengths, unknown = tensors(p, lengths, unknown)
    return (-p.log2().sum() + ((lengths + 1) * unknown).sum() * math.log2(27)) / (lengths + 1).sum()


SAME_SCALE = {
    "loops": scale_in_loops,
    "one probability": scale_by_one_probability,
    "torch": scale_in_torch,
    "float32": in_float32(scale_by_one_probability),
    "prints and warns": talking(scale_by_one_probability),
}


# --- 12-top-p ---------------------------------------------------------------------------------------------------


def top_p_in_loops(probabilities, share):
    result = np.zeros_like(probabilities)
    for row, kept in zip(probabilities, result, strict=True):
        total = 0.0
        for k in sorted(range(len(row)), key=lambda k: -row[k]):
            if total >= share:
                break
            kept[k] = row[k]
            total += row[k]
        kept /= total
    return result


def top_p_by_threshold(probabilities, share):
    """The probability of the last symbol that is kept is a threshold."""
    ordered = -np.sort(-probabilities, axis=1)
    last = np.minimum((np.cumsum(ordered, axis=1) < share).sum(axis=1), probabilities.shape[1] - 1)
    kept = probabilities * (probabilities >= ordered[np.arange(len(ordered)), last][:, None])
    return kept / kept.sum(axis=1, keepdims=True)


def top_p_in_torch(probabilities, share):
    p = tensors(probabilities)[0]
    ordered, order = p.sort(dim=1, descending=True)
    ordered[ordered.cumsum(dim=1) - ordered >= share] = 0
    return torch.zeros_like(p).scatter(1, order, ordered / ordered.sum(dim=1, keepdim=True))


TOP_P = {
    "loops": top_p_in_loops,
    "threshold": top_p_by_threshold,
    "torch": top_p_in_torch,
    "float32": in_float32(top_p_by_threshold),
    "lists": as_lists(top_p_by_threshold),
    "prints and warns": talking(top_p_by_threshold),
    "spoils its arguments": spoiling(top_p_by_threshold),
}


# --- 12-who-speaks ----------------------------------------------------------------------------------------------


def next_by_another_network(x, new_x):
    """A GRU, one-hot inputs and a rate that falls to zero."""
    with torch.random.fork_rng():
        torch.manual_seed(7)
        gru, output = torch.nn.GRU(10, 40, batch_first=True), torch.nn.Linear(40, 10)
    adam = torch.optim.Adam([*gru.parameters(), *output.parameters()], lr=0.02)
    one_hot, x = torch.eye(10), torch.tensor(x)
    for update, rows in enumerate(np.random.default_rng(3).integers(0, len(x), (500, 32))):
        adam.param_groups[0]["lr"] = 0.02 * (1 - update / 500)
        logits = output(gru(one_hot[x[rows, :-1]])[0])
        adam.zero_grad()
        torch.nn.functional.cross_entropy(logits.flatten(0, 1), x[rows, 1:].flatten()).backward()
        adam.step()
    with torch.no_grad():
        return output(gru(one_hot[torch.tensor(new_x)])[0][:, -1]).softmax(dim=1)


def next_by_looking(x, new_x):
    """Which symbols are speakers, and what each of them says, counted; then the rules are applied."""
    pairs = np.zeros((10, 10))
    np.add.at(pairs, (x[:, :-1].ravel(), x[:, 1:].ravel()), 1)
    kinds = (pairs > 0).sum(axis=1)
    # The end of a turn is followed by speakers only, and comes before each of them.
    end = next(k for k in range(10) if kinds[k] == 4 and pairs[:, np.flatnonzero(pairs[k])].any(axis=1).sum() == 1)
    speakers = np.flatnonzero(pairs[end])
    letters = [k for k in range(10) if k != end and k not in speakers]
    counts = np.full((10, 10), 0.5)  # of the letters, by speaker
    stops = np.full((10, 64), 0.0), np.full((10, 64), 1e-9)
    for row in x:
        who = spoken = None
        for now in row:
            if who is not None and now in letters:
                counts[who, now] += 1
            if who is not None:
                stops[1][0, spoken] += 1
                stops[0][0, spoken] += now == end
                spoken += 1
            if now == end:
                who = None
            if now in speakers:
                who, spoken = now, 0
    own = np.zeros((10, 10))
    own[:, letters] = counts[:, letters] / counts[:, letters].sum(axis=1, keepdims=True)
    late = stops[0][0, 3:].sum() / stops[1][0, 3:].sum()
    p = np.full((len(new_x), 10), 1e-4)
    for row, text in zip(p, new_x, strict=True):
        places = [t for t, now in enumerate(text) if now in speakers]
        if text[-1] == end:
            row[text[places[-2]]] = 1
        else:
            stop = late if len(text) - 1 - places[-1] >= 3 else 0
            row += (1 - stop) * own[text[places[-1]]] + stop * (np.arange(10) == end)
    return p / p.sum(axis=1, keepdims=True)


WHO_SPEAKS = {
    "another network": next_by_another_network,
    "by looking": next_by_looking,
    "prints and warns": talking(next_by_looking),
}


ANSWERS = {
    "12-same-scale": SAME_SCALE,
    "12-top-p": TOP_P,
    "12-who-speaks": WHO_SPEAKS,
    "12-quiz-bits": {"upper case": "B", "with its bracket": "b)"},
    "12-quiz-temperature": {"upper case": "A", "with spaces": "  a \n"},
    "12-quiz-unit": {"upper case": "D", "in bold": "(D)."},
    "12-quiz-distance": {"upper case": "C", "with its bracket": "c)"},
}
