"""The numbers of the live cell, against PyTorch, closed forms and finite differences."""

import numpy as np
import pytest
import torch

from lstm_course.explore import run_gates
from lstm_course.explore.cell_values import direct_path, hand_values, plain_values, weight_paths, weight_values
from lstm_course.scratch import lstm_step, sigmoid

torch.set_num_threads(1)

each_rest = pytest.mark.parametrize("with_rest", [False, True], ids=["no rest", "rest"])


def draw_gates(seed, T=6, H=3):
    rng = np.random.default_rng(seed)
    i, f, o = rng.uniform(size=(3, T, H))
    return i, f, rng.uniform(-1, 1, (T, H)), o, rng.normal(size=H)


def in_closed_form(i, f, g, o, c):
    """Hidden and cell states in closed form: each step's contribution times the forget gates after it."""
    T = len(f)
    states = np.empty_like(f)
    for t in range(T):
        left = np.array([np.prod(f[k + 1 : t + 1], axis=0) for k in range(t + 1)])  # of what step k wrote
        states[t] = np.prod(f[: t + 1], axis=0) * c + (left * (i * g)[: t + 1]).sum(axis=0)
    return o * np.tanh(states), states


def draw_setting(seed, T, with_rest):
    """Weights, inputs and initial states that are not zero."""
    rng = np.random.default_rng(seed)
    x, (w, u, b) = 2 * rng.normal(size=T), 1.5 * rng.normal(size=(3, 4))
    rest = rng.normal(size=(T, 4)) if with_rest else []
    return dict(x=x, w=w, u=u, b=b, rest=rest, c0=float(rng.normal()), h0=float(rng.uniform(-1, 1)))


def by_torch(x, w, u, b, rest, c0, h0):
    """Hidden and cell states of ``torch.nn.LSTMCell``, with `rest` as four more features."""
    cell = torch.nn.LSTMCell(1 + 4 * bool(len(rest)), 1, dtype=torch.float64)
    columns = np.concatenate([w[:, None], *([np.eye(4)] if len(rest) else [])], axis=1)
    inputs = np.concatenate([x[:, None], *([rest] if len(rest) else [])], axis=1)
    cell.load_state_dict(
        {
            "weight_ih": torch.from_numpy(columns),
            "weight_hh": torch.from_numpy(u[:, None]),
            "bias_ih": torch.from_numpy(b),
            "bias_hh": torch.zeros(4, dtype=torch.float64),
        }
    )
    states = torch.tensor([[h0]], dtype=torch.float64), torch.tensor([[c0]], dtype=torch.float64)
    run = []
    with torch.no_grad():
        for features in torch.from_numpy(inputs):
            states = cell(features[None], states)
            run.append([float(state) for state in states])
    return np.array(run).T


def written_out(x, w, u, b, rest, c0, h0):
    """The equations in PyTorch step by step: the pre-activations, and every cell state as a node of the graph."""
    w, u, b = (torch.from_numpy(each) for each in (w, u, b))
    h, c = torch.tensor(h0, dtype=torch.float64), torch.tensor(c0, dtype=torch.float64, requires_grad=True)
    sums, states = [], [c]
    for t in range(len(x)):
        z = w * x[t] + u * h + b + (torch.from_numpy(rest[t]) if len(rest) else 0)
        c = z[1].sigmoid() * c + z[0].sigmoid() * z[2].tanh()
        h = z[3].sigmoid() * c.tanh()
        sums.append(z.detach().numpy())
        states.append(c)
    return np.array(sums).T, states


# --- gates that are given ---------------------------------------------------------------------------------


@pytest.mark.parametrize("T, H", [(1, 1), (1, 4), (7, 1), (12, 5)])
def test_run_gates_agrees_with_the_closed_form(T, H):
    arguments = draw_gates(T + H, T, H)
    for ours, theirs in zip(run_gates(*arguments), in_closed_form(*arguments), strict=True):
        assert ours.shape == (T, H)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-14)


