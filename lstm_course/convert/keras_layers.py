"""Layers of Keras 3 on its torch backend: reading them, making them, writing into them, and what only they have.

Keras has a layer for each layer of a stack. A stack is a list of them, or a ``keras.Sequential``.
"""

import os
import random
import sys
from functools import partial

from ..scratch import GRU, LSTM, RNN, Embedding, Linear
from .arrays import from_keras_arrays, to_keras_arrays, write_all
from .scratch_layers import dropout_between, fill

KINDS = {"SimpleRNN": RNN, "LSTM": LSTM, "GRU": GRU, "Dense": Linear, "Embedding": Embedding}
NAMES = {kind: name for name, kind in KINDS.items()}
ARRAYS = ("kernel", "recurrent_kernel", "bias", "embeddings")

# Options that change what a layer computes, and their values in the other libraries. Not among them: what is
# handed out (return_sequences, return_state), how it is computed (unroll, use_cudnn), what stands at masked steps
# (zero_output_for_mask), and where parameters start from (unit_forget_bias and all initialisers).
SHARED = {
    RNN: {"activation": ("tanh", "relu"), "stateful": (False,)},
    LSTM: {"activation": ("tanh",), "recurrent_activation": ("sigmoid",), "stateful": (False,)},
    # With reset_after=False, r multiplies h before its product with the weights: another equation.
    GRU: {"activation": ("tanh",), "recurrent_activation": ("sigmoid",), "reset_after": (True,), "stateful": (False,)},
    Linear: {"activation": ("linear",)},
    Embedding: {"mask_zero": (False,)},
}


def library():
    """Keras, loaded on the torch backend where it is not loaded yet.

    Raises
    ------
    ImportError
        If it is not installed.
    RuntimeError
        If it runs, or would run, on another backend.
    """
    keras = sys.modules.get("keras")
    backend = keras.backend.backend() if keras else os.environ.get("KERAS_BACKEND") or "torch"
    if backend != "torch":
        raise RuntimeError(
            f"KERAS_BACKEND: wanted torch, got {backend}, which cannot be changed in a running process: start anew "
            'with os.environ["KERAS_BACKEND"] = "torch" before Keras is imported'
        )
    if keras is None:
        os.environ["KERAS_BACKEND"] = "torch"  # Keras reads it when it is loaded
        try:
            import keras
        except ModuleNotFoundError as error:
            if error.name != "keras":
                raise
            raise ImportError("keras: wanted an installed package, got none: pip install keras") from None
    return keras


def holds(layer):
    """Whether it is a layer of Keras or a list with one in it, which can be read or not."""
    keras = sys.modules.get("keras")  # where it is not loaded there are no layers of it
    parts = layer if isinstance(layer, (list, tuple)) else [layer]
    return keras is not None and any(isinstance(part, keras.layers.Layer) for part in parts)


def read(name, layer):
    """A new layer of scratch with the numbers and options of `layer`.

    Raises
    ------
    ValueError
        If it is no layer or stack of known classes, or has an option that scratch has not.
    """
    stack = _stack(name, layer)
    kinds = [_kind(name, leaf) for directions in stack for leaf in directions]
    kind, first = kinds[0], stack[0][0]
    if len(set(kinds)) > 1 or (len(stack) > 1 and kind in (Linear, Embedding)):
        raise ValueError(
            f"{name}: wanted one layer, or a stack of SimpleRNN, of LSTM or of GRU, "
            f"got a stack of {', '.join(NAMES[kind] for kind in kinds)}"
        )
    if kind in (Linear, Embedding):
        (shape,) = [variable.shape for part, variable in _variables(first).items() if part != "bias"]
        made = kind(*shape, dtype=first.variable_dtype)
    else:
        options = _options(name, stack) | ({"nonlinearity": first.activation.__name__} if kind is RNN else {})
        made = kind(first.cell.kernel.shape[0], first.units, **options)
    arrays = {}
    for suffix, leaf in _places(stack):
        theirs = {part: _numbers(variable) for part, variable in _variables(leaf).items()}
        arrays |= {part + suffix: array for part, array in from_keras_arrays(kind, theirs).items()}
    fill(name, made, arrays)
    return made


