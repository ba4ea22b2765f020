"""LSTM, GRU and RNN, stacked and in two directions, against PyTorch and against properties of their own."""

import numpy as np
import pytest
import written_out
from compare import KINDS, assert_same, draw, make, packed, results, run, run_torch, torch_layer, unpacked
from hypothesis import example, given, settings
from hypothesis import strategies as st

each_kind = pytest.mark.parametrize("kind", KINDS)
property_test = settings(max_examples=40, deadline=None, derandomize=True, database=None)
sizes = st.integers(1, 6)
shapes = given(
    N=sizes,
    T=st.integers(1, 9),
    D=sizes,
    H=sizes,
    num_layers=st.integers(1, 3),
    bidirectional=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
smallest = example(N=1, T=1, D=1, H=1, num_layers=1, bidirectional=False, seed=0)
crossed = pytest.mark.parametrize("num_layers, bidirectional", [(1, False), (2, False), (1, True), (2, True)])


@each_kind
@property_test
@smallest
@shapes
def test_equals_torch(kind, N, T, D, H, num_layers, bidirectional, seed):
    layer = make(kind, D, H, seed, num_layers=num_layers, bidirectional=bidirectional)
    arrays = draw(layer, N, T, seed)
    assert_same(run(layer, **arrays), run_torch(layer, **arrays), 1e-10)


@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn"])  # what is rounded to a relu's other side differs by more
@property_test
@smallest
@shapes
def test_equals_torch_in_float32(kind, N, T, D, H, num_layers, bidirectional, seed):
    # Parameters as they start: where a unit saturates, 1 - h^2 keeps few digits in float32, in PyTorch as
    # well. Sums that cancel leave few digits, too: so relative to the numbers that were drawn in the plain
    # layer, whose gradients are larger, and to a tenth of them in the others.
    layer = make(kind, D, H, seed, larger=False, num_layers=num_layers, bidirectional=bidirectional, dtype=np.float32)
    arrays = draw(layer, N, T, seed)
    assert_same(run(layer, **arrays), run_torch(layer, **arrays), 1e-5, floor=1.0 if kind == "rnn" else 0.1)


@each_kind
@property_test
@smallest
@shapes
def test_masks_equal_packed_sequences(kind, N, T, D, H, num_layers, bidirectional, seed):
    layer = make(kind, D, H, seed, num_layers=num_layers, bidirectional=bidirectional)
    arrays = draw(layer, N, T, seed)
    lengths = np.random.default_rng(seed).integers(1, T + 1, N)
    ours = run(layer, **arrays, mask=np.arange(T) < lengths[:, None])
    assert_same(ours, run_torch(layer, **arrays, lengths=lengths), 1e-10)


@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn"])  # those whose equations are written out
@settings(max_examples=15, deadline=None, derandomize=True, database=None)
@shapes
def test_masked_steps_anywhere_are_as_if_left_out(kind, N, T, D, H, num_layers, bidirectional, seed):
    layer = make(kind, D, H, seed, num_layers=num_layers, bidirectional=bidirectional)
    arrays = draw(layer, N, T, seed)
    mask = np.random.default_rng(seed).random((N, T)) < 0.5  # some samples have no step that counts
    assert_same(run(layer, **arrays, mask=mask), written_out.run(layer, **arrays, mask=mask), 1e-10)


@each_kind
def test_equals_torch_without_states(kind):
    layer = make(kind, 3, 5, num_layers=2)
    arrays = draw(layer, 4, 6)
    zeros = [np.zeros_like(array) for array in arrays["state"]]
    theirs = run_torch(layer, **(arrays | {"state": zeros, "dstate": zeros}))
    y, _ = layer(arrays["x"])
    dx, _ = layer.backward(arrays["dy"])
    np.testing.assert_allclose(y, theirs["y"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(dx, theirs["dx"], rtol=0, atol=1e-12)


@each_kind
@pytest.mark.parametrize("N", [1, 16])
def test_equals_torch_at_the_sizes_of_a_lesson(kind, N):
    layer = make(kind, 20, 64, larger=False)
    arrays = draw(layer, N, 100)
    assert_same(run(layer, **arrays), run_torch(layer, **arrays), 1e-10)


@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn"])
def test_saturated_gates_stay_finite(kind):
    layer = make(kind, 2, 3)
    arrays = draw(layer, 2, 5)
    arrays["x"] *= 1e4
    with np.errstate(over="raise", invalid="raise"):
        ours = run(layer, **arrays)
    assert_same(ours, run_torch(layer, **arrays), 1e-10, floor=1.0)


@each_kind
@crossed
@pytest.mark.parametrize("content", [0.0, -7.0, 1e308])
def test_what_stands_at_masked_steps_changes_nothing(kind, num_layers, bidirectional, content):
    layer = make(kind, 3, 4, num_layers=num_layers, bidirectional=bidirectional)
    arrays = draw(layer, 5, 8)
    mask = np.random.default_rng(0).random((5, 8)) < 0.6
    before = run(layer, **arrays, mask=mask)
    arrays["x"][~mask] = content
    arrays["dy"][~mask] = content
    after = run(layer, **arrays, mask=mask)
    for name in before:
        np.testing.assert_array_equal(before[name], after[name], err_msg=name)
    assert not after["y"][~mask].any() and not after["dx"][~mask].any()


@each_kind
@crossed
def test_more_padding_changes_nothing(kind, num_layers, bidirectional):
    layer = make(kind, 3, 4, num_layers=num_layers, bidirectional=bidirectional)
    arrays = draw(layer, 5, 8)
    mask = np.arange(8) < np.array([[8], [3], [1], [5], [8]])
    expected = run(layer, **arrays, mask=mask)
    padded = {name: np.concatenate([arrays[name], np.ones_like(arrays[name][:, :5])], axis=1) for name in ("x", "dy")}
    longer = run(layer, **(arrays | padded), mask=np.concatenate([mask, np.zeros((5, 5), bool)], axis=1))
    for name in ("y", "dx"):
        assert not longer[name][:, 8:].any()
        longer[name] = longer[name][:, :8]
    assert_same(longer, expected, 1e-14)


@each_kind
def test_a_mask_of_ones_is_no_mask(kind):
    layer = make(kind, 3, 4)
    arrays = draw(layer, 2, 5)
    plain = run(layer, **arrays)
    for mask in (np.ones((2, 5), bool), np.ones((2, 5), int), [[1.0] * 5] * 2):
        assert_same(run(layer, **arrays, mask=mask), plain, 1e-15)


@each_kind
@pytest.mark.parametrize("num_layers", [1, 3])
@pytest.mark.parametrize("cut", [1, 4, 8])
def test_a_sequence_in_two_parts_with_the_state_carried_is_the_whole(kind, num_layers, cut):
    whole, first, second = (make(kind, 3, 4, num_layers=num_layers) for _ in range(3))
    arrays = draw(whole, 2, 9)
    expected = run(whole, **arrays)
    x, dy = arrays["x"], arrays["dy"]
    y1, carried = first(x[:, :cut], packed(arrays["state"]))
    y2, final = second(x[:, cut:], carried)
    dx2, dcarried = second.backward(dy[:, cut:], packed(arrays["dstate"]))
    dx1, dinitial = first.backward(dy[:, :cut], dcarried)
    gradients = {name: first.gradients[name] + second.gradients[name] for name in first.gradients}
    y, dx = np.concatenate([y1, y2], axis=1), np.concatenate([dx1, dx2], axis=1)
    parts = results(whole, y, unpacked(final), dx, unpacked(dinitial), gradients)
    assert_same(parts, expected, 1e-12)


@each_kind
@pytest.mark.parametrize("num_layers", [1, 2])
def test_reversing_input_and_direction_agree(kind, num_layers):
    layer, turned = (make(kind, 3, 4, num_layers=num_layers, bidirectional=True) for _ in range(2))
    H = 4

    def swapped(name):
        return name.removesuffix("_reverse") if name.endswith("_reverse") else name + "_reverse"

    def halves(array):  # what comes from or goes to the two directions, the other way round
        return np.concatenate([array[..., H:], array[..., :H]], axis=-1)

    def turn(values):
        """The same run with time reversed."""
        named = {}
        for name, value in values.items():
            if name in ("x", "dx"):
                value = value[:, ::-1]
            elif name in ("y", "dy"):
                value = halves(value[:, ::-1])
            elif name in layer.parameters:
                if name.startswith("weight_ih") and "_l0" not in name:
                    value = halves(value)
                name = swapped(name)
            else:
                value = value.reshape(num_layers, 2, 2, H)[:, ::-1].reshape(value.shape)
            named[name] = value
        return named

    for name, parameter in turn(layer.parameters).items():
        turned.parameters[name][...] = parameter
    arrays = draw(layer, 2, 5)
    there = turn({"x": arrays["x"], "dy": arrays["dy"]})
    for name in ("state", "dstate"):
        there[name] = [turn({"h": state})["h"] for state in arrays[name]]
    assert_same(turn(run(turned, **there)), run(layer, **arrays), 1e-12)


@each_kind
@crossed
@pytest.mark.parametrize("N, T", [(1, 6), (3, 1), (1, 1), (3, 6)])
def test_nothing_of_the_callers_is_changed_or_kept(kind, num_layers, bidirectional, N, T):
    layer = make(kind, 3, 4, num_layers=num_layers, bidirectional=bidirectional)
    arrays = draw(layer, N, T)
    mask = np.random.default_rng(0).random((N, T)) < 0.7
    expected = run(layer, **arrays, mask=mask)
    for array in (arrays["x"], arrays["dy"], *arrays["state"], *arrays["dstate"], mask):
        array.flags.writeable = False  # a change in place would raise
    parameters = {name: parameter.copy() for name, parameter in layer.parameters.items()}
    run(layer, **arrays, mask=mask)
    for name, parameter in parameters.items():
        np.testing.assert_array_equal(layer.parameters[name], parameter)

    # Between forward and backward the caller may overwrite all that was given and all that came back.
    x, state, seen = arrays["x"].copy(), [array.copy() for array in arrays["state"]], mask.copy()
    y, final = layer(x, packed(state), mask=seen)
    for array in (x, y, *state, *unpacked(final)):
        array[...] = 99
    seen[...] = ~seen
    dx, _ = layer.backward(arrays["dy"], packed(arrays["dstate"]))
    np.testing.assert_array_equal(dx, expected["dx"])
    for name, gradient in layer.gradients.items():
        np.testing.assert_array_equal(gradient, expected[name], err_msg=name)
    y, dx = layer(arrays["x"], mask=mask)[0], layer.backward(arrays["dy"])[0]
    owned = [*layer.gradients.values(), y, dx]  # what comes out shares no memory with anything
    for k, array in enumerate(owned):
        assert not any(np.shares_memory(array, other) for other in owned[:k] + [arrays["x"], arrays["dy"]])


@each_kind
def test_gradients_are_of_the_last_call_alone(kind):
    layer = make(kind, 3, 4)
    arrays = draw(layer, 2, 5)
    once = run(layer, **arrays)
    layer(np.ones((3, 2, 3)))
    layer.backward(np.ones((3, 2, 4)))
    assert_same(run(layer, **arrays), once, 0)
    dx, _ = layer.backward(np.zeros_like(arrays["dy"]))  # the same call once more, with another gradient
    assert not dx.any() and not any(gradient.any() for gradient in layer.gradients.values())


@each_kind
@crossed
def test_initial_parameters(kind, num_layers, bidirectional):
    options = dict(num_layers=num_layers, bidirectional=bidirectional, larger=False)
    layer = make(kind, 3, 16, seed=5, **options)
    reference = torch_layer(layer)
    assert list(layer.parameters) == [name for name, _ in reference.named_parameters()]
    assert [p.shape for p in layer.parameters.values()] == [tuple(p.shape) for p in reference.parameters()]
    values = np.concatenate([p.ravel() for p in layer.parameters.values()])
    assert 0.24 < np.abs(values).max() <= 0.25  # 1/sqrt(16)
    assert abs(values.mean()) < 0.03
    again, other = make(kind, 3, 16, seed=5, **options), make(kind, 3, 16, seed=6, **options)
    for name, parameter in layer.parameters.items():
        np.testing.assert_array_equal(parameter, again.parameters[name])
        assert not np.array_equal(parameter, other.parameters[name])


@each_kind
def test_options_make_the_same_layer_again(kind):
    layer = make(kind, 3, 4, seed=3, larger=False, num_layers=2, bidirectional=True, dropout=0.1, dtype=np.float32)
    again = type(layer)(**layer.options)
    assert again.options == layer.options
    for name, parameter in layer.parameters.items():
        np.testing.assert_array_equal(parameter, again.parameters[name])


@each_kind
def test_backward_before_forward(kind):
    with pytest.raises(RuntimeError, match="^backward: the layer has not been called yet"):
        make(kind, 3, 4).backward(np.ones((1, 1, 4)))
    with pytest.raises(RuntimeError, match="^activations: the layer has not been called yet"):
        make(kind, 3, 4).activations()
