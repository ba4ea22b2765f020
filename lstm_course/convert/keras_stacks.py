"""Keras 3 on its torch backend: loading it, and which of its layers and stacks compute what the other libraries can.

Keras has one layer object for each layer of a stack. A stack is a list of them, or a ``keras.Sequential``. A leaf is
one layer in one direction.
"""

import os
import sys

from ..scratch import GRU, LSTM, RNN, Embedding, Linear

KINDS = {"SimpleRNN": RNN, "LSTM": LSTM, "GRU": GRU, "Dense": Linear, "Embedding": Embedding}
NAMES = {kind: name for name, kind in KINDS.items()}
ARRAYS = ("kernel", "recurrent_kernel", "bias", "embeddings")

# Options that change the equations, and the values for which the other libraries compute the same. Not listed: what is
# returned (return_sequences, return_state), how it is computed (unroll, use_cudnn), the outputs at masked steps
# (zero_output_for_mask), and the initial parameters (unit_forget_bias and all initialisers).
SHARED = {
    RNN: {"activation": ("tanh", "relu"), "stateful": (False,)},
    LSTM: {"activation": ("tanh",), "recurrent_activation": ("sigmoid",), "stateful": (False,)},
    # With reset_after=False, r multiplies h before its product with the weights: another equation.
    GRU: {"activation": ("tanh",), "recurrent_activation": ("sigmoid",), "reset_after": (True,), "stateful": (False,)},
    Linear: {"activation": ("linear",)},
    Embedding: {"mask_zero": (False,)},
}


