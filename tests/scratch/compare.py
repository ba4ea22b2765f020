"""Run a recurrent layer of ours and one of PyTorch's on the same numbers, and compare all their results."""

import numpy as np
import torch

from lstm_course.scratch import GRU, LSTM, RNN

torch.set_num_threads(1)

KINDS = {
    "lstm": (LSTM, torch.nn.LSTM, {}),
    "gru": (GRU, torch.nn.GRU, {}),
    "rnn": (RNN, torch.nn.RNN, {}),
    "relu": (RNN, torch.nn.RNN, {"nonlinearity": "relu"}),
}


def make(kind, D, H, seed=0, larger=True, **options):
    """A layer whose parameters are larger than the initial ones, so that gates saturate."""
    scratch, _, more = KINDS[kind]
    layer = scratch(D, H, seed=seed, **more, **options)
    if larger:
        for parameter in layer.parameters.values():
            parameter *= 1 if kind == "relu" else 2 * np.sqrt(H)  # a relu has no bound: it would overflow
    return layer


def draw(layer, N, T, seed=0):
    """Inputs, initial states, and gradients with respect to outputs and final states."""
    rng, H = np.random.default_rng(seed), layer.hidden_size
    directions = 2 if layer.bidirectional else 1

    def states():
        shape = (layer.num_layers * directions, N, H)
        return [rng.normal(size=shape).astype(layer.dtype) for _ in layer.state_names]

    x, dy = (rng.normal(size=(N, T, width)).astype(layer.dtype) for width in (layer.input_size, directions * H))
    return dict(x=x, state=states(), dy=dy, dstate=states())


def packed(states):
    """States in the form that a layer takes: a tuple, or the array if there is only one."""
    return tuple(states) if len(states) > 1 else states[0]


def unpacked(states):
    return list(states) if isinstance(states, tuple) else [states]


def run(layer, x, state, dy, dstate, mask=None):
    """All results of a forward and a backward pass, by name."""
    y, final = layer(x, packed(state), mask=mask)
    dx, initial = layer.backward(dy, packed(dstate))
    return results(layer, y, unpacked(final), dx, unpacked(initial), layer.gradients)


def run_torch(layer, x, state, dy, dstate, lengths=None):
    """The same with PyTorch, with packed sequences if lengths are given."""
    reference = torch_layer(layer)
    x = torch.tensor(x, requires_grad=True)
    state = [torch.tensor(array, requires_grad=True) for array in state]
    if lengths is None:
        y, final = reference(x, packed(state))
    else:
        lengths = torch.as_tensor(lengths)
        sequences = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        y, final = reference(sequences, packed(state))
        y, _ = torch.nn.utils.rnn.pad_packed_sequence(y, batch_first=True, total_length=x.shape[1])
    final = unpacked(final)
    torch.autograd.backward([y, *final], [torch.from_numpy(array) for array in (dy, *dstate)])
    return results(
        layer,
        y.detach().numpy(),
        [array.detach().numpy() for array in final],
        x.grad.numpy(),
        [array.grad.numpy() for array in state],
        {name: parameter.grad.numpy() for name, parameter in reference.named_parameters()},
    )


def torch_layer(layer):
    """PyTorch's layer with the same parameters."""
    kind = next(kind for kind in KINDS.values() if type(layer) is kind[0])
    nonlinearity = {"nonlinearity": layer.nonlinearity} if isinstance(layer, RNN) else {}
    reference = kind[1](
        layer.input_size,
        layer.hidden_size,
        num_layers=layer.num_layers,
        bidirectional=layer.bidirectional,
        batch_first=True,
        dtype=getattr(torch, layer.dtype.name),
        **nonlinearity,
    )
    reference.load_state_dict({name: torch.from_numpy(p) for name, p in layer.parameters.items()})
    return reference


def results(layer, y, final, dx, initial, gradients):
    named = {"y": y, "dx": dx, **gradients}
    for letter, after, before in zip(layer.state_names, final, initial, strict=True):
        named |= {letter: after, f"d{letter}0": before}
    return named


def assert_same(ours, theirs, tolerance, floor=0.0):
    """Require equality relative to the largest magnitude in each array, or to `floor` if that is larger."""
    assert ours.keys() == theirs.keys()
    for name in theirs:
        assert ours[name].shape == theirs[name].shape, name
        assert ours[name].dtype == theirs[name].dtype, name
        scale = max(floor, np.abs(theirs[name]).max()) or 1.0
        np.testing.assert_allclose(ours[name] / scale, theirs[name] / scale, rtol=0, atol=tolerance, err_msg=name)
