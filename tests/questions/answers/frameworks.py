"""Other right ways of writing the answers of lesson 09."""

import numpy as np
import torch

from .ways import as_lists, in_float32, sigmoid, spoiling, talking, tensors

# --- 09-parameters ----------------------------------------------------------------------------------------------


def counts_by_formula(inputs, units, layers, directions):
    per_layer = [inputs] + [units * directions] * (layers - 1)
    weights = sum(directions * (4 * units * width + 4 * units**2) for width in per_layer)
    biases = 4 * units * layers * directions
    return weights + 2 * biases, weights + biases


def counts_by_shapes(inputs, units, layers, directions):
    shapes = []
    for layer in range(layers):
        for _ in range(directions):
            width = inputs if layer == 0 else directions * units
            shapes += [(4 * units, width), (4 * units, units), (4 * units,)]
    keras = sum(np.prod(shape) for shape in shapes)
    return np.array([keras + sum(np.prod(shape) for shape in shapes if len(shape) == 1), keras])


def counts_as_torch(inputs, units, layers, directions):
    counts = torch.tensor(counts_by_formula(inputs, units, layers, directions))
    return counts


PARAMETERS = {
    "formula": lambda *sizes: list(counts_by_formula(*sizes)),
    "by shapes": counts_by_shapes,
    "torch": counts_as_torch,
    "prints and warns": talking(counts_by_shapes),
}


# --- 09-gru-weights ---------------------------------------------------------------------------------------------


def gru_by_blocks(kernel, recurrent_kernel, bias):
    z, r, n = np.split(kernel, 3, axis=1)
    weight_ih = np.concatenate([r.T, z.T, n.T])
    z, r, n = np.split(recurrent_kernel, 3, axis=1)
    weight_hh = np.vstack([r.T, z.T, n.T])
    z, r, n = np.split(bias, 3, axis=1)
    bias_ih, bias_hh = np.hstack([r, z, n])
    return weight_ih, weight_hh, bias_ih, bias_hh


def gru_with_summed_gate_biases(kernel, recurrent_kernel, bias):
    """Only the candidate needs two biases."""
    H = len(recurrent_kernel)
    weight_ih, weight_hh, bias_ih, bias_hh = gru_by_blocks(kernel, recurrent_kernel, bias)
    bias_ih = np.concatenate([bias_ih[: 2 * H] + bias_hh[: 2 * H], bias_ih[2 * H :]])
    return weight_ih, weight_hh, bias_ih, np.where(np.arange(3 * H) < 2 * H, 0, bias_hh)


def gru_in_torch(kernel, recurrent_kernel, bias):
    made = []
    for array in tensors(kernel.T, recurrent_kernel.T, *bias):
        z, r, n = array.chunk(3)
        made.append(torch.cat([r, z, n]))
    return tuple(made)


GRU_WEIGHTS = {
    "blocks": gru_by_blocks,
    "biases of the gates added up": gru_with_summed_gate_biases,
    "torch": gru_in_torch,
    "float32": in_float32(gru_by_blocks),
    "lists": as_lists(gru_by_blocks),
    "prints and warns": talking(gru_by_blocks),
    "spoils its arguments": spoiling(gru_by_blocks),
}


# --- 09-word-losses ---------------------------------------------------------------------------------------------


def losses_word_by_word(table, W, U, b, V, d, ids, lengths, classes):
    losses = []
    for row, length, k in zip(ids, lengths, classes):
        h = c = np.zeros(U.shape[1])
        for symbol in row[:length]:
            i, f, g, o = np.split(W @ table[symbol] + U @ h + b, 4)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
        logits = V @ h + d
        losses.append(np.log(np.exp(logits - logits.max()).sum()) - (logits - logits.max())[k])
    return losses


