"""What the forget gate does for the continual Reber grammar: gates changed by hand, states swapped, cells reset.

The networks are those of `continual_reber`, trained again with the same ten seeds, 16 units each.

*Gates changed by hand.* The trained network with a forget gate reads on for 400 steps of its 32 streams, each time with
one change: ``one`` (f = 1), ``mean`` (f constant, for each unit its own mean), ``one_at_start`` (f = 1 at the first
symbol of each string, untouched elsewhere), ``only_at_start`` (f untouched at the first symbol, 1 elsewhere),
``one_at_boundary`` and ``only_at_boundary`` (the same for the last symbol of a string and the first of the next), and,
as controls, ``one_inside`` (f = 1 at the fourth and fifth symbols of each string) and ``none``.

*Leaks.* Networks whose forget gate is one constant for all units, from the first step of the training on, and is not
trained.

*Reset.* The network with f = 1 is trained as before, except that somebody else empties its cell state, and nothing but
its cell state, before the first symbol of each string. It is trained and judged with that help.

*Swapped.* `pairs` makes two streams that are equal but for the second letter of one string, and for the letter that has
to match it. Cell states, hidden states or both change places ``early``, in the middle of this string, or ``late``, once
it has ended; then the next string is read. A prediction is flipped if T and P change their order.

Arrays, for each ``change`` above:

    {change}_errors      (10,)  share of wrong predictions
    {change}_long_range  (10,)  accuracy where the second symbol decides
    {change}_cell        (10,)  mean absolute cell state after the last step
    reset_errors         (10,)  share of wrong predictions
    reset_long_range     (10,)
    leaks (3,)           the constants
    leak_errors, leak_long_range, leak_cell  (10, 3)  as above, for each constant
    flipped_{when}_{what}  (10,)  share of flipped predictions; when: early, late; what: none, c, h, both
    apart_lstm, apart_1997  (10, T)  mean distance |c_T - c_P| between the cell states of the pairs, after each step
    W (64, 23), b (64,), V (7, 16), a (7,)  the parameters of the network with seed 0; the columns of W are h, then x
    seeds (10,)
"""

import numpy as np

from ..scratch import Adam, clip_by_norm, schedules, softmax_cross_entropy
from ..scratch.lstm import sigmoid
from ..tasks import continual_reber as task
from ..tasks import reber
from . import continual_reber

SETTINGS = {
    "network": continual_reber.SETTINGS,
    "judged_steps": 400,
    "pairs": 200,
    "inner_length": 8,  # symbols of the strings inside the strings of the pairs
    "leaks": [0.6, 0.9, 0.99],
    "seeds": list(range(10)),
}
INNER = SETTINGS["inner_length"]
STRING = INNER + 4  # symbols of a string of the pairs
EARLY, LATE = STRING + 6, 2 * STRING  # numbers of symbols read before the states are swapped


def weights(layer, output):
    """The parameters as W (4H, H + D), b (4H,), V (K, H) and a (K,)."""
    p = layer.parameters
    W = np.concatenate([p["weight_hh_l0"], p["weight_ih_l0"]], axis=1)
    return W, p["bias_ih_l0"] + p["bias_hh_l0"], output.parameters["weight"], output.parameters["bias"]


