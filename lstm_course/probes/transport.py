"""Nested inputs and outputs as a JSON text and a dictionary of arrays, so that nothing is ever unpickled."""

import numpy as np

MOST_RESULTS = 64 << 20  # bytes that the answer to one question may return


def pack(tree, arrays, prefix=""):
    """Convert `tree` to JSON, and move its arrays to the dictionary `arrays`.

    Parameters
    ----------
    tree : dict, list, tuple, numpy.ndarray, float, int, bool, str or None
        Keys of dictionaries are strings. A named tuple becomes a plain tuple.
    arrays : dict
        Gets one entry for each array.
    prefix : str
        Prefix of the keys of these entries.

    Returns
    -------
    object
        For `json.dumps` and `unpack`.
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
    """Restore the tree from what `pack` returned."""
    ((kind, content),) = form.items()
    if kind == "dict":
        return {key: unpack(value, arrays) for key, value in content.items()}
    if kind in ("list", "tuple"):
        return (list if kind == "list" else tuple)(unpack(value, arrays) for value in content)
    return arrays[content] if kind == "array" else content