def test_run_gates_agrees_with_the_step_of_the_lstm():
    T, H = 9, 4
    rng = np.random.default_rng(1)
    z = rng.normal(size=(T, 4, H))  # rows i, f, g, o
    W = np.concatenate([np.zeros((4 * H, H)), np.eye(4 * H)], axis=1)  # each gate has an input of its own
    c0 = rng.normal(size=H)
    h, c = np.zeros((1, H)), c0[None]
    hs, cs = np.empty((T, H)), np.empty((T, H))
    for t in range(T):
        h, c, _ = lstm_step(z[t].reshape(1, 4 * H), h, c, W, np.zeros(4 * H))
        hs[t], cs[t] = h[0], c[0]
    ours = run_gates(sigmoid(z[:, 0]), sigmoid(z[:, 1]), np.tanh(z[:, 2]), sigmoid(z[:, 3]), c0)
    np.testing.assert_allclose(ours[0], hs, rtol=0, atol=1e-14)
    np.testing.assert_allclose(ours[1], cs, rtol=0, atol=1e-14)


def test_run_gates_leaves_its_arguments_alone():
    arguments = draw_gates(2)
    copies = [array.copy() for array in arguments]
    run_gates(*arguments)
    for array, copy in zip(arguments, copies, strict=True):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize(
    "name, wrong, sentence",
    [
        ("f", np.full((6, 3), 1.5), r"^f: wanted values between 0 and 1, got 1.5$"),
        ("i", np.full((6, 3), -0.1), r"^i: wanted values between 0 and 1, got -0.1$"),
        ("o", np.full((6, 3), np.nan), r"^o: wanted finite numbers, got nan at index \(0, 0\)$"),
        ("g", np.full((6, 3), np.inf), r"^g: wanted finite numbers, got inf at index \(0, 0\)$"),
        ("o", np.zeros((5, 3)), r"^o: wanted shape \(T=6, H=3\), got \(5, 3\)$"),
        ("f", np.zeros(6), r"^f: wanted shape \(T, H\), got \(6,\)$"),
        ("c", np.zeros((1, 3)), r"^c: wanted shape \(H=3\), got \(1, 3\)$"),
        ("c", ["a", "b", "c"], r"^c: wanted real numbers"),
    ],
)
def test_run_gates_says_what_is_wrong(name, wrong, sentence):
    arguments = dict(zip("ifgoc", draw_gates(3), strict=True)) | {name: wrong}
    with pytest.raises(ValueError, match=sentence):
        run_gates(**arguments)


@pytest.mark.parametrize("T", [1, 2, 30])
def test_a_unit_by_hand_follows_the_closed_form(T):
    rng = np.random.default_rng(T)
    x, (i, f, o), c0 = 2 * rng.normal(size=T), rng.uniform(size=(3, T)), 0.7
    shown = hand_values(x, {"f": f, "i": i, "o": o}, c0)
    assert set(shown) == set("xifgoch")
    h, c = in_closed_form(i[:, None], f[:, None], np.tanh(x)[:, None], o[:, None], np.array([c0]))
    for symbol, wanted in dict(x=x, i=i, f=f, g=np.tanh(x), o=o, c=c[:, 0], h=h[:, 0]).items():
        assert shown[symbol].shape == (T,)
        np.testing.assert_allclose(shown[symbol], wanted, rtol=0, atol=1e-14, err_msg=symbol)


# --- gates that follow from weights -----------------------------------------------------------------------


@each_rest
@pytest.mark.parametrize("T", [1, 2, 25])
def test_a_unit_with_weights_agrees_with_the_cell_of_pytorch(T, with_rest):
    for seed in range(3):
        setting = draw_setting(seed, T, with_rest)
        shown, (h, c) = weight_values(**setting), by_torch(**setting)
        assert set(shown) == set("xifgoch")
        z_i, z_f, z_g, z_o = written_out(**setting)[0]
        gates = dict(i=sigmoid(z_i), f=sigmoid(z_f), g=np.tanh(z_g), o=sigmoid(z_o))
        for symbol, wanted in dict(x=setting["x"], c=c, h=h, **gates).items():
            assert shown[symbol].shape == (T,)
            np.testing.assert_allclose(shown[symbol], wanted, rtol=0, atol=1e-13, err_msg=symbol)