def library():
    """Keras, on the torch backend; it is loaded if it is not loaded yet.

    Raises
    ------
    ImportError
        If Keras is not installed.
    RuntimeError
        If Keras runs, or would run, on another backend.
    """
    keras = sys.modules.get("keras")
    backend = keras.backend.backend() if keras else os.environ.get("KERAS_BACKEND") or "torch"
    if backend != "torch":
        raise RuntimeError(
            f"KERAS_BACKEND: wanted torch, got {backend}, which cannot be changed in a running process: restart it "
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


def stack_of(name, layer):
    """The layers of a stack, the lowest first, each a list of its one or two directions.

    Raises
    ------
    ValueError
        If it is empty, or its directions are combined in a way that the other libraries lack.
    """
    layers = library().layers
    if isinstance(layer, library().Sequential):
        layer = layer.layers
    stack = []
    for part in layer if isinstance(layer, (list, tuple)) else [layer]:
        directions = [part]
        if type(part) is layers.Bidirectional:
            directions = [part.forward_layer, part.backward_layer]
            if part.merge_mode != "concat":
                raise ValueError(
                    f'{name}: wanted merge_mode="concat", as in the other libraries, got {part.merge_mode!r}'
                )
            dtypes = [each.compute_dtype for each in (part, *directions)]  # the outer one casts the inputs
            if len(set(dtypes)) > 1:
                raise ValueError(
                    f"{name}: wanted one dtype for Bidirectional and the layers in it, got {', '.join(dtypes)}"
                )
        if getattr(directions[0], "go_backwards", False):
            raise ValueError(
                f"{name}: wanted a layer that runs forward, or Bidirectional, whose first layer runs forward, "
                "got go_backwards=True"
            )
        stack.append(directions)
    if not stack:
        raise ValueError(f"{name}: wanted at least one layer, got an empty stack")
    return stack


def kind_of(name, leaf):
    """The scratch class that computes the same as one layer in one direction.

    Raises
    ------
    ValueError
        If there is none: the class, an option, or a part of the layer is unknown to scratch.
    """
    keras = library()
    # Exactly these classes: a derived one may compute something else.
    kind = next((kind for word, kind in KINDS.items() if type(leaf) is getattr(keras.layers, word)), None)
    if kind is None:
        raise ValueError(
            f"{name}: wanted {', '.join(KINDS)} of keras.layers, Bidirectional, or a stack of recurrent ones, "
            f"got {type(leaf).__name__}"
        )
    if not leaf.built:
        raise ValueError(
            f"{name}: wanted a layer with weights, got {NAMES[kind]} without weights yet: call it once, or build() it"
        )
    _check_options(name, kind, leaf)
    _check_weights(name, kind, leaf)
    return kind


def _check_options(name, kind, leaf):
    """Refuse options with which the layer computes something that the other libraries do not."""
    keras = library()
    dtypes = {leaf.variable_dtype, leaf.compute_dtype}
    if dtypes not in ({"float32"}, {"float64"}):
        raise ValueError(f"{name}: wanted a dtype of float32 or float64, got {leaf.dtype_policy.name}")
    for option, shared in SHARED[kind].items():
        value = getattr(leaf, option)
        if callable(value):  # Keras' own activations are compared by name, any other function as itself
            word = getattr(value, "__name__", "")
            value = word if getattr(keras.activations, word, None) is value else value
        if value not in shared:
            wanted = " or ".join(f"{option}={each!r}" for each in shared)
            raise ValueError(f"{name}: wanted {NAMES[kind]} with {wanted}, as in the other libraries, got {value!r}")


def _check_weights(name, kind, leaf):
    """Refuse weights that are regularised, constrained, unknown, or those of a custom cell."""
    keras, owner = library(), _weight_owner(leaf)
    for part in {leaf, owner}:
        for option, value in vars(part).items():
            if option.endswith(("_regularizer", "_constraint")) and value is not None:
                raise ValueError(
                    f"{name}: wanted {option}=None, as the other libraries have none, got {type(value).__name__}"
                )
    if owner is not leaf and type(owner) is not getattr(keras.layers, f"{NAMES[kind]}Cell"):
        raise ValueError(f"{name}: wanted {NAMES[kind]} with its own cell, got {type(owner).__name__}")
    odd = [variable.name for variable in leaf.weights if variable.name not in ARRAYS]
    if odd:
        raise ValueError(f"{name}: wanted no weights but {', '.join(ARRAYS)}, got {', '.join(odd)} as well")


def options_of(name, stack):
    """The options of a recurrent stack, which in the other libraries hold for all its layers and directions.

    Raises
    ------
    ValueError
        If they differ between layers, or the layers do not fit together.
    """
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
            got = ", ".join(str(value) for value in values)
            raise ValueError(f"{name}: wanted one {what} for the whole stack, as in the other libraries, got {got}")
    for leaf in stack[0]:
        if leaf.dropout:
            raise ValueError(
                f"{name}: wanted dropout=0 in the lowest layer, as the other libraries drop only between layers, "
                f"got dropout={leaf.dropout}"
            )
    width = first.units * len(stack[0])
    for leaf in above:
        D = leaf.cell.kernel.shape[0]
        if D != width:
            raise ValueError(f"{name}: wanted layers for the {width} outputs of the one below, got one for {D}")
    dropout = above[0].dropout if above else 0.0
    return dict(
        num_layers=len(stack),
        bidirectional=len(stack[0]) == 2,
        dropout=dropout,
        locked=dropout > 0,
        recurrent_dropout=first.recurrent_dropout,
        dtype=first.variable_dtype,
    )


def with_suffixes(stack):
    """Each layer in one direction, after the suffix of its parameter names in PyTorch."""
    recurrent = hasattr(stack[0][0], "cell")
    for k, directions in enumerate(stack):
        for leaf, direction in zip(directions, ("", "_reverse"), strict=False):
            yield f"_l{k}{direction}" if recurrent else "", leaf


def _weight_owner(leaf):
    """The object that holds the weights: in recurrent layers the cell inside."""
    return getattr(leaf, "cell", leaf)


def variables_of(leaf):
    """The weights that the layer has, by name."""
    variables = {part: getattr(_weight_owner(leaf), part, None) for part in ARRAYS}
    return {part: variable for part, variable in variables.items() if variable is not None}