def make(numbers, return_state):
    """New layers of Keras with the numbers and options of a layer of scratch: a list if it has several layers.

    Raises
    ------
    ValueError
        If it has dropout that Keras has not.
    """
    drawn = random.getstate()  # Keras draws the seeds of its layers from here; nobody's draws change for that
    try:
        made = _made(numbers, return_state)
    finally:
        random.setstate(drawn)
    write("layer", made, numbers)
    return made if len(made) > 1 else made[0]


def _made(numbers, return_state):
    """The layers, with weights of their own; a list."""
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
                "layer: wanted dropout with one mask for all steps (in scratch locked=True), as Keras has it in its "
                f"recurrent layers, got dropout={dropout} with a mask for each step"
            )
        for k in range(numbers.num_layers):
            options = dict(dropout=dropout if k else 0.0, recurrent_dropout=numbers.recurrent_dropout, dtype=dtype)
            if kind is RNN:
                options["activation"] = numbers.nonlinearity
            each = getattr(layers, NAMES[kind])(
                numbers.hidden_size, return_sequences=True, return_state=return_state, **options
            )
            if numbers.bidirectional:
                each = layers.Bidirectional(each, dtype=dtype)  # forward, then backward, as we have it
            each.build((None, None, D))
            D = numbers.hidden_size * (2 if numbers.bidirectional else 1)
            made.append(each)
    return made


def write(name, layer, numbers):
    """The parameters of a layer of scratch into those of `layer`, which has the same.

    Raises
    ------
    ValueError
        If `layer` has no biases where there are some to be written, or two of its parts share a weight that would
        need two different values.
    """
    places = []
    for suffix, leaf in _places(_stack(name, layer)):
        weights = {
            part.removesuffix(suffix): array for part, array in numbers.parameters.items() if part.endswith(suffix)
        }
        variables = _variables(leaf)
        for part, array in to_keras_arrays(KINDS[type(leaf).__name__], weights).items():
            if part in variables:
                variable = variables[part]
                called = f"{part} of {leaf.name}"
                places.append((called, partial(_numbers, variable, copy=True), variable.assign, array))
            elif array.any():
                raise ValueError(f"{name}: wanted a layer with biases, as there are some, got use_bias=False")
    write_all(name, places)


def _numbers(variable, copy=False):
    """The numbers of a variable of Keras as an array."""
    array = variable.value.detach().cpu().numpy()
    return array.copy() if copy else array


def _stack(name, layer):
    """The layers of a stack from below, each a list of its one or two directions."""
    layers = library().layers
    if isinstance(layer, library().Sequential):
        layer = layer.layers
    stack = []
    for part in layer if isinstance(layer, (list, tuple)) else [layer]:
        directions = [part]
        if type(part) is layers.Bidirectional:
            directions = [part.forward_layer, part.backward_layer]
            if part.merge_mode != "concat":
                raise ValueError(f'{name}: wanted merge_mode="concat", as the others have it, got {part.merge_mode!r}')
            dtypes = [each.compute_dtype for each in (part, *directions)]  # the outer one casts what comes in
            if len(set(dtypes)) > 1:
                raise ValueError(
                    f"{name}: wanted one dtype for Bidirectional and the layers in it, got {', '.join(dtypes)}"
                )
        if getattr(directions[0], "go_backwards", False):
            raise ValueError(
                f"{name}: wanted a layer that runs forward, or Bidirectional, which begins with such a one, "
                "got go_backwards=True"
            )
        stack.append(directions)
    if not stack:
        raise ValueError(f"{name}: wanted at least one layer, got an empty stack")
    return stack


