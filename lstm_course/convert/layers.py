"""A layer of one library as a layer of another, with the same numbers and the same options.

Every conversion goes through a layer of scratch, whose parameters are named and stacked like those of PyTorch.
"""

import numpy as np

from ..scratch import arguments
from . import keras_layers, scratch_layers, torch_layers

# Keras before PyTorch: on the torch backend its layers are PyTorch modules, too.
LIBRARIES = (scratch_layers, keras_layers, torch_layers)


def to_scratch(layer):
    """A new layer of `lstm_course.scratch` with the numbers and options of `layer`.

    PyTorch has two biases and Keras usually one; `arrays` explains the conversion. ``batch_first=False`` of PyTorch is
    not kept: arrays of scratch are always (N, T, D). A dropout rate above the lowest Keras layer is kept with
    ``locked=True``. Frozen and tied parameters become ordinary, separate ones with the same numbers.

    Parameters
    ----------
    layer : layer of any of the three libraries
        RNN, LSTM, GRU, VariantLSTM, Linear or Embedding of scratch; RNN, LSTM, GRU, Linear or Embedding of
        ``torch.nn``, LSTM of `lstm_course.nets`; SimpleRNN, LSTM, GRU, Bidirectional, Dense or Embedding of
        ``keras.layers``, or a list or ``keras.Sequential`` of recurrent ones.

    Returns
    -------
    layer of scratch
        It shares no memory with `layer`.

    Raises
    ------
    ValueError
        If it is not such a layer, has an option that scratch lacks, or a parameter that is not finite.

    Examples
    --------
    >>> layer = to_scratch(torch.nn.LSTM(3, 5, num_layers=2))
    >>> y, (h, c) = layer(np.ones((2, 7, 3)))
    >>> y.shape, h.shape
    ((2, 7, 5), (2, 2, 5))
    """
    return _read("layer", layer)


def to_torch(layer):
    """A new layer of ``torch.nn`` with the numbers and options of `layer`.

    Recurrent layers have ``batch_first=True``, like the arrays of this course. Dropout between layers is kept; PyTorch
    lacks locked and recurrent dropout. To convert a layer without its dropout, first set the rate to 0.

    Parameters
    ----------
    layer : layer of any of the three libraries
        See `to_scratch`. Of VariantLSTM only the variant NP has a counterpart.

    Returns
    -------
    torch.nn.RNN, LSTM, GRU, Linear or Embedding
        On the CPU; recurrent ones in the same mode, training or not, as `layer`. Biases that `layer` lacks are zeros,
        which can be trained. Frozen and tied parameters become ordinary, separate ones.

    Raises
    ------
    ValueError
        If it is not such a layer, has an option that PyTorch lacks, or a parameter that is not finite.

    Examples
    --------
    >>> layer = to_torch(scratch.LSTM(input_size=3, hidden_size=5, dtype="float32"))
    >>> y, (h, c) = layer(torch.ones(2, 7, 3))
    """
    return torch_layers.make(scratch_layers.standard("layer", _read("layer", layer)))


def to_keras(layer, return_state=True):
    """A new layer of ``keras.layers`` with the numbers and options of `layer`; for a stack, a list of them.

    All recurrent layers return all steps (``return_sequences=True``) and, by default, the state after the last, for
    which Keras has one array (N, H) for each layer and direction::

        y, h, c = layer(x)                          LSTM; SimpleRNN and GRU have no c
        y, h, c, h_reverse, c_reverse = layer(x)    LSTM in two directions

        for each in stack:                          a stack, from below
            x, *state = each(x)                     the last x is y
            x, *state = each(x, initial_state=state_before)     the same with states of one's own

    A ``keras.Sequential`` takes layers without states. Pass a mask to each layer of a list. At masked steps Keras
    repeats the output of the previous step, except with two directions, where it is zero as in the other libraries.

    Dropout between layers is kept if it is locked, as Keras' own is, and so is recurrent dropout. Keras draws more
    masks, though: one for each direction and, for recurrent dropout, one for each gate. To convert a layer without its
    dropout, first set the rate to 0.

    On its torch backend Keras stores float64 parameters, but usually rounds them and their inputs to float32 before it
    multiplies: outputs agree to the accuracy of float32, whatever the dtype. (In Keras 3.15 LSTM and GRU
    without a mask keep float64; with one, and in SimpleRNN and Dense, they do not.)

    Parameters
    ----------
    layer : layer of any of the three libraries
        See `to_scratch`. Of VariantLSTM only the variant NP has a counterpart.
    return_state : bool
        Whether recurrent layers return their final states.

    Returns
    -------
    keras.layers.SimpleRNN, LSTM, GRU, Bidirectional, Dense or Embedding, or a list of such
        On the device that Keras chooses, which may be a GPU; ``KERAS_TORCH_DEVICE=cpu`` in the environment before Keras
        is loaded selects the CPU.

    Raises
    ------
    ValueError
        If it is not such a layer, has an option that Keras lacks, or a parameter that is not finite.
    ImportError
        If Keras is not installed.
    RuntimeError
        If Keras runs on another backend than torch.

    Examples
    --------
    >>> layer = to_keras(scratch.LSTM(input_size=3, hidden_size=5))
    >>> y, h, c = layer(np.ones((2, 7, 3)))
    >>> tuple(y.shape), tuple(h.shape), tuple(c.shape)
    ((2, 7, 5), (2, 5), (2, 5))
    """
    return_state = arguments.flag("return_state", return_state)
    return keras_layers.make(scratch_layers.standard("layer", _read("layer", layer)), return_state)


def copy_weights(source, target):
    """Copy the numbers of one layer into another, in place.

    For layers that are part of a model. Sizes, number of layers, directions and type must agree; dropout rates need
    not, and what `target` returns does not change. Parameters that are tied within `target` stay tied. A parameter that
    it shares with another layer changes there as well.

    Parameters
    ----------
    source, target : layers of any of the three libraries
        See `to_scratch`. `target` is changed completely or not at all.

    Raises
    ------
    ValueError
        If one is not such a layer, the two differ, a parameter of `source` is not finite, or `target` ties two
        parameters for which `source` has different values.

    Examples
    --------
    >>> model = keras.Sequential([keras.Input((None, 3)), keras.layers.LSTM(5), keras.layers.Dense(1)])
    >>> copy_weights(torch.nn.LSTM(3, 5), model.layers[0])
    """
    numbers, library = _read("source", source), _library("target", target)
    wanted, got = (scratch_layers.described(each) for each in (numbers, library.read("target", target)))
    if wanted != got:
        raise ValueError(f"target: wanted a layer like source, {wanted}, got {got}")
    library.write("target", target, numbers)


def _library(name, layer):
    """The module for the library of `layer`."""
    for library in LIBRARIES:
        if library.holds(layer):
            return library
    raise ValueError(
        f"{name}: wanted a recurrent, linear or embedding layer of lstm_course.scratch, PyTorch or Keras, "
        f"got {type(layer).__name__}"
    )


def _read(name, layer):
    """A copy of `layer` in scratch, with finite parameters."""
    made = _library(name, layer).read(name, layer)
    for part, array in made.parameters.items():
        if not np.isfinite(array).all():
            raise ValueError(f"{name}: wanted finite parameters, got a NaN or an infinity in {part}")
    return made
