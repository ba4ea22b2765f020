"""Other right ways of writing the answers of lesson 14."""

import numpy as np
import torch
from torch import nn

from .ways import as_lists, spoiling, talking, tensors

# --- 14-attend --------------------------------------------------------------------------------------------------


def attend_in_loops(d, memory, mask):
    N, U, _ = d.shape
    weights, context = np.zeros((N, U, memory.shape[1])), np.zeros(d.shape)
    for n in range(N):
        kept = np.flatnonzero(mask[n])
        for u in range(U):
            scores = [float(d[n, u] @ memory[n, j]) for j in kept]
            shares = np.exp(np.array(scores) - max(scores))
            weights[n, u, kept] = shares / shares.sum()
            context[n, u] = sum(w * m for w, m in zip(weights[n, u], memory[n], strict=True))
    return weights, context


def attend_in_torch(d, memory, mask):
    d, memory = tensors(d, memory)
    scores = torch.einsum("nuh,nth->nut", d, memory).masked_fill(~torch.tensor(mask)[:, None], -torch.inf)
    weights = torch.softmax(scores, dim=-1)
    return weights, torch.einsum("nut,nth->nuh", weights, memory)


def attend_with_a_low_score(d, memory, mask):
    """A finite score that is far below all others, as many libraries have it."""
    scores = np.einsum("nuh,nth->nut", d, memory) - 1e9 * ~mask[:, None]
    scores -= scores.max(axis=-1, keepdims=True)
    weights = np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)
    return weights, np.matmul(weights, memory)


ATTEND = {
    "loops": attend_in_loops,
    "torch": attend_in_torch,
    "a low score": attend_with_a_low_score,
    "lists": as_lists(attend_in_loops),
    "prints and warns": talking(attend_in_torch),
    "spoils its arguments": spoiling(attend_in_loops),
}


# --- 14-repair-beam ---------------------------------------------------------------------------------------------


def beam_with_whole_arrays(p, B, longest):
    log_p = np.log(p)
    total, written, ended = np.zeros(1), np.zeros((1, 1), int), np.zeros(1, bool)
    for _ in range(longest):
        going = total[:, None] + np.where(ended[:, None], -np.inf, log_p[written[:, -1]])
        going[ended, 0] = total[ended]
        best = np.argsort(-going, axis=None)[:B]
        best = best[np.isfinite(going.ravel()[best])]
        rows, symbols = np.divmod(best, len(p))
        total, written = going.ravel()[best], np.column_stack([written[rows], symbols])
        ended = symbols == 0
    winner = written[total.argmax(), 1:]
    return winner[np.cumprod(winner > 0) > 0], total.max()


def beam_with_two_lists(p, B, longest):
    """Those that have ended are kept apart, and take their places in the beam."""
    open_ones, done = [((), 0.0)], []
    for _ in range(longest):
        longer = [(y + (k,), s + np.log(p[y[-1] if y else 0][k])) for y, s in open_ones for k in range(len(p))]
        kept = sorted(done + longer, key=lambda one: one[1])[::-1][:B]
        done = [one for one in kept if one[0][-1] == 0]
        open_ones = [one for one in kept if one[0][-1] != 0]
    y, s = max(done + open_ones, key=lambda one: one[1])
    return [k for k in y if k], s


def beam_in_torch(p, B, longest):
    (log_p,) = tensors(np.log(p))
    beams = [(torch.tensor(0.0, dtype=log_p.dtype), [0])]
    for _ in range(longest):
        more = [one for one in beams if len(one[1]) > 1 and one[1][-1] == 0]
        for s, y in beams:
            if len(y) == 1 or y[-1]:
                more += [(s + step, y + [k]) for k, step in enumerate(log_p[y[-1]])]
        beams = sorted(more, key=lambda one: float(-one[0]))[:B]
    s, y = beams[0]
    return torch.tensor([k for k in y if k]), s


