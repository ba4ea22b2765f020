"""Layers of `lstm_course.scratch`: reading one, writing into one, and what only they have."""

from functools import partial

import numpy as np

from ..scratch import GRU, LSTM, RNN, VARIANTS, Embedding, Linear, VariantLSTM
from .arrays import write_all

KINDS = (RNN, LSTM, GRU, VariantLSTM, Linear, Embedding)

# What a variant can have that the LSTM of PyTorch and Keras has not, by the parts in which it differs from NP.
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
    """Whether it is a layer that can be read."""
    return type(layer) in KINDS


def read(name, layer):
    """The same layer once more.

    Raises
    ------
    ValueError
        If its arrays have been replaced by others that do not fit it.
    """
    # Attributes before options: a rate of dropout may have been changed since the layer was made.
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
        The argument from which the arrays come.
    made : layer of scratch
    arrays : dict of str to array
        One for each parameter of `made`, by its name and of its shape.

    Raises
    ------
    ValueError
        If an array is missing, or has another shape or no real numbers.
    """
    for part, parameter in made.parameters.items():
        array = arrays.get(part)
        # A shape that merely broadcasts is refused as well: not every library would compute with it.
        if not isinstance(array, np.ndarray) or array.shape != parameter.shape:
            came = getattr(array, "shape", type(array).__name__)
            raise ValueError(f"{name}: wanted an array of shape {parameter.shape} as {part}, got {came}")
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
    """`layer` as other libraries have it, too: the variant NP as an LSTM, everything else as it is.

    Raises
    ------
    ValueError
        If it is another variant.
    """
    if type(layer) is not VariantLSTM:
        return layer
    variant = layer.options["variant"]
    odd = [words for part, words in DIFFERENCES.items() if getattr(layer.parts, part) != getattr(VARIANTS["NP"], part)]
    if odd:
        raise ValueError(
            f"{name}: wanted the LSTM that PyTorch and Keras have, which is the variant NP, "
            f"got the variant {variant} with {' and '.join(odd)}"
        )
    made = LSTM(**{option: value for option, value in layer.options.items() if option != "variant"})
    fill(name, made, layer.parameters)
    made.training = layer.training
    return made


def dropout_between(layer):
    """The rate between the layers of a stack: that of a single layer has no effect."""
    return layer.dropout if layer.num_layers > 1 else 0.0


def described(layer):
    """Class, sizes and type in words; layers for which they are the same can have the same weights."""
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
