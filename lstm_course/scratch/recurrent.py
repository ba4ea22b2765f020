"""What all recurrent layers share: parameters, states, masks, stacks of layers, two directions, dropout.

A layer of this package takes and gives arrays ``(N, T, D)``: samples, time steps, features. Inside, time
comes first, ``(T, N, D)``, so that the arrays of one step lie together in memory. The equations are brought
by `LSTM`, `GRU`, `RNN` and `VariantLSTM`: how one layer runs over a sequence in one direction, and back.
"""

import numpy as np

from . import arguments
from .dropout import keep_mask


class Recurrent:
    """Recurrent layers without their equations.

    Parameters
    ----------
    input_size, hidden_size : int
        D, the features of one step, and H, the units of a layer.
    num_layers : int
        L, the layers of the stack; each gets the hidden states of the one below as its input.
    bidirectional : bool
        Whether each layer also runs from the last step to the first, with parameters of its own. Its outputs
        then have 2H features: forward, then backward.
    dropout : float
        The share of the numbers between two layers that is set to zero in training, as in PyTorch.
    locked : bool
        Whether that dropout keeps one mask for all steps of a sequence.
    recurrent_dropout : float
        The share of the hidden state that the next step does not see in training, one mask for all steps of a
        sequence. With ``locked=True`` this is the variational dropout of Gal and Ghahramani (2016).
    dtype : numpy dtype
        float32 or float64, of the parameters and of everything computed.
    seed : int
        Of the initial parameters, uniform between -1/sqrt(H) and 1/sqrt(H) as in PyTorch, and of dropout.

    Attributes
    ----------
    parameters : dict of str to numpy.ndarray
        PyTorch's names and shapes, with G the number of gates: ``weight_ih_l0 (G*H, D)``, ``weight_hh_l0 (G*H,
        H)``, ``bias_ih_l0 (G*H,)``, ``bias_hh_l0 (G*H,)``, then ``..._l0_reverse``, ``..._l1`` and so on, where
        layers above the first have H or 2H in place of D. Change them in place.
    gradients : dict of str to numpy.ndarray
        The same names and shapes; empty until `backward` has run, replaced by each call of it. They belong to the
        parameters as they were in the call before, and still are: an optimiser steps after `backward`.
    training : bool
        True at the start. When false, nothing is dropped.
    gate_names : tuple of str
        The blocks of H rows that each weight matrix stacks, in their order.
    options : dict
        What the layer was made with.
    """

    gate_names = ("h",)
    state_names = ("h",)

    def __init__(
        self,
        input_size,
        hidden_size,
        num_layers=1,
        bidirectional=False,
        dropout=0.0,
        locked=False,
        recurrent_dropout=0.0,
        dtype=np.float64,
        seed=0,
    ):
        self.input_size = D = arguments.size("input_size", input_size)
        self.hidden_size = H = arguments.size("hidden_size", hidden_size)
        self.num_layers = arguments.size("num_layers", num_layers)
        self.bidirectional = arguments.flag("bidirectional", bidirectional)
        self.dropout = arguments.share("dropout", dropout)
        self.locked = arguments.flag("locked", locked)
        self.recurrent_dropout = arguments.share("recurrent_dropout", recurrent_dropout)
        self.dtype = arguments.float_type("dtype", dtype)
        seed = arguments.seed("seed", seed)
        self.options = dict(
            input_size=D,
            hidden_size=H,
            num_layers=self.num_layers,
            bidirectional=self.bidirectional,
            dropout=self.dropout,
            locked=self.locked,
            recurrent_dropout=self.recurrent_dropout,
            dtype=self.dtype.name,
            seed=seed,
        )
        self.training = True
        self.gates = len(self.gate_names)
        self._suffixes = [  # of the parameters, one for each layer and direction, in the order of the states
            f"_l{layer}{direction}" for layer in range(self.num_layers) for direction in self._directions
        ]
        rng = np.random.default_rng(seed)
        bound = 1 / np.sqrt(H)
        self.parameters = {
            name + suffix: rng.uniform(-bound, bound, shape).astype(self.dtype)
            for suffix in self._suffixes
            for name, shape in self._shapes(D if suffix.startswith("_l0") else H * len(self._directions)).items()
        }
        self.gradients = {}
        self._rng = np.random.default_rng([seed, 1])  # of dropout, so that it leaves the parameters alone
        self._last = None

    @property
    def _directions(self):
        return ("", "_reverse") if self.bidirectional else ("",)

    def _shapes(self, D):
        """The parameters of one layer in one direction, by name without suffix; D features come in."""
        rows = self.gates * self.hidden_size
        return {
            "weight_ih": (rows, D),
            "weight_hh": (rows, self.hidden_size),
            "bias_ih": (rows,),
            "bias_hh": (rows,),
        }

    def __call__(self, x, state=None, mask=None):
        """Run over a batch of sequences.

        Parameters
        ----------
        x : (N, T, D) array
        state : array or tuple of arrays, optional
            What the layers know before the first step, each (L, N, H), or (2L, N, H) with two directions; zeros
            where not given. For the LSTM the pair (h, c), for others h alone, as in PyTorch.
        mask : (N, T) array, optional
            True where a step counts. At the others the state is kept, and the output is zero. With the steps
            after the end of each sequence masked, this equals PyTorch's packed sequences.

        Returns
        -------
        y : (N, T, H) array
            The hidden state of the top layer at each step; (N, T, 2H) with two directions.
        state : array or tuple of arrays
            After the last step (backward in time: after the first), to be handed to the next call.

        Raises
        ------
        ValueError
            If an argument has another shape, is empty, or holds a number that is not finite.
        """
        x = arguments.array("x", x, self.dtype, N=None, T=None, D=self.input_size)
        N, T, _ = x.shape
        mask = arguments.mask("mask", mask, N, T)
        states = self._states("state", state, N)
        y = x.transpose(1, 0, 2)
        if mask is not None:
            mask = mask.T.copy()[:, :, None]
            y = np.where(mask, y, 0)  # what stands at masked steps must not reach any product, however large
        runs, finals, drops = [], [], []
        for layer in range(self.num_layers):
            drops.append(self._dropped(self.dropout, (1 if self.locked else T, N, y.shape[2])) if layer else None)
            if drops[layer] is not None:
                y = y * drops[layer]
            outputs = []
            for direction in self._directions:
                place = len(runs)  # of this layer and direction among all, as in the states
                turn = _turned if direction else _straight
                keep = self._dropped(self.recurrent_dropout, (N, self.hidden_size))
                before = [each[place] for each in states]
                output, after, run = self._forward(self._weights(place), turn(y), before, turn(mask), keep)
                runs.append(run)
                finals.append(after)
                outputs.append(turn(output))
            y = np.concatenate(outputs, axis=2) if len(outputs) == 2 else outputs[0]
        self._last = dict(shape=y.shape, mask=mask, runs=runs, drops=drops)
        if mask is not None:
            y = np.where(mask, y, 0)
        # Never a view: the caller may change y, the backward pass needs the hidden states.
        return y.transpose(1, 0, 2).copy(), self._packed(finals)

    def backward(self, dy, dstate=None):
        """Backpropagation through time over the sequences of the last call; fills `gradients`.

        Parameters
        ----------
        dy : (N, T, H) array
            Gradient of the loss with respect to the outputs; (N, T, 2H) with two directions.
        dstate : array or tuple of arrays, optional
            Gradient with respect to the final states, shaped like them; zeros where not given.

        Returns
        -------
        dx : (N, T, D) array
        dstate : array or tuple of arrays
            Gradient with respect to the states before the first step.

        Raises
        ------
        RuntimeError
            If the layer has not been called.
        ValueError
            If a shape does not fit the last call, or a number is not finite.
        """
        last = self._called("backward")
        T, N, width = last["shape"]
        H = self.hidden_size
        dy = arguments.array("dy", dy, self.dtype, N=N, T=T, **{"H" if width == H else "2H": width})
        dstates = self._states("dstate", dstate, N)
        dy = dy.transpose(1, 0, 2)
        if last["mask"] is not None:
            dy = np.where(last["mask"], dy, 0)
        found, initials = {}, [None] * len(last["runs"])
        for layer in reversed(range(self.num_layers)):
            parts = []
            for k, direction in enumerate(self._directions):
                place = layer * len(self._directions) + k
                turn = _turned if direction else _straight
                arriving = turn(dy[:, :, k * H : (k + 1) * H])
                after = [each[place] for each in dstates]
                dx, initials[place], gradients = self._backward(
                    self._weights(place), arriving, after, last["runs"][place]
                )
                parts.append(turn(dx))
                found |= {name + self._suffixes[place]: gradient for name, gradient in gradients.items()}
            dy = parts[0] + parts[1] if len(parts) == 2 else parts[0]
            if last["drops"][layer] is not None:
                dy = dy * last["drops"][layer]
        self.gradients = {name: found[name] for name in self.parameters}
        return dy.transpose(1, 0, 2).copy(), self._packed(initials)

    def activations(self, depth=0, reverse=False):
        """What every gate and state was at each step of the last call.

        Parameters
        ----------
        depth : int
            Which layer of the stack, counted from 0, the lowest.
        reverse : bool
            Whether of the backward direction.

        Returns
        -------
        dict of str to (N, T, H) array
            By the letters of the gates and states; NaN where a step is masked out. A `VariantLSTM` shows the gates
            it lacks as the 1 that stands in their place.

        Raises
        ------
        RuntimeError
            If the layer has not been called.
        ValueError
            If there is no such layer or direction.
        """
        last = self._called("activations")
        depth = arguments.whole("depth", depth, 0, self.num_layers - 1)
        if arguments.flag("reverse", reverse) and not self.bidirectional:
            raise ValueError("reverse: wanted False for a layer with one direction, got True")
        turn = _turned if reverse else _straight
        run = last["runs"][depth * len(self._directions) + reverse]
        shown = {name: turn(values) for name, values in self._activations(run).items()}
        if last["mask"] is not None:
            shown = {name: np.where(last["mask"], values, np.nan) for name, values in shown.items()}
        return {name: values.transpose(1, 0, 2).copy() for name, values in shown.items()}

    # One layer in one direction, brought by the cells. Time comes first; `mask` is (T, N, 1) or None, `keep` is
    # None or what the hidden state is multiplied with before the recurrent product, (N, H).

    def _forward(self, weights, x, states, mask, keep):
        """Outputs (T, N, H), final states, and what `_backward` needs. Arrays given may be the caller's."""
        raise NotImplementedError

    def _backward(self, weights, dy, dstates, run):
        """dx (T, N, D), gradients of the initial states, and those of the weights by name."""
        raise NotImplementedError

    def _activations(self, run):
        """The gates and states of a run, (T, N, H) each."""
        raise NotImplementedError

    def _weights(self, place):
        """The parameters of one layer and direction, by name without suffix."""
        suffix = self._suffixes[place]
        return {name: self.parameters[name + suffix] for name in self._shapes(1)}

    def _dropped(self, rate, shape):
        """A mask of dropout, or None where nothing is dropped."""
        return keep_mask(self._rng, rate, shape, self.dtype) if rate and self.training else None

    def _states(self, name, given, N):
        """States as the caller gives them, or zeros: one array (L or 2L, N, H) for each of `state_names`."""
        letters, places, H = self.state_names, len(self._suffixes), self.hidden_size
        if given is None:
            return [np.zeros((places, N, H), self.dtype) for _ in letters]
        if len(letters) == 1:
            given = [given]
        elif not (isinstance(given, (tuple, list)) and len(given) == len(letters)):
            what = f"a pair ({', '.join(letters)})" if len(letters) == 2 else f"a tuple ({', '.join(letters)})"
            raise ValueError(f"{name}: wanted {what} of arrays, got {_came(given)}")
        return [
            arguments.array(f"{letter} in {name}", state, self.dtype, layers=places, N=N, H=H)
            for letter, state in zip(letters, given, strict=True)
        ]

    def _packed(self, states):
        """The states of all layers and directions, as the caller sees them; copies."""
        return packed([np.stack(each) for each in zip(*states, strict=True)])

    def _called(self, name):
        if self._last is None:
            raise RuntimeError(f"{name}: the layer has not been called yet; call y, state = layer(x) first")
        return self._last


