"""Other right ways of writing the answers of lesson 17."""

from itertools import groupby

import numpy as np
import torch
from torch import nn

from .ways import as_lists, spoiling, talking, tensors

# --- 17-frames --------------------------------------------------------------------------------------------------


def frames_in_a_loop(chunk, kept, width, hop):
    waiting, frames = [float(v) for v in kept] + [float(v) for v in chunk], []
    while len(waiting) >= width:
        frames.append(waiting[:width])
        waiting = waiting[hop:]
    return np.array(frames).reshape(-1, width), np.array(waiting)


def frames_by_index(chunk, kept, width, hop):
    samples = np.r_[kept, chunk]
    begins = np.arange(0, len(samples) - width + 1, hop)
    return samples[begins[:, None] + np.arange(width)], samples[len(begins) * hop :]


def frames_in_torch(chunk, kept, width, hop):
    samples = torch.cat(tensors(kept, chunk))
    if len(samples) < width:
        return samples.new_zeros((0, width)), samples
    frames = samples.unfold(0, width, hop)
    return frames, samples[hop * len(frames) :]


FRAMES = {
    "a loop": frames_in_a_loop,
    "by index": frames_by_index,
    "torch": frames_in_torch,
    "prints and warns": talking(frames_in_a_loop),
    "spoils its arguments": spoiling(frames_by_index),
}


# --- 17-alarms --------------------------------------------------------------------------------------------------


def alarms_by_jumping(p, level, wakes, deaf, late):
    """From alarm to alarm, with sets of frames for the words."""
    alarms, t = set(), 0
    above = np.flatnonzero(p > level)
    while (above >= t).any():
        first = int(above[above >= t][0])
        alarms.add(first)
        t = first + deaf
    spans = [set(range(a, b + late + 1)) for a, b in wakes.tolist()]
    return sum(not (alarms & span) for span in spans), len(alarms.difference(*spans))


def alarms_in_arrays(p, level, wakes, deaf, late):
    alarms, wait = np.zeros(len(p), bool), 0
    for t in range(len(p)):
        wait -= 1
        if p[t] > level and wait <= 0:
            alarms[t], wait = True, deaf
    spans = (np.arange(len(p)) >= wakes[:, :1]) & (np.arange(len(p)) <= wakes[:, 1:] + late)
    return (~(spans & alarms).any(axis=1)).sum(), (alarms & ~spans.any(axis=0)).sum()


ALARMS = {
    "jumping": alarms_by_jumping,
    "arrays": alarms_in_arrays,
    "prints and warns": talking(alarms_in_arrays),
}


# --- 17-align ---------------------------------------------------------------------------------------------------


def align_with_paths(p, letters):
    """The best path so far is kept whole, for each place."""
    z = [0]
    for letter in np.asarray(letters).tolist():
        z += [letter, 0]
    paths = {s: (float(np.log(p[0][z[s]])), [s]) for s in (0, 1)}
    for row in p[1:]:
        longer = {}
        for s, (score, path) in paths.items():
            for after in range(s, min(s + 3, len(z))):
                if after == s + 2 and (z[after] == 0 or z[after] == z[s]):
                    continue
                new = (score + float(np.log(row[z[after]])), [*path, after])
                if after not in longer or new[0] > longer[after][0]:
                    longer[after] = new
        paths = longer
    ends = [paths[s] for s in (len(z) - 2, len(z) - 1) if s in paths]
    return np.array([z[s] for s in max(ends)[1]])


def align_backwards(p, letters):
    """From the last frame to the first, with the best way onward in hand."""
    z = [0] + [k for letter in np.asarray(letters).tolist() for k in (letter, 0)]
    T, S = len(p), len(z)
    onward = np.full((T, S), -np.inf)
    onward[-1, -2:] = np.log(p[-1, z[-2:]])

    def ways(s):
        return [w for w in (s, s + 1, s + 2) if w < S and (w < s + 2 or (z[w] and z[w] != z[s]))]

    for t in range(T - 2, -1, -1):
        for s in range(S):
            onward[t, s] = np.log(p[t, z[s]]) + max(onward[t + 1, w] for w in ways(s))
    s = int(onward[0, :2].argmax())
    path = [z[s]]
    for t in range(1, T):
        s = max(ways(s), key=lambda w: onward[t, w])
        path.append(z[s])
    return torch.tensor(path)


ALIGN = {
    "whole paths": align_with_paths,
    "backwards": align_backwards,
    "lists": as_lists(align_with_paths),
    "prints and warns": talking(align_with_paths),
}


# --- 17-whistles ------------------------------------------------------------------------------------------------


def by_convolutions(x, y, new_x):
    """A GRU on frames with their neighbours, and PyTorch's own loss class."""
    with torch.random.fork_rng():
        torch.manual_seed(2)
        before, gru = nn.Conv1d(4, 24, 5, padding=2), nn.GRU(24, 32, batch_first=True, bidirectional=True)
        output, loss = nn.Linear(64, 7), nn.CTCLoss(zero_infinity=True)
    parts = nn.ModuleList([before, gru, output])
    adam = torch.optim.Adam(parts.parameters(), lr=0.01)
    falling = torch.optim.lr_scheduler.LambdaLR(adam, lambda update: 1 - update / 600)

    def run(x):
        h, _ = gru(before(torch.tensor(x, dtype=torch.float32).transpose(1, 2)).relu().transpose(1, 2))
        return output(h).log_softmax(dim=2)

    for rows in np.random.default_rng(3).integers(0, len(x), (600, 32)):
        sizes = torch.tensor((y[rows] > 0).sum(axis=1))
        letters = torch.tensor(np.concatenate([row[row > 0] for row in y[rows]]))
        adam.zero_grad()
        loss(run(x[rows]).transpose(0, 1), letters, torch.full((len(rows),), x.shape[1]), sizes).backward()
        adam.step()
        falling.step()
    answers = np.zeros((len(new_x), 5), int)
    with torch.no_grad():
        for row, path in zip(answers, run(new_x).argmax(dim=2).tolist()):
            letters = [k for k, _ in groupby(path) if k][:5]
            row[: len(letters)] = letters
    return answers


WHISTLES = {"convolutions and a GRU": by_convolutions, "prints and warns": talking(by_convolutions)}


ANSWERS = {
    "17-frames": FRAMES,
    "17-alarms": ALARMS,
    "17-align": ALIGN,
    "17-whistles": WHISTLES,
    "17-quiz-cache": {"upper case": "B", "with its bracket": "b)"},
    "17-quiz-blank": {"upper case": "C", "with spaces": "  c \n"},
    "17-quiz-level": {"upper case": "C", "in bold": "(C)."},
    "17-quiz-synthetic": {"upper case": "D", "with its bracket": "d)"},
}