def losses_with_packing(table, W, U, b, V, d, ids, lengths, classes):
    lstm = torch.nn.LSTM(W.shape[1], U.shape[1], dtype=torch.float64)
    halves = {"bias_ih_l0": b / 2, "bias_hh_l0": b / 2}  # only the sum matters
    arrays = {"weight_ih_l0": W, "weight_hh_l0": U} | halves
    lstm.load_state_dict({name: torch.tensor(array) for name, array in arrays.items()})
    packed = torch.nn.utils.rnn.pack_padded_sequence(
        torch.tensor(table[ids]), torch.tensor(lengths), batch_first=True, enforce_sorted=False
    )
    _, (h, _) = lstm(packed)
    log_p = (h[0] @ torch.tensor(V).T + torch.tensor(d)).log_softmax(dim=1)
    return -log_p[torch.arange(len(ids)), torch.tensor(classes)]


def losses_with_a_mask(table, W, U, b, V, d, ids, lengths, classes):
    """All words at once; the state of a word stays as it is after its last letter."""
    h = c = np.zeros((len(ids), U.shape[1]))
    for t, symbols in enumerate(ids.T):
        i, f, g, o = np.split(table[symbols] @ W.T + h @ U.T + b, 4, axis=1)
        new = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        inside = (t < lengths)[:, None]
        h, c = np.where(inside, sigmoid(o) * np.tanh(new), h), np.where(inside, new, c)
    logits = h @ V.T + d
    return np.logaddexp.reduce(logits, axis=1) - np.take_along_axis(logits, classes[:, None], 1)[:, 0]


WORD_LOSSES = {
    "word by word": losses_word_by_word,
    "packing": losses_with_packing,
    "mask": losses_with_a_mask,
    "lists": as_lists(losses_with_a_mask),
    "prints and warns": talking(losses_with_a_mask),
}


# --- 09-battery -------------------------------------------------------------------------------------------------


def charge_by_a_smaller_lstm(x, y, new_x):
    """Other sizes, a forget bias of 1, and charges around zero."""
    with torch.random.fork_rng():
        torch.manual_seed(5)
        lstm, output = torch.nn.LSTM(10, 32, batch_first=True), torch.nn.Linear(32, 1)
    with torch.no_grad():
        lstm.bias_ih_l0[32:64] = 1
    adam = torch.optim.Adam([*lstm.parameters(), *output.parameters()], lr=0.01)
    x, y, new_x = (torch.tensor(array).float() for array in (x, y, new_x))
    rng = np.random.default_rng(2)
    for _ in range(400):
        rows = rng.choice(len(x), 50)
        predicted = output(lstm(x[rows])[1][0][0]).squeeze(1)
        loss = ((predicted - (y[rows] - 0.5)) ** 2).mean()
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(lstm.parameters(), 1.0)
        adam.step()
    with torch.no_grad():
        return output(lstm(new_x)[1][0][0]).squeeze(1) + 0.5


def charge_by_the_law(x, y, new_x):
    """Knows how a battery works and learns the strengths of the devices alone."""
    x, y, new_x = (torch.tensor(array).float() for array in (x, y, new_x))
    start = np.linalg.lstsq(x[:, -1].numpy(), (y - y.mean()).numpy(), rcond=None)[0]
    weights = torch.tensor(start, requires_grad=True)

    def charge(x):
        level = torch.full((len(x),), 0.5)
        for flow in (x @ weights).T:
            level = (level + flow).clamp(0, 1)
        return level

    adam = torch.optim.Adam([weights], lr=0.02)
    for _ in range(150):
        loss = ((charge(x) - y) ** 2).mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
    return charge(new_x).detach()


BATTERY = {
    "a smaller LSTM": charge_by_a_smaller_lstm,
    "the law of a battery": charge_by_the_law,
    "prints and warns": talking(charge_by_the_law),
}


ANSWERS = {
    "09-parameters": PARAMETERS,
    "09-gru-weights": GRU_WEIGHTS,
    "09-word-losses": WORD_LOSSES,
    "09-battery": BATTERY,
    "09-quiz-reading": {"upper case": "C", "with its bracket": "c)"},
    "09-quiz-mode": {"upper case": "A", "with spaces": "  a \n"},
    "09-quiz-log": {"upper case": "D", "in bold": "(D)."},
    "09-quiz-detach": {"upper case": "C", "with its bracket": "c)"},
}