def packed(states):
    """Arrays of states as a layer takes and gives them: a tuple, or the one there is."""
    return tuple(states) if len(states) > 1 else states[0]


def rows_of(x, h0, keep):
    """[h, x, 1] of each step side by side, (T + 1, N, H + D + 1), h filled in for the first step alone.

    The product of such a row with [W_hh, W_ih, b] is W_hh h + W_ih x + b, and the product of all rows with the
    gradient of that holds the gradients of both weights and of the bias. Row T holds only the last h.
    """
    (T, N, D), H = x.shape, h0.shape[1]
    rows = np.empty((T + 1, N, H + D + 1), x.dtype)
    rows[0, :, :H] = h0 if keep is None else h0 * keep
    rows[:T, :, H:-1] = x
    rows[:, :, -1] = 1
    return rows


def stacked(weights):
    """[W_hh, W_ih, b], (G*H, H + D + 1); b is the sum of the two biases."""
    bias = weights["bias_ih"] + weights["bias_hh"]
    return np.concatenate([weights["weight_hh"], weights["weight_ih"], bias[:, None]], axis=1)


def weight_gradients(rows, dz, H):
    """Gradients of the weights by name, from the rows [h, x, 1] and from dz (T, N, G*H), that of W [h, x] + b.

    One product for all steps, after the loop: the sum over time is part of it.
    """
    T, N, GH = dz.shape
    gradient = (rows[:T].reshape(T * N, -1).T @ dz.reshape(T * N, GH)).T
    return {
        "weight_ih": gradient[:, H:-1].copy(),
        "weight_hh": gradient[:, :H].copy(),
        "bias_ih": gradient[:, -1].copy(),
        "bias_hh": gradient[:, -1].copy(),
    }


def _straight(array):
    return array


def _turned(array):
    """The same with the last step first; None stays None."""
    return None if array is None else array[::-1]


def _came(value):
    return f"{len(value)} of them" if isinstance(value, (tuple, list)) else type(value).__name__
