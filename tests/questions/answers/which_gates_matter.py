"""Other right ways of writing the answers of lesson 08."""

import numpy as np
import torch

from .ways import as_lists, in_float32, math_sigmoid, spoiling, talking, tensors

# --- 08-gru-step ------------------------------------------------------------------------------------------------


def gru_by_splitting(x, h, W, U, b, d, z_keeps, reset_after):
    sigmoid = np.vectorize(math_sigmoid)
    (W_r, W_z, W_n), (U_r, U_z, U_n), (b_r, b_z, b_n) = (np.split(each, 3) for each in (W, U, b))
    r = sigmoid(x @ W_r.T + h @ U_r.T + b_r)
    z = sigmoid(x @ W_z.T + h @ U_z.T + b_z)
    keep = z if z_keeps else 1 - z
    seen = r * (h @ U_n.T + d) if reset_after else np.einsum("nk,jk->nj", r * h, U_n) + d
    n = np.tanh(x @ W_n.T + b_n + seen)
    return n + keep * (h - n)


def gru_in_torch(x, h, W, U, b, d, z_keeps, reset_after):
    x, h, W, U, b, d = tensors(x, h, W, U, b, d)
    H = h.shape[1]
    gates = torch.sigmoid(x @ W[: 2 * H].T + h @ U[: 2 * H].T + b[: 2 * H])
    r, z = gates[:, :H], gates[:, H:]
    inner = r * (h @ U[2 * H :].T + d) if reset_after else (r * h) @ U[2 * H :].T + d
    n = torch.tanh(x @ W[2 * H :].T + b[2 * H :] + inner)
    return torch.where(torch.tensor(z_keeps), z * h + (1 - z) * n, z * n + (1 - z) * h)


def gru_sample_by_sample(x, h, W, U, b, d, z_keeps, reset_after):
    H, out = h.shape[1], np.empty_like(h)
    for row in range(len(x)):
        sums = W @ x[row] + b
        r = 1 / (1 + np.exp(-(sums[:H] + U[:H] @ h[row])))
        z = 1 / (1 + np.exp(-(sums[H : 2 * H] + U[H : 2 * H] @ h[row])))
        old = r * (U[2 * H :] @ h[row] + d) if reset_after else U[2 * H :] @ (r * h[row]) + d
        n = np.tanh(sums[2 * H :] + old)
        out[row] = z * h[row] + (1 - z) * n if z_keeps else (1 - z) * h[row] + z * n
    return out


GRU_STEP = {
    "splitting": gru_by_splitting,
    "torch": gru_in_torch,
    "sample by sample": gru_sample_by_sample,
    "float32": in_float32(gru_sample_by_sample),
    "lists": as_lists(gru_by_splitting),
    "prints and warns": talking(gru_by_splitting),
    "spoils its arguments": spoiling(gru_by_splitting),
}


# --- 08-name-the-cell -------------------------------------------------------------------------------------------


def name_by_largest_deviations(i, f, g, o, c, h):
    """All tests at once, for all cells: the first one that holds gives the number."""
    axes = (1, 2, 3)
    off = [np.abs(each).max(axis=axes) for each in (i - 1, f - 1, o - 1)]
    squashed = np.abs(h - o * np.tanh(c)).max(axis=axes)
    tests = [*(each < 1e-9 for each in off), np.abs(g).max(axis=axes) > 1, squashed > 1e-6]
    tests.append(np.abs(i + f - 1).max(axis=axes) < 1e-9)
    return np.select(tests, [1, 2, 3, 4, 5, 6], 0)


def name_in_torch(i, f, g, o, c, h):
    i, f, g, o, c, h = tensors(i, f, g, o, c, h)
    numbers = torch.zeros(len(i), dtype=torch.int64)
    for k in range(len(i)):
        holds = {
            1: (i[k] == 1).all(),
            2: (f[k] == 1).all(),
            3: (o[k] == 1).all(),
            4: g[k].abs().max() > 1,
            5: torch.allclose(h[k], o[k] * c[k]),
            6: torch.allclose(i[k] + f[k], torch.ones_like(i[k])),
        }
        numbers[k] = next((number for number, true in holds.items() if true), 0)
    return numbers


