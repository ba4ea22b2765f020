"""Layers of Keras 3 on its torch backend: reading them, making them, and writing into them.

`keras_stacks` knows which layers and stacks of layers can be read.
"""

import random
import sys
from functools import partial

from ..scratch import RNN, Embedding, Linear
from .arrays import from_keras_arrays, to_keras_arrays, write_all
from .keras_stacks import KINDS, NAMES, kind_of, library, options_of, stack_of, variables_of, with_suffixes
from .scratch_layers import dropout_between, fill


def holds(layer):
    """Whether it is a Keras layer, or a list that contains one, readable or not."""
    keras = sys.modules.get("keras")  # if Keras is not loaded, there are no layers of it
    parts = layer if isinstance(layer, (list, tuple)) else [layer]
    return keras is not None and any(isinstance(part, keras.layers.Layer) for part in parts)


def read(name, layer):
    """A new scratch layer with the numbers and options of `layer`.

    Raises
    ------
    ValueError
        If it is not a layer or stack of known classes, or has an option that scratch lacks.
    """
    stack = stack_of(name, layer)
    kinds = [kind_of(name, leaf) for directions in stack for leaf in directions]
    kind, first = kinds[0], stack[0][0]
    if len(set(kinds)) > 1 or (len(stack) > 1 and kind in (Linear, Embedding)):
        raise ValueError(
            f"{name}: wanted one layer, or a stack of SimpleRNN, of LSTM or of GRU, "
            f"got a stack of {', '.join(NAMES[kind] for kind in kinds)}"
        )
    if kind in (Linear, Embedding):
        (shape,) = [variable.shape for part, variable in variables_of(first).items() if part != "bias"]
        made = kind(*shape, dtype=first.variable_dtype)
    else:
        options = options_of(name, stack) | ({"nonlinearity": first.activation.__name__} if kind is RNN else {})
        made = kind(first.cell.kernel.shape[0], first.units, **options)
    arrays = {}
    for suffix, leaf in with_suffixes(stack):
        keras_arrays = {part: _numbers(variable) for part, variable in variables_of(leaf).items()}
        arrays |= {part + suffix: array for part, array in from_keras_arrays(kind, keras_arrays).items()}
    fill(name, made, arrays)
    return made


def make(numbers, return_state):
    """New Keras layers with the numbers and options of a scratch layer: a list if it has several layers.

    Raises
    ------
    ValueError
        If it has a kind of dropout that Keras lacks.
    """
    drawn = random.getstate()  # Keras draws the seeds of its layers from here; the user's draws must not change
    try:
        made = _made(numbers, return_state)
    finally:
        random.setstate(drawn)
    write("layer", made, numbers)
    return made if len(made) > 1 else made[0]


def _made(numbers, return_state):
    """A list of the layers, with their initial weights."""
    layers, kind, dtype = library().layers, type(numbers), numbers.dtype.name
    if kind is Linear:
        made = [layers.Dense(numbers.output_size, dtype=dtype)]
        made[0].build((None, numbers.input_size))
    elif kind is Embedding:
        made = [layers.Embedding(numbers.count, numbers.size, dtype=dtype)]
        made[0].build()
    else:
        D, dropout, made = numbers.input_size, dropout_between(numbers), []
        if dropout and not numbers.locked:
            raise ValueError(
                "layer: wanted dropout with one mask for all steps (in scratch locked=True), as in Keras' recurrent "
                f"layers, got dropout={dropout} with a mask for each step"
            )
        for k in range(numbers.num_layers):
            options = dict(dropout=dropout if k else 0.0, recurrent_dropout=numbers.recurrent_dropout, dtype=dtype)
            if kind is RNN:
                options["activation"] = numbers.nonlinearity
            each = getattr(layers, NAMES[kind])(
                numbers.hidden_size, return_sequences=True, return_state=return_state, **options
            )
            if numbers.bidirectional:
                each = layers.Bidirectional(each, dtype=dtype)  # forward, then backward, as in scratch
            each.build((None, None, D))
            D = numbers.hidden_size * (2 if numbers.bidirectional else 1)
            made.append(each)
    return made


def write(name, layer, numbers):
    """Write the parameters of a scratch layer into those of `layer`, which has the same shapes.

    Raises
    ------
    ValueError
        If `layer` lacks the biases to be written, or two of its parts share a weight that would need two different
        values.
    """
    writes = []
    for suffix, leaf in with_suffixes(stack_of(name, layer)):
        weights = {
            part.removesuffix(suffix): array for part, array in numbers.parameters.items() if part.endswith(suffix)
        }
        variables = variables_of(leaf)
        for part, array in to_keras_arrays(KINDS[type(leaf).__name__], weights).items():
            if part in variables:
                variable = variables[part]
                writes.append(
                    (f"{part} of {leaf.name}", partial(_numbers, variable, copy=True), variable.assign, array)
                )
            elif array.any():
                raise ValueError(f"{name}: wanted a layer with biases, as the source has some, got use_bias=False")
    write_all(name, writes)


def _numbers(variable, copy=False):
    """The numbers of a Keras variable as an array."""
    array = variable.value.detach().cpu().numpy()
    return array.copy() if copy else array
