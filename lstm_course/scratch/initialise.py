"""Other initial parameters for a recurrent layer, set in place.

Each function takes a recurrent layer, or any object with a dict `parameters` under PyTorch's names, a `hidden_size`,
and `gate_names` in the order of the stacked rows. It sets all layers and directions of a stack, and leaves the
parameters that it does not mention unchanged.
"""

import numpy as np

from . import arguments


def uniform(layer, bound=None, seed=0):
    """Draw all parameters from the uniform distribution between -bound and bound.

    Parameters
    ----------
    layer : recurrent layer
    bound : float, optional
        1/sqrt(H) by default, as in PyTorch.
    seed : int

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> layer = LSTM(input_size=3, hidden_size=5)
    >>> uniform(layer, bound=0.1)
    >>> forget_bias(layer, 1.0)
    """
    H = _recurrent(layer).hidden_size
    bound = 1 / np.sqrt(H) if bound is None else arguments.positive("bound", bound)
    rng = np.random.default_rng(arguments.seed("seed", seed))
    for parameter in layer.parameters.values():
        parameter[...] = rng.uniform(-bound, bound, parameter.shape)


def orthogonal(layer, gain=1.0, seed=0):
    """Recurrent weights that rotate the hidden state without changing its norm, after Saxe et al. (2014).

    The block of each gate in each ``weight_hh`` becomes `gain` times a uniformly distributed random orthogonal matrix.

    Parameters
    ----------
    layer : recurrent layer
    gain : float
        The factor by which norms change.
    seed : int

    Raises
    ------
    ValueError
        If an argument is not as described.
    """
    _recurrent(layer)
    gain = arguments.positive("gain", gain)
    rng = np.random.default_rng(arguments.seed("seed", seed))
    for weight in _named(layer, "weight_hh"):
        for gate in layer.gate_names:
            block = weight[_rows(layer, gate)]
            Q, R = np.linalg.qr(rng.normal(size=block.shape))
            # The signs of Q's columns depend on the algorithm; the signs of R make the distribution uniform.
            block[...] = gain * Q * np.sign(np.diag(R))


def forget_bias(layer, value):
    """Set the bias of the forget gate: a positive one makes the cell keep its state at first, a negative one forget it.

    The layer adds two biases, as PyTorch does: one becomes `value`, the other zero. Gers, Schmidhuber and Cummins
    (2000) start above zero, and Jozefowicz, Zaremba and Sutskever (2015) recommend it for every LSTM.

    Parameters
    ----------
    layer : recurrent layer
        With a gate f.
    value : float

    Raises
    ------
    ValueError
        If the layer has no gate f, its two biases are tied, or `value` is not a finite number.
    """
    rows = _rows(_recurrent(layer), "f")
    value = arguments.number("value", value)
    for bias, other in _biases(layer):
        bias[rows], other[rows] = value, 0


def chrono(layer, longest, seed=0):
    """Biases for lags up to `longest` steps, after Tallec and Ollivier (2018).

        b_f = log u, with u uniform between 1 and longest - 1, drawn for each unit
        b_i = -b_f

    A forget gate with the constant value sigmoid(b_f) remembers for about 1 + exp(b_f) = 1 + u steps: the units start
    with memories of all lengths up to `longest`. All other biases become zero.

    Parameters
    ----------
    layer : recurrent layer
        With gates f and i.
    longest : float
        The longest lag to be expected, in steps, at least 2.
    seed : int

    Raises
    ------
    ValueError
        If the layer lacks one of the gates, its two biases are tied, or an argument is not as described.
    """
    forget, write = (_rows(_recurrent(layer), gate) for gate in "fi")
    if arguments.positive("longest", longest) < 2:
        raise ValueError(f"longest: wanted at least 2 steps, got {longest!r}")
    rng = np.random.default_rng(arguments.seed("seed", seed))
    for bias, other in _biases(layer):
        bias[...] = other[...] = 0
        bias[forget] = np.log(rng.uniform(1, longest - 1, layer.hidden_size))
        bias[write] = -bias[forget]


def _recurrent(layer):
    """`layer` if it is a recurrent layer."""
    if not all(hasattr(layer, name) for name in ("parameters", "hidden_size", "gate_names")):
        raise ValueError(
            f"layer: wanted a recurrent one, with hidden_size and gate_names, got a {type(layer).__name__}"
        )
    return layer


def _rows(layer, gate):
    """The rows of a gate in the stacked weights and biases."""
    if gate not in layer.gate_names:
        raise ValueError(
            f"layer: wanted one with a gate {gate}, got {type(layer).__name__} with {', '.join(layer.gate_names)} alone"
        )
    start = layer.gate_names.index(gate) * layer.hidden_size
    return slice(start, start + layer.hidden_size)


def _named(layer, kind):
    """The parameters of one kind in all layers and directions."""
    return [parameter for name, parameter in layer.parameters.items() if name.startswith(f"{kind}_l")]


def _biases(layer):
    """The two biases of each layer and direction, if one can become zero without the other."""
    pairs = []
    for name, bias in layer.parameters.items():
        if name.startswith("bias_ih_l"):
            partner = name.replace("bias_ih", "bias_hh")
            other = layer.parameters.get(partner)
            if other is None or np.shares_memory(bias, other):
                got = "one tied to the first" if other is not None else "none"
                raise ValueError(f"layer: wanted a parameter {partner} beside {name}, got {got}")
            pairs.append((bias, other))
    return pairs