def test_lists_are_as_good_as_arrays():
    setting = draw_setting(0, 6, with_rest=True)
    lists = {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in setting.items()}
    for ours, theirs in zip(weight_values(**lists).values(), weight_values(**setting).values(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    for ours, theirs in zip(weight_paths(**lists, loss_step=4), weight_paths(**setting, loss_step=4), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@each_rest
@pytest.mark.parametrize("T, loss_step", [(1, 1), (12, 1), (12, 7), (12, 12)])
def test_the_paths_are_those_of_autograd(T, loss_step, with_rest):
    for seed in range(3):
        setting = draw_setting(seed, T, with_rest)
        direct, full = weight_paths(**setting, loss_step=loss_step)
        sums, states = written_out(**setting)
        gradients = torch.autograd.grad(states[loss_step], states[: loss_step + 1])
        np.testing.assert_allclose(full, [float(each) for each in gradients], rtol=1e-11, atol=1e-13)
        f = sigmoid(sums[1])
        products = [np.prod(f[t:loss_step]) for t in range(loss_step + 1)]
        np.testing.assert_allclose(direct, products, rtol=1e-12, atol=0)


@each_rest
def test_the_full_path_is_the_slope_that_one_measures(with_rest):
    """Each cell state is perturbed, together with the hidden state of its step; h0 and c0 are given."""
    T, loss_step, eps = 10, 8, 1e-5
    setting = draw_setting(7, T, with_rest)
    _, full = weight_paths(**setting, loss_step=loss_step)
    shown = weight_values(**setting)

    def end(t, by):
        c = (shown["c"][t - 1] if t else setting["c0"]) + by
        h = shown["o"][t - 1] * np.tanh(c) if t else setting["h0"]
        later = {"x": setting["x"][t:loss_step], "rest": setting["rest"][t:loss_step], "c0": c, "h0": h}
        return weight_values(**{**setting, **later})["c"][-1]

    measured = [(end(t, eps) - end(t, -eps)) / (2 * eps) for t in range(loss_step)]
    np.testing.assert_allclose(full, [*measured, 1], rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("loss_step", [1, 4, 9])
def test_the_direct_path_is_the_product_of_the_later_forget_gates(loss_step):
    f = np.random.default_rng(0).uniform(size=9)
    wanted = []
    for t in range(loss_step + 1):
        product = 1.0
        for later in range(t, loss_step):
            product *= f[later]
        wanted.append(product)
    np.testing.assert_allclose(direct_path(f, loss_step), wanted, rtol=1e-14, atol=0)
    np.testing.assert_array_equal(direct_path(f.tolist(), loss_step), direct_path(f, loss_step))


def test_a_closed_forget_gate_ends_the_direct_path():
    np.testing.assert_array_equal(direct_path([0.5, 0.0, 0.5], 3), [0, 0, 0.5, 1])


# --- the plain unit ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("u", [0.9, -1.4, 0.0])
@pytest.mark.parametrize("T, loss_step", [(1, 1), (11, 5), (11, 11)])
def test_the_plain_unit_agrees_with_pytorch(T, loss_step, u):
    x = np.random.default_rng(T).normal(size=T)
    cell = torch.nn.RNNCell(1, 1, dtype=torch.float64)
    weights = {"weight_ih": 1.0, "weight_hh": u, "bias_ih": 0.0, "bias_hh": 0.0}
    with torch.no_grad():
        for name, value in weights.items():
            getattr(cell, name).fill_(value)
    states = [torch.zeros(1, 1, dtype=torch.float64, requires_grad=True)]
    for each in x:
        states.append(cell(torch.tensor([[each]]), states[-1]))
    gradients = torch.autograd.grad(states[loss_step].sum(), states[: loss_step + 1])

    h, path = plain_values(x, u, loss_step)
    assert h.shape == (T,)
    np.testing.assert_allclose(h, [float(state.detach()) for state in states[1:]], rtol=0, atol=1e-14)
    np.testing.assert_allclose(path, [float(each) for each in gradients], rtol=1e-12, atol=1e-15)