def run(x, h, c, W, b, forget=None):
    """A network over sequences, with a forget gate that can be changed by hand.

    Parameters
    ----------
    x : (N, T, D) array
    h, c : (N, H) arrays
        The states before the first step.
    W, b : (4H, H + D), (4H,) arrays
        Or (3H, ...), the rows i, g, o of a cell without a forget gate.
    forget : callable, optional
        ``forget(t, f)`` returns what the forget gate, (N, H), is to be at step t.

    Returns
    -------
    h, c, f : (N, T, H) arrays
        After each step.
    """
    H, kept = h.shape[1], []
    for t in range(x.shape[1]):
        blocks = np.split(np.concatenate([h, x[:, t]], axis=1) @ W.T + b, len(b) // H, axis=1)
        i, g, o = sigmoid(blocks[0]), np.tanh(blocks[-2]), sigmoid(blocks[-1])
        f = sigmoid(blocks[1]) if len(blocks) == 4 else np.ones_like(i)
        f = f if forget is None else forget(t, f)
        c = f * c + i * g
        h = o * np.tanh(c)
        kept.append((h, c, f))
    return (np.stack(each, axis=1) for each in zip(*kept, strict=True))


def string_starts(batch, before=None):
    """Where a string starts, (N, T): a B after an E; `before` tells whether an E came before the first step."""
    ends = np.zeros((len(batch.x), 1), bool) if before is None else before[:, None]
    ends = np.concatenate([ends, batch.x[:, :-1, reber.SYMBOLS.index("E")] > 0], axis=1)
    return ends & (batch.x[:, :, reber.SYMBOLS.index("B")] > 0)


def later(steps, by):
    """Marks of steps, (N, T), moved `by` steps to a later time, or to an earlier one if `by` is negative."""
    moved = np.roll(steps, by, axis=1)
    moved[:, slice(None, by) if by > 0 else slice(by, None)] = False
    return moved


def changed(layer, output, batch, state):
    """For each change by hand the score and the mean absolute cell state after the last step."""
    W, b, V, a = weights(layer, output)
    h, c = state[0][0], state[1][0]
    starts = string_starts(batch)
    boundary, inside = starts | later(starts, -1), later(starts, 3) | later(starts, 4)
    *_, f = run(batch.x, h, c, W, b)
    mean = f.mean(axis=(0, 1))
    changes = {
        "none": None,
        "one": lambda t, f: np.ones_like(f),
        "mean": lambda t, f: np.broadcast_to(mean, f.shape),
        "one_at_start": lambda t, f: np.where(starts[:, t, None], 1, f),
        "only_at_start": lambda t, f: np.where(starts[:, t, None], f, 1),
        "one_at_boundary": lambda t, f: np.where(boundary[:, t, None], 1, f),
        "only_at_boundary": lambda t, f: np.where(boundary[:, t, None], f, 1),
        "one_inside": lambda t, f: np.where(inside[:, t, None], 1, f),
    }
    scores = {}
    for name, forget in changes.items():
        y, cells, _ = run(batch.x, h, c, W, b, forget)
        scores[name] = task.score(y @ V.T + a, batch), np.abs(cells[:, -1]).mean()
    return scores


def pairs(seed):
    """Two batches of streams, (N, 3 strings, 7), that differ only in the two letters of the second string."""
    rng = np.random.default_rng(seed)
    inner = inner_strings(INNER)
    texts = {"T": [], "P": []}
    for _ in range(SETTINGS["pairs"]):
        s, (first, last) = rng.choice(inner, 3), rng.choice(list("TP"), 2)
        for letter, streams in texts.items():
            letters = (first, letter, last)
            streams.append("".join(f"B{a}{i}{a}E" for a, i in zip(letters, s, strict=True)))
    return tuple(np.eye(7)[[[reber.SYMBOLS.index(k) for k in text] for text in texts[letter]]] for letter in "TP")


def inner_strings(length):
    """All strings of the Reber grammar of this length, in alphabetical order, starting with B and ending with E."""
    open_ends, whole = [("", 0)], []
    while open_ends:
        text, node = open_ends.pop()
        for letter, after in reber.GRAMMAR[node].items():
            if after is None and len(text) + 1 == length:
                whole.append(text + letter)
            elif after is not None and len(text) + 1 < length:
                open_ends.append((text + letter, after))
    return sorted(whole)


def flipped(pair, parameters, when, what):
    """The share of predictions of T or P that change when states are swapped."""
    W, b, V, a = parameters
    H, at = V.shape[1], EARLY if when == "early" else LATE
    decides = 2 * STRING - 3 if when == "early" else 3 * STRING - 3  # the step that predicts the letter
    states = []
    for x in pair:
        h, c, _ = run(x[:, :at], np.zeros((len(x), H)), np.zeros((len(x), H)), W, b)
        states.append((h[:, -1], c[:, -1]))
    flips = []
    for k, x in enumerate(pair):
        mine, other = states[k], states[1 - k]
        h, c = other[0] if what in ("h", "both") else mine[0], other[1] if what in ("c", "both") else mine[1]
        prefers_T = []
        for start in (mine, (h, c)):
            y, _, _ = run(x[:, at : decides + 1], *start, W, b)
            logits = y[:, -1] @ V.T + a
            prefers_T.append(logits[:, 1] > logits[:, 2])
        flips.append(prefers_T[0] != prefers_T[1])
    return np.mean(flips)


def apart(pair, W, b):
    """Mean distance between the cell states of the pairs after each step, (T,)."""
    H = W.shape[1] - 7
    cells = []
    for x in pair:
        _, c, _ = run(x, np.zeros((len(x), H)), np.zeros((len(x), H)), W, b)
        cells.append(c)
    return np.linalg.norm(cells[0] - cells[1], axis=2).mean(axis=0)


def train_reset(seed, updates=continual_reber.SETTINGS["updates"]):
    """The network with f = 1, whose cell state somebody empties before each string; its score after the training.

    The help comes through one more input, 1 at the first symbol of a string, whose only weight shuts the forget gate of
    a cell that is otherwise open. Neither that weight nor the others of the forget gate are trained.
    """
    settings = continual_reber.SETTINGS
    layer, output = continual_reber.start("lstm", seed)
    H = settings["hidden_size"]
    p, f = layer.parameters, slice(H, 2 * H)
    p["weight_ih_l0"] = np.concatenate([p["weight_ih_l0"], np.zeros((4 * H, 1))], axis=1)
    layer = type(layer)(8, H, seed=seed)
    for name, value in p.items():
        layer.parameters[name][...] = value
    p = layer.parameters
    p["weight_ih_l0"][f], p["weight_hh_l0"][f], p["bias_ih_l0"][f], p["bias_hh_l0"][f] = 0, 0, 40, 0
    p["weight_ih_l0"][f, 7] = -80
    adam = Adam([layer, output], settings["learning_rate"], schedule=schedules.step_decay(**settings["decay"]))
    stream, state, before = task.Stream(settings["streams"], 2000 + seed), None, np.ones(settings["streams"], bool)

    def read(steps):
        nonlocal before
        batch = stream.next(steps)
        starts = string_starts(batch, before)
        before = batch.x[:, -1, reber.SYMBOLS.index("E")] > 0
        return batch, np.concatenate([batch.x, starts[:, :, None]], axis=2)

    for _ in range(updates):
        batch, x = read(settings["steps"])
        y, state = layer(x, state)
        _, dlogits = softmax_cross_entropy(output(y), batch.targets)
        layer.backward(output.backward(dlogits))
        for name, gradient in layer.gradients.items():
            gradient[f] = 0
            if name == "weight_ih_l0":
                gradient[:, 7] = 0
        clip_by_norm([layer, output], settings["max_norm"])
        adam.step()
    batch, x = read(settings["judged_steps"])
    y, _ = layer(x, state)
    return task.score(output(y), batch)


def train_leak(seed, value, updates=continual_reber.SETTINGS["updates"]):
    """The network whose forget gate is a constant; its score after the training, and its mean absolute cell state."""
    settings = continual_reber.SETTINGS
    layer, output = continual_reber.start("lstm", seed)
    p, f = layer.parameters, slice(settings["hidden_size"], 2 * settings["hidden_size"])
    p["weight_ih_l0"][f], p["weight_hh_l0"][f], p["bias_hh_l0"][f] = 0, 0, 0
    p["bias_ih_l0"][f] = np.log(value / (1 - value))
    adam = Adam([layer, output], settings["learning_rate"], schedule=schedules.step_decay(**settings["decay"]))
    stream, state = task.Stream(settings["streams"], 2000 + seed), None
    for _ in range(updates):
        batch = stream.next(settings["steps"])
        y, state = layer(batch.x, state)
        _, dlogits = softmax_cross_entropy(output(y), batch.targets)
        layer.backward(output.backward(dlogits))
        for gradient in layer.gradients.values():
            gradient[f] = 0
        clip_by_norm([layer, output], settings["max_norm"])
        adam.step()
    batch = stream.next(settings["judged_steps"])
    y, (_, c) = layer(batch.x, state)
    return task.score(output(y), batch), np.abs(c).mean()


def make():
    """All runs, as described above."""
    arrays, rows = {"seeds": np.array(SETTINGS["seeds"]), "leaks": np.array(SETTINGS["leaks"])}, []
    for seed in SETTINGS["seeds"]:
        layer, output, stream, state, _ = continual_reber.trained("lstm", seed)
        parameters, pair, row = weights(layer, output), pairs(seed), {}
        if seed == 0:
            arrays |= dict(zip("WbVa", parameters, strict=True))
        batch = stream.next(SETTINGS["judged_steps"])
        for name, (score, cell) in changed(layer, output, batch, state).items():
            row |= {f"{name}_errors": score.errors_per_symbol, f"{name}_long_range": score.long_range}
            row[f"{name}_cell"] = cell
        for when in ("early", "late"):
            for what in ("none", "c", "h", "both"):
                row[f"flipped_{when}_{what}"] = flipped(pair, parameters, when, what)
        row["apart_lstm"] = apart(pair, *parameters[:2])
        layer, output, *_ = continual_reber.trained("1997", seed)
        row["apart_1997"] = apart(pair, *weights(layer, output)[:2])
        score = train_reset(seed)
        row |= {"reset_errors": score.errors_per_symbol, "reset_long_range": score.long_range}
        scores, row["leak_cell"] = zip(*(train_leak(seed, value) for value in SETTINGS["leaks"]), strict=True)
        row["leak_errors"] = [score.errors_per_symbol for score in scores]
        row["leak_long_range"] = [score.long_range for score in scores]
        rows.append(row)
    return arrays | {name: np.array([row[name] for row in rows]) for name in rows[0]}, SETTINGS
