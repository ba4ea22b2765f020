"""Nested inputs and outputs as one JSON text and one set of arrays, so that nothing is ever unpickled."""

import numpy as np

MOST_RESULTS = 64 << 20  # bytes that one question may return


def pack(tree, arrays, prefix=""):
    """The JSON form of `tree`, its arrays put into the dictionary `arrays`.

    Parameters
    ----------
    tree : dict, list, tuple, numpy.ndarray, float, int, bool, str or None
        Dictionaries have text as keys. A named tuple comes back as a plain tuple.
    arrays : dict
        Filled with one entry an array.
    prefix : str
        What the names of the new entries start with.

    Returns
    -------
    object
        What `json.dumps` takes, and `unpack` understands.
    """
    if isinstance(tree, dict):
        return {"dict": {key: pack(value, arrays, f"{prefix}.{key}") for key, value in tree.items()}}
    if isinstance(tree, (list, tuple)):
        kind = "list" if isinstance(tree, list) else "tuple"
        return {kind: [pack(value, arrays, f"{prefix}.{k}") for k, value in enumerate(tree)]}
    if isinstance(tree, np.ndarray):
        arrays[prefix] = tree
        return {"array": prefix}
    if isinstance(tree, np.generic):
        tree = tree.item()
    return {"value": tree}


def unpack(form, arrays):
    """The tree that `pack` packed."""
    ((kind, content),) = form.items()
    if kind == "dict":
        return {key: unpack(value, arrays) for key, value in content.items()}
    if kind in ("list", "tuple"):
        return (list if kind == "list" else tuple)(unpack(value, arrays) for value in content)
    return arrays[content] if kind == "array" else content
