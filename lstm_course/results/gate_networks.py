"""Networks of one cell side by side, in NumPy: one more axis in every array, and one call for all of them.

For one network of this size most of the time goes into calling NumPy, so that ten cost little more than one. The
equations are those of `lstm_course.scratch.variants` and of ``torch.nn.GRU``; a test holds them equal.
"""

import numpy as np

from ..scratch.lstm import sigmoid
from ..scratch.variants import VARIANTS

CELLS = ("vanilla", "NIG", "NFG", "NOG", "NIAF", "NOAF", "CIFG", "NP", "FGR", "GRU")


class Networks:
    """Networks of the same kind side by side: S of them, one more axis in every array.

    Parameters
    ----------
    cell : str
        One of `CELLS`.
    sizes : (int, int, int)
        The numbers of inputs D, units H and outputs K.
    seeds : list of int
        One for each network. Networks of the same seed start with the same random weights, whatever their cell.
    keep_bias : float
        The bias of whatever keeps the old state at the start.
    input_bias : float
        The bias of the input gate at the start; a coupled one has -`keep_bias` in any case.

    Attributes
    ----------
    weights : dict of str to array
        W (S, D, 4H) from the input and U (S, H, 4H) from the hidden state in the order i, f, o, g, with b (S, 1, 4H);
        p (S, 3, 1, H), the peepholes of i, f and o; G (S, 3H, 3H) from gates to gates; V (S, H, K) and a (S, 1, K) of
        the linear layer. A cell uses those that it needs. The r, z and n of a GRU stand where i, f and g do, and d
        (S, 1, H) is the bias that r multiplies.
    """

    def __init__(self, cell, sizes, seeds, keep_bias, input_bias=0.0):
        if cell not in CELLS:
            raise ValueError(f"cell: wanted one of {', '.join(CELLS)}, got {cell!r}")
        (D, H, K), S = sizes, len(seeds)
        drawn = {"W": (D, 4 * H), "U": (H, 4 * H), "V": (H, K), "G": (3 * H, 3 * H)}
        zeros = {"b": (1, 4 * H), "p": (3, 1, H), "d": (1, H), "a": (1, K)}
        self.weights = {name: np.zeros((S, *shape), np.float32) for name, shape in (drawn | zeros).items()}
        for k, seed in enumerate(seeds):
            rng = np.random.default_rng(seed)
            for name, shape in drawn.items():
                self.weights[name][k] = rng.uniform(-1, 1, shape) / np.sqrt(H)
        self.weights["b"][:, :, H : 2 * H] = keep_bias  # of f, or of z in the GRU
        self.weights["b"][:, :, :H] = -keep_bias if cell == "CIFG" else input_bias
        self.cell, self.parts, self.hidden_size = cell, VARIANTS.get(cell), H

    def start(self, count):
        """The states before the first step of `count` sequences: h, c and the gates i, f, o of the step before."""
        sizes = (self.hidden_size, self.hidden_size, 3 * self.hidden_size)
        return [np.zeros((len(self.weights["W"]), count, size), np.float32) for size in sizes]

    def run(self, x, states, keep=None):
        """Read sequences.

        Parameters
        ----------
        x : (S, T, N, D) array
        states : list of arrays
            As from `start`.
        keep : (S, T, N, 1) array, optional
            0 before steps where the states are emptied, else 1.

        Returns
        -------
        y : (S, T, N, H) array
        states : list of arrays
        cache : list
            For `gradients`.
        """
        (S, T, N, _), w = x.shape, self.weights
        from_x = (rows(x) @ w["W"] + w["b"]).reshape(S, T, N, -1)
        step, y, cache = self._gru if self.cell == "GRU" else self._lstm, [], []
        for t in range(T):
            if keep is not None:
                states = [state * keep[:, t] for state in states]
            new, values = step(from_x[:, t], *states)
            cache.append((*states, values))
            states = new
            y.append(states[0])
        return np.stack(y, axis=1), states, (x, keep, cache)

    def gradients(self, dy, cache):
        """The gradients of all weights but those of the linear layer, from those of y, (S, T, N, H)."""
        w, (x, keep, steps), (S, T, N, H) = self.weights, cache, dy.shape
        back = self._gru_back if self.cell == "GRU" else self._lstm_back
        grads = {name: np.zeros_like(w[name]) for name in ("p", "d")}
        dh, dc, dgates = (np.zeros_like(state) for state in self.start(N))
        dx = np.empty((S, T, N, 4 * H), np.float32)  # of the sums of the input, and of those of h
        dsums = np.empty_like(dx) if self.cell == "GRU" else dx
        for t in reversed(range(T)):
            dh, dc, dgates, dx[:, t], dsums[:, t] = back(dh + dy[:, t], dc, dgates, steps[t], grads)
            dh = dh + dsums[:, t] @ w["U"].swapaxes(1, 2)
            if keep is not None:
                dh, dc, dgates = dh * keep[:, t], dc * keep[:, t], dgates * keep[:, t]
        h = np.stack([step[0] for step in steps], axis=1)
        grads |= {"W": rows(x).swapaxes(1, 2) @ rows(dx), "U": rows(h).swapaxes(1, 2) @ rows(dsums)}
        grads["b"] = rows(dx).sum(axis=1, keepdims=True)
        if self.parts and self.parts.gate_recurrence:
            gates = np.stack([step[2] for step in steps], axis=1)
            grads["G"] = rows(gates).swapaxes(1, 2) @ rows(dx)[..., : 3 * H]
        return grads

    def _lstm(self, from_x, h, c, gates):
        """One step (see `lstm_course.scratch.variants`): the states after it, and the values that going back needs."""
        w, parts, H = self.weights, self.parts, self.hidden_size
        z = from_x + h @ w["U"]
        if parts.gate_recurrence:
            z[..., : 3 * H] += gates @ w["G"]
        z_i, z_f, z_o, z_g = _blocks(z)
        if parts.peepholes:
            z_i, z_f = z_i + w["p"][:, 0] * c, z_f + w["p"][:, 1] * c
        i = sigmoid(z_i) if parts.input_gate else np.ones_like(c)
        f = sigmoid(z_f) if parts.forget_gate and not parts.coupled else np.ones_like(c)
        if parts.coupled:
            f = 1 - i
        g = np.tanh(z_g) if parts.input_activation else z_g
        c = f * c + i * g
        if parts.peepholes:
            z_o = z_o + w["p"][:, 2] * c
        o = sigmoid(z_o) if parts.output_gate else np.ones_like(c)
        s = np.tanh(c) if parts.output_activation else c
        if parts.gate_recurrence:
            gates = np.concatenate([i, f, o], axis=-1)
        return [o * s, c, gates], (i, f, g, o, s, c)

    def _lstm_back(self, dh, dc, dgates, step, grads):
        """Back through `_lstm`: gradients of c and the gates before it, and of the sums of the input and of h."""
        w, parts = self.weights, self.parts
        _, c, _, (i, f, g, o, s, c_new) = step
        dgate_i, dgate_f, dgate_o = np.split(dgates, 3, axis=-1)
        dz_o = (dh * s + dgate_o) * o * (1 - o)  # zero where the gate is 1
        dc = dc + dh * o * (1 - s**2 if parts.output_activation else 1)
        if parts.peepholes:
            dc += dz_o * w["p"][:, 2]
        di, df = dc * g + dgate_i, dc * c + dgate_f
        if parts.coupled:
            di, df = di - df, np.zeros_like(df)
        dz_i, dz_f = di * i * (1 - i), df * f * (1 - f)
        dz_g = dc * i * (1 - g**2 if parts.input_activation else 1)
        dc = dc * f
        if parts.peepholes:
            dc += dz_i * w["p"][:, 0] + dz_f * w["p"][:, 1]
            for k, (dz, seen) in enumerate(((dz_i, c), (dz_f, c), (dz_o, c_new))):
                grads["p"][:, k] += (dz * seen).sum(axis=1, keepdims=True)
        dz = np.concatenate([dz_i, dz_f, dz_o, dz_g], axis=-1)
        if parts.gate_recurrence:
            dgates = dz[..., : dgates.shape[-1]] @ w["G"].swapaxes(1, 2)
        return 0, dc, dgates, dz, dz

    def _gru(self, from_x, h, c, gates):
        x_r, x_z, _, x_n = _blocks(from_x)
        h_r, h_z, _, h_n = _blocks(h @ self.weights["U"])
        r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
        h_n = h_n + self.weights["d"]
        n = np.tanh(x_n + r * h_n)
        return [n + z * (h - n), c, gates], (r, z, n, h_n)

    def _gru_back(self, dh, dc, dgates, step, grads):
        h, _, _, (r, z, n, h_n) = step
        dn = dh * (1 - z) * (1 - n**2)
        dr, dz = dn * h_n * r * (1 - r), dh * (h - n) * z * (1 - z)
        grads["d"] += (dn * r).sum(axis=1, keepdims=True)
        parts = [dr, dz, np.zeros_like(dr)]
        from_x, from_h = np.concatenate([*parts, dn], axis=-1), np.concatenate([*parts, dn * r], axis=-1)
        return dh * z, dc, dgates, from_x, from_h


def _blocks(z):
    """The four blocks of the last axis, each as an array of its own, for which NumPy is much faster than for views."""
    return np.ascontiguousarray(z.reshape(*z.shape[:2], 4, -1).transpose(2, 0, 1, 3))


def rows(steps):
    """From (S, T, N, X) to (S, T N, X)."""
    return steps.reshape(len(steps), -1, steps.shape[3])