NAME_THE_CELL = {
    "largest deviations": name_by_largest_deviations,
    "torch": name_in_torch,
    "lists": as_lists(name_by_largest_deviations),
    "prints and warns": talking(name_by_largest_deviations),
    "spoils its arguments": spoiling(name_by_largest_deviations),
}


# --- 08-minimal-gate --------------------------------------------------------------------------------------------


def minimal_by_autograd(x, h, W, U, b, dh_next):
    x, h, W, U, b, dh_next = tensors(x, h, W, U, b, dh_next)
    H = h.shape[1]
    x, h = x.requires_grad_(), h.requires_grad_()
    f = torch.sigmoid(x @ W[:H].T + h @ U[:H].T + b[:H])
    n = torch.tanh(x @ W[H:].T + (f * h) @ U[H:].T + b[H:])
    h_next = h - f * h + f * n
    h_next.backward(dh_next)
    return h_next.detach(), x.grad, h.grad


def minimal_by_jacobians(x, h, W, U, b, dh_next):
    """Sample by sample: the matrix of derivatives of h_next with respect to h and x."""
    H, out, dx, dh = h.shape[1], np.empty_like(h), np.empty_like(x), np.empty_like(h)
    for k in range(len(x)):
        f = 0.5 + 0.5 * np.tanh(0.5 * (W[:H] @ x[k] + U[:H] @ h[k] + b[:H]))
        n = np.tanh(W[H:] @ x[k] + U[H:] @ (f * h[k]) + b[H:])
        out[k] = (1 - f) * h[k] + f * n
        slope_f, slope_n = np.diag(f * (1 - f)), np.diag(1 - n**2)
        f_x, f_h = slope_f @ W[:H], slope_f @ U[:H]
        n_x = slope_n @ (W[H:] + U[H:] @ np.diag(h[k]) @ f_x)
        n_h = slope_n @ U[H:] @ (np.diag(f) + np.diag(h[k]) @ f_h)
        dx[k] = (np.diag(n - h[k]) @ f_x + np.diag(f) @ n_x).T @ dh_next[k]
        dh[k] = (np.diag(1 - f) + np.diag(n - h[k]) @ f_h + np.diag(f) @ n_h).T @ dh_next[k]
    return out, dx, dh


MINIMAL_GATE = {
    "autograd": minimal_by_autograd,
    "Jacobians": minimal_by_jacobians,
    "float32": in_float32(minimal_by_jacobians),
    "lists": as_lists(minimal_by_jacobians),
    "prints and warns": talking(minimal_by_jacobians),
    "spoils its arguments": spoiling(minimal_by_jacobians),
}


# --- 08-last-marked ---------------------------------------------------------------------------------------------


def marked_by_a_gru_as_pytorch_starts_it(x, y, new_x):
    with torch.random.fork_rng():
        torch.manual_seed(5)
        layer, output = torch.nn.GRU(2, 24, batch_first=True), torch.nn.Linear(24, 1)
    adam = torch.optim.Adam([*layer.parameters(), *output.parameters()], lr=0.02)
    x, y, new_x = (torch.tensor(each).float() for each in (x, y, new_x))
    rng = np.random.default_rng(1)
    for _ in range(500):
        rows = rng.integers(0, len(x), 50)
        loss = torch.nn.functional.mse_loss(output(layer(x[rows])[0][:, -1])[:, 0], y[rows])
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(layer.parameters(), 1.0)
        adam.step()
    with torch.no_grad():
        return output(layer(new_x)[0][:, -1])[:, 0]


def marked_by_looking(x, y, new_x):
    """Nobody says that it must be a network."""
    return [row[row[:, 1] == 1][-1, 0] for row in new_x]


LAST_MARKED = {
    "a GRU as PyTorch starts it": marked_by_a_gru_as_pytorch_starts_it,
    "by looking": marked_by_looking,
    "prints and warns": talking(marked_by_looking),
}


ANSWERS = {
    "08-gru-step": GRU_STEP,
    "08-name-the-cell": NAME_THE_CELL,
    "08-minimal-gate": MINIMAL_GATE,
    "08-last-marked": LAST_MARKED,
    "08-quiz-removal": {"upper case": "C", "with its bracket": "c)"},
    "08-quiz-design": {"upper case": "C", "with spaces": "  c \n"},
    "08-quiz-update": {"upper case": "B", "in bold": "(B)."},
    "08-quiz-law": {"upper case": "D", "with its bracket": "d)"},
}
