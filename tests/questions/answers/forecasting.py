"""Other right ways of writing the answers of lesson 15."""

import csv
import io

import numpy as np
import pandas
import torch

from lstm_course.tasks.series import gaps

from .ways import as_lists, spoiling, talking, tensors, with_a_graph

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


# --- 15-penalty -------------------------------------------------------------------------------------------------


def penalty_by_views(values, window, horizon, valid, stop, penalties):
    def cut(part):
        rows = np.lib.stride_tricks.sliding_window_view(part, window + horizon)
        rows = rows - rows[:, window - 1 : window]
        return rows[:, :window], rows[:, window:]

    (x, y), (x_later, y_later) = cut(values[:valid]), cut(values[valid - window : stop])
    left, sizes, right = np.linalg.svd(x, full_matrices=False)
    errors = []
    for penalty in penalties:
        weights = right.T @ ((sizes / (sizes**2 + penalty))[:, None] * (left.T @ y))
        errors.append(np.mean(np.abs(y_later - x_later @ weights)))
    return errors, penalties[errors.index(min(errors))]


def penalty_with_scikit_learn(values, window, horizon, valid, stop, penalties):
    from sklearn.linear_model import Ridge as Regressor

    def relative(first, end):
        rows = np.array([values[o - window : o + horizon] for o in range(first, end - horizon + 1)])
        return np.split(rows - rows[:, [window - 1]], [window], axis=1)

    (x, y), (x_later, y_later) = relative(window, valid), relative(valid, stop)
    scores = {}
    for penalty in penalties:
        ridge = Regressor(float(penalty), fit_intercept=False).fit(x, y)
        scores[float(penalty)] = np.abs(ridge.predict(x_later).reshape(y_later.shape) - y_later).mean()
    return np.array(list(scores.values())), min(scores, key=scores.get)


def penalty_in_torch(values, window, horizon, valid, stop, penalties):
    (values,) = tensors(values)
    rows = values[:stop].unfold(0, window + horizon, 1)
    rows = rows - rows[:, window - 1 : window]
    known, later = rows[: valid - horizon - window + 1], rows[valid - window :]
    x, y = known[:, :window], known[:, window:]
    errors = []
    for penalty in penalties:
        weights = torch.linalg.solve(x.T @ x + penalty * torch.eye(window, dtype=x.dtype), x.T @ y)
        errors.append((later[:, :window] @ weights - later[:, window:]).abs().mean())
    errors = torch.stack(errors)
    return errors, penalties[int(errors.argmin())]


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


# --- 15-own-file ------------------------------------------------------------------------------------------------


def file_with_pandas(text, season, horizon, origins):
    values = pandas.read_csv(io.StringIO(text))["visitors"].astype(float)

    def ahead(known):
        known = known.interpolate(limit_direction="both").to_numpy()
        rise, said = known[-1] - known[-season - 1], list(known)
        for _ in range(horizon):
            said.append(said[-season] + rise)
        return np.array(said[len(known) :])

    last, errors = len(values) - horizon, []
    for o in range(last, last - origins, -1):
        errors += list(np.abs(ahead(values[:o]) - values[o : o + horizon].to_numpy()))
    return ahead(values), np.mean([error for error in errors if error == error])


def file_with_the_csv_module(text, season, horizon, origins):
    values = [float(row["visitors"] or "nan") for row in csv.DictReader(text.splitlines())]

    def ahead(known):
        known = gaps.fill(known)
        rise = known[-1] - known[-1 - season]
        return [known[len(known) - season + h % season] + (1 + h // season) * rise for h in range(horizon)]

    total, count = 0.0, 0
    for back in range(origins):
        o = len(values) - horizon - back
        for said, came in zip(ahead(values[:o]), values[o : o + horizon], strict=True):
            if not np.isnan(came):
                total, count = total + abs(said - came), count + 1
    return ahead(values), total / count


# --- 15-meltwater -----------------------------------------------------------------------------------------------


def stream_by_a_store(weather, flow, new):
    """Whoever knows what happens may write it down; how fast snow melts is found by trying."""

    def run(weather, melt):
        rain, temperature = weather[:, :, 0], weather[:, :, 1]
        snow, said = np.zeros(len(weather)), np.empty(rain.shape)
        for day in range(rain.shape[1]):
            frozen = temperature[:, day] < 0
            snow = snow + np.where(frozen, rain[:, day], 0)
            melting = np.minimum(snow, melt * np.maximum(temperature[:, day], 0))
            snow = snow - melting
            said[:, day] = melting + np.where(frozen, 0, rain[:, day])
        return said

    return run(new, min(np.arange(0.5, 9, 0.5), key=lambda melt: np.abs(run(weather, melt) - flow).mean()))


def stream_by_stores_and_least_squares(weather, flow, new):
    """What melts from four stores that melt at different speeds, weighed by least squares; in torch, in float32."""

    def columns(weather):
        rain, temperature = torch.tensor(weather).float().unbind(2)
        rates = torch.tensor([2.0, 3.5, 5.0, 8.0])
        snow, rows = torch.zeros(len(rain), 4), []
        for day in range(rain.shape[1]):
            frozen = temperature[:, day, None] < 0
            snow = snow + frozen * rain[:, day, None]
            melts = torch.minimum(snow, rates * temperature[:, day, None].clamp(min=0))
            snow = snow - melts
            rows.append(torch.cat([melts, ~frozen * rain[:, day, None]], dim=1))
        return torch.stack(rows, dim=1)

    weights = torch.linalg.lstsq(columns(weather).reshape(-1, 5), torch.tensor(flow).float().reshape(-1, 1)).solution
    return (columns(new) @ weights)[:, :, 0]


ANSWERS = {
    "15-scaler": {
        "sums": scaled_by_sums,
        "torch": scaled_in_torch,
        "in two parts": scaled_in_two_parts,
        "overwrites its arguments": spoiling(scaled_in_two_parts),
    },
    "15-penalty": {
        "views and singular values": penalty_by_views,
        "scikit-learn": penalty_with_scikit_learn,
        "torch": penalty_in_torch,
        "prints and warns": talking(penalty_by_views),
    },
    "15-coverage": {
        "columns": interval_by_columns,
        "torch": interval_in_torch,
        "lists": as_lists(interval_by_columns),
        "with a graph": with_a_graph(interval_by_columns),
    },
    "15-own-file": {
        "pandas, fed back": file_with_pandas,
        "csv module, in loops": file_with_the_csv_module,
    },
    "15-meltwater": {
        "a store, found by trying": stream_by_a_store,
        "stores and least squares": stream_by_stores_and_least_squares,
    },
    "15-quiz-shifted": {"upper case": "C", "with its bracket": "c)"},
    "15-quiz-leak": {"upper case": "B", "with its bracket": "b)"},
    "15-quiz-interval": {"upper case": "D", "with spaces": "  d \n"},
    "15-quiz-ensemble": {"upper case": "A", "in bold": "(A)."},
    "15-quiz-broad-claim": {"upper case": "B", "with its bracket": "b)"},
}
