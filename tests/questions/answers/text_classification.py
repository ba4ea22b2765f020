"""Other right ways of writing the answers of lesson 13."""

import numpy as np
import torch

from lstm_course.scratch import LSTM

from .ways import as_lists, in_float32, spoiling, talking

# --- 13-mark-negation -------------------------------------------------------------------------------------------


def mark_by_places(words, V, negations, stops):
    """A word is marked if the last negation lies nearer than the last stop."""
    t = np.arange(len(words))
    negation, stop = np.isin(words, negations), np.isin(words, stops)
    begun, ended = (np.maximum.accumulate(np.where(where, t, -1)) for where in (negation, stop))
    return np.where((begun > ended) & ~negation, words + V, words)


def mark_by_clauses(words, V, negations, stops):
    marked, negated = [], False
    negations, stops = set(negations.tolist()), set(stops.tolist())
    for word in words.tolist():
        negated = (negated or word in negations) and word not in stops
        marked.append(word + V * (negated and word not in negations))
    return marked


MARK_NEGATION = {
    "places": mark_by_places,
    "clauses": mark_by_clauses,
    "lists": as_lists(mark_by_places),
    "prints and warns": talking(mark_by_places),
}


# --- 13-read-vectors --------------------------------------------------------------------------------------------


def read_line_by_line(lines, vocabulary):
    places = {word: k for k, word in enumerate(vocabulary)}
    vectors, known = None, [False] * len(vocabulary)
    for line in lines:
        word, *numbers = line.split(" ")
        if len(numbers) < 2:
            continue
        if vectors is None:
            vectors = torch.zeros(len(vocabulary), len(numbers), dtype=torch.float64)
        if word in places:
            vectors[places[word]] = torch.tensor([float(number) for number in numbers], dtype=torch.float64)
            known[places[word]] = True
    return vectors, torch.tensor(known)


def read_with_pandas(lines, vocabulary):
    import io

    import pandas as pd

    skipped = int(len(lines[0].split()) == 2)
    table = pd.read_csv(io.StringIO("\n".join(lines)), sep=" ", header=None, index_col=0, skiprows=skipped)
    return table.reindex(vocabulary).fillna(0.0).to_numpy(), pd.Index(vocabulary).isin(table.index)


READ_VECTORS = {
    "line by line": read_line_by_line,
    "pandas": read_with_pandas,
    "lists": as_lists(read_with_pandas),
    "prints and warns": talking(read_with_pandas),
}


# --- 13-deciding-word -------------------------------------------------------------------------------------------


def changes_by_torch(x, W_x, W_h, b, v):
    x, W_x, W_h, b, v = (torch.as_tensor(array, dtype=torch.float64) for array in (x, W_x, W_h, b, v))
    T, H = len(x), len(v)
    rows = torch.stack([torch.cat([x[:t], x[t + 1 :]]) for t in range(T)] + [x[1:]])

    def scores(rows):
        h = c = torch.zeros(len(rows), H, dtype=torch.float64)
        for step in rows.unbind(1):
            i, f, g, o = (step @ W_x.T + h @ W_h.T + b).chunk(4, dim=1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
        return h @ v

    return scores(x[None]) - scores(rows)[:T]


def changes_by_the_layer(x, W_x, W_h, b, v):
    layer = LSTM(x.shape[1], len(v))
    layer.parameters.update(weight_ih_l0=W_x, weight_hh_l0=W_h, bias_ih_l0=b, bias_hh_l0=np.zeros_like(b))
    scores = [layer(np.delete(x, k, axis=0)[None])[0][0, -1] @ v for k in ([], *range(len(x)))]
    return scores[0] - np.array(scores[1:])


DECIDING_WORD = {
    "torch": changes_by_torch,
    "the package's layer": changes_by_the_layer,
    "float32": in_float32(changes_by_torch),
    "lists": as_lists(changes_by_the_layer),
    "prints and warns": talking(changes_by_the_layer),
    "spoils its arguments": spoiling(changes_by_torch),
}


# --- 13-own-mind ------------------------------------------------------------------------------------------------


def opinions_by_a_gru(x, lengths, y, new_x, new_lengths):
    """A GRU, packed, with a rate that falls."""
    with torch.random.fork_rng():
        torch.manual_seed(3)
        table, gru, output = torch.nn.Embedding(24, 12), torch.nn.GRU(12, 24, batch_first=True), torch.nn.Linear(24, 2)
    adam = torch.optim.Adam([*table.parameters(), *gru.parameters(), *output.parameters()], lr=0.02)

    def scores(x, lengths):
        packed = torch.nn.utils.rnn.pack_padded_sequence(
            table(torch.tensor(x)), lengths, batch_first=True, enforce_sorted=False
        )
        return output(gru(packed)[1][0])

    for update, rows in enumerate(np.random.default_rng(2).integers(0, len(x), (300, 32))):
        adam.param_groups[0]["lr"] = 0.02 * (1 - update / 300)
        adam.zero_grad()
        torch.nn.functional.cross_entropy(scores(x[rows], lengths[rows]), torch.tensor(y[rows])).backward()
        adam.step()
    with torch.no_grad():
        return scores(new_x, new_lengths).argmax(1)


def opinions_padded_in_front(x, lengths, y, new_x, new_lengths):
    """With the padding in front, so that every text ends at the last step."""
    with torch.random.fork_rng():
        torch.manual_seed(4)
        table, lstm, output = (
            torch.nn.Embedding(24, 16),
            torch.nn.LSTM(16, 32, batch_first=True),
            torch.nn.Linear(32, 2),
        )
    adam = torch.optim.Adam([*table.parameters(), *lstm.parameters(), *output.parameters()], lr=0.02)

    def in_front(x, lengths):
        return torch.tensor(np.array([np.roll(row, -length) for row, length in zip(x, lengths, strict=True)]))

    def scores(x):
        return output(lstm(table(x))[0][:, -1])

    x, new_x = in_front(x, lengths), in_front(new_x, new_lengths)

    for rows in np.random.default_rng(5).integers(0, len(x), (400, 32)):
        adam.zero_grad()
        torch.nn.functional.cross_entropy(scores(x[rows]), torch.tensor(y[rows])).backward()
        torch.nn.utils.clip_grad_norm_(lstm.parameters(), 1.0)
        adam.step()
    with torch.no_grad():
        return scores(new_x).argmax(1).tolist()


OWN_MIND = {
    "a GRU, packed": opinions_by_a_gru,
    "padding in front": opinions_padded_in_front,
    "prints and warns": talking(opinions_by_a_gru),
}


ANSWERS = {
    "13-mark-negation": MARK_NEGATION,
    "13-read-vectors": READ_VECTORS,
    "13-deciding-word": DECIDING_WORD,
    "13-own-mind": OWN_MIND,
    "13-quiz-bag": {"upper case": "D", "with its bracket": "d)"},
    "13-quiz-vectors": {"upper case": "B", "with spaces": "  b \n"},
    "13-quiz-gate": {"upper case": "A", "in bold": "(A)."},
    "13-quiz-templates": {"upper case": "D", "with its bracket": "d)"},
}
