"""Other right ways of writing the answers of lesson 15."""

import numpy as np
import torch

from lstm_course.forecasting import Ridge, SeasonalNaive, pairs

from .ways import as_lists, spoiling, talking, tensors, with_a_graph

# --- 15-windows -------------------------------------------------------------------------------------------------


def rows_cut_in_two(values, window, horizon, stop):
    rows = np.lib.stride_tricks.sliding_window_view(values[:stop], window + horizon)
    return rows[:, :window].copy(), rows[:, window:].copy()


def rows_in_loops(values, window, horizon, stop):
    x, y, start = [], [], 0
    while start + window + horizon <= stop:
        x.append([values[start + k] for k in range(window)])
        y.append([values[start + window + k] for k in range(horizon)])
        start += 1
    return x, y


def rows_in_torch(values, window, horizon, stop):
    rows = torch.tensor(values)[:stop].unfold(0, window + horizon, 1)
    return [rows[:, :window], rows[:, window:]]


def rows_in_float32(values, window, horizon, stop):
    return [part.astype(np.float32) for part in rows_cut_in_two(values, window, horizon, stop)]


# --- 15-scaler --------------------------------------------------------------------------------------------------


def scaled_by_sums(values, stop):
    known = values[:stop]
    mean = sum(known) / stop
    std = (sum((value - mean) ** 2 for value in known) / stop) ** 0.5
    return [(value - mean) / std for value in values], mean, std


def scaled_in_torch(values, stop):
    (values,) = tensors(values)
    known = values[:stop]
    return (values - known.mean()) / known.std(correction=0), known.mean(), known.std(correction=0)


def scaled_in_two_parts(values, stop):
    mean, std = np.mean(values[:stop]), np.std(values[:stop])
    parts = [(part - mean) / std for part in (values[:stop], values[stop:])]
    return np.concatenate(parts), np.array(mean), float(std)


# --- 15-rolling-score -------------------------------------------------------------------------------------------


def scored_by_indices(values, season, first, horizon, stride):
    origins = np.arange(first, len(values) - horizon + 1, stride)[:, None]
    steps = np.arange(horizon)
    return np.abs(values[origins + steps] - values[origins - season + steps % season]).mean(axis=0)


def scored_by_tiles(values, season, first, horizon, stride):
    total, count = np.zeros(horizon), 0
    for o in range(first, len(values), stride):
        if o + horizon > len(values):
            break
        total += np.abs(np.resize(values[o - season : o], horizon) - values[o : o + horizon])
        count += 1
    return list(total / count)


def scored_with_the_courses_rule(values, season, first, horizon, stride):
    method = SeasonalNaive(season)
    rows = []
    for o in range(first, len(values) - horizon + 1, stride):
        rows.append(values[o : o + horizon] - method.forecast(values[:o], horizon))
    return torch.tensor(np.array(rows)).abs().mean(dim=0)


# --- 15-coverage ------------------------------------------------------------------------------------------------


def interval_by_columns(errors, forecast, actual, level):
    low, high = np.empty(forecast.shape), np.empty(forecast.shape)
    for h in range(errors.shape[1]):
        tail = (1 - level) / 2
        below, above = np.percentile(errors[:, h], [100 * tail, 100 * (1 - tail)])
        low[:, h], high[:, h] = forecast[:, h] + below, forecast[:, h] + above
    inside = 1 - (actual < low) - (actual > high)
    return low, high, inside.sum(axis=0) / len(actual)


def interval_in_torch(errors, forecast, actual, level):
    errors, forecast, actual = tensors(errors, forecast, actual)
    shares = torch.tensor([(1 - level) / 2, (1 + level) / 2], dtype=torch.float64)
    below, above = torch.quantile(errors, shares, dim=0)
    low, high = forecast + below, forecast + above
    return low, high, ((low <= actual) & (actual <= high)).double().mean(dim=0)


# --- 15-beat-the-season -----------------------------------------------------------------------------------------


def season_with_drift(values, past):
    """Each month lies as much above the same month of last year as the last one does, on the average of a year."""
    grown = (past[:, -12:] - past[:, -24:-12]).mean(axis=1, keepdims=True)
    return past[:, -12:] + grown


def ridge_of_the_course(values, past):
    method = Ridge(36, 12, penalty=10.0).fit(values)
    return [method.forecast(row, 12).tolist() for row in past]


def a_small_lstm(values, past):
    """An LSTM of 12 units, trained for 300 steps on what the season with drift leaves."""
    torch.manual_seed(0)
    lstm, out = torch.nn.LSTM(1, 12, batch_first=True), torch.nn.Linear(12, 12)
    parameters = [*lstm.parameters(), *out.parameters()]
    adam, rng = torch.optim.Adam(parameters, lr=0.01), np.random.default_rng(0)
    rows = pairs(values, 36, 12)
    scale = rows.y.std() / 10

    def read(x):
        return torch.tensor((x - x[:, -1:]) / scale, dtype=torch.float32)[:, :, None]

    def said(x):
        return out(lstm(read(x))[0][:, -1])

    left = torch.tensor((rows.y - season_with_drift(values, rows.x)) / scale, dtype=torch.float32)
    for _ in range(300):
        drawn = rng.integers(len(left), size=32)
        loss = ((said(rows.x[drawn]) - left[drawn]) ** 2).mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
    return season_with_drift(values, past) + said(past).detach().numpy() * scale


ANSWERS = {
    "15-windows": {
        "long rows cut in two": rows_cut_in_two,
        "loops, in lists": rows_in_loops,
        "torch": rows_in_torch,
        "float32": rows_in_float32,
        "prints and warns": talking(rows_in_loops),
    },
    "15-scaler": {
        "sums": scaled_by_sums,
        "torch": scaled_in_torch,
        "in two parts": scaled_in_two_parts,
        "overwrites its arguments": spoiling(scaled_in_two_parts),
    },
    "15-rolling-score": {
        "indices": scored_by_indices,
        "a season repeated": scored_by_tiles,
        "the course's rule, in torch": scored_with_the_courses_rule,
    },
    "15-coverage": {
        "columns": interval_by_columns,
        "torch": interval_in_torch,
        "lists": as_lists(interval_by_columns),
        "with a graph": with_a_graph(interval_by_columns),
    },
    "15-quiz-shifted": {"upper case": "C", "with its bracket": "c)"},
    "15-beat-the-season": {
        "season with drift": season_with_drift,
        "ridge of the course": ridge_of_the_course,
        "a small LSTM": a_small_lstm,
    },
    "15-quiz-leak": {"upper case": "B", "with its bracket": "b)"},
    "15-quiz-feedback": {"upper case": "A", "with spaces": "  a \n"},
    "15-quiz-lstm-wins": {"upper case": "C", "in bold": "(C)."},
    "15-quiz-broad-claim": {"upper case": "A", "with its bracket": "a)"},
}
