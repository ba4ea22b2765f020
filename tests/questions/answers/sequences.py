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


# --- 01-ordered-pairs -------------------------------------------------------------------------------------------


def pairs_by_sums(x):
    before = np.concatenate([np.zeros_like(x[:, :1]), np.cumsum(x, axis=1)[:, :-1]], axis=1)
    return before.transpose(0, 2, 1) @ x


def pairs_while_reading(x):
    counts, seen = np.zeros((len(x), x.shape[2], x.shape[2])), np.zeros((len(x), x.shape[2]))
    for t in range(x.shape[1]):
        counts += seen[:, :, None] * x[:, t, None, :]
        seen += x[:, t]
    return counts


def pairs_in_loops(x):
    N, T, D = x.shape
    counts = [[[0] * D for _ in range(D)] for _ in range(N)]
    for n in range(N):
        steps = [(t, int(x[n, t].argmax())) for t in range(T) if x[n, t].any()]
        for earlier, i in steps:
            for later, j in steps:
                if earlier < later:
                    counts[n][i][j] += 1
    return counts


def pairs_by_a_mask(x):
    T = x.shape[1]
    return np.einsum("nsi,st,ntj->nij", x, np.triu(np.ones((T, T)), 1), x)


def pairs_in_torch(x):
    (x,) = tensors(x)
    return (x.cumsum(1) - x).mT @ x


ORDERED_PAIRS = {
    "sums before each step": pairs_by_sums,
    "while reading": pairs_while_reading,
    "loops over numbers": pairs_in_loops,
    "a mask of earlier and later": pairs_by_a_mask,
    "torch": pairs_in_torch,
    "float32": lambda x: pairs_by_sums(x.astype(np.float32)),
    "whole numbers": lambda x: pairs_while_reading(x).astype(int),
    "lists": as_lists(pairs_by_sums),
    "prints and warns": talking(pairs_by_sums),
    "spoils its arguments": spoiling(pairs_by_sums),
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


# --- 01-trusted-steps -------------------------------------------------------------------------------------------


def steps_by_a_loop(forecast, baselines, future):
    N, horizon = len(future), len(future[0])

    def error(forecast, h):
        return sum(abs(forecast[n][h] - future[n][h]) for n in range(N)) / N

    for h in range(horizon):
        if error(forecast, h) >= min(error(baseline, h) for baseline in baselines):
            return h
    return horizon


def steps_by_products(forecast, baselines, future):
    """1 as long as the forecast is ahead, and 0 from there on."""
    errors = np.abs(np.concatenate([forecast[None], baselines]) - future).sum(axis=1)
    return np.cumprod((errors[0] < errors[1:]).all(axis=0)).sum()


def steps_by_a_sentinel(forecast, baselines, future):
    lost = (np.abs(forecast - future).mean(axis=0) >= np.abs(baselines - future).mean(axis=1)).any(axis=0)
    return np.flatnonzero(np.append(lost, True))[0]


def steps_in_torch(forecast, baselines, future):
    forecast, baselines, future = tensors(forecast, baselines, future)
    ahead = (forecast - future).abs().mean(0) < (baselines - future).abs().mean(1).amin(0)
    return ahead.long().cumprod(0).sum()


TRUSTED_STEPS = {
    "a loop over the steps": steps_by_a_loop,
    "products": steps_by_products,
    "a sentinel": steps_by_a_sentinel,
    "torch": steps_in_torch,
    "a float": lambda forecast, baselines, future: float(steps_by_products(forecast, baselines, future)),
    "float32": lambda forecast, baselines, future: steps_by_a_sentinel(
        *(array.astype(np.float32) for array in (forecast, baselines, future))
    ),
    "prints and warns": talking(steps_by_products),
    "spoils its arguments": spoiling(steps_by_products),
}


# --- 01-learn-the-order -----------------------------------------------------------------------------------------


def order_by_a_network(x, y, new_x):
    """The lesson's network on windows of two steps, with its votes averaged."""

    def twos(x):
        return torch.tensor(np.concatenate([x[:, :-1], x[:, 1:]], axis=2), dtype=torch.float32)

    with torch.random.fork_rng():
        torch.manual_seed(0)
        net = torch.nn.Sequential(torch.nn.Linear(2 * x.shape[2], 16), torch.nn.Tanh(), torch.nn.Linear(16, 2))
    adam = torch.optim.Adam(net.parameters(), lr=0.02)
    for _ in range(150):
        loss = torch.nn.functional.cross_entropy(net(twos(x)).mean(dim=1), torch.as_tensor(y))
        adam.zero_grad()
        loss.backward()
        adam.step()
    return net(twos(new_x)).mean(dim=1).argmax(dim=1)


def order_by_a_search(x, y, new_x):
    """The pair of letters of which one order goes with 1 and the other with 0 most often."""

    def has(x):
        return np.einsum("nti,ntj->nij", x[:, :-1], x[:, 1:]) > 0

    agreement = np.tensordot(2 * y - 1, has(x), axes=1)
    i, j = np.unravel_index(np.argmax(agreement - agreement.T), agreement.shape)
    return has(new_x)[:, i, j]


def order_by_bayes(x, y, new_x):
    """Naive Bayes on the neighbours, letter by letter."""
    logs = np.zeros((x.shape[2], x.shape[2]))
    for answer, sign in ((1, 1), (0, -1)):
        letters = x[y == answer].argmax(axis=2)
        counts = np.ones_like(logs)
        for row in letters:
            for one, other in zip(row, row[1:]):
                counts[one, other] += 1
        logs += sign * np.log(counts / counts.sum())
    new = new_x.argmax(axis=2)
    return [int(sum(logs[one, other] for one, other in zip(row, row[1:])) > 0) for row in new]


LEARN_THE_ORDER = {
    "a network on windows of two": order_by_a_network,
    "a search for the pair": order_by_a_search,
    "naive Bayes, in lists": order_by_bayes,
    "float32": lambda x, y, new_x: order_by_a_search(x, y, new_x).astype(np.float32),
    "prints and warns": talking(order_by_a_search),
}


ANSWERS = {
    "01-windows": WINDOWS,
    "01-one-hot": ONE_HOT,
    "01-ordered-pairs": ORDERED_PAIRS,
    "01-two-bits": TWO_BITS,
    "01-trusted-steps": TRUSTED_STEPS,
    "01-learn-the-order": LEARN_THE_ORDER,
    "01-quiz-order": {"upper case": "B", "with its bracket": "b)"},
    "01-quiz-shape": {"upper case": "D", "with spaces": "  d \n"},
    "01-quiz-too-good": {"upper case": "A", "in bold": "(A)."},
    "01-quiz-horizon": {"upper case": "C", "with its bracket": "c)"},
}
