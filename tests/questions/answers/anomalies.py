"""Other right ways of writing the answers of lesson 16."""

import numpy as np
import torch
from torch import nn

from .ways import as_lists, spoiling, talking, tensors

# --- 16-cheapest ------------------------------------------------------------------------------------------------


def cheapest_by_sorting(score, event, false_alarm, missed):
    """From the highest score down, the cost changes by one sample at a time; ties end only with their last one."""
    order = np.argsort(-score, kind="stable")
    costs = missed * event.sum() + np.append(0, np.cumsum(np.where(event[order], -missed, false_alarm)))
    whole = np.append(True, np.append(score[order][1:] != score[order][:-1], True))
    allowed = np.flatnonzero(whole)
    k = allowed[np.isclose(costs[allowed], costs[allowed].min()).argmax()]
    flagged = np.zeros(len(score), bool)
    flagged[order[:k]] = True
    return flagged, costs[k]


def cheapest_as_a_table(score, event, false_alarm, missed):
    thresholds = np.append(np.unique(score), score.max() + 1)[::-1]
    flagged = score[None] >= thresholds[:, None]
    costs = false_alarm * (flagged & ~event).sum(1) + missed * (~flagged & event).sum(1)
    return flagged[costs.argmin()], costs.min()


def cheapest_in_torch(score, event, false_alarm, missed):
    (score,), event = tensors(score), torch.tensor(event)
    best = torch.zeros(len(score), dtype=torch.bool), missed * int(event.sum())
    for threshold in sorted(score.tolist(), reverse=True):
        flagged = score >= threshold
        cost = false_alarm * int((flagged & ~event).sum()) + missed * int((event & ~flagged).sum())
        if cost < best[1]:
            best = flagged, cost
    return best


CHEAPEST = {
    "by sorting": cheapest_by_sorting,
    "a table of all thresholds": cheapest_as_a_table,
    "torch": cheapest_in_torch,
    "lists": as_lists(cheapest_as_a_table),
    "prints and warns": talking(cheapest_by_sorting),
    "spoils its arguments": spoiling(cheapest_as_a_table),
}


# --- 16-steady-alarm --------------------------------------------------------------------------------------------


def alarm_with_a_window(score, on, off, hold):
    answer = []
    for t in range(len(score)):
        going_on = bool(answer) and answer[-1]
        if going_on:
            answer.append(bool(score[t] >= off))
        else:
            answer.append(t + 1 >= hold and bool(min(score[t + 1 - hold : t + 1]) > on))
    return np.array(answer)


def alarm_by_a_generator(score, on, off, hold):
    """Two states, each with a rule for leaving it; and numbers in place of bools."""

    def states():
        state, since = 0, 0
        for value in score:
            since = since + 1 if value > on else 0
            state = (0 if value < off else 1) if state else (1 if since >= hold else 0)
            yield float(state)

    return torch.tensor(list(states()))


STEADY_ALARM = {
    "a window": alarm_with_a_window,
    "a generator": alarm_by_a_generator,
    "prints and warns": talking(alarm_with_a_window),
    "spoils its arguments": spoiling(alarm_by_a_generator),
}


# --- 16-leak ----------------------------------------------------------------------------------------------------


def surprise_with_windows(x, calm, W):
    z = (x - np.mean(x[:calm])) / np.std(x[:calm])
    expected = np.lib.stride_tricks.sliding_window_view(z, W)[:-1].mean(axis=1)
    surprise = np.zeros_like(z)
    surprise[W:] = np.abs(z[W:] - expected)
    return z, surprise, surprise > np.max(surprise[:calm])


def surprise_in_torch(x, calm, W):
    (x,) = tensors(x)
    x = (x - x[:calm].mean()) / x[:calm].std(unbiased=False)
    expected = nn.functional.avg_pool1d(x[None, None, :-1], W, stride=1)[0, 0]
    surprise = torch.cat([torch.zeros(W, dtype=x.dtype), (x[W:] - expected).abs()])
    return x, surprise, surprise > surprise[:calm].max()


def surprise_in_single_precision(x, calm, W):
    return surprise_with_windows(x.astype(np.float32), calm, W)


LEAK = {
    "windows": surprise_with_windows,
    "torch": surprise_in_torch,
    "single precision": surprise_in_single_precision,
    "lists": as_lists(surprise_with_windows),
    "prints and warns": talking(surprise_with_windows),
    "spoils its arguments": spoiling(surprise_with_windows),
}


# --- 16-watch ---------------------------------------------------------------------------------------------------


def watch_with_a_gru(x, y, new_x):
    """A GRU whose mean over the steps is the verdict, in a training loop of its own."""
    with torch.random.fork_rng():
        torch.manual_seed(1)
        gru, readout = nn.GRU(x.shape[2], 24, batch_first=True), nn.Linear(24, 1)
    x, y, new_x = torch.tensor(x), torch.tensor(y).float(), torch.tensor(new_x)
    adam = torch.optim.Adam([*gru.parameters(), *readout.parameters()], lr=0.01)
    falling = torch.optim.lr_scheduler.LambdaLR(adam, lambda update: 1 - update / 600)
    for rows in np.random.default_rng(2).integers(0, len(x), (600, 32)):
        adam.zero_grad()
        logits = readout(gru(x[rows])[0])[..., 0]
        nn.functional.binary_cross_entropy_with_logits(logits, y[rows, None].expand(-1, logits.shape[1])).backward()
        nn.utils.clip_grad_norm_(adam.param_groups[0]["params"], 1.0)
        adam.step()
        falling.step()
    with torch.no_grad():
        return (readout(gru(new_x)[0])[:, -1, 0] > 0).int()


def watch_by_looking(x, y, new_x):
    """When does each sign rise most? The pair of signs whose order agrees with the answers tells it."""

    def highest(charts):
        smooth = charts[:, :-2] + charts[:, 1:-1] + charts[:, 2:]
        return smooth.argmax(axis=1)

    known, new = highest(x), highest(new_x)
    pairs = [(a, b) for a in range(x.shape[2]) for b in range(x.shape[2]) if a != b]
    a, b = max(pairs, key=lambda pair: ((known[:, pair[0]] < known[:, pair[1]]) == y).mean())
    return (new[:, a] < new[:, b]).astype(int)


WATCH = {
    "a GRU": watch_with_a_gru,
    "by looking": watch_by_looking,
    "prints and warns": talking(watch_by_looking),
}


ANSWERS = {
    "16-cheapest": CHEAPEST,
    "16-steady-alarm": STEADY_ALARM,
    "16-leak": LEAK,
    "16-watch": WATCH,
    "16-quiz-quiet": {"upper case": "B", "with its bracket": "b)"},
    "16-quiz-curve": {"upper case": "D", "with spaces": "  d \n"},
    "16-quiz-asked": {"upper case": "A", "in bold": "(A)."},
    "16-quiz-leak": {"upper case": "C", "with its bracket": "c)"},
}
