"""LSTM and RNN against their PyTorch counterparts, and against what must hold without one."""

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lstm_course.scratch import LSTM, RNN

torch.set_num_threads(1)

KINDS = {"lstm": (LSTM, torch.nn.LSTM), "rnn": (RNN, torch.nn.RNN)}
each_kind = pytest.mark.parametrize("kind", KINDS)
property_test = settings(max_examples=40, deadline=None, derandomize=True, database=None)
sizes = st.integers(1, 6)
shapes = given(N=sizes, T=st.integers(1, 9), D=sizes, H=sizes, seed=st.integers(0, 2**32 - 1))
smallest = example(N=1, T=1, D=1, H=1, seed=0)


def make(kind, D, H, seed, dtype=np.float64):
    """A layer with parameters larger than the initial ones, so that gates saturate."""
    layer = KINDS[kind][0](D, H, dtype=dtype, seed=seed)
    for parameter in layer.parameters.values():
        parameter *= 2 * np.sqrt(H)
    return layer


def draw(kind, N, T, D, H, seed, dtype=np.float64):
    """Inputs, initial states, and gradients that arrive at outputs and final states."""
    rng = np.random.default_rng(seed)

    def states():
        return [rng.normal(size=(1, N, H)).astype(dtype) for _ in KINDS[kind][0].state_names]

    x, dy = (rng.normal(size=(N, T, width)).astype(dtype) for width in (D, H))
    return dict(x=x, state=states(), dy=dy, dstate=states())


def run(kind, layer, x, state, dy, dstate, mask=None):
    """Forward and backward; everything that comes out, by name."""

    def packed(arrays):
        return tuple(arrays) if kind == "lstm" else arrays[0]

    def unpacked(result):
        return list(result) if kind == "lstm" else [result]

    y, final = layer(x, packed(state), mask=mask)
    dx, dinitial = layer.backward(dy, packed(dstate))
    return results(y, unpacked(final), dx, unpacked(dinitial), layer.gradients)


def run_torch(kind, layer, x, state, dy, dstate, lengths=None):
    """The same with PyTorch, packed where there are lengths."""
    reference = KINDS[kind][1](layer.input_size, layer.hidden_size, batch_first=True)
    reference.to(torch.from_numpy(x).dtype)
    reference.load_state_dict({name: torch.from_numpy(p) for name, p in layer.parameters.items()})
    x = torch.tensor(x, requires_grad=True)
    state = [torch.tensor(array, requires_grad=True) for array in state]
    given_state = tuple(state) if kind == "lstm" else state[0]
    if lengths is None:
        y, final = reference(x, given_state)
    else:
        sequences = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        y, final = reference(sequences, given_state)
        y, _ = torch.nn.utils.rnn.pad_packed_sequence(y, batch_first=True, total_length=x.shape[1])
    final = list(final) if kind == "lstm" else [final]
    torch.autograd.backward([y, *final], [torch.from_numpy(array) for array in (dy, *dstate)])
    return results(
        y.detach().numpy(),
        [array.detach().numpy() for array in final],
        x.grad.numpy(),
        [array.grad.numpy() for array in state],
        {name: parameter.grad.numpy() for name, parameter in reference.named_parameters()},
    )


def results(y, final, dx, dinitial, gradients):
    named = {"y": y, "dx": dx, **gradients}
    for letter, after, before in zip("hc", final, dinitial, strict=False):
        named |= {letter: after, f"d{letter}0": before}
    return named


def assert_same(ours, theirs, tolerance):
    """Equal, relative to the largest magnitude in each array.

    Or to 1, the size of what was drawn: a smaller sum is what remains when numbers of that size cancel.
    """
    assert ours.keys() == theirs.keys()
    for name in theirs:
        assert ours[name].shape == theirs[name].shape, name
        assert ours[name].dtype == theirs[name].dtype, name
        scale = max(1, np.abs(theirs[name]).max())
        np.testing.assert_allclose(ours[name] / scale, theirs[name] / scale, rtol=0, atol=tolerance, err_msg=name)


@each_kind
@property_test
@smallest
@shapes
def test_equals_torch(kind, N, T, D, H, seed):
    layer, arrays = make(kind, D, H, seed), draw(kind, N, T, D, H, seed)
    assert_same(run(kind, layer, **arrays), run_torch(kind, layer, **arrays), 1e-10)


@each_kind
@property_test
@smallest
@shapes
def test_equals_torch_in_float32(kind, N, T, D, H, seed):
    # Parameters as they start: where a unit saturates, 1 - h^2 keeps few digits in float32, in PyTorch as
    # well.
    layer = KINDS[kind][0](D, H, dtype=np.float32, seed=seed)
    arrays = draw(kind, N, T, D, H, seed, np.float32)
    assert_same(run(kind, layer, **arrays), run_torch(kind, layer, **arrays), 1e-5)


