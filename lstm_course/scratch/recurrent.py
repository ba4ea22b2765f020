"""What all recurrent layers share: parameters, states, masks, stacks of layers, two directions, dropout.

A layer of this package takes and returns arrays ``(N, T, D)``: samples, time steps, features. `LSTM`, `GRU`, `RNN`
and `VariantLSTM` add the equations of one layer in one direction; `cell` says what those have to provide.
"""

import numpy as np

from . import arguments
from .cell import Cell, packed
from .dropout import keep_mask


class Recurrent(Cell):
    """Recurrent layers without their equations.

    Parameters
    ----------
    input_size, hidden_size : int
        D, the features of one step, and H, the units of a layer.
    num_layers : int
        L, the layers of the stack; the hidden states of each are the inputs of the next.
    bidirectional : bool
        Whether each layer also runs from the last step to the first, with its own parameters. Its outputs then have
        2H features: forward, then backward.
    dropout : float
        The fraction of the numbers between two layers that is set to zero in training, as in PyTorch.
    locked : bool
        Whether that dropout uses one mask for all steps of a sequence.
    recurrent_dropout : float
        The fraction of the hidden state that is hidden from the next step in training, with one mask for all steps of
        a sequence. With ``locked=True`` this is the variational dropout of Gal and Ghahramani (2016).
    dtype : numpy dtype
        float32 or float64, for the parameters and all computations.
    seed : int
        For the initial parameters, uniform between -1/sqrt(H) and 1/sqrt(H) as in PyTorch, and for dropout.

    Attributes
    ----------
    parameters : dict of str to numpy.ndarray
        PyTorch's names and shapes, with G the number of gates: ``weight_ih_l0 (G*H, D)``, ``weight_hh_l0 (G*H,
        H)``, ``bias_ih_l0 (G*H,)``, ``bias_hh_l0 (G*H,)``, then ``..._l0_reverse``, ``..._l1`` and so on, where
        layers above the first have H or 2H in place of D. Change them in place.
    gradients : dict of str to numpy.ndarray
        The same names and shapes; empty until `backward` has run, and replaced by each call of it. They hold for the
        parameters used in the forward pass, so step the optimiser only after `backward`.
    training : bool
        True at the start. When false, nothing is dropped.
    options : dict
        The arguments with which the layer was made.
    """

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
        names = "input_size hidden_size num_layers bidirectional dropout locked recurrent_dropout".split()
        self.options = {name: getattr(self, name) for name in names} | dict(dtype=self.dtype.name, seed=seed)
        self.training = True
        self._directions = ("", "_reverse") if self.bidirectional else ("",)
        self._suffixes = [  # of the parameters, one for each layer and direction, in the order of the states
            f"_l{layer}{direction}" for layer in range(self.num_layers) for direction in self._directions
        ]
        rng, bound = np.random.default_rng(seed), 1 / np.sqrt(H)
        self.parameters = {
            name + suffix: rng.uniform(-bound, bound, shape).astype(self.dtype)
            for suffix in self._suffixes
            for name, shape in self._shapes(D if suffix.startswith("_l0") else H * len(self._directions)).items()
        }
        self.gradients = {}
        self._rng = np.random.default_rng([seed, 1])  # for dropout, so that it does not change the parameters
        self._last = None  # what `backward` and `activations` need of the last call

    def __call__(self, x, state=None, mask=None):
        """Run over a batch of sequences.

        Parameters
        ----------
        x : (N, T, D) array
        state : array or tuple of arrays, optional
            The states before the first step, each (L, N, H), or (2L, N, H) with two directions; zeros by default. For
            the LSTM the pair (h, c), for others h alone, as in PyTorch.
        mask : (N, T) array, optional
            True where a step counts. At the others the state is kept, and the output is zero. When the steps
            after the end of each sequence are masked, this equals PyTorch's packed sequences.

        Returns
        -------
        y : (N, T, H) array
            The hidden state of the top layer at each step; (N, T, 2H) with two directions.
        state : array or tuple of arrays
            After the last step (in the backward direction: after the first), ready for the next call.

        Raises
        ------
        ValueError
            If an argument has the wrong shape, is empty, or holds a number that is not finite.
        """
        x = arguments.array("x", x, self.dtype, N=None, T=None, D=self.input_size)
        N, T, _ = x.shape
        mask = arguments.mask("mask", mask, N, T)
        states = self._states("state", state, N)
        y = x.transpose(1, 0, 2)
        if mask is not None:
            mask = mask.T.copy()[:, :, None]
            y = np.where(mask, y, 0)  # values at masked steps must not enter any product, however large they are
        caches, finals, drops = [], [], []
        for layer in range(self.num_layers):
            drops.append(self._dropped(self.dropout, (1 if self.locked else T, N, y.shape[2])) if layer else None)
            if drops[layer] is not None:
                y = y * drops[layer]
            outputs = []
            for reverse in range(len(self._directions)):
                k = len(caches)  # the index of this layer and direction in the states
                keep = self._dropped(self.recurrent_dropout, (N, self.hidden_size))
                before = [each[k] for each in states]
                output, after, cache = self._forward(
                    self._weights(k), _in_order(y, reverse), before, _in_order(mask, reverse), keep
                )
                caches.append(cache)
                finals.append(after)
                outputs.append(_in_order(output, reverse))
            y = np.concatenate(outputs, axis=2) if self.bidirectional else outputs[0]
        self._last = dict(shape=y.shape, mask=mask, caches=caches, drops=drops)
        if mask is not None:
            y = np.where(mask, y, 0)
        # Never a view: the caller may change y, and the backward pass needs the hidden states.
        return y.transpose(1, 0, 2).copy(), self._packed(finals)

    def backward(self, dy, dstate=None):
        """Backpropagate through time over the sequences of the last call, and fill `gradients`.

        Parameters
        ----------
        dy : (N, T, H) array
            Gradient of the loss with respect to the outputs; (N, T, 2H) with two directions.
        dstate : array or tuple of arrays, optional
            Gradient with respect to the final states, in their shape; zeros by default.

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
        last, H = self._called("backward"), self.hidden_size
        T, N, width = last["shape"]
        dy = arguments.array("dy", dy, self.dtype, N=N, T=T, **{"H" if width == H else "2H": width})
        dstates = self._states("dstate", dstate, N)
        dy = dy.transpose(1, 0, 2)
        if last["mask"] is not None:
            dy = np.where(last["mask"], dy, 0)
        collected, initials = {}, [None] * len(last["caches"])
        for layer in reversed(range(self.num_layers)):
            dx = []
            for reverse in range(len(self._directions)):
                k = layer * len(self._directions) + reverse
                dy_here = _in_order(dy[:, :, reverse * H : (reverse + 1) * H], reverse)
                after = [each[k] for each in dstates]
                dx_here, initials[k], gradients = self._backward(self._weights(k), dy_here, after, last["caches"][k])
                dx.append(_in_order(dx_here, reverse))
                collected |= {name + self._suffixes[k]: gradient for name, gradient in gradients.items()}
            dy = dx[0] + dx[1] if self.bidirectional else dx[0]
            if last["drops"][layer] is not None:
                dy = dy * last["drops"][layer]
        self.gradients = {name: collected[name] for name in self.parameters}
        return dy.transpose(1, 0, 2).copy(), self._packed(initials)

    def activations(self, depth=0, reverse=False):
        """The value of every gate and state at each step of the last call.

        Parameters
        ----------
        depth : int
            Which layer of the stack, counted from 0, the lowest.
        reverse : bool
            Whether to show the backward direction.

        Returns
        -------
        dict of str to (N, T, H) array
            By the letters of the gates and states; NaN where a step is masked out. The gates that a `VariantLSTM`
            lacks appear as 1.

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
        cache = last["caches"][depth * len(self._directions) + reverse]
        shown = {name: _in_order(values, reverse) for name, values in self._activations(cache).items()}
        if last["mask"] is not None:
            shown = {name: np.where(last["mask"], values, np.nan) for name, values in shown.items()}
        return {name: values.transpose(1, 0, 2).copy() for name, values in shown.items()}

    def _weights(self, k):
        """The parameters of the k-th layer and direction, by name without suffix."""
        return {name: self.parameters[name + self._suffixes[k]] for name in self._shapes(1)}

    def _dropped(self, rate, shape):
        """A dropout mask, or None where nothing is dropped."""
        return keep_mask(self._rng, rate, shape, self.dtype) if rate and self.training else None

    def _states(self, name, given, N):
        """The caller's states, checked, or zeros: one array (L or 2L, N, H) for each of `state_names`."""
        letters, count, H = self.state_names, len(self._suffixes), self.hidden_size
        if given is None:
            return [np.zeros((count, N, H), self.dtype) for _ in letters]
        if len(letters) == 1:
            given = [given]
        elif not (isinstance(given, (tuple, list)) and len(given) == len(letters)):
            wanted = f"a {'pair' if len(letters) == 2 else 'tuple'} ({', '.join(letters)}) of arrays"
            got = f"{len(given)} of them" if isinstance(given, (tuple, list)) else type(given).__name__
            raise ValueError(f"{name}: wanted {wanted}, got {got}")
        return [
            arguments.array(f"{letter} in {name}", state, self.dtype, layers=count, N=N, H=H)
            for letter, state in zip(letters, given, strict=True)
        ]

    def _packed(self, states):
        """Copies of the states of all layers and directions, in the form the caller sees."""
        return packed([np.stack(each) for each in zip(*states, strict=True)])

    def _called(self, name):
        if self._last is None:
            raise RuntimeError(f"{name}: the layer has not been called yet; call y, state = layer(x) first")
        return self._last


def _in_order(array, reverse):
    """`array` with the last step first if `reverse`; None stays None."""
    return array[::-1] if reverse and array is not None else array
