"""Layers and arrays in a file, and back again.

The file is NumPy's npz, an archive of arrays: ``lstm/weight_ih_l0`` is an array of the layer named lstm, and
``description`` a JSON text with the class and options of each layer. Nothing in it is pickled, and only layers of this
package are made from it, so that a file from elsewhere cannot run code.
"""

import json
import os
import re
import secrets
from pathlib import Path

import numpy as np

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
        try:
            _made(name, kind, options, parts)
        except ValueError as error:
            raise ValueError(f"layers: wanted what load can read again, got {error}") from None
        described[name] = kind, options
        arrays |= {f"{name}/{part}": array for part, array in parts.items()}
    text = json.dumps({"format": FORMAT, "layers": described, "arrays": list(arrays)})
    # First to a file beside it, which then replaces it in one move: any reader sees the old file or the new one.
    temporary = path.parent / f".{secrets.token_hex(8)}.part"
    try:
        try:
            with open(temporary, "xb") as file:
                np.savez(file, description=np.array(text), **arrays)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ValueError(f"path: wanted a file that can be written, got {path} ({reason})") from None


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
    wanted = f"path: wanted a file written by save, got {path}"
    try:
        with np.load(path, allow_pickle=False) as file:
            checksums_right = file.zip.testzip() is None
            arrays = {key: file[key][...] for key in file.files}
        description = json.loads(arrays.pop("description").item())
        if not checksums_right or description["format"] != FORMAT or description["arrays"] != list(arrays):
            raise ValueError("damaged, or another format")
        layers = {name: (kind, options, {}) for name, (kind, options) in description["layers"].items()}
        for key, array in arrays.items():
            name, part = key.split("/")
            layers[name][2][part] = array
    except OSError as error:
        raise ValueError(f"{wanted}, which cannot be read ({error.strerror or error})") from None
    except Exception:  # damage can surface in the archive, in an array or in the text, as almost any exception
        raise ValueError(f"{wanted}, which is another file or a damaged one") from None
    try:
        return {name: _made(name, *parts) for name, parts in layers.items()}
    except ValueError as error:
        raise ValueError(f"{wanted}, with {error}") from None


def _made(name, kind, options, arrays):
    """The layer, or the dict where `kind` is None; what is wrong with the parts is raised as a ValueError."""
    if kind is None:
        for part, array in arrays.items():
            if array.dtype.kind not in "biufc":
                raise ValueError(f"{array.dtype} values in {part} of {name} instead of numbers")
        return arrays
    if not isinstance(kind, str) or kind not in LAYERS:
        raise ValueError(f"an unknown class {kind!r} of {name}")
    try:
        layer = LAYERS[kind](**options)
    except (TypeError, ValueError, MemoryError) as error:
        raise ValueError(f"options of {name} that make no {kind} ({error})") from None
    if arrays.keys() != layer.parameters.keys():
        raise ValueError(f"the arrays {sorted(arrays)} of {name} instead of {sorted(layer.parameters)}")
    for part, parameter in layer.parameters.items():
        array = arrays[part]
        if (array.shape, array.dtype) != (parameter.shape, parameter.dtype):
            wanted = f"{parameter.dtype} of shape {parameter.shape}"
            raise ValueError(f"{array.dtype} values of shape {array.shape} as {part} of {name} instead of {wanted}")
        if not np.isfinite(array).all():
            raise ValueError(f"a NaN or an infinity in {part} of {name}")
        parameter[...] = array
    return layer


def _path(path):
    if not isinstance(path, (str, os.PathLike)):
        raise ValueError(f"path: wanted the name of a file, got {path!r}")
    return Path(path)
