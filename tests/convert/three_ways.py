"""Run a layer of any of the three libraries on the same numbers, with all results as NumPy arrays."""

import numpy as np
import torch

from lstm_course import nets
from lstm_course.scratch import GRU, LSTM, RNN
from lstm_course.scratch.recurrent import Recurrent

torch.set_num_threads(1)

KINDS = {
    "lstm": (LSTM, {}),
    "gru": (GRU, {}),
    "rnn": (RNN, {}),
    "relu": (RNN, {"nonlinearity": "relu"}),
}
TOLERANCE = {"float64": 1e-10, "float32": 1e-5}


def make(kind, D=3, H=4, seed=0, **options):
    """A scratch layer whose parameters are larger than the initial ones, so that gates saturate."""
    cls, more = KINDS[kind]
    layer = cls(D, H, seed=seed, **more, **options)
    for parameter in layer.parameters.values():
        parameter *= 1 if kind == "relu" else 2 * np.sqrt(H)  # a relu has no bound: it would overflow
    return layer


def draw(layer, N=3, T=6, seed=0):
    """Inputs, initial states and lengths for a layer of scratch."""
    rng = np.random.default_rng(seed)
    shape = (layer.num_layers * (2 if layer.bidirectional else 1), N, layer.hidden_size)
    return dict(
        x=rng.normal(size=(N, T, layer.input_size)).astype(layer.dtype),
        state=[rng.normal(size=shape).astype(layer.dtype) for _ in layer.state_names],
        lengths=rng.integers(1, T + 1, N),
    )


def run(layer, x, state, lengths=None):
    """y, and the final states in the form of scratch: a list of (L or 2L, N, H); y is zero after each length."""
    mask = np.arange(x.shape[1]) < (x.shape[1] if lengths is None else lengths[:, None]) + np.zeros((len(x), 1), int)
    if isinstance(layer, Recurrent):
        y, final = layer(x, tuple(state) if len(state) > 1 else state[0], mask=None if lengths is None else mask)
        final = final if isinstance(final, tuple) else (final,)
    elif type(layer) in (torch.nn.RNN, torch.nn.LSTM, torch.nn.GRU, nets.LSTM):
        y, final = run_torch(layer, x, state, lengths)
    else:
        y, final = run_keras(layer, x, state, None if lengths is None else mask)
    return np.where(mask[:, :, None], y, 0), list(final)


def run_torch(layer, x, state, lengths):
    inputs = torch.tensor(x)
    state = tuple(torch.tensor(array) for array in state)
    if lengths is not None:
        inputs = torch.nn.utils.rnn.pack_padded_sequence(
            inputs, torch.tensor(lengths), batch_first=True, enforce_sorted=False
        )
    y, final = layer(inputs, state if len(state) > 1 else state[0])
    if lengths is not None:
        y, _ = torch.nn.utils.rnn.pad_packed_sequence(y, batch_first=True, total_length=x.shape[1])
    final = final if isinstance(final, tuple) else (final,)
    return y.detach().numpy(), [array.detach().numpy() for array in final]


def run_keras(layers, x, state, mask):
    """Layers with return_state=True, one after another."""
    layers, letters, finals = layers if isinstance(layers, list) else [layers], len(state), []
    directions = len(state[0]) // len(layers)
    for k, layer in enumerate(layers):
        places = range(k * directions, (k + 1) * directions)
        before = [torch.tensor(array[place]) for place in places for array in state]
        x, *after = layer(x, initial_state=before, mask=None if mask is None else torch.tensor(mask))
        finals += [after[start : start + letters] for start in range(0, len(after), letters)]
    stacked = [np.stack([each.detach().numpy() for each in letter]) for letter in zip(*finals, strict=True)]
    return x.detach().numpy(), stacked


def assert_same(ours, theirs, tolerance):
    """Require two results of `run` to be equal, relative to the largest magnitude in each array."""
    for mine, other in zip([ours[0], *ours[1]], [theirs[0], *theirs[1]], strict=True):
        assert mine.shape == other.shape and mine.dtype == other.dtype
        scale = np.abs(other).max() or 1.0
        np.testing.assert_allclose(mine / scale, other / scale, rtol=0, atol=tolerance)


def arrays(layer):
    """Copies of all parameters of a layer of any library, or of a list of layers."""
    if isinstance(layer, list):
        return {f"{k} {name}": array for k, each in enumerate(layer) for name, array in arrays(each).items()}
    if hasattr(layer, "weights"):  # of Keras: names occur twice where there are two directions
        return {f"{k} {each.name}": each.value.detach().numpy().copy() for k, each in enumerate(layer.weights)}
    if isinstance(layer, torch.nn.Module):
        return {name: tensor.detach().numpy().copy() for name, tensor in layer.named_parameters()}
    return {name: array.copy() for name, array in layer.parameters.items()}


def overwrite(layer):
    """Change all parameters in place."""
    for each in layer if isinstance(layer, list) else [layer]:
        if isinstance(each, torch.nn.Module):
            for tensor in each.parameters():
                tensor.data.fill_(99)
        else:
            for array in each.parameters.values():
                array[...] = 99


def assert_identical(ours, theirs):
    assert ours.keys() == theirs.keys()
    for name in theirs:
        assert ours[name].dtype == theirs[name].dtype, name
        np.testing.assert_array_equal(ours[name], theirs[name], err_msg=name)


def assert_one_sentence(raised, name, came):
    sentence = str(raised.value)
    before, _, after = sentence.partition(", got ")
    assert before.startswith(f"{name}: wanted ") and came in after and "\n" not in sentence, sentence
