"""The LSTM with parts taken away or added: the cell of 1997, peepholes, and the variants of Greff et al. (2017).

    i = sigmoid( W_i [h, x] + p_i * c  + b_i )      p are the peepholes: each gate sees its own unit's cell state
    f = sigmoid( W_f [h, x] + p_f * c  + b_f )
    g =    tanh( W_g [h, x]            + b_g )
    c' = f * c + i * g
    o = sigmoid( W_o [h, x] + p_o * c' + b_o )      the output gate sees the new one
    h' = o * tanh(c')

One implementation serves all: a gate that is taken away is 1, a squashing function that is taken away hands its
argument on. It keeps to the equations, one gate at a time, and takes up to several times as long as `LSTM`,
most with one sample.
"""

from typing import NamedTuple

import numpy as np

from .lstm import sigmoid
from .recurrent import Recurrent, rows_of, stacked, weight_gradients


class Parts(NamedTuple):
    """What a variant has; the defaults are the vanilla LSTM of Greff et al. (2017)."""

    input_gate: bool = True
    forget_gate: bool = True
    output_gate: bool = True
    coupled: bool = False  # whether the forget gate is 1 - i, without weights of its own
    input_activation: bool = True  # the tanh of the candidate
    output_activation: bool = True  # the tanh of the cell state
    peepholes: bool = True
    gate_recurrence: bool = False  # whether each gate also sees all gates of the step before

    @property
    def gates(self):
        """The letters of the gates that have weights, without the candidate."""
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
    ``FGR``       full gate recurrence: each gate sees the three gates of the step before
    ``1997``      no forget gate and no peepholes: the cell of Hochreiter and Schmidhuber (1997), with tanh
                  where they have squashing functions of other ranges
    ============  =============================================================================

    See `Recurrent` for the other parameters. `gate_names` are the gates that the variant has, in the order i,
    f, g, o. Beside PyTorch's names there are ``weight_peephole_l0 (P, H)``, a row for each gate but the
    candidate, and for FGR ``weight_gate_l0 (3H, 3H)``, from the gates i, f, o of the step before to those of
    this one; FGR has them in its state, too: (h, c, i, f, o).

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

    def _peepholes(self, weights):
        """The peephole of each gate by its letter, (H,); zeros for a gate or a variant without."""
        none = dict.fromkeys("ifo", np.zeros(self.hidden_size, self.dtype))
        return none | (
            dict(zip(self.parts.gates, weights["weight_peephole"], strict=True)) if self.parts.peepholes else {}
        )

    def _forward(self, weights, x, states, mask, keep):
        parts, names = self.parts, self.gate_names
        (h0, c0, *gates0), T = states, len(x)
        N, H = h0.shape
        rows = rows_of(x, h0, keep)
        W = stacked(weights).T
        z = (rows[:T].reshape(T * N, -1)[:, H:] @ W[H:]).reshape(T, N, -1)  # the inputs of all steps at once
        W_hh, p = np.ascontiguousarray(W[:H]), self._peepholes(weights)

        a = {letter: np.ones((T, N, H), self.dtype) for letter in "ifgo"}  # the gates, 1 where there is none
        h, c = np.empty((2, T + 1, N, H), self.dtype)
        h[0], c[0] = h0, c0
        gates_before = np.zeros((T + 1, N, len(gates0) * H), self.dtype)  # without columns where they do not count
        if parts.gate_recurrence:
            gates_before[0] = np.concatenate(gates0, axis=1)
        for t in range(T):
            z[t] += rows[t, :, :H] @ W_hh
            into = _blocks(names, z[t])
            if parts.gate_recurrence:
                for letter, more in _blocks("ifo", gates_before[t] @ weights["weight_gate"].T).items():
                    into[letter] += more
            for letter in "if":
                if letter in into:
                    a[letter][t] = sigmoid(into[letter] + p[letter] * c[t])
            if parts.coupled:
                a["f"][t] = 1 - a["i"][t]
            a["g"][t] = np.tanh(into["g"]) if parts.input_activation else into["g"]
            c[t + 1] = a["f"][t] * c[t] + a["i"][t] * a["g"][t]
            if parts.output_gate:
                a["o"][t] = sigmoid(into["o"] + p["o"] * c[t + 1])
            h[t + 1] = a["o"][t] * (np.tanh(c[t + 1]) if parts.output_activation else c[t + 1])
            if parts.gate_recurrence:
                gates_before[t + 1] = np.concatenate([a[letter][t] for letter in "ifo"], axis=1)
            if mask is not None:
                for each in (h, c, gates_before):
                    np.copyto(each[t + 1], each[t], where=~mask[t])
            rows[t + 1, :, :H] = h[t + 1] if keep is None else h[t + 1] * keep
        finals = [h[T], c[T]]
        if parts.gate_recurrence:
            finals += _blocks("ifo", gates_before[T]).values()
        return h[1:], finals, (rows, h, c, a, gates_before, mask, keep)

    def _backward(self, weights, dy, dstates, run):
        parts, names = self.parts, self.gate_names
        rows, _, c, a, gates_before, mask, keep = run
        (T, N, H), (dh, dc, *dgates) = dy.shape, dstates
        dgates_after = np.concatenate(dgates, axis=1) if parts.gate_recurrence else None
        W_hh, p = weights["weight_hh"], self._peepholes(weights)
        squashed = np.tanh(c[1:]) if parts.output_activation else c[1:]
        dh_to_dc = a["o"] * (1 - squashed**2) if parts.output_activation else a["o"]
        slope = {letter: a[letter] * (1 - a[letter]) for letter in "ifo"}
        slope["g"] = 1 - a["g"] ** 2 if parts.input_activation else np.ones_like(a["g"])

        dz = np.zeros((T, N, len(names) * H), self.dtype)
        for t in reversed(range(T)):
            into = _blocks(names, dz[t])
            dh = dh + dy[t]
            # What the gates of the next step say about those of this one.
            dlater = _blocks("ifo", dgates_after) if parts.gate_recurrence else dict.fromkeys("ifo", 0)
            if parts.output_gate:
                into["o"][...] = (dh * squashed[t] + dlater["o"]) * slope["o"][t]
            dc_t = dc + dh * dh_to_dc[t]
            if parts.output_gate:
                dc_t = dc_t + into["o"] * p["o"]
            di, df = dc_t * a["g"][t] + dlater["i"], dc_t * c[t] + dlater["f"]
            if parts.coupled:
                di = di - df
            into["g"][...] = dc_t * a["i"][t] * slope["g"][t]
            if parts.input_gate:
                into["i"][...] = di * slope["i"][t]
            if "f" in into:
                into["f"][...] = df * slope["f"][t]
            if mask is not None:
                dz[t] *= mask[t]
            dh_before = dz[t] @ W_hh
            if keep is not None:
                dh_before *= keep
            dc_before = dc_t * a["f"][t]
            for letter in "if":
                if letter in into:
                    dc_before += into[letter] * p[letter]
            passed = [(dh_before, dh), (dc_before, dc)]
            if parts.gate_recurrence:
                dsigmoids = np.concatenate([into[letter] for letter in "ifo"], axis=1)
                passed.append((dsigmoids @ weights["weight_gate"], dgates_after))
            # A masked step has no gates; its gradients go straight to the step before.
            passed = [before if mask is None else np.where(mask[t], before, after) for before, after in passed]
            dh, dc, dgates_after = passed if parts.gate_recurrence else (*passed, None)

        gradients = weight_gradients(rows, dz, H)
        by_gate = _blocks(names, dz)
        if parts.peepholes:
            peeped = {"i": c[:-1], "f": c[:-1], "o": c[1:]}
            gradients["weight_peephole"] = np.array(
                [(by_gate[letter] * peeped[letter]).sum(axis=(0, 1)) for letter in parts.gates], self.dtype
            )
        if parts.gate_recurrence:
            dsigmoids = np.concatenate([by_gate[letter] for letter in "ifo"], axis=2)
            gradients["weight_gate"] = dsigmoids.reshape(T * N, -1).T @ gates_before[:T].reshape(T * N, -1)
        initials = [dh, dc]
        if parts.gate_recurrence:
            initials += _blocks("ifo", dgates_after).values()
        return dz @ weights["weight_ih"], initials, gradients

    def _activations(self, run):
        _, h, c, a, *_ = run
        return {name: a[name] for name in "ifgo"} | {"h": h[1:], "c": c[1:]}


def _blocks(letters, array):
    """One block of the last axis for each letter: views, so that what is written into a block is in the array."""
    return dict(zip(letters, np.split(array, len(letters), axis=-1), strict=True))
