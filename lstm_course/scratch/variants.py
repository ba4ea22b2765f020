"""The LSTM with parts removed or added: the cell of 1997, peepholes, and the variants of Greff et al. (2017).

    i = sigmoid( W_i [h, x] + p_i * c  + b_i )      p: peepholes, through which a gate sees its unit's cell state
    f = sigmoid( W_f [h, x] + p_f * c  + b_f )
    g =    tanh( W_g [h, x]            + b_g )
    c' = f * c + i * g
    o = sigmoid( W_o [h, x] + p_o * c' + b_o )      the output gate sees the new one
    h' = o * tanh(c')

One implementation serves all variants: a removed gate is 1, and a removed squashing function is the identity. It
follows the equations one gate at a time and can take several times as long as `LSTM`, above all with one sample.
"""

from typing import NamedTuple

import numpy as np

from .cell import input_rows, joined_weights, weight_gradients
from .lstm import sigmoid
from .recurrent import Recurrent


class Parts(NamedTuple):
    """The parts of a variant; the defaults are the vanilla LSTM of Greff et al. (2017)."""

    input_gate: bool = True
    forget_gate: bool = True
    output_gate: bool = True
    coupled: bool = False  # whether the forget gate is 1 - i, without its own weights
    input_activation: bool = True  # the tanh of the candidate
    output_activation: bool = True  # the tanh of the cell state
    peepholes: bool = True
    gate_recurrence: bool = False  # whether each gate also sees all gates of the previous step

    @property
    def gates(self):
        """The letters of the gates with weights, without the candidate."""
        has = {"i": self.input_gate, "f": self.forget_gate and not self.coupled, "o": self.output_gate}
        return tuple(letter for letter in "ifo" if has[letter])


VARIANTS = {
    "vanilla": Parts(),
    "NIG": Parts(input_gate=False),
    "NFG": Parts(forget_gate=False),
    "NOG": Parts(output_gate=False),
    "NIAF": Parts(input_activation=False),
    "NOAF": Parts(output_activation=False),
    "CIFG": Parts(coupled=True),
    "NP": Parts(peepholes=False),
    "FGR": Parts(gate_recurrence=True),
    "1997": Parts(forget_gate=False, peepholes=False),
}


