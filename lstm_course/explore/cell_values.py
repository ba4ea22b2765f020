"""The numbers of the live cell in NumPy: the reference with which its page must agree."""

import numpy as np

from lstm_course.scratch import LSTM, RNN, arguments
from lstm_course.scratch.diagnostics import gate_activations, memory_paths

GATES = "ifgo"  # the order of w, u and b


def run_gates(i, f, g, o, c):
    """Run a cell whose gates are given: c_t = f_t c_{t-1} + i_t g_t, h_t = o_t tanh(c_t).

    Parameters
    ----------
    i, f, o : (T, H) arrays
        Input, forget and output gate of each step, between 0 and 1.
    g : (T, H) array
        Candidate of each step.
    c : (H,) array
        Cell state before the first step.

    Returns
    -------
    h, c : (T, H) arrays
        Hidden state and cell state after each step.

    Raises
    ------
    ValueError
        If the shapes differ, or a gate is not between 0 and 1.
    """
    f = arguments.array("f", f, T=None, H=None)
    T, H = f.shape
    i, g, o = (arguments.array(name, value, T=T, H=H) for name, value in (("i", i), ("g", g), ("o", o)))
    c = arguments.array("c", c, H=H)
    for name, gate in (("f", f), ("i", i), ("o", o)):
        check_gate(name, gate)
    cell_states = np.empty((T, H))
    for t in range(T):
        c = f[t] * c + i[t] * g[t]
        cell_states[t] = c
    return o * np.tanh(cell_states), cell_states


def check_gate(name, values):
    """Raise a ValueError unless all values are between 0 and 1."""
    for extreme in (values.min(), values.max()):
        if not 0 <= extreme <= 1:
            raise ValueError(f"{name}: wanted values between 0 and 1, got {extreme:g}")


def hand_values(x, gates, c0):
    """Run a unit whose gates are set by hand; its candidate is tanh of the input.

    Parameters
    ----------
    x : (T,) array
    gates : dict of str to (T,) array
        ``i, f, o``.
    c0 : float

    Returns
    -------
    dict of str to (T,) array
        ``x, i, f, g, o, c, h``.
    """
    x = np.asarray(x, float)
    gates = {**{name: np.asarray(path, float) for name, path in gates.items()}, "g": np.tanh(x)}
    h, c = run_gates(*(gates[name][:, None] for name in GATES), np.array([c0]))
    return {"x": x, **gates, "c": c[:, 0], "h": h[:, 0]}


def one_unit(w, u, b, rest=()):
    """An LSTM of one unit with these weights, each (4,).

    Its input has the feature x and, if there is a `rest`, four more features, which are added to the pre-activations
    of i, f, g and o.
    """
    layer = LSTM(1 + 4 * bool(len(rest)), 1)
    for_rest = [np.eye(4)] if len(rest) else []
    layer.parameters["weight_ih_l0"][:] = np.concatenate([np.reshape(w, (4, 1)), *for_rest], axis=1)
    layer.parameters["weight_hh_l0"][:, 0] = u
    layer.parameters["bias_ih_l0"][:], layer.parameters["bias_hh_l0"][:] = b, 0
    return layer


def weight_values(x, w, u, b, rest, c0, h0):
    """Run a unit whose gates are computed from weights; returns what `hand_values` returns."""
    activations = gate_activations(one_unit(w, u, b, rest), _features(x, rest), _state(h0, c0))
    return {"x": np.asarray(x, float), **{name: activations[name][0, :, 0] for name in "ifgoch"}}


def weight_paths(x, w, u, b, rest, c0, h0, loss_step):
    """The derivative of c at the loss step with respect to c at each step from 0 on, along the direct path and along
    all paths, (loss_step + 1,) each."""
    paths = memory_paths(one_unit(w, u, b, rest), _features(x, rest)[:, :loss_step], _state(h0, c0))
    return paths.direct[0, :, 0], paths.full[0, :, 0]


def direct_path(f, loss_step):
    """The product of the forget gates from each step (from 0 on) to the loss step, (loss_step + 1,)."""
    return np.append(np.cumprod(np.asarray(f, float)[:loss_step][::-1])[::-1], 1.0)


def plain_values(x, u, loss_step):
    """Run the plain recurrent unit h' = tanh(x + u h).

    Returns
    -------
    h : (T,) array
    path : (loss_step + 1,) array
        The derivative of h at the loss step with respect to h at each step from 0 on.
    """
    layer = RNN(1, 1)
    layer.parameters["weight_ih_l0"][:], layer.parameters["weight_hh_l0"][:] = 1, u
    layer.parameters["bias_ih_l0"][:] = layer.parameters["bias_hh_l0"][:] = 0
    h = layer(np.reshape(x, (1, -1, 1)))[0][0, :, 0]
    slopes = u * (1 - h[:loss_step] ** 2)
    return h, np.append(np.cumprod(slopes[::-1])[::-1], 1.0)


def _features(x, rest):
    x = np.reshape(np.asarray(x, float), (-1, 1))
    return (np.concatenate([x, rest], axis=1) if len(rest) else x)[None]


def _state(h0, c0):
    return np.full((1, 1, 1), h0), np.full((1, 1, 1), c0)