@each_kind
def test_equals_torch_without_states(kind):
    layer, arrays = make(kind, 3, 5, 0), draw(kind, 4, 6, 3, 5, 0)
    zeros = [np.zeros_like(array) for array in arrays["state"]]
    theirs = run_torch(kind, layer, **(arrays | {"state": zeros, "dstate": zeros}))
    y, _ = layer(arrays["x"])
    dx, _ = layer.backward(arrays["dy"])
    np.testing.assert_allclose(y, theirs["y"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(dx, theirs["dx"], rtol=0, atol=1e-12)


@each_kind
def test_equals_torch_at_the_sizes_of_a_lesson(kind):
    layer, arrays = KINDS[kind][0](20, 64), draw(kind, 16, 100, 20, 64, 0)
    assert_same(run(kind, layer, **arrays), run_torch(kind, layer, **arrays), 1e-10)


@each_kind
def test_saturated_gates_stay_finite(kind):
    layer, arrays = make(kind, 2, 3, 0), draw(kind, 2, 5, 2, 3, 0)
    arrays["x"] *= 1e4
    with np.errstate(over="raise", invalid="raise"):
        ours = run(kind, layer, **arrays)
    assert_same(ours, run_torch(kind, layer, **arrays), 1e-10)


@each_kind
@property_test
@smallest
@shapes
def test_masks_equal_packed_sequences(kind, N, T, D, H, seed):
    layer, arrays = make(kind, D, H, seed), draw(kind, N, T, D, H, seed)
    lengths = np.random.default_rng(seed).integers(1, T + 1, N)
    mask = np.arange(T) < lengths[:, None]
    ours = run(kind, layer, **arrays, mask=mask)
    assert_same(ours, run_torch(kind, layer, **arrays, lengths=torch.from_numpy(lengths)), 1e-10)


@each_kind
@property_test
@smallest
@shapes
def test_masked_steps_anywhere_are_as_if_left_out(kind, N, T, D, H, seed):
    layer, arrays = make(kind, D, H, seed), draw(kind, N, T, D, H, seed)
    mask = np.random.default_rng(seed).random((N, T)) < 0.5  # some samples have no step that counts
    ours = run(kind, layer, **arrays, mask=mask)

    gradients = {name: np.zeros_like(parameter) for name, parameter in layer.parameters.items()}
    for n in range(N):
        state, dstate = ([array[:, n : n + 1] for array in arrays[name]] for name in ("state", "dstate"))
        if not mask[n].any():  # nothing happens: states and their gradients pass through
            for k, letter in enumerate("hc"[: len(state)]):
                np.testing.assert_array_equal(ours[letter][:, n : n + 1], state[k])
                np.testing.assert_array_equal(ours[f"d{letter}0"][:, n : n + 1], dstate[k])
            continue
        x, dy = (arrays[name][n : n + 1, mask[n]] for name in ("x", "dy"))
        alone = run_torch(kind, layer, x, state, dy, dstate)
        for name in ("y", "dx"):
            np.testing.assert_allclose(ours[name][n, mask[n]], alone[name][0], rtol=0, atol=1e-10)
        for name in ("h", "dh0", "c", "dc0")[: 2 * len(state)]:
            np.testing.assert_allclose(ours[name][:, n], alone[name][:, 0], rtol=0, atol=1e-10)
        for name in gradients:
            gradients[name] += alone[name]
    assert not ours["y"][~mask].any() and not ours["dx"][~mask].any()
    for name, gradient in gradients.items():
        np.testing.assert_allclose(ours[name], gradient, rtol=1e-10, atol=1e-10, err_msg=name)


@each_kind
@pytest.mark.parametrize("content", [0.0, -7.0, 1e308])
def test_what_stands_at_masked_steps_changes_nothing(kind, content):
    layer, arrays = make(kind, 3, 4, 0), draw(kind, 5, 8, 3, 4, 0)
    mask = np.random.default_rng(0).random((5, 8)) < 0.6
    before = run(kind, layer, **arrays, mask=mask)
    arrays["x"][~mask] = content
    arrays["dy"][~mask] = content
    after = run(kind, layer, **arrays, mask=mask)
    for name in before:
        np.testing.assert_array_equal(before[name], after[name], err_msg=name)


@each_kind
def test_a_mask_of_ones_is_no_mask(kind):
    layer, arrays = make(kind, 3, 4, 0), draw(kind, 2, 5, 3, 4, 0)
    plain = run(kind, layer, **arrays)
    for mask in (np.ones((2, 5), bool), np.ones((2, 5), int), [[1.0] * 5] * 2):
        assert_same(run(kind, layer, **arrays, mask=mask), plain, 1e-15)


@each_kind
@pytest.mark.parametrize("cut", [1, 4, 8])
def test_a_sequence_in_two_parts_with_the_state_carried_is_the_whole(kind, cut):
    whole, first, second = (make(kind, 3, 4, 0) for _ in range(3))
    arrays = draw(kind, 2, 9, 3, 4, 0)
    expected = run(kind, whole, **arrays)
    x, dy = arrays["x"], arrays["dy"]
    lstm = kind == "lstm"
    y1, carried = first(x[:, :cut], tuple(arrays["state"]) if lstm else arrays["state"][0])
    y2, final = second(x[:, cut:], carried)
    dx2, dcarried = second.backward(dy[:, cut:], tuple(arrays["dstate"]) if lstm else arrays["dstate"][0])
    dx1, dinitial = first.backward(dy[:, :cut], dcarried)
    gradients = {name: first.gradients[name] + second.gradients[name] for name in first.gradients}
    y, dx = np.concatenate([y1, y2], axis=1), np.concatenate([dx1, dx2], axis=1)
    parts = results(y, final if lstm else [final], dx, dinitial if lstm else [dinitial], gradients)
    assert_same(parts, expected, 1e-12)


@each_kind
@pytest.mark.parametrize("N, T", [(1, 6), (3, 1), (1, 1), (3, 6)])
def test_nothing_of_the_callers_is_changed_or_kept(kind, N, T):
    layer, arrays = make(kind, 3, 4, 0), draw(kind, N, T, 3, 4, 0)
    mask = np.random.default_rng(0).random((N, T)) < 0.7
    expected = run(kind, layer, **arrays, mask=mask)
    for array in (arrays["x"], arrays["dy"], *arrays["state"], *arrays["dstate"], mask):
        array.flags.writeable = False  # a change in place would raise
    parameters = {name: parameter.copy() for name, parameter in layer.parameters.items()}
    run(kind, layer, **arrays, mask=mask)
    for name, parameter in parameters.items():
        np.testing.assert_array_equal(layer.parameters[name], parameter)

    # Between forward and backward the caller may overwrite all that was given and all that came back.
    lstm = kind == "lstm"
    x, state, seen = arrays["x"].copy(), [array.copy() for array in arrays["state"]], mask.copy()
    y, final = layer(x, tuple(state) if lstm else state[0], mask=seen)
    for array in (x, y, *state, *(final if lstm else [final])):
        array[...] = 99
    seen[...] = ~seen
    dx, _ = layer.backward(arrays["dy"], tuple(arrays["dstate"]) if lstm else arrays["dstate"][0])
    np.testing.assert_array_equal(dx, expected["dx"])
    for name, gradient in layer.gradients.items():
        np.testing.assert_array_equal(gradient, expected[name], err_msg=name)


@each_kind
def test_gradients_are_of_the_last_call_alone(kind):
    layer, arrays = make(kind, 3, 4, 0), draw(kind, 2, 5, 3, 4, 0)
    once = run(kind, layer, **arrays)
    layer(np.ones((3, 2, 3)))
    layer.backward(np.ones((3, 2, 4)))
    assert_same(run(kind, layer, **arrays), once, 0)
    dx, _ = layer.backward(np.zeros_like(arrays["dy"]))  # the same call once more, with another gradient
    assert not dx.any() and not any(gradient.any() for gradient in layer.gradients.values())


@each_kind
def test_initial_parameters(kind):
    scratch, torch_layer = KINDS[kind]
    layer, reference = scratch(3, 16, seed=5), torch_layer(3, 16)
    assert {name: p.shape for name, p in layer.parameters.items()} == {
        name: tuple(p.shape) for name, p in reference.named_parameters()
    }
    values = np.concatenate([p.ravel() for p in layer.parameters.values()])
    assert 0.24 < np.abs(values).max() <= 0.25  # 1/sqrt(16)
    assert abs(values.mean()) < 0.03
    again, other = scratch(3, 16, seed=5), scratch(3, 16, seed=6)
    for name, parameter in layer.parameters.items():
        np.testing.assert_array_equal(parameter, again.parameters[name])
        assert not np.array_equal(parameter, other.parameters[name])


@each_kind
def test_what_the_layer_does_not_have_yet_is_said(kind):
    for argument in ({"num_layers": 2}, {"bidirectional": True}):
        (name,) = argument
        with pytest.raises(NotImplementedError, match=f"^{name}: this layer has one .* so far, got"):
            KINDS[kind][0](3, 4, **argument)


@each_kind
def test_backward_before_forward(kind):
    with pytest.raises(RuntimeError, match="^backward: the layer has not been called yet"):
        KINDS[kind][0](3, 4).backward(np.ones((1, 1, 4)))