def _kind(name, leaf):
    """The class of scratch for one layer in one direction, which has only what scratch has."""
    keras = library()
    # Of exactly these classes: one that is derived from them may compute something else.
    kind = next((kind for word, kind in KINDS.items() if type(leaf) is getattr(keras.layers, word)), None)
    if kind is None:
        raise ValueError(
            f"{name}: wanted {', '.join(KINDS)} of keras.layers, Bidirectional, or a stack of recurrent ones, "
            f"got {type(leaf).__name__}"
        )
    if not leaf.built:
        raise ValueError(
            f"{name}: wanted a layer with weights, got {NAMES[kind]} that has none yet: call it once, or build() it"
        )
    dtypes = {leaf.variable_dtype, leaf.compute_dtype}
    if dtypes not in ({"float32"}, {"float64"}):
        raise ValueError(f"{name}: wanted a dtype of float32 or float64, got {leaf.dtype_policy.name}")
    for option, shared in SHARED[kind].items():
        value = getattr(leaf, option)
        if callable(value):  # one of Keras' activations goes by its name, another by itself
            word = getattr(value, "__name__", "")
            value = word if getattr(keras.activations, word, None) is value else value
        if value not in shared:
            wanted = " or ".join(f"{option}={each!r}" for each in shared)
            raise ValueError(f"{name}: wanted {NAMES[kind]} with {wanted}, as the others have it, got {value!r}")
    for part in {leaf, _owner(leaf)}:
        for option, value in vars(part).items():
            if option.endswith(("_regularizer", "_constraint")) and value is not None:
                raise ValueError(f"{name}: wanted {option}=None, as the others have none, got {type(value).__name__}")
    owner = _owner(leaf)
    if owner is not leaf and type(owner) is not getattr(keras.layers, f"{NAMES[kind]}Cell"):
        raise ValueError(f"{name}: wanted {NAMES[kind]} with the cell that it makes, got {type(owner).__name__}")
    odd = [variable.name for variable in leaf.weights if variable.name not in ARRAYS]
    if odd:
        raise ValueError(f"{name}: wanted no weights but {', '.join(ARRAYS)}, got {', '.join(odd)} as well")
    return kind


def _options(name, stack):
    """The options of a recurrent stack, which the other libraries have once for all layers and directions."""
    leaves = [leaf for directions in stack for leaf in directions]
    first, above = leaves[0], [leaf for directions in stack[1:] for leaf in directions]
    common = {
        "units": [leaf.units for leaf in leaves],
        "number of directions": [len(directions) for directions in stack],
        "dtype": [leaf.variable_dtype for leaf in leaves],
        "activation": [leaf.activation.__name__ for leaf in leaves],
        "recurrent_dropout": [leaf.recurrent_dropout for leaf in leaves],
        "dropout above the lowest layer": [leaf.dropout for leaf in above],
    }
    for what, values in common.items():
        if len(set(values)) > 1:
            came = ", ".join(str(value) for value in values)
            raise ValueError(f"{name}: wanted one {what} for the whole stack, as the others have it, got {came}")
    for leaf in stack[0]:
        if leaf.dropout:
            raise ValueError(
                f"{name}: wanted dropout=0 in the lowest layer, as the others have it only between layers, "
                f"got dropout={leaf.dropout}"
            )
    width = first.units * len(stack[0])
    for leaf in above:
        D = leaf.cell.kernel.shape[0]
        if D != width:
            raise ValueError(f"{name}: wanted layers that take the {width} outputs of the one below, got one for {D}")
    dropout = above[0].dropout if above else 0.0
    return dict(
        num_layers=len(stack),
        bidirectional=len(stack[0]) == 2,
        dropout=dropout,
        locked=dropout > 0,
        recurrent_dropout=first.recurrent_dropout,
        dtype=first.variable_dtype,
    )


def _places(stack):
    """Each layer in one direction, with the ending that its parameters have in PyTorch."""
    recurrent = hasattr(stack[0][0], "cell")
    for k, directions in enumerate(stack):
        for leaf, direction in zip(directions, ("", "_reverse"), strict=False):
            yield f"_l{k}{direction}" if recurrent else "", leaf


def _owner(leaf):
    """Who has the weights: in recurrent layers the cell inside."""
    return getattr(leaf, "cell", leaf)


def _variables(leaf):
    """The weights that there are, by their names."""
    found = {part: getattr(_owner(leaf), part, None) for part in ARRAYS}
    return {part: variable for part, variable in found.items() if variable is not None}
