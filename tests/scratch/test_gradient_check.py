"""The gradient check accepts the gradients of autograd, and finds and names planted errors."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_course.scratch import (
    GRU,
    LSTM,
    RNN,
    VARIANTS,
    Dropout,
    Embedding,
    Linear,
    VariantLSTM,
    check_layer,
    gradient_check,
    lstm_step,
    lstm_step_backward,
    softmax_cross_entropy,
    squared_error,
)

torch.set_num_threads(1)

property_test = settings(max_examples=40, deadline=None, derandomize=True, database=None)
sizes = st.integers(1, 5)


def recurrent(x, W_hh, U, dy, lib):
    """A loss with every kind of array, in NumPy or PyTorch: a weighted sum over the steps of a recurrent layer."""
    h, loss = 0 * dy[0], 0
    for t in range(x.shape[1]):
        h = lib.tanh(x[:, t] @ U[:3] + h @ W_hh + (x[:, t] ** 2) @ U[1:])
        loss = loss + (h * dy[t]).sum()
    return loss


def drawn(seed=0, T=9, scale=1.0):
    """Arrays, the loss by NumPy, and its gradients by autograd."""
    rng = np.random.default_rng(seed)
    arrays = {"x": rng.normal(size=(2, T, 3)) * scale, "W_hh": rng.normal(size=(4, 4)), "U": rng.normal(size=(4, 4))}
    dy = rng.normal(size=(T, 2, 4))
    tensors = {name: torch.tensor(array, requires_grad=True) for name, array in arrays.items()}
    recurrent(**tensors, dy=torch.tensor(dy), lib=torch).backward()
    gradients = {name: tensor.grad.numpy() for name, tensor in tensors.items()}
    return arrays, lambda: recurrent(**arrays, dy=dy, lib=np), gradients


@property_test
@given(seed=st.integers(0, 2**32 - 1), scale=st.sampled_from([1e-6, 1e-2, 1.0, 30.0]))
def test_autograd_is_right(seed, scale):
    arrays, loss, gradients = drawn(seed, 5, scale)
    result = gradient_check(loss, arrays, gradients, seed=seed)
    assert result and result.sentences == (), result


@pytest.mark.slow
@pytest.mark.parametrize("scale", [1e-12, 1e-6, 1e6, 1e12])
@pytest.mark.parametrize("constant", [0.0, 1.0, 1e3])
def test_the_size_of_the_loss_does_not_matter(scale, constant):
    arrays, loss, gradients = drawn()
    larger = {name: gradient * scale for name, gradient in gradients.items()}
    assert gradient_check(lambda: (loss() + constant) * scale, arrays, larger)
    for name in larger:
        off = larger | {name: larger[name] * (1 + 1e-4)}
        result = gradient_check(lambda: (loss() + constant) * scale, arrays, off)
        assert [each.name for each in result.comparisons if each.wrong.any()] == [name], result


@pytest.mark.parametrize("name", ["x", "W_hh", "U"])
def test_a_single_wrong_entry_is_found_and_named(name):
    arrays, loss, gradients = drawn()
    for index in np.random.default_rng(0).permutation(list(np.ndindex(arrays[name].shape)))[:8]:
        index = tuple(map(int, index))
        planted = gradients[name].copy()
        planted[index] += 1e-5 * np.abs(planted).max()
        result = gradient_check(loss, arrays, gradients | {name: planted})
        assert not result
        (wrong,) = [each for each in result.comparisons if each.wrong.any()]
        assert wrong.name == name and wrong.wrong.sum() == 1
        assert wrong.indices[int(wrong.wrong.argmax())] == index
        text = f"[{', '.join(map(str, index))}]"
        assert result.sentences[0].startswith(
            f"{name}: differs in 1 of {planted.size} entries compared, most at {text}"
        )


def sentences_of(change, name="W_hh", **options):
    arrays, loss, gradients = drawn()
    return gradient_check(loss, arrays, gradients | {name: change(gradients[name])}, **options).sentences


@pytest.mark.parametrize("name", ["x", "W_hh", "U"])
@pytest.mark.parametrize(
    "change, pattern",
    [
        (lambda gradient: -gradient, "correct except for its sign"),
        (lambda gradient: 2 * gradient, "2 times the correct gradient everywhere"),
        (lambda gradient: gradient / 9, "0.1111 times the correct gradient everywhere"),
        (lambda gradient: -0.5 * gradient, "-0.5 times the correct gradient everywhere"),
        (lambda gradient: 1.001 * gradient, "1.001 times the correct gradient everywhere"),
        (np.zeros_like, "zero everywhere"),
    ],
)
def test_patterns_are_named(change, pattern, name):
    assert f"{name}: it is {pattern}." in sentences_of(change, name)


def test_a_square_gradient_that_is_transposed_is_named():
    assert "U: it is transposed." in sentences_of(np.transpose, "U")


@pytest.mark.parametrize("name", ["x", "W_hh", "U"])
@pytest.mark.parametrize(
    "change",
    [
        lambda gradient: gradient + 0.1 * np.abs(gradient).max(),
        lambda gradient: gradient**2,
        np.ones_like,
        np.abs,
        lambda gradient: np.flip(gradient, axis=0),
        lambda gradient: gradient * np.where(np.arange(gradient.shape[-1]) == 0, -1, 1),
        lambda gradient: gradient * (1 + 1e-5 * np.arange(gradient.size).reshape(gradient.shape)),
    ],
)
def test_no_pattern_is_seen_where_there_is_none(change, name):
    sentences = sentences_of(change, name)
    assert sentences and not any("it is" in sentence for sentence in sentences)


def test_a_factor_is_not_told_from_one_or_two_entries():
    b = np.array([0.3, -0.2])
    result = gradient_check(lambda: np.sum(np.tanh(b)), {"b": b}, {"b": 2 / np.cosh(b) ** 2})
    assert len(result.sentences) == 1 and not result


@pytest.mark.parametrize(
    "wrong, steps",
    [
        ([0, 1, 2, 3, 4], "right at steps 5 to 8, wrong at steps 0 to 4"),
        ([8], "right at steps 0 to 7, wrong at step 8"),
        ([1, 2, 4, 8], "right at steps 0, 3, 5 to 7, wrong at steps 1 to 2, 4, 8"),
        (range(1, 9), "right at step 0, wrong at steps 1 to 8"),
        (range(9), "wrong at every step"),
    ],
)
def test_the_wrong_steps_are_named(wrong, steps):
    def change(gradient):
        gradient = gradient.copy()
        gradient[1, list(wrong), 2] += np.abs(gradient).max()  # of one sample and one feature alone
        return gradient

    assert f"x: {steps}." in sentences_of(change, "x")
    assert f"x: {steps}." not in sentences_of(change, "x", time_axes={})


def test_the_time_axis_may_be_another():
    arrays, loss, gradients = drawn()
    time_first = arrays["x"].transpose(1, 0, 2).copy()
    planted = gradients["x"].transpose(1, 0, 2).copy()
    planted[:4] *= 2

    def transposed_loss():
        arrays["x"][...] = time_first.transpose(1, 0, 2)
        return loss()

    result = gradient_check(transposed_loss, {"x": time_first}, {"x": planted}, time_axes={"x": 0})
    assert result.sentences[-1] == "x: right at steps 4 to 8, wrong at steps 0 to 3."


def test_large_arrays_are_sampled():
    rng = np.random.default_rng(0)
    W, x = rng.normal(size=(200, 50)) / 7, rng.normal(size=(50,))
    right = (1 / np.cosh(W @ x) ** 2)[:, None] * x

    def compared(gradient, seed=0):
        return gradient_check(lambda: np.sum(np.tanh(W @ x)), {"W": W}, {"W": gradient}, seed=seed)

    result = compared(right)
    (each,) = result.comparisons
    assert result and len(set(each.indices)) == 100
    assert each.largest == pytest.approx(np.abs(right).max())
    assert compared(right, seed=1).comparisons[0].indices != each.indices == compared(right).comparisons[0].indices
    planted = right.copy()
    planted[17, 3] = 10.0  # what claims most is looked at in any case
    assert compared(planted).sentences[0].startswith("W: differs in 1 of 100 entries compared, most at [17, 3]: ")
    planted = right.copy()
    planted[rng.random(W.shape) < 0.2] = 0  # and others are drawn
    assert not compared(planted)


@pytest.mark.parametrize("T", [7, 60, 300])
def test_every_step_of_a_long_sequence_is_looked_at(T):
    x = np.random.default_rng(0).normal(size=(4, T, 5))
    right = np.cos(x)
    assert gradient_check(lambda: np.sum(np.sin(x)), {"x": x}, {"x": right})
    planted = right.copy()
    planted[:, 5] = 0
    result = gradient_check(lambda: np.sum(np.sin(x)), {"x": x}, {"x": planted})
    assert result.sentences[-1] == f"x: right at steps 0 to 4, 6 to {T - 1}, wrong at step 5.".replace("6 to 6", "6")
    assert len(result.comparisons[0].indices) <= max(5 * T, 100 + T)


def test_entries_far_from_one():
    """The step size follows the magnitude of the number, and shrinks where the loss is curved."""
    a = np.array([1e6, 1e3, 1.0, 1e-9, 0.0, -1e6])
    steep = np.array([1e-3, 1.0, 1e3, 1e3, 1e3, 1.0])
    right = steep * np.cos(steep * a)
    assert gradient_check(lambda: np.sum(np.sin(steep * a)), {"a": a}, {"a": right})
    assert not gradient_check(lambda: np.sum(np.sin(steep * a)), {"a": a}, {"a": right * (1 + 1e-4)})


def test_a_kink_nearby_does_no_harm():
    a = np.array([4e-4, -3e-3, -4e-4, 1.0, 2.0])
    assert gradient_check(lambda: np.sum(np.maximum(a, 0)), {"a": a}, {"a": (a > 0).astype(float)})
    a *= 0.01  # now too near to be sure, yet nothing that is right is called wrong
    result = gradient_check(lambda: np.sum(np.maximum(a, 0)), {"a": a}, {"a": (a > 0).astype(float)})
    assert not any(each.wrong.any() for each in result.comparisons)


def test_a_kink_is_said():
    a = np.array([1.0, 0.0, -1.0])
    for claimed in (0.0, 0.5, 1.0):
        result = gradient_check(lambda: np.sum(np.maximum(a, 0)), {"a": a}, {"a": np.array([1, claimed, 0])})
        assert [sentence[:55] for sentence in result.sentences] == [
            "a: nothing can be said about 1 of 3 entries, such as [1"
        ]


def test_a_jump_is_said():
    a = np.array([0.5, 1.0, -2.3])
    result = gradient_check(lambda: np.sum(a**2 + np.floor(a)), {"a": a}, {"a": 2 * a})
    assert not result and "too rough" in repr(result)
    (sentence,) = result.sentences
    assert sentence.startswith("a: nothing can be said about 1 of 3 entries, such as [1], as the loss is not smooth")


@pytest.mark.parametrize("seed", range(5))
def test_a_loss_in_float32_calls_nothing_wrong_that_is_right(seed):
    arrays, loss, gradients = drawn(seed)
    result = gradient_check(lambda: float(np.float32(loss())), arrays, gradients)
    assert not any(each.wrong.any() for each in result.comparisons)
    result = gradient_check(lambda: float(np.float32(loss())), arrays, gradients | {"U": -gradients["U"]})
    assert [each.name for each in result.comparisons if each.wrong.any()] == ["U"]


def test_what_has_no_effect_has_no_gradient():
    a, unused = np.array([1.0, 2.0]), np.array([3.0])
    arrays = {"a": a, "unused": unused}
    assert gradient_check(lambda: np.sum(a**2), arrays, {"a": 2 * a, "unused": np.zeros(1)})
    assert not gradient_check(lambda: np.sum(a**2), arrays, {"a": 2 * a, "unused": np.full(1, 1e-6)})
    assert gradient_check(lambda: 0.0, {"unused": unused}, {"unused": np.zeros(1)})
    assert not gradient_check(lambda: 0.0, {"unused": unused}, {"unused": np.ones(1)})


class Stop(BaseException):
    pass


@pytest.mark.parametrize("calls", [1, 2, 5, 13, 40, 10**9])
def test_arrays_are_put_back_bit_for_bit(calls):
    rng = np.random.default_rng(0)
    whole = rng.normal(size=(6, 8))
    whole[0, 0], whole[2, 0] = -0.0, 5e-324
    arrays = {"view": whole[::2, ::3], "turned": rng.normal(size=(2, 3)).T, "number": np.array(0.1)}
    before = {name: array.tobytes() for name, array in (arrays | {"whole": whole}).items()}
    count = 0

    def loss():
        nonlocal count
        count += 1
        if count == calls:
            raise Stop
        return sum(np.sum(np.sin(array)) for array in arrays.values())

    gradients = {name: np.cos(array) for name, array in arrays.items()}
    if calls == 10**9:
        assert gradient_check(loss, arrays, gradients)
    else:
        with pytest.raises(Stop):
            gradient_check(loss, arrays, gradients)
    assert before == {name: array.tobytes() for name, array in (arrays | {"whole": whole}).items()}


def test_a_loss_that_changes_an_array_is_refused_and_undone():
    x = np.ones((2, 3))

    def loss():
        x[0] *= 0.5  # as a forward pass that works in place may do
        return np.sum(x)

    with pytest.raises(ValueError, match="^loss: wanted a function that leaves the arrays alone, got .* changes x$"):
        gradient_check(loss, {"x": x}, {"x": np.ones((2, 3))})
    np.testing.assert_array_equal(x, 1)


def test_a_loss_that_is_random_is_refused():
    rng, a = np.random.default_rng(0), np.ones(3)
    with pytest.raises(ValueError, match="^loss: wanted the same number each time, got .* draw what is random once"):
        gradient_check(lambda: np.sum(a) + rng.normal(), {"a": a}, {"a": np.ones(3)})


def test_gradients_that_the_loss_writes_over_are_judged_as_they_came():
    a, gradient = np.array([1.0, 2.0]), np.zeros(2)

    def loss():
        gradient[...] = 2 * a  # a backward pass with arrays of its own that it uses again
        return np.sum(a**2)

    loss()
    assert gradient_check(loss, {"a": a}, {"a": gradient})


def test_table():
    arrays, loss, gradients = drawn()
    planted = gradients["W_hh"].copy()
    planted[3, 1] += 0.5
    result = gradient_check(loss, arrays, gradients | {"W_hh": planted})
    lines = str(result).splitlines()
    assert str(result) == repr(result)
    assert [line.split() for line in (lines[0], lines[2])] == [
        ["array", "entries", "largest", "gradient", "difference", "at", "verdict"],
        ["W_hh", "16", "of", "16", f"{np.abs(gradients['W_hh']).max():.1e}", "5.0e-01", "[3,", "1]", "differs"],
    ]
    assert lines[1].startswith("x      54 of 54") and lines[1].endswith("  agrees")
    assert lines[3].startswith("U      16 of 16") and lines[4] == "" and lines[5:] == list(result.sentences)
    assert max(map(len, lines)) < 100
    assert len(str(gradient_check(loss, arrays, gradients)).splitlines()) == 4


def test_numbers_are_told_apart():
    a = np.array([1.0])
    result = gradient_check(lambda: 3 * np.sum(a), {"a": a}, {"a": np.array([3.00001])})
    assert "found 3.00001, wanted 3" in result.sentences[0]


def test_losses_of_the_package():
    rng = np.random.default_rng(0)
    outputs, targets, classes = rng.normal(size=(3, 4, 5)), rng.normal(size=(3, 4, 5)), rng.integers(0, 5, (3, 4))
    mask = rng.random((3, 4)) < 0.7
    for function, wanted in ((softmax_cross_entropy, classes), (squared_error, targets)):
        _, gradient = function(outputs, wanted, mask)

        def loss(function=function, wanted=wanted):
            return function(outputs, wanted, mask)[0]

        assert gradient_check(loss, {"outputs": outputs}, {"outputs": gradient})


def test_an_array_that_the_loss_does_not_read():
    W = np.array([[1.0, 2.0], [3.0, 4.0]])
    copy = W.copy()
    result = gradient_check(lambda: np.sum(np.sin(copy)), {"W": W}, {"W": np.cos(W)})
    assert result.sentences[1] == "W: changing it does not change the loss: does the loss read this very array?"


def test_a_step_written_by_hand():
    rng = np.random.default_rng(0)
    shapes = {"x": (2, 3), "h": (2, 4), "c": (2, 4), "W": (16, 7), "b": (16,)}
    step = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    dh, dc = rng.normal(size=(2, 2, 4))

    def loss():
        h_next, c_next, _ = lstm_step(**step)
        return np.sum(h_next * dh) + np.sum(c_next * dc)

    gradients = lstm_step_backward(dh, dc, lstm_step(**step)[2], step["W"])
    assert gradient_check(loss, step, dict(zip(("x", "h", "c", "W", "b"), gradients, strict=True)))
    without_c = lstm_step_backward(dh, 0 * dc, lstm_step(**step)[2], step["W"])
    assert not gradient_check(loss, step, dict(zip(("x", "h", "c", "W", "b"), without_c, strict=True)))


LAYERS = {
    "lstm": LSTM(3, 4),
    "deep lstm": LSTM(3, 3, num_layers=2, bidirectional=True),
    "gru": GRU(3, 4),
    "rnn": RNN(3, 4),
    "relu": RNN(3, 4, nonlinearity="relu"),
    "linear": Linear(3, 4),
} | {variant: VariantLSTM(3, 3, variant=variant) for variant in VARIANTS}


@pytest.mark.slow
@pytest.mark.parametrize("name", LAYERS)
def test_layers_of_the_package(name):
    layer, rng = LAYERS[name], np.random.default_rng(0)
    before = {part: parameter.copy() for part, parameter in layer.parameters.items()}
    x, mask = rng.normal(size=(2, 5, 3)), rng.random((2, 5)) < 0.7
    x.flags.writeable = False
    result = check_layer(layer, x)
    names = [each.name for each in result.comparisons]
    states = [each for each in names if each.startswith("state")]
    assert result and names == ["x", *layer.parameters, *states], result
    if name == "linear":
        assert states == []
        return
    one = len(layer.state_names) == 1
    assert states == (["state"] if one else [f"state {k}" for k in range(len(layer.state_names))])
    _, final = layer(x)
    assert check_layer(layer, x, state=final, mask=mask, seed=1)
    for part, parameter in before.items():
        np.testing.assert_array_equal(layer.parameters[part], parameter)


def test_embedding_has_no_gradient_of_its_symbols():
    result = check_layer(Embedding(6, 3), [[0, 5, 5], [2, 0, 1]])
    assert result and [each.name for each in result.comparisons] == ["weight"]


def test_whole_numbers_as_inputs_of_a_layer():
    assert check_layer(Linear(3, 2), np.eye(3, dtype=int))


class Mistaken(LSTM):
    """An LSTM with one mistake in its backward pass."""

    mistake = None

    def backward(self, dy, dstate=None):
        if self.mistake == "last step alone":
            dy = dy * (np.arange(dy.shape[1]) == dy.shape[1] - 1)[:, None]
        if self.mistake == "final states forgotten":
            dstate = None
        dx, (dh, dc) = super().backward(dy, dstate)
        if self.mistake == "recurrent weights":
            self.gradients["weight_hh_l0"][4:8] = 0
        if self.mistake == "one bias":
            self.gradients["bias_hh_l0"][...] = 0
        if self.mistake == "initial states swapped":
            dh, dc = dc, dh
        if self.mistake == "mean over samples":
            dx = dx / len(dx)
        return dx, (dh, dc)


@pytest.mark.parametrize(
    "mistake, wrong, sentence",
    [
        (None, [], None),
        ("recurrent weights", ["weight_hh_l0"], None),
        ("one bias", ["bias_hh_l0"], "bias_hh_l0: it is zero everywhere."),
        ("initial states swapped", ["state 0", "state 1"], None),
        ("mean over samples", ["x"], "x: it is 0.5 times the correct gradient everywhere."),
        ("mean over samples", ["x"], "x: wrong at every step."),
    ],
)
def test_mistakes_of_a_layer(mistake, wrong, sentence):
    layer = Mistaken(3, 4)
    layer.mistake = mistake
    result = check_layer(layer, np.random.default_rng(0).normal(size=(2, 6, 3)))
    assert [each.name for each in result.comparisons if each.wrong.any()] == wrong and bool(result) == (not wrong)
    assert sentence is None or sentence in result.sentences


@pytest.mark.parametrize("mistake", ["last step alone", "final states forgotten"])
def test_mistakes_that_reach_everything(mistake):
    layer = Mistaken(3, 4)
    layer.mistake = mistake
    result = check_layer(layer, np.random.default_rng(0).normal(size=(2, 6, 3)))
    assert all(each.wrong.any() for each in result.comparisons)


def test_backward_that_forgets_the_first_steps_names_them():
    class Truncated(RNN):
        def _backward(self, weights, dy, dstates, run):
            dx, dinitial, gradients = super()._backward(weights, dy, dstates, run)
            dx[:5] = 0
            return dx, dinitial, gradients

    result = check_layer(Truncated(3, 4), np.random.default_rng(0).normal(size=(2, 9, 3)))
    assert result.sentences[-1] == "x: right at steps 5 to 8, wrong at steps 0 to 4."


def test_a_layer_that_is_random_is_refused():
    layer, x = LSTM(3, 4, num_layers=2, dropout=0.5), np.ones((2, 5, 3))
    for each in (layer, Dropout(0.5)):
        with pytest.raises(ValueError, match="^layer: wanted the same outputs each time, got .* set training = False"):
            check_layer(each, x)
        each.training = False
        assert check_layer(each, x)
