"""One unit of a trained layer as the state of a live cell."""

import numpy as np

from lstm_course.convert import to_scratch
from lstm_course.scratch import LSTM, arguments
from lstm_course.scratch.diagnostics import gate_activations

from .cell_state import LONGEST


def trained_unit(layer, unit, sequence, feature, depth):
    """The attributes of a live cell that computes what this unit of the layer computes; see `LiveCell.from_layer`.

    Returns
    -------
    dict

    Raises
    ------
    ValueError
        If the layer is not an LSTM, or an argument does not fit it.
    """
    layer = to_scratch(layer)
    if not isinstance(layer, LSTM):
        raise ValueError(f"layer: wanted an LSTM, got {type(layer).__name__}")
    depth = arguments.whole("depth", depth, 0, layer.num_layers - 1)
    unit = arguments.whole("unit", unit, 0, layer.hidden_size - 1)
    x = arguments.array("sequence", sequence, T=None, D=layer.input_size)
    if len(x) > LONGEST:
        raise ValueError(f"sequence: wanted at most {LONGEST} steps, got {len(x)}")
    inputs = x if depth == 0 else _outputs(layer, x, depth - 1, directions=(False, True)[: 1 + layer.bidirectional])
    feature = arguments.whole("feature", feature, 0, inputs.shape[1] - 1)

    H = layer.hidden_size
    rows = unit + H * np.arange(4)  # i, f, g, o
    W_x, W_h, b_x, b_h = (
        np.asarray(layer.parameters[f"{name}_l{depth}"], float)[rows]
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    )
    h = _outputs(layer, x, depth, directions=(False,))
    h_before = np.concatenate([np.zeros((1, H)), h[:-1]])
    others_x, others_h = (np.delete(np.arange(n), k) for n, k in ((inputs.shape[1], feature), (H, unit)))
    rest = inputs[:, others_x] @ W_x[:, others_x].T + h_before[:, others_h] @ W_h[:, others_h].T
    layer_name = f", layer {depth}" if layer.num_layers > 1 else ""
    return {
        "mode": "weights",
        "x": inputs[:, feature],
        "w": W_x[:, feature],
        "u": W_h[:, unit],
        "b": b_x + b_h,
        "rest": rest if len(others_x) or len(others_h) else [],
        "c0": 0,
        "title": f"Unit {unit} of an LSTM with {H} units{layer_name}",
    }


def _outputs(layer, x, depth, directions):
    """The hidden states of one layer of a stack, (T, H), with those of several directions side by side."""
    batch = x[None].astype(layer.dtype)
    states = [gate_activations(layer, batch, depth=depth, reverse=reverse)["h"][0] for reverse in directions]
    return np.concatenate(states, axis=1).astype(float)
