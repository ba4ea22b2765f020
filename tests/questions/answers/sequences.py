"""Other right ways of writing the answers of lesson 01."""

import numpy as np
import torch

from .ways import as_lists, spoiling, talking, tensors

# --- 01-windows -------------------------------------------------------------------------------------------------


def table(x, width):
    return np.lib.stride_tricks.sliding_window_view(x, width)[:-1].copy(), x[width:].copy()


def table_in_loops(x, width):
    inputs, targets = [], []
    for start in range(len(x) - width):
        inputs.append([x[start + k] for k in range(width)])
        targets.append(x[start + width])
    return inputs, targets


def table_by_columns(x, width):
    T = len(x)
    return np.stack([x[k : T - width + k] for k in range(width)], axis=1), x[-(T - width) :]


def table_by_indices(x, width):
    places = np.arange(len(x) - width)[:, None] + np.arange(width + 1)
    rows = x[places]
    return rows[:, :-1], rows[:, -1]


def table_in_torch(x, width):
    (x,) = tensors(x)
    rows = x.unfold(0, width + 1, 1)
    return [rows[:, :width], rows[:, width]]


WINDOWS = {
    "sliding view": table,
    "loops over numbers": table_in_loops,
    "a column at a time": table_by_columns,
    "an array of indices": table_by_indices,
    "torch": table_in_torch,
    "float32": lambda x, width: tuple(part.astype(np.float32) for part in table(x, width)),
    "lists": as_lists(table),
    "prints and warns": talking(table),
    "spoils its arguments": spoiling(table),
}


# --- 01-one-hot -------------------------------------------------------------------------------------------------


def words_by_comparison(words, alphabet):
    T = max(map(len, words))
    return np.array([[[float(letter == one) for letter in alphabet] for one in word.ljust(T)] for word in words])


def words_by_rows(words, alphabet):
    x = np.zeros((len(words), max(len(word) for word in words), len(alphabet)), dtype=int)
    for sample, word in zip(x, words):
        sample[range(len(word)), [alphabet.index(letter) for letter in word]] = 1
    return x


def words_in_torch(words, alphabet):
    rows = [torch.eye(len(alphabet))[[alphabet.index(letter) for letter in word]] for word in words]
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)


ONE_HOT = {
    "comparison": words_by_comparison,
    "whole rows, whole numbers": words_by_rows,
    "torch pads": words_in_torch,
    "true and false": lambda words, alphabet: words_by_comparison(words, alphabet) > 0,
    "float32": lambda words, alphabet: words_by_comparison(words, alphabet).astype(np.float32),
    "lists": as_lists(words_by_comparison),
    "prints and warns": talking(words_by_comparison),
}


# --- 01-seasonal-naive ------------------------------------------------------------------------------------------


def season_by_tiling(x, season, horizon):
    return np.tile(x[:, x.shape[1] - season :], (1, -(-horizon // season)))[:, :horizon]


def season_by_growing(x, season, horizon):
    for _ in range(horizon):
        x = np.concatenate([x, x[:, -season][:, None]], axis=1)
    return x[:, -horizon:]


def season_in_loops(x, season, horizon):
    rows = []
    for row in x:
        row = list(row)
        for _ in range(horizon):
            row.append(row[len(row) - season])
        rows.append(row[-horizon:])
    return rows


def season_in_torch(x, season, horizon):
    (x,) = tensors(x)
    return x[:, -season:].repeat(1, horizon)[:, :horizon]


SEASONAL_NAIVE = {
    "tiled": season_by_tiling,
    "a step at a time": season_by_growing,
    "loops over numbers": season_in_loops,
    "torch": season_in_torch,
    "float32": lambda x, season, horizon: season_by_tiling(x.astype(np.float32), season, horizon),
    "lists": as_lists(season_by_tiling),
    "a tuple of one": lambda x, season, horizon: (season_by_tiling(x, season, horizon),),
    "prints and warns": talking(season_by_tiling),
    "spoils its arguments": spoiling(season_by_tiling),
}


# --- 01-error-by-horizon ----------------------------------------------------------------------------------------


def errors(x, forecasts, origins):
    places = origins[:, None] + np.arange(forecasts.shape[1])
    return np.mean(np.abs(x[places] - forecasts), axis=0)


def errors_in_loops(x, forecasts, origins):
    K, H = forecasts.shape
    return [sum(abs(x[origins[k] + h] - forecasts[k, h]) for k in range(K)) / K for h in range(H)]


def errors_as_a_running_sum(x, forecasts, origins):
    total = np.zeros(forecasts.shape[1])
    for row, origin in zip(forecasts, origins):
        total += np.abs(row - x[origin : origin + len(row)])
    return total / len(origins)


def errors_in_torch(x, forecasts, origins):
    x, forecasts = tensors(x, forecasts)
    ahead = x.unfold(0, forecasts.shape[1], 1)[torch.as_tensor(origins)]
    return torch.nn.functional.l1_loss(forecasts, ahead, reduction="none").mean(dim=0)


ERROR_BY_HORIZON = {
    "an array of indices": errors,
    "loops over numbers": errors_in_loops,
    "a running sum": errors_as_a_running_sum,
    "torch": errors_in_torch,
    "float32": lambda x, forecasts, origins: errors(x.astype(np.float32), forecasts.astype(np.float32), origins),
    "lists": as_lists(errors),
    "a tuple of one": lambda x, forecasts, origins: (errors(x, forecasts, origins),),
    "prints and warns": talking(errors),
}


# --- 01-two-bits ------------------------------------------------------------------------------------------------


def reader_by_rule():
    table = np.zeros((4, 4), dtype=int)
    for state in range(4):
        table[state] = [2 * (state % 2), 2 * (state % 2) + 1, state, state]
    return table, range(4)


def reader_with_states_in_another_order():
    """BB, AB, BA, AA, in lists."""
    return [[2, 0, 0, 0], [2, 0, 1, 1], [3, 1, 2, 2], [3, 1, 3, 3]], [3, 1, 2, 0]


def reader_in_torch():
    return torch.tensor([[0.0, 1, 0, 0], [2, 3, 1, 1], [0, 1, 2, 2], [2, 3, 3, 3]]), torch.arange(4)


TWO_BITS = {
    "by a rule": reader_by_rule,
    "other states, in lists": reader_with_states_in_another_order,
    "torch, in floats": reader_in_torch,
    "prints and warns": talking(reader_by_rule),
}


ANSWERS = {
    "01-windows": WINDOWS,
    "01-one-hot": ONE_HOT,
    "01-seasonal-naive": SEASONAL_NAIVE,
    "01-error-by-horizon": ERROR_BY_HORIZON,
    "01-two-bits": TWO_BITS,
    "01-quiz-order": {"upper case": "B", "with its bracket": "b)"},
    "01-quiz-shape": {"upper case": "D", "with spaces": "  d \n"},
    "01-quiz-too-good": {"upper case": "A", "in bold": "(A)."},
    "01-quiz-horizon": {"upper case": "C", "with its bracket": "c)"},
}