class VariantLSTM(Recurrent):
    """LSTM layers of a named variant.

    ============  =============================================================================
    ``vanilla``   all gates, with peepholes (Gers and Schmidhuber 2000)
    ``NIG``       no input gate: i = 1
    ``NFG``       no forget gate: f = 1
    ``NOG``       no output gate: o = 1
    ``NIAF``      no input activation function: the candidate without its tanh
    ``NOAF``      no output activation function: h' = o * c'
    ``CIFG``      coupled input and forget gate: f = 1 - i
    ``NP``        no peepholes: the LSTM of PyTorch, Keras and the lessons
    ``FGR``       full gate recurrence: each gate sees the three gates of the previous step
    ``1997``      no forget gate and no peepholes: the cell of Hochreiter and Schmidhuber (1997), with tanh
                  in place of their squashing functions, which have other ranges
    ============  =============================================================================

    See `Recurrent` for the other parameters. `gate_names` lists the gates of the variant in the order i, f, g, o.
    Besides PyTorch's parameters there are ``weight_peephole_l0 (P, H)``, with a row for each gate but the candidate,
    and for FGR ``weight_gate_l0 (3H, 3H)``, from the gates i, f, o of the previous step to those of this one. The
    state of FGR includes these gates: (h, c, i, f, o).

    Parameters
    ----------
    variant : str

    Raises
    ------
    ValueError
        If there is no variant of that name.

    Examples
    --------
    >>> layer = VariantLSTM(input_size=3, hidden_size=5, variant="NFG")
    >>> layer.gate_names
    ('i', 'g', 'o')
    >>> y, (h, c) = layer(np.ones((2, 7, 3)))
    >>> y.shape, h.shape, c.shape
    ((2, 7, 5), (1, 2, 5), (1, 2, 5))
    """

    state_names = ("h", "c")

    def __init__(self, input_size, hidden_size, *, variant="vanilla", **options):
        if not isinstance(variant, str) or variant not in VARIANTS:
            raise ValueError(f"variant: wanted one of {', '.join(map(repr, VARIANTS))}, got {variant!r}")
        self.parts = VARIANTS[variant]
        self.gate_names = tuple(letter for letter in "ifgo" if letter == "g" or letter in self.parts.gates)
        if self.parts.gate_recurrence:
            self.state_names = ("h", "c", *self.parts.gates)
        super().__init__(input_size, hidden_size, **options)
        self.options["variant"] = variant

    def _shapes(self, D):
        shapes, count = super()._shapes(D), len(self.parts.gates)
        if self.parts.peepholes:
            shapes["weight_peephole"] = (count, self.hidden_size)
        if self.parts.gate_recurrence:
            shapes["weight_gate"] = (count * self.hidden_size, count * self.hidden_size)
        return shapes

    def _step(self, z, c, p):
        """The equations at the top of this file: the gates by letter and the states after the step, (N, H) each.

        z are the sums W [h, x] + b by letter, c is the cell state before the step, p the peepholes by letter.
        """
        parts, absent = self.parts, np.ones_like(c)
        i = sigmoid(z["i"] + p["i"] * c) if parts.input_gate else absent
        if parts.coupled:
            f = 1 - i
        else:
            f = sigmoid(z["f"] + p["f"] * c) if parts.forget_gate else absent
        g = np.tanh(z["g"]) if parts.input_activation else z["g"]
        c_next = f * c + i * g
        o = sigmoid(z["o"] + p["o"] * c_next) if parts.output_gate else absent
        h_next = o * (np.tanh(c_next) if parts.output_activation else c_next)
        return {"i": i, "f": f, "g": g, "o": o}, h_next, c_next

    def _step_backward(self, dh, dc, dgates, values, slope, p):
        """Back through `_step`: the gradients of z by letter, and that of the cell state before the step.

        dh and dc are the gradients of its results, dgates those that reach its gates from the next step. The slope
        of an absent gate is zero, and so is its gradient.
        """
        dz_o = (dh * values["squashed"] + dgates["o"]) * slope["o"]
        dc = dc + dh * slope["h"] + dz_o * p["o"]
        di = dc * values["g"] + dgates["i"]
        df = dc * values["c"] + dgates["f"]
        if self.parts.coupled:  # f = 1 - i
            di = di - df
        dz_i, dz_f, dz_g = di * slope["i"], df * slope["f"], dc * values["i"] * slope["g"]
        dc_before = dc * values["f"] + dz_i * p["i"] + dz_f * p["f"]
        return {"i": dz_i, "f": dz_f, "g": dz_g, "o": dz_o}, dc_before

    def _forward(self, weights, x, states, mask, keep):
        (h0, c0, *gates0), T = states, len(x)
        N, H = h0.shape
        rows = input_rows(x, h0, keep)
        W = joined_weights(weights).T
        z = (rows[:T].reshape(T * N, -1)[:, H:] @ W[H:]).reshape(T, N, -1)  # W_ih x + b for all steps at once
        W_hh, p = np.ascontiguousarray(W[:H]), self._peepholes(weights)
        h, c = np.empty((2, T + 1, N, H), self.dtype)
        gates = {letter: np.empty((T, N, H), self.dtype) for letter in "ifgo"}
        gates_before = np.empty((T + 1, N, len(gates0) * H), self.dtype)  # i, f, o; no columns unless FGR
        h[0], c[0], gates_before[0] = h0, c0, np.concatenate([h0[:, :0], *gates0], axis=1)
        for t in range(T):
            z[t] += rows[t, :, :H] @ W_hh
            sums = _blocks(self.gate_names, z[t])
            if self.parts.gate_recurrence:
                recurrent = _blocks("ifo", gates_before[t] @ weights["weight_gate"].T)
                sums |= {letter: sums[letter] + recurrent[letter] for letter in "ifo"}
            step, h[t + 1], c[t + 1] = self._step(sums, c[t], p)
            for letter, values in step.items():
                gates[letter][t] = values
            if self.parts.gate_recurrence:
                gates_before[t + 1] = np.concatenate([step[letter] for letter in "ifo"], axis=1)
            if mask is not None:
                for each in (h, c, gates_before):
                    np.copyto(each[t + 1], each[t], where=~mask[t])
            rows[t + 1, :, :H] = h[t + 1] if keep is None else h[t + 1] * keep
        finals = [h[T], c[T], *(np.split(gates_before[T], 3, axis=1) if gates0 else [])]
        return h[1:], finals, (rows, h, c, gates, gates_before, mask, keep)

    def _backward(self, weights, dy, dstates, cache):
        rows, _, c, gates, gates_before, mask, keep = cache
        (T, N, H), (dh, dc, *dgates) = dy.shape, dstates
        dgates = [np.concatenate(dgates, axis=1)] if dgates else []  # those of i, f, o side by side, if FGR
        W_hh, p = weights["weight_hh"], self._peepholes(weights)
        squashed = np.tanh(c[1:]) if self.parts.output_activation else c[1:]
        values, slopes = gates | {"c": c[:-1], "squashed": squashed}, self._slopes(gates, squashed)
        dz = np.empty((T, N, len(self.gate_names) * H), self.dtype)
        for t in reversed(range(T)):
            dh = dh + dy[t]
            dgates_t = _blocks("ifo", *dgates) if dgates else dict.fromkeys("ifo", 0)
            dz_t, dc_before = self._step_backward(dh, dc, dgates_t, _at(t, values), _at(t, slopes), p)
            dz[t] = np.concatenate([dz_t[letter] for letter in self.gate_names], axis=1)
            if mask is not None:
                dz[t] *= mask[t]
            dh_before = dz[t] @ W_hh
            if keep is not None:
                dh_before *= keep
            before = [dh_before, dc_before]
            if dgates:
                before.append(_without_candidate(dz[t]) @ weights["weight_gate"])
            if mask is not None:  # a masked step computes no gates; its gradients go straight to the step before it
                before = [np.where(mask[t], new, old) for new, old in zip(before, (dh, dc, *dgates), strict=True)]
            dh, dc, *dgates = before

        gradients = weight_gradients(rows, dz, H) | self._peephole_gradients(dz, c)
        if dgates:
            dsigmoids = _without_candidate(dz).reshape(T * N, -1)
            gradients["weight_gate"] = dsigmoids.T @ gates_before[:T].reshape(T * N, -1)
        initials = [dh, dc, *(np.split(dgates[0], 3, axis=1) if dgates else [])]
        return dz @ weights["weight_ih"], initials, gradients

    def _slopes(self, gates, squashed):
        """The derivative of each gate by its sum, and of h' by c', at all steps: s (1 - s) and 1 - tanh^2."""
        slopes = {letter: gates[letter] * (1 - gates[letter]) for letter in "ifo"}
        slopes["g"] = 1 - gates["g"] ** 2 if self.parts.input_activation else np.ones_like(gates["g"])
        slopes["h"] = gates["o"] * (1 - squashed**2) if self.parts.output_activation else gates["o"]
        return slopes

    def _peepholes(self, weights):
        """The peephole of each gate by letter, (H,); zeros for gates and variants without."""
        peepholes = dict.fromkeys("ifo", np.zeros(self.hidden_size, self.dtype))
        if self.parts.peepholes:
            peepholes |= zip(self.parts.gates, weights["weight_peephole"], strict=True)
        return peepholes

    def _peephole_gradients(self, dz, c):
        if not self.parts.peepholes:
            return {}
        by_gate, seen = _blocks(self.gate_names, dz), {"i": c[:-1], "f": c[:-1], "o": c[1:]}
        sums = [(by_gate[letter] * seen[letter]).sum(axis=(0, 1)) for letter in self.parts.gates]
        return {"weight_peephole": np.array(sums, self.dtype)}

    def _activations(self, cache):
        _, h, c, gates, *_ = cache
        return gates | {"h": h[1:], "c": c[1:]}


def _blocks(letters, array):
    """One block of the last axis for each letter, as views."""
    return dict(zip(letters, np.split(array, len(letters), axis=-1), strict=True))


def _without_candidate(dz):
    """The blocks i, f, o of an array with the blocks i, f, g, o."""
    blocks = _blocks("ifgo", dz)
    return np.concatenate([blocks[letter] for letter in "ifo"], axis=-1)


def _at(t, arrays):
    return {name: array[t] for name, array in arrays.items()}
