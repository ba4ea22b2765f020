"""Layers of `lstm_course.scratch`: reading one, writing into one, and the features that only they have."""

from functools import partial

import numpy as np

from ..scratch import GRU, LSTM, RNN, VARIANTS, Embedding, Linear, VariantLSTM
from .arrays import write_all

KINDS = (RNN, LSTM, GRU, VariantLSTM, Linear, Embedding)

# How a variant can differ from the LSTM of PyTorch and Keras, which is the variant NP, by its parts.
DIFFERENCES = {
    "input_gate": "no input gate",
    "forget_gate": "no forget gate",
    "output_gate": "no output gate",
    "coupled": "a forget gate that is 1 - i",
    "input_activation": "no tanh around the candidate",
    "output_activation": "no tanh around the cell state",
    "peepholes": "peepholes",
    "gate_recurrence": "gates that see the gates of the step before",
}


def holds(layer):
    """Whether it is a layer of scratch that can be read."""
    return type(layer) in KINDS


def read(name, layer):
    """A copy of the layer.

    Raises
    ------
    ValueError
        If its arrays have been replaced by others that do not fit.
    """
    # Attributes take precedence over options: a dropout rate may have changed since the layer was made.
    made = type(layer)(**{option: getattr(layer, option, value) for option, value in layer.options.items()})
    fill(name, made, layer.parameters)
    if hasattr(layer, "training"):
        made.training = layer.training
    return made


def fill(name, made, arrays):
    """Put arrays into a new layer of scratch.

    Parameters
    ----------
    name : str
        The argument that the arrays come from.
    made : layer of scratch
    arrays : dict of str to array
        One for each parameter of `made`, under its name and in its shape.

    Raises
    ------
    ValueError
        If an array is missing, has another shape, or does not hold real numbers.
    """
    for part, parameter in made.parameters.items():
        array = arrays.get(part)
        # A shape that broadcasts is refused as well: not every library would compute with it.
        if not isinstance(array, np.ndarray) or array.shape != parameter.shape:
            got = getattr(array, "shape", type(array).__name__)
            raise ValueError(f"{name}: wanted an array of shape {parameter.shape} as {part}, got {got}")
        if not np.can_cast(array.dtype, parameter.dtype, "same_kind"):
            raise ValueError(f"{name}: wanted numbers of {parameter.dtype} in {part}, got {array.dtype}")
        parameter[...] = array


def write(name, layer, numbers):
    """Write the parameters of `numbers` into those of `layer`, which has the same names.

    Raises
    ------
    ValueError
        If two of its arrays share memory and cannot take two different values.
    """
    write_all(
        name,
        [
            (part, parameter.copy, partial(np.copyto, parameter), numbers.parameters[part])
            for part, parameter in layer.parameters.items()
        ],
    )


def standard(name, layer):
    """`layer` in a form that other libraries have, too: the variant NP as an LSTM, everything else unchanged.

    Raises
    ------
    ValueError
        If it is another variant.
    """
    if type(layer) is not VariantLSTM:
        return layer
    variant = layer.options["variant"]
    differences = [
        words for part, words in DIFFERENCES.items() if getattr(layer.parts, part) != getattr(VARIANTS["NP"], part)
    ]
    if differences:
        raise ValueError(
            f"{name}: wanted the LSTM that PyTorch and Keras have, which is the variant NP, "
            f"got the variant {variant} with {' and '.join(differences)}"
        )
    made = LSTM(**{option: value for option, value in layer.options.items() if option != "variant"})
    fill(name, made, layer.parameters)
    made.training = layer.training
    return made


def dropout_between(layer):
    """The dropout rate between the layers of a stack; a single layer has none, whatever its rate."""
    return layer.dropout if layer.num_layers > 1 else 0.0


def described(layer):
    """Class, sizes and type in words: layers with the same description can have the same weights."""
    options = {
        option: value
        for option, value in layer.options.items()
        if option not in ("dropout", "locked", "recurrent_dropout", "seed")
    }
    kind = type(layer).__name__
    if options.get("variant") == "NP":
        del options["variant"]
        kind = LSTM.__name__
    return f"{kind}({', '.join(f'{option}={value!r}' for option, value in options.items())})"