REPAIR_BEAM = {
    "whole arrays": beam_with_whole_arrays,
    "two lists": beam_with_two_lists,
    "torch": beam_in_torch,
    "prints and warns": talking(beam_with_two_lists),
    "spoils its arguments": spoiling(beam_with_two_lists),
}


# --- 14-foreign -------------------------------------------------------------------------------------------------


def by_another_network(x, y, new_x):
    """A GRU over whole sentences, additive attention at each step, and its context fed back into the decoder."""
    with torch.random.fork_rng():
        torch.manual_seed(1)
        read, write, H = nn.Embedding(16, 24), nn.Embedding(17, 24), 24
        encoder, cell = nn.GRU(24, H, batch_first=True, bidirectional=True), nn.GRUCell(24 + 2 * H, H)
        query, keys, score, output = nn.Linear(H, H), nn.Linear(2 * H, H), nn.Linear(H, 1), nn.Linear(3 * H, 16)
    parts = nn.ModuleList([read, write, encoder, cell, query, keys, score, output])
    adam = torch.optim.Adam(parts.parameters(), lr=0.01)
    falling = torch.optim.lr_scheduler.LambdaLR(adam, lambda update: 1 - update / 600)

    def run(x, y=None):
        memory = encoder(read(x))[0]
        known, h, word, logits = keys(memory), memory.new_zeros(len(x), H), torch.full((len(x),), 16), []
        for u in range(18):
            weights = score(torch.tanh(query(h)[:, None] + known)).softmax(dim=1)
            context = (weights * memory).sum(dim=1)
            h = cell(torch.cat([write(word), context], dim=1), h)
            logits.append(output(torch.cat([h, context], dim=1)))
            word = logits[-1].argmax(dim=1) if y is None else y[:, u]
        return torch.stack(logits, dim=1)

    x, y, new_x = torch.tensor(x), torch.tensor(y), torch.tensor(new_x)
    for rows in np.random.default_rng(2).integers(0, len(x), (600, 32)):
        adam.zero_grad()
        nn.functional.cross_entropy(run(x[rows], y[rows]).flatten(0, 1), y[rows].flatten()).backward()
        adam.step()
        falling.step()
    with torch.no_grad():
        return run(new_x).argmax(dim=2)


def by_looking(x, y, new_x):
    """Words that begin a sentence and its translation stand alone; a pair shows its words in the other order."""
    between = np.bincount(y[y > 0]).argmax()
    firsts = [{int(b[0]) for a, b in zip(x, y, strict=True) if a[0] == k and b[1] != between} for k in range(16)]
    alone = {k: words.pop() for k, words in enumerate(firsts) if len(words) == 1}
    table = dict(alone)
    for a, b in zip(x, y, strict=True):
        i = j = 0
        while i < len(a) and a[i]:
            if int(a[i]) in alone:
                i, j = i + 1, j + 1
            else:
                table[int(a[i])], table[int(a[i + 1])] = int(b[j + 2]), int(b[j])
                i, j = i + 2, j + 3
    answers = np.zeros((len(new_x), 18), int)
    for row, sentence in zip(answers, new_x, strict=True):
        words, i = [], 0
        while i < len(sentence) and sentence[i]:
            if int(sentence[i]) in alone:
                words, i = [*words, alone[int(sentence[i])]], i + 1
            else:
                words += [table[int(sentence[i + 1])], between, table[int(sentence[i])]]
                i += 2
        row[: len(words)] = words
    return answers


FOREIGN = {
    "another network": by_another_network,
    "by looking": by_looking,
    "prints and warns": talking(by_looking),
}


ANSWERS = {
    "14-attend": ATTEND,
    "14-repair-beam": REPAIR_BEAM,
    "14-foreign": FOREIGN,
    "14-quiz-exposure": {"upper case": "C", "with its bracket": "c)"},
    "14-quiz-search": {"upper case": "A", "with spaces": "  a \n"},
    "14-quiz-order": {"upper case": "D", "in bold": "(D)."},
    "14-quiz-fair": {"upper case": "C", "with its bracket": "c)"},
}
