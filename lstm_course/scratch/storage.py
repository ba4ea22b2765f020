"""Layers and arrays in a file, and back again.

The file is NumPy's npz, an archive of arrays: ``lstm/weight_ih_l0`` is an array of the layer named lstm, and
``description`` a JSON text with the class and options of each layer. Nothing in it is pickled, and only layers of this
package are made from it, so that a file from elsewhere cannot run code.
"""

import json
import os
import re
from pathlib import Path

import numpy as np

from .. import files
from . import arguments
from .dropout import Dropout
from .embedding import Embedding
from .gru import GRU
from .linear import Linear
from .lstm import LSTM
from .rnn import RNN
from .variants import VariantLSTM

LAYERS = {kind.__name__: kind for kind in (LSTM, GRU, RNN, VariantLSTM, Linear, Embedding, Dropout)}
FORMAT = "lstm_course.scratch 1"


def save(path, layers):
    """Write layers to a file, completely or not at all.

    Parameters
    ----------
    path : str or pathlib.Path
        Used unchanged: no ending is added. An existing file is replaced.
    layers : dict of str to layer or dict
        Layers of this package, or dicts of arrays of numbers. Names consist of letters, digits and underscores. The
        class, the options and the parameters of a layer are kept.

    Raises
    ------
    ValueError
        If an argument is not as described, a parameter is not finite, or the file cannot be written.

    Examples
    --------
    >>> lstm, output = LSTM(3, 5), Linear(5, 2)
    >>> save("model.npz", {"lstm": lstm, "output": output, "history": {"losses": np.zeros(10)}})
    >>> load("model.npz")["lstm"].hidden_size
    5
    """
    path = _path(path)
    if not isinstance(layers, dict) or not layers:
        got = "an empty one" if isinstance(layers, dict) else type(layers).__name__
        raise ValueError(f"layers: wanted a dict of at least one layer, got {got}")
    described, arrays = {}, {}
    for name, layer in layers.items():
        kind, options, parts = None, None, layer
        if not isinstance(layer, dict):
            kind = type(layer).__name__
            if LAYERS.get(kind) is not type(layer):
                raise ValueError(f"layers: wanted {', '.join(LAYERS)} or dicts of arrays, got a {kind} as {name}")
            options, parts = layer.options, layer.parameters
        for each in (name, *parts):
            if not isinstance(each, str) or not re.fullmatch(r"\w+", each):
                raise ValueError(f"layers: wanted names of letters, digits and underscores, got {each!r}")
        parts = {part: arguments.as_array("layers", array, "arrays of numbers") for part, array in parts.items()}
        _made(name, kind, options, parts)  # what cannot be read again is not written
        described[name] = kind, options
        arrays |= {f"{name}/{part}": array for part, array in parts.items()}
    text = json.dumps({"format": FORMAT, "layers": described, "arrays": list(arrays)})
    try:
        files.write(path, lambda file: np.savez(file, description=np.array(text), **arrays))
    except (OSError, ValueError) as error:
        raise ValueError(f"path: wanted a file that can be written, got {path} ({_reason(error)})") from None


def load(path):
    """Read a file that `save` has written.

    Parameters
    ----------
    path : str or pathlib.Path

    Returns
    -------
    dict of str to layer or dict
        New layers of the same classes with the same options and parameters; dicts of arrays.

    Raises
    ------
    ValueError
        If the file cannot be read, was not written by `save`, or is damaged.
    """
    path = _path(path)
    try:
        with np.load(path, allow_pickle=False) as file:
            whole = file.zip.testzip() is None
            arrays = {key: file[key][...] for key in file.files}
        description = json.loads(arrays.pop("description").item())
        if not whole or description["format"] != FORMAT or description["arrays"] != list(arrays):
            raise ValueError("damaged, or another format")
        parts = {name: {} for name in description["layers"]}
        for key, array in arrays.items():
            name, part = key.split("/")
            parts[name][part] = array
        return {name: _made(name, *described, parts[name]) for name, described in description["layers"].items()}
    except Exception as error:  # damage can surface in the archive, in an array or in the text, as almost any exception
        other = "is another file or a damaged one"
        problem = f"cannot be read ({_reason(error)})" if isinstance(error, OSError) else other
        raise ValueError(f"path: wanted a file written by save, got {path}, which {problem}") from None


def _made(name, kind, options, arrays):
    """The layer with these parameters, or the arrays themselves where `kind` is None."""
    for part, array in arrays.items():
        if array.dtype.kind not in "biufc":
            raise ValueError(f"layers: wanted numbers, got {array.dtype} values in {part} of {name}")
        if kind is not None and not np.isfinite(array).all():
            raise ValueError(f"layers: wanted finite numbers, got a NaN or an infinity in {part} of {name}")
    if kind is None:
        return arrays
    layer = LAYERS[kind](**options)
    wanted, given = map(_forms, (layer.parameters, arrays))
    if given != wanted:
        raise ValueError(f"layers: wanted {wanted} in {name}, got {given}")
    for part, parameter in layer.parameters.items():
        parameter[...] = arrays[part]
    return layer


def _forms(arrays):
    return {part: f"{array.dtype} of shape {array.shape}" for part, array in arrays.items()}


def _path(path):
    if not isinstance(path, (str, os.PathLike)):
        raise ValueError(f"path: wanted the name of a file, got {path!r}")
    return Path(path)


def _reason(error):
    return getattr(error, "strerror", None) or error
