"""Layers and arrays in a file, and back again.

The file is NumPy's npz, an archive of arrays: ``lstm/weight_ih_l0`` is an array of the layer called lstm, and
``description`` a JSON text that says of which class each layer is and what it was made with. Nothing in it is
pickled, and only layers of this package are made from it, so that a file from elsewhere can run no code.
"""

import json
import os
import re
import secrets
from pathlib import Path

import numpy as np

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
    """Write layers to a file; either all of it is written or nothing.

    Parameters
    ----------
    path : str or pathlib.Path
        Used as it is: no ending is added. A file of that name is replaced.
    layers : dict of str to layer or dict
        Layers of this package, or dicts of arrays of numbers. Names are made of letters, digits and
        underscores. Of a layer its class, its options and its parameters are kept.

    Raises
    ------
    ValueError
        If an argument is none of these, a parameter is not finite, or the file cannot be written.

    Examples
    --------
    >>> lstm, output = LSTM(3, 5), Linear(5, 2)
    >>> save("model.npz", {"lstm": lstm, "output": output, "history": {"losses": np.zeros(10)}})
    >>> load("model.npz")["lstm"].hidden_size
    5
    """
    path = _path(path)
    if not isinstance(layers, dict) or not layers:
        came = "an empty one" if isinstance(layers, dict) else type(layers).__name__
        raise ValueError(f"layers: wanted a dict of at least one layer, got {came}")
    described, arrays = {}, {}
    for name, layer in layers.items():
        described[_name(name)], found = _described(name, layer)
        arrays |= {f"{name}/{_name(part)}": array for part, array in found.items()}
    text = json.dumps({"format": FORMAT, "layers": described, "arrays": list(arrays)})
    # To a file beside, which then takes the other's place in one move: whoever reads sees the old or the new.
    beside = path.parent / f".{secrets.token_hex(8)}.part"
    try:
        try:
            with open(beside, "xb") as file:
                np.savez(file, description=np.array(text), **arrays)
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ValueError(f"path: wanted a file that can be written, got {path} ({reason})") from None


def load(path):
    """Read what `save` has written.

    Parameters
    ----------
    path : str or pathlib.Path

    Returns
    -------
    dict of str to layer or dict
        New layers of the same classes, made with the same options, with the same parameters; dicts of arrays.

    Raises
    ------
    ValueError
        If the file cannot be read, does not come from `save`, or its parts do not fit each other.
    """
    path = _path(path)
    described, arrays = _read(path)
    return {
        name: arrays[name] if kind is None else _rebuilt(path, name, kind, options, arrays[name])
        for name, (kind, options) in described.items()
    }


def _described(name, layer):
    """A layer's class and options, both None for a dict; and its arrays."""
    if isinstance(layer, dict):
        arrays = {part: _numbers(name, part, array) for part, array in layer.items()}
        for part, array in arrays.items():
            if array.dtype.kind not in "biufc":
                raise ValueError(f"layers: wanted arrays of numbers, got {array.dtype} values in {part} of {name}")
        return (None, None), arrays
    kind = type(layer).__name__
    if LAYERS.get(kind) is not type(layer):
        came = f"{kind} of {type(layer).__module__}" if kind in LAYERS else kind
        raise ValueError(f"layers: wanted layers of {', '.join(LAYERS)} or dicts of arrays, got a {came} as {name}")
    shapes = {part: (array.shape, array.dtype) for part, array in type(layer)(**layer.options).parameters.items()}
    if shapes != {part: (np.shape(array), np.asarray(array).dtype) for part, array in layer.parameters.items()}:
        raise ValueError(f"layers: wanted parameters as a {kind} makes them, got others in {name}")
    for part, array in layer.parameters.items():
        if not np.isfinite(array).all():
            raise ValueError(f"layers: wanted finite parameters, got a NaN or an infinity in {part} of {name}")
    return (kind, layer.options), layer.parameters


def _numbers(name, part, array):
    try:
        return np.asarray(array)
    except (ValueError, RuntimeError, TypeError):
        raise ValueError(
            f"layers: wanted arrays of numbers, got a {type(array).__name__} as {part} of {name}"
        ) from None


def _read(path):
    """Class and options of each layer, and its arrays, both by its name."""
    try:
        with np.load(path, allow_pickle=False) as file:
            if file.zip.testzip() is not None:
                raise ValueError("a checksum is wrong")
            found = {key: file[key] for key in file.files}
        description = json.loads(found.pop("description").item())
        if description["format"] != FORMAT:
            raise ValueError("another format")
        if description["arrays"] != list(found):
            raise ValueError("an array is missing")
        described = {name: (kind, options) for name, (kind, options) in description["layers"].items()}
        arrays = {name: {} for name in described}
        for key, array in found.items():
            name, part = key.split("/")
            arrays[name][part] = array[...]  # an array, not the bytes that stand for what is none
    except OSError as error:
        raise _not_ours(path, f"which cannot be read ({error.strerror or error})") from None
    # Whatever is wrong with a file, something on the way through archive, arrays and text stumbles over it.
    except Exception:
        raise _not_ours(path, "which is another file or a damaged one") from None
    return described, arrays


def _rebuilt(path, name, kind, options, arrays):
    """The layer that a file describes."""
    if not isinstance(kind, str) or kind not in LAYERS:
        raise _not_ours(path, f"with {name} of an unknown class {kind!r}")
    try:
        layer = LAYERS[kind](**options)
    except (TypeError, ValueError, MemoryError) as error:
        raise _not_ours(path, f"with {name} of options that make no {kind} ({error})") from None
    odd = sorted(arrays.keys() ^ layer.parameters.keys())
    if odd:
        raise _not_ours(path, f"with the arrays {odd} of {name} missing or too many")
    for part, parameter in layer.parameters.items():
        array = arrays[part]
        if (array.shape, array.dtype) != (parameter.shape, parameter.dtype) or not np.isfinite(array).all():
            raise _not_ours(
                path,
                f"with {array.dtype} values of shape {array.shape} as {part} of {name} "
                f"instead of finite {parameter.dtype} of shape {parameter.shape}",
            )
        parameter[...] = array
    return layer


def _path(path):
    if not isinstance(path, (str, os.PathLike)):
        raise ValueError(f"path: wanted the name of a file, got {path!r}")
    return Path(path)


def _name(name):
    if not isinstance(name, str) or not re.fullmatch(r"\w+", name):
        raise ValueError(f"layers: wanted names of letters, digits and underscores, got {name!r}")
    return name


def _not_ours(path, what):
    return ValueError(f"path: wanted a file written by save, got {path}, {what}")
